"""What an orbit shows, computed once for its picture and its words."""

from dataclasses import dataclass

import numpy as np

from dlcourse.widgets.orbit.sweeping import Sweep
from dlcourse.widgets.shared.picture_input import Picture


@dataclass(frozen=True, eq=False)
class Look:
    """The picture, as it is changed now, what each network says of it, and the curves.

    Attributes:
        picture: As it is.
        changed: As it is changed now, 0 to 1.
        label: Its class.
        classes: What the classes are called.
        names: What the networks are called.
        shares: Their probabilities now, networks × classes.
        way: Which way the orbit goes.
        change: How much the picture is changed, by the names of all ways.
        fill: What comes in from beyond the edge.
        sweep: The curves.
    """

    picture: Picture
    changed: np.ndarray
    label: int
    classes: list[str]
    names: list[str]
    shares: np.ndarray
    way: str
    change: dict[str, float]
    fill: str
    sweep: Sweep
