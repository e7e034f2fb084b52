"""A stack of `GradientFlow` as a Keras model. Importing this file loads Keras."""

import keras
import numpy as np
from keras import layers

from dlcourse.widgets.gradient_flow.deep_stack import Dense, Settings


def as_keras(stack: list[Dense], settings: Settings, x: np.ndarray) -> keras.Model:
    """The stack with its very weights, compiled for gradient descent as the widget does it.

    Args:
        stack: The layers, the output layer last.
        settings: What the stack is.
        x: The examples, from which batch normalisation takes the statistics that it uses after training.
    """
    before = inputs = keras.Input((stack[0].kernel.shape[0],))
    sums = []
    for number in range(settings.depth):
        use_bias = not settings.batch_norm
        out = layers.Dense(settings.width, use_bias=use_bias, name=f"layer{number + 1}")(before)
        if settings.batch_norm:
            sums.append(out)
            out = layers.BatchNormalization(name=f"norm{number + 1}")(out)
        out = layers.Activation(settings.activation, name=f"activation{number + 1}")(out)
        before = layers.add([before, out]) if settings.residual and number else out
    model = keras.Model(inputs, layers.Dense(1, name="output")(before))
    for number, layer in enumerate(stack):
        last = number == settings.depth
        weights = [layer.kernel] if layer.gain.size else [layer.kernel, layer.bias]
        model.get_layer("output" if last else f"layer{number + 1}").set_weights(weights)
    if sums:
        _set_norms(model, sums, stack, x)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(settings.learning_rate), loss)
    return model


def _set_norms(model: keras.Model, sums: list, stack: list[Dense], x: np.ndarray) -> None:
    """Gains, shifts, and the means and variances of the layers' sums over all examples, one layer after the other."""
    for number, tensor in enumerate(sums):
        values = np.asarray(keras.Model(model.input, tensor)(x))
        layer = stack[number]
        weights = [layer.gain, layer.shift, values.mean(axis=0), values.var(axis=0)]
        model.get_layer(f"norm{number + 1}").set_weights(weights)
