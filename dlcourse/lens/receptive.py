"""Receptive fields: what part of the input a unit of a layer can see, by arithmetic alone.

For a convolution or pooling with kernel k, dilation d, stride s and p zeros before its input, along each axis:

    size    r' = r + (k - 1) * d * j        inputs from the first to the last that a unit sees
    stride  j' = j * s                      inputs between what neighbouring units see
    offset  a' = a - p * j                  the first input that unit 0 sees; negative in the padding

starting from r = 1, j = 1, a = 0 (Araujo, Norris, Sim: Computing Receptive Fields of Convolutional Neural Networks,
Distill 2019, doi 10.23915/distill.00021). Where branches meet, a unit sees the union. `reach.py` holds the same
recurrences for every unit one by one, which transposed convolution and up-sampling ask for.

The size is that of a unit far from all borders, so it may exceed the input. A field with holes (dilation) counts from
its first to its last input. Numbers are those of the network at rest: dropout passes all, batch normalisation has
constants. Recurrent layers, attention and group normalisation count as seeing the whole axis.

An implementation's "same" padding shifts the offset and leaves size and stride alone; where it puts a stride changes
the size: Keras' ResNet50 strides in the first 1x1 convolution of a stage, which gives 483; the variant that strides
in the 3x3 convolution sees only 427, because the 3x3 then acts before the stride.
"""

from dataclasses import dataclass
from typing import Any

import keras

from dlcourse.errors import CourseError
from dlcourse.lens.checks import layer_of, layer_paths, single_input
from dlcourse.lens.graph import Graph, Step, graph_of, inside
from dlcourse.lens.layer_reach import Fields, fields_after
from dlcourse.lens.reach import Field, Line
from dlcourse.lens.table import Table, column


@dataclass(frozen=True, kw_only=True)
class LayerField:
    """What a unit of a layer sees of the input, with a number for each spatial axis.

    Where the units of a layer differ, as after a transposed convolution, the size is that of those that see most, and
    the stride is an average. A stride of None: units have no place along this axis any more. With it an offset of 0
    says that all see the whole axis, its size None if the model leaves that open; an offset of None that each still
    sees a part of this size, as after a Flatten.
    """

    name: str
    kind: str
    size: tuple[int | None, ...] = column("size", join=" × ")
    stride: tuple[int | float | None, ...] = column("stride", join=" × ")
    offset: tuple[int | None, ...]

    @property
    def whole(self) -> tuple[bool, ...]:
        """Along which axes every unit sees the whole input."""
        return tuple(s is None and at == 0 for s, at in zip(self.stride, self.offset, strict=True))

    @property
    def centre(self) -> tuple[float | None, ...]:
        """Where the middle of unit 0's field lies, in inputs, along each axis."""
        pairs = zip(self.size, self.offset, strict=True)
        return tuple(None if size is None or at is None else at + (size - 1) / 2 for size, at in pairs)


def receptive_fields(model: Any) -> Table[LayerField]:
    """What a unit of each layer sees of the input.

    Args:
        model: A built Keras model with one input that has at least one spatial axis: Sequential or Functional, with
            branches, shared layers and nested models. Where it leaves a size open, "same" padding with a stride is
            worked out for a multiple of the stride.

    Returns:
        A table with a record for each layer, in the order in which they run.

    Raises:
        CourseError: If the model is unsuited, or how far a layer reads is not known.

    Example:
        >>> receptive_fields(keras.applications.VGG16(weights=None))["block5_pool"].size
        (212, 212)
    """
    sight = _Sight(model)
    return Table(sight.record(step) for step in sight.graph.steps)


def receptive_field(model: Any, layer: Any = None) -> LayerField:
    """What a unit of one layer sees of the input.

    Args:
        model: As in `receptive_fields`. Unknown layers matter only if the layer reads them.
        layer: A layer's name, position or the layer itself, "outer/inner" for one of a nested model; for a nested
            model its last layer. None for the last layer whose units have a place in the input.

    Returns:
        The record.

    Raises:
        CourseError: If the model is unsuited, has no such layer, or how far a layer on the way reads is not known.

    Example:
        >>> receptive_field(model, "conv2").stride
        (2, 2)
    """
    sight = _Sight(model)
    if layer is not None:
        return sight.record(sight.step_of(layer))
    records = [sight.record(step) for step in sight.graph.steps]
    placed = [record for record in records if any(stride is not None for stride in record.stride)]
    return (placed or records)[-1]


def receptive_interval(model: Any, layer: Any, unit: int | tuple[int, ...]) -> tuple[tuple[int, int] | None, ...]:
    """The first and the last input that one unit sees along each axis; only inputs that exist, no padding.

    Args:
        model: As in `receptive_fields`, with an input of known size.
        layer: As in `receptive_field`.
        unit: The unit's position along the spatial axes, from 0 on.

    Returns:
        A pair for each spatial axis; None where the unit sees nothing but padding or gaps.

    Raises:
        CourseError: As `receptive_field`, or if the layer has no such unit or its units have no place.

    Example:
        >>> receptive_interval(model, "conv2", (0, 10))
        ((0, 7), (20, 27))
    """
    sight = _Sight(model, to_the_borders=True)
    step = sight.step_of(layer)
    fields = sight.fields(step)
    position = (unit,) * len(fields) if isinstance(unit, int) else tuple(unit)
    if len(position) != len(fields):
        raise CourseError(f"`unit` must have {len(fields)} numbers, one for each spatial axis, but it is {unit!r}.")
    pairs = zip(fields, position, sight.sizes, strict=True)
    return tuple(_interval(step, field, at, size) for field, at, size in pairs)


def _interval(step: Step, field: Field, unit: int, size: int | None) -> tuple[int, int] | None:
    if size is None:
        raise CourseError(
            "What a unit at the border sees depends on the input's size: give the model's Input a full shape."
        )
    if field.line is None:
        return 0, size - 1
    if not field.placed:
        raise CourseError(f"The units of {step.name!r} are out of their line: ask for a layer before the reshape.")
    if not 0 <= unit < len(field.line.first):
        raise CourseError(f"There is no unit {unit}: {step.name!r} has {len(field.line.first)}, counted from 0.")
    return field.line.interval(unit)


class _Sight:
    """What the units of every tensor in a model's graph see, or the error that keeps it from being known."""

    def __init__(self, model: Any, to_the_borders: bool = False) -> None:
        tensor = single_input(model)
        self.model = model
        self.graph = graph_of(model)
        axes = _spatial_axes(self.graph, tensor)
        self.sizes = [tensor.shape[axis] for axis in axes]
        lines = [Line.of_input(size if to_the_borders else None) for size in self.sizes]
        fields = tuple(Field(frozenset({axis}), line) for axis, line in zip(axes, lines, strict=True))
        self._by_tensor: dict[int, Fields | CourseError] = {id(self.graph.inputs[0]): fields}
        _look(self.graph, self._by_tensor)

    def fields(self, step: Step) -> Fields:
        fields = self._by_tensor[id(step.outputs[0])]
        if isinstance(fields, CourseError):
            raise fields
        return fields

    def record(self, step: Step) -> LayerField:
        parts = [_facts(field, size) for field, size in zip(self.fields(step), self.sizes, strict=True)]
        size, stride, offset = zip(*parts, strict=True)
        return LayerField(name=step.name, kind=step.kind, size=size, stride=stride, offset=offset)

    def step_of(self, layer: Any) -> Step:
        """The step of a layer, of a function of keras.ops by its name, or the last one of a nested model."""
        if isinstance(layer, str):
            steps = [step for step in self.graph.steps if step.name == layer]
            if steps:
                return steps[0]
        target = layer_of(self.model, layer)
        paths = [path for path, candidate in layer_paths(self.model).items() if candidate is target]
        inner = [s for s in self.graph.steps if s.operation is target or s.name.startswith(f"{paths[0]}/")]
        if not inner:
            raise CourseError(f"The layer {target.name!r} is the input itself: ask for a layer behind it.")
        return inner[-1] if isinstance(target, keras.Model) else inner[0]


def _spatial_axes(graph: Graph, tensor: keras.KerasTensor) -> list[int]:
    """The axes of the input along which units have neighbours: all but batch and channels.

    An input that first of all gets an axis more (28 × 28 pictures, numbers of tokens) comes without channels.
    """
    rank = len(tensor.shape)
    first = next((step for step in graph.steps if any(tensor is graph.inputs[0] for tensor in step.inputs)), None)
    if first and first.kind in ("Reshape", "Embedding", "ExpandDims") and len(first.outputs[0].shape) > rank:
        return list(range(1, rank))
    channels = 1 if keras.config.image_data_format() == "channels_first" else rank - 1
    axes = [axis for axis in range(1, rank) if axis != channels]
    if not axes:
        raise CourseError(
            f"The model's input of shape {tensor.shape[1:]} has no spatial axis, so every unit sees all of it: "
            "receptive fields are for sequences (length, channels) and pictures (height, width, channels)."
        )
    return axes


def _look(graph: Graph, by_tensor: dict[int, Fields | CourseError]) -> None:
    """Work out what all tensors of a graph see, from what its inputs see."""
    for step in graph.steps:
        inputs = [by_tensor[id(tensor)] for tensor in step.inputs]
        errors = [fields for fields in inputs if isinstance(fields, CourseError)]
        known = [fields for fields in inputs if not isinstance(fields, CourseError)]
        result: Fields | CourseError
        try:
            result = errors[0] if errors else _after(step, known)
        except CourseError as error:
            result = error  # told when somebody asks for this layer or one behind it
        by_tensor.update({id(tensor): result for tensor in step.outputs})


def _after(step: Step, inputs: list[Fields]) -> Fields:
    fields = fields_after(step, inputs)
    if fields is not None:
        return fields
    inner = inside(step)
    if inner is None:
        raise CourseError(
            f"How far {step.name!r} reads is not known, because {step.kind} is no layer that this lens has learnt: "
            "ask for a layer before it."
        )
    by_tensor: dict[int, Fields | CourseError] = {id(t): known for t, known in zip(inner.inputs, inputs, strict=True)}
    _look(inner, by_tensor)
    result = by_tensor[id(inner.outputs[0])]
    if isinstance(result, CourseError):
        raise result
    return result


def _facts(field: Field, input_size: int | None) -> tuple[int | None, int | float | None, int | None]:
    """Size, stride and offset along one axis."""
    if field.line is None:
        return input_size, None, 0
    if not field.placed:
        return field.line.size, None, None
    return field.line.size, field.line.stride, field.line.offset
