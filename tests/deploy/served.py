"""Small models in files, made without Keras: what is served, and the same arithmetic in NumPy beside it."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from dlcourse.deploy.manifest import Input, Manifest, Output, Reference, Spread, Verified, path_of
from dlcourse.lens.drift import edges, shares

_TENSOR = {"float32": TensorProto.FLOAT, "int32": TensorProto.INT32, "uint8": TensorProto.UINT8}


@dataclass(frozen=True)
class Served:
    """A model in a file: one linear layer, and what its answers become."""

    path: Path
    manifest: Manifest
    weights: np.ndarray
    bias: np.ndarray

    def examples(self, count, seed=0):
        """Examples that the model takes."""
        wanted, rng = self.manifest.input, np.random.default_rng(seed)
        low, high = wanted.range or (-1, 1)
        shape = (count, *(side or 7 for side in wanted.shape))
        if np.dtype(wanted.dtype).kind in "iu" or high > 1:
            return rng.integers(low, high + 1, shape).astype(wanted.dtype)
        return rng.uniform(low, high, shape).astype(wanted.dtype)

    def outputs(self, examples):
        """What the model answers, by NumPy."""
        rows = np.asarray(examples, float).reshape(len(examples), -1)
        if None in self.manifest.input.shape:
            rows = rows.mean(axis=1, keepdims=True)
        linear = rows @ self.weights + self.bias
        if self.manifest.output.kind != "probabilities":
            return linear
        if linear.shape[1] == 1:
            return 1 / (1 + np.exp(-linear))
        exponents = np.exp(linear - linear.max(axis=1, keepdims=True))
        return exponents / exponents.sum(axis=1, keepdims=True)


def write(folder, name, wanted, units, kind, classes=None, scale=1.0):
    """A model and its manifest in files."""
    sides = wanted.shape
    inner = 1 if None in sides else int(np.prod(sides))
    rng = np.random.default_rng(len(name))
    weights = (rng.normal(size=(inner, units)) * scale / np.sqrt(inner)).astype("float32")
    bias = rng.normal(size=units).astype("float32")
    path = Path(folder, name)
    onnx.save(_graph(wanted, weights, bias, kind), path)
    manifest = Manifest(
        format="onnx",
        file=name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        bytes=path.stat().st_size,
        input=wanted,
        output=Output("output", (units,), kind),
        classes=classes,
        preprocessing="none inside the model",
        versions={"onnx": onnx.__version__},
        verified=Verified(200, 0.0, 1e-5, 0, None),
        reference=Reference(Spread((0.5,), (0.5, 0.5)), None),
    )
    served = Served(path, manifest, weights, bias)
    tried = served.examples(200, seed=9)
    reference = Reference(_spread(tried.reshape(200, -1).mean(axis=1, dtype=float)), None)
    if kind != "numbers":
        outputs = served.outputs(tried)
        largest = np.maximum(outputs, 1 - outputs).max(axis=1) if units == 1 else outputs.max(axis=1)
        reference = replace(reference, confidence=_spread(largest))
    served = replace(served, manifest=replace(manifest, reference=reference))
    path_of(path).write_text(served.manifest.to_json(), encoding="utf-8")
    return served


def grey(folder):
    """A classifier of grey pictures that are wider than high."""
    wanted = Input("input", (3, 4, 1), "float32", (0.0, 255.0), "grey")
    return write(folder, "shapes.onnx", wanted, 3, "probabilities", ("circle", "square", "<star>"), scale=1 / 60)


def colour(folder):
    """A classifier of pictures in colour, values from 0 to 1."""
    wanted = Input("input", (6, 4, 3), "float32", (0.0, 1.0), "RGB")
    return write(folder, "flowers.onnx", wanted, 4, "probabilities")


def plain(folder, limits=None):
    """Two numbers for five numbers."""
    return write(folder, "prices.onnx", Input("input", (5,), "float32", limits, None), 2, "numbers")


def yes_or_no(folder):
    """How probable the second of two classes is, for whole numbers of any count."""
    return write(
        folder, "spam.onnx", Input("input", (None,), "int32", (0.0, 99.0), None), 1, "probabilities", ("ham", "spam")
    )


MODELS = {"grey": grey, "colour": colour, "plain": plain, "yes_or_no": yes_or_no}


def _spread(values):
    inner = edges(values)
    return Spread(tuple(inner.tolist()), tuple(shares(values, inner).tolist()))


def _graph(wanted, weights, bias, kind):
    steps, name = [], "input"

    def step(operation, *others, **settings):
        nonlocal name
        output = f"step{len(steps)}"
        steps.append(helper.make_node(operation, [name, *others], [output], **settings))
        name = output

    step("Cast", to=TensorProto.FLOAT)
    if None in wanted.shape:
        step("ReduceMean", keepdims=1, axes=[1])
    else:
        step("Flatten")
    step("Gemm", "weights", "bias")
    if kind == "probabilities":
        step("Sigmoid" if len(bias) == 1 else "Softmax")
    steps[-1].output[0] = "output"
    graph = helper.make_graph(
        steps,
        "served",
        [helper.make_tensor_value_info("input", _TENSOR[wanted.dtype], ["n", *(side or "t" for side in wanted.shape)])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["n", len(bias)])],
        [numpy_helper.from_array(weights, "weights"), numpy_helper.from_array(bias, "bias")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    return model
