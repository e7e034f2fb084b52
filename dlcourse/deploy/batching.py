"""When batching pays: how long a model takes for batches of several sizes."""

from collections.abc import Sequence
from pathlib import Path
from timeit import repeat

import numpy as np

from dlcourse.deploy.extras import of_extra

_TRIES = 25  # calls with each size; what else the machine does makes calls slower, never faster


def batch_seconds(path: Path | str, examples: np.ndarray, sizes: Sequence[int]) -> np.ndarray:
    """How long ONNX Runtime takes on one core for batches of several sizes, the fastest call with each.

    Args:
        path: A model in ONNX.
        examples: At least as many as the largest batch has; converted to float32.
        sizes: How many examples the batches have.

    Returns:
        Seconds, one number for each size.

    Example:
        >>> from dlcourse.deploy import export
        >>> digits = export(model, "digits.onnx", examples=images)
        >>> batch_seconds(digits.path, images, [1, 16]).shape
        (2,)
    """
    with of_extra("export", "Asking a model in ONNX"):
        import onnxruntime
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), settings, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def fastest(batch: np.ndarray) -> float:
        return min(repeat(lambda: session.run(None, {name: batch}), number=1, repeat=_TRIES))

    return np.array([fastest(np.asarray(examples[:size], "float32")) for size in sizes])
