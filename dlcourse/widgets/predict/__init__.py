"""`Predict`: a question whose answer is guessed before it is seen."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from traitlets import Any as Anything
from traitlets import Dict, Unicode, observe, validate

from dlcourse import answers
from dlcourse.errors import CourseError
from dlcourse.widgets.predict.answer import Answer
from dlcourse.widgets.predict.forms import form_of
from dlcourse.widgets.predict.stills import closed, question_still
from dlcourse.widgets.shared.still import Sheet
from dlcourse.widgets.shared.traits import Checked, one_of
from dlcourse.widgets.shared.widget import Widget, browser_files


class Predict(Widget):
    """A question that one answers with a guess before the answer is seen.

    The form of the answer follows from the arguments: a number (`low`, `high`), one of several options (`choices`), any
    number of them (`several`), an order (`order`), a curve (`curve`) or a bar chart (`bars`). The next cell ends in
    `reveal(...)`, whose display stays covered until the learner commits a guess or asks for the answer; no cell waits.
    A committed guess is kept on this machine, under the question's text, and is there again after a restart.

    Args:
        question: What is asked.
        low: The low end of a number's axis, or of the bars' (there 0 if it is not given).
        high: The high end. Between two whole ones that are 10 apart or more, the slider moves in whole numbers.
        scale: Of a number: "linear", or "log" where the guesses span decades.
        unit: What a number or a bar is measured in, as in "%".
        choices: The options, two or more.
        several: Whether any number of the options may be chosen.
        order: Things to be put in order; they are shown shuffled.
        curve: The axes of a curve, as in {"x": (0, 10, "epoch"), "y": (0, 1, "accuracy")}.
        bars: The labels of the bars.

    Raises:
        CourseError: If an argument cannot be used, with the mend.

    Example:
        >>> guess = Predict("How many of ten guesses are right by chance?", low=0, high=10)
        >>> guess.reveal(1, "There are ten digits.")
    """

    _esm, _css = browser_files(Path(__file__).parent)
    _settings = ("guess", "phase")

    question = Unicode(read_only=True).tag(sync=True)
    _form = Dict().tag(sync=True)
    # what the learner says
    guess = Anything(None, allow_none=True).tag(sync=True)
    # "shown": the answer, to somebody who has asked for it instead of guessing
    phase = Checked(one_of("phase", ("guessing", "committed", "shown")), "guessing").tag(sync=True)
    # what a page without a kernel keeps in the browser: these traits, under this key
    _kept = Dict().tag(sync=True)

    def __init__(
        self,
        question: str,
        *,
        low: Any = None,
        high: Any = None,
        scale: str = "linear",
        unit: str = "",
        choices: Any = None,
        several: bool = False,
        order: Any = None,
        curve: Any = None,
        bars: Any = None,
        **others: Any,
    ) -> None:
        """See the class; the arguments are checked, and a guess that was committed before is taken up again."""
        form = {"low": low, "high": high, "scale": scale, "unit": unit, "choices": choices, "several": several}
        form |= {"order": order, "curve": curve, "bars": bars}
        if others:
            self._refuse_unknown(others, *form)
        if not isinstance(question, str) or not question.strip():
            raise CourseError(f"`question` must say what is to be guessed, but it is {question!r}.")
        self.form = form_of(question, **form)
        self._remembered: Any = None
        super().__init__(_form=self.form.facts, _kept={"key": question, "traits": list(self._settings)})
        self.set_trait("question", question)
        self._remember_start()
        self._recall()

    def reveal(self, value: Any, why: str = "", *, show: Any = None, alt: str | None = None) -> Answer:
        """The answer, covered until a guess is committed or "Show me" is pressed; the last line of a cell shows it.

        Args:
            value: The truth: a number, an option (a list of them with `several`), the items in order, a curve's heights
                (over the whole axis, or a pair of places and heights), the bars' heights (a list, or by label).
            why: One sentence that explains it.
            show: A figure, a table or a text that would give the answer away; see `alt`.
            alt: What a figure shows, for those who cannot see it. Not needed with `dlcourse.figure.captioned`.

        Raises:
            CourseError: If `value` does not fit the form of the answer, or `show` cannot be shown.

        Example:
            >>> guess = Predict("How many of ten guesses are right by chance?", low=0, high=10)
            >>> guess.reveal(1, "There are ten digits.", show="Of 1,000 guesses, 98 were right.")
        """
        return Answer(self, value, why, show, alt)

    @validate("guess")
    def _fits_the_form(self, proposal: dict[str, Any]) -> Any:
        return None if proposal["value"] is None else self.form.guess(proposal["value"])

    @validate("phase")
    def _has_a_guess(self, proposal: dict[str, Any]) -> str:
        if proposal["value"] == "committed" and self.guess is None:
            raise CourseError("There is no guess to commit: set `guess` first.")
        return proposal["value"]

    @observe("phase")
    def _keep(self, _: Any) -> None:
        if self.phase == "committed" and self.guess != self._remembered:
            self._remembered = self.guess
            answers.remember(self.question, self.guess)

    def _recall(self) -> None:
        """Takes up what was committed before; what no longer fits the question's form is left alone."""
        kept = answers.recall(self.question)
        if kept is None:
            return
        with suppress(CourseError), self.hold_trait_notifications():
            self._remembered = self.form.guess(kept.answer)
            self.guess, self.phase = self._remembered, "committed"

    def _look(self) -> str:
        """What is asked for."""
        return self.form.asks

    def _in_words(self, asks: str) -> str:
        return f"{closed(self.question)} {asks}"

    def _still(self, _: str) -> Sheet:
        return question_still(self.question, self.form)
