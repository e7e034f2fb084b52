"""The multi-layer perceptron."""

from collections.abc import Sequence

import keras
from keras import layers

from dlcourse.nets import arguments
from dlcourse.nets.arguments import Activation, Shape


def mlp(
    input_shape: Shape = (28, 28, 1),
    classes: int = 10,
    hidden: Sequence[int] = (128,),
    activation: Activation = "relu",
    kernel_initializer: str = "glorot_uniform",
    batch_norm: bool = False,
    dropout: float = 0.0,
    classifier_activation: Activation = "softmax",
) -> keras.Model:
    """Dense layers one after another: every unit sees every value of the layer before.

    Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", Nature 323, 1986.

    101,770 parameters as it comes: 784 x 128 + 128 and 128 x 10 + 10.

    Args:
        input_shape: The shape of one example without the batch; (2,) for points in the plane.
        classes: Units of the last layer.
        hidden: Units of each hidden layer, first to last; () leaves plain logistic regression.
        activation: Activation of the hidden layers.
        kernel_initializer: How the hidden layers' weights start, like "he_normal".
        batch_norm: Normalise over the batch between each hidden layer and its activation.
        dropout: Share of each hidden layer's units that is dropped in training.
        classifier_activation: Activation of the last layer; None gives logits.

    Returns:
        An uncompiled model with layers `flatten` (for more than one axis), `dense1`, `dense1_bn`,
        `dense1_activation`, `dense1_dropout`, ..., `predictions`.

    Raises:
        CourseError: An argument is out of its range.
    """
    axes = len(input_shape) if isinstance(input_shape, tuple | list) and input_shape else 1
    sizes = arguments.shape("mlp", input_shape, ", ".join(["values"] if axes == 1 else ["size"] * axes))
    arguments.answer("mlp", classes, classifier_activation)
    arguments.whole_numbers("mlp", "hidden", hidden)
    arguments.activation("mlp", "activation", activation)
    arguments.initializer("mlp", "kernel_initializer", kernel_initializer)
    arguments.switch("mlp", "batch_norm", batch_norm)
    arguments.between("mlp", "dropout", dropout, 0, 1)

    inputs = keras.Input(sizes, name="input")
    x = layers.Flatten(name="flatten")(inputs) if axes > 1 else inputs
    for i, units in enumerate(hidden, start=1):
        x = layers.Dense(units, kernel_initializer=kernel_initializer, name=f"dense{i}")(x)
        if batch_norm:
            x = layers.BatchNormalization(name=f"dense{i}_bn")(x)
        x = layers.Activation(activation, name=f"dense{i}_activation")(x)
        if dropout:
            x = layers.Dropout(dropout, name=f"dense{i}_dropout")(x)
    outputs = layers.Dense(classes, activation=classifier_activation, dtype="float32", name="predictions")(x)
    return keras.Model(inputs, outputs, name="mlp")
