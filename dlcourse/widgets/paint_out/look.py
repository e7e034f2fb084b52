"""What `PaintOut` shows, computed once for its picture and its words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

BARS = 7  # classes that have one


@dataclass(frozen=True, eq=False)
class Look:
    """A picture, painted over or not, and what its network says.

    Attributes:
        name: Of the picture.
        network: What the network is called.
        original: The picture in bytes.
        painted: The same as it is painted.
        classes: What the classes are called.
        label: The class that is asked about.
        targets: Classes that always have a bar.
        before: The probabilities of the original.
        now: Those of the painted picture.
        attribution: Which lies over the picture, "none" for none.
        layer: It as a map with `values`, `region` and `signed`, or None.
        fade: How strongly it is seen, 0 to 1.
    """

    name: str
    network: str
    original: np.ndarray
    painted: np.ndarray
    classes: Sequence[str]
    label: int
    targets: Sequence[int]
    before: Any
    now: Any
    attribution: str
    layer: Any
    fade: float

    @property
    def painted_share(self) -> float:
        """How much of the picture is another one than before."""
        return float((self.original != self.painted).any(axis=2).mean())


def shown_classes(before: Any, now: Any, targets: Sequence[int], label: int, most: int) -> list[int]:
    """The classes that have a bar: those asked for, the strongest before, and the strongest now.

    Example:
        >>> shown_classes([0.7, 0.2, 0.1, 0.0], [0.0, 0.1, 0.1, 0.8], [], 0, most=3)
        [0, 1, 3]
    """
    count = min(most, len(before))
    chosen = list(dict.fromkeys([*targets, label]))[:count]
    newcomers = sorted(range(len(now)), key=lambda number: -now[number])[: max(1, count // 3)]
    rest = count - len({*chosen, *newcomers})
    for number in sorted(range(len(before)), key=lambda each: -before[each]):
        if number in chosen or number in newcomers:
            continue
        if rest <= 0:
            break
        chosen.append(number)
        rest -= 1
    chosen += [number for number in newcomers if number not in chosen]
    return sorted(chosen[:count], key=lambda number: -before[number])
