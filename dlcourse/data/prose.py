"""English text that ships with Python itself: the reference topics that `help()` shows.

It needs no download and no package. It differs a little between Python's minor versions, so a lesson states what
it learned from the text at hand, never a number that another Python would contradict.
"""

import re
from pydoc_data import topics

import numpy as np

from dlcourse.data.dataset import Parts, Split

_TEST_SHARE = 0.1
_UNUSUAL = re.compile(r"[^\n -~]")


def text() -> str:
    """The topics one after another, in alphabetical order; no indentation, only printable ASCII."""
    joined = "\n\n".join(topics.topics[name].strip() for name in sorted(topics.topics))
    plain = re.sub(r"(?m)^ +|(?<= ) +", "", _UNUSUAL.sub("", joined))
    return re.sub(r"\n{3,}", "\n\n", plain)


def small() -> Parts:
    """The text as character indices: x the characters, y the ones that follow; the last tenth is the test."""
    return characters(text())


def characters(text: str) -> Parts:
    """A text as two splits of character indices, and the characters that the indices stand for."""
    symbols = tuple(sorted(set(text)))
    place = {symbol: index for index, symbol in enumerate(symbols)}
    codes = np.array([place[symbol] for symbol in text], np.int64)
    border = int(len(codes) * (1 - _TEST_SHARE))
    train, test = codes[:border], codes[border:]
    return Split(train[:-1], train[1:]), Split(test[:-1], test[1:]), symbols
