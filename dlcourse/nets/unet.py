"""U-Net: from picture to picture of the same size."""

from typing import Any

import keras
from keras import layers

from dlcourse.nets import arguments
from dlcourse.nets.arguments import Activation, Shape


def _two_convolutions(x: Any, filters: int, batch_norm: bool, name: str) -> Any:
    for i in (1, 2):
        x = layers.Conv2D(
            filters,
            3,
            padding="same",
            use_bias=not batch_norm,
            kernel_initializer="he_normal",
            name=f"{name}_conv{i}",
        )(x)
        if batch_norm:
            x = layers.BatchNormalization(name=f"{name}_bn{i}")(x)
        x = layers.ReLU(name=f"{name}_relu{i}")(x)
    return x


def unet(
    input_shape: Shape = (None, None, 3),
    classes: int = 2,
    filters: int = 64,
    depth: int = 4,
    skips: bool = True,
    batch_norm: bool = False,
    classifier_activation: Activation = "softmax",
) -> keras.Model:
    """U-Net: halve the picture `depth` times, double it as often, and hand fine maps across.

    Ronneberger, Fischer and Brox, "U-Net: convolutional networks for biomedical image segmentation",
    MICCAI 2015.

    31,031,810 parameters for 3 channels, or 31,030,658 for the paper's 1, and 2 classes. The paper's
    convolutions shrink the maps by their margins; here they keep the size, so that the answer is as large as
    the picture. The parameters are the same.

    Args:
        input_shape: (height, width, channels), height and width divisible by 2 ** depth, or None.
        classes: Channels of the answer: the class of each pixel.
        filters: Filters at full size; each halving doubles them.
        depth: How often the size is halved.
        skips: False gives the encoder-decoder without the links across.
        batch_norm: Normalise over the batch after each 3x3 convolution; the paper does not.
        classifier_activation: Activation of each pixel's answer: "softmax" over classes, "sigmoid" for one
            mask or for a picture with values in 0..1, None for logits or any value.

    Returns:
        An uncompiled model, picture to batch x height x width x classes, with layers `down1_conv1`,
        `down1_relu1`, ..., `down1_pool`, ..., `bottom_conv1`, ..., `up1_upsample`, `up1_concat`, `up1_conv1`,
        ..., `predictions`; `down1` and `up1` are those of full size.

    Raises:
        CourseError: An argument is out of its range, or a size not divisible.
    """
    arguments.whole("unet", "depth", depth)
    sizes = arguments.picture("unet", input_shape, multiple=2**depth, any_size=True)
    arguments.answer("unet", classes, classifier_activation)
    arguments.whole("unet", "filters", filters)
    arguments.switch("unet", "skips", skips)
    arguments.switch("unet", "batch_norm", batch_norm)

    inputs = keras.Input(sizes, name="input")
    x = inputs
    fine = {}
    for level in range(1, depth + 1):
        x = _two_convolutions(x, filters * 2 ** (level - 1), batch_norm, f"down{level}")
        fine[level] = x
        x = layers.MaxPooling2D(2, name=f"down{level}_pool")(x)
    x = _two_convolutions(x, filters * 2**depth, batch_norm, "bottom")
    for level in range(depth, 0, -1):
        x = layers.Conv2DTranspose(filters * 2 ** (level - 1), 2, strides=2, name=f"up{level}_upsample")(x)
        if skips:
            x = layers.Concatenate(name=f"up{level}_concat")([fine[level], x])
        x = _two_convolutions(x, filters * 2 ** (level - 1), batch_norm, f"up{level}")
    outputs = layers.Conv2D(classes, 1, activation=classifier_activation, dtype="float32", name="predictions")(x)
    return keras.Model(inputs, outputs, name="unet")
