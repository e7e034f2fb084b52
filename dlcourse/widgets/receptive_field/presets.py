"""Stacks that everybody should have met, as convolutions and pooling alone; the browser gets this same table.

A test holds them against `dlcourse.lens` on the networks of `dlcourse.nets`.
"""

from typing import Any

from dlcourse.widgets.receptive_field.nodes import CONVOLUTION, POOLING

Layer = dict[str, Any]


def convolution(kernel: int, stride: int = 1, padding: str | int = "same", dilation: int = 1) -> Layer:
    """A convolution of a stack."""
    return {"kind": CONVOLUTION, "kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation}


def pooling(size: int, stride: int | None = None, padding: str | int = "valid") -> Layer:
    """A pooling of a stack."""
    return {"kind": POOLING, "kernel": size, "stride": stride or size, "padding": padding, "dilation": 1}


def _stage(blocks: int, stride: int) -> list[Layer]:
    """The longest way through a stage of ResNet50: each block's three convolutions, the first with the stride."""
    rest = [convolution(3), convolution(1, padding="valid")]
    first = [convolution(1, stride, "valid"), *rest]
    return [*first, *[convolution(1, padding="valid"), *rest] * (blocks - 1)]


_SMALL = [
    *[convolution(3), convolution(3), pooling(2)] * 2,
    convolution(3),
]
_ALEXNET = [
    *[convolution(11, 4, "valid"), pooling(3, 2), convolution(5), pooling(3, 2)],
    *[convolution(3)] * 3,
    pooling(3, 2),
]
_VGG16 = [layer for count in (2, 2, 3, 3, 3) for layer in [*[convolution(3)] * count, pooling(2)]]
_RESNET50 = [
    *[convolution(7, 2, 3), pooling(3, 2, 1)],
    *[layer for blocks, stride in [(3, 1), (4, 2), (6, 2), (3, 2)] for layer in _stage(blocks, stride)],
]

# name -> the input's rows and columns, and the layers
PRESETS: dict[str, tuple[int, list[Layer]]] = {
    "small": (96, _SMALL),
    "LeNet": (32, [convolution(5, padding="valid"), pooling(2)] * 2),
    "AlexNet": (227, _ALEXNET),
    "VGG16": (224, _VGG16),
    "ResNet50": (224, _RESNET50),
}


def table() -> dict[str, dict[str, Any]]:
    """Every preset, for the browser."""
    return {name: {"size": [size, size], "layers": layers} for name, (size, layers) in PRESETS.items()}
