"""The table of all answers that were tried and what they came to, at the end of the run."""

import pytest

POINTS = "points of an answer"  # what its report says
_points = pytest.StashKey[dict]()


def pytest_configure(config):
    config.stash[_points] = {}
    config.pluginmanager.register(Reports(config))


class Reports:
    """Gathers the points, also where other processes have tried the answers."""

    def __init__(self, config):
        self._config = config

    def pytest_runtest_logreport(self, report):
        for name, value in report.user_properties:
            if name == POINTS and report.when == "call":
                answer, points = value
                self._config.stash[_points][answer] = points


def pytest_terminal_summary(terminalreporter, config):
    points = config.stash[_points]
    if not points:
        return
    from exercises.answers import ANSWERS, TASKS  # reads all sets; most runs need none

    terminalreporter.section("answers tried on the exercises")
    tried = [answer for answer in ANSWERS if str(answer) in points]
    for exercise, task in TASKS:
        of = exercise.tests[task].metadata.nbgrader.points
        mine = [answer for answer in tried if (answer.exercise, answer.task) == (exercise.name, task)]
        if mine:
            terminalreporter.line(f"{exercise.name} {task}: {of} points")
        for answer in mine:
            deserves = of if answer.deserves is None else answer.deserves
            terminalreporter.line(f"  {points[str(answer)]:4g} of {deserves:g} deserved  {answer.about}")
    right = sum(answer.deserves is None for answer in tried)
    terminalreporter.line(f"{len(tried) - right} wrong answers, {right} other right ones")
