"""AlexNet."""

import keras
from keras import layers

from dlcourse.nets import arguments
from dlcourse.nets.arguments import Activation, Shape


def alexnet(
    input_shape: Shape = (227, 227, 3),
    classes: int = 1000,
    groups: int = 1,
    dropout: float = 0.5,
    classifier_activation: Activation = "softmax",
) -> keras.Model:
    """AlexNet: five convolutions and three dense layers, with ReLU, overlapping pooling and dropout.

    Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural networks",
    NeurIPS 2012.

    The paper splits the second, fourth and fifth convolution over two GPUs that do not see each other's maps:

    - groups=1, one tower of the paper's widths (96, 256, 384, 384, 256): 62,378,344 parameters,
      1.14 G multiply-adds.
    - groups=2, the paper's two towers: 60,965,224 parameters, 0.72 G multiply-adds.

    Both for 227 x 227 x 3 (the paper writes 224, which does not give its 55 x 55 maps). Local response
    normalisation is left out: it has no parameters, and later networks showed it of no use.

    Args:
        input_shape: (height, width, channels), at least 67 x 67.
        classes: Units of the last layer.
        groups: 1 for one tower, 2 for the paper's two.
        dropout: Share of the units of both hidden dense layers that is dropped in training.
        classifier_activation: Activation of the last layer; None gives logits.

    Returns:
        An uncompiled model with layers `conv1` ... `conv5`, `pool1`, `pool2`, `pool5`, `flatten`, `dense6`,
        `dense6_dropout`, `dense7`, `dense7_dropout`, `predictions`.

    Raises:
        CourseError: An argument is out of its range, or a picture too small.
    """
    sizes = arguments.picture("alexnet", input_shape, smallest=67)
    arguments.answer("alexnet", classes, classifier_activation)
    arguments.choice("alexnet", "groups", groups, (1, 2))
    arguments.between("alexnet", "dropout", dropout, 0, 1)

    inputs = keras.Input(sizes, name="input")
    x = layers.Conv2D(96, 11, strides=4, activation="relu", name="conv1")(inputs)  # 55 x 55 x 96
    x = layers.MaxPooling2D(3, strides=2, name="pool1")(x)  # 27 x 27 x 96
    x = layers.Conv2D(256, 5, padding="same", groups=groups, activation="relu", name="conv2")(x)
    x = layers.MaxPooling2D(3, strides=2, name="pool2")(x)  # 13 x 13 x 256
    x = layers.Conv2D(384, 3, padding="same", activation="relu", name="conv3")(x)
    x = layers.Conv2D(384, 3, padding="same", groups=groups, activation="relu", name="conv4")(x)
    x = layers.Conv2D(256, 3, padding="same", groups=groups, activation="relu", name="conv5")(x)
    x = layers.MaxPooling2D(3, strides=2, name="pool5")(x)  # 6 x 6 x 256
    x = layers.Flatten(name="flatten")(x)  # 9216
    x = layers.Dense(4096, activation="relu", name="dense6")(x)
    x = layers.Dropout(dropout, name="dense6_dropout")(x)
    x = layers.Dense(4096, activation="relu", name="dense7")(x)
    x = layers.Dropout(dropout, name="dense7_dropout")(x)
    outputs = layers.Dense(classes, activation=classifier_activation, dtype="float32", name="predictions")(x)
    return keras.Model(inputs, outputs, name="alexnet")
