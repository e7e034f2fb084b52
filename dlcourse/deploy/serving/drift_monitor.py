"""Watches whether what is asked, and how sure the answers are, is still spread as in the examples of the export."""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable

from dlcourse.deploy.manifest import Reference, Spread
from dlcourse.lens.drift import population_stability

LATEST = 500  # examples that are compared; with so many, chance alone brings about 0.04
FEWEST = 100  # below them nothing is said


class DriftMonitor:
    """Keeps, of the latest examples, the bins that their brightness and their confidence fell into."""

    def __init__(self, reference: Reference):
        """Compare with what the manifest holds."""
        spreads = {"brightness": reference.brightness, "confidence": reference.confidence}
        self._windows = {of: _Window(spread) for of, spread in spreads.items() if spread is not None}

    def observe(self, **values: Iterable[float]) -> None:
        """Take note of examples.

        Args:
            values: By "brightness" and "confidence", a number for each example.
        """
        for of, window in self._windows.items():
            window.take(values.get(of, ()))

    def stability(self) -> dict[str, float]:
        """The population stability index of what has been asked lately; without what was asked too little.

        Example:
            >>> spread = Spread(edges=(0.5,), shares=(0.5, 0.5))
            >>> monitor = DriftMonitor(Reference(brightness=spread, confidence=None))
            >>> monitor.observe(brightness=[0.2, 0.4, 0.4, 0.9] * 50)
            >>> monitor.stability()
            {'brightness': 0.27465307216702745}
        """
        return {of: window.stability() for of, window in self._windows.items() if window.filled >= FEWEST}


class _Window:
    def __init__(self, spread: Spread):
        self._spread = spread
        self._bins: deque[int] = deque()
        self._counts = [0] * len(spread.shares)

    @property
    def filled(self) -> int:
        return len(self._bins)

    def take(self, values: Iterable[float]) -> None:
        for value in values:
            if len(self._bins) == LATEST:
                self._counts[self._bins.popleft()] -= 1
            place = bisect_right(self._spread.edges, value)  # as dlcourse.lens.drift.shares counts
            self._bins.append(place)
            self._counts[place] += 1

    def stability(self) -> float:
        return population_stability(self._spread.shares, [count / self.filled for count in self._counts])
