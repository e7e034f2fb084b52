"""What Predict computes in the browser: against NumPy, against Python's own words, and by hand."""

import numpy as np
import pytest

from dlcourse.widgets import Predict
from dlcourse.widgets.shared.numbers import figure

LINEAR = Predict("How many?", low=0, high=100, unit="%")._form
LOG = Predict("How many?", low=1e-9, high=10, scale="log")._form
CURVE = Predict("How?", curve={"x": (1, 10, "epoch"), "y": (0, 1, "accuracy")})._form
BARS = Predict("How often?", bars=["0", "1", "2"], low=0, high=40, unit="%")._form
PLOT = {"width": 400, "height": 200, "left": 40, "right": 340, "top": 20, "bottom": 120}


def view(form, guess=None, cursor=0, phase="guessing"):
    return {
        "form": form,
        "guess": guess,
        "phase": phase,
        "cursor": cursor,
        "isReady": guess is not None,
        "isLocked": False,
    }


# --- numbers ---------------------------------------------------------------------------------------------------------


def test_numbers_are_written_as_python_writes_them(in_node):
    random = np.random.default_rng(0)
    numbers = [*(random.uniform(-1, 1, 200) * 10.0 ** random.integers(-9, 14, 200)), 0, 0.125, 12.25, 0.9996, 1e-3]
    numbers = [float(number) for number in numbers]
    answers = in_node({"shared/js/numbers.js": "figure"}, "return figure(state);", numbers)
    assert answers == [figure(number) for number in numbers]


def test_what_one_types_is_read_as_a_number(in_node):
    typed = {"0.5": 0.5, "0,5": 0.5, "60,000": 60000, "1,234.5": 1234.5, "3e-6": 3e-6, "10^-6": 1e-6, "2 x 10^-3": 2e-3}
    typed |= {"5*10**4": 5e4, "1/4": 0.25, "52 %": 52, "−3": -3, "much": None, "": None, "1/0": None, "1e": None}
    answers = in_node({"shared/js/numbers.js": "typedNumber"}, 'return typedNumber(state, "%");', list(typed))
    assert dict(zip(typed, answers, strict=True)) == pytest.approx(typed)


@pytest.mark.parametrize(
    "form", [LINEAR, LOG, LINEAR | {"low": -0.3, "high": 0.4, "least": 0}, LOG | {"low": 1, "high": 3e6}]
)
def test_each_stop_of_a_slider_is_a_number_of_its_own_and_found_again(form, in_node):
    body = """
        const numbers = Array.from({ length: stepsOf(state) + 1 }, (_, stop) => numberAt(state, stop));
        return { numbers, again: numbers.map((number) => stopAt(state, number)) };
    """
    ((numbers, again),) = (
        found.values() for found in in_node({"predict/axis.js": "numberAt, stepsOf, stopAt"}, body, [form])
    )
    assert again == list(range(len(numbers)))
    assert (np.diff(numbers) > 0).all()
    assert (numbers[0], numbers[-1]) == (form["low"], form["high"])
    assert 40 < len(numbers) < 250


@pytest.mark.parametrize(
    ("ends", "second"), [((0, 10), 1), ((0.0, 10.0), 0.1), ((0, 1), 0.01), ((0, 5000), 50), ((3, 20), 4)]
)
def test_between_whole_ends_a_slider_counts(ends, second, in_node):
    form = Predict("How many?", low=ends[0], high=ends[1])._form
    assert in_node({"predict/axis.js": "numberAt"}, "return numberAt(state, 1);", [form]) == [second]


def test_an_axis_reaches_as_far_as_guess_and_truth(in_node):
    cases = [[LINEAR, [120, 50]], [LOG, [1e-12, 0, 5]], [LINEAR, [3]]]
    ends = in_node({"predict/axis.js": "reaching"}, "return reaching(...state);", cases)
    assert [(end["low"], end["high"]) for end in ends] == [(0, 120), (1e-12, 10), (0, 100)]


# --- sketches --------------------------------------------------------------------------------------------------------


def strokes(in_node, form, points, guess=None):
    """The heights after a stroke of the pen through points, in shares of the plot from its lower left corner."""
    body = """
        let [stroke, guess] = [null, state.guess];
        for (const point of state.points) {
          const made = stroked({ ...state.view, guess }, state.plot, stroke, point);
          [stroke, guess] = [made.stroke, made.changes.guess];
        }
        return guess;
    """
    placed = [
        {
            "x": PLOT["left"] + x * (PLOT["right"] - PLOT["left"]),
            "y": PLOT["bottom"] - y * (PLOT["bottom"] - PLOT["top"]),
        }
        for x, y in points
    ]
    case = {"view": view(form), "guess": guess, "plot": PLOT, "points": placed}
    return in_node({"predict/strokes.js": "stroked"}, body, [case])[0]


@pytest.mark.parametrize("points", [2, 5, 40])
def test_a_curve_follows_the_pen_however_fast_it_is(points, in_node):
    across = np.linspace(0, 1, points)
    heights = strokes(in_node, CURVE, [(x, 0.1 + 0.8 * x) for x in across])
    np.testing.assert_allclose(heights, 0.1 + 0.8 * np.linspace(0, 1, 7), atol=0.021)
    back = strokes(in_node, CURVE, [(x, 0.1 + 0.8 * x) for x in across[::-1]])
    np.testing.assert_allclose(back, heights, atol=0.041)  # each a step of the heights


def test_a_knot_is_pulled_up_alone_and_the_first_touch_sets_all(in_node):
    assert strokes(in_node, CURVE, [(0.5, 0.3)]) == [0.3] * 7
    pulled = strokes(in_node, CURVE, [(0.5, 0.3), (0.501, 0.5), (0.499, 0.9)], [0.2] * 7)
    assert pulled == [0.2, 0.2, 0.2, 0.9, 0.2, 0.2, 0.2]


def test_bars_follow_the_pen_and_the_others_begin_at_the_bottom(in_node):
    assert strokes(in_node, BARS, [(0.5, 0.25)]) == [0, 10, 0]
    assert strokes(in_node, BARS, [(0.5, 0.25), (0.6, 0.5), (0.9, 2.0)]) == [0, 20, 40]


def test_keys_choose_and_move(in_node):
    cases = [
        [view(CURVE), "ArrowUp", False],
        [view(CURVE, [0.5] * 7, 2), "ArrowUp", False],
        [view(CURVE, [0.5] * 7, 2), "ArrowDown", True],
        [view(BARS), "ArrowUp", False],
        [view(BARS, [1, 2, 3], 2), "ArrowRight", False],
        [view(BARS, [1, 2, 3], 2), "Home", False],
        [view(BARS, [39, 2, 3], 0), "PageUp", False],
        [view(BARS), "x", False],
    ]
    made = in_node({"predict/state.js": "pressed"}, "return pressed(...state);", cases)
    assert made[0] == {"cursor": 0, "changes": {"guess": [0.52, *[0.52] * 6]}}
    assert made[1]["changes"]["guess"] == [0.5, 0.5, 0.52, 0.5, 0.5, 0.5, 0.5]
    assert made[2]["changes"]["guess"][2] == 0.4
    assert made[3]["changes"]["guess"] == [1, 0, 0]
    assert made[4:6] == [{"cursor": 2, "changes": {}}, {"cursor": 0, "changes": {}}]
    assert made[6]["changes"]["guess"] == [40, 2, 3]
    assert made[7] is None


# --- how far apart ---------------------------------------------------------------------------------------------------


def test_a_curve_is_compared_at_its_knots(in_node):
    random = np.random.default_rng(1)
    truth = {"x": np.sort(random.uniform(2, 9, 5)).tolist(), "y": random.uniform(0, 1, 5).tolist()}
    guess = random.uniform(0, 1, 7)
    (found,) = in_node(
        {"predict/distance.js": "sketchDistance"}, "return sketchDistance(...state);", [[CURVE, guess.tolist(), truth]]
    )
    real = np.interp(CURVE["places"], truth["x"], truth["y"])
    gaps = np.abs(guess - real)
    assert found["average"] == pytest.approx(gaps.mean())
    assert found["farthest"] == gaps.argmax()
    assert (found["guess"], found["truth"]) == pytest.approx((guess[gaps.argmax()], real[gaps.argmax()]))


CHOICE = {"kind": "choice", "options": ["a", "b", "c", "d"], "several": False}
SEVERAL = CHOICE | {"several": True}
ORDER = {"kind": "order", "items": ["a", "b", "c", "d"]}
VERDICTS = [
    (LOG, 0.01, 2e-6, "You said 0.01, it is 2e-6: 5,000 times too large."),
    (LOG, 1e-6, 3e-6, "You said 1e-6, it is 3e-6: 3 times too small."),
    (LOG, 1e-6, 1.04e-6, "You said 1e-6, it is 1e-6: nearly the same."),
    (LOG, 1e-6, 0, "You said 1e-6, it is 0."),
    (LINEAR, 40, 52, "You said 40 %, it is 52 %: 12 percentage points too low."),
    (LINEAR | {"unit": "ms"}, 60, 52, "You said 60 ms, it is 52 ms: 8 ms too high."),
    (LINEAR, 52, 52.4, "You said 52 %, it is 52.4 %: nearly the same."),
    (LINEAR, 52, 52, "You said 52 %, and that is what it is."),
    (CHOICE, ["a"], ["b"], "You chose a; it is b."),
    (CHOICE, ["b"], ["b"], "You chose b, and that is what it is."),
    (SEVERAL, ["a", "b"], ["a", "c", "d"], "You chose a and b; it is a, c and d: 1 of 4 options agree."),
    (SEVERAL, [], ["c"], "You chose none of them; it is c: 3 of 4 options agree."),
    (ORDER, ["a", "c", "b", "d"], ["a", "b", "c", "d"], "2 of 4 are in place."),
    (ORDER, ["a", "b", "c", "d"], ["a", "b", "c", "d"], "All 4 are in place."),
    (
        BARS,
        [10, 20, 30],
        [12, 20, 5],
        "Your bars are 9 percentage points away on average, most at “2”: you said 30 %, it is 5 %.",
    ),
    (CURVE, [0.5] * 7, {"x": [1, 10], "y": [0.501, 0.502]}, "Your curve is nearly the same as the truth."),
]


def test_how_far_apart_they_are_is_said_in_words(in_node):
    cases = [[form, guess, truth, ""] for form, guess, truth, _ in VERDICTS]
    found = in_node({"predict/words.js": "verdict"}, "return verdict(...state);", cases)
    assert found == [words for *_, words in VERDICTS]


def test_without_a_guess_the_truth_is_told_alone(in_node):
    (found,) = in_node({"predict/words.js": "verdict"}, "return verdict(...state);", [[ORDER, None, [], "a, then b"]])
    assert found == "Shown without a guess. The order is a, then b."
