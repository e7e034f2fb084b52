"""The data sets that Keras loads: its own loaders and its own cache, so that one download serves both.

What Keras' loaders lack (a mirror, resumption, time-outs, one process at a time) `RemoteFile` adds, by putting the
verified file where Keras looks for it. The addresses and digests in the catalogue are Keras' own; a test holds them
against its source.
"""

import os
import pickle
import shutil
from pathlib import Path

import numpy as np

from dlcourse.data.dataset import Parts, Split
from dlcourse.data.mnist import CLASSES


def keras_cache() -> Path:
    """The folder where Keras keeps data sets; known without importing Keras."""
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path.home() / ".keras") / "datasets"


def settle(path: Path, cached: Path) -> None:
    """Put a verified file from a mirror where Keras looks for it."""
    if path != cached:
        cached.parent.mkdir(parents=True, exist_ok=True)
        part = cached.with_name(f"{cached.name}.part")
        shutil.copyfile(path, part)
        part.replace(cached)


def mnist() -> Parts:
    """All of MNIST."""
    from keras.datasets import mnist

    return *_splits(mnist.load_data()), CLASSES


def fashion_mnist() -> Parts:
    """All of Fashion-MNIST."""
    from keras.datasets import fashion_mnist

    classes = "T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot"
    return *_splits(fashion_mnist.load_data()), tuple(classes.split(","))


def cifar10() -> Parts:
    """All of CIFAR-10."""
    from keras.datasets import cifar10

    classes = "airplane automobile bird cat deer dog frog horse ship truck"
    return *_splits(cifar10.load_data()), tuple(classes.split())


def cifar100() -> Parts:
    """All of CIFAR-100, with its 100 fine classes."""
    from keras.datasets import cifar100

    splits = _splits(cifar100.load_data())
    names = keras_cache() / "cifar-100-python-target/cifar-100-python/meta"
    with names.open("rb") as file:
        return *splits, tuple(pickle.load(file)["fine_label_names"])  # of the archive that was verified


def imdb(num_words: int | None = None) -> Parts:
    """Film reviews as lists of word numbers; words rarer than the `num_words` most frequent become 2."""
    from keras.datasets import imdb

    return *_splits(imdb.load_data(num_words=num_words)), ("negative", "positive")


def reuters(num_words: int | None = None) -> Parts:
    """News wires as lists of word numbers; words rarer than the `num_words` most frequent become 2."""
    from keras.datasets import reuters

    return *_splits(reuters.load_data(num_words=num_words)), reuters.get_label_names()


def housing() -> Parts:
    """Californian districts: eight numbers each, and the median price of a house."""
    from keras.datasets import california_housing

    return *_splits(california_housing.load_data()), ()


def _splits(
    loaded: tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]],
) -> tuple[Split, Split]:
    (train_x, train_y), (test_x, test_y) = loaded
    return Split(train_x, _answers(train_y)), Split(test_x, _answers(test_y))


def _answers(y: np.ndarray) -> np.ndarray:
    return y.reshape(-1).astype(np.float32 if y.dtype.kind == "f" else np.int64)
