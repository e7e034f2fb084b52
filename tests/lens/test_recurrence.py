"""A recurrent layer step by step, against Keras' own layers and TensorFlow's tape."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers

from dlcourse.errors import CourseError
from dlcourse.lens import Hold, gradient_over_time, recurrent_cell, unrolled
from dlcourse.lens.recurrence import GATES

KINDS = {
    "SimpleRNN": layers.SimpleRNN,
    "LSTM": layers.LSTM,
    "GRU": layers.GRU,
    "GRU before": lambda *a, **k: layers.GRU(*a, reset_after=False, **k),
}
PARTS = {"LSTM": ["input", "forget", "candidate", "output"], "GRU": ["update", "reset", "candidate"]}
CASES = st.tuples(
    st.sampled_from(list(KINDS)),
    st.integers(1, 4),  # units
    st.integers(1, 3),  # features
    st.integers(1, 5),  # steps
    st.sampled_from(["tanh", "relu", "elu"]),
    st.booleans(),  # with a bias
    st.integers(0, 99),
)


def made(case):
    """A layer that gives all steps, with random weights, and a sequence."""
    kind, units, features, steps, activation, bias, seed = case
    generator = np.random.default_rng(seed)
    layer = KINDS[kind](units, activation=activation, use_bias=bias, return_sequences=True, return_state=True)
    layer.build((None, None, features))
    layer.set_weights([generator.normal(size=weight.shape) for weight in layer.weights])
    return layer, generator.normal(size=(steps, features))


def layer_of(kind, units=3, features=2, steps=6, seed=0):
    return made((kind, units, features, steps, "tanh", True, seed))


def taped(layer, x, unit, layer_at=None):
    """The states of every step by Keras' own cell, and the last one's gradients by TensorFlow's tape.

    `layer_at` says whose cell it is from a step on.
    """
    inputs = [tf.constant(row[None], tf.float32) for row in x]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        states = layer.cell.get_initial_state(batch_size=1)
        states = [*states] if isinstance(states, list | tuple) else [states]
        visited = []
        for step, row in enumerate(inputs):
            cell = (layer_at(step) if layer_at else layer).cell
            _, states = cell(row, states)
            tape.watch(states)
            visited.append(list(states))
        # the state that is handed on, and the cell of the LSTM
        last = visited[-1][0][0, unit]
    columns = [[step[0] for step in visited], [step[-1] for step in visited], inputs]
    slopes = tape.gradient(last, columns, unconnected_gradients="zero")
    return visited, [np.array([slope.numpy()[0] for slope in column]) for column in slopes]


@settings(max_examples=40)
@given(CASES)
def test_states_are_those_of_keras(case):
    layer, x = made(case)
    every, *last = (tensor.numpy() for tensor in layer(tf.constant(x[None], tf.float32)))
    way = unrolled(recurrent_cell(layer), x)
    np.testing.assert_allclose(way.rows["state"], every[0], atol=1e-6, rtol=2e-5)
    names = ["state", "cell"][: len(last)]
    for name, state in zip(names, last, strict=True):
        np.testing.assert_allclose(way.rows[name][-1], state[0], atol=1e-6, rtol=2e-5)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(CASES, st.integers(0, 3))
def test_gradients_are_those_of_the_tape(case, number):
    layer, x = made(case)
    unit = number % case[1]
    _, (state, memory, inputs) = taped(layer, x, unit)
    cell = recurrent_cell(layer)
    found = gradient_over_time(cell, unrolled(cell, x), unit)
    np.testing.assert_allclose(found.state[:, 0], state, atol=1e-5, rtol=1e-4)
    np.testing.assert_allclose(found.input[:, 0], inputs, atol=1e-5, rtol=1e-4)
    if cell.kind == "LSTM":
        np.testing.assert_allclose(found.cell[:, 0], memory, atol=1e-5, rtol=1e-4)
    whole = gradient_over_time(cell, unrolled(cell, x))
    np.testing.assert_allclose(whole.state[:, unit], found.state[:, 0], atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_are_those_of_the_tape_for_one_of_each_kind(kind):
    layer, x = layer_of(kind)
    _, (state, memory, inputs) = taped(layer, x, 1)
    cell = recurrent_cell(layer)
    found = gradient_over_time(cell, unrolled(cell, x), 1)
    np.testing.assert_allclose(found.state[:, 0], state, atol=1e-6, rtol=1e-5)
    np.testing.assert_allclose(found.input[:, 0], inputs, atol=1e-6, rtol=1e-5)
    if kind == "LSTM":
        np.testing.assert_allclose(found.cell[:, 0], memory, atol=1e-6, rtol=1e-5)


def with_gate_held(layer, kind, gate, value, unit):
    """The same layer with weights that press a gate to 0 or to 1: no weight but a large bias."""
    other, _ = layer_of(kind)
    place = PARTS[kind.split()[0]].index(gate)
    units = layer.units
    columns = (
        slice(place * units, (place + 1) * units)
        if unit is None
        else slice(place * units + unit, place * units + unit + 1)
    )
    weights = [weight.copy() for weight in layer.get_weights()]
    for array in weights:
        array[..., columns] = 0
    weights[2][..., columns] = 100 if value else -100
    other.set_weights(weights)
    return other


@pytest.mark.parametrize(("kind", "gate"), [(kind, gate) for kind in KINDS for gate in GATES[kind.split()[0]]])
@pytest.mark.parametrize(("value", "unit", "step"), [(1, None, 0), (0, 1, 2)])
def test_a_held_gate_is_one_whose_weights_press_it_there(kind, gate, value, unit, step):
    layer, x = layer_of(kind)
    pressed = with_gate_held(layer, kind, gate, value, unit)
    visited, (state, _, inputs) = taped(layer, x, 0, lambda at: pressed if at >= step else layer)
    cell = recurrent_cell(layer)
    way = unrolled(cell, x, [Hold(gate, value, unit, step)])
    np.testing.assert_allclose(way.rows["state"], [states[0].numpy()[0] for states in visited], atol=1e-6)
    found = gradient_over_time(cell, way, 0)
    np.testing.assert_allclose(found.state[:, 0], state, atol=1e-6, rtol=1e-5)
    np.testing.assert_allclose(found.input[:, 0], inputs, atol=1e-6, rtol=1e-5)
    assert (way.rows[gate][step:, slice(None) if unit is None else unit] == value).all()


def test_gates_of_an_lstm_are_its_equations():
    layer, x = layer_of("LSTM", units=1, features=1, steps=1)
    kernel, _, bias = (array.ravel() for array in layer.get_weights())
    i, f, g, o = x[0, 0] * kernel + bias
    rows = unrolled(recurrent_cell(layer), x).rows
    sigmoid = lambda value: 1 / (1 + np.exp(-value))  # noqa: E731
    expected = {"input": sigmoid(i), "forget": sigmoid(f), "candidate": np.tanh(g), "output": sigmoid(o)}
    expected["cell"] = expected["input"] * expected["candidate"]
    expected["state"] = expected["output"] * np.tanh(expected["cell"])
    assert {name: row.item() for name, row in rows.items()} == pytest.approx(expected, abs=1e-6)


def test_over_a_hundred_steps_the_gradient_vanishes_without_a_cell_that_is_kept():
    sizes = {}
    for kind, holds in {"SimpleRNN": [], "LSTM": [Hold("forget", 1)]}.items():
        generator = np.random.default_rng(0)
        keras.utils.set_random_seed(0)
        layer = KINDS[kind](16)
        layer.build((None, None, 4))
        cell = recurrent_cell(layer)
        way = unrolled(cell, generator.normal(size=(100, 4)), holds)
        sizes[kind] = gradient_over_time(cell, way).sizes("cell" if kind == "LSTM" else "state")
    assert sizes["SimpleRNN"][0] < 1e-6 < 0.1 < sizes["LSTM"][0]


def test_one_number_a_step_is_one_at_the_end():
    layer, x = layer_of("GRU")
    cell = recurrent_cell(layer)
    for unit in (None, 2):
        assert gradient_over_time(cell, unrolled(cell, x), unit).sizes()[-1] == pytest.approx(1)
    with pytest.raises(CourseError, match=r"There is no gradient 'cell'.*Known: input, state"):
        gradient_over_time(cell, unrolled(cell, x)).sizes("cell")


def test_an_rnn_around_a_cell_is_the_layer_with_its_name():
    layer = layers.RNN(layers.GRUCell(3), return_sequences=True)
    x = np.random.default_rng(1).normal(size=(4, 2))
    every = layer(tf.constant(x[None], tf.float32)).numpy()[0]
    np.testing.assert_allclose(unrolled(recurrent_cell(layer), x).rows["state"], every, atol=1e-6)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: layers.Dense(3, name="d"), r"must be a SimpleRNN, an LSTM or a GRU of Keras, but it is 'd' \(Dense\)"),
        (lambda: "lstm", "but it is str"),
        (lambda: layers.LSTM(3, name="l"), r"The layer 'l' has no weights yet: put it into a model"),
        (lambda: layers.Bidirectional(layers.LSTM(3), name="b"), r"take one half of it, b\.forward_layer"),
        (lambda: built(layers.GRU(2, name="g", activation="softmax")), "'g' has the activation 'softmax'; known here"),
    ],
)
def test_what_is_no_such_layer_is_refused(make, sentence):
    with pytest.raises(CourseError, match=sentence):
        recurrent_cell(make())


def built(layer):
    layer.build((None, None, 2))
    return layer


@pytest.mark.parametrize(
    ("hold", "sentence"),
    [
        (Hold("forgets", 1), "There is no gate of the LSTM 'forgets'. Did you mean 'forget'"),
        (Hold("forget", 2), r"from 0 \(shut\) to 1 \(open\), not at 2"),
        (
            Hold("forget", 1, unit=3),
            "The unit of a held gate must be a whole number from 0 to 2, or None for all, but it is 3",
        ),
        (Hold("forget", 1, step=-1), "The step of a held gate must be a whole number from 0 on, but it is -1"),
    ],
)
def test_a_hold_that_does_not_fit_is_refused(hold, sentence):
    layer, x = layer_of("LSTM")
    with pytest.raises(CourseError, match=sentence):
        unrolled(recurrent_cell(layer), x, [hold])


def test_a_simple_rnn_has_no_gates_to_hold():
    layer, x = layer_of("SimpleRNN")
    with pytest.raises(CourseError, match="has no gates to hold: take an LSTM or a GRU"):
        unrolled(recurrent_cell(layer), x, [Hold("forget", 1)])


@pytest.mark.parametrize(
    ("x", "sentence"),
    [
        (np.zeros((2, 5, 2)), r"steps × 2 numbers for this layer, but its shape is \(2, 5, 2\): for one of several"),
        (np.zeros((5, 3)), r"its shape is \(5, 3\)"),
        (np.full((5, 2), np.nan), "NaN or infinite"),
    ],
)
def test_a_sequence_that_does_not_fit_is_refused(x, sentence):
    layer, _ = layer_of("LSTM")
    with pytest.raises(CourseError, match=sentence):
        unrolled(recurrent_cell(layer), x)


def test_there_is_no_unit_beyond_the_last():
    layer, x = layer_of("LSTM")
    cell = recurrent_cell(layer)
    with pytest.raises(CourseError, match="`unit` must be one from 0 to 2, or None for all, but it is 3"):
        gradient_over_time(cell, unrolled(cell, x), 3)
