"""The Keras callback of `GradientFlow`. Importing this file loads Keras."""

from collections.abc import Mapping
from typing import Any

import keras

from dlcourse.errors import CourseError


class FlowCallback(keras.callbacks.Callback):
    """Lets a widget look at its network before a training, after every so many batches, and at the end."""

    def __init__(self, widget: Any, model: keras.Model, every: int) -> None:
        """A callback for one widget; over several calls of `fit` it goes on counting."""
        super().__init__()
        self._widget, self._watched, self._every = widget, model, every
        self._step = self._epoch = 0

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        """Look before the first step."""
        if self.model is not self._watched:
            raise CourseError(
                f"This callback watches the model {self._watched.name!r}, but fit trains {self.model.name!r}: "
                "make a GradientFlow of the model that is trained."
            )
        self._look()

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Count."""
        self._epoch += 1

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Look now and then."""
        self._step += 1
        if self._step % self._every == 0:
            self._look()

    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:
        """Look a last time, and show all there is."""
        if self._step % self._every:
            self._look()
        self._widget._push(also_soon=True)

    def _look(self) -> None:
        self._widget._take(self._step, self._epoch)
