"""A network with parts of it removed, as a Keras model of its own."""

from collections.abc import Iterable, Sequence
from typing import Any

import keras
import numpy as np
from keras import layers

from dlcourse.lens.cuts import Cut
from dlcourse.lens.cutting import cuts_by_layer, graph_to_cut
from dlcourse.lens.forward import channel_axis
from dlcourse.lens.graph import Step


def without(model: Any, cuts: Iterable[Cut]) -> keras.Model:
    """A Functional model that is the same network but for what is cut.

    Nested models are opened in their place. What was not cut shares its weights with the model, which itself stays as
    it is; what has lost a head has weights of its own.

    Args:
        model: A built Keras model with one input and one output: Sequential or Functional, branched or nested.
        cuts: What is taken out; see Cut and `parts_of`.

    Returns:
        The model, not compiled.

    Raises:
        CourseError: If a cut is not possible; the sentence says what is.

    Example:
        >>> cut = without(model, [Cut("conv2", "zero"), Cut("conv1", "unit", 3)])
        >>> cut.compile(loss=model.loss, metrics=["accuracy"])
    """
    graph, by_layer = graph_to_cut(model), cuts_by_layer(model, cuts)
    (source,) = graph.inputs
    tensors: dict[int, Any] = {
        id(source): keras.Input(batch_shape=source.shape, dtype=source.dtype, name=model.inputs[0].name)
    }
    twins = _Twins()
    for step in graph.steps:
        args, kwargs = _filled(step.arguments, tensors)
        given = [tensors[id(tensor)] for tensor in step.inputs]
        together = by_layer.get(step.name, ())
        results = _results(step, together, twins.of(step), given, args, kwargs)
        tensors.update({id(output): result for output, result in zip(step.outputs, results, strict=True)})
    return keras.Model(tensors[id(source)], tensors[id(graph.outputs[0])], name=f"{model.name}_without")


def _filled(arguments: tuple[tuple, dict], tensors: dict[int, Any]) -> tuple[tuple, dict]:
    return keras.tree.map_structure(lambda leaf: tensors.get(id(leaf), leaf), arguments)


def _results(step: Step, cuts: Sequence[Cut], operation: Any, given: list, args: tuple, kwargs: dict) -> list:
    """What a step puts out with these cuts."""
    kinds = {cut.kind for cut in cuts}
    if "identity" in kinds:
        return [given[0]]
    if "input" in kinds:
        left_out = [cut.number for cut in cuts if cut.kind == "input"]
        results = [_met(step, operation, left_out, given, args, kwargs)]
    else:
        heads = [cut.number for cut in cuts if cut.kind == "head"]
        results = keras.tree.flatten((_headless(operation, heads) if heads else operation)(*args, **kwargs))
    name = operation.name
    if "zero" in kinds:
        return [_rescaled(results[0], 0.0, f"{name}_zero")]
    units = [cut.number for cut in cuts if cut.kind == "unit"]
    return [_muted(results[0], units, f"{name}_muted")] if units else results


def _met(step: Step, operation: Any, left_out: list[int], given: list, args: tuple, kwargs: dict) -> Any:
    """An addition or a concatenation without some of its inputs."""
    left = [tensor for number, tensor in enumerate(given) if number not in left_out]
    if step.kind == "Add" and all(tensor.shape == step.outputs[0].shape for tensor in given):
        return left[0] if len(left) == 1 else operation(left)
    # zeros keep the places of the others
    numbers = iter(range(len(given)))

    def replaced(leaf: Any) -> Any:
        if not isinstance(leaf, keras.KerasTensor):
            return leaf
        number = next(numbers)
        return _rescaled(leaf, 0.0, f"{operation.name}_zero_{number}") if number in left_out else leaf

    args, kwargs = keras.tree.map_structure(replaced, (args, kwargs))
    return operation(*args, **kwargs)


def _muted(tensor: Any, units: list[int], name: str) -> Any:
    """A tensor with zeros for some of its units."""
    axis = channel_axis(tensor.shape)
    scale = np.ones(tensor.shape[axis], "float32")
    scale[units] = 0
    if keras.config.image_data_format() == "channels_first":  # where a Rescaling counts on pictures
        return tensor * scale.reshape([-1 if place == axis else 1 for place in range(len(tensor.shape))])
    return _rescaled(tensor, scale.tolist(), name)


def _rescaled(tensor: Any, scale: Any, name: str) -> Any:
    """A tensor times numbers, which keeps the mask that belongs to it."""
    return layers.Rescaling(scale, name=name, dtype=tensor.dtype)(tensor)


def _headless(layer: Any, heads: list[int]) -> Any:
    """A copy of an attention layer whose output kernel has zeros for some of its heads."""
    copy = type(layer).from_config({**layer.get_config(), "name": f"{layer.name}_without"})
    copy.build_from_config(layer.get_build_config())
    values = layer.get_weights()
    place = next(number for number, weight in enumerate(layer.weights) if "attention_output/kernel" in weight.path)
    values[place][heads] = 0
    copy.set_weights(values)
    return copy


class _Twins:
    """Operations with the same inside as those of the model, so that the model's own learn nothing of their new use.

    Names of nested models' layers are made longer, because a model takes no name twice.
    """

    def __init__(self) -> None:
        self._twins: dict[int, Any] = {}
        self._names: set[str] = set()

    def of(self, step: Step) -> Any:
        """The twin of a step's operation, the same for each use of it."""
        original = step.operation
        if id(original) not in self._twins:
            twin = object.__new__(type(original))
            name = self._free(step.name.replace("/", "_"))
            twin.__dict__.update(original.__dict__, name=name, _inbound_nodes=[], _outbound_nodes=[])
            self._twins[id(original)] = twin
        return self._twins[id(original)]

    def _free(self, name: str) -> str:
        free, number = name, 1
        while free in self._names:
            number += 1
            free = f"{name}_{number}"
        self._names.add(free)
        return free
