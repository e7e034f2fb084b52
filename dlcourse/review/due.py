"""Which questions of the course are due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from dlcourse import answers
from dlcourse.questions import Question, quiz_files, read_questions
from dlcourse.review.schedule import INTERVALS, due_date


@dataclass(frozen=True)
class Due:
    """A question that comes back, the lesson's notebook that it belongs to, and the day from which on it is due."""

    question: Question
    lesson: Path
    since: date
    answered: bool


def due_now(course_folder: Path, today: date | None = None) -> list[Due]:
    """The questions that are due, those that have waited longest first.

    A question that was answered wrong is due when its interval is over (see `schedule`); one that was not answered, on
    the day after its lesson was begun, which is when the first question of it was answered.

    Args:
        course_folder: the folder of the lessons.
        today: default: today.
    """
    day = today or date.today()
    return sorted((each for each in _coming(course_folder) if each.since <= day), key=lambda each: each.since)


def next_date(course_folder: Path) -> date | None:
    """The first day on which something is due; None where nothing is to come."""
    return min((each.since for each in _coming(course_folder)), default=None)


def due_line(course_folder: Path) -> str:
    """How many are due on this machine, in a line of Markdown; "" where none is."""
    count = len(due_now(course_folder))
    if not count:
        return ""
    questions = "One question is" if count == 1 else f"{count} questions are"
    return (
        f"**{questions} due for review on this computer.** Run `dlcourse review` in a terminal (File → New → Terminal)."
    )


def _coming(course_folder: Path) -> Iterator[Due]:
    """All that comes back, some time."""
    for path in quiz_files(course_folder):
        lesson = path.with_name(path.name.replace(".quiz.yaml", ".ipynb"))
        known = [(question, answers.recall(question.id)) for question in read_questions(path)]
        begun = min((found.tries[0].at for _, found in known if found), default=None)
        if begun is None:
            continue
        for question, found in known:
            if found is None:
                yield Due(question, lesson, begun.astimezone().date() + timedelta(days=INTERVALS[0]), answered=False)
            elif since := due_date(found.tries):
                yield Due(question, lesson, since, answered=True)
