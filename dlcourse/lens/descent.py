"""How optimisers walk downhill on a surface, step by step as Keras takes them.

With the slope g, the rate r and Keras' settings (ρ = β₁ = 0.9, β₂ = 0.999, ε = 1e-7), a step from w is

    sgd        w − r g
    momentum   w + v          v = μ v − r g
    nesterov   w + μ v − r g  v as above
    adagrad    w − r g / √(s + ε)     s = s + g², from 0.1
    rmsprop    w − r g / √(s + ε)     s = ρ s + (1 − ρ) g²
    adam       w − r m̂ / (√s + ε)    m and s running means of g and g², made larger at first
"""

from collections.abc import Callable

import numpy as np

from dlcourse.errors import CourseError, unknown

SCHEDULES = ("constant", "exponential", "cosine")
_SMALL, _LOST = 1e-7, 1e6


def descent_path(
    slope: Callable[[np.ndarray], np.ndarray],
    start: tuple[float, float],
    optimizer: str = "sgd",
    learning_rate: float = 0.01,
    steps: int = 100,
    *,
    momentum: float = 0.9,
    weight_decay: float = 0.0,
    schedule: str = "constant",
    shake: np.ndarray | None = None,
) -> np.ndarray:
    """The places that an optimiser visits.

    Args:
        slope: The gradient at a place.
        start: Where it begins.
        optimizer: "sgd", "momentum", "nesterov", "adagrad", "rmsprop" or "adam".
        learning_rate: The rate of the first step.
        steps: How many steps it takes.
        momentum: What "momentum" and "nesterov" keep of their speed.
        weight_decay: Which share of a place, times the rate, is lost before each step.
        schedule: "constant", "exponential" (to a hundredth at the end) or "cosine" (to nothing).
        shake: What is added to the slope at each step, steps × 2, as mini-batches do.

    Returns:
        (steps + 1) × 2; NaN after a place a million away, from where nobody comes back.

    Raises:
        CourseError: If optimiser or schedule is unknown, or a number is not usable.

    Example:
        >>> descent_path(lambda w: 2 * w, (1.0, 0.0), learning_rate=0.25, steps=2)
        array([[1.  , 0.  ],
               [0.5 , 0.  ],
               [0.25, 0.  ]])
    """
    if optimizer not in _RULES:
        raise unknown("optimizer", optimizer, tuple(_RULES))
    if schedule not in SCHEDULES:
        raise unknown("schedule", schedule, SCHEDULES)
    if not 0 <= learning_rate < float("inf"):
        raise CourseError(f"`learning_rate` must be a number from 0 on, but it is {learning_rate!r}.")
    place = np.array(start, float)
    path = np.full((steps + 1, 2), np.nan)
    rule = _RULES[optimizer](momentum)
    for step in range(steps + 1):
        path[step] = place
        if step == steps or not np.hypot(*place) < _LOST:
            break
        gradient = np.asarray(slope(place), float) + (0 if shake is None else shake[step])
        rate = learning_rate * _scheduled(schedule, step, steps)
        place = place - place * weight_decay * rate
        place = rule(place, gradient, rate, step + 1)
    return path


def _scheduled(schedule: str, step: int, steps: int) -> float:
    match schedule:
        case "exponential":
            return 0.01 ** (step / steps)
        case "cosine":
            return 0.5 * (1 + np.cos(np.pi * step / steps))
    return 1.0


def _sgd(_: float) -> Callable:
    return lambda place, slope, rate, step: place - rate * slope


def _momentum(kept: float, nesterov: bool = False) -> Callable:
    speed = np.zeros(2)

    def rule(place: np.ndarray, slope: np.ndarray, rate: float, step: int) -> np.ndarray:
        speed[:] = kept * speed - rate * slope
        return place + (kept * speed - rate * slope if nesterov else speed)

    return rule


def _adagrad(_: float) -> Callable:
    squares = np.full(2, 0.1)

    def rule(place: np.ndarray, slope: np.ndarray, rate: float, step: int) -> np.ndarray:
        squares[:] += slope**2
        return place - rate * slope / np.sqrt(squares + _SMALL)

    return rule


def _rmsprop(_: float) -> Callable:
    squares = np.zeros(2)

    def rule(place: np.ndarray, slope: np.ndarray, rate: float, step: int) -> np.ndarray:
        squares[:] = 0.9 * squares + 0.1 * slope**2
        return place - rate * slope / np.sqrt(squares + _SMALL)

    return rule


def _adam(_: float) -> Callable:
    means, squares = np.zeros(2), np.zeros(2)

    def rule(place: np.ndarray, slope: np.ndarray, rate: float, step: int) -> np.ndarray:
        means[:] += 0.1 * (slope - means)
        squares[:] += 0.001 * (slope**2 - squares)
        share = rate * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
        return place - share * means / (np.sqrt(squares) + _SMALL)

    return rule


_RULES: dict[str, Callable[[float], Callable]] = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": lambda kept: _momentum(kept, nesterov=True),
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adam": _adam,
}

OPTIMIZERS = tuple(_RULES)
