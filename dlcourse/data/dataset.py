"""What `load` returns: examples and answers, split into train and test, with a card that says what they are."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Split:
    """Examples `x` and their answers `y`, in the same order."""

    x: np.ndarray
    y: np.ndarray

    def __post_init__(self) -> None:
        """Refuse examples and answers of different number."""
        if len(self.x) != len(self.y):
            raise ValueError(f"{len(self.x)} examples but {len(self.y)} answers")

    def __len__(self) -> int:
        """The number of examples."""
        return len(self.x)

    def __repr__(self) -> str:
        """Shapes instead of thousands of numbers."""
        return f"{type(self).__name__}(x: {_form(self.x)}, y: {_form(self.y)})"


@dataclass(frozen=True)
class Card:
    """What somebody must know of a data set before using it."""

    name: str
    title: str
    example: str  # what one example is, with its dtype and range
    counts: dict[str, int]  # examples in each split
    licence: str
    source: str
    cite: str
    sha256: dict[str, str] = field(default_factory=dict)  # of each public file; empty for a generated set

    def __str__(self) -> str:
        """The card as text, a fact a line."""
        counts = ", ".join(f"{count:,} {split}" for split, count in self.counts.items())
        lines = [
            f"{self.title} ({self.name})",
            f"one example  {self.example}",
            f"examples     {counts}",
            f"licence      {self.licence}",
            f"source       {self.source}",
            f"cite         {self.cite}",
            *(f"sha256       {digest[:16]}…  {file}" for file, digest in self.sha256.items()),
        ]
        return "\n".join(lines)


@dataclass(frozen=True)
class Dataset:
    """A data set: `train` and `test`, the names of its `classes` (empty where there are none), its `card`."""

    train: Split
    test: Split
    classes: tuple[str, ...]
    card: Card

    def __repr__(self) -> str:
        """A line a part, so that a notebook cell ending in a data set reads well."""
        classes = f"{len(self.classes)} classes" if self.classes else "no classes"
        return f"{self.card.title}, {classes}\n  train {self.train!r}\n  test  {self.test!r}"


def share_out(x: np.ndarray, y: np.ndarray, test_share: float) -> tuple[Split, Split]:
    """Split into train and test by chance, the same for everybody, each class in the same share, well mixed."""
    rng = np.random.default_rng(0)
    is_test = np.zeros(len(y), bool)
    for label in np.unique(y):
        members = rng.permutation(np.flatnonzero(y == label))
        is_test[members[: round(len(members) * test_share)]] = True
    train, test = rng.permutation(np.flatnonzero(~is_test)), rng.permutation(np.flatnonzero(is_test))
    return Split(x[train], y[train]), Split(x[test], y[test])


Parts = tuple[Split, Split, tuple[str, ...]]  # what a data set's own module hands to the catalogue


def _form(array: np.ndarray) -> str:
    return f"{' × '.join(map(str, array.shape))} {array.dtype}"
