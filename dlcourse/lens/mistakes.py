"""Which classes a network takes for which."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.errors import CourseError
from dlcourse.lens.table import Table, column


@dataclass(frozen=True)
class ClassResult:
    """How one class fared. A share of nothing is None."""

    name: str
    examples: int
    recall: float | None  # of its examples, the share that was recognised
    precision: float | None  # of the answers that named it, the share that was right


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """How often one class was taken for another."""

    name: str = column("is")
    taken_for: str = column("taken for")
    count: int
    share: float  # of the class' examples


@dataclass(frozen=True, eq=False)
class Confusion:
    """The counts of every pair of true and predicted class, and what follows from them."""

    counts: np.ndarray  # rows are true classes, columns predicted ones
    classes: tuple[str, ...]

    @property
    def accuracy(self) -> float:
        """The share of right answers."""
        return float(np.trace(self.counts) / self.counts.sum())

    @property
    def by_class(self) -> Table[ClassResult]:
        """Recall and precision of each class."""
        true, predicted, right = self.counts.sum(axis=1), self.counts.sum(axis=0), np.diag(self.counts)
        rows = zip(self.classes, true, predicted, right, strict=True)
        return Table(ClassResult(name, int(n), _share(hit, n), _share(hit, named)) for name, n, named, hit in rows)

    def worst(self, most: int = 5) -> Table[Mistake]:
        """The most frequent mistakes, at most so many; equal ones in the order of the classes."""
        wrong = self.counts - np.diag(np.diag(self.counts))
        order = np.argsort(-wrong, axis=None, kind="stable")[:most]
        pairs = [divmod(int(place), len(self.classes)) for place in order]
        return Table(
            Mistake(
                name=self.classes[true],
                taken_for=self.classes[predicted],
                count=int(wrong[true, predicted]),
                share=float(wrong[true, predicted] / self.counts[true].sum()),
            )
            for true, predicted in pairs
            if wrong[true, predicted] > 0
        )

    def __repr__(self) -> str:
        """Accuracy, the classes, and the worst mistakes."""
        mistakes = f"\n\n{self.worst()!r}" if len(self.worst()) else ""
        return f"{self._headline()}\n\n{self.by_class!r}{mistakes}"

    def _repr_html_(self) -> str:
        mistakes = self.worst()._repr_html_() if len(self.worst()) else ""
        return f"<p>{self._headline()}</p>{self.by_class._repr_html_()}{mistakes}"

    def _headline(self) -> str:
        return f"{np.trace(self.counts):,} of {self.counts.sum():,} right ({self.accuracy:.1%})"


def confusion(y_true: Any, y_pred: Any, classes: Sequence[str] | None = None) -> Confusion:
    """Count which class was taken for which.

    Args:
        y_true: The true classes: numbers, or one-hot rows.
        y_pred: The predicted classes: numbers, or a row of scores for each example, of which the highest counts. A
            single score for each example, as a sigmoid gives it, counts as class 1 above 0.5.
        classes: The names of the classes in order; None to number them.

    Returns:
        The counts, with `accuracy`, `by_class` and `worst()`.

    Raises:
        CourseError: If the two differ in length, or hold something else than these classes.

    Example:
        >>> float(confusion([0, 0, 1, 1], [0, 1, 1, 1], classes=["cat", "dog"]).accuracy)
        0.75
    """
    true, count_true = _numbers(y_true, "y_true")
    predicted, count_predicted = _numbers(y_pred, "y_pred")
    if len(true) != len(predicted):
        raise CourseError(
            f"`y_true` holds {len(true)} answers but `y_pred` {len(predicted)}: predict the same examples."
        )
    if len(true) == 0:
        raise CourseError("There is nothing to count: `y_true` holds no answer.")
    lowest, highest = int(min(true.min(), predicted.min())), int(max(true.max(), predicted.max()))
    count = max(count_true, count_predicted, highest + 1) if classes is None else len(classes)
    if lowest < 0 or highest >= count:
        raise CourseError(
            f"The answers hold classes from {lowest} to {highest}, but there are {count} classes: "
            f"number them from 0 to {count - 1}, or pass a name for each."
        )
    if isinstance(classes, str):
        raise CourseError(f'`classes` must be a list of names, but it is {classes!r}: write ["cat", "dog"].')
    counts = np.zeros((count, count), int)
    np.add.at(counts, (true, predicted), 1)
    return Confusion(counts, tuple(map(str, range(count) if classes is None else classes)))


def _numbers(values: Any, name: str) -> tuple[np.ndarray, int]:
    """The class numbers, and how many classes there must be."""
    array = np.asarray(values)
    if not (np.issubdtype(array.dtype, np.number) or array.dtype == bool):
        raise CourseError(f"`{name}` must hold class numbers, but its values are of type {array.dtype}.")
    if not np.isfinite(array).all():
        raise CourseError(f"`{name}` holds values that are NaN or infinite: find out where they come from.")
    if array.ndim == 2 and array.shape[1] > 1:
        return array.argmax(axis=1), array.shape[1]
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise CourseError(f"`{name}` must hold one answer for each example, but its shape is {array.shape}.")
    whole = array.astype(int)
    if (whole == array).all():
        return whole, 0
    if array.min() >= 0 and array.max() <= 1:
        return (array > 0.5).astype(int), 2
    raise CourseError(f"`{name}` must hold class numbers or probabilities, but it holds {array[whole != array][0]:g}.")


def _share(part: Any, whole: Any) -> float | None:
    return float(part / whole) if whole > 0 else None
