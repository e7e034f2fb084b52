# ruff: noqa: D102 - what a form's methods do is said once, in `Form`
"""The forms that an answer can have: what is asked for, what a guess and what the truth may be, and both in words."""

import random
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from numbers import Integral
from typing import Any, ClassVar

import numpy as np

from dlcourse.errors import CourseError, unknown
from dlcourse.widgets.shared.numbers import figure
from dlcourse.widgets.shared.traits import is_number

_MANY = 10  # whole numbers: a slider needs nothing between them
KNOTS = 7  # of a sketched curve: enough for a bend or two, few enough to be set by keys
_WAYS = "low=0, high=100 for a number, choices=[...], order=[...], curve={...} or bars=[...]"


class Form(ABC):
    """One form of an answer.

    `guess` and `truth` check a value and return it as it travels to the browser.
    """

    kind: ClassVar[str]

    @property
    @abstractmethod
    def facts(self) -> dict[str, Any]:
        """What the browser is told of it."""

    @property
    @abstractmethod
    def asks(self) -> str:
        """What is asked for, in words."""

    @abstractmethod
    def guess(self, value: Any) -> Any:
        """A guess, checked."""

    @abstractmethod
    def truth(self, value: Any) -> Any:
        """What `reveal` is given, checked."""

    @abstractmethod
    def told(self, truth: Any) -> str:
        """The truth in words."""


def form_of(
    question: str,
    *,
    low: Any = None,
    high: Any = None,
    scale: str = "linear",
    unit: str = "",
    choices: Any = None,
    several: bool = False,
    order: Any = None,
    curve: Any = None,
    bars: Any = None,
) -> Form:
    """The form that the arguments of a question ask for.

    Raises:
        CourseError: If they ask for none, for two, or for one that cannot be.
    """
    lists = {"choices": choices, "order": order, "curve": curve, "bars": bars}
    given = [name for name, value in lists.items() if value is not None]
    if len(given) > 1:
        raise CourseError(f"A prediction has one form, but `{given[0]}` and `{given[1]}` are given: leave one out.")
    form = given[0] if given else "number"
    if several and form != "choices":
        raise CourseError("`several` belongs to `choices`, which is missing: give it the options to choose from.")
    takes_range = form in ("number", "bars")
    for name, value, unset in (("low", low, None), ("high", high, None), ("unit", unit, "")):
        if value != unset and not takes_range:
            raise CourseError(f"`{name}` belongs to a number or to bars, not to `{form}`: leave one of the two out.")
    if scale != "linear" and form != "number":
        raise CourseError(f"`scale` belongs to a number, not to `{form}`: leave one of the two out.")
    if form == "choices":
        return Choice(choices, several)
    if form == "order":
        return Order(order, question)
    if form == "curve":
        return Curve(curve)
    if form == "bars":
        return Bars(bars, 0 if low is None else low, high, unit)
    if low is None and high is None:
        raise CourseError(f"A prediction needs the form of its answer: {_WAYS}.")
    return Number(low, high, scale, unit)


class Number(Form):
    """A number on an axis."""

    kind = "number"

    def __init__(self, low: Any, high: Any, scale: str, unit: str) -> None:
        """The axis goes from `low` to `high`."""
        if scale not in ("linear", "log"):
            raise unknown("scale", scale, ("linear", "log"))
        self.low, self.high = _range("low", low, "high", high)
        if scale == "log" and self.low <= 0:
            raise CourseError(
                f"A log axis has no place for `low`={figure(self.low)}: give the smallest guess above zero, as in "
                "low=1e-6."
            )
        self.scale, self.unit = scale, str(unit)
        self._counts = isinstance(low, Integral) and isinstance(high, Integral) and self.high - self.low >= _MANY

    @property
    def facts(self) -> dict[str, Any]:
        """`least`: the smallest step of the slider, 0 where it may be as small as it likes."""
        facts = {"kind": self.kind, "low": self.low, "high": self.high, "scale": self.scale, "unit": self.unit}
        return facts | {"least": 1 if self._counts else 0}

    @property
    def asks(self) -> str:
        ends = f"A number from {figure(self.low, self.unit)} to {figure(self.high, self.unit)}"
        return f"{ends}, on a log axis." if self.scale == "log" else f"{ends}."

    def guess(self, value: Any) -> float:
        if not is_number(value) or not self.low <= value <= self.high:
            ends = f"from {figure(self.low)} to {figure(self.high)}"
            raise CourseError(f"`guess` must be a number {ends}, but it is {value!r}.")
        return float(value)

    def truth(self, value: Any) -> float:
        if np.shape(value) == (1,):  # what `evaluate` and `predict` often give
            value = np.asarray(value)[0]
        if not is_number(value):
            raise CourseError(f"`reveal` must be given a finite number here, but it is given {value!r}.")
        return float(value)

    def told(self, truth: float) -> str:
        return figure(truth, self.unit)


class Choice(Form):
    """One of several options, or any number of them."""

    kind = "choice"

    def __init__(self, options: Any, several: bool) -> None:
        """Options are told apart by their texts."""
        self.options, self.several = _labels("choices", options), bool(several)

    @property
    def facts(self) -> dict[str, Any]:
        return {"kind": self.kind, "options": self.options, "several": self.several}

    @property
    def asks(self) -> str:
        return f"{'Any' if self.several else 'One'} of: {'; '.join(self.options)}."

    def guess(self, value: Any) -> list[str]:
        chosen = [str(value)] if isinstance(value, str) or np.shape(value) == () else [str(each) for each in value]
        for option in chosen:
            if option not in self.options:
                raise unknown("option", option, self.options)
        if not self.several and len(chosen) != 1:
            raise CourseError(f"One option is to be chosen, but there are {len(chosen)}: {', '.join(chosen)}.")
        return [option for option in self.options if option in chosen]

    def truth(self, value: Any) -> list[str]:
        return self.guess(value)

    def told(self, truth: list[str]) -> str:
        *others, last = truth or ["none of them"]
        return f"{', '.join(others)} and {last}" if others else last


class Order(Form):
    """Things to be put in order."""

    kind = "order"

    def __init__(self, items: Any, question: str) -> None:
        """They are shown shuffled, each time in the same way, so that no author gives the order away."""
        self.items = _labels("order", items)
        shuffled = list(self.items)
        generator = random.Random(question)
        while shuffled == self.items:
            generator.shuffle(shuffled)
        self.shuffled = shuffled

    @property
    def facts(self) -> dict[str, Any]:
        return {"kind": self.kind, "items": self.shuffled}

    @property
    def asks(self) -> str:
        return f"Put in order: {'; '.join(self.shuffled)}."

    def guess(self, value: Any) -> list[str]:
        order = [str(each) for each in _values(value)]
        for item in order:
            if item not in self.items:
                raise unknown("item", item, self.items)
        if len(order) != len(self.items) or len(set(order)) != len(order):
            raise CourseError(f"An order names each of the {len(self.items)} items once, but it is {order}.")
        return order

    def truth(self, value: Any) -> list[str]:
        return self.guess(value)

    def told(self, truth: list[str]) -> str:
        return ", then ".join(truth)


class Curve(Form):
    """A curve over an axis, sketched by a handful of knots."""

    kind = "curve"

    def __init__(self, axes: Any) -> None:
        """`axes` holds "x" and "y", each a low end, a high end and a name."""
        self.x, self.y = (_axis(axes, name) for name in ("x", "y"))

    @property
    def facts(self) -> dict[str, Any]:
        places = np.linspace(self.x["low"], self.x["high"], KNOTS).tolist()
        return {"kind": self.kind, "x": self.x, "y": self.y, "places": places, "unit": ""}

    @property
    def asks(self) -> str:
        (over, up) = (f"{axis['name']} from {figure(axis['low'])} to {figure(axis['high'])}" for axis in self._axes)
        return f"A curve of {up}, over {over}."

    @property
    def _axes(self) -> tuple[dict[str, Any], dict[str, Any]]:
        return self.x, self.y

    def guess(self, value: Any) -> list[float]:
        return _levels("guess", value, KNOTS, "knots")

    def truth(self, value: Any) -> dict[str, list[float]]:
        if isinstance(value, tuple) and len(value) == 2 and np.ndim(value[0]) == 1:
            xs, ys = (_levels("reveal", part, None, "points") for part in value)
            if len(xs) != len(ys):
                raise CourseError(f"`reveal` is given {len(xs)} places and {len(ys)} heights: give as many of each.")
        else:
            ys = _levels("reveal", value, None, "points")
            xs = np.linspace(self.x["low"], self.x["high"], len(ys)).tolist()
        if len(ys) < 2:
            raise CourseError("`reveal` is given one point, but a curve needs two or more.")
        by_place = sorted(zip(xs, ys, strict=True))
        return {"x": [x for x, _ in by_place], "y": [y for _, y in by_place]}

    def told(self, truth: dict[str, list[float]]) -> str:
        xs, ys = truth["x"], truth["y"]
        ends = f"from {figure(ys[0])} at {self.x['name']} {figure(xs[0])} to {figure(ys[-1])} at {figure(xs[-1])}"
        highest = int(np.argmax(ys))
        most = f"; at most {figure(ys[highest])}, at {figure(xs[highest])}"
        return f"{self.y['name']} goes {ends}{most if 0 < highest < len(ys) - 1 else ''}"


class Bars(Form):
    """A bar chart over given labels."""

    kind = "bars"

    def __init__(self, labels: Any, low: Any, high: Any, unit: str) -> None:
        """A bar goes from `low` to `high` at most."""
        self.labels = _labels("bars", labels)
        self.low, self.high = _range("low", low, "high", high)
        self.unit = str(unit)

    @property
    def facts(self) -> dict[str, Any]:
        y = {"low": self.low, "high": self.high, "name": ""}
        return {"kind": self.kind, "labels": self.labels, "y": y, "unit": self.unit}

    @property
    def asks(self) -> str:
        ends = f"from {figure(self.low, self.unit)} to {figure(self.high, self.unit)}"
        return f"A bar {ends} for each of: {'; '.join(self.labels)}."

    def guess(self, value: Any) -> list[float]:
        return self._heights("guess", value)

    def truth(self, value: Any) -> list[float]:
        return self._heights("reveal", value)

    def told(self, truth: list[float]) -> str:
        return "; ".join(
            f"{label}: {figure(value, self.unit)}" for label, value in zip(self.labels, truth, strict=True)
        )

    def _heights(self, name: str, value: Any) -> list[float]:
        if isinstance(value, Mapping):
            heights = {str(label): height for label, height in value.items()}
            for label in heights:
                if label not in self.labels:
                    raise unknown("bar", label, self.labels)
            if missing := [label for label in self.labels if label not in heights]:
                raise CourseError(f"`{name}` has no height for the bar {missing[0]!r}: give one for each.")
            value = [heights[label] for label in self.labels]
        return _levels(name, value, len(self.labels), "bars")


def _range(low_name: str, low: Any, high_name: str, high: Any) -> tuple[float, float]:
    for name, value in ((low_name, low), (high_name, high)):
        if not is_number(value):
            raise CourseError(f"`{name}` must be a finite number, an end of the axis, but it is {value!r}.")
    if not low < high:
        raise CourseError(
            f"`{low_name}` must be below `{high_name}`, but they are {figure(low)} and {figure(high)}: the axis goes "
            "from one to the other."
        )
    return float(low), float(high)


def _axis(axes: Any, name: str) -> dict[str, Any]:
    if not isinstance(axes, Mapping) or set(axes) != {"x", "y"} or np.shape(axes[name]) != (3,):
        raise CourseError(
            '`curve` must say what both axes are, as in {"x": (0, 10, "epoch"), "y": (0, 1, "accuracy")}, but it is '
            f"{axes!r}."
        )
    low, high, title = axes[name]
    low, high = _range(f'curve["{name}"][0]', low, f'curve["{name}"][1]', high)
    return {"low": low, "high": high, "name": str(title)}


def _labels(name: str, given: Any) -> list[str]:
    labels = [str(label).strip() for label in _values(given)]
    if len(labels) < 2 or len(set(labels)) != len(labels) or not all(labels):
        raise CourseError(f"`{name}` must be two texts or more, each another one, but it is {given!r}.")
    return labels


def _levels(name: str, given: Any, count: int | None, of: str) -> list[float]:
    values = list(_values(given))
    if not all(is_number(value) for value in values):
        raise CourseError(f"`{name}` must be given finite numbers, a list of them, but it is given {given!r}.")
    if count is not None and len(values) != count:
        raise CourseError(f"`{name}` is given {len(values)} numbers, but there are {count} {of}: give one for each.")
    return [float(value) for value in values]


def _values(given: Any) -> Iterable[Any]:
    """What is in a list, an array or a series; a sentence for what is none."""
    if (
        isinstance(given, str | bytes | Mapping)
        or not hasattr(given, "__iter__")
        or getattr(given, "shape", None) == ()
    ):
        raise CourseError(f"A list is needed here, but there is {given!r}.")
    return given
