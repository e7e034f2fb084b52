"""The digit classifier that is at hand without a model of the learner's: one linear layer and a softmax."""

from functools import cache

import numpy as np

from dlcourse.data import load
from dlcourse.lens.activation_functions import softmax

_EPOCHS, _BATCH, _RATE, _DECAY = 12, 100, 0.2, 1e-3


@cache
def tiny_classifier() -> tuple[np.ndarray, np.ndarray, float]:
    """Trains on the course's 4,000 digits, in a fraction of a second and without Keras.

    Returns:
        The weights (784 × 10), the biases (10), and the share of the 1,000 test digits that it gets right.

    Example:
        >>> weights, biases, accuracy = tiny_classifier()
    """
    digits = load("mnist")
    x, y = _rows(digits.train.x), np.eye(10, dtype="float32")[digits.train.y]
    weights, biases = np.zeros((x.shape[1], 10), "float32"), np.zeros(10, "float32")
    order = np.random.default_rng(0)
    for epoch in range(_EPOCHS):
        rate = np.float32(_RATE * (1 - epoch / _EPOCHS))
        for some in order.permutation(len(x)).reshape(-1, _BATCH):
            wrong = (softmax(x[some] @ weights + biases) - y[some]) / _BATCH
            weights -= rate * (x[some].T @ wrong + np.float32(_DECAY) * weights)
            biases -= rate * wrong.sum(0)
    right = (_rows(digits.test.x) @ weights + biases).argmax(1) == digits.test.y
    return weights, biases, float(right.mean())


def _rows(pictures: np.ndarray) -> np.ndarray:
    return pictures.reshape(len(pictures), -1).astype("float32") / 255
