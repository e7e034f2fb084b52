"""Generative adversarial networks: one network that forges, one that judges."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import keras
from keras import layers

from dlcourse.nets import arguments
from dlcourse.nets.arguments import Activation, Shape


class Gan(NamedTuple):
    """The two networks of a game: `generator(noise)` -> example, `discriminator(example)` -> is it real?"""

    generator: keras.Model
    discriminator: keras.Model


def gan(
    input_shape: Shape = (28, 28, 1),
    latent: int = 100,
    widths: Sequence[int] = (64, 128),
    output_activation: Activation = "tanh",
    classifier_activation: Activation = "sigmoid",
) -> Gan:
    """A generator and a discriminator for pictures or for points; the lesson writes the loop that trains them.

    Goodfellow and others, "Generative adversarial nets", NeurIPS 2014. For pictures the layers are those of
    Radford, Metz and Chintala, "Unsupervised representation learning with deep convolutional generative
    adversarial networks", ICLR 2016: 4x4 convolutions with stride 2, transposed in the generator, batch
    normalisation, leaky ReLU in the discriminator. For points both are dense with ReLU.

    Trainable parameters for (64, 64, 3), latent=100, widths=(64, 128, 256, 512), as in that paper: 3,576,704
    generator, 2,765,568 discriminator.

    Args:
        input_shape: One example: (height, width, channels), both divisible by 2 ** len(widths), or (values,), like
            (2,) for points in the plane.
        latent: Numbers that the generator starts from.
        widths: Pictures: filters from full size to smallest. Points: units of the hidden layers.
        output_activation: Activation of the generator: "tanh" for values in -1..1, "sigmoid" for 0..1, None for any.
        classifier_activation: Activation of the discriminator: "sigmoid" for a probability, None for a logit.

    Returns:
        Two uncompiled models, with layers `dense`, `reshape`, `up1_conv`, ..., `example`, and `down1_conv`, ...,
        `flatten`, `real` (pictures), or `dense1`, ..., `example` and `dense1`, ..., `real` (points).

    Raises:
        CourseError: An argument is out of its range, or a size not divisible.
    """
    arguments.whole_numbers("gan", "widths", widths, fewest=1)
    points = isinstance(input_shape, tuple | list) and len(input_shape) == 1
    if points:
        sizes = arguments.shape("gan", input_shape, "values")
    else:
        sizes = arguments.picture("gan", input_shape, multiple=2 ** len(widths))
    arguments.whole("gan", "latent", latent)
    arguments.activation("gan", "output_activation", output_activation)
    arguments.choice("gan", "classifier_activation", classifier_activation, ("sigmoid", None))

    if points:
        generator = _dense("generator", latent, widths, sizes[0], output_activation, "example")
        discriminator = _dense("discriminator", sizes[0], widths, 1, classifier_activation, "real")
    else:
        generator = _generator(sizes, latent, widths, output_activation)
        discriminator = _discriminator(sizes, widths, classifier_activation)
    return Gan(generator, discriminator)


def _dense(
    name: str, values: Any, widths: Sequence[int], answers: Any, activation: Activation, answer: str
) -> keras.Model:
    inputs = keras.Input((values,), name=f"{name}_input")
    x = inputs
    for i, units in enumerate(widths, start=1):
        x = layers.Dense(units, activation="relu", name=f"dense{i}")(x)
    outputs = layers.Dense(answers, activation=activation, dtype="float32", name=answer)(x)
    return keras.Model(inputs, outputs, name=name)


def _generator(sizes: Any, latent: int, widths: Sequence[int], activation: Activation) -> keras.Model:
    height, width = (size // 2 ** len(widths) for size in sizes[:2])
    start = (height, width, widths[-1])

    inputs = keras.Input((latent,), name="generator_input")
    x = layers.Dense(math.prod(start), use_bias=False, name="dense")(inputs)
    x = layers.Reshape(start, name="reshape")(x)
    for i, filters in enumerate(reversed(widths[:-1]), start=1):
        x = layers.BatchNormalization(name=f"up{i}_bn")(x)
        x = layers.ReLU(name=f"up{i}_relu")(x)
        x = layers.Conv2DTranspose(filters, 4, strides=2, padding="same", use_bias=False, name=f"up{i}_conv")(x)
    x = layers.BatchNormalization(name="example_bn")(x)
    x = layers.ReLU(name="example_relu")(x)
    outputs = layers.Conv2DTranspose(
        sizes[-1],
        4,
        strides=2,
        padding="same",
        use_bias=False,
        activation=activation,
        dtype="float32",
        name="example",
    )(x)
    return keras.Model(inputs, outputs, name="generator")


def _discriminator(sizes: Any, widths: Sequence[int], activation: Activation) -> keras.Model:
    inputs = keras.Input(sizes, name="discriminator_input")
    x = inputs
    for i, filters in enumerate(widths, start=1):
        x = layers.Conv2D(filters, 4, strides=2, padding="same", use_bias=False, name=f"down{i}_conv")(x)
        if i > 1:
            x = layers.BatchNormalization(name=f"down{i}_bn")(x)
        x = layers.LeakyReLU(0.2, name=f"down{i}_relu")(x)
    x = layers.Flatten(name="flatten")(x)
    outputs = layers.Dense(1, use_bias=False, activation=activation, dtype="float32", name="real")(x)
    return keras.Model(inputs, outputs, name="discriminator")
