"""Ablation in Python: what it measures, what it takes, what it says, and what it refuses."""

import keras
import numpy as np
import pytest
from keras import layers

from dlcourse.errors import CourseError
from dlcourse.lens import Cut, without
from dlcourse.widgets import Ablation
from dlcourse.widgets.ablation import key_of
from dlcourse.widgets.ablation.look import lanes

GENERATOR = np.random.default_rng(2)
X, Y = GENERATOR.normal(size=(30, 4)).astype("float32"), GENERATOR.integers(0, 3, 30)


def network(finish="softmax", loss="sparse_categorical_crossentropy"):
    inputs = keras.Input((4,))
    x = layers.Dense(4, "relu", name="first")(inputs)
    x = layers.Add(name="add")([inputs, x])
    model = keras.Model(inputs, layers.Dense(3, finish, name="classes")(x), name="small")
    model.compile(loss=loss, metrics=["accuracy"])
    model.set_weights([GENERATOR.normal(size=weight.shape) for weight in model.get_weights()])
    return model


def words_of(widget):
    return widget._repr_mimebundle_()[0]["text/plain"]


def test_its_numbers_are_those_of_keras():
    model = network()
    widget = Ablation(model, X, Y)
    for cuts in ((), (Cut("add", "input", 0),), (Cut("first", "unit", 1), Cut("add", "input", 0))):
        widget.cuts = cuts
        cut = without(model, cuts)
        cut.compile(loss=model.loss, metrics=["accuracy"])
        loss, accuracy = cut.evaluate(X, Y, verbose=0)
        assert widget.score["value"] == pytest.approx(accuracy)
        assert widget.score["loss"] == pytest.approx(loss, abs=1e-5)
        counts = np.reshape(widget._results[key_of(cuts)]["counts"], (3, 3))
        said = cut.predict(X, verbose=0)
        assert counts[1, 2] == np.sum((Y == 1) & (said.argmax(1) == 2))
        np.testing.assert_allclose(widget._results[key_of(cuts)]["answers"], said[:24], atol=1e-4)
        np.testing.assert_allclose(widget.model.predict(X, verbose=0), said, atol=1e-6)


def test_scores_become_probabilities():
    widget = Ablation(network(None, keras.losses.SparseCategoricalCrossentropy(from_logits=True)), X, Y)
    answers = np.array(widget._results[""]["answers"])
    np.testing.assert_allclose(answers.sum(1), 1, atol=1e-3)


@pytest.mark.parametrize("logits", [True, False])
def test_one_output_is_a_pair_of_probabilities(logits):
    inputs = keras.Input((4,))
    x = layers.Dense(4, "tanh", name="first")(inputs)
    model = keras.Model(inputs, layers.Dense(1, None if logits else "sigmoid", name="yes")(x))
    model.compile(loss=keras.losses.BinaryCrossentropy(from_logits=logits))
    widget = Ablation(model, X, Y % 2, cuts=[("first", "identity")], classes=["no", "yes"])
    said = widget.model.predict(X, verbose=0)[:24, 0]
    yes = 1 / (1 + np.exp(-said)) if logits else said
    np.testing.assert_allclose(widget._results[key_of(widget.cuts)]["answers"], np.stack([1 - yes, yes], 1), atol=1e-4)
    assert widget._network["truths"] == (Y[:24] % 2).tolist()


def test_cuts_that_come_again_are_not_measured_again(monkeypatch):
    widget = Ablation(network(), X, Y)
    measured = []
    outputs = type(widget._measured_network).outputs
    monkeypatch.setattr(
        type(widget._measured_network), "outputs", lambda network, cuts: measured.append(cuts) or outputs(network, cuts)
    )
    widget.cuts = [Cut("add", "input", 0)]
    assert measured == []  # layers and links were measured at once
    widget.cuts = [Cut("first", "unit", 1), ("add", "input", 0)]
    widget.cuts = []
    widget.cuts = [("add", "input"), ("first", "unit", 1)]
    assert len(measured) == 1


def test_a_deep_network_is_not_measured_before_anybody_asks():
    inputs = x = keras.Input((4,))
    for _ in range(20):
        x = layers.Add()([x, layers.Dense(4)(x)])
    model = keras.Model(inputs, layers.Dense(3, "softmax")(x))
    widget = Ablation(model, X, Y, loss="sparse_categorical_crossentropy")
    assert list(widget._results) == [""]


def test_the_number_is_told_after_a_trial():
    widget = Ablation(network(), X, Y, cuts=[("add", "input", 0)])
    assert "how much is left?" in words_of(widget)
    widget.tried = [{"cuts": [("add", "input", 0)], "guess": 40}]
    assert "how much is left?" not in words_of(widget)
    assert "add without the input. Accuracy" in words_of(widget)
    widget.reset()
    assert (widget.tried, widget.cuts) == ((), (Cut("add", "input", 0),))


def test_a_network_over_series_is_measured_as_keras_does_it():
    model = keras.Sequential([keras.Input((6, 2)), layers.LSTM(5, name="lstm"), layers.Dense(1, name="value")])
    model.compile(loss="mse")
    x, y = GENERATOR.normal(size=(20, 6, 2)).astype("float32"), GENERATOR.normal(size=20).astype("float32")
    widget = Ablation(model, x, y, cuts=[("lstm", "unit", 3)])
    hidden = np.array(model.layers[0](x))
    hidden[:, 3] = 0
    expected = np.mean((np.asarray(model.layers[1](hidden))[:, 0] - y) ** 2)
    assert widget.score == {"value": pytest.approx(expected), "loss": pytest.approx(expected)}
    assert "Whole, the loss is" in words_of(widget)


def test_masks_are_measured_by_their_overlap():
    inputs = keras.Input((8, 6, 1))
    x = layers.Conv2D(4, 3, padding="same", activation="relu", name="conv")(inputs)
    x = layers.Concatenate(name="both")([x, inputs])
    model = keras.Model(inputs, layers.Conv2D(1, 1, activation="sigmoid", name="mask")(x))
    model.compile(loss="binary_crossentropy")
    x, y = GENERATOR.uniform(size=(10, 8, 6, 1)), GENERATOR.integers(0, 2, (10, 8, 6, 1))
    widget = Ablation(model, x, y, cuts=[("both", "input", 1)], classes=["ground", "nucleus"])
    yes = np.asarray(without(model, widget.cuts)(x)) > 0.5
    assert widget.score["value"] == pytest.approx(np.sum(yes & (y == 1)) / np.sum(yes | (y == 1)))
    sent = widget._results[key_of(widget.cuts)]["answers"]
    assert sent["shape"] == [8, 6]
    np.testing.assert_array_equal(np.frombuffer(sent["bytes"], np.uint8).reshape(8, 8, 6, 1), yes[:8])
    assert "IoU" in words_of(widget)


def test_links_run_beside_each_other():
    # two ways from the same part end at different places, one within the other; a third stands alone
    inputs = [[-1], [0], [1, 0], [2, 0], [3]]
    found = lanes(inputs)
    assert found[(0, 2)] == 1
    assert found[(0, 3)] == 2
    assert {found[link] for link in ((-1, 0), (0, 1), (1, 2), (2, 3), (3, 4))} == {0}


@pytest.mark.parametrize(
    ("arguments", "settings", "sentence"),
    [
        ((None, X), {}, "belong to a model"),
        ((network(),), {}, "On what is it measured"),
        ((network(), X, Y[:5]), {}, "30 examples but `y` answers for 5"),
        ((network(), X, Y), {"classes": ["a"]}, "`classes` must be 3 names"),
        ((network(), X, Y), {"cuts": "add"}, r"a list such as \[Cut"),
        ((network(), X, Y), {"cuts": [("add",)]}, "A cut is a layer, a kind and a number"),
        ((network(), X, Y), {"cuts": [("odd", "zero")]}, "Did you mean 'add'"),
        ((network(), X, Y), {"cuts": [("classes", "zero")]}, "it puts out the answer"),
        ((network(), X, Y), {"example": 24}, "the examples that are shown are 0 to 23"),
        ((network(), X, Y), {"tried": [{"guess": "many"}]}, "a list of trials such as"),
        ((network(), X, Y), {"colour": 1}, "colour"),
    ],
)
def test_what_it_cannot_take_gets_a_sentence(arguments, settings, sentence):
    with pytest.raises(CourseError, match=sentence):
        Ablation(*arguments, **settings)


@pytest.mark.slow
def test_the_network_at_hand_loses_most_where_its_answer_passes():
    widget = Ablation()
    whole = widget.score["value"]
    assert whole > 0.9
    widget.cuts = [Cut("block2_add", "input", 1)]
    assert widget.score["value"] < whole - 0.1
    widget.cuts = [Cut("flatten", "zero")]
    assert widget.score["value"] < 0.2
