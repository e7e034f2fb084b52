"""A check in the flow of a lesson: the cell behind the one where a learner writes code.

    def slope_of_tanh(z):
        ...  # your turn

    check(slope_of_tanh, at=[0.0, 1.0, -2.0], expected=1 - np.tanh([0.0, 1.0, -2.0]) ** 2,
          mistakes={"That is tanh itself.": np.tanh([0.0, 1.0, -2.0])})

It never stops a notebook: what is wrong, and what is not written yet, is said in a sentence.
"""

import re
from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np

from dlcourse.errors import CourseError
from dlcourse.grading.agreement import agree
from dlcourse.grading.complaints import sentence

_MARKS = {True: ("✓", "#009E73"), False: ("✗", "#D55E00"), None: ("…", "#808080")}


class Verdict:
    """What `check` found; the last line of a cell shows it."""

    def __init__(self, passed: bool | None, says: str) -> None:
        """`passed` is None where there is no answer yet."""
        self.passed, self.says = passed, says

    def __repr__(self) -> str:
        """For places that show text only."""
        return f"{_MARKS[self.passed][0]} {self.says}"

    def _repr_html_(self) -> str:
        mark, colour = _MARKS[self.passed]
        says = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", escape(self.says)).replace("\n", "<br>")
        return (
            f'<div role="status" style="border-left: 4px solid {colour}; padding: 2px 10px"><b>{mark}</b> {says}</div>'
        )


def check(
    answer: Any, *, expected: Any, at: Any = None, mistakes: Mapping[str, Any] | None = None, tolerance: float = 1e-4
) -> Verdict:
    """Tell a learner at once whether what they wrote is right, and which mistake it is if not.

    Args:
        answer: A function of theirs, or a value.
        expected: What it should give; any block of numbers.
        at: Where a function is asked: one argument, lists as arrays, or a tuple of several.
        mistakes: What well-known mistakes give, by the sentence that helps.
        tolerance: The difference that is allowed, as a share of the largest expected number.

    Returns:
        What is shown below the cell; its `passed` is True, False, or None where nothing is written yet.

    Raises:
        CourseError: If a function is to be checked, and no place is named.

    Example:
        >>> def double(x): return x + 2
        >>> check(double, at=[1.0, 5.0], expected=[2, 10], mistakes={"You added 2.": [3, 7]})
        ✗ You added 2.
    """
    name = f"`{answer.__name__}`" if hasattr(answer, "__name__") else "The value"
    if callable(answer) and at is None:
        raise CourseError(f"{name} is a function: say where it is checked, with at=...")
    try:
        given = answer(*_arguments(at)) if callable(answer) else answer
        if given is None or given is ...:
            return Verdict(
                None, f"{name} gives nothing yet: replace the dots, `return` the result, then run both cells."
            )
        agree(given, expected, tolerance=tolerance, mistakes=mistakes)
    except NotImplementedError:
        return Verdict(None, f"{name} is not written yet. Write it, then run both cells.")
    except Exception as error:  # noqa: BLE001 (whatever a learner's code can do becomes a sentence)
        return Verdict(False, sentence(error))
    return Verdict(True, f"{name} is right.")


def _arguments(at: Any) -> tuple[Any, ...]:
    """What the function is called with."""
    several = at if isinstance(at, tuple) else (at,)
    return tuple(np.asarray(value) if isinstance(value, list) else value for value in several)
