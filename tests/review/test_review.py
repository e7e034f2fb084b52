"""What is due in the course, how it is asked in a terminal, and what the map says of it."""

import re
from datetime import UTC, date, datetime, timedelta

import nbformat
import pytest
import yaml
from click.testing import CliRunner

from dlcourse import answers, course
from dlcourse.cli import main
from dlcourse.questions import Sitting, find, recall_sitting
from dlcourse.review import due_line, due_now, next_date

CHOICE = [{"text": "yes", "says": "It is so.", "right": True}, {"text": "no", "says": "It is not *no*."}]
MORE = [*CHOICE, {"text": "indeed", "says": "So it is.", "right": True}]
COMMON = {"ask": "What?", "worked": "It is worked out."}
QUESTIONS = [
    COMMON | {"id": "one", "kind": "one", "options": CHOICE, "ask": "Is `a` so?"},
    COMMON | {"id": "several", "kind": "several", "options": MORE},
    COMMON
    | {
        "id": "number",
        "kind": "number",
        "answer": 1600,
        "unit": "digits",
        "otherwise": "Think again.",
        "mistakes": [{"value": 400, "says": "Too few."}],
    },
    COMMON | {"id": "gap", "kind": "gap", "code": "a = ___", "answers": ["b"], "otherwise": "Another name."},
    COMMON
    | {
        "id": "lines",
        "kind": "lines",
        "lines": [
            {"code": "first"},
            {"code": "then", "says": "Too soon."},
            {"code": "last", "says": "Too soon by far."},
        ],
        "distractors": [{"code": "never", "says": "Not this one."}],
    },
]
TODAY = date.today()


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """A course of two lessons; the second has one question."""
    (tmp_path / "course/01_begin").mkdir(parents=True)
    (tmp_path / "course/index.ipynb").touch()
    for name, title, questions in [
        ("01_a", "First steps", QUESTIONS),
        ("02_b", "More", [QUESTIONS[0] | {"id": "far"}]),
    ]:
        opening = nbformat.v4.new_markdown_cell(f"# {title}\n\n* an aim\n\n**Time:** 5 minutes")
        nbformat.write(nbformat.v4.new_notebook(cells=[opening]), tmp_path / f"course/01_begin/{name}.ipynb")
        (tmp_path / f"course/01_begin/{name}.quiz.yaml").write_text(yaml.safe_dump(questions))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "course"


def days_ago(number):
    return datetime.now(UTC) - timedelta(days=number)


def answered(name, right, ago):
    answers.remember(name, None, right=right, now=days_ago(ago))


def ids(due):
    return [each.question.id for each in due]


# --- what is due -----------------------------------------------------------------------------------------------------


def test_nothing_is_due_in_a_lesson_that_was_not_begun(here):
    assert (due_now(here), next_date(here), due_line(here)) == ([], None, "")


def test_what_was_wrong_and_what_was_not_answered_is_due_a_day_later(here):
    answered("one", False, 0)
    answered("gap", True, 0)
    assert due_now(here) == []
    assert next_date(here) == TODAY + timedelta(days=1)
    due = due_now(here, TODAY + timedelta(days=1))
    assert ids(due) == ["one", "several", "number", "lines"]  # not the one that was right, not the other lesson's
    assert [each.answered for each in due] == [True, False, False, False]
    assert {each.lesson for each in due} == {here / "01_begin/01_a.ipynb"}


def test_what_has_waited_longest_comes_first(here):
    answered("one", False, 3)
    answered("far", False, 9)
    answered("number", False, 5)
    assert ids(due_now(here))[0] == "far"
    assert ids(due_now(here))[-1] == "one"


def test_what_is_answered_in_between_does_not_put_off_the_rest(here):
    answered("one", True, 2)
    answered("several", True, 0)
    assert ids(due_now(here)) == ["number", "gap", "lines"]


@pytest.mark.parametrize(
    ("wrong", "line"),
    [(["far"], "**One question is due for review"), (["far", "one"], "**6 questions are due for review")],
)
def test_the_map_says_how_many_are_due(wrong, line, here, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda markdown: shown.append(markdown.data))
    course.show_map()
    assert shown.pop() == course.map_markdown(here.parent)
    for name in wrong:
        answered(name, False, 2)
    course.show_map()
    assert shown.pop().startswith(line)


# --- asked in a terminal ---------------------------------------------------------------------------------------------


def review(*typed, ago=2):
    """Types lines into `dlcourse review`, and brings what it says."""
    done = CliRunner().invoke(main, ["review"], input="".join(f"{line}\n" for line in typed))
    assert done.exit_code == 0, done.output
    return done.output


def only(name):
    """Makes one question the only one that is due."""
    for question in QUESTIONS:
        answered(question["id"], question["id"] != name, 2)


def kept(name, here):
    """What was tried, and whether it counted as right."""
    sitting = recall_sitting(find(name, here, here))
    return list(sitting.tries), answers.recall(name).right


def test_a_choice_is_asked_explained_and_kept(here):
    only("one")
    told = review("b", "a")
    assert "1 due for review." in told
    assert "— 1.1 First steps\n\nIs `a` so?\n\na) yes\nb) no\n" in told
    assert "Not yet.\nIt is not no.\n" in told
    assert "Right.\nIt is so.\n" in told
    assert told.rstrip().endswith("It is worked out.\n(It comes back tomorrow.)")
    assert kept("one", here) == ([[1], [0]], False)


def test_a_right_answer_widens_the_interval_and_after_it_nothing_is_due(here):
    only("one")
    assert "(It comes back in 3 days.)" in review("a")
    assert kept("one", here) == ([[0]], True)
    done = review()
    day = TODAY + timedelta(days=3)
    assert done == f"Nothing is due for review. The next question comes back on {day:%A, %d %B %Y}.\n"


def test_what_was_not_answered_before_and_is_right_does_not_come_back(here):
    answered("far", True, 2)
    for question in QUESTIONS[1:]:
        answered(question["id"], True, 2)
    assert "(This question does not come back.)" in review("a")


def test_where_nothing_was_begun_the_command_says_what_to_do():
    assert review() == "Nothing is due for review. Answer some in the lessons first.\n"


@pytest.mark.parametrize(
    ("name", "typed", "sentences", "tries", "right"),
    [
        ("one", ["x", "ab", "", "a"], ["“x” is no choice; type a letter from a to b.", "type one letter"], [[0]], True),
        ("several", ["a c"], ["Right.", "a) It is so.", "c) So it is."], [[0, 2]], True),
        (
            "several",
            ["B,A", "ac"],
            ["b) It is not no.", "One that is right is not chosen yet."],
            [[0, 1], [0, 2]],
            False,
        ),
        ("number", ["many", "400", "1,600"], ["“many” is no number", "Too few."], ["400", "1,600"], False),
        ("number", ["7", "8"], ["Not that either.", "The answer is 1,600 digits."], ["7", "8"], False),
        ("gap", ["c", "?"], ["    a = ___", "Another name.", "It is b"], ["c"], False),
        ("gap", [" b "], ["Right."], ["b"], True),
    ],
)
def test_each_kind_is_asked(name, typed, sentences, tries, right, here):
    only(name)
    told = review(*typed)
    for sentence in sentences:
        assert sentence in told
    assert kept(name, here) == (tries, right)


def line_numbers(told):
    return {code: number for number, code in re.findall(r"^ *(\d)  (\w+)$", told, re.MULTILINE)}


def test_lines_are_ordered_by_their_numbers(here):
    only("lines")
    at = line_numbers(review("?"))
    assert sorted(at) == ["first", "last", "never", "then"]
    right = [at["first"], at["then"], at["last"]]
    for typed in (" ".join(right), ",".join(right), "".join(right)):
        answered("lines", False, 2)
        assert "Right.\n" in review(typed)
        assert kept("lines", here)[1]
    answered("lines", False, 2)
    told = review("", "9 1", "1 1", f"{at['first']} {at['never']}", f"{at['then']} {at['first']} {at['last']}")
    assert "Type the numbers of the lines, as in 2 1 3." in told
    assert told.count("is no order; type each number from 1 to 4 once at most") == 2
    assert "`never`: Not this one." in told
    assert "`then`: Too soon." in told
    assert "In the right order:\n    first\n    then\n    last\n" in told


def test_to_be_shown_the_answer_counts_as_not_known(here):
    only("several")
    told = review("?")
    assert "Right: a and c.\nIt is so.\nSo it is.\nIt is worked out.\n(It comes back tomorrow.)" in told
    assert kept("several", here) == ([], False)


def test_whoever_stops_keeps_what_was_answered(here, monkeypatch):
    answered("one", False, 3)
    lines = iter(["a"])

    def typed(_):
        line = next(lines, None)
        if line is None:
            raise KeyboardInterrupt
        return line

    monkeypatch.setattr("builtins.input", typed)
    done = CliRunner().invoke(main, ["review"])
    assert done.exit_code == 0
    assert done.output.endswith("Stopped. What you have answered is kept.\n")
    assert kept("one", here) == ([[0]], True)
    assert ids(due_now(here)) == ["several", "number", "gap", "lines"]


def test_the_list_names_what_is_due_and_asks_nothing():
    answered("one", False, 3)
    answered("far", False, 2)
    done = CliRunner().invoke(main, ["review", "--list"])
    assert done.output.splitlines()[:3] == [
        "1.1 First steps: one",
        "1.1 First steps: several, not answered yet",
        "1.1 First steps: number, not answered yet",
    ]
    assert done.output.splitlines()[-1] == "1.2 More: far"


def test_what_the_widget_keeps_is_what_review_reads(here):
    question = find("one", here, here)
    Sitting(question, ([1],)).keep(now=days_ago(1))
    assert ids(due_now(here))[0] == "one"
