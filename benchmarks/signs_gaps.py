"""What the lessons claim of the data set `signs`, measured: three gaps on `small` (5,000 to train, 1,000 to test).

1. kind     test accuracy of a CNN of at most 200,000 parameters minus that of a dense network of about a
            million, both trained on the 5,000: at least 8 points.
2. overfit  training accuracy minus test accuracy of the same CNN trained on the first 1,000: at least 8 points,
            with a training accuracy of at least 98 %.
3. regained how much of what the missing 4,000 pictures cost is won back by augmentation, with Keras layers that
            imitate the factors, on the 1,000 (no flips: they change the sign). In test accuracies:
            (1,000 augmented - 1,000) / (5,000 - 1,000), at least one half. The last row shows the stricter
            (1,000 augmented - 1,000) / gap 2, of which the part that needs new photographs is out of reach.

    python benchmarks/signs_gaps.py --seeds 0 1 2

The seed is that of the weights, the shuffling and the augmentation; the pictures stay the same. Ends with 1
when the mean over the seeds misses one of the three.
"""

import argparse
import sys
import time

import keras
import numpy as np
from keras import layers

from dlcourse.data.signs import CLASSES, SIZE, SignsSplit, small

FEW = 1000
SHAPE = (SIZE, SIZE, 3)


def dense() -> keras.Sequential:
    """A multi-layer perceptron of about a million parameters."""
    return keras.Sequential(
        [
            keras.Input(SHAPE),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(144, activation="relu"),
            layers.Dense(64, activation="relu"),
            layers.Dense(len(CLASSES), activation="softmax"),
        ]
    )


def cnn(augmentation: list[keras.Layer] | None = None) -> keras.Sequential:
    """Four convolutions and two dense layers."""
    return keras.Sequential(
        [
            keras.Input(SHAPE),
            *(augmentation or []),
            layers.Rescaling(1 / 255),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(len(CLASSES), activation="softmax"),
        ]
    )


def imitate_factors() -> list[keras.Layer]:
    """Layers that vary a picture as the generator does.

    RandomBrightness is left out: it adds where the generator multiplies, and costs accuracy here.
    """
    return [
        layers.RandomRotation(15 / 360, fill_mode="nearest"),
        layers.RandomTranslation(6 / SIZE, 6 / SIZE, fill_mode="nearest"),
        layers.RandomZoom((-0.25, 0.25), fill_mode="nearest"),
        layers.RandomContrast(0.3),
    ]


def accuracy(
    model: keras.Model, train: SignsSplit, test: SignsSplit, rate: float, epochs: int, count: int
) -> list[float]:
    """Training and test accuracy, in percent, of a model trained on the first `count` pictures."""
    x, y = train.x[:count], train.y[:count]
    steps = epochs * -(-count // 64)
    slower = keras.optimizers.schedules.CosineDecay(rate, steps)
    model.compile(keras.optimizers.Adam(slower), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=64, epochs=epochs, verbose=0)
    pairs = ((x, y), (test.x, test.y))
    return [100 * model.evaluate(*pair, batch_size=250, verbose=0)[1] for pair in pairs]


def measure(seed: int, train: SignsSplit, test: SignsSplit) -> dict[str, float]:
    """All accuracies and gaps of one seed."""
    everything = len(train)
    runs = {
        "MLP": (dense, 1e-3, 12, everything),
        "CNN": (cnn, 2e-3, 10, everything),
        "CNN few": (cnn, 2e-3, 45, FEW),
        "CNN few+aug": (lambda: cnn(imitate_factors()), 2e-3, 80, FEW),
    }
    row: dict[str, float] = {}
    for name, (build, rate, epochs, count) in runs.items():
        keras.utils.set_random_seed(seed)
        start = time.perf_counter()
        row[f"{name} train"], row[f"{name} test"] = accuracy(build(), train, test, rate, epochs, count)
        row[f"{name} s"] = time.perf_counter() - start
    row["kind"] = row["CNN test"] - row["MLP test"]
    row["overfit"] = row["CNN few train"] - row["CNN few test"]
    won = row["CNN few+aug test"] - row["CNN few test"]
    row["regained %"] = 100 * won / (row["CNN test"] - row["CNN few test"])
    row["of overfit %"] = 100 * won / row["overfit"]
    return row


def main() -> int:
    """Measures, prints the table, and says with the exit status whether the gaps are there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    seeds = parser.parse_args().seeds
    train, test, _ = small()
    print(f"parameters: MLP {dense().count_params():,}, CNN {cnn().count_params():,}", flush=True)
    rows = []
    for seed in seeds:
        rows.append(measure(seed, train, test))
        print(f"seed {seed}: " + ", ".join(f"{name} {value:.1f}" for name, value in rows[-1].items()), flush=True)
    print(f"\n{'':18}" + "".join(f"{f'seed {seed}':>9}" for seed in seeds) + f"{'mean':>9}{'spread':>9}")
    for name in rows[0]:
        values = np.array([row[name] for row in rows])
        cells = "".join(f"{value:9.1f}" for value in [*values, values.mean(), np.ptp(values)])
        print(f"{name:18}{cells}")
    means = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
    missed = [
        sentence
        for sentence, held in {
            "the CNN beats the MLP by 8 points": means["kind"] >= 8,
            "the CNN learns its 1,000 pictures by heart (98 %)": means["CNN few train"] >= 98,
            "it is 8 points worse on new ones": means["overfit"] >= 8,
            "augmentation regains half of that": means["regained %"] >= 50,
        }.items()
        if not held
    ]
    print("all gaps are there" if not missed else f"missed: {'; '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
