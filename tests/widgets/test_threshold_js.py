"""The pure modules of Threshold in node, against dlcourse.lens."""

import base64

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcourse import lens
from dlcourse.widgets import Threshold

COUNTING = {
    "threshold/counting.js": "averagePrecision, bestOf, calibration, calibrationError, costsAlong, countsAt, curveOf, "
    "placeAt, ratiosOf, rocArea"
}
STATE = {
    "threshold/state.js": "isWrong, nextExample, thresholdAt, viewer",
    "threshold/layout.js": "dotAt, dotsOf, shareAt, toX",
    "threshold/words.js": "chartNote, exampleInWords, ratioRows, sentence",
    "threshold/code.js": "decisionCode",
}
ALL = """
    const curve = curveOf(Float64Array.from(state.values), state.truths);
    const costs = { missed: state.missed, false_alarm: state.alarm };
    const along = costsAlong(curve, costs);
    const counts = state.thresholds.map((threshold) => countsAt(curve, placeAt(curve, threshold)));
    const bins = calibration(state.values, state.truths);
    return { counts, ratios: counts.map(ratiosOf), best: bestOf(curve, along), roc: rocArea(curve), bins,
      precision: averagePrecision(curve), error: calibrationError(bins) };
"""
# traits as a case in node, and their view
VIEW = """
    const bytes = Uint8Array.from(atob(state._examples.probabilities), (letter) => letter.charCodeAt(0));
    state._examples.probabilities = new DataView(bytes.buffer);
    const view = viewer()(state);
"""


def case(values, truths, missed, alarm):
    ticks = [tick / 24 for tick in range(25)]
    return {"values": values, "truths": truths, "missed": missed, "alarm": alarm, "thresholds": ticks}


def test_numbers_are_those_of_the_lens(in_node):
    cases = []

    @settings(max_examples=60, database=None)
    @given(
        st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40),
        st.integers(0, 9),
        st.integers(0, 9),
    )
    def collect(pairs, missed, alarm):
        cases.append(case([tick / 12 for tick, _ in pairs], [truth for _, truth in pairs], missed, alarm))

    collect()
    for made, answer in zip(cases, in_node(COUNTING, ALL, cases), strict=True):
        values, truths = made["values"], made["truths"]
        for threshold, counts, ratios in zip(made["thresholds"], answer["counts"], answer["ratios"], strict=True):
            expected = lens.counts_at(values, truths, threshold)
            assert list(counts.values()) == list(expected), made
            for name, attribute in {"falsePositiveRate": "false_positive_rate"}.items() | {
                (name, name) for name in ("precision", "recall", "f1", "accuracy")
            }:
                assert number(ratios[name]) == pytest.approx(getattr(expected, attribute), nan_ok=True)
        curve = lens.threshold_curve(values, truths)
        best = lens.best_threshold(values, truths, missed=made["missed"], false_alarm=made["alarm"])
        assert (answer["best"]["threshold"], answer["best"]["cost"]) == tuple(best), made
        assert number(answer["roc"]) == pytest.approx(lens.roc_area(curve), nan_ok=True)
        assert number(answer["precision"]) == pytest.approx(lens.average_precision(curve), nan_ok=True)
        bins = lens.calibration(values, truths)
        assert [row["count"] for row in answer["bins"]] == [row.examples for row in bins]
        assert [number(row["share"]) for row in answer["bins"]] == pytest.approx(
            [row.share for row in bins], nan_ok=True
        )
        assert answer["error"] == pytest.approx(lens.calibration_error(bins))


def number(value):
    """NaN travels as null."""
    return np.nan if value is None else value


def traits_of(widget, **others):
    names = ["threshold", "positive", "costs", "chart", "_examples"]
    traits = {name: getattr(widget, name) for name in names} | others
    packed = base64.b64encode(bytes(traits["_examples"]["probabilities"])).decode()
    return traits | {"_examples": traits["_examples"] | {"probabilities": packed, "pictures": None}}


def test_a_view_has_the_numbers_of_python(in_node):
    widget = Threshold()
    cases = [(9, 0.5), (9, 0.04), (1, 0.9), (3, 0.0), (3, 1.0)]
    views = in_node(
        STATE,
        VIEW + "return [view.counts, view.best, sentence(view)];",
        [traits_of(widget, positive=p, threshold=t) for p, t in cases],
    )
    for (positive, threshold), (counts, best, text) in zip(cases, views, strict=True):
        widget.positive, widget.threshold = positive, threshold
        assert list(counts.values()) == list(widget.counts)
        assert best["threshold"] == widget.best_threshold
        assert text.startswith(f"From {threshold:.2f} on the answer is “{positive}”: {widget.counts.hits} of ")


def test_words_for_each_chart_and_each_fate(in_node):
    widget = Threshold([0.9, 0.6, 0.3, 0.2], [1, 0, 1, 0], classes=["dog", "cat"], costs={"missed": 5})
    body = (
        VIEW
        + """
        const charts = ["cost", "roc", "precision_recall", "calibration"];
        return { notes: charts.map((chart) => chartNote({ ...view, chart })), code: decisionCode(view),
          fates: [0, 1, 2, 3].map((index) => exampleInWords(view, index)), rows: ratioRows(view),
          ends: [thresholdAt(-1), thresholdAt(0.12345), thresholdAt(7)] };"""
    )
    (shown,) = in_node(STATE, body, [traits_of(widget)])
    assert shown["notes"][0] == "Now 6. Least: 1, at 0.25."
    assert shown["notes"][1].startswith("Area 0.750:")
    assert "precision 0.833" in shown["notes"][2]
    assert [fate.rpartition(": ")[2] for fate in shown["fates"]] == [
        "found.",
        "a false alarm.",
        "missed.",
        "left alone.",
    ]
    assert shown["fates"][1].startswith("Example 1: dog, “cat” with probability 0.60")
    assert shown["rows"][0][:2] == ["precision", "1 of 2 alarms are right"]
    assert 'probabilities[:, -1] >= 0.50  # is it "cat"?' in shown["code"]
    assert shown["ends"] == [0, 0.123, 1]


def test_dots_lie_at_their_probability_on_their_side(in_node):
    generator = np.random.default_rng(4)
    values = np.concatenate([generator.beta(1, 30, 900), generator.uniform(size=300), [0.0, 1.0]])
    truths = generator.random(len(values)) < values
    body = """
        const dots = dotsOf(Float64Array.from(state.values), state.truths, state.width);
        const found = [0, 5, 1000, 1201].map((index) => dotAt(dots, dots.x[index], dots.y[index]));
        return { ...dots, x: [...dots.x], y: [...dots.y], found, back: shareAt(dots, toX(dots, 0.37)) };
    """
    sent = {"values": values.tolist(), "truths": truths.tolist()}
    for shown in in_node(STATE, body, [sent | {"width": width} for width in (880, 440)]):
        x, y = np.array(shown["x"]), np.array(shown["y"])
        expected = shown["left"] + values * shown["across"]
        assert np.abs(x - expected).max() <= shown["size"] + 0.5
        assert (y[truths] < shown["middle"]).all()
        assert (y[~truths] > shown["middle"]).all()
        assert y.min() > 20
        assert y.max() < shown["height"] - 20
        assert shown["back"] == pytest.approx(0.37)
        assert len({(a, b, t) for a, b, t in zip(x, y, truths, strict=True)}) == len(x)  # none hides another
        for index, found in zip([0, 5, 1000, 1201], shown["found"], strict=True):
            assert np.hypot(x[found] - x[index], y[found] - y[index]) < 1e-3


def test_the_way_from_mistake_to_mistake(in_node):
    widget = Threshold([0.9, 0.6, 0.3, 0.2], [1, 0, 1, 0])
    body = (
        VIEW
        + """
        const [any, wrong] = [false, true];
        const ways = [[-1, 1, any], [3, 1, any], [0, 1, any],
          [-1, 1, wrong], [2, 1, wrong], [1, 1, wrong], [-1, -1, any]];
        const right = { ...view, threshold: 0.25, truths: [true, true, true, false] };
        const next = ways.map(([picked, step, mistakes]) => nextExample(view, picked, { step, mistakes }));
        return [...next, nextExample(right, -1, { step: 1, mistakes: true })];"""
    )
    (answers,) = in_node(STATE, body, [traits_of(widget)])
    assert answers == [3, 2, 3, 2, 1, 2, 0, -1]
