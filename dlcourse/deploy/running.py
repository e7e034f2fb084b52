"""A model from its file, in whatever format: arrays in, arrays out."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from dlcourse.deploy import manifest as manifests
from dlcourse.deploy.extras import of_extra
from dlcourse.deploy.formats import FORMATS
from dlcourse.deploy.manifest import Manifest
from dlcourse.errors import CourseError, unknown

Run = Callable[[np.ndarray], np.ndarray]


class OpenModel:
    """A model that was opened from its file. Call it with a batch of examples."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        """Opens what a manifest describes."""
        if manifest.format not in FORMATS:
            raise unknown("format", manifest.format, FORMATS)
        self.path = path
        self.manifest = manifest
        self._run = runner(path, manifest.format)

    def __call__(self, x: Any) -> np.ndarray:
        """The answers to a batch.

        Args:
            x: Examples, the first axis counting them, as the manifest says: shape, and range of the values.

        Raises:
            CourseError: If the examples are not what the model takes.
        """
        return self._run(checked(np.asarray(x), self.manifest))

    def __repr__(self) -> str:
        """What it takes and what it answers."""
        takes, gives = self.manifest.input, self.manifest.output
        return f"<{self.path.name}: {self.manifest.format}, {list(takes.shape)} to {list(gives.shape)} {gives.kind}>"


def open_model(path: Path | str) -> OpenModel:
    """A model from a file that `export` has written, whatever its format.

    Args:
        path: The file or the folder; its manifest lies beside it.

    Returns:
        Something to call with a batch of examples, which has `manifest`.

    Raises:
        CourseError: If the file or its manifest is missing or does not fit, or what runs it is not installed.

    Example:
        >>> from dlcourse.deploy import export
        >>> exported = export(model, "digits.keras", examples=images)
        >>> open_model("digits.keras")(images[:3]).shape
        (3, 10)
    """
    return OpenModel(Path(path), manifests.read(path))


def checked(x: np.ndarray, manifest: Manifest) -> np.ndarray:
    """A batch of examples in the type that the model takes.

    Raises:
        CourseError: If the shape or the range is another, or a value is not finite; the sentence names the mend.
    """
    expected = manifest.input
    if not (np.issubdtype(x.dtype, np.number) or x.dtype == bool):
        raise CourseError(f"The examples must be numbers, but they are of type {x.dtype}.")
    if not _fits(x.shape[1:], expected.shape) or len(x) == 0:
        hint = ""
        if _fits(x.shape, expected.shape):
            hint = ": for a single example add the batch axis, x[None]"
        elif _fits((*x.shape[1:], 1), expected.shape):
            hint = ": add the channel axis, x[..., None]"
        raise CourseError(
            f"The examples have the shape {x.shape}, but {manifest.file} takes any number of "
            f"{' × '.join('any' if side is None else str(side) for side in expected.shape)}{hint}."
        )
    if not np.isfinite(x).all():
        raise CourseError("The examples hold values that are NaN or infinite: find out where they come from.")
    if expected.range is not None:
        _check_range(x, expected.range, manifest.file)
    return np.ascontiguousarray(x, expected.dtype)


def _check_range(x: np.ndarray, limits: tuple[float, float], file: str) -> None:
    low, high = limits
    least, largest = float(x.min()), float(x.max())
    found = f"The examples hold values from {least:g} to {largest:g}, but {file} takes {low:g} to {high:g}"
    if high <= 1 and largest > 32:
        raise CourseError(f"{found}: these are bytes, so divide them by 255.")
    if least < low or largest > high:
        raise CourseError(f"{found}: bring them to the range that it was trained on.")
    if high == 255 and low == 0 and x.dtype.kind == "f" and 0 < largest <= 1:
        raise CourseError(f"{found}: these were divided by 255 already, and the model does it itself; pass bytes.")


def _fits(shape: tuple[int, ...], expected: tuple[int | None, ...]) -> bool:
    return len(shape) == len(expected) and all(want in (None, have) for have, want in zip(shape, expected, strict=True))


def runner(path: Path, format_name: str) -> Run:
    """What runs a file of a format, without a look at its manifest.

    Raises:
        CourseError: If the file cannot be opened, or what runs it is not installed.
    """
    engine = FORMATS[format_name].engine
    return {"Keras": _keras, "TensorFlow": _tensorflow, "onnxruntime": _onnxruntime, "LiteRT": _litert}[engine](path)


def _keras(path: Path) -> Run:
    import keras

    try:
        model = keras.saving.load_model(path, compile=False)
    except (TypeError, ValueError) as error:
        reason = str(error).splitlines()[0].partition(". ")[0][:200]
        raise CourseError(
            f"{path.name} cannot be opened by Keras ({reason}): layers of your own must be imported before, and have "
            "@keras.saving.register_keras_serializable() above their class; a Lambda cannot be opened at all."
        ) from error
    return lambda x: np.asarray(model.predict_on_batch(x))


def _tensorflow(path: Path) -> Run:
    import tensorflow as tf

    loaded = tf.saved_model.load(str(path))
    return lambda x: loaded.serve(tf.constant(x)).numpy()


def _onnxruntime(path: Path) -> Run:
    with of_extra("export", f"Running {path.name}"):
        import onnxruntime

    settings = onnxruntime.SessionOptions()
    settings.log_severity_level = 3  # errors: it warns of what it could have folded
    session = onnxruntime.InferenceSession(str(path), settings, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda x: session.run(None, {name: x})[0]


def _litert(path: Path) -> Run:
    with of_extra("export", f"Running {path.name}"):
        from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(path))
    interpreter.allocate_tensors()
    takes, gives = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    any_number = takes["shape_signature"][0] == -1
    lock = Lock()  # an interpreter has one set of tensors

    def run_together(x: np.ndarray) -> np.ndarray:
        if tuple(interpreter.get_input_details()[0]["shape"]) != x.shape:
            interpreter.resize_tensor_input(takes["index"], x.shape)
            interpreter.allocate_tensors()
        interpreter.set_tensor(takes["index"], x)
        interpreter.invoke()
        return interpreter.get_tensor(gives["index"])

    def run(x: np.ndarray) -> np.ndarray:
        with lock:
            return run_together(x) if any_number else np.concatenate([run_together(example[None]) for example in x])

    return run
