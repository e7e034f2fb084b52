"""The public data sets, where a mirror has them."""

import os
from pathlib import Path

import numpy as np
import pytest

from dlcourse.data import CATALOGUE, load
from dlcourse.data.mnist import IDX_FILES

MIRROR = os.environ.get("DLCOURSE_MIRROR")
pytestmark = pytest.mark.skipif(not MIRROR, reason="DLCOURSE_MIRROR names no folder with the public files")


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "sign_digits", "shakespeare"])
def test_the_full_set_is_as_its_entry_says(name, monkeypatch):
    monkeypatch.setenv("DLCOURSE_MIRROR", MIRROR)
    full = load(name, "full")
    assert (len(full.train), len(full.test)) == CATALOGUE[name].full.counts
    assert set(np.unique(full.test.y)) == set(range(len(full.classes))) or name == "shakespeare"


def test_the_originals_of_mnist_hold_the_small_set(monkeypatch):
    assert all((Path(MIRROR) / "mnist" / name).is_file() for name in IDX_FILES)
    monkeypatch.setenv("DLCOURSE_MIRROR", MIRROR)
    full = load("mnist", "full")
    known = {picture.tobytes(): label for picture, label in zip(full.train.x, full.train.y, strict=True)}
    digits = load("mnist")
    for picture, label in zip(digits.test.x, digits.test.y, strict=True):
        assert known[picture.tobytes()] == label
