"""What pre-trained features are worth with few pictures: transfer against training from scratch.

    python benchmarks/transfer_gap.py --record course/05_pretrained/records/transfer.json
    DLCOURSE_MIRROR=../shared/data python benchmarks/transfer_gap.py --data sign_digits --numbers 20 \
        --record course/05_pretrained/records/sign_digits.json
    DLCOURSE_MIRROR=../shared/data python benchmarks/transfer_gap.py --data pets --numbers 20 \
        --record course/05_pretrained/records/transfer_pets.json
    python benchmarks/transfer_gap.py --numbers 20 --seeds 0 --times 4 \
        --record course/05_pretrained/records/transfer_longer.json

Transfer: the bundled EfficientNet-Lite0, frozen, makes 1,280 features of each picture at 96 x 96, once; a softmax layer
is trained on them. From scratch: the network of lesson 5.2 on the same pictures at 48 x 48, once on them as they are
and once with random changes, which are the reason why it is trained for longer. The pictures of a run are drawn with
its seed, and all ways learn from the same ones. Settings were chosen on the held-back fields of the photographs; the
test pictures are used for nothing but the numbers shown.

`pets` are the folder pets_sample of the mirror, cats against dogs. 118 of ImageNet's classes are breeds of dogs and 5
are cats, so that this is hardly a new task. Ends with 1 where, with 20 pictures a class, transfer leads the better of
the two trainings from scratch by less than 15 points on the mean of the seeds. On `sign_digits` neither leads in all
runs, and the lesson says so.
"""

import argparse
import json
import math
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from keras import layers

from dlcourse.data import load
from dlcourse.data.photos import NAMES
from dlcourse.data.picture_files import stack
from dlcourse.data.pieces import pieces
from dlcourse.nets.efficientnet import efficientnet_lite0
from dlcourse.nets.pretrained import pretrained

SIDE, SCRATCH_SIDE = 96, 48
HEAD_EPOCHS = 40
SCRATCH_EPOCHS = {"scratch": 20, "augmented": 40}  # with 20 pictures a class; others see as many pictures in all
LEAST_STEPS = {"scratch": 100, "augmented": 200}
LEAST_GAP = 0.15


@dataclass(frozen=True)
class Pictures:
    """What a run learns from, at most so many of each class, and what it is tested on; 96 x 96."""

    x: np.ndarray
    y: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray

    def first(self, per_class: int) -> np.ndarray:
        """The indices of the first pictures of each class."""
        return np.concatenate([np.flatnonzero(self.y == label)[:per_class] for label in np.unique(self.y)])


def of_photographs(per_class: int, seed: int) -> Pictures:
    """Pieces of the sixteen photographs."""
    train, test = pieces("train", per_class, seed), pieces("test", 25, seed=2000)
    return Pictures(train.x, train.y, test.x, test.y)


def of_hands(per_class: int, seed: int) -> Pictures:
    """Photographs of hands that sign digits, without the two outermost pixels on each side."""
    made = load("sign_digits", "full")
    order = np.random.default_rng(seed).permutation(len(made.train.y))
    few = np.concatenate([order[made.train.y[order] == label][:per_class] for label in range(10)])
    middle = np.s_[:, 2:98, 2:98]
    return Pictures(made.train.x[few][middle], made.train.y[few], made.test.x[middle], made.test.y)


def of_pets(per_class: int, seed: int) -> Pictures:
    """Cats and dogs; what is not learned from is tested on, as many of each."""
    folder = Path(os.environ["DLCOURSE_MIRROR"]) / "pets_sample/images"
    groups = [stack(sorted((folder / kind).glob("*.jpg")), SIDE) for kind in ("cat", "dog")]
    dice = np.random.default_rng(seed)
    mixed = [group[dice.permutation(len(group))] for group in groups]
    tested = min(len(group) for group in mixed) - per_class
    return Pictures(
        np.concatenate([group[:per_class] for group in mixed]),
        np.repeat([0, 1], per_class),
        np.concatenate([group[per_class : per_class + tested] for group in mixed]),
        np.repeat([0, 1], tested),
    )


DATA = {
    "photographs": (of_photographs, NAMES),
    "sign_digits": (of_hands, tuple("0123456789")),
    "pets": (of_pets, ("cat", "dog")),
}


def frozen_base() -> keras.Model:
    """The bundled network without its 1,000 classes: pictures of 96 x 96 in, 1,280 features out."""
    network = efficientnet_lite0((SIDE, SIDE, 3))
    network.set_weights(pretrained().get_weights())
    base = keras.Model(network.input, network.get_layer("avg_pool").output)
    base.trainable = False
    return base


def smaller(x: np.ndarray) -> np.ndarray:
    """Pictures at half their size."""
    return x.astype("float32").reshape(len(x), SCRATCH_SIDE, 2, SCRATCH_SIDE, 2, 3).mean(axis=(2, 4))


def with_head(x: np.ndarray, y: np.ndarray, classes: int, seed: int) -> keras.Model:
    """A softmax layer, trained on features."""
    keras.utils.set_random_seed(seed)
    head = keras.Sequential([keras.Input((x.shape[1],)), layers.Dense(classes, activation="softmax")])
    head.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    head.fit(x, y, batch_size=32, epochs=HEAD_EPOCHS, verbose=0)
    return head


def network(front: list[keras.Layer], classes: int) -> keras.Model:
    """Three blocks of convolution, pooling, batch normalisation and ReLU, averaged over all places."""
    standardise = layers.LayerNormalization(axis=(1, 2, 3), center=False, scale=False)
    parts = [keras.Input((SCRATCH_SIDE, SCRATCH_SIDE, 3)), *front, standardise]
    for filters in (16, 32, 64):
        parts += [layers.Conv2D(filters, 3, padding="same", use_bias=False), layers.MaxPooling2D()]
        parts += [layers.BatchNormalization(momentum=0.9), layers.ReLU()]
    return keras.Sequential([*parts, layers.GlobalAveragePooling2D(), layers.Dense(classes, activation="softmax")])


def changes() -> list[keras.Layer]:
    """Random changes that keep the class; a mirrored hand signs the same digit."""
    return [
        layers.RandomFlip("horizontal"),
        layers.RandomTranslation(0.1, 0.1, fill_mode="reflect"),
        layers.RandomZoom(0.2, fill_mode="reflect"),
        layers.RandomContrast(0.3),
    ]


def from_scratch(x: np.ndarray, y: np.ndarray, classes: int, seed: int, augmented: bool, epochs: int) -> keras.Model:
    """A network with random first weights, trained on small pictures."""
    keras.utils.set_random_seed(seed)
    model = network(changes() if augmented else [], classes)
    falling = keras.optimizers.schedules.CosineDecay(5e-3, epochs * math.ceil(len(x) / 32))
    model.compile(keras.optimizers.Adam(falling), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=32, epochs=epochs, verbose=0)
    return model


def epochs_of(way: str, number: int, classes: int) -> int:
    """How often a training from scratch goes through its pictures, where it is not told to be longer."""
    steps = math.ceil(number * classes / 32)  # in an epoch
    return max(10, round(SCRATCH_EPOCHS[way] * 20 / number), math.ceil(LEAST_STEPS[way] / steps))


def measure(data: str, number: int, seed: int, times: int = 1) -> dict[str, float]:
    """Test accuracy of the three ways with so many pictures a class, from scratch in so many times as many epochs."""
    make, classes = DATA[data]
    pictures = make(number, seed)
    base = frozen_base()
    x, y, y_test = pictures.x, pictures.y, pictures.y_test
    features, features_test = (base.predict(some, batch_size=64, verbose=0) for some in (x, pictures.x_test))
    head = with_head(features, y, len(classes), seed)
    found = {"number": number, "seed": seed, "transfer": accuracy(head, features_test, y_test)}
    for way in SCRATCH_EPOCHS:
        epochs = times * epochs_of(way, number, len(classes))
        model = from_scratch(smaller(x), y, len(classes), seed, way == "augmented", epochs)
        found[way] = accuracy(model, smaller(pictures.x_test), y_test)
    return found


def accuracy(model: keras.Model, x: np.ndarray, y: np.ndarray) -> float:
    """The share of right answers."""
    return round(float((model.predict(x, batch_size=100, verbose=0).argmax(axis=1) == y).mean()), 4)


def gaps(runs: list[dict[str, float]]) -> list[float]:
    """By how much transfer leads the better training from scratch, with 20 pictures a class, for each seed."""
    return [run["transfer"] - max(run["scratch"], run["augmented"]) for run in runs if run["number"] == 20]


def main() -> int:
    """Measures, prints, keeps the record; 1 where transfer wins too little."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="photographs", choices=DATA)
    parser.add_argument("--numbers", type=int, nargs="+", default=[20, 5], help="pictures a class")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--times", type=int, default=1, help="so many times as many epochs from scratch")
    parser.add_argument("--record", type=Path, help="keep the runs there, and take finished ones from there")
    options = parser.parse_args()
    file = options.record
    kept = json.loads(file.read_text(encoding="utf-8"))["runs"] if file and file.is_file() else []
    done = {(run["number"], run["seed"]): run for run in kept}
    for number in options.numbers:
        for seed in options.seeds:
            if (number, seed) not in done:
                done[number, seed] = measure(options.data, number, seed, options.times)
                print(done[number, seed], flush=True)
            if file:  # after every run, so that an interrupted script goes on with the next
                file.parent.mkdir(parents=True, exist_ok=True)
                record = {"made_by": f"benchmarks/{Path(__file__).name}", "data": options.data}
                record |= {"keras": keras.version(), "classes": list(DATA[options.data][1])}
                record |= {
                    "head_epochs": HEAD_EPOCHS,
                    "scratch_epochs": {way: options.times * epochs for way, epochs in SCRATCH_EPOCHS.items()},
                }
                lines = ",\n".join(json.dumps(run) for run in done.values())
                file.write_text(f'{json.dumps(record)[:-1]}, "runs": [\n{lines}\n]}}\n', encoding="utf-8")
    leads = gaps(list(done.values()))
    if not leads:
        return 0
    print(f"20 pictures a class: transfer leads by {100 * np.mean(leads):.1f} points (at least {100 * LEAST_GAP:.0f})")
    return int(bool(np.mean(leads) < LEAST_GAP))


if __name__ == "__main__":
    sys.exit(main())
