"""What the networks of lessons 1.4 and 3.4 reach on the full public data sets, and how long that takes.

    DLCOURSE_MIRROR=../shared/data python benchmarks/full_sets.py --json build/full_sets.json

With --json a row that is finished is kept there, and an interrupted run goes on with the next one.

Fashion-MNIST is also given to the CNN of a well-known textbook (A. Géron, Hands-On Machine Learning, chapter on
convolutional networks: 7×7 kernels, three blocks, dense 128 and 64 with dropout 0.5, Nadam, batches of 32; there 91.2 %
after ten epochs), in the same run on the same machine, so that the ratio of the times means something. Run it on a
quiet machine; the processor's seconds, all cores added up, stand beside the clock's, which other work hardly touches.
Nothing is chosen by the test set: settings are fixed here, and the last epoch's accuracy counts.
"""

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import keras
from keras import layers

from dlcourse.data import load


class Recipe(NamedTuple):
    """A network and how it is trained."""

    build: Callable[[], keras.Model]
    optimizer: Callable[[int], keras.optimizers.Optimizer]
    epochs: int
    batch: int


def dense() -> keras.Model:
    """The network of lesson 1.4, with one layer more and dropout."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Flatten(),
            layers.Dense(512, activation="relu"),
            layers.Dropout(0.25),
            layers.Dense(256, activation="relu"),
            layers.Dropout(0.25),
            layers.Dense(10, activation="softmax"),
        ]
    )


def small_cnn() -> keras.Model:
    """Three blocks of convolution, pooling, batch normalisation and ReLU: 140 k parameters.

    Pooling comes first in a block, so that the rest of it has a quarter of the numbers to go through.
    """
    parts: list = [keras.Input((28, 28, 1))]
    for filters in (32, 64, 128):
        parts += [layers.Conv2D(filters, 3, padding="same", use_bias=False), layers.MaxPooling2D()]
        parts += [layers.BatchNormalization(), layers.ReLU()]
    parts += [layers.Flatten(), layers.Dropout(0.4), layers.Dense(40, activation="relu")]
    return keras.Sequential([*parts, layers.Dense(10, activation="softmax")])


def textbook_cnn() -> keras.Model:
    """The textbook's, 1.4 million parameters."""

    def convolution(filters: int, size: int = 3) -> layers.Layer:
        return layers.Conv2D(filters, size, padding="same", activation="relu", kernel_initializer="he_normal")

    def dense_layer(units: int) -> layers.Layer:
        return layers.Dense(units, activation="relu", kernel_initializer="he_normal")

    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            convolution(64, 7),
            layers.MaxPooling2D(),
            convolution(128),
            convolution(128),
            layers.MaxPooling2D(),
            convolution(256),
            convolution(256),
            layers.MaxPooling2D(),
            layers.Flatten(),
            dense_layer(128),
            layers.Dropout(0.5),
            dense_layer(64),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )


def one_cycle(steps: int, highest: float = 4e-3) -> keras.optimizers.Optimizer:
    """AdamW whose rate rises over a fifth of the steps and then falls to nothing."""
    warm = steps // 5
    rate = keras.optimizers.schedules.CosineDecay(highest / 10, steps - warm, warmup_target=highest, warmup_steps=warm)
    return keras.optimizers.AdamW(rate, weight_decay=1e-3)


CASES: list[tuple[str, str, Recipe, float]] = [  # data set, network, recipe, what must be reached
    ("fashion_mnist", "dense", Recipe(dense, lambda steps: one_cycle(steps, 1.5e-3), 20, 128), 0.89),
    ("fashion_mnist", "small CNN", Recipe(small_cnn, one_cycle, 10, 128), 0.925),
    ("fashion_mnist", "textbook CNN", Recipe(textbook_cnn, lambda _: keras.optimizers.Nadam(), 10, 32), 0.90),
    ("mnist", "small CNN", Recipe(small_cnn, one_cycle, 6, 128), 0.993),
]


def run(data: str, recipe: Recipe, seed: int) -> dict[str, float]:
    """Train once; test accuracy, seconds, parameters."""
    full = load(data, "full")
    x, x_test = ((split.x / 255.0).astype("float32")[..., None] for split in (full.train, full.test))
    keras.utils.set_random_seed(seed)
    model = recipe.build()
    optimizer = recipe.optimizer(recipe.epochs * -(-len(x) // recipe.batch))
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    start, worked = time.perf_counter(), time.process_time()
    told = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: print(
            f"  epoch {epoch + 1} of {recipe.epochs}: {time.perf_counter() - start:.0f} s "
            f"(processor {time.process_time() - worked:.0f} s), training accuracy {logs['accuracy']:.2%}",
            file=sys.stderr,
            flush=True,
        )
    )
    model.fit(x, full.train.y, epochs=recipe.epochs, batch_size=recipe.batch, verbose=0, callbacks=[told])
    seconds, processor_seconds = time.perf_counter() - start, time.process_time() - worked
    accuracy = model.evaluate(x_test, full.test.y, verbose=0)[1]
    return {
        "accuracy": round(accuracy, 4),
        "seconds": round(seconds, 1),
        "processor_seconds": round(processor_seconds, 1),
        "parameters": model.count_params(),
    }


def main() -> int:
    """Runs all, prints a table, and says with the exit status whether every line reached what it must."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="only the rows whose data set or network contains this")
    parser.add_argument("--json", type=Path, help="keep the results there, and take finished rows from there")
    options = parser.parse_args()
    kept = options.json and options.json.is_file()
    found, reached = (json.loads(options.json.read_text(encoding="utf-8")) if kept else {}), True
    print(f"{platform.processor() or platform.machine()}, Keras {keras.version()} on {keras.config.backend()}")
    for data, name, recipe, least in CASES:
        if options.only and options.only not in f"{data} {name}":
            continue
        result = found.get(f"{data}, {name}") or run(data, recipe, options.seed)
        found[f"{data}, {name}"] = result
        if options.json:
            options.json.parent.mkdir(parents=True, exist_ok=True)
            options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
        reached &= result["accuracy"] >= least
        print(
            f"{data:14} {name:13} {recipe.epochs:3} epochs {result['parameters']:10,} parameters "
            f"{result['seconds']:7.1f} s (processor {result['processor_seconds']:7.1f} s)  "
            f"{result['accuracy']:.2%} (at least {least:.1%})",
            flush=True,
        )
    both = [found.get(f"fashion_mnist, {name}") for name in ("textbook CNN", "small CNN")]
    if all(both):
        clock, processor = (both[0][kind] / both[1][kind] for kind in ("seconds", "processor_seconds"))
        reached &= clock >= 5
        print(
            f"the textbook's CNN takes {clock:.1f} times as long as the small one (at least 5), "
            f"and {processor:.1f} times its processor time"
        )
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
