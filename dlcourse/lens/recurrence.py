"""A recurrent layer taken step by step: its gates and states, a gate held open or shut, gradients over time.

Everything is NumPy in double precision, so that a layer, once read, needs no Keras. An LSTM has the gates "input",
"forget" and "output", a "candidate", a "cell" state and a "state" that it hands on; a GRU has "update", "reset",
"candidate" and "state"; a SimpleRNN has a "state" alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.errors import CourseError, unknown
from dlcourse.lens.activation_functions import ACTIVATION_FUNCTIONS, ActivationFunction

# what the columns of a layer's kernel belong to, in Keras' order
_PARTS = {
    "SimpleRNN": ("state",),
    "LSTM": ("input", "forget", "candidate", "output"),
    "GRU": ("update", "reset", "candidate"),
}
GATES = {"SimpleRNN": (), "LSTM": ("input", "forget", "output"), "GRU": ("update", "reset")}
ROWS = {
    "SimpleRNN": ("state",),
    "LSTM": ("input", "forget", "output", "candidate", "cell", "state"),
    "GRU": ("update", "reset", "candidate", "state"),
}


@dataclass(frozen=True, eq=False)
class RecurrentCell:
    """What a recurrent layer does at each step: its weights, and the names of its activations.

    Attributes:
        kind: "SimpleRNN", "LSTM" or "GRU".
        kernel: By which the input is multiplied, features × (parts · units).
        recurrent: By which the state is multiplied, units × (parts · units).
        bias: Of the input, parts · units.
        recurrent_bias: Of the state; zeros but for a GRU with `reset_after`.
        activation: Of the candidate, and of the state.
        recurrent_activation: Of the gates.
        reset_after: Whether a GRU's reset gate acts behind the multiplication.
    """

    kind: str
    kernel: np.ndarray
    recurrent: np.ndarray
    bias: np.ndarray
    recurrent_bias: np.ndarray
    activation: str = "tanh"
    recurrent_activation: str = "sigmoid"
    reset_after: bool = False

    @property
    def units(self) -> int:
        """How many units it has."""
        return self.recurrent.shape[0]

    @property
    def features(self) -> int:
        """How many numbers it takes at a step."""
        return self.kernel.shape[0]

    def activation_of(self, part: str) -> ActivationFunction:
        """What turns the sum of a gate, of the candidate or of the state into its value."""
        name = self.recurrent_activation if part in GATES[self.kind] else self.activation
        return ACTIVATION_FUNCTIONS[name]


@dataclass(frozen=True)
class Hold:
    """A gate held at a value, whatever the layer computes.

    Attributes:
        gate: "input", "forget" or "output" of an LSTM, "update" or "reset" of a GRU.
        value: 1 for open, 0 for shut, or anything between.
        unit: Whose gate it is; None for those of all units.
        step: From which step on, counted from 0.
    """

    gate: str
    value: float
    unit: int | None = None
    step: int = 0


@dataclass(frozen=True, eq=False)
class Unrolled:
    """A layer's way through one sequence.

    Attributes:
        x: The sequence, steps × features.
        rows: By the names of gates and states, steps × units; held gates as they are held.
        sums: The same before their activations; those of held gates as the layer computes them.
        held: By the names of gates, whether each is held, steps × units.
    """

    x: np.ndarray
    rows: dict[str, np.ndarray]
    sums: dict[str, np.ndarray]
    held: dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class GradientOverTime:
    """How the last state depends on every step before: steps × outputs × units (of `input`: features).

    Outputs are the units of the last state that were asked for, all of them or one. The cell's gradient holds all ways
    to the end, the one through the state of the same step among them, as TensorFlow's tape has it.

    Attributes:
        state: By the state of each step.
        cell: By an LSTM's cell of each step; None for other layers.
        input: By the input of each step.
    """

    state: np.ndarray
    cell: np.ndarray | None
    input: np.ndarray

    def sizes(self, by: str = "state") -> np.ndarray:
        """One number a step: the root of the sum of squares, averaged over the outputs. By the last state it is 1.

        Args:
            by: "state", "cell" or "input".
        """
        gradient = getattr(self, by, None) if by in ("state", "cell", "input") else None
        if gradient is None:
            raise unknown("gradient", by, ["state", "input"] + (["cell"] if self.cell is not None else []))
        return np.sqrt((gradient**2).sum((1, 2)) / gradient.shape[1])


def recurrent_cell(layer: Any) -> RecurrentCell:
    """What a Keras layer does at each step.

    Args:
        layer: A built SimpleRNN, LSTM or GRU, or a `keras.layers.RNN` around one of their cells.

    Returns:
        Its weights, copied.

    Raises:
        CourseError: If it is another layer, is not built, or has an activation that is not known here.

    Example:
        >>> model = keras.Sequential([keras.Input((None, 5)), keras.layers.LSTM(8)])
        >>> recurrent_cell(model.layers[0]).kernel.shape
        (5, 32)
    """
    import keras

    if isinstance(layer, keras.layers.Bidirectional):
        raise CourseError(
            f"The layer {layer.name!r} reads both ways: take one half of it, {layer.name}.forward_layer or "
            f"{layer.name}.backward_layer."
        )
    cell: Any = getattr(layer, "cell", None)
    kinds = {
        keras.layers.SimpleRNNCell: "SimpleRNN",
        keras.layers.LSTMCell: "LSTM",
        keras.layers.GRUCell: "GRU",
    }
    kind = kinds.get(type(cell))
    if kind is None:
        named = f"{layer.name!r} ({type(layer).__name__})" if isinstance(layer, keras.Layer) else type(layer).__name__
        raise CourseError(f"The layer must be a SimpleRNN, an LSTM or a GRU of Keras, but it is {named}.")
    if not cell.built:
        raise CourseError(
            f"The layer {layer.name!r} has no weights yet: put it into a model, or call "
            "layer.build((None, None, features)) first."
        )
    kernel, recurrent = (_array(weight) for weight in (cell.kernel, cell.recurrent_kernel))
    bias = np.zeros(kernel.shape[1]) if cell.bias is None else _array(cell.bias)
    pair = bias if bias.ndim == 2 else np.stack([bias, np.zeros_like(bias)])  # a GRU with reset_after has two
    return RecurrentCell(
        kind,
        kernel,
        recurrent,
        pair[0],
        pair[1],
        _name_of(cell.activation, layer),
        _name_of(getattr(cell, "recurrent_activation", None), layer),
        bool(getattr(cell, "reset_after", False)),
    )


def unrolled(cell: RecurrentCell, x: Any, holds: Sequence[Hold] = ()) -> Unrolled:
    """All gates and states of a layer for one sequence, from a state of zeros on.

    Args:
        cell: The layer, from `recurrent_cell`.
        x: The sequence, steps × features: what the layer is given, so the vectors of an embedding or one-hot rows.
        holds: Gates that are held; of two for the same gate the later one counts.

    Raises:
        CourseError: If the sequence or a hold does not fit the layer.

    Example:
        >>> cell = RecurrentCell("SimpleRNN", np.ones((1, 1)), np.full((1, 1), 0.5), np.zeros(1), np.zeros(1), "linear")
        >>> unrolled(cell, [[1.0], [0.0], [0.0]]).rows["state"].ravel()
        array([1.  , 0.5 , 0.25])
    """
    sequence = _sequence(cell, x)
    steps, units = len(sequence), cell.units
    values, held = _held(cell, holds, steps)
    parts = _PARTS[cell.kind]
    rows = {name: np.zeros((steps, units)) for name in ROWS[cell.kind]}
    sums = {name: np.zeros((steps, units)) for name in parts}
    from_input = sequence @ cell.kernel + cell.bias
    state, memory = np.zeros(units), np.zeros(units)
    for step in range(steps):
        given = dict(zip(parts, np.split(from_input[step], len(parts)), strict=True))
        carried = dict(zip(parts, np.split(state @ cell.recurrent + cell.recurrent_bias, len(parts)), strict=True))
        for name in [*GATES[cell.kind], *(part for part in parts if part not in GATES[cell.kind])]:
            if name == "candidate" and cell.kind == "GRU":
                reset = rows["reset"][step]
                if cell.reset_after:
                    carried[name] = reset * carried[name]
                else:
                    carried[name] = (reset * state) @ cell.recurrent[:, 2 * units :]
            sums[name][step] = given[name] + carried[name]
            value = cell.activation_of(name)(sums[name][step])
            rows[name][step] = np.where(held[name][step], values[name][step], value) if name in held else value
        here = {name: row[step] for name, row in rows.items()}
        if cell.kind == "LSTM":
            memory = here["forget"] * memory + here["input"] * here["candidate"]
            rows["cell"][step] = memory
            rows["state"][step] = here["output"] * ACTIVATION_FUNCTIONS[cell.activation](memory)
        elif cell.kind == "GRU":
            rows["state"][step] = here["update"] * state + (1 - here["update"]) * here["candidate"]
        state = rows["state"][step]
    return Unrolled(sequence, rows, sums, held)


def gradient_over_time(cell: RecurrentCell, way: Unrolled, unit: int | None = None) -> GradientOverTime:
    """The gradient of the last state by the states and inputs of every step: back-propagation through time.

    Nothing flows through a gate that is held.

    Args:
        cell: The layer.
        way: What `unrolled` gave for it.
        unit: Which unit of the last state; None for all of them.

    Raises:
        CourseError: If there is no such unit.

    Example:
        >>> cell = RecurrentCell("SimpleRNN", np.ones((1, 1)), np.full((1, 1), 0.5), np.zeros(1), np.zeros(1), "linear")
        >>> gradient_over_time(cell, unrolled(cell, np.zeros((4, 1)))).sizes()
        array([0.125, 0.25 , 0.5  , 1.   ])
    """
    steps, units = way.rows["state"].shape
    if unit is not None and not (isinstance(unit, int | np.integer) and 0 <= unit < units):
        raise CourseError(f"`unit` must be one from 0 to {units - 1}, or None for all, but it is {unit!r}.")
    by_state = np.eye(units) if unit is None else np.eye(units)[[unit]]
    by_cell = np.zeros_like(by_state)
    state = np.zeros((steps, *by_state.shape))
    memory = np.zeros_like(state)
    inputs = np.zeros((steps, len(by_state), cell.features))
    back = {"SimpleRNN": _back_rnn, "LSTM": _back_lstm, "GRU": _back_gru}[cell.kind]
    for step in reversed(range(steps)):
        state[step] = by_state
        slopes, by_state, by_cell, memory[step] = back(cell, way, step, by_state, by_cell)
        inputs[step] = slopes @ cell.kernel.T
    return GradientOverTime(state, memory if cell.kind == "LSTM" else None, inputs)


# --- one step back: the gradient by the sums, by the state and the cell before, and by the cell of this step ----------

_Back = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _back_rnn(cell: RecurrentCell, way: Unrolled, step: int, by_state: np.ndarray, by_cell: np.ndarray) -> _Back:
    slopes = by_state * _slope(cell, way, "state", step)
    return slopes, slopes @ cell.recurrent.T, by_cell, by_cell


def _back_lstm(cell: RecurrentCell, way: Unrolled, step: int, by_state: np.ndarray, by_cell: np.ndarray) -> _Back:
    here = {name: row[step] for name, row in way.rows.items()}
    shape = ACTIVATION_FUNCTIONS[cell.activation]
    here_cell = by_cell + by_state * here["output"] * shape.slopes(here["cell"])
    by_part = {
        "input": here_cell * here["candidate"],
        "forget": here_cell * _before(way, "cell", step),
        "candidate": here_cell * here["input"],
        "output": by_state * shape(here["cell"]),
    }
    slopes = np.concatenate([by_part[name] * _slope(cell, way, name, step) for name in _PARTS["LSTM"]], axis=1)
    return slopes, slopes @ cell.recurrent.T, here_cell * here["forget"], here_cell


def _back_gru(cell: RecurrentCell, way: Unrolled, step: int, by_state: np.ndarray, by_cell: np.ndarray) -> _Back:
    units = cell.units
    update, reset, candidate = (way.rows[name][step] for name in _PARTS["GRU"])
    state = _before(way, "state", step)
    kernel = cell.recurrent[:, 2 * units :]
    slope = by_state * (1 - update) * _slope(cell, way, "candidate", step)
    if cell.reset_after:
        by_reset = slope * (state @ kernel + cell.recurrent_bias[2 * units :])
        by_before = (slope * reset) @ kernel.T
    else:
        by_reset = (slope @ kernel.T) * state
        by_before = (slope @ kernel.T) * reset
    gates = [
        by_state * (state - candidate) * _slope(cell, way, "update", step),
        by_reset * _slope(cell, way, "reset", step),
    ]
    by_before = by_before + np.concatenate(gates, axis=1) @ cell.recurrent[:, : 2 * units].T + by_state * update
    return np.concatenate([*gates, slope], axis=1), by_before, by_cell, by_cell


def _slope(cell: RecurrentCell, way: Unrolled, part: str, step: int) -> np.ndarray:
    """How much of a change of its sum a part lets through: nothing where it is held."""
    slope = cell.activation_of(part).slopes(way.sums[part][step])
    return np.where(way.held[part][step], 0.0, slope) if part in way.held else slope


def _before(way: Unrolled, row: str, step: int) -> np.ndarray:
    return way.rows[row][step - 1] if step else np.zeros(way.rows[row].shape[1])


# --- what is asked of arguments ---------------------------------------------------------------------------------------


def _sequence(cell: RecurrentCell, x: Any) -> np.ndarray:
    array = np.asarray(x, float)
    if array.ndim != 2 or array.shape[1] != cell.features or not len(array):
        hint = ": for one of several sequences pass x[0]" if array.ndim == 3 else ""
        raise CourseError(
            f"A sequence must be steps × {cell.features} numbers for this layer, but its shape is {array.shape}{hint}."
        )
    if not np.isfinite(array).all():
        raise CourseError("The sequence holds numbers that are NaN or infinite: replace them, as with np.nan_to_num.")
    return array


def _held(
    cell: RecurrentCell, holds: Sequence[Hold], steps: int
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """For each gate the values at which it is held, and whether it is, both steps × units."""
    values = {gate: np.zeros((steps, cell.units)) for gate in GATES[cell.kind]}
    held = {gate: np.zeros((steps, cell.units), bool) for gate in GATES[cell.kind]}
    for hold in holds:
        check_hold(hold, cell.kind, cell.units)
        units = slice(None) if hold.unit is None else hold.unit
        values[hold.gate][hold.step :, units] = hold.value
        held[hold.gate][hold.step :, units] = True
    return values, held


def check_hold(hold: Hold, kind: str, units: int) -> None:
    """Refuses a hold that a layer cannot have.

    Args:
        hold: The hold.
        kind: "SimpleRNN", "LSTM" or "GRU".
        units: How many units the layer has.

    Raises:
        CourseError: If the layer has no such gate or unit, or the value or the step is none.

    Example:
        >>> check_hold(Hold("forget", 1), "LSTM", units=8)
    """
    if not GATES[kind]:
        raise CourseError("A SimpleRNN has no gates to hold: take an LSTM or a GRU.")
    if hold.gate not in GATES[kind]:
        raise unknown(f"gate of the {kind}", hold.gate, GATES[kind])
    if isinstance(hold.value, bool) or not isinstance(hold.value, int | float) or not 0 <= hold.value <= 1:
        raise CourseError(f"A gate is held at a value from 0 (shut) to 1 (open), not at {hold.value!r}.")
    if hold.unit is not None and not (_is_whole(hold.unit) and 0 <= hold.unit < units):
        raise CourseError(
            f"The unit of a held gate must be a whole number from 0 to {units - 1}, or None for all, but it is "
            f"{hold.unit!r}."
        )
    if not (_is_whole(hold.step) and hold.step >= 0):
        raise CourseError(f"The step of a held gate must be a whole number from 0 on, but it is {hold.step!r}.")


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _array(variable: Any) -> np.ndarray:
    import keras

    return keras.ops.convert_to_numpy(variable).astype(float)


def _name_of(activation: Any, layer: Any) -> str:
    import keras

    if activation is None:
        return "linear"
    for name in ACTIVATION_FUNCTIONS:
        if name != "step" and activation is keras.activations.get(name):
            return name
    called = getattr(activation, "__name__", type(activation).__name__)
    raise CourseError(
        f"The layer {layer.name!r} has the activation {called!r}; known here are {', '.join(ACTIVATION_FUNCTIONS)}."
    )
