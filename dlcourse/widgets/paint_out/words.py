"""What is painted and what the network says of it, in a few sentences; words.js says the same in the browser."""

from dlcourse.widgets.paint_out.look import Look
from dlcourse.widgets.shared.words import percent

ATTRIBUTION_NAMES = {
    "none": "none",
    "saliency": "saliency",
    "integrated_gradients": "integrated gradients",
    "grad_cam": "Grad-CAM",
    "occlusion": "occlusion",
}


def painted_words(look: Look) -> str:
    """How much of the picture is painted over, and what the network says before and now.

    Example:
        >>> painted_words(widget._look()).partition(";")[0]
        'PaintOut: a test digit as it is'
    """
    name = look.classes[look.label]
    first = f"PaintOut: {look.name} {_share_in_words(look)}; "
    if not look.painted_share:
        first += f"{look.network} says {_winner(look, look.before)}."
    else:
        shares = [percent(float(each[look.label])) for each in (look.before, look.now)]
        first += f"{name} before {shares[0]}, now {shares[1]}; {look.network} now says {_winner(look, look.now)}."
    if look.layer is None:
        return first
    return f"{first} Over it lies {ATTRIBUTION_NAMES[look.attribution]} for {name}."


def _share_in_words(look: Look) -> str:
    return f"with {percent(look.painted_share)} of it painted over" if look.painted_share else "as it is"


def _winner(look: Look, shares: list[float]) -> str:
    winner = max(range(len(shares)), key=lambda number: shares[number])
    return f"{look.classes[winner]} ({percent(float(shares[winner]))})"
