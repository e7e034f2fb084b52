"""Pieces of photographs: what to test on shares no pixel with what to learn from."""

import numpy as np
import pytest

from dlcourse.data import pieces as module
from dlcourse.data.photos import NAMES
from dlcourse.data.pieces import pieces
from dlcourse.errors import CourseError


@pytest.fixture
def numbered(monkeypatch):
    """One photograph for all classes, whose sixteen fields are of even shades; a change of contrast keeps these."""
    shades = 10 * np.arange(16).reshape(4, 4)
    picture = np.repeat(np.repeat(shades, 100, axis=0), 150, axis=1).astype(np.uint8)
    monkeypatch.setattr(module, "photo", lambda name: np.repeat(picture[..., None], 3, axis=2))
    monkeypatch.setattr(module, "_LIGHTS", (1.0, 1.0))


def test_each_part_has_fields_of_its_own(numbered):
    shades = {part: set(np.unique(pieces(part, 8).x // 10).tolist()) for part in ("train", "held", "test")}
    assert shades == {"train": {0, 2, 5, 7, 8, 10, 13, 15}, "held": {1, 3, 9, 11}, "test": {4, 6, 12, 14}}


def test_the_first_pieces_of_a_seed_stay_the_same():
    few, more = pieces("train", 2, seed=3), pieces("train", 5, seed=3)
    assert (more.x.reshape(16, 5, 96, 96, 3)[:, :2] == few.x.reshape(16, 2, 96, 96, 3)).all()
    assert not (pieces("train", 2, seed=4).x == few.x).all()


def test_they_are_grey_and_labelled_by_their_photograph():
    held = pieces("held", 2)
    assert held.x.shape == (32, 96, 96, 3)
    assert held.x.dtype == np.uint8
    assert (held.x[..., 0] == held.x[..., 1]).all()
    assert [NAMES[label] for label in held.y[:4]] == ["astronaut", "astronaut", "brick", "brick"]


def test_what_cannot_be_made_is_told():
    with pytest.raises(CourseError, match="held, test, train"):
        pieces("all", 2)
    with pytest.raises(CourseError, match="per_class"):
        pieces("held", 0)
