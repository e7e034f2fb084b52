"""A network becomes a file that is tried before it stands under its name."""

import platform
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import keras
import numpy as np

from dlcourse.deploy import contract, manifest, running
from dlcourse.deploy.answers import confidences
from dlcourse.deploy.formats import Format, format_for
from dlcourse.deploy.int8 import write_int8
from dlcourse.deploy.keras_formats import write_keras, write_savedmodel
from dlcourse.deploy.litert import write_litert, write_litert_int8
from dlcourse.deploy.manifest import Manifest, Reference, Spread
from dlcourse.deploy.onnx_converter import write_onnx
from dlcourse.deploy.verifying import answers_of, verify
from dlcourse.errors import CourseError
from dlcourse.lens import checks, drift

_WRITERS: dict[str, Callable[[Any, Path, np.ndarray], None]] = {
    "keras": write_keras,
    "savedmodel": write_savedmodel,
    "onnx": write_onnx,
    "litert": write_litert,
    "int8": write_int8,
    "litert-int8": write_litert_int8,
}


@dataclass(frozen=True)
class Exported:
    """A file that answers as the model does, and what is known of it."""

    path: Path
    manifest: Manifest

    def __repr__(self) -> str:
        """A sentence: how large the file is, and how it answers."""
        verified = self.manifest.verified
        allowed = "" if verified.tolerance is None else f" ({verified.tolerance:.1g} is allowed)"
        parts = [f"its answers differ by at most {verified.largest_difference:.1e}{allowed}"]
        if verified.changed_classes is not None:
            parts.append(f"{verified.changed_classes} change their class")
        if verified.accuracy is not None:
            parts.append(f"accuracy {verified.accuracy:.1%}")
        kilobytes = self.manifest.bytes / 1000
        return (
            f"{self.path.name}: {self.manifest.format}, {kilobytes:,.0f} kB; on {verified.examples} examples "
            f"{', '.join(parts)}."
        )


def export(
    model: Any,
    path: Path | str,
    format: str | None = None,
    *,
    examples: Any,
    labels: Any = None,
    classes: Sequence[Any] | None = None,
    tolerance: float | None = None,
    range: Sequence[float] | None = None,
    colours: str | None = None,
) -> Exported:
    """Writes a model to a file, tries whether it answers as the model does, and writes down what must be known of it.

    A file stands under its name only when it has passed; one that stood there before stays where the new one fails.

    Args:
        model: A built Keras model with one input and one output.
        path: The file, or for a SavedModel the folder. The manifest comes beside it, as `<path>.manifest.json`.
        format: "keras", "savedmodel", "onnx", "litert", or with weights of 8 bits "int8" (ONNX) or "litert-int8"; None
            for what the ending stands for: .keras, .onnx, .tflite, none for a SavedModel.
        examples: What the model is tried on, and what integers are fitted to: some hundreds, as the model gets them.
        labels: Their true classes, for the accuracy.
        classes: The names of the classes.
        tolerance: The largest difference between both answers. None for 1e-4 (of numbers that are no probabilities: of
            the largest), and for 8 bits at most 0.01 of accuracy, or without labels 2 % of the classes.
        range: The least and the largest value that the model takes; None for what the examples tell.
        colours: "grey" or "RGB"; None for what the shape tells.

    Returns:
        The file's path and its manifest; printed, it is a sentence.

    Raises:
        CourseError: If the model cannot be written in this format, or answers differently; the sentence says why, and
            what to do.

    Example:
        >>> export(model, "digits.onnx", examples=images, labels=labels)
        digits.onnx: onnx, 11... kB; on 20 examples its answers differ by at most ...
    """
    target = Path(path)
    chosen = format_for(target, format)
    contract.check(model)
    _check_backend(model, chosen)
    _check_target(target, chosen)
    given = np.asarray(examples)
    x = checks.batch(model, examples)
    expected = answers_of(model, x)
    numbers = None if labels is None else _class_numbers(checks.labels(model, labels, len(x)), expected)
    output = contract.output_of(model, expected, with_classes=classes is not None or numbers is not None)
    names = contract.classes_of(classes, output)
    takes = contract.input_of(model, given, range, colours)
    with tempfile.TemporaryDirectory(dir=_folder_of(target), prefix=".export-") as folder:
        unfinished = Path(folder, target.name)
        try:
            _WRITERS[chosen.name](model, unfinished, x)
            verified = verify(
                running.runner(unfinished, chosen.name), expected, x, chosen, output.kind, numbers, tolerance
            )
        except CourseError as error:
            raise CourseError(
                f"The model {model.name!r} was not exported to {target.name}: {str(error).rstrip('.')}."
            ) from error
        described = Manifest(
            format=chosen.name,
            file=target.name,
            sha256=manifest.digest_of(unfinished),
            bytes=manifest.bytes_of(unfinished),
            input=takes,
            output=output,
            classes=names,
            preprocessing=contract.preprocessing_of(model, takes.range),
            versions=_versions(chosen),
            verified=verified,
            reference=_reference(x, expected, output.kind),
        )
        beside = Path(folder, manifest.path_of(target).name)
        beside.write_text(described.to_json(), encoding="utf-8")
        if target.is_dir():
            shutil.rmtree(target)
        unfinished.replace(target)
        beside.replace(manifest.path_of(target))
    return Exported(target, described)


def _check_backend(model: Any, chosen: Format) -> None:
    if not chosen.needs_tensorflow:
        return
    if keras.backend.backend() != "tensorflow":
        raise CourseError(
            f"Keras runs on {keras.backend.backend()} here, and the format {chosen.name!r} is written on TensorFlow: "
            "save the model as .keras, set KERAS_BACKEND=tensorflow, and export it from there."
        )
    half = sorted({layer.compute_dtype for layer in checks.layer_paths(model).values()} & {"float16", "bfloat16"})
    if half:
        raise CourseError(
            f"The model {model.name!r} computes in {half[0]} (mixed precision), and the format {chosen.name!r} is "
            'written in float32: build it again after keras.config.set_dtype_policy("float32"), give it the weights '
            "with set_weights(model.get_weights()), and export that."
        )


def _check_target(target: Path, chosen: Format) -> None:
    is_folder = not chosen.ending
    if is_folder and target.exists() and not Path(target, "saved_model.pb").is_file():
        raise CourseError(f"{target} is there already and is no SavedModel: name another folder.")
    if not is_folder and target.is_dir():
        raise CourseError(f"{target} is a folder: name a file.")


def _folder_of(target: Path) -> Path:
    folder = target.resolve().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError(f"The folder {folder} cannot be made ({error.strerror}): name another place.") from error
    return folder


def _class_numbers(labels: np.ndarray, answers: np.ndarray) -> np.ndarray | None:
    """True classes as numbers, of whatever form they have; None for values, which are no classes."""
    units = answers.shape[-1]
    if labels.ndim == answers.ndim and labels.shape[-1] == units > 1:
        one_hot = labels.min() >= 0 and np.allclose(labels.sum(axis=-1), 1)
        return labels.argmax(axis=-1) if one_hot else None
    flat = labels.reshape(labels.shape[:-1]) if labels.ndim == answers.ndim and labels.shape[-1] == 1 else labels
    whole = np.issubdtype(flat.dtype, np.integer) or bool((flat == np.rint(flat)).all() and flat.min() >= 0)
    in_reach = whole and flat.max() < max(units, 2)
    return flat.astype(int) if in_reach and flat.shape == answers.shape[:-1] else None


def _reference(x: np.ndarray, answers: np.ndarray, kind: str) -> Reference:
    brightness = x.reshape(len(x), -1).mean(axis=1, dtype=float)
    return Reference(_spread(brightness), None if kind == "numbers" else _spread(confidences(answers, kind)))


def _spread(values: np.ndarray) -> Spread:
    edges = drift.edges(values)
    return Spread(tuple(map(float, edges)), tuple(map(float, drift.shares(values, edges))))


def _versions(chosen: Format) -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in ("dlcourse", "keras", "numpy", *chosen.packages):
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # a checkout that was not installed
            continue
    return found
