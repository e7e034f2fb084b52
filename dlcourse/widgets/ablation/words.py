"""What is cut and what it costs, in a few sentences; words.js says the same in the browser."""

from collections.abc import Sequence
from typing import Any

from dlcourse.lens.cuts import Cut, Part
from dlcourse.widgets.shared.numbers import figure

MEASURES = {"accuracy": "accuracy", "iou": "IoU", "loss": "loss"}


def cut_in_words(cut: Cut, parts: Sequence[Part]) -> str:
    """One cut.

    Example:
        >>> cut_in_words(Cut("conv1", "unit", 3), parts)
        'conv1 without channel 3'
    """
    part = next(part for part in parts if part.name == cut.layer)
    if cut.kind == "identity":
        return f"{part.name} passed over"
    if cut.kind == "zero":
        return f"{part.name} puts out zeros"
    if cut.kind == "input":
        place = part.inputs[cut.number]
        again = part.inputs[: cut.number].count(place) + 1
        name = "the input" if place < 0 else parts[place].name
        return f"{part.name} without {name}" + (f" (no. {again})" if part.inputs.count(place) > 1 else "")
    kind = "channel" if cut.kind == "unit" and len(part.shape) > 1 else cut.kind
    return f"{part.name} without {kind} {cut.number}"


def together(cuts: Sequence[Cut], parts: Sequence[Part]) -> str:
    """All that is cut; "nothing" for nothing."""
    return " and ".join(cut_in_words(cut, parts) for cut in cuts) or "nothing"


def in_figures(value: float | None, measure: str) -> str:
    """An accuracy or an IoU in percent, a loss as it is."""
    if value is None:
        return "not a number"
    return figure(value) if measure == "loss" else figure(int(1000 * value + 0.5) / 10, "%")


def told(network: Any, cuts: Sequence[Cut], before: dict[str, Any], now: dict[str, Any] | None) -> str:
    """The still picture's text; `now` is None while a guess is asked for."""
    name, start = MEASURES[network.measure], f"Ablation of {network.model.name}:"
    whole = in_figures(before["value"], network.measure)
    if not cuts:
        return f"{start} nothing is cut. {_capital(name)} {whole} on {network.examples:,} examples."
    what = f"{start} {together(cuts, network.parts)}."
    if now is None:
        return f"{what} Whole, the {name} is {whole}: how much is left?"
    return f"{what} {_capital(name)} {in_figures(now['value'], network.measure)}, whole {whole}."


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]
