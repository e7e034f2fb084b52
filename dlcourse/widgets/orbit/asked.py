"""The networks that an orbit asks, each described for the browser and asked in Python."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.errors import CourseError
from dlcourse.lens.activation_functions import softmax
from dlcourse.widgets.shared.browser_network import describe
from dlcourse.widgets.shared.classifier import class_count, finish_of
from dlcourse.widgets.shared.digit_networks import digit_networks
from dlcourse.widgets.shared.model_input import pixel_scale
from dlcourse.widgets.shared.picture_form import Size, picture_form, size_of
from dlcourse.widgets.shared.resting import rests

MOST = 2  # models: of more nobody could tell the curves apart
_BATCH = 256
_MULTIPLICATIONS = 10e9  # that the curves of a set may cost: a minute at most in the browser, a second in Python
_LARGE = 1e9  # multiplications: what a network that cannot be counted is taken for
_FEWEST = 8  # pictures of a set, whatever they cost


@dataclass(frozen=True, eq=False)
class Asked:
    """A network.

    Attributes:
        name: What it is called beside its curves.
        size: Rows, columns and channels of its pictures.
        count: How many classes it tells apart.
        described: For the browser.
        answers: Its probabilities, n × classes, for pictures n × rows × columns × channels from 0 to 1.
        multiplications: What one picture costs.
    """

    name: str
    size: Size
    count: int
    described: dict[str, Any]
    answers: Callable[[np.ndarray], np.ndarray]
    multiplications: float


def asked_models(model: Any, models: Any, scale: Any, picture_size: tuple[int, int]) -> list[Asked]:
    """The networks as they are given to `Orbit`.

    Args:
        model: A built Keras model, or None.
        models: More of them: a mapping from names to models, a list, or None.
        scale: What pixels they were trained on, for all, or a mapping from their names.
        picture_size: Rows and columns that a model for pictures of any size is given.

    Raises:
        CourseError: If they cannot be asked side by side, with the mend.
    """
    named = _named(model, models)
    scales = scale if isinstance(scale, Mapping) else dict.fromkeys(named, scale)
    if unknown_names := set(scales) - set(named):
        raise CourseError(f"`scale` names {sorted(unknown_names)}, but the models are called {', '.join(named)}.")
    asked = [_asked(name, network, scales.get(name), picture_size) for name, network in named.items()]
    for what, values in (("pictures of", [each.size for each in asked]), ("classes", [each.count for each in asked])):
        if len(set(values)) > 1:
            listed = " and ".join(f"{each.name} {value}" for each, value in zip(asked, values, strict=True))
            raise CourseError(
                f"The models differ in their {what}: {listed}. Side by side they must take and tell the same."
            )
    return asked


def example_networks() -> list[Asked]:
    """The networks that are at hand without a model of the learner's.

    Example:
        >>> [network.name for network in example_networks()]
        ['plain', 'augmented']
    """
    asked = []
    for network in digit_networks():
        described: dict[str, Any] = {"name": network.name, "network": network.described, "why": ""}
        described |= {"finish": "probabilities", "white": 1.0, "given": ""}
        asked.append(Asked(network.name, (28, 28, 1), 10, described, network.answers, network.multiplications))
    return asked


def affordable(asked: Sequence[Asked], places: int, most: int) -> int:
    """How many pictures a curve with that many places can be made of."""
    each = sum(network.multiplications for network in asked) * places
    return int(np.clip(_MULTIPLICATIONS / max(each, 1), min(most, _FEWEST), most))


def _named(model: Any, models: Any) -> dict[str, Any]:
    if models is None:
        others: list[tuple[str, Any]] = []
    elif isinstance(models, Mapping):
        others = [(str(name), network) for name, network in models.items()]
    elif isinstance(models, list | tuple):
        others = [(_own_name(network), network) for network in models]
    else:
        raise CourseError(
            '`models` must be models by their names, as in {"plain": model, "augmented": other}, or a list, but it is '
            f"of type {type(models).__name__}."
        )
    given = ([(_own_name(model), model)] if model is not None else []) + others
    if not 1 <= len(given) <= MOST:
        raise CourseError(f"Orbit shows one model or {MOST} side by side, but there are {len(given)}.")
    if len(dict(given)) < len(given):
        raise CourseError(
            f"Both models are called {given[0][0]!r}: give them names, as in "
            'models={"plain": model, "augmented": other}.'
        )
    return dict(given)


def _own_name(model: Any) -> str:
    return str(getattr(model, "name", type(model).__name__))


def _asked(name: str, model: Any, scale: Any, picture_size: tuple[int, int]) -> Asked:
    import keras

    form = picture_form(model, picture_size)
    size, count, finish = size_of(form), class_count(model), finish_of(model)
    pixels = pixel_scale(model, scale, size[2], "Orbit")
    try:
        network, why = describe(model, form, scale=pixels), ""
    except CourseError as error:
        network, why = None, str(error)

    def answers(pictures: np.ndarray) -> np.ndarray:
        x = pixels(pictures.reshape(len(pictures), *form))
        parts = [model(x[start : start + _BATCH], training=False) for start in range(0, len(x), _BATCH)]
        scores = np.concatenate([keras.ops.convert_to_numpy(part) for part in parts]).astype("float32")
        return softmax(scores) if finish == "scores" else scores

    given = pixels.as_code(f"pictures.reshape({', '.join(map(str, (-1, *form)))})")
    described = {"name": name, "network": network, "why": why, "finish": finish, "white": pixels.white}
    return Asked(name, size, count, described | {"given": given}, answers, _multiplications(model, form))


def _multiplications(model: Any, form: tuple[int, ...]) -> float:
    from dlcourse.lens.graph import graph_of
    from dlcourse.lens.multiply_adds import multiply_adds

    try:
        steps = graph_of(model, [(1, *form)]).steps
    except CourseError:
        return _LARGE
    counts = [(step, multiply_adds(step)) for step in steps]
    known = [count for step, count in counts if count is not None or not rests(step)]
    return float(sum(count for count in known if count is not None)) if None not in known else _LARGE
