"""The arithmetic of convolution along one or more axes, as Keras does it.

With the span of the kernel K = (k - 1) * dilation + 1, padding p before and q after the input, stride s:

    convolution   out = (n + p + q - K) // s + 1      "valid": p = q = 0      "full": p = q = K - 1
    "same"        out = ceil(n / s)                   p + q = max((out - 1) * s + K - n, 0), the odd one after
    transposed    out = (n - 1) * s + K - p - q       what "valid" leaves over is filled up where K < s
"""

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np

from dlcourse.errors import CourseError, unknown

Axes = int | Sequence[int]
Padding = str | int | Sequence[int]

_PADDINGS = ("causal", "full", "same", "valid")


def convolution_output(
    size: Axes, kernel: Axes, stride: Axes = 1, padding: Padding = "valid", dilation: Axes = 1
) -> Any:
    """The size of what a convolution or a pooling returns.

    Args:
        size: The input's size, an int, or a tuple with an int for each axis (as all arguments here).
        kernel: The kernel's size.
        stride: The step from one output to the next, in inputs.
        padding: "valid" (none), "same" (as much as makes the output ceil(size / stride)), "full" (wherever kernel
            and input touch), "causal" (all before), or the number of zeros on either side.
        dilation: The distance between neighbouring kernel elements, in inputs.

    Returns:
        An int, or a tuple of ints as soon as one argument is a tuple.

    Raises:
        CourseError: If a setting is impossible, or the kernel does not fit.

    Example:
        >>> convolution_output((28, 30), kernel=5, stride=2)
        (12, 13)
    """

    def output(n: int, k: int, s: int, p: str | int, d: int) -> int:
        before, after = _amounts(n, k, s, p, d)
        span = (k - 1) * d + 1
        if span > n + before + after:
            dilated = f" with dilation {d} spans {span} and" if d > 1 else ""
            padded = f" padded to {n + before + after}" if before + after else ""
            raise CourseError(
                f"A kernel of {k}{dilated} does not fit into an input of {n}{padded}: "
                "take a smaller kernel, or padding='same'."
            )
        return (n + before + after - span) // s + 1

    return _per_axis(output, size, kernel, stride, padding, dilation)


def transposed_output(
    size: Axes,
    kernel: Axes,
    stride: Axes = 1,
    padding: Padding = "valid",
    dilation: Axes = 1,
    output_padding: Axes | None = None,
) -> Any:
    """The size of what a transposed convolution returns.

    Args:
        size: The input's size, an int, or a tuple with an int for each axis (as all arguments here).
        kernel: The kernel's size.
        stride: The step from one input to the next, in outputs.
        padding: "valid" (all is kept), "same" (size * stride), or how many outputs are cut off on either side.
        dilation: The distance between neighbouring kernel elements, in outputs.
        output_padding: How many outputs to add at the end; less than the stride. Keras' default None fills "valid"
            up to a multiple of the stride where the kernel is smaller than that.

    Returns:
        An int, or a tuple of ints as soon as one argument is a tuple.

    Raises:
        CourseError: If a setting is impossible, or nothing is left.

    Example:
        >>> transposed_output(7, kernel=3, stride=2, padding="same")
        14
    """

    def output(n: int, k: int, s: int, p: str | int, d: int, extra: int | None) -> int:
        span = (k - 1) * d + 1
        if extra is not None and not 0 <= extra < s:
            raise CourseError(f"`output_padding` must be from 0 to {s - 1}, less than the stride, but it is {extra}.")
        match p:
            case "same":
                last = s if extra is None else span % 2 + extra
            case "valid":
                last = max(span, s) if extra is None else span + extra
            case int():
                last = span - 2 * p + (extra or 0)
            case _:
                raise CourseError(f"A transposed convolution has no padding {p!r}: take 'valid', 'same' or a number.")
        if (n - 1) * s + last <= 0:
            raise CourseError(f"A padding of {p} cuts off all of the {(n - 1) * s + span} outputs: take a smaller one.")
        return (n - 1) * s + last

    return _per_axis(output, size, kernel, stride, padding, dilation, output_padding)


def padding_amounts(size: Axes, kernel: Axes, stride: Axes = 1, padding: Padding = "same", dilation: Axes = 1) -> Any:
    """How many zeros a convolution adds before and after its input; "same" adds an odd one after, as TensorFlow does.

    Args:
        size: The input's size, an int, or a tuple with an int for each axis (as all arguments here).
        kernel: The kernel's size.
        stride: The step from one output to the next, in inputs.
        padding: As in `convolution_output`.
        dilation: The distance between neighbouring kernel elements, in inputs.

    Returns:
        A pair (before, after), or a tuple of pairs as soon as one argument is a tuple.

    Raises:
        CourseError: If a setting is impossible.

    Example:
        >>> padding_amounts(224, kernel=3, stride=2)
        (0, 1)
    """
    return _per_axis(_amounts, size, kernel, stride, padding, dilation)


def convolution_matrix(
    kernel: Any, shape: Axes, stride: Axes = 1, padding: Padding = "valid", dilation: Axes = 1
) -> np.ndarray:
    """The matrix that a convolution is: `M @ x.ravel()` equals the convolution of `x`, `M.T @ y.ravel()` its transpose.

    As in Keras the kernel is not flipped (it is a correlation).

    Args:
        kernel: The kernel, an array with an axis for each of the input's.
        shape: The input's shape, without batch and channels.
        stride: The step from one output to the next, in inputs, an int or a tuple.
        padding: As in `convolution_output`.
        dilation: The distance between neighbouring kernel elements, in inputs, an int or a tuple.

    Returns:
        A matrix with a row for each output and a column for each input.

    Raises:
        CourseError: If a setting is impossible, or the kernel does not fit.

    Example:
        >>> convolution_matrix([1, 2], shape=3)
        array([[1, 2, 0],
               [0, 1, 2]])
    """
    weights = np.asarray(kernel)
    if not np.issubdtype(weights.dtype, np.number) or weights.ndim == 0:
        raise CourseError(f"`kernel` must be an array of numbers such as [[1, 0], [0, -1]], but it is {kernel!r}.")
    sizes = (shape,) * weights.ndim if isinstance(shape, int) else tuple(shape)
    outputs = convolution_output(sizes, weights.shape, stride, padding, dilation)
    starts = [before for before, _ in padding_amounts(sizes, weights.shape, stride, padding, dilation)]
    strides, dilations = (_expand(setting, len(sizes)) for setting in (stride, dilation))
    matrix = np.zeros((prod(outputs), prod(sizes)), weights.dtype)
    rows = np.arange(prod(outputs))
    for tap in np.ndindex(weights.shape):
        places = [
            index * step - start + element * spread
            for index, step, start, element, spread in zip(
                np.indices(outputs), strides, starts, tap, dilations, strict=True
            )
        ]
        inside = np.logical_and.reduce([(at >= 0) & (at < n) for at, n in zip(places, sizes, strict=True)]).ravel()
        columns = np.ravel_multi_index([at.ravel()[inside] for at in places], sizes)
        matrix[rows[inside], columns] += weights[tap]
    return matrix


def convolve(
    x: Any, kernel: Any, stride: Axes = 1, padding: Padding = "valid", dilation: Axes = 1, bias: Any = 0.0
) -> np.ndarray:
    """The convolution of one picture, as a Conv2D layer does it, in NumPy.

    As in Keras the kernel is not flipped (it is a correlation).

    Args:
        x: The picture: height × width, or height × width × channels.
        kernel: The weights: rows × columns, or rows × columns × channels × filters for a picture with channels.
        stride: The step from one output to the next, in inputs, an int or a tuple.
        padding: As in `convolution_output`.
        dilation: The distance between neighbouring kernel elements, in inputs, an int or a tuple.
        bias: What is added: a number, or one for each filter.

    Returns:
        height × width, or height × width × filters.

    Raises:
        CourseError: If a setting is impossible, the kernel does not fit, or the shapes do not.

    Example:
        >>> convolve([[1, 2, 3]], [[-1, 1]])
        array([[1., 1.]])
    """
    picture, weights = np.asarray(x, float), np.asarray(kernel, float)
    if (picture.ndim, weights.ndim) not in ((2, 2), (3, 4)) or picture.shape[2:] != weights.shape[2:3]:
        raise CourseError(
            f"A picture of the shape {picture.shape} and a kernel of the shape {weights.shape} do not go together: "
            "give height × width and rows × columns, or height × width × channels and rows × columns × channels × "
            "filters."
        )
    sizes, kernel_sizes = picture.shape[:2], weights.shape[:2]
    convolution_output(sizes, kernel_sizes, stride, padding, dilation)
    around = padding_amounts(sizes, kernel_sizes, stride, padding, dilation)
    padded = np.pad(picture, [*around, (0, 0)][: picture.ndim])
    (down, right), (spread, across) = _expand(stride, 2), _expand(dilation, 2)
    reach = tuple((k - 1) * d + 1 for k, d in zip(kernel_sizes, (spread, across), strict=True))
    windows = np.lib.stride_tricks.sliding_window_view(padded, reach, axis=(0, 1))
    taps = windows[::down, ::right, ..., ::spread, ::across]
    subscripts = "rcij,ij->rc" if picture.ndim == 2 else "rckij,ijkf->rcf"
    return np.einsum(subscripts, taps, weights, optimize=True) + np.asarray(bias)


def _amounts(n: int, k: int, s: int, p: str | int, d: int) -> tuple[int, int]:
    span = (k - 1) * d + 1
    match p:
        case "valid":
            return 0, 0
        case "full":
            return span - 1, span - 1
        case "causal":
            return span - 1, 0
        case "same":
            missing = max((-(-n // s) - 1) * s + span - n, 0)
            return missing // 2, missing - missing // 2
        case int() if p >= 0:
            return p, p
        case int():
            raise CourseError(f"`padding` must not be negative, but it is {p}.")
        case _:
            raise unknown("padding", p, _PADDINGS)


def _per_axis(
    rule: Callable, size: Axes, kernel: Axes, stride: Axes, padding: Padding, dilation: Axes, *more: Any
) -> Any:
    """The rule for each axis; a lone answer where no argument is a tuple."""
    settings: dict[str, Any] = {"size": size, "kernel": kernel, "stride": stride, "dilation": dilation}
    for name, setting in settings.items():
        values = setting if isinstance(setting, Sequence) else (setting,)
        for value in values:
            if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
                raise CourseError(
                    f"`{name}` must be a whole number from 1 on, or a tuple of them, but it is {setting!r}."
                )
    arguments = (size, kernel, stride, padding, dilation, *more)
    lengths = {len(setting) for setting in arguments if isinstance(setting, Sequence) and not isinstance(setting, str)}
    if not lengths:
        return rule(*arguments)
    if len(lengths) > 1:
        counts = " and ".join(map(str, sorted(lengths)))
        raise CourseError(f"The settings have {counts} axes: give each one number, or one for every axis.")
    count = lengths.pop()
    return tuple(rule(*axis) for axis in zip(*(_expand(setting, count) for setting in arguments), strict=True))


def _expand(setting: Any, count: int) -> tuple:
    return tuple(setting) if isinstance(setting, Sequence) and not isinstance(setting, str) else (setting,) * count
