"""What fine-tuning gains and what destroys it: the rate, and the mode of batch normalisation.

    python benchmarks/fine_tuning.py --record course/05_pretrained/records/fine_tuning.json

20 drawn road signs a class, 96 x 96. What comes before the cut stays frozen, so its maps are computed once for each
picture; the layers behind it and a head that was trained on frozen features learn on, in batches of two. Four ways
from the same weights: a small rate; one 100 times as large; the small one with batch normalisation left in training
mode; and this once more in batches of 32. Tried on 300 held-back signs; nothing was chosen by them but the cut.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers
from transfer_gap import SIDE, accuracy, with_head

from dlcourse.data import load
from dlcourse.nets.efficientnet import efficientnet_lite0
from dlcourse.nets.pretrained import pretrained

CUT = "block6d_add"
EPOCHS, BATCH, RATE = 2, 2, 1e-4
WAYS = {
    "small": {"rate": RATE},
    "large": {"rate": 100 * RATE},
    "batch norm": {"rate": RATE, "normalise": True},
    "batch norm, 32": {"rate": RATE, "normalise": True, "batch": 32},
}


def halves() -> tuple[keras.Model, keras.Model]:
    """The bundled network before and behind the cut, without its 1,000 classes."""
    network = efficientnet_lite0((SIDE, SIDE, 3))
    network.set_weights(pretrained().get_weights())
    maps = network.get_layer(CUT).output
    return keras.Model(network.input, maps), keras.Model(maps, network.get_layer("avg_pool").output)


def enlarged(x: np.ndarray) -> np.ndarray:
    """Pictures of 96 x 96."""
    return np.array(layers.Resizing(SIDE, SIDE)(x.astype("float32")))


def tune(
    upper: keras.Model,
    head: keras.Model,
    learn: tuple[np.ndarray, np.ndarray],
    seed: int,
    rate: float,
    normalise: bool = False,
    batch: int = BATCH,
) -> keras.Model:
    """The layers behind the cut and the head, trained on."""
    for layer in upper.layers:  # frozen, batch normalisation also keeps its averages and uses them
        layer.trainable = normalise or not isinstance(layer, layers.BatchNormalization)
    inputs = keras.Input(learn[0].shape[1:])
    joined = keras.Model(inputs, head(upper(inputs)))
    joined.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
    keras.utils.set_random_seed(seed)
    joined.fit(*learn, batch_size=batch, epochs=EPOCHS, verbose=0)
    return joined


def measure(seed: int, ways: dict[str, dict[str, Any]]) -> dict[str, float]:
    """Accuracy on held-back signs: with the base frozen, and after each way of training on."""
    signs = load("signs")
    order = np.random.default_rng(seed).permutation(4700)
    few = np.concatenate([order[signs.train.y[order] == label][:20] for label in range(16)])
    y, y_held = signs.train.y[few], signs.train.y[4700:]
    lower, upper = halves()
    maps, maps_held = (
        lower.predict(enlarged(x), batch_size=64, verbose=0) for x in (signs.train.x[few], signs.train.x[4700:])
    )
    head = with_head(upper.predict(maps, verbose=0), y, 16, seed)
    learned, first = upper.get_weights(), head.get_weights()
    found = {"seed": seed, "frozen": accuracy(head, upper.predict(maps_held, verbose=0), y_held)}
    for way, settings in ways.items():
        upper.set_weights(learned)
        head.set_weights(first)
        found[way] = accuracy(tune(upper, head, (maps, y), seed, **settings), maps_held, y_held)
    return found


def main() -> None:
    """Measures, prints, keeps the record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--record", type=Path, help="JSON file for the numbers")
    options = parser.parse_args()
    record = {"made_by": f"benchmarks/{Path(__file__).name}", "cut": CUT, "epochs": EPOCHS, "ways": WAYS, "runs": []}
    for seed in options.seeds:
        record["runs"].append(measure(seed, WAYS))
        print(record["runs"][-1], flush=True)
        if options.record:
            options.record.parent.mkdir(parents=True, exist_ok=True)
            options.record.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
