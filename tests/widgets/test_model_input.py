"""Whether a learner's model is given the pixels that it was trained on, or asked for them."""

import base64

import keras
import numpy as np
import pytest
from displayed import words_of
from keras import layers

from dlcourse.data import load
from dlcourse.errors import CourseError
from dlcourse.widgets import DrawDigit, FeatureMaps, picture
from dlcourse.widgets.shared.browser_network import SCALED
from dlcourse.widgets.shared.model_input import pixel_scale

RNG = np.random.default_rng(8)
COLOURS = RNG.integers(0, 256, (6, 9, 3), dtype=np.uint8)
MEANS, STDS = (123.7, 116.3, 103.5), (58.4, 57.1, 57.4)  # of bytes, one for each colour
NETWORK = """
    const bytes = Uint8Array.from(atob(state.weights), (letter) => letter.charCodeAt(0));
    const network = networkOf({ ...state, weights: new DataView(bytes.buffer) });
    return Array.from(forward(network, state.x)[network.output]);
"""


@pytest.fixture(scope="module")
def digits():
    return load("mnist").test


def network(form=(28, 28, 1), front=()):
    model = keras.Sequential([keras.Input(form), *front, layers.Flatten(), layers.Dense(10, "softmax", name="answer")])
    model.layers[-1].set_weights([RNG.normal(0, 0.3, weight.shape) for weight in model.layers[-1].weights])
    return model


def in_browser(in_node, described, x):
    case = described["network"] | {"weights": base64.b64encode(described["network"]["weights"]).decode()}
    body = {"shared/js/browser_network.js": "forward, networkOf"}
    (answer,) = in_node(body, NETWORK, [case | {"x": (x * described["white"]).ravel().tolist()}])
    return answer


# what the learner says


@pytest.mark.parametrize("form", [(784,), (28, 28), (28, 28, 1)])
def test_a_model_trained_on_standardised_digits_gets_standardised_digits(form, digits, in_node):
    mean, std = float(digits.x.mean()), float(digits.x.std())
    model = network(form)
    x = ((digits.x[3].astype("float64") - mean) / std).reshape(1, *form)
    expected = np.asarray(model(x.astype("float32")))[0]

    widget = DrawDigit(model, digits.x[3], scale=(mean, std))
    np.testing.assert_allclose(widget.probabilities, expected, atol=1e-5)
    np.testing.assert_allclose(in_browser(in_node, widget._model, widget.digit), expected, atol=1e-4)
    assert "less 3" in widget._model["pixels"]
    names = {"digit": widget.digit, "model": model}
    np.testing.assert_allclose(np.asarray(eval(f"model({widget._model['given']})", names))[0], expected, atol=1e-5)

    maps = FeatureMaps(model, digits.x[3], scale=(mean, std), layer="answer")
    np.testing.assert_allclose(maps.input, x, atol=1e-5)
    np.testing.assert_allclose(maps.output(), expected, atol=1e-5)
    np.testing.assert_allclose(in_browser(in_node, maps._model, maps._pixels()), expected, atol=1e-4)


def test_each_channel_has_its_own_mean_and_deviation(in_node):
    model = network((6, 9, 3))
    widget = FeatureMaps(model, COLOURS, scale=(MEANS, STDS))
    x = (COLOURS - np.array(MEANS)) / np.array(STDS)
    np.testing.assert_allclose(widget.input[0], x, atol=1e-5)
    np.testing.assert_allclose(
        in_browser(in_node, widget._model, widget._pixels()), np.asarray(model(x[None]))[0], atol=1e-4
    )


def test_what_stands_between_the_picture_and_the_model_can_be_looked_at():
    widget = FeatureMaps(network((6, 9, 3)), COLOURS, scale=(MEANS, STDS))
    assert [layer["name"] for layer in widget._model["layers"][:2]] == ["input", SCALED]
    assert widget.layer not in ("input", SCALED)
    widget.layer = "input"
    np.testing.assert_allclose(widget.output(), COLOURS, atol=1e-4)
    assert "black is 0, white 255" in widget._legend(widget._look(), 3)
    widget.layer = SCALED
    np.testing.assert_array_equal(widget.output(), widget.input[0])
    assert f"layer {SCALED}" in words_of(widget)
    widget._still(widget._look())


@pytest.mark.parametrize("browser", [True, False])
def test_the_words_and_the_function_of_keras_give_the_same(browser):
    kind = [] if browser else [layers.LayerNormalization()]
    model = network((6, 9, 3), kind)
    own = keras.applications.resnet_v2.preprocess_input
    in_words, by_function = (FeatureMaps(model, COLOURS, scale=scale) for scale in ("-1 to 1", own))
    np.testing.assert_allclose(in_words.input[0], COLOURS / 127.5 - 1, atol=1e-6)
    np.testing.assert_allclose(by_function.input, in_words.input, atol=1e-6)
    np.testing.assert_allclose(by_function.output(), in_words.output(), atol=1e-5)
    assert by_function._model["network"] is None
    assert by_function._model["why"] == "The browser cannot run the function that scales its pixels."
    sent = np.frombuffer(by_function._maps["values"], "float32")
    np.testing.assert_allclose(sent, by_function.output().ravel(), atol=1e-6)


@pytest.mark.parametrize(
    ("scale", "expected"),
    [("0 to 1", 1 / 255), ("0 to 255", 1), (1 / 255, 1 / 255), (1, 1), (2 / 255, 2 / 255), (np.float32(0.5), 0.5)],
)
def test_a_factor_in_words_and_in_numbers(scale, expected, digits):
    widget = FeatureMaps(network(), digits.x[3], scale=scale)
    np.testing.assert_allclose(widget.input[0, :, :, 0], digits.x[3] * expected, atol=1e-4)
    assert SCALED not in [layer["name"] for layer in widget._model["layers"]]
    given = DrawDigit(network(), digits.x[3], scale=scale)._model["given"]
    values = eval(given, {"digit": digits.x[3] / 255})
    np.testing.assert_allclose(values[0, :, :, 0], digits.x[3] * expected, atol=1e-4)


# what the model says


def normalised(pictures, axis=-1):
    layer = layers.Normalization(axis=axis)
    layer.adapt(pictures)
    return layer


@pytest.mark.parametrize(
    ("front", "white"),
    [
        (lambda x: [layers.Rescaling(1 / 255)], 255),
        (lambda x: [layers.Rescaling(1 / 127.5, offset=-1)], 255),
        (lambda x: [layers.Rescaling(1 / 128, offset=-127 / 128)], 255),
        (lambda x: [layers.RandomFlip(), layers.Rescaling(1 / 255)], 255),
        (lambda x: [layers.Rescaling(2, offset=-1)], 1),
        (lambda x: [normalised(x)], 255),
        (lambda x: [normalised(x / 255)], 1),
        (lambda x: [keras.Sequential([layers.Rescaling(1 / 255), layers.Dropout(0.1)])], 255),
    ],
)
def test_a_layer_at_the_front_says_what_it_takes(front, white, digits):
    x = digits.x[:50, :, :, None].astype("float32")
    model = network(front=front(x))
    widget = FeatureMaps(model, digits.x[3], layer="answer")
    np.testing.assert_allclose(widget.input[0, :, :, 0], digits.x[3] * (white / 255), atol=1e-4)
    np.testing.assert_allclose(widget.output(), np.asarray(model(x[3:4] * (white / 255), training=False))[0], atol=1e-5)
    assert DrawDigit(model)._model["white"] == white


def test_pixels_that_each_have_a_mean_of_their_own_are_read_too(digits):
    flat = digits.x.reshape(-1, 784).astype("float32")  # with pixels at the border that never change
    assert DrawDigit(network((784,), [normalised(flat)]))._model["white"] == 255
    assert DrawDigit(network((784,), [normalised(flat / 255)]))._model["white"] == 1


def test_the_networks_by_hand_need_no_scale():
    assert FeatureMaps()._model["white"] == DrawDigit()._model["white"] == 1


@pytest.mark.parametrize("widget", [DrawDigit, FeatureMaps])
@pytest.mark.parametrize(
    "front",
    [
        lambda: [],
        lambda: [layers.BatchNormalization()],
        lambda: [layers.Rescaling(1.0)],
        lambda: [layers.Rescaling(0.5, offset=0.1)],
        lambda: [layers.Rescaling(1.0, offset=-127.5)],
        lambda: [layers.Conv2D(1, 1), layers.Rescaling(1 / 255)],
        lambda: [normalised(RNG.normal(size=(60, 28, 28, 1)))],  # of pictures that were standardised before
    ],
)
def test_where_nobody_says_it_is_asked_for(front, widget):
    model = network(front=front())
    with pytest.raises(CourseError) as error:
        widget(model)
    assert f"What pixels was the model {model.name!r} trained on?" in str(error.value)
    assert f'write {widget.__name__}(model, scale="0 to 1")' in str(error.value)
    assert str(error.value).endswith(".")
    widget(model, scale="0 to 1")


@pytest.mark.parametrize("widget", [DrawDigit, FeatureMaps])
def test_the_same_model_need_not_be_explained_twice(widget):
    model = network()
    shown = widget(model, scale="0 to 255")
    shown.show_model(model)
    assert shown._model["white"] == 255
    shown.show_model(model, scale="0 to 1")
    shown.show_model(model)
    assert shown._model["white"] == 1
    with pytest.raises(CourseError, match="What pixels was"):
        shown.show_model(network())
    assert shown._model["white"] == 1


# what cannot be used


@pytest.mark.parametrize(
    ("scale", "sentence"),
    [
        ("0-1", "There is no scale '0-1'. Known: -1 to 1, 0 to 1, 0 to 255."),
        (0, "`scale` must be"),
        (-1 / 255, "`scale` must be"),
        (float("nan"), "`scale` must be"),
        ((1, 2, 3), "`scale` must be"),
        ((33, 0), "`scale` must be"),
        ((33, float("nan")), "`scale` must be"),
        (("a", "b"), "`scale` must be"),
        ((MEANS, STDS), "`scale` must be"),  # three channels for a picture of one
        ((0.1307, 0.3081), "these are of pixels from 0 to 1: write scale=(33.3285, 78.5655)."),
        (lambda x: x[:, :5], "makes the shape (1, 5, 28, 1) of a batch of the shape (1, 28, 28, 1)."),
        (lambda x: x * np.nan, "makes values that are NaN or infinite of a batch"),
        (lambda x: x.nothing, "fails on a batch of the shape (1, 28, 28, 1): AttributeError"),
    ],
)
def test_a_scale_that_cannot_be_used_is_a_sentence(scale, sentence):
    with pytest.raises(CourseError) as error:
        FeatureMaps(network(), "cat", scale=scale)
    assert sentence in str(error.value)
    assert str(error.value).endswith(".")


def test_a_function_may_change_its_batch_in_place():
    def own(batch):
        batch /= 255
        return batch

    widget = FeatureMaps(network(), picture("cat"), scale=own)
    np.testing.assert_array_equal(widget.input, widget.input)
    assert widget.input.max() <= 1


def test_the_number_of_channels_is_told_where_it_matters():
    with pytest.raises(CourseError, match="each a number or one for each of the 3 channels; but it is"):
        pixel_scale(network((6, 9, 3)), ((1, 2), (3, 4)), 3, "FeatureMaps")


def test_augmentation_at_the_front_hides_no_scale_and_changes_nothing(in_node):
    augment = [
        layers.RandomFlip(),
        layers.RandomRotation(0.2),
        layers.RandomTranslation(0.1, 0.1),
        layers.RandomZoom(0.2),
        layers.RandomShear(0.2, 0.2),
        layers.RandomPerspective(1.0),
        layers.RandomBrightness(0.5),
        layers.RandomContrast(0.5),
        layers.RandomErasing(1.0),
    ]
    model = network((6, 9, 3), [*augment, layers.Rescaling(1 / 255)])
    expected = np.asarray(keras.Sequential(model.layers[len(augment) :])(COLOURS[None].astype("float32")))[0]
    widget = FeatureMaps(model, COLOURS, layer="answer")
    np.testing.assert_allclose(widget.output(), expected, atol=1e-5)
    np.testing.assert_allclose(in_browser(in_node, widget._model, widget._pixels()), expected, atol=1e-4)


class RandomLight(layers.Layer):
    """As a learner writes it; `always` is the mistake of clipping in use, too."""

    def __init__(self, always=False):
        super().__init__(name="light")
        self.always, self.dice = always, keras.random.SeedGenerator()

    def call(self, x, training=False):
        if not training:
            return keras.ops.clip(x, 0, 255) if self.always else x
        return x * keras.random.uniform((keras.ops.shape(x)[0], 1, 1, 1), 0.5, 1.5, seed=self.dice)


def test_a_layer_of_ones_own_that_rests_in_use_hides_no_scale_and_changes_nothing(in_node):
    model = network((6, 9, 3), [keras.Sequential([layers.RandomFlip(), RandomLight()]), layers.Rescaling(1 / 255)])
    expected = np.asarray(keras.Sequential(model.layers[1:])(COLOURS[None].astype("float32")))[0]
    widget = FeatureMaps(model, COLOURS, layer="answer")
    np.testing.assert_allclose(widget.output(), expected, atol=1e-5)
    np.testing.assert_allclose(in_browser(in_node, widget._model, widget._pixels()), expected, atol=1e-4)


def test_a_layer_of_ones_own_that_acts_in_use_is_no_front():
    model = network((6, 9, 3), [RandomLight(always=True), layers.Rescaling(1 / 255)])
    with pytest.raises(CourseError, match="What pixels was the model"):
        FeatureMaps(model, COLOURS)
    why = FeatureMaps(model, COLOURS, scale="0 to 255")._model["why"]
    assert why == "The browser cannot run the layer 'light' (RandomLight)."
