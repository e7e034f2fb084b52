"""VGG: small kernels, one after another."""

import keras

from dlcourse.nets import arguments
from dlcourse.nets.applications import application
from dlcourse.nets.arguments import Activation, Shape

_DEPTHS = {16: keras.applications.VGG16, 19: keras.applications.VGG19}


def vgg(
    depth: int = 16,
    input_shape: Shape = (224, 224, 3),
    classes: int = 1000,
    classifier_activation: Activation = "softmax",
) -> keras.Model:
    """VGG-16 or VGG-19, as `keras.applications` has it, without trained weights.

    Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition", ICLR 2015.

    138,357,544 parameters at depth 16 and 143,667,240 at depth 19, for 224 x 224 x 3 and 1,000 classes.

    Args:
        depth: Layers with weights: 16 or 19.
        input_shape: (height, width, channels), at least 32 x 32.
        classes: Units of the last layer.
        classifier_activation: Activation of the last layer; None gives logits.

    Returns:
        An uncompiled model with layers `block1_conv1`, `block1_conv2`, `block1_pool`, ..., `flatten`, `fc1`,
        `fc2`, `predictions`.

    Raises:
        CourseError: An argument is out of its range, or a picture too small.
    """
    arguments.choice("vgg", "depth", depth, _DEPTHS)
    sizes = arguments.picture("vgg", input_shape, smallest=32)
    arguments.answer("vgg", classes, classifier_activation)
    return application(_DEPTHS[depth], sizes, classes=classes, classifier_activation=classifier_activation)
