"""Whether a file answers as the model does that it was made from."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from keras import ops

from dlcourse.deploy.answers import top_classes
from dlcourse.deploy.formats import Format
from dlcourse.deploy.manifest import Verified
from dlcourse.errors import CourseError

BATCH = 256  # examples that are answered at a time
TOLERANCE = 1e-4  # of probabilities, and of other numbers as a part of the largest
MOST_CHANGED = 0.02  # the share of examples whose class integers of 8 bits may change
MOST_LOST = 0.01  # the accuracy that they may cost


def answers_of(model: Any, examples: np.ndarray) -> np.ndarray:
    """What a Keras model answers in inference.

    Raises:
        CourseError: If an answer is NaN or infinite, so that nothing could be compared with it.
    """
    answers = _in_batches(lambda x: ops.convert_to_numpy(model(x, training=False)), examples)
    if not np.isfinite(answers).all():
        raise CourseError(
            f"The model {model.name!r} itself answers NaN or infinite numbers to some of the examples: find out where "
            "they come from before it is shipped."
        )
    return answers


def verify(
    run: Callable[[np.ndarray], np.ndarray],
    expected: np.ndarray,
    examples: np.ndarray,
    chosen: Format,
    kind: str,
    labels: np.ndarray | None = None,
    tolerance: float | None = None,
) -> Verified:
    """How a file answers, beside the answers of the model.

    Args:
        run: Runs the file.
        expected: The model's own answers.
        examples: What both were given.
        chosen: The file's format.
        kind: What the answers are, as the manifest says.
        labels: The true class of each example.
        tolerance: The largest difference that is let pass. None for 1e-4 (of probabilities; of other numbers as a part
            of the largest), and for integers no limit on differences, but one on what they do to classes: accuracy
            falls by at most 0.01, or without labels the class of at most 2 % of the examples changes.

    Returns:
        What goes into the manifest.

    Raises:
        CourseError: If the file's answers differ more, with the number.
    """
    found = _in_batches(run, examples)
    if found.shape != expected.shape:
        raise CourseError(f"the file answers in the shape {found.shape}, the model in {expected.shape}")
    alone = run(examples[:1])  # what is asked for a single example may take another way through the file
    largest = max(_largest_difference(found, expected), _largest_difference(alone, expected[:1]))
    told = kind != "numbers"
    changed = _changed(found, expected, kind) if told else None
    accuracy = float((top_classes(found, kind) == labels).mean()) if told and labels is not None else None
    if tolerance is None and not chosen.integers:
        tolerance = TOLERANCE if kind == "probabilities" else TOLERANCE * max(1.0, float(np.abs(expected).max()))
    if not np.isfinite(largest):
        raise CourseError("the file answers NaN or infinite numbers where the model does not")
    if tolerance is not None and largest > tolerance:
        raise CourseError(
            f"its answers differ by up to {largest:.2g} from the model's, and {tolerance:.2g} is allowed (tolerance=)"
        )
    if tolerance is None:
        _check_integers(largest, changed, accuracy, expected, kind, labels)
    return Verified(len(examples), largest, tolerance, changed, accuracy)


def _check_integers(
    largest: float,
    changed: int | None,
    accuracy: float | None,
    expected: np.ndarray,
    kind: str,
    labels: np.ndarray | None,
) -> None:
    count = len(expected)
    if changed is None:
        span = float(np.ptp(expected)) or 1.0
        if largest > 0.05 * span:
            raise CourseError(
                f"with integers of 8 bits its answers differ by up to {largest:.2g}, more than a twentieth of the "
                f"{span:.2g} that the model's span: pass tolerance= if that is good enough"
            )
        return
    if accuracy is not None:
        before = float((top_classes(expected, kind) == labels).mean())
        if before - accuracy > MOST_LOST and round((before - accuracy) * count) > 1:
            raise CourseError(
                f"with integers of 8 bits the accuracy falls from {before:.1%} to {accuracy:.1%}, by more than "
                f"{MOST_LOST:.0%}: pass tolerance= if that is good enough"
            )
    elif changed > max(1, MOST_CHANGED * count):
        raise CourseError(
            f"with integers of 8 bits the class of {changed} of {count} examples changes, and {MOST_CHANGED:.0%} are "
            "allowed: pass tolerance= if that is good enough"
        )


def _changed(found: np.ndarray, expected: np.ndarray, kind: str) -> int:
    differs = top_classes(found, kind) != top_classes(expected, kind)
    return int(differs.reshape(len(differs), -1).any(axis=1).sum())


def _largest_difference(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.abs(np.asarray(found, float) - np.asarray(expected, float)).max())


def _in_batches(run: Callable[[np.ndarray], Any], examples: np.ndarray) -> np.ndarray:
    return np.concatenate([np.asarray(run(part)) for part in _parts(examples)])


def _parts(examples: np.ndarray) -> Iterator[np.ndarray]:
    for start in range(0, len(examples), BATCH):
        yield examples[start : start + BATCH]
