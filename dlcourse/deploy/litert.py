"""LiteRT's file (formerly TensorFlow Lite), for telephones and small boards: of floats, or of integers of 8 bits."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from dlcourse.deploy.keras_formats import first_line, without_notes
from dlcourse.errors import CourseError

_CALIBRATING = 200  # examples that show the converter how large the numbers between the layers become


def write_litert(model: Any, target: Path, examples: np.ndarray) -> None:
    """Writes a `.tflite` file of floats.

    Raises:
        CourseError: If the converter cannot take the model.
    """
    _write(model, target)


def write_litert_int8(model: Any, target: Path, examples: np.ndarray) -> None:
    """Writes a `.tflite` file whose weights are integers; it takes and answers floats.

    Raises:
        CourseError: If the converter cannot take the model.
    """
    import tensorflow as tf

    def representative() -> Iterator[list[np.ndarray]]:
        for example in examples[:_CALIBRATING]:
            yield [example[None]]

    _write(model, target, optimizations=[tf.lite.Optimize.DEFAULT], representative_dataset=representative)


def _write(model: Any, target: Path, **settings: Any) -> None:
    """Writes a file for any number of examples; where that cannot be, one that takes them one by one."""
    import tensorflow as tf

    # only what LiteRT itself runs: Keras would let the converter leave parts to TensorFlow, which is not there
    settings["target_spec"] = {"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS]}
    tensor = model.inputs[0]
    one = [tf.TensorSpec((1, *tensor.shape[1:]), tensor.dtype, name="input")]
    try:
        with without_notes():
            try:
                model.export(target, format="litert", verbose=False, **settings)
            except Exception:  # the converter's errors have no common class
                if (
                    None in one[0].shape or "representative_dataset" in settings
                ):  # with one, loops end the whole process
                    raise
                model.export(target, format="litert", verbose=False, input_signature=one, **settings)
    except Exception as error:
        if "TensorList" in str(error):
            raise CourseError(
                "LiteRT's converter refuses the loop of a recurrent layer: give the input a fixed number of steps, and "
                "for integers the layer unroll=True, too; or export it as .onnx"
            ) from error
        raise CourseError(
            f"LiteRT's converter refuses it ({first_line(error)}): make operations of your own of Keras' layers, or "
            "export it as .onnx"
        ) from error
