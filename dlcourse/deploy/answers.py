"""What a network's answers mean, whether they are probabilities or logits, of two classes or of many."""

import numpy as np


def probabilities(answers: np.ndarray, kind: str) -> np.ndarray:
    """The probabilities that answers stand for, the classes along the last axis.

    Args:
        answers: What the model answered.
        kind: "probabilities" or "logits", as the manifest says.

    Returns:
        Probabilities, float64. A single unit, which answers how probable the second of two classes is, becomes two.

    Example:
        >>> probabilities(np.array([[0.0], [np.log(3)]]), "logits")
        array([[0.5 , 0.5 ],
               [0.25, 0.75]])
    """
    values = np.asarray(answers, float)
    if values.shape[-1] == 1:
        second = 1 / (1 + np.exp(-values)) if kind == "logits" else values
        return np.concatenate([1 - second, second], axis=-1)
    if kind != "logits":
        return values
    exponents = np.exp(values - values.max(axis=-1, keepdims=True))
    return exponents / exponents.sum(axis=-1, keepdims=True)


def top_classes(answers: np.ndarray, kind: str) -> np.ndarray:
    """The number of the most probable class, for each example (or each step of it)."""
    if answers.shape[-1] == 1:
        return (answers[..., 0] > (0 if kind == "logits" else 0.5)).astype(int)
    return answers.argmax(axis=-1)


def confidences(answers: np.ndarray, kind: str) -> np.ndarray:
    """For each example its largest probability; where a model answers at every step, the mean of the steps."""
    largest = probabilities(answers, kind).max(axis=-1)
    return largest.reshape(len(largest), -1).mean(axis=1)
