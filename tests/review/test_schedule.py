"""When a question comes back: by hand, on a calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dlcourse.answers import Try
from dlcourse.review.schedule import due_date

FIRST = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_greenwich(monkeypatch):
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def day(number):
    """The day of November that is so many days after the first."""
    return date(2026, 11, 2) + timedelta(days=number)


def due(*tries):
    return due_date(Try(FIRST + timedelta(days=after), right) for after, right in tries)


RIGHT, WRONG, UNJUDGED = True, False, None


@pytest.mark.parametrize(
    ("tries", "after"),
    [
        ([], None),
        ([(0, UNJUDGED)], None),
        ([(0, RIGHT)], None),  # known from the beginning
        ([(0, RIGHT), (9, RIGHT)], None),
        ([(0, WRONG)], 1),
        ([(0, WRONG), (0, UNJUDGED)], 1),  # the second try of a sitting
        ([(0, WRONG), (0, RIGHT)], 1),  # started over, with the explanation fresh
        ([(0, WRONG), (1, RIGHT)], 4),
        ([(0, WRONG), (3, RIGHT)], 6),  # counted from the answer, not from the day it was due
        ([(0, WRONG), (1, RIGHT), (3, RIGHT)], 4),
        ([(0, WRONG), (1, RIGHT), (4, RIGHT)], 11),
        ([(0, WRONG), (1, RIGHT), (4, RIGHT), (11, RIGHT)], 27),
        ([(0, WRONG), (1, RIGHT), (4, RIGHT), (11, RIGHT), (27, RIGHT)], 62),
        ([(0, WRONG), (1, RIGHT), (4, RIGHT), (11, RIGHT), (27, RIGHT), (62, RIGHT)], None),
        ([(0, WRONG), (1, RIGHT), (4, WRONG)], 5),
        ([(0, WRONG), (1, RIGHT), (2, WRONG)], 3),  # wrong before it was due is wrong all the same
        ([(0, WRONG), (1, RIGHT), (4, WRONG), (5, RIGHT)], 8),
        ([(0, RIGHT), (5, WRONG)], 6),
        ([(0, WRONG), (1, WRONG), (2, WRONG)], 3),
    ],
)
def test_the_interval_widens_with_each_right_answer_and_wrong_begins_anew(tries, after):
    assert due(*tries) == (None if after is None else day(after))


def test_days_are_those_of_the_calendar_here(monkeypatch):
    """Wrong late in the evening is due in the morning."""
    import time

    late = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    assert due_date([Try(late, right=False)]) == day(1)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    assert due_date([Try(late, right=False)]) == day(2)
