"""Lesson 5.2 shows records: they are whole, their claims hold, and a shortened part comes out again."""

import json
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers
from notebooks.scripts import benchmark

ROOT = Path(__file__).parents[2]
RECORDS = ROOT / "course/05_pretrained/records"
SEEDS = {0, 1, 2}


def record(name):
    return json.loads((RECORDS / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def script():
    return benchmark("transfer_gap")


@pytest.mark.parametrize(("name", "numbers"), [("transfer", {5, 20}), ("sign_digits", {20}), ("transfer_pets", {20})])
def test_a_record_holds_every_run_once_and_was_made_by_the_script_as_it_is(script, name, numbers):
    kept = record(name)
    runs = [(run["number"], run["seed"]) for run in kept["runs"]]
    assert len(set(runs)) == len(runs)
    assert set(runs) >= {(number, seed) for number in numbers for seed in SEEDS}
    assert kept["scratch_epochs"] == script.SCRATCH_EPOCHS
    assert kept["head_epochs"] == script.HEAD_EPOCHS


@pytest.mark.parametrize("name", ["transfer", "transfer_pets"])
def test_with_twenty_photographs_a_class_transfer_leads_the_better_rival(script, name):
    leads = script.gaps(record(name)["runs"])
    assert len(leads) == 3
    assert np.mean(leads) >= script.LEAST_GAP


def test_four_times_as_many_epochs_from_scratch_do_not_close_the_gap(script):
    kept = record("transfer_longer")
    assert kept["scratch_epochs"] == {way: 4 * epochs for way, epochs in script.SCRATCH_EPOCHS.items()}
    assert min(script.gaps(kept["runs"])) >= script.LEAST_GAP


def test_a_large_rate_and_batch_normalisation_in_training_mode_cost_accuracy():
    kept = record("fine_tuning")
    assert {run["seed"] for run in kept["runs"]} == SEEDS
    for run in kept["runs"]:
        assert run["large"] < run["small"] - 0.4
        assert run["batch norm"] < min(run["small"], run["frozen"])


@pytest.mark.slow
def test_a_shortened_part_of_the_record_comes_out_again(script):
    """Features of four classes and their head, and a few steps from scratch: transfer leads here, too."""
    pictures = script.of_photographs(5, 0)
    learn, test = pictures.y < 4, pictures.y_test < 4
    base = script.frozen_base()
    features, features_test = (base.predict(x, verbose=0) for x in (pictures.x[learn], pictures.x_test[test]))
    head = script.with_head(features, pictures.y[learn], 4, seed=0)
    transfer = script.accuracy(head, features_test, pictures.y_test[test])
    model = script.from_scratch(script.smaller(pictures.x[learn]), pictures.y[learn], 4, 0, augmented=False, epochs=10)
    scratch = script.accuracy(model, script.smaller(pictures.x_test[test]), pictures.y_test[test])
    assert transfer > 0.8
    assert transfer - scratch > 0.15


def test_fit_replaces_training_false_in_a_functional_model_and_a_frozen_layer_stays():
    """As the lesson says of Keras 3.15; where this fails, the lesson's paragraph has to change."""
    inputs = keras.Input((4,))
    base = keras.Model(inputs, layers.BatchNormalization(name="norm")(inputs))
    norm = base.get_layer("norm")
    moved = {}
    for trainable in (True, False):
        norm.trainable = trainable
        outer = keras.Input((4,))
        model = keras.Model(outer, layers.Dense(1)(base(outer, training=False)))
        model.compile("sgd", "mse")
        before = np.array(norm.moving_mean)
        model.fit(np.full((8, 4), 3.0), np.zeros(8), epochs=1, verbose=0)
        moved[trainable] = np.abs(np.array(norm.moving_mean) - before).max()
    assert moved[True] > 0.01
    assert moved[False] == 0
