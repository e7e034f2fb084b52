"""When a question comes back: after fixed intervals that widen with each right answer.

After a wrong answer it comes back on the next day. Each right answer on a day on which it was due widens the interval;
after the widest it does not come back. What was right at the first try is never asked again.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from dlcourse.answers import Try

INTERVALS = (1, 3, 7, 16, 35)  # days


def due_date(tries: Iterable[Try]) -> date | None:
    """The day from which on a question is due, as this machine's calendar has it; None where it does not come back.

    Args:
        tries: all the times it was answered, first to last.

    Example:
        >>> from datetime import UTC, datetime
        >>> due_date([Try(datetime(2026, 11, 28, 12, tzinfo=UTC), right=False)])
        datetime.date(2026, 11, 29)
    """
    stage: int | None = None  # which interval runs; None: none
    due = date.min
    for each in tries:
        day = each.at.astimezone().date()
        if each.right is False:
            stage = 0
        elif each.right and stage is not None and day >= due:
            stage = stage + 1 if stage + 1 < len(INTERVALS) else None
        else:
            continue  # not judged, never wrong before, or right again while the explanation was still fresh
        due = day + timedelta(days=INTERVALS[stage]) if stage is not None else date.min
    return due if stage is not None else None
