"""The kinds of questions, and how an answer to each is judged.

`widgets/quiz/judging.js` judges in the browser by the same rules; a test holds the two against each other.
"""

import random
import re
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, ClassVar

from dlcourse.errors import CourseError

GAP = "___"
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.ASCII | re.IGNORECASE)
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", re.ASCII)  # 1,600 is no decimal comma


@dataclass(frozen=True)
class Remark:
    """A sentence or two on an answer, and the number of the option or line that it is about, if it is about one."""

    says: str
    about: int | None = None


@dataclass(frozen=True)
class Verdict:
    """What is said of an answer."""

    right: bool
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Question:
    """What all kinds have: the id that it is asked by, what is asked, and what is explained at the end."""

    id: str
    ask: str
    worked: str
    hint: str = ""

    @property
    def blank(self) -> Any:
        """The answer before anybody has answered."""
        raise NotImplementedError

    def checked(self, answer: Any) -> Any:
        """An answer as it is kept.

        Raises:
            CourseError: It is none to a question of this kind.
        """
        raise NotImplementedError

    def unusable(self, answer: Any) -> str:
        """Why an answer cannot be judged yet, in a sentence; "" where it can."""
        raise NotImplementedError

    def judge(self, answer: Any) -> Verdict:
        """What is said of an answer that can be judged."""
        raise NotImplementedError

    @property
    def solution(self) -> Any:
        """A right answer."""
        raise NotImplementedError

    def for_browser(self) -> dict[str, Any]:
        """All of it, as JSON holds it."""
        return asdict(self)


@dataclass(frozen=True)
class Option:
    """One of several to choose from; `says` is what a learner reads who has chosen it."""

    text: str
    says: str
    right: bool = False


@dataclass(frozen=True)
class Choice(Question):
    """Options, of which one is right, or several; an answer is a list of their numbers in rising order."""

    options: tuple[Option, ...] = ()
    several: bool = False

    @property
    def blank(self) -> list[int]:
        """Nothing is chosen."""
        return []

    def checked(self, answer: Any) -> list[int]:
        """See the base class."""
        known = range(len(self.options))
        if not _are_numbers(answer) or not all(number in known for number in answer):
            raise CourseError(
                f"An answer to {self.id!r} is a list of options, counted from 0 to {known[-1]}, but it is {answer!r}."
            )
        if len(answer) > 1 and not self.several:
            raise CourseError(f"{self.id!r} has one answer, but there are {len(answer)}: {answer!r}.")
        return sorted(set(answer))

    def unusable(self, answer: Any) -> str:
        """See the base class."""
        if not answer:
            return "Choose at least one." if self.several else "Choose one."
        return ""

    def judge(self, answer: list[int]) -> Verdict:
        """Right where exactly the right ones are chosen; of wrong ones each chosen wrongly is explained."""
        missing = [number for number in self.solution if number not in answer]
        wrong = [number for number in answer if not self.options[number].right]
        right = not missing and not wrong
        remarks = [Remark(self.options[number].says, number) for number in (answer if right else wrong)]
        if missing and self.several:
            still = "one that is right is" if len(missing) == 1 else f"{len(missing)} that are right are"
            remarks.append(Remark(f"{still.capitalize()} not chosen yet."))
        return Verdict(right, tuple(remarks))

    @property
    def solution(self) -> list[int]:
        """The numbers of the right ones."""
        return [number for number, option in enumerate(self.options) if option.right]

    def for_browser(self) -> dict[str, Any]:
        """See the base class."""
        return {"kind": "several" if self.several else "one", **super().for_browser()}


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people really give, and what to say to them."""

    value: Any
    says: str


class Typed(Question):
    """A question that is answered by typing."""

    @property
    def blank(self) -> str:
        """Nothing is typed."""
        return ""

    def checked(self, answer: Any) -> str:
        """See the base class."""
        return _text(self.id, answer)


@dataclass(frozen=True)
class Number(Typed):
    """A number, as typed: an answer is a text such as "1,600", "0.5", "1/9", "−3 %"."""

    kind: ClassVar[str] = "number"
    answer: float = 0
    otherwise: str = ""  # said of a wrong answer that is none of the mistakes
    tolerance: float = 0
    unit: str = ""
    mistakes: tuple[Mistake, ...] = ()

    def unusable(self, answer: Any) -> str:
        """See the base class."""
        if not answer.strip():
            return "Type a number."
        if self.read(answer) is None:
            return f"“{answer.strip()}” is no number; type one, as 0.25 or 1e-3 or 1/4."
        return ""

    def read(self, text: str) -> float | None:
        """The number that somebody typed, with its unit or without; None if it is none."""
        bare = re.sub(r"\s", "", text).replace("−", "-")
        unit = re.sub(r"\s", "", self.unit)
        shrink = 1
        if unit and bare.endswith(unit):
            bare = bare.removesuffix(unit)
        elif bare.endswith("%"):
            bare, shrink = bare[:-1], 100
        bare = bare.replace(",", "") if _THOUSANDS.fullmatch(bare) else bare.replace(",", ".")
        parts = bare.split("/")
        if len(parts) > 2 or not all(_NUMBER.fullmatch(part) for part in parts):
            return None
        above, below = float(parts[0]), float(parts[1]) if len(parts) == 2 else 1.0
        value = above / below / shrink if below else float("inf")
        return value if abs(value) < float("inf") else None

    def judge(self, answer: str) -> Verdict:
        """Right where it is within the tolerance; mistakes are met within the same."""
        value = self.read(answer)
        assert value is not None, "an answer that cannot be judged"
        if self._near(value, self.answer):
            return Verdict(True)
        met = next((mistake.says for mistake in self.mistakes if self._near(value, mistake.value)), self.otherwise)
        return Verdict(False, (Remark(met),))

    def _near(self, value: float, target: float) -> bool:
        return abs(value - target) <= self.tolerance + 1e-9 * max(1.0, abs(target))

    @property
    def solution(self) -> str:
        """The number, as one types it."""
        return f"{self.answer:,.10g}"

    def for_browser(self) -> dict[str, Any]:
        """See the base class."""
        return {"kind": self.kind, "solution": self.solution, **super().for_browser()}


@dataclass(frozen=True)
class Gap(Typed):
    """Code with a gap; an answer is the text that fills it. Blanks and the kind of quotation marks do not count."""

    kind: ClassVar[str] = "gap"
    code: str = ""
    answers: tuple[str, ...] = ()
    otherwise: str = ""  # said of a wrong answer that is none of the mistakes
    mistakes: tuple[Mistake, ...] = ()

    def unusable(self, answer: Any) -> str:
        """See the base class."""
        return "" if answer.strip() else "Type what belongs into the gap."

    def judge(self, answer: str) -> Verdict:
        """Right where it is one of the right ones."""
        given = squeezed(answer)
        if given in map(squeezed, self.answers):
            return Verdict(True)
        fitting = (mistake.says for mistake in self.mistakes if squeezed(mistake.value) == given)
        return Verdict(False, (Remark(next(fitting, self.otherwise)),))

    @property
    def solution(self) -> str:
        """The first of the right ones."""
        return self.answers[0]

    def for_browser(self) -> dict[str, Any]:
        """See the base class."""
        return {"kind": self.kind, "solution": self.solution, **super().for_browser()}


@dataclass(frozen=True)
class Line:
    """A line of code, and what is said where it stands too early, or where it does not belong."""

    code: str
    says: str = ""


@dataclass(frozen=True)
class Lines(Question):
    """Lines of code to put in order, some of which may not belong.

    An answer is the numbers of all lines, those that belong first, in the order in which somebody has put them. Where
    there are some that do not belong, one number more stands for the mark below which lines are set aside.
    """

    kind: ClassVar[str] = "lines"
    lines: tuple[Line, ...] = ()  # in the right order
    distractors: tuple[Line, ...] = ()

    @cached_property
    def items(self) -> tuple[Line, ...]:
        """All lines by their numbers."""
        return self.lines + self.distractors

    @property
    def mark(self) -> int | None:
        """The number of the mark, if there is one."""
        return len(self.items) if self.distractors else None

    @cached_property
    def start(self) -> list[int]:
        """The order in which they are shown at first: mixed, the same on every machine, and not the right one."""
        order = [*range(len(self.items))]
        mixer = random.Random(self.id)
        while order[: len(self.lines)] == [*range(len(self.lines))]:
            mixer.shuffle(order)
        return order + ([self.mark] if self.mark is not None else [])

    @property
    def blank(self) -> list[int]:
        """Nothing is moved."""
        return self.start

    def checked(self, answer: Any) -> list[int]:
        """See the base class."""
        if not _are_numbers(answer) or sorted(answer) != sorted(self.start):
            raise CourseError(
                f"An answer to {self.id!r} is an order of all its lines, as in {self.start}, but it is {answer!r}."
            )
        return list(answer)

    def used(self, order: list[int]) -> list[int]:
        """The lines that are not set aside."""
        return order if self.mark is None else order[: order.index(self.mark)]

    def unusable(self, answer: Any) -> str:
        """See the base class."""
        return "" if self.used(answer) else "Leave at least one line above the mark."

    def judge(self, answer: list[int]) -> Verdict:
        """Names the first thing only that is wrong: a line too many, one too few, one too early."""
        used, wanted = self.used(answer), [*range(len(self.lines))]
        if used == wanted:
            return Verdict(True)
        if strangers := [number for number in used if number >= len(self.lines)]:
            return Verdict(False, (Remark(self.items[strangers[0]].says, strangers[0]),))
        if len(used) < len(wanted):
            return Verdict(False, (Remark("A line that is needed is set aside."),))
        early = next(number for number, place in zip(used, wanted, strict=True) if number != place)
        return Verdict(False, (Remark(self.items[early].says, early),))

    @property
    def solution(self) -> list[int]:
        """The right order, and what does not belong below the mark."""
        wanted = [*range(len(self.lines))]
        return wanted if self.mark is None else [*wanted, self.mark, *range(len(self.lines), self.mark)]

    def for_browser(self) -> dict[str, Any]:
        """See the base class."""
        return {
            "kind": self.kind,
            "solution": self.solution,
            "mark": self.mark,
            "needed": len(self.lines),
            "items": [asdict(line) for line in self.items],
            **{name: getattr(self, name) for name in ("id", "ask", "worked", "hint")},
        }


def _are_numbers(answer: Any) -> bool:
    return isinstance(answer, list | tuple) and all(type(number) is int for number in answer)


def _text(name: str, answer: Any) -> str:
    if not isinstance(answer, str):
        raise CourseError(f"An answer to {name!r} is what one types, a text, but it is {answer!r}.")
    return answer


def squeezed(code: str) -> str:
    """Code without its blanks, and with one kind of quotation marks."""
    return re.sub(r"\s", "", code).replace("'", '"')
