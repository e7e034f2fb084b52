"""Keras' own file, and TensorFlow's folder."""

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras
import numpy as np

from dlcourse.errors import CourseError
from dlcourse.lens.checks import layer_paths


def write_keras(model: Any, target: Path, examples: np.ndarray) -> None:
    """Writes a `.keras` file, which holds layers and weights and can be trained on.

    Raises:
        CourseError: If a layer cannot be written down.
    """
    try:
        model.save(target)
    except (NotImplementedError, TypeError, ValueError) as error:
        raise CourseError(
            f"{first_line(error)}; a layer of your own needs get_config() and the line "
            "@keras.saving.register_keras_serializable() above its class"
        ) from error


def write_savedmodel(model: Any, target: Path, examples: np.ndarray) -> None:
    """Writes a folder that TensorFlow runs without Keras.

    Raises:
        CourseError: If a layer's name begins with an underscore, which such a folder cannot hold.
    """
    hidden = [path for path in layer_paths(model) if path.split("/")[-1].startswith("_")]
    if hidden:
        raise CourseError(
            f"a SavedModel cannot hold layers whose names begin with an underscore ({', '.join(hidden)}): give them "
            "other names where the model is made, as in keras.layers.Dense(3, name='dense')"
        )
    try:
        with without_notes():
            in_inference(model).export(target, format="tf_saved_model", verbose=False)
    except (NotImplementedError, TypeError, ValueError) as error:
        shutil.rmtree(target, ignore_errors=True)
        raise CourseError(f"{first_line(error)}; export it as .keras or .onnx instead") from error


@contextmanager
def without_notes() -> Iterator[None]:
    """TensorFlow notes where it writes a folder, with its full path, in red below a lesson's cell."""
    logger = logging.getLogger("tensorflow")
    level = logger.level
    logger.setLevel(max(level, logging.WARNING))
    try:
        yield
    finally:
        logger.setLevel(level)


def in_inference(model: Any) -> Any:
    """The model for inference alone: layers that change pictures at random would go on doing so in a file."""
    tensor = model.inputs[0]
    x = keras.Input(tensor.shape[1:], dtype=tensor.dtype, name="input")
    return keras.Model(x, model(x, training=False), name=model.name)


def first_line(error: Exception) -> str:
    """What an error says, as far as a sentence can hold it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = lines[0] if lines else type(error).__name__
    return text if len(text) <= 200 else f"{text[:199]}…"
