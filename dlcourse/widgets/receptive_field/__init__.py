"""`ReceptiveField`: what part of the picture a unit deep inside a network can see, and what of it really counts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from traitlets import Dict, observe

from dlcourse.data.photos import NAMES as PHOTOGRAPHS
from dlcourse.errors import CourseError, unknown
from dlcourse.widgets.receptive_field.nodes import CONVOLUTION, POOLING, Node, model_nodes, stack_nodes, units_seen
from dlcourse.widgets.receptive_field.presets import PRESETS, table
from dlcourse.widgets.shared.model_input import PixelScale, pixel_scale
from dlcourse.widgets.shared.palette import WINDOW, rgb
from dlcourse.widgets.shared.picture_input import LONGEST, from_browser, picture, to_browser
from dlcourse.widgets.shared.still import DENSITY, Sheet, shown
from dlcourse.widgets.shared.traits import Checked, is_number, one_of, whole, yes_or_no
from dlcourse.widgets.shared.widget import Widget, browser_files

_KINDS = (CONVOLUTION, POOLING)
_KERNELS, _STRIDES, _DILATIONS, _ZEROS = (1, 16), (1, 8), (1, 16), (1, 8)
_SIZES = (4, 512)  # of the input, in pixels
_SHOWN_SIZES = (28, 32, 48, 64, 96, 128, 160, 224, 227, 256)
_MOST_LAYERS = 200
_MODEL = "your model"
_FIRST = "small"
_PICTURE, _STRIPS, _MARGIN = 300, 190, 20  # of the still picture: the photograph, the strips, the room beside them
_TABLE = (0, 30, 215, 290, 340, 390)  # where the columns of its table begin
_LINES = 20
_SHARE = 0.9  # of a unit's influence; what holds it is called its effective field
_LAYER_EXAMPLE = '{"kind": "convolution", "kernel": 3, "stride": 1, "padding": "same", "dilation": 1}'


def _layer(value: Any) -> dict[str, Any]:
    """A layer of a stack as it travels, with what the learner left out."""
    if not isinstance(value, dict):
        raise CourseError(f"A layer of `layers` must be a dictionary such as {_LAYER_EXAMPLE}, but it is {value!r}.")
    settings = ("kind", "kernel", "stride", "padding", "dilation")
    for name in value:
        if name not in settings:
            raise unknown("setting of a layer", name, settings)
    kind = one_of("kind", _KINDS)(value.get("kind", CONVOLUTION))
    kernel = whole("kernel", *_KERNELS)(value.get("kernel", 3 if kind == CONVOLUTION else 2))
    stride = whole("stride", *_STRIDES)(value.get("stride", 1 if kind == CONVOLUTION else min(kernel, _STRIDES[1])))
    dilation = whole("dilation", *_DILATIONS)(value.get("dilation", 1))
    padding = value.get("padding", "valid")
    if padding not in ("valid", "same"):
        if isinstance(padding, str):
            raise unknown("padding", padding, ("valid", "same"))
        padding = whole("padding", *_ZEROS)(padding)
    if kind == POOLING and dilation > 1:
        raise CourseError(f"`dilation` is {dilation}, but Keras' pooling takes none: make it 1.")
    if stride > 1 and dilation > 1:
        raise CourseError(
            f"`stride` is {stride} and `dilation` is {dilation}, but Keras takes a stride or a dilation, not both: "
            "make one of them 1."
        )
    return {"kind": kind, "kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation}


def _layers(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise CourseError(f"`layers` must be a list of dictionaries such as {_LAYER_EXAMPLE}, but it is {value!r}.")
    if len(value) > _MOST_LAYERS:
        raise CourseError(f"`layers` holds {len(value)} layers, but {_MOST_LAYERS} are the most that can be drawn.")
    return [_layer(layer) for layer in value]


def _input_size(value: Any) -> list[int]:
    pair = [value, value] if is_number(value) else value
    if isinstance(pair, str) or np.shape(pair) != (2,):
        raise CourseError(f"`input_size` must be a number of pixels or rows and columns, but it is {value!r}.")
    return [whole("input_size", *_SIZES)(size) for size in pair]


def _unit(value: Any) -> list[int]:
    if isinstance(value, str) or np.shape(value) != (3,) or not all(is_number(n) and n == int(n) >= 0 for n in value):
        raise CourseError(
            f"`unit` must be a layer, a row and a column, counted from 0, as in (2, 10, 10), but it is {value!r}."
        )
    return [int(number) for number in value]


_Span = tuple[int, int] | None  # the first and the last that is seen; None for nothing


@dataclass(frozen=True, eq=False)
class _Look:
    """The network and what the chosen unit sees of each layer of it.

    Attributes:
        nodes: The layers, the input first.
        trouble: A sentence about the first layer of a stack that does not fit, or "".
        target: The unit's layer.
        unit: Its row and column there.
        lit: For every layer the rows and the columns of its units that the unit sees.
    """

    nodes: list[Node]
    trouble: str
    target: int
    unit: tuple[int, int]
    lit: list[tuple[list[int], list[int]]]

    @property
    def field(self) -> tuple[_Span, _Span]:
        """The first and the last row, and the first and the last column, of the input that are seen."""
        rows, columns = ((units[0], units[-1]) if units else None for units in self.lit[0])
        return rows, columns


class ReceptiveField(Widget):
    """What a unit of a network sees: the beam from one unit through all the layers below it down to the picture.

    A stack of convolutions and pooling can be edited; the learner's own Keras model, with branches and nested models,
    can be looked through. All answers in the browser but the effective field of a model, which needs its gradient.
    All arguments but the model and its scale are traits, to be read and set from the next cell, too.

    Args:
        model: A built Keras model with one input, for pictures or sequences. Default: a stack that can be edited.
        image: The picture below: a photograph's name, or an array (see `dlcourse.widgets.picture`). Default: "cat".
            It is cut and scaled to the input's size.
        layers: The stack from the input on: a list of dictionaries such as {"kind": "convolution", "kernel": 3,
            "stride": 1, "padding": "same", "dilation": 1}, or {"kind": "pooling", "kernel": 2}. A padding can also be
            a number of zeros on each side.
        input_size: The stack's input in pixels: a number, or rows and columns. For a model, what to assume where it
            leaves its size open.
        preset: A stack with a name: "small", "LeNet", "AlexNet", "VGG16" or "ResNet50" (the longest way through it);
            "your model" for the model; "" for any other stack.
        unit: The unit that is looked from: its layer, its row and its column, counted from 0. Of a model, the layers
            are those in the widget's table. Default: the middle of the last layer.
        effective: Whether to show how much each pixel counts: for a stack with all weights equal, for a model by the
            gradient of the unit by the picture.
        scale: For that gradient, what pixels the model was trained on: "0 to 1", "0 to 255", "-1 to 1", a number that
            bytes were multiplied with, a pair (mean, std) of the bytes, or a function of a batch of bytes. A model with
            a Rescaling or a Normalization at its front needs none.

    Raises:
        CourseError: If an argument cannot be used, with the mend.

    Example:
        >>> widget = ReceptiveField(preset="VGG16")
        >>> widget.field()
        ((6, 217), (6, 217))
    """

    _esm, _css = browser_files(
        Path(__file__).parent,
        {
            "presets": table(),
            "model": _MODEL,
            "kinds": _KINDS,
            "kernels": _KERNELS,
            "strides": _STRIDES,
            "dilations": _DILATIONS,
            "sizes": _SHOWN_SIZES,
            "mostLayers": _MOST_LAYERS,
            "longest": LONGEST,
            "photographs": PHOTOGRAPHS,
            "share": _SHARE,
        },
    )
    _settings = tuple("image layers input_size preset unit effective".split())

    # the picture
    image = Checked(picture, None, allow_none=True).tag(
        sync=True, echo_update=False, to_json=to_browser, from_json=from_browser
    )
    # the network
    layers = Checked(_layers, []).tag(sync=True)
    input_size = Checked(_input_size, 96).tag(sync=True)
    preset = Checked(one_of("preset", ("", *PRESETS, _MODEL)), "").tag(sync=True)
    _model = Dict().tag(sync=True)
    # what is looked at
    unit = Checked(_unit, [0, 0, 0]).tag(sync=True)
    effective = Checked(yes_or_no("effective"), False).tag(sync=True)
    # a model's gradient, or the sentence why there is none
    _slopes = Dict().tag(sync=True)

    def __init__(self, model: Any = None, image: Any = None, scale: Any = None, **settings: Any) -> None:
        """See the class; the arguments are checked, and the unit in the middle of the last layer is chosen."""
        self._refuse_unknown(settings, "model", "scale")
        self._keras_model: Any = None
        self._keras_nodes: list[Node] = []
        self._given_scale: Any = None
        self._as_sent = True  # preset and layers are brought together below
        traits = dict(settings)
        if model is not None:
            assumed = _input_size(traits.get("input_size", 96))
            traits |= {"preset": traits.get("preset", _MODEL), "_model": self._take(model, assumed, scale)}
        elif "layers" not in traits and not traits.get("preset"):
            traits["preset"] = _FIRST
        size, layers = PRESETS[traits["preset"] if traits.get("preset") in PRESETS else _FIRST]
        defaults = {"image": "cat" if image is None else image, "layers": layers, "input_size": size}
        super().__init__(**(defaults | traits))
        if self.preset == _MODEL and model is None:
            raise CourseError("There is no model to show: give one, as in ReceptiveField(model).")
        if self.preset != _MODEL:
            self.preset = self._named()
        self._as_sent = False
        if "unit" not in settings:
            self.unit = _middle(self._nodes()[0])
        self._remember_start()
        self._look_closer(None)

    def field(self) -> tuple[_Span, _Span]:
        """The first and the last row, and the first and the last column, that the unit sees of the picture.

        Returns:
            Two pairs, of pixels that exist: without padding; None where the unit sees nothing but padding.

        Example:
            >>> ReceptiveField(preset="LeNet", unit=(0, 3, 4)).field()
            ((3, 7), (4, 8))
        """
        return self._look().field

    def show_model(self, model: Any, scale: Any = None) -> None:
        """Shows another model, or the same one after more training, whose scale need not be said again.

        Example:
            >>> widget.show_model(model)
        """
        if model is self._keras_model and scale is None:
            scale = self._given_scale
        description = self._take(model, self.input_size, scale)
        with self.hold_sync(), self.hold_trait_notifications():
            self._model = description
            self.preset = _MODEL
            self.unit = _middle(self._keras_nodes)
        self._remember_start()
        self._look_closer(None)

    def reset(self) -> None:
        """Goes back to how the widget began.

        Example:
            >>> widget.reset()
        """
        with self._together():
            super().reset()

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """What ipywidgets calls with what the browser sends."""
        with self._together():
            super().set_state(sync_data)

    @contextmanager
    def _together(self) -> Iterator[None]:
        """While preset and layers come together and fit each other, neither follows the other."""
        self._as_sent = True
        try:
            yield
        finally:
            self._as_sent = False

    def _take(self, model: Any, size: Sequence[int], scale: Any) -> dict[str, Any]:
        """Keeps a model, and what travels of it to the browser."""
        nodes = model_nodes(model, (size[0], size[1]))
        if scale is not None:
            _pixels_for(model, scale)  # a mistake is told at once
        self._keras_model, self._keras_nodes, self._given_scale = model, nodes, scale
        return {"name": model.name, "nodes": [node.to_browser() for node in nodes]}

    @observe("preset")
    def _follow_preset(self, change: Any) -> None:
        if self._as_sent:
            return
        if change["new"] == _MODEL and not self._keras_nodes:
            self.preset = self._named()
            raise CourseError("There is no model to show: give one, as in widget.show_model(model).")
        if change["new"] in PRESETS and change["new"] != self._named():
            size, layers = PRESETS[change["new"]]
            with self._together(), self.hold_sync():
                self.layers, self.input_size = layers, size
        if change["new"]:
            self.unit = _middle(self._nodes()[0])

    @observe("layers", "input_size")
    def _follow_layers(self, _: Any) -> None:
        if not self._as_sent:
            with self._together():
                self.preset = self._named()

    @observe("effective", "unit", "image", "preset", "_model")
    def _look_closer(self, _: Any) -> None:
        """The gradient of a model's unit; the browser computes a stack's effective field itself."""
        if not self.effective or self.preset != _MODEL or not self._start:
            return
        target, unit = self._place(self._keras_nodes)
        try:
            slopes = self._gradient(target, unit)
        except CourseError as error:
            self._slopes = {"unit": [target - 1, *unit], "trouble": str(error)}
            return
        self._slopes = {"unit": [target - 1, *unit], "shape": list(slopes.shape), "values": slopes.tobytes()}

    def _gradient(self, target: int, unit: tuple[int, int]) -> np.ndarray:
        """How much each pixel of the picture moves the unit, float32."""
        from dlcourse.lens.checks import single_input
        from dlcourse.lens.effective import effective_receptive_field
        from dlcourse.lens.forward import channel_axis

        if target == 0:
            raise CourseError("The model has no layer to look from.")
        size = self._keras_nodes[0].size
        places = sum(line is not None for line in self._keras_nodes[target].lines)
        shape = single_input(self._keras_model).shape
        if len(shape) != 4 or places < 2:
            raise CourseError("The effective field is drawn for units with a place in a picture: take a layer before.")
        axis = channel_axis(shape)
        channels = shape[axis]
        pixels = _pixels_for(self._keras_model, self._given_scale)
        values = _fitted(self.image.pixels, size).astype("float32") / 255
        if values.shape[2] != channels:
            values = np.repeat(values.mean(axis=2, keepdims=True), channels, axis=2)
        values = pixels(values[None])
        x = values if axis == 3 else values.transpose(0, 3, 1, 2)
        name = self._keras_nodes[target].name
        return effective_receptive_field(self._keras_model, name, x, unit).astype("float32")

    def _named(self) -> str:
        """The preset that the stack is, or ""."""
        for name, (size, layers) in PRESETS.items():
            if self.layers == layers and self.input_size == [size, size]:
                return name
        return ""

    def _nodes(self) -> tuple[list[Node], str]:
        """The layers that are there, and a sentence about the first that does not fit."""
        if self.preset == _MODEL:
            return self._keras_nodes, ""
        return stack_nodes(self.layers, tuple(self.input_size))

    def _place(self, nodes: list[Node]) -> tuple[int, tuple[int, int]]:
        """The unit's node and its place there, which may have become too large for the network."""
        layer, row, column = self.unit
        target = min(layer + 1, len(nodes) - 1)
        height, width = nodes[target].size
        return target, (min(row, height - 1), min(column, width - 1))

    def _look(self) -> _Look:
        nodes, trouble = self._nodes()
        target, unit = self._place(nodes)
        return _Look(nodes, trouble, target, unit, units_seen(nodes, target, unit))

    def _in_words(self, look: _Look) -> str:
        nodes, target, (row, column) = look.nodes, look.target, look.unit
        network = f"the model {self._model['name']}" if self.preset == _MODEL else self.preset or "a stack of layers"
        text = f"ReceptiveField: {network} on {nodes[0].size[0]} × {nodes[0].size[1]} pixels of {self.image.name}. "
        if look.trouble:
            text += f"{look.trouble} "
        text += f"Layer {target} ({nodes[target].name}), row {row}, column {column}: "
        rows, columns = look.field
        if rows is None or columns is None:
            return f"{text}it sees nothing but padding."
        return (
            f"{text}it sees {rows[1] - rows[0] + 1} × {columns[1] - columns[0] + 1} pixels, rows {rows[0]} to "
            f"{rows[1]} and columns {columns[0]} to {columns[1]}."
        )

    def _still(self, look: _Look) -> Sheet:
        """The light through the layers onto the picture, and a table of the numbers."""
        nodes, target, lit = look.nodes, look.target, look.lit
        rows, columns = nodes[0].size
        zoom = _PICTURE / max(rows, columns)
        lines = _table(nodes, target)
        pitch = min(22.0, _STRIPS / len(nodes))
        top = 34
        below = top + pitch * len(nodes) + 14
        right = 2 * _MARGIN + columns * zoom + 30
        height = max(below + rows * zoom + 30, top + 18 * len(lines) + 10)
        sheet = Sheet(round(right + _TABLE[-1] + 50), round(height))
        sheet.text((_MARGIN, 20), f"a cut through {len(nodes) - 1} layers; in magenta what one unit sees")
        for number, (node, (_, marked)) in enumerate(zip(nodes, lit, strict=True)):
            strip = _strip(node, marked, columns, zoom)[None].repeat(max(1, round(pitch * 0.7 * DENSITY)), 0)
            sheet.pixels((0, below - 14 - (number + 1) * pitch), strip, 1 / DENSITY)
        self._draw_seen(sheet, (_MARGIN, below), zoom, look)
        sheet.note((_MARGIN, below + rows * zoom + 20), f"{self.image.name}, cut to {rows} × {columns} pixels")
        for number, line in enumerate(lines):
            ink = WINDOW if line[0] == str(target) else None
            for text, x in zip(line, _TABLE, strict=True):
                sheet.text((right + x, top + 18 * number + 10), text, ink=ink)
        return sheet

    def _draw_seen(self, sheet: Sheet, at: tuple[float, float], zoom: float, look: _Look) -> None:
        """The input, dark where the unit sees nothing."""
        size = look.nodes[0].size
        light = np.full((*size, 1), 0.4)
        light[np.ix_(*look.lit[0])] = 1
        sheet.pixels(at, np.rint(_fitted(self.image.pixels, size) * np.repeat(light, 3, 2)).astype(np.uint8), zoom)
        rows, columns = look.field
        if rows and columns:
            place = (at[0] + columns[0] * zoom, at[1] + rows[0] * zoom)
            sheet.window(place, ((columns[1] - columns[0] + 1) * zoom, (rows[1] - rows[0] + 1) * zoom))


def _pixels_for(model: Any, scale: Any) -> PixelScale:
    """How the model wants its pixels; a sequence's steps, which never are a picture, count as one channel."""
    from dlcourse.lens.checks import single_input
    from dlcourse.lens.forward import channel_axis

    shape = single_input(model).shape
    channels = shape[channel_axis([size or 0 for size in shape])] if len(shape) == 4 else 1
    return pixel_scale(model, scale, channels or 1, "ReceptiveField")


def _middle(nodes: list[Node]) -> list[int]:
    """The unit in the middle of the last layer that still has places."""
    numbers = [number for number, node in enumerate(nodes) if None not in node.lines]
    return [max(numbers[-1] - 1, 0), *(size // 2 for size in nodes[numbers[-1]].size)]


def _fitted(pixels: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The middle of a picture, cut to the input's proportions and scaled to its size."""
    height, width, channels = pixels.shape
    share = min(height / size[0], width / size[1])
    cut_size = (max(1, round(size[0] * share)), max(1, round(size[1] * share)))
    top, left = (height - cut_size[0]) // 2, (width - cut_size[1]) // 2
    cut = pixels[top : top + cut_size[0], left : left + cut_size[1]]
    scaled = Image.fromarray(cut if channels == 3 else cut[:, :, 0]).resize((size[1], size[0]), Image.Resampling.BOX)
    return np.asarray(scaled).reshape(size[0], size[1], channels)


def _strip(node: Node, lit: list[int], width: int, zoom: float) -> np.ndarray:
    """A layer's units along the columns, at their places over the picture: a line of the file's pixels."""
    colours = np.full((round((width * zoom + 2 * _MARGIN) * DENSITY), 3), 255, np.uint8)
    field, jump, start = node.numbers[1]
    if field is None or jump is None or start is None:
        field, jump, start = width, width, 0
    marked = set(lit)
    for unit in range(node.size[1]):
        centre = start + (field - 1) / 2 + jump * unit + 0.5
        first, last = (round((_MARGIN + (centre + side * jump / 2) * zoom) * DENSITY) for side in (-1, 1))
        colour = rgb(WINDOW) if unit in marked else rgb("#c9d3dc")
        colours[max(first, 0) : max(last - (last - first > 4), first + 1, 0)] = colour
    return colours


def _table(nodes: list[Node], target: int) -> list[tuple[str, ...]]:
    """Lines of text with the numbers, the deepest layer on top; those around the target where there are many."""
    first = min(max(0, target - _LINES // 2), max(0, len(nodes) - _LINES))
    lines: list[tuple[str, ...]] = [("", "layer", "units", "sees", "jump", "start")]
    for number in reversed(range(first, min(first + _LINES, len(nodes)))):
        node = nodes[number]
        field, jump, start = ([_brief(number) for number in pair] for pair in zip(*node.numbers, strict=True))
        field = ["all" if line is None else size for line, size in zip(node.lines, field, strict=True)]
        cells = (pair[0] if pair[0] == pair[1] else ", ".join(pair) for pair in (field, jump, start))
        lines.append((str(number), node.name[-24:], f"{node.size[0]} × {node.size[1]}", *cells))
    return lines


def _brief(value: float | None) -> str:
    """A whole number as it is, another in a few characters, none as a dash."""
    if value is None:
        return "–"
    return str(int(value)).replace("-", "−") if value == int(value) else shown(value)
