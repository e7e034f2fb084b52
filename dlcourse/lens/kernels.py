"""The kernels that everybody should have seen, at every size from 3 on."""

from collections.abc import Callable

import numpy as np

from dlcourse.errors import CourseError, unknown


def named_kernel(name: str, size: int = 3) -> np.ndarray:
    """A well-known kernel, `size` × `size`.

    As in Keras it is laid on the picture as it is, not flipped.

    Args:
        name: "identity", "edges vertical", "Sobel x", "Laplace", "blur, Gaussian", "sharpen" or another one of
            `dlcourse.lens.kernels.NAMES`.
        size: How many rows and columns: an odd number from 3 on, so that there is a centre.

    Raises:
        CourseError: If there is no such kernel, or none of that size.

    Example:
        >>> named_kernel("Sobel x")
        array([[-1.,  0.,  1.],
               [-2.,  0.,  2.],
               [-1.,  0.,  1.]])
    """
    if name not in _RULES:
        raise unknown("kernel", name, NAMES)
    if not isinstance(size, int | np.integer) or size < 3 or size % 2 == 0:
        raise CourseError(f"`size` must be an odd number from 3 on, but it is {size!r}.")
    return _RULES[name](int(size))


def _steps(size: int) -> tuple[np.ndarray, np.ndarray]:
    """The rows' and the columns' distance from the centre."""
    along = np.arange(size) - size // 2
    return along[:, None].astype(float), along[None, :].astype(float)


def _identity(size: int) -> np.ndarray:
    rows, columns = _steps(size)
    return ((rows == 0) & (columns == 0)).astype(float)


def _binomial(size: int) -> np.ndarray:
    """1 2 1, 1 4 6 4 1, ...: whole numbers in the shape of a Gaussian."""
    line = np.ones(1)
    for _ in range(size - 1):
        line = np.convolve(line, [1, 1])
    return line


def _sobel_x(size: int) -> np.ndarray:
    return np.outer(_binomial(size), np.convolve(_binomial(size - 2), [-1, 0, 1]))


def _laplace(size: int) -> np.ndarray:
    """The second differences along both axes, scaled to -4 in the centre."""
    smooth = np.pad(_binomial(size - 2), 1)
    bend = np.convolve(_binomial(size - 2), [1, -2, 1])
    kernel = np.outer(smooth, bend) + np.outer(bend, smooth)
    return kernel * (-4 / kernel[size // 2, size // 2])


def _gaussian(size: int) -> np.ndarray:
    kernel = np.outer(_binomial(size), _binomial(size))
    return kernel / kernel.sum()


_RULES: dict[str, Callable[[int], np.ndarray]] = {
    "identity": _identity,
    "edges vertical": lambda size: np.sign(_steps(size)[1]) + 0 * _steps(size)[0],
    "edges horizontal": lambda size: np.sign(_steps(size)[0]) + 0 * _steps(size)[1],
    "edges falling": lambda size: np.sign(_steps(size)[1] - _steps(size)[0]),
    "edges rising": lambda size: np.sign(_steps(size)[1] + _steps(size)[0]),
    "Sobel x": _sobel_x,
    "Sobel y": lambda size: _sobel_x(size).T,
    "Laplace": _laplace,
    "blur, box": lambda size: np.full((size, size), 1 / size**2),
    "blur, Gaussian": _gaussian,
    "sharpen": lambda size: _identity(size) - _laplace(size),
    "emboss": lambda size: sum(_steps(size)) / (size // 2) + _identity(size),
}

NAMES = tuple(_RULES)
