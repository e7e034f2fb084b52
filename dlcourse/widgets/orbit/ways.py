"""The ways in which a picture can be changed along an orbit: from where to where, and at which places one looks."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Way:
    """One of them.

    Attributes:
        low: Where it begins.
        high: Where it ends.
        neutral: Where the picture is as it is.
        step: Of its slider.
        count: How many places the curve of a picture has, evenly spread from one end to the other.
        of_set: Of them, every such one is a place of the set's curve.
        of_film: And every such one has a picture in the film.
        log: Whether they are spread evenly by their logarithms.
    """

    low: float
    high: float
    neutral: float
    step: float
    count: int
    of_set: int
    of_film: int
    log: bool = False

    @property
    def places(self) -> np.ndarray:
        """The values at the curve's places."""
        shares = np.arange(self.count) / (self.count - 1)
        return self.low * (self.high / self.low) ** shares if self.log else self.low + (self.high - self.low) * shares


# each has the neutral place among its places; the picture's, the set's and the film's
WAYS = {
    "turn": Way(-180, 180, neutral=0, step=1, count=73, of_set=3, of_film=6),
    "shift_x": Way(-0.5, 0.5, neutral=0, step=0.01, count=49, of_set=4, of_film=4),
    "shift_y": Way(-0.5, 0.5, neutral=0, step=0.01, count=49, of_set=4, of_film=4),
    "size": Way(0.5, 2, neutral=1, step=0.01, count=49, of_set=4, of_film=4, log=True),
    "light": Way(0.1, 1.5, neutral=1, step=0.01, count=57, of_set=4, of_film=4),
}
