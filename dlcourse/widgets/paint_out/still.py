"""The still picture of `PaintOut`: the picture before and as painted, the layer over it, and the bars."""

import numpy as np
from PIL import Image

from dlcourse.widgets.paint_out.look import BARS, Look, shown_classes
from dlcourse.widgets.paint_out.words import ATTRIBUTION_NAMES
from dlcourse.widgets.shared.palette import CATEGORIES
from dlcourse.widgets.shared.still import Sheet
from dlcourse.widgets.shared.words import percent

_SIDE, _GAP, _TOP = 190, 14, 40
_BARS, _NAMES, _WIDE, _ROW = 424, 110, 140, 24
_BEFORE, _NOW, _TRACK = "#9aa0a6", CATEGORIES[0], "#ececec"
_FOR, _AGAINST = (224, 123, 20), (47, 116, 189)


def painted_still(look: Look) -> Sheet:
    """Draws it.

    Example:
        >>> painted_still(widget._look()).size["width"]
        760
    """
    zoom = _SIDE / max(look.original.shape[:2])
    sheet = Sheet(760, max(round(_TOP + look.original.shape[0] * zoom + 30), _TOP + BARS * _ROW + 16))
    layered = look.layer is not None
    name = f"{ATTRIBUTION_NAMES[look.attribution]} for {look.classes[look.label]}" if layered else "as painted"
    sheet.text((12, 26), look.name[:24])
    sheet.text((12 + _SIDE + _GAP, 26), name[:28])
    sheet.pixels((12, _TOP), _in_colours(look.original), zoom)
    sheet.pixels((12 + _SIDE + _GAP, _TOP), _layered(look), zoom)
    _draw_bars(sheet, look)
    return sheet


def _draw_bars(sheet: Sheet, look: Look) -> None:
    sheet.text((_BARS + _NAMES, 26), "grey: before, blue: now")
    for row, number in enumerate(shown_classes(look.before, look.now, look.targets, look.label, BARS)):
        y = _TOP + row * _ROW
        sheet.text((_BARS + _NAMES - 8, y + 15), look.classes[number][:15], anchor="rs")
        for share, top, tall, colour in ((look.before, 3, 6, _BEFORE), (look.now, 9, 9, _NOW)):
            sheet.box((_BARS + _NAMES, y + top), (_WIDE, tall - 1), _TRACK)
            sheet.box((_BARS + _NAMES, y + top), (max(1.0, _WIDE * float(share[number])), tall - 1), colour)
        shares = [percent(float(each[number])) for each in (look.before, look.now)]
        sheet.note((_BARS + _NAMES + _WIDE + 6, y + 15), " → ".join(dict.fromkeys(shares)))


def _in_colours(pixels: np.ndarray) -> np.ndarray:
    return np.repeat(pixels, 3 // pixels.shape[2], axis=2)


def _layered(look: Look) -> np.ndarray:
    """The picture with its layer: orange for what speaks for the class, blue for what speaks against it."""
    picture = _in_colours(look.painted).astype(float)
    if look.layer is None:
        return picture.astype(np.uint8)
    rows, columns = picture.shape[:2]
    values = np.frombuffer(look.layer["values"], np.float32).reshape(look.layer["shape"])
    top, left, height, width = look.layer["region"]
    scale_rows, scale_columns = values.shape[0] / height, values.shape[1] / width
    inside = (-left * scale_columns, -top * scale_rows, (columns - left) * scale_columns, (rows - top) * scale_rows)
    box = (scale_columns, 0, inside[0], 0, scale_rows, inside[1])
    stretched = np.asarray(
        Image.fromarray(values).transform((columns, rows), Image.Transform.AFFINE, box, Image.Resampling.BILINEAR)
    )
    reach = float(np.quantile(np.abs(values), 0.99)) or float(np.abs(values).max()) or 1.0
    strength = look.fade * np.clip(np.abs(stretched) / reach, 0, 1)[:, :, None]
    grey = picture @ [0.299, 0.587, 0.114]
    picture += look.fade * (grey[:, :, None] - picture)
    colour = np.where(stretched[:, :, None] < 0, _AGAINST, _FOR)
    return np.clip(picture + strength * (colour - picture) + 0.5, 0, 255).astype(np.uint8)
