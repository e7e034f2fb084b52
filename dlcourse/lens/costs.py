"""What a network costs: parameters, multiply-adds and the memory of its activations, layer by layer.

Multiply-adds are counted as papers count them: the products of convolutions, dense layers, recurrent cells and
attention, for one example, one product with its sum as one. Biases, activations, normalisation, pooling and
element-wise arithmetic count as nothing, products with the zeros of a padding count in full.

Memory is what the outputs of the layers take for one example, in their own dtype. Training keeps the input and every
output until the way back. Inference keeps a tensor until its last reader has run. No layer works in place, and
weights, optimiser and a backend's scratch space are not part of it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import keras

from dlcourse.errors import CourseError
from dlcourse.lens.checks import built_model
from dlcourse.lens.graph import Graph, Shape, graph_of
from dlcourse.lens.multiply_adds import multiply_adds
from dlcourse.lens.table import Table, column


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one layer costs; of the totals, parameters and multiply-adds are sums.

    `training_bytes` is what the layer's outputs take, the total their sum with the input. `inference_bytes` is what
    is alive while the layer runs, its inputs and outputs among it, the total the most at any time. A layer that is
    used again has its parameters at its first use. `multiply_adds` is None for a layer that cannot be seen into.
    """

    name: str
    kind: str
    output_shape: tuple[int, ...] | None = column("output shape", join=" × ")
    trainable: int
    non_trainable: int = column("not trainable")
    multiply_adds: int | None = column("multiply-adds")
    training_bytes: int = column("training (bytes)")
    inference_bytes: int = column("inference (bytes)")

    @property
    def parameters(self) -> int:
        """All parameters, trainable or not."""
        return self.trainable + self.non_trainable


def cost(model: Any, input_shape: Sequence | None = None) -> Table[Cost]:
    """What each layer of a model costs for one example, and all together.

    Args:
        model: A built Keras model: Sequential or Functional, with branches, shared layers and nested models.
        input_shape: The shape of one example, without the batch axis, where the model leaves it open. For a model
            with several inputs, a list with a shape for each.

    Returns:
        A table with a record for each layer and their `total`.

    Raises:
        CourseError: If a size is open, or the model does not take the shape.

    Example:
        >>> cost(keras.applications.MobileNet(weights=None)).total.multiply_adds
        568740352
    """
    shapes = _input_shapes(built_model(model), input_shape)
    graph = graph_of(model, shapes)
    alive = _alive(graph)
    counted: set[int] = set()
    records = []
    for step, live in zip(graph.steps, alive, strict=True):
        weights = [w for w in getattr(step.operation, "weights", ()) if id(w) not in counted]
        counted.update(map(id, weights))
        trainable = sum(prod(w.shape) for w in weights if _is_trained(step.operation, w))
        records.append(
            Cost(
                name=step.name,
                kind=step.kind,
                output_shape=tuple(step.outputs[0].shape[1:]),
                trainable=trainable,
                non_trainable=sum(prod(w.shape) for w in weights) - trainable,
                multiply_adds=multiply_adds(step),
                training_bytes=sum(map(_bytes, step.outputs)),
                inference_bytes=live,
            )
        )
    return Table(records, _total(graph, records))


def _total(graph: Graph, records: list[Cost]) -> Cost:
    known = [record.multiply_adds for record in records if record.multiply_adds is not None]
    return Cost(
        name="total",
        kind="",
        output_shape=None,
        trainable=sum(record.trainable for record in records),
        non_trainable=sum(record.non_trainable for record in records),
        multiply_adds=sum(known) if len(known) == len(records) else None,
        training_bytes=sum(map(_bytes, graph.inputs)) + sum(record.training_bytes for record in records),
        inference_bytes=max((record.inference_bytes for record in records), default=0),
    )


def _is_trained(layer: Any, weight: Any) -> bool:
    return any(weight is trainable for trainable in layer.trainable_weights)


def _alive(graph: Graph) -> list[int]:
    """The bytes of the tensors that are alive while each step runs."""
    readers = Counter(id(tensor) for step in graph.steps for tensor in step.inputs)
    readers.update(id(tensor) for tensor in graph.outputs)  # a result is kept to the end
    live = {id(tensor): _bytes(tensor) for tensor in graph.inputs}
    alive = []
    for step in graph.steps:
        live.update({id(tensor): _bytes(tensor) for tensor in step.outputs})
        alive.append(sum(live.values()))
        for tensor in step.inputs:
            readers[id(tensor)] -= 1
        for tensor in (*step.inputs, *step.outputs):
            if readers[id(tensor)] <= 0:
                live.pop(id(tensor), None)
    return alive


def _bytes(tensor: keras.KerasTensor) -> int:
    """What a tensor takes for one example."""
    if None in tensor.shape[1:]:
        raise CourseError(
            f"A tensor of shape {tuple(tensor.shape[1:])} has an open size, so it has no cost: "
            "say for what input, as in cost(model, input_shape=(224, 224, 3))."
        )
    bits = re.search(r"\d+", tensor.dtype)  # bool has none in its name and takes a byte
    return prod(tensor.shape[1:]) * (int(bits.group()) // 8 if bits else 1)


def _input_shapes(model: keras.Model, input_shape: Sequence | None) -> list[Shape] | None:
    """The shapes to assume, each with a batch axis; None for the model's own."""
    if input_shape is None:
        return None
    inputs = getattr(model, "inputs", None) or []
    is_list = len(input_shape) > 0 and all(isinstance(entry, Sequence) for entry in input_shape)
    shapes = [tuple(shape) for shape in input_shape] if is_list else [tuple(input_shape)]
    if len(shapes) != len(inputs) and inputs:
        raise CourseError(
            f"The model {model.name!r} has {len(inputs)} inputs, but `input_shape` has {len(shapes)} shapes: "
            "give a list with a shape for each input."
        )
    for shape, tensor in zip(shapes, inputs, strict=False):
        if any(isinstance(n, bool) or not isinstance(n, int) or n < 1 for n in shape):
            raise CourseError(
                f"`input_shape` must hold whole numbers from 1 on, without the batch axis, as in (224, 224, 3), "
                f"but it is {shape}."
            )
        expected = tuple(tensor.shape[1:])
        if len(shape) != len(expected) or any(e not in (None, n) for n, e in zip(shape, expected, strict=True)):
            raise CourseError(
                f"`input_shape` is {shape}, but the model {model.name!r} takes {expected} without the batch."
            )
    return [(None, *shape) for shape in shapes]
