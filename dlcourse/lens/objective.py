"""The loss of a batch, from the model's `compile` or from an argument, with the penalties that `fit` adds."""

from collections.abc import Hashable
from typing import Any

import keras
from keras import ops

from dlcourse.errors import CourseError
from dlcourse.lens.forward import ForwardPass


class Objective:
    """What training makes small: `objective(y, seen)` is the mean loss plus the layers' penalties."""

    def __init__(self, model: Any, loss: Any = None) -> None:
        """The objective of a model.

        Args:
            model: A built Keras model with one output.
            loss: As `compile` takes it: a name, a function of (y, output), or a `keras.losses.Loss`. None for the
                one that the model is compiled with.

        Raises:
            CourseError: If there is no loss, or none of that name.
        """
        if loss is None:
            loss = getattr(model, "loss", None)
            if loss is None:
                raise CourseError(
                    f"The model {model.name!r} is not compiled, so it has no loss: call model.compile(...), "
                    'or pass one, as in loss="sparse_categorical_crossentropy".'
                )
            if isinstance(loss, list | tuple) and len(loss) == 1:
                loss = loss[0]
        try:
            self._loss = keras.losses.get(loss)
        except (ValueError, TypeError) as error:
            raise CourseError(
                f"`loss` must be one loss that Keras knows, a name or a function of (y, output), but it is {loss!r}."
            ) from error
        self._name = getattr(self._loss, "__name__", None) or getattr(self._loss, "name", str(loss))
        self.from_logits = bool(getattr(self._loss, "from_logits", False))
        self.key: Hashable = loss if isinstance(loss, str) else id(loss)

    def __call__(self, y: Any, passed: ForwardPass) -> Any:
        """The mean loss of a batch plus the penalties, as a scalar."""
        y, output = ops.convert_to_tensor(y), passed.output
        if len(y.shape) == len(output.shape) - 1 and output.shape[-1] == 1:
            y = ops.expand_dims(y, -1)  # else (batch,) and (batch, 1) would broadcast to a square
        try:
            value = ops.mean(self._loss(y, output))
        except ValueError as error:
            raise CourseError(
                f"The loss {self._name!r} does not take answers of the shape {tuple(y.shape)} for outputs of the shape "
                f"{tuple(output.shape)}: class numbers go with sparse_categorical_crossentropy, one-hot rows with "
                "categorical_crossentropy, values in the shape of the output with mse or binary_crossentropy."
            ) from error
        return sum((ops.cast(penalty, value.dtype) for penalty in passed.penalties), value)
