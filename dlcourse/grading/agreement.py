"""Whether an answer is the number, or the block of numbers, that it should be; and if not, in which way."""

from collections.abc import Mapping
from typing import Any

import numpy as np


def agree(found: Any, expected: Any, *, tolerance: float = 1e-4, mistakes: Mapping[str, Any] | None = None) -> None:
    """Hold what a learner's code returned against what it should be.

    Lists, arrays, tensors of any backend and plain numbers are all welcome, in any precision.

    Args:
        found: What came back.
        expected: What should have come back.
        tolerance: The difference that is allowed, as a share of the largest expected number.
        mistakes: What well-known mistakes come to, by the sentence that helps: `{"You divided by 256.": pixels / 256}`.

    Raises:
        AssertionError: They differ. Its text says how: the sentence of a mistake, the shape, or the first place.

    Example:
        >>> agree([0.5, 0.25], [0.5, 0.5])
        Traceback (most recent call last):
        AssertionError: At [1] it is 0.25, and should be 0.5. (1 of 2 numbers differ.)
    """
    expected = np.asarray(expected)
    array = _as_numbers(found, expected)
    if _near(array, expected, tolerance):
        return
    for sentence, mistaken in (mistakes or {}).items():
        if _near(array, np.asarray(mistaken), tolerance):
            raise AssertionError(sentence)
    if array.shape != expected.shape:
        shape = expected.shape or "(), a single number"
        raise AssertionError(f"Its shape is {array.shape}, and should be {shape}.")
    if not np.isfinite(array).all() and np.isfinite(expected).all():
        raise AssertionError("It holds nan or infinity: somewhere a number grew too large, or was divided by 0.")
    wrong = ~_close(array, expected, tolerance)
    place = tuple(int(index) for index in np.argwhere(wrong)[0])
    where = f"At [{', '.join(map(str, place))}] it" if place else "It"
    count = f" ({wrong.sum()} of {wrong.size} numbers differ.)" if wrong.size > 1 else ""
    raise AssertionError(f"{where} is {_told(array[place])}, and should be {_told(expected[place])}.{count}")


def _as_numbers(found: Any, expected: np.ndarray) -> np.ndarray:
    if found is None:
        raise AssertionError("It is None: does your function end in `return ...`?")
    if callable(found):
        raise AssertionError(f"It is a {type(found).__name__} that can be called, not a number; call it first.")
    try:
        array = np.asarray(found)
    except (ValueError, TypeError) as error:  # rows of different length
        raise AssertionError(f"It is a {type(found).__name__} that is no block of numbers: {error}") from None
    if array.dtype.kind not in "biufc":
        kind = type(found).__name__
        raise AssertionError(f"It is a {kind}, and should be {_kind(expected)}; it cannot be read as numbers.")
    return array


def _kind(expected: np.ndarray) -> str:
    return f"an array of shape {expected.shape}" if expected.ndim else "a number"


def _near(array: np.ndarray, expected: np.ndarray, tolerance: float) -> bool:
    return array.shape == expected.shape and bool(_close(array, expected, tolerance).all())


def _close(array: np.ndarray, expected: np.ndarray, tolerance: float) -> np.ndarray:
    finite = np.abs(expected[np.isfinite(expected)])
    scale = float(finite.max()) if finite.size and finite.max() > 0 else 1.0
    return np.isclose(array, expected, rtol=0, atol=tolerance * scale, equal_nan=True)


def _told(number: Any) -> str:
    return f"{number:.6g}" if isinstance(number, np.floating) else f"{number}"
