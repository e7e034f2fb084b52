"""Decisions from probabilities, against scikit-learn and against counting by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from dlcourse.errors import CourseError
from dlcourse.lens import (
    average_precision,
    best_threshold,
    brier,
    calibration,
    calibration_error,
    counts_at,
    roc_area,
    threshold_curve,
)

# few different numbers, so that many are equal, and 0 and 1 among them
PAIRS = st.lists(st.tuples(st.integers(0, 12).map(lambda tick: tick / 12), st.booleans()), min_size=1, max_size=40)
MIXED = PAIRS.filter(lambda pairs: len({positive for _, positive in pairs}) == 2)


def columns(pairs):
    return np.array([value for value, _ in pairs]), np.array([positive for _, positive in pairs])


@given(PAIRS, st.integers(0, 12))
def test_counts_and_ratios_are_those_of_scikit_learn(pairs, tick):
    values, positive = columns(pairs)
    counts = counts_at(values, positive, tick / 12)
    yes = values >= tick / 12
    table = metrics.confusion_matrix(positive, yes, labels=[False, True])
    assert [[counts.rest, counts.false_alarms], [counts.misses, counts.hits]] == table.tolist()
    settings = {"zero_division": np.nan}
    assert counts.precision == pytest.approx(metrics.precision_score(positive, yes, **settings), nan_ok=True)
    assert counts.recall == pytest.approx(metrics.recall_score(positive, yes, **settings), nan_ok=True)
    assert counts.f1 == pytest.approx(metrics.f1_score(positive, yes, **settings), nan_ok=True)
    assert counts.accuracy == pytest.approx(metrics.accuracy_score(positive, yes))


@given(MIXED)
def test_curves_and_areas_are_those_of_scikit_learn(pairs):
    values, positive = columns(pairs)
    curve = threshold_curve(values, positive)
    rates, recalls, thresholds = metrics.roc_curve(positive, values, drop_intermediate=False)
    np.testing.assert_allclose(curve.false_positive_rate, rates)
    np.testing.assert_allclose(curve.recall, recalls)
    np.testing.assert_allclose(curve.thresholds, thresholds)
    precisions, recalls, _ = metrics.precision_recall_curve(positive, values)
    np.testing.assert_allclose(curve.precision, precisions[::-1])
    np.testing.assert_allclose(curve.recall, recalls[::-1])
    assert roc_area(curve) == pytest.approx(metrics.roc_auc_score(positive, values))
    assert average_precision(curve) == pytest.approx(metrics.average_precision_score(positive, values))
    assert brier(values, positive) == pytest.approx(metrics.brier_score_loss(positive, values))


@given(PAIRS, st.integers(0, 9), st.integers(0, 9))
def test_no_threshold_costs_less_than_the_best(pairs, missed, false_alarm):
    values, positive = columns(pairs)
    best = best_threshold(values, positive, missed=missed, false_alarm=false_alarm)
    assert 0 <= best.threshold <= 1
    assert counts_at(values, positive, best.threshold).cost(missed, false_alarm) == best.cost
    tried = [counts_at(values, positive, tick / 48).cost(missed, false_alarm) for tick in range(49)]
    assert best.cost == min(tried)


def test_of_equal_costs_the_middle_of_the_widest_stretch_is_taken():
    # from 0.1 to 0.3 and from 0.3 to 0.8 two mistakes are made each time, and the second stretch is wider
    best = best_threshold([0.1, 0.3, 0.8, 0.9], [1, 0, 0, 1], missed=1, false_alarm=1)
    assert best.cost == 1
    assert best.threshold == pytest.approx(0.85)
    assert best_threshold([0.2, 0.6], [0, 0], missed=1, false_alarm=1).threshold == pytest.approx(0.8)


@given(PAIRS, st.sampled_from([1, 5, 7, 11]))  # none of the twelfths lies on an edge, but 0 and 1
def test_calibration_bins_are_those_of_a_histogram(pairs, bins):
    values, positive = columns(pairs)
    table = calibration(values, positive, bins)
    counts, sums, hits = (np.histogram(values, bins, (0, 1), weights=of)[0] for of in (None, values, positive * 1.0))
    assert [row.examples for row in table] == counts.tolist()
    filled = counts > 0
    np.testing.assert_allclose([row.mean for row in table if row.examples], (sums / np.maximum(counts, 1))[filled])
    np.testing.assert_allclose([row.share for row in table if row.examples], (hits / np.maximum(counts, 1))[filled])
    assert 0 <= calibration_error(table) <= 1


def test_calibration_error_by_hand():
    table = calibration([0.95, 0.85, 0.15, 0.05, 0.05], [1, 0, 0, 0, 1])
    # of five: 0.05 + 0.85 + 0.15 + 2 times |1/2 - 0.05|
    assert calibration_error(table) == pytest.approx((0.05 + 0.85 + 0.15 + 2 * 0.45) / 5)


@pytest.mark.parametrize(
    ("probabilities", "labels", "sentence"),
    [
        ([0.2, 0.3], [1], "one probability and one label"),
        ([], [], "one probability and one label"),
        ([[0.2, 0.8]], [[0, 1]], r"probabilities\[:, 3\]"),
        ([0.2, 3.0], [0, 1], "logits need"),
        ([0.2, float("nan")], [0, 1], "between 0 and 1"),
        ([0.2, 0.4], [0, 3], "Labels are 0 or 1"),
    ],
)
def test_what_cannot_be_decided_gets_a_sentence(probabilities, labels, sentence):
    with pytest.raises(CourseError, match=sentence):
        counts_at(probabilities, labels, 0.5)
