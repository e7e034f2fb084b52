"""Numbers kept in few bits: whole numbers and the scale that makes them numbers again.

    quantised     integer = round(value / scale) + zero point, cut off at the ends of what the bits can count
    back          value = (integer - zero point) * scale

Where conventions differ this follows ONNX Runtime's quantiser, so that its 8 and 16 bits are these integers exactly:
values and scales are float32 (a scale is divided out in float64 first), a half rounds to the even side, a range is
widened until it holds 0, symmetric integers leave out the lowest one, and a tensor of nothing but zeros has the scale
1. ONNX Runtime alone differs in 4 symmetric bits, where it counts from -8 to 7 instead of from -7 to 7.
"""

from typing import Any, NamedTuple

import numpy as np

from dlcourse.errors import CourseError

# float32 tells no more levels apart than this many bits count
MOST_BITS = 24


class Quantised(NamedTuple):
    """Numbers in few bits.

    `integers` has the shape of the values, in the smallest type of NumPy that holds them. `scale` (float32) and
    `zero_point` (int32) have no axis, or, where an axis has scales of its own, that axis and others of length 1.
    """

    integers: np.ndarray
    scale: np.ndarray
    zero_point: np.ndarray


def quantise(values: Any, bits: int = 8, symmetric: bool = True, axis: int | None = None) -> Quantised:
    """Numbers as whole numbers of a few bits.

    Args:
        values: The numbers, array-like, of any shape.
        bits: How many bits a number gets, from 1 to 24.
        symmetric: True for levels on both sides of 0, from -(2**(bits-1) - 1) to 2**(bits-1) - 1 times the scale; one
            bit keeps the sign and the mean size. False for 2**bits levels from the smallest number to the largest,
            counted from 0, with a zero point that stands for 0.
        axis: None for one scale, or the axis of which every index gets its own, such as -1 for the output channels of
            a layer's kernel.

    Returns:
        The integers, the scale or scales, the zero point or points.

    Raises:
        CourseError: If an argument does not fit, or a value is not finite.

    Example:
        >>> quantise([-0.6, 0.0, 0.24, 1.0], bits=3).integers
        array([-2,  0,  1,  3], dtype=int8)
        >>> quantise([-0.6, 0.0, 0.24, 1.0], bits=3, symmetric=False).integers
        array([0, 3, 4, 7], dtype=uint8)
    """
    array = _numbers(values)
    if isinstance(bits, bool) or not isinstance(bits, int | np.integer) or not 1 <= bits <= MOST_BITS:
        raise CourseError(f"`bits` must be a whole number from 1 to {MOST_BITS}, but it is {bits!r}.")
    over = _all_but(axis, array.ndim)
    if symmetric:
        lowest, highest = -(2 ** (bits - 1) - 1), 2 ** (bits - 1) - 1
        if bits == 1:
            return _signs(array, over)
        size = np.max(np.abs(array), axis=over, keepdims=axis is not None, initial=0)
        scale, zero_point = size / np.float64(highest), np.zeros(size.shape)
    else:
        lowest, highest = 0, 2**bits - 1
        smallest = np.min(array, axis=over, keepdims=axis is not None, initial=0).astype("float64")
        largest = np.max(array, axis=over, keepdims=axis is not None, initial=0).astype("float64")
        scale = (largest - smallest) / highest
        zero_point = np.rint(-smallest / np.where(_usable(scale), scale, np.inf))
    scale = np.where(_usable(scale), scale, 1).astype("float32")
    integers = np.clip(np.rint(array / scale) + zero_point, lowest, highest)
    return Quantised(integers.astype(_smallest_type(lowest, highest)), scale, zero_point.astype("int32"))


def dequantise(quantised: Quantised) -> np.ndarray:
    """The numbers, in float32, that whole numbers of a few bits stand for.

    Args:
        quantised: What `quantise` returned.

    Returns:
        An array of the values' shape.

    Example:
        >>> dequantise(quantise([-0.6, 0.0, 0.24, 1.0], bits=2))
        array([-1.,  0.,  0.,  1.], dtype=float32)
    """
    integers, scale, zero_point = quantised
    return (integers.astype("int32") - zero_point).astype("float32") * scale


def stored_bytes(count: int, bits: int, scales: int = 1, symmetric: bool = True) -> int:
    """How many bytes numbers take: packed one behind the other, with their scales and zero points.

    A scale takes 4 bytes, a zero point as many as its bits need. 32 bits are floats, which need neither.

    Args:
        count: How many numbers.
        bits: How many bits each has, from 1 to 24, or 32.
        scales: How many scales there are: 1, or one for each index of an axis.
        symmetric: Whether there are no zero points.

    Example:
        >>> stored_bytes(1000, 8), stored_bytes(1000, 3), stored_bytes(1000, 32)
        (1004, 379, 4000)
    """
    if bits == 32:
        return 4 * count
    return -(-count * bits // 8) + scales * (4 + (0 if symmetric else -(-bits // 8)))


def _numbers(values: Any) -> np.ndarray:
    array = np.asarray(values, "float32")
    wrong = np.argwhere(~np.isfinite(array))
    if len(wrong):
        raise CourseError(
            f"`values` holds {len(wrong)} numbers that are NaN, infinite or too large for float32, the first at "
            f"{tuple(map(int, wrong[0]))}: no scale can hold them. Did the training diverge?"
        )
    return array


def _all_but(axis: int | None, axes: int) -> tuple[int, ...]:
    """The axes over which a range is taken."""
    if axis is None:
        return tuple(range(axes))
    if isinstance(axis, bool) or not isinstance(axis, int | np.integer) or not -axes <= axis < axes:
        known = f"from {-axes} to {axes - 1}, or None" if axes else "None: a single number has no axis"
        raise CourseError(f"`axis` must be {known}, but it is {axis!r}.")
    return tuple(other for other in range(axes) if other != axis % axes)


def _usable(scale: np.ndarray) -> np.ndarray:
    """Where a scale is neither 0 nor so small that float32 loses it."""
    return scale >= np.finfo("float32").tiny


def _signs(array: np.ndarray, over: tuple[int, ...]) -> Quantised:
    """One bit: -1 or 1 times the mean size, which among all scales errs least; 0 counts as 1."""
    keepdims = len(over) < array.ndim
    size = np.mean(np.abs(array), axis=over, keepdims=keepdims, dtype="float64") if array.size else np.zeros(())
    usable = _usable(size)
    integers = np.where(usable, np.where(array < 0, -1, 1), 0).astype("int8")
    return Quantised(integers, np.where(usable, size, 1).astype("float32"), np.zeros(size.shape, "int32"))


def _smallest_type(lowest: int, highest: int) -> str:
    types = ("int8", "int16", "int32") if lowest < 0 else ("uint8", "uint16", "uint32")
    return next(name for name in types if highest <= np.iinfo(name).max)
