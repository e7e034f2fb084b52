"""Densely connected networks."""

from typing import Any

import keras
from keras import layers

from dlcourse.nets import arguments
from dlcourse.nets.applications import application
from dlcourse.nets.arguments import Activation, Shape

_IMAGENET = {
    121: keras.applications.DenseNet121,
    169: keras.applications.DenseNet169,
    201: keras.applications.DenseNet201,
}
_CIFAR = (40, 100)  # basic, and with bottlenecks and compression ("BC")
_GROWTH = 12


def dense_block(x: Any, convolutions: int, growth: int, bottleneck: bool, name: str) -> Any:
    """Convolutions that each see the maps of all before them, and add `growth` maps to these.

    Args:
        x: The maps, batch x height x width x channels, as a Keras tensor.
        convolutions: How many 3x3 convolutions the block has.
        growth: Filters of each of them.
        bottleneck: Whether a 1x1 convolution with 4 x growth filters comes before each.
        name: What the names of the block's layers begin with.

    Returns:
        Maps of the same height and width, with convolutions x growth more channels.
    """
    for i in range(1, convolutions + 1):
        y = x
        if bottleneck:
            y = _normalised_convolution(y, 4 * growth, 1, f"{name}_conv{i}_0")
        y = _normalised_convolution(y, growth, 3, f"{name}_conv{i}_1")
        x = layers.Concatenate(name=f"{name}_conv{i}_concat")([x, y])
    return x


def _normalised_convolution(x: Any, filters: int, kernel: int, name: str) -> Any:
    x = layers.BatchNormalization(name=f"{name}_bn")(x)
    x = layers.ReLU(name=f"{name}_relu")(x)
    return layers.Conv2D(
        filters, kernel, padding="same", use_bias=False, kernel_initializer="he_normal", name=f"{name}_conv"
    )(x)


def densenet(
    depth: int = 121,
    input_shape: Shape | None = None,
    classes: int | None = None,
    classifier_activation: Activation = "softmax",
) -> keras.Model:
    """A DenseNet of the paper's ImageNet family or of its CIFAR family; the depth tells which.

    Huang, Liu, van der Maaten and Weinberger, "Densely connected convolutional networks", CVPR 2017.

    - ImageNet, 224 x 224 x 3, 1,000 classes, as `keras.applications` has them, without trained weights:
      8,062,504 parameters at depth 121, 14,307,880 at 169, 20,242,984 at 201.
    - CIFAR, 32 x 32 x 3, 10 classes, growth rate 12: 1,019,722 trainable parameters at depth 40 (the paper's
      1.0 M), and 769,162 at depth 100, which has bottlenecks and compression (the paper's DenseNet-BC, 0.8 M).

    Args:
        depth: Layers with weights: 121, 169 or 201 (ImageNet), 40 or 100 (CIFAR).
        input_shape: (height, width, channels); by default the family's. The ImageNet family needs at least
            32 x 32, the CIFAR family 4 x 4, or None for a size that may vary.
        classes: Units of the last layer; by default the family's.
        classifier_activation: Activation of the last layer; None gives logits.

    Returns:
        An uncompiled model with layers `conv2_block1_0_bn`, `conv2_block1_1_conv`, ... (ImageNet, as Keras
        names them) or `conv1_conv`, `block1_conv1_1_bn`, `block1_conv1_1_relu`, `block1_conv1_1_conv`,
        `block1_conv1_concat`, ..., `transition1_pool`, ... (CIFAR), and `predictions`. The two paddings of the
        ImageNet family have names that Keras counts up, like `zero_padding2d_1`.

    Raises:
        CourseError: An argument is out of its range, or a picture too small.
    """
    arguments.choice("densenet", "depth", depth, (*_CIFAR, *_IMAGENET))
    cifar = depth in _CIFAR
    sizes = arguments.picture(
        "densenet",
        input_shape or ((32, 32, 3) if cifar else (224, 224, 3)),
        smallest=4 if cifar else 32,
        any_size=cifar,
    )
    classes = (10 if cifar else 1000) if classes is None else classes
    arguments.answer("densenet", classes, classifier_activation)
    if not cifar:
        return application(_IMAGENET[depth], sizes, classes=classes, classifier_activation=classifier_activation)
    bottleneck = depth == 100
    convolutions = (depth - 4) // (6 if bottleneck else 3)

    inputs = keras.Input(sizes, name="input")
    x = layers.Conv2D(
        2 * _GROWTH if bottleneck else 16,
        3,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        name="conv1_conv",
    )(inputs)
    for block in (1, 2, 3):
        x = dense_block(x, convolutions, _GROWTH, bottleneck, name=f"block{block}")
        if block < 3:
            filters = x.shape[-1] // 2 if bottleneck else x.shape[-1]  # compression
            x = _normalised_convolution(x, filters, 1, f"transition{block}")
            x = layers.AveragePooling2D(2, name=f"transition{block}_pool")(x)
    x = layers.BatchNormalization(name="bn")(x)
    x = layers.ReLU(name="relu")(x)
    x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
    outputs = layers.Dense(classes, activation=classifier_activation, dtype="float32", name="predictions")(x)
    return keras.Model(inputs, outputs, name=f"densenet{depth}")
