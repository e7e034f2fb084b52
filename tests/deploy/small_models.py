"""Small networks of the kinds that learners ship, untrained or trained for a moment."""

import keras
import numpy as np
from keras import layers


def picture_mlp():
    """Bytes of 28 × 28 in, probabilities out."""
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(64, "relu", name="hidden"),
            layers.Dense(10, "softmax", name="classes"),
        ],
        name="mlp",
    )


def picture_cnn():
    """Not square, three colours, augmented in training, with batch normalisation and GELU; logits out."""
    model = keras.Sequential(
        [
            keras.Input((20, 12, 3)),
            layers.RandomRotation(0.3, name="turned"),
            layers.Rescaling(1 / 127.5, offset=-1),
            layers.Conv2D(8, 3, padding="same", use_bias=False, name="conv1"),
            layers.BatchNormalization(name="norm1"),
            layers.ReLU(name="relu1"),
            layers.MaxPooling2D(name="pool1"),
            layers.Conv2D(16, 3, activation="gelu", name="conv2"),
            layers.Dropout(0.5, name="drop"),
            layers.GlobalAveragePooling2D(name="mean"),
            layers.Dense(5, name="scores"),
        ],
        name="cnn",
    )
    generator = np.random.default_rng(3)
    for variable in model.get_layer("norm1").weights:
        variable.assign(generator.uniform(0.5, 1.5, variable.shape))
    return model


def nested():
    """A branch around a nested model, one unit at the end."""
    inner = keras.Sequential([keras.Input((6,)), layers.Dense(7, "tanh"), layers.Dense(6)], name="inner")
    x = keras.Input((6,), name="numbers")
    y = layers.Add(name="around")([inner(x), x])
    return keras.Model(x, layers.Dense(1, "sigmoid", name="second")(y), name="nested")


def regression():
    """Five numbers in, two out."""
    return keras.Sequential(
        [keras.Input((5,)), layers.Dense(8, "relu"), layers.Dense(2, name="values")], name="regression"
    )


def lstm():
    """Tokens in, probabilities out."""
    return keras.Sequential(
        [
            keras.Input((9,), dtype="int32"),
            layers.Embedding(20, 8, name="tokens"),
            layers.LSTM(10, name="lstm"),
            layers.Dense(4, "softmax", name="classes"),
        ],
        name="lstm",
    )


def examples_for(model, count=40):
    """Examples as a learner would hold them: bytes for pictures, whole numbers for tokens, floats else."""
    generator = np.random.default_rng(7)
    shape = (count, *model.input_shape[1:])
    if model.name in ("mlp", "cnn"):
        return generator.integers(0, 256, shape, dtype=np.uint8)
    if model.name == "lstm":
        return generator.integers(0, 20, shape)
    return generator.normal(size=shape)


MODELS = {make.__name__: make for make in (picture_mlp, picture_cnn, nested, regression, lstm)}
