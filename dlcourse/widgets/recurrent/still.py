"""The still picture of `Recurrent`: gates and states as rows of units over time, and the gradient to the end."""

from typing import Any

import numpy as np

from dlcourse.lens.recurrence import GATES
from dlcourse.widgets.shared.palette import CATEGORIES, diverging, sequential
from dlcourse.widgets.shared.still import Sheet
from dlcourse.widgets.shared.words import percent

_WIDTH, _TALL, _GAP, _LEFT, _TOP = 400, 88, 34, 16, 52  # a map's width and height, what is between two, the margins
_CURVE = 90
_LEAST = 1e-12  # gradients below are drawn there
_BARS = 6


def sheet_of(look: Any, kind: str, tokens: list[str], place: tuple[int, int]) -> Sheet:
    """The sheet.

    Args:
        look: As `Recurrent._look` gives it.
        kind: Of the layer.
        tokens: What is read; "" for each step of a series.
        place: The step and the unit that are looked at.
    """
    names = list(look.way.rows)
    rows = -(-len(names) // 2)
    below = _TOP + rows * (_TALL + _GAP) + 8
    sheet = Sheet(2 * (_WIDTH + _LEFT) + _LEFT, below + _CURVE + 30)
    step, unit = place
    sheet.text((_LEFT, 20), f"{kind}: {look.way.rows['state'].shape[1]} units over {len(tokens)} steps")
    for index, name in enumerate(names):
        left = _LEFT + (index // rows) * (_WIDTH + _LEFT)
        top = _TOP + (index % rows) * (_TALL + _GAP)
        _map(sheet, look.way.rows[name], name, kind, (left, top))
        cell = _WIDTH / len(tokens)
        tall = _TALL / look.way.rows[name].shape[1]
        sheet.window((left + step * cell, top + unit * tall), (cell, tall))
        if index % rows == 0 and any(tokens):
            every = max(1, int(np.ceil(9 / cell)))
            for number in range(0, len(tokens), every):
                sheet.note((left + (number + 0.5) * cell, top + _TALL + 13), tokens[number][:6], anchor="ms")
    _gradient(sheet, look.gradient.sizes(), (_LEFT, below))
    _answer(sheet, look.answer, (2 * _LEFT + _WIDTH, below))
    return sheet


def _map(sheet: Sheet, values: np.ndarray, name: str, kind: str, at: tuple[float, float]) -> None:
    is_gate = name in GATES[kind]
    reach = max(1.0, float(np.abs(values).max()))
    colours = sequential(values.T, 0, 1) if is_gate else diverging(values.T, reach)
    sheet.note((at[0], at[1] - 5), f"{name} gate, 0 to 1" if is_gate else f"{name}, −{reach:.2g} to {reach:.2g}")
    steps, units = values.shape
    columns = np.minimum((np.arange(_WIDTH) * steps / _WIDTH).astype(int), steps - 1)
    lines = np.minimum((np.arange(_TALL) * units / _TALL).astype(int), units - 1)
    sheet.pixels(at, np.ascontiguousarray(colours[lines][:, columns]), 1)


def _gradient(sheet: Sheet, sizes: np.ndarray, at: tuple[float, float]) -> None:
    powers = np.log10(np.maximum(sizes, _LEAST))
    low, high = np.floor(powers.min()), np.ceil(powers.max() + 1e-9)
    share = (powers - low) / max(high - low, 1.0)
    x = at[0] + (np.arange(len(sizes)) + 0.5) * _WIDTH / len(sizes)
    sheet.note((at[0], at[1] + 4), f"gradient of the last state over time, 1e{low:g} to 1e{high:g}")
    sheet.line(np.transpose([x, at[1] + 12 + _CURVE * (1 - share)]), CATEGORIES[0], 2)
    sheet.box((at[0], at[1] + 12 + _CURVE), (_WIDTH, 0.5), "#8c8c8c")


def _answer(sheet: Sheet, answer: dict[str, float], at: tuple[float, float]) -> None:
    if not answer or "" in answer:
        if answer:
            sheet.text((at[0], at[1] + 20), f"answer: {answer['']:.3g}")
        return
    sheet.note((at[0], at[1] + 4), "the answer after this step")
    strongest = sorted(answer, key=lambda name: -answer[name])[:_BARS]
    for row, name in enumerate(strongest):
        y = at[1] + 14 + row * 15
        sheet.text((at[0] + 60, y + 10), name[:8], 11, anchor="rs")
        sheet.box((at[0] + 68, y), (max(1.0, 250 * answer[name]), 11), CATEGORIES[0])
        sheet.text((at[0] + 375, y + 10), percent(answer[name]), 11, anchor="rs")
