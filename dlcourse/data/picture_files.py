"""Picture files made into one array: each cropped to its central square and resized."""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps


def square(file: Path | BinaryIO, side: int) -> np.ndarray:
    """One picture as side × side × 3, uint8."""
    with Image.open(file) as picture:
        picture.draft("RGB", (2 * side, 2 * side))  # lets the JPEG decoder skip detail that would be thrown away
        return np.asarray(ImageOps.fit(picture.convert("RGB"), (side, side), Image.Resampling.BICUBIC))


def stack(files: Iterable[Path | BinaryIO], side: int) -> np.ndarray:
    """Many pictures as count × side × side × 3, uint8."""
    return np.stack([square(file, side) for file in files])
