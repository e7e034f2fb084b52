"""25,000 photographs of cats and dogs, from one zip archive."""

import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import UnidentifiedImageError

from dlcourse.data.cache import keep_arrays
from dlcourse.data.dataset import Parts, share_out
from dlcourse.data.picture_files import square


def read(archive: Path, side: int = 64) -> Parts:
    """The photographs as squares of `side` pixels, without the few files that are no pictures; a fifth is the test."""
    arrays = keep_arrays(f"cats_dogs-{side}-1", lambda: _decode(archive, side))
    return *share_out(arrays["x"], arrays["y"], test_share=0.2), ("cat", "dog")


def _decode(archive: Path, side: int) -> dict[str, np.ndarray]:
    x, y = [], []
    with zipfile.ZipFile(archive) as packed:
        for label, folder in enumerate(("Cat", "Dog")):
            for name in sorted(packed.namelist()):
                if name.startswith(f"PetImages/{folder}/") and name.endswith(".jpg"):
                    try:
                        x.append(square(BytesIO(packed.read(name)), side))
                    except UnidentifiedImageError:
                        continue  # the published archive holds a few empty files
                    y.append(label)
    return {"x": np.stack(x), "y": np.array(y, np.int64)}
