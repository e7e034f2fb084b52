"""GoogLeNet and its Inception block."""

from typing import Any

import keras
from keras import layers

from dlcourse.nets import arguments
from dlcourse.nets.arguments import Activation, Shape

# Table 1 of the paper: 1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, pool projection
_BLOCKS = {
    "inception_3a": (64, 96, 128, 16, 32, 32),
    "inception_3b": (128, 128, 192, 32, 96, 64),
    "pool3": None,
    "inception_4a": (192, 96, 208, 16, 48, 64),
    "inception_4b": (160, 112, 224, 24, 64, 64),
    "inception_4c": (128, 128, 256, 24, 64, 64),
    "inception_4d": (112, 144, 288, 32, 64, 64),
    "inception_4e": (256, 160, 320, 32, 128, 128),
    "pool4": None,
    "inception_5a": (256, 160, 320, 32, 128, 128),
    "inception_5b": (384, 192, 384, 48, 128, 128),
}


def inception_block(
    x: Any,
    filters_1x1: int,
    filters_3x3_reduce: int,
    filters_3x3: int,
    filters_5x5_reduce: int,
    filters_5x5: int,
    filters_pool: int,
    name: str,
) -> Any:
    """Four branches side by side over the same maps, their results stacked along the channels.

    Args:
        x: The maps, batch x height x width x channels, as a Keras tensor.
        filters_1x1: Filters of the branch with one 1x1 convolution.
        filters_3x3_reduce: Filters of the 1x1 convolution that makes the 3x3 one cheap.
        filters_3x3: Filters of the 3x3 convolution.
        filters_5x5_reduce: Filters of the 1x1 convolution that makes the 5x5 one cheap.
        filters_5x5: Filters of the 5x5 convolution.
        filters_pool: Filters of the 1x1 convolution after the 3x3 pooling.
        name: What the names of the block's layers begin with.

    Returns:
        Maps of the same height and width, with filters_1x1 + filters_3x3 + filters_5x5 + filters_pool channels.
    """

    def convolution(x: Any, filters: int, kernel: int, part: str) -> Any:
        return layers.Conv2D(filters, kernel, padding="same", activation="relu", name=f"{name}_{part}")(x)

    one = convolution(x, filters_1x1, 1, "1x1")
    three = convolution(x, filters_3x3_reduce, 1, "3x3_reduce")
    three = convolution(three, filters_3x3, 3, "3x3")
    five = convolution(x, filters_5x5_reduce, 1, "5x5_reduce")
    five = convolution(five, filters_5x5, 5, "5x5")
    pool = layers.MaxPooling2D(3, strides=1, padding="same", name=f"{name}_pool")(x)
    pool = convolution(pool, filters_pool, 1, "pool_proj")
    return layers.Concatenate(name=f"{name}_concat")([one, three, five, pool])


def googlenet(
    input_shape: Shape = (224, 224, 3),
    classes: int = 1000,
    dropout: float = 0.4,
    classifier_activation: Activation = "softmax",
) -> keras.Model:
    """GoogLeNet: nine Inception blocks, and an average over the last maps in place of large dense layers.

    Szegedy and others, "Going deeper with convolutions", CVPR 2015.

    6,998,552 parameters for 3 channels and 1,000 classes, whatever the picture's size. The two auxiliary
    classifiers, which only training uses, and local response normalisation, which has no parameters, are left
    out.

    Args:
        input_shape: (height, width, channels); None for a height or width that may vary.
        classes: Units of the last layer.
        dropout: Share of the averaged features that is dropped in training.
        classifier_activation: Activation of the last layer; None gives logits.

    Returns:
        An uncompiled model with layers `conv1`, `pool1`, `conv2_reduce`, `conv2`, `pool2`, `inception_3a_1x1`,
        ..., `inception_5b_concat`, `avg_pool`, `dropout`, `predictions`.

    Raises:
        CourseError: An argument is out of its range.
    """
    sizes = arguments.picture("googlenet", input_shape, any_size=True)
    arguments.answer("googlenet", classes, classifier_activation)
    arguments.between("googlenet", "dropout", dropout, 0, 1)

    inputs = keras.Input(sizes, name="input")
    x = layers.Conv2D(64, 7, strides=2, padding="same", activation="relu", name="conv1")(inputs)
    x = layers.MaxPooling2D(3, strides=2, padding="same", name="pool1")(x)  # 56 x 56 x 64
    x = layers.Conv2D(64, 1, activation="relu", name="conv2_reduce")(x)
    x = layers.Conv2D(192, 3, padding="same", activation="relu", name="conv2")(x)
    x = layers.MaxPooling2D(3, strides=2, padding="same", name="pool2")(x)  # 28 x 28 x 192
    for name, filters in _BLOCKS.items():
        if filters is None:
            x = layers.MaxPooling2D(3, strides=2, padding="same", name=name)(x)
        else:
            x = inception_block(x, *filters, name=name)
    x = layers.GlobalAveragePooling2D(name="avg_pool")(x)  # 1024
    x = layers.Dropout(dropout, name="dropout")(x)
    outputs = layers.Dense(classes, activation=classifier_activation, dtype="float32", name="predictions")(x)
    return keras.Model(inputs, outputs, name="googlenet")
