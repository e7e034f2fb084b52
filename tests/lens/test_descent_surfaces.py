"""Surfaces to descend on: their slopes against TensorFlow's tape."""

import numpy as np
import pytest
import tensorflow as tf

from dlcourse.lens.descent_surfaces import DESCENT_SURFACES, gridded_surface, line_fit_surface


@pytest.mark.parametrize("name", DESCENT_SURFACES)
def test_slopes_are_the_derivatives(name):
    surface = DESCENT_SURFACES[name]
    x, y = (tf.constant(np.random.default_rng(axis).uniform(-3, 3, 50)) for axis in (0, 1))
    with tf.GradientTape() as tape:
        tape.watch([x, y])
        heights = tf_height(surface.height, x, y)
    np.testing.assert_allclose(heights, surface.height(np.array(x), np.array(y)), atol=1e-9)
    np.testing.assert_allclose(tape.gradient(heights, [x, y]), surface.slope(np.array(x), np.array(y)), atol=1e-9)


def tf_height(rule, x, y):
    """The same rule with TensorFlow's functions, so that its tape can follow them."""
    replaced = {"cos": tf.cos, "exp": tf.exp}
    fake = type("numpy", (), {key: staticmethod(function) for key, function in replaced.items()})
    return type(rule)(rule.__code__, {"np": fake})(x, y)


def test_between_the_points_of_a_grid_a_plane_is_a_plane():
    along = np.linspace(-2, 2, 9)
    x, y = np.meshgrid(along, along)
    surface = gridded_surface(3 * x - 0.5 * y + 1, reach=2)
    places = np.random.default_rng(0).uniform(-2, 2, (2, 30))
    np.testing.assert_allclose(surface.height(*places), 3 * places[0] - 0.5 * places[1] + 1, atol=1e-12)
    np.testing.assert_allclose(surface.slope(*places), np.broadcast_to([[3], [-0.5]], places.shape), atol=1e-12)
    assert surface.height(5.0, 0.3) == pytest.approx(surface.height(2.0, 0.3))  # beyond the rim as at the rim


def test_a_line_fit_is_the_mean_squared_error_of_each_line():
    x, y, w, b = np.random.default_rng(0).uniform(-2, 2, (4, 7))
    surface = line_fit_surface(x, y)
    weight, bias = tf.constant(w), tf.constant(b)
    with tf.GradientTape() as tape:
        tape.watch([weight, bias])
        losses = tf.reduce_mean((weight[:, None] * x + bias[:, None] - y) ** 2, axis=1)
    np.testing.assert_allclose(surface.height(w, b), losses, atol=1e-9)
    np.testing.assert_allclose(surface.slope(w, b), tape.gradient(losses, [weight, bias]), atol=1e-9)
