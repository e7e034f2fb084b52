"""Adversarial examples: changes too small to see that change the answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from keras import ops

from dlcourse.errors import CourseError
from dlcourse.lens.checks import batch
from dlcourse.lens.dreaming import checked_range
from dlcourse.lens.forward import channel_axis, forward_of
from dlcourse.lens.gradients import compiled, differentiable, value_and_gradient
from dlcourse.lens.kept import kept
from dlcourse.lens.layer_outputs import chunks, outputs


@dataclass(frozen=True, eq=False)
class Adversarial:
    """Changed examples, and what the model says to them."""

    examples: np.ndarray  # what they were
    changed: np.ndarray
    before: np.ndarray  # the model's outputs
    after: np.ndarray

    @property
    def change(self) -> np.ndarray:
        """What was added."""
        return self.changed - self.examples


def adversarial(
    model: Any,
    x: Any,
    y: Any,
    epsilon: float = 0.05,
    steps: int = 1,
    targeted: bool = False,
    bounds: tuple[float, float] = (0.0, 1.0),
    batch_size: int = 32,
) -> Adversarial:
    """Change each value of each example by at most `epsilon`, so that the model leaves the class `y` or goes to it.

    One step is the fast gradient sign method (Goodfellow, Shlens and Szegedy, ICLR 2015). Several steps go a part of
    the way each (Kurakin, Goodfellow and Bengio, 2016). The signs are those of the cross-entropy's gradient; it is
    taken from the scores before a softmax or sigmoid at the model's end, in a form that does not vanish where the model
    is sure.

    Args:
        model: A built Keras classifier with one input; a single output is the score of class 1 against 0.
        x: Examples.
        y: A class for each: the true one, or with `targeted` the one to go to.
        epsilon: How far each value may go, in units of `x`.
        steps: Steps to take; 1 is the fast method.
        targeted: Whether to go to `y` instead of leaving it.
        bounds: The least and the greatest value that an example may have.
        batch_size: How many examples go through the network at a time.

    Returns:
        The changed examples, with the model's outputs before and after.

    Raises:
        CourseError: If an argument does not fit; the sentence names the mend.

    Example:
        >>> found = adversarial(model, images, labels, epsilon=0.1)
        >>> [float((scores.argmax(1) == labels).mean()) for scores in (found.before, found.after)]
        [0.98, 0.12]
    """
    low, high = checked_range(bounds)
    if not 0 < epsilon < np.inf:
        raise CourseError(f"`epsilon` must be a number above 0, but it is {epsilon!r}.")
    if not isinstance(steps, int | np.integer) or steps < 1:
        raise CourseError(f"`steps` must be a whole number from 1 on, but it is {steps!r}.")
    array = differentiable(model, batch(model, x))
    if array.min() < low or array.max() > high:
        raise CourseError(
            f"`x` goes from {array.min():g} to {array.max():g}, but bounds are {low:g} and {high:g}: "
            "pass bounds=(least, greatest)."
        )
    classes = _classes(forward_of(model, array.shape, "score").output_shape, y, len(array))
    stride = epsilon if steps == 1 else min(epsilon, 1.25 * epsilon / steps)
    changed = array.copy()
    for chunk in chunks(len(array), batch_size):
        shape = array[chunk].shape
        look = _gradient(model, shape)
        least, most = np.maximum(array[chunk] - epsilon, low), np.minimum(array[chunk] + epsilon, high)
        for _ in range(steps):
            slope = ops.convert_to_numpy(
                look(forward_of(model, shape, "score").state(), changed[chunk], classes[chunk])
            )
            change = np.sign(slope) * (-stride if targeted else stride)
            changed[chunk] = np.clip(changed[chunk] + change, least, most)
    before, after = (outputs(model, examples, "output", batch_size) for examples in (array, changed))
    return Adversarial(array, changed, before, after)


def _gradient(model: Any, shape: tuple[int, ...]) -> Callable:
    forward = forward_of(model, shape, "score")

    def make() -> Callable:
        @compiled
        def look(state: list, x: Any, y: Any) -> Any:
            def loss(x: Any) -> tuple[Any, None]:
                score = ops.cast(forward(state, x).output, "float32")
                if score.shape[-1] == 1:  # a sigmoid is a softmax of this score and 0
                    score = ops.concatenate([ops.zeros_like(score), score], axis=-1)
                wanted = ops.one_hot(y, score.shape[-1], dtype="float32")
                # Its gradient is the cross-entropy's divided by 1 - p(y), so the signs are the same
                others = ops.logsumexp(ops.where(wanted > 0, -1e30 * ops.ones_like(score), score), axis=-1)
                return ops.sum(others - ops.sum(wanted * score, axis=-1)), None

            return value_and_gradient(loss, x)[2]

        return look

    return kept(model, ("adversarial", shape), make)


def _classes(shape: tuple[int, ...], y: Any, examples: int) -> np.ndarray:
    """A class for each example, from numbers or from one-hot rows."""
    if len(shape) != 2:
        raise CourseError(f"This works on classifiers, but the model's output has the shape {shape}.")
    count = max(2, shape[channel_axis(shape)])
    array = np.asarray(y)
    if array.shape == (examples, count):
        array = array.argmax(axis=1)
    if array.shape == (examples, 1):
        array = array[:, 0]
    if array.shape == ():
        array = np.broadcast_to(array, (examples,))
    if array.shape != (examples,) or not np.isfinite(array).all() or (array != np.round(array)).any():
        raise CourseError(f"`y` must name a class for each of the {examples} examples, but its shape is {array.shape}.")
    if not 0 <= array.min() <= array.max() < count:
        raise CourseError(
            f"`y` holds classes from {array.min():g} to {array.max():g}, but the model knows {count}: "
            f"number them from 0 to {count - 1}."
        )
    return array.astype("int32")
