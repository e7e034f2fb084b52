"""What every lens asks of its arguments: wrong input becomes one sentence that names the mend."""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from dlcourse.errors import CourseError, unknown

# What makes raw bytes fit for the layers behind it. The last five are operations such as `x / 255`.
_SCALING = frozenset(
    """Rescaling Normalization BatchNormalization LayerNormalization Lambda
    TrueDivide Divide Multiply Subtract Add""".split()
)


def built_model(model: Any) -> keras.Model:
    """The model itself, if it is a Keras model whose weights and shapes exist.

    Args:
        model: What the caller passed as a model.

    Returns:
        `model`, unchanged.

    Raises:
        CourseError: If it is a class, no model, or a model that is not built.

    Example:
        >>> built_model(keras.Sequential([keras.layers.Dense(3)], name="raw"))
        Traceback (most recent call last):
        dlcourse.errors.CourseError: The model 'raw' is not built, so its shapes are unknown: ...
    """
    if isinstance(model, type):
        raise CourseError(
            f"`model` is the class {model.__name__}, not a model: make one, as in model = {model.__name__}(...)."
        )
    if isinstance(model, keras.Layer) and not isinstance(model, keras.Model):
        raise CourseError(
            f"`model` is the layer {model.name!r}, not a model: "
            "put it into one, as in keras.Sequential([keras.Input((28, 28, 1)), layer])."
        )
    if not isinstance(model, keras.Model):
        raise CourseError(f"`model` must be a Keras model, but it is of type {type(model).__name__}.")
    if not model.built:
        raise CourseError(
            f"The model {model.name!r} is not built, so its shapes are unknown: "
            "call model.build((None, 28, 28, 1)) with your input's shape, or put a keras.Input first."
        )
    return model


def single_input(model: Any) -> keras.KerasTensor:
    """The one input of a model.

    Args:
        model: A built Keras model.

    Returns:
        The model's symbolic input, with `shape`, `dtype` and `name`.

    Raises:
        CourseError: If the model has several inputs, or does not tell what it takes.

    Example:
        >>> single_input(model).shape
        (None, 28, 28, 1)
    """
    inputs = getattr(built_model(model), "inputs", None)
    if not inputs:
        raise CourseError(
            f"The model {model.name!r} does not tell what it takes, because it is a class of its own: "
            "rebuild it from symbolic inputs, as in x = keras.Input((28, 28, 1)); keras.Model(x, model.call(x))."
        )
    if len(inputs) > 1:
        names = ", ".join(tensor.name for tensor in inputs)
        raise CourseError(
            f"The model {model.name!r} has {len(inputs)} inputs ({names}), but this works with one: "
            "look at the part behind one of them, as in keras.Model(inner_tensor, model.output)."
        )
    return inputs[0]


def layer_of(model: Any, layer: Any) -> keras.Layer:
    """A layer of a model, also one inside a nested model.

    Args:
        model: A built Keras model.
        layer: Its name, its position in `model.layers`, or the layer itself. A layer of a nested model has the name
            "outer/inner"; where only one layer is called "inner", that will do.

    Returns:
        The layer.

    Raises:
        CourseError: If the model has no such layer, or several.

    Example:
        >>> layer_of(model, "backbone/conv1").name
        'conv1'
    """
    by_path = layer_paths(model)
    if isinstance(layer, keras.Layer):
        if any(layer is member for member in by_path.values()):
            return layer
        raise CourseError(
            f"The layer {layer.name!r} is not part of the model {model.name!r}: take one of model.layers."
        )
    if isinstance(layer, int | np.integer) and not isinstance(layer, bool):
        count = len(model.layers)
        if not -count <= layer < count:
            raise CourseError(
                f"There is no layer {layer}: the model {model.name!r} has {count}, counted from 0 to {count - 1}."
            )
        return model.layers[int(layer)]
    if not isinstance(layer, str):
        raise CourseError(f"`layer` must be a name, a position or a layer, but it is of type {type(layer).__name__}.")
    if layer in by_path:
        return by_path[layer]
    paths = [path for path in by_path if path.endswith(f"/{layer}")]
    if len(paths) > 1:
        raise CourseError(
            f"The model {model.name!r} has several layers {layer!r}: say which one, {' or '.join(paths)}."
        )
    if not paths:
        raise unknown("layer", layer, by_path)
    return by_path[paths[0]]


def layer_paths(model: Any) -> dict[str, keras.Layer]:
    """Every layer of a model by its path, with those of nested models as "outer/inner"."""
    paths = {}
    for layer in built_model(model).layers:
        paths[layer.name] = layer
        if isinstance(layer, keras.Model) and layer.built:
            paths.update({f"{layer.name}/{path}": inner for path, inner in layer_paths(layer).items()})
    return paths


def batch(model: Any, x: Any) -> np.ndarray:
    """A batch of examples as the model takes them.

    Nothing is added or scaled in silence: what does not fit is refused with the mend.

    Args:
        model: A built Keras model with one input.
        x: Examples, array-like, the first axis counting them.

    Returns:
        The examples as float32, or in the model's own dtype where that counts (token numbers).

    Raises:
        CourseError: If the shape does not fit, a value is not finite, or an image holds 0 to 255 where 0 to 1 is due.

    Example:
        >>> batch(model, images[:8] / 255).shape
        (8, 28, 28, 1)
    """
    expected = single_input(model)
    array = _numbers(x, "x")
    _check_shape(array.shape, tuple(expected.shape))
    _check_finite(array, "x")
    if _is_image(tuple(expected.shape)) and _looks_like_bytes(array) and not _scales_its_input(model):
        raise CourseError(
            f"`x` holds values up to {array.max():g}, as bytes do, and the model {model.name!r} does not scale them: "
            "divide by 255, or put a keras.layers.Rescaling at the model's front."
        )
    is_int = keras.backend.is_int_dtype(expected.dtype)
    return array.astype(expected.dtype if is_int else "float32")


def labels(model: Any, y: Any, examples: int) -> np.ndarray:
    """The answers to a batch of examples, as numbers.

    Args:
        model: A built Keras model.
        y: Answers, array-like: class numbers, one-hot rows or values, the first axis counting them.
        examples: How many there must be.

    Returns:
        The answers: integers as they are, all else as float32.

    Raises:
        CourseError: If the number of answers is another, a value is not finite, or a class has no output.

    Example:
        >>> labels(model, [3, 1], examples=2)
        array([3, 1])
    """
    array = _numbers(y, "y")
    if array.ndim == 0 or len(array) != examples:
        count = "a single one" if array.ndim == 0 else len(array)
        raise CourseError(
            f"`x` holds {examples} examples but `y` answers for {count}: pass one answer for each example."
        )
    _check_finite(array, "y")
    if not np.issubdtype(array.dtype, np.integer):
        return array.astype("float32")
    outputs = getattr(model, "output_shape", None)
    units = outputs[-1] if isinstance(outputs, tuple) else None
    counts_classes = array.ndim == 1 or array.shape[1:] == (1,)
    if counts_classes and isinstance(units, int) and units > 1 and not 0 <= array.min() <= array.max() < units:
        raise CourseError(
            f"`y` holds classes from {array.min()} to {array.max()}, but the model {model.name!r} has {units} outputs: "
            f"number the classes from 0 to {units - 1}, or give the last layer more units."
        )
    return array


def _numbers(values: Any, name: str) -> np.ndarray:
    try:
        array = keras.ops.convert_to_numpy(values) if keras.ops.is_tensor(values) else np.asarray(values)
    except ValueError as error:
        raise CourseError(f"`{name}` is no array, because its rows differ in shape: give them all the same.") from error
    if not (np.issubdtype(array.dtype, np.number) or array.dtype == bool):
        raise CourseError(
            f"`{name}` must hold numbers, but its values are of type {array.dtype}: turn them into numbers."
        )
    if np.issubdtype(array.dtype, np.complexfloating):
        raise CourseError(f"`{name}` holds complex numbers: take their real part or their absolute value.")
    return array


def _check_shape(shape: tuple[int, ...], expected: tuple[int | None, ...]) -> None:
    if _fits(shape, expected):
        if shape[0] == 0:
            raise CourseError("`x` holds no example: pass at least one.")
        return
    hint = ""
    if _fits((1, *shape), expected):
        hint = ": for a single example add the batch axis, x[None]"
    elif _fits((*shape, 1), expected):
        hint = ": add the channel axis, x[..., None]"
    elif _fits((1, *shape, 1), expected):
        hint = ": add the batch axis and the channel axis, x[None, ..., None]"
    raise CourseError(f"`x` has the shape {shape}, but the model takes {expected}{hint}.")


def _fits(shape: tuple[int, ...], expected: tuple[int | None, ...]) -> bool:
    return len(shape) == len(expected) and all(want in (None, have) for have, want in zip(shape, expected, strict=True))


def _check_finite(array: np.ndarray, name: str) -> None:
    wrong = np.argwhere(~np.isfinite(array))
    if len(wrong):
        first = tuple(map(int, wrong[0]))
        raise CourseError(
            f"`{name}` holds {len(wrong)} values that are NaN or infinite, the first at {first}: "
            "find out where they come from, or replace them with np.nan_to_num."
        )


def _is_image(shape: tuple[int | None, ...]) -> bool:
    channels = shape[1] if keras.config.image_data_format() == "channels_first" else shape[-1]
    return len(shape) == 4 and channels in (1, 3)


def _looks_like_bytes(array: np.ndarray) -> bool:
    """Whole bytes, or floats that cannot be 0 to 1, -1 to 1 or standardised: only up, far, and not past 255."""
    if array.dtype == np.uint8:
        return bool(array.max() > 1)  # a mask of 0 and 1 is no picture
    return bool(array.min() >= 0 and 32 < array.max() <= 255)


def _scales_its_input(model: keras.Model) -> bool:
    """Whether something before the first weights can have turned bytes into small numbers.

    A layer that is not Keras' own may do so too, and gets the benefit of the doubt.
    """
    for operation in _operations(model):
        kind = type(operation)
        if kind.__name__ in _SCALING or not kind.__module__.startswith("keras."):
            return True
        if any(len(weight.shape) > 1 for weight in getattr(operation, "weights", ())):
            return False
    return False


def _operations(model: keras.Model) -> Iterator[Any]:
    """The operations of a model from its input on, those of nested models in their place."""
    graph = getattr(model, "_functional", None) or model  # a Sequential holds its graph in there
    for operation in getattr(graph, "operations", model.layers):
        if isinstance(operation, keras.Model):
            yield from _operations(operation)
        else:
            yield operation
