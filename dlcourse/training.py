"""Training that can be repeated, watched and stopped in time. `model.fit` itself stays in the lesson's cell."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from keras import ops

from dlcourse.errors import CourseError


def repeatable(seed: int = 0) -> None:
    """Make what follows come out the same in every run on this machine: weights, shuffling, dropout, augmentation.

    Python's, NumPy's and the backend's random numbers start from the seed. Between machines the last digits differ.

    Args:
        seed: Any whole number from 0 on.

    Raises:
        CourseError: If it is something else.

    Example:
        >>> repeatable(7)
        >>> np.asarray(keras.random.uniform((2,)))
        array([0.2593228, 0.9145493], dtype=float32)
    """
    if not isinstance(seed, int | np.integer) or isinstance(seed, bool) or not 0 <= seed < 2**32:
        raise CourseError(f"`seed` must be a whole number from 0 to 2**32 - 1, but it is {seed!r}.")
    keras.utils.set_random_seed(int(seed))


@dataclass
class Columns:
    """Columns of numbers by their names, all of the same length."""

    columns: dict[str, list[float]] = field(default_factory=dict)

    def add(self, values: Mapping[str, Any]) -> None:
        """Append a row; what a name has no value for is NaN."""
        length = len(self)
        for name in {**self.columns, **values}:
            column = self.columns.setdefault(name, [np.nan] * length)
            column.append(float(values.get(name, np.nan)))

    def __len__(self) -> int:
        """The number of rows."""
        return len(next(iter(self.columns.values()), ()))

    def __getitem__(self, name: str) -> np.ndarray:
        """A column as an array."""
        if name not in self.columns:
            raise CourseError(f"Nothing was recorded as {name!r}. Known: {', '.join(self.columns) or 'nothing yet'}.")
        return np.array(self.columns[name])


class Recorder(keras.callbacks.Callback):
    """A callback that keeps what lessons plot, batch by batch and epoch by epoch, over one call of `fit` or several.

    >>> recorder = Recorder()
    >>> history = model.fit(x, y, validation_split=0.2, epochs=3, verbose=0, callbacks=[recorder])
    >>> recorder.epochs["val_loss"]
    array([0.41, 0.33, 0.30])

    `batches` has the columns `step`, `epoch`, `rate` (the learning rate), `seconds` since the recorder began, and the
    loss and metrics of that batch, as Keras reports them: averages since the epoch began. `epochs` has the same with
    the validation's. `looks` are pairs of a step and what `look` returned.
    """

    def __init__(self, look: Callable[[], Any] | None = None, every: int = 1) -> None:
        """A recorder.

        Args:
            look: Called without arguments after every so many batches, as in
                `Recorder(look=lambda: gradient_flow(model, x, y), every=50)`.
            every: How many batches from one look to the next.

        Raises:
            CourseError: If `look` cannot be called, or `every` is no whole number from 1 on.
        """
        super().__init__()
        if look is not None and not callable(look):
            raise CourseError("`look` must be a function without arguments: write look=lambda: ... before the call.")
        if not isinstance(every, int | np.integer) or every < 1:
            raise CourseError(f"`every` must be a whole number of batches from 1 on, but it is {every!r}.")
        self.batches = Columns()
        self.epochs = Columns()
        self.looks: list[tuple[int, Any]] = []
        self._look = look
        self._every = every
        self._start: float | None = None
        self._step = 0
        self._epoch = 0

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        """Start the clock, at the first call of `fit`."""
        if self._start is None:
            self._start = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Note a batch."""
        self._step += 1
        self.batches.add({**self._now(), **(logs or {})})
        if self._look is not None and self._step % self._every == 0:
            self.looks.append((self._step, self._look()))

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Note an epoch, counted from 1."""
        self.epochs.add({**self._now(), **(logs or {}), "epoch": self._epoch + 1})
        self._epoch += 1

    def _now(self) -> dict[str, float]:
        assert self._start is not None
        rate = float(ops.convert_to_tensor(self.model.optimizer.learning_rate))
        seconds = time.perf_counter() - self._start
        return {"step": self._step, "epoch": self._epoch + 1, "rate": rate, "seconds": seconds}


class StopEarly(keras.callbacks.EarlyStopping):
    """Keras' early stopping that always ends with the weights of the best epoch, and says which that was.

    >>> history = model.fit(x, y, validation_split=0.2, epochs=100, verbose=0, callbacks=[StopEarly(patience=5)])
    Stopped after epoch 23: val_loss has not improved for 5 epochs. The weights are those of epoch 18 (val_loss 0.2913).
    """

    def __init__(
        self, monitor: str = "val_loss", patience: int = 5, min_delta: float = 0.0, mode: str = "auto"
    ) -> None:
        """Early stopping.

        Args:
            monitor: The number to watch, as in the history of `fit`.
            patience: How many epochs without improvement are allowed.
            min_delta: The least change that counts as an improvement.
            mode: "min", "max", or "auto" to tell from the name.
        """
        super().__init__(monitor, min_delta=min_delta, patience=patience, mode=mode, restore_best_weights=True)
        self._last = 0

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Look at the watched number.

        Raises:
            CourseError: If `fit` does not report it.
        """
        if self.monitor not in (logs or {}):
            raise CourseError(
                f"There is no {self.monitor!r} to watch, only {', '.join(logs or {})}: "
                + (
                    "give fit validation_data=(...) or validation_split=0.2."
                    if self.monitor.startswith("val_")
                    else "name one of these, or add it to compile(metrics=[...])."
                )
            )
        self._last = epoch
        if np.isfinite((logs or {})[self.monitor]):
            super().on_epoch_end(epoch, logs)
            return
        self.wait += 1  # Keras would take a first NaN for a best that nothing can beat
        if self.wait >= self.patience:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:
        """Put the best weights back, also where all epochs were run, and say so."""
        if self.best is None:
            print(f"{self.monitor} was never a finite number, so the weights are those of epoch {self._last + 1}.")
            return
        self.model.set_weights(self.best_weights)
        why = (
            f"Stopped after epoch {self.stopped_epoch + 1}: {self.monitor} has not improved for {self.patience} epochs."
            if self.stopped_epoch
            else f"Ran all {self._last + 1} epochs."
        )
        print(f"{why} The weights are those of epoch {self.best_epoch + 1} ({self.monitor} {self.best:.4g}).")


@dataclass(frozen=True, eq=False)
class LearningRates:
    """How the loss went while the learning rate grew."""

    rates: np.ndarray
    losses: np.ndarray  # of each batch, before its step
    smooth: np.ndarray  # their running average
    suggestion: float

    def __repr__(self) -> str:
        """The suggestion, with its grounds."""
        return (
            f"A learning rate of about {self.suggestion:.1g}. Tried {len(self.rates)} steps "
            f"from {self.rates[0]:.1g} to {self.rates[-1]:.1g}; the loss was lowest at "
            f"{self.rates[np.nanargmin(self.smooth)]:.1g}."
        )


def find_learning_rate(
    model: Any,
    x: Any,
    y: Any,
    lowest: float = 1e-6,
    highest: float = 10.0,
    steps: int = 100,
    batch_size: int = 32,
    seed: int = 0,
) -> LearningRates:
    """Train a few batches with a growing learning rate, and see where the loss falls and where it bursts.

    The rate grows by the same factor from step to step; it ends where the loss is four times its lowest. Smith,
    "Cyclical learning rates for training neural networks", WACV 2017. Afterwards weights, optimiser and metrics of the
    model are what they were.

    Args:
        model: A compiled Keras model.
        x: Examples.
        y: Their answers.
        lowest: The rate to begin with.
        highest: The rate to end with.
        steps: Batches to train, at most.
        batch_size: Examples in a batch, drawn at random.
        seed: Where the draws start.

    Returns:
        Rates, losses, and a suggestion: a tenth of the rate at which the averaged loss was lowest.

    Raises:
        CourseError: If the model is not compiled, its learning rate is a schedule, or an argument does not fit.

    Example:
        >>> find_learning_rate(model, x, y)
        A learning rate of about 0.03. Tried 83 steps from 1e-06 to 0.7; the loss was lowest at 0.3.
    """
    _check_range(lowest, highest, steps, batch_size)
    optimizer = _plain_optimizer(model)
    x, y = np.asarray(x), np.asarray(y)
    if len(x) != len(y) or len(x) == 0:
        raise CourseError(f"`x` holds {len(x)} examples but `y` {len(y)} answers: pass one answer for each example.")
    draws = np.random.default_rng(seed)
    rates = np.geomspace(lowest, highest, steps)
    if not optimizer.built:
        optimizer.build(model.trainable_variables)
    state = [*model.variables, *optimizer.variables]
    before = [np.array(variable.numpy()) for variable in state]
    losses: list[float] = []
    smooth: list[float] = []
    try:
        for rate in rates:
            optimizer.learning_rate = rate
            some = draws.integers(0, len(x), min(batch_size, len(x)))
            model.reset_metrics()
            losses.append(float(model.train_on_batch(x[some], y[some], return_dict=True)["loss"]))
            smooth.append(_average(losses))
            if not np.isfinite(losses[-1]) or smooth[-1] > 4 * min(smooth):
                break
    finally:
        for variable, value in zip(state, before, strict=True):
            variable.assign(value)
        model.reset_metrics()
    if not np.isfinite(smooth).any():
        raise CourseError(f"The loss was {losses[0]} at once: look for NaN in the data or in the weights.")
    best = rates[int(np.nanargmin(np.where(np.isfinite(smooth), smooth, np.nan)))]
    return LearningRates(rates[: len(losses)], np.array(losses), np.array(smooth), float(best / 10))


def _average(losses: list[float], keep: float = 0.8) -> float:
    """The running average of the losses, the first ones not drawn towards zero."""
    weights = keep ** np.arange(len(losses))[::-1]
    return float(np.sum(weights * np.array(losses)) / weights.sum())


def _plain_optimizer(model: Any) -> Any:
    if not isinstance(model, keras.Model):
        raise CourseError(f"`model` must be a Keras model, but it is of type {type(model).__name__}.")
    if not getattr(model, "compiled", False):
        raise CourseError(f"The model {model.name!r} is not compiled: call model.compile(...) first.")
    if not model.built:
        raise CourseError(f"The model {model.name!r} is not built: put a keras.Input first, or call model.build(...).")
    optimizer: Any = model.optimizer
    if not isinstance(optimizer._learning_rate, keras.Variable):
        raise CourseError(
            f"The learning rate of the model {model.name!r} is a schedule, which cannot be changed step by step: "
            'compile it with a number, as in optimizer="adam".'
        )
    return optimizer


def _check_range(lowest: float, highest: float, steps: int, batch_size: int) -> None:
    if not 0 < lowest < highest < np.inf:
        raise CourseError(f"`lowest` must be above 0 and below `highest`, but they are {lowest!r} and {highest!r}.")
    for name, value, least in (("steps", steps, 2), ("batch_size", batch_size, 1)):
        if not isinstance(value, int | np.integer) or value < least:
            raise CourseError(f"`{name}` must be a whole number from {least} on, but it is {value!r}.")
