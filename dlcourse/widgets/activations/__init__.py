"""`Activations`: what a neuron does with its sum, and how much of a change it lets through."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from traitlets import List

from dlcourse.errors import CourseError, unknown
from dlcourse.lens.activation_functions import ACTIVATION_FUNCTIONS, softmax
from dlcourse.widgets.shared.palette import CATEGORIES, WINDOW
from dlcourse.widgets.shared.still import Sheet, shown
from dlcourse.widgets.shared.traits import Checked, finite, is_number
from dlcourse.widgets.shared.widget import Widget, browser_files

REACH = 6.0  # the pictures go from minus to plus this
_POINTS = 481
# Keras' name -> what it is called in words, and its formula; the perceptron's step is not in Keras
KNOWN = {
    "step": ("step", "1 if x ≥ 0, else 0"),
    "sigmoid": ("logistic (sigmoid)", "1 / (1 + e⁻ˣ)"),
    "tanh": ("tanh", "(eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)"),
    "relu": ("ReLU", "x if x > 0, else 0"),
    "leaky_relu": ("leaky ReLU", "x if x > 0, else 0.2 x"),
    "elu": ("ELU", "x if x > 0, else eˣ − 1"),
    "gelu": ("GELU", "x times the share of a normal distribution below x"),
    "silu": ("SiLU (swish)", "x / (1 + e⁻ˣ)"),
    "softplus": ("softplus", "log(1 + eˣ)"),
    "linear": ("linear", "x"),
    "selu": ("SELU", "1.05 x if x > 0, else 1.76 (eˣ − 1)"),
}
_YOURS = "yours"
_DASHES = ((), (7, 4), (2, 3), (10, 3, 2, 3), (12, 4))  # five with six colours: no two functions look the same


def _functions(value: Any) -> list[str]:
    """The names of the functions that are drawn."""
    names = [value] if isinstance(value, str) else list(value)
    for name in names:
        if name not in (*KNOWN, _YOURS):
            raise unknown("activation", name, (*KNOWN, _YOURS))
    return list(dict.fromkeys(names))


def _logits(value: Any) -> list[float]:
    """What softmax is given: two to six finite numbers."""
    numbers = list(value) if np.ndim(value) == 1 else []
    if not 2 <= len(numbers) <= 6 or not all(is_number(number) for number in numbers):
        raise CourseError(f"`logits` must be two to six finite numbers, as in [2, 1, 0, -1], but it is {value!r}.")
    return [float(number) for number in numbers]


def _temperature(value: Any) -> float:
    if not is_number(value) or not 0.05 <= value <= 20:
        raise CourseError(f"`temperature` must be a number from 0.05 to 20, but it is {value!r}.")
    return float(value)


def _place(value: Any) -> float:
    number = finite("x")(value)
    if abs(number) > REACH:
        raise CourseError(
            f"`x` must lie between −{REACH:g} and {REACH:g}, where the picture ends, but it is {number:g}."
        )
    return number


@dataclass(frozen=True, eq=False)
class _Look:
    """Values and slopes of each function: over the whole picture, and at x; and what softmax gives."""

    curves: dict[str, tuple[np.ndarray, np.ndarray]]
    read: dict[str, tuple[float, float]]
    shares: np.ndarray


class Activations(Widget):
    """Activation functions and their slopes side by side, at one x; and softmax, with numbers to pull at.

    Args:
        functions: Which are drawn, by Keras' names (`dlcourse.widgets.activations.KNOWN`), "step", or "yours".
        x: Where they are read.
        own: A function of your own that takes and returns a NumPy array, as in `lambda x: np.sin(x)`; it is called
            "yours".
        logits: What softmax is given: two to six numbers.
        temperature: What softmax divides them by first.

    Raises:
        CourseError: If an argument cannot be used, with the mend.

    Example:
        >>> widget = Activations(["relu", "gelu"], x=-0.5)
        >>> widget.softmax().round(2)
        array([0.64, 0.24, 0.09, 0.03])
    """

    _esm, _css = browser_files(
        Path(__file__).parent, {"known": KNOWN, "yours": _YOURS, "reach": REACH, "points": _POINTS, "dashes": _DASHES}
    )
    _settings = ("functions", "x", "logits", "temperature")

    functions = Checked(_functions, ["sigmoid", "tanh", "relu"]).tag(sync=True)
    x = Checked(_place, 1.0).tag(sync=True)
    logits = Checked(_logits, [2.0, 1.0, 0.0, -1.0]).tag(sync=True)
    temperature = Checked(_temperature, 1.0).tag(sync=True)
    # the learner's function, at as many points as the picture has
    _own: List = List().tag(sync=True)

    def __init__(self, functions: Any = None, own: Callable[[np.ndarray], Any] | None = None, **settings: Any) -> None:
        """See the class."""
        self._refuse_unknown(settings, "own")
        if own is not None:
            settings["_own"] = _sampled(own)
        if functions is None and own is not None:
            functions = ["relu", _YOURS]
        if functions is not None:
            settings["functions"] = functions
        super().__init__(**settings)
        if _YOURS in self.functions and not self._own:
            raise CourseError('"yours" needs a function of your own: Activations(own=lambda x: ...).')
        self._remember_start()

    def softmax(self) -> np.ndarray:
        """The probabilities that softmax makes of the logits.

        Example:
            >>> Activations(logits=[0, 0]).softmax()
            array([0.5, 0.5])
        """
        return softmax(np.array(self.logits) / self.temperature)

    def _look(self) -> _Look:
        xs = np.append(np.linspace(-REACH, REACH, _POINTS), self.x)
        sampled = {name: self._curve(name, xs) for name in self.functions}
        curves = {name: (values[:-1], slopes[:-1]) for name, (values, slopes) in sampled.items()}
        read = {name: (float(values[-1]), float(slopes[-1])) for name, (values, slopes) in sampled.items()}
        return _Look(curves, read, self.softmax())

    def _in_words(self, look: _Look) -> str:
        names = ", ".join(_called(name) for name in self.functions)
        shares = ", ".join(f"{share:.0%}" for share in look.shares)
        logits = ", ".join(shown(logit) for logit in self.logits)
        return f"Activations: {names or 'none'}, read at x = {shown(self.x)}. Softmax of {logits} gives {shares}."

    def _still(self, look: _Look) -> Sheet:
        """The functions and their slopes, what they are at x, and the bars of softmax."""
        below = 304
        sheet = Sheet(760, below + 20 + 20 * max(len(self.functions), len(self.logits) + 1))
        titles = ("What comes out, f(x)", "How much of a change comes out, slope f′(x)")
        marks = ((-2, -1, 0, 1, 2, 3, 4), (0, 0.25, 0.5, 0.75, 1))
        for part, (left, span) in enumerate(((34, (-2.0, 4.0)), (424, (-0.25, 1.25)))):
            sheet.text((left, 20), titles[part])
            curves = {name: pair[part] for name, pair in look.curves.items()}
            self._panel(sheet, (left, 34), span, marks[part], curves)
        sheet.note((34, below), f"at x = {shown(self.x)}")
        for row, name in enumerate(self.functions, 1):
            y = below + 20 * row
            sheet.line(np.array([[34, y - 4], [68, y - 4]]), *_style(name))
            sheet.text((78, y), _called(name))
            value, slope = look.read[name]
            sheet.text((216, y), f"f = {shown(value)}")
            sheet.text((296, y), f"slope = {shown(slope)}")
        sheet.text((424, below), "softmax")
        for row, (logit, share) in enumerate(zip(self.logits, look.shares, strict=True), 1):
            y = below + 4 + 20 * row
            sheet.note((424, y), shown(logit))
            sheet.line(np.array([[468, y - 4], [469 + 180 * share, y - 4]]), CATEGORIES[0], 14)
            sheet.text((478 + 180 * share, y), f"{share:.0%}")
        return sheet

    def _panel(
        self,
        sheet: Sheet,
        at: tuple[float, float],
        span: tuple[float, float],
        marks: tuple[float, ...],
        curves: dict[str, np.ndarray],
    ) -> None:
        """Curves over x, between two numbers."""
        wide, high = 316, 216

        def place(x: Any, y: Any) -> np.ndarray:
            across, up = (np.asarray(x) + REACH) / (2 * REACH), (np.asarray(y) - span[0]) / (span[1] - span[0])
            return np.stack(np.broadcast_arrays(at[0] + wide * across, at[1] + high * (1 - up)), axis=-1)

        for mark in marks:
            sheet.line(place([-REACH, REACH], mark), "#9e9e9e" if mark == 0 else "#e4e4e4", 1)
            x, y = place(-REACH, mark)
            sheet.note((x - 5, y), f"{mark:g}".replace("-", "−"), anchor="rm")
        for mark in np.arange(-REACH, REACH + 1, 2):
            sheet.line(place(mark, span), "#9e9e9e" if mark == 0 else "#e4e4e4", 1)
            x, y = place(mark, span[0])
            sheet.note((x, y + 16), f"{mark:g}".replace("-", "−"), anchor="ms")
        xs = np.linspace(-REACH, REACH, _POINTS)
        # solid lines below others
        for name, values in sorted(curves.items(), key=lambda curve: len(_style(curve[0])[2])):
            visible = np.flatnonzero((values >= span[0]) & (values <= span[1]))
            for piece in np.split(visible, np.flatnonzero(np.diff(visible) > 1) + 1):
                sheet.line(place(xs[piece], values[piece]), *_style(name))
        sheet.line(place(self.x, span), WINDOW, 1.5)

    def _curve(self, name: str, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Values and slopes at some places."""
        if name != _YOURS:
            function = ACTIVATION_FUNCTIONS[name]
            return function(x), function.slopes(x)
        xs, own = np.linspace(-REACH, REACH, _POINTS), np.array(self._own)
        return np.interp(x, xs, own), np.interp(x, xs, np.gradient(own, xs))


def _style(name: str) -> tuple[str, float, tuple[int, ...]]:
    """A function's colour, thickness and dash, in the still picture and in the browser."""
    number = [*KNOWN, _YOURS].index(name)
    return CATEGORIES[number % 6], 2.5, _DASHES[number % len(_DASHES)]


def _called(name: str) -> str:
    return "your own" if name == _YOURS else KNOWN[name][0]


def _sampled(own: Callable[[np.ndarray], Any]) -> list[float]:
    """A learner's function at the points of the picture."""
    if not callable(own):
        raise CourseError(f"`own` must be a function of an array, as in lambda x: np.maximum(x, 0), but it is {own!r}.")
    points = np.linspace(-REACH, REACH, _POINTS)
    try:
        values = np.asarray(own(points), float)
    except Exception as error:
        raise CourseError(f"Your function fails on an array: {type(error).__name__}: {error}.") from error
    if values.shape != points.shape:
        raise CourseError(
            f"Your function turns an array of the shape {points.shape} into one of the shape {values.shape}, "
            "but an activation returns a number for each number."
        )
    if not np.isfinite(values).all():
        place = points[~np.isfinite(values)][0]
        raise CourseError(f"Your function gives no finite number at x = {place:.2f}.")
    return [float(value) for value in values]
