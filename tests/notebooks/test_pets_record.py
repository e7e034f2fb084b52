"""Lesson 5.1 shows a record: it is whole, the script makes it as the lesson says, and a part of it comes out again."""

import json
import os
from pathlib import Path

import keras
import nbformat
import numpy as np
import pytest
from notebooks.scripts import benchmark
from PIL import Image

from dlcourse.data.photos import photo
from dlcourse.nets import imagenet_classes, prepare, pretrained

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "course/05_pretrained"
RECORD = json.loads((FOLDER / "records/pets.json").read_text(encoding="utf-8"))
MIRROR = os.environ.get("DLCOURSE_MIRROR")
PETS = Path(MIRROR or ".") / "pets_sample"


@pytest.fixture(scope="module")
def script():
    return benchmark("pretrained_pets")


@pytest.fixture(scope="module")
def lesson():
    """What the lesson's cells about preparation and the flap's camera define."""
    namespace = {"Image": Image, "keras": keras, "np": np, "prepare": prepare}
    for cell in nbformat.read(FOLDER / "01_a_pretrained_classifier.ipynb", 4).cells:
        if {"wrong-ways", "camera"} & set(cell.metadata.get("tags", [])):
            exec(cell.source, namespace)
    return namespace


@pytest.fixture(scope="module")
def model():
    return pretrained()


def test_the_record_holds_every_photograph_with_each_seed(script):
    assert list(RECORD["accuracies"]) == list(script.PREPARED)
    assert len(RECORD["breeds"]) == len(RECORD["cats"]) == len(RECORD["day"]) == 370
    assert [len(scores) for scores in RECORD["dusk"]] == [370] * len(script.SEEDS)
    assert RECORD["known"] == sum(breed in script.CLASS_OF for breed in RECORD["breeds"]) == 250
    assert sum(RECORD["cats"]) == 120
    assert len(RECORD["sphynx"]) == RECORD["breeds"].count("Sphynx") == 10


@pytest.mark.parametrize("name", ["cat", "motorcycle"])
def test_the_lesson_and_the_script_prepare_alike(script, lesson, name):
    ways = {"right": prepare, **lesson["wrong"]}
    assert set(ways) == set(script.PREPARED)
    for way, preparation in ways.items():
        assert np.array_equal(preparation(photo(name)), script.PREPARED[way](photo(name))), way
        assert preparation(photo(name)).shape == (224, 224, 3)


def test_the_lesson_and_the_script_see_and_score_alike(script, lesson):
    pictures = [photo("cat"), photo("coffee")]
    theirs, ours = (see(pictures, np.random.default_rng(3)) for see in (lesson["at_dusk"], script.at_dusk))
    assert np.array_equal(theirs, ours)
    probabilities = np.random.default_rng(0).dirichlet(np.ones(1000), 5)
    assert np.allclose(lesson["cat_score"](probabilities), script.cat_score(probabilities))


@pytest.mark.slow
def test_what_the_script_measures_can_be_told_beforehand(script, model):
    measured = script.measure(
        model, ["Egyptian_Mau", "sphynx"], np.array([True, False]), [photo("cat"), photo("coffee")]
    )
    assert measured["known"] == 1
    assert measured["day"][0] > 0.95
    assert len({tuple(scores) for scores in measured["dusk"]}) == len(script.SEEDS)


@pytest.mark.slow
@pytest.mark.skipif(not PETS.is_dir(), reason="DLCOURSE_MIRROR names no folder with pets_sample")
def test_a_shortened_part_comes_out_again(script, model):
    breeds, cats, photographs = script.photographs_of(PETS)
    assert breeds == RECORD["breeds"]
    assert cats.tolist() == [bool(cat) for cat in RECORD["cats"]]
    hairless = [number for number, breed in enumerate(breeds) if breed == "Sphynx"]
    some = [*hairless, *range(0, 370, 25)]
    answers = model.predict(np.stack([prepare(photographs[number]) for number in some]), verbose=0)
    assert np.allclose(script.cat_score(answers), np.array(RECORD["day"])[some], atol=0.01)
    assert [imagenet_classes()[each.argmax()] for each in answers[: len(hairless)]] == RECORD["sphynx"]
