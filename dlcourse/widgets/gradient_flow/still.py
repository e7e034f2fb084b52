"""The still picture of `GradientFlow`: for each layer how large its outputs and its gradients are."""

from collections.abc import Sequence
from math import ceil, floor, isfinite, log10
from typing import Any

import numpy as np

from dlcourse.lens.decades import BINS, PER_DECADE, LayerSizes, Sizes
from dlcourse.widgets.gradient_flow.words import power
from dlcourse.widgets.shared.palette import PALETTE
from dlcourse.widgets.shared.still import DENSITY, Sheet

_COLOURS: Any = PALETTE["categorical"]
_FORWARD, _BACK = _COLOURS[0], _COLOURS[5]
_PALE = {_FORWARD: "#8ec1e0", _BACK: "#efb48a"}
_WIDTH, _PANEL, _LEFT, _RIGHT, _TOP = 900, 150, 58, 14, 52
_ROOMS = {"forward": (-6, 1), "back": (-12, 0)}  # decades that are always shown, as in picture.js
_LONGEST = 118  # letters in a line


def reach(layers: Sequence[Sizes | None], least: tuple[int, int]) -> tuple[int, int]:
    """The decades that a panel shows: those of the means with some room, and always the `least` ones."""
    low, high = least
    for sizes in layers:
        if sizes is not None and isfinite(sizes.mean) and sizes.mean > 0:
            low = min(low, 3 * floor((log10(sizes.mean) - 1) / 3))
            high = max(high, ceil((sizes.top + 1) / PER_DECADE))
    return low, high


def flow_sheet(title: str, rows: Sequence[LayerSizes], by: str, verdict: str) -> Sheet:
    """The picture, from the input at the left to the output at the right.

    Args:
        title: What it is.
        rows: The layers.
        by: Whose gradient: "weights" or "outputs".
        verdict: What it means.
    """
    lines = _wrapped(verdict)
    sheet = _Flow(_WIDTH, _TOP + 2 * _PANEL + 84 + 18 * len(lines))
    sheet.text((12, 22), title)
    outputs = [row.outputs for row in rows]
    back = [row.weights if by == "weights" else row.back for row in rows]
    sheet.note((12, _TOP - 8), "forward: sizes of the outputs, layer by layer")
    sheet.panel(_TOP, outputs, reach(outputs, _ROOMS["forward"]), _FORWARD)
    second = _TOP + _PANEL + 40
    sheet.note((12, second - 8), f"back: sizes of the loss's gradient by the {by}")
    sheet.panel(second, back, reach(back, _ROOMS["back"]), _BACK)
    step = (_WIDTH - _LEFT - _RIGHT) / len(rows)
    for number in named(rows):
        name = rows[number].name.removeprefix("layer")
        sheet.note((_LEFT + step * (number + 0.5), second + _PANEL + 16), name[:12], anchor="ms")
    for number, line in enumerate(lines):
        sheet.text((12, second + _PANEL + 42 + 18 * number), line)
    return sheet


def named(rows: Sequence[LayerSizes]) -> list[int]:
    """Whose names are written, by their numbers: all if there is room, else layers with weights, and the last."""
    apart = max(1, ceil(len(rows) / (30 if len(rows[0].name) < 8 else 10)))
    last = len(rows) - 1
    chosen: list[int] = []
    for number in range(last - apart + 1):
        far = not chosen or number - chosen[-1] >= apart
        if far and (apart == 1 or rows[number].weights is not None):
            chosen.append(number)
    return [*chosen, last]


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        if len(lines[-1]) + len(word) > _LONGEST:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


class _Flow(Sheet):
    """A sheet with shapes on a logarithmic scale."""

    def panel(self, top: float, layers: Sequence[Sizes | None], decades: tuple[int, int], colour: str) -> None:
        low, high = decades
        per = _PANEL / (high - low)
        step = (_WIDTH - _LEFT - _RIGHT) / len(layers)
        spacing = next(gap for gap in (1, 3, 6, 12, 24, 48, 96) if (high - low) / gap <= 6)
        for decade in range(ceil(low / spacing) * spacing, high + 1, spacing):
            y = top + (high - decade) * per
            self._stroke([(_LEFT, y), (_WIDTH - _RIGHT, y)], "#dddddd", 0.5)
            self.note((_LEFT - 6, y), power(decade), anchor="rm")
        for number, sizes in enumerate(layers):
            if sizes is not None and sizes.shares.max() > 0:
                middle = _LEFT + step * (number + 0.5)
                self._shape(middle, 0.45 * step, sizes, top, (high, per), _PALE[colour])
        means = [
            (_LEFT + step * (number + 0.5), min(top + (high - log10(sizes.mean)) * per, top + _PANEL))
            for number, sizes in enumerate(layers)
            if sizes is not None and isfinite(sizes.mean) and sizes.mean > 0
        ]
        self._stroke(means, colour, 2)
        for x, y in means:
            self._dot(x, y, colour)

    def _shape(self, x: float, half: float, sizes: Sizes, top: float, scale: tuple[float, float], colour: str) -> None:
        high, per = scale
        decades = (sizes.top + 0.5 - np.arange(BINS)) / PER_DECADE
        heights = np.clip(top + (high - decades) * per, top, top + _PANEL)
        widths = half * sizes.shares / sizes.shares.max()
        last = int(np.flatnonzero(sizes.shares).max())
        inside = (decades > high - _PANEL / per) & (np.arange(BINS) <= last)
        left = [(x - wide, y) for wide, y in zip(widths[inside], heights[inside], strict=True)]
        right = [(x + wide, y) for wide, y in zip(widths[inside], heights[inside], strict=True)]
        points = [(a * DENSITY, b * DENSITY) for a, b in [*left, *right[::-1]]]
        if len(points) > 2:
            self._pen.polygon(points, fill=colour)

    def _stroke(self, points: Sequence[tuple[float, float]], colour: str, width: float) -> None:
        self._pen.line([(x * DENSITY, y * DENSITY) for x, y in points], colour, max(1, round(width * DENSITY)))

    def _dot(self, x: float, y: float, colour: str) -> None:
        box = ((x - 3) * DENSITY, (y - 3) * DENSITY, (x + 3) * DENSITY, (y + 3) * DENSITY)
        self._pen.ellipse(box, fill=colour)
