"""DrawDigit from Python, and its arithmetic in node; the browser is in tests/browser/test_draw_digit.py."""

import base64
import io
import subprocess
import sys

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keras import layers
from PIL import Image

from dlcourse.data import load
from dlcourse.errors import CourseError
from dlcourse.widgets import DrawDigit
from dlcourse.widgets.draw_digit import verdict
from dlcourse.widgets.draw_digit.ink import EXAMPLE, RADIUS, SIDE, centred, inked, shrunk
from dlcourse.widgets.draw_digit.tiny_classifier import tiny_classifier
from dlcourse.widgets.shared.resample import central, resampled


@st.composite
def drawings(draw):
    """Some strokes of a brush, that may leave the canvas."""
    point = st.tuples(st.floats(-20, SIDE + 20), st.floats(-20, SIDE + 20))
    strokes = draw(st.lists(st.lists(point, min_size=1, max_size=4), max_size=3))
    return {"strokes": strokes, "radius": draw(st.sampled_from([1.0, 4.3, RADIUS])), "side": SIDE}


@pytest.fixture(scope="module")
def digits():
    return load("mnist").test


def model(form=(28, 28, 1), scaled=False, activation="softmax"):
    front = [layers.Rescaling(1 / 255)] if scaled else []
    network = keras.Sequential([keras.Input(form), *front, layers.Flatten(), layers.Dense(10, activation=activation)])
    generator = np.random.default_rng(1)
    network.set_weights([generator.normal(0, 0.3, weight.shape) for weight in network.weights])
    return network


# from a drawing to a digit


def test_digits_of_mnist_come_out_as_they_are(digits):
    """Enlarged, they are drawings; MNIST's own arithmetic gives them back, pixel by pixel."""
    pictures = digits.x[:300] / 255
    large = [np.kron(picture, np.ones((6, 6))) for picture in pictures]
    np.testing.assert_allclose([centred(drawing) for drawing in large], pictures, atol=1e-12)
    np.testing.assert_allclose([shrunk(drawing) for drawing in large], pictures, atol=1e-12)


def test_where_and_how_large_a_digit_is_drawn_does_not_matter_centred():
    points = np.array([(60, 20), (95, 45), (60, 75), (95, 105), (55, 130)])
    moved = points + np.array([41, 23])
    centred_digit, centred_moved = centred(inked([points])), centred(inked([moved]))
    np.testing.assert_allclose(centred_digit, centred_moved, atol=0.02)
    smaller = centred(inked([points * 0.6 + np.array([6, 60])], radius=RADIUS * 0.6))
    assert np.abs(smaller - centred_digit).mean() < 0.01
    assert np.abs(shrunk(inked([points])) - shrunk(inked([moved]))).mean() > 0.1


def test_an_empty_canvas_stays_empty():
    assert not centred(np.zeros((SIDE, SIDE))).any()


def test_the_browser_makes_the_same_digit_of_the_same_strokes(in_node):
    cases = []

    @given(drawings())
    def collect(case):
        cases.append(case)

    collect()
    answers = in_node(
        {"draw_digit/ink.js": "centred, drawLine, inkOf, shrunk"},
        """
        const bytes = new Uint8Array(state.side ** 2);
        for (const points of state.strokes) {
          points.forEach((point, index) => drawLine(bytes, state.side, points[Math.max(0, index - 1)], point,
            state.radius));
        }
        const ink = inkOf(bytes, state.side);
        return [ink.values, centred(ink).values, shrunk(ink).values];
        """,
        cases,
    )
    for case, (ink, in_middle, as_it_is) in zip(cases, answers, strict=True):
        drawing = inked(**case)
        np.testing.assert_allclose(np.reshape(ink, (SIDE, SIDE)), drawing, atol=1.01 / 255)  # a rounding apart
        drawing = np.reshape(ink, (SIDE, SIDE))
        np.testing.assert_allclose(np.reshape(in_middle, (28, 28)), centred(drawing), atol=1e-9)
        np.testing.assert_allclose(np.reshape(as_it_is, (28, 28)), shrunk(drawing), atol=1e-9)


def test_another_size_by_areas(in_node):
    cases = []

    @given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 30), st.integers(1, 30), st.integers(0, 2**32 - 1))
    def collect(height, width, to_height, to_width, seed):
        values = np.random.default_rng(seed).normal(size=(height, width))
        cases.append({"values": values.tolist(), "to": [to_height, to_width]})

    collect()
    body = """
        const plane = { height: state.values.length, width: state.values[0].length, values: state.values.flat() };
        const region = central(plane.height, plane.width, state.to);
        return [region, resampled(plane, ...state.to, region).values, resampled(plane, ...state.to).values];
    """
    for case, (region, middle, whole) in zip(
        cases, in_node({"shared/js/resample.js": "central, resampled"}, body, cases), strict=True
    ):
        plane = np.array(case["values"])
        np.testing.assert_allclose(region, central(*plane.shape, like=case["to"]), atol=1e-12)
        np.testing.assert_allclose(np.reshape(middle, case["to"]), resampled(plane, *case["to"], region), atol=1e-9)
        np.testing.assert_allclose(np.reshape(whole, case["to"]), resampled(plane, *case["to"]), atol=1e-9)
        assert np.mean(whole) == pytest.approx(plane.mean(), abs=1e-9)  # no brightness is lost


# the networks


def test_the_default_is_a_full_demonstration():
    widget = DrawDigit()
    assert widget.probabilities.argmax() == 4
    assert widget.predict(widget.shrunk_digit).argmax() != 4  # what there is to discover
    assert tiny_classifier()[2] > 0.88


def test_it_runs_without_keras():
    program = "import sys\nfrom dlcourse.widgets import DrawDigit\nDrawDigit().probabilities\nprint(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"tensorflow", "keras", "matplotlib"} & set(loaded)


@pytest.mark.parametrize("activation", ["softmax", None])
@pytest.mark.parametrize("scaled", [True, False])
@pytest.mark.parametrize("form", [(784,), (28, 28), (28, 28, 1)])
def test_models_of_any_form_are_asked_as_they_were_trained(form, scaled, activation, digits, in_node):
    asked = model(form, scaled, activation)
    widget = DrawDigit(asked, digits.x[3], scale=None if scaled else "0 to 1")
    given = digits.x[3].reshape(1, *form).astype("float32") / (1 if scaled else 255)
    expected = np.asarray(asked(given))[0]
    expected = expected if activation else np.asarray(keras.ops.softmax(expected))
    np.testing.assert_allclose(widget.probabilities, expected, atol=1e-5)
    description = widget._model
    assert description["finish"] == ("probabilities" if activation else "scores")
    case = description["network"] | {"weights": base64.b64encode(description["network"]["weights"]).decode()}
    case["x"] = (widget.digit.ravel() * description["white"]).tolist()
    body = """
        const bytes = Uint8Array.from(atob(state.weights), (letter) => letter.charCodeAt(0));
        const network = networkOf({ ...state, weights: new DataView(bytes.buffer) });
        return Array.from(forward(network, state.x)[network.output]);
    """
    (scores,) = in_node({"shared/js/browser_network.js": "forward, networkOf"}, body, [case])
    ours = scores if activation else np.exp(scores) / np.exp(scores).sum()
    np.testing.assert_allclose(ours, expected, atol=1e-5)


def test_the_scale_can_be_said(digits):
    asked = model()
    widget = DrawDigit(asked, digits.x[0], scale=1)
    expected = np.asarray(asked(digits.x[:1, :, :, None].astype("float32")))[0]
    np.testing.assert_allclose(widget.probabilities, expected, atol=1e-5)


def test_what_the_browser_cannot_run_is_asked_in_python(digits):
    inputs = keras.Input((28, 28, 1))
    x = layers.Conv2DTranspose(2, 3, name="up")(inputs)
    asked = keras.Model(inputs, layers.Dense(10, activation="softmax")(layers.Flatten()(x)))
    widget = DrawDigit(asked, digits.x[0], scale="0 to 1")
    assert "'up' (Conv2DTranspose)" in widget._model["why"]
    np.testing.assert_allclose(widget._answers[0], widget.probabilities, atol=1e-6)
    before = widget._answers
    widget.set_state({"drawing": {"bytes": memoryview(np.full((SIDE, SIDE), 255, np.uint8).tobytes())}})
    assert widget._answers != before
    np.testing.assert_allclose(widget._answers[1], widget.predict(np.ones((28, 28))), atol=1e-6)


def test_after_more_training_the_same_model_is_asked_anew():
    asked = model()
    widget = DrawDigit(asked, scale="0 to 1")
    before = widget._model["network"]["weights"]
    asked.set_weights([weight + 0.1 for weight in asked.get_weights()])
    widget.show_model(asked)
    assert widget._model["network"]["weights"] != before


# state


def test_the_drawing_is_read_and_set_from_a_cell(digits):
    widget = DrawDigit(drawing=digits.x[5])
    np.testing.assert_allclose(widget.digit, digits.x[5] / 255, atol=1e-9)
    widget.drawing = digits.x[6].reshape(784) / 255
    np.testing.assert_allclose(widget.digit, digits.x[6] / 255, atol=1e-9)
    widget.drawing = inked(EXAMPLE)
    assert widget.probabilities.argmax() == 4
    sent = widget.get_state("drawing")["drawing"]
    assert len(sent["bytes"]) == SIDE**2
    widget.drawing = None
    assert not widget.drawing.any()
    widget.reset()
    np.testing.assert_allclose(widget.digit, digits.x[5] / 255, atol=1e-9)
    with pytest.raises(ValueError, match="read-only"):
        widget.drawing[0, 0] = 1  # nobody would see it


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"drawing": np.zeros((30, 28))}, "`drawing` must be 28 × 28, as a digit of MNIST, or 168 × 168"),
        ({"drawing": np.zeros((28, 28, 3))}, "but its shape is (28, 28, 3)."),
        ({"drawing": np.full((28, 28), np.nan)}, "`drawing` holds 784 values that are NaN"),
        ({"drawing": np.zeros((1, 28, 28, 1))}, "take drawing[0]."),
        ({"drawing": np.full((28, 28), 99.0)}, "divide it by 255"),
        ({"drawing": "four"}, "There is no photograph 'four'"),
        ({"model": model, "scale": 0}, '`scale` must be "0 to 1" if its pixels were divided by 255 for training'),
        (
            {"model": model, "scale": 1, "classes": ["a", "b"]},
            "`classes` must be 10 names, one for each output, but it is",
        ),
        ({"readers": {}}, "`readers` must be functions by their names"),
        ({"readers": {"rules": 3}}, '{"rules": by_rules}'),
        ({"readers": {"one": len}, "scale": 1}, "`readers` answer in a model's place: leave out `scale`, or"),
        ({"classes": "0123456789"}, "`classes` must be 10 names"),
        ({"model": 3}, "`model` must be a Keras model, but it is of type int."),
        ({"model": lambda: keras.Sequential([layers.Dense(10)])}, "is not built"),
        ({"model": lambda: model((32, 32, 1))}, "takes inputs of the shape (32, 32, 1), but a digit here is"),
        (
            {"model": lambda: keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(10, 3)])},
            "puts out (26, 26, 10)",
        ),
        ({"model": lambda: keras.Sequential([keras.Input((784,)), layers.Dense(1)])}, "puts out (1,)"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(arguments, sentence):
    if callable(arguments.get("model")):
        arguments = arguments | {"model": arguments["model"]()}
    with pytest.raises(CourseError) as error:
        DrawDigit(**arguments)
    assert sentence in str(error.value)
    assert str(error.value).endswith(".")


# words and the still picture


def test_verdicts_in_words(in_node):
    classes = ["a", "b", "c"]
    cases = [[0.9, 0.06, 0.04], [0.45, 0.1, 0.45], [0.55, 0.05, 0.4], [0.001, 0.9985, 0.0005]]
    verdicts = [verdict(np.array(case), classes) for case in cases]
    assert verdicts == ["a (90 %)", "not sure, a (45 %), or c (45 %)", "not sure, a (55 %), or c (40 %)", "b (100 %)"]
    body = "const { first, sure } = verdict(state, { sure: 0.5, lead: 0.2 }); return [first, sure, percent(state[0])];"
    assert in_node({"shared/js/bars.js": "verdict", "shared/js/words.js": "percent"}, body, cases) == [
        [0, True, "90 %"],
        [0, False, "45 %"],
        [0, False, "55 %"],
        [1, True, "< 1 %"],
    ]


# readers in the place of a model


def by_ink(pictures):
    return (pictures > 100).sum(axis=(1, 2))


def by_column(pictures):
    """The first column with ink."""
    return (pictures > 100).any(axis=1).argmax(axis=1)


def test_readers_are_asked_for_bytes_in_both_ways(digits):
    widget = DrawDigit(drawing=moved(digits.x[5], 0, -2), readers={"ink": by_ink, "column": by_column})
    ink, column = by_ink(digits.x[5:6])[0], by_column(digits.x[5:6])[0]
    assert widget._answers == [[str(ink), str(column)], [str(ink), str(column - 2)]]
    words = widget._repr_mimebundle_()[0]["text/plain"]
    assert (
        f"Centred, as MNIST is made: ink {ink}, column {column}. Only shrunk: ink {ink}, column {column - 2}." in words
    )
    widget.drawing = None
    assert widget._answers == [["–", "–"], ["–", "–"]]
    with pytest.raises(CourseError, match="tell no probabilities"):
        widget.probabilities  # noqa: B018
    widget.show_model()
    assert widget.probabilities.shape == (10,)


def test_a_reader_that_fails_stops_nobody():
    def broken(_):
        raise KeyError("holes")

    widget = DrawDigit(readers={"broken": broken, "short": lambda pictures: [1], "ink": by_ink})
    assert [answers[:2] for answers in widget._answers] == [["?", "?"]] * 2
    assert all(answers[2].isdigit() for answers in widget._answers)
    assert widget._failed == "broken: KeyError: 'holes'"
    widget = DrawDigit(readers={"short": lambda pictures: [1]})
    assert widget._failed == "short: ValueError: it returned 1 answers to 2 digits"


def moved(picture, down, right):
    """Within the picture; what leaves comes back on the other side."""
    return np.roll(picture, (down, right), axis=(0, 1))


def test_the_browser_moves_a_drawing(digits, in_node):
    pictures = np.pad(digits.x[:2, 4:24, 4:24], ((0, 0), (4, 4), (4, 4)))
    cases = [{"bytes": picture.ravel().tolist(), "by": by} for picture in pictures for by in ([0, -2], [3, 1])]
    told = in_node({"draw_digit/ink.js": "moved"}, "return Array.from(moved(state.bytes, 28, ...state.by));", cases)
    for case, bytes_ in zip(cases, told, strict=True):
        np.testing.assert_array_equal(bytes_, moved(np.reshape(case["bytes"], (28, 28)), *case["by"]).ravel())
    [gone] = in_node({"draw_digit/ink.js": "moved"}, "return moved(state, 2, 0, 1);", [[1, 2, 3, 4]])
    assert list(gone.values() if isinstance(gone, dict) else gone) == [0, 1, 0, 3]


@pytest.mark.parametrize("drawing", [None, np.zeros((28, 28))], ids=["default", "empty"])
def test_a_still_picture_and_words_stand_in_for_it(drawing):
    widget = DrawDigit(model(), drawing, "0 to 1", classes=[f"class {number}" for number in range(10)])
    data, metadata = widget._repr_mimebundle_()
    png = base64.b64decode(data["image/png"])
    assert len(png) < 150_000
    with Image.open(io.BytesIO(png)) as still:
        assert still.width == 2 * metadata["image/png"]["width"]
        colours = np.asarray(still.convert("RGB")).reshape(-1, 3).astype(int)
    assert (np.abs(colours - (230, 159, 0)).sum(1) < 40).sum() > 500  # the winners' bars
    expected = "an empty canvas" if drawing is not None else verdict(widget.probabilities, widget._model["classes"])
    assert expected in data["text/plain"]
