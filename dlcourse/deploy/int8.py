"""ONNX with integers of 8 bits: weights by their largest value, what passes between layers by what examples show.

onnxruntime's own quantiser does it, with symmetric weights and one scale a channel: `quantise(kernel, axis=...)` of
`dlcourse.lens.quantisation` computes the same integers. In the file they are moved up by 128, to bytes without a sign.
Processors without VNNI add products of unsigned and signed bytes in pairs of 16 bits and cut off what is too large;
measured on a small network for digits, that cost 2 points of accuracy, and it would differ from machine to machine.
Keras' own `quantize` leaves convolutions as they are.
"""

import logging
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from dlcourse.deploy.contract import INPUT
from dlcourse.deploy.extras import of_extra
from dlcourse.deploy.onnx_converter import write_onnx
from dlcourse.errors import CourseError

_BATCH = 64  # examples that are run at a time to see how large the numbers become
# what is computed with integers; a softmax or sigmoid at the end stays as it is, for the sake of the probabilities
_OPERATIONS = """Conv ConvTranspose MatMul Gemm Gather Relu Clip LeakyRelu MaxPool AveragePool GlobalAveragePool Add
    Concat Reshape Transpose Flatten Squeeze Unsqueeze Pad Resize Split""".split()


def write_int8(model: Any, target: Path, examples: np.ndarray) -> None:
    """Writes an `.onnx` file whose weights are integers; it takes and answers floats.

    Raises:
        CourseError: If the model cannot become ONNX, or would not become smaller.
    """
    with of_extra("export", "Writing ONNX with integers"):
        from onnxruntime.quantization import CalibrationDataReader, QuantType, quant_pre_process, quantize_static

    class Examples(CalibrationDataReader):
        """The examples, batch by batch, as the quantiser asks for them."""

        def __init__(self) -> None:
            self._batches: Iterator[np.ndarray] = iter(np.split(examples, range(_BATCH, len(examples), _BATCH)))

        def get_next(self) -> dict[str, np.ndarray] | None:
            batch = next(self._batches, None)
            return None if batch is None else {INPUT: batch}

    with tempfile.TemporaryDirectory() as folder:
        floats, prepared = Path(folder, "floats.onnx"), Path(folder, "prepared.onnx")
        write_onnx(model, floats, examples)
        logging.disable(logging.WARNING)  # the quantiser writes what it thinks of the graph to the root logger
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                quant_pre_process(floats, prepared, skip_symbolic_shape=True)
                quantize_static(
                    prepared,
                    target,
                    Examples(),
                    op_types_to_quantize=_OPERATIONS,
                    per_channel=True,
                    activation_type=QuantType.QUInt8,
                    weight_type=QuantType.QInt8,
                )
        except Exception as error:
            raise CourseError(f"onnxruntime's quantiser fails ({error}); export it as onnx, with floats") from error
        finally:
            logging.disable(logging.NOTSET)
        _without_sign(target)
        before, after = floats.stat().st_size, target.stat().st_size
    if after >= before:
        raise CourseError(
            f"with integers it would not be smaller ({after:,} bytes, with floats {before:,}): its weights are few, or "
            "lie in layers that stay as they are, such as LSTM; export it as onnx, with floats"
        )


def _without_sign(path: Path) -> None:
    """Moves the weights, and their zero points, from -127 to 127 up to 1 to 255."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load(path)
    for tensor in model.graph.initializer:
        if tensor.data_type == onnx.TensorProto.INT8:
            moved = numpy_helper.to_array(tensor).astype(np.int16) + 128
            tensor.CopyFrom(numpy_helper.from_array(moved.astype(np.uint8), tensor.name))
    onnx.save(model, path)
