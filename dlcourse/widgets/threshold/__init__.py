"""`Threshold`: from which probability on is the answer yes? Mistakes, ratios, curves and costs follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traitlets import Dict, validate

from dlcourse.errors import CourseError, unknown
from dlcourse.lens.thresholds import Best, Counts, best_threshold, counts_at
from dlcourse.widgets.shared.still import Sheet
from dlcourse.widgets.shared.traits import Checked, is_number, one_of
from dlcourse.widgets.shared.widget import Widget, browser_files
from dlcourse.widgets.threshold.decided import Decided, decided, example
from dlcourse.widgets.threshold.still import sheet_of
from dlcourse.widgets.threshold.words import told

CHARTS = ("cost", "roc", "precision_recall", "calibration")
_COSTS = {"missed": 1.0, "false_alarm": 1.0}


def _share(value: Any) -> float:
    if not is_number(value) or not 0 <= value <= 1:
        raise CourseError(f"`threshold` must be a probability from 0 to 1, but it is {value!r}.")
    return float(value)


def _costs(value: Any) -> dict[str, float]:
    if not isinstance(value, Mapping):
        raise CourseError(f'`costs` must be like {{"missed": 5, "false_alarm": 1}}, but it is {value!r}.')
    for name, cost in value.items():
        if name not in _COSTS:
            raise unknown("cost", name, tuple(_COSTS))
        if not is_number(cost) or not 0 <= cost <= 1e6:
            raise CourseError(f"The cost {name!r} must be a number from 0 to 1,000,000, but it is {cost!r}.")
    return {name: float(value.get(name, cost)) for name, cost in _COSTS.items()}


@dataclass(frozen=True)
class Look:
    """What becomes of the examples at the threshold, and where mistakes would cost least."""

    counts: Counts
    best: Best


class Threshold(Widget):
    """Probabilities turned into decisions: one dot an example, a threshold to drag, and all that follows from it.

    Dots of the class that is looked for stand above the line, all others below it; those at the threshold and right of
    it are alarms. The four groups are the confusion table, with precision, recall and F1 beside it. Curves show what
    other thresholds would do: the cost of all mistakes, ROC, precision and recall, and whether the probabilities mean
    what they say. Everything is computed in the browser. `threshold`, `positive`, `costs` and `chart` are traits.

    Args:
        probabilities: What a model has answered: n numbers for two classes, or n × k for several. None for digits that
            a small network has read.
        labels: The right answers: 0 or 1, or the numbers of classes.
        images: A picture of each example, n × height × width (× 3), bytes or from 0 to 1.
        costs: What mistakes cost, as in {"missed": 5, "false_alarm": 1}.
        classes: What the classes are called; None for 0, 1, 2, ...
        positive: The class that is looked for, a number or a name; every other one counts as "not". Default: 1 of two
            classes, the first of several.
        threshold: From this probability on the answer is yes.
        chart: "cost", "roc", "precision_recall" or "calibration".

    Raises:
        CourseError: If an argument cannot be used, with the mend.

    Example:
        >>> widget = Threshold([0.9, 0.6, 0.3, 0.2], [1, 0, 1, 0], costs={"missed": 5})
        >>> widget.counts
        Counts(hits=1, misses=1, false_alarms=1, rest=1)
        >>> widget.best_threshold
        0.25
    """

    _esm, _css = browser_files(Path(__file__).parent)
    _settings = ("threshold", "positive", "costs", "chart")

    # what is decided
    threshold = Checked(_share, 0.5).tag(sync=True)
    positive = Checked(lambda value: value, 0).tag(sync=True)
    costs = Checked(_costs, dict(_COSTS)).tag(sync=True)
    # which curve is looked at
    chart = Checked(one_of("chart", CHARTS), CHARTS[0]).tag(sync=True)
    # the examples
    _examples = Dict().tag(sync=True)

    def __init__(
        self,
        probabilities: Any = None,
        labels: Any = None,
        images: Any = None,
        costs: Any = None,
        classes: Any = None,
        **settings: Any,
    ) -> None:
        """See the class."""
        self._refuse_unknown(settings, "probabilities", "labels", "images", "costs", "classes")
        self._decided: Decided | None = None
        super().__init__()
        if probabilities is None:
            self._show(example())
            settings.setdefault("positive", 9)
            costs = {"missed": 5} if costs is None else costs
        else:
            self._show(decided(probabilities, labels, images, classes))
            settings.setdefault("positive", 1 if len(self._shown.classes) == 2 else 0)
        for name, value in {"costs": costs or {}, **settings}.items():
            setattr(self, name, value)
        self._remember_start()

    @property
    def counts(self) -> Counts:
        """Hits, misses, false alarms and the rest at the threshold.

        Example:
            >>> Threshold([0.9, 0.6], [1, 0], threshold=0.7).counts.precision
            1.0
        """
        return counts_at(*self._shown.asked(self.positive), self.threshold)

    @property
    def best_threshold(self) -> float:
        """Where the mistakes on these examples cost least."""
        return self._best().threshold

    def _best(self) -> Best:
        return best_threshold(*self._shown.asked(self.positive), **self.costs)

    @property
    def _shown(self) -> Decided:
        assert self._decided is not None
        return self._decided

    def _show(self, examples: Decided) -> None:
        self._decided = examples
        self._examples = examples.described()

    @validate("positive")
    def _known_class(self, proposal: dict[str, Any]) -> int:
        value, names = proposal["value"], self._shown.classes if self._decided else ["0"]
        if isinstance(value, str):
            if value not in names:
                raise unknown("class", value, names)
            return names.index(value)
        if not is_number(value) or value != int(value) or not 0 <= value < len(names):
            raise CourseError(f"`positive` must be a class, 0 to {len(names) - 1} or its name, but it is {value!r}.")
        return int(value)

    def _look(self) -> Look:
        return Look(self.counts, self._best())

    def _in_words(self, look: Look) -> str:
        return told(self._shown.classes[self.positive], self.threshold, look.counts, look.best, self.costs)

    def _still(self, look: Look) -> Sheet:
        """The dots with the threshold, the four counts, and the curve of costs."""
        return sheet_of(
            *self._shown.asked(self.positive), self._shown.classes[self.positive], self.threshold, look, self.costs
        )
