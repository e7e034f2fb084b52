import keras
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from keras import layers
from properties import examples

from dlcourse.errors import CourseError
from dlcourse.lens.convolution import (
    convolution_matrix,
    convolution_output,
    convolve,
    padding_amounts,
    transposed_output,
)

sizes, kernels, steps = st.integers(1, 20), st.integers(1, 7), st.integers(1, 4)
paddings = st.sampled_from(["valid", "same"])


@examples(2)
@given(st.tuples(sizes, sizes), st.tuples(kernels, kernels), st.tuples(steps, steps), paddings, steps)
def test_sizes_are_those_of_keras(size, kernel, stride, padding, dilation):
    assume(dilation == 1 or max(stride) == 1)  # Keras takes one or the other
    layer = layers.Conv2D(3, kernel, stride, padding=padding, dilation_rate=dilation)
    spans = [(k - 1) * dilation + 1 for k in kernel]
    if padding == "valid" and any(span > n for span, n in zip(spans, size, strict=True)):
        with pytest.raises(CourseError, match="does not fit"):
            convolution_output(size, kernel, stride, padding, dilation)
    else:
        expected = layer.compute_output_shape((None, *size, 2))[1:-1]
        assert convolution_output(size, kernel, stride, padding, dilation) == expected


@examples(2)
@given(sizes, kernels, steps, paddings, st.one_of(st.none(), steps))
def test_transposed_sizes_are_those_of_keras(size, kernel, stride, padding, extra):
    assume(extra is None or extra < stride)
    layer = layers.Conv1DTranspose(3, kernel, stride, padding=padding, output_padding=extra)
    expected = layer.compute_output_shape((None, size, 2))[1]
    assert transposed_output(size, kernel, stride, padding, output_padding=extra) == expected


@given(st.tuples(st.integers(7, 12), st.integers(7, 12)), st.tuples(kernels, kernels), steps, paddings, steps)
def test_the_matrix_does_what_a_convolution_does(shape, kernel_shape, stride, padding, dilation):
    assume(dilation == 1 or stride == 1)
    assume(padding == "same" or max(kernel_shape) * dilation <= 7)
    generator = np.random.default_rng(3)
    kernel, x = generator.normal(size=kernel_shape), generator.normal(size=shape)
    expected = keras.ops.conv(
        x[None, ..., None].astype("float32"),
        kernel[..., None, None].astype("float32"),
        strides=stride,
        padding=padding,
        dilation_rate=dilation,
    )
    matrix = convolution_matrix(kernel, shape, stride, padding, dilation)
    np.testing.assert_allclose(matrix @ x.ravel(), np.ravel(expected), atol=1e-4)


@given(
    st.tuples(st.integers(7, 12), st.integers(7, 12)), st.tuples(kernels, kernels), st.tuples(steps, steps), paddings
)
def test_convolve_is_a_layer_of_keras(shape, kernel_shape, stride, padding):
    generator = np.random.default_rng(6)
    kernel, x = generator.normal(size=(*kernel_shape, 3, 2)), generator.normal(size=(*shape, 3))
    bias = generator.normal(size=2)
    layer = layers.Conv2D(2, kernel_shape, stride, padding=padding)
    layer.build((None, None, None, 3))
    layer.set_weights([kernel, bias])
    by_keras = np.asarray(layer(x[None].astype("float32")))[0]
    np.testing.assert_allclose(convolve(x, kernel, stride, padding, bias=bias), by_keras, atol=1e-4)
    plane = convolve(x[:, :, 0], kernel[:, :, 0, 1], stride, padding)
    np.testing.assert_allclose(plane, convolve(x[:, :, :1], kernel[:, :, :1, 1:], stride, padding)[:, :, 0], atol=1e-9)


def test_convolve_says_which_shapes_go_together():
    with pytest.raises(CourseError, match=r"picture of the shape \(5, 5, 3\) and a kernel of the shape \(3, 3\)"):
        convolve(np.zeros((5, 5, 3)), np.zeros((3, 3)))


@given(st.tuples(st.integers(2, 5), st.integers(2, 5)), st.tuples(kernels, kernels), steps, paddings)
def test_the_transposed_matrix_does_what_a_transposed_convolution_does(shape, kernel_shape, stride, padding):
    generator = np.random.default_rng(4)
    kernel, y = generator.normal(size=kernel_shape), generator.normal(size=shape)
    layer = layers.Conv2DTranspose(1, kernel_shape, stride, padding=padding, use_bias=False)
    layer.build((None, *shape, 1))
    layer.kernel.assign(kernel[..., None, None])
    expected = keras.ops.convert_to_numpy(layer(y[None, ..., None]))[0, ..., 0]
    larger = transposed_output(shape, kernel_shape, stride, padding)
    matrix = convolution_matrix(kernel, larger, stride, padding)
    np.testing.assert_allclose((matrix.T @ y.ravel()).reshape(larger), expected, atol=1e-4)


def test_the_full_convolution_is_numpys():
    kernel, x = np.array([1.0, 3, -2]), np.array([2.0, 5, 7, 1])
    np.testing.assert_allclose(convolution_matrix(kernel[::-1], 4, padding="full") @ x, np.convolve(kernel, x))


def test_the_matrix_has_a_band_for_each_element_of_the_kernel():
    expected = [[1, 0, 2, 0, 0], [0, 1, 0, 2, 0], [0, 0, 1, 0, 2]]
    np.testing.assert_array_equal(convolution_matrix([1, 2], 5, dilation=2), expected)


@pytest.mark.parametrize(
    ("arguments", "amounts"),
    [
        ({"size": 224, "kernel": 3, "stride": 2}, (0, 1)),
        ({"size": 225, "kernel": 3, "stride": 2}, (1, 1)),
        ({"size": 10, "kernel": 4}, (1, 2)),
        ({"size": 10, "kernel": 3, "padding": "causal", "dilation": 4}, (8, 0)),
        ({"size": (10, 11), "kernel": (3, 5), "padding": "full"}, ((2, 2), (4, 4))),
        ({"size": 10, "kernel": 3, "padding": 2}, (2, 2)),
        ({"size": 10, "kernel": 1, "stride": 3}, (0, 0)),
    ],
)
def test_the_odd_zero_goes_to_the_end(arguments, amounts):
    assert padding_amounts(**arguments) == amounts


def test_numbers_of_zeros_count_as_in_other_libraries():
    assert convolution_output((32, 28), 5, (1, 2), padding=2) == (32, 14)
    assert transposed_output((32, 28), 4, 2, padding=1) == (64, 56)


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda: convolution_output(5, 7), r"A kernel of 7 does not fit into an input of 5: take a smaller kernel"),
        (lambda: convolution_output(5, 3, dilation=4), r"A kernel of 3 with dilation 4 spans 9 and does not fit"),
        (lambda: convolution_output(2, 7, padding=1), r"into an input of 2 padded to 4"),
        (lambda: convolution_output(5, 0), r"`kernel` must be a whole number from 1 on.*but it is 0"),
        (lambda: convolution_output(5, 3, stride=1.5), r"`stride` must be a whole number"),
        (lambda: convolution_output((5, True), 3), r"`size` must be a whole number"),
        (lambda: convolution_output(5, 3, padding="smae"), r"no padding 'smae'. Did you mean 'same'\?"),
        (lambda: convolution_output(5, 3, padding=-1), r"`padding` must not be negative, but it is -1"),
        (lambda: convolution_output((5, 6), (3, 3, 3)), r"The settings have 2 and 3 axes"),
        (lambda: transposed_output(5, 3, padding="full"), r"A transposed convolution has no padding 'full'"),
        (lambda: transposed_output(1, 3, padding=2), r"A padding of 2 cuts off all of the 3 outputs"),
        (lambda: transposed_output(5, 3, 2, output_padding=2), r"`output_padding` must be from 0 to 1"),
        (lambda: convolution_matrix("kernel", 3), r"`kernel` must be an array of numbers"),
        (lambda: convolution_matrix([[1, 2]], (3, 1)), r"A kernel of 2 does not fit into an input of 1"),
    ],
)
def test_impossible_settings_are_explained(ask, sentence):
    with pytest.raises(CourseError, match=sentence):
        ask()
