"""What an orbit shows, in a few sentences; words.js says the same in the browser."""

import numpy as np

from dlcourse.widgets.orbit.look import Look
from dlcourse.widgets.orbit.ways import WAYS
from dlcourse.widgets.shared.words import percent


def orbit_words(look: Look) -> str:
    """How the picture is changed, what each network says of it, and how far each bears it.

    Example:
        >>> orbit_words(widget._look()).partition(".")[0]
        'Orbit: a picture of 6, as it is'
    """
    name = look.classes[look.label]
    said = []
    for network, shares in zip(look.names, look.shares, strict=True):
        winner = int(shares.argmax())
        said.append(f"{network} says {look.classes[winner]} ({percent(float(shares[winner]))})")
    text = f"Orbit: a picture of {name}, {changed_in_words(look.change)}. {', '.join(said)}. "
    ranges = [f"by {network} {range_in_words(look, number)}" for number, network in enumerate(look.names)]
    text += f"{name} is read {', '.join(ranges)}."
    accuracy = look.sweep.accuracy
    if accuracy is None:
        return text
    place = int(np.abs(look.sweep.set_values - look.change[look.way]).argmin())
    right = ", ".join(f"{network} {percent(accuracy[number, place])}" for number, network in enumerate(look.names))
    where = short_amount(look.way, float(look.sweep.set_values[place]))
    return f"{text} Of {look.sweep.pictures} pictures changed alike ({where}), right: {right}."


def changed_in_words(change: dict[str, float]) -> str:
    """Everything that was done to a picture.

    Example:
        >>> changed_in_words({"turn": 40.0, "light": 0.5})
        'turned 40° to the left, at 50 % of its light'
    """
    parts = [amount_in_words(name, amount) for name, amount in change.items() if amount != WAYS[name].neutral]
    return ", ".join(parts) or "as it is"


def amount_in_words(way: str, amount: float) -> str:
    """One change: "turned 40° to the left".

    Example:
        >>> amount_in_words("shift_y", -0.1)
        'moved up by 10 %'
    """
    if way == "turn":
        side = "" if amount in (0, 180, -180) else " to the left" if amount > 0 else " to the right"
        return f"turned {abs(amount):.0f}°{side}"
    if way == "size":
        return f"at {100 * amount:.0f} % of its size"
    if way == "light":
        return f"at {100 * amount:.0f} % of its light"
    directions = {"shift_x": ("right", "left"), "shift_y": ("down", "up")}[way]
    return f"moved {directions[amount < 0]} by {100 * abs(amount):.0f} %"


def range_in_words(look: Look, number: int) -> str:
    """How far, from the unchanged place on, a network still names the picture's class."""
    right = look.sweep.shares[number] >= look.sweep.others[number]
    values = look.sweep.values
    middle = int(np.abs(values - WAYS[look.way].neutral).argmin())
    if not right[middle]:
        return f"not even at {short_amount(look.way, WAYS[look.way].neutral)}"
    first, last = middle, middle
    while first > 0 and right[first - 1]:
        first -= 1
    while last < len(values) - 1 and right[last + 1]:
        last += 1
    if last - first == len(values) - 1:
        return "all the way"
    ends = [short_amount(look.way, float(values[end])) for end in (first, last)]
    return f"from {ends[0]} to {ends[1]}"


def short_amount(way: str, amount: float) -> str:
    """A place of the orbit in a few characters, as beside an axis.

    Example:
        >>> short_amount("turn", -35)
        '−35°'
    """
    if way == "turn":
        return f"{amount:.0f}°".replace("-", "−")
    return f"{100 * amount:.0f} %".replace("-", "−")
