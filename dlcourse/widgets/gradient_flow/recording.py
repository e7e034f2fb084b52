"""A training as it was seen now and then: frames of what passed through each layer, few enough to travel."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.lens.decades import BINS, LayerSizes, Sizes

_ROW = 3 + BINS  # numbers that a Sizes is
PER_LAYER = 3 * _ROW + 2
_LARGEST = 1_500_000  # bytes that all frames may take
_MOST = 100  # frames


@dataclass(frozen=True, eq=False)
class Frame:
    """One look at a training.

    Attributes:
        look: Which one, counted from 0.
        step: How many batches had been learned from.
        epoch: In which epoch that was, counted from 1; 0 before the first.
        loss: Of the examples that were looked at.
        numbers: For each layer the sizes of outputs, of gradients by them and by the weights, then the shares of dead
            and of saturated units.
    """

    look: int
    step: int
    epoch: int
    loss: float
    numbers: np.ndarray


class Recording:
    """The frames of a training. When they become too many, every other one is dropped, and so is each second new one.

    >>> recording = Recording()
    >>> recording.add(0, 0, loss, rows)
    """

    def __init__(self) -> None:
        """Nothing is recorded yet."""
        self.frames: list[Frame] = []
        self.layers: list[dict[str, Any]] = []
        self._looks = 0
        self._stride = 1

    def add(self, step: int, epoch: int, loss: float, rows: Sequence[LayerSizes]) -> None:
        """Adds a frame; another network than before begins a recording anew."""
        layers = [{"name": row.name, "kind": row.kind} for row in rows]
        if layers != self.layers:
            self.__init__()  # type: ignore[misc]
            self.layers = layers
        if self.frames and self.frames[-1].look % self._stride:
            self.frames.pop()  # it was there only because it was the last one
        self.frames.append(Frame(self._looks, step, epoch, loss, pack(rows)))
        self._looks += 1
        if len(self.frames) > max(2, min(_MOST, _LARGEST // self.frames[0].numbers.nbytes)):
            self._stride *= 2
            *rest, last = self.frames
            self.frames = [*(frame for frame in rest if frame.look % self._stride == 0), last]

    def to_browser(self) -> dict[str, Any]:
        """All of it as it travels."""
        numbers = [frame.numbers.tobytes() for frame in self.frames]
        return {
            "layers": self.layers,
            "steps": [frame.step for frame in self.frames],
            "epochs": [frame.epoch for frame in self.frames],
            "losses": [frame.loss if np.isfinite(frame.loss) else None for frame in self.frames],
            "numbers": b"".join(numbers),
        }


def pack(rows: Sequence[LayerSizes]) -> np.ndarray:
    """Layers as they travel, float32; a layer without trained weights has −1 for their share of zeros."""
    none = np.array([0, -1.0, *[0] * (1 + BINS)])
    return np.array(
        [
            [
                *row.outputs.row(),
                *row.back.row(),
                *(none if row.weights is None else row.weights.row()),
                row.dead,
                np.nan if row.saturated is None else row.saturated,
            ]
            for row in rows
        ],
        "float32",
    )


def unpack(numbers: np.ndarray, layers: Sequence[dict[str, Any]]) -> list[LayerSizes]:
    """The layers again."""
    rows = []
    for row, layer in zip(numbers, layers, strict=True):
        outputs, back, weights = (Sizes.from_row(row[at * _ROW : (at + 1) * _ROW]) for at in range(3))
        dead, saturated = (float(share) for share in row[3 * _ROW :])
        rows.append(
            LayerSizes(
                **layer,
                outputs=outputs,
                back=back,
                weights=None if weights.zero < 0 else weights,
                dead=dead,
                saturated=None if np.isnan(saturated) else saturated,
            )
        )
    return rows
