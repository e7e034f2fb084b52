"""The Oxford-IIIT pets: 37 breeds of cats and dogs, each picture with a mask of the animal."""

import tarfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, cast

import numpy as np
from PIL import Image, ImageOps

from dlcourse.data.cache import keep_arrays
from dlcourse.data.dataset import Parts, Split
from dlcourse.data.picture_files import square

IMAGES, ANNOTATIONS = "images.tar.gz", "annotations.tar.gz"
CLASSES = tuple(
    (
        "Abyssinian,American bulldog,American pit bull terrier,Basset hound,Beagle,Bengal,Birman,Bombay,Boxer,"
        "British Shorthair,Chihuahua,Egyptian Mau,English cocker spaniel,English setter,German shorthaired,"
        "Great Pyrenees,Havanese,Japanese Chin,Keeshond,Leonberger,Maine Coon,Miniature pinscher,Newfoundland,"
        "Persian,Pomeranian,Pug,Ragdoll,Russian Blue,Saint Bernard,Samoyed,Scottish terrier,Shiba Inu,Siamese,"
        "Sphynx,Staffordshire bull terrier,Wheaten terrier,Yorkshire terrier"
    ).split(",")
)


@dataclass(frozen=True, repr=False)
class PetsSplit(Split):
    """Pictures and breeds, with `mask` (1 animal, 2 background, 3 border) and `species` (0 cat, 1 dog)."""

    mask: np.ndarray
    species: np.ndarray


def read(images: Path, annotations: Path, side: int = 96) -> Parts:
    """The official trainval and test lists, as squares of `side` pixels."""
    arrays = keep_arrays(f"pets-{side}-1", lambda: _decode(images, annotations, side))
    train, test = (
        PetsSplit(*(arrays[f"{part}_{field}"] for field in ("x", "y", "mask", "species")))
        for part in ("trainval", "test")
    )
    return train, test, CLASSES


def _decode(images: Path, annotations: Path, side: int) -> dict[str, np.ndarray]:
    masks: dict[str, np.ndarray] = {}
    lists: dict[str, list[list[str]]] = {}
    with tarfile.open(annotations) as packed:
        for member in packed:
            name = Path(member.name)
            if name.parts[-2:-1] == ("trimaps",) and name.suffix == ".png" and not name.name.startswith("._"):
                masks[name.stem] = _square_mask(_content(packed, member), side)
            elif name.name in ("trainval.txt", "test.txt"):
                rows = _content(packed, member).read().decode().splitlines()
                lists[name.stem] = [row.split() for row in rows if not row.startswith("#")]
    pictures: dict[str, np.ndarray] = {}
    with tarfile.open(images) as packed:
        for member in packed:
            name = Path(member.name)
            if name.suffix == ".jpg":
                pictures[name.stem] = square(_content(packed, member), side)
    arrays = {}
    for part, chosen in lists.items():
        arrays[f"{part}_x"] = np.stack([pictures[row[0]] for row in chosen])
        arrays[f"{part}_y"] = np.array([int(row[1]) - 1 for row in chosen], np.int64)
        arrays[f"{part}_mask"] = np.stack([masks[row[0]] for row in chosen])
        arrays[f"{part}_species"] = np.array([int(row[2]) - 1 for row in chosen], np.int64)
    return arrays


def _square_mask(file: BytesIO, side: int) -> np.ndarray:
    with Image.open(file) as mask:
        return np.asarray(ImageOps.fit(mask, (side, side), Image.Resampling.NEAREST))


def _content(packed: tarfile.TarFile, member: tarfile.TarInfo) -> BytesIO:
    return BytesIO(cast(IO[bytes], packed.extractfile(member)).read())
