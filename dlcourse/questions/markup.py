"""The little markup of the questions' texts, `code` and *emphasis*, for places that show plain text."""

import re

_EMPHASIS = re.compile(r"(`[^`]+`)|\*([^*\s](?:[^*]*[^*\s])?)\*")


def plain(text: str) -> str:
    """A text without the stars of its emphasis; code keeps its marks, so that it is told from the words around it.

    >>> plain("the *mean* of `a * b * c`")
    'the mean of `a * b * c`'
    """
    return _EMPHASIS.sub(lambda found: found[1] or found[2], text)
