"""Gradients on whichever backend Keras runs: the one file that knows TensorFlow's tape, JAX' grad and torch's autograd.

Everything above it is written in `keras.ops`. A function to be differentiated returns a pair: the scalar, and whatever
else of the calculation shall be seen.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np
from keras import ops

from dlcourse.errors import CourseError
from dlcourse.lens.checks import batch, labels
from dlcourse.lens.forward import Forward, forward_of
from dlcourse.lens.kept import kept
from dlcourse.lens.objective import Objective


def compiled(function: Callable) -> Callable:
    """A function of arrays that is traced once for each set of shapes, as far as the backend can.

    Args:
        function: A pure function of nested lists, tuples and dicts of arrays, written in `keras.ops`.

    Returns:
        The same function, fast from the second call on. With torch it is the function itself.

    Example:
        >>> float(compiled(lambda x: ops.sum(x * x))(np.ones(3)))
        3.0
    """
    match keras.backend.backend():
        case "tensorflow":
            import tensorflow as tf

            # Autograph would wrap a CourseError into the story of its own source code. And TensorFlow warns of
            # "retracing" where functions of the same source are traced for several models; a partial has no source.
            return tf.function(partial(function), autograph=False)
        case "jax":
            import jax

            return jax.jit(function)
        case _:
            return function


def value_and_gradient(function: Callable[[Any], tuple[Any, Any]], at: Any) -> tuple[Any, Any, Any]:
    """A scalar, what was seen on the way, and the scalar's gradient.

    Args:
        function: Takes a structure like `at`; returns the scalar and anything else that shall be seen.
        at: Nested lists, tuples and dicts of float arrays.

    Returns:
        The scalar, the rest, and the gradient in the shape of `at`; zeros where the scalar does not depend on it.

    Raises:
        CourseError: If the backend has no gradients.

    Example:
        >>> np.asarray(value_and_gradient(lambda x: (ops.sum(x * x), None), np.array([1.0, 3.0]))[2])
        array([2., 6.])
    """
    leaves = [ops.convert_to_tensor(leaf) for leaf in keras.tree.flatten(at)]

    def of(values: Any) -> tuple[Any, Any]:
        return function(keras.tree.pack_sequence_as(at, values))

    match keras.backend.backend():
        case "tensorflow":
            import tensorflow as tf

            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(leaves)
                value, rest = of(leaves)
            slopes = tape.gradient(value, leaves, unconnected_gradients="zero")
        case "jax":
            import jax

            (value, rest), slopes = jax.value_and_grad(of, has_aux=True)(leaves)
        case "torch":
            import torch

            leaves = [leaf.detach().clone().requires_grad_(True) for leaf in leaves]
            with torch.enable_grad():
                value, rest = of(leaves)
            gradients: Any = (None,) * len(leaves)
            if value.requires_grad:
                gradients = torch.autograd.grad(value, leaves, allow_unused=True)
            slopes = [ops.zeros_like(x) if slope is None else slope for x, slope in zip(leaves, gradients, strict=True)]
            value, rest = keras.tree.map_structure(
                lambda leaf: leaf.detach() if ops.is_tensor(leaf) else leaf, (value, rest)
            )
        case other:
            raise CourseError(f"Keras' backend {other!r} has no gradients: choose tensorflow, jax or torch.")
    return value, rest, keras.tree.pack_sequence_as(at, slopes)


def gradients_of_weights(model: Any, x: Any, y: Any, loss: Any = None, training: bool = True) -> dict[str, np.ndarray]:
    """The gradient of the loss by each trainable weight: what `fit` hands to the optimiser for this batch.

    Args:
        model: A built Keras model with one input and one output. It is left as it is, batch statistics included.
        x: Examples.
        y: Their answers.
        loss: A loss as `compile` takes it; None for the one that the model is compiled with.
        training: Whether layers behave as in training: dropout at work, batch normalisation by this batch.

    Returns:
        Arrays by the path of the weight, such as "dense_1/kernel", in the model's order.

    Raises:
        CourseError: If an argument does not fit; the sentence names the mend.

    Example:
        >>> gradients_of_weights(model, x, y)["predictions/bias"].shape
        (10,)
    """
    array = batch(model, x)
    answers = labels(model, y, len(array))
    objective = Objective(model, loss)

    def make() -> tuple[Forward, Callable]:
        forward = forward_of(model, array.shape)

        @compiled
        def run(state: list, x: Any, y: Any) -> Any:
            def loss_of(weights: list) -> tuple[Any, None]:
                passed = forward(forward.with_trainable(state, weights), x, training=training)
                return objective(y, passed), None

            return value_and_gradient(loss_of, forward.trainable(state))[2]

        return forward, run

    forward, run = kept(model, ("weights", array.shape, objective.key, training), make)
    slopes = run(forward.state(), array, answers)
    paths = [variable.path for variable in forward.trainable(forward.variables)]
    return {path: ops.convert_to_numpy(slope) for path, slope in zip(paths, slopes, strict=True)}


def gradient_of_input(function_of_output: Callable[[Any], Any], model: Any, x: Any, layer: Any = None) -> np.ndarray:
    """The gradient of any function of a layer's output by the input.

    Args:
        function_of_output: Takes the output as a tensor, returns a scalar; written in `keras.ops`. Pass the same
            function again, and nothing is traced again.
        model: A built Keras model with one input.
        x: Examples.
        layer: The layer whose output it is, by name, position or itself; None for the model's output.

    Returns:
        An array of the shape of `x`.

    Raises:
        CourseError: If an argument does not fit, or the model takes whole numbers, which have no gradient.

    Example:
        >>> gradient_of_input(lambda output: output[0, 7, 7, 0], model, x, "conv2").shape
        (1, 28, 28, 1)
    """
    array = differentiable(model, batch(model, x))

    def make() -> tuple[Forward, Callable]:
        forward = forward_of(model, array.shape)
        name = None if layer is None else forward.name_of(model, layer)

        @compiled
        def run(state: list, x: Any) -> Any:
            def of(x: Any) -> tuple[Any, None]:
                passed = forward(state, x)
                return function_of_output(passed.output if name is None else passed.layers[name]), None

            return value_and_gradient(of, x)[2]

        return forward, run

    where = id(layer) if isinstance(layer, keras.Layer) else layer
    forward, run = kept(model, ("input", array.shape, function_of_output, where), make)
    return ops.convert_to_numpy(run(forward.state(), array))


def differentiable(model: Any, array: np.ndarray) -> np.ndarray:
    """The examples, if there is a gradient by them.

    Raises:
        CourseError: If they are whole numbers, such as words.
    """
    if not np.issubdtype(array.dtype, np.floating):
        raise CourseError(
            f"The model {model.name!r} takes whole numbers, and there is no gradient by these: "
            "look at the part behind its embedding, as in keras.Model(embedded, model.output)."
        )
    return array
