"""What a recurrent network reads, in numbers: the characters or words of a text, each with the number it was given."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from dlcourse.errors import CourseError

MOST_STEPS = 400
_UNKNOWN = "[UNK]"  # what Keras' TextVectorization calls all words that it does not know


class Vocabulary:
    """Characters or words in the order of their numbers.

    Attributes:
        tokens: They.
        words: Whether they are words, between which texts are cut at spaces.
    """

    def __init__(self, tokens: Sequence[str], masked: bool = False) -> None:
        """Takes tokens as they are.

        Args:
            tokens: They.
            masked: Whether the network skips those with number 0.
        """
        self.tokens = list(tokens)
        self.words = any(len(token) != 1 for token in self.tokens)
        self._masked = masked
        self._numbers = {token: number for number, token in enumerate(self.tokens)}

    def __len__(self) -> int:
        """How many there are."""
        return len(self.tokens)

    def parted(self, text: str) -> list[str]:
        """A text's characters, or its words.

        Example:
            >>> Vocabulary(["[UNK]", "good", "bad"]).parted("good  or bad")
            ['good', 'or', 'bad']
        """
        return text.split() if self.words else list(text)

    def numbers(self, text: str) -> np.ndarray:
        """A text in numbers.

        Raises:
            CourseError: If it is empty, too long, or holds what has no number.

        Example:
            >>> Vocabulary("abc").numbers("cab")
            array([2, 0, 1])
        """
        parts = self.parted(text)
        kind = "words" if self.words else "characters"
        if not parts:
            raise CourseError(f"`text` is empty: give it some {kind}.")
        if len(parts) > MOST_STEPS:
            raise CourseError(f"`text` has {len(parts)} {kind}, but this shows at most {MOST_STEPS}: cut it.")
        other = self._numbers.get(_UNKNOWN)
        numbers = [self._numbers.get(part, other) for part in parts]
        if None in numbers:
            known = "".join(self.tokens) if not self.words else ", ".join(self.tokens[:8]) + ", …"
            raise CourseError(
                f"`text` holds {parts[numbers.index(None)]!r}, which is not among the {len(self)} {kind} that the "
                f"network knows: {known!s:.120}"
            )
        if self._masked and 0 in numbers:
            raise CourseError(
                f"`text` holds {self.tokens[0]!r}, which has number 0, and the network skips that (mask_zero=True)."
            )
        return np.array(numbers)

    def described(self) -> dict[str, Any]:
        """For the browser."""
        return {"tokens": self.tokens, "words": self.words, "unknown": _UNKNOWN, "masked": self._masked}


def vocabulary_of(given: Any, count: int, text: str, masked: bool) -> Vocabulary:
    """The vocabulary that somebody gives, or that a text has where it has exactly as many characters.

    Args:
        given: Characters as a text, or a list of characters or words; None where the text shall tell.
        count: How many the network knows.
        text: The text.
        masked: Whether the network skips number 0.

    Raises:
        CourseError: If it does not fit the network.

    Example:
        >>> vocabulary_of(None, 3, "abcab", False).tokens
        ['a', 'b', 'c']
    """
    if given is None:
        given = sorted(set(text))
        if len(given) != count:
            raise CourseError(
                f"The network knows {count} characters or words: give them in the order of their numbers, as in "
                'vocabulary="abc…" or vocabulary=["[UNK]", "the", …].'
            )
    tokens = list(given) if isinstance(given, str | list | tuple) else None
    if tokens is None or not all(isinstance(token, str) for token in tokens) or len(set(tokens)) != len(tokens):
        raise CourseError(f"`vocabulary` must be characters or words, each once, but it is {given!r:.60}.")
    if len(tokens) != count:
        raise CourseError(
            f"`vocabulary` has {len(tokens)} characters or words, but the network knows {count}: give each its place."
        )
    return Vocabulary(tokens, masked)
