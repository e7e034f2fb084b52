"""How a signal runs forward through a network and how its gradient runs back, layer by layer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from keras import ops

from dlcourse.lens.checks import batch, built_model, labels, single_input
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


class GradientFlow:
    """A network under observation: call it with a batch as often as you like, also while the network trains.

    It compiles at the first batch of a shape. The network is left as it is.

    >>> flow = GradientFlow(model)
    >>> flow(x, y)["dense1"].gradient
    0.0213
    """

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
        array = batch(self._model, x)
        answers = labels(self._model, y, len(array))
        objective, training = self._objective, self._training
        key = ("flow", array.shape, objective.key, training)
        shape, model = array.shape, self._model
        forward, run = kept(model, key, lambda: _measurement(forward_of(model, shape), objective, training))
        numbers = [ops.convert_to_numpy(one).astype(float) for one in run(forward.state(), array, answers)]
        rate = _learning_rate(model)
        steps = [step for step in forward.steps.values() if _is_shown(step)]
        rows = zip(steps, *numbers, strict=True)
        return Table(_record(step, rate, [float(value) for value in values]) for step, *values in rows)


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
        3.1e-09
    """
    return GradientFlow(model, loss, training)(x, y)


def _measurement(forward: Forward, objective: Objective, training: bool) -> tuple[Forward, Callable]:
    shown = [name for name, step in forward.steps.items() if _is_shown(step)]
    places = {id(variable): place for place, variable in enumerate(forward.trainable(forward.variables))}
    owned = [_weights_of(forward.steps[name], places) for name in shown]

    @compiled
    def run(state: list, x: Any, y: Any) -> Any:
        def loss_of(at: tuple[list, dict]) -> tuple[Any, list]:
            weights, offsets = at
            seen = forward(forward.with_trainable(state, weights), x, offsets, training)
            return objective(y, seen), [ops.stop_gradient(seen.layers[name]) for name in shown]

        weights = [ops.convert_to_tensor(one) for one in forward.trainable(state)]
        offsets = {name: ops.zeros(forward.steps[name].outputs[0].shape, "float32") for name in shown}
        _, outputs, (slopes, back) = value_and_gradient(loss_of, (weights, offsets))
        backward = [back[name] for name in shown]
        return (
            ops.stack([_mean(one) for one in outputs]),
            ops.stack([_spread(one) for one in outputs]),
            ops.stack([_dead(one) for one in outputs]),
            ops.stack([_mean(one) for one in backward]),
            ops.stack([_spread(one) for one in backward]),
            ops.stack([_length([slopes[i] for i in mine]) for mine in owned]),
            ops.stack([_length([weights[i] for i in mine]) for mine in owned]),
        )

    return forward, run


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
    parts, largest = _scaled(ops.concatenate([ops.reshape(ops.cast(one, "float32"), (-1,)) for one in tensors]))
    return largest * ops.sqrt(ops.sum(parts * parts))


def _dead(tensor: Any) -> Any:
    unit = channel_axis(tensor.shape)
    others = tuple(axis for axis in range(len(tensor.shape)) if axis != unit)
    return ops.mean(ops.cast(ops.all(tensor == 0, axis=others), "float32"))
