"""What is compiled for a model is kept as long as the model lives and is as it was."""

from collections.abc import Callable, Hashable
from typing import Any
from weakref import WeakKeyDictionary

import keras

from dlcourse.lens.checks import layer_paths

_KEPT: WeakKeyDictionary[keras.Model, tuple[tuple, dict[Hashable, Any]]] = WeakKeyDictionary()
_MOST = 64  # shapes and settings a model; a learner who tries more pays a compilation


def kept(model: Any, key: Hashable, make: Callable[[], Any]) -> Any:
    """What `make` makes, made once for a model and a key.

    All that is kept for a model is dropped when its layers, their activations or what is trainable change, and when
    the model itself goes. So what `make` returns must not hold the model; its layers are fine.

    Args:
        model: A built Keras model.
        key: What tells this from other things kept for the model.
        make: Makes it.

    Returns:
        The thing, new or kept.

    Example:
        >>> kept(model, "graph", lambda: graph_of(model)) is kept(model, "graph", lambda: graph_of(model))
        True
    """
    layers = layer_paths(model).values()
    now = tuple((id(layer), layer.trainable, id(getattr(layer, "activation", None))) for layer in layers)
    before, things = _KEPT.get(model, (None, {}))
    if before != now:
        things = {}
    if key not in things:
        thing = make()
        if len(things) >= _MOST:
            things.pop(next(iter(things)))
        things[key] = thing
    _KEPT[model] = now, things
    return things[key]
