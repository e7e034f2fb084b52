"""How a Keras model becomes ONNX. The only file that knows tf2onnx, which looks for a maintainer.

Keras calls it in `model.export(format="onnx")`, with its own mends for NumPy 2. Whoever replaces the converter keeps
`write_onnx`: a file whose tensors are called "input" and "output", with any number of examples along the first axis.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras
import numpy as np

from dlcourse.deploy.contract import INPUT, OUTPUT
from dlcourse.deploy.extras import of_extra
from dlcourse.deploy.keras_formats import first_line, in_inference
from dlcourse.errors import CourseError

OPSET = 17  # of ONNX's operations: the first with layer normalisation; onnxruntime reads it since 1.12
_BATCH = "batch"  # what the number of examples is called


def write_onnx(model: Any, target: Path, examples: np.ndarray) -> None:
    """Writes an `.onnx` file.

    Raises:
        CourseError: If ONNX has no operation for something that the model does.
    """
    with of_extra("export", "Writing ONNX"):
        import onnx
        import tf2onnx  # noqa: F401 (Keras needs it, and would say so less plainly)
    try:
        with _quiet():
            prepared = in_inference(model)
            takes = [keras.InputSpec(prepared.inputs[0].dtype, prepared.inputs[0].shape, name=INPUT)]
            prepared.export(target, format="onnx", verbose=False, opset_version=OPSET, input_signature=takes)
    except Exception as error:
        raise CourseError(
            f"the converter to ONNX refuses it ({first_line(error)}); an LSTM or GRU that was built on a GPU needs "
            "use_cudnn=False, operations of your own must be made of Keras' layers; or export it as .keras"
        ) from error
    graph_file = onnx.load(target)
    _without_erfc(graph_file.graph)
    _check_operations(graph_file.graph)
    _rename(graph_file.graph)
    onnx.save(graph_file, target)


def _without_erfc(graph: Any) -> None:
    """GELU comes as TensorFlow computes it, with erfc, which ONNX does not have: it is 1 - erf."""
    from onnx import helper, numpy_helper

    nodes = []
    for node in graph.node:
        if node.op_type != "Erfc":
            nodes.append(node)
            continue
        name = node.output[0]
        graph.initializer.append(numpy_helper.from_array(np.array(1, np.float32), f"{name}_one"))
        nodes.append(helper.make_node("Erf", list(node.input), [f"{name}_erf"]))
        nodes.append(helper.make_node("Sub", [f"{name}_one", f"{name}_erf"], [name]))
    del graph.node[:]
    graph.node.extend(nodes)


def _check_operations(graph: Any) -> None:
    """The converter lets pass what it does not know, as operations that nothing can run."""
    import onnx

    unknown = sorted({node.op_type for node in graph.node if not node.domain and not onnx.defs.has(node.op_type)})
    if unknown:
        raise CourseError(
            f"the converter to ONNX knows no operation for {', '.join(unknown)}: do that before the model, in Python, "
            "or export it as .keras"
        )


def _rename(graph: Any) -> None:
    """The converter's names vary from run to run; these do not."""
    names = {graph.input[0].name: INPUT, graph.output[0].name: OUTPUT}
    for node in graph.node:
        for tensors in (node.input, node.output):
            for place, name in enumerate(tensors):
                tensors[place] = names.get(name, name)
    for tensor in (graph.input[0], graph.output[0]):
        tensor.name = names[tensor.name]
        tensor.type.tensor_type.shape.dim[0].dim_param = _BATCH


@contextmanager
def _quiet() -> Iterator[None]:
    """The converter tells its steps, and warns of what NumPy and protobuf have changed since."""
    logger = logging.getLogger("tf2onnx")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
