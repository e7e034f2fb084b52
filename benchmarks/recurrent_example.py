"""Trains the small LSTM that the widget `Recurrent` begins with, and writes its weights down: half a minute.

    python benchmarks/recurrent_example.py

It foretells the next character of lines such as "a(b(c)b)a", in which each letter says how many brackets are open. The
network must count to know the letter that follows. The script prints bits a character on new lines beside those of
somebody who knows the rules.
"""

import argparse
import json
from pathlib import Path

import keras
import numpy as np

from dlcourse.widgets.recurrent.brackets import CHARACTERS, bits_of_the_rules, line

OUT = Path(__file__).parents[1] / "dlcourse/widgets/recurrent/example.json"
UNITS, STEPS = 8, 40
DIGITS = 4  # behind the point


def main() -> None:
    """See above."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--lines", type=int, default=8000, help="of training data")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    model = trained(options.lines, options.epochs)
    new = codes(500, 1)
    loss = model.evaluate(new[:, :-1], new[:, 1:], verbose=0)
    rules = np.mean([bits_of_the_rules(text) for text in texts(500, 1)])
    print(f"{loss / np.log(2):.3f} bits a character; {rules:.3f} for somebody who knows the rules")
    arrays = [np.round(array.astype(float), DIGITS).tolist() for array in model.get_weights()]
    names = ("kernel", "recurrent", "bias", "head", "head_bias")
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(array)}" for name, array in zip(names, arrays, strict=True))
    options.out.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


def trained(lines: int, epochs: int) -> keras.Model:
    """The network after its training."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.CategoryEncoding(len(CHARACTERS), output_mode="one_hot"),
            keras.layers.LSTM(UNITS, return_sequences=True),
            keras.layers.Dense(len(CHARACTERS), "softmax"),
        ]
    )
    rate = keras.optimizers.schedules.CosineDecay(0.02, epochs * -(-lines // 100))
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
    data = codes(lines, 0)
    model.fit(data[:, :-1], data[:, 1:], batch_size=100, epochs=epochs, verbose=0)
    return model


def texts(count: int, seed: int) -> list[str]:
    """Lines, all of one length."""
    generator = np.random.default_rng(seed)
    return [line(STEPS + 1, generator) for _ in range(count)]


def codes(count: int, seed: int) -> np.ndarray:
    """The same as numbers of characters."""
    return np.array([[CHARACTERS.index(character) for character in text] for text in texts(count, seed)])


if __name__ == "__main__":
    main()
