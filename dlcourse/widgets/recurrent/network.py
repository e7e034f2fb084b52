"""What `Recurrent` looks into: a layer or a model of the learner's, and what stands before and behind the layer."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from dlcourse.errors import CourseError
from dlcourse.lens.activation_functions import softmax
from dlcourse.lens.recurrence import GATES, ROWS, RecurrentCell, Unrolled, recurrent_cell
from dlcourse.widgets.recurrent.vocabulary import MOST_STEPS, Vocabulary, vocabulary_of
from dlcourse.widgets.shared.browser_network import describe
from dlcourse.widgets.shared.classifier import class_names, finish_of

_MOST_WEIGHTS = 1_000_000
_MOST_OUTPUTS = 20_000
_BATCH = 256  # tokens that are embedded at a time
_PROBE = 3  # steps of a sequence that is tried, where the model takes any number

# what is the same at every step, so that the browser can do it step by step
_EACH_STEP = frozenset("Dense Activation ReLU LeakyReLU ELU Softmax BatchNormalization TimeDistributed".split())


class Network:
    """A recurrent layer with all that is around it.

    Attributes:
        name: What it is called.
        cell: The layer.
        vocabulary: What it reads; None for a series.
        given: The series that it reads, steps × features of the network; None for a text.
        series: The same as the layer gets it.
        classes: What the outputs of its model are called; [] without a model.
        finish: What these outputs are: "probabilities", "scores", "independent" or "values".
    """

    name = ""
    vocabulary: Vocabulary | None = None
    given: np.ndarray | None = None
    series: np.ndarray | None = None
    finish = "probabilities"

    def __init__(self, cell: RecurrentCell, classes: Sequence[str] = ()) -> None:
        """See above."""
        self.cell, self.classes = cell, list(classes)
        if cell.kernel.size + cell.recurrent.size > _MOST_WEIGHTS:
            millions = (cell.kernel.size + cell.recurrent.size) / 1e6
            raise CourseError(
                f"The layer has {millions:.1f} million weights, and the browser takes 1: show a smaller one."
            )

    @property
    def embedded(self) -> np.ndarray | None:
        """What the layer is given for each token; None where that is one-hot, or where Python must be asked."""
        return None

    @property
    def reads_alone(self) -> bool:
        """Whether the browser knows what the layer is given for a text."""
        return True

    @property
    def head(self) -> dict[str, Any] | None:
        """All behind the layer, for the browser; None where there is nothing, or where Python must be asked."""
        return None

    def inputs(self, text: str) -> np.ndarray:
        """What the layer is given, steps × features.

        Args:
            text: What it reads; without meaning for a series.
        """
        if self.series is not None:
            return self.series
        assert self.vocabulary is not None
        numbers = self.vocabulary.numbers(text)
        return np.eye(self.cell.features)[numbers] if self.embedded is None else self.embedded[numbers].astype(float)

    def answers(self, text: str, way: Unrolled) -> np.ndarray | None:
        """What the model answers after each step, or after the last one alone; None without a model.

        Args:
            text: What it reads.
            way: What the layer does with it, gates held or not.
        """
        return None

    @cached_property
    def described(self) -> dict[str, Any]:
        """For the browser."""
        cell, embedded = self.cell, self.embedded
        arrays = (cell.kernel, cell.recurrent, cell.bias, cell.recurrent_bias)
        return {
            "name": self.name,
            "kind": cell.kind,
            "units": cell.units,
            "features": cell.features,
            "gates": GATES[cell.kind],
            "rows": ROWS[cell.kind],
            "activation": cell.activation,
            "recurrent_activation": cell.recurrent_activation,
            "reset_after": cell.reset_after,
            "weights": [array.astype("float32").tobytes() for array in arrays],
            "vocabulary": self.vocabulary and self.vocabulary.described(),
            "most": MOST_STEPS,
            "embedded": None if embedded is None else embedded.astype("float32").tobytes(),
            "series": None if self.series is None else self.series.astype("float32").tobytes(),
            "reads_alone": self.reads_alone,
            "head": self.head,
            "classes": self.classes,
            "finish": self.finish,
        }

    def finished(self, outputs: np.ndarray) -> np.ndarray:
        """What outputs stand for: probabilities where they are scores."""
        return softmax(outputs) if self.finish == "scores" else outputs

    def _read(self, text: Any, vocabulary: Any, count: int, masked: bool = False) -> None:
        """Settles what is read: a text with a vocabulary."""
        self.vocabulary = vocabulary_of(vocabulary, count, text, masked)
        self.vocabulary.numbers(text)


class LearnersLayer(Network):
    """A layer by itself: it is given one-hot tokens, or a series."""

    def __init__(self, layer: Any, text: Any, vocabulary: Any) -> None:
        """See `Recurrent`."""
        super().__init__(recurrent_cell(layer))
        self.name = layer.name
        if isinstance(text, str):
            self._read(text, vocabulary, self.cell.features)
        else:
            self.given = self.series = _series(text, self.cell.features)


class LearnersModel(Network):
    """A model: its first recurrent layer, what stands before it, and the answers of what stands behind."""

    def __init__(self, model: Any, text: Any, vocabulary: Any, classes: Any) -> None:
        """See `Recurrent`."""
        from dlcourse.lens.checks import single_input
        from dlcourse.lens.graph import graph_of

        self._model, self.name = model, model.name
        shape = tuple(single_input(model).shape)
        graph = graph_of(model)
        self._step = _recurrent_step(model, graph)
        super().__init__(recurrent_cell(self._step.operation))
        self._before = _producer(graph, self._step.inputs[0])
        self._chain = _chain_behind(graph, self._step)
        self._steps = shape[1] if len(shape) > 1 else None
        self._one_hot = len(shape) == 3
        self._tokens = self._count_of_tokens(graph, shape, vocabulary, text)
        if isinstance(text, str):
            masked = any(getattr(step.operation, "mask_zero", False) for step in graph.steps)
            self._read(text, vocabulary, self._tokens, masked)
        else:
            self.given = _series(text, shape[2] if len(shape) == 3 else 1)
            self.series = self._before_layer(self.given if len(shape) == 3 else self.given[:, 0])
        self._name_outputs(graph, classes)

    @cached_property
    def _table(self) -> np.ndarray | None:
        """What the layer is given for each token; None where that depends on more than the token.

        Each token is tried alone, all along a sequence, and then all of them mixed.
        """
        steps = self._steps or _PROBE
        parts = []
        for start in range(0, self._tokens, _BATCH):
            numbers = np.arange(start, min(start + _BATCH, self._tokens))
            parts.append(self._encoded_batch(np.repeat(numbers[:, None], steps, 1)))
        given = np.concatenate(parts)
        if given.ndim != 3 or given.shape[1] != steps or not np.allclose(given, given[:, :1], atol=1e-5):
            return None
        mixed = np.random.default_rng(0).integers(0, self._tokens, (4, steps))
        table = given[:, 0]
        return table if np.allclose(self._encoded_batch(mixed), table[mixed], atol=1e-5) else None

    @property
    def embedded(self) -> np.ndarray | None:
        """See above."""
        return None if self.vocabulary is None or self._before is None else self._table

    @property
    def reads_alone(self) -> bool:
        """See above."""
        return self.series is not None or self._before is None or self._table is not None

    @cached_property
    def _head_model(self) -> Any:
        """A copy of what stands behind the layer, for one step; None where it looks at several, or at more."""
        import keras

        if self._chain is None or not all(_acts_on_each_step(step) for step in self._chain):
            return None
        layers = [getattr(step.operation, "layer", step.operation) for step in self._chain]
        layers = [layer for layer in layers if not type(layer).__name__.endswith("Dropout")]
        copies = [type(layer).from_config(layer.get_config()) for layer in layers]
        head = keras.Sequential([keras.Input((self.cell.units,)), *copies])
        for copy, layer in zip(copies, layers, strict=True):
            copy.set_weights(layer.get_weights())
        return head

    @cached_property
    def head(self) -> dict[str, Any] | None:
        """See above."""
        if self._head_model is None:
            return None
        try:
            return describe(self._head_model, (self.cell.units,))
        except CourseError:
            return None

    def inputs(self, text: str) -> np.ndarray:
        """See above."""
        if self.reads_alone:
            return super().inputs(text)
        assert self.vocabulary is not None
        return self._before_layer(self._encoded(self.vocabulary.numbers(text)))

    def answers(self, text: str, way: Unrolled) -> np.ndarray:
        """See above."""
        from keras import ops

        if self._head_model is not None:
            outputs = ops.convert_to_numpy(self._head_model(way.rows["state"].astype("float32")))
        else:
            outputs = self._whole(text, way)
        return self.finished(outputs.astype(float))

    def _whole(self, text: str, way: Unrolled) -> np.ndarray:
        """The answers of the model itself, with the layer's output moved to where held gates bring it."""
        from keras import ops

        from dlcourse.lens.forward import forward_of

        x = self.given if self.vocabulary is None else self._encoded(self.vocabulary.numbers(text))
        assert x is not None
        x = x[None] if self._one_hot else np.reshape(x, (1, -1))
        forward = forward_of(self._model, x.shape)
        name, offsets = self._step.name, {}
        if any(held.any() for held in way.held.values()):
            free = ops.convert_to_numpy(forward(forward.state(), x).layers[name])
            state = way.rows["state"][None] if free.ndim == 3 else way.rows["state"][-1:]
            offsets = {name: (state - free).astype("float32")}
        outputs = ops.convert_to_numpy(forward(forward.state(), x, offsets).output)
        steps = len(way.rows["state"])
        return (
            outputs[0]
            if outputs.ndim == 3 and outputs.shape[1] == steps
            else outputs.reshape(-1, outputs.shape[-1])[-1:]
        )

    def _before_layer(self, x: np.ndarray) -> np.ndarray:
        """What the layer is given for one input of the model."""
        return np.asarray(x, float) if self._before is None else self._before_batch(x[None])[0].astype(float)

    def _before_batch(self, x: np.ndarray) -> np.ndarray:
        from dlcourse.lens.layer_outputs import activations

        assert self._before is not None
        return activations(self._model, x, [self._before], checked=False)[self._before]

    def _encoded(self, numbers: np.ndarray) -> np.ndarray:
        """Tokens as the model takes them."""
        return np.eye(self._tokens, dtype="float32")[numbers] if self._one_hot else numbers

    def _encoded_batch(self, numbers: np.ndarray) -> np.ndarray:
        return self._before_batch(self._encoded(numbers))

    def _count_of_tokens(self, graph: Any, shape: tuple, vocabulary: Any, text: Any) -> int:
        if self._one_hot:
            return int(shape[2])
        if len(shape) != 2:
            raise CourseError(
                f"The model {self._model.name!r} takes {shape}, but this reads sequences: tokens as (steps,), one-hot "
                "tokens or a series as (steps, features)."
            )
        for step in graph.steps:
            count = getattr(step.operation, "input_dim", None) or getattr(step.operation, "num_tokens", None)
            if isinstance(count, int):
                return count
        return len(vocabulary if vocabulary is not None else set(text))

    def _name_outputs(self, graph: Any, classes: Any) -> None:
        outputs = graph.outputs
        count = outputs[0].shape[-1]
        if len(outputs) != 1 or not isinstance(count, int) or count > _MOST_OUTPUTS:
            raise CourseError(
                f"The model {self._model.name!r} must have one output of a known size: show its recurrent layer alone, "
                "as in Recurrent(model.layers[1], …)."
            )
        if classes is None and self.vocabulary is not None and count == len(self.vocabulary):
            classes = self.vocabulary.tokens
        self.classes = class_names(classes, count)
        self.finish = finish_of(self._model)
        if self.finish == "scores" and (count == 1 or self.series is not None):
            self.finish = "values"  # numbers that are foretold, not scores of classes


def _recurrent_step(model: Any, graph: Any) -> Any:
    """The first step that is a recurrent layer which reads forwards, from a state of zeros."""
    import keras

    for step in graph.steps:
        layer = step.operation
        if isinstance(layer, keras.layers.RNN | keras.layers.Bidirectional):
            recurrent_cell(layer)
            if layer.go_backwards:
                raise CourseError(
                    f"The layer {layer.name!r} reads backwards (go_backwards=True): show it alone with a text turned "
                    "round, as in Recurrent(layer, text[::-1])."
                )
            args, named = step.arguments
            if named.get("initial_state", args[1] if len(args) > 1 else None) is not None:
                raise CourseError(
                    f"The layer {layer.name!r} begins in a state that another layer gives it, but this begins with "
                    "zeros: show it alone, as in Recurrent(layer, x)."
                )
            return step
    raise CourseError(f"The model {model.name!r} has no SimpleRNN, LSTM or GRU to look into.")


def _producer(graph: Any, tensor: Any) -> str | None:
    """The step that puts out a tensor; None for the input."""
    for step in graph.steps:
        if any(output is tensor for output in step.outputs):
            return None if step.kind == "InputLayer" else step.name
    return None


def _chain_behind(graph: Any, step: Any) -> list[Any] | None:
    """The steps from a layer's first output to the model's output, one after the other; None where ways part."""
    chain: list[Any] = []
    tensor = step.outputs[0]
    while tensor is not graph.outputs[0]:
        takers = [other for other in graph.steps if any(given is tensor for given in other.inputs)]
        if len(takers) != 1 or len(takers[0].inputs) != 1:
            return None
        chain.append(takers[0])
        tensor = takers[0].outputs[0]
    return chain


def _acts_on_each_step(step: Any) -> bool:
    kind = step.kind
    if kind == "TimeDistributed":
        kind = type(step.operation.layer).__name__
    return kind in _EACH_STEP or kind.endswith("Dropout")


def _series(values: Any, features: int) -> np.ndarray:
    """A series, steps × features, from an array that somebody gives."""
    try:
        array = np.asarray(values, float)
    except (TypeError, ValueError) as error:
        raise CourseError(
            f"`text` must be a text, or a series of steps × {features} numbers, but it is {values!r:.60}."
        ) from error
    if array.ndim == 3 and len(array) == 1:
        array = array[0]
    if array.ndim == 1 and features == 1:
        array = array[:, None]
    if array.ndim != 2 or array.shape[1] != features or not len(array):
        hint = ": for one of several series pass x[0]" if array.ndim == 3 else ""
        raise CourseError(f"A series must be steps × {features} here, but its shape is {array.shape}{hint}.")
    if len(array) > MOST_STEPS:
        raise CourseError(f"The series has {len(array)} steps, but this shows at most {MOST_STEPS}: cut it.")
    if not np.isfinite(array).all():
        raise CourseError("The series holds numbers that are NaN or infinite: replace them, as with np.nan_to_num.")
    return array
