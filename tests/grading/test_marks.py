"""Points part by part: what is won, what is lost, what a learner reads."""

import logging
import sys

import pytest

from dlcourse.errors import CourseError
from dlcourse.grading import Marks


def test_a_part_is_won_when_all_of_it_holds(capsys):
    marks = Marks()
    with marks.part("first", 2):
        assert True
    with marks.part("second", 1.5):
        raise AssertionError("Look at the axis.")
    total = marks.total()
    assert (total, total.of) == (2, 3.5)
    assert capsys.readouterr().out == "✓ first\n✗ second\n    Look at the axis.\n"


def test_hidden_tests_take_points_away_and_add_none(capsys):
    marks = Marks()
    for title in ("first", "second"):
        with marks.part(title, 1):
            pass
    with marks.part("first"):
        raise AssertionError("Not for a batch of 1.")
    with marks.part("second"):
        pass
    assert (marks.total(), marks.total().of) == (1, 2)
    assert "✗ first (on other inputs)\n    Not for a batch of 1." in capsys.readouterr().out


def test_what_is_lost_stays_lost_and_is_told_once(capsys):
    marks = Marks()
    with marks.part("first", 1):
        raise AssertionError("Seen.")
    with marks.part("first"):
        raise AssertionError("Hidden.")
    with marks.part("first"):
        pass
    assert marks.total() == 0
    printed = capsys.readouterr().out
    assert "Seen." in printed
    assert "Hidden." not in printed


def test_whatever_stops_a_learners_code_costs_that_part_alone(capsys):
    def exits():
        sys.exit(3)

    marks = Marks()
    for fails in (lambda: 1 / 0, lambda: [][1], exits, lambda: missing(1)):  # noqa: F821
        with marks.part(f"part {len(marks._points)}", 1):
            fails()
    with marks.part("still here", 1):
        pass
    assert (marks.total(), marks.total().of) == (1, 5)
    printed = capsys.readouterr().out
    assert "Your code stopped with ZeroDivisionError: division by zero" in printed
    assert "SystemExit: 3" in printed
    assert "There is no `missing` yet: run the cell that makes it, and keep the name." in printed


def test_a_stub_is_not_answered_yet(capsys):
    marks = Marks()
    with marks.part("first", 1):
        raise NotImplementedError
    assert marks.total() == 0
    assert "Not answered yet." in capsys.readouterr().out


def test_an_interruption_is_not_swallowed():
    marks = Marks()
    with pytest.raises(KeyboardInterrupt), marks.part("first", 1):
        raise KeyboardInterrupt


def test_what_goes_to_stderr_becomes_ordinary_text(capsys):
    log = logging.getLogger("made long ago")
    log.addHandler(logging.StreamHandler(sys.stderr))  # as TensorFlow's logger does when it is imported
    marks = Marks()
    with marks.part("first", 1):
        log.warning("traced again")
        print("/tmp/ipykernel_12/34.py:2: RuntimeWarning: divide by zero\n  return 1 / x", file=sys.stderr)
    printed = capsys.readouterr()
    assert marks.total() == 1
    assert printed.err == ""
    assert printed.out == "✓ first\n    | traced again\n    | RuntimeWarning: divide by zero\n    |   return 1 / x\n"
    print("heard again", file=sys.stderr)
    assert capsys.readouterr().err == "heard again\n"


def test_points_read_as_a_number_and_as_a_sentence():
    marks = Marks()
    with marks.part("first", 2):
        pass
    assert repr(marks.total()) == "2.0"
    assert marks.total()._repr_html_() == "<b>2 of 2 points</b>"


def test_a_part_has_its_points_where_it_first_stands():
    marks = Marks()
    with pytest.raises(CourseError, match="has no points yet"), marks.part("first"):
        pass
    with marks.part("first", 1):
        pass
    with pytest.raises(CourseError, match="has its points already"), marks.part("first", 1):
        pass
