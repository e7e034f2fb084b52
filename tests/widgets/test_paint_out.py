"""PaintOut from Python; test_paint_out_js.py tries its pure modules, tests/browser/test_paint_out.py the browser."""

import base64
import io
import subprocess
import sys
from functools import cache

import keras
import numpy as np
import pytest
from displayed import words_of
from hypothesis import given
from hypothesis import strategies as st
from keras import layers
from PIL import Image
from properties import examples

from dlcourse.data.photos import photo
from dlcourse.errors import CourseError
from dlcourse.lens import blurred, brush_mask, grad_cam, painted_over
from dlcourse.lens.attribution_maps import ATTRIBUTIONS
from dlcourse.nets import imagenet_classes, prepare, pretrained
from dlcourse.widgets import PaintOut
from dlcourse.widgets.paint_out.look import shown_classes
from dlcourse.widgets.shared.picture_input import Picture

RNG = np.random.default_rng(6)
SIZE = (20, 28, 3)
PICTURE = RNG.integers(0, 256, SIZE, dtype=np.uint8)
CLASSES = ["ant", "bee", "cat", "dog"]


def with_weights(model, seed=2):
    generator = np.random.default_rng(seed)
    for layer in model._flatten_layers():
        if isinstance(layer, layers.BatchNormalization):
            layer.set_weights([generator.uniform(0.5, 1.5, weight.shape) for weight in layer.weights])
        elif isinstance(layer, layers.Conv2D | layers.Conv2DTranspose | layers.Dense):
            layer.set_weights([generator.normal(0, 0.4, weight.shape) for weight in layer.weights])
    return model


@cache
def network(kind="Sequential", end="softmax", browser=True):
    """A network in one of the forms in which learners build one, which the browser can run or cannot."""
    first = layers.Conv2D if browser else layers.Conv2DTranspose
    inputs = keras.Input(SIZE)
    body = [layers.Rescaling(1 / 255), first(4, 3, activation="relu", name="first"), layers.MaxPooling2D()]
    body += [layers.BatchNormalization(), layers.Conv2D(5, 3, activation="relu", name="last")]
    head = [layers.GlobalAveragePooling2D(), layers.Dense(4, activation=end)]
    if kind == "Sequential":
        return with_weights(keras.Sequential([inputs, *body, *head], name="net"))
    x = inputs
    for layer in body:
        x = layer(x)
    if kind == "Functional":
        x = layers.Concatenate()([x, layers.Conv2D(2, 1, activation="tanh")(x)])
        for layer in head:
            x = layer(x)
        return with_weights(keras.Model(inputs, x, name="net"))
    base = keras.Model(inputs, x, name="base")
    if kind == "base and head":
        return with_weights(
            keras.Sequential([keras.Input(SIZE), base, keras.Sequential(head, name="head")], name="net")
        )
    picture = keras.Input(SIZE)
    x = base(picture, training=False)
    for layer in head:
        x = layer(x)
    return with_weights(keras.Model(picture, x, name="net"))


KINDS = ("Sequential", "Functional", "base and head", "Functional around a base")
STROKES = st.lists(st.tuples(st.floats(-3, 22), st.floats(-3, 30)), min_size=1, max_size=4)


@cache
def widget_of(kind, end, browser):
    return PaintOut(network(kind, end, browser), PICTURE, CLASSES)


def probabilities_of_keras(model, picture, end):
    outputs = model(picture[None].astype("float32"), training=False)
    return np.asarray(keras.ops.softmax(outputs) if end is None else outputs)[0]


# the numbers


@pytest.mark.slow
def test_probabilities_are_those_of_keras_for_what_is_painted():
    @examples(1.5)
    @given(
        st.sampled_from(KINDS),
        st.sampled_from(["softmax", None, "sigmoid"]),
        st.booleans(),
        STROKES,
        st.floats(0.5, 9),
        st.sampled_from(["blur", "grey", "paste"]),
    )
    def check(kind, end, browser, points, radius, baseline):
        widget = widget_of(kind, end, browser)
        widget.baseline = baseline
        widget.source = (4, 20)
        widget.paint(points, radius)
        expected = probabilities_of_keras(network(kind, end, browser), widget.painted, end)
        np.testing.assert_allclose(widget.probabilities, expected, atol=1e-5)
        assert (widget._model["network"] is not None) == browser
        if not browser:  # what travels to the browser is the same
            np.testing.assert_allclose(widget._answer["now"], expected, atol=1e-5)
            before = probabilities_of_keras(network(kind, end, browser), PICTURE, end)
            np.testing.assert_allclose(widget._answer["before"], before, atol=1e-5)
            assert widget._answer["picture"] == widget._painted["number"]

    check()


@pytest.mark.parametrize("form", [(784,), (28, 28), (28, 28, 1)])
def test_digits_of_any_form_are_asked(form):
    model = keras.Sequential([keras.Input(form), layers.Flatten(), layers.Dense(10, "softmax")])
    digit = RNG.integers(0, 256, (28, 28), dtype=np.uint8)
    widget = PaintOut(model, digit, scale="0 to 1", baseline="grey", attribution="saliency")
    widget.paint([(14, 14)], 5)
    x = widget.painted.reshape(1, *form) / 255
    np.testing.assert_allclose(widget.probabilities, np.asarray(model(x))[0], atol=1e-6)
    assert (widget.painted[14, 14], widget._layers["saliency original"]["shape"]) == (128, [28, 28])


def test_a_stroke_is_what_the_lens_paints():
    widget = PaintOut(network(), PICTURE, brush=7)
    path = [(3, 4), (12.5, 20)]
    mask = brush_mask(20, 28, path, 3.5)
    widget.paint(path)
    np.testing.assert_array_equal(widget.painted, painted_over(PICTURE, blurred(PICTURE, 3), mask))
    widget.painted = PICTURE
    widget.baseline = "grey"
    widget.paint(path, radius=2)
    np.testing.assert_array_equal(widget.painted, painted_over(PICTURE, 128, brush_mask(20, 28, path, 2)))


def test_pasting_brings_what_lies_around_the_mark():
    other = RNG.integers(0, 256, SIZE, dtype=np.uint8)
    widget = PaintOut(network(), PICTURE, baseline="paste", source=(5, 6), other=other)
    widget.paint([(12, 20)], radius=2)
    np.testing.assert_array_equal(widget.painted[11:14, 19:22], other[4:7, 5:8])
    widget.other = None
    widget.paint([(12, 20)], radius=2)
    np.testing.assert_array_equal(widget.painted[11:14, 19:22], PICTURE[4:7, 5:8])
    widget.paint([(1, 1), (19, 27)], radius=4)  # from beyond the edge nothing comes
    np.testing.assert_array_equal(widget.painted[16:, 20:], PICTURE[16:, 20:])


@pytest.mark.parametrize("kind", KINDS)
def test_layers_are_those_of_the_lens(kind):
    model = network(kind)
    widget = PaintOut(model, PICTURE, CLASSES, label="cat", attribution="grad_cam")
    layer = widget._layers["grad_cam original"]
    values = np.frombuffer(layer["values"], np.float32).reshape(layer["shape"])
    np.testing.assert_allclose(values, grad_cam(model, PICTURE[None], 2)[0], atol=1e-6)
    widget.attributed = "painted"
    widget.paint([(10, 10)], radius=6)
    layer = widget._layers["grad_cam painted"]
    values = np.frombuffer(layer["values"], np.float32).reshape(layer["shape"])
    np.testing.assert_allclose(values, grad_cam(model, widget.painted[None], 2)[0], atol=1e-6)
    assert (layer["class"], layer["picture"]) == (2, widget._painted["number"])


def test_every_attribution_is_computed_when_it_is_first_asked_for():
    widget = PaintOut(network("base and head"), PICTURE)
    assert widget._layers == {}
    for kind in ATTRIBUTIONS:
        widget.attribution = kind
        assert f"{kind} original" in widget._layers
    before = widget._layers
    widget.attribution = "saliency"
    assert widget._layers is before
    widget.label = 3
    assert widget._layers["saliency original"]["class"] == 3
    widget.image = PICTURE[::-1].copy()
    assert list(widget._layers) == ["saliency original"]


def test_grad_cam_takes_the_layer_that_is_named():
    first = PaintOut(network("base and head"), PICTURE, layer="first", attribution="grad_cam")
    assert first._model["layer"] == "base/first"
    assert first._layers["grad_cam original"]["shape"] == [18, 26]


def test_without_a_model_an_eight_becomes_a_three():
    widget = PaintOut(baseline="paste", source=(2, 2))
    before = widget.probabilities
    widget.paint([(10.7, 9), (12.6, 9)], radius=2.5)
    widget.paint([(17.3, 8), (20.2, 8)], radius=3)
    now = widget.probabilities
    assert (before.argmax(), now.argmax()) == (8, 3)
    assert min(before.max(), now.max()) > 0.9
    by_keras = np.asarray(widget.model(widget.painted[None] / 255))[0]
    np.testing.assert_allclose(now, by_keras, atol=1e-6)
    widget.attribution = "saliency"
    assert widget._layers["saliency original"]["shape"] == [28, 28]


# what the browser asks


def asks(widget, **traits):
    widget.set_state({"_asked": {"number": widget._asked["number"] + 1, "layer": ""}} | traits)
    return widget._answer


def test_a_question_is_answered_with_its_number():
    widget = PaintOut(network(browser=False), PICTURE)
    painted = {"number": 7, "bytes": memoryview(PICTURE[::-1].tobytes())}
    answer = asks(widget, _painted=painted)
    assert (answer["number"], answer["picture"], answer["failed"]) == (1, 7, "")
    expected = probabilities_of_keras(network(browser=False), PICTURE[::-1], "softmax")
    np.testing.assert_allclose(answer["now"], expected, atol=1e-5)
    np.testing.assert_array_equal(widget.painted, PICTURE[::-1])


def test_what_the_browser_chooses_is_computed_when_it_asks():
    widget = PaintOut(network(browser=False), PICTURE)
    widget.set_state({"attribution": "saliency"})
    assert widget._layers == {}
    asks(widget, _asked={"number": 1, "layer": "saliency"})
    assert list(widget._layers) == ["saliency original"]


def test_a_model_that_fails_is_an_answer_in_a_sentence():
    def scale(batch):
        if len(np.unique(batch)) < 3:
            raise ValueError("flat")
        return batch

    widget = PaintOut(network(browser=False), PICTURE, scale=scale)
    answer = asks(widget, _painted={"number": 2, "bytes": memoryview(bytes(PICTURE.size))})
    assert (answer["number"], answer["picture"]) == (1, 2)
    assert "The function that you gave as `scale` fails" in answer["failed"]
    assert asks(widget, _painted={"number": 3})["failed"] == ""


def test_a_picture_from_the_browser_is_asked_about_anew():
    widget = PaintOut(network(browser=False), PICTURE)
    sent = {"name": "mine.png", "shape": list(SIZE), "bytes": memoryview(PICTURE[::-1].tobytes())}
    answer = asks(widget, image=sent, _painted={"number": 1})
    assert widget.image.name == "mine.png"
    assert answer["before"] == answer["now"]
    expected = probabilities_of_keras(network(browser=False), PICTURE[::-1], "softmax")
    np.testing.assert_allclose(answer["now"], expected, atol=1e-5)


# the state


def test_what_is_painted_can_be_set_and_goes_with_the_picture():
    widget = PaintOut(network(), PICTURE)
    assert (widget.painted == PICTURE).all()
    widget.painted = PICTURE / 255
    assert (widget.painted == PICTURE).all()
    numbers = [widget._painted["number"]]
    widget.paint([(3, 3)])
    widget.image = PICTURE[:, ::-1].copy()
    numbers.append(widget._painted["number"])
    assert (widget.painted == PICTURE[:, ::-1]).all()
    widget.reset()
    numbers.append(widget._painted["number"])
    assert (widget.painted == PICTURE).all()
    assert numbers == sorted(set(numbers))


def test_pictures_come_from_names_bytes_and_floats():
    sized = PaintOut(network(), "cat")
    assert sized.image.pixels.shape == SIZE
    assert sized.image.name == "cat"
    floats = PaintOut(network(), PICTURE.astype("float32"))  # as `prepare` gives them
    np.testing.assert_array_equal(floats.image.pixels, PICTURE)
    assert PaintOut(network(), photo("coffee")).image.pixels.shape == SIZE
    grey = keras.Sequential([keras.Input((30, 30, 1)), layers.Flatten(), layers.Dense(2)])
    assert PaintOut(grey, "cat", scale="0 to 1").image.pixels.shape == (30, 30, 1)


def test_after_more_training_the_same_widget_shows_the_model_again():
    model = keras.models.clone_model(network())
    widget = PaintOut(model, PICTURE, attribution="saliency")
    widget.paint([(5, 5)])
    layer = widget._layers["saliency original"]["values"]
    with_weights(model, seed=9)
    widget.show_model(model)
    expected = probabilities_of_keras(model, widget.painted, "softmax")
    np.testing.assert_allclose(widget.probabilities, expected, atol=1e-6)
    assert widget._layers["saliency original"]["values"] != layer
    other = keras.Sequential([keras.Input(SIZE), layers.Flatten(), layers.Dense(3)])
    with pytest.raises(CourseError, match="make a new PaintOut"):
        widget.show_model(other, scale="0 to 1")


@given(
    st.lists(st.floats(0, 1), min_size=2, max_size=12).flatmap(
        lambda before: st.tuples(
            st.just(before), st.permutations(before), st.lists(st.integers(0, len(before) - 1), max_size=3)
        )
    ),
    st.integers(1, 8),
)
def test_bars_are_of_the_classes_that_matter(given_, most):
    before, now, targets = given_
    shown = shown_classes(before, now, targets, 0, most)
    assert len(shown) == len(set(shown)) == min(most, len(before))
    assert set(targets[:1]) <= set(shown)
    assert [before[number] for number in shown] == sorted((before[number] for number in shown), reverse=True)
    if most >= len({*targets, 0}) + 3:
        assert {int(np.argmax(before)), int(np.argmax(now))} <= set(shown)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"baseline": "red"}, "baseline"),
        ({"brush": 0}, "`brush` must be a number of pixels"),
        ({"fade": 2}, "`fade` must be a number from 0 to 1"),
        ({"label": "cow"}, "class"),
        ({"label": 4}, "`label` is 4, but there are 4 classes"),
        ({"label": 0.5}, "`label` must be the number or the name"),
        ({"targets": "cat"}, "`targets` must be a list"),
        ({"targets": ["cow"]}, "class"),
        ({"layer": "conv9"}, "layer"),
        ({"source": (1,)}, "`source` must be a row and a column"),
        ({"attribution": "lime"}, "attribution"),
        ({"classes": ["a"]}, "`classes` must be 4 names"),
        ({"colour": 1}, "argument of PaintOut"),
        ({"image": None}, "PaintOut needs a picture"),
        ({"model": None}, "`classes` belong to a model"),
        ({"image": np.zeros((3, 4, 5))}, "has the shape"),
    ],
)
def test_wrong_things_are_answered_in_a_sentence(settings, sentence):
    with pytest.raises(CourseError, match=sentence):
        PaintOut(**({"model": network(), "image": PICTURE, "classes": CLASSES} | settings))


def test_a_painted_picture_of_another_size_is_refused():
    with pytest.raises(CourseError, match="`painted` must have the shape"):
        PaintOut(network(), PICTURE).painted = PICTURE[1:]


def test_it_says_what_is_painted_and_what_the_network_then_says():
    widget = PaintOut(network(), PICTURE, CLASSES, label="bee", attribution="grad_cam")
    shares = widget.probabilities
    says = CLASSES[int(shares.argmax())]
    assert words_of(widget).startswith(f"PaintOut: your picture as it is; net says {says} (")
    widget.paint([(10, 14)], radius=8)
    assert f"bee before {shares[1] * 100:.0f} %, now {widget.probabilities[1] * 100:.0f} %" in words_of(widget)
    assert words_of(widget).endswith("Over it lies Grad-CAM for bee.")


def test_the_still_picture_shows_what_is_painted_and_the_layer():
    widget = PaintOut(network(), np.full(SIZE, 200, np.uint8), CLASSES, baseline="grey")

    def still():
        data = widget._repr_mimebundle_()[0]["image/png"]
        return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")).astype(int)

    plain = still()
    widget.paint([(10, 14)], radius=5)
    painted = still()
    changed = np.abs(plain - painted).max(-1)
    middle = (slice(80 + 120, 80 + 140), slice(2 * (12 + 204 + 90), 2 * (12 + 204 + 95)))
    assert (changed[middle] > 50).all()
    widget.attribution = "integrated_gradients"
    assert (still() != painted).any()


def test_it_runs_without_keras():
    program = "import sys\nfrom dlcourse.widgets import PaintOut\nPaintOut().probabilities\nprint(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"tensorflow", "keras", "matplotlib"} & set(loaded)


@pytest.mark.slow
def test_the_bundled_network_is_asked_in_python():
    widget = PaintOut(pretrained(), Picture(prepare(photo("cat")).astype("uint8"), "cat"), imagenet_classes())
    assert words_of(widget).startswith("PaintOut: cat as it is; efficientnet_lite0 says tiger cat (38 %)")
    assert widget._model["network"] is None
    assert "million multiplications" in widget._model["why"]
    widget.paint([(60, 90), (80, 120)], radius=40)
    assert widget._answer["now"][282] < 0.9 * widget._answer["before"][282]
