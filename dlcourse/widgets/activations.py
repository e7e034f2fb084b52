"""`Activations`: what a neuron does with its sum, and how much of a change it lets through."""

from collections.abc import Callable
from math import erf
from typing import Any

import numpy as np
from traitlets import List

from dlcourse.errors import CourseError, unknown
from dlcourse.widgets.palette import CATEGORIES
from dlcourse.widgets.still import Sheet, shown
from dlcourse.widgets.traits import Checked, finite, is_number
from dlcourse.widgets.widget import Widget, browser_files

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

    _esm, _css = browser_files("activations", {"known": KNOWN, "yours": _YOURS, "reach": REACH, "points": _POINTS})
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
        scaled = np.array(self.logits) / self.temperature
        powers = np.exp(scaled - scaled.max())
        return powers / powers.sum()

    def _in_words(self) -> str:
        names = ", ".join("your own" if name == _YOURS else KNOWN[name][0] for name in self.functions)
        shares = ", ".join(f"{share:.0%}" for share in self.softmax())
        logits = ", ".join(shown(logit) for logit in self.logits)
        return f"Activations: {names or 'none'}, read at x = {shown(self.x)}. Softmax of {logits} gives {shares}."

    def _still(self) -> Sheet:
        """The functions, and the bars of softmax."""
        side, left, top = 300, 40, 36
        sheet = Sheet(760, top + side + 30)
        sheet.text((left, 20), "activation functions")
        xs = np.linspace(-REACH, REACH, _POINTS)
        low, high = -2.0, 4.0
        for number, name in enumerate(self.functions):
            values = np.array(self._own) if name == _YOURS else _values(name, xs)
            colour = CATEGORIES[number % 6]
            inside = (values >= low) & (values <= high)
            at = np.stack([left + (xs + REACH) / (2 * REACH) * side, top + (high - values) / (high - low) * side], 1)
            sheet.line(at[inside], colour)
            sheet.text((left + side + 20, top + 20 + 20 * number), _called(name), ink=colour)
        zero = top + high / (high - low) * side
        sheet.line(np.array([[left, zero], [left + side, zero]]), "#9e9e9e", 1)
        sheet.line(np.array([[left + side / 2, top], [left + side / 2, top + side]]), "#9e9e9e", 1)
        sheet.note((left, top + side + 18), f"x from −{REACH:g} to {REACH:g}, values from −2 to 4")
        origin = (left + side + 190, top + 40)
        sheet.text((origin[0], 20), "softmax")
        for number, (logit, share) in enumerate(zip(self.logits, self.softmax(), strict=True)):
            y = origin[1] + 34 * number
            sheet.note((origin[0], y), shown(logit))
            middle = y - 4
            ends = np.array([[origin[0] + 44, middle], [origin[0] + 45 + 110 * share, middle]])
            sheet.line(ends, CATEGORIES[0], 14)
            sheet.text((origin[0] + 52 + 110 * share, y), f"{share:.0%}")
        return sheet


def _called(name: str) -> str:
    return "your own" if name == _YOURS else KNOWN[name][0]


def _values(name: str, x: np.ndarray) -> np.ndarray:
    """The functions in NumPy, for the still picture; the browser has its own, and a test holds both against Keras."""
    logistic = 1 / (1 + np.exp(-x))
    rules: dict[str, Callable[[], np.ndarray]] = {
        "step": lambda: (x >= 0).astype(float),
        "sigmoid": lambda: logistic,
        "tanh": lambda: np.tanh(x),
        "relu": lambda: np.maximum(x, 0),
        "leaky_relu": lambda: np.where(x > 0, x, 0.2 * x),
        "elu": lambda: np.where(x > 0, x, np.expm1(x)),
        "selu": lambda: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x)),
        "softplus": lambda: np.logaddexp(0, x),
        "silu": lambda: x * logistic,
        "gelu": lambda: x * (1 + np.vectorize(erf)(x / np.sqrt(2))) / 2,
        "linear": lambda: x,
    }
    return rules[name]()


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
