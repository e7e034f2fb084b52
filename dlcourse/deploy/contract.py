"""What a model takes and what it answers, read from the model itself and from examples."""

from collections.abc import Iterator, Sequence
from typing import Any

import keras
import numpy as np

from dlcourse.deploy.manifest import Input, Output
from dlcourse.errors import CourseError, unknown
from dlcourse.lens.checks import single_input
from dlcourse.lens.graph import Step, graph_of

INPUT, OUTPUT = "input", "output"  # what the tensors are called in a file

# the ranges that pictures usually have
_USUAL = ((0.0, 1.0), (-1.0, 1.0), (0.0, 255.0))
_SQUASHING = (keras.activations.softmax, keras.activations.sigmoid)
# what makes data fit for a network, where it stands before the first weights
_PREPARING = frozenset(
    """Rescaling Normalization Resizing CenterCrop Discretization CategoryEncoding Hashing IntegerLookup Lambda
    TrueDivide Divide Multiply Subtract Add""".split()
)
# what leaves the rows and columns of a picture in their order
_LAYING_OUT = frozenset("Flatten Reshape".split())


def check(model: Any) -> None:
    """Whether it is a model with one input and one output, as a file, a service and a page take it.

    Raises:
        CourseError: If it is not; the sentence says how to make one of it.
    """
    inputs, outputs = getattr(model, "inputs", None) or (), getattr(model, "outputs", None) or ()
    if len(inputs) > 1:
        names = ", ".join(tensor.name for tensor in inputs)
        raise CourseError(
            f"The model {model.name!r} has {len(inputs)} inputs ({names}), and what is shipped takes one: join them, "
            "as in x = keras.Input((5,)); keras.Model(x, model([x[:, :3], x[:, 3:]]))."
        )
    single_input(model)
    if len(outputs) > 1:
        raise CourseError(
            f"The model {model.name!r} has {len(outputs)} outputs, and what is shipped has one: take the one that you "
            "need, as in keras.Model(model.input, model.outputs[0])."
        )


def input_of(
    model: Any, examples: np.ndarray, value_range: Sequence[float] | None = None, colours: str | None = None
) -> Input:
    """What the model takes.

    Args:
        model: A Keras model that `check` lets pass.
        examples: Examples as somebody holds them, before they become the model's own type.
        value_range: The least and the largest value; None for what the examples and the model tell.
        colours: "grey" or "RGB"; None for what the shape tells.

    Raises:
        CourseError: If an argument does not fit the model or the examples.
    """
    tensor = single_input(model)
    shape = tuple(tensor.shape[1:])
    found = _colours(model, shape, examples)
    if colours is not None:
        if colours not in ("grey", "RGB"):
            raise unknown("order of colours", colours, ("grey", "RGB"))
        if _channels(shape) != (3 if colours == "RGB" else 1):
            raise CourseError(f"`colours` is {colours!r}, but the model {model.name!r} takes the shape {shape}.")
        found = colours
    limits = _range(model, examples, found is not None) if value_range is None else _given_range(value_range, examples)
    return Input(INPUT, shape, str(keras.backend.standardize_dtype(tensor.dtype)), limits, found)


def output_of(model: Any, answers: np.ndarray, with_classes: bool) -> Output:
    """What the model answers.

    Args:
        model: A Keras model that `check` lets pass.
        answers: Its answers to some examples.
        with_classes: Whether somebody says that it tells classes, so that a linear last layer gives logits.
    """
    shape = tuple(model.outputs[0].shape[1:])
    return Output(OUTPUT, shape, _kind(model, answers, with_classes))


def classes_of(classes: Sequence[Any] | None, output: Output) -> tuple[str, ...] | None:
    """The names of the classes as texts.

    Raises:
        CourseError: If there are not as many as the model tells apart.
    """
    if classes is None:
        return None
    names = tuple(str(name) for name in classes)
    units = output.shape[-1] if output.shape else 1
    wanted = 2 if units == 1 else units
    if len(names) != wanted:
        raise CourseError(f"`classes` names {len(names)} classes, but the model tells {wanted} apart: name each once.")
    return names


def preprocessing_of(model: Any, limits: tuple[float, float] | None) -> str:
    """In words, what is done to the data inside the model, and so must not be done before it."""
    inside = [_in_words(step.operation) for step in _front(model) if step.kind in _PREPARING]
    takes = f"it takes values from {limits[0]:g} to {limits[1]:g}" if limits else "its range is not known"
    return f"inside the model: {', '.join(inside)}" if inside else f"none inside the model: {takes}"


def _front(model: Any) -> Iterator[Step]:
    """The steps before the first one that has weights, but for numbers that normalise."""
    for step in graph_of(model).steps:
        if any(len(weight.shape) > 1 for weight in getattr(step.operation, "trainable_weights", ())):
            return
        yield step


def _in_words(operation: Any) -> str:
    kind = type(operation).__name__
    if kind == "Rescaling":
        numbers = [np.asarray(value) for value in (operation.scale, operation.offset)]
        factor, offset = (", ".join(f"{number:.6g}" for number in value.reshape(-1)) for value in numbers)
        return f"Rescaling (× {factor}, + {offset})" if numbers[1].any() else f"Rescaling (× {factor})"
    if kind == "Resizing":
        return f"Resizing to {operation.height} × {operation.width}"
    return kind


def _channels(shape: tuple[int | None, ...]) -> int | None:
    """How many colours a picture of this shape has; None where it is no picture's shape."""
    if len(shape) == 2:
        return 1
    if len(shape) != 3:
        return None
    return shape[0] if keras.config.image_data_format() == "channels_first" else shape[-1]


def _colours(model: Any, shape: tuple[int | None, ...], examples: np.ndarray) -> str | None:
    channels = _channels(shape)
    if channels not in (1, 3):
        return None
    if len(shape) == 2:  # rows and columns, or steps and features
        laid_out = any(step.kind in _LAYING_OUT for step in _front(model))
        usual = any(low <= examples.min() and examples.max() <= high for low, high in _USUAL)
        return "grey" if laid_out and usual else None
    return "RGB" if channels == 3 else "grey"


def _range(model: Any, examples: np.ndarray, is_picture: bool) -> tuple[float, float] | None:
    if examples.dtype == np.uint8:
        return 0.0, 255.0
    first = next(iter(graph_of(model).steps), None)
    if first is not None and first.kind == "Embedding":
        return 0.0, float(first.operation.input_dim - 1)
    if is_picture:
        for low, high in _USUAL:
            if low <= examples.min() and examples.max() <= high:
                return low, high
    return None


def _given_range(value_range: Sequence[float], examples: np.ndarray) -> tuple[float, float]:
    try:
        low, high = (float(end) for end in value_range)
    except (TypeError, ValueError) as error:
        raise CourseError(f"`range` must be two numbers, as in (0, 255), but it is {value_range!r}.") from error
    if not (np.isfinite([low, high]).all() and low < high):
        raise CourseError(f"`range` must go from a smaller number to a larger one, but it is {value_range!r}.")
    if examples.min() < low or examples.max() > high:
        raise CourseError(
            f"`range` is {low:g} to {high:g}, but the examples hold values from {examples.min():g} to "
            f"{examples.max():g}: pass examples as the model will get them, or another range."
        )
    return low, high


def _kind(model: Any, answers: np.ndarray, with_classes: bool) -> str:
    if answers.ndim < 2:
        return "numbers"
    graph = graph_of(model)
    last = next((step for step in graph.steps if any(out is graph.outputs[0] for out in step.outputs)), None)
    activation = getattr(last.operation, "activation", None) if last else None
    softmax = activation is keras.activations.softmax or (last is not None and last.kind == "Softmax")
    sigmoid = activation is keras.activations.sigmoid or (last is not None and last.kind == "Sigmoid")
    shares = answers.min() >= 0 and answers.shape[-1] > 1 and np.allclose(answers.sum(axis=-1), 1, atol=1e-3)
    if softmax or shares or (sigmoid and (answers.ndim == 2 or with_classes)):
        return "probabilities"
    return "logits" if with_classes else "numbers"
