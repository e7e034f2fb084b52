"""`Ablation`: a trained network with parts of it switched off, and what that costs, guessed before it is seen."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from traitlets import Dict, Unicode, observe, validate

from dlcourse.errors import CourseError
from dlcourse.lens.cuts import Cut
from dlcourse.widgets.ablation.example import residual_digits
from dlcourse.widgets.ablation.look import Look
from dlcourse.widgets.ablation.network import Network
from dlcourse.widgets.ablation.still import plan_still
from dlcourse.widgets.ablation.words import MEASURES, told
from dlcourse.widgets.shared.still import Sheet
from dlcourse.widgets.shared.traits import Checked, is_number, whole
from dlcourse.widgets.shared.widget import Widget, browser_files

_KEPT = 300  # combinations of cuts whose numbers are kept


class Ablation(Widget):
    """A trained network with parts of it switched off, and what that costs, guessed before it is seen.

    The plan shows what the network is made of. A layer is passed over (where what it is given has the shape of what it
    puts out) or puts out zeros; of an addition or a concatenation one input is left out; a unit, a channel or a head of
    an attention is silenced; several at once. Loss, accuracy (of masks IoU), the table of confusions and the answer to
    one example are measured anew in Python; what was tried stays in a table. What cannot be cut says why. `cuts`,
    `example` and `tried` are traits.

    Args:
        model: A built Keras model with one input and one output: Sequential, Functional, branched or nested. None for
            a small residual one that tells digits apart.
        x: Examples to measure it on; some hundreds will do.
        y: The right answers: class numbers, one-hot rows, masks or values.
        classes: What the outputs are called; None for 0, 1, 2, ...
        loss: As in `compile`; None for what the model is compiled with.
        cuts: What is cut at first: `dlcourse.lens.Cut`, or a tuple of its parts.
        example: Which of the first examples is shown.

    Raises:
        CourseError: If an argument cannot be used, with the mend.

    Example:
        >>> from dlcourse.lens import Cut
        >>> widget = Ablation(model, x_test, labels)
        >>> widget.cuts = [Cut("conv2", "zero")]
        >>> widget.score["value"], widget.model.name
    """

    _esm, _css = browser_files(Path(__file__).parent, {"measures": MEASURES})
    _settings = ("cuts", "example", "tried")

    # what is cut
    cuts = Checked(lambda value: _cuts(value), ()).tag(
        sync=True,
        to_json=lambda cuts, _: [{"layer": cut.layer, "kind": cut.kind, "number": cut.number} for cut in cuts],
        from_json=lambda sent, _: _cuts(sent),
    )
    # which example is looked at
    example = Checked(whole("example", 0, 1000), 0).tag(sync=True)
    # for what a guess was committed or given up, in order: {"cuts": ..., "guess": a number or None}
    tried = Checked(lambda value: _tried(value), ()).tag(
        sync=True,
        to_json=lambda tried, _: [_sent_trial(trial) for trial in tried],
        from_json=lambda sent, _: _tried(sent),
    )
    # the network, and what was measured, by what was cut
    _network = Dict().tag(sync=True)
    _results = Dict().tag(sync=True)
    # why the last measuring went wrong
    _failed = Unicode("").tag(sync=True)

    def __init__(
        self,
        model: Any = None,
        x: Any = None,
        y: Any = None,
        classes: Any = None,
        loss: Any = None,
        **settings: Any,
    ) -> None:
        """See the class."""
        self._refuse_unknown(settings, "model", "x", "y", "classes", "loss")
        if model is None:
            if any(argument is not None for argument in (x, y, classes, loss)):
                raise CourseError("`x`, `y`, `classes` and `loss` belong to a model: write Ablation(model, x, y).")
            model, x, y = residual_digits()
        if x is None or y is None:
            raise CourseError(
                "On what is it measured? Pass examples and their answers: Ablation(model, x_test, y_test)."
            )
        self._measured_network = network = Network(model, x, y, classes, loss)
        self._from_browser = False
        super().__init__()
        self._network = network.described
        self._results = {key_of(cuts): network.measured(cuts) for cuts in ((), *((cut,) for cut in network.ahead()))}
        for name, value in settings.items():
            setattr(self, name, value)
        self._remember_start()

    @property
    def model(self) -> Any:
        """The network without what is cut, a Keras model; it shares its weights with the learner's."""
        from dlcourse.lens.ablation import without

        return without(self._measured_network.model, self.cuts)

    @property
    def score(self) -> dict[str, float]:
        """What is measured with what is cut: "value" (accuracy, IoU, or the loss) and "loss"."""
        result = self._result(self.cuts)
        return {"value": result["value"], "loss": result["loss"]}

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Takes what the browser writes, which gets a sentence on the page where measuring fails."""
        self._from_browser = True
        try:
            super().set_state(sync_data)
        finally:
            self._from_browser = False

    def _result(self, cuts: tuple[Cut, ...]) -> dict[str, Any]:
        """What was measured with these cuts, or is now."""
        key = key_of(cuts)
        if key not in self._results:
            result = self._measured_network.measured(cuts)
            others = list(self._results.items())
            # the first is of the whole network
            self._results = dict([others[0], *others[1:][2 - _KEPT :], (key, result)])
        return self._results[key]

    @validate("cuts")
    def _possible(self, proposal: dict[str, Any]) -> tuple[Cut, ...]:
        cuts = proposal["value"]
        if cuts:
            from dlcourse.lens.cutting import cuts_by_layer

            cuts_by_layer(self._measured_network.model, cuts)
        return cuts

    @validate("example")
    def _one_that_is_shown(self, proposal: dict[str, Any]) -> int:
        last = max(0, self._measured_network.shown - 1)
        if proposal["value"] > last:
            raise CourseError(f"`example` is {proposal['value']}, but the examples that are shown are 0 to {last}.")
        return proposal["value"]

    @observe("cuts")
    def _cut(self, _: Any) -> None:
        if not self._results:
            return
        failed = ""
        try:
            self._result(self.cuts)
        except Exception as error:
            if not self._from_browser:
                raise
            # whatever a learner's model can do is told in a sentence
            failed = f"The network without it fails: {type(error).__name__}: {str(error)[:200]}"
        self._failed = failed

    def _is_told(self) -> bool:
        """Whether no guess is asked for any more."""
        key = key_of(self.cuts)
        return not self.cuts or any(key_of(trial["cuts"]) == key for trial in self.tried)

    def _look(self) -> Look:
        return Look(self._measured_network, self.cuts, self._result(()), self._result(self.cuts), self._is_told())

    def _in_words(self, look: Look) -> str:
        return told(look.network, look.cuts, look.before, look.now if look.told else None)

    def _still(self, look: Look) -> Sheet:
        return plan_still(look)


def key_of(cuts: Iterable[Cut]) -> str:
    """What tells these cuts from others, in whatever order, as state.js has it.

    Example:
        >>> key_of([Cut("b", "zero"), Cut("a", "unit", 2)])
        'a:unit:2 b:zero:0'
    """
    return " ".join(sorted(f"{cut.layer}:{cut.kind}:{cut.number}" for cut in cuts))


def _cuts(value: Any) -> tuple[Cut, ...]:
    """Cuts as they are given: in Python as Cut or a tuple of its parts, by the browser as a dict."""
    if isinstance(value, Cut):
        value = (value,)
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        raise CourseError(f'`cuts` must be a list such as [Cut("conv2", "zero")], but it is {value!r:.80}.')
    return tuple(dict.fromkeys(_cut(given) for given in value))


def _cut(given: Any) -> Cut:
    if isinstance(given, Cut):
        return given
    parts = tuple(given.values()) if isinstance(given, Mapping) else given
    if (
        not isinstance(parts, list | tuple)
        or not 2 <= len(parts) <= 3
        or not all(isinstance(p, str) for p in parts[:2])
    ):
        raise CourseError(
            f'A cut is a layer, a kind and a number, as in Cut("conv2", "unit", 3), but it is {given!r:.80}.'
        )
    return Cut(*parts)


def _tried(value: Any) -> tuple[dict[str, Any], ...]:
    """Trials: what was cut, and what was guessed."""
    trials = []
    for trial in value:
        guess = trial.get("guess") if isinstance(trial, Mapping) else "no"
        if guess is not None and not is_number(guess):
            form = '{"cuts": [Cut("conv2", "zero")], "guess": 80}'
            raise CourseError(f"`tried` must be a list of trials such as {form}, but it holds {trial!r:.80}.")
        trials.append({"cuts": _cuts(trial["cuts"]), "guess": None if guess is None else float(guess)})
    return tuple(trials)


def _sent_trial(trial: dict[str, Any]) -> dict[str, Any]:
    cuts = [{"layer": cut.layer, "kind": cut.kind, "number": cut.number} for cut in trial["cuts"]]
    return {"cuts": cuts, "guess": trial["guess"]}
