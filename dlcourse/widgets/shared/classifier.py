"""What the outputs of a learner's classifier stand for."""

from typing import Any

from dlcourse.errors import CourseError

MOST = 1000  # classes


def class_count(model: Any) -> int:
    """How many classes a built Keras model tells apart.

    Raises:
        CourseError: If it does not put out one number for each of 2 or more.

    Example:
        >>> class_count(model)
        10
    """
    outputs = model.outputs
    if len(outputs) != 1 or len(outputs[0].shape) != 2 or not 2 <= (outputs[0].shape[1] or 0) <= MOST:
        shapes = ", ".join(str(tuple(output.shape[1:])) for output in outputs)
        raise CourseError(
            f"The model {model.name!r} puts out {shapes}, but this shows one probability for each of 2 or more "
            "classes, as after keras.layers.Dense(10)."
        )
    return int(outputs[0].shape[1])


def finish_of(model: Any) -> str:
    """Whether the outputs are "probabilities", or "scores" (logits) that a softmax must follow.

    After a sigmoid they are "independent": shown as they are.

    Example:
        >>> finish_of(keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)]))
        'scores'
    """
    import keras

    from dlcourse.lens.graph import graph_of

    last = graph_of(model).steps[-1].operation
    activation = getattr(last, "activation", None)
    if isinstance(last, keras.layers.Softmax) or activation is keras.activations.softmax:
        return "probabilities"
    return "independent" if activation is keras.activations.sigmoid else "scores"


def class_names(classes: Any, count: int) -> list[str]:
    """What the outputs are called, as given, or 0, 1, 2, ...

    Raises:
        CourseError: If there is not one name for each output.

    Example:
        >>> class_names(None, 3)
        ['0', '1', '2']
    """
    if classes is None:
        return [str(number) for number in range(count)]
    if isinstance(classes, str) or not hasattr(classes, "__len__") or len(classes) != count:
        raise CourseError(f"`classes` must be {count} names, one for each output, but it is {classes!r:.80}.")
    return [str(name) for name in classes]
