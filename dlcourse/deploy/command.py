"""What `dlcourse export` is given as files: a model, examples, the names of classes."""

from pathlib import Path
from typing import Any

import numpy as np

from dlcourse.errors import CourseError

_EXAMPLES, _LABELS = ("x", "x_test", "examples"), ("y", "y_test", "labels")


def load_model(path: Path) -> Any:
    """A Keras model from its file.

    Raises:
        CourseError: If Keras cannot open it.
    """
    import keras

    try:
        return keras.saving.load_model(path, compile=False)
    except (TypeError, ValueError, OSError) as error:
        reason = str(error).strip().splitlines()[0][:200]
        raise CourseError(
            f"{path} cannot be opened by Keras ({reason}): save the model with model.save('digits.keras'); one with "
            "layers of your own is exported in Python, with dlcourse.deploy.export."
        ) from error


def examples_in(path: Path) -> dict[str, np.ndarray | None]:
    """Examples, and labels where there are any, from a file of NumPy.

    Returns:
        `examples` and `labels`, as `export` takes them.

    Raises:
        CourseError: If the file is none of NumPy's, or holds no examples.
    """
    try:
        loaded = np.load(path)
    except (OSError, ValueError) as error:
        raise CourseError(
            f"{path} holds no arrays: write it with numpy.savez('examples.npz', x=examples, y=labels)."
        ) from error
    if isinstance(loaded, np.ndarray):
        return {"examples": loaded, "labels": None}
    with loaded:
        found = {name: loaded[name] for name in loaded.files}
    x = next((found[name] for name in _EXAMPLES if name in found), None)
    if x is None:
        names = ", ".join(found) or "nothing"
        raise CourseError(f"{path} holds {names}, but no x: write it with numpy.savez('examples.npz', x=..., y=...).")
    return {"examples": x, "labels": next((found[name] for name in _LABELS if name in found), None)}


def class_names(given: str | None) -> list[str] | None:
    """The classes' names, from a file with one in each line, or from a text with commas between them.

    Example:
        >>> class_names("stop, turn left")
        ['stop', 'turn left']
    """
    if given is None:
        return None
    path = Path(given)
    names = path.read_text(encoding="utf-8").splitlines() if path.is_file() else given.split(",")
    return [name.strip() for name in names if name.strip()]
