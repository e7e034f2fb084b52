"""Lesson 4.1 shows a record: it is whole, it is of the lesson's own network, and a shortened part comes out again."""

import json
import math
from pathlib import Path

import keras
import nbformat
import numpy as np
import pytest
from notebooks.scripts import benchmark

from dlcourse.data import load

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "course/04_augmentation_deployment"
RECORD = json.loads((FOLDER / "records/01_augmentation.json").read_text(encoding="utf-8"))
SEEDS = (0, 1, 2)


@pytest.fixture(scope="module")
def script():
    return benchmark("augmentation_gain")


@pytest.fixture(scope="module")
def lesson():
    """What the lesson's cells about layers and network define."""
    namespace = {"keras": keras, "math": math, "np": np}
    for tag in ("own-layer", "keras-layers", "the-network"):
        for cell in nbformat.read(FOLDER / "01_augmentation.ipynb", 4).cells:
            if tag in cell.metadata.get("tags", []):
                exec(cell.source.partition("\n\n\nkeras.utils")[0], namespace)  # what it defines, without the figure
    return namespace


def described(model):
    """Kind and settings of each layer, those of a nested model in its place."""
    layers = [part for layer in model.layers for part in getattr(layer, "layers", [layer])]
    return [(type(layer).__name__, settings(layer)) for layer in layers]


def settings(layer):
    if type(layer).__name__ == "RandomLight":  # it can be trained, but not saved
        return layer.low, layer.high
    return {name: value for name, value in layer.get_config().items() if name not in ("name", "seed", "build_config")}


def test_the_record_holds_every_run_and_was_made_by_the_script_as_it_is(script):
    study = script.STUDIES["signs"]
    wanted = {(*run, seed) for run in study.with_all_seeds for seed in SEEDS} | {(*run, 0) for run in study.runs}
    held = [(run["way"], run["count"], run["seed"]) for run in RECORD["runs"]]
    assert set(held) >= wanted
    assert len(set(held)) == len(held)
    assert RECORD["epochs"] == {way: script.epochs_of(way, 1000) for way in script.WAYS}
    assert tuple(RECORD["lights"]) == script.LIGHTS
    for run in RECORD["runs"]:
        assert len(run["by_light"]) == (len(RECORD["lights"]) if run["count"] == 500 else 0)
        assert np.isclose(np.mean(run["by_class"]), run["accuracy"], atol=0.01)


def test_its_claims_hold_for_the_record(script):
    runs = RECORD["runs"]
    few, augmented, many = (script.mean(runs, *run) for run in (("plain", 1000), ("augmented", 1000), ("plain", 5000)))
    assert (augmented - few) / (many - few) >= 0.5
    assert script.mean(runs, "augmented", 500) - script.mean(runs, "mirrored", 500) >= 0.02


@pytest.mark.parametrize("way", ["plain", "augmented", "lit"])
def test_the_lesson_and_the_script_train_the_same_networks(script, lesson, way):
    random_changes = lesson["random_changes"]
    front = {"plain": [], "augmented": [random_changes()], "lit": [random_changes(darkest=0.15)]}
    theirs, ours = lesson["network"](*front[way]), script.network(script.WAYS[way](), 16)
    assert described(theirs) == described(ours)


@pytest.mark.slow
def test_a_shortened_part_comes_out_again(script):
    """Without augmentation, which takes longer: the lesson trains both ways and asserts what it gains."""
    signs = load("signs")
    others = signs.train.x[4500:], signs.train.y[4500:]
    pictures = script.Pictures(signs.train.x, signs.train.y, *others, signs.classes)
    plain = script.measure("plain", 250, 0, pictures, epochs=12)
    assert plain["training"] > 0.97
    assert abs(plain["accuracy"] - script.mean(RECORD["runs"], "plain", 250)) < 0.1
