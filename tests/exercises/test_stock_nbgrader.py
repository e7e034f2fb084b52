"""Stock nbgrader on the exercises: worked answers get everything, blank ones nothing, an untidy notebook no less."""

import re
from html import unescape

import pytest
from exercises.answers import EXERCISES
from exercises.classroom import Classroom, answered, untidy

CLASSES = [
    pytest.param(exercise, marks=pytest.mark.xdist_group(f"class {exercise.name}"), id=exercise.name)
    for exercise in EXERCISES
]


@pytest.fixture(scope="module", params=CLASSES)
def classroom(request, tmp_path_factory):
    """A class of three after everything was graded and fed back."""
    exercise = request.param
    room = Classroom(tmp_path_factory.mktemp("class"), exercise)
    for student, notebook in [
        ("worked", answered(exercise)),
        ("blank", exercise.released),
        ("untidy", untidy(exercise)),
    ]:
        room.hand_in(student, notebook)
    room.autograde()
    for cell in exercise.by_hand:
        for student in ("worked", "untidy"):
            assert room.scores(student)[cell.metadata.nbgrader.grade_id] is None, "a person has to read it"
            room.grade_by_hand(student, cell.metadata.nbgrader.grade_id, cell.metadata.nbgrader.points)
    room.generate_feedback()
    return room


def full(exercise):
    cells = [*exercise.tests.values(), *exercise.by_hand]
    return {cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points for cell in cells}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("student", ["worked", "untidy"])
def test_right_answers_get_all_points(classroom, student):
    assert classroom.scores(student) == full(classroom.exercise)


def test_blank_ones_get_none_and_wait_for_nobody(classroom):
    assert classroom.scores("blank") == dict.fromkeys(full(classroom.exercise), 0)


def test_the_feedback_tells_what_was_missing_and_no_hidden_test(classroom):
    for student in ("worked", "blank"):
        page = classroom.feedback(student).read_text(encoding="utf-8")
        assert "HIDDEN TESTS" not in page
        assert "Traceback (most recent call last)" not in page
        for line in hidden_lines(classroom.exercise):
            assert line not in text(page), line
    assert page.count("Not answered yet.") >= len(classroom.exercise.tests)


def hidden_lines(exercise):
    """The lines of the hidden tests that stand nowhere else."""
    open_text = "\n".join(cell.source for cell in exercise.released.cells)
    for cell in exercise.tests.values():
        hidden = cell.source.partition("### BEGIN HIDDEN TESTS")[2].partition("### END HIDDEN TESTS")[0]
        lines = (line.strip() for line in hidden.splitlines())
        yield from (line for line in lines if len(line) > 25 and line not in open_text)


def text(page):
    """What a page of HTML says, more or less."""
    return unescape(re.sub(r"<[^>]+>", "", page))
