"""What a training left behind: its numbers, and what they say in words."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import numpy as np

from dlcourse.errors import unknown

_POINTS = 300  # of the line within an epoch; more cannot be told apart on the screen
_HIGHER_IS_BETTER = ("acc", "auc", "precision", "recall", "f1", "iou", "dice", "r2_score", "fbeta")
_CLEAR = 0.02  # a change of the validation's number by this share is more than a wiggle
_WIDE = 0.1  # a gap of this share of the training loss is worth a word

_LONG = 3  # so many epochs without improvement are no chance any more

# how a run can have ended, as the board says it
ENDINGS = {
    "running": "running",
    "finished": "finished",
    "stopped": "stopped",
    "early": "ended early",
    "interrupted": "interrupted",
    "error": "ended by an error",
}


@dataclass(eq=False)
class Run:
    """One call of `fit`.

    >>> run = board.history[0]
    >>> run["val_loss"]
    array([0.41, 0.33, 0.30])

    Attributes:
        name: What it is called on the board.
        epochs: The epochs that are over, counted from 1.
        numbers: For each name that Keras reports, as in the history of `fit`, a number for each of these epochs.
        planned: The number of the last epoch that `fit` was asked for; None if nobody said.
        state: "running", "finished", "stopped" (on the board), "early" (by a callback), "interrupted" or "error".
        seconds: How long it took.
    """

    name: str
    planned: int | None = None
    steps: int | None = None  # batches in an epoch, where known
    state: str = "running"
    epochs: list[int] = field(default_factory=list)
    numbers: dict[str, list[float]] = field(default_factory=dict)
    seconds: float = 0.0
    batch: int = 0  # of the epoch that is not over
    broken: tuple[int, int] | None = None  # epoch and batch of the first loss that was no finite number
    cut: bool = False  # whether the last epoch, or its validation, was not run to the end
    begun: int | None = None  # the epoch that is under way
    _within: list[tuple[int, dict[str, float]]] = field(default_factory=list)
    _each: int = 1  # of so many batches, one is in `_within`
    _ends: list[float] = field(default_factory=list)  # seconds at the end of each epoch

    def __getitem__(self, name: str) -> np.ndarray:
        """The numbers reported under that name, one for each epoch; NaN where there was none."""
        if name not in self.numbers:
            raise unknown("number", name, self.numbers)
        return np.array(self.numbers[name])

    def __repr__(self) -> str:
        """In a line what came out."""
        text = f"{self.name}: {len(self.epochs)} epochs, {ENDINGS[self.state]}"
        for name in ("loss", "val_loss"):
            if self.numbers.get(name):
                text += f", {name} {self.numbers[name][-1]:.4g}"
        return f"<{text}>"

    # what a callback tells

    def add_batch(self, batch: int, logs: Mapping[str, Any]) -> None:
        """A batch is over; `logs` are the averages since the epoch began."""
        self.batch = batch
        if self.broken is None and not math.isfinite(logs.get("loss", 0.0)):
            self.broken = (self._current(), batch)
        if batch % self._each:
            return
        self._within.append((batch, dict(logs)))
        if len(self._within) > _POINTS:
            self._within = self._within[1::2]
            self._each *= 2

    def begin_epoch(self, epoch: int) -> None:
        """An epoch begins, counted from 1."""
        self.begun = epoch
        self.batch = 0
        self._within, self._each = [], 1

    def add_epoch(self, epoch: int, logs: Mapping[str, Any], seconds: float) -> None:
        """An epoch is over, after so many seconds since the run began."""
        if not self.cut and self.batch:
            self.steps = self.batch
        if self.broken is None and not math.isfinite(logs.get("loss", 0.0)):
            self.broken = (epoch, self.batch)
        for name in {**self.numbers, **logs}:
            column = self.numbers.setdefault(name, [math.nan] * len(self.epochs))
            column.append(float(logs.get(name, math.nan)))
        self.epochs.append(epoch)
        self._ends.append(seconds)
        self.begun, self._within, self.seconds = None, [], seconds

    # what can be said of it

    def best(self, monitor: str = "val_loss") -> int | None:
        """The position of the best epoch in `epochs`: of the watched number, else of the loss; None if there is none.

        Example:
            >>> run.epochs[run.best()]
            18
        """
        name = self.watched(monitor)
        values = np.array(self.numbers.get(name, []), float)
        if not np.isfinite(values).any():
            return None
        order = -values if higher_is_better(name) else values
        return int(np.where(np.isfinite(values), order, np.inf).argmin())

    def watched(self, monitor: str) -> str:
        """What tells the best epoch: the number asked for, else the validation's loss, else the training's."""
        return next((name for name in (monitor, "val_loss") if name in self.numbers), "loss")

    def progress(self) -> float | None:
        """How much of the planned epochs is over, 0 to 1; None if nobody knows."""
        if not self.planned:
            return None
        inside = min(self.batch / self.steps, 1) if self.begun and self.steps else 0
        whole = (self.begun or self._current()) - 1
        return min((whole + inside) / self.planned, 1)

    def left(self) -> float | None:
        """Seconds until the planned end, by the pace so far; None while there is none."""
        if not self.planned or self.state != "running":
            return None
        inside = self.batch / self.steps if self.begun and self.steps else 0
        lengths = np.diff([0.0, *self._ends])
        if len(lengths) > 1:
            lengths = lengths[1:]  # the first epoch takes longer: the model is compiled in it
        if len(lengths):
            pace = median(lengths[-5:])
        elif inside > 0.02:
            pace = self.seconds / inside
        else:
            return None
        return max(self.planned - (self.begun or self._current()) + 1 - inside, 0) * pace

    def _current(self) -> int:
        return self.begun or (self.epochs[-1] + 1 if self.epochs else 1)

    def to_browser(self, monitor: str) -> dict[str, Any]:
        """What travels to the browser; numbers as bytes, because JSON knows no NaN."""
        best = self.best(monitor)
        left, progress = self.left(), self.progress()
        return {
            "name": self.name,
            "state": self.state,
            "told": ENDINGS[self.state],
            "planned": self.planned or 0,
            "steps": self.steps or 0,
            "epochs": self.epochs,
            "columns": list(self.numbers),
            "values": np.array(list(self.numbers.values()), "<f8").tobytes(),
            "begun": self.begun or 0,
            "batch": self.batch,
            "within": self._line(),
            "watched": self.watched(monitor),
            "best": -1 if best is None else best,
            "higher": higher_is_better(self.watched(monitor)),
            "progress": -1.0 if progress is None else progress,
            "left": -1.0 if left is None else left,
            "seconds": self.seconds,
            "words": in_words(self, monitor),
        }

    def _line(self) -> dict[str, Any]:
        """The line within the epoch under way."""
        names = list(self._within[-1][1]) if self._within else []
        rows = [[logs.get(name, math.nan) for name in names] for _, logs in self._within]
        return {
            "columns": names,
            "batches": [batch for batch, _ in self._within],
            "values": np.array(rows, "<f8").T.tobytes(),
        }


def higher_is_better(name: str) -> bool:
    """Whether a metric of that name is better when it is larger."""
    return any(part in name.lower() for part in _HIGHER_IS_BETTER)


def in_words(run: Run, monitor: str = "val_loss") -> str:
    """What the curves of a run say, in a few plain sentences."""
    sentences = [_where(run)]
    if run.broken:
        return " ".join([*sentences, _broken(run)])
    if run.epochs and (lesson := _lesson(run)):
        sentences.append(lesson)
    if run.epochs and monitor not in ("val_loss", *run.numbers):
        sentences.append(f"There is no {monitor!r} to watch, only {', '.join(run.numbers)}.")
    return " ".join(sentences)


def _where(run: Run) -> str:
    of = f" of {run.planned}" if run.planned else ""
    if not run.epochs:
        return "The first epoch is under way." if run.state == "running" else f"{_how(run)} in its first epoch."
    losses = [f"{_brief(run.numbers[name][-1])} on {data}" for name, data in _losses(run)]
    numbers = f": loss {', '.join(losses)}." if losses else "."
    if run.state == "running":
        return f"Epoch {run.epochs[-1]}{of} is over{numbers}"
    cut = " The last epoch was cut short, so its numbers are of a part of the data." if run.cut else ""
    return f"{_how(run)} after epoch {run.epochs[-1]}{of}{numbers}{cut}"


def _how(run: Run) -> str:
    return ENDINGS[run.state].capitalize()


def _brief(value: float) -> str:
    return f"{value:.3g}".replace("nan", "NaN").replace("inf", "infinite")


def _losses(run: Run) -> Sequence[tuple[str, str]]:
    both = (("loss", "training data"), ("val_loss", "validation data"))
    return [(name, data) for name, data in both if name in run.numbers]


def _broken(run: Run) -> str:
    assert run.broken
    epoch, batch = run.broken
    return (
        f"The loss is no finite number since batch {max(batch, 1)} of epoch {epoch} (NaN or infinite), and no training "
        "brings it back. Either the steps were too large: try a learning rate ten times smaller; or the data holds NaN "
        "or huge numbers: look with np.isfinite(x).all(), and scale the inputs to about −1 to 1."
    )


def _lesson(run: Run) -> str:
    """What the validation says of the training."""
    if "loss" not in run.numbers:
        return ""
    if not np.isfinite(run.numbers.get("val_loss", [])).any():
        if "val_loss" in run.numbers:
            return "The validation loss is no finite number: look for NaN in the validation data."
        return "Without validation data nobody sees whether it overfits: give fit validation_split=0.2."
    train, held = run["loss"], run["val_loss"]
    if not np.isfinite(held[-1]):
        return "The validation loss is no finite number any more."
    if len(held) == 1:
        return ""
    return f"{_apart(train[-1], held[-1])} {_trend(run.epochs, train, held)}"


def _apart(train: float, held: float) -> str:
    wide = _WIDE * max(abs(train), 1e-9)
    if held - train > wide:
        return f"The gap between the two is {held - train:.2g}."
    if train - held > wide:
        return "It is better on validation data, as dropout or augmentation make it: they act in training only."
    return "The two are close together."


def _trend(epochs: list[int], train: np.ndarray, held: np.ndarray) -> str:
    best = int(np.nanargmin(held))
    since = len(held) - 1 - best
    if not since:
        return "The validation loss is still falling."
    rises = held[-1] - held[best] > _CLEAR * abs(held[best])
    if rises and train[-1] < train[best]:
        return (
            f"Overfitting since epoch {epochs[best]}: the validation loss rose from {held[best]:.3g} to {held[-1]:.3g} "
            "while the training loss fell on; it learns its examples by heart."
        )
    if since < _LONG:
        return f"The validation loss was lowest in epoch {epochs[best]}; that may be chance."
    return f"The validation loss has not fallen for {since} epochs; it was lowest in epoch {epochs[best]}."
