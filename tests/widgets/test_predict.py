"""The class Predict: what it takes and refuses, what it remembers, and what its answer shows without a browser."""

import base64
import io

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from displayed import words_of
from PIL import Image

from dlcourse import answers
from dlcourse.errors import CourseError
from dlcourse.figure import captioned
from dlcourse.widgets import Predict
from dlcourse.widgets.predict.stills import _capital
from dlcourse.widgets.shared.numbers import figure

AXES = {"x": (0, 10, "epoch"), "y": (0, 1, "accuracy")}

# for each form: how it is asked for, a guess, what `reveal` is given, how both travel, and the truth in words
FORMS = {
    "number": ({"low": 0, "high": 100, "unit": "%"}, 40, np.float32(52.5), 40.0, 52.5, "52.5 %"),
    "log": ({"low": 1e-9, "high": 10, "scale": "log"}, 0.01, [2e-6], 0.01, 2e-6, "2e-6"),
    "choice": ({"choices": ["a", "b"]}, "b", "a", ["b"], ["a"], "a"),
    "several": ({"choices": [3, 5, 7], "several": True}, [7, 3], [5, 3], ["3", "7"], ["3", "5"], "3 and 5"),
    "order": ({"order": ["x", "y", "z"]}, ["z", "y", "x"], ("x", "z", "y"), [*"zyx"], [*"xzy"], "x, then z, then y"),
    "curve": (
        {"curve": AXES},
        [0.1] * 7,
        np.array([0.2, 0.9, 0.4]),
        [0.1] * 7,
        {"x": [0, 5, 10], "y": [0.2, 0.9, 0.4]},
        "accuracy goes from 0.2 at epoch 0 to 0.4 at 10; at most 0.9, at 5",
    ),
    "bars": (
        {"bars": ["u", "v"], "high": 50, "unit": "%"},
        [10, 20],
        {"v": 30, "u": 5},
        [10, 20],
        [5, 30],
        "u: 5 %; v: 30 %",
    ),
}


@pytest.fixture(autouse=True)
def nothing_answered(tmp_path, monkeypatch):
    monkeypatch.setenv("DLCOURSE_ANSWERS", str(tmp_path / "answers"))


def committed(guess, value):
    guess.guess = value
    guess.phase = "committed"
    return guess


def pixels(bundle):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(bundle["image/png"]))).convert("RGB"))


# --- the forms -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_guess_and_truth_travel_as_the_browser_takes_them(form):
    asked, guess, truth, guess_sent, truth_sent, told = FORMS[form]
    question = Predict(f"A {form}?", **asked)
    answer = question.reveal(truth, "So it is.")
    question.guess = guess
    assert question.guess == guess_sent
    assert answer._truth == truth_sent
    assert answer._told == told
    assert words_of(question).startswith(f"A {form}? ")


def test_a_curve_is_given_with_its_places_too():
    answer = Predict("How?", curve=AXES).reveal(([4, 2, 8], [0.3, 0.1, 0.5]))
    assert answer._truth == {"x": [2, 4, 8], "y": [0.1, 0.3, 0.5]}


@pytest.mark.parametrize("items", [["a", "b"], ["load", "build", "fit", "evaluate"]])
def test_an_order_is_not_given_away_and_is_shuffled_the_same_way_each_time(items):
    first, second = (Predict("Which order?", order=items)._form["items"] for _ in range(2))
    assert first == second != items
    assert sorted(first) == sorted(items)


BAD_QUESTIONS = [
    ({}, "needs the form of its answer: low=0, high=100 for a number, choices="),
    ({"choices": ["a", "b"], "order": ["a", "b"]}, "one form, but `choices` and `order` are given: leave one out"),
    ({"choices": ["a", "b"], "low": 0}, "`low` belongs to a number or to bars, not to `choices`"),
    ({"order": ["a", "b"], "scale": "log"}, "`scale` belongs to a number, not to `order`"),
    ({"low": 0, "high": 1, "several": True}, "`several` belongs to `choices`, which is missing"),
    ({"low": 5, "high": 5}, "`low` must be below `high`, but they are 5 and 5"),
    ({"low": 0, "high": 1, "scale": "log"}, "no place for `low`=0: give the smallest guess above zero"),
    ({"low": 0}, "`high` must be a finite number, an end of the axis, but it is None"),
    ({"low": 0, "high": 1, "scale": "lgo"}, "Did you mean 'log'?"),
    ({"choices": ["a"]}, "`choices` must be two texts or more, each another one, but it is ['a']"),
    ({"order": ["a", "a"]}, "`order` must be two texts or more"),
    ({"choices": "ab"}, "A list is needed here, but there is 'ab'"),
    ({"curve": {"x": (0, 1, "epoch")}}, '`curve` must say what both axes are, as in {"x": (0, 10, "epoch")'),
    ({"curve": AXES | {"y": (1, 0, "accuracy")}}, '`curve["y"][0]` must be below `curve["y"][1]`'),
    ({"bars": ["a", "b"]}, "`high` must be a finite number"),
    ({"lows": 1, "high": 2}, "There is no argument of Predict 'lows'. Did you mean 'low'?"),
]


@pytest.mark.parametrize(("asked", "sentence"), BAD_QUESTIONS)
def test_a_question_that_cannot_be_asked_gets_a_sentence(asked, sentence):
    with pytest.raises(CourseError) as refused:
        Predict("What?", **asked)
    assert sentence in str(refused.value)


def test_a_question_says_what_is_asked():
    with pytest.raises(CourseError, match="`question` must say what is to be guessed"):
        Predict(" ", low=0, high=1)


BAD_TRUTHS = [
    ("number", "much", "must be given a finite number here, but it is given 'much'"),
    ("number", float("nan"), "a finite number"),
    ("choice", "c", "There is no option 'c'. Known: a, b"),
    ("choice", ["a", "b"], "One option is to be chosen, but there are 2: a, b"),
    ("order", ["x", "y"], "names each of the 3 items once, but it is ['x', 'y']"),
    ("order", ["x", "y", "w"], "There is no item 'w'"),
    ("curve", [0.5], "is given one point, but a curve needs two or more"),
    ("curve", ([1, 2, 3], [0.1, 0.2]), "3 places and 2 heights: give as many of each"),
    ("curve", [0.1, None], "must be given finite numbers"),
    ("bars", [1, 2, 3], "is given 3 numbers, but there are 2 bars: give one for each"),
    ("bars", {"u": 1}, "has no height for the bar 'v'"),
    ("bars", {"u": 1, "w": 2}, "There is no bar 'w'"),
]


@pytest.mark.parametrize(("form", "value", "sentence"), BAD_TRUTHS)
def test_an_answer_that_does_not_fit_gets_a_sentence(form, value, sentence):
    with pytest.raises(CourseError) as refused:
        Predict("What?", **FORMS[form][0]).reveal(value)
    assert sentence in str(refused.value)


def test_a_guess_stays_on_the_axis_and_is_there_before_it_is_committed():
    question = Predict("What?", low=0, high=10)
    with pytest.raises(CourseError, match="`guess` must be a number from 0 to 10, but it is 11"):
        question.guess = 11
    with pytest.raises(CourseError, match="There is no guess to commit"):
        question.phase = "committed"


# --- what is remembered ----------------------------------------------------------------------------------------------


def test_a_committed_guess_is_there_after_a_restart():
    committed(Predict("How many?", low=0, high=10), 4)
    again = Predict("How many?", low=0, high=10)
    assert (again.guess, again.phase) == (4, "committed")
    assert answers.recall("How many?").right is None
    assert len(answers.recall("How many?").tries) == 1  # asking again is no new guess
    again.reset()
    assert (again.guess, again.phase) == (None, "guessing")
    committed(again, 5)
    assert Predict("How many?", low=0, high=10).guess == 5


def test_a_guess_that_is_not_committed_is_not_kept():
    Predict("How many?", low=0, high=10).guess = 4
    assert Predict("How many?", low=0, high=10).guess is None


def test_what_was_kept_for_another_form_of_the_question_is_left_alone():
    committed(Predict("How many?", low=0, high=10), 4)
    for form in ({"low": 5, "high": 10}, {"choices": ["few", "many"]}):
        other = Predict("How many?", **form)
        assert (other.guess, other.phase) == (None, "guessing")


def test_an_answer_begins_with_what_its_question_knows():
    question = Predict("How many?", low=0, high=10)
    assert question.reveal(3).phase == "guessing"
    answer = committed(question, 4).reveal(3)
    assert (answer.guess, answer.phase) == (4, "committed")


# --- where nobody commits --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_a_display_without_a_browser_holds_all_of_the_answer(form):
    asked, _, truth, *_, told = FORMS[form]
    question = Predict(f"A {form}?", **asked)
    data, metadata = question.reveal(truth, "So it is.", show="as measured")._repr_mimebundle_()
    assert data["text/plain"] == f"A {form}? {told}.\nSo it is.\nas measured"
    assert metadata["image/png"]["alt"] == data["text/plain"]
    bare, _ = question.reveal(truth)._repr_mimebundle_()
    assert pixels(data).shape[0] > pixels(bare).shape[0]  # two lines more
    asked_for, _ = question._repr_mimebundle_()
    assert form == "choice" or told not in asked_for["text/plain"]


def test_a_question_that_is_no_sentence_becomes_one():
    question = Predict("The share of right answers", low=0, high=1)
    assert words_of(question) == "The share of right answers. A number from 0 to 1."
    assert words_of(question.reveal(0.5)) == "The share of right answers: 0.5."


@pytest.mark.parametrize(("text", "begins"), [("rules", "Rules"), ("w grows", "w grows"), ("w", "w"), ("52 %", "52 %")])
def test_the_stills_answer_begins_with_a_capital_unless_it_begins_with_a_symbol(text, begins):
    assert _capital(text) == begins


def test_the_still_of_a_curve_shows_the_curve():
    question = Predict("How?", curve=AXES)
    (rising, _), (falling, _) = (question.reveal(ys)._repr_mimebundle_() for ys in ([0, 0, 1], [0, 1, 1]))
    assert (pixels(rising) != pixels(falling)).any()


# --- what is shown with it -------------------------------------------------------------------------------------------


def test_a_figure_is_shown_once_with_its_words():
    figure_, axes = plt.subplots(figsize=(4, 2))
    axes.set_facecolor("#ff0000")
    question = Predict("What?", low=0, high=1)
    answer = question.reveal(0.5, show=axes, alt="A red box.")
    assert figure_.number not in plt.get_fignums()  # or the notebook would draw it below the cell
    assert answer._exhibit["alt"] == "A red box."
    shown = np.asarray(Image.open(io.BytesIO(base64.b64decode(answer._exhibit["picture"]))).convert("RGB"))
    assert shown.shape[1] == pytest.approx(answer._exhibit["width"] * 1.5, abs=2)
    data, _ = answer._repr_mimebundle_()
    assert "[Picture: A red box.]" in data["text/plain"]
    still = pixels(data).astype(int)
    assert (np.abs(still - [255, 0, 0]).sum(-1) < 30).sum() > 10_000


def test_a_transparent_picture_lies_on_the_stills_white_paper():
    blue = Image.new("RGBA", (80, 40), (0, 0, 0, 0))
    blue.paste((0, 0, 255, 255), (0, 0, 40, 40))
    data, _ = Predict("What?", low=0, high=1).reveal(0.5, show=blue, alt="Blue.")._repr_mimebundle_()
    still = pixels(data).astype(int)
    assert (np.abs(still - [0, 0, 255]).sum(-1) < 30).sum() == pytest.approx(80 * 80, rel=0.05)
    assert (still[-60:-30, 150:] > 240).all()


def test_what_knows_itself_as_html_or_as_a_captioned_picture_is_shown_so():
    question = Predict("What?", low=0, high=1)
    table = pd.DataFrame({"digit": [8], "wrong": ["22 %"]})
    assert "<table" in question.reveal(0.5, show=table)._exhibit["html"]
    assert "22 %" in words_of(question.reveal(0.5, show=table))
    axes = plt.subplots()[1]
    exhibit = question.reveal(0.5, show=captioned(axes, "Nothing yet.", alt="Empty axes."))._exhibit
    assert (exhibit["alt"], exhibit["caption"], exhibit["html"]) == ("Empty axes.", "Nothing yet.", "")
    photo = Image.new("RGB", (30, 20))
    assert question.reveal(0.5, show=photo, alt="Black.")._exhibit["width"] == 30


def test_what_cannot_be_shown_gets_a_sentence():
    question = Predict("What?", low=0, high=1)
    for settings, sentence in (
        ({"show": object()}, "`show` must be a figure, a table or a text, but it is of type object"),
        ({"show": plt.subplots()[0]}, "`alt` must say what the picture shows"),
        ({"alt": "A curve."}, "`alt` tells what `show` shows, but there is no `show`"),
        ({"why": 3}, "`why` must be a sentence that explains the answer, but it is 3"),
    ):
        with pytest.raises(CourseError) as refused:
            question.reveal(0.5, **settings)
        assert sentence in str(refused.value)
    plt.close("all")


# --- numbers ---------------------------------------------------------------------------------------------------------


def test_a_number_is_told_in_three_digits():
    told = {0: "0", 61706: "61,706", 0.125: "0.125", 12.25: "12.3", 1234.5: "1,235", 0.98765: "0.988", 2.04e-6: "2e-6"}
    told |= {-0.5: "−0.5", -3e-7: "−3e-7", 25557032: "25,557,032", 1.5e13: "1.5e13", 0.9996: "1", 1e-3: "0.001"}
    assert {value: figure(value) for value in told} == told
    assert figure(52, "%") == "52 %"
