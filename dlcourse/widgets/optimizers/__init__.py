"""`Optimizers`: several of them race downhill, and one sees why they arrive together or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from traitlets import Dict

from dlcourse.errors import CourseError, unknown
from dlcourse.lens.descent import OPTIMIZERS, SCHEDULES, descent_path
from dlcourse.lens.descent_surfaces import DESCENT_SURFACES, DescentSurface, gridded_surface, line_fit_surface
from dlcourse.widgets.shared.palette import CATEGORIES, WINDOW, sequential
from dlcourse.widgets.shared.random_numbers import normals
from dlcourse.widgets.shared.still import Sheet, shown
from dlcourse.widgets.shared.traits import Checked, is_number, one_of, whole
from dlcourse.widgets.shared.widget import Widget, browser_files

REACH = 3.0  # the surfaces are drawn from minus to plus this, along both axes
_POINTS = 121
_FLAT = 1e-9  # a gradient that short points nowhere
_YOURS = "yours"
_LINE_FIT = "line fit"
_MOST_DATA = 2000  # points that a line is fitted to
_DASHES = {
    "sgd": (),
    "momentum": (7, 4),
    "nesterov": (10, 3, 2, 3),
    "adagrad": (2, 3),
    "rmsprop": (12, 4),
    "adam": (5, 2),
}
_RATES = {"sgd": 0.05, "momentum": 0.02, "nesterov": 0.02, "adagrad": 0.5, "rmsprop": 0.05, "adam": 0.1}


@dataclass(frozen=True, eq=False)
class _Look:
    """The way of each optimiser, (steps + 1) × 2, and the height that it has reached at the current step."""

    paths: dict[str, np.ndarray]
    reached: dict[str, float]


def _racers(value: Any) -> list[str]:
    names = [value] if isinstance(value, str) else list(value)
    for name in names:
        if name not in OPTIMIZERS:
            raise unknown("optimizer", name, OPTIMIZERS)
    return [name for name in OPTIMIZERS if name in names]


def _rates(value: Any) -> dict[str, float]:
    """A rate for each optimiser; those not named keep their usual one."""
    if is_number(value):
        value = dict.fromkeys(OPTIMIZERS, value)
    if not isinstance(value, dict):
        raise CourseError(f"`rates` must be a number, or one for each name as in {{'adam': 0.1}}, but it is {value!r}.")
    for name, rate in value.items():
        if name not in OPTIMIZERS:
            raise unknown("optimizer", name, OPTIMIZERS)
        if not is_number(rate) or not 0 <= rate <= 100:
            raise CourseError(f"The learning rate of {name!r} must be a number from 0 to 100, but it is {rate!r}.")
    return {name: float(value.get(name, _RATES[name])) for name in OPTIMIZERS}


def _start_place(value: Any) -> list[float]:
    inside = np.shape(value) == (2,) and all(is_number(number) and abs(number) <= REACH for number in value)
    if not inside:
        raise CourseError(f"`start` must be two numbers from −{REACH:g} to {REACH:g}, but it is {value!r}.")
    return [float(number) for number in value]


def _between(name: str, low: float, high: float) -> Callable[[Any], float]:
    def check(value: Any) -> float:
        if not is_number(value) or not low <= value <= high:
            raise CourseError(f"`{name}` must be a number from {low:g} to {high:g}, but it is {value!r}.")
        return float(value)

    return check


class Optimizers(Widget):
    """Optimisers race on a surface, from a start that can be dragged, with rates that can be changed while they run.

    Args:
        surface: Which landscape: a name (`dlcourse.lens.descent_surfaces.DESCENT_SURFACES`), or a function of your own
            that takes two NumPy arrays, as in `lambda x, y: x**2 + np.abs(y)`; with `data`, "line fit".
        data: Two arrays, x and y, to fit the line w x + b to. The surface is then its mean squared error, over w
            (across) and b (up), and beside it stand the points and each optimiser's line.
        optimizers: Who races: some of "sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam".
        rates: Their learning rates: one number for all, or one for each name, as in {"adam": 0.1}.
        start: Where they begin, two numbers.
        momentum: What "momentum" and "nesterov" keep of their speed, 0 to 0.99.
        weight_decay: Which share of a place, times the rate, is lost before each step, 0 to 2.
        schedule: "constant", "exponential" or "cosine": how the rates fall.
        noise: How much the slope errs from step to step, as mini-batches do, 0 to 5.
        steps: How many steps the race has, 10 to 500.
        step: How far it has got.
        seed: Of the noise.

    Raises:
        CourseError: If an argument cannot be used, with the mend.

    Example:
        >>> race = Optimizers("long valley", ["sgd", "adam"], rates={"sgd": 0.2})
        >>> race.paths()["sgd"].shape
        (151, 2)
    """

    _esm, _css = browser_files(
        Path(__file__).parent,
        {
            "surfaces": list(DESCENT_SURFACES),
            "yours": _YOURS,
            "lineFit": _LINE_FIT,
            "optimizers": OPTIMIZERS,
            "schedules": SCHEDULES,
            "reach": REACH,
            "points": _POINTS,
            "dashes": _DASHES,
        },
    )
    _settings = (
        "surface",
        "optimizers",
        "rates",
        "start",
        "momentum",
        "weight_decay",
        "schedule",
        "noise",
        "steps",
        "step",
        "seed",
    )

    surface = Checked(one_of("surface", (*DESCENT_SURFACES, _YOURS, _LINE_FIT)), "long valley").tag(sync=True)
    optimizers = Checked(_racers, ["sgd", "momentum", "adam"]).tag(sync=True)
    rates = Checked(_rates, dict(_RATES)).tag(sync=True)
    start = Checked(_start_place, [-2.5, 1.5]).tag(sync=True)
    momentum = Checked(_between("momentum", 0, 0.99), 0.9).tag(sync=True)
    weight_decay = Checked(_between("weight_decay", 0, 2), 0.0).tag(sync=True)
    schedule = Checked(one_of("schedule", SCHEDULES), "constant").tag(sync=True)
    noise = Checked(_between("noise", 0, 5), 0.0).tag(sync=True)
    steps = Checked(whole("steps", 10, 500), 150).tag(sync=True)
    step = Checked(whole("step", 0, 500), 150).tag(sync=True)
    seed = Checked(whole("seed", 0, 10**9), 0).tag(sync=True)
    # the learner's function, at the points of a grid, row by row from the bottom
    _own = Dict().tag(sync=True)
    # the learner's points: x and y
    _data = Dict().tag(sync=True)

    def __init__(self, surface: Any = None, optimizers: Any = None, *, data: Any = None, **settings: Any) -> None:
        """See the class."""
        self._refuse_unknown(settings, "data")
        if data is not None:
            settings["_data"] = {name: values.tobytes() for name, values in zip("xy", _fittable(data), strict=True)}
            surface = _LINE_FIT if surface is None else surface
        if callable(surface):
            settings["_own"] = {"values": _sampled(surface).astype("float32").tobytes()}
            surface = _YOURS
        for name, value in (("surface", surface), ("optimizers", optimizers)):
            if value is not None:
                settings[name] = value
        super().__init__(**settings)
        if self.surface == _YOURS and not self._own:
            raise CourseError('"yours" needs a function of your own: Optimizers(lambda x, y: ...).')
        if self.surface == _LINE_FIT and not self._data:
            raise CourseError('"line fit" needs points to fit a line to: Optimizers(data=(x, y)).')
        if "step" not in settings:
            self.step = self.steps
        self._remember_start()

    def height(self, x: Any, y: Any) -> np.ndarray:
        """The height of the surface at some places; of your own function between the points of its grid.

        Example:
            >>> float(Optimizers("bowl").height(1, 2))
            5.0
        """
        return np.asarray(self._surface().height(np.asarray(x, float), np.asarray(y, float)))

    def paths(self) -> dict[str, np.ndarray]:
        """The places that each optimiser visits, (steps + 1) × 2, as the widget draws them."""
        slope = self._surface().slope
        shake = self.noise * normals(self.seed, 2 * self.steps).reshape(-1, 2) if self.noise else None
        return {
            name: descent_path(
                lambda place: np.array(slope(*place)),
                (self.start[0], self.start[1]),
                name,
                self.rates[name],
                self.steps,
                momentum=self.momentum,
                weight_decay=self.weight_decay,
                schedule=self.schedule,
                shake=shake,
            )
            for name in self.optimizers
        }

    def _points(self) -> tuple[np.ndarray, np.ndarray]:
        """The points that a line is fitted to."""
        return np.frombuffer(self._data["x"]), np.frombuffer(self._data["y"])

    def _surface(self) -> DescentSurface:
        if self.surface == _LINE_FIT:
            return line_fit_surface(*self._points())
        if self.surface != _YOURS:
            return DESCENT_SURFACES[self.surface]
        heights = np.frombuffer(self._own["values"], "float32").reshape(_POINTS, _POINTS)
        return gridded_surface(heights, REACH)

    def _look(self) -> _Look:
        at, paths = min(self.step, self.steps), self.paths()
        return _Look(paths, {name: float(self.height(*path[at])) for name, path in paths.items()})

    def _in_words(self, look: _Look) -> str:
        text = ", ".join(
            f"{name} at {_height(height)}{self._line_in_words(look.paths[name])}"
            if np.isfinite(height)
            else f"{name} is lost"
            for name, height in look.reached.items()
        )
        return (
            f"Optimizers on the surface {self.surface}, after {min(self.step, self.steps)} steps: {text or 'nobody'}."
        )

    def _line_in_words(self, path: np.ndarray) -> str:
        if self.surface != _LINE_FIT:
            return ""
        w, b = path[min(self.step, self.steps)]
        return f" (w = {shown(w)}, b = {shown(b)})"

    def _still(self, look: _Look) -> Sheet:
        """The surface from above, and the paths."""
        side, left, top = 360, 12, 34
        sheet = Sheet(660, top + side + 16)
        along = np.linspace(-REACH, REACH, _POINTS)
        heights = self.height(*np.meshgrid(along, along[::-1]))
        low, high = heights.min(), heights.max()
        shares = np.sqrt((heights - low) / max(high - low, 1e-12))
        fitted = self.surface == _LINE_FIT
        axes = "loss over w (across) and b (up); pale = low" if fitted else f"surface: {self.surface}; pale = low"
        sheet.text((left, 22), axes)
        sheet.pixels((left, top), sequential(0.7 * np.floor(shares * 14) / 14, 0, 1), side / _POINTS)
        lines = {}
        for name, path in look.paths.items():
            visible = path[: min(self.step, self.steps) + 1]
            visible = visible[np.isfinite(visible).all(axis=1)]
            visible = visible[np.cumprod(np.abs(visible).max(axis=1) <= REACH).astype(bool)]
            lines[name] = [left, top] + (visible * [1, -1] + REACH) * side / (2 * REACH)
            sheet.line(lines[name], "#ffffff", 5.5)
        beside, entry = left + side + 24, top + 24
        sheet.text((beside, 22), f"{'loss' if fitted else 'height'} after {min(self.step, self.steps)} steps")
        for number, (name, line) in enumerate(lines.items()):
            style = CATEGORIES[OPTIMIZERS.index(name)], 3, _DASHES[name]
            sheet.line(line, *style)
            height, y = look.reached[name], entry + 22 * number
            reached = _height(height) if np.isfinite(height) else "lost"
            sheet.line(np.array([[beside, y - 4], [beside + 36, y - 4]]), *style)
            sheet.text((beside + 46, y), f"{name}: {reached}")
        zoom = side / (2 * REACH)
        self._draw_start(sheet, (left, top), zoom, look.paths if fitted else {})
        if fitted:
            below = entry + 22 * len(self.optimizers) + 12
            sheet.text((beside, below), "data and line")
            self._draw_fit(sheet, look, (beside, below + 10), (240, top + side - below - 10))
        return sheet

    def _draw_start(self, sheet: Sheet, corner: tuple[float, float], zoom: float, paths: dict[str, np.ndarray]) -> None:
        """The ring where the race starts, and from the present place of each path the way that is steepest down."""

        def placed(places: np.ndarray) -> np.ndarray:
            return corner + (places * [1, -1] + REACH) * zoom

        for path in paths.values():
            place = path[min(self.step, self.steps)]
            slope = np.array(self._surface().slope(*place))
            size = np.hypot(*slope)
            if not (np.abs(place) <= REACH).all() or size < _FLAT:
                continue
            way = -slope / size
            tip = place + way * (0.12 + 0.5 * (1 - np.exp(-size / 3)))  # as long as in the browser
            barbs = [tip - 0.15 * (way + turn * np.array([-way[1], way[0]])) for turn in (-0.6, 0.6)]
            for colour, width in (("#ffffff", 4.5), (WINDOW, 2.5)):
                sheet.line(placed(np.array([place, tip])), colour, width)
                sheet.line(placed(np.array([barbs[0], tip, barbs[1]])), colour, width)
        turns = np.linspace(0, 2 * np.pi, 33)
        ring = placed(np.array([self.start])) + 8 * np.stack([np.cos(turns), np.sin(turns)], axis=1)
        for colour, width in (("#ffffff", 5), (WINDOW, 2.5)):
            sheet.line(ring, colour, width)

    def _draw_fit(self, sheet: Sheet, look: _Look, at: tuple[float, float], size: tuple[float, float]) -> None:
        """The points, and each optimiser's line where the frame holds it."""
        x, y = self._points()
        low, high = (np.array([end(x), end(y)]) for end in (np.min, np.max))
        margin = 0.08 * np.maximum(high - low, 1e-12)
        low, high = low - margin, high + margin

        def placed(points: np.ndarray) -> np.ndarray:
            return at + (points - low) / (high - low) * [size[0], -size[1]] + [0, size[1]]

        sheet.box(at, size, "#f2f2f2")
        for place in placed(np.stack([x, y], axis=1)):
            sheet.box((place[0] - 1.5, place[1] - 1.5), (3, 3), "#555555")
        across = np.linspace(low[0], high[0], 200)
        for name, path in look.paths.items():
            w, b = path[min(self.step, self.steps)]
            line = np.stack([across, w * across + b], axis=1)
            line = line[(line[:, 1] >= low[1]) & (line[:, 1] <= high[1])]
            if len(line) > 1:
                sheet.line(placed(line), CATEGORIES[OPTIMIZERS.index(name)], 3, _DASHES[name])


def _height(value: float) -> str:
    """A height, also a very small one, in a few characters."""
    return shown(value) if value == 0 or abs(value) >= 0.005 else f"{value:.0e}".replace("-", "−")


def _fittable(data: Any) -> tuple[np.ndarray, np.ndarray]:
    """The points that a line is to be fitted to, if the best line lies on the map."""
    try:
        x, y = (np.array(values, float) for values in data)
    except (TypeError, ValueError):
        raise CourseError("`data` must be two lists or arrays of numbers, x and y, as in data=(x, y).") from None
    if x.ndim != 1 or x.shape != y.shape or not 2 <= len(x) <= _MOST_DATA:
        raise CourseError(
            f"`data` must be 2 to {_MOST_DATA} numbers x and as many y, "
            f"but the two have the shapes {x.shape} and {y.shape}."
        )
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise CourseError("`data` holds a number that is not finite: leave that point out.")
    if x.min() == x.max():
        raise CourseError("All the points of `data` have the same x, so that any slope fits them equally well.")
    w = np.cov(x, y)[0, 1] / np.var(x, ddof=1)
    b = y.mean() - w * x.mean()
    if max(abs(w), abs(b)) > REACH:
        raise CourseError(
            f"The best line through `data` has w = {w:.3g} and b = {b:.3g}, but the map goes from −{REACH:g} to "
            f"{REACH:g}: scale x and y first, as in (x - x.mean()) / x.std()."
        )
    return x, y


def _sampled(own: Callable[[Any, Any], Any]) -> np.ndarray:
    """A learner's function on the grid."""
    x, y = np.meshgrid(*[np.linspace(-REACH, REACH, _POINTS)] * 2)
    try:
        values = np.asarray(own(x, y), float)
    except Exception as error:
        raise CourseError(f"Your function fails on two arrays: {type(error).__name__}: {error}.") from error
    if values.shape != x.shape:
        raise CourseError(
            f"Your function turns two arrays of the shape {x.shape} into one of the shape {values.shape}, "
            "but a surface has a height at each place."
        )
    if not np.isfinite(values).all():
        row, column = np.argwhere(~np.isfinite(values))[0]
        raise CourseError(f"Your function gives no finite height at ({x[row, column]:.2f}, {y[row, column]:.2f}).")
    return values
