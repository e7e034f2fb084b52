"""The table of activation functions against Keras and TensorFlow's tape; tests/widgets tries the browser's."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlcourse.lens.activation_functions import ACTIVATION_FUNCTIONS, logistic, softmax

PLACES = np.array([*np.linspace(-7, 7, 57), -40.0, 40.0])


@pytest.mark.parametrize("name", [name for name in ACTIVATION_FUNCTIONS if name != "step"])
def test_values_and_slopes_are_those_of_keras(name):
    function = (
        (lambda x: keras.activations.gelu(x, approximate=False)) if name == "gelu" else keras.activations.get(name)
    )
    at = tf.constant(PLACES, "float64")
    with tf.GradientTape() as tape:
        tape.watch(at)
        values = function(at)
    ours = ACTIVATION_FUNCTIONS[name]
    np.testing.assert_allclose(ours(PLACES), values, atol=1e-7)
    kinks = PLACES == 0 if name == "selu" else np.inf == PLACES  # there TensorFlow takes the slope on the right
    slopes = tape.gradient(values, at).numpy()
    np.testing.assert_allclose(ours.slopes(PLACES)[~kinks], slopes[~kinks], atol=1e-7)


def test_at_a_kink_the_slope_is_that_on_its_left():
    slopes = {name: function.slopes(0.0).item() for name, function in ACTIVATION_FUNCTIONS.items()}
    left = {"relu": 0, "leaky_relu": 0.2, "elu": 1, "selu": 1.0507009873554805 * 1.6732632423543772, "step": 0}
    assert {name: slopes[name] for name in left} == pytest.approx(left)


def test_a_step_is_flat_and_goes_up_at_zero():
    step = ACTIVATION_FUNCTIONS["step"]
    assert step([-1, -1e-9, 0, 1]).tolist() == [0, 0, 1, 1]
    assert step.slopes([-1, 0, 1]).tolist() == [0, 0, 0]


def test_huge_numbers_make_no_warning_and_no_nan():
    huge = np.array([-1e4, 1e4])
    assert logistic(huge).tolist() == [0, 1]
    assert ACTIVATION_FUNCTIONS["softplus"](huge).tolist() == [0, 1e4]
    assert ACTIVATION_FUNCTIONS["elu"](huge).tolist() == [-1, 1e4]
    assert softmax(np.array([[1e4, 0], [0, 0]])).tolist() == [[1, 0], [0.5, 0.5]]
