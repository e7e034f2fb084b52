"""Two landscapes: the loss around a network's weights, and the answer over a plane of inputs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from keras import ops

from dlcourse.errors import CourseError
from dlcourse.lens.checks import batch, labels, single_input
from dlcourse.lens.forward import Forward, forward_of
from dlcourse.lens.gradients import compiled
from dlcourse.lens.kept import kept
from dlcourse.lens.layer_outputs import outputs
from dlcourse.lens.objective import Objective


@dataclass(frozen=True, eq=False)
class LossSurface:
    """The loss at weights + across[j] * directions[0] + up[i] * directions[1]."""

    across: np.ndarray
    up: np.ndarray
    losses: np.ndarray  # a row for each step up, a column for each step across
    directions: tuple[list[np.ndarray], list[np.ndarray]]  # each in the order of model.trainable_variables


@dataclass(frozen=True, eq=False)
class DecisionSurface:
    """What a network says to points (x, y) of a plane."""

    x: np.ndarray
    y: np.ndarray
    outputs: np.ndarray  # (rows along y, columns along x, units)

    @property
    def classes(self) -> np.ndarray:
        """The strongest unit of each point; for a single unit, whether it is above a half."""
        if self.outputs.shape[-1] == 1:
            return (self.outputs[..., 0] > 0.5).astype(int)
        return self.outputs.argmax(axis=-1)


def loss_surface(
    model: Any,
    x: Any,
    y: Any,
    loss: Any = None,
    span: float = 1.0,
    steps: int = 21,
    directions: Sequence[Sequence[Any]] | None = None,
    seed: int = 0,
) -> LossSurface:
    """The loss of a batch on a plane through the weights, as `evaluate` gives it: layers behave as in inference.

    Random directions are normalised by filter: each filter of a direction is as long as that of the weights, and
    vectors (biases, batch normalisation) stay where they are. So surfaces of different networks can be compared. Li and
    others, "Visualizing the loss landscape of neural nets", NeurIPS 2018.

    Args:
        model: A built Keras model with one input and one output. It is left as it is.
        x: Examples; all go through the network at once, so some hundreds will do.
        y: Their answers.
        loss: A loss as `compile` takes it; None for the one that the model is compiled with.
        span: How far to go each way, in lengths of the directions.
        steps: Points along each axis; an odd number has the weights themselves in the middle.
        directions: Two lists of arrays like `model.trainable_variables`; None to draw them.
        seed: Where the draws start.

    Returns:
        The losses, the places and the directions.

    Raises:
        CourseError: If an argument does not fit; the sentence names the mend.

    Example:
        >>> loss_surface(model, x, y, steps=11).losses.shape
        (11, 11)
    """
    array = batch(model, x)
    answers = labels(model, y, len(array))
    objective = Objective(model, loss)
    if not isinstance(steps, int | np.integer) or steps < 2:
        raise CourseError(f"`steps` must be a whole number from 2 on, but it is {steps!r}.")
    if not 0 < span < np.inf:
        raise CourseError(f"`span` must be a number above 0, but it is {span!r}.")
    forward = forward_of(model, array.shape)
    weights = [np.array(weight.numpy()) for weight in forward.trainable(forward.variables)]
    if not weights:
        raise CourseError(f"The model {model.name!r} has no trainable weights, so there is nowhere to go.")
    ways = _drawn(weights, seed) if directions is None else _given(weights, directions)
    run = _losses(model, forward, objective)
    places = np.linspace(-span, span, steps).astype("float32")

    def loss_at(right: float, up: float) -> float:
        loss = run(forward.state(), array, answers, [*ways], np.array([right, up]))
        return float(ops.convert_to_numpy(loss))

    losses = np.array([[loss_at(right, up) for right in places] for up in places])
    return LossSurface(places, places, losses, ways)


def decision_surface(
    model: Any, x: Any = None, bounds: Any = None, resolution: int = 100, batch_size: int = 4096
) -> DecisionSurface:
    """What a network with two inputs says to every point of a rectangle.

    Args:
        model: A built Keras model that takes two numbers.
        x: Points (examples, 2): the rectangle is theirs with a tenth around. Give these or `bounds`.
        bounds: ((least x, greatest x), (least y, greatest y)).
        resolution: Points along each axis.
        batch_size: How many points go through the network at a time.

    Returns:
        The outputs over the rectangle.

    Raises:
        CourseError: If the model takes something else, or the rectangle is none.

    Example:
        >>> decision_surface(model, bounds=((-1, 2), (-1, 1))).classes.shape
        (100, 100)
    """
    shape = tuple(single_input(model).shape)
    if shape[1:] != (2,):
        raise CourseError(f"The model {model.name!r} takes {shape}, but a plane has points of the shape (None, 2).")
    if not isinstance(resolution, int | np.integer) or resolution < 2:
        raise CourseError(f"`resolution` must be a whole number from 2 on, but it is {resolution!r}.")
    if (x is None) == (bounds is None):
        raise CourseError("Say which part of the plane: pass either points, x=..., or bounds=((0, 1), (0, 1)).")
    if bounds is None:
        points = batch(model, x)
        least, most = points.min(axis=0), points.max(axis=0)
        margin = np.where(most > least, (most - least) / 10, 1)
        bounds = np.stack([least - margin, most + margin], axis=1)
    edges = np.asarray(bounds, float)
    if edges.shape != (2, 2) or not np.isfinite(edges).all() or (edges[:, 0] >= edges[:, 1]).any():
        raise CourseError(f"`bounds` must be ((least x, greatest x), (least y, greatest y)), but they are {bounds!r}.")
    across, up = (np.linspace(low, high, resolution) for low, high in edges)
    points = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2).astype("float32")
    values = outputs(model, points, "output", batch_size)
    if values.ndim != 2:
        raise CourseError(
            f"The model {model.name!r} must put out numbers for a point, but its shape is {values.shape}."
        )
    return DecisionSurface(across, up, values.reshape(resolution, resolution, -1))


def _losses(model: Any, forward: Forward, objective: Objective) -> Callable:
    def make() -> Callable:
        @compiled
        def run(state: list, x: Any, y: Any, ways: list, place: Any) -> Any:
            sides = zip(forward.trainable(state), *ways, strict=True)
            moved = [w + place[0] * ops.cast(a, w.dtype) + place[1] * ops.cast(b, w.dtype) for w, a, b in sides]
            return objective(y, forward(forward.with_trainable(state, moved), x))

        return run

    return kept(model, ("loss surface", forward.input_shape, objective.key), make)


def _drawn(weights: list[np.ndarray], seed: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    draws = np.random.default_rng(seed)
    return tuple([_like(weight, draws.normal(size=weight.shape)) for weight in weights] for _ in range(2))  # type: ignore[return-value]


def _like(weight: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """The direction with each filter, which is what leads to one unit, as long as the weights'."""
    if weight.ndim < 2:
        return np.zeros_like(weight)
    axes = tuple(range(weight.ndim - 1))
    lengths = (np.sqrt((array**2).sum(axis=axes, keepdims=True)) for array in (weight, direction))
    return (direction * np.divide(*lengths)).astype(weight.dtype)


def _given(weights: list[np.ndarray], directions: Any) -> tuple[list[np.ndarray], list[np.ndarray]]:
    if not isinstance(directions, Sequence) or len(directions) != 2:
        raise CourseError("`directions` must be two lists of arrays, one for each axis.")
    ways = tuple([np.asarray(array, "float32") for array in direction] for direction in directions)
    shapes = [weight.shape for weight in weights]
    for direction in ways:
        if [array.shape for array in direction] != shapes:
            raise CourseError(
                "A direction must hold an array for each of model.trainable_variables, of its shape: "
                f"{shapes} and not {[array.shape for array in direction]}."
            )
    return ways  # type: ignore[return-value]
