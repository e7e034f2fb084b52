"""The still picture of `Bits`: the layers, a layer's weights on their levels, and examples that change their class."""

from typing import Any

import numpy as np

from dlcourse.widgets.bits.network import Network
from dlcourse.widgets.bits.words import bits_in_words, kilobytes, share
from dlcourse.widgets.shared.palette import CATEGORIES, diverging
from dlcourse.widgets.shared.still import Sheet, shown

_WIDTH, _HISTOGRAM, _TALL = (
    860,
    (330, 500),
    150,
)  # of the sheet; where the histogram begins and how wide it is; its height
_ROW, _ROWS = 24, 9  # the height of a layer's row, and how many are shown
_BINS, _LEVELS = 125, 70
_TILE, _TILES = 46, 15
_FLOATS = "#d4d4d4"
_WRONG, _RIGHT = CATEGORIES[5], CATEGORIES[2]


def sheet_of(network: Network, look: Any, bits: dict[str, int], layer: str) -> Sheet:
    """The sheet.

    Args:
        network: What has lost bits.
        look: What that did to it, as `Bits._look` says.
        bits: By layer.
        layer: The layer whose weights are drawn.
    """
    rows = network.tensors[:_ROWS]
    body = max(_TALL + 40, _ROW * len(rows) + 60)
    sheet = Sheet(_WIDTH, body + 130)
    sheet.text((12, 22), f"{kilobytes(look.bytes)} instead of {kilobytes(look.float_bytes)}")
    if look.right is not None:
        before, now = (share(number, len(look.classes)) for number in look.right)
        sheet.text((12, 42), f"accuracy {now}, {before} before")
    for number, tensor in enumerate(rows):
        y = 74 + _ROW * number
        sheet.text((12, y), tensor.name[:24], face="DejaVuSans-Bold" if tensor.name == layer else "DejaVuSans")
        sheet.text((240, y), bits_in_words(bits[tensor.name]), anchor="rs")
        sheet.box((250, y - 9), (60, 8), "#ececec")
        sheet.box((250, y - 9), (60 * bits[tensor.name] / 32, 8), CATEGORIES[0])
    (tensor,) = (tensor for tensor in network.tensors if tensor.name == layer)
    _histogram(sheet, tensor.values.ravel(), look.rounded.get(layer), f"the weights of {layer}")
    _changed(sheet, network, look, body)
    return sheet


def _histogram(sheet: Sheet, values: np.ndarray, rounded: np.ndarray | None, title: str) -> None:
    left, width = _HISTOGRAM
    bottom = 40 + _TALL
    ends = values if rounded is None else np.concatenate([values, rounded.ravel()])
    low, high = float(ends.min()), float(ends.max())
    span = (high - low) or 1.0
    counts, _ = np.histogram(values, _BINS, (low, low + span))
    step = width / _BINS
    for number, count in enumerate(counts):
        tall = _TALL * count / counts.max()
        sheet.box((left + number * step, bottom - tall), (step, tall), _FLOATS)
    if rounded is not None:
        places, numbers = np.unique(rounded, return_counts=True)
        thick = 5.0
        if len(places) > _LEVELS:
            numbers, edges = np.histogram(rounded, _BINS, (low, low + span))
            places, thick = (edges[:-1] + edges[1:]) / 2, step / 2
        for place, number in zip(places, numbers, strict=True):
            tall = _TALL * number / numbers.max()
            colour = "#{:02x}{:02x}{:02x}".format(*diverging(np.array(np.sign(place) * 0.6), 1))
            x = left + (float(place) - low) / span * width
            sheet.box((x - thick / 2, bottom - tall), (thick, tall), colour if place else "#8c8c8c")
    sheet.box((left, bottom), (width, 0.5), "#8c8c8c")
    sheet.note((left, bottom + 16), shown(low))
    sheet.note((left + width, bottom + 16), shown(high), anchor="rs")
    sheet.note(
        (left, 22), title + ("" if rounded is None else "; grey as they were, in colour the levels they snap to")
    )


def _changed(sheet: Sheet, network: Network, look: Any, top: int) -> None:
    """Examples whose class is another, with both."""
    names, labels, pictures = network.description["classes"], network.examples.labels, network.examples.pictures
    count, total = len(look.changed), len(look.classes)
    sheet.text((12, top + 30), f"{count} of {total} change their class" + (":" if count else ""))
    for place, number in enumerate(look.changed[:_TILES]):
        x, y = 12 + place * (_TILE + 10), top + 42
        if pictures is not None:
            picture = pictures[number]
            zoom = _TILE / max(picture.shape[:2])
            sheet.pixels((x, y), np.ascontiguousarray(np.broadcast_to(picture, (*picture.shape[:2], 3))), zoom)
        ink = None
        if labels is not None and labels[number] in (network.before[number], look.classes[number]):
            ink = _RIGHT if labels[number] == look.classes[number] else _WRONG
        before, now = (names[classes[number]][:3] for classes in (network.before, look.classes))
        sheet.text((x + _TILE / 2, y + _TILE + 16), f"{before}→{now}", 12, anchor="ms", ink=ink)
