"""`FeatureMaps`: every layer's maps of a picture, and how each of them is made."""

from pathlib import Path
from typing import Any

import numpy as np
from traitlets import Dict, observe, validate

from dlcourse.data.photos import NAMES as PHOTOGRAPHS
from dlcourse.errors import CourseError, unknown
from dlcourse.widgets.feature_maps import handmade
from dlcourse.widgets.shared.browser_network import SCALED, describe
from dlcourse.widgets.shared.model_input import PixelScale, pixel_scale
from dlcourse.widgets.shared.palette import diverging, grey, sequential
from dlcourse.widgets.shared.picture_form import fitted, picture_form, size_of
from dlcourse.widgets.shared.picture_input import LONGEST, Picture, from_browser, picture, to_browser
from dlcourse.widgets.shared.still import Sheet, shown
from dlcourse.widgets.shared.traits import Checked, is_number, whole
from dlcourse.widgets.shared.widget import Widget, browser_files

_DEPTHWISE = ": depthwise"  # behind the name of a SeparableConv2D: what stands between its two convolutions
_TRAVELLING = 1_500_000  # numbers of a layer's maps, where Python computes them
# of the still picture: how many maps, their width and height together, the largest map, a unit
_TILES, _ACROSS, _TALLEST, _WIDEST, _CELL = 32, 640, 270, 200, 44


def _position(value: Any) -> tuple[int, int]:
    """A row and a column of a map."""
    if isinstance(value, str) or np.shape(value) != (2,) or not all(is_number(n) and n == int(n) >= 0 for n in value):
        raise CourseError(f"`position` must be a row and a column of the map, as in (4, 6), but it is {value!r}.")
    row, column = value
    return int(row), int(column)


def _layer(value: Any) -> str | int:
    """A layer's name or number; a layer of Keras has its name."""
    value = getattr(value, "name", value)
    if isinstance(value, str):
        return value
    if is_number(value) and value == int(value):
        return int(value)
    raise CourseError(f"`layer` must be a layer's name, its number or the layer itself, but it is {value!r}.")


class FeatureMaps(Widget):
    """Every layer's maps of a picture; a click on one shows how it is made.

    The network runs in the browser, also on a picture from a file, the camera or the brush. One that the browser
    cannot run is computed in Python instead, a layer at a time.

    Args:
        model: A built Keras model with one input for pictures: rows × columns, with 1 or 3 channels or without, or a
            square number of pixels in a row. None for a small network whose kernels are set by hand: edges, and
            corners made of them.
        image: The picture: a photograph's name, or an array (see `dlcourse.widgets.picture`), such as x_test[0]. It is
            cut to the proportions of the input and scaled. A trait, as all that follow.
        layer: The layer whose maps are shown, by its name, its number or itself. Default: the first convolution.
        map: Which of its maps is looked into, counted from 0.
        position: The place in that map, a row and a column. Default: where it is strongest.
        scale: What pixels the model was trained on: "0 to 1", "0 to 255", "-1 to 1", a number that bytes were
            multiplied with, a pair (mean, std) of the bytes, or a function of a batch of bytes. Only a model with a
            Rescaling or a Normalization at its front needs none.

    Raises:
        CourseError: If an argument cannot be used, with the mend.

    Example:
        >>> widget = FeatureMaps(model, x_test[0], layer="conv2", scale="0 to 1")
        >>> widget.output().shape
        (11, 11, 32)
    """

    _esm, _css = browser_files(Path(__file__).parent, {"longest": LONGEST, "photographs": PHOTOGRAPHS})
    _settings = tuple("image layer map position".split())

    # what goes through
    image = Checked(picture, None, allow_none=True).tag(
        sync=True, echo_update=False, to_json=to_browser, from_json=from_browser
    )
    # what is looked at
    layer = Checked(_layer, "").tag(sync=True)
    map = Checked(whole("map", 0, 10**9), 0).tag(sync=True)
    position = Checked(_position, (0, 0)).tag(sync=True)
    # the network: its name and layers, and all of it where the browser can run it
    _model = Dict().tag(sync=True)
    # the chosen layer's maps, where it cannot
    _maps = Dict().tag(sync=True)

    def __init__(self, model: Any = None, image: Any = None, scale: Any = None, **settings: Any) -> None:
        """See the class."""
        self._refuse_unknown(settings, "model", "scale")
        self._keras: Any = None
        self._scale, self._given_scale = PixelScale(), None
        self._sent_for: tuple[str, Picture] | None = None  # the layer and the picture of `_maps`
        first = "coins" if model is None else "cat"
        super().__init__(image=first if image is None else image)
        self._show(model, scale)
        self.layer = settings.pop("layer", "parts" if model is None else _first_layer(self._model["layers"]))
        for name, value in settings.items():
            setattr(self, name, value)
        if "position" not in settings or self._model["network"] is None:
            output = self.output()
            self._send_maps(output)
            if "position" not in settings:
                self.position = _strongest(_as_maps(output), self.map)
        self._remember_start()

    def show_model(self, model: Any = None, scale: Any = None) -> None:
        """Shows another model's maps, or the same model's after more training; its scale need not be said again.

        Example:
            >>> widget.show_model(model)
        """
        with self.hold_sync():
            self._show(model, scale)
            self._sent_for = None
            if self.layer not in [layer["name"] for layer in self._model["layers"]]:
                self.layer = _first_layer(self._model["layers"])
            self._send_what_is_asked()
        self._remember_start()

    @property
    def input(self) -> np.ndarray:
        """The picture as the model gets it: a batch of one, float32."""
        return self._scale(self._pixels())

    def _pixels(self) -> np.ndarray:
        """The picture in the form of the model's input: a batch of one, from 0 to 1."""
        values = fitted(self.image, tuple(self._model["size"]))
        return values.reshape(1, *self._model["form"])

    def output(self) -> np.ndarray:
        """What the chosen layer makes of the picture, computed in Python.

        Returns:
            Rows × columns × channels, or what else the layer puts out, float32.

        Example:
            >>> FeatureMaps(layer="edges").output().shape
            (118, 178, 8)
        """
        if self._shows_the_picture():
            return (self._pixels()[0] * self._scale.white).astype("float32")
        if self.layer == SCALED:
            return self.input[0]
        if self._keras is None:
            return handmade.outputs(self.input[0])[self.layer]
        from dlcourse.lens.layer_outputs import activations, depthwise_outputs

        if self.layer.endswith(_DEPTHWISE):
            return depthwise_outputs(self._keras, self.input, self.layer.removesuffix(_DEPTHWISE), checked=False)[0]
        return activations(self._keras, self.input, [self.layer], checked=False)[self.layer][0]

    def _shows_the_picture(self) -> bool:
        return self.layer == self._model["layers"][0]["name"]

    def _show(self, model: Any, scale: Any) -> None:
        if model is self._keras and scale is None:
            scale = self._given_scale
        if model is None:
            pixels, network = PixelScale(), handmade.description()
            description: dict[str, Any] = {"name": "", "network": network, "why": "", "code": handmade.CODE}
            description |= {"form": list(handmade.SHAPE), "size": list(handmade.SHAPE), "names": _named(handmade.NAMES)}
            description["layers"] = _layers(network["nodes"])
        else:
            description, pixels = _described(model, scale, self.image.pixels.shape[:2])
        self._keras, self._scale, self._given_scale = model, pixels, scale
        self._model = description | {"white": pixels.white}

    @validate("layer")
    def _known_layer(self, proposal: dict[str, Any]) -> str:
        names = [layer["name"] for layer in self._model["layers"]]
        value = proposal["value"]
        if isinstance(value, int):
            if not -len(names) <= value < len(names):
                raise CourseError(
                    f"`layer` is {value}, but there are {len(names)}, counted from 0, which is the input."
                )
            return names[value]
        if value not in names:
            raise unknown("layer", value, names)
        return value

    @observe("layer", "image")
    def _changed(self, _: Any) -> None:
        if self._start:
            self._send_what_is_asked()

    def _send_what_is_asked(self) -> None:
        """Computes the maps in the browser's place, where it cannot; once, also where layer and picture change."""
        if self._model["network"] is not None:
            self._maps = {}
        elif self._sent_for != (self.layer, self.image):
            self._send_maps(self.output())

    def _send_maps(self, output: np.ndarray) -> None:
        if self._model["network"] is not None:
            return
        self._sent_for = (self.layer, self.image)
        maps = output[..., : max(1, _TRAVELLING // max(1, output[..., 0].size))]
        self._maps = {
            "layer": self.layer,
            "shape": list(maps.shape),
            "of": output.shape[-1],
            "values": np.ascontiguousarray(maps, "float32").tobytes(),
        }

    def _look(self) -> np.ndarray:
        """The chosen layer's maps: rows × columns × channels."""
        return _as_maps(self.output())

    def _in_words(self, maps: np.ndarray) -> str:
        number = min(self.map, maps.shape[2] - 1)
        row, column = (min(at, length - 1) for at, length in zip(self.position, maps.shape[:2], strict=True))
        of = self._model["name"] or "a network set by hand"
        text = f"FeatureMaps: {self.image.name} in {of}, layer {self.layer}, "
        if maps.shape[:2] == (1, 1):
            return text + f"{maps.shape[2]} units; unit {number} is {shown(maps[0, 0, number])}."
        text += f"{maps.shape[2]} maps of {maps.shape[0]} × {maps.shape[1]}; "
        return text + f"map {number} is {shown(maps[row, column, number])} at row {row}, column {column}."

    def _still(self, maps: np.ndarray) -> Sheet:
        """The picture, and the layer's first maps."""
        rows, columns, count = maps.shape
        tiles = min(count, _TILES)
        units = rows * columns == 1
        for across in range(1, tiles + 1):
            wide = min(_CELL if units else _WIDEST, (_ACROSS - 8 * (across - 1)) / across)
            tall = wide * rows / columns
            below = -(-tiles // across)
            if below * (tall + 20) <= _TALLEST and (not units or across >= 8):
                break
        picture_, zoom = self.image.pixels, 180 / max(self.image.pixels.shape)
        body = max(picture_.shape[0] * zoom, below * (tall + 20))
        sheet = Sheet(240 + _ACROSS, round(body + 70))
        sheet.text((12, 22), f"{self.image.name}")
        sheet.pixels((12, 34), np.broadcast_to(picture_, (*picture_.shape[:2], 3)).copy(), zoom)
        sheet.text((220, 22), f"layer {self.layer}")
        names = self._model["names"].get(self.layer, [str(number) for number in range(count)])
        for number in range(tiles):
            x = 220 + (number % across) * (wide + 8)
            y = 34 + (number // across) * (tall + 20)
            values = maps[:, :, number]
            reach = float(np.abs(maps if units else values).max()) or 1.0
            below_zero = float((maps if units else values).min()) < 0
            colours = diverging(values, reach) if below_zero else sequential(values, 0, reach)
            if self._shows_the_picture():
                colours = grey(values / self._model["white"])
            sheet.pixels((x, y), colours, wide / columns)
            sheet.note((x, y + tall + 13), shown(float(values[0, 0])) if units else names[number])
            if number == self.map and not units:
                sheet.window((x, y), (wide, tall))
        sheet.note((220, body + 58), self._legend(maps, tiles))
        return sheet

    def _legend(self, maps: np.ndarray, tiles: int) -> str:
        """What the colours mean."""
        count, units = maps.shape[2], maps.shape[:2] == (1, 1)
        first = f"the first {tiles} of {count}" if tiles < count else f"all {count}"
        if self._shows_the_picture():
            what = "the picture" if count == 1 else first + (" units" if units else " channels")
            return f"{what}; black is 0, white {shown(self._model['white'])}"
        first += " units, one scale for all" if units else " maps, each with its own scale"
        below_zero = np.atleast_1d(maps.min() if units else maps[:, :, :tiles].min(axis=(0, 1))) < 0
        if not below_zero.any():
            return f"{first}; dark is large"
        return f"{first}; blue is negative, orange positive" + ("" if below_zero.all() else ", green from 0 up")


def _first_layer(layers: list[dict[str, Any]]) -> str:
    """The first convolution, or else the first layer of all."""
    behind = [layer["name"] for layer in layers[1:] if layer["name"] != SCALED]
    convolutions = [layer["name"] for layer in layers if "Conv" in layer["layer"]]
    return [*convolutions, *behind, layers[0]["name"]][0]


def _as_maps(output: np.ndarray) -> np.ndarray:
    """A layer's output as rows × columns × channels."""
    if output.ndim == 3:
        return output
    return output[:, :, None] if output.ndim == 2 else output.reshape(1, 1, -1)


def _strongest(maps: np.ndarray, number: int) -> tuple[int, int]:
    """The place where a map is farthest from 0."""
    feature_map = maps[:, :, min(number, maps.shape[2] - 1)]
    row, column = np.unravel_index(np.abs(feature_map).argmax(), feature_map.shape)
    return int(row), int(column)


def _described(model: Any, scale: Any, picture_size: tuple[int, int]) -> tuple[dict[str, Any], PixelScale]:
    """A learner's model: its layers, how it takes a picture, and all of it if the browser can run it."""
    from dlcourse.lens.graph import graph_of

    form = picture_form(model, picture_size)
    description: dict[str, Any] = {"name": model.name, "code": "", "names": {}, "form": list(form), "why": ""}
    size = size_of(form)
    description["size"] = list(size)
    pixels = pixel_scale(model, scale, size[2], "FeatureMaps")
    try:
        network = describe(model, form, scale=pixels)
        description |= {"network": network, "layers": _layers(network["nodes"])}
    except CourseError as error:
        steps = graph_of(model, [(1, *form)]).steps
        layers = [{"name": "input", "layer": "InputLayer", "shape": list(form)}]
        if pixels.affine is not None or pixels.function is not None:
            layers.append({"name": SCALED, "layer": "Scale", "shape": list(form)})
        behind = [{"name": step.name, "layer": step.kind, "shape": list(step.outputs[0].shape[1:])} for step in steps]
        description |= {"network": None, "why": str(error), "layers": [*layers, *behind]}
    return description, pixels


def _layers(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: node[name] for name in ("name", "layer", "shape")} for node in nodes]


def _named(names: dict[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {layer: list(filters) for layer, filters in names.items()}
