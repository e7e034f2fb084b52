"""The still picture of `Ablation`: the plan with what is cut, and what is left."""

from typing import Any

import numpy as np

from dlcourse.widgets.ablation.look import Look, lanes
from dlcourse.widgets.ablation.words import MEASURES, in_figures, together
from dlcourse.widgets.shared.palette import CATEGORIES
from dlcourse.widgets.shared.still import Sheet, wrapped

_ROW, _LANE, _TOP, _LEFT = 24, 11, 40, 12
_NAMES, _RIGHT, _WIDTH = 330, 420, 760
_MOST = 40  # rows of the plan
_LINK, _CUT, _BEFORE, _NOW, _TRACK = "#7d858c", "#c2410c", "#9aa0a6", CATEGORIES[0], "#ececec"


def plan_still(look: Look) -> Sheet:
    """The sheet."""
    parts = look.network.parts[:_MOST]
    sheet = Sheet(_WIDTH, max(_TOP + (len(parts) + 1) * _ROW + 34, 200))
    links = lanes([part.inputs for part in parts])
    spine = _LEFT + 10 + max([0, *links.values()]) * _LANE
    cut_links = {
        (parts[row].inputs[cut.number], row)
        for row, part in enumerate(parts)
        for cut in look.cuts
        if cut.layer == part.name and cut.kind == "input"
    }
    for link, lane in links.items():
        _draw_link(sheet, link, lane, spine, link in cut_links)
    sheet.text((_LEFT, 22), f"{look.network.model.name}, {len(look.network.parts)} parts"[:50])
    _draw_row(sheet, -1, spine, "the input", "", "")
    for row, part in enumerate(parts):
        kinds = {cut.kind for cut in look.cuts if cut.layer == part.name}
        _draw_row(sheet, row, spine, part.name, part.kind, "cut" if kinds else "")
    if len(parts) < len(look.network.parts):
        sheet.note((spine + 14, _y(len(parts))), f"and {len(look.network.parts) - len(parts)} more")
    _draw_score(sheet, look)
    return sheet


def _y(row: int) -> float:
    return _TOP + (row + 1) * _ROW + _ROW / 2


def _draw_link(sheet: Sheet, link: tuple[int, int], lane: int, spine: float, cut: bool) -> None:
    (start, end), x = (_y(place) for place in link), spine - lane * _LANE
    points = (
        [(spine, start), (spine, end)] if not lane else [(spine, start), (x, start + 7), (x, end - 7), (spine, end)]
    )
    sheet.line(np.array(points), _CUT if cut else _LINK, 1.5, (3, 4) if cut else ())


def _draw_row(sheet: Sheet, row: int, spine: float, name: str, kind: str, cut: str) -> None:
    y = _y(row)
    sheet.box((spine - 4, y - 4), (8, 8), _CUT if cut else _LINK)
    sheet.text((spine + 14, y + 5), name[:26], ink=_CUT if cut else None)
    sheet.note((_NAMES, y + 4), f"cut: {kind}" if cut else kind[:22], anchor="rs")


def _draw_score(sheet: Sheet, look: Look) -> None:
    measure = look.network.measure
    name = MEASURES[measure]
    y = _TOP + 14.0
    for line in wrapped(f"Cut: {together(look.cuts, look.network.parts)}", _WIDTH - _RIGHT - 12):
        sheet.text((_RIGHT, y), line)
        y += 20
    sheet.note((_RIGHT, y + 8), f"{name} on {look.network.examples:,} examples")
    y += 24
    rows: list[tuple[str, Any, str]] = [("whole", look.before, _BEFORE)]
    if look.cuts:
        rows.append(("with the cut", look.now if look.told else None, _NOW))
    for title, result, colour in rows:
        sheet.text((_RIGHT, y + 13), title)
        words = "guess first" if result is None else in_figures(result["value"], measure)
        sheet.text((_WIDTH - 12, y + 13), words, anchor="rs")
        if measure != "loss":
            sheet.box((_RIGHT, y + 20), (_WIDTH - _RIGHT - 12, 7), _TRACK)
            if result is not None:
                sheet.box((_RIGHT, y + 20), (max(1.0, (_WIDTH - _RIGHT - 12) * result["value"]), 7), colour)
        y += 42
