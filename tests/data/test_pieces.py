"""Pieces of photographs: what to test on shares no pixel with what to learn from."""

import itertools

import numpy as np
import pytest

from dlcourse.data import pieces as module
from dlcourse.data.photos import NAMES
from dlcourse.data.pieces import pieces
from dlcourse.errors import CourseError


@pytest.fixture
def numbered(monkeypatch):
    """One photograph for each class, whose four quarters are of four even shades that survive a change of light."""
    picture = np.repeat(np.repeat([[40, 80], [120, 160]], 200, axis=0), 300, axis=1).astype(np.uint8)
    monkeypatch.setattr(module, "photo", lambda name: np.repeat(picture[..., None], 3, axis=2))
    monkeypatch.setattr(module, "_LIGHTS", (1.0, 1.0))


def test_each_part_has_quarters_of_its_own(numbered):
    shades = {part: set(np.unique(pieces(part, 6).x).tolist()) for part in ("train", "held", "test")}
    assert shades == {"train": {40, 160}, "held": {80}, "test": {120}}
    assert all(not one & other for one, other in itertools.combinations(shades.values(), 2))


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
