"""Pictures changed by a known amount, against SciPy's affine transformation and Keras' own layers."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from properties import examples
from scipy import ndimage

from dlcourse.errors import CourseError
from dlcourse.lens import transformed

FILLS = {"nearest": "nearest", "reflect": "reflect", "constant": "grid-constant"}  # and what SciPy calls them


@st.composite
def changes(draw):
    """A picture that is not square, and all that is done to it."""
    height, width, channels = draw(st.sampled_from([(7, 12, 1), (16, 9, 3), (1, 5, 1), (10, 11, 3)]))
    return {
        "picture": np.random.default_rng(draw(st.integers(0, 999))).random((height, width, channels)),
        "turn": draw(st.floats(-180, 180)),
        "shift_x": draw(st.floats(-0.5, 0.5)),
        "shift_y": draw(st.floats(-0.5, 0.5)),
        "size": draw(st.floats(0.5, 2)),
        "light": draw(st.floats(0.1, 1.5)),
        "fill": draw(st.sampled_from(sorted(FILLS))),
    }


def by_scipy(picture, turn, shift_x, shift_y, size, light, fill):
    """From a place of the result, rows before columns and counted from the middle, back to the picture."""
    shape = np.array(picture.shape[:2])
    middle = (shape - 1) / 2
    back = np.linalg.inv(size * np.array([[np.cos(a := np.radians(turn)), -np.sin(a)], [np.sin(a), np.cos(a)]]))
    offset = middle - back @ (middle + np.array([shift_y, shift_x]) * shape)
    planes = [
        ndimage.affine_transform(plane, back, offset, order=1, mode=FILLS[fill]) for plane in np.moveaxis(picture, 2, 0)
    ]
    return np.clip(np.stack(planes, -1) * light, 0, 1)


@examples(1.5)
@given(changes())
def test_it_is_the_affine_transformation_of_scipy(case):
    picture = case.pop("picture")
    np.testing.assert_allclose(transformed(picture, **case), by_scipy(picture, **case), atol=1e-5)


@pytest.mark.parametrize("fill", sorted(FILLS))
@pytest.mark.parametrize(
    ("change", "layer"),
    [
        ({"turn": 36}, lambda fill: keras.layers.RandomRotation((0.1, 0.1), fill_mode=fill)),
        (
            {"shift_x": 0.2, "shift_y": -0.1},
            lambda fill: keras.layers.RandomTranslation((-0.1, -0.1), (0.2, 0.2), fill),
        ),
        ({"size": 0.8}, lambda fill: keras.layers.RandomZoom((0.25, 0.25), fill_mode=fill)),
    ],
)
def test_amounts_count_as_in_keras(change, layer, fill):
    pictures = np.random.default_rng(1).random((2, 12, 15, 3)).astype("float32")
    expected = np.asarray(layer(fill)(pictures, training=True))
    np.testing.assert_allclose(transformed(pictures, **change, fill=fill), expected, atol=1e-5)


def test_a_quarter_turn_goes_to_the_left():
    picture = np.random.default_rng(2).integers(0, 256, (9, 9, 3), dtype=np.uint8)
    np.testing.assert_array_equal(transformed(picture, turn=90), np.rot90(picture))
    np.testing.assert_array_equal(transformed(picture, turn=-180), picture[::-1, ::-1])


def test_what_is_not_changed_comes_back_as_it_is():
    picture = np.random.default_rng(3).integers(0, 256, (6, 9), dtype=np.uint8)
    same = transformed(picture)
    assert same.dtype == np.uint8
    np.testing.assert_array_equal(same, picture)
    np.testing.assert_array_equal(transformed(picture / 255), (picture / 255).astype("float32"))


def test_light_is_a_factor_and_white_is_the_most():
    assert transformed(np.array([[0, 100, 200]], np.uint8), light=1.5).tolist() == [[0, 150, 255]]
    np.testing.assert_allclose(transformed(np.array([[0.2, 0.8]]), light=0.5), [[0.1, 0.4]], atol=1e-7)


def test_several_pictures_are_changed_alike():
    pictures = np.random.default_rng(4).random((3, 8, 5, 1))
    together = transformed(pictures, turn=20, size=1.3, fill="reflect")
    alone = [transformed(picture, turn=20, size=1.3, fill="reflect") for picture in pictures]
    np.testing.assert_array_equal(together, alone)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"turn": "left"}, "`turn` must be a finite number, but it is 'left'."),
        ({"shift_x": np.nan}, "`shift_x` must be a finite number"),
        ({"size": 0}, "`size` must be above 0, but it is 0."),
        ({"light": -1}, "`light` must be 0 or more, but it is -1."),
        ({"fill": "wrap"}, "There is no fill 'wrap'."),
        ({"pictures": np.zeros(5)}, "`pictures` has the shape (5,), but one picture is height × width"),
        (
            {"pictures": np.full((2, 2), 200.0)},
            "from 200 to 200, but light and dark are known only of values from 0 to",
        ),
        ({"pictures": np.full((2, 2), np.nan)}, "divide by 255"),
        ({"pictures": [["a"]]}, "`pictures` must hold numbers"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(arguments, sentence):
    with pytest.raises(CourseError) as error:
        transformed(**({"pictures": np.zeros((4, 4))} | arguments))
    assert sentence in str(error.value)
