"""The widget Bits in Python, against Keras with its weights set to the rounded ones."""

import keras
import numpy as np
import pytest
from displayed import words_of
from keras import layers

from dlcourse.data import load
from dlcourse.errors import CourseError
from dlcourse.lens import dequantise, quantise, stored_bytes
from dlcourse.widgets import Bits
from dlcourse.widgets.bits.examples import MOST, examples_of
from dlcourse.widgets.shared.picture_batch import packed_numbers

RNG = np.random.default_rng(3)
X = RNG.normal(0, 1, (60, 12, 10, 1)).astype("float32")
Y = RNG.integers(0, 4, 60)


def network(browser=True):
    """With layers that the browser can run, or with one that only Python can."""
    keras.utils.set_random_seed(2)
    kind = layers.Conv2D if browser else layers.Conv2DTranspose
    return keras.Sequential(
        [
            keras.Input((12, 10, 1)),
            kind(6, 3, activation="relu", name="first"),
            layers.BatchNormalization(name="norm"),
            layers.Conv2D(5, 3, name="second"),
            layers.Flatten(),
            layers.Dense(4, "softmax", name="classes"),
        ],
        name="mine",
    )


def classes_by_keras(model, weights, x):
    """What the model says with other weights."""
    other = keras.models.clone_model(model)
    other.set_weights(weights)
    return np.argmax(other(x, training=False), -1)


@pytest.fixture(scope="module")
def model():
    return network()


# --- the network at hand ---------------------------------------------------------------------------------------------


def test_without_a_model_a_small_network_reads_digits_and_loses_accuracy_bit_by_bit():
    widget = Bits()
    assert widget.bits == {"hidden1": 8, "hidden2": 8, "digits": 8}
    assert widget.layer == "hidden1"
    assert widget.accuracy > 0.9
    assert widget.changed == []
    weights = 784 * 32 + 32 * 16 + 16 * 10
    assert widget.size == weights + 3 * 4 + (32 + 16 + 10) * 4
    widget.bits = 3
    assert 0 < len(widget.changed) < 80
    assert widget.size == sum(stored_bytes(n, 3) for n in (784 * 32, 32 * 16, 160)) + 58 * 4
    widget.bits = 2
    assert widget.accuracy < 0.6
    widget.bits = 32
    assert widget.changed == []
    assert widget.size == 4 * (weights + 58)


def test_its_weights_are_those_of_a_keras_model_of_the_same_layers():
    widget = Bits(bits=4)
    steps = [layers.Dense(32, "relu"), layers.Dense(16, "relu"), layers.Dense(10, "softmax")]
    model = keras.Sequential([keras.Input((784,)), *steps])
    model.set_weights(widget.weights())
    digits = load("mnist").test
    outputs = model(digits.x[:400].reshape(400, 784).astype("float32") / np.float32(255))
    np.testing.assert_array_equal(np.argmax(outputs, 1), widget._look().classes)


# --- a learner's model -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("browser", [True, False])
@pytest.mark.parametrize("settings", [{"bits": 2}, {"bits": 2, "symmetric": False, "per_channel": True}])
def test_classes_and_accuracy_are_those_of_keras_with_the_rounded_weights(browser, settings):
    model = network(browser)
    widget = Bits(model, X, Y, **settings)
    expected = classes_by_keras(model, widget.weights(), X)
    before = np.argmax(model(X, training=False), -1)
    assert widget.changed == np.flatnonzero(expected != before).tolist()
    assert widget.accuracy == np.mean(expected == Y)
    assert len(widget.changed) > 0


def test_a_layer_has_bits_of_its_own_and_biases_stay(model):
    widget = Bits(model, X, Y, bits={model.get_layer("second"): 5})
    assert widget.bits == {"first": 32, "second": 5, "classes": 32}
    for variable, values in zip(model.weights, widget.weights(), strict=True):
        whole = np.array(variable)
        expected = dequantise(quantise(whole, 5)) if variable.path.endswith("second/kernel") else whole
        np.testing.assert_array_equal(values, expected)


def test_the_models_own_weights_stay_as_they_are(model):
    before = [np.array(values) for values in model.get_weights()]
    widget = Bits(model, X, Y, bits=2)
    words_of(widget)
    for values, kept in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(values, kept)


def test_what_only_python_can_run_is_answered_by_python():
    model = network(browser=False)
    widget = Bits(model, X, Y)
    assert "cannot run the layer 'first' (Conv2DTranspose)" in widget._model["why"]
    assert widget._examples["values"] is None
    for settings in ({"bits": 3}, {"symmetric": False}, {"per_channel": True}):
        for name, value in settings.items():
            setattr(widget, name, value)
        assert widget._answers["of"] == {name: getattr(widget, name) for name in ("bits", "symmetric", "per_channel")}
        assert widget._answers["classes"] == classes_by_keras(model, widget.weights(), X).tolist()
    drawn = {tensor["name"]: np.frombuffer(tensor["values"], "float32") for tensor in widget._model["tensors"]}
    np.testing.assert_array_equal(drawn["second"], np.array(model.get_layer("second").kernel).ravel())


def test_what_only_python_can_run_is_asked_once_for_all_that_reset_changes(monkeypatch):
    widget = Bits(network(browser=False), X, Y)
    widget.bits, widget.symmetric, widget.per_channel = 3, False, True
    asked = []
    monkeypatch.setattr(type(widget._shown), "classes_with", lambda _, rounded: asked.append(rounded) or np.zeros(60))
    widget.reset()
    assert len(asked) == 1


def test_a_model_that_has_learned_on_is_shown_anew_with_the_same_bits():
    model = network()
    widget = Bits(model, X, Y, bits=4, layer="second")
    model.get_layer("second").kernel.assign(3 * model.get_layer("second").kernel)
    widget.show_model(model)
    assert (widget.bits, widget.layer) == ({"first": 4, "second": 4, "classes": 4}, "second")
    assert widget._examples["before"] == np.argmax(model(X, training=False), -1).tolist()
    other = keras.Sequential([keras.Input((12, 10, 1)), layers.Flatten(), layers.Dense(4, name="only")])
    widget.show_model(other)
    assert (widget.bits, widget.layer) == ({"only": 4}, "only")
    widget.bits = 2
    widget.reset()
    assert widget.bits == {"only": 4}


# --- examples --------------------------------------------------------------------------------------------------------


def test_labels_come_as_numbers_as_rows_or_not_at_all(model):
    widget = Bits(model, X, Y)
    assert Bits(model, X, np.eye(4)[Y])._examples["labels"] == widget._examples["labels"] == Y.tolist()
    without = Bits(model, X, bits=2)
    assert without.accuracy is None
    assert "accuracy" not in words_of(without)


@pytest.mark.parametrize(("activation", "threshold"), [("sigmoid", 0.5), (None, 0.0)])
def test_one_output_tells_two_classes_apart(activation, threshold):
    keras.utils.set_random_seed(4)
    model = keras.Sequential([keras.Input((5,)), layers.Dense(1, activation)])
    x, y = RNG.normal(size=(30, 5)).astype("float32"), RNG.integers(0, 2, 30).astype(bool)
    widget = Bits(model, x, y, classes=["cat", "dog"], bits=1)
    expected = np.asarray(model(x))[:, 0] > threshold
    assert widget._examples["before"] == expected.astype(int).tolist()
    assert widget._model["classes"] == ["cat", "dog"]
    assert widget._examples["pictures"] is None
    assert words_of(widget)


def test_numbers_travel_as_bytes_where_they_are_bytes():
    digits = load("mnist").test.x[:4]
    for x, divisor in ((digits, 1), (digits / 255, 255), (digits.astype("float32") / 255, 255), (digits / 254, 0)):
        packed, found = packed_numbers(np.asarray(x, "float32"))
        assert found == divisor
        back = packed if divisor == 0 else (packed / divisor).astype("float32")
        np.testing.assert_array_equal(back, np.asarray(x, "float32"))


def test_pictures_are_seen_in_the_examples_or_given():
    digits = load("mnist").test.x[:3]
    for x in (digits, digits.reshape(3, 784), digits[..., None] / 255):
        np.testing.assert_array_equal(examples_of(np.float32(x), None, None).pictures[..., 0], digits)
    standard = examples_of(np.float32((digits - 33.3) / 78.6), None, None).pictures
    assert (standard.min(), standard.max()) == (0, 255)
    given = RNG.integers(0, 256, (3, 100, 150, 3), dtype=np.uint8)
    assert examples_of(np.zeros((3, 7), "float32"), None, given).pictures.shape == (3, 43, 64, 3)
    assert examples_of(np.zeros((3, 7), "float32"), None, None).pictures is None


def test_no_more_examples_are_asked_than_a_page_can_hold():
    assert len(examples_of(np.zeros((MOST + 5, 10), "float32"), None, None).x) == MOST
    assert len(examples_of(np.zeros((60, 300, 300, 1), "float32"), None, None).x) == 22


# --- what it refuses -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"bits": 0}, "`bits` must be a whole number from 1 to 16, or 32 for weights as they are, but it is 0"),
        ({"bits": {"secnd": 3}}, "There is no layer with weights 'secnd'. Did you mean 'second'"),
        ({"layer": "norm"}, "There is no layer with weights 'norm'"),
        ({"symmetric": 1}, "`symmetric` must be True or False"),
        ({"y": Y / 7}, "`y` must hold a class for each example"),
        ({"images": np.zeros((59, 8, 8))}, "`images` holds 59 pictures for 60 examples"),
        ({"images": np.zeros((60, 8))}, r"`images` has the shape \(60, 8\)"),
        ({"classes": ["a"]}, "`classes` must be 4 names"),
        ({"bit": 3}, "There is no argument of Bits 'bit'"),
    ],
)
def test_what_does_not_fit_is_told_in_a_sentence(model, arguments, sentence):
    with pytest.raises(CourseError, match=sentence):
        Bits(model, **{"x": X, "y": Y} | arguments)


def test_models_and_examples_belong_together(model):
    with pytest.raises(CourseError, match="pass examples as well, as in Bits"):
        Bits(model)
    with pytest.raises(CourseError, match="`x` is for a model of yours"):
        Bits(x=X)
    flat = keras.Sequential([keras.Input((12, 10, 1)), layers.Flatten()])
    with pytest.raises(CourseError, match="has no weights to take bits from"):
        Bits(flat, X)
    with pytest.raises(CourseError, match="one output for each"):
        Bits(keras.Sequential([keras.Input((12, 10, 1)), layers.Conv2D(2, 3)]), X)


# --- where no widget lives -------------------------------------------------------------------------------------------


def test_words_and_still_follow_what_is_set(model):
    widget = Bits(model, X, Y, bits=8)
    words, still = words_of(widget), widget._still(widget._look()).png()
    widget.bits = {"first": 2, "classes": 4}
    assert "2 to 32 bits a weight" in words_of(widget)
    assert words_of(widget) != words
    assert widget._still(widget._look()).png() != still
