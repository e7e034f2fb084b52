"""The effective receptive field: zero outside of the theoretical one, and known where the network is linear."""

import keras
import numpy as np
import pytest
from keras import layers

from dlcourse.errors import CourseError
from dlcourse.lens import effective_receptive_field, receptive_interval


def test_it_is_the_kernel_of_a_linear_layer():
    model = keras.Sequential([keras.Input((9, 11, 1)), layers.Conv2D(1, 3, use_bias=False, name="conv")])
    kernel = np.arange(-4.0, 5.0).reshape(3, 3)
    model.layers[0].set_weights([kernel[:, :, None, None]])
    influence = effective_receptive_field(model, "conv", np.ones((2, 9, 11, 1)), unit=(2, 5))
    expected = np.zeros((9, 11))
    expected[2:5, 5:8] = np.abs(kernel)
    np.testing.assert_allclose(influence, expected, atol=1e-6)


def test_two_mean_filters_make_a_triangle():
    pool = [layers.AveragePooling1D(3, strides=1, padding="same") for _ in range(2)]
    model = keras.Sequential([keras.Input((15, 1)), *pool])
    influence = effective_receptive_field(model, 1, np.ones((1, 15, 1)))
    np.testing.assert_allclose(influence[5:10], np.array([1, 2, 3, 2, 1]) / 9, atol=1e-6)
    assert influence[:5].sum() == influence[10:].sum() == 0


def test_nothing_lies_outside_of_the_receptive_field():
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [
            keras.Input((20, 24, 2)),
            layers.Conv2D(4, 3, strides=2, padding="same", activation="tanh"),
            layers.Conv2D(4, (3, 5), padding="same", activation="tanh", name="last"),
        ]
    )
    x = np.random.default_rng(0).normal(size=(3, 20, 24, 2))
    influence = effective_receptive_field(model, "last", x, unit=(4, 6))
    (top, bottom), (left, right) = receptive_interval(model, "last", (4, 6))
    inside = np.zeros(influence.shape, bool)
    inside[top : bottom + 1, left : right + 1] = True
    assert influence[~inside].max() == 0
    assert influence[inside].min() > 0


@pytest.mark.parametrize(
    ("layer", "unit", "sentence"),
    [
        ("dense", None, "The layer 'dense' has units without a place"),
        ("conv", (9, 0), "There is no unit .9, 0.: 'conv' has 7 × 9 places"),
        ("conf", None, "There is no layer 'conf'. Did you mean 'conv'?"),
    ],
)
def test_a_wrong_place_is_told(layer, unit, sentence):
    model = keras.Sequential(
        [keras.Input((9, 11, 1)), layers.Conv2D(1, 3, name="conv"), layers.Flatten(), layers.Dense(2, name="dense")]
    )
    with pytest.raises(CourseError, match=sentence):
        effective_receptive_field(model, layer, np.ones((1, 9, 11, 1)), unit)
