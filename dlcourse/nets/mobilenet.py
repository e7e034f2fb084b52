"""MobileNet: convolutions taken apart into one per channel and one across channels."""

import keras

from dlcourse.nets import arguments
from dlcourse.nets.applications import application
from dlcourse.nets.arguments import Activation, Shape


def mobilenet(
    input_shape: Shape = (224, 224, 3),
    classes: int = 1000,
    alpha: float = 1.0,
    dropout: float = 0.001,
    classifier_activation: Activation = "softmax",
) -> keras.Model:
    """MobileNet (the first version), as `keras.applications` has it, without trained weights.

    Howard and others, "MobileNets: efficient convolutional neural networks for mobile vision applications",
    2017 (arXiv 1704.04861).

    4,253,864 parameters for 224 x 224 x 3 and 1,000 classes (the paper's 4.2 M), 0.57 G multiply-adds.

    Args:
        input_shape: (height, width, channels), at least 32 x 32.
        classes: Units of the last layer.
        alpha: What every layer's number of filters is multiplied by, above 0: the paper's 0.25, 0.5, 0.75, 1.
        dropout: Share of the averaged features that is dropped in training.
        classifier_activation: Activation of the last layer; None gives logits.

    Returns:
        An uncompiled model with layers `conv1`, `conv1_bn`, `conv1_relu`, `conv_dw_1`, `conv_dw_1_bn`,
        `conv_dw_1_relu`, `conv_pw_1`, ..., `conv_preds`, `reshape_2`, `predictions`. The pooling has a name that
        Keras counts up, like `global_average_pooling2d_1`.

    Raises:
        CourseError: An argument is out of its range, or a picture too small.
    """
    sizes = arguments.picture("mobilenet", input_shape, smallest=32)
    arguments.answer("mobilenet", classes, classifier_activation)
    arguments.between("mobilenet", "alpha", alpha, 0.05, 4)
    arguments.between("mobilenet", "dropout", dropout, 0, 1)
    return application(
        keras.applications.MobileNet,
        sizes,
        alpha=alpha,
        dropout=dropout,
        classes=classes,
        classifier_activation=classifier_activation,
    )
