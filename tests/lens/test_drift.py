import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dlcourse.errors import CourseError
from dlcourse.lens.drift import edges, kolmogorov_smirnov, population_stability, shares

RNG = np.random.default_rng(4)
NUMBERS = st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=60)


def test_the_edges_give_bins_of_equal_share():
    reference = RNG.normal(size=1000)
    np.testing.assert_allclose(shares(reference, edges(reference, bins=8)), 0.125)


@given(NUMBERS, st.integers(2, 12))
def test_shares_are_those_of_a_histogram_without_outer_edges(values, bins):
    inner = edges(values, bins)
    found = shares(values, inner)
    assert len(found) == bins
    for place, share in enumerate(found):
        above = inner[place - 1] if place else -np.inf
        below = inner[place] if place < bins - 1 else np.inf
        assert share * len(values) == pytest.approx(sum(above <= value < below for value in values))


def test_many_equal_values_leave_bins_empty_and_are_no_drift():
    sure = np.ones(50)
    found = shares(sure, edges(sure))
    assert found.tolist() == [0] * 9 + [1]
    assert population_stability(found, found) == 0


def test_population_stability_is_the_sum_of_both_relative_entropies():
    expected, seen = np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.25, 0.25, 0.3, 0.2])
    both_ways = stats.entropy(expected, seen) + stats.entropy(seen, expected)
    assert population_stability(expected, seen) == pytest.approx(both_ways)
    assert population_stability(seen, expected) == pytest.approx(both_ways)


def test_an_empty_bin_gives_a_finite_number():
    assert population_stability([0.5, 0.5, 0], [0, 0.5, 0.5]) == pytest.approx(2 * 0.4999 * np.log(5000))


def test_a_fresh_sample_is_calm_and_a_darker_one_is_not():
    reference = RNG.normal(120, 25, 500)
    inner = edges(reference)
    calm = [population_stability(shares(reference, inner), shares(RNG.normal(120, 25, 500), inner)) for _ in range(20)]
    dusk = population_stability(shares(reference, inner), shares(RNG.normal(85, 25, 500), inner))
    assert max(calm) < 0.1 < 0.25 < dusk


@pytest.mark.parametrize("shift", [0, 0.15, 0.5])
@pytest.mark.parametrize(("first", "second"), [(40, 25), (300, 500)])
def test_kolmogorov_and_smirnov_are_those_of_scipy(first, second, shift):
    for seed in range(5):
        rng = np.random.default_rng(seed)
        a, b = rng.normal(size=first), rng.normal(shift, size=second)
        found, known = kolmogorov_smirnov(a, b), stats.ks_2samp(a, b)
        assert found.distance == pytest.approx(known.statistic)
        assert found.p_value == pytest.approx(known.pvalue, abs=0.03)


def test_equal_groups_have_no_distance():
    assert kolmogorov_smirnov([3, 1, 2], [1, 2, 3]) == (0, 1)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: edges([]), "`reference` holds no value"),
        (lambda: edges([1, 2], bins=1), "`bins` is 1"),
        (lambda: shares([1, np.nan], [1]), "`values` holds values that are NaN or infinite"),
        (lambda: kolmogorov_smirnov([1], [np.inf]), "`b` holds values that are NaN or infinite"),
        (lambda: population_stability([0.5, 0.5], [1]), r"have the shape \(2,\), those seen \(1,\)"),
    ],
)
def test_what_cannot_be_compared_is_told_in_a_sentence(call, sentence):
    with pytest.raises(CourseError, match=sentence):
        call()
