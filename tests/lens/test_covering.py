import keras
import numpy as np
import pytest
from keras import layers

from dlcourse.errors import CourseError
from dlcourse.lens.covering import occlusion

PICTURES = np.random.default_rng(6).uniform(0, 1, (2, 5, 8, 1)).astype("float32")


@pytest.fixture(scope="module")
def weighted():
    """A model whose two outputs are known sums of pixels."""
    model = keras.Sequential([keras.Input((5, 8, 1)), layers.Flatten(), layers.Dense(2)])
    model.set_weights([np.random.default_rng(1).normal(size=(40, 2)), np.zeros(2)])
    return model


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 1), (1, 4)])
def test_what_a_linear_model_loses_is_known(weighted, size, stride):
    kernel = weighted.get_weights()[0][:, 1].reshape(5, 8)
    for picture, loss_map in zip(PICTURES, occlusion(weighted, PICTURES, 1, size, stride, value=0.25), strict=True):
        loss = kernel * (picture[..., 0] - 0.25)
        expected = [
            [loss[row : row + size, column : column + size].sum() for column in range(0, 8, stride)]
            for row in range(0, 5, stride)
        ]
        np.testing.assert_allclose(loss_map, expected, atol=1e-5)


def test_the_unit_is_the_strongest_of_the_whole_picture(weighted):
    strongest = weighted.predict(PICTURES, verbose=0).argmax(axis=1)
    maps = occlusion(weighted, PICTURES, batch_size=7)
    np.testing.assert_allclose(maps, occlusion(weighted, PICTURES, strongest), atol=1e-6)


def test_the_picture_is_left_as_it_is(weighted):
    before = PICTURES.copy()
    occlusion(weighted, PICTURES, size=4)
    np.testing.assert_array_equal(PICTURES, before)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"size": 9}, r"`size` must be a whole number of pixels from 1 to 8, but it is 9"),
        ({"size": 2.5}, r"`size` must be a whole number of pixels"),
        ({"stride": 0}, r"`stride` must be a whole number of pixels"),
        ({"value": np.nan}, r"`value` must be a finite number"),
        ({"target": 2}, r"There is no output unit 2"),
    ],
)
def test_wrong_settings_are_refused(weighted, settings, sentence):
    with pytest.raises(CourseError, match=sentence):
        occlusion(weighted, PICTURES, **settings)


def test_only_pictures_can_be_covered():
    model = keras.Sequential([keras.Input((5,)), layers.Dense(2)])
    with pytest.raises(CourseError, match=r"Only pictures can be covered, but `x` has the shape \(2, 5\)"):
        occlusion(model, np.ones((2, 5)))
