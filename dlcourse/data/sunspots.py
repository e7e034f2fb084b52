"""The yearly number of sunspots, 1700 to 2008, that comes with statsmodels."""

import importlib.util
from pathlib import Path

import numpy as np

from dlcourse.data.dataset import Parts, Split
from dlcourse.errors import CourseError

_TRAIN_YEARS = 250


def yearly() -> tuple[np.ndarray, np.ndarray]:
    """Years (int64) and mean number of sunspots in each (float32)."""
    spec = importlib.util.find_spec("statsmodels")  # importing it would cost seconds
    path = Path(spec.origin).parent / "datasets/sunspots/sunspots.csv" if spec and spec.origin else None
    if path is None or not path.is_file():
        raise CourseError("The sunspots come with statsmodels, which is not installed whole; pip install statsmodels.")
    table = np.loadtxt(path, delimiter=",", skiprows=1)
    return table[:, 0].astype(np.int64), table[:, 1].astype(np.float32)


def small(window: int = 20) -> Parts:
    """Windows of `window` years (x) and the year after each (y); the test years come after the training years."""
    _, spots = yearly()
    longest = min(_TRAIN_YEARS, len(spots) - _TRAIN_YEARS) - 1
    if not 1 <= window <= longest:
        raise CourseError(f"A window holds 1 to {longest} years; window is {window}.")
    return _windows(spots[:_TRAIN_YEARS], window), _windows(spots[_TRAIN_YEARS:], window), ()


def _windows(series: np.ndarray, window: int) -> Split:
    x = np.lib.stride_tricks.sliding_window_view(series[:-1], window)
    return Split(x[..., None].copy(), series[window:])
