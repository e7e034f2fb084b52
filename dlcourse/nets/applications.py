"""Networks that `keras.applications` has, with an input layer whose name can be foretold."""

import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import keras

from dlcourse.errors import unknown
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


def parameter_count(name: str) -> int:
    """How many parameters a network of `keras.applications` has, counted without making one of them.

    Its layers are built in a thread of their own and get no numbers: those of VGG16 would fill half a gigabyte, and
    what Keras notes about layers that still wait for their numbers ends with the thread.

    Args:
        name: What Keras calls the network: "VGG16", "MobileNet", ...

    Raises:
        CourseError: Keras has no such network.

    Example:
        >>> parameter_count("VGG16")
        138357544
    """
    builder = getattr(keras.applications, name, None)
    if not inspect.isfunction(builder):
        known = [each for each in dir(keras.applications) if inspect.isfunction(getattr(keras.applications, each))]
        raise unknown("network of keras.applications", name, known)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_counted, builder).result()


def _counted(builder: Callable[..., keras.Model]) -> int:
    with keras.StatelessScope(initialize_variables=False):
        return int(builder(weights=None).count_params())
