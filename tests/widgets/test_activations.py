"""Activations from Python; its arithmetic in the browser is in test_activations_js.py."""

import base64
import io

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from dlcourse.errors import CourseError
from dlcourse.widgets import Activations
from dlcourse.widgets.activations import KNOWN, REACH, _slopes, _style, _values
from dlcourse.widgets.shared.still import _strokes


@pytest.mark.parametrize("name", [name for name in KNOWN if name != "step"])
def test_the_still_picture_draws_keras_functions(name):
    x = np.append(np.linspace(-REACH, REACH, 40), 0)
    function = (
        (lambda x: keras.activations.gelu(x, approximate=False)) if name == "gelu" else keras.activations.get(name)
    )
    at = tf.constant(x, "float64")
    with tf.GradientTape() as tape:
        tape.watch(at)
        values = function(at)
    np.testing.assert_allclose(_values(name, x), values, atol=1e-7)
    places = x != 0 if name == "selu" else slice(None)  # there TensorFlow takes the slope on the right
    np.testing.assert_allclose(_slopes(name, x)[places], tape.gradient(values, at).numpy()[places], atol=2e-6)


def test_a_step_is_flat_and_no_two_functions_look_alike():
    assert (_slopes("step", np.array([-1.0, 0, 1])) == 0).all()
    assert len({_style(name) for name in [*KNOWN, "yours"]}) == len(KNOWN) + 1


def test_a_dashed_line_turns_corners_and_ends_where_it_should():
    corner = np.array([[0, 0], [10, 0], [10, 0], [10, 10]])
    (whole,) = _strokes(corner, ())
    assert whole.tolist() == [[0, 0], [10, 0], [10, 10]]
    first, second = _strokes(corner, (12, 4))
    assert first.tolist() == [[0, 0], [10, 0], [10, 2]]
    assert second.tolist() == [[10, 6], [10, 10]]
    assert [list(_strokes(corner[:count], (2, 3))) for count in (0, 1)] == [[], []]


def test_softmax_is_that_of_keras():
    widget = Activations(logits=[3, -2, 0.5], temperature=2)
    expected = keras.ops.softmax(np.array([1.5, -1, 0.25], "float32"))
    np.testing.assert_allclose(widget.softmax(), expected, atol=1e-6)


def test_a_function_of_ones_own():
    widget = Activations(own=np.sin)
    assert widget.functions == ["relu", "yours"]
    assert widget._own[0] == pytest.approx(np.sin(-REACH))
    assert "your own" in widget._in_words()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"functions": ["relux"]}, r"no activation 'relux'. Did you mean 'relu'"),
        ({"functions": "yours"}, r'"yours" needs a function of your own'),
        ({"own": 3}, "`own` must be a function of an array.* but it is 3"),
        ({"own": lambda x: x[:3]}, r"one of the shape \(3,\), but an activation returns a number for each"),
        ({"own": lambda x: x.nothing}, "Your function fails on an array: AttributeError"),
        ({"own": lambda x: np.where(x > 1, np.nan, x)}, "no finite number at x = 1.03"),
        ({"x": 7}, r"`x` must lie between −6 and 6.* but it is 7"),
        ({"x": float("nan")}, "`x` must be a finite number"),
        ({"logits": [1]}, "`logits` must be two to six finite numbers"),
        ({"logits": "ab"}, "`logits` must be two to six finite numbers"),
        ({"temperature": 0}, "`temperature` must be a number from 0.05 to 20, but it is 0"),
        ({"slope": 1}, "argument of Activations"),
    ],
)
def test_what_cannot_be_used_is_a_sentence(arguments, complaint):
    with pytest.raises(CourseError, match=complaint):
        Activations(**arguments)


def test_it_goes_back_to_its_start():
    widget = Activations("elu", x=2)
    widget.functions, widget.x, widget.logits = ["gelu"], 0, [1, 1]
    widget.reset()
    assert (widget.functions, widget.x, widget.logits) == (["elu"], 2, [2, 1, 0, -1])


def test_it_has_a_still_picture_and_words():
    data, metadata = Activations(["relu", "tanh"])._repr_mimebundle_()
    assert data["text/plain"] == (
        "Activations: ReLU, tanh, read at x = 1.00. Softmax of 2.00, 1.00, 0.00, −1.00 gives 64%, 24%, 9%, 3%."
    )
    picture = base64.b64decode(data["image/png"])
    assert len(picture) < 60_000
    colours = {tuple(colour) for colour in np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).reshape(-1, 3)}
    assert len(colours) > 10
    assert metadata["image/png"]["alt"] == data["text/plain"]
