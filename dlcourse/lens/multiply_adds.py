"""How many products each kind of layer adds up for one example; `cost.py` says what counts and sums it up."""

import re
from collections.abc import Callable
from math import prod
from typing import Any

import keras
from keras import layers

from dlcourse.lens.graph import Step, inside

Shape = tuple[int, ...]


def multiply_adds(step: Step) -> int | None:
    """The multiply-adds of one step for one example.

    Args:
        step: A step of a graph whose tensors have no open size but the batch.

    Returns:
        Their number; None for a layer of an unknown kind that has weights to multiply with.
    """
    shape, result = (tuple(tensors[0].shape[1:]) for tensors in (step.inputs, step.outputs))
    if isinstance(step.operation, keras.Layer):
        count = _of_layer(step.operation, shape, result, step)
    else:
        count = _of_operation(step)
    if count is not None:
        return count
    inner = inside(step)
    if inner is None:
        return None
    parts = [multiply_adds(part) for part in inner.steps]
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def _of_layer(layer: Any, shape: Shape, result: Shape, step: Step) -> int | None:
    for kinds, count in _LAYERS:
        if isinstance(layer, kinds):
            return count(layer, shape, result, step)
    is_keras_own = type(layer).__module__.startswith("keras.src.layers.")
    return 0 if is_keras_own and all(len(weight.shape) < 2 for weight in layer.weights) else None


def _places(layer: Any, shape: Shape) -> int:
    """The number of positions in a tensor, channels left out."""
    return prod(shape[1:] if layer.data_format == "channels_first" else shape[:-1])


def _convolution(layer: Any, shape: Shape, result: Shape, step: Step) -> int:
    return _places(layer, result) * prod(layer.kernel.shape)


def _separable(layer: Any, shape: Shape, result: Shape, step: Step) -> int:
    return _places(layer, result) * (prod(layer.depthwise_kernel.shape) + prod(layer.pointwise_kernel.shape))


def _transposed(layer: Any, shape: Shape, result: Shape, step: Step) -> int:
    return _places(layer, shape) * prod(layer.kernel.shape)  # each input meets the whole kernel


def _dense(layer: Any, shape: Shape, result: Shape, step: Step) -> int:
    return prod(result) * shape[-1]


def _einsum_dense(layer: Any, shape: Shape, result: Shape, step: Step) -> int:
    return einsum_products(layer.equation, (1, *shape), tuple(layer.kernel.shape))


def _recurrent(layer: Any, shape: Shape, result: Shape, step: Step) -> int | None:
    cell = layer.cell
    if not isinstance(cell, layers.SimpleRNNCell | layers.LSTMCell | layers.GRUCell):
        return None
    return shape[0] * (prod(cell.kernel.shape) + prod(cell.recurrent_kernel.shape))


def _convolutional_recurrent(layer: Any, shape: Shape, result: Shape, step: Step) -> int:
    state = result[1:] if layer.return_sequences else result
    return shape[0] * _places(layer, state) * (prod(layer.cell.kernel.shape) + prod(layer.cell.recurrent_kernel.shape))


def _both_ways(layer: Any, shape: Shape, result: Shape, step: Step) -> int | None:
    counts = [_of_layer(direction, shape, result, step) for direction in (layer.forward_layer, layer.backward_layer)]
    return None if None in counts else sum(count for count in counts if count is not None)


def _at_every_step(layer: Any, shape: Shape, result: Shape, step: Step) -> int | None:
    once = _of_layer(layer.layer, shape[1:], result[1:], step)
    return None if once is None else shape[0] * once


def _wrapped(layer: Any, shape: Shape, result: Shape, step: Step) -> int | None:
    return _of_layer(layer.layer, shape, result, step)


def _multi_head_attention(layer: Any, shape: Shape, result: Shape, step: Step) -> int:
    """Four projections, queries against keys, and weights against values."""
    query, value, *rest = _arguments(layer, step)
    key = rest[0] if rest else value
    queries, keys = prod(query[:-1]), prod(key[:-1])
    heads, of_key, of_value = layer.num_heads, layer.key_dim, layer.value_dim
    projections = queries * query[-1] * heads * of_key + keys * (
        key[-1] * heads * of_key + value[-1] * heads * of_value
    )
    attended = layer.attention_axes or range(1, len(query))
    pairs = queries * prod(key[axis % (len(key) + 1) - 1] for axis in attended)
    return projections + pairs * heads * (of_key + of_value) + queries * heads * of_value * result[-1]


def _attention(layer: Any, shape: Shape, result: Shape, step: Step) -> int:
    """Queries against keys, and weights against values; without projections."""
    query, value, *rest = [tuple(tensor.shape[1:]) for tensor in step.inputs]
    key = rest[0] if rest else value
    pairs = query[0] * key[0]
    return pairs * (query[-1] + value[-1])


def _arguments(layer: Any, step: Step) -> list[Shape]:
    """The shapes of query, value and key, by position or by name."""
    args, kwargs = step.arguments
    named = dict(zip(("query", "value", "key"), args, strict=False)) | kwargs
    tensors = [named.get(name) for name in ("query", "value", "key")]
    return [tuple(tensor.shape[1:]) for tensor in tensors if tensor is not None]


def _dot(layer: Any, shape: Shape, result: Shape, step: Step) -> int:
    axes = layer.axes if isinstance(layer.axes, int) else layer.axes[0]
    return prod(result) * step.inputs[0].shape[axes]


def _nothing(layer: Any, shape: Shape, result: Shape, step: Step) -> int:
    return 0


def _of_operation(step: Step) -> int | None:
    """A function of keras.ops: those that multiply matrices count, the others are element-wise or move numbers."""
    args = [tensor for tensor in keras.tree.flatten(step.arguments) if hasattr(tensor, "shape")]
    shapes = [tuple(1 if n is None else n for n in tensor.shape) for tensor in args]
    result = prod(step.outputs[0].shape[1:])
    match step.kind:
        case "Matmul":
            return result * shapes[0][-1]
        case "Einsum":
            return einsum_products(step.operation.subscripts, *shapes)
        case "Conv" | "DepthwiseConv" | "SeparableConv" | "ConvTranspose" | "Dot" | "Tensordot" | "Inner" | "Outer":
            return None
        case _:
            return 0


def einsum_products(equation: str, *shapes: Shape) -> int:
    """The products of a contraction: as many as there are values of all its indices together.

    Args:
        equation: As in "abc,cd->abd" or "...x,xy->...y".
        shapes: The operands' shapes, 1 for the batch.

    Returns:
        Their number.

    Example:
        >>> einsum_products("abc,cd->abd", (1, 10, 16), (16, 4))
        640
    """
    operands = re.sub(r"\s|->.*", "", equation).split(",")
    sizes: dict[str | int, int] = {}
    for labels, shape in zip(operands, shapes, strict=True):
        before, dots, after = labels.partition("...")
        free = len(shape) - len(before) - len(after)
        names: list[str | int] = [*before, *(range(-free, 0) if dots else ()), *after]
        sizes.update({name: max(n, sizes.get(name, 1)) for name, n in zip(names, shape, strict=True)})
    return prod(sizes.values())


# The first kind that fits decides.
_LAYERS: list[tuple[tuple[type, ...], Callable[[Any, Shape, Shape, Step], int | None]]] = [
    ((layers.Conv1DTranspose, layers.Conv2DTranspose, layers.Conv3DTranspose), _transposed),
    ((layers.SeparableConv1D, layers.SeparableConv2D), _separable),
    ((layers.Conv1D, layers.Conv2D, layers.Conv3D, layers.DepthwiseConv1D, layers.DepthwiseConv2D), _convolution),
    ((layers.Dense,), _dense),
    ((layers.EinsumDense,), _einsum_dense),
    ((layers.ConvLSTM1D, layers.ConvLSTM2D, layers.ConvLSTM3D), _convolutional_recurrent),
    ((layers.RNN,), _recurrent),
    ((layers.Bidirectional,), _both_ways),
    ((layers.TimeDistributed,), _at_every_step),
    ((layers.SpectralNormalization,), _wrapped),
    ((layers.MultiHeadAttention,), _multi_head_attention),
    ((layers.Attention,), _attention),
    ((layers.AdditiveAttention, layers.GroupQueryAttention, layers.Lambda), lambda *_: None),
    ((layers.Dot,), _dot),
    # these have tables of weights, and multiply with none or element by element
    ((layers.Embedding, layers.PReLU, layers.LayerNormalization, layers.BatchNormalization), _nothing),
]
