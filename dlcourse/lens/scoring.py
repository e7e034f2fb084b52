"""How good answers are: the loss, and accuracy or the overlap of masks, whichever the answers are made for."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from keras import ops

from dlcourse.lens.forward import ForwardPass
from dlcourse.lens.objective import Objective


@dataclass(frozen=True, eq=False)
class Score:
    """How good a network's answers are.

    Attributes:
        measure: What tells most of them: "accuracy" (the share that is right), "iou" (of masks, intersection over
            union, on average over the classes that there are), or "loss" where there are neither classes nor masks.
        value: It.
        loss: The mean loss.
        counts: How often each class (row) was taken for each (column), pixels counted one by one; None for "loss".
    """

    measure: str
    value: float
    loss: float
    counts: np.ndarray | None


class Judge:
    """What answers to given examples are held against; made once, asked for many networks.

    Attributes:
        measure: "accuracy", "iou" or "loss".
        truths: The right class of each example or place; None for "loss".
        classes: How many there are; 0 for "loss".
        from_logits: Whether of a single output what is above 0 means yes, not what is above 0.5.
    """

    def __init__(self, model: Any, y: np.ndarray, loss: Any = None) -> None:
        """A judge.

        Args:
            model: The network as it is, whose loss counts and whose outputs say what they are made for.
            y: The right answers, as `dlcourse.lens.checks.labels` gives them.
            loss: As in `compile`; None for what the model is compiled with.

        Raises:
            CourseError: If there is no loss.
        """
        self._objective = Objective(model, loss)
        self._y = y
        shape = tuple(model.outputs[0].shape)
        self.from_logits = self._objective.from_logits
        self.measure, self.truths = _truths(shape, y)
        self.classes = max(2, shape[-1] or 0) if self.measure != "loss" else 0

    def __call__(self, outputs: np.ndarray) -> Score:
        """The score of outputs, the examples along their first axis.

        Example:
            >>> Judge(model, y)(model.predict(x, verbose=0)).measure
            'accuracy'
        """
        loss = float(ops.convert_to_numpy(self._objective(self._y, ForwardPass(outputs, {}, []))))
        if self.truths is None:
            return Score("loss", loss, loss, None)
        counts = np.bincount(
            (self.truths * self.classes + self.answers(outputs)).ravel(), minlength=self.classes**2
        ).reshape(self.classes, self.classes)
        value = _iou(counts) if self.measure == "iou" else float(np.trace(counts) / counts.sum())
        return Score(self.measure, value, loss, counts)

    def answers(self, outputs: np.ndarray) -> np.ndarray:
        """The class that is answered, for each example or place; of one output, 1 where it says more yes than no."""
        if outputs.shape[-1] > 1:
            return outputs.argmax(axis=-1)
        return (outputs[..., 0] > (0 if self.from_logits else 0.5)).astype(int)


def _iou(counts: np.ndarray) -> float:
    """Intersection over union; of two classes that of class 1, of several the mean over those that occur."""
    hits = np.diag(counts)
    unions = counts.sum(axis=0) + counts.sum(axis=1) - hits
    if len(counts) == 2:
        return float(hits[1] / unions[1]) if unions[1] else 1.0
    return float(np.mean(hits[unions > 0] / unions[unions > 0]))


def _truths(shape: tuple[int | None, ...], y: np.ndarray) -> tuple[str, np.ndarray | None]:
    """What is measured, and the true class of each example or place; None where answers are no classes."""
    classes, places = shape[-1] or 0, len(shape) - 2
    measure = "iou" if places == 2 else "accuracy"
    if y.ndim == len(shape) and y.shape[-1] == 1:
        y = y[..., 0]
    whole = bool((y == np.rint(y)).all()) and y.min() >= 0
    if y.ndim == len(shape) - 1 and whole and y.max() < max(2, classes):
        return measure, y.astype(int)
    if y.ndim == len(shape) and whole and bool((y.sum(axis=-1) == 1).all()) and y.shape[-1] == classes:
        return measure, y.argmax(axis=-1)
    return "loss", None
