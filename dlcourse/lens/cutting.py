"""Which parts a network has, and what can be cut of each."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import keras

from dlcourse.errors import CourseError, unknown
from dlcourse.lens.checks import single_input
from dlcourse.lens.cuts import KINDS, NUMBERED, Cut, Part
from dlcourse.lens.forward import channel_axis
from dlcourse.lens.graph import Graph, Step, graph_of

_MEETING = ("Add", "Concatenate")  # layers, or functions of keras.ops such as x + y


def parts_of(model: Any) -> list[Part]:
    """The parts of a network in the order in which they run, and what can be cut of each.

    Args:
        model: A built Keras model with one input and one output: Sequential or Functional, branched or nested.

    Raises:
        CourseError: If the model's inside cannot be seen, or it has several inputs or outputs.

    Example:
        >>> [(part.name, part.kinds) for part in parts_of(model)[:2]]
        [('conv1', ('zero', 'unit')), ('pool1', ('zero',))]
    """
    graph = graph_to_cut(model)
    places = {id(tensor): -1 for tensor in graph.inputs}
    parts = []
    for place, step in enumerate(graph.steps):
        parts.append(_part(step, graph, tuple(places[id(tensor)] for tensor in step.inputs)))
        places |= {id(tensor): place for tensor in step.outputs}
    return parts


def graph_to_cut(model: Any) -> Graph:
    """The graph of a model, if it has one input and one output."""
    single_input(model)
    graph = graph_of(model)
    if len(graph.outputs) != 1:
        raise CourseError(
            f"The model {model.name!r} has {len(graph.outputs)} outputs, but this works with one: "
            "take the part that leads to one of them, as in keras.Model(model.input, model.outputs[0])."
        )
    return graph


def cuts_by_layer(model: Any, cuts: Iterable[Cut]) -> dict[str, list[Cut]]:
    """The cuts of each layer that has some.

    Raises:
        CourseError: If a cut is not possible; the sentence says what is.

    Example:
        >>> cuts_by_layer(model, [Cut("conv1", "unit", 3)])
        {'conv1': [Cut(layer='conv1', kind='unit', number=3)]}
    """
    parts = {part.name: part for part in parts_of(model)}
    by_layer: dict[str, list[Cut]] = defaultdict(list)
    for cut in dict.fromkeys(cuts):
        if cut.layer not in parts:
            raise unknown("layer to cut", cut.layer, parts)
        _refuse_impossible(cut, parts[cut.layer])
        by_layer[cut.layer].append(cut)
    for name, together in by_layer.items():
        if sum(cut.kind == "input" for cut in together) == len(parts[name].inputs):
            raise CourseError(f'Without its {len(together)} inputs nothing is left of {name!r}: cut it as "zero".')
    return dict(by_layer)


def _refuse_impossible(cut: Cut, part: Part) -> None:
    if cut.kind not in KINDS:
        raise unknown("kind of cut", cut.kind, KINDS)
    if cut.kind not in part.kinds:
        reason = part.no_identity if cut.kind == "identity" else ""
        reason = reason or part.why or f"a {part.kind} has no {cut.kind}s that can be cut"
        kinds = " or ".join(f'"{kind}"' for kind in part.kinds)
        instead = f" It can be cut as {kinds}." if kinds else ""
        raise CourseError(f'{part.name!r} cannot be cut as "{cut.kind}": {reason}.{instead}')
    if cut.kind in NUMBERED:
        count = part.count(cut.kind)
        if isinstance(cut.number, bool) or not isinstance(cut.number, int) or not 0 <= cut.number < count:
            raise CourseError(
                f"There is no {cut.kind} {cut.number!r} in {part.name!r}: it has {count}, "
                f"counted from 0 to {count - 1}."
            )


def _part(step: Step, graph: Graph, inputs: tuple[int, ...]) -> Part:
    answers = any(tensor is graph.outputs[0] for tensor in step.outputs)
    why = "it puts out the answer" if answers else _why_not(step)
    no_identity = "" if why else _why_no_identity(step)
    kinds = [] if why else ["zero"] if no_identity else ["identity", "zero"]
    meets = step.kind in _MEETING and len(inputs) > 1 and len(step.outputs) == 1
    units, heads = (0, 0) if why else (_units(step), _heads(step.operation))
    kinds += ["input"] * meets + ["unit"] * (units > 0) + ["head"] * (heads > 0)
    shape = tuple(step.outputs[0].shape[1:])
    return Part(step.name, step.kind, inputs, shape, tuple(kinds), units, heads, why, no_identity)


def _why_not(step: Step) -> str:
    if len(step.outputs) != 1:
        return f"it puts out {len(step.outputs)} tensors"
    if not keras.backend.is_float_dtype(step.outputs[0].dtype):
        return f"it puts out {step.outputs[0].dtype}, not decimal numbers"
    if not step.inputs:
        return "it does not depend on the examples"
    return ""


def _why_no_identity(step: Step) -> str:
    source, output = step.inputs[0], step.outputs[0]
    if any(tensor is not source for tensor in step.inputs):
        return f"it takes {len(step.inputs)} different tensors"
    if source.shape != output.shape:
        return f"it is given {_size(source)} and puts out {_size(output)}"
    return "" if source.dtype == output.dtype else f"it is given {source.dtype} and puts out {output.dtype}"


def _size(tensor: keras.KerasTensor) -> str:
    return " × ".join("?" if length is None else str(length) for length in tensor.shape[1:])


def _units(step: Step) -> int:
    """The units of a layer that has weights to multiply with."""
    shape = step.outputs[0].shape
    multiplies = any(len(weight.shape) > 1 for weight in getattr(step.operation, "weights", ()))
    return (shape[channel_axis(shape)] or 0) if multiplies and len(shape) > 1 else 0


def _heads(layer: Any) -> int:
    if isinstance(layer, keras.layers.MultiHeadAttention):
        return int(layer.num_heads)
    return int(layer.num_query_heads) if isinstance(layer, keras.layers.GroupQueryAttention) else 0
