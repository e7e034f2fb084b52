"""Lesson 5.4 shows pictures that a script has made: they are there, and a shortened part of it does the same."""

from pathlib import Path

import numpy as np
import pytest
from notebooks.scripts import benchmark
from PIL import Image

from dlcourse import lens

ROOT = Path(__file__).parents[2]
RECORDS = ROOT / "course/05_pretrained/records"
LONGER = 96  # pixels of the pictures here


@pytest.fixture(scope="module")
def script():
    return benchmark("gradient_pictures")


@pytest.fixture(scope="module")
def network(script):
    return script.any_size()


def record(name):
    return np.asarray(Image.open(RECORDS / name), "float32")


@pytest.mark.parametrize("name", ["04_dream.jpg", "04_style.jpg"])
def test_the_records_are_of_the_photograph_and_small(script, name):
    photograph = script.sized("china", 576)
    picture = record(name)
    assert picture.shape == photograph.shape
    assert (RECORDS / name).stat().st_size < 300_000
    assert np.corrcoef(picture.mean(-1).ravel(), photograph.mean(-1).ravel())[0, 1] > 0.5
    assert np.abs(picture - photograph).mean() > 15


@pytest.mark.slow
def test_the_painting_is_the_scripts_own(script):
    painting = np.asarray(script.strokes(), "float32")
    assert np.corrcoef(record("04_strokes.jpg").ravel(), painting.ravel())[0, 1] > 0.95  # but for a JPEG's loss


@pytest.mark.slow
def test_a_short_dream_raises_the_energy_of_both_layers(script, network):
    photograph = script.sized("china", LONGER)
    dreamt = script.dream(network, photograph, octaves=1, steps=10)
    assert dreamt.shape == photograph.shape
    for layer in script.DREAM_LAYERS:
        before, after = (lens.activations(network, x[None], [layer])[layer] for x in (photograph, dreamt))
        assert np.mean(after**2) > 1.15 * np.mean(before**2)


@pytest.mark.slow
def test_a_short_transfer_comes_nearer_to_the_painting(script, network):
    painting = record("04_strokes.jpg")
    picture, losses = script.in_style(network, script.sized("china", LONGER), painting, steps=3, rates={1: 6.0})
    assert picture.shape == script.sized("china", LONGER).shape
    assert losses[-1] < 0.8 * losses[0]
