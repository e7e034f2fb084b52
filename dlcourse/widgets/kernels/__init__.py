"""`Kernels`: a window slides over a picture, and what it does there is written out."""

from pathlib import Path
from typing import Any

import numpy as np
from traitlets import Dict, observe, validate

from dlcourse.data.photos import NAMES as PHOTOGRAPHS
from dlcourse.errors import CourseError, unknown
from dlcourse.lens.convolution import convolve, padding_amounts
from dlcourse.lens.kernels import NAMES, named_kernel
from dlcourse.widgets.shared.palette import diverging, grey
from dlcourse.widgets.shared.picture_input import LONGEST, from_browser, picture, to_browser
from dlcourse.widgets.shared.still import Sheet, shown
from dlcourse.widgets.shared.traits import Checked, finite, is_number, one_of, whole, yes_or_no
from dlcourse.widgets.shared.widget import Widget, browser_files

SIZES = (1, 3, 5, 7, 9, 11)  # rows of a kernel
_CHANNELS = ("grey", "red", "green", "blue")
_STRIDES, _DILATIONS = (1, 8), (1, 8)
_MOST = 64  # of a layer's filters and of its input channels that travel to the browser
_FIRST = "edges vertical"
_LEGEND = 380  # what the still picture's legend takes on the page


def _kernel(value: Any) -> list[list[float]]:
    """A kernel as it travels: square, odd, finite."""
    if isinstance(value, str):
        if value == "random":
            return np.round(np.random.default_rng().normal(size=(3, 3)), 2).tolist()
        if value not in NAMES:
            raise unknown("kernel", value, (*NAMES, "random"))
        return named_kernel(value).tolist()
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise CourseError("`kernel` has rows of different length: give them all the same.") from error
    if array.ndim != 2 or array.shape[0] != array.shape[1] or len(array) not in SIZES:
        sizes = ", ".join(map(str, SIZES[:-1]))
        raise CourseError(
            f"`kernel` must be square, with {sizes} or {SIZES[-1]} rows, so that it has a centre, "
            f"but its shape is {array.shape}."
        )
    if not all(is_number(number) for number in array.ravel().tolist()):
        raise CourseError(f"`kernel` must hold finite numbers only, as in [[-1, 0, 1]] * 3, but it is {value!r}.")
    return array.astype(float).tolist()


def _position(value: Any) -> tuple[int, int]:
    """A row and a column of the output."""
    if isinstance(value, str) or np.shape(value) != (2,) or not all(is_number(n) and n == int(n) >= 0 for n in value):
        raise CourseError(f"`position` must be a row and a column of the output, as in (40, 60), but it is {value!r}.")
    row, column = value
    return int(row), int(column)


class Kernels(Widget):
    """A convolution by eye and by hand: a window slides over a picture, products and sum are written out.

    Everything answers in the browser, also while the kernel is busy. All arguments are traits, to be read and set from
    the next cell, too.

    Args:
        image: The picture: a photograph's name, or an array (see `dlcourse.widgets.picture`). Default: "cat".
        kernel: The weights: a square array with 1, 3, 5, 7, 9 or 11 rows, or a name such as "Sobel x" or "random"
            (the others are in `dlcourse.lens.kernels.NAMES`). Default: vertical edges.
        layer: A built Conv2D or DepthwiseConv2D, whose learned kernels can be leafed through; it brings kernel, bias,
            stride, padding, dilation and ReLU with it.
        bias: What is added to each sum.
        stride: The step of the window, 1 to 8.
        dilation: The distance between the pixels it reads, 1 to 8. As in Keras, not together with a stride.
        padding: "valid", or "same" for zeros around the picture.
        relu: Whether negative sums become zero.
        channel: Which number of a pixel is read: "grey" for its brightness, "red", "green" or "blue".
        position: The window's place, a row and a column of the output. Default: the strongest answer.
        filter: Of a layer, which filter.
        input_channel: Of a layer, which input channel.

    Raises:
        CourseError: If an argument cannot be used, with the mend.

    Example:
        >>> widget = Kernels("coins", "Laplace", padding="same")
        >>> widget.output().shape
        (189, 240)
    """

    _esm, _css = browser_files(
        Path(__file__).parent,
        {
            "presets": {name: {str(size): named_kernel(name, size).tolist() for size in SIZES[1:]} for name in NAMES},
            "sizes": SIZES,
            "strides": _STRIDES,
            "dilations": _DILATIONS,
            "channels": _CHANNELS,
            "longest": LONGEST,
            "photographs": PHOTOGRAPHS,
        },
    )
    _settings = tuple("image kernel bias stride dilation padding relu channel position filter input_channel".split())

    # what is convolved
    image = Checked(picture, None, allow_none=True).tag(
        sync=True, echo_update=False, to_json=to_browser, from_json=from_browser
    )
    channel = Checked(one_of("channel", _CHANNELS), "grey").tag(sync=True)
    # with what
    kernel = Checked(_kernel, _FIRST).tag(sync=True)
    bias = Checked(finite("bias"), 0.0).tag(sync=True)
    stride = Checked(whole("stride", *_STRIDES), 1).tag(sync=True)
    dilation = Checked(whole("dilation", *_DILATIONS), 1).tag(sync=True)
    padding = Checked(one_of("padding", ("same", "valid")), "valid").tag(sync=True)
    relu = Checked(yes_or_no("relu"), False).tag(sync=True)
    # where the window is
    position = Checked(_position, (0, 0)).tag(sync=True)
    # which of a layer's kernels
    filter = Checked(whole("filter", 0, 10**9), 0).tag(sync=True)
    input_channel = Checked(whole("input_channel", 0, 10**9), 0).tag(sync=True)
    _layer = Dict().tag(sync=True)

    def __init__(self, image: Any = None, kernel: Any = None, layer: Any = None, **settings: Any) -> None:
        """See the class; the arguments are checked, and the window is laid on the strongest answer."""
        self._refuse_unknown(settings, "layer")
        of_layer = {} if layer is None else _settings_of(layer)
        if kernel is not None:
            settings["kernel"] = kernel
        super().__init__(**({"image": "cat" if image is None else image} | of_layer | settings))
        if layer is not None and kernel is None:
            self._take_from_layer()
            if "bias" in settings:
                self.bias = settings["bias"]
        if "position" not in settings:
            self.position = _strongest(self.output())
        self._remember_start()

    def output(self) -> np.ndarray:
        """The convolution of the whole picture, as the widget shows it.

        Returns:
            height × width, float32.

        Raises:
            CourseError: If the kernel does not fit into the picture.

        Example:
            >>> Kernels("cat", "identity").output().shape
            (158, 238)
        """
        plane = self.image.plane(self.channel)
        sums = convolve(plane, self.kernel, self.stride, self.padding, self.dilation, self.bias)
        return (np.maximum(sums, 0) if self.relu else sums).astype("float32")

    def show_layer(self, layer: Any) -> None:
        """Shows another layer's kernels, or the same layer's after more training.

        Example:
            >>> widget.show_layer(model.layers[0])
        """
        settings = _settings_of(layer)
        with self.hold_sync(), self.hold_trait_notifications():
            for name, value in settings.items():
                setattr(self, name, value)
        self.filter = min(self.filter, self._layer["shape"][3] - 1)
        self.input_channel = min(self.input_channel, self._layer["shape"][2] - 1)
        self._take_from_layer()
        self._remember_start()

    def _padded(self) -> np.ndarray:
        """The numbers that the window slides over, with the zeros around them."""
        plane = self.image.plane(self.channel)
        return np.pad(plane, padding_amounts(plane.shape, len(self.kernel), self.stride, self.padding, self.dilation))

    @validate("stride", "dilation")
    def _not_both(self, proposal: dict[str, Any]) -> int:
        name, value = proposal["trait"].name, proposal["value"]
        other = "dilation" if name == "stride" else "stride"
        if value > 1 and getattr(self, other) > 1:
            raise CourseError(
                f"`{name}` is {value} and `{other}` is {getattr(self, other)}, but Keras takes a stride or a dilation, "
                "not both: make one of them 1."
            )
        return value

    @validate("filter", "input_channel")
    def _in_the_layer(self, proposal: dict[str, Any]) -> int:
        name, value = proposal["trait"].name, proposal["value"]
        count = self._layer["shape"][3 if name == "filter" else 2] if self._layer else 1
        if value >= count:
            where = f"the layer {self._layer['name']!r} shows" if self._layer else "without a layer there is"
            raise CourseError(f"`{name}` is {value}, but {where} {count}, counted from 0.")
        return value

    @observe("filter", "input_channel")
    def _chosen_in_the_layer(self, _: Any) -> None:
        self._take_from_layer()

    def _take_from_layer(self) -> None:
        if not self._layer:
            return
        weights = np.frombuffer(self._layer["weights"], "float32").reshape(self._layer["shape"])
        biases = np.frombuffer(self._layer["biases"], "float32").reshape(self._layer["shape"][2:])
        with self.hold_sync():
            self.kernel = weights[:, :, self.input_channel, self.filter]
            self.bias = biases[self.input_channel, self.filter]
            if self._layer["colours"]:
                self.channel = _CHANNELS[1 + self.input_channel]

    def _look(self) -> np.ndarray | str:
        """The output, or the sentence why there is none."""
        try:
            return self.output()
        except CourseError as error:
            return str(error)

    def _in_words(self, output: np.ndarray | str) -> str:
        size = len(self.kernel)
        name = next((name for name in NAMES if size > 1 and self.kernel == named_kernel(name, size).tolist()), None)
        height, width = self.image.pixels.shape[:2]
        text = f"Kernels: {self.image.name}, {height} × {width}, {self.channel}; "
        text += f"kernel {size} × {size}{f' ({name})' if name else ''}, stride {self.stride}, dilation {self.dilation},"
        text += f" padding {self.padding}{', ReLU' if self.relu else ''}"
        if isinstance(output, str):
            return f"{text}. {output}"
        row, column = self._place(output)
        low, high = shown(output.min()), shown(output.max())
        text += f"; output {output.shape[0]} × {output.shape[1]}, from {low} to {high}. "
        return text + f"At row {row}, column {column} it is {shown(output[row, column])}."

    def _place(self, output: np.ndarray) -> tuple[int, int]:
        """The window's place, inside the output."""
        return min(self.position[0], output.shape[0] - 1), min(self.position[1], output.shape[1] - 1)

    def _still(self, output: np.ndarray | str) -> Sheet:
        """Picture, kernel and output side by side."""
        if isinstance(output, str):
            sheet = Sheet(760, 40)
            sheet.text((10, 25), output)
            return sheet
        height, width = self.image.pixels.shape[:2]
        padded = self._padded()
        zoom = max(1, 2 * 280 // max(padded.shape)) / 2  # whole pixels of the file
        cell = 38 if len(self.kernel) <= 3 else max(18, 130 / len(self.kernel))
        side = cell * len(self.kernel)
        left, top = 12, 34
        middle = left + padded.shape[1] * zoom + 24
        right = middle + side + 24
        body = max(padded.shape[0] * zoom, side + 60)
        wide = max(padded.shape[1] * zoom, _LEGEND)
        sheet = Sheet(round(right + wide + 12), round(top + body + 34))
        row, column = self._place(output)
        reach = (len(self.kernel) - 1) * self.dilation + 1

        sheet.text((left, 22), f"{self.image.name}, {self.channel}")
        sheet.note((left, top + body + 20), f"{height} × {width}")
        sheet.pixels((left, top), grey(padded), zoom)
        place = (left + column * self.stride * zoom, top + row * self.stride * zoom)
        sheet.window(place, (reach * zoom, reach * zoom))

        weights = np.array(self.kernel)
        sheet.text((middle, 22), "kernel")
        strongest = max(np.abs(weights).max(), 1e-12)
        sheet.numbers((middle, top), weights, diverging(weights, strongest), cell)
        lines = [f"bias {shown(self.bias)}"] * bool(self.bias) + ["ReLU"] * self.relu
        for number, line in enumerate([*lines, f"here {shown(output[row, column])}"]):
            sheet.text((middle, top + side + 20 + 17 * number), line)

        sheet.text((right, 22), "output")
        keeps_brightness = abs(weights.sum() - 1) < 0.05
        scale = max(float(np.quantile(np.abs(output), 0.99)), 1e-12)
        colours = grey(output) if keeps_brightness else diverging(output, scale)
        spread = (zoom * (padded.shape[0] - output.shape[0]) / 2, zoom * (padded.shape[1] - output.shape[1]) / 2)
        origin = (right + spread[1], top + spread[0])
        sheet.pixels(origin, colours, zoom)
        sheet.window((origin[0] + column * zoom, origin[1] + row * zoom), (zoom, zoom))
        most = shown(scale)
        legend = "black 0, white 1" if keeps_brightness else f"blue −{most} or less, white 0, orange {most} or more"
        sheet.note((right, top + body + 20), f"{output.shape[0]} × {output.shape[1]}; {legend}")
        return sheet


def _strongest(answers: np.ndarray) -> tuple[int, int]:
    """The place of the strongest answer in the middle of the output, where a window is easy to see."""
    height, width = answers.shape
    top, left = height // 5, width // 5
    middle = answers[top : height - top, left : width - left]
    row, column = np.unravel_index(middle.argmax(), middle.shape)
    return int(row) + top, int(column) + left


def _settings_of(layer: Any) -> dict[str, Any]:
    """A layer's weights and settings, for the browser."""
    import keras

    depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
    if not depthwise and not isinstance(layer, keras.layers.Conv2D):
        given = f"a {type(layer).__name__}" if isinstance(layer, keras.Layer) else f"of type {type(layer).__name__}"
        raise CourseError(
            f"`layer` must be a Conv2D or a DepthwiseConv2D, but it is {given}: take one, as in model.layers[0]."
        )
    if not layer.built:
        raise CourseError(
            f"The layer {layer.name!r} is not built, so it has no kernels yet: call it, or its model, on data first."
        )
    weights, *bias = layer.get_weights()
    weights = weights.astype("float32")
    if not depthwise and layer.groups > 1:
        raise CourseError(f"The layer {layer.name!r} works in {layer.groups} groups, which cannot be shown here.")
    rows, columns, channels, filters = weights.shape
    if rows != columns or rows not in SIZES:
        sizes = ", ".join(map(str, SIZES))
        raise CourseError(
            f"The layer {layer.name!r} has kernels of {rows} × {columns}, but a window with a centre has "
            f"{sizes} rows and as many columns: take another layer."
        )
    biases = np.zeros((channels, filters), "float32")
    if bias and (depthwise or channels == 1):  # else the bias belongs to all channels together
        biases = bias[0].astype("float32").reshape(channels, filters)
    travelling = weights[:, :, :_MOST, :_MOST]
    return {
        "_layer": {
            "name": layer.name,
            "shape": list(travelling.shape),
            "of": [channels, filters],
            "colours": channels == 3,
            "weights": travelling.tobytes(),
            "biases": biases[:_MOST, :_MOST].tobytes(),
        },
        "stride": layer.strides[0],
        "dilation": layer.dilation_rate[0],
        "padding": layer.padding,
        "relu": layer.activation is keras.activations.relu,
    }
