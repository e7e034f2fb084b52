"""What `Recurrent` says in Python, as words.js does in the browser."""

from collections.abc import Mapping

from dlcourse.widgets.shared.still import shown
from dlcourse.widgets.shared.words import percent


def told(
    kind: str,
    place: tuple[int, int, str],
    unit: int,
    values: Mapping[str, float],
    held: Mapping[str, Mapping],
    answer: Mapping[str, float],
) -> str:
    """The still picture's text.

    Args:
        kind: Of the layer.
        place: The step, counted from 0, how many there are, and what is read there ("" in a series).
        unit: That is looked at.
        values: Of its gates and states, by name.
        held: As the trait.
        answer: Probabilities by class, or one number called ""; {} without a model.

    Example:
        >>> told("GRU", (1, 4, "b"), 3, {"update": 0.5, "state": -0.25}, {}, {"a": 0.75, "b": 0.25})
        'GRU, unit 3 at step 1 “b” (of 0 to 3): update 0.50, state −0.25. Next: “a”, 75 %.'
    """
    step, steps, token = place
    read = f" “{token}”" if token else ""
    numbers = ", ".join(f"{name} {shown(value)}" for name, value in values.items())
    text = f"{kind}, unit {unit} at step {step}{read} (of 0 to {steps - 1}): {numbers}."
    for gate, hold in held.items():
        whose = "" if hold["unit"] is None else f" of unit {hold['unit']}"
        text += f" The {gate} gate{whose} is held at {hold['value']:g} from step {hold['step']} on."
    if answer:
        name = max(answer, key=lambda name: answer[name])
        text += f" Answer: {shown(answer[name])}." if name == "" else f" Next: “{name}”, {percent(answer[name])}."
    return text
