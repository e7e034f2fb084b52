"""Lesson 2.2's own code, taken out of the notebook: the forty-line autodiff, and the training loop written by hand."""

from pathlib import Path

import keras
import nbformat
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume, given
from hypothesis import strategies as st
from properties import examples

LESSON = Path(__file__).parents[2] / "course/02_training/02_backpropagation.ipynb"
NUMBERS = st.floats(-3, 3).map(lambda number: round(number, 3))


def sources(tag):
    cells = nbformat.read(LESSON, 4).cells
    return [cell.source for cell in cells if cell.cell_type == "code" and tag in cell.metadata.get("tags", [])]


def run(tag, known=None):
    namespace = dict(known or {})
    for source in sources(tag):
        exec(source, namespace)
    return namespace


mine = run("autodiff")
train_by_hand = run("training-loop", {"keras": keras, "tf": tf})["train_by_hand"]

# each makes a new value of one or two that are there already; its guard keeps it where both sides are defined and tame
BINARY = {
    "+": (lambda a, b: a + b, lambda a, b: True),
    "-": (lambda a, b: a - b, lambda a, b: True),
    "*": (lambda a, b: a * b, lambda a, b: True),
    "/": (lambda a, b: a / b, lambda a, b: abs(b) > 0.05),
}
UNARY = {
    "negative": (lambda f, a: -a, lambda a: True),
    "exp": (lambda f, a: f["exp"](a), lambda a: abs(a) < 5),
    "log": (lambda f, a: f["log"](a), lambda a: a > 0.01),
    "tanh": (lambda f, a: f["tanh"](a), lambda a: abs(a) < 5),
    "sigmoid": (lambda f, a: f["sigmoid"](a), lambda a: abs(a) < 10),
    "relu": (lambda f, a: f["relu"](a), lambda a: abs(a) > 1e-6),
    "squared": (lambda f, a: a**2, lambda a: abs(a) < 50),
    "cubed": (lambda f, a: a**3, lambda a: abs(a) < 20),
    "to the 0": (lambda f, a: a**0, lambda a: abs(a) > 0.05),
    "to the -2": (lambda f, a: a**-2, lambda a: abs(a) > 0.1),
    "to the 0.5": (lambda f, a: a**0.5, lambda a: a > 0.01),
}
THEIRS = {"exp": tf.exp, "log": tf.math.log, "tanh": tf.tanh, "sigmoid": tf.sigmoid, "relu": tf.nn.relu}

LEAVES = st.lists(NUMBERS, min_size=1, max_size=3)
PLACE = st.integers(0, 50)  # which of the values so far, counted from the latest: so one is often used again
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(sorted(BINARY)), PLACE, PLACE),
        st.tuples(st.sampled_from(sorted(BINARY)), PLACE, NUMBERS),
        st.tuples(st.sampled_from(sorted(BINARY)), NUMBERS, PLACE),
        st.tuples(st.sampled_from(sorted(UNARY)), PLACE),
    ),
    min_size=1,
    max_size=12,
)


def value_of(number):
    return float(number.data if isinstance(number, mine["Value"]) else number)


def evaluate(steps, leaves, functions):
    """Run a small program over values of either kind; steps that would leave the tame range are passed over."""
    values = [*leaves]
    for name, *arguments in steps:
        chosen = [
            values[-1 - argument % len(values)] if isinstance(argument, int) else argument for argument in arguments
        ]
        result, guard = (BINARY if name in BINARY else UNARY)[name]
        if guard(*map(value_of, chosen)):
            new = result(*chosen) if name in BINARY else result(functions, *chosen)
            if abs(value_of(new)) < 1e4:
                values.append(new)
    return values[-1], len(values) - len(leaves)


def gradients_of_both(steps, leaves):
    own = [mine["Value"](leaf) for leaf in leaves]
    end, steps_run = evaluate(steps, own, mine)
    mine["backward"](end)
    variables = [tf.Variable(leaf, dtype=tf.float64) for leaf in leaves]
    with tf.GradientTape() as tape:
        their_end, their_steps_run = evaluate(steps, [tf.convert_to_tensor(variable) for variable in variables], THEIRS)
    assert their_steps_run == steps_run
    theirs = tape.gradient(their_end, variables, unconnected_gradients="zero")
    return end.data, [value.grad for value in own], float(their_end), [float(gradient) for gradient in theirs]


class TestAutodiff:
    def test_it_is_forty_lines_in_two_or_three_cells(self):
        cells = sources("autodiff")
        assert 2 <= len(cells) <= 3
        assert sum(bool(line.strip()) for cell in cells for line in cell.splitlines()) <= 40

    @examples(3)
    @given(steps=STEPS, leaves=LEAVES)
    def test_random_expressions_agree_with_the_tape(self, steps, leaves):
        value, gradients, their_value, their_gradients = gradients_of_both(steps, leaves)
        assume(np.abs(their_gradients).max() < 1e8)
        scale = max(1.0, np.abs(their_gradients).max())  # below 1e-9 of the largest there is only rounding
        np.testing.assert_allclose(value, their_value, rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(gradients, their_gradients, rtol=1e-6, atol=1e-9 * scale)

    @pytest.mark.parametrize("name", [*BINARY])
    @pytest.mark.parametrize("arguments", [(0, 1), (0, 0), (0, 2.5), (2.5, 0)], ids=["two", "itself", "right", "left"])
    def test_each_operator_with_values_and_numbers(self, name, arguments):
        value, gradients, their_value, their_gradients = gradients_of_both([(name, *arguments)], [0.7, 1.3])
        np.testing.assert_allclose([value, *gradients], [their_value, *their_gradients], rtol=1e-12)

    @pytest.mark.parametrize("name", [*UNARY])
    @pytest.mark.parametrize("at", [0.4, 1.9])
    def test_each_function(self, name, at):
        value, gradients, their_value, their_gradients = gradients_of_both([(name, 0)], [at])
        np.testing.assert_allclose([value, *gradients], [their_value, *their_gradients], rtol=1e-12)

    def test_a_value_used_again_and_again_collects_from_all(self):
        steps = [("tanh", 0), ("*", 0, 0), ("+", 0, 1), ("*", 0, 1), ("-", 0, 3), ("/", 0, 1)]
        value, gradients, their_value, their_gradients = gradients_of_both(steps, [0.8])
        np.testing.assert_allclose([value, *gradients], [their_value, *their_gradients], rtol=1e-9)

    def test_going_back_twice_does_not_double(self):
        a = mine["Value"](3)
        end = a * a
        mine["backward"](end)
        mine["backward"](end)
        assert a.grad == 6

    def test_nought_to_the_nought_is_flat(self):
        a = mine["Value"](0)
        end = a**0
        mine["backward"](end)
        assert (end.data, a.grad) == (1, 0)

    @pytest.mark.parametrize("far", [-800.0, 800.0])
    def test_sigmoid_holds_far_out(self, far):
        a = mine["Value"](far)
        end = mine["sigmoid"](a)
        mine["backward"](end)
        assert (end.data, a.grad) == (float(far > 0), 0.0)

    def test_a_chain_of_thousands_needs_no_deep_stack(self):
        a = mine["Value"](1)
        end = a
        for _ in range(5000):
            end = end + a
        mine["backward"](end)
        assert a.grad == 5001


def classifier():
    model = keras.Sequential(
        [
            keras.Input((6,)),
            keras.layers.Dense(8, use_bias=False),
            keras.layers.BatchNormalization(),
            keras.layers.ReLU(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    return model


def regressor():
    inputs = keras.Input((4, 5))
    flat = keras.layers.Flatten()(inputs)
    left = keras.layers.Dense(7, activation="tanh", kernel_regularizer=keras.regularizers.L2(0.05))(flat)
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Concatenate()([left, flat])))
    model.compile(optimizer=keras.optimizers.SGD(0.05, momentum=0.9), loss=keras.losses.Huber())
    return model


class TestTrainingLoop:
    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("build", "shape", "classes"), [(classifier, (6,), 3), (regressor, (4, 5), None)], ids=["classes", "numbers"]
    )
    def test_it_equals_fit_weight_for_weight(self, build, shape, classes):
        rng = np.random.default_rng(0)
        x = rng.normal(size=(70, *shape)).astype("float32")
        y = rng.integers(0, classes, 70) if classes else rng.normal(size=(70, 1)).astype("float32")
        keras.utils.set_random_seed(1)
        by_fit = build()
        by_hand = keras.models.clone_model(by_fit)
        by_hand.set_weights(by_fit.get_weights())
        start = by_fit.get_weights()
        by_hand.compile(
            optimizer=by_fit.optimizer.__class__.from_config(by_fit.optimizer.get_config()), loss=by_fit.loss
        )
        by_fit.fit(x, y, epochs=3, batch_size=16, shuffle=False, verbose=0)
        losses = train_by_hand(by_hand, x, y, epochs=3, batch_size=16)
        assert len(losses) == 3 * 5
        for before, after, other in zip(start, by_fit.get_weights(), by_hand.get_weights(), strict=True):
            assert np.abs(before - after).max() > 1e-4
            np.testing.assert_allclose(other, after, rtol=0, atol=1e-6)
