"""How a signal runs forward through a network and how its gradient runs back, layer by layer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from keras import ops

from dlcourse.lens.checks import batch, built_model, labels, single_input
from dlcourse.lens.decades import BINS, PER_DECADE, LayerSizes, Sizes
from dlcourse.lens.forward import Forward, channel_axis, forward_of
from dlcourse.lens.gradients import compiled, value_and_gradient
from dlcourse.lens.graph import Step
from dlcourse.lens.kept import kept
from dlcourse.lens.objective import Objective
from dlcourse.lens.table import Table, column

_ACTIVATIONS = frozenset(
    """Activation ReLU LeakyReLU PReLU ELU Softmax Relu Relu6 LeakyRelu Elu Selu Celu Gelu Silu Sigmoid HardSigmoid
    HardSilu HardTanh Tanh Softplus Softsign Mish""".split()
)
_LIMITS = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
_EDGE = 0.02  # of the range between the limits: so near to one it counts as reached
_MOST = 16_384  # numbers of a layer that a histogram looks at; the mean is that of all


@dataclass(frozen=True, kw_only=True)
class LayerFlow:
    """What passes through one layer, for one batch.

    The gradients are those of the loss that `fit` makes small: the mean over the batch. A unit is one column of a
    dense layer, one channel of a convolution.
    """

    name: str
    kind: str
    mean: float  # of the output, over examples, places and units
    spread: float  # its standard deviation
    dead: float  # share of units that give exactly 0 for every example and place
    back_mean: float = column("mean back")  # of the loss' gradient by the output
    back_spread: float = column("spread back")
    gradient: float | None  # length of the gradient by the layer's trainable weights
    update: float | None  # how far a step moves them: rate x length of gradient / length of weights


class _Observed:
    """A network, its loss, and what is compiled to look into it."""

    def __init__(self, model: Any, loss: Any = None, training: bool = True) -> None:
        """Observe a network.

        Args:
            model: A built Keras model with one input and one output.
            loss: A loss as `compile` takes it; None for the one that the model is compiled with.
            training: Whether layers behave as in training: dropout at work, batch normalisation by this batch.

        Raises:
            CourseError: If the model or the loss will not do; the sentence names the mend.
        """
        single_input(built_model(model))
        self._model = model
        self._training = training
        self._objective = Objective(model, loss)

    def _look(self, look: Callable, x: Any, y: Any) -> tuple[list[Step], list[np.ndarray]]:
        """The steps that are shown, and what `look` makes of them for a batch."""
        array = batch(self._model, x)
        answers = labels(self._model, y, len(array))
        objective, training = self._objective, self._training
        key = ("flow", look, array.shape, objective.key, training)
        shape, model = array.shape, self._model
        forward, run = kept(model, key, lambda: _measurement(forward_of(model, shape), objective, training, look))
        numbers = [ops.convert_to_numpy(tensor).astype(float) for tensor in run(forward.state(), array, answers)]
        return [step for step in forward.steps.values() if _is_shown(step)], numbers


class FlowObserver(_Observed):
    """A network under observation: call it with a batch as often as you like, also while the network trains.

    It compiles at the first batch of a shape. The network is left as it is.

    >>> flow = FlowObserver(model)
    >>> flow(x, y)["dense1"].gradient
    1.007e-06
    """

    def __call__(self, x: Any, y: Any) -> Table[LayerFlow]:
        """What passes through each layer for this batch.

        Args:
            x: Examples.
            y: Their answers.

        Returns:
            A record for every layer with weights and every activation, in the order in which they run.

        Raises:
            CourseError: If the batch does not fit.
        """
        steps, numbers = self._look(_lengths, x, y)
        rate = _learning_rate(self._model)
        rows = zip(steps, *numbers, strict=True)
        return Table(_record(step, rate, [float(value) for value in values]) for step, *values in rows)


class FlowSizes(_Observed):
    """The same network seen by the sizes of all its numbers: a histogram for each layer, forward and back.

    >>> _, flow = FlowSizes(model)(x, y)
    >>> flow[0].weights.mean
    8.332e-08
    """

    def __call__(self, x: Any, y: Any) -> tuple[float, list[LayerSizes]]:
        """The sizes of what passes through each layer for this batch.

        Args:
            x: Examples.
            y: Their answers.

        Returns:
            The loss, and a record for every layer with weights and every activation, in the order in which they run.

        Raises:
            CourseError: If the batch does not fit.
        """
        steps, ((loss,), *numbers) = self._look(_size_rows, x, y)
        return float(loss), [_size_record(step, *row) for step, *row in zip(steps, *numbers, strict=True)]


def gradient_flow(model: Any, x: Any, y: Any, loss: Any = None, training: bool = True) -> Table[LayerFlow]:
    """What passes through each layer of a network for one batch, forward and back.

    Compiled at the first call for a model and a shape; the model is left as it is.

    Args:
        model: A built Keras model with one input and one output: Sequential or Functional, branched or nested.
        x: Examples.
        y: Their answers.
        loss: A loss as `compile` takes it; None for the one that the model is compiled with.
        training: Whether layers behave as in training: dropout at work, batch normalisation by this batch.

    Returns:
        A record for every layer with weights and every activation, in the order in which they run. `update` uses the
        learning rate of the compiled optimiser (1 where there is none); it is exact for plain gradient descent and a
        yardstick for other optimisers.

    Raises:
        CourseError: If an argument does not fit; the sentence names the mend.

    Example:
        >>> flow = gradient_flow(model, x, y)
        >>> flow[0].gradient / flow[-1].gradient
        3.982e-06
    """
    return FlowObserver(model, loss, training)(x, y)


def _measurement(forward: Forward, objective: Objective, training: bool, look: Callable) -> tuple[Forward, Callable]:
    names = [name for name, step in forward.steps.items() if _is_shown(step)]
    steps = [forward.steps[name] for name in names]
    places = {id(variable): place for place, variable in enumerate(forward.trainable(forward.variables))}
    owned = [_weights_of(step, places) for step in steps]

    @compiled
    def run(state: list, x: Any, y: Any) -> Any:
        def loss_of(at: tuple[list, dict]) -> tuple[Any, list]:
            weights, offsets = at
            passed = forward(forward.with_trainable(state, weights), x, offsets, training)
            return objective(y, passed), [ops.stop_gradient(passed.layers[name]) for name in names]

        weights = [ops.convert_to_tensor(weight) for weight in forward.trainable(state)]
        offsets = {name: ops.zeros(forward.steps[name].outputs[0].shape, "float32") for name in names}
        loss, outputs, (slopes, gradients) = value_and_gradient(loss_of, (weights, offsets))
        backward = [gradients[name] for name in names]
        by_layer = (
            [[slopes[i] for i in indices] for indices in owned],
            [[weights[i] for i in indices] for indices in owned],
        )
        return look(steps, loss, outputs, backward, *by_layer)

    return forward, run


def _lengths(_: list[Step], __: Any, outputs: list, backward: list, slopes: list, weights: list) -> tuple:
    """What `FlowObserver` tells of each layer."""
    return (
        ops.stack([_mean(tensor) for tensor in outputs]),
        ops.stack([_spread(tensor) for tensor in outputs]),
        ops.stack([_dead(tensor) for tensor in outputs]),
        ops.stack([_mean(tensor) for tensor in backward]),
        ops.stack([_spread(tensor) for tensor in backward]),
        ops.stack([_length(tensors) for tensors in slopes]),
        ops.stack([_length(tensors) for tensors in weights]),
    )


def _size_rows(steps: list[Step], loss: Any, outputs: list, backward: list, slopes: list, _: list) -> tuple:
    """What `FlowSizes` tells of each layer."""
    return (
        ops.reshape(ops.cast(loss, "float32"), (1,)),
        ops.stack([_sizes([tensor]) for tensor in outputs]),
        ops.stack([_sizes([tensor]) for tensor in backward]),
        ops.stack([_sizes(tensors) for tensors in slopes]),
        ops.stack([_dead(tensor) for tensor in outputs]),
        ops.stack([_saturated(step, tensor) for step, tensor in zip(steps, outputs, strict=True)]),
    )


def _size_record(
    step: Step, outputs: np.ndarray, back: np.ndarray, weights: np.ndarray, dead: float, saturated: float
) -> LayerSizes:
    trained = bool(getattr(step.operation, "trainable_weights", ()))
    return LayerSizes(
        name=step.name,
        kind=step.kind,
        outputs=Sizes.from_row(outputs),
        back=Sizes.from_row(back),
        weights=Sizes.from_row(weights) if trained else None,
        dead=float(dead),
        saturated=None if _limits(step) is None else float(saturated),
    )


def _is_shown(step: Step) -> bool:
    return bool(getattr(step.operation, "weights", ())) or step.kind in _ACTIVATIONS


def _weights_of(step: Step, places: dict[int, int]) -> list[int]:
    weights = getattr(step.operation, "trainable_weights", ())
    return [places[id(weight)] for weight in weights if id(weight) in places]


def _record(step: Step, rate: float, numbers: list[float]) -> LayerFlow:
    mean, spread, dead, back_mean, back_spread, gradient, weights = numbers
    trained = bool(getattr(step.operation, "trainable_weights", ()))
    return LayerFlow(
        name=step.name,
        kind=step.kind,
        mean=mean,
        spread=spread,
        dead=dead,
        back_mean=back_mean,
        back_spread=back_spread,
        gradient=gradient if trained else None,
        update=rate * gradient / weights if trained and weights != 0 else None,
    )


def _learning_rate(model: Any) -> float:
    optimizer = getattr(model, "optimizer", None)
    return 1.0 if optimizer is None else float(ops.convert_to_tensor(optimizer.learning_rate))


def _mean(tensor: Any) -> Any:
    return ops.mean(ops.cast(tensor, "float32"))


def _scaled(tensor: Any) -> tuple[Any, Any]:
    """The values as parts of the largest one, and that one: squares of 1e-25 would be 0 in float32."""
    tensor = ops.cast(tensor, "float32")
    largest = ops.max(ops.abs(tensor))
    return tensor / ops.where(largest > 0, largest, ops.ones_like(largest)), largest


def _spread(tensor: Any) -> Any:
    parts, largest = _scaled(tensor)
    return largest * ops.std(parts)


def _length(tensors: list) -> Any:
    """The length of several arrays as one vector."""
    if not tensors:
        return ops.zeros((), "float32")
    parts, largest = _scaled(ops.concatenate([ops.reshape(ops.cast(tensor, "float32"), (-1,)) for tensor in tensors]))
    return largest * ops.sqrt(ops.sum(parts * parts))


def _dead(tensor: Any) -> Any:
    unit = channel_axis(tensor.shape)
    others = tuple(axis for axis in range(len(tensor.shape)) if axis != unit)
    return ops.mean(ops.cast(ops.all(tensor == 0, axis=others), "float32"))


def _sizes(tensors: list) -> Any:
    """The row of a `Sizes`. Bins are told apart on parts of the largest number, which never underflow."""
    if not tensors:
        return ops.zeros((3 + BINS,), "float32")
    flat = ops.concatenate([ops.reshape(ops.cast(tensor, "float32"), (-1,)) for tensor in tensors])
    parts, largest = _scaled(flat)
    parts = ops.abs(parts)
    mean = largest * ops.mean(parts)
    finite = ops.isfinite(mean)
    zero = ops.mean(ops.cast(parts == 0, "float32"))
    place = PER_DECADE * ops.log10(ops.where(ops.logical_and(finite, largest > 0), largest, ops.ones_like(largest)))
    top = ops.floor(place)
    edges = ops.power(10.0, (-ops.arange(BINS - 1, dtype="float32") - (place - top)) / PER_DECADE)
    sample = parts[:: max(1, -(-flat.shape[0] // _MOST))] if flat.shape[0] else parts
    above = ops.mean(ops.cast(ops.expand_dims(sample, 1) >= edges, "float32"), axis=0)
    above = ops.concatenate([above, ops.reshape(ops.mean(ops.cast(sample > 0, "float32")), (1,))])
    shares = above - ops.concatenate([ops.zeros((1,), "float32"), above[:-1]])
    head = ops.stack([ops.where(finite, mean, ops.full_like(mean, float("nan"))), zero, top])
    return ops.concatenate([head, ops.where(finite, shares, ops.zeros_like(shares))])


def _limits(step: Step) -> tuple[float, float] | None:
    """Between what limits a step's numbers lie, if it is a sigmoid or a tanh or ends in one."""
    if hasattr(step.operation, "recurrent_activation"):
        return None  # what an LSTM gives is a product
    activation = getattr(step.operation, "activation", None)
    return _LIMITS.get(getattr(activation, "__name__", step.kind.lower()))


def _saturated(step: Step, tensor: Any) -> Any:
    limits = _limits(step)
    if limits is None:
        return ops.zeros((), "float32")
    near = _EDGE * (limits[1] - limits[0])
    reached = ops.logical_or(tensor < limits[0] + near, tensor > limits[1] - near)
    unit = channel_axis(tensor.shape)
    others = tuple(axis for axis in range(len(tensor.shape)) if axis != unit)
    return ops.mean(ops.cast(ops.mean(ops.cast(reached, "float32"), axis=others) > 0.5, "float32"))
