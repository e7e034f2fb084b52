"""A question and its answer where no widget lives: still pictures, and how their text is put together."""

from typing import Any

import numpy as np

from dlcourse.widgets.predict.exhibit import Exhibit
from dlcourse.widgets.predict.forms import Bars, Curve, Form
from dlcourse.widgets.shared.numbers import figure
from dlcourse.widgets.shared.palette import CATEGORIES
from dlcourse.widgets.shared.still import Sheet, wrapped

_WIDTH, _MARGIN, _LINE = 680, 12, 19
_CHART = (420, 190)  # of a curve or of bars
_LEFT, _BELOW, _ABOVE = 52, 30, 34  # what is written around it


def closed(question: str, mark: str = ".") -> str:
    """A question as a sentence that another one may follow."""
    return question if question[-1] in ".?!:" else question + mark


def question_still(question: str, form: Form) -> Sheet:
    """The question and the form of its answer."""
    lines = wrapped(question, _WIDTH - 2 * _MARGIN, 14)
    notes = wrapped(form.asks, _WIDTH - 2 * _MARGIN, 12)
    sheet = Sheet(_WIDTH, 2 * _MARGIN + _LINE * (len(lines) + len(notes)))
    down = _write(sheet, lines, _MARGIN, 14)
    for line in notes:
        down += _LINE
        sheet.note((_MARGIN, down), line)
    return sheet


def answer_still(question: str, form: Form, truth: Any, why: str, exhibit: Exhibit) -> Sheet:
    """The question, the answer, why it is so, and what is shown with it."""
    inside = _WIDTH - 2 * _MARGIN
    parts = [(question, 12), (_capital(form.told(truth)), 15), (why, 13)]
    written = [(wrapped(text, inside, size), size) for text, size in parts if text]
    table = [] if exhibit.picture else exhibit.text.splitlines()
    chart = _CHART[1] + _ABOVE + _BELOW if isinstance(form, Curve | Bars) else 0
    shown, wide, high = None, 0, 0
    if exhibit.picture:
        shown, natural = exhibit.picture
        wide = min(natural, inside)
        high = round(wide * shown.height / shown.width) + _MARGIN
    lines = sum(len(lines) for lines, _ in written) + len(table)
    sheet = Sheet(_WIDTH, 2 * _MARGIN + _LINE * lines + chart + high)
    down: float = _MARGIN
    for text, size in written:
        down = _write(sheet, text, down, size)
    down = _write(sheet, table, down, 12, face="DejaVuSansMono")  # so that its columns stay columns
    if chart:
        _draw_chart(sheet, down, form, truth)
        down += chart
    if shown:
        sheet.picture((_MARGIN, down + _MARGIN), shown, wide)
    return sheet


def _write(sheet: Sheet, lines: list[str], down: float, size: float, face: str = "DejaVuSans") -> float:
    """Lines of text below `down`; where they end."""
    for line in lines:
        down += _LINE
        sheet.text((_MARGIN, down), line, size, face=face)
    return down


def _capital(text: str) -> str:
    """A sentence's capital, unless the first word is a single letter: the w of "w grows" is a name."""
    return text if text[1:2] in ("", " ") else text[:1].upper() + text[1:]


def _draw_chart(sheet: Sheet, down: float, form: Form, truth: Any) -> None:
    width, height = _CHART
    left, top = _MARGIN + _LEFT, down + _ABOVE
    y = form.facts["y"]
    values = truth["y"] if isinstance(form, Curve) else truth
    low, high = min(y["low"], *values), max(y["high"], *values)

    def at(value: float) -> float:
        return top + height * (1 - (value - low) / (high - low))

    for value in (low, high):
        sheet.line(np.array([[left, at(value)], [left + width, at(value)]]), "#9e9e9e", 1)
        sheet.note((left - 6, at(value)), figure(value, form.facts["unit"]), anchor="rm")
    if isinstance(form, Curve):
        x = form.x
        first, last = min(x["low"], *truth["x"]), max(x["high"], *truth["x"])
        across = [left + width * (place - first) / (last - first) for place in truth["x"]]
        sheet.line(np.transpose([across, [at(value) for value in values]]), CATEGORIES[0])
        for place, end, anchor in ((left, first, "ls"), (left + width, last, "rs")):
            sheet.note((place, top + height + 18), figure(end), anchor=anchor)
        sheet.note((left + width / 2, top + height + 18), x["name"], anchor="ms")
        sheet.note((left, top - 6), y["name"])
        return
    room = width / len(values)
    for place, (label, value) in enumerate(zip(form.facts["labels"], values, strict=True)):
        sheet.box((left + room * (place + 0.2), at(value)), (room * 0.6, top + height - at(value)), CATEGORIES[0])
        sheet.note((left + room * (place + 0.5), top + height + 18), label, anchor="ms")
