"""LeNet-5."""

import keras
from keras import layers

from dlcourse.nets import arguments
from dlcourse.nets.arguments import Activation, Shape

_POOLING = {"average": layers.AveragePooling2D, "max": layers.MaxPooling2D}


def lenet5(
    input_shape: Shape = (32, 32, 1),
    classes: int = 10,
    activation: Activation = "tanh",
    pooling: str = "average",
    padding: str = "valid",
    classifier_activation: Activation = "softmax",
) -> keras.Model:
    """LeNet-5: two convolutions, each followed by pooling, and three dense layers.

    LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition",
    Proceedings of the IEEE 86, 1998.

    61,706 parameters for 32 x 32 x 1 and 10 classes, and as many for 28 x 28 with padding="same". The paper's
    network has about 60,000: its second convolution sees only some of the maps, its pooling is scaled by a
    learned factor, and its answer is a distance; here these are an ordinary convolution, plain pooling, and
    a softmax, as everybody builds it today.

    Args:
        input_shape: (height, width, channels), at least 16 x 16 (12 x 12 with padding="same").
        classes: Units of the last layer.
        activation: Activation of the hidden layers.
        pooling: "average" as in the paper, or "max".
        padding: Padding of the first convolution: "valid", or "same" for digits without a margin.
        classifier_activation: Activation of the last layer; None gives logits.

    Returns:
        An uncompiled model with layers `conv1`, `pool1`, `conv2`, `pool2`, `flatten`, `dense1`, `dense2`,
        `predictions`.

    Raises:
        CourseError: An argument is out of its range, or a picture too small.
    """
    arguments.choice("lenet5", "padding", padding, ("valid", "same"))
    sizes = arguments.picture("lenet5", input_shape, smallest=16 if padding == "valid" else 12)
    arguments.answer("lenet5", classes, classifier_activation)
    arguments.activation("lenet5", "activation", activation)
    arguments.choice("lenet5", "pooling", pooling, _POOLING)
    pool = _POOLING[pooling]

    inputs = keras.Input(sizes, name="input")
    x = layers.Conv2D(6, 5, padding=padding, activation=activation, name="conv1")(inputs)  # 28 x 28 x 6
    x = pool(2, name="pool1")(x)  # 14 x 14 x 6
    x = layers.Conv2D(16, 5, activation=activation, name="conv2")(x)  # 10 x 10 x 16
    x = pool(2, name="pool2")(x)  # 5 x 5 x 16
    x = layers.Flatten(name="flatten")(x)  # 400
    x = layers.Dense(120, activation=activation, name="dense1")(x)
    x = layers.Dense(84, activation=activation, name="dense2")(x)
    outputs = layers.Dense(classes, activation=classifier_activation, dtype="float32", name="predictions")(x)
    return keras.Model(inputs, outputs, name="lenet5")
