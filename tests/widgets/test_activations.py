"""Activations from Python; its arithmetic in the browser is in test_activations_js.py."""

import base64
import io

import keras
import numpy as np
import pytest
from displayed import words_of
from PIL import Image

from dlcourse.errors import CourseError
from dlcourse.lens.activation_functions import ACTIVATION_FUNCTIONS
from dlcourse.widgets import Activations
from dlcourse.widgets.activations import KNOWN, REACH, _style
from dlcourse.widgets.shared.palette import rgb
from dlcourse.widgets.shared.still import _strokes


def test_no_two_functions_look_alike():
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
    assert "your own" in words_of(widget)


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
    assert len(base64.b64decode(data["image/png"])) < 60_000
    assert metadata["image/png"]["alt"] == data["text/plain"]


@pytest.mark.parametrize("name", ["elu", "tanh", "sigmoid"])
def test_the_still_picture_has_the_curve_and_its_slope_where_they_belong(name):
    png = base64.b64decode(Activations([name])._repr_mimebundle_()[0]["image/png"])
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    activation = ACTIVATION_FUNCTIONS[name]
    for left, (low, high), function in ((34, (-2, 4), activation), (424, (-0.25, 1.25), activation.slopes)):
        panel = pixels[2 * 34 : 2 * (34 + 216), 2 * left : 2 * (left + 316)]
        rows, columns = np.nonzero(np.abs(panel - rgb(_style(name)[0])).sum(axis=2) < 40)
        x, y = 12 * columns / panel.shape[1] - 6, high - (high - low) * rows / panel.shape[0]
        assert x.min() < -5.9
        assert x.max() > 3.9  # beyond, ELU has left the panel
        nearest = np.abs(y - np.array([function(x + by) for by in np.linspace(-0.1, 0.1, 9)])).min(axis=0)
        assert nearest.max() < 0.02 * (high - low)
