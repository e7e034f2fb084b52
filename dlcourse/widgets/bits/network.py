"""The network that `Bits` takes bits from: a learner's, or the one at hand; its tensors, and what it answers."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from dlcourse.errors import CourseError
from dlcourse.lens.precision import FLOAT, WeightTensor
from dlcourse.widgets.bits.examples import Examples, examples_of
from dlcourse.widgets.shared.browser_network import FULL, describe
from dlcourse.widgets.shared.classifier import MOST, class_names, finish_of
from dlcourse.widgets.shared.tiny_network import tiny_network

_DRAWN = 20_000  # weights of a tensor that travel to be drawn, where the network itself does not


class Network:
    """A network and the examples that it is asked.

    `tensors` are the weights that can have fewer bits, `others` how many weights cannot; `before` the classes that it
    says as it is, `description` what the browser gets of it.
    """

    def __init__(
        self, tensors: list[WeightTensor], others: int, examples: Examples, description: dict[str, Any]
    ) -> None:
        """Asks it once, as it is."""
        self.tensors, self.others, self.examples = tensors, others, examples
        self.threshold: float | None = description["threshold"]
        self.description = description | {"others": others}
        self.before = self.classes_with({})

    def outputs_with(self, replaced: Mapping[str, np.ndarray]) -> np.ndarray:
        """Its outputs for the examples, with other numbers in some tensors."""
        raise NotImplementedError

    def classes_with(self, replaced: Mapping[str, np.ndarray]) -> np.ndarray:
        """The classes that it says, with other numbers in some tensors."""
        outputs = self.outputs_with(replaced)
        return outputs.argmax(1) if self.threshold is None else (outputs[:, 0] > self.threshold).astype(int)

    def rounded(self, bits: Mapping[str, int], symmetric: bool, per_channel: bool) -> dict[str, np.ndarray]:
        """What the tensors become; those that stay floats are left out."""
        return {
            tensor.name: tensor.rounded(bits[tensor.name], symmetric, per_channel)
            for tensor in self.tensors
            if bits[tensor.name] != FLOAT
        }

    def all_weights(self, replaced: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        """All weights in the order of Keras, with other numbers in some tensors."""
        raise NotImplementedError

    def bytes(self, bits: Mapping[str, int], symmetric: bool, per_channel: bool) -> int:
        """How many bytes all weights take, those that stay floats among them."""
        return 4 * self.others + sum(tensor.bytes(bits[tensor.name], symmetric, per_channel) for tensor in self.tensors)


class TinyExample(Network):
    """The network at hand, which needs no Keras."""

    def __init__(self) -> None:
        """Trains it, where nobody has yet."""
        network = tiny_network()
        examples = examples_of(network.x, network.y, None)
        described = network.described()
        self._network = network
        description: dict[str, Any] = {"name": "", "network": described, "why": "", "threshold": None}
        description["classes"] = class_names(None, 10)
        description["tensors"] = _described_tensors(network.tensors, described)
        super().__init__(network.tensors, sum(len(biases) for _, biases in network.layers), examples, description)

    def outputs_with(self, replaced: Mapping[str, np.ndarray]) -> np.ndarray:
        """See above."""
        return self._network.outputs_with(replaced)

    def all_weights(self, replaced: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        """See above."""
        pairs = zip(self.tensors, self._network.layers, strict=True)
        return [array for tensor, (weights, biases) in pairs for array in (replaced.get(tensor.name, weights), biases)]


class LearnersNetwork(Network):
    """A Keras model."""

    def __init__(self, model: Any, x: Any, y: Any, images: Any, classes: Any) -> None:
        """See `Bits`."""
        from dlcourse.lens.checks import batch
        from dlcourse.lens.precision import weight_tensors

        array = batch(model, x)
        count = _count_of_classes(model)
        tensors = weight_tensors(model)
        if not tensors:
            raise CourseError(
                f"The model {model.name!r} has no weights to take bits from: give it a layer with a kernel."
            )
        examples = examples_of(array, None if y is None else _labels(model, y, len(array)), images)
        try:
            described, why = describe(model, most=FULL), ""
        except CourseError as error:
            described, why = None, str(error)
        self._model = model
        description: dict[str, Any] = {"name": model.name, "network": described, "why": why}
        description |= {"threshold": _threshold(model) if count == 1 else None}
        description["classes"] = class_names(classes, max(count, 2))
        description["tensors"] = _described_tensors(tensors, described)
        others = int(model.count_params()) - sum(int(np.prod(tensor.shape)) for tensor in tensors)
        super().__init__(tensors, others, examples, description)

    def outputs_with(self, replaced: Mapping[str, np.ndarray]) -> np.ndarray:
        """See above."""
        from dlcourse.lens.precision import outputs_with

        return outputs_with(self._model, self.examples.x, replaced)

    def all_weights(self, replaced: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        """See above."""
        others = {id(tensor.variable): replaced[tensor.name] for tensor in self.tensors if tensor.name in replaced}
        pairs = zip(self._model.weights, self._model.get_weights(), strict=True)
        return [others.get(id(variable), values) for variable, values in pairs]


def _described_tensors(tensors: list[WeightTensor], network: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The tensors for the browser: with the nodes that hold their numbers, or with numbers to draw."""
    nodes: dict[str, list[int]] = {}
    for number, node in enumerate(network["nodes"] if network else ()):
        if node["kind"] in ("conv", "dense"):
            nodes.setdefault(_tensor_of(node), []).append(number)
    described = []
    for tensor in tensors:
        table = tensor.by_channel()
        entry: dict[str, Any] = {"name": tensor.name, "kind": tensor.kind, "shape": list(tensor.shape)}
        entry |= {"count": table.size, "channels": tensor.channels, "nodes": nodes.get(tensor.name, [])}
        if not entry["nodes"]:
            drawn = table if table.size <= _DRAWN else _sample(table.ravel())
            entry |= {"values": drawn.astype("float32").tobytes(), "sampled": drawn is not table}
        described.append(entry)
    return described


def _tensor_of(node: dict[str, Any]) -> str:
    """The name of the tensor that a node of the browser's network holds; a layer used twice has two nodes."""
    path, _, part = node["name"].partition(": ")
    path = re.sub(r"#\d+$", "", path)
    return f"{path}: {part or 'pointwise'}_kernel" if node["layer"] == "SeparableConv2D" else path


def _sample(values: np.ndarray) -> np.ndarray:
    """Some of many numbers, the least and the largest among them: they decide where the levels lie."""
    some = values[:: -(-values.size // _DRAWN)]
    return np.concatenate([some, [values.min(), values.max()]])


def _count_of_classes(model: Any) -> int:
    outputs = model.outputs
    if len(outputs) != 1 or len(outputs[0].shape) != 2 or not 1 <= (outputs[0].shape[1] or 0) <= MOST:
        shapes = ", ".join(str(tuple(output.shape[1:])) for output in outputs)
        raise CourseError(
            f"The model {model.name!r} puts out {shapes}, but this shows classes: one output for each, as after "
            "keras.layers.Dense(10), or one for two of them, as after keras.layers.Dense(1)."
        )
    return int(outputs[0].shape[1])


def _threshold(model: Any) -> float:
    """From where on a single output means the second class: 0.5 for a probability, 0 for a score."""
    return 0.5 if finish_of(model) == "independent" else 0.0


def _labels(model: Any, y: Any, examples: int) -> np.ndarray:
    """Class numbers, also from one-hot rows."""
    from dlcourse.lens.checks import labels

    array = labels(model, y, examples)
    if array.ndim == 2 and array.shape[1] > 1:
        return array.argmax(1)
    numbers = array.reshape(len(array), -1)[:, 0]
    if array.ndim > 2 or not np.array_equal(numbers, np.rint(numbers)):
        raise CourseError("`y` must hold a class for each example: its number, as in y_test, or a one-hot row.")
    return numbers.astype(int)
