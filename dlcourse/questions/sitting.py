"""One go at a question: what was tried, and whether the answer was asked for."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dlcourse import answers
from dlcourse.questions.kinds import Question

MOST_TRIES = 2


@dataclass(frozen=True)
class Sitting:
    """The answers that were tried, first to last, and whether "Show me" ended it."""

    question: Question
    tries: tuple[Any, ...] = ()
    shown: bool = False

    @property
    def begun(self) -> bool:
        """Whether anything has been tried or shown."""
        return bool(self.tries) or self.shown

    @property
    def over(self) -> bool:
        """Whether there is nothing more to try: it is right, or was tried twice, or shown."""
        return self.shown or len(self.tries) >= MOST_TRIES or (self.begun and self.question.judge(self.tries[-1]).right)

    @property
    def right(self) -> bool:
        """Whether the first try was right, which is what review asks after."""
        return bool(self.tries) and self.question.judge(self.tries[0]).right

    def keep(self, now: datetime | None = None) -> None:
        """Keeps it on this machine. A verdict is kept once, with the first try or with "Show me"."""
        kept = {"of": fingerprint(self.question), "tries": list(self.tries), "shown": self.shown}
        first = len(self.tries) + self.shown == 1
        answers.remember(self.question.id, kept, right=self.right if first else None, now=now)


def recall_sitting(question: Question) -> Sitting:
    """The last go at a question on this machine; an empty one where there was none, or the question was another."""
    found = answers.recall(question.id)
    kept = found.answer if found else None
    if not isinstance(kept, dict) or kept.get("of") != fingerprint(question):
        return Sitting(question)
    return Sitting(question, tuple(kept["tries"]), kept["shown"])


def fingerprint(question: Question) -> str:
    """What an answer was given to: a text that is mended, or an option more, makes another question of it."""
    text = json.dumps(question.for_browser(), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
