"""What each kind of layer reads of the layers before it; `receptive.py` follows this through a network."""

from collections.abc import Callable, Iterable

import keras
from keras import layers

from dlcourse.errors import CourseError
from dlcourse.lens.convolution import padding_amounts
from dlcourse.lens.graph import Step
from dlcourse.lens.reach import (
    WHOLE,
    Field,
    Reach,
    Uneven,
    interpolation,
    shifted,
    transposed_window,
    union,
    window,
)

Fields = tuple[Field, ...]  # of one tensor, with a field for each axis of the input that is looked at
Rule = Callable[[Step, list[Fields]], Fields | None]


def fields_after(step: Step, inputs: list[Fields]) -> Fields | None:
    """What the units see that a step returns.

    Args:
        step: A step of a graph.
        inputs: For each of its inputs, what the units there see.

    Returns:
        The fields, or None for a layer of an unknown kind.

    Raises:
        CourseError: If the kind is known, but no sentence about every unit can be true.
    """
    if all(field.line is None for fields in inputs for field in fields):
        return inputs[0]  # whoever reads units that see all sees all
    rule = _rule_of(step.operation)
    return rule(step, inputs) if rule else None


def _rule_of(operation: object) -> Rule | None:
    for kinds, rule in _LAYERS:
        if isinstance(operation, kinds):
            return rule
    if isinstance(operation, keras.Layer) or not type(operation).__module__.startswith("keras."):
        return None
    return _OPERATIONS.get(type(operation).__name__)


def _elementwise(step: Step, inputs: list[Fields]) -> Fields:
    """Each unit reads the units of its own place, in all inputs: the union. An axis of length 1 serves all places."""
    shape = step.outputs[0].shape
    for tensor, fields in zip(step.inputs, inputs, strict=True):
        lined = [axis for field in fields for axis in field.axes]
        if lined and (len(tensor.shape) != len(shape) or any(tensor.shape[axis] != shape[axis] for axis in lined)):
            raise CourseError(
                f"In {step.name!r} the shapes {tensor.shape[1:]} and {shape[1:]} meet by repeating units that see a "
                "part of the input, so fields differ from unit to unit: ask for a layer before it."
            )
    return _united(step, inputs)


def _united(step: Step, inputs: list[Fields]) -> Fields:
    try:
        return tuple(union(list(fields)) for fields in zip(*inputs, strict=True))
    except Uneven as error:
        raise CourseError(
            f"The branches that meet in {step.name!r} step over the input {error}, so fields grow with the position: "
            "give the branches equal strides, or ask for a layer before it."
        ) from error


def _concatenate(step: Step, inputs: list[Fields]) -> Fields:
    axis = step.operation.axis % len(step.outputs[0].shape)
    if any(field.placed and axis in field.axes for fields in inputs for field in fields):
        raise CourseError(
            f"{step.name!r} puts units side by side along axis {axis}, along which they look at places of the input, "
            "so they have no common stride: ask for a layer before it."
        )
    return _united(step, inputs)


def _mixing(axes_of: Callable[[Step, int], Iterable[int]]) -> Rule:
    """Each unit reads all along some axes, given the number of axes, and its own place along the others."""

    def rule(step: Step, inputs: list[Fields]) -> Fields:
        rank = len(step.inputs[0].shape)
        return _mixed(inputs[0], {axis % rank for axis in axes_of(step, rank)})

    return rule


def _mixed(fields: Fields, axes: set[int]) -> Fields:
    return tuple(WHOLE if field.axes & axes else field for field in fields)


def _normalised_axes(step: Step, _: int) -> Iterable[int]:
    axis = step.operation.axis
    return (axis,) if isinstance(axis, int) else axis


def _reduction(step: Step, inputs: list[Fields]) -> Fields:
    """Sums, means and the like along some axes; without `keepdims` the axes behind move up."""
    operation, rank = step.operation, len(step.inputs[0].shape)
    axis = operation.axis
    reduced = set(range(rank)) if axis is None else {a % rank for a in ([axis] if isinstance(axis, int) else axis)}
    if operation.keepdims:
        return _mixed(inputs[0], reduced)
    moved = {axis: frozenset({axis - sum(dropped < axis for dropped in reduced)}) for axis in range(rank)}
    return tuple(field.moved(moved) for field in _mixed(inputs[0], reduced))


def _embedded(step: Step, inputs: list[Fields]) -> Fields:
    """Each unit becomes a vector: there is an axis more, behind all others."""
    return inputs[0]


def _everything(step: Step, inputs: list[Fields]) -> Fields:
    return tuple(WHOLE for _ in inputs[0])


def _windowed(reaches_of: Callable[[Step, list[int]], list[Reach]], mixes_channels: bool = False) -> Rule:
    """Each unit reads a window along each spatial axis."""

    def rule(step: Step, inputs: list[Fields]) -> Fields:
        rank = len(step.inputs[0].shape)
        first = getattr(step.operation, "data_format", None) == "channels_first"
        axes = list(range(2, rank) if first else range(1, rank - 1))
        fields = _mixed(inputs[0], {1 if first else rank - 1}) if mixes_channels else inputs[0]
        reaches = dict(zip(axes, reaches_of(step, axes), strict=True))
        return tuple(_through(step, field, reaches) for field in fields)

    return rule


def _through(step: Step, field: Field, reaches: dict[int, Reach]) -> Field:
    if field.line is None or not field.axes & reaches.keys():
        return field
    if not field.placed:
        if all(reaches[axis].one_to_one for axis in field.axes & reaches.keys()):
            return field
        raise CourseError(
            f"{step.name!r} reads units that a reshape before it has taken out of their line, so its fields have no "
            "common size: ask for a layer before the reshape."
        )
    (axis,) = field.axes
    return Field(field.axes, field.line.through(reaches[axis], step.outputs[0].shape[axis]))


def _per_axis(setting: int | tuple, axes: list[int]) -> tuple:
    return (setting,) * len(axes) if isinstance(setting, int) else tuple(setting)


def _convolution(step: Step, axes: list[int]) -> list[Reach]:
    layer = step.operation
    return _windows(step, axes, layer.kernel_size, layer.strides, layer.dilation_rate)


def _pooling(step: Step, axes: list[int]) -> list[Reach]:
    return _windows(step, axes, step.operation.pool_size, step.operation.strides, 1)


def _windows(
    step: Step, axes: list[int], kernel: int | tuple, stride: int | tuple, dilation: int | tuple
) -> list[Reach]:
    settings = zip(axes, *(_per_axis(setting, axes) for setting in (kernel, stride, dilation)), strict=True)
    reaches = []
    for axis, k, s, d in settings:
        size = step.inputs[0].shape[axis] or s  # an open size counts as a multiple of the stride
        before, _ = padding_amounts(size, k, s, step.operation.padding, d)
        reaches.append(window(k, s, before, d))
    return reaches


def _transposed(step: Step, axes: list[int]) -> list[Reach]:
    layer = step.operation
    reaches = []
    extras = (None,) * len(axes) if layer.output_padding is None else _per_axis(layer.output_padding, axes)
    settings = (_per_axis(setting, axes) for setting in (layer.kernel_size, layer.strides, layer.dilation_rate))
    for k, s, d, extra in zip(*settings, extras, strict=True):
        span = (k - 1) * d + 1
        kept = s if extra is None else span % 2 + extra  # outputs beyond (inputs - 1) * stride
        cut = max(span - kept, 0) // 2 if layer.padding == "same" else 0
        reaches.append(transposed_window(k, s, cut, d))
    return reaches


def _padding(step: Step, axes: list[int]) -> list[Reach]:
    return [shifted(-before) for before in _starts(step.operation.padding)]


def _cropping(step: Step, axes: list[int]) -> list[Reach]:
    return [shifted(before) for before in _starts(step.operation.cropping)]


def _starts(amounts: tuple) -> list[int]:
    """What is added or cut before each axis; the 1-D layers hold a bare pair."""
    return [amounts[0]] if isinstance(amounts[0], int) else [before for before, _ in amounts]


def _upsampling(step: Step, axes: list[int]) -> list[Reach]:
    method = getattr(step.operation, "interpolation", "nearest")
    neighbours = {"nearest": 0, "bilinear": 1, "bicubic": 2}.get(method)
    if neighbours is None:
        raise CourseError(f"How far {step.name!r} reads with interpolation={method!r} is not known: take 'bilinear'.")
    return [interpolation(factor, neighbours) for factor in _per_axis(step.operation.size, axes)]


def _permuted(step: Step, inputs: list[Fields]) -> Fields:
    rank = len(step.inputs[0].shape)
    operation = step.operation
    order = (0, *operation.dims) if isinstance(operation, layers.Permute) else operation.axes or range(rank)[::-1]
    moved = {old % rank: frozenset({new}) for new, old in enumerate(order)}
    return tuple(field.moved(moved) for field in inputs[0])


def _reshaped(step: Step, inputs: list[Fields]) -> Fields:
    """Axes that keep their length move; those that are merged or split scatter their units."""
    groups = _regrouped(step)
    moved = {old: frozenset(new) for olds, new in groups for old in olds}
    kept = {old for olds, new in groups for old in olds if len(olds) == len(new) == 1}
    return tuple(field.moved(moved, placed=field.axes <= kept) for field in inputs[0])


def _regrouped(step: Step) -> list[tuple[list[int], list[int]]]:
    """Which axes become which: the smallest groups that hold equally many units, axes of length 1 to nowhere."""
    old, new = (dict(enumerate(tensor.shape)) for tensor in (step.inputs[0], step.outputs[0]))
    groups: list[tuple[list[int], list[int]]] = [([axis], []) for axis, size in old.items() if axis and size == 1]
    olds, news = ([axis for axis, size in sizes.items() if axis and size != 1] for sizes in (old, new))
    if [old[axis] for axis in olds] == [new[axis] for axis in news]:
        return groups + [([a], [b]) for a, b in zip(olds, news, strict=True)]
    if len(news) <= 1:
        return [*groups, (olds, news)]
    if None in [*old.values()][1:] or None in [*new.values()][1:]:
        raise CourseError(f"What {step.name!r} does depends on the input's size: give the model's Input a full shape.")
    while olds and news:
        group = [olds.pop(0)], [news.pop(0)]
        had, has = old[group[0][0]], new[group[1][0]]
        while had != has:
            if had < has:
                group[0].append(olds.pop(0))
                had *= old[group[0][-1]]
            else:
                group[1].append(news.pop(0))
                has *= new[group[1][-1]]
        groups.append(group)
    return groups


def _repeated(step: Step, inputs: list[Fields]) -> Fields:
    return tuple(field.moved({1: frozenset({2})}) for field in inputs[0])


def _indexed(step: Step, inputs: list[Fields]) -> Fields | None:
    """One unit picked out along some axes, as in x[:, -1]; slices are unknown."""
    key = step.arguments[0][1]
    keys = key if isinstance(key, tuple) else (key,)
    if not all(isinstance(index, int) or index == slice(None) for index in keys):
        return None
    picked = {axis for axis, index in enumerate(keys) if isinstance(index, int)}
    rank = len(step.inputs[0].shape)
    moved = {a: frozenset({a - sum(p < a for p in picked)} if a not in picked else ()) for a in range(rank)}
    return tuple(field.moved(moved, placed=not field.axes & picked) for field in inputs[0])


def _named(*names: str) -> tuple[type, ...]:
    """The layers of these names for 1, 2 and 3 axes, as far as Keras has them."""
    return tuple(
        getattr(layers, name + axes) for name in names for axes in ("1D", "2D", "3D") if hasattr(layers, name + axes)
    )


def _transposes() -> tuple[type, ...]:
    return layers.Conv1DTranspose, layers.Conv2DTranspose, layers.Conv3DTranspose


# The first kind that fits decides.
_LAYERS: list[tuple[tuple[type, ...], Rule]] = [
    (_transposes(), _windowed(_transposed, mixes_channels=True)),
    (_named("Conv", "SeparableConv", "DepthwiseConv"), _windowed(_convolution, mixes_channels=True)),
    (_named("MaxPooling", "AveragePooling"), _windowed(_pooling)),
    (_named("ZeroPadding"), _windowed(_padding)),
    (_named("Cropping"), _windowed(_cropping)),
    (_named("UpSampling"), _windowed(_upsampling)),
    (_named("GlobalMaxPooling", "GlobalAveragePooling"), _everything),
    ((layers.RNN, layers.Bidirectional), _everything),
    ((layers.MultiHeadAttention, layers.GroupQueryAttention, layers.Attention, layers.AdditiveAttention), _everything),
    ((layers.GroupNormalization,), _everything),
    (
        (layers.LayerNormalization, layers.RMSNormalization, layers.UnitNormalization, layers.Softmax),
        _mixing(_normalised_axes),
    ),
    ((layers.Dense,), _mixing(lambda _, rank: (rank - 1,))),
    ((layers.Embedding,), _embedded),
    ((layers.Concatenate,), _concatenate),
    ((layers.Permute,), _permuted),
    ((layers.Reshape, layers.Flatten), _reshaped),
    ((layers.RepeatVector,), _repeated),
    (
        (
            *(layers.Add, layers.Subtract, layers.Multiply, layers.Average, layers.Maximum, layers.Minimum),
            *(layers.Activation, layers.ReLU, layers.LeakyReLU, layers.PReLU, layers.ELU, layers.Identity),
            *(layers.Dropout, layers.SpatialDropout1D, layers.SpatialDropout2D, layers.SpatialDropout3D),
            *(layers.AlphaDropout, layers.GaussianDropout, layers.GaussianNoise, layers.ActivityRegularization),
            *(layers.BatchNormalization, layers.Normalization, layers.Rescaling, layers.Masking),
            *(layers.RandomFlip, layers.RandomRotation, layers.RandomTranslation, layers.RandomZoom),
            *(layers.RandomContrast, layers.RandomBrightness),
        ),
        _elementwise,
    ),
]

_ELEMENTWISE = """
    Absolute Abs Add Cast Celu Clip Cos Divide Elu Exp Expm1 Gelu HardSigmoid HardSilu HardTanh Identity LeakyRelu Log
    Log1p LogSigmoid Maximum Minimum Mish Multiply Negative Power Relu Relu6 Rsqrt Selu Sigmoid Sign Silu Sin Softplus
    Softsign Sqrt Square Squareplus Subtract Tanh TrueDivide Where
""".split()

# Functions of keras.ops, by the name of the operation that they leave in a graph.
_OPERATIONS: dict[str, Rule] = {
    **dict.fromkeys(_ELEMENTWISE, _elementwise),
    **dict.fromkeys(["Max", "Mean", "Min", "Prod", "Std", "Sum", "Var"], _reduction),
    **dict.fromkeys(["ExpandDims", "Reshape", "Squeeze"], _reshaped),
    **dict.fromkeys(["LogSoftmax", "Softmax"], _mixing(_normalised_axes)),
    "Concatenate": _concatenate,
    "GetItem": _indexed,
    "Transpose": _permuted,
}
