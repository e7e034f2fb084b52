"""What the bundled network makes of 370 real cats and dogs: with right and wrong preprocessing, by day and at dusk.

    DLCOURSE_MIRROR=../shared/data python benchmarks/pretrained_pets.py --record course/05_pretrained/records/pets.json

The photographs are a sample of the Oxford-IIIT pets, ten of each of 37 breeds, from the folder `pets_sample` of a
mirror. 25 of the breeds are classes of ImageNet. On their 250 pictures the top-1 accuracy is measured with the right
preprocessing and with ten wrong ones, those of lesson 5.1. On all 370 the cat score of the lesson's cat flap is
computed, p(cat) / (p(cat) + p(dog)) from the sums over ImageNet's breeds: of the photographs as they are, and of what
the flap's camera sees of them at dusk, with three seeds for light and noise; of the cats without fur, the Sphynxes,
also the first class. Nothing is trained and nothing is chosen.
The record holds numbers alone, no pictures; lesson 5.1 shows it. Some of the photographs may be among those that the
network has learned from: both collections were gathered on the web, and nobody has compared them.
"""

import argparse
import csv
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
from PIL import Image

from dlcourse.nets import imagenet_classes, prepare, pretrained

SEEDS = (0, 1, 2)
CATS, DOGS = slice(281, 286), slice(151, 269)  # ImageNet's breeds
CLASS_OF = {  # those of the 37 breeds that are classes of ImageNet
    "american_pit_bull_terrier": 180,
    "basset_hound": 161,
    "beagle": 162,
    "boxer": 242,
    "chihuahua": 151,
    "Egyptian_Mau": 285,
    "english_cocker_spaniel": 219,
    "english_setter": 212,
    "german_shorthaired": 210,
    "great_pyrenees": 257,
    "japanese_chin": 152,
    "keeshond": 261,
    "leonberger": 255,
    "miniature_pinscher": 237,
    "newfoundland": 256,
    "Persian": 283,
    "pomeranian": 259,
    "pug": 254,
    "saint_bernard": 247,
    "samoyed": 258,
    "scottish_terrier": 199,
    "Siamese": 284,
    "staffordshire_bull_terrier": 179,
    "wheaten_terrier": 202,
    "yorkshire_terrier": 187,
}

Photograph = np.ndarray  # height x width x 3, uint8


def squashed(photograph: Photograph) -> np.ndarray:
    """The whole photograph, its sides made equal."""
    return np.asarray(Image.fromarray(photograph).resize((224, 224)), "float32")


# each makes of a photograph what is given to a network that takes 224 x 224 x 3 values from 0 to 255, red first
PREPARED: dict[str, Callable[[Photograph], np.ndarray]] = {
    "right": prepare,
    "grey": lambda photograph: prepare(photograph).mean(axis=2, keepdims=True).repeat(3, axis=2),
    "sides made equal": squashed,
    "blue first": lambda photograph: prepare(photograph)[..., ::-1],
    "56 pixels wide": lambda photograph: prepare(photograph, 56).repeat(4, axis=0).repeat(4, axis=1),
    "on its side": lambda photograph: np.rot90(prepare(photograph)),
    "as for VGG16": lambda photograph: prepare(photograph)[..., ::-1] - [103.939, 116.779, 123.68],
    "from 0 to 1": lambda photograph: prepare(photograph) / 255,
    "from −1 to 1": lambda photograph: prepare(photograph) / 127.5 - 1,
    "as for DenseNet": lambda photograph: (prepare(photograph) / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225],
    "reshaped": lambda photograph: prepare(photograph).transpose(2, 0, 1).reshape(224, 224, 3),
}


def at_dusk(photographs: list[Photograph], dice: np.random.Generator) -> np.ndarray:
    """What the flap's camera sees: 96 x 96 pixels, a tenth of the light or more, noise."""
    small = np.stack([prepare(photograph, 96) for photograph in photographs])
    light = dice.uniform(0.1, 1, (len(small), 1, 1, 1))
    return np.clip(light * small + dice.normal(scale=10, size=small.shape), 0, 255).round()


def enlarged(pictures: np.ndarray) -> np.ndarray:
    """As the network takes them."""
    return np.asarray(keras.ops.image.resize(pictures.astype("float32"), (224, 224)))


def cat_score(probabilities: np.ndarray) -> np.ndarray:
    """Of what is said of cats and dogs, the cats' share."""
    cat, dog = probabilities[:, CATS].sum(axis=1), probabilities[:, DOGS].sum(axis=1)
    return cat / (cat + dog)


def photographs_of(folder: Path) -> tuple[list[str], np.ndarray, list[Photograph]]:
    """Breeds, whether each is a cat, and the photographs, as the index lists them."""
    breeds, cats, photographs = [], [], []
    with (folder / "index.csv").open(encoding="utf-8") as index:
        for row in csv.DictReader(index):
            with Image.open(folder / "images" / row["species"] / f"{row['image']}.jpg") as picture:
                photographs.append(np.asarray(picture.convert("RGB")))
            breeds.append(row["breed"])
            cats.append(row["species"] == "cat")
    return breeds, np.array(cats), photographs


def measure(model: keras.Model, breeds: list[str], cats: np.ndarray, photographs: list[Photograph]) -> dict:
    """All that the record holds."""

    def ask(pictures: list[np.ndarray] | np.ndarray) -> np.ndarray:
        return model.predict(np.asarray(pictures, "float32"), batch_size=16, verbose=0)

    known = [number for number, breed in enumerate(breeds) if breed in CLASS_OF]
    right = np.array([CLASS_OF[breeds[number]] for number in known])
    accuracies = {}
    for way, preparation in PREPARED.items():
        answers = ask([preparation(photographs[number]) for number in known]).argmax(axis=1)
        accuracies[way] = round(float((answers == right).mean()), 4)
        print(f"{way:18} {100 * accuracies[way]:5.1f} %", flush=True)
    by_day = ask([prepare(photograph) for photograph in photographs])
    hairless = [number for number, breed in enumerate(breeds) if breed == "Sphynx"]
    dusks = [cat_score(ask(enlarged(at_dusk(photographs, np.random.default_rng(seed))))) for seed in SEEDS]
    return {
        "accuracies": accuracies,
        "known": len(known),
        "breeds": breeds,
        "cats": cats.astype(int).tolist(),
        "day": cat_score(by_day).round(4).tolist(),
        "sphynx": [imagenet_classes()[by_day[number].argmax()] for number in hairless],
        "dusk": [scores.round(4).tolist() for scores in dusks],
    }


def main() -> int:
    """Measures, prints the accuracies and writes the record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mirror", type=Path, default=os.environ.get("DLCOURSE_MIRROR"))
    parser.add_argument("--record", type=Path)
    options = parser.parse_args()
    if options.mirror is None:
        parser.error("Name the mirror that holds pets_sample: --mirror FOLDER or DLCOURSE_MIRROR.")
    record = measure(pretrained(), *photographs_of(Path(options.mirror) / "pets_sample"))
    if options.record:
        options.record.parent.mkdir(parents=True, exist_ok=True)
        options.record.write_text(json.dumps(record) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
