"""A lesson's file of questions, read and checked: what is missing or misspelt is told with file and question.

`course/02_training/01_loss_and_descent.quiz.yaml` lies beside the lesson `01_loss_and_descent.ipynb` and holds a list
of questions. Each has `id`, `kind`, `ask`, `worked` (the explanation at the end) and, if one likes, `hint`; and by kind

    one, several   options: [{text, says, right: true}, ...]; every option says why it is right or wrong
    number         answer, otherwise; tolerance, unit and mistakes: [{value, says}] if one likes
    gap            code (with one ___ in it), answers, otherwise; mistakes if one likes
    lines          lines: [{code, says}] in the right order, where `says` is told to whom the line comes too early (the
                   first one cannot); distractors: [{code, says}] if one likes
"""

import math
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from dlcourse.errors import CourseError, unknown
from dlcourse.questions.kinds import GAP, Choice, Gap, Line, Lines, Mistake, Number, Option, Question, squeezed

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # a PyYAML built without libyaml: ten times slower
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

_FEWEST_LINES = 3


def read_questions(path: Path) -> tuple[Question, ...]:
    """The questions of a lesson, in the order of the file.

    Raises:
        CourseError: The file cannot be read, or something in it is missing, misspelt or without an explanation.

    Example:
        >>> read_questions(Path("course/02_training/01_loss_and_descent.quiz.yaml"))[0].id
        'against-the-gradient'
    """
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _read(path: Path, _: int) -> tuple[Question, ...]:
    try:
        entries = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} is no YAML: {error}") from error
    if not isinstance(entries, list) or not entries:
        raise CourseError(f"{path} holds no list of questions; begin each with '- id: a-name'.")
    questions: dict[str, Question] = {}
    for number, entry in enumerate(entries, 1):
        named = entry.get("id") if isinstance(entry, dict) else None
        question = _question(_Part(f"{path}, question {named or number}", entry))
        if question.id in questions:
            raise CourseError(f"{path} has two questions {question.id!r}; give one of them another id.")
        questions[question.id] = question
    return tuple(questions.values())


class _Part:
    """A mapping of the file and the sentence's beginning that says where it stands; what is taken is ticked off."""

    def __init__(self, where: str, entry: Any) -> None:
        if not isinstance(entry, dict):
            raise CourseError(f"{where}: there must be names with values, as in 'id: a-name', but it is {entry!r}.")
        self.where, self._entry, self._taken = where, entry, set[str]()

    def complain(self, what: str) -> CourseError:
        return CourseError(f"{self.where}: {what}")

    def _take(self, name: str, why: str | None) -> Any:
        """A value; where there is none, None or, if the reason is given why there must be one, a sentence."""
        self._taken.add(name)
        value = self._entry.get(name)
        if value is None and why is not None:
            raise self.complain(f"`{name}` is missing; {why}.")
        return value

    def text(self, name: str, why: str) -> str:
        """A text that must be there."""
        return self._text(name, self._take(name, why))

    def text_or_none(self, name: str) -> str:
        """A text that may be there."""
        value = self._take(name, None)
        return "" if value is None else self._text(name, value)

    def _text(self, name: str, value: Any) -> str:
        if not isinstance(value, str):
            raise self.complain(f"`{name}` must be a text, but YAML reads {value!r}; put it in quotation marks.")
        if not value.strip():
            raise self.complain(f"`{name}` is empty.")
        return value.rstrip()

    def number(self, name: str, why: str | None) -> float:
        """A number; 0 where it may be missing and is."""
        value = self._take(name, why)
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.complain(f"`{name}` must be a number, but it is {value!r} (YAML takes 1.0e-3, not 1e-3).")
        return value

    def flag(self, name: str) -> bool:
        """True or false; false where it is missing."""
        value = self._take(name, None)
        if value is not None and not isinstance(value, bool):
            raise self.complain(f"`{name}` must be true or false, but it is {value!r}.")
        return bool(value)

    def texts(self, name: str, why: str) -> tuple[str, ...]:
        """A list of texts, one at least."""
        values = self._list(name, why)
        return tuple(self._text(name, value) for value in values)

    def parts(self, name: str, each: str, read: Callable[["_Part"], Any], why: str | None = None) -> tuple[Any, ...]:
        """A list of mappings, each read by a function; `each`: what one of them is called."""
        found = []
        for number, entry in enumerate(self._list(name, why), 1):
            part = _Part(f"{self.where}, {each} {number}", entry)
            found.append(read(part))
            part.end()
        return tuple(found)

    def _list(self, name: str, why: str | None) -> list[Any]:
        value = self._take(name, why)
        if value is None:
            return []
        if not isinstance(value, list) or not value:
            raise self.complain(f"`{name}` must be a list, each entry of which begins with '- '.")
        return value

    def end(self) -> None:
        """Complains of what nobody has asked for: a misspelt name would be lost without a word."""
        if left := set(self._entry) - self._taken:
            raise self.complain(str(unknown("entry", min(left, key=str), self._taken)))


def _question(part: _Part) -> Question:
    name = part.text("id", "give the question a name, as in 'why-a-bias'")
    if not name.replace("-", "").isalnum() or name != name.lower():
        raise part.complain(f"`id` is {name!r}; write it in small letters, figures and hyphens, as 'why-a-bias'.")
    kind = part.text("kind", f"choose one of {', '.join(_KINDS)}")
    if kind not in _KINDS:
        raise part.complain(str(unknown("kind of question", kind, _KINDS)))
    common = {
        "id": name,
        "ask": part.text("ask", "write what is asked"),
        "worked": part.text("worked", "write the explanation that a learner reads at the end"),
        "hint": part.text_or_none("hint"),
    }
    question = _KINDS[kind](part, common)
    part.end()
    return question


def _one(part: _Part, common: dict[str, Any]) -> Choice:
    question = Choice(**common, options=part.parts("options", "option", _option, "write what to choose from"))
    if len(question.solution) != 1:
        raise part.complain(f"of one question's options one is `right: true`, but here {len(question.solution)} are.")
    return _distinct(part, question)


def _several(part: _Part, common: dict[str, Any]) -> Choice:
    options = part.parts("options", "option", _option, "write what to choose from")
    question = Choice(**common, options=options, several=True)
    if not question.solution:
        raise part.complain("no option is `right: true`.")
    return _distinct(part, question)


def _distinct(part: _Part, question: Choice) -> Choice:
    if len(question.options) < 2:
        raise part.complain("there is only one option; write what people mistake it for, too.")
    if len({option.text for option in question.options}) < len(question.options):
        raise part.complain("two options have the same text.")
    return question


def _option(part: _Part) -> Option:
    text = part.text("text", "write what is chosen")
    return Option(
        text, part.text("says", f"write what a learner reads who chooses {text!r}, right or wrong"), part.flag("right")
    )


def _number(part: _Part, common: dict[str, Any]) -> Number:
    def mistake(entry: _Part) -> Mistake:
        value = entry.number("value", "write the wrong number that people give")
        return Mistake(value, entry.text("says", f"write what a learner reads who answers {value:g}"))

    question = Number(
        **common,
        answer=part.number("answer", "write the right number"),
        otherwise=part.text("otherwise", "write what a learner reads whose answer is none of the mistakes"),
        tolerance=part.number("tolerance", None),
        unit=part.text_or_none("unit"),
        mistakes=part.parts("mistakes", "mistake", mistake),
    )
    if question.tolerance < 0:
        raise part.complain("`tolerance` is below 0; it says how far off an answer may be.")
    for each in question.mistakes:
        if question.judge(f"{each.value!r}").right:
            raise part.complain(f"the mistake {each.value:g} is right within the tolerance.")
    return question


def _gap(part: _Part, common: dict[str, Any]) -> Gap:
    def mistake(entry: _Part) -> Mistake:
        value = entry.text("value", "write the wrong text that people give")
        return Mistake(value, entry.text("says", f"write what a learner reads who answers {value!r}"))

    question = Gap(
        **common,
        code=part.text("code", f"write the code, with {GAP} where the gap is"),
        answers=part.texts("answers", "write the texts that are right"),
        otherwise=part.text("otherwise", "write what a learner reads whose answer is none of the mistakes"),
        mistakes=part.parts("mistakes", "mistake", mistake),
    )
    if question.code.count(GAP) != 1:
        raise part.complain(f"`code` must have one gap, written {GAP}, but it has {question.code.count(GAP)}.")
    for each in question.mistakes:
        if squeezed(each.value) in map(squeezed, question.answers):
            raise part.complain(f"{each.value!r} is among the mistakes and among the answers.")
    return question


def _lines(part: _Part, common: dict[str, Any]) -> Lines:
    def line(entry: _Part) -> Line:
        code = entry.text("code", "write the line of code")
        if entry.where.endswith(", line 1"):
            return Line(code, entry.text_or_none("says"))
        return Line(code, entry.text("says", f"write what a learner reads who puts {code.strip()!r} too early"))

    def distractor(entry: _Part) -> Line:
        code = entry.text("code", "write the line of code")
        return Line(code, entry.text("says", f"write what a learner reads who uses {code.strip()!r}"))

    question = Lines(
        **common,
        lines=part.parts("lines", "line", line, "write the lines in their right order"),
        distractors=part.parts("distractors", "distractor", distractor),
    )
    if len(question.lines) < _FEWEST_LINES:
        raise part.complain(f"there are {len(question.lines)} lines; an order is worth asking for from three on.")
    if len({item.code for item in question.items}) < len(question.items):
        raise part.complain("two lines are the same, so that nobody can tell which is which.")
    return question


_KINDS: dict[str, Callable[[_Part, dict[str, Any]], Question]] = {
    "one": _one,
    "several": _several,
    "number": _number,
    "gap": _gap,
    "lines": _lines,
}
