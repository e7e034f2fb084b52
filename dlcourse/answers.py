"""What a learner has answered on this machine: one small file a question, so that a restart forgets nothing.

The files lie in `DLCOURSE_ANSWERS`, or where this system keeps a user's data. There is no account and nothing is sent
anywhere. Each question has a file of its own, which is replaced as a whole: two kernels do not get in each other's way.
"""

import hashlib
import json
import os
import tempfile
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from platformdirs import user_data_path


@dataclass(frozen=True)
class Try:
    """One time that a question was answered: when, and whether it was right.

    None where that was not judged: a prediction, or what follows on a first try.
    """

    at: datetime
    right: bool | None


@dataclass(frozen=True)
class Answered:
    """A question, the answer that was given last, as JSON holds it, and all the times it was answered."""

    question: str
    answer: Any
    tries: tuple[Try, ...]  # the last one at the end; never empty

    @property
    def at(self) -> datetime:
        """When it was answered last."""
        return self.tries[-1].at

    @property
    def right(self) -> bool | None:
        """Whether it was right when it was judged last; None where it never was."""
        return next((each.right for each in reversed(self.tries) if each.right is not None), None)


def folder() -> Path:
    """The folder of the answers: `DLCOURSE_ANSWERS`, or where this system keeps a user's data."""
    chosen = os.environ.get("DLCOURSE_ANSWERS")
    return Path(chosen).expanduser() if chosen else user_data_path("dlcourse", appauthor=False) / "answers"


def recall(question: str) -> Answered | None:
    """What was answered to a question, or None if nothing was.

    A file that cannot be read is warned of and counts as no answer; the next answer replaces it.

    Args:
        question: the question's key: a quiz question's id, a prediction's text.

    Example:
        >>> remember("why-a-bias", [2])
        >>> recall("why-a-bias").answer
        [2]
    """
    path = _file(question)
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        tries = tuple(Try(_time(each["at"]), _verdict(each["right"])) for each in kept["tries"])
        found = Answered(kept["question"], kept["answer"], tries)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        found = None
    if found is None or not found.tries or found.question != question:
        warnings.warn(
            f"Your answer to {question!r} cannot be read from {path}: it counts as not given. Answer again, or delete "
            "the file.",
            stacklevel=2,
        )
        return None
    return found


def remember(question: str, answer: Any, *, right: bool | None = None, now: datetime | None = None) -> None:
    """Keep an answer in place of the one before, and when it was given.

    Where it cannot be written (a full disk, a home that is read-only), a warning says so, and nothing else happens.

    Args:
        question: the question's key, as for `recall`.
        answer: what JSON can hold.
        right: whether it is right; None for what is not judged, as a prediction, which is never reviewed.
        now: when it was given, with its time zone. Default: now.

    Example:
        >>> remember("why-a-bias", [2], right=True)
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what cannot be read is replaced
        before = recall(question)
    tries = (*(before.tries if before else ()), Try(now or datetime.now(UTC), right))
    kept = {
        "question": question,
        "answer": answer,
        "tries": [{"at": each.at.isoformat(), "right": each.right} for each in tries],
    }
    text = json.dumps(kept, ensure_ascii=False, indent=1)
    path = _file(question)
    try:
        _write(path, text)
    except OSError as error:
        warnings.warn(
            f"Your answer cannot be kept in {path.parent} ({error.strerror}): it will be forgotten when you restart. "
            "Make room there, or set DLCOURSE_ANSWERS to a folder that can be written.",
            stacklevel=2,
        )


def _file(question: str) -> Path:
    return folder() / f"{hashlib.sha256(question.encode()).hexdigest()[:32]}.json"


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return at


def _verdict(value: Any) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise ValueError(f"{value!r} is no verdict")
    return value


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, suffix=".part", delete=False
    ) as part:  # replaced as a whole: nobody ever reads half an answer
        try:
            part.write(text)
            part.close()
            Path(part.name).replace(path)
        except BaseException:
            part.close()
            Path(part.name).unlink(missing_ok=True)
            raise
