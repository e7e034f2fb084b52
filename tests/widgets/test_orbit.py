"""Orbit from Python; the pure modules are in test_orbit_js.py, the browser is in tests/browser/test_orbit.py."""

import base64
import io
import subprocess
import sys

import keras
import numpy as np
import pytest
from displayed import words_of
from keras import layers
from PIL import Image

from dlcourse.data import load
from dlcourse.errors import CourseError
from dlcourse.lens import transformed
from dlcourse.widgets import Orbit
from dlcourse.widgets.orbit.asked import affordable
from dlcourse.widgets.orbit.ways import WAYS
from dlcourse.widgets.shared.palette import PALETTE, rgb


def network(seed=1, form=(28, 28, 1), classes=10, name="net", activation="softmax", browser=True):
    """With layers that the browser can run, or with one that only Python can."""
    deep = [] if browser else [layers.Reshape((28, 28, 1)), layers.Conv2DTranspose(1, 3)]
    parts = [keras.Input(form), *deep, layers.Flatten(), layers.Dense(classes, activation=activation)]
    model = keras.Sequential(parts, name=name)
    generator = np.random.default_rng(seed)
    model.set_weights([generator.normal(0, 0.2, weight.shape) for weight in model.weights])
    return model


@pytest.fixture(scope="module")
def digits():
    return load("mnist").test


# the numbers


def test_the_default_is_a_full_demonstration():
    widget = Orbit()
    sweep = widget.sweep()
    assert [network.name for network in widget._asked] == ["plain", "augmented"]
    straight, tilted = WAYS["turn"].count // 2, WAYS["turn"].count // 2 + 9  # 45 degrees to the left
    assert (sweep.shares[:, straight] > 0.5).all()
    assert sweep.shares[1, tilted] > 0.5 > sweep.shares[0, tilted]  # what there is to discover
    assert sweep.rivals[0, 0] == 9  # upside down
    assert sweep.accuracy[:, len(sweep.set_values) // 2].min() > 0.85
    assert sweep.accuracy[1, 15] > sweep.accuracy[0, 15] + 0.2


def test_it_runs_without_keras():
    program = "import sys\nfrom dlcourse.widgets import Orbit\nOrbit().probabilities()\nprint(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"tensorflow", "keras", "matplotlib"} & set(loaded)


@pytest.mark.parametrize("way", list(WAYS))
def test_the_places_of_a_way_hold_the_unchanged_picture(way):
    places = WAYS[way].places
    assert (places[0], places[-1]) == pytest.approx((WAYS[way].low, WAYS[way].high))
    for every in (1, WAYS[way].of_set, WAYS[way].of_film):
        assert (len(places) - 1) % every == 0
        assert np.abs(places[::every] - WAYS[way].neutral).min() < 1e-12


@pytest.mark.parametrize("activation", ["softmax", None])
@pytest.mark.parametrize("form", [(784,), (28, 28), (28, 28, 1)])
def test_curves_are_what_keras_says_of_each_place(form, activation, digits):
    model = network(form=form, activation=activation)
    widget = Orbit(model, digits.x[7], label=4, scale="0 to 255", shift_x=0.1, light=0.8, way="size")
    sweep = widget.sweep()
    for place in (0, 24, 31, 48):
        changed = transformed(digits.x[7] / 255, shift_x=0.1, light=0.8, size=sweep.values[place])
        scores = np.asarray(model(changed.reshape(1, *form) * 255))[0]
        shares = scores if activation else np.asarray(keras.ops.softmax(scores))
        assert sweep.shares[0, place] == pytest.approx(shares[4], abs=1e-5)
        others = np.delete(shares, 4)
        assert sweep.others[0, place] == pytest.approx(others.max(), abs=1e-5)
        assert np.delete(np.arange(10), 4)[others.argmax()] == sweep.rivals[0, place]


def test_accuracy_is_that_of_keras_on_the_changed_set(digits):
    model = network()
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = digits.x[::25], digits.y[::25]
    widget = Orbit(model, 3, x=x, y=y, scale="0 to 1", light=0.5)
    sweep = widget.sweep()
    assert (sweep.pictures, sweep.accuracy.shape) == (40, (1, 25))
    changed = transformed(x[..., None] / 255, turn=sweep.set_values[14], light=0.5)
    assert sweep.accuracy[0, 14] == pytest.approx(model.evaluate(changed, y, verbose=0)[1], abs=1e-6)


def test_two_models_are_asked_each_in_its_own_way(digits):
    scaled = keras.Sequential([keras.Input((28, 28, 1)), layers.Rescaling(1 / 255), network()], name="scaled")
    widget = Orbit(picture=digits.x[0], models={"raw": network(), "own": scaled}, scale={"raw": "0 to 1"}, turn=20)
    first, second = widget.probabilities().values()
    np.testing.assert_allclose(first, second, atol=1e-6)
    assert list(widget.probabilities()) == ["raw", "own"]


def test_a_set_sorted_by_class_is_picked_evenly_and_has_a_limit(digits):
    order = np.argsort(digits.y, kind="stable")
    widget = Orbit(network(), x=digits.x[order], y=digits.y[order], scale="0 to 1")
    assert len(widget._examples.x) == 200
    counts = np.bincount(widget._examples.y, minlength=10)
    assert counts.min() > 10
    assert np.bincount(widget._examples.y[:40], minlength=10).min() > 0  # also of those that are looked at first


def test_a_photograph_is_cut_to_what_the_model_takes():
    colours = keras.Sequential([keras.Input((20, 30, 3)), layers.Flatten(), layers.Dense(4)], name="colours")
    widget = Orbit(colours, "cat", scale="0 to 255", classes=["a", "b", "c", "d"], label="c")
    assert widget.picture.pixels.shape == (20, 30, 3)
    assert widget.label == 2
    assert widget.input.shape == (20, 30, 3)


def test_a_large_network_is_asked_about_fewer_pictures():
    widget = Orbit()
    large = [type(widget._asked[0])(**vars(widget._asked[0]) | {"multiplications": 1e9})]
    assert affordable(widget._asked, 25, 200) == 200
    assert affordable(large, 25, 200) == 8
    assert affordable(large, 25, 3) == 3


# state


def test_the_class_is_what_the_first_model_says_where_nobody_else_does(digits):
    model = network()
    widget = Orbit(model, digits.x[5], scale="0 to 1")
    assert widget.label is None
    assert widget._class() == np.asarray(model(digits.x[5].reshape(1, 28, 28, 1) / 255)).argmax()
    assert Orbit(model, 5, x=digits.x, y=digits.y, scale="0 to 1").label == digits.y[5]


def test_traits_are_set_and_set_back(digits):
    widget = Orbit(network(), digits.x[1], label=1, scale="0 to 1", turn=-20)
    widget.turn, widget.way, widget.picture, widget.label = 90, "light", digits.x[2], "3"
    assert widget.label == 3
    widget.reset()
    assert (widget.turn, widget.way, widget.label) == (-20, "turn", 1)
    np.testing.assert_array_equal(widget.picture.pixels[:, :, 0], digits.x[1])


def test_what_only_python_can_run_is_computed_once_for_each_orbit(digits, monkeypatch):
    model = network(browser=False)
    calls = []
    sweep = sys.modules["dlcourse.widgets.orbit"].sweep
    monkeypatch.setattr("dlcourse.widgets.orbit.sweep", lambda *given: calls.append(given) or sweep(*given))
    widget = Orbit(model, digits.x[0], label=7, scale="0 to 1")
    assert "Conv2DTranspose" in widget._models["list"][0]["why"]
    assert len(calls) == 1
    widget.turn = 60  # along the orbit nothing is new
    assert len(calls) == 1
    widget.set_state({"way": "light", "light": 0.7, "turn": 30.0})
    assert len(calls) == 2
    assert widget._curves["orbit"] == ["light", 30, 0, 0, 1, None, "nearest", 7, "your picture"]
    np.testing.assert_allclose(widget._curves["shares"], widget.sweep().shares, atol=1e-6)
    widget.show_model(network(seed=2, browser=False), scale="0 to 1")
    np.testing.assert_allclose(widget._curves["shares"], widget.sweep().shares, atol=1e-6)
    widget.show_model(network(), scale="0 to 1")
    assert widget._curves == {}


def model_of(form, name="other"):
    return keras.Sequential([keras.Input(form), layers.Flatten(), layers.Dense(10)], name=name)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"model": 3}, "`model` must be a Keras model, but it is of type int."),
        ({"scale": None}, 'write Orbit(model, scale="0 to 1")'),
        ({"scale": {"nett": "0 to 1"}}, "`scale` names ['nett'], but the models are called net."),
        ({"picture": None}, "Orbit needs a picture: give picture=x_test[0]"),
        ({"picture": np.full((28, 28), np.nan)}, "values that are NaN or infinite"),
        ({"label": 10}, "`label` is 10, but there are 10 classes, counted from 0."),
        ({"label": "cat"}, "There is no class 'cat'."),
        ({"label": 1.5}, "`label` must be the number or the name of a class, but it is 1.5."),
        ({"classes": ["a", "b"]}, "`classes` must be 10 names"),
        ({"models": 3}, "`models` must be models by their names"),
        ({"models": [network(), network(name="third")]}, "there are 3."),
        ({"models": [network()]}, "Both models are called 'net': give them names"),
        ({"models": [model_of((20, 28, 1))]}, "The models differ in their pictures of: net (28, 28, 1) and other"),
        ({"models": [network(classes=4, name="other")]}, "The models differ in their classes: net 10 and other 4."),
        ({"model": model_of((7,))}, "which are no pictures"),
        ({"x": np.zeros((3, 28, 28))}, "`x` is given without `y`"),
        ({"y": [1]}, "`y` is given without `x`"),
        ({"x": np.zeros((3, 28, 28)), "y": [1, 2]}, "`x` holds 3 pictures but `y` 2 classes"),
        ({"x": np.zeros((3, 28, 28)), "y": np.eye(10)[:3]}, "of one-hot rows take y.argmax(1)."),
        ({"x": np.zeros((2, 28, 28)), "y": [1, 12]}, "`y` holds classes from 1 to 12, but the model has 10 outputs"),
        ({"x": np.zeros((2, 28, 28)), "y": [1, 2], "picture": 2}, "`picture` is 2, but `x` holds 2 pictures"),
        ({"turn": 181}, "`turn` must be a number from -180 to 180, but it is 181."),
        ({"size": 0.4}, "`size` must be a number from 0.5 to 2, but it is 0.4."),
        ({"light": "dark"}, "`light` must be a number from 0.1 to 1.5, but it is 'dark'."),
        ({"way": "zoom"}, "There is no way 'zoom'."),
        ({"fill": "wrap"}, "There is no fill 'wrap'."),
        ({"rotate": 3}, "There is no argument of Orbit 'rotate'."),
    ],
)
def test_a_mistake_is_told_in_a_sentence(arguments, sentence):
    usable = {"model": network(), "picture": np.zeros((28, 28)), "scale": "0 to 1"}
    with pytest.raises(CourseError) as error:
        Orbit(**(usable | arguments))
    assert sentence in str(error.value)


def test_models_of_other_pictures_do_not_take_the_place_of_these():
    widget = Orbit(network(), np.zeros((28, 28)), scale="0 to 1")
    with pytest.raises(CourseError, match="make a new Orbit"):
        widget.show_model(model_of((20, 28, 1)), scale="0 to 1")


@pytest.mark.parametrize("way", list(WAYS))
def test_a_still_picture_and_words_stand_in_for_it(way):
    widget = Orbit(way=way, **{way: WAYS[way].low})
    data, metadata = widget._repr_mimebundle_()
    png = base64.b64decode(data["image/png"])
    assert len(png) < 150_000
    with Image.open(io.BytesIO(png)) as still:
        assert still.width == 2 * metadata["image/png"]["width"]
        colours = np.asarray(still.convert("RGB")).reshape(-1, 3).astype(int)
    for colour in (PALETTE["window"], PALETTE["categorical"][0], PALETTE["categorical"][5]):
        assert (np.abs(colours - rgb(colour)).sum(1) < 60).sum() > 150
    assert data["text/plain"] == words_of(widget)


def test_the_words_tell_what_is_done_and_how_far_each_bears_it():
    words = words_of(Orbit(turn=40, shift_y=-0.04))
    assert words.startswith("Orbit: a picture of 6, turned 40° to the left, moved up by 4 %. plain says ")
    assert "6 is read by plain from −" in words
    assert "Of 200 pictures changed alike (45°), right: plain " in words
    assert "all the way" in words_of(Orbit(way="light"))
    assert "6 is read by plain not even at 0°" in words_of(Orbit(shift_y=-0.4))
