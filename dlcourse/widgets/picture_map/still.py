"""The still picture of `PictureMap`: the map, the picture that is picked, and its neighbours."""

from typing import Any

import numpy as np

from dlcourse.widgets.picture_map.words import METHOD_NAMES
from dlcourse.widgets.shared.palette import CATEGORIES, WINDOW
from dlcourse.widgets.shared.still import Sheet
from dlcourse.widgets.shared.words import percent

_WIDE, _TALL, _TOP = 520, 400, 40  # the map
_RIGHT, _CELL, _LISTED = 560, 42, 7  # the list of neighbours: where it begins, a row's height, and how many fit


def picture_map_still(look: Any) -> Sheet:
    """Draws it.

    Args:
        look: What `PictureMap._look` says.
    """
    shown = look.mapped
    sheet = Sheet(760, _TOP + _TALL + 14)
    sheet.text((12, 24), f"{len(look.points)} pictures by {METHOD_NAMES[look.method]}")
    side = float(np.clip(0.6 * np.sqrt(_WIDE * _TALL / len(look.points)), 12, 40))
    places = _places(look.points, side)
    for number, (x, y) in enumerate(places):
        _picture(sheet, shown.pictures[number], (x, y), side, _colour(shown, number))
    for number in look.neighbours:
        sheet.line(np.array([places[look.picked], places[number]]), WINDOW, 1.5)
    for number in [*look.neighbours, look.picked]:
        _picture(sheet, shown.pictures[number], places[number], side + 4, WINDOW)
    _list(sheet, look)
    return sheet


def _places(points: np.ndarray, side: float) -> np.ndarray:
    """The middles of the pictures on the sheet; both axes have one scale."""
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.array([_WIDE, _TALL]) - side - 8
    scale = float((room / np.maximum(high - low, 1e-9)).min())
    middle = np.array([12 + _WIDE / 2, _TOP + _TALL / 2])
    return middle + (points - (low + high) / 2) * scale * [1, -1]


def _picture(sheet: Sheet, picture: np.ndarray, at: Any, side: float, colour: str) -> None:
    zoom = side / max(picture.shape[:2])
    height, width = picture.shape[0] * zoom, picture.shape[1] * zoom
    left, top = at[0] - width / 2, at[1] - height / 2
    sheet.box((left - 1.5, top - 1.5), (width + 3, height + 3), colour)
    sheet.pixels((left, top), np.ascontiguousarray(np.broadcast_to(picture, (*picture.shape[:2], 3))), zoom)


def _colour(shown: Any, number: int) -> str:
    if shown.labels is None or len(shown.classes) > len(CATEGORIES):
        return "#b0b0b0"
    return CATEGORIES[shown.labels[number]]


def _list(sheet: Sheet, look: Any) -> None:
    shown = look.mapped
    rows = [look.picked, *look.neighbours[:_LISTED]]
    for place, number in enumerate(rows):
        y = _TOP + 26 + place * (_CELL + 6)
        _picture(sheet, shown.pictures[number], (_RIGHT + _CELL / 2, y), _CELL - 4, WINDOW)
        name = f"no. {number}" if shown.labels is None else f"{shown.classes[shown.labels[number]][:14]}"
        distance = "" if place == 0 else f"{shown.neighbours.distances[look.picked, place - 1]:.3g} away"
        sheet.text((_RIGHT + _CELL + 10, y - 2), name)
        sheet.note((_RIGHT + _CELL + 10, y + 14), distance or "looked at")
    if look.same is not None:
        sheet.note((_RIGHT - 14, _TOP + _TALL + 8), f"{percent(float(look.same.mean()))} share the class")
