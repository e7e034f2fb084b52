"""A desk for each set of exercises, on which one answer after the other is tried, all other tasks left blank."""

import pytest
from exercises.desk import Desk


@pytest.fixture(scope="session")
def desks():
    """The desks in use, by the exercise's name; each is a kernel."""
    opened = {}
    yield opened
    for desk in opened.values():
        desk.close()


@pytest.fixture
def desk(desks, exercise):
    """The desk of the exercise at hand."""
    if exercise.name not in desks:
        desks[exercise.name] = Desk(exercise)
    return desks[exercise.name]
