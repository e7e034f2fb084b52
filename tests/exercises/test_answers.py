"""The exercises' tests, tested: right answers get all points however they are written, wrong ones what they deserve."""

import re
from collections import Counter

import pytest
from exercises.answers import ANSWERS, EXERCISES, ROOT, TASKS
from exercises.tried import POINTS

TRAINS = "trained"  # the tag of a test cell that trains a network
QUICK, PATIENT = 2, 45  # seconds of a processor for a test that a learner sees


def at_desks(name, values):
    """Tests of (exercise, value); those of a set stay together, since it has one desk."""
    parameters = [
        pytest.param(exercise, value, marks=pytest.mark.xdist_group(f"desk {exercise.name}"), id=label)
        for exercise, value, label in values
    ]
    return pytest.mark.parametrize(("exercise", name), parameters)


each_answer = at_desks(
    "answer",
    [
        (exercise, answer, str(answer))
        for exercise in EXERCISES
        for answer in ANSWERS
        if answer.exercise == exercise.name
    ],
)
each_task = at_desks("task", [(exercise, task, f"{exercise.name[:2]}-{task}") for exercise, task in TASKS])


@each_answer
def test_an_answer_gets_what_it_deserves(exercise, answer, desk, record_property):
    points, of, printed, _ = desk.judge(answer.task, answer.code)
    record_property(POINTS, (str(answer), points))
    assert points == (of if answer.deserves is None else answer.deserves), printed
    if answer.deserves is not None:
        assert len(answer.says) >= 12, "a wrong answer names what the learner must read: `# says: ...`"
        assert answer.says in printed, printed


@each_task
def test_the_worked_answer_gets_all_points_and_no_answer_none(exercise, task, desk):
    points, of, printed, _ = desk.judge(task, exercise.cell(task).source)
    assert points == of, printed
    points, _, printed, _ = desk.judge(task, exercise.cell(task, released=True).source)
    assert points == 0
    assert "Not answered yet." in printed


@each_task
def test_what_a_learner_sees_is_out_of_the_same_points_and_comes_at_once(exercise, task, desk):
    points, of, printed, seconds = desk.judge(task, exercise.cell(task).source, released=True)
    assert points == of, printed
    trains = TRAINS in exercise.tests[task].metadata.get("tags", [])
    assert seconds < (PATIENT if trains else QUICK)


@each_task
def test_enough_answers_are_tried(exercise, task):
    kinds = Counter(answer.deserves is None for answer in exercise.answers(task))
    assert kinds[False] >= 5, "wrong answers"
    assert kinds[True] >= 2, "other right answers"


def test_as_many_are_tried_as_the_readme_says():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    wrong, right = map(int, re.search(r"tried on more than (\d+) wrong answers and (\d+) right ones", readme).groups())
    tried = Counter(answer.deserves is None for answer in ANSWERS)
    assert tried[False] > wrong >= 100
    assert tried[True] > right >= 40
