"""The still picture of `Threshold`: the dots, the threshold between them, the four counts and the cost of others."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from dlcourse.lens.thresholds import threshold_curve
from dlcourse.widgets.shared.palette import CATEGORIES, WINDOW
from dlcourse.widgets.shared.still import Sheet

_LEFT, _WIDTH, _LANE, _TOP = 20, 820, 110, 60  # of the dots
_POSITIVE, _OTHER, _PALE = CATEGORIES[0], CATEGORIES[5], ("#a8cbe0", "#efc0a0")
_COST = (150, 90)  # where the curve of costs begins below the dots, and how high it is


def sheet_of(
    probabilities: np.ndarray, positive: np.ndarray, name: str, threshold: float, look: Any, costs: Mapping[str, float]
) -> Sheet:
    """The sheet.

    Args:
        probabilities: How probable each example is of the class that is looked for.
        positive: Whether it is.
        name: Of that class.
        threshold: From which on the answer is yes.
        look: The counts and the best threshold, as `Threshold._look` says.
        costs: Of a miss and of a false alarm.
    """
    sheet = Sheet(_LEFT * 2 + _WIDTH, _TOP + 2 * _LANE + _COST[0] + 20)
    middle, x = _TOP + _LANE, _LEFT + threshold * _WIDTH
    size = min(9.0, max(4.5, (36 * _WIDTH / len(probabilities)) ** 0.5))
    columns = np.minimum((probabilities * _WIDTH / size).astype(int), int(_WIDTH / size) - 1)
    for is_positive in (True, False):
        for column in np.unique(columns[positive == is_positive]):
            values = np.sort(probabilities[(positive == is_positive) & (columns == column)])
            apart = min(size, (_LANE - 6) / len(values))  # where there are many, they overlap
            for number, value in enumerate(values):
                right = (value >= threshold) == is_positive
                colour = _PALE[not is_positive] if right else (_POSITIVE if is_positive else _OTHER)
                away = 4 + apart * number
                y = middle - away - size if is_positive else middle + away
                sheet.box((_LEFT + int(column) * size, y), (size - 1.5, size - 1.5), colour)
    sheet.box((_LEFT, middle), (_WIDTH, 0.5), "#8c8c8c")
    sheet.box((x - 1, _TOP - 24), (2, 2 * _LANE + 34), WINDOW)
    hits, misses, false_alarms, rest = look.counts
    for words, at, anchor in (
        (f"{misses} missed", (x - 8, _TOP - 12), "rs"),
        (f"{hits} found", (x + 8, _TOP - 12), "ls"),
        (f"{rest} left alone", (x - 8, middle + _LANE + 6), "rs"),
        (f"{false_alarms} false alarms", (x + 8, middle + _LANE + 6), "ls"),
    ):
        near_end = (x < 150 and anchor == "rs") or (x > _WIDTH - 110 and anchor == "ls")
        if not near_end:
            sheet.text(at, words, anchor=anchor)
    sheet.text((_LEFT, 20), f'above: "{name}"; below: not "{name}". Yes from {threshold:.2f} on', 13)
    _costs(sheet, probabilities, positive, look, costs, middle + _LANE + 36, x)
    return sheet


def _costs(
    sheet: Sheet, values: np.ndarray, positive: np.ndarray, look: Any, costs: Mapping[str, float], top: float, x: float
) -> None:
    curve = threshold_curve(values, positive)
    cost = costs["missed"] * (curve.positives - curve.hits) + costs["false_alarm"] * curve.false_alarms
    ends = np.append(1.0, curve.thresholds[1:])
    starts = np.append(curve.thresholds[1:], 0.0)
    tall = max(float(cost.max()), 1e-9)
    points = [(edge, value) for low, high, value in zip(starts, ends, cost, strict=True) for edge in (high, low)]
    line = np.array([(_LEFT + edge * _WIDTH, top + _COST[1] * (1 - value / tall)) for edge, value in points])
    sheet.line(line, _POSITIVE, 2)
    sheet.box((_LEFT, top + _COST[1]), (_WIDTH, 0.5), "#8c8c8c")
    now = look.counts.cost(**costs)
    sheet.box((x - 3, top + _COST[1] * (1 - now / tall) - 3), (6, 6), WINDOW)
    sheet.note((_LEFT, top + _COST[1] + 16), "0")
    sheet.note((_LEFT + _WIDTH, top + _COST[1] + 16), "probability 1", anchor="rs")
    sheet.note(
        (_LEFT, top - 8),
        f"cost of all mistakes by threshold: now {now:g}, least {look.best.cost:g} at {look.best.threshold:.2f}",
    )
