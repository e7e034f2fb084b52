"""The network at hand without a model of the learner's: a small residual one that tells digits apart."""

from functools import cache
from typing import Any

import numpy as np

from dlcourse.data import load
from dlcourse.data.cache import keep_arrays

_KEY = "ablation-example"  # of the weights; change it with the network
_EPOCHS, _BATCH, _SEED = 3, 50, 4
_EXAMPLES = 400  # of the digits that it has not learned from


@cache
def residual_digits() -> tuple[Any, np.ndarray, np.ndarray]:
    """It, trained within some seconds and then kept, and digits that it has not seen, with their classes."""
    model = _network()
    kept = keep_arrays(_KEY, lambda: _trained(model))
    model.set_weights([kept[str(number)] for number in range(len(kept))])
    test = load("mnist").test
    return model, _as_given(test.x[:_EXAMPLES]), test.y[:_EXAMPLES].astype(int)


def _network() -> Any:
    """Two residual blocks, and a way around the last convolution that is put beside it."""
    import keras
    from keras import layers

    inputs = keras.Input((28, 28, 1), name="digit")
    x = layers.Conv2D(8, 7, strides=4, padding="same", activation="relu", name="stem")(inputs)
    for block in ("block1", "block2"):
        y = layers.Conv2D(8, 3, padding="same", activation="relu", name=f"{block}_conv1")(x)
        y = layers.Conv2D(8, 3, padding="same", name=f"{block}_conv2")(y)
        x = layers.Add(name=f"{block}_add")([x, y])
        x = layers.ReLU(name=f"{block}_relu")(x)
    x = layers.MaxPooling2D(name="pool")(x)
    y = layers.Conv2D(12, 3, padding="same", activation="relu", name="wide")(x)
    x = layers.Concatenate(name="both")([x, y])
    x = layers.Flatten(name="flatten")(x)
    model = keras.Model(inputs, layers.Dense(10, "softmax", name="classes")(x), name="digits")
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def _trained(model: Any) -> dict[str, np.ndarray]:
    import keras

    keras.utils.set_random_seed(_SEED)
    fresh = keras.models.clone_model(model)
    fresh.compile(keras.optimizers.Adam(0.005), "sparse_categorical_crossentropy")
    train = load("mnist").train
    fresh.fit(_as_given(train.x), train.y, epochs=_EPOCHS, batch_size=_BATCH, verbose=0)
    return {str(number): weight for number, weight in enumerate(fresh.get_weights())}


def _as_given(pictures: np.ndarray) -> np.ndarray:
    return (pictures[..., None] / np.float32(255)).astype("float32")
