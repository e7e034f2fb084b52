"""Networks with rounded weights against Keras itself, its weights set to the rounded ones."""

import keras
import numpy as np
import pytest
from keras import layers

from dlcourse.errors import CourseError
from dlcourse.lens.precision import outputs_with, weight_tensors
from dlcourse.lens.quantisation import dequantise, quantise, stored_bytes

RNG = np.random.default_rng(7)


def pictures_model():
    inner = keras.Sequential([keras.Input((6, 8, 3)), layers.Conv2D(4, 3, name="conv", padding="same")], name="inner")
    return keras.Sequential(
        [
            keras.Input((6, 8, 3)),
            inner,
            layers.BatchNormalization(name="norm"),
            layers.SeparableConv2D(5, 3, depth_multiplier=2, name="separable"),
            layers.DepthwiseConv2D(2, depth_multiplier=3, name="depthwise"),
            layers.Conv2DTranspose(2, 3, name="up"),
            layers.Flatten(),
            layers.Dense(3, name="out"),
        ]
    )


def series_model():
    steps = [layers.Embedding(11, 4, name="embedding"), layers.LSTM(5, name="lstm"), layers.Dense(2, name="out")]
    return keras.Sequential([keras.Input((7,), dtype="int32"), *steps])


PICTURES = RNG.normal(size=(5, 6, 8, 3)).astype("float32")
SERIES = RNG.integers(0, 11, (5, 7))


def test_every_kernel_is_found_under_its_layers_name_and_no_bias():
    tensors = weight_tensors(pictures_model())
    assert [tensor.name for tensor in tensors] == [
        "inner/conv",
        "separable: depthwise_kernel",
        "separable: pointwise_kernel",
        "depthwise",
        "up",
        "out",
    ]
    assert [tensor.channels for tensor in tensors] == [4, 8, 5, 15, 2, 3]
    names = [tensor.name for tensor in weight_tensors(series_model())]
    assert names == ["embedding", "lstm: lstm_cell/kernel", "lstm: lstm_cell/recurrent_kernel", "out"]


def test_a_layer_used_twice_is_one_tensor():
    shared = layers.Dense(4, name="shared")
    inputs = keras.Input((4,))
    assert [tensor.name for tensor in weight_tensors(keras.Model(inputs, shared(shared(inputs))))] == ["shared"]


@pytest.mark.parametrize(("make", "x"), [(pictures_model, PICTURES), (series_model, SERIES)])
@pytest.mark.parametrize("per_channel", [True, False])
def test_outputs_are_those_of_the_model_with_these_weights(make, x, per_channel):
    model = make()
    before = [np.array(array) for array in model.get_weights()]
    rounded = {tensor.name: tensor.rounded(3, per_channel=per_channel) for tensor in weight_tensors(model)}
    outputs = outputs_with(model, x, rounded, batch_size=2)
    for array, kept in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(array, kept)  # a learner's model is nobody's to change
    assert np.abs(outputs - model(x, training=False)).max() > 1e-3
    for tensor in weight_tensors(model):
        tensor.variable.assign(rounded[tensor.name])
    np.testing.assert_allclose(outputs, model(x, training=False), atol=1e-5)


@pytest.mark.parametrize(("name", "axis"), [("inner/conv", 3), ("up", 2), ("out", 1)])
def test_an_output_channel_has_its_own_scale(name, axis):
    (tensor,) = (tensor for tensor in weight_tensors(pictures_model()) if tensor.name == name)
    expected = dequantise(quantise(tensor.values, 4, symmetric=False, axis=axis))
    np.testing.assert_array_equal(tensor.rounded(4, symmetric=False, per_channel=True), expected)


def test_each_map_of_a_depthwise_convolution_has_its_own_scale():
    (tensor,) = (tensor for tensor in weight_tensors(pictures_model()) if tensor.name == "depthwise")
    rounded = tensor.rounded(1, per_channel=True)
    np.testing.assert_allclose(np.abs(rounded), np.broadcast_to(np.abs(tensor.values).mean((0, 1)), tensor.shape))


def test_sizes_count_packed_bits_scales_and_zero_points():
    (tensor,) = (tensor for tensor in weight_tensors(pictures_model()) if tensor.name == "up")
    weights, channels = 3 * 3 * 2 * 15, 2
    assert tensor.bytes(32) == 4 * weights
    assert tensor.bytes(8) == weights + 4
    assert tensor.bytes(3, per_channel=True) == np.ceil(weights * 3 / 8) + 4 * channels
    assert tensor.bytes(8, symmetric=False, per_channel=True) == weights + (4 + 1) * channels
    assert stored_bytes(10, 12, symmetric=False) == 15 + 4 + 2


def test_a_tensor_that_is_not_there_is_named():
    with pytest.raises(CourseError, match=r"There is no weight tensor 'uot'\. Did you mean 'out'"):
        outputs_with(series_model(), SERIES, {"uot": np.zeros((5, 2))})
