"""`Quiz`: a question with a second try, and an explanation of whatever one answers."""

from pathlib import Path
from typing import Any

from traitlets import Dict, Instance, validate

from dlcourse import course
from dlcourse.errors import CourseError
from dlcourse.questions import (
    MOST_TRIES,
    Choice,
    Gap,
    Lines,
    Number,
    Question,
    Sitting,
    find,
    fingerprint,
    recall_sitting,
)
from dlcourse.questions.kinds import GAP
from dlcourse.questions.markup import plain
from dlcourse.widgets.shared.still import Sheet, wrapped
from dlcourse.widgets.shared.traits import Checked, yes_or_no
from dlcourse.widgets.shared.widget import Widget, browser_files

_WIDTH, _LINE = 760, 19  # of the still picture: its width, and the height of a line
_BLANK = "______"


class Quiz(Widget):
    """A question that explains each wrong answer, gives a second try, and ends with the worked explanation.

    Answers are judged in the browser, also while the kernel is busy, and kept on this machine: they are there again
    after a restart, and `dlcourse review` comes back to those that were wrong.

    Args:
        question: The question's id, from a file `NAME.quiz.yaml` in the working folder or beside one of the course's
            lessons.

    Raises:
        CourseError: If there is no such question, or its file lacks something.

    Example:
        >>> quiz = Quiz("loss-grows-faster")
        >>> quiz.answer
        []
    """

    _esm, _css = browser_files(Path(__file__).parent, {"tries": MOST_TRIES})
    _settings = ("answer", "tries", "shown")

    # what is asked
    question = Instance(Question)
    _question = Dict().tag(sync=True)
    # what is answered now, what was checked already, and whether "Show me" was pressed
    answer = Checked(lambda value: value, "").tag(sync=True)
    tries = Checked(list, ()).tag(sync=True)
    shown = Checked(yes_or_no("shown"), False).tag(sync=True)
    # what a page without a kernel keeps in the browser
    _kept = Dict().tag(sync=True)

    def __init__(self, question: str) -> None:
        """See the class; an answer of an earlier day is there again."""
        asked = find(question, Path.cwd(), _course_folder())
        super().__init__(question=asked, _question=asked.for_browser(), answer=asked.blank)
        self._kept = {"key": f"quiz {asked.id} {fingerprint(asked)}", "traits": list(self._settings)}
        self._remember_start()
        kept = recall_sitting(asked)
        if kept.begun:
            self.tries, self.shown = list(kept.tries), kept.shown
            self.answer = kept.tries[-1] if kept.tries else asked.blank
        self.observe(self._keep, ["tries", "shown"])

    @validate("answer")
    def _an_answer(self, proposal: dict[str, Any]) -> Any:
        return self.question.checked(proposal["value"])

    @validate("tries")
    def _answers(self, proposal: dict[str, Any]) -> list[Any]:
        tries = [self.question.checked(answer) for answer in proposal["value"]]
        for answer in tries:
            if why := self.question.unusable(answer):
                raise CourseError(f"{answer!r} cannot be tried: {why}")
        if len(tries) > MOST_TRIES:
            raise CourseError(f"{self.question.id!r} has {MOST_TRIES} tries, but here are {len(tries)}.")
        return tries

    def _keep(self, _: Any) -> None:
        sitting = Sitting(self.question, tuple(self.tries), self.shown)
        if sitting.begun:
            sitting.keep()

    def _look(self) -> list[str]:
        """The question's lines as it stands before anybody has answered: what is stored tells no answer."""
        return asked_lines(self.question)

    def _in_words(self, lines: list[str]) -> str:
        return "\n".join(lines)

    def _still(self, lines: list[str]) -> Sheet:
        rows = [part for line in lines for part in _wrapped(line.replace("`", ""))]
        sheet = Sheet(_WIDTH, _LINE * len(rows) + 24)
        for number, line in enumerate(rows, 1):
            sheet.text((12, _LINE * number + 6), line)
        return sheet


def asked_lines(question: Question) -> list[str]:
    """A question and the form of its answer in lines of plain text."""
    return [plain(question.ask), "", *_form_lines(question)]


def _form_lines(question: Question) -> list[str]:
    match question:
        case Choice():
            box = "□" if question.several else "○"
            return [f"{box} {plain(option.text)}" for option in question.options]
        case Number():
            return [f"{_BLANK} {question.unit}".rstrip()]
        case Gap():
            return question.code.replace(GAP, _BLANK).splitlines()
        case Lines():
            return [f"↕ {question.items[number].code}" for number in question.start if number != question.mark]
    raise TypeError(f"a question of type {type(question).__name__} has no form")


def _wrapped(line: str) -> list[str]:
    """A line in lines that fit on the still picture, each as far from the left as it."""
    bare = line.lstrip()
    return [line[: len(line) - len(bare)] + part for part in wrapped(bare, _WIDTH - 24) or [""]]


def _course_folder() -> Path | None:
    """The folder of the course's lessons, if there is a course around the working folder or the package."""
    try:
        return course.root() / "course"
    except CourseError:
        return None
