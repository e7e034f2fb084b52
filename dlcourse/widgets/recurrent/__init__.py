"""`Recurrent`: every gate and state of a recurrent layer as it reads a text or a series."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traitlets import Dict, observe, validate

from dlcourse.errors import CourseError
from dlcourse.lens.recurrence import GradientOverTime, Hold, Unrolled, check_hold, gradient_over_time, unrolled
from dlcourse.widgets.recurrent.example import TEXT, Example
from dlcourse.widgets.recurrent.network import LearnersLayer, LearnersModel, Network
from dlcourse.widgets.recurrent.still import sheet_of
from dlcourse.widgets.recurrent.words import told
from dlcourse.widgets.shared.still import Sheet
from dlcourse.widgets.shared.traits import Checked, is_number
from dlcourse.widgets.shared.widget import Widget, browser_files


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise CourseError(f"`text` must be a text, but it is of type {type(value).__name__}.")
    return value


def _holds(value: Any) -> dict[str, dict[str, Any]]:
    """Each held gate with its value, its unit (None for all) and the step from which on it is held."""
    if not isinstance(value, Mapping):
        raise CourseError(f'`held` must be like {{"forget": 1}}, gates with their values, but it is {value!r:.60}.')
    holds = {}
    for gate, hold in value.items():
        given = hold if isinstance(hold, Mapping) else {"value": hold}
        if not set(given) <= {"value", "unit", "step"} or "value" not in given:
            raise CourseError(
                f'A held gate is a value, or like {{"value": 1, "unit": 3, "step": 5}}, but {gate!r} is {hold!r:.60}.'
            )
        holds[gate] = {"value": given["value"], "unit": given.get("unit"), "step": given.get("step", 0)}
    return holds


def _step(value: Any) -> int | None:
    if value is not None and (not is_number(value) or value != int(value) or value < 0):
        raise CourseError(f"`step` must be a whole number from 0 on, or None for the last, but it is {value!r}.")
    return None if value is None else int(value)


def _fits(gate: str, hold: Mapping[str, Any], network: Network) -> bool:
    """Whether a layer can have a hold that another one had."""
    try:
        check_hold(Hold(gate, **hold), network.cell.kind, network.cell.units)
    except CourseError:
        return False
    return True


@dataclass(frozen=True)
class Look:
    """The layer's way through what it reads, the gradients of the unit looked at, and the answer."""

    way: Unrolled
    gradient: GradientOverTime
    answer: dict[str, float]


class Recurrent(Widget):
    """Type a text and see every gate and every state of an RNN, an LSTM or a GRU as it reads; hold a gate open or shut.

    Rows of units over steps, the equations with the numbers of one unit at one step, its curves, and how much of a
    change at each step reaches the end. What a model answers after each step stands beside it. Everything is computed
    in the browser, but for what it does not know of a model before or behind its recurrent layer: that Python is asked.
    `text`, `held`, `unit` and `step` are traits.

    Args:
        network: A built SimpleRNN, LSTM or GRU of Keras, or a model with one: its first one is looked into, from a
            state of zeros on. None for an LSTM that has learned to count brackets.
        text: What it reads: a text, or a series of steps × features. A layer by itself reads a text one-hot.
        vocabulary: Characters or words in the order of their numbers; None where the text has them all.
        classes: What the outputs of a model are called; None for the vocabulary where there are as many, else 0, 1, ...
        held: Gates that are held open (1) or shut (0), as {"forget": 1} for all units from the beginning on, or as
            {"forget": {"value": 1, "unit": 3, "step": 5}}.
        unit: The one that is looked at.
        step: The one that is looked at, counted from 0; None for the last.

    Raises:
        CourseError: If an argument cannot be used, with the mend.

    Example:
        >>> widget = Recurrent(text="a(b(c")
        >>> widget.unrolled().rows["cell"].shape
        (5, 8)
        >>> max(widget.answer, key=widget.answer.get)
        'c'
    """

    _esm, _css = browser_files(Path(__file__).parent)
    _settings = ("text", "held", "unit", "step")

    # what is read, and which gates are held
    text = Checked(_text, "").tag(sync=True)
    held = Checked(_holds, {}).tag(sync=True)
    # what is looked at
    unit = Checked(lambda value: value, 0).tag(sync=True)
    step = Checked(_step, None, allow_none=True).tag(sync=True)
    # the network
    _network = Dict().tag(sync=True)
    # what the browser cannot compute, for a text and held gates: what the layer is given, and the answers
    _reply = Dict().tag(sync=True)

    def __init__(
        self,
        network: Any = None,
        text: Any = None,
        vocabulary: Any = None,
        classes: Any = None,
        **settings: Any,
    ) -> None:
        """See the class."""
        self._refuse_unknown(settings, "network", "text", "vocabulary", "classes")
        self._arguments = {"vocabulary": vocabulary, "classes": classes}
        self._source: Network | None = None
        super().__init__()
        if network is None:
            if vocabulary is not None or classes is not None:
                raise CourseError("`vocabulary` and `classes` belong to a network of yours: give it, too.")
            self._show(Example(), TEXT if text is None else text)
        else:
            if text is None:
                raise CourseError('Recurrent needs something to read: give text="…", or a series as text=x[0].')
            self._show(self._network_of(network, text), text)
        for name, value in settings.items():
            setattr(self, name, value)
        self._remember_start()

    def show_model(self, network: Any) -> None:
        """Looks into another network, or into the same one after more training; text and held gates stay.

        Example:
            >>> layer = keras.layers.GRU(4)
            >>> layer.build((None, None, 6))
            >>> widget.show_model(layer)
        """
        read = self.text if self._shown.given is None else self._shown.given
        self._show(self._network_of(network, read), read)

    def unrolled(self) -> Unrolled:
        """The gates and states for all steps.

        Example:
            >>> list(widget.unrolled().rows)
            ['input', 'forget', 'output', 'candidate', 'cell', 'state']
        """
        return unrolled(self._shown.cell, self._shown.inputs(self.text), self._all_holds())

    def gradient(self) -> GradientOverTime:
        """How the unit's last state depends on every step.

        Example:
            >>> widget.gradient().sizes()[-1]
            1.0
        """
        return gradient_over_time(self._shown.cell, self.unrolled(), self.unit)

    @property
    def answer(self) -> dict[str, float]:
        """What the model answers after the step looked at, by class; one number is called ""; {} without a model."""
        return self._answer_of(self.unrolled())

    def _answer_of(self, way: Unrolled) -> dict[str, float]:
        answers = self._shown.answers(self.text, way)
        if answers is None:
            return {}
        values = answers[self._step_in(way) if len(answers) > 1 else -1]
        if len(values) == 1 and self._shown.finish == "values":
            return {"": float(values[0])}
        return dict(zip(self._shown.classes, values.tolist(), strict=True))

    @property
    def _shown(self) -> Network:
        assert self._source is not None
        return self._source

    def _network_of(self, network: Any, text: Any) -> Network:
        import keras

        if isinstance(network, type):
            raise CourseError(f"`network` is the class {network.__name__}: make one, as in {network.__name__}(32).")
        if isinstance(network, keras.Model):
            return LearnersModel(network, text, **self._arguments)
        if self._arguments["classes"] is not None:
            raise CourseError("A layer by itself has no answer to name: leave `classes` out, or give its model.")
        return LearnersLayer(network, text, self._arguments["vocabulary"])

    def _show(self, network: Network, text: Any) -> None:
        if network.vocabulary is not None:
            network.vocabulary.numbers(_text(text))
        units = network.cell.units
        with self.hold_sync():
            self._source = None  # nothing is checked or computed while the two do not belong together
            self.text = text if network.vocabulary is not None else ""
            self.held = {gate: hold for gate, hold in self.held.items() if _fits(gate, hold, network)}
            self._source = network
            self.unit = min(self.unit, units - 1)
            self._network = network.described
            self._answer_browser()

    def _all_holds(self) -> list[Hold]:
        return [Hold(gate, **hold) for gate, hold in self.held.items()]

    def _step_in(self, way: Unrolled) -> int:
        last = len(way.x) - 1
        return last if self.step is None else min(self.step, last)

    @observe("text", "held")
    def _answer_browser(self, _: Any = None) -> None:
        """Computes what the browser cannot, where there is such."""
        network = self._source
        if network is None or (network.reads_alone and (network.head is not None or not network.classes)):
            return
        reply: dict[str, Any] = {"text": self.text, "held": self.held}
        try:
            way = self.unrolled()
            if not network.reads_alone:
                reply["inputs"] = way.x.astype("float32").tobytes()
            if network.head is None:
                answers = network.answers(self.text, way)
                reply |= {} if answers is None else {"answers": answers.astype("float32").tobytes()}
        except CourseError as error:
            reply["failed"] = str(error)
        self._reply = reply

    @validate("text")
    def _readable(self, proposal: dict[str, Any]) -> str:
        text = proposal["value"]
        if self._source is not None:
            if self._source.vocabulary is None:
                if text:
                    raise CourseError("This network reads a series, so it has no text.")
            else:
                self._source.vocabulary.numbers(text)
        return text

    @validate("held")
    def _possible(self, proposal: dict[str, Any]) -> dict[str, Any]:
        for gate, hold in proposal["value"].items():
            if self._source is not None:
                check_hold(Hold(gate, **hold), self._source.cell.kind, self._source.cell.units)
        return proposal["value"]

    @validate("unit")
    def _known_unit(self, proposal: dict[str, Any]) -> int:
        value = proposal["value"]
        most = self._source.cell.units - 1 if self._source else 0
        if not is_number(value) or value != int(value) or not 0 <= value <= most:
            raise CourseError(f"`unit` must be a whole number from 0 to {most}, but it is {value!r}.")
        return int(value)

    def _look(self) -> Look:
        way = self.unrolled()
        return Look(way, gradient_over_time(self._shown.cell, way, self.unit), self._answer_of(way))

    def _tokens(self, way: Unrolled) -> list[str]:
        vocabulary = self._shown.vocabulary
        return [""] * len(way.x) if vocabulary is None else vocabulary.parted(self.text)

    def _in_words(self, look: Look) -> str:
        step = self._step_in(look.way)
        values = {name: float(row[step, self.unit]) for name, row in look.way.rows.items()}
        place = (step, len(look.way.x), self._tokens(look.way)[step])
        return told(self._shown.cell.kind, place, self.unit, values, self.held, look.answer)

    def _still(self, look: Look) -> Sheet:
        """The gates and states as rows of units, the unit's gradient over time, and the answer."""
        step = self._step_in(look.way)
        return sheet_of(look, self._shown.cell.kind, self._tokens(look.way), (step, self.unit))
