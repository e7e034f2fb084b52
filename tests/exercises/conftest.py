"""A desk on which one answer after the other is tried, all other tasks left blank."""

import pytest
from exercises.answers import TASKS
from exercises.desk import Desk

_TRIED = pytest.StashKey[list]()


def pytest_configure(config):
    config.stash[_TRIED] = []


@pytest.fixture(scope="session")
def desks():
    """The desks in use, by the exercise's name; each is a kernel."""
    opened = {}
    yield opened
    for desk in opened.values():
        desk.close()


@pytest.fixture
def desk_for(desks):
    """The desk of an exercise."""

    def found(exercise):
        if exercise.name not in desks:
            desks[exercise.name] = Desk(exercise)
        return desks[exercise.name]

    return found


@pytest.fixture
def tried(request):
    """Keeps what an answer came to, for the table at the end."""
    return request.config.stash[_TRIED].append


def pytest_terminal_summary(terminalreporter, config):
    tried = config.stash[_TRIED]
    if not tried:
        return
    terminalreporter.section("answers tried on the exercises")
    wrong = right = 0
    for exercise, task in TASKS:
        of = exercise.tests[task].metadata.nbgrader.points
        mine = [(a, points) for a, points in tried if (a.exercise, a.task) == (exercise.name, task)]
        if mine:
            terminalreporter.line(f"{exercise.name} {task}: {of} points")
        for answer, points in mine:
            deserves = of if answer.deserves is None else answer.deserves
            wrong += answer.deserves is not None
            right += answer.deserves is None
            terminalreporter.line(f"  {points:4g} of {deserves:g} deserved  {answer.about}")
    terminalreporter.line(f"{wrong} wrong answers, {right} other right ones")
