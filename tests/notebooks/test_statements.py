"""Two functions by which lessons 2.3 and 3.3 check what they say, taken from the notebooks, held to other models."""

from pathlib import Path

import keras
import nbformat
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from dlcourse.lens import gradient_flow, receptive_interval

COURSE = Path(__file__).parents[2] / "course"
KNOWN = {"keras": keras, "np": np, "tf": tf}


def function(lesson, tag):
    """The one function that the cell with this tag defines."""
    cells = nbformat.read(COURSE / lesson, 4).cells
    (source,) = [cell.source for cell in cells if tag in cell.metadata.get("tags", [])]
    namespace = dict(KNOWN)
    exec(source, namespace)
    (name,) = namespace.keys() - KNOWN.keys() - {"__builtins__"}
    return namespace[name]


gradient_norms = function("02_training/03_gradient_flow.ipynb", "gradient-norms")
sees = function("03_convolutions/03_receptive_fields.ipynb", "sees")


def compiled(inputs, outputs, loss="sparse_categorical_crossentropy"):
    model = keras.Model(inputs, outputs)
    model.compile(optimizer="sgd", loss=loss)
    return model


def chain(activation, initializer, depth, width=24, residual=False):
    keras.utils.set_random_seed(3)
    inputs = keras.Input((12,))
    h = layers.Dense(width, activation=activation, kernel_initializer=initializer)(inputs)
    for _ in range(depth - 1):
        block = layers.Dense(width, activation=activation, kernel_initializer=initializer)(h)
        h = layers.Add()([h, block]) if residual else block
    return compiled(inputs, layers.Dense(3, activation="softmax")(h))


def branching():
    keras.utils.set_random_seed(4)
    inputs = keras.Input((12,))
    left = layers.Dense(9, activation="tanh", name="left")(inputs)
    right = layers.BatchNormalization(name="norm")(layers.Dense(7, use_bias=False, name="right")(inputs))
    joined = layers.Concatenate()([left, layers.ReLU()(right)])
    return compiled(inputs, layers.Dense(3, name="end")(joined), keras.losses.CategoricalCrossentropy(from_logits=True))


def examples():
    rng = np.random.default_rng(0)
    return rng.normal(size=(32, 12)).astype("float32"), rng.integers(0, 3, 32)


class TestGradientNorms:
    def test_a_deep_sigmoid_stack_starves_and_its_cures_feed_the_first_layer(self):
        x, y = examples()
        sigmoid = gradient_norms(chain("sigmoid", "glorot_uniform", 10), x, y)
        residual = gradient_norms(chain("sigmoid", "glorot_uniform", 10, residual=True), x, y)
        relu = gradient_norms(chain("relu", "he_normal", 13), x, y)
        assert (len(sigmoid), len(residual), len(relu)) == (11, 11, 14)
        assert sigmoid[0] / sigmoid[-1] < 1e-4
        assert relu[0] / relu[-1] > 1e-2
        assert residual[0] / residual[-1] > 100 * sigmoid[0] / sigmoid[-1]

    @pytest.mark.parametrize(
        "build",
        [
            lambda: chain("sigmoid", "glorot_uniform", 10),
            lambda: chain("tanh", "lecun_normal", 4, residual=True),
            branching,
        ],
        ids=["deep sigmoid", "tanh with links", "branch and batch norm"],
    )
    def test_it_is_what_the_lens_says_and_leaves_the_model_alone(self, build):
        model = build()
        x, y = examples()
        if model.output_names == ["end"]:
            y = keras.utils.to_categorical(y, 3)
        before = model.get_weights()
        norms = gradient_norms(model, x, y)
        for array, other in zip(before, model.get_weights(), strict=True):
            np.testing.assert_array_equal(array, other)
        names = [layer.name for layer in model.layers if layer.trainable_weights]
        flow = gradient_flow(model, x, y)
        np.testing.assert_allclose(norms, [flow[name].gradient for name in names], rtol=1e-3)
        assert min(norms) > 0


def strided(positive):
    inputs = keras.Input((23, 19, 2))
    h = layers.Conv2D(3, 5, strides=2, activation="relu", kernel_initializer=positive)(inputs)
    h = layers.AveragePooling2D(3, strides=2)(h)
    return keras.Model(inputs, layers.Conv2D(2, (1, 2), kernel_initializer=positive, name="end")(h))


def padded(positive):
    inputs = keras.Input((16, 16, 1))
    h = inputs
    for _ in range(4):
        h = layers.Conv2D(2, 3, padding="same", activation="softplus", kernel_initializer=positive)(h)
    return keras.Model(inputs, layers.DepthwiseConv2D(3, depthwise_initializer=positive, name="end")(h))


def forked(positive):
    """A dilated way whose holes are filled by an undilated one, and a third way around both."""
    inputs = keras.Input((20, 20, 1))
    near = layers.Conv2D(2, 3, padding="same", activation="relu", kernel_initializer=positive)(inputs)
    near = layers.Conv2D(2, 3, padding="same", activation="relu", kernel_initializer=positive)(near)
    far = layers.Conv2D(2, 3, dilation_rate=2, padding="same", activation="relu", kernel_initializer=positive)(near)
    joined = layers.Add()([near, far])
    return keras.Model(inputs, layers.AveragePooling2D(2, name="end")(joined))


MODELS = pytest.mark.parametrize(
    ("build", "units"),
    [(strided, [(0, 0), (2, 1), (3, 1)]), (padded, [(0, 0), (6, 5), (13, 13)]), (forked, [(0, 9), (4, 5)])],
    ids=["strides and overlapping pooling", "same padding at the border", "two ways"],
)


def field(model, unit):
    mask = np.zeros(model.input_shape[1:3], bool)
    (top, bottom), (left, right) = receptive_interval(model, "end", unit)
    mask[top : bottom + 1, left : right + 1] = True
    return mask


class TestSees:
    @MODELS
    def test_with_positive_weights_a_unit_sees_its_whole_field(self, build, units):
        model = build(keras.initializers.RandomUniform(0.1, 0.5, seed=1))
        image = np.random.default_rng(0).random(model.input_shape[1:])
        for unit in units:
            np.testing.assert_array_equal(sees(model, image, unit), field(model, unit))

    @MODELS
    def test_with_any_weights_it_sees_nothing_outside(self, build, units):
        model = build(keras.initializers.RandomNormal(seed=2))
        image = np.random.default_rng(1).normal(size=model.input_shape[1:])
        for unit in units:
            light = sees(model, image, unit)
            assert light.dtype == bool
            assert not (light & ~field(model, unit)).any()

    def test_channels_that_cancel_are_both_seen(self):
        model = keras.Sequential([keras.Input((5, 5, 1)), layers.Conv2D(2, 3, name="end")])
        kernel = np.ones((3, 3, 1, 1), "float32")
        model.set_weights([np.concatenate([kernel, -kernel], axis=3), np.zeros(2)])
        np.testing.assert_array_equal(sees(model, np.zeros((5, 5, 1)), (1, 2)), field(model, (1, 2)))
