"""Questions asked in a terminal: letters, numbers and code are typed, and every answer is explained."""

import shutil
import textwrap
from collections.abc import Callable, Iterable
from datetime import date
from string import ascii_lowercase
from typing import Any

from dlcourse import answers
from dlcourse.questions import Choice, Gap, Lines, Number, Question, Remark, Sitting
from dlcourse.questions.kinds import GAP
from dlcourse.questions.markup import plain
from dlcourse.review.due import Due
from dlcourse.review.schedule import due_date

_GIVE_UP = "?"
_WIDEST = 88  # letters of a line


def ask_all(
    due: Iterable[Due], name_of: Callable[[Due], str], read: Callable[[str], str], tell: Callable[[str], Any]
) -> int:
    """Asks one question after the other. Each answer is kept at once, so that one may stop at any time.

    Args:
        due: the questions.
        name_of: what the lesson of a question is called.
        read: brings what is typed after a prompt; a KeyboardInterrupt or an EOFError from it ends the asking.
        tell: prints a line.

    Returns:
        How many were asked to the end.
    """
    asked = 0
    for each in due:
        if asked:
            tell("")
        tell(f"— {name_of(each)}")
        tell("")
        try:
            _ask(each.question, read, tell)
        except (KeyboardInterrupt, EOFError):
            tell("")
            tell("Stopped. What you have answered is kept.")
            return asked
        asked += 1
    return asked


def _ask(question: Question, read: Callable[[str], str], tell: Callable[[str], Any]) -> None:
    what = f"Type {_WHAT_TO_TYPE[type(question)]}; {_GIVE_UP} shows the answer."
    for line in [*_paragraph(question.ask), "", *_form(question), "", *_paragraph(what)]:
        tell(line)
    sitting = Sitting(question)
    while not sitting.over:
        typed = read("> ").strip()
        if typed == _GIVE_UP:
            sitting = Sitting(question, sitting.tries, shown=True)
            sitting.keep()
            continue
        answer, why = _answer(question, typed)
        if why := why or question.unusable(answer):
            tell(why)
            continue
        sitting = Sitting(question, (*sitting.tries, answer))
        sitting.keep()
        verdict = question.judge(answer)
        tell("")
        tell("Right." if verdict.right else "Not yet." if not sitting.over else "Not that either.")
        for remark in verdict.remarks:
            for line in _paragraph(_about(question, remark) + remark.says):
                tell(line)
        tell("")
    if not (sitting.tries and question.judge(sitting.tries[-1]).right):
        for line in _solution(question):
            tell(line)
    for line in _paragraph(question.worked):
        tell(line)
    tell(_when(question))


def _form(question: Question) -> list[str]:
    """What stands below the question."""
    match question:
        case Choice():
            lines = [
                _paragraph(f"{letter}) {option.text}", 3)
                for letter, option in zip(ascii_lowercase, question.options, strict=False)
            ]
            return [part for line in lines for part in line]
        case Gap():
            return [f"    {line}" for line in question.code.splitlines()]
        case Lines():
            return [f"{place:2}  {_code(question, number)}" for place, number in enumerate(_numbered(question), 1)]
    return [f"(in {question.unit})"] if isinstance(question, Number) and question.unit else []


_WHAT_TO_TYPE: dict[type[Question], str] = {
    Choice: "the letter of the right one (of all right ones, where it asks for several)",
    Number: "a number",
    Gap: f"what belongs where {GAP} stands",
    Lines: "the numbers of the lines in the right order, without those that do not belong",
}


def _answer(question: Question, typed: str) -> tuple[Any, str]:
    """What was typed as an answer, or the sentence why it is none."""
    match question:
        case Choice():
            return _chosen(question, typed)
        case Lines():
            return _ordered(question, typed)
    return typed, ""


def _chosen(question: Choice, typed: str) -> tuple[list[int], str]:
    letters = [letter for letter in typed.lower() if letter not in " ,;)"]
    known = ascii_lowercase[: len(question.options)]
    if not set(letters) <= set(known):
        return [], f"“{typed}” is no choice; type a letter from {known[0]} to {known[-1]}."
    chosen = sorted({known.index(letter) for letter in letters})
    if len(chosen) > 1 and not question.several:
        return [], "One of them is right; type one letter."
    return chosen, ""


def _ordered(question: Lines, typed: str) -> tuple[list[int], str]:
    shown = _numbered(question)
    if not typed:
        return [], "Type the numbers of the lines, as in 2 1 3."
    parts = typed.replace(",", " ").split()
    if len(parts) == 1 and len(shown) < 10:
        parts = list(typed)
    places = [int(part) if part.isascii() and part.isdigit() else 0 for part in parts]
    if not all(1 <= place <= len(shown) for place in places) or len(set(places)) < len(places):
        return [], f"“{typed}” is no order; type each number from 1 to {len(shown)} once at most, as in 2 1 3."
    used = [shown[place - 1] for place in places]
    aside = [number for number in shown if number not in used]
    if question.mark is not None:
        return [*used, question.mark, *aside], ""
    if aside:
        return [], f"All {len(shown)} lines belong; type each of their numbers."
    return used, ""


def _numbered(question: Lines) -> list[int]:
    return [number for number in question.start if number != question.mark]


def _code(question: Lines, number: int) -> str:
    return question.items[number].code


def _about(question: Question, remark: Remark) -> str:
    """What a remark is about, where there may be doubt."""
    if remark.about is not None and isinstance(question, Lines):
        return f"`{_code(question, remark.about).strip()}`: "
    if remark.about is not None and isinstance(question, Choice) and question.several:
        return f"{ascii_lowercase[remark.about]}) "
    return ""


def _solution(question: Question) -> list[str]:
    match question:
        case Choice():
            right = " and ".join(ascii_lowercase[number] for number in question.solution)
            says = [_paragraph(question.options[number].says) for number in question.solution]
            return [f"Right: {right}.", *(line for part in says for line in part)]
        case Lines():
            numbers = question.used(question.solution)
            return ["In the right order:", *(f"    {_code(question, number)}" for number in numbers), ""]
        case Number():
            return [f"The answer is {question.solution} {question.unit}".rstrip() + "."]
    return [f"It is {question.solution}"]


def _when(question: Question) -> str:
    found = answers.recall(question.id)
    day = due_date(found.tries) if found else None
    if day is None:
        return "(This question does not come back.)"
    days = (day - date.today()).days
    return f"(It comes back {'tomorrow' if days == 1 else f'in {days} days'}.)"


def _paragraph(text: str, indent: int = 0) -> list[str]:
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    return textwrap.wrap(plain(text), max(width, 40), subsequent_indent=" " * indent)
