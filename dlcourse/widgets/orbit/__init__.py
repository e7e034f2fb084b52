"""`Orbit`: one picture turned, shifted, scaled or darkened through its range, and what networks make of it."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from traitlets import Dict, observe, validate

from dlcourse.data import load
from dlcourse.errors import CourseError, unknown
from dlcourse.lens.transforming import FILLS, transformed
from dlcourse.widgets.orbit.asked import Asked, affordable, asked_models, example_networks
from dlcourse.widgets.orbit.look import Look
from dlcourse.widgets.orbit.still import orbit_still
from dlcourse.widgets.orbit.sweeping import Examples, Sweep, sweep
from dlcourse.widgets.orbit.ways import WAYS
from dlcourse.widgets.orbit.words import orbit_words
from dlcourse.widgets.shared.classifier import class_names
from dlcourse.widgets.shared.picture_form import fitted
from dlcourse.widgets.shared.picture_input import Picture, from_browser, picture, to_browser
from dlcourse.widgets.shared.still import Sheet
from dlcourse.widgets.shared.traits import Checked, is_number, one_of
from dlcourse.widgets.shared.widget import Widget, browser_files

_MOST, _TRAVELLING = 200, 2_000_000  # pictures of a set, and their bytes
_PLACES = max(way.count // way.of_set + 1 for way in WAYS.values())  # of a set's curve, at most
_SIX = 1  # which of the sixes among the test digits is shown without a picture of the learner's


def _amount(name: str) -> Any:
    way = WAYS[name]

    def check(value: Any) -> float:
        if not is_number(value) or not way.low <= value <= way.high:
            raise CourseError(f"`{name}` must be a number from {way.low:g} to {way.high:g}, but it is {value!r}.")
        return float(value)

    return Checked(check, float(way.neutral)).tag(sync=True)


def _picture(value: Any) -> Picture:
    """A picture, also one whose pixels stand in a row."""
    if not isinstance(value, str | Picture):
        array = np.asarray(value)
        side = round(array.size**0.5)
        value = array.reshape(side, side) if array.ndim == 1 and side**2 == array.size > 0 else value
    return picture(value)


def _label(value: Any) -> int | str | None:
    """A class by its number or its name."""
    if value is None or isinstance(value, str):
        return value
    if not is_number(value) or value != int(value):
        raise CourseError(f"`label` must be the number or the name of a class, but it is {value!r}.")
    return int(value)


class Orbit(Widget):
    """One picture turned, shifted, scaled or darkened through its range, and what networks make of it all the way.

    Curves tell how probable a network finds the picture's class, and the strongest other one, at each place of the
    orbit; a second one how much of a whole set it gets right when all its pictures are changed alike. The picture
    itself can be turned by hand. Two models are compared in two colours. What the browser cannot run is asked in
    Python. `picture`, `label` and all from `turn` on are traits.

    Args:
        model: A built Keras model that tells classes of pictures apart. Without one, two small networks are shown:
            "plain", trained on upright
            digits, and "augmented", trained on digits turned by up to 45 degrees.
        picture: The picture: an array, a photograph's name, or the number of an example in `x`. It is cut to the
            proportions of the model's input and scaled.
        label: Its class, a number or a name. None for what the first model takes it for as it is.
        models: A second model: a mapping with names, as in {"plain": model, "augmented": other}, or a list.
        x: Pictures, n × height × width (× channels), bytes or from 0 to 1. At most 200 of them, evenly picked, are
            taken around the orbit; of large networks fewer, so that it ends within a minute.
        y: Their classes, numbers.
        classes: What the outputs are called; None for 0, 1, 2, ...
        scale: What pixels the models were trained on: "0 to 1", "0 to 255", "-1 to 1", a number that bytes were
            multiplied with, a pair (mean, std) of the bytes, or a function of a batch of bytes; or a mapping from the
            models' names to these. Only a model with a Rescaling or a Normalization at its front needs none.
        turn: Degrees, counter-clockwise, -180 to 180.
        shift_x: To the right, as a share of the width, -0.5 to 0.5.
        shift_y: Down, as a share of the height, -0.5 to 0.5.
        size: 0.5 to 2; 2 shows things twice as large.
        light: What every value is multiplied by, 0.1 to 1.5.
        way: Which of these five runs through its range.
        fill: What comes in from beyond the edge: "nearest", "reflect" or "constant" (black).

    Raises:
        CourseError: If an argument cannot be used, with the mend.

    Example:
        >>> widget = Orbit(model, x_test[0], x=x_test, y=labels, scale="0 to 1")
        >>> widget.turn = 30
        >>> widget.sweep().shares.shape  # models × places
        (1, 73)
    """

    _esm, _css = browser_files(
        Path(__file__).parent, {"ways": {name: asdict(way) for name, way in WAYS.items()}, "fills": FILLS}
    )
    _settings = ("picture", "label", *WAYS, "way", "fill")

    # what is changed, and what it is
    picture = Checked(_picture, None).tag(sync=True, echo_update=False, to_json=to_browser, from_json=from_browser)
    label = Checked(_label, None, allow_none=True).tag(sync=True)
    # by how much
    turn = _amount("turn")
    shift_x = _amount("shift_x")
    shift_y = _amount("shift_y")
    size = _amount("size")
    light = _amount("light")
    # the orbit
    way = Checked(one_of("way", tuple(WAYS)), "turn").tag(sync=True)
    fill = Checked(one_of("fill", FILLS), "nearest").tag(sync=True)
    # the networks with their classes, and the set
    _models = Dict().tag(sync=True)
    _set = Dict().tag(sync=True)
    # the curves, where the browser cannot compute them
    _curves = Dict().tag(sync=True)

    def __init__(
        self,
        model: Any = None,
        picture: Any = None,
        label: Any = None,
        models: Any = None,
        x: Any = None,
        y: Any = None,
        classes: Any = None,
        scale: Any = None,
        **settings: Any,
    ) -> None:
        """See the class."""
        self._refuse_unknown(settings, "model", "models", "x", "y", "classes", "scale")
        if model is None and models is None and x is None:
            test = load("mnist").test
            x, y = test.x, test.y
            if picture is None:
                picture, label = Picture(x[y == 6][_SIX][..., None], "a test digit"), 6 if label is None else label
        x, y = _checked_set(x, y)
        if picture is None and x is not None:
            picture = 0
        if is_number(picture) and x is not None:
            picture, label = _example_of(x, y, picture, label)
        if picture is None:
            raise CourseError("Orbit needs a picture: give picture=x_test[0], or a set with x=x_test, y=y_test.")
        shown = _picture(picture)
        self._asked = _networks(model, models, scale, shown.pixels.shape[:2])
        self._classes = class_names(classes, self._asked[0].count)
        self._examples = None if x is None else _sample(x, y, self._asked, self._classes)
        self._asked_for: list[Any] = []  # of `_curves`: all that they depend on
        super().__init__(picture=shown, label=label, **settings)
        self._send_models()
        if self._examples:
            pixels, classes_of = self._examples.x, self._examples.y
            self._set = {"count": len(pixels), "bytes": pixels.tobytes(), "labels": classes_of.tolist()}
        self._ask()
        self._remember_start()

    def show_model(self, model: Any = None, models: Any = None, scale: Any = None) -> None:
        """Asks other models, or the same ones after more training; picture, set and places stay.

        Example:
            >>> widget.show_model(model, scale="0 to 1")
        """
        asked = _networks(model, models, scale, self.picture.pixels.shape[:2])
        size, count = self._asked[0].size, self._asked[0].count
        if (asked[0].size, asked[0].count) != (size, count):
            raise CourseError(
                f"The model {asked[0].name!r} takes pictures of {asked[0].size} and tells {asked[0].count} classes, "
                f"but this widget has {size} and {count}: make a new Orbit."
            )
        self._asked, self._asked_for = asked, []
        with self.hold_sync():
            self._send_models()
            self._ask()

    @property
    def input(self) -> np.ndarray:
        """The picture as it is changed now: rows × columns × channels, 0 to 1."""
        return transformed(self.picture.values, **self._change(), fill=self.fill)

    def probabilities(self) -> dict[str, np.ndarray]:
        """What each model says of the picture as it is changed now: its probabilities, by the models' names.

        Example:
            >>> Orbit(turn=40).probabilities()["augmented"].argmax()
            6
        """
        changed = self.input[None]
        return {network.name: network.answers(changed)[0] for network in self._asked}

    def sweep(self) -> Sweep:
        """The curves, computed in Python.

        Example:
            >>> Orbit(way="size").sweep().values[24]
            1.0
        """
        return sweep(
            self._asked, self.picture.pixels, self._class(), self._change(), self.way, self.fill, self._examples
        )

    def _change(self) -> dict[str, float]:
        return {name: getattr(self, name) for name in WAYS}

    def _class(self) -> int:
        """The picture's class: as it is said, or as the first model says."""
        return int(self._asked[0].answers(self.picture.values[None])[0].argmax()) if self.label is None else self.label

    @validate("picture")
    def _fit(self, proposal: dict[str, Any]) -> Picture:
        image, size = proposal["value"], self._asked[0].size
        if image.pixels.shape == size:
            return image
        return Picture(np.floor(255 * fitted(image, size) + 0.5).astype(np.uint8), image.name)

    @validate("label")
    def _known_class(self, proposal: dict[str, Any]) -> int | None:
        value = proposal["value"]
        if isinstance(value, str):
            if value not in self._classes:
                raise unknown("class", value, self._classes)
            return self._classes.index(value)
        if value is not None and not 0 <= value < len(self._classes):
            raise CourseError(f"`label` is {value}, but there are {len(self._classes)} classes, counted from 0.")
        return value

    def _send_models(self) -> None:
        described = [network.described for network in self._asked]
        self._models = {"list": described, "size": list(self._asked[0].size), "classes": self._classes}

    @observe("picture", "label", *WAYS, "way", "fill")
    def _changed(self, _: Any) -> None:
        if self._start:
            self._ask()

    def _ask(self) -> None:
        """Computes the curves in the browser's place, where it cannot, and only where they are others now."""
        if all(network.described["network"] for network in self._asked):
            self._curves = {}
            return
        amounts = [None if name == self.way else getattr(self, name) for name in WAYS]
        orbit = [self.way, *amounts, self.fill, self.label, self.picture]
        if orbit == self._asked_for:
            return
        self._asked_for = orbit
        computed = self.sweep()
        self._curves = {
            "orbit": [*orbit[:-1], self.picture.name],
            "label": self._class(),
            **{name: getattr(computed, name).tolist() for name in ("shares", "others", "rivals")},
            "accuracy": None if computed.accuracy is None else computed.accuracy.tolist(),
            "pictures": computed.pictures,
        }

    def _look(self) -> Look:
        names = [network.name for network in self._asked]
        shares = np.stack(list(self.probabilities().values()))
        return Look(
            self.picture,
            self.input,
            self._class(),
            self._classes,
            names,
            shares,
            self.way,
            self._change(),
            self.fill,
            self.sweep(),
        )

    def _in_words(self, look: Look) -> str:
        return orbit_words(look)

    def _still(self, look: Look) -> Sheet:
        return orbit_still(look)


def _networks(model: Any, models: Any, scale: Any, picture_size: tuple[int, int]) -> list[Asked]:
    if model is None and models is None:
        return example_networks()
    return asked_models(model, models, scale, picture_size)


def _checked_set(x: Any, y: Any) -> tuple[Any, np.ndarray | None]:
    """Pictures and as many class numbers, or neither."""
    if (x is None) != (y is None):
        missing, there = ("y", "x") if y is None else ("x", "y")
        raise CourseError(f"`{there}` is given without `{missing}`: a set is pictures x with their classes y.")
    if x is None:
        return None, None
    labels = np.asarray(y)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer):
        raise CourseError(
            f"`y` must hold a class number for each picture, but its shape is {labels.shape} and its type "
            f"{labels.dtype}: of one-hot rows take y.argmax(1)."
        )
    if len(x) != len(labels) or not len(labels):
        raise CourseError(
            f"`x` holds {len(x)} pictures but `y` {len(labels)} classes: give one for each, at least one."
        )
    return x, labels


def _example_of(x: Any, y: np.ndarray | None, number: Any, label: Any) -> tuple[Picture, Any]:
    """An example of the set, with its class unless one is given."""
    if number != int(number) or not 0 <= number < len(x):
        raise CourseError(f"`picture` is {number!r}, but `x` holds {len(x)} pictures, counted from 0.")
    named = Picture(_picture(x[int(number)]).pixels, f"example {int(number)}")
    return named, int(y[int(number)]) if label is None and y is not None else label


def _sample(x: Any, y: Any, asked: Sequence[Asked], classes: Sequence[str]) -> Examples:
    """As many pictures as can travel and be asked about, evenly picked from a set that may be sorted, and shuffled."""
    low, high = int(y.min()), int(y.max())
    if low < 0 or high >= len(classes):
        raise CourseError(
            f"`y` holds classes from {low} to {high}, but the model has {len(classes)} outputs: number them from 0 to "
            f"{len(classes) - 1}."
        )
    size = asked[0].size
    count = affordable(asked, _PLACES, min(len(x), _MOST, max(1, _TRAVELLING // int(np.prod(size)))))
    picked = np.random.default_rng(0).permutation(np.linspace(0, len(x) - 1, count).round().astype(int))
    pictures = [np.floor(255 * fitted(_picture(x[number]), size) + 0.5) for number in picked]
    return Examples(np.stack(pictures).astype(np.uint8), y[picked])
