"""`Answer`: what a prediction was about, covered until one has committed a guess."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from traitlets import Any as Anything
from traitlets import Dict, Unicode

from dlcourse.errors import CourseError
from dlcourse.widgets.predict.exhibit import exhibit_of
from dlcourse.widgets.predict.stills import answer_still, closed
from dlcourse.widgets.shared.still import Sheet
from dlcourse.widgets.shared.widget import Widget, browser_files

if TYPE_CHECKING:
    from dlcourse.widgets.predict import Predict


class Answer(Widget):
    """The answer to a prediction, as `Predict.reveal` returns it; the last line of a cell shows it.

    In the browser it is covered until a guess is committed, or "Show me" is pressed. Its text and its still picture
    hold all of it, for places where no widget lives.
    """

    _esm, _css = browser_files(Path(__file__).parent, entry="answer.js")

    _question = Unicode().tag(sync=True)
    _form = Dict().tag(sync=True)
    _truth = Anything().tag(sync=True)
    _told = Unicode().tag(sync=True)
    _why = Unicode().tag(sync=True)
    _exhibit = Dict().tag(sync=True)
    # what the question knows; the browser tells each what the other was told
    guess = Anything(None, allow_none=True).tag(sync=True)
    phase = Unicode("guessing").tag(sync=True)

    def __init__(self, question: "Predict", value: Any, why: str, show: Any, alt: str | None) -> None:
        """See `Predict.reveal`."""
        if not isinstance(why, str):
            raise CourseError(f"`why` must be a sentence that explains the answer, but it is {why!r}.")
        form = question.form
        truth = form.truth(value)
        self._parts = (question.question, form, truth, why, exhibit_of(show, alt))
        super().__init__(
            _question=question.question,
            _form=form.facts,
            _truth=truth,
            _told=form.told(truth),
            _why=why,
            _exhibit=self._parts[-1].sent,
            guess=question.guess,
            phase=question.phase,
        )
        self._remember_start()

    def _look(self) -> tuple[Any, ...]:
        """Question, form, truth, why, and what is shown with it."""
        return self._parts

    def _in_words(self, look: tuple[Any, ...]) -> str:
        question, form, truth, why, exhibit = look
        return "\n".join(filter(None, [f"{closed(question, ':')} {form.told(truth)}.", why, exhibit.text]))

    def _still(self, look: tuple[Any, ...]) -> Sheet:
        return answer_still(*look)
