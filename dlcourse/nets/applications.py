"""Networks that `keras.applications` has, with an input layer whose name can be foretold."""

from collections.abc import Callable
from typing import Any

import keras

from dlcourse.nets.arguments import Shape


def application(
    builder: Callable[..., keras.Model],
    input_shape: Shape,
    weights: str | None = None,
    preprocess: Callable[[Any], Any] | None = None,
    **options: Any,
) -> keras.Model:
    """The network that a builder of `keras.applications` makes, from an input layer named `input`.

    Args:
        builder: `keras.applications.VGG16` and the like.
        input_shape: (height, width, channels).
        weights: "imagenet", or None for weights that have learned nothing.
        preprocess: What is done to pictures inside the model before the network sees them.
        **options: What else the builder takes.

    Returns:
        An uncompiled model.
    """
    inputs = keras.Input(input_shape, name="input")
    pictures = inputs if preprocess is None else preprocess(inputs)
    network = builder(weights=weights, input_tensor=pictures, **options)
    # The builder's own model takes a list of one input, and warns at every call that gets an array.
    return keras.Model(inputs, network.output, name=network.name)
