"""What `Threshold` says in Python, as words.js does in the browser."""

from collections.abc import Mapping

from dlcourse.lens.thresholds import Best, Counts


def told(name: str, threshold: float, counts: Counts, best: Best, costs: Mapping[str, float]) -> str:
    """The still picture's text.

    Example:
        >>> told("cat", 0.5, Counts(3, 1, 2, 4), Best(0.25, 2.0), {"missed": 1, "false_alarm": 1})
        'Threshold 0.50 for "cat": 3 of 4 are found, 3 of 5 alarms are right. Cost 3; least, 2, at 0.25.'
    """
    hits, misses, false_alarms, _ = counts
    alarms = f"{hits} of {hits + false_alarms} alarms are right" if hits + false_alarms else "there is no alarm"
    return (
        f'Threshold {threshold:.2f} for "{name}": {hits} of {hits + misses} are found, {alarms}. '
        f"Cost {counts.cost(**costs):g}; least, {best.cost:g}, at {best.threshold:.2f}."
    )
