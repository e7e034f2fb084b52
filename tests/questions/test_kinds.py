"""How answers are judged: by hand, and nothing that can be answered goes without a word."""

import pytest

from dlcourse.questions.kinds import Choice, Gap, Line, Lines, Mistake, Number, Option, Remark

COMMON = {"id": "a", "ask": "What?", "worked": "So."}
OPTIONS = (Option("a", "A!", right=True), Option("b", "B?"), Option("c", "C!", right=True), Option("d", "D?"))
NUMBER = Number(
    **COMMON,
    answer=0.25,
    tolerance=0.01,
    unit="m / s",
    otherwise="Hm.",
    mistakes=(Mistake(4, "Upside down."), Mistake(-0.25, "The other way.")),
)
GAP = Gap(**COMMON, code="a = ___", answers=("x['k']", "- y"), otherwise="Hm.", mistakes=(Mistake("+ y", "The sign."),))
LINES = tuple(Line(code, f"{code}, early") for code in "abc")
STRANGERS = (Line("d", "no d"), Line("e", "no e"))


def said(verdict):
    return verdict.right, [(remark.about, remark.says) for remark in verdict.remarks]


def test_of_one_choice_the_chosen_option_is_explained_right_or_wrong():
    question = Choice(**COMMON, options=OPTIONS[:2])
    assert said(question.judge([0])) == (True, [(0, "A!")])
    assert said(question.judge([1])) == (False, [(1, "B?")])
    assert question.unusable([]) == "Choose one."


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ([0, 2], (True, [(0, "A!"), (2, "C!")])),
        ([0], (False, [(None, "One that is right is not chosen yet.")])),
        ([1, 3], (False, [(1, "B?"), (3, "D?"), (None, "2 that are right are not chosen yet.")])),
        ([0, 1, 2, 3], (False, [(1, "B?"), (3, "D?")])),
        ([0, 1], (False, [(1, "B?"), (None, "One that is right is not chosen yet.")])),
    ],
)
def test_of_several_only_exactly_the_right_ones_are_right(answer, verdict):
    question = Choice(**COMMON, options=OPTIONS, several=True)
    assert said(question.judge(answer)) == verdict
    assert question.unusable([]) == "Choose at least one."


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.25", 0.25),
        (" 0,25 ", 0.25),
        (".25", 0.25),
        ("1/4", 0.25),
        ("1 / 4 m/s", 0.25),
        ("2.5e-1", 0.25),
        ("25 %", 0.25),
        ("25%", 0.25),
        ("−3", -3),
        ("+3", 3),
        ("1,600", 1600),
        ("1,600,000.5", 1600000.5),
        ("1 600", 1600),
        ("0,125", 0.125),
        ("12,34", 12.34),
        ("3m/s", 3),
        ("5.", 5),
    ],
)
def test_a_number_is_read_as_people_write_it(text, value):
    assert NUMBER.read(text) == pytest.approx(value, abs=1e-12)
    assert NUMBER.unusable(text) == ""


@pytest.mark.parametrize(
    "text", ["x", "1/0", "1/2/3", "1,2,3", "inf", "nan", "0x10", "1_0", "1e", "--1", "1e999", "m/s", "/"]
)
def test_what_is_no_number_is_told_and_costs_no_try(text):
    assert NUMBER.unusable(text) == f"“{text}” is no number; type one, as 0.25 or 1e-3 or 1/4."
    assert NUMBER.unusable("  ") == "Type a number."


def test_percent_is_a_unit_where_the_question_says_so():
    assert Number(**COMMON, answer=50, unit="%", otherwise="Hm.").read("50 %") == 50


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("0.25", (True, [])),
        ("0.26", (True, [])),
        ("0.24", (True, [])),
        ("0.2601", (False, [(None, "Hm.")])),
        ("4.01", (False, [(None, "Upside down.")])),
        ("-1/4", (False, [(None, "The other way.")])),
        ("0", (False, [(None, "Hm.")])),
    ],
)
def test_a_number_is_right_within_its_tolerance_and_so_is_a_mistake_met(text, verdict):
    assert said(NUMBER.judge(text)) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ('x["k"]', (True, [])),
        (" x [ 'k' ]", (True, [])),
        ("-y", (True, [])),
        ("+  y", (False, [(None, "The sign.")])),
        ("z", (False, [(None, "Hm.")])),
    ],
)
def test_blanks_and_quotation_marks_do_not_count_in_a_gap(text, verdict):
    assert said(GAP.judge(text)) == verdict
    assert GAP.unusable("  ") == "Type what belongs into the gap."


@pytest.mark.parametrize(
    ("order", "verdict"),
    [
        ([0, 1, 2, 5, 3, 4], (True, [])),
        ([0, 1, 2, 5, 4, 3], (True, [])),
        ([0, 2, 1, 5, 3, 4], (False, [(2, "c, early")])),
        ([1, 0, 2, 5, 3, 4], (False, [(1, "b, early")])),
        ([2, 1, 0, 5, 3, 4], (False, [(2, "c, early")])),
        ([0, 1, 5, 2, 3, 4], (False, [(None, "A line that is needed is set aside.")])),
        ([0, 4, 1, 2, 3, 5], (False, [(4, "no e")])),
        ([3, 1, 5, 2, 0, 4], (False, [(3, "no d")])),
    ],
)
def test_of_lines_the_first_thing_that_is_wrong_is_named(order, verdict):
    question = Lines(**COMMON, lines=LINES, distractors=STRANGERS)
    assert said(question.judge(order)) == verdict
    assert question.unusable([5, 0, 1, 2, 3, 4]) == "Leave at least one line above the mark."


def test_lines_that_all_belong_have_no_mark():
    question = Lines(**COMMON, lines=LINES)
    assert question.solution == [0, 1, 2]
    assert said(question.judge([0, 2, 1])) == (False, [(2, "c, early")])


@pytest.mark.parametrize("name", [f"question-{number}" for number in range(40)])
def test_lines_are_shown_mixed_the_same_for_everybody_and_never_right(name):
    question = Lines(**COMMON | {"id": name}, lines=LINES, distractors=STRANGERS[:1])
    assert sorted(question.start) == [0, 1, 2, 3, 4]
    assert question.start[-1] == 4
    assert question.start[:3] != [0, 1, 2]
    assert not question.judge(question.start).right
    assert question.start == Lines(**COMMON | {"id": name}, lines=LINES, distractors=STRANGERS[:1]).start


def test_a_remark_is_about_nothing_unless_it_says_so():
    assert Remark("a").about is None
