"""What becomes of probabilities when somebody must decide: yes from a threshold on, no below it.

One rule everywhere: the answer is yes where the probability is at least the threshold. A picture of the class that is
looked for is *positive*; a yes to any other one is a *false alarm*, a no to a positive one a *miss*.
"""

from typing import Any, NamedTuple

import numpy as np

from dlcourse.errors import CourseError


class Counts(NamedTuple):
    """The four cells of the confusion table, and the ratios that are made of them."""

    hits: int  # true positives
    misses: int  # false negatives
    false_alarms: int  # false positives
    rest: int  # true negatives

    @property
    def precision(self) -> float:
        """The share of the alarms that are right; NaN without an alarm."""
        return _ratio(self.hits, self.hits + self.false_alarms)

    @property
    def recall(self) -> float:
        """The share of the positives that are found, also called true positive rate; NaN where there is none."""
        return _ratio(self.hits, self.hits + self.misses)

    @property
    def false_positive_rate(self) -> float:
        """The share of the others that raise a false alarm; NaN where there is none."""
        return _ratio(self.false_alarms, self.false_alarms + self.rest)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; NaN without an alarm and without a positive."""
        return _ratio(2 * self.hits, 2 * self.hits + self.misses + self.false_alarms)

    @property
    def accuracy(self) -> float:
        """The share of right answers."""
        return _ratio(self.hits + self.rest, sum(self))

    def cost(self, missed: float, false_alarm: float) -> float:
        """What all mistakes cost together."""
        return missed * self.misses + false_alarm * self.false_alarms


class ThresholdCurve(NamedTuple):
    """The counts at each threshold that makes a difference, from "never yes" (infinity) down to "always yes"."""

    thresholds: np.ndarray
    hits: np.ndarray
    false_alarms: np.ndarray
    positives: int
    others: int

    @property
    def recall(self) -> np.ndarray:
        """The true positive rates."""
        return self.hits / self.positives

    @property
    def false_positive_rate(self) -> np.ndarray:
        """The false positive rates."""
        return self.false_alarms / self.others

    @property
    def precision(self) -> np.ndarray:
        """Precisions; 1 where there is no alarm, as curves are drawn."""
        alarms = self.hits + self.false_alarms
        return np.where(alarms > 0, self.hits / np.maximum(alarms, 1), 1.0)


class Best(NamedTuple):
    """The threshold at which mistakes cost least, and how much that is, all together."""

    threshold: float
    cost: float


class CalibrationBin(NamedTuple):
    """The examples whose probability lies in one tenth: how many, what was said of them, and what they were."""

    examples: int
    mean: float  # of the probabilities
    share: float  # that is positive


def counts_at(probabilities: Any, labels: Any, threshold: float) -> Counts:
    """Hits, misses, false alarms and the rest at a threshold.

    Args:
        probabilities: How probable each example is positive, n numbers from 0 to 1.
        labels: Which ones are: n times 0 or 1, or False or True.
        threshold: From this probability on the answer is yes.

    Raises:
        CourseError: If they are not such.

    Example:
        >>> counts_at([0.9, 0.6, 0.3, 0.2], [1, 0, 1, 0], 0.5)
        Counts(hits=1, misses=1, false_alarms=1, rest=1)
    """
    values, positive = checked(probabilities, labels)
    yes = values >= threshold
    hits, false_alarms = int((yes & positive).sum()), int((yes & ~positive).sum())
    return Counts(hits, int(positive.sum()) - hits, false_alarms, int((~positive).sum()) - false_alarms)


def threshold_curve(probabilities: Any, labels: Any) -> ThresholdCurve:
    """The counts at every threshold that makes a difference, for the curves that people draw of them.

    Example:
        >>> threshold_curve([0.9, 0.6, 0.3, 0.2], [1, 0, 1, 0]).hits
        array([0, 1, 1, 2, 2])
    """
    values, positive = checked(probabilities, labels)
    thresholds, inverse = np.unique(values, return_inverse=True)
    hits = np.bincount(inverse, positive, len(thresholds))[::-1].astype(int)
    false_alarms = np.bincount(inverse, ~positive, len(thresholds))[::-1].astype(int)
    return ThresholdCurve(
        np.append(np.inf, thresholds[::-1]),
        np.append(0, np.cumsum(hits)),
        np.append(0, np.cumsum(false_alarms)),
        int(positive.sum()),
        int((~positive).sum()),
    )


def roc_area(curve: ThresholdCurve) -> float:
    """The area under the ROC curve: how often a positive example is more probable than another one, ties for a half.

    Example:
        >>> roc_area(threshold_curve([0.9, 0.6, 0.3, 0.2], [1, 0, 1, 0]))
        0.75
    """
    if not curve.positives or not curve.others:
        return float("nan")
    return float(np.trapezoid(curve.recall, curve.false_positive_rate))


def average_precision(curve: ThresholdCurve) -> float:
    """The area under the precision-recall curve in steps: each recall gained counts with the precision reached there.

    Example:
        >>> average_precision(threshold_curve([0.9, 0.6, 0.3, 0.2], [1, 0, 1, 0]))
        0.8333333333333333
    """
    if not curve.positives:
        return float("nan")
    return float(np.sum(np.diff(curve.recall) * curve.precision[1:]))


def best_threshold(probabilities: Any, labels: Any, *, missed: float, false_alarm: float) -> Best:
    """The threshold at which mistakes cost least on these examples.

    Between two neighbouring probabilities nothing changes, so many thresholds are as good: this is the middle of the
    widest stretch of them.

    Args:
        probabilities: As for `counts_at`.
        labels: As for `counts_at`.
        missed: What a miss costs.
        false_alarm: What a false alarm costs.

    Example:
        >>> best_threshold([0.9, 0.6, 0.3, 0.2], [1, 0, 1, 0], missed=5, false_alarm=1)
        Best(threshold=0.25, cost=1.0)
    """
    curve = threshold_curve(probabilities, labels)
    costs = missed * (curve.positives - curve.hits) + false_alarm * curve.false_alarms
    high = np.append(1.0, curve.thresholds[1:])  # a stretch ends at its own threshold, that with no alarm at 1
    low = np.append(curve.thresholds[1:], 0.0)  # and begins above the next one
    possible = (high > low) | (np.arange(len(costs)) == len(costs) - 1)
    least = costs[possible].min()
    widths = np.where(possible & (costs == least), high - low, -1.0)
    place = int(widths.argmax())
    middle = (high[place] + low[place]) / 2
    return Best(float(middle if middle > low[place] else high[place]), float(least))


def calibration(probabilities: Any, labels: Any, bins: int = 10) -> list[CalibrationBin]:
    """Whether of the examples that are called 80 % probable, 80 % are positive: bins of equal width, empty ones too.

    Example:
        >>> calibration([0.9, 0.8, 0.3, 0.2], [1, 0, 1, 0], bins=2)
        [CalibrationBin(examples=2, mean=0.25, share=0.5), CalibrationBin(examples=2, mean=0.85, share=0.5)]
    """
    values, positive = checked(probabilities, labels)
    place = np.minimum((values * bins).astype(int), bins - 1)
    counts = np.bincount(place, minlength=bins)
    sums, hits = np.bincount(place, values, bins), np.bincount(place, positive, bins)
    return [
        CalibrationBin(int(count), _ratio(total, count), _ratio(hit, count))
        for count, total, hit in zip(counts, sums, hits, strict=True)
    ]


def calibration_error(bins: list[CalibrationBin]) -> float:
    """How far what was said is from what was, on average over the examples (expected calibration error).

    Example:
        >>> calibration_error(calibration([0.9, 0.8, 0.3, 0.2], [1, 0, 1, 0], bins=2))
        0.3
    """
    total = sum(count for count, _, _ in bins)
    return float(sum(count / total * abs(share - mean) for count, mean, share in bins if count))


def brier(probabilities: Any, labels: Any) -> float:
    """The mean squared distance of the probabilities from 1 where positive, from 0 where not.

    Example:
        >>> brier([0.9, 0.6], [1, 0])
        0.185
    """
    values, positive = checked(probabilities, labels)
    return float(np.mean((values - positive) ** 2))


def checked(probabilities: Any, labels: Any) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities in double precision and labels as truth values.

    Raises:
        CourseError: If there are none, they do not fit together, or are no probabilities and no labels.
    """
    values, given = np.asarray(probabilities, float), np.asarray(labels)
    if values.ndim != 1 or given.shape != values.shape or not len(values):
        raise CourseError(
            f"There must be one probability and one label for each example, but they have the shapes {values.shape} "
            f"and {given.shape}: pass probabilities[:, 3] and labels == 3 for the fourth class."
        )
    if not (np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1):
        raise CourseError(
            f"Probabilities lie between 0 and 1, but these go from {values.min():g} to {values.max():g}: logits need a "
            "sigmoid or a softmax first."
        )
    if not np.isin(given, (0, 1)).all():
        raise CourseError("Labels are 0 or 1, the 1 for what is looked for: pass labels == 3 for the fourth class.")
    return values, given.astype(bool)


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")
