"""EfficientNet-Lite0: accurate for its size, without parts that small devices find hard."""

from typing import Any, NamedTuple

import keras
from keras import layers

from dlcourse.nets import arguments
from dlcourse.nets.arguments import Activation, Shape


class Block(NamedTuple):
    """One inverted bottleneck: how its layers' names begin, and its numbers."""

    name: str
    kernel_size: int
    stride: int
    expansion: int
    filters: int


def _stage(number: int, repeats: int, kernel_size: int, stride: int, expansion: int, filters: int) -> list[Block]:
    return [
        Block(f"block{number}{letter}", kernel_size, stride if letter == "a" else 1, expansion, filters)
        for letter in "abcd"[:repeats]
    ]


BLOCKS = (
    *_stage(1, repeats=1, kernel_size=3, stride=1, expansion=1, filters=16),
    *_stage(2, repeats=2, kernel_size=3, stride=2, expansion=6, filters=24),
    *_stage(3, repeats=2, kernel_size=5, stride=2, expansion=6, filters=40),
    *_stage(4, repeats=3, kernel_size=3, stride=2, expansion=6, filters=80),
    *_stage(5, repeats=3, kernel_size=5, stride=1, expansion=6, filters=112),
    *_stage(6, repeats=4, kernel_size=5, stride=2, expansion=6, filters=192),
    *_stage(7, repeats=1, kernel_size=3, stride=1, expansion=6, filters=320),
)


def inverted_bottleneck(x: Any, block: Block) -> Any:
    """Widen by a 1x1 convolution, filter each channel by itself, narrow again; add what came in where it fits.

    Args:
        x: The maps, batch x height x width x channels, as a Keras tensor.
        block: The block's numbers, and how the names of its layers begin.

    Returns:
        The block's maps, with block.filters channels.
    """
    name, channels = block.name, x.shape[-1]
    y = x
    if block.expansion > 1:
        y = layers.Conv2D(channels * block.expansion, 1, use_bias=False, name=f"{name}_expand_conv")(y)
        y = layers.BatchNormalization(epsilon=1e-3, name=f"{name}_expand_bn")(y)
        y = layers.ReLU(6, name=f"{name}_expand_activation")(y)
    y = layers.DepthwiseConv2D(
        block.kernel_size, strides=block.stride, padding="same", use_bias=False, name=f"{name}_dwconv"
    )(y)
    y = layers.BatchNormalization(epsilon=1e-3, name=f"{name}_bn")(y)
    y = layers.ReLU(6, name=f"{name}_activation")(y)
    y = layers.Conv2D(block.filters, 1, use_bias=False, name=f"{name}_project_conv")(y)
    y = layers.BatchNormalization(epsilon=1e-3, name=f"{name}_project_bn")(y)
    if block.stride == 1 and channels == block.filters:
        y = layers.Add(name=f"{name}_add")([x, y])
    return y


def efficientnet_lite0(
    input_shape: Shape = (224, 224, 3),
    classes: int = 1000,
    dropout: float = 0.2,
    classifier_activation: Activation = "softmax",
) -> keras.Model:
    """EfficientNet-Lite0 for pictures with values in 0..255, without trained weights (`pretrained` has them).

    Tan and Le, "EfficientNet: rethinking model scaling for convolutional neural networks", ICML 2019; the Lite
    models (Liu, "Higher accuracy on vision models with EfficientNet-Lite", 2020) leave out squeeze-and-excitation
    and clip ReLU at 6.

    4,694,024 parameters for 3 channels and 1,000 classes, 42,016 of them moving averages (the published 4.7 M).

    Args:
        input_shape: (height, width, channels); None for a height or width that may vary.
        classes: Units of the last layer.
        dropout: Share of the averaged features that is dropped in training.
        classifier_activation: Activation of the last layer; None gives logits.

    Returns:
        An uncompiled model with layers `rescaling`, `stem_conv`, `stem_bn`, `stem_activation`, `block1a_dwconv`,
        `block1a_bn`, ..., `block7a_project_bn`, `top_conv`, `top_bn`, `top_activation`, `avg_pool`, `top_dropout`,
        `predictions`.

    Raises:
        CourseError: An argument is out of its range.
    """
    sizes = arguments.picture("efficientnet_lite0", input_shape, any_size=True)
    arguments.answer("efficientnet_lite0", classes, classifier_activation)
    arguments.between("efficientnet_lite0", "dropout", dropout, 0, 1)

    inputs = keras.Input(sizes, name="input")
    x = layers.Rescaling(1 / 128, offset=-127 / 128, name="rescaling")(inputs)
    x = layers.Conv2D(32, 3, strides=2, padding="same", use_bias=False, name="stem_conv")(x)  # 112 x 112 x 32
    x = layers.BatchNormalization(epsilon=1e-3, name="stem_bn")(x)
    x = layers.ReLU(6, name="stem_activation")(x)
    for block in BLOCKS:
        x = inverted_bottleneck(x, block)
    x = layers.Conv2D(1280, 1, use_bias=False, name="top_conv")(x)  # 7 x 7 x 1280
    x = layers.BatchNormalization(epsilon=1e-3, name="top_bn")(x)
    x = layers.ReLU(6, name="top_activation")(x)
    x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
    x = layers.Dropout(dropout, name="top_dropout")(x)
    outputs = layers.Dense(classes, activation=classifier_activation, dtype="float32", name="predictions")(x)
    return keras.Model(inputs, outputs, name="efficientnet_lite0")
