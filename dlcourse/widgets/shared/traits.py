"""Traits that say in a sentence what they cannot take."""

from collections.abc import Callable
from typing import Any

from traitlets import TraitType

from dlcourse.errors import CourseError, unknown


class Checked(TraitType):
    """A trait whose value goes through a function that returns it, mended, or raises a CourseError.

    >>> stride = Checked(whole("stride", 1, 8), 1).tag(sync=True)
    """

    def __init__(self, check: Callable[[Any], Any], default: Any, **settings: Any) -> None:
        """The settings are those of every trait."""
        super().__init__(default_value=default, **settings)
        self._check = check

    def validate(self, _: Any, value: Any) -> Any:
        """What traitlets calls for every new value."""
        return self._check(value)


def whole(name: str, low: int, high: int) -> Callable[[Any], int]:
    """A check for a whole number from `low` to `high`."""

    def check(value: Any) -> int:
        if not is_number(value) or value != int(value) or not low <= value <= high:
            raise CourseError(f"`{name}` must be a whole number from {low} to {high}, but it is {value!r}.")
        return int(value)

    return check


def finite(name: str) -> Callable[[Any], float]:
    """A check for any number but NaN and the infinite ones."""

    def check(value: Any) -> float:
        if not is_number(value):
            raise CourseError(f"`{name}` must be a finite number, but it is {value!r}.")
        return float(value)

    return check


def one_of(name: str, known: tuple[str, ...]) -> Callable[[Any], str]:
    """A check for one of several words."""

    def check(value: Any) -> str:
        if value not in known:
            raise unknown(name, value, known)
        return value

    return check


def yes_or_no(name: str) -> Callable[[Any], bool]:
    """A check for True or False."""

    def check(value: Any) -> bool:
        if not isinstance(value, bool):
            raise CourseError(f"`{name}` must be True or False, but it is {value!r}.")
        return value

    return check


def is_number(value: Any) -> bool:
    """Whether it is one finite real number, from Python or NumPy."""
    if isinstance(value, bool) or not hasattr(value, "__float__") or getattr(value, "shape", ()) != ():
        return False
    return float("-inf") < float(value) < float("inf")
