"""The activation functions in JavaScript against those of Keras and of `dlcourse.lens`, values and slopes."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlcourse.lens.activation_functions import ACTIVATION_FUNCTIONS

NAMES = "linear sigmoid tanh relu leaky_relu elu selu softplus silu gelu".split()
INPUTS = [*np.linspace(-7, 7, 57).round(3) + 1e-3, -40.0, 40.0]


@pytest.mark.parametrize("name", NAMES)
def test_values_and_slopes_are_those_of_keras(name, in_node):
    body = "const { value, slope } = ACTIVATIONS[state.name]; const y = value(state.x); return [y, slope(state.x, y)];"
    cases = [{"name": name, "x": x} for x in INPUTS]
    values, slopes = np.transpose(in_node({"shared/js/activation_functions.js": "ACTIVATIONS"}, body, cases))
    x = tf.constant(INPUTS, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(x)
        expected = {"gelu": lambda x: tf.nn.gelu(x, approximate=False)}.get(name, keras.activations.get(name))(x)
    np.testing.assert_allclose(values, expected, atol=1e-7)
    gradient = tape.gradient(expected, x)
    np.testing.assert_allclose(slopes, gradient, atol=1e-7)


@pytest.mark.parametrize("name", ACTIVATION_FUNCTIONS)
def test_values_and_slopes_are_those_of_the_lens(name, in_node):
    places = [*INPUTS, 0.0]
    body = "const { value, slope } = ACTIVATIONS[state.name]; const y = value(state.x); return [y, slope(state.x, y)];"
    cases = [{"name": name, "x": x} for x in places]
    curves = np.transpose(in_node({"shared/js/activation_functions.js": "ACTIVATIONS"}, body, cases))
    ours = ACTIVATION_FUNCTIONS[name]
    np.testing.assert_allclose(curves, [ours(places), ours.slopes(places)], atol=1e-12)


def test_softmax_is_that_of_keras_and_survives_large_inputs(in_node):
    cases = [[0, 0], [1000, 0, -1000], [0.5, -1, 3, 2]]
    for case, answer in zip(
        cases, in_node({"shared/js/activation_functions.js": "softmax"}, "return softmax(state);", cases), strict=True
    ):
        np.testing.assert_allclose(answer, keras.ops.softmax(np.array(case, "float64")), atol=1e-7)
