"""A network whose weights have fewer bits: which tensors can have fewer, what they become, what the network answers."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.errors import unknown
from dlcourse.lens.quantisation import dequantise, quantise, stored_bytes

FLOAT = 32  # bits of a weight as it was trained


@dataclass(frozen=True, eq=False)
class WeightTensor:
    """The weights of a layer that are multiplied with something: a kernel, or the table of an embedding.

    `name` is the layer's path, with the tensor's behind it where the layer has several: "lstm: lstm_cell/kernel".
    `kind` is the layer's class, `variable` what holds the numbers now.
    """

    name: str
    kind: str
    variable: Any

    @property
    def values(self) -> np.ndarray:
        """The numbers, float32."""
        if isinstance(self.variable, np.ndarray):
            return self.variable
        import keras

        return keras.ops.convert_to_numpy(self.variable).astype("float32")

    @property
    def shape(self) -> tuple[int, ...]:
        """The tensor's shape."""
        return tuple(int(length) for length in self.variable.shape)

    @property
    def channels(self) -> int:
        """How many output channels, or units, the tensor has weights for."""
        if "Depthwise" in self.kind or self.name.endswith("depthwise_kernel"):
            return self.shape[-2] * self.shape[-1]
        return self.shape[-2] if self._transposed else self.shape[-1]

    def by_channel(self) -> np.ndarray:
        """The numbers as a table: a column for each channel."""
        values = np.swapaxes(self.values, -1, -2) if self._transposed else self.values
        return values.reshape(-1, self.channels)

    def rounded(self, bits: int, symmetric: bool = True, per_channel: bool = False) -> np.ndarray:
        """What the numbers become in so many bits, float32 and in their own shape; 32 bits leave them as they are."""
        if bits == FLOAT:
            return self.values
        table = dequantise(quantise(self.by_channel(), bits, symmetric, -1 if per_channel else None))
        if not self._transposed:
            return table.reshape(self.shape)
        return np.swapaxes(table.reshape(*self.shape[:-2], self.shape[-1], self.shape[-2]), -1, -2)

    def bytes(self, bits: int, symmetric: bool = True, per_channel: bool = False) -> int:
        """How many bytes they take then, with their scales and zero points."""
        return stored_bytes(int(np.prod(self.shape)), bits, self.channels if per_channel else 1, symmetric)

    @property
    def _transposed(self) -> bool:
        return self.kind.startswith("Conv") and self.kind.endswith("Transpose")


def weight_tensors(model: Any) -> list[WeightTensor]:
    """The tensors of a model that quantisers round: all weights with two axes or more.

    Biases and the numbers of a normalisation stay floats, as in the formats that phones run: there are few of them.

    Args:
        model: A built Keras model.

    Returns:
        The tensors in the order of the layers, those of nested models as "outer/inner"; shared ones once.

    Example:
        >>> [(tensor.name, tensor.shape) for tensor in weight_tensors(model)][-1]
        ('predictions', (1296, 10))
    """
    import keras

    from dlcourse.lens.checks import layer_paths

    found, met = [], set()
    for path, layer in layer_paths(model).items():
        if isinstance(layer, keras.Model):
            continue  # its layers come with paths of their own
        large = [weight for weight in layer.weights if len(weight.shape) > 1 and id(weight) not in met]
        met |= {id(weight) for weight in large}
        for weight in large:
            inside = weight.path.split(f"{layer.name}/", 1)[-1]
            name = path if len(large) == 1 else f"{path}: {inside}"
            found.append((name, type(layer).__name__, weight))
    counts: Counter[str] = Counter()
    tensors = []
    for name, kind, weight in found:
        counts[name] += 1
        tensors.append(WeightTensor(f"{name}#{counts[name]}" if counts[name] > 1 else name, kind, weight))
    return tensors


def outputs_with(model: Any, x: np.ndarray, replaced: Mapping[str, np.ndarray], batch_size: int = 128) -> np.ndarray:
    """What a model would put out with other numbers in some of its weight tensors; the model itself stays as it is.

    Args:
        model: A built Keras model with one input and one output.
        x: Examples, as `checks.batch` returns them.
        replaced: The other numbers by the names of `weight_tensors`.
        batch_size: How many examples go through the network at a time.

    Returns:
        The outputs, in inference.

    Raises:
        CourseError: If there is no such tensor.

    Example:
        >>> rounded = {tensor.name: tensor.rounded(bits=4) for tensor in weight_tensors(model)}
        >>> outputs_with(model, images, rounded).shape
        (20, 10)
    """
    import keras

    from dlcourse.lens.layer_outputs import chunks

    by_name = {tensor.name: tensor.variable for tensor in weight_tensors(model)}
    for name in replaced:
        if name not in by_name:
            raise unknown("weight tensor", name, by_name)
    others = {id(by_name[name]): keras.ops.convert_to_tensor(values) for name, values in replaced.items()}
    state = [
        [others.get(id(variable), variable.value) for variable in variables]
        for variables in (model.trainable_variables, model.non_trainable_variables)
    ]
    parts = [model.stateless_call(*state, x[chunk], training=False)[0] for chunk in chunks(len(x), batch_size)]
    return np.concatenate([keras.ops.convert_to_numpy(part) for part in parts])
