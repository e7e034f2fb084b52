"""Points for a test cell, part by part: what holds, what does not, and what to look at.

A test cell of an exercise reads so, and ends in its points, which nbgrader takes as the cell's:

    marks = Marks()
    with marks.part("the values lie between 0 and 1", 2):
        agree(scaled(pixels), pixels / 255)
    ### BEGIN HIDDEN TESTS
    with marks.part("the values lie between 0 and 1"):
        agree(scaled(other), other / 255)
    ### END HIDDEN TESTS
    marks.total()

A part is won when everything under its title holds, so that hidden tests can take points away and never add any: what
a learner sees is out of the same total. Whatever goes wrong in a learner's code becomes a sentence and costs that part
alone. nbgrader scores a cell that writes to stderr with 0, so a warning is shown as ordinary text here.
"""

import io
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dlcourse.errors import CourseError

NOT_ANSWERED = "Not answered yet."
_CELL = re.compile(r"\S*ipykernel_\S+:\d+: ")  # where a warning says that it comes from; no learner knows the place
_MOST_LINES = 5  # of warnings that are shown


class Points(float):
    """Points reached: a number for nbgrader, a sentence for those who look."""

    def __new__(cls, reached: float, of: float) -> "Points":
        """`reached` points of `of`."""
        points = super().__new__(cls, reached)
        points.of = of
        return points

    of: float

    def _repr_html_(self) -> str:
        return f"<b>{self:g} of {self.of:g} points</b>"


class Marks:
    """The points of one test cell."""

    def __init__(self) -> None:
        """No parts yet."""
        self._points: dict[str, float] = {}
        self._lost: set[str] = set()

    @contextmanager
    def part(self, title: str, points: float | None = None) -> Iterator[None]:
        """Checks that belong together: all hold, or the part's points are lost.

        Args:
            title: What a learner reads beside ✓ or ✗; what should hold, as a statement.
            points: What the part is worth. Left out where more checks of a part follow later.
        """
        if points is None and title not in self._points:
            raise CourseError(f"The part {title!r} has no points yet; name them where it first stands.")
        if points is not None and title in self._points:
            raise CourseError(f"The part {title!r} has its points already; leave them out where it goes on.")
        goes_on = points is None
        self._points.setdefault(title, points or 0)
        aside = io.StringIO()
        complaint = None
        with _stderr_to(aside):
            try:
                yield
            except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever a learner's code can do becomes a sentence)
                complaint = _sentence(error)
        if complaint is None and not goes_on:
            print(f"✓ {title}")
        if complaint is not None and title not in self._lost:
            self._lost.add(title)
            print(f"✗ {title}{' (on other inputs)' if goes_on else ''}\n    {complaint}")
        for line in _CELL.sub("", aside.getvalue()).splitlines()[:_MOST_LINES]:
            print(f"    | {line}")

    def total(self) -> Points:
        """The points of all parts that hold; the last line of the cell."""
        reached = sum(points for title, points in self._points.items() if title not in self._lost)
        return Points(reached, sum(self._points.values()))


@contextmanager
def _stderr_to(aside: io.StringIO) -> Iterator[None]:
    """Lets what is written to stderr go elsewhere, also by loggers that took hold of the stream long ago."""
    stream: Any = sys.stderr
    stream.write = aside.write
    try:
        yield
    finally:
        del stream.write


def _sentence(error: BaseException) -> str:
    if isinstance(error, NotImplementedError) and not str(error):
        return NOT_ANSWERED
    if isinstance(error, AssertionError) and str(error):
        return str(error)
    if isinstance(error, NameError) and error.name and not _own_line(error):
        return f"There is no `{error.name}` yet: run the cell that makes it, and keep the name."
    kind = type(error).__name__
    description = f"{kind}: {error}" if str(error) else kind
    return f"Your code stopped with {description}{_own_line(error)}"


def _own_line(error: BaseException) -> str:
    """The line of the learner's own functions that failed last."""
    frames = traceback.extract_tb(error.__traceback__)
    test = next((frame.filename for frame in frames if frame.name == "<module>"), None)
    for frame in reversed(frames):
        if "ipykernel_" in frame.filename and frame.filename != test:  # how ipykernel calls a cell
            return f"\n    in `{frame.name}`: {(frame.line or '').strip()}"
    return ""
