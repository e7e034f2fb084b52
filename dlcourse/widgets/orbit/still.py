"""The still picture of an orbit: the picture, its curves over the film, and those of the set."""

import numpy as np

from dlcourse.lens.transforming import transformed
from dlcourse.widgets.orbit.look import Look
from dlcourse.widgets.orbit.ways import WAYS
from dlcourse.widgets.orbit.words import short_amount
from dlcourse.widgets.shared.palette import CATEGORIES, WINDOW
from dlcourse.widgets.shared.still import Sheet

COLOURS = (CATEGORIES[0], CATEGORIES[5])  # of the models
_DASH = (5.0, 4.0)
_SIDE, _LEFT, _WIDE = 170, 250, 470  # of the picture; where the curves begin, and how wide they are
_TALL, _SET_TALL, _TOP = 140, 80, 44
_TITLES = {"turn": "turned", "shift_x": "shifted →", "shift_y": "shifted ↓", "size": "size", "light": "light"}


def orbit_still(look: Look) -> Sheet:
    """Draws it.

    Example:
        >>> orbit_still(widget._look()).size["width"]
        760
    """
    film_top = _TOP + _TALL + 14
    cell = min(34.0, 0.95 * _WIDE / (len(_film(look)) - 1))
    set_top = film_top + cell * look.picture.pixels.shape[0] / look.picture.pixels.shape[1] + 40
    has_set = look.sweep.accuracy is not None
    sheet = Sheet(760, round(set_top + (_SET_TALL + 34 if has_set else 0)))
    _draw_picture(sheet, look)
    _draw_curves(sheet, look)
    _draw_film(sheet, look, film_top, cell)
    if has_set:
        _draw_set(sheet, look, set_top)
    return sheet


def _draw_picture(sheet: Sheet, look: Look) -> None:
    pixels = _colours(look.changed)
    sheet.text((14, 24), f"{_TITLES[look.way]}: {short_amount(look.way, look.change[look.way])}")
    sheet.pixels((14, _TOP), pixels, _SIDE / max(pixels.shape[:2]))
    for number, (name, shares) in enumerate(zip(look.names, look.shares, strict=True)):
        y = _TOP + _SIDE + 24 + 22 * number
        sheet.box((14, y - 9), (14, 6), COLOURS[number])
        sheet.text((36, y), f"{name[:10]}: {look.classes[int(shares.argmax())][:14]}")


def _draw_curves(sheet: Sheet, look: Look) -> None:
    name = look.classes[look.label]
    sheet.text((_LEFT, 24), f"probability of {name[:16]}; dashed: of the strongest other class")
    _draw_axes(sheet, look, _TOP, _TALL)
    for number in range(len(look.names)):
        for values, dash in ((look.sweep.others[number], _DASH), (look.sweep.shares[number], ())):
            y = _TOP + (1 - values) * _TALL
            line = np.stack([_across(look.way, look.sweep.values), y], -1)
            sheet.line(line, COLOURS[number], 1.6 if dash else 2.6, dash)


def _draw_film(sheet: Sheet, look: Look, top: float, cell: float) -> None:
    for value in _film(look):
        pixels = _colours(transformed(look.picture.values, **look.change | {look.way: value}, fill=look.fill))
        x = float(_across(look.way, value))
        sheet.pixels((x - cell / 2, top), pixels, cell / pixels.shape[1])
    way = WAYS[look.way]
    below = top + cell * look.picture.pixels.shape[0] / look.picture.pixels.shape[1] + 15
    for value in (way.low, way.neutral, way.high):
        sheet.note((float(_across(look.way, value)), below), short_amount(look.way, float(value)), anchor="ms")


def _draw_set(sheet: Sheet, look: Look, top: float) -> None:
    accuracy, pictures = look.sweep.accuracy, look.sweep.pictures
    if accuracy is None:
        return
    sheet.text((_LEFT, top - 7), f"accuracy on {pictures} pictures, all changed alike")
    _draw_axes(sheet, look, top, _SET_TALL)
    for number, shares in enumerate(accuracy):
        line = np.stack([_across(look.way, look.sweep.set_values), top + (1 - shares) * _SET_TALL], -1)
        sheet.line(line, COLOURS[number], 2.6)


def _draw_axes(sheet: Sheet, look: Look, top: float, tall: float) -> None:
    for share in (0, 0.5, 1):
        y = top + (1 - share) * tall
        sheet.box((_LEFT, y), (_WIDE, 0.5), "#d0d0d0")
        sheet.note((_LEFT - 8, y + 4), f"{share:.0%}".replace("%", " %"), anchor="rs")
    x = float(_across(look.way, look.change[look.way]))
    sheet.box((x - 0.75, top - 4), (1.5, tall + 8), WINDOW)


def _film(look: Look) -> np.ndarray:
    return WAYS[look.way].places[:: WAYS[look.way].of_film]


def _across(way: str, value: np.ndarray | float) -> np.ndarray:
    """Where a place of the orbit lies on the page."""
    limits = WAYS[way]
    ends, at = np.array([limits.low, limits.high], float), np.asarray(value, float)
    (low, high), at = (np.log(ends), np.log(at)) if limits.log else (ends, at)
    return _LEFT + _WIDE * (at - low) / (high - low)


def _colours(pixels: np.ndarray) -> np.ndarray:
    """A picture from 0 to 1 as bytes with three colours."""
    return np.floor(255 * np.repeat(pixels, 3 // pixels.shape[2], axis=2) + 0.5).astype(np.uint8)
