"""What the units along one axis read, and what of the input they see through all the layers before them.

Both repeat: a strided convolution reads the same pattern one stride further on, a transposed one has as many patterns
as its stride. So a few whole numbers tell the truth about every unit, and no unit has to be tried out.
"""

from dataclasses import dataclass
from functools import reduce
from math import gcd, inf, lcm

import numpy as np

from dlcourse.errors import CourseError


@dataclass(frozen=True)
class Reach:
    """What a layer reads along an axis: unit i + k * len(taps) reads the inputs taps[i] + k * step."""

    taps: tuple[tuple[int, ...], ...]
    step: int

    @property
    def one_to_one(self) -> bool:
        """Whether every unit reads the input of its own number and no other."""
        return self.taps == ((0,),) and self.step == 1


def window(kernel: int, stride: int, before: int, dilation: int = 1) -> Reach:
    """A convolution or pooling with so many zeros before its input."""
    return Reach((tuple(tap * dilation - before for tap in range(kernel)),), stride)


def transposed_window(kernel: int, stride: int, cut: int, dilation: int = 1) -> Reach:
    """A transposed convolution that cuts off so many outputs at the start: output + cut = input * stride + tap."""
    full = [[output + cut - tap * dilation for tap in range(kernel)] for output in range(stride)]
    return Reach(tuple(tuple(at // stride for at in row if at % stride == 0) for row in full), 1)


def shifted(by: int) -> Reach:
    """Zero padding (by less than 0) or cropping (by more) at the start."""
    return Reach(((by,),), 1)


def interpolation(factor: int, neighbours: int) -> Reach:
    """Up-sampling: output o lies at input (o + 1/2) / factor - 1/2, and reads so many inputs on either side of it.

    With no neighbours it copies the input that it lies in. Where it lies on an input exactly, it reads that one alone.
    """
    if neighbours == 0:
        return Reach(((0,),) * factor, 1)
    taps = []
    for output in range(factor):
        below, rest = divmod(2 * output + 1 - factor, 2 * factor)
        taps.append(tuple(range(below - neighbours + 1, below + neighbours + 1)) if rest else (below,))
    return Reach(tuple(taps), 1)


class Uneven(CourseError):
    """Branches meet whose units step over the input at different speeds."""


@dataclass(frozen=True, eq=False)
class Line:
    """What units in line see: unit i + k * len(first) sees the inputs first[i] + k * step to last[i] + k * step.

    With `step` None there are no more units than these, as in a tensor of known size whose borders count.
    A unit that sees nothing, as in the gaps of a transposed convolution, has first = inf and last = -inf.
    """

    first: np.ndarray
    last: np.ndarray
    step: int | None

    @classmethod
    def of_input(cls, size: int | None = None) -> "Line":
        """The input, where each unit sees itself: endless, or of this size."""
        units = np.arange(1.0 if size is None else size)
        return cls(units, units, 1 if size is None else None)

    @property
    def size(self) -> int:
        """The number of inputs from the first to the last that a unit sees; where units differ, the most."""
        return int(max(0, *(self.last - self.first + 1)))

    @property
    def stride(self) -> int | float:
        """How far apart in the input neighbouring units look, on average."""
        assert self.step is not None  # only endless lines are asked
        exact = self.step / len(self.first)
        return int(exact) if exact == int(exact) else exact

    @property
    def offset(self) -> int | None:
        """The first input that unit 0 sees, negative in the padding; None if it sees nothing."""
        return None if self.first[0] == inf else int(self.first[0])

    def interval(self, unit: int) -> tuple[int, int] | None:
        """The first and the last input that a unit sees; None if it sees nothing."""
        first, last = self._at(np.array([unit]))
        return None if first[0] == inf else (int(first[0]), int(last[0]))

    def through(self, reach: Reach, size: int | None) -> "Line":
        """What the units of the next layer see, which reads these; `size` is their number where borders count."""
        if self.step is None:
            count, step = size or 0, None
        else:
            repeats = len(self.first) // gcd(len(self.first), reach.step)
            count, step = len(reach.taps) * repeats, repeats * reach.step * self.step // len(self.first)
        first, last = np.full(count, inf), np.full(count, -inf)
        for unit in range(count):
            again, pattern = divmod(unit, len(reach.taps))
            starts, ends = self._at(np.array(reach.taps[pattern], dtype=int) + again * reach.step)
            first[unit], last[unit] = starts.min(initial=inf), ends.max(initial=-inf)
        return Line(first, last, step)

    def union(self, other: "Line") -> "Line":
        """What units see that read the units of their own number in both lines."""
        if self.step is None or other.step is None:
            return Line(np.minimum(self.first, other.first), np.maximum(self.last, other.last), None)
        if self.stride != other.stride:
            raise Uneven(f"by {self.stride} and by {other.stride}")
        units = np.arange(lcm(len(self.first), len(other.first)))
        (first, last), (starts, ends) = self._at(units), other._at(units)
        step = self.step * len(units) // len(self.first)
        return Line(np.minimum(first, starts), np.maximum(last, ends), step)

    def _at(self, units: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The first and the last input that each of these units sees."""
        count = len(self.first)
        again, pattern = np.divmod(units, count)
        if self.step is None:
            outside = again != 0
            return np.where(outside, inf, self.first[pattern]), np.where(outside, -inf, self.last[pattern])
        return self.first[pattern] + again * self.step, self.last[pattern] + again * self.step


@dataclass(frozen=True, eq=False)
class Field:
    """What the units of a tensor see along one axis of the input.

    `axes` are the axes of the tensor along which these units differ in what they see. They are `placed` while they
    stand in line along one axis; a Flatten or Reshape scatters them. `line` is None where all see the whole axis.
    """

    axes: frozenset[int]
    line: Line | None
    placed: bool = True

    def moved(self, axes: dict[int, frozenset[int]], placed: bool = True) -> "Field":
        """The same field in a tensor whose axes have moved from the keys to the values."""
        return Field(frozenset().union(*(axes[axis] for axis in self.axes)), self.line, self.placed and placed)


WHOLE = Field(frozenset(), None)


def union(fields: list[Field]) -> Field:
    """What units see that read the units of their own place in several tensors."""

    def join(one: Field, other: Field) -> Field:
        if one.line is None or other.line is None:
            return WHOLE
        return Field(one.axes | other.axes, one.line.union(other.line), one.placed and other.placed)

    return reduce(join, fields)
