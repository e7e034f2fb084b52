"""A walk over any Keras model: its operations in order, nested models opened, every tensor with its shape.

Keras keeps this graph in `Function._nodes_by_depth`. That is its own affair, so nothing but this file touches it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import keras

from dlcourse.errors import CourseError
from dlcourse.lens.checks import built_model

Shape = tuple[int | None, ...]


@dataclass(frozen=True, eq=False)
class Step:
    """One use of an operation. Tensors are told apart by identity, so a shared layer has a step for each use."""

    name: str  # "outer/inner" for a layer of a nested model, "name#2" for the second use of a layer
    operation: Any  # a keras.Layer, or what a function of keras.ops stands for
    inputs: tuple[keras.KerasTensor, ...]
    outputs: tuple[keras.KerasTensor, ...]
    arguments: tuple[tuple, dict]  # all that the operation was called with: tensors, variables, settings

    @property
    def kind(self) -> str:
        """The operation's class, as in "Conv2D"."""
        return type(self.operation).__name__


@dataclass(frozen=True, eq=False)
class Graph:
    """The steps of a model in an order in which they can run."""

    inputs: tuple[keras.KerasTensor, ...]
    steps: tuple[Step, ...]
    outputs: tuple[keras.KerasTensor, ...]


def graph_of(model: Any, input_shapes: Sequence[Shape] | None = None) -> Graph:
    """The graph of a model, with nested models opened in their place.

    Args:
        model: A built Keras model, Sequential or Functional, with any nesting, branches and shared layers.
        input_shapes: For each input the shape to assume, with the batch axis; None for the model's own.

    Returns:
        The graph. Its tensors are new: they carry shape and dtype, and no history.

    Raises:
        CourseError: If the model is a class of its own, whose inside cannot be seen, or does not take the shapes.

    Example:
        >>> [step.name for step in graph_of(model).steps]
        ['conv', 'backbone/conv1', 'backbone/relu', 'dense']
    """
    function = _function(built_model(model))
    if function is None:
        raise CourseError(
            f"The inside of the model {model.name!r} cannot be seen, because it is a class of its own: "
            "rebuild it from symbolic inputs, as in x = keras.Input((28, 28, 1)); keras.Model(x, model.call(x))."
        )
    shapes = input_shapes or [tensor.shape for tensor in function.inputs]
    inputs = tuple(keras.KerasTensor(s, dtype=t.dtype) for s, t in zip(shapes, function.inputs, strict=True))
    outputs: list[keras.KerasTensor] = []
    try:
        steps = tuple(_numbered(_walk(function, inputs, "", outputs)))
    except ValueError as error:
        if input_shapes is None or isinstance(error, CourseError):
            raise
        reason = str(error).splitlines()[0]
        raise CourseError(f"The model {model.name!r} cannot take the shape {shapes[0][1:]}: {reason}") from error
    return Graph(inputs, steps, tuple(outputs))


def inside(step: Step) -> Graph | None:
    """The graph inside a layer that is not Keras' own, as far as it is made of layers and `keras.ops`.

    Args:
        step: A step of a graph.

    Returns:
        What the layer's `call` does to tensors of these shapes; None where that cannot be seen.
    """
    layer = step.operation
    if not isinstance(layer, keras.Layer) or type(layer).__module__.startswith("keras.src.layers."):
        return None
    # a batch of one, because `call` may need the number, as in broadcasting a token to each sequence
    shapes = {id(tensor): (tensor.shape[0] or 1, *tensor.shape[1:]) for tensor in step.inputs}
    fresh = {id(tensor): keras.KerasTensor(shapes[id(tensor)], dtype=tensor.dtype) for tensor in step.inputs}
    args, kwargs = keras.tree.map_structure(lambda leaf: fresh.get(id(leaf), leaf), step.arguments)
    try:
        function = keras.Function(list(fresh.values()), layer.call(*args, **kwargs))
    except (TypeError, ValueError, AttributeError, NotImplementedError):
        return None  # `call` needs true arrays, for instance because it uses a backend's own functions
    outputs: list[keras.KerasTensor] = []
    inputs = tuple(fresh.values())
    return Graph(inputs, tuple(_numbered(_walk(function, inputs, f"{step.name}/", outputs))), tuple(outputs))


def _function(model: Any) -> Any:
    """The function that a model is, or None for a class of its own; a Sequential holds its function inside."""
    function = getattr(model, "_functional", None) or model
    return function if isinstance(function, keras.Function) else None


def _walk(
    function: Any, inputs: Sequence[keras.KerasTensor], prefix: str, outputs: list[keras.KerasTensor]
) -> Iterator[Step]:
    """The steps of a function on these inputs; its outputs are added to the list."""
    tensors = {id(placeholder): tensor for placeholder, tensor in zip(function.inputs, inputs, strict=True)}
    for depth in sorted(function._nodes_by_depth, reverse=True):
        for node in function._nodes_by_depth[depth]:
            if node.is_input or any(id(tensor) not in tensors for tensor in node.input_tensors):
                continue
            operation = node.operation
            arguments = node.arguments.fill_in(tensors)
            node_inputs = tuple(tensors[id(tensor)] for tensor in node.input_tensors)
            results: list[keras.KerasTensor] = []
            nested = _function(operation)
            if nested is not None:
                yield from _walk(nested, node_inputs, f"{prefix}{operation.name}/", results)
            else:
                results = _results(node, arguments, node_inputs)
                yield Step(f"{prefix}{operation.name}", operation, node_inputs, tuple(results), arguments)
            tensors.update({id(output): result for output, result in zip(node.outputs, results, strict=True)})
    outputs.extend(tensors[id(tensor)] for tensor in function.outputs)


def _results(node: Any, arguments: tuple[tuple, dict], inputs: Sequence[keras.KerasTensor]) -> list[keras.KerasTensor]:
    """New tensors for what a node returns; shapes are worked out again only where the inputs have others."""
    outputs = node.outputs
    if any(new.shape != old.shape for new, old in zip(inputs, node.input_tensors, strict=True)):
        args, kwargs = arguments
        outputs = keras.tree.flatten(node.operation.compute_output_spec(*args, **kwargs))
    return [keras.KerasTensor(tensor.shape, dtype=tensor.dtype) for tensor in outputs]


def _numbered(steps: Iterator[Step]) -> Iterator[Step]:
    """The steps, with "#2", "#3" ... after the name of a layer that is used again."""
    uses: Counter[str] = Counter()
    for step in steps:
        uses[step.name] += 1
        suffix = f"#{uses[step.name]}" if uses[step.name] > 1 else ""
        yield Step(step.name + suffix, step.operation, step.inputs, step.outputs, step.arguments)
