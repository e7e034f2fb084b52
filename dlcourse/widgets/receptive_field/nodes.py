"""A network as its units read: what each unit of a layer takes from the layers before it, along rows and columns.

An edited stack and a learner's model become the same list of nodes, so that one drawing serves both. The numbers are
those of `dlcourse.lens.reach`; the browser computes a stack's nodes itself, and a test holds the two together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from dlcourse.errors import CourseError
from dlcourse.lens.convolution import convolution_output, padding_amounts
from dlcourse.lens.reach import Field, Line, Reach, window

CONVOLUTION, POOLING = "convolution", "pooling"
_SAME_PLACE = Reach(((0,),), 1)
_MOST_NODES = 400  # a drawing with more lines shows nothing any more


@dataclass(frozen=True, eq=False)
class Node:
    """The units of one layer.

    Attributes:
        name: What to call it.
        kind: "input", "convolution", "pooling" or a Keras layer's class.
        inputs: The nodes that it reads, by their position in the list.
        size: Its rows and columns.
        reaches: What its units read of the inputs, along rows and along columns; None where they read all.
        lines: What its units see of the network's input, along rows and columns; None where they see all.
    """

    name: str
    kind: str
    inputs: tuple[int, ...]
    size: tuple[int, int]
    reaches: tuple[Reach | None, Reach | None]
    lines: tuple[Line | None, Line | None]

    @property
    def numbers(self) -> list[tuple[int | None, int | float | None, int | None]]:
        """Along rows and columns: how much a unit sees, the step to its neighbour's, and the first that unit 0 sees."""
        return [(None, None, None) if line is None else (line.size, line.stride, line.offset) for line in self.lines]

    def to_browser(self) -> dict[str, Any]:
        """What travels to the browser."""
        field, jump, start = zip(*self.numbers, strict=True)
        reaches = [None if reach is None else {"taps": reach.taps, "step": reach.step} for reach in self.reaches]
        return {
            "name": self.name,
            "kind": self.kind,
            "inputs": self.inputs,
            "size": self.size,
            "reach": reaches,
            "field": field,
            "jump": jump,
            "start": start,
            "even": [line is None or len(line.first) == 1 for line in self.lines],
        }


def input_node(size: tuple[int, int]) -> Node:
    """The input, where each unit sees itself."""
    return Node("input", "input", (), size, (_SAME_PLACE, _SAME_PLACE), (Line.of_input(), Line.of_input()))


def stack_nodes(layers: Sequence[dict[str, Any]], size: tuple[int, int]) -> tuple[list[Node], str]:
    """The nodes of a stack of layers.

    Args:
        layers: Each with kind, kernel, stride, padding ("valid", "same" or a number of zeros) and dilation.
        size: The input's rows and columns.

    Returns:
        The input and as many layers as fit, and a sentence about the first that does not fit, or "".

    Example:
        >>> nodes, trouble = stack_nodes(LAYERS, (96, 96))
    """
    nodes = [input_node(size)]
    for number, layer in enumerate(layers, start=1):
        before = nodes[-1]
        settings = {name: layer[name] for name in ("kernel", "stride", "padding", "dilation")}
        try:
            output = convolution_output(before.size, **settings)
        except CourseError as error:
            return nodes, f"Layer {number}: {error}"
        starts = [start for start, _ in padding_amounts(before.size, **settings)]
        reaches = [window(layer["kernel"], layer["stride"], start, layer["dilation"]) for start in starts]
        name = f"{layer['kind']} {layer['kernel']} × {layer['kernel']}"
        nodes.append(_node(name, layer["kind"], (number - 1,), output, (reaches[0], reaches[1]), nodes))
    return nodes, ""


def model_nodes(model: Any, size: tuple[int, int]) -> list[Node]:
    """The nodes of a Keras model: its input, layers with a window or a kernel, and where branches meet.

    Layers that read just the unit of their own place, such as batch normalisation, are left out.

    Args:
        model: A built Keras model with one input, for pictures or sequences; it may branch and nest.
        size: Rows and columns to assume where the model leaves them open.

    Returns:
        The nodes; a sequence has one row.

    Raises:
        CourseError: If the model is unsuited, or how far a layer reads is not known.
    """
    from dlcourse.lens.checks import single_input
    from dlcourse.lens.graph import graph_of
    from dlcourse.lens.receptive import receptive_fields

    fields = receptive_fields(model)  # complains of all that has no receptive field
    shape = tuple(single_input(model).shape)
    count = len(fields[0].size)
    if count > 2:
        raise CourseError(f"The model's input has {count} axes with places, but a picture has two: take another model.")
    axes = _spatial_axes(shape, count)
    assumed = dict(zip(axes, size[-count:], strict=True))
    graph = graph_of(model, [tuple(length or assumed.get(axis) for axis, length in enumerate(shape))])
    sizes = [graph.inputs[0].shape[axis] for axis in axes]
    walk = _Walk(input_node((1, sizes[0]) if count == 1 else (sizes[0], sizes[1])))
    walk.follow(graph, [(0, tuple(Field(frozenset({axis}), Line.of_input()) for axis in axes))])
    if len(walk.nodes) > _MOST_NODES:
        raise CourseError(
            f"The model has {len(walk.nodes)} layers to draw, but {_MOST_NODES} are the most that can be told apart: "
            "take a part of it, as in keras.Model(model.input, model.layers[50].output)."
        )
    return walk.nodes


def units_seen(nodes: Sequence[Node], target: int, unit: tuple[int, int]) -> list[tuple[list[int], list[int]]]:
    """Which units of every node one unit sees, itself among them: their rows and their columns.

    Example:
        >>> units_seen(nodes, 3, (5, 5))[0]
        ([2, 3, 4, 5, 6, 7, 8], [2, 3, 4, 5, 6, 7, 8])
    """
    rows, columns = (_along(nodes, target, axis, unit[axis]) for axis in (0, 1))
    return list(zip(rows, columns, strict=True))


def _along(nodes: Sequence[Node], target: int, axis: int, unit: int) -> list[list[int]]:
    marks: list[set[int]] = [set() for _ in nodes]
    marks[target].add(unit)
    for node, units in zip(nodes[target:0:-1], marks[target:0:-1], strict=True):
        reach = node.reaches[axis]
        for source in node.inputs if units else ():
            length = nodes[source].size[axis]
            if reach is None:
                marks[source].update(range(length))
                continue
            for again, pattern in (divmod(number, len(reach.taps)) for number in units):
                places = (tap + again * reach.step for tap in reach.taps[pattern])
                marks[source].update(at for at in places if 0 <= at < length)
    return [sorted(units) for units in marks]


def _node(
    name: str,
    kind: str,
    inputs: tuple[int, ...],
    size: tuple[int, int],
    reaches: tuple[Reach | None, Reach | None],
    nodes: Sequence[Node],
) -> Node:
    def line(axis: int) -> Line | None:
        before = [nodes[source].lines[axis] for source in inputs]
        reach = reaches[axis]
        lines = [source_line for source_line in before if source_line is not None]
        if reach is None or len(lines) < len(before):
            return None
        return reduce(Line.union, lines).through(reach, None)

    return Node(name, kind, inputs, size, reaches, (line(0), line(1)))


def _spatial_axes(shape: tuple[int | None, ...], count: int) -> list[int]:
    """The axes of the input along which its units have neighbours."""
    from dlcourse.lens.forward import channel_axis

    if count == len(shape) - 1:
        return list(range(1, len(shape)))  # pictures and tokens that get their channels from the first layer
    channels = channel_axis([size or 0 for size in shape])
    return [axis for axis in range(1, len(shape)) if axis != channels]


_Place = tuple[int, tuple[Field, ...]]  # where a tensor's units are: their node, and how they lie in the tensor


class _Walk:
    """The nodes of a model, met step by step."""

    def __init__(self, first: Node) -> None:
        self.nodes = [first]

    def follow(self, graph: Any, inputs: list[_Place]) -> list[_Place]:
        """Adds the nodes of a graph, and tells where its outputs are."""
        places = {id(tensor): place for tensor, place in zip(graph.inputs, inputs, strict=True)}
        for step in graph.steps:
            place = self._after(step, [places[id(tensor)] for tensor in step.inputs])
            places |= {id(tensor): place for tensor in step.outputs}
        return [places[id(tensor)] for tensor in graph.outputs]

    def _after(self, step: Any, places: list[_Place]) -> _Place:
        from dlcourse.lens.graph import inside
        from dlcourse.lens.layer_reach import fields_after

        # each layer alone, as if what it reads were the network's input
        alone = [tuple(replace(field, line=field.line and Line.of_input()) for field in fields) for _, fields in places]
        fields = fields_after(step, alone)
        if fields is None:
            inner = inside(step)
            assert inner is not None  # receptive_fields has looked inside before
            return self.follow(inner, places)[0]
        sources = tuple(dict.fromkeys(node for node, _ in places))
        reaches = [_reach(step, axis, field) for axis, field in enumerate(fields)]
        if not all(field.placed for field in fields) or self._adds_nothing(step, sources, reaches):
            return sources[0], fields
        shape = step.outputs[0].shape
        sizes = [shape[min(field.axes)] if field.line else 1 for field in fields]
        if len(fields) == 1:
            reaches, sizes = [_SAME_PLACE, *reaches], [1, *sizes]
        node = _node(step.name, step.kind, sources, (sizes[0], sizes[1]), (reaches[0], reaches[1]), self.nodes)
        self.nodes.append(node)
        return len(self.nodes) - 1, fields

    def _adds_nothing(self, step: Any, sources: tuple[int, ...], reaches: list[Reach | None]) -> bool:
        lines = [line for source in sources for line in self.nodes[source].lines[-len(reaches) :]]
        if not any(lines):
            return True  # whoever reads units that see all sees all
        if len(sources) > 1 or "Conv" in step.kind:
            return False
        pairs = zip(reaches, lines, strict=True)
        return all(line is None or (reach is not None and reach.one_to_one) for reach, line in pairs)


def _reach(step: Any, axis: int, field: Field) -> Reach | None:
    """What a layer reads along an axis, from what its units see of its own input."""
    if field.line is None:
        return None
    spread = getattr(step.operation, "dilation_rate", 1)
    spread = spread if isinstance(spread, int) else spread[axis]
    holes = 1 if "Transpose" in step.kind else spread
    ends = zip(field.line.first, field.line.last, strict=True)
    taps = tuple(() if first > last else tuple(range(int(first), int(last) + 1, holes)) for first, last in ends)
    assert field.line.step is not None  # endless, as what it was made from
    return Reach(taps, field.line.step)
