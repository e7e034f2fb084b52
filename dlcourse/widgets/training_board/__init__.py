"""`TrainingBoard`: the curves of a training while it runs, with a button that stops it."""

import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from traitlets import Dict, List

from dlcourse.errors import CourseError
from dlcourse.widgets.shared.palette import PALETTE
from dlcourse.widgets.shared.still import DENSITY, Sheet, shown
from dlcourse.widgets.shared.traits import Checked, whole, yes_or_no
from dlcourse.widgets.shared.widget import Widget, browser_files
from dlcourse.widgets.training_board.recorded_runs import recorded_runs
from dlcourse.widgets.training_board.runs import ENDINGS, Run, in_words

_PAUSE = 0.1  # seconds from one push to the next, at least
_SHARE = 50  # and so many times what the last push took, so that pushing never takes more than 2 % of the training
_PATIENCE = 0.6  # seconds that a validation may still take after Stop
_DEMO = "A recorded example, not your training."


def _name(what: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if not isinstance(value, str) or len(value) > 60:
            raise CourseError(f"`{what}` must be a word or a few, in quotes, but it is {value!r:.80}.")
        return value.strip()

    return check


@dataclass(frozen=True, eq=False)
class _Look:
    """The runs that are shown, the one in front, and what its curves say in words."""

    runs: list[Run]
    front: Run
    verdict: str


class TrainingBoard(Widget):
    """A training, watched while it runs: a widget and a Keras callback in one.

    >>> board = TrainingBoard()
    >>> board  # the last line of a cell shows it

    >>> model.fit(x, y, validation_split=0.2, epochs=20, callbacks=[board])  # the next cell

    It shows the loss and every metric for training and validation data, the time left, the gap between the two and the
    best epoch. Stop ends `fit` within a second; the model keeps what it has learned. Each further `fit` with the same
    board is another run, and the older ones stay for comparison. A board without a run shows a recorded example.

    Args:
        name: What the run that is running, or else the next one, is called; "" for "run 1" and so on.
        monitor: The number that tells the best epoch, as in the history of `fit`.
        epoch: The epoch whose numbers are shown; 0 for the last one.
        front: Which run is drawn in front, counted from 1; 0 for the latest.
        log: Whether losses are drawn on a logarithmic scale.

    Attributes:
        history: The runs with their numbers.

    Raises:
        CourseError: If an argument cannot be used.

    Example:
        >>> board = TrainingBoard()
        >>> model.fit(x, y, epochs=3, callbacks=[board])
        >>> board.history[0]["loss"]
        array([0.61, 0.42, 0.35])
    """

    _esm, _css = browser_files(
        Path(__file__).parent,
        {
            "demo": [
                {**run.to_browser("val_loss"), "values": list(run.numbers.values()), "within": {"columns": []}}
                for run in recorded_runs()
            ]
        },
    )
    _settings = tuple("monitor epoch front log".split())

    # what is looked at
    monitor = Checked(_name("monitor"), "val_loss").tag(sync=True)
    epoch = Checked(whole("epoch", 0, 10**9), 0).tag(sync=True)
    front = Checked(whole("front", 0, 10**6), 0).tag(sync=True)
    log = Checked(yes_or_no("log"), False).tag(sync=True)
    # what the next run is called
    name = Checked(_name("name"), "").tag(sync=True)
    # the runs before the latest, and the latest, which changes while it runs
    _past: List = List().tag(sync=True)
    _latest = Dict().tag(sync=True)

    def __init__(self, name: str = "", **settings: Any) -> None:
        """See the class; the arguments are checked."""
        self._refuse_unknown(settings, "name")
        self._runs: list[Run] = []
        self._lock = threading.RLock()  # the browser is heard in another thread than fit runs in
        self._fitted: Any = None
        self._parameters: Mapping[str, Any] = {}
        self._started = self._asked = 0.0
        self._stop = False
        self._number = 0  # of the push, so that none looks like the one before
        self._not_before = 0.0
        super().__init__(name=name, **settings)
        self.on_msg(self._heard)
        self.observe(self._renamed, "name")
        self.observe(lambda _: self._push_all(), "monitor")
        self._remember_start()

    @property
    def history(self) -> list[Run]:
        """The runs with their numbers, the latest one last.

        Example:
            >>> [run["val_loss"].min() for run in board.history]
            [0.4644, 0.4307]
        """
        return list(self._runs)

    def stop(self) -> None:
        """Ends the running `fit` after the batch at hand, as the button does; also from another thread.

        Example:
            >>> board.stop()
        """
        if not self._runs or self._runs[-1].state != "running":
            return
        if not self._stop:  # whoever presses again and again does not begin to wait anew
            self._asked = time.perf_counter()
        self._stop = True
        if self._fitted is not None:
            self._fitted.stop_training = True
        self._push(also_soon=True)

    def clear(self, keep: int = 0) -> None:
        """Forgets the runs that are over.

        Args:
            keep: How many of the latest stay.

        Raises:
            CourseError: If that is no whole number from 0 on.

        Example:
            >>> board.clear(keep=1)
        """
        first = len(self._runs) - whole("keep", 0, 10**6)(keep)
        with self._lock:
            self._runs = [run for at, run in enumerate(self._runs) if at >= first or run.state == "running"]
            self.front, self.epoch = 0, 0
            self._push_all()

    def rename(self, number: int, name: str) -> None:
        """Calls a run something else.

        Args:
            number: Which one, counted from 1.
            name: What it is called from now on.

        Raises:
            CourseError: If there is no such run, or the name is no text.

        Example:
            >>> board.rename(1, "without dropout")
        """
        number = whole("number", 1, max(len(self._runs), 1))(number)
        if not self._runs:
            raise CourseError("There is no run yet: call model.fit(..., callbacks=[board]) first.")
        with self._lock:
            self._runs[number - 1].name = _name("name")(name) or f"run {number}"
            self._push_all()

    # what Keras calls. The board is no keras.callbacks.Callback, because then this file could not be imported without
    # Keras; what Keras asks of a callback are these methods and nothing else

    def set_params(self, params: Mapping[str, Any] | None) -> None:
        """Keras says how many epochs and batches there will be."""
        self._parameters = params or {}

    def set_model(self, model: Any) -> None:
        """Keras says which model it trains."""
        self._fitted = model

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        """A run begins."""
        with self._lock:
            self._end("interrupted")  # the run before, if nobody told its end
            self._stop = False
            self._started = time.perf_counter()
            steps = self._parameters.get("steps")
            planned = self._parameters.get("epochs")
            self._runs.append(Run(self._free_name(), planned, steps))
            self.front = self.epoch = 0
            self._push_all()
        _when_the_cell_is_over(self._cell_over)

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """An epoch begins."""
        if self._running():
            self._runs[-1].begin_epoch(epoch + 1)

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """A batch is over."""
        if self._running():
            run = self._runs[-1]
            run.add_batch(batch + 1, _numbers(logs))
            run.seconds = time.perf_counter() - self._started
            self._push()

    def on_test_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """A batch of the validation is over: one that would take long after Stop is cut short."""
        if self._stop and self._running() and time.perf_counter() - self._asked > _PATIENCE:
            self._runs[-1].cut = True
            self._fitted.stop_evaluating = True

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """An epoch is over, with its validation."""
        if not self._running():
            return
        run = self._runs[-1]
        if self._stop and run.steps and run.batch < run.steps:
            run.cut = True
        with self._lock:
            run.add_epoch(epoch + 1, _numbers(logs), time.perf_counter() - self._started)
        self._push()

    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:
        """The run is over."""
        if not self._running():
            return
        run = self._runs[-1]
        short = run.planned and (not run.epochs or run.epochs[-1] < run.planned)
        self._end("stopped" if self._stop else "early" if short else "finished")

    def _nothing(self, *_: Any, **__: Any) -> None:
        """What Keras calls and the board has no use for."""

    _nothing._is_default = True  # type: ignore[attr-defined]  # Keras: it need not wait for it
    on_batch_begin = on_batch_end = on_train_batch_begin = _nothing
    on_test_begin = on_test_end = on_test_batch_begin = _nothing
    on_predict_begin = on_predict_end = on_predict_batch_begin = on_predict_batch_end = _nothing

    # runs and their ends

    def _running(self) -> bool:
        return bool(self._runs) and self._runs[-1].state == "running"

    def _end(self, state: str) -> None:
        if not self._running():
            return
        run = self._runs[-1]
        run.state, run.begun = state, None
        run.seconds = max(run.seconds, time.perf_counter() - self._started) if state != "interrupted" else run.seconds
        self._fitted = None  # the model may be large, and nothing is left to stop
        self._push(also_soon=True)

    def _cell_over(self, result: Any) -> None:
        """A cell is over, and `fit` told no end: it was interrupted, or something went wrong."""
        error = getattr(result, "error_in_exec", None)
        self._end("error" if error and not isinstance(error, KeyboardInterrupt) else "interrupted")

    def _free_name(self) -> str:
        names = {run.name for run in self._runs}
        name = self.name or f"run {len(self._runs) + 1}"
        number = 2
        free = name
        while free in names:
            free, number = f"{name} ({number})", number + 1
        return free

    def _renamed(self, _: Any) -> None:
        if self._running() and self.name:
            self.rename(len(self._runs), self.name)

    # to the browser and back

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """What the browser has changed."""
        with self._lock:
            super().set_state(sync_data)

    def _heard(self, _: Any, content: dict[str, Any], __: Any) -> None:
        if content.get("do") == "stop":
            self.stop()
        elif content.get("do") == "rename":
            self.rename(content["number"], content["name"])
        elif content.get("do") == "clear":
            self.clear(keep=1)

    def _push(self, *, also_soon: bool = False) -> None:
        """Shows how things stand, unless that was done a moment ago."""
        begin = time.perf_counter()
        if begin < self._not_before and not also_soon:
            return
        with self._lock:
            self._number += 1
            latest = self._runs[-1].to_browser(self.monitor) if self._runs else {}
            self._latest = {**latest, "number": self._number, "stopping": self._stop and self._running()}
        end = time.perf_counter()
        self._not_before = end + max(_PAUSE, _SHARE * (end - begin))

    def _push_all(self) -> None:
        with self._lock:
            self._past = [run.to_browser(self.monitor) for run in self._runs[:-1]]
            self._push(also_soon=True)

    # where no widget lives

    def _look(self) -> _Look:
        runs = self._runs or recorded_runs()
        front = runs[self.front - 1] if 0 < self.front <= len(runs) else runs[-1]
        return _Look(runs, front, in_words(front, self.monitor))

    def _in_words(self, look: _Look) -> str:
        front = look.front
        text = f"{front.name}: {look.verdict}"
        best = front.best(self.monitor)
        if best is not None:
            watched = front.watched(self.monitor)
            text += f" Best epoch: {front.epochs[best]} ({watched} {front[watched][best]:.3g})."
        others = ", ".join(run.name for run in look.runs if run is not front)
        text += f" Beside it: {others}." if others else ""
        return text if self._runs else f"{_DEMO} {text}"

    def _still(self, look: _Look) -> Sheet:
        """The curves and a line for each run."""
        runs, front = look.runs, look.front
        names = _quantities(front)[:2]
        sheet = _Chart(900, 300 + 20 * len(runs))
        sheet.text((12, 22), front.name if self._runs else f"{_DEMO} {front.name}", 14)
        if not names:
            sheet.note((12, 60), look.verdict)
        for number, name in enumerate(names):
            sheet.curves((12 + 445 * number, 52), (420, 200), name, runs, front, self.log, self.monitor)
        for number, run in enumerate(runs):
            best, watched = run.best(self.monitor), run.watched(self.monitor)
            line = f"{run.name}: {len(run.epochs)} epochs, {ENDINGS[run.state]}"
            if best is not None:
                line += f"; {watched} {shown(run[watched][-1])}, best {shown(run[watched][best])} "
                line += f"in epoch {run.epochs[best]}"
            y = 300 + 20 * number
            sheet.stroke(np.array([[12, y - 4], [30, y - 4]]), colour_of(runs, run, front), 3)
            sheet.text((38, y), line)
        return sheet


_COLOURS: Any = PALETTE["categorical"]
_TRAINING, _VALIDATION, *_OTHERS = _COLOURS[:6]


def colour_of(runs: list[Run], run: Run, front: Run) -> str:
    """What colour a run's curve on validation data has."""
    return _VALIDATION if run is front else _OTHERS[runs.index(run) % len(_OTHERS)]


class _Chart(Sheet):
    """A sheet with curves on it."""

    def stroke(self, points: np.ndarray, colour: str, width: float) -> None:
        """A line through the points, with gaps where they are not finite; a point between two gaps is a dot."""
        thick = width * DENSITY
        finite = np.isfinite(points).all(axis=1)
        for piece in np.split(points * DENSITY, np.flatnonzero(~finite)):
            vertices = [(float(x), float(y)) for x, y in piece if np.isfinite(x + y)]
            if len(vertices) == 1:
                (x, y), radius = vertices[0], 1.5 * thick
                self._pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
            elif vertices:
                self._pen.line(vertices, fill=colour, width=round(thick), joint="curve")

    def curves(
        self,
        at: tuple[float, float],
        size: tuple[float, float],
        name: str,
        runs: list[Run],
        front: Run,
        log: bool,
        monitor: str,
    ) -> None:
        """One quantity of all runs over the epochs."""
        names = (name, f"val_{name}")
        curves = [
            (run, part, run[part])
            for run in runs
            for part in names
            if part in run.numbers and (run is front or part == names[-1])
        ]
        values = np.concatenate([column for _, _, column in curves] or [np.array([])])
        values = values[np.isfinite(values) & ((values > 0) | (not log))]
        left, top = at[0] + 40, at[1] + 8
        width, height = size[0] - 46, size[1] - 22
        self.text((at[0], at[1] - 6), name)
        self.note((at[0] + size[0], at[1] - 6), "blue: training, orange: validation", anchor="rs")
        if not len(values):
            self.note((left, top + 30), "no finite number")
            return
        scale = np.log if log and name == "loss" else np.asarray
        low, high = float(scale(values.min())), float(scale(values.max()))
        spread = (high - low) or 1.0
        last = max((run.epochs[-1] for run in runs if run.epochs), default=1)
        for part_of in (0, 0.5, 1):
            y = top + height * (1 - part_of)
            value = low + spread * part_of
            self.stroke(np.array([[left, y], [left + width, y]]), "#dddddd", 0.5)
            self.note((left - 6, y), shown(float(np.exp(value)) if scale is np.log else value), anchor="rm")
        self.note((left + width, top + height + 16), f"epoch {last}", anchor="rs")
        for run, part, column in sorted(curves, key=lambda curve: curve[0] is front):
            with np.errstate(divide="ignore", invalid="ignore"):
                share = (scale(column) - low) / spread
            x = left + width * np.array(run.epochs) / last
            colour = _TRAINING if part == name and run is front else colour_of(runs, run, front)
            self.stroke(np.stack([x, top + height * (1 - share)], 1), colour, 2.5 if run is front else 1.2)
            best = run.best(monitor)
            if run is front and part == run.watched(monitor) and best is not None:
                y = top + height * (1 - share[best])
                self.window((x[best] - 4, y - 4), (8, 8))
                self.note((x[best], y - 12), f"best: epoch {run.epochs[best]}", anchor="ms")


def _quantities(run: Run) -> list[str]:
    """What is measured, the loss first."""
    names = dict.fromkeys(name.removeprefix("val_") for name in run.numbers)
    return sorted(names, key=lambda name: name != "loss")


def _numbers(logs: Mapping[str, Any] | None) -> dict[str, float]:
    """What of a callback's logs is a number."""
    return {name: float(value) for name, value in (logs or {}).items() if np.ndim(value) == 0 and _is_real(value)}


def _is_real(value: Any) -> bool:
    return not isinstance(value, str | bool) and hasattr(value, "__float__")


def _when_the_cell_is_over(call: Callable[[Any], None]) -> None:
    """Calls once when the notebook's running cell is over; nowhere else, and not for a training in the background."""
    python = sys.modules.get("IPython")
    shell = python.get_ipython() if python else None
    if shell is None or threading.current_thread() is not threading.main_thread():
        return

    def once(result: Any) -> None:
        shell.events.unregister("post_run_cell", once)
        call(result)

    shell.events.register("post_run_cell", once)
