"""What augmentation is worth, measured: test accuracy by number of training pictures, with and without.

    python benchmarks/augmentation_gain.py --record course/04_augmentation_deployment/records/01_augmentation.json
    DLCOURSE_MIRROR=../shared/data python benchmarks/augmentation_gain.py --data sign_digits --record build/hands.json

The network and the layers are those of lesson 4.1. A training takes 25 epochs where the pictures stay as they are,
after which it knows them by heart, and 40 where they are changed, because each of these is new; with more than 1,000
pictures fewer epochs, so that no more pictures pass. `longer` is the control: unchanged pictures, and as long as the
changed ones. The seed is that of the weights, the shuffling and the random changes; the pictures stay the same.
Settings are fixed here, and the test set is used for nothing but the numbers shown.

Six ways to train:

    plain         the pictures as they are
    longer        the pictures as they are, for 40 epochs
    augmented     turned, shifted, zoomed, with another contrast and another light, at random and anew in every epoch
    mirrored      the same, and a random half of the pictures mirrored, which makes one road sign of another
    lit           the same, with light down to 0.15 of what it was
    standardised  turned, shifted and zoomed, and each brought to mean 0 and standard deviation 1

The gap is measured with three seeds, and so is the comparison of all ways on equally many pictures; everything else
with one, unless --other-seeds names more. The claims, on the
means: augmentation wins at least half of what the missing pictures cost, that is (augmented with few - plain with few)
/ (plain with many - plain with few); on `signs` mirroring costs at least two points. Ends with 1 where one is missed.
With --record a run that is finished is kept there, and an interrupted script goes on with the next one; lesson 4.1
shows that file.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers

from dlcourse.data import load
from dlcourse.data.signs import Factors, generate

BATCH = 32
EPOCHS = {"plain": 25}  # of training, with 1,000 pictures or fewer
MORE_EPOCHS = 40  # of the other ways
LIGHTS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5)  # what test pictures are multiplied by
SIDE = 48


class RandomLight(layers.Layer):
    """Multiplies each picture by a random number, in training only."""

    def __init__(self, low: float, high: float) -> None:
        """The number lies between `low` and `high`."""
        super().__init__()
        self.low, self.high, self.dice = low, high, keras.random.SeedGenerator()

    def call(self, x: Any, training: bool = False) -> Any:
        """Pictures with values from 0 to 255, as many again."""
        if not training:
            return x
        a = keras.random.uniform((keras.ops.shape(x)[0], 1, 1, 1), self.low, self.high, seed=self.dice)
        return keras.ops.clip(a * x, 0, 255)


def moves() -> list[keras.Layer]:
    """The random changes of position; none of them changes what a sign means."""
    return [
        layers.RandomRotation(12 / 360, fill_mode="nearest"),
        layers.RandomTranslation(0.12, 0.12, fill_mode="nearest"),
        layers.RandomZoom(0.15, fill_mode="nearest"),
    ]


def changes(darkest: float = 0.6) -> list[keras.Layer]:
    """Changes of position, contrast and light; from 0.6 on, the light is that of the pictures themselves."""
    return [*moves(), layers.RandomContrast(0.3), RandomLight(darkest, 1.3)]


def standardise() -> keras.Layer:
    """Each picture minus its mean, divided by its standard deviation."""
    return layers.LayerNormalization(axis=(1, 2, 3), center=False, scale=False)


WAYS: dict[str, Callable[[], list[keras.Layer]]] = {
    "plain": lambda: [layers.Rescaling(1 / 255)],
    "longer": lambda: [layers.Rescaling(1 / 255)],
    "augmented": lambda: [*changes(), layers.Rescaling(1 / 255)],
    "mirrored": lambda: [layers.RandomFlip("horizontal"), *changes(), layers.Rescaling(1 / 255)],
    "lit": lambda: [*changes(darkest=0.15), layers.Rescaling(1 / 255)],
    "standardised": lambda: [*moves(), standardise()],
}


def network(front: list[keras.Layer], classes: int) -> keras.Sequential:
    """Three blocks of convolution, pooling, batch normalisation and ReLU behind the layers of `front`."""
    parts = [keras.Input((SIDE, SIDE, 3)), *front]
    for filters, size, stride in ((12, 5, 2), (24, 3, 1), (48, 3, 1)):
        parts += [layers.Conv2D(filters, size, strides=stride, padding="same", use_bias=False)]
        parts += [layers.MaxPooling2D(), layers.BatchNormalization(momentum=0.9), layers.ReLU()]
    return keras.Sequential([*parts, layers.Flatten(), layers.Dense(classes, activation="softmax")])


@dataclass(frozen=True)
class Pictures:
    """What is learned from, and what it is tried on."""

    x: np.ndarray
    y: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    classes: tuple[str, ...]
    night: tuple[np.ndarray, np.ndarray] | None = None  # signs in the headlights of a car, where there are such


def signs() -> Pictures:
    """The generated road signs, 3,000 new ones to test on, and a thousand that are lit by a car at night."""
    made, test = load("signs"), generate(3000, seed=4)
    night = generate(1000, seed=1, factors=Factors.night())
    return Pictures(made.train.x, made.train.y, test.x, test.y, made.classes, (night.x, night.y))


def sign_digits() -> Pictures:
    """Photographs of hands that sign digits, their middle at half its size: 48 × 48."""
    made = load("sign_digits", "full")

    def smaller(x: np.ndarray) -> np.ndarray:
        middle = x[:, 2:98, 2:98].astype("float32")
        return middle.reshape(len(x), SIDE, 2, SIDE, 2, 3).mean(axis=(2, 4)).round().astype(np.uint8)

    return Pictures(smaller(made.train.x), made.train.y, smaller(made.test.x), made.test.y, made.classes)


@dataclass(frozen=True)
class Study:
    """A data set, and on how many of its pictures what is tried.

    Attributes:
        load: Makes or reads it.
        few: The lower end of the gap: so many pictures, plain and augmented.
        many: Its upper end: so many pictures, plain.
        compared: On so many pictures all ways are compared.
        runs: Ways with numbers of pictures, the most important first.
    """

    load: Callable[[], Pictures]
    few: int
    many: int
    compared: int
    runs: tuple[tuple[str, int], ...]

    @property
    def gap(self) -> tuple[tuple[str, int], ...]:
        """The three runs that say how much is regained."""
        return ("plain", self.few), ("augmented", self.few), ("plain", self.many)

    @property
    def with_all_seeds(self) -> tuple[tuple[str, int], ...]:
        """The gap, and the comparison of the ways."""
        return *self.gap, *(run for run in self.runs if run[1] == self.compared)


STUDIES = {
    "signs": Study(
        signs,
        few=1000,
        many=5000,
        compared=500,
        runs=(
            *(("plain", 1000), ("augmented", 1000), ("plain", 5000), ("plain", 500), ("augmented", 500)),
            *(("mirrored", 500), ("lit", 500), ("standardised", 500), ("plain", 250), ("augmented", 250)),
            *(("plain", 2000), ("longer", 1000)),
        ),
    ),
    "sign_digits": Study(
        sign_digits,
        few=400,
        many=1600,
        compared=400,
        runs=(("plain", 400), ("augmented", 400), ("plain", 1600), ("augmented", 1600)),
    ),
}


def epochs_of(way: str, count: int) -> int:
    """How often a training goes through its pictures."""
    epochs = EPOCHS.get(way, MORE_EPOCHS)
    return round(epochs * min(1, 1000 / count))


def train(way: str, count: int, seed: int, pictures: Pictures, epochs: int) -> keras.Sequential:
    """A network trained in one of the ways on the first `count` pictures."""
    keras.utils.set_random_seed(seed)
    model = network(WAYS[way](), len(pictures.classes))
    falling = keras.optimizers.schedules.CosineDecay(5e-3, epochs * -(-count // BATCH))
    model.compile(keras.optimizers.Adam(falling), "sparse_categorical_crossentropy")
    model.fit(pictures.x[:count], pictures.y[:count], batch_size=BATCH, epochs=epochs, verbose=0)
    return model


def hits(model: keras.Model, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Which pictures are answered rightly."""
    return model.predict(x, batch_size=250, verbose=0).argmax(axis=1) == y


def measure(way: str, count: int, seed: int, pictures: Pictures, epochs: int) -> dict[str, Any]:
    """One training and what it reached: shares of right answers."""
    start = time.perf_counter()
    model = train(way, count, seed, pictures, epochs)
    seconds = time.perf_counter() - start
    right = hits(model, pictures.x_test, pictures.y_test)

    def share(x: np.ndarray, y: np.ndarray) -> float:
        return round(float(hits(model, x, y).mean()), 4)

    in_the_dark = pictures.night is not None and count == STUDIES["signs"].compared
    darker = [np.clip(a * pictures.x_test[:1000], 0, 255).round() for a in LIGHTS] if in_the_dark else []
    classes = [float(right[pictures.y_test == number].mean()) for number in range(len(pictures.classes))]
    return {
        "way": way,
        "count": count,
        "seed": seed,
        "accuracy": round(float(right.mean()), 4),
        "training": share(pictures.x[:count], pictures.y[:count]),
        "by_class": [round(each, 3) for each in classes],
        "by_light": [share(x, pictures.y_test[:1000]) for x in darker],
        "night": share(*pictures.night) if pictures.night and in_the_dark else None,
        "seconds": round(seconds, 1),
    }


def mean(runs: list[dict[str, Any]], way: str, count: int) -> float:
    """The accuracy of a way with so many pictures, over the seeds; not a number where there is no run."""
    found = [run["accuracy"] for run in runs if (run["way"], run["count"]) == (way, count)]
    return float(np.mean(found)) if found else float("nan")


def table(runs: list[dict[str, Any]], seeds: list[int]) -> str:
    """A line a way and number of pictures."""
    lines = [f"{'way':13}{'pictures':>9}" + "".join(f"{f'seed {seed}':>9}" for seed in seeds) + f"{'mean':>9}"]
    for way, count in dict.fromkeys((run["way"], run["count"]) for run in runs):
        found = {run["seed"]: run["accuracy"] for run in runs if (run["way"], run["count"]) == (way, count)}
        cells = "".join(f"{found[seed]:9.1%}" if seed in found else f"{'':9}" for seed in seeds)
        lines.append(f"{way:13}{count:9,}{cells}{mean(runs, way, count):9.1%}")
    return "\n".join(lines)


def main() -> int:
    """Measures, prints the table, and says with the exit status whether the claims hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", choices=STUDIES, default="signs")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--other-seeds", type=int, nargs="+", default=[0], help="of the runs that have fewer seeds")
    parser.add_argument("--record", type=Path, help="keep the runs there, and take finished ones from there")
    options = parser.parse_args()
    study, seeds, file = STUDIES[options.data], options.seeds, options.record
    pictures = study.load()
    record = {
        "made_by": f"benchmarks/{Path(__file__).name}",
        "data": options.data,
        "epochs": {way: epochs_of(way, 1000) for way in WAYS},
    }
    record |= {"keras": keras.version(), "classes": list(pictures.classes), "lights": list(LIGHTS)}
    kept = json.loads(file.read_text(encoding="utf-8")) if file and file.is_file() else {"runs": []}
    done = {(run["way"], run["count"], run["seed"]): run for run in kept["runs"]}
    for seed in sorted({*seeds, *options.other_seeds}):
        for way, count in study.runs:
            if seed not in (seeds if (way, count) in study.with_all_seeds else options.other_seeds):
                continue
            if (way, count, seed) not in done:
                done[way, count, seed] = found = measure(way, count, seed, pictures, epochs_of(way, count))
                print(f"{way} {count:,} seed {seed}: {found['accuracy']:.1%} in {found['seconds']:.0f} s", flush=True)
            if file:
                file.parent.mkdir(parents=True, exist_ok=True)
                lines = ",\n".join(json.dumps(run) for run in done.values())
                file.write_text(f'{json.dumps(record)[:-1]}, "runs": [\n{lines}\n]}}\n', encoding="utf-8")
    runs = list(done.values())
    print(table(runs, seeds))
    few, many = mean(runs, "plain", study.few), mean(runs, "plain", study.many)
    augmented = mean(runs, "augmented", study.few)
    regained = (augmented - few) / (many - few)
    print(f"with {study.few:,} pictures augmentation wins {regained:.0%} of what {study.many:,} would (at least 50 %)")
    held = regained >= 0.5
    if options.data == "signs":
        lost = mean(runs, "augmented", study.compared) - mean(runs, "mirrored", study.compared)
        print(f"with {study.compared}, mirrored pictures among them cost {100 * lost:.1f} points (at least 2)")
        held &= lost >= 0.02
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
