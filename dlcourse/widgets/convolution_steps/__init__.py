"""`ConvolutionSteps`: a convolution, its transpose or a pooling on a few numbers, step by step, written out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from traitlets import Unicode

from dlcourse.errors import CourseError
from dlcourse.lens.convolution import convolution_matrix, convolution_output, padding_amounts, transposed_output
from dlcourse.widgets.shared.palette import diverging
from dlcourse.widgets.shared.still import Sheet, shown
from dlcourse.widgets.shared.traits import Checked, is_number, one_of, whole, yes_or_no
from dlcourse.widgets.shared.widget import Widget, browser_files

_CONVOLUTION, _TRANSPOSED, _MAXIMUM, _MEAN = _OPERATIONS = (
    "convolution",
    "transposed convolution",
    "max pooling",
    "mean pooling",
)
_PADDINGS = ("valid", "same", "full")
_LARGEST, _LARGEST_WINDOW, _MOST = 8, 5, 3  # rows of an input, rows of a window, channels: each number can be read
_STRIDES, _DILATIONS = (1, 4), (1, 3)
_TROUBLE = {  # what cannot be computed, or not by Keras; the browser says it in the same words
    "steps": "Keras takes a stride or a dilation, not both: make one of them 1.",
    "spread": "A pooling in Keras has no dilation: make it 1.",
    "full pooling": 'A pooling has no padding "full": in a corner its window would hold a single number. '
    'Take "valid" or "same".',
    "full transposed": 'A transposed convolution has no padding "full": with "valid" it keeps everything already. '
    'Take "valid" or "same".',
    "channels": "The kernel reads {wanted} input channels, but the input has {given}: give both as many.",
    "biases": "The bias has {given} numbers, but the kernel has {wanted} output channels: give one for each of them, "
    "or one for all.",
    "fit": "A window of {rows} × {columns}{spread} does not fit into an input of {height} × {width}: "
    'take a smaller one, or padding "same".',
}


def _first_input() -> np.ndarray:
    """Numbers with something to find: a bright stripe on the left, diagonals, a chessboard."""
    row, column = np.indices((_LARGEST, _LARGEST))
    stripe = np.where(column < 2, 2, (row >= 2) & (column >= 3))
    return np.stack([stripe, np.where((row + column) % 5 == 4, 3, 0), (row + column) % 2], axis=2)


def _first_kernel() -> np.ndarray:
    """Weights that find it: vertical and rising edges first, then horizontal and falling ones; the rest at random."""
    kernel = np.random.default_rng(3).integers(-1, 2, (_LARGEST_WINDOW, _LARGEST_WINDOW, _MOST, _MOST))
    side = np.tile([1, 0, -1], (3, 1))
    kernel[:3, :3, :2, 0] = np.stack([side, np.eye(3, dtype=int)[::-1]], axis=2)
    kernel[:3, :3, :2, 1] = np.stack([-side.T, np.eye(3, dtype=int)], axis=2)
    return kernel


def _numbers(name: str, value: Any, shape: str) -> np.ndarray:
    """An array of finite numbers."""
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise CourseError(f"`{name}` has rows of different length: give them all the same.") from error
    if not array.size or not all(is_number(number) for number in array.ravel().tolist()):
        wrong = "NaN or infinite values" if array.dtype.kind == "f" and array.size else f"{_told(value)}"
        raise CourseError(f"`{name}` must hold finite numbers, {shape}, but it is or has {wrong}.")
    return array


def _input(value: Any) -> list:
    shape = "height × width, or height × width × channels"
    array = _numbers("input", value, shape)
    if array.ndim == 2:
        array = array[:, :, None]
    if array.ndim != 3 or array.shape[2] > _MOST:
        raise CourseError(f"`input` must be {shape} (at most {_MOST}), but its shape is {array.shape}.")
    if max(array.shape[:2]) > _LARGEST:
        raise CourseError(
            f"`input` is {array.shape[0]} × {array.shape[1]}, but here each number is to be read, so at most "
            f"{_LARGEST} × {_LARGEST}: take a piece of it, as in x[:{_LARGEST}, :{_LARGEST}], or Kernels for pictures."
        )
    return _plain(array)


def _kernel(value: Any) -> list:
    shape = "rows × columns, or rows × columns × input channels × output channels"
    array = _numbers("kernel", value, shape)
    if array.ndim == 2:
        array = array[:, :, None, None]
    if array.ndim != 4 or max(array.shape[:2]) > _LARGEST_WINDOW or max(array.shape[2:]) > _MOST:
        raise CourseError(
            f"`kernel` must be {shape}, at most {_LARGEST_WINDOW} × {_LARGEST_WINDOW} × {_MOST} × {_MOST}, "
            f"but its shape is {array.shape}."
        )
    return _plain(array)


def _bias(value: Any) -> list[float]:
    array = np.atleast_1d(_numbers("bias", value, "one for all output channels or one for each"))
    if array.ndim != 1 or len(array) > _MOST:
        raise CourseError(f"`bias` must be a number, or at most {_MOST} in a list, but its shape is {array.shape}.")
    return _plain(array)


def _pair(name: str, meaning: str, low: int, high: int) -> Callable[[Any], tuple[int, int]]:
    """A check for two whole numbers; a lone one counts twice."""

    def check(value: Any) -> tuple[int, int]:
        pair = (value, value) if is_number(value) else value
        if (
            isinstance(pair, str)
            or np.shape(pair) != (2,)
            or not all(is_number(number) and number == int(number) and low <= number <= high for number in pair)
        ):
            raise CourseError(f"`{name}` must be {meaning}, but it is {value!r}.")
        return int(pair[0]), int(pair[1])

    return check


@dataclass(frozen=True, eq=False)
class _Look:
    """What comes out, and how one number of it is made.

    Attributes:
        output: height × width × channels.
        channel: Of the output, the chosen one.
        place: And the row and the column.
        parts: What each input channel gives to that number.
        reads: For each input channel, how much of each of its numbers goes into it, in the input's shape.
    """

    output: np.ndarray
    channel: int
    place: tuple[int, int]
    parts: np.ndarray
    reads: list[np.ndarray]


class ConvolutionSteps(Widget):
    """A convolution, a transposed one or a pooling on a few numbers, step by step, with the arithmetic written out.

    Everything answers in the browser, also while the kernel is busy. All arguments are traits, to be read and set from
    the next cell, too. What cannot be (a window larger than the input, a stride with a dilation, ...) is explained in
    place of the numbers.

    Args:
        input: The numbers: height × width, or height × width × channels; at most 8 × 8 × 3.
        kernel: The weights: rows × columns, or rows × columns × input channels × output channels as in a Conv2D layer;
            at most 5 × 5 × 3 × 3. (A Conv2DTranspose keeps its last two axes the other way round.)
        bias: What is added to each sum: a number, or one for each output channel.
        layer: A Conv2D, Conv2DTranspose, MaxPooling2D or AveragePooling2D, whose settings and first channels are
            taken; it must be built where it has weights.
        operation: "convolution", "transposed convolution", "max pooling" or "mean pooling".
        pool_size: The rows and columns of a pooling's window, 1 to 5. Default: 2.
        stride: The step of the window, 1 to 4. Default: 1, for a pooling its size, as in Keras.
        dilation: The distance between the numbers that a kernel reads, 1 to 3.
        padding: "valid", "same", or "full" (which Keras does not have) for a convolution.
        relu: Whether negative outputs of a convolution become zero.
        position: Which output is computed: its row and column, from 0.
        output_channel: And its channel, from 0.
        matrix: Whether the operation is also shown as a product with a matrix.

    Raises:
        CourseError: If an argument cannot be used, with the mend.

    Example:
        >>> ConvolutionSteps([[1, 2, 3], [4, 5, 6]], [[1, -1]], bias=0).output()[:, :, 0]
        array([[-1., -1.],
               [-1., -1.]])
    """

    _esm, _css = browser_files(
        Path(__file__).parent,
        {
            "operations": _OPERATIONS,
            "paddings": _PADDINGS,
            "trouble": _TROUBLE,
            "input": _first_input().tolist(),
            "kernel": _first_kernel().tolist(),
            "strides": _STRIDES,
            "dilations": _DILATIONS,
        },
    )
    _settings = tuple(
        "input kernel bias operation pool_size stride dilation padding relu position output_channel matrix".split()
    )

    # the numbers
    input = Checked(_input, _first_input()[:5, :5, :2]).tag(sync=True)
    kernel = Checked(_kernel, _first_kernel()[:3, :3, :2, :2]).tag(sync=True)
    bias = Checked(_bias, 1).tag(sync=True)
    # what is done with them
    operation = Checked(one_of("operation", _OPERATIONS), _CONVOLUTION).tag(sync=True)
    pool_size = Checked(
        _pair("pool_size", f"a whole number from 1 to {_LARGEST_WINDOW}, or two of them", 1, _LARGEST_WINDOW), 2
    ).tag(sync=True)
    stride = Checked(whole("stride", *_STRIDES), 1).tag(sync=True)
    dilation = Checked(whole("dilation", *_DILATIONS), 1).tag(sync=True)
    padding = Checked(one_of("padding", _PADDINGS), "valid").tag(sync=True)
    relu = Checked(yes_or_no("relu"), False).tag(sync=True)
    # what is looked at; beyond the last it is the last
    position = Checked(_pair("position", "a row and a column of the output, as in (0, 2)", 0, 999), 0).tag(sync=True)
    output_channel = Checked(whole("output_channel", 0, _MOST - 1), 0).tag(sync=True)
    matrix = Checked(yes_or_no("matrix"), False).tag(sync=True)
    _note = Unicode().tag(sync=True)

    def __init__(
        self, input: Any = None, kernel: Any = None, bias: Any = None, layer: Any = None, **settings: Any
    ) -> None:
        """See the class; the arguments are checked, and whether they go together."""
        self._refuse_unknown(settings, "layer")
        given = {"input": input, "kernel": kernel, "bias": bias}
        given = {name: value for name, value in given.items() if value is not None} | settings
        layer_settings = {} if layer is None else _settings_of(layer)
        pools = {**layer_settings, **given}.get("operation") in (_MAXIMUM, _MEAN)
        if pools and "stride" not in {**layer_settings, **given}:
            given["stride"] = max(np.ravel(given.get("pool_size", 2)))
        if "kernel" in given and "input" not in {**layer_settings, **given}:  # as many channels as it reads
            given["input"] = _first_input()[:5, :5, : np.shape(_kernel(kernel))[2]]
        elif "input" in given and "kernel" not in {**layer_settings, **given}:
            given["kernel"] = _first_kernel()[:3, :3, : np.shape(_input(input))[2], :2]
        super().__init__(**(layer_settings | given))
        self._refuse_trouble()
        self._remember_start()

    def output(self) -> np.ndarray:
        """What comes out, as the widget shows it and Keras computes it.

        Returns:
            height × width × channels.

        Raises:
            CourseError: If the settings do not go together.

        Example:
            >>> ConvolutionSteps().output().shape
            (3, 3, 2)
        """
        self._refuse_trouble()
        return self._out_of([self._parts(self._blocks(channel)) for channel in range(self._channels())])

    def as_matrix(self) -> np.ndarray:
        """The matrix that the operation is, for the chosen output channel.

        Its product with the input, flattened channel by channel and row by row, is the output before the bias. For a
        max pooling it holds for these numbers alone: a one where the maximum stands.

        Returns:
            A row for each output and a column for each input.

        Raises:
            CourseError: If the settings do not go together.

        Example:
            >>> widget = ConvolutionSteps()
            >>> widget.as_matrix() @ np.transpose(widget.input, (2, 0, 1)).ravel()
            array([ 6.,  5.,  8.,  6., 13., -2., 15.,  3., -3.])
        """
        self._refuse_trouble()
        return np.hstack(self._blocks(self._chosen()))

    def show_layer(self, layer: Any) -> None:
        """Shows another layer, or the same layer after more training.

        Example:
            >>> widget.show_layer(model.layers[0])
        """
        layer_settings = _settings_of(layer)
        if len(self.input[0][0]) == np.shape(layer_settings.get("kernel", self.kernel))[2]:
            layer_settings.pop("input")  # the learner's own numbers stay where they can
        with self.hold_sync(), self.hold_trait_notifications():
            for name, value in layer_settings.items():
                setattr(self, name, value)
        self._remember_start()

    def _pools(self) -> bool:
        return self.operation in (_MAXIMUM, _MEAN)

    def _window(self) -> tuple[int, int]:
        """The rows and columns of the window."""
        if self._pools():
            return self.pool_size
        rows, columns = np.shape(self.kernel)[:2]
        return rows, columns

    def _channels(self) -> int:
        """How many come out."""
        return len(self.input[0][0]) if self._pools() else len(self.kernel[0][0][0])

    def _chosen(self) -> int:
        return min(self.output_channel, self._channels() - 1)

    def _place(self, rows: int, columns: int) -> tuple[int, int]:
        return min(self.position[0], rows - 1), min(self.position[1], columns - 1)

    def _biases(self) -> list[float]:
        if self._pools():
            return [0.0] * self._channels()
        return self.bias * self._channels() if len(self.bias) == 1 else self.bias

    def _trouble(self) -> tuple[str, dict[str, Any]] | None:
        """Which sentence of `_TROUBLE` is true, and the numbers in it."""
        height, width, channels = np.shape(self.input)
        rows, columns = self._window()
        if self._pools():
            if self.dilation > 1:
                return "spread", {}
            if self.padding == "full":
                return "full pooling", {}
        else:
            reads, filters = np.shape(self.kernel)[2:]
            if self.stride > 1 and self.dilation > 1:
                return "steps", {}
            if self.operation == _TRANSPOSED and self.padding == "full":
                return "full transposed", {}
            if reads != channels:
                return "channels", {"wanted": reads, "given": channels}
            if len(self.bias) not in (1, filters):
                return "biases", {"wanted": filters, "given": len(self.bias)}
        reach = [(size - 1) * self.dilation + 1 for size in (rows, columns)]
        if self.operation != _TRANSPOSED and self.padding == "valid" and (reach[0] > height or reach[1] > width):
            spread = f", spread by the dilation over {reach[0]} × {reach[1]}," if self.dilation > 1 else ""
            return "fit", {"rows": rows, "columns": columns, "spread": spread, "height": height, "width": width}
        return None

    def _refuse_trouble(self) -> None:
        if trouble := self._trouble():
            name, numbers = trouble
            raise CourseError(_TROUBLE[name].format(**numbers))

    def _shape(self) -> tuple[int, int]:
        """Rows and columns of the output."""
        size = transposed_output if self.operation == _TRANSPOSED else convolution_output
        return size(np.shape(self.input)[:2], self._window(), self.stride, self.padding, self.dilation)

    def _blocks(self, output_channel: int) -> list[np.ndarray]:
        """A matrix for each input channel: what it gives to this output channel."""
        shape = np.shape(self.input)[:2]
        channels = range(len(self.input[0][0]))
        if self._pools():
            inside = convolution_matrix(np.ones(self.pool_size), shape, self.stride, self.padding).astype(bool)
            block = inside / inside.sum(1, keepdims=True)  # what lies beyond the rim does not count
            if self.operation == _MAXIMUM:
                values = np.array(self.input)[:, :, output_channel].ravel()
                largest = np.where(inside, values, -np.inf).argmax(1)
                block = np.eye(len(values))[largest]
            return [block if channel == output_channel else 0 * block for channel in channels]
        weights = np.array(self.kernel)[..., output_channel]
        settings = (self.stride, self.padding, self.dilation)
        if self.operation == _TRANSPOSED:  # the convolution the other way round
            return [convolution_matrix(weights[..., channel], self._shape(), *settings).T for channel in channels]
        return [convolution_matrix(weights[..., channel], shape, *settings) for channel in channels]

    def _parts(self, blocks: list[np.ndarray]) -> np.ndarray:
        """What each input channel gives to the output channel of these matrices, input channels × height × width."""
        planes = np.array(self.input).transpose(2, 0, 1).reshape(len(self.input[0][0]), -1)
        sums = [block @ plane for block, plane in zip(blocks, planes, strict=True)]
        return np.reshape(sums, (-1, *self._shape()))

    def _out_of(self, parts: list[np.ndarray]) -> np.ndarray:
        """The output, from what the input channels give to each of its channels."""
        sums = [part.sum(0) + bias for part, bias in zip(parts, self._biases(), strict=True)]
        output = np.stack(sums, axis=2)
        return np.maximum(output, 0) if self.relu and not self._pools() else output

    def _look(self) -> _Look | str:
        """All that is shown, or the sentence why there is nothing."""
        if trouble := self._trouble():
            return _TROUBLE[trouble[0]].format(**trouble[1])
        blocks = [self._blocks(channel) for channel in range(self._channels())]
        parts = [self._parts(block) for block in blocks]
        output, chosen = self._out_of(parts), self._chosen()
        row, column = place = self._place(*output.shape[:2])
        step = row * output.shape[1] + column
        reads = [block[step].reshape(np.shape(self.input)[:2]) for block in blocks[chosen]]
        return _Look(output, chosen, place, parts[chosen][:, row, column], reads)

    def _in_words(self, look: _Look | str) -> str:
        height, width, channels = np.shape(self.input)
        rows, columns = self._window()
        text = f"ConvolutionSteps: {self.operation}, input {height} × {width} × {channels}, window {rows} × {columns}, "
        text += f"stride {self.stride}, dilation {self.dilation}, padding {self.padding}"
        if isinstance(look, str):
            return f"{text}. {look}"
        row, column = look.place
        return (
            f"{text}; output {' × '.join(map(str, look.output.shape))}. In output channel {look.channel}, row {row}, "
            f"column {column}: {self._sum_in_words(look)}."
        )

    def _sum_in_words(self, look: _Look) -> str:
        result = shown(look.output[(*look.place, look.channel)])
        if self._pools():
            return f"{'maximum' if self.operation == _MAXIMUM else 'mean'} {result}"
        bias = self._biases()[look.channel]
        parts = [shown(part) for part in look.parts]
        return f"{' + '.join(parts)} + bias {shown(bias)} = {result}".replace("+ −", "− ").replace(
            "= ", "→ ReLU " if self.relu else "= "
        )

    def _still(self, look: _Look | str) -> Sheet:
        """Input, kernel and output, a channel below the other, and the sum."""
        if isinstance(look, str):
            sheet = Sheet(760, 40)
            sheet.text((10, 25), look)
            return sheet
        values, output, cell = np.array(self.input), look.output, 32
        height, width, channels = values.shape
        (rows, columns), (row, column), chosen = self._window(), look.place, look.channel
        left, top, gap = 12, 52, 26
        beside = left + width * cell + 40
        right = beside + (0 if self._pools() else columns * cell + 40)
        tall = max(max(height, 0 if self._pools() else rows) * channels * cell + gap * channels, output.shape[0] * cell)
        sheet = Sheet(round(max(right + output.shape[1] * cell + 12, 620)), round(top + tall + 52))
        sheet.text((left, 22), f"{self.operation}, stride {self.stride}, padding {self.padding}")
        pitch = max(height, 0 if self._pools() else rows) * cell + gap
        reach = max(np.abs(values).max(), 1e-12)
        for channel in range(channels):
            y = top + channel * pitch
            sheet.note((left, y - 6), f"input channel {channel}")
            sheet.numbers((left, y), values[:, :, channel], diverging(values[:, :, channel], reach), cell)
            if not self._pools():
                weights = np.array(self.kernel)[:, :, channel, chosen]
                strongest = max(np.abs(np.array(self.kernel)[..., chosen]).max(), 1e-12)
                sheet.note((beside, y - 6), "kernel")
                sheet.numbers((beside, y), weights, diverging(weights, strongest), cell)
            if self._pools() and channel != chosen:
                continue
            self._frame_what_is_read(sheet, (left, y), look.reads[channel], look.place, cell)
        sheet.note((right, top - 6), f"output channel {chosen}")
        most = max(np.abs(output).max(), 1e-12)
        sheet.numbers((right, top), output[:, :, chosen], diverging(output[:, :, chosen], most), cell)
        sheet.window((right + column * cell, top + row * cell), (cell - 1, cell - 1))
        sheet.text((left, top + tall + 28), f"row {row}, column {column}: {self._sum_in_words(look)}")
        return sheet

    def _frame_what_is_read(
        self, sheet: Sheet, at: tuple[float, float], weights: np.ndarray, place: tuple[int, int], cell: int
    ) -> None:
        """The frame around the part of the input that the output reads."""
        height, width = weights.shape
        if self.operation == _TRANSPOSED:
            rows, columns = np.nonzero(weights)
            spans = [(rows.min(), rows.max() + 1), (columns.min(), columns.max() + 1)] if len(rows) else []
        else:
            spans = []
            amounts = padding_amounts((height, width), self._window(), self.stride, self.padding, self.dilation)
            for step, (before, _), size, length in zip(place, amounts, self._window(), (height, width), strict=True):
                first = step * self.stride - before
                spans.append((max(first, 0), min(first + (size - 1) * self.dilation + 1, length)))
        if spans:
            (top, bottom), (left, right) = spans
            sheet.window((at[0] + left * cell, at[1] + top * cell), ((right - left) * cell, (bottom - top) * cell))


def _settings_of(layer: Any) -> dict[str, Any]:
    """A layer's settings and first weights."""
    import keras

    kinds = {
        keras.layers.Conv2DTranspose: _TRANSPOSED,
        keras.layers.DepthwiseConv2D: None,
        keras.layers.Conv2D: _CONVOLUTION,
        keras.layers.MaxPooling2D: _MAXIMUM,
        keras.layers.AveragePooling2D: _MEAN,
    }
    operation = next((name for kind, name in kinds.items() if isinstance(layer, kind)), None)
    if operation is None:
        given = f"a {type(layer).__name__}" if isinstance(layer, keras.Layer) else f"of type {type(layer).__name__}"
        raise CourseError(
            "`layer` must be a Conv2D, a Conv2DTranspose, a MaxPooling2D or an AveragePooling2D, "
            f"but it is {given}: take one, as in model.layers[0]."
        )
    pools = operation in (_MAXIMUM, _MEAN)
    if layer.data_format != "channels_last":
        raise CourseError(f"The layer {layer.name!r} has its channels first, and here they come last.")
    size = tuple(layer.pool_size if pools else layer.kernel_size)
    if max(size) > _LARGEST_WINDOW:
        raise CourseError(
            f"The layer {layer.name!r} has a window of {size[0]} × {size[1]}, and here it has at most "
            f"{_LARGEST_WINDOW} × {_LARGEST_WINDOW}: take another layer, or Kernels(layer=...)."
        )
    settings: dict[str, Any] = {
        "operation": operation,
        "stride": _alike(layer, "strides", *_STRIDES),
        "padding": layer.padding,
        "input": _first_input()[:6, :6, :2],
        "_note": f"Layer {layer.name}",
    }
    if pools:
        return settings | {"pool_size": size, "dilation": 1}
    return settings | {"dilation": _alike(layer, "dilation_rate", *_DILATIONS)} | _weights_of(layer, operation)


def _weights_of(layer: Any, operation: str) -> dict[str, Any]:
    """Of a convolution: its first weights, and whether a ReLU follows."""
    import keras

    if not layer.built:
        raise CourseError(
            f"The layer {layer.name!r} is not built, so it has no weights yet: call it, or its model, on data first."
        )
    if getattr(layer, "groups", 1) > 1:
        raise CourseError(f"The layer {layer.name!r} works in {layer.groups} groups, which cannot be shown here.")
    if getattr(layer, "output_padding", None) is not None:
        raise CourseError(f"The layer {layer.name!r} has an `output_padding`, which cannot be shown here.")
    weights, *bias = layer.get_weights()
    if operation == _TRANSPOSED:
        weights = weights.swapaxes(2, 3)
    rows, columns, channels, filters = weights.shape
    note = f"Layer {layer.name}"
    if channels > _MOST or filters > _MOST:
        counts = f"{min(channels, _MOST)} of {channels} input and {min(filters, _MOST)} of {filters} output channels"
        note += f": the first {counts}"
    relu = layer.activation is keras.activations.relu
    if not relu and layer.activation is not keras.activations.linear:
        note += f", without its activation {getattr(layer.activation, '__name__', 'function')}"
    span = (max(rows, columns) - 1) * layer.dilation_rate[0] + 1
    side = 6 if span < 6 else _LARGEST
    return {
        "kernel": weights[:, :, :_MOST, :_MOST],
        "bias": bias[0][:_MOST] if bias else 0,
        "relu": relu,
        "input": _first_input()[:side, :side, :channels],
        "_note": note,
    }


def _alike(layer: Any, name: str, low: int, high: int) -> int:
    """A setting that is the same along both axes."""
    values = tuple(getattr(layer, name))
    if len(set(values)) > 1 or not low <= values[0] <= high:
        raise CourseError(
            f"The layer {layer.name!r} has the {name} {values}; what can be shown is {low} to {high}, the same along "
            "both axes."
        )
    return int(values[0])


def _plain(array: np.ndarray) -> list:
    """Lists of numbers as people write them: a 0.1 of 32 bits is 0.1."""
    if array.dtype == np.float32:
        array = array.astype(str)
    return array.astype(float).tolist()


def _told(value: Any) -> str:
    return repr(value) if len(repr(value)) < 40 else f"of type {type(value).__name__}"
