"""`Playground`: a small network learns to tell two kinds of points apart, and all of it can be seen and changed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from PIL import Image, ImageDraw
from traitlets import Dict, List, Unicode, observe, validate

from dlcourse.data.planes import KINDS, plane
from dlcourse.errors import CourseError
from dlcourse.lens.activation_functions import logistic
from dlcourse.widgets.playground.network import (
    ACTIVATIONS,
    COUNT,
    DEEPEST,
    FEATURES,
    OPTIMIZERS,
    STANDARD,
    WIDEST,
    features_of,
    first_weights,
    frame_of,
    outputs_of,
    planes_sent,
    points_from,
    read_model,
    shapes_of,
    training_part,
)
from dlcourse.widgets.shared.palette import diverging
from dlcourse.widgets.shared.still import DENSITY, Sheet
from dlcourse.widgets.shared.traits import Checked, is_number, one_of, whole, yes_or_no
from dlcourse.widgets.shared.widget import Widget, browser_files

YOURS = "yours"  # the name of the learner's own points among the data sets
_MOST = 1000  # points that travel to the browser
_SURFACE = 80  # places of a model's surface along each axis
_SHARES = (0.1, 0.9)
_NOISIEST = 0.5
_PENALTIES = ("none", "l1", "l2")
_NAMES = 66  # room for the features' names in the still picture
_PALE = 0.45  # of the colours' reach is used behind points, so that these stand out


def _between(name: str, low: float, high: float) -> Any:
    def check(value: Any) -> float:
        if not is_number(value) or not low <= value <= high:
            raise CourseError(f"`{name}` must be a number from {low:g} to {high:g}, but it is {value!r}.")
        return float(value)

    return check


def _layers(value: Any) -> list[int]:
    widths = list(value) if isinstance(value, list | tuple | np.ndarray) else None
    if widths is None or len(widths) > DEEPEST or not all(_is_width(width) for width in widths):
        raise CourseError(
            f"`layers` must list the neurons of at most {DEEPEST} hidden layers, 1 to {WIDEST} each, as in [4, 2], "
            f"but it is {value!r}."
        )
    return [int(width) for width in widths]


def _is_width(value: Any) -> bool:
    return is_number(value) and value == int(value) and 1 <= value <= WIDEST


def _features(value: Any) -> list[str]:
    names = [value] if isinstance(value, str) else list(value) if isinstance(value, list | tuple) else []
    for name in names:
        one_of("feature", tuple(FEATURES))(name)
    if not names:
        raise CourseError(f"`features` must name at least one of {', '.join(FEATURES)}, but it is {value!r}.")
    return [name for name in FEATURES if name in names]


def _points(value: Any) -> list[list[float]]:
    if isinstance(value, list | tuple | np.ndarray) and not len(value):
        return []
    try:
        rows = np.asarray(value, float)
    except (TypeError, ValueError) as error:
        raise CourseError(_POINTS.format(value)) from error
    if rows.ndim != 2 or rows.shape[1] != 3 or not set(rows[:, 2]) <= {0, 1}:
        raise CourseError(_POINTS.format(value))
    return points_from(rows[:, :2], rows[:, 2], _MOST)


_POINTS = "`points` must hold [x1, x2, class] for each point, the class 0 or 1, but it is {!r:.80}."


def _weights(value: Any) -> list[Any]:
    """Nested lists in the order of Keras' `get_weights`; whether they fit the layers is checked later."""
    try:
        arrays = [np.asarray(array, float) for array in value]
    except (TypeError, ValueError) as error:
        raise CourseError(
            f"`weights` must be arrays as model.get_weights() gives them, but it is {value!r:.80}."
        ) from error
    if not all(np.isfinite(array).all() for array in arrays):
        raise CourseError("`weights` hold values that are NaN or infinite: train again with a smaller learning rate.")
    return [array.tolist() for array in arrays]


@dataclass(frozen=True, eq=False)
class _Look:
    """The points, and how probable class 1 is at each of them and at each place of the picture.

    Attributes:
        parts: For training and for the test: the places, their classes, and the answers there.
        plane: The answers over the frame, from the top left.
    """

    parts: tuple[tuple[np.ndarray, np.ndarray, np.ndarray], ...]
    plane: np.ndarray


class Playground(Widget):
    """A small network learns to tell blue points from orange ones: every neuron, weight and answer in view.

    It trains in the browser, also while the kernel is busy. All arguments but `x`, `y` and `model` are traits, to be
    read and set from the next cell, too; weights, epoch and history come to Python twice a second and when training
    stops. A new seed, data set, feature or layer starts the training over.

    Args:
        x: Your points, n × 2. Coordinates far from 1 are scaled for the network.
        y: Their classes, 0 and 1 or −1 and 1.
        model: A built Keras model on two numbers. A Sequential of at most six hidden Dense layers of at most eight
            units, with one activation, becomes the network itself; of any other one its answers are shown.
        data: "moons", "circles", "spiral", "xor" or "gaussians", 400 points of `dlcourse.data.planes.plane`, or
            "yours".
        noise: How far points stray, 0 to 0.5; your own ones do not.
        share: Which share of the points is trained on, 0.1 to 0.9; the others are the test.
        points: Your own points, [x1, x2, class] each. Setting them chooses "yours".
        features: What the network is told of a point: "x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(pi*x1)", "sin(pi*x2)".
        layers: The neurons of each hidden layer, up to six layers of 1 to 8.
        activation: Of the hidden layers, by Keras' name. At the end is a sigmoid.
        optimizer: "sgd", "momentum" or "adam".
        learning_rate: Above 0, up to 10.
        batch: After how many points the weights change.
        regularization: What large weights cost: "none", "l1" or "l2".
        rate: How much they cost, 0 to 1.
        seed: Where the first weights and the order of the points come from.
        speed: Epochs in a second, as far as the browser keeps up.
        playing: Whether it trains.
        epoch: How often all training points were seen.
        weights: As Keras' `get_weights` has them: kernel, bias, kernel, bias, ...
        show: "network", or "model" for the answers of a model that is too large to become the network.

    Raises:
        CourseError: If an argument cannot be used, with the mend.

    Example:
        >>> widget = Playground(data="spiral", layers=[8, 8], playing=True)
        >>> widget.to_keras().predict(widget.inputs([[0.5, 0.5]]))
    """

    _esm, _css = browser_files(
        Path(__file__).parent,
        {
            "planes": planes_sent(),
            "standard": STANDARD,
            "activations": ACTIVATIONS,
            "optimizers": OPTIMIZERS,
            "penalties": _PENALTIES,
            "widest": WIDEST,
            "deepest": DEEPEST,
            "shares": _SHARES,
            "noisiest": _NOISIEST,
            "most": _MOST,
        },
    )
    _settings = tuple(
        "data noise share points features layers activation optimizer learning_rate batch regularization rate seed "
        "speed show playing epoch weights history".split()
    )

    # what is learned
    data = Checked(one_of("data", (*KINDS, YOURS)), "moons").tag(sync=True)
    noise = Checked(_between("noise", 0, _NOISIEST), 0.15).tag(sync=True)
    share = Checked(_between("share", *_SHARES), 0.5).tag(sync=True)
    points = Checked(_points, []).tag(sync=True)
    # by which network
    features = Checked(_features, ["x1", "x2"]).tag(sync=True)
    layers = Checked(_layers, [4, 3]).tag(sync=True)
    activation = Checked(one_of("activation", ACTIVATIONS), "tanh").tag(sync=True)
    # how
    optimizer = Checked(one_of("optimizer", OPTIMIZERS), "adam").tag(sync=True)
    learning_rate = Checked(_between("learning_rate", 1e-6, 10), 0.01).tag(sync=True)
    batch = Checked(whole("batch", 1, _MOST), 10).tag(sync=True)
    regularization = Checked(one_of("regularization", _PENALTIES), "none").tag(sync=True)
    rate = Checked(_between("rate", 0, 1), 0.001).tag(sync=True)
    seed = Checked(whole("seed", 0, 2**32 - 1), 0).tag(sync=True)
    # how far it is; not echoed, since the browser has gone on meanwhile
    speed = Checked(whole("speed", 1, 1000), 10).tag(sync=True)
    playing = Checked(yes_or_no("playing"), False).tag(sync=True)
    epoch = Checked(whole("epoch", 0, 10**9), 0).tag(sync=True, echo_update=False)
    weights = Checked(_weights, []).tag(sync=True, echo_update=False)
    # [epoch, loss of the training points, loss of the test points] each
    history: List = List().tag(sync=True, echo_update=False)
    # which answers are seen
    show = Checked(one_of("show", ("network", "model")), "network").tag(sync=True)
    _plane = Dict(STANDARD).tag(sync=True)
    _model = Dict().tag(sync=True)
    _key = Unicode().tag(sync=True)  # by which the views of one widget find the training that they share

    def __init__(self, x: Any = None, y: Any = None, model: Any = None, **settings: Any) -> None:
        """See the class."""
        self._refuse_unknown(settings)
        self._brings_weights = True  # nothing starts over while the widget is made
        self._keras_model = model
        of_points = {} if x is None and y is None else {"points": points_from(x, y, _MOST), "data": YOURS}
        of_model = {} if model is None else _settings_of(model)
        super().__init__(**(of_points | of_model | {"_key": uuid4().hex} | settings))
        if self.points:
            self.data = settings.get("data", YOURS)
            self._lay_out_plane()
        if not self.weights:
            self.weights = self._first_weights()
        self._show_surface()
        self._remember_start()
        self._brings_weights = False

    def restart(self) -> None:
        """Begins the training anew, with the weights that belong to the seed.

        Example:
            >>> widget.restart()
        """
        with self.hold_sync():
            self.weights, self.epoch, self.history = self._first_weights(), 0, []

    def reset(self) -> None:
        """Goes back to how the widget began."""
        self._brings_weights = True
        try:
            super().reset()
        finally:
            self._brings_weights = False

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Takes what the browser says; what changes together with the weights starts nothing over."""
        self._brings_weights = "weights" in sync_data or "points" in sync_data
        try:
            super().set_state(sync_data)
        finally:
            self._brings_weights = False

    def split(self) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
        """The points that the network sees now.

        Returns:
            (x, y) for training and (x, y) for the test; x is n × 2, y holds 0 and 1.

        Example:
            >>> (x, y), (x_test, y_test) = widget.split()
        """
        if self.data == YOURS:
            rows = np.array(self.points, float).reshape(-1, 3)
            x, y = rows[:, :2], rows[:, 2].astype(int)
        else:
            points = plane(self.data, COUNT, self.noise)
            x, y = points.x.astype(float), points.y
        trained = training_part(len(x), self.share)
        return (x[trained], y[trained]), (x[~trained], y[~trained])

    def inputs(self, points: Any) -> np.ndarray:
        """What the network is told of points: a row each, a column for each of `features`.

        Example:
            >>> model.fit(widget.inputs(x), y)
        """
        return features_of(np.asarray(points, float), self.features, self._frame())

    def to_keras(self) -> Any:
        """The network as it is now, compiled.

        Returns:
            A Sequential on `inputs(points)`; with the features x1 and x2 that are the points themselves.

        Example:
            >>> model = widget.to_keras()
            >>> (x, y), (x_test, y_test) = widget.split()
            >>> model.evaluate(widget.inputs(x_test), y_test)
        """
        import keras

        kinds = {"l1": keras.regularizers.L1, "l2": keras.regularizers.L2}
        regularizers = {name: kind(self.rate) for name, kind in kinds.items()}
        costs = {"kernel_regularizer": regularizers.get(self.regularization)}
        model = keras.Sequential(
            [
                keras.Input((len(self.features),)),
                *(keras.layers.Dense(units, activation=self.activation, **costs) for units in self.layers),
                keras.layers.Dense(1, activation="sigmoid", **costs),
            ]
        )
        model.set_weights([np.array(array) for array in self.weights])
        rules = {
            "adam": lambda: keras.optimizers.Adam(self.learning_rate),
            "sgd": lambda: keras.optimizers.SGD(self.learning_rate),
            "momentum": lambda: keras.optimizers.SGD(self.learning_rate, momentum=0.9),
        }
        model.compile(rules[self.optimizer](), "binary_crossentropy", metrics=["accuracy"])
        return model

    def show_model(self, model: Any) -> None:
        """Shows another model, or the same one after more training.

        Example:
            >>> widget.show_model(model)
        """
        settings = {"_model": {}, "show": "network", **_settings_of(model)}
        self._keras_model = model
        self._brings_weights = True
        try:
            with self.hold_sync(), self.hold_trait_notifications():
                for name, value in settings.items():
                    setattr(self, name, value)
                if "weights" in settings:
                    self.features, self.epoch, self.history = ["x1", "x2"], 0, []
                self._show_surface()
        finally:
            self._brings_weights = False
        self._remember_start()

    def _first_weights(self) -> list[Any]:
        return first_weights(len(self.features), self.layers, self.seed)

    def _frame(self) -> dict[str, Any]:
        """The part of the plane that is seen."""
        return self._plane if self.data == YOURS else STANDARD

    def _lay_out_plane(self) -> None:
        if self.points:
            self._plane = frame_of(np.array(self.points)[:, :2], scaled=self._keras_model is None)

    def _show_surface(self) -> None:
        """Computes what a model too large for the network says to each place."""
        if not self._model:
            return
        places = {"standard": STANDARD, "plane": self._plane}
        surfaces = {name: _surface(self._keras_model, frame).tobytes() for name, frame in places.items()}
        self._model = self._model | {"size": _SURFACE, **surfaces}

    @validate("weights")
    def _that_fit(self, proposal: dict[str, Any]) -> list[Any]:
        shapes = [np.shape(array) for array in proposal["value"]]
        fitting = shapes_of(len(self.features), self.layers)
        if shapes and shapes != fitting:
            raise CourseError(
                f"`weights` have the shapes {shapes}, but {len(self.features)} features and the layers {self.layers} "
                f"need {fitting}."
            )
        return proposal["value"]

    @validate("show")
    def _that_is_there(self, proposal: dict[str, Any]) -> str:
        if proposal["value"] == "model" and not self._model:
            raise CourseError(
                "`show` cannot be 'model', for there is none to show: pass one, as in Playground(model=model)."
            )
        return proposal["value"]

    @observe("layers", "features", "seed", "data")
    def _started_over(self, change: dict[str, Any]) -> None:
        if not self._brings_weights and change["new"] != YOURS:
            self.restart()

    @observe("points")
    def _own_points(self, _: Any) -> None:
        if self._brings_weights or not self.points:
            return
        places, frame = np.array(self.points)[:, :2], self._plane
        low, high = np.transpose([frame["x"], frame["y"]])
        with self.hold_sync():
            if (places < low).any() or (places > high).any():
                self._lay_out_plane()
                self._show_surface()
            self.data = YOURS

    def _grid(self, size: int) -> np.ndarray:
        """Places over the frame, size² × 2, row by row from the top left."""
        frame = self._frame()
        share = (np.arange(size) + 0.5) / size
        across = frame["x"][0] + share * (frame["x"][1] - frame["x"][0])
        down = frame["y"][1] - share * (frame["y"][1] - frame["y"][0])
        return np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)

    def _answers(self, points: np.ndarray) -> np.ndarray:
        """How probable class 1 is at points, by what is shown."""
        if self.show == "model":
            return _answers(self._keras_model, points)
        return outputs_of(self.weights, self.activation, self.inputs(points))[-1][:, 0]

    def _look(self) -> _Look:
        (x, y), (x_test, y_test) = self.split()
        answers = self._answers(np.concatenate([x, x_test, self._grid(_SURFACE)]))
        of_x, of_test, of_grid = np.split(answers, [len(x), len(x) + len(x_test)])
        return _Look(((x, y, of_x), (x_test, y_test, of_test)), of_grid.reshape(_SURFACE, _SURFACE))

    def _in_words(self, look: _Look) -> str:
        (x, *_), (x_test, *_) = look.parts
        name = "your own points" if self.data == YOURS else self.data
        text = f"Playground: {name}, {len(x)} points for training and {len(x_test)} for the test. "
        if self.show == "model":
            text += f"Your model {self._model['name']}: "
        else:
            widths = " and ".join(map(str, self.layers))
            hidden = f"hidden layers of {widths} neurons ({self.activation})" if widths else "no hidden layer"
            text += f"A network with {hidden}. "
            times = "epoch" if self.epoch == 1 else "epochs"
            text += f"After {self.epoch} {times}: " if self.epoch else "Before any training: "
        wrong = [
            f"{round(100 * float(np.mean((answers > 0.5) != classes)))} % of the {part} points"
            for part, (_, classes, answers) in zip(("training", "test"), look.parts, strict=True)
            if len(classes)
        ]
        return text + (f"{' and '.join(wrong)} are on the wrong side." if wrong else "there are no points yet.")

    def _still(self, look: _Look) -> Sheet:
        """The network beside what it says to the plane."""
        side, wide = 320, 420 if self.show == "network" else 0
        sheet = Sheet(wide + side + 24, side + 62)
        if wide:
            sheet.text((12, 22), "network")
            sheet.pixels((12 + _NAMES, 34), self._drawn_network(wide - 24 - _NAMES, side), 1 / DENSITY)
            for number, name in enumerate(self.features):
                sheet.note((12, 38 + side * (number + 0.5) / len(self.features)), name)
        sheet.text((wide + 12, 22), "its answer" if wide else f"the answer of {self._model['name']}")
        sheet.pixels((wide + 12, 34), self._drawn_plane(look, side), 1 / DENSITY)
        sheet.note((12, side + 54), "Circles: blue; diamonds: orange. Filled: training; hollow: test.")
        return sheet

    def _drawn_plane(self, look: _Look, side: int) -> np.ndarray:
        pixels = side * DENSITY
        coarse = Image.fromarray((2 * look.plane - 1).astype("float32"))
        smooth = np.asarray(coarse.resize((pixels, pixels), Image.Resampling.BILINEAR))
        image = Image.fromarray(diverging(np.round(smooth * 12) / 12 * _PALE, 1))
        pen = ImageDraw.Draw(image)
        frame = self._frame()
        for (places, classes, _), filled in zip(look.parts, (True, False), strict=True):
            for place, label in zip(places, classes, strict=True):
                x = (place[0] - frame["x"][0]) / (frame["x"][1] - frame["x"][0]) * pixels
                y = (frame["y"][1] - place[1]) / (frame["y"][1] - frame["y"][0]) * pixels
                _symbol(pen, x, y, int(label), filled)
        return np.asarray(image)

    def _drawn_network(self, wide: int, side: int) -> np.ndarray:
        size, node = 20, min(34, side / max(len(self.features), *self.layers, 1) - 8)
        inputs = self.inputs(self._grid(size))
        columns = [inputs, *outputs_of(self.weights, self.activation, inputs)]
        columns[-1] = 2 * columns[-1] - 1
        width, height = wide * DENSITY, side * DENSITY
        image = Image.new("RGB", (width, height), "#ffffff")
        pen, half = ImageDraw.Draw(image), node * DENSITY / 2
        gap = (width - 2 * half) / (len(columns) - 1)

        def middle(column: int, unit: int) -> tuple[float, float]:
            return half + column * gap, height * (unit + 0.5) / columns[column].shape[1]

        for column, kernel in enumerate(np.asarray(array) for array in self.weights[::2]):
            for (before, unit), weight in np.ndenumerate(kernel):
                red, green, blue = (int(channel) for channel in diverging(np.array(weight), 1.5))
                ends = (*middle(column, before), *middle(column + 1, unit))
                pen.line(ends, (red, green, blue), max(1, round(min(6.0, 2 * abs(weight)) * DENSITY)))
        for column, values in enumerate(columns):
            for unit in range(values.shape[1]):
                reach = max(float(np.abs(values[:, unit]).max()), 1e-3)
                unit_image = Image.fromarray(diverging(values[:, unit].reshape(size, size), reach))
                x, y = middle(column, unit)
                image.paste(unit_image.resize((int(2 * half), int(2 * half))), (round(x - half), round(y - half)))
        return np.asarray(image)


def _symbol(pen: ImageDraw.ImageDraw, x: float, y: float, label: int, filled: bool) -> None:
    """A circle for class 0, a diamond for class 1; hollow for a test point."""
    size = 3.6 * DENSITY
    red, green, blue = (int(channel) for channel in diverging(np.array(1.0 if label else -1.0), 1))
    colour, paper = f"#{red:02x}{green:02x}{blue:02x}", "#ffffff"
    discs = [(size + DENSITY, paper), (size, colour), (size - 1.4 * DENSITY, paper)]
    for reach, paint in discs[: 2 if filled else 3]:
        if label:
            tall = 1.25 * reach
            pen.polygon([(x - tall, y), (x, y - tall), (x + tall, y), (x, y + tall)], paint)
        else:
            pen.ellipse((x - reach, y - reach, x + reach, y + reach), paint)


def _settings_of(model: Any) -> dict[str, Any]:
    """A learner's model as the network itself, or as one whose answers are shown."""
    import keras

    if not isinstance(model, keras.Model):
        raise CourseError(f"`model` must be a Keras model, but it is of type {type(model).__name__}.")
    if not model.built:
        raise CourseError(
            f"The model {model.name!r} is not built: give it a keras.Input((2,)), or call it on data first."
        )
    shapes = [tuple(tensor.shape[1:]) for tensor in model.inputs]
    if shapes != [(2,)]:
        raise CourseError(f"The model {model.name!r} takes {shapes}, but a point of the plane is (2,).")
    settings_or_why = read_model(model)
    if not isinstance(settings_or_why, str):
        return settings_or_why
    _answers(model, np.zeros((1, 2)))  # a complaint comes before anything changes
    return {"_model": {"name": model.name, "parameters": model.count_params(), "why": settings_or_why}, "show": "model"}


def _surface(model: Any, frame: dict[str, Any]) -> np.ndarray:
    """What a model says over a frame: how probable class 1 is, float32, row by row from the top."""
    from dlcourse.lens import decision_surface

    def middles(low: float, high: float) -> tuple[float, float]:
        margin = (high - low) / (2 * _SURFACE)
        return low + margin, high - margin

    surface = decision_surface(model, bounds=(middles(*frame["x"]), middles(*frame["y"])), resolution=_SURFACE)
    return _as_share(model, surface.outputs.reshape(_SURFACE**2, -1)).reshape(_SURFACE, _SURFACE)[::-1].astype("<f4")


def _answers(model: Any, points: np.ndarray) -> np.ndarray:
    from dlcourse.lens.layer_outputs import outputs

    return _as_share(model, outputs(model, points.astype("float32"), "output", 4096))


def _as_share(model: Any, outputs: np.ndarray) -> np.ndarray:
    """A model's outputs as the probability of class 1."""
    if outputs.ndim != 2 or outputs.shape[1] > 2:
        raise CourseError(
            f"The model {model.name!r} puts out {outputs.shape[1:]} for a point, but the playground has two classes: "
            "one unit, or two."
        )
    ends = getattr(getattr(model.layers[-1], "activation", None), "__name__", "")
    if outputs.shape[1] == 2:
        difference = outputs[:, 1] - outputs[:, 0]
        return (1 + difference) / 2 if ends == "softmax" else logistic(difference)
    only = outputs[:, 0]
    if ends == "tanh":
        return (1 + only) / 2
    return only if ends == "sigmoid" else logistic(only)
