"""The one error that dlcourse raises for something a user can mend: what is wrong, where, what to do next."""

from collections.abc import Iterable
from difflib import get_close_matches


class CourseError(ValueError):
    """A mistake or a mishap told in a sentence.

    Notebooks show the sentence alone, without the traceback; the command line prints it and exits with 1.
    """

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of a traceback."""
        return [f"{type(self).__name__}: {self}"]


def unknown(kind: str, name: object, known: Iterable[str]) -> CourseError:
    """The error for a name that is not among the known ones, with the nearest one suggested.

    >>> raise unknown("data set", "mnits", ["mnist", "signs"])
    Traceback (most recent call last):
    dlcourse.errors.CourseError: There is no data set 'mnits'. Did you mean 'mnist'? Known: mnist, signs.
    """
    names = sorted(known)
    near = get_close_matches(str(name), names, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return CourseError(f"There is no {kind} {name!r}.{hint} Known: {', '.join(names)}.")
