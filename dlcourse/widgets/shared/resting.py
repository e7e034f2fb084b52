"""Layers of a learner's own that act in training alone, such as a random change of light."""

import inspect
from typing import Any

import numpy as np


def rests(step: Any) -> bool:
    """Whether a layer without weights is told about training, and without it gives back what it is given.

    It is tried with a batch of numbers far below 0 and far above 255, so that a layer that always clips is found out.

    Args:
        step: A step of a model's graph, as `dlcourse.lens.graph` gives it.

    Example:
        >>> rests(step)  # of a layer whose `call` begins with: if not training: return x
        True
    """
    import keras

    layer = step.operation
    if not isinstance(layer, keras.Layer) or "training" not in inspect.signature(layer.call).parameters:
        return False
    if layer.weights or len(step.inputs) != 1 or len(step.outputs) != 1:
        return False
    if tuple(step.inputs[0].shape) != tuple(step.outputs[0].shape):
        return False
    batch = np.random.default_rng(0).normal(scale=500, size=(2, *step.inputs[0].shape[1:])).astype("float32")
    return bool(np.array_equal(keras.ops.convert_to_numpy(layer(batch, training=False)), batch))
