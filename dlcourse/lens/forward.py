"""A model's forward pass as a pure function of its weights and its input, with every layer in view.

Nothing of the model changes by it, not even the statistics of batch normalisation or the state of a dropout, and it can
be differentiated by the input, by the weights, and by what any layer hands on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Literal

import keras
from keras import ops

from dlcourse.errors import CourseError
from dlcourse.lens.checks import layer_of, layer_paths
from dlcourse.lens.graph import Step, graph_of
from dlcourse.lens.kept import kept

Of = Literal["score", "output"]

_SQUASHING = (keras.activations.softmax, keras.activations.sigmoid)


@dataclass(frozen=True, eq=False)
class ForwardPass:
    """What one forward pass shows."""

    output: Any
    layers: dict[str, Any]  # the output of each step, its first one if it has several
    penalties: list[Any]  # what regularisers add to the loss


class Forward:
    """The forward pass of a model for inputs of one shape. It holds the layers but not the model."""

    def __init__(self, model: Any, shape: tuple[int, ...], of: Of = "output") -> None:
        """The pass of a model.

        Args:
            model: A built Keras model with one input.
            shape: The shape of the batch.
            of: "output" for what the model returns, "score" for what stands before a softmax or sigmoid at its end
                (and is the output where there is none).

        Raises:
            CourseError: If the model has several outputs, or `of` is neither.
        """
        if of not in ("score", "output"):
            raise CourseError(f'`of` must be "score" or "output", but it is {of!r}.')
        self._graph = graph_of(model, [shape])
        if len(self._graph.outputs) != 1:
            raise CourseError(
                f"The model {model.name!r} has {len(self._graph.outputs)} outputs, but this works with one: "
                "take the part that leads to one of them, as in keras.Model(model.input, model.outputs[0])."
            )
        self.steps: dict[str, Step] = {step.name: step for step in self._graph.steps}
        variables = [v for step in self._graph.steps for v in getattr(step.operation, "variables", ())]
        self.variables = list({id(variable): variable for variable in variables}.values())
        weights = (w for step in self._graph.steps for w in getattr(step.operation, "trainable_weights", ()))
        self._trainable = {id(weight) for weight in weights}
        self._bare = self._without_squashing() if of == "score" else {}

    @property
    def input_shape(self) -> tuple[int, ...]:
        """The shape of the input, with the batch."""
        return tuple(self._graph.inputs[0].shape)

    @property
    def output_shape(self) -> tuple[int, ...]:
        """The shape of the output, with the batch."""
        return tuple(self._graph.outputs[0].shape)

    def state(self) -> list[Any]:
        """The values of all variables now, in the order of `variables`."""
        return [variable.value for variable in self.variables]

    def trainable(self, values: Sequence[Any]) -> list[Any]:
        """Of something in the order of `variables`, what belongs to the trainable ones."""
        pairs = zip(self.variables, values, strict=True)
        return [value for variable, value in pairs if id(variable) in self._trainable]

    def with_trainable(self, values: Sequence[Any], trainable: Sequence[Any]) -> list[Any]:
        """Such values with other ones for the trainable variables."""
        new = iter(trainable)
        pairs = zip(self.variables, values, strict=True)
        return [next(new) if id(variable) in self._trainable else value for variable, value in pairs]

    def name_of(self, model: Any, layer: Any) -> str:
        """The name of the last step that a layer, or a nested model, takes.

        Raises:
            CourseError: If the model has no such layer, or the layer computes nothing.
        """
        if isinstance(layer, str) and layer in self.steps:
            return layer
        target = layer_of(model, layer)
        inside = [*layer_paths(target).values()] if isinstance(target, keras.Model) else [target]
        names = [name for name, step in self.steps.items() if any(step.operation is member for member in inside)]
        if not names:
            raise CourseError(
                f"The layer {target.name!r} is the input itself and computes nothing: take one behind it, "
                f"such as {next(iter(self.steps), 'none')!r}."
            )
        return names[-1]

    def __call__(
        self, state: Sequence[Any], x: Any, offsets: Mapping[str, Any] | None = None, training: bool = False
    ) -> ForwardPass:
        """One pass.

        Args:
            state: Values for `variables`, as from `state()`.
            x: The batch.
            offsets: What is added to the outputs of steps, by their names. The gradient by a zero is the gradient by
                the output itself, on every backend.
            training: Whether layers behave as in training.

        Returns:
            The output, the outputs of all steps, and the penalties of the regularisers.
        """
        mapping = [(variable, value) for variable, value in zip(self.variables, state, strict=True)]
        layers: dict[str, Any] = {}
        with keras.StatelessScope(state_mapping=mapping, collect_losses=True) as scope:
            output = _Pass(lambda x: self._run(x, offsets or {}, layers, training))(x, training=training)
            weights = [variable for variable in self.variables if id(variable) in self._trainable]
            penalties = [w.regularizer(w) for w in weights if getattr(w, "regularizer", None) is not None]
        return ForwardPass(output, layers, [*penalties, *scope.losses])

    def _run(self, x: Any, offsets: Mapping[str, Any], layers: dict[str, Any], training: bool) -> Any:
        (input_tensor,) = self._graph.inputs
        tensors = {id(input_tensor): ops.cast(x, input_tensor.dtype)}
        for name, step in self.steps.items():
            args, kwargs = keras.tree.map_structure(lambda leaf: tensors.get(id(leaf), leaf), step.arguments)
            if "training" in kwargs:
                kwargs["training"] = training  # as Keras does it: the call of the whole model decides
            operation = self._bare.get(name, step.operation)
            results = keras.tree.flatten(operation(*args, **kwargs))
            if name in offsets:
                results[0] = _moved(results[0], offsets[name])
            layers[name] = results[0]
            tensors.update({id(out): result for out, result in zip(step.outputs, results, strict=True)})
        return tensors[id(self._graph.outputs[0])]

    def _without_squashing(self) -> dict[str, Any]:
        """What to run in place of the last step, where that is a softmax or a sigmoid or ends in one."""
        last = next((s for s in self._graph.steps if any(o is self._graph.outputs[0] for o in s.outputs)), None)
        if last is None:
            return {}
        if getattr(last.operation, "activation", None) in _SQUASHING:
            bare = object.__new__(type(last.operation))  # the same layer and weights, its activation apart
            bare.__dict__.update(last.operation.__dict__, activation=keras.activations.linear)
            return {last.name: bare}
        if last.kind in ("Softmax", "Sigmoid"):
            return {last.name: lambda x, *_, **__: x}
        return {}


def forward_of(model: Any, shape: tuple[int, ...], of: Of = "output") -> Forward:
    """The forward pass of a model for a shape, made once for the model as it is now."""
    return kept(model, ("forward", shape, of), lambda: Forward(model, shape, of))


class _Pass(keras.Layer):
    """A layer around a pass: through it, layers within layers learn whether this is training."""

    def __init__(self, run: Any) -> None:
        super().__init__(name="pass", autocast=False)
        self._run = run

    def call(self, x: Any, training: bool = False) -> Any:
        return self._run(x)


def _moved(tensor: Any, offset: Any) -> Any:
    shifted = tensor + ops.cast(offset, tensor.dtype)
    mask = getattr(tensor, "_keras_mask", None)
    if mask is not None:
        shifted._keras_mask = mask
    return shifted


def positions(shape: Sequence[int]) -> int:
    """How many places a layer's output has for one example: 1 for a vector of units."""
    return prod(shape[1:]) // shape[channel_axis(shape)]


def channel_axis(shape: Sequence[int]) -> int:
    """The axis along which the units or channels of an output stand."""
    pictures = len(shape) > 3 and keras.config.image_data_format() == "channels_first"
    return 1 if pictures else len(shape) - 1
