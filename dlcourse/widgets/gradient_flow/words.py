"""What a gradient's way through a network means, in words: the same sentences as words.js writes."""

from collections.abc import Sequence
from math import isfinite, isnan, log10

from dlcourse.lens.decades import LayerSizes, Sizes
from dlcourse.widgets.shared.words import percent

_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_WORDS = {12: "trillion", 9: "billion", 6: "million"}
_TINY, _HUGE = 1e-7, 100
_SOME = 0.05  # of all units: from there on the dead and the saturated are worth a sentence


def verdict(rows: Sequence[LayerSizes], by: str) -> str:
    """Whether the first layers learn, and what is wrong with units.

    Args:
        rows: The layers, from the input to the output.
        by: Whose gradient: "weights" or "outputs".
    """
    return f"{_of_gradient(gradients(rows, by))}{_of_units(rows)}"


def gradients(rows: Sequence[LayerSizes], by: str) -> list[Sizes]:
    """The gradients of the layers that have one."""
    by_layer = [row.weights if by == "weights" else row.back for row in rows]
    return [sizes for sizes in by_layer if sizes is not None]


def _of_gradient(by_layer: list[Sizes]) -> str:
    if not by_layer:
        return "No layer here is trained."
    first, last = by_layer[0].mean, by_layer[-1].mean
    if any(isnan(layer.mean) for layer in by_layer):
        return "The numbers have exploded: they are too large to compute with."
    if max(layer.mean for layer in by_layer) < _TINY:
        return f"All gradients are tiny, {digits(max(first, last))} and less: no layer learns."
    if first == 0:
        return "The gradient at the first layer is exactly 0: the first layers do not learn."
    ratio = last / first
    if ratio >= 10:
        means = "the first layers do not learn" if ratio >= 1000 else "the first layers learn slowly"
        return f"The gradient at the first layer is {times(ratio)} times smaller than at the last: {means}."
    if ratio <= 0.1:
        means = ": it explodes on its way back" if ratio <= 1e-3 else ""
        return f"The gradient at the first layer is {times(1 / ratio)} times larger than at the last{means}."
    if max(first, last) > _HUGE:
        return f"The gradients are huge, {digits(max(first, last))}: a step throws the weights far away."
    sizes = f"{digits(first)} at the first layer, {digits(last)} at the last"
    return f"The gradient keeps its size: {sizes}. All layers learn."


def _of_units(rows: Sequence[LayerSizes]) -> str:
    text = ""
    dead = [row.dead for row in rows[:-1] if not isnan(row.outputs.mean)]
    if dead and sum(dead) / len(dead) >= _SOME:
        text += f" {percent(sum(dead) / len(dead))} of the hidden units are dead: they give 0 for every example."
    stuck = [row.saturated for row in rows[:-1] if row.saturated is not None and not isnan(row.outputs.mean)]
    if stuck and sum(stuck) / len(stuck) >= _SOME:
        text += f" {percent(sum(stuck) / len(stuck))} of the hidden units are saturated: they stand at their limit."
    return text


def times(ratio: float) -> str:
    """How many times, as people say it: 25, 3 billion, 10²⁰."""
    if not isfinite(ratio):
        return "infinitely many"
    if ratio >= 1e15:
        return power(round(log10(ratio)))
    if ratio < 9.5:
        return f"{round(ratio, 1):g}"
    rounded = float(f"{ratio:.2g}")
    for decade, word in _WORDS.items():
        if rounded >= 10**decade:
            return f"{rounded / 10**decade:g} {word}"
    return f"{rounded:,.0f}"


def digits(size: float) -> str:
    """A size in a few characters: 0.21, 3.0 · 10⁻⁹."""
    if isnan(size):
        return "no number"
    if size == 0:
        return "0"
    if 0.001 <= size < 10000:
        return f"{float(f'{size:.2g}'):g}"
    mantissa, decade = f"{size:.1e}".split("e")
    return f"{mantissa} · {power(int(decade))}"


def power(decade: int) -> str:
    """10⁻¹²."""
    return "1" if decade == 0 else f"10{str(decade).translate(_SUPERSCRIPT)}"
