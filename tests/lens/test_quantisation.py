"""Numbers in few bits against ONNX Runtime's quantiser and against what quantising promises."""

import numpy as np
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from onnx import TensorProto, helper
from onnxruntime.quantization.quant_utils import quantize_data

from dlcourse.errors import CourseError
from dlcourse.lens.quantisation import Quantised, dequantise, quantise

RNG = np.random.default_rng(5)
KERNEL = RNG.normal(0.02, 0.1, (3, 5, 4, 7)).astype("float32")
LIBRARY = {
    (8, True): TensorProto.INT8,
    (8, False): TensorProto.UINT8,
    (16, True): TensorProto.INT16,
    (16, False): TensorProto.UINT16,
    (4, False): TensorProto.UINT4,
}
tensors = arrays.arrays(
    "float32",
    arrays.array_shapes(max_dims=3, max_side=6),
    elements=st.floats(-(2.0**100), 2.0**100, width=32),
)


def by_library(values, bits, symmetric):
    zero_point, scale, integers = quantize_data(values, LIBRARY[bits, symmetric], symmetric)
    return Quantised(integers, scale, zero_point)


def assert_same(quantised, expected):
    for name, part, library_part in zip(Quantised._fields, quantised, expected, strict=True):
        np.testing.assert_array_equal(np.asarray(part, "float64"), np.asarray(library_part, "float64"), name)


@pytest.mark.parametrize(("bits", "symmetric"), LIBRARY)
@given(values=tensors)
def test_integers_scale_and_zero_point_are_those_of_onnx_runtime(bits, symmetric, values):
    assert_same(quantise(values, bits, symmetric), by_library(values, bits, symmetric))


@pytest.mark.parametrize(("bits", "symmetric"), LIBRARY)
@pytest.mark.parametrize("axis", [0, 2, -1])
def test_an_axis_has_scales_of_its_own(bits, symmetric, axis):
    quantised = quantise(KERNEL, bits, symmetric, axis)
    assert quantised.scale.size == quantised.zero_point.size == KERNEL.shape[axis]
    for index in range(KERNEL.shape[axis]):
        part = Quantised(*(np.take(array, index, axis) for array in quantised))
        assert_same(
            Quantised(part.integers, part.scale.item(), part.zero_point.item()),
            by_library(np.take(KERNEL, index, axis), bits, symmetric),
        )


def test_what_a_session_makes_of_the_integers_is_what_dequantise_makes():
    quantised = quantise(KERNEL, 8, symmetric=False)
    node = helper.make_node("DequantizeLinear", ["integers", "scale", "zero_point"], ["values"])
    constants = [
        helper.make_tensor(name, kind, (), [part.item()])
        for name, kind, part in (
            ("scale", TensorProto.FLOAT, quantised.scale),
            ("zero_point", TensorProto.UINT8, quantised.zero_point),
        )
    ]
    taken = helper.make_tensor_value_info("integers", TensorProto.UINT8, KERNEL.shape)
    given_back = helper.make_tensor_value_info("values", TensorProto.FLOAT, KERNEL.shape)
    graph = helper.make_graph([node], "back", [taken], [given_back], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    (values,) = session.run(None, {"integers": quantised.integers})
    np.testing.assert_array_equal(values, dequantise(quantised))


@given(values=tensors, bits=st.integers(2, 12), symmetric=st.booleans())
def test_no_value_moves_by_more_than_half_a_level(values, bits, symmetric):
    quantised = quantise(values, bits, symmetric)
    moved = np.abs(dequantise(quantised).astype("float64") - values)
    # a zero point is rounded, too, which shifts a whole range by up to half a level
    assert np.all(moved <= quantised.scale.astype("float64") * ((0.5 if symmetric else 1) + 1e-4))


@given(values=tensors, bits=st.integers(1, 12), symmetric=st.booleans())
def test_integers_fit_into_their_bits_and_zero_stays_zero(values, bits, symmetric):
    integers, _, zero_point = quantised = quantise(values, bits, symmetric)
    assert len(np.unique(integers)) <= 2**bits
    if symmetric:
        assert np.abs(integers).max() <= max(2 ** (bits - 1) - 1, 1)
        assert zero_point == 0
    else:
        assert 0 <= integers.min() <= integers.max() < 2**bits
        assert 0 <= zero_point < 2**bits
    if bits > 1 or not symmetric:
        assert not dequantise(quantised)[values == 0].any()


def test_one_bit_keeps_signs_and_the_scale_that_errs_least():
    quantised = quantise(KERNEL, 1, axis=-1)
    assert set(np.unique(quantised.integers)) == {-1, 1}
    np.testing.assert_array_equal(quantised.integers > 0, KERNEL >= 0)

    def error(factor):
        return np.square(quantised.integers * quantised.scale * factor - KERNEL).sum(axis=(0, 1, 2))

    assert np.all(error(1) <= np.minimum(error(0.99), error(1.01)))


@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize("bits", [1, 2, 8, 24])
@pytest.mark.parametrize("axis", [None, -1])
def test_a_tensor_of_zeros_stays_one(bits, symmetric, axis):
    quantised = quantise(np.zeros((3, 2)), bits, symmetric, axis)
    assert np.all(quantised.scale == 1)
    assert not quantised.zero_point.any()
    assert not dequantise(quantised).any()


@pytest.mark.parametrize("symmetric", [True, False])
def test_numbers_too_small_for_a_scale_and_no_numbers_at_all(symmetric):
    assert quantise(np.full(3, 1e-40), 8, symmetric).scale == 1
    nothing = quantise(np.zeros((0, 4)), 8, symmetric)
    assert dequantise(nothing).shape == (0, 4)
    assert quantise(-2.5, 4, symmetric).integers.shape == ()


@pytest.mark.parametrize(
    ("bits", "symmetric", "kind"),
    [(8, True, "int8"), (8, False, "uint8"), (9, True, "int16"), (16, False, "uint16"), (17, True, "int32")],
)
def test_integers_have_the_smallest_type(bits, symmetric, kind):
    assert quantise(KERNEL, bits, symmetric).integers.dtype == kind
    assert dequantise(quantise(KERNEL, bits, symmetric)).dtype == "float32"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"bits": 0}, "`bits` must be a whole number from 1 to 24, but it is 0"),
        ({"bits": True}, "but it is True"),
        ({"bits": 2.0}, r"but it is 2\.0"),
        ({"axis": 4}, "`axis` must be from -4 to 3, or None, but it is 4"),
        ({"values": 1.0, "axis": 0}, "a single number has no axis"),
        (
            {"values": [[1, np.nan]]},
            r"1 numbers that are NaN, infinite or too large for float32, the first at \(0, 1\)",
        ),
    ],
)
def test_what_does_not_fit_is_told_in_a_sentence(arguments, sentence):
    with pytest.raises(CourseError, match=sentence):
        quantise(**{"values": KERNEL} | arguments)
