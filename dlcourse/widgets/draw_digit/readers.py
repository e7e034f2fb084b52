"""Several programs that read a digit, asked side by side."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from dlcourse.errors import CourseError
from dlcourse.widgets.draw_digit.ink import PIXELS

_LONGEST = 12  # letters of an answer that has a place in the table


class Readers:
    """Functions by their names: each takes a batch of digits as bytes, n × 28 × 28, and returns n answers."""

    def __init__(self, given: Any) -> None:
        """Checks what was given.

        Raises:
            CourseError: If it is no mapping from names to functions.
        """
        if not isinstance(given, Mapping) or not given or not all(map(callable, given.values())):
            raise CourseError(
                f'`readers` must be functions by their names, as in {{"rules": by_rules}}, but it is {given!r}.'
            )
        self.names = tuple(map(str, given))
        self._functions: tuple[Callable[[np.ndarray], Any], ...] = tuple(given.values())
        self.failed = ""

    @property
    def described(self) -> dict[str, Any]:
        """For the browser, in the place of a model."""
        names = [getattr(function, "__name__", type(function).__name__) for function in self._functions]
        return {"readers": list(self.names), "calls": names, "name": "", "network": None, "classes": []}

    def ask(self, digits: Sequence[np.ndarray]) -> list[tuple[str, ...]]:
        """What each of them says, for each digit of 28 × 28 with values from 0 to 1.

        One that fails says "?", and `failed` tells why. Paper without ink is shown to nobody and gets "–".
        """
        self.failed = ""
        inked = [place for place, digit in enumerate(digits) if np.any(digit)]
        said = [["–"] * len(self.names) for _ in digits]
        for number in range(len(self.names) if inked else 0):
            for place, answer in zip(inked, self._answers(number, [digits[place] for place in inked]), strict=True):
                said[place][number] = answer
        return [tuple(answers) for answers in said]

    def _answers(self, number: int, digits: Sequence[np.ndarray]) -> list[str]:
        batch = np.rint(np.reshape(digits, (len(digits), PIXELS, PIXELS)) * 255).astype(np.uint8)
        try:
            answers = [str(answer)[:_LONGEST] for answer in self._functions[number](batch)]
            if len(answers) != len(batch):
                raise ValueError(f"it returned {len(answers)} answers to {len(batch)} digits")
        except Exception as error:  # noqa: BLE001 (whatever a learner's function can do is told in a sentence)
            self.failed = self.failed or f"{self.names[number]}: {type(error).__name__}: {error}"
            return ["?"] * len(digits)
        return answers
