"""What one sees: widgets that answer within a frame, on the learner's own picture, kernel, layer or network.

Lessons open with one: `DrawDigit` in 1.1, `FeatureMaps` in 1.5, `Optimizers` in 2.1, `Augmenter` in 4.1, `Bits` in 4.2,
`PaintOut` and `Threshold` in 5.1, `PictureMap` in 5.2. Each is shown by being the last line of a cell, can be read and
set from the next one, and has a still picture for places where no widget lives. A folder with an `entry.js` is a widget,
and holds the class of its name: `feature_maps` holds `FeatureMaps`. Each is imported when it is first asked for; none of
them loads TensorFlow or Keras.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

from dlcourse.widgets.shared.picture_input import Picture, picture

_FOLDERS = {
    entry.parent.name.title().replace("_", ""): entry.parent.name for entry in Path(__file__).parent.glob("*/entry.js")
}

__all__ = ["Picture", "picture", *sorted(_FOLDERS)]


def __getattr__(name: str) -> Any:
    if name not in _FOLDERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    widget_class = getattr(import_module(f"{__name__}.{_FOLDERS[name]}"), name)
    globals()[name] = widget_class
    return widget_class


def __dir__() -> list[str]:
    return [*globals(), *__all__]
