"""2,062 photographs of hands that sign the digits 0 to 9."""

from pathlib import Path

import numpy as np

from dlcourse.data.cache import keep_arrays
from dlcourse.data.dataset import Parts, share_out
from dlcourse.data.picture_files import stack

SUFFIXES = (".JPG",)
_SIDE = 100  # the pictures' own size; three of them are 3024 pixels wide


def read(folder: Path) -> Parts:
    """The photographs of a folder with one subfolder a digit; a fifth of each digit is the test."""

    def decode() -> dict[str, np.ndarray]:
        files = sorted(folder.glob("[0-9]/*.JPG"), key=lambda file: file.relative_to(folder).as_posix())
        return {"x": stack(files, _SIDE), "y": np.array([int(file.parent.name) for file in files], np.int64)}

    arrays = keep_arrays("sign_digits-1", decode)
    return *share_out(arrays["x"], arrays["y"], test_share=0.2), tuple("0123456789")
