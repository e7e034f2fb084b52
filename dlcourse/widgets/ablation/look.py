"""What `Ablation` shows, computed once for its picture and its words; and where the links of the plan run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dlcourse.lens.cuts import Cut


@dataclass(frozen=True, eq=False)
class Look:
    """A network, what is cut of it, and what was measured.

    Attributes:
        network: The network.
        cuts: What is cut.
        before: What was measured of the whole network.
        now: What is measured with the cuts.
        told: Whether `now` may be seen, because a guess is there.
    """

    network: Any
    cuts: tuple[Cut, ...]
    before: dict[str, Any]
    now: dict[str, Any]
    told: bool


def lanes(inputs: Sequence[Sequence[int]]) -> dict[tuple[int, int], int]:
    """In which lane each link of a plan runs: 0 to the next row, others beside it so that none lies on another.

    Args:
        inputs: For each part the parts that it takes, -1 for the network's input.

    Returns:
        The lane of each link (from, to); layout.js finds the same.

    Example:
        >>> lanes([[-1], [0], [1, 0]])
        {(-1, 0): 0, (0, 1): 0, (1, 2): 0, (0, 2): 1}
    """
    links = sorted({(source, place) for place, sources in enumerate(inputs) for source in sources}, key=_by_length)
    found: dict[tuple[int, int], int] = {}
    for start, end in links:
        lane = 0 if end == start + 1 else 1
        while lane and any(lane == other and start < stop and begin < end for (begin, stop), other in found.items()):
            lane += 1
        found[start, end] = lane
    return found


def _by_length(link: tuple[int, int]) -> tuple[int, int]:
    return link[1] - link[0], link[0]
