"""Recurrent in Python: a learner's layer or model, what it reads, and what it refuses."""

import keras
import numpy as np
import pytest
from displayed import words_of
from keras import layers

from dlcourse import nets
from dlcourse.errors import CourseError
from dlcourse.lens import Hold, recurrent_cell, unrolled
from dlcourse.widgets import Recurrent
from dlcourse.widgets.recurrent.brackets import CHARACTERS, bits_of_the_rules, line
from dlcourse.widgets.recurrent.example import Example

RNG = np.random.default_rng(3)
SIX = "abcdef"
SERIES = RNG.normal(size=(7, 2)).astype("float32")


def built(layer, features=6):
    layer.build((None, None, features))
    return layer


def one_hot(*behind, steps=None, **settings):
    return keras.Sequential([keras.Input((steps, 6)), layers.GRU(4, **settings), *behind])


def with_weights(model):
    """The model with weights so large that answers differ."""
    model.set_weights([RNG.normal(size=weight.shape) for weight in model.get_weights()])
    return model


def codes(text):
    return np.array([[SIX.index(letter) for letter in text]])


# how a model is made, what it is given for a text, and whether the browser reads for itself and answers for itself
MODELS = {
    "embedding, every step": (
        lambda: nets.recurrent(
            (None,), 6, cell="lstm", units=(4,), vocabulary=6, embedding=3, every_step=True, dropout=0.5
        ),
        codes,
        (True, True),
    ),
    "embedding, the end": (
        lambda: nets.recurrent((5,), 6, cell="gru", units=(4,), vocabulary=6, embedding=3),
        codes,
        (True, True),
    ),
    "one-hot": (
        lambda: one_hot(layers.Dropout(0.5), layers.Dense(3, "relu"), layers.Dense(6)),
        lambda text: np.eye(6)[codes(text)],
        (True, True),
    ),
    "encoded inside": (
        lambda: keras.Sequential(
            [
                keras.Input((None,), dtype="int32"),
                layers.CategoryEncoding(6, output_mode="one_hot"),
                layers.SimpleRNN(4, return_sequences=True),
                layers.TimeDistributed(layers.Dense(6, "softmax")),
            ]
        ),
        codes,
        (True, True),
    ),
    "two layers": (
        lambda: nets.recurrent((None,), 6, cell="lstm", units=(4, 3), vocabulary=6, embedding=3, every_step=True),
        codes,
        (True, False),
    ),
    "all steps flattened": (
        lambda: one_hot(layers.Flatten(), layers.Dense(6, "softmax"), steps=5, return_sequences=True),
        lambda text: np.eye(6)[codes(text)],
        (True, False),
    ),
    "a convolution before": (
        lambda: keras.Sequential(
            [
                keras.Input((None,), dtype="int32"),
                layers.Embedding(6, 3),
                layers.Conv1D(4, 3, padding="causal"),
                layers.LSTM(4),
                layers.Dense(6, "softmax"),
            ]
        ),
        codes,
        (False, True),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_answers_are_those_of_the_model(name):
    make, given, (reads, answers) = MODELS[name]
    model = with_weights(make())
    widget = Recurrent(model, "badce", vocabulary=SIX)
    network = widget._network
    assert (network["reads_alone"], network["head"] is not None) == (reads, answers)
    outputs = keras.ops.convert_to_numpy(model(given("badce")))[0].reshape(-1, 6)[-1]
    if network["finish"] == "scores":
        outputs = np.exp(outputs) / np.exp(outputs).sum()
    assert list(widget.answer) == list(SIX)
    np.testing.assert_allclose(list(widget.answer.values()), outputs, atol=2e-6)
    if not (reads and answers):
        assert widget._reply["text"] == "badce"
        sent = [name for name in ("inputs", "answers") if name in widget._reply]
        assert sent == [*([] if reads else ["inputs"]), *([] if answers else ["answers"])]


def test_an_answer_follows_a_gate_that_is_held_also_through_layers_that_python_runs():
    model = with_weights(MODELS["all steps flattened"][0]())
    widget = Recurrent(model, "badce", vocabulary=SIX, held={"update": {"value": 1, "step": 2}})
    gru, _, dense = model.layers
    way = unrolled(recurrent_cell(gru), np.eye(6)[codes("badce")][0], [Hold("update", 1, None, 2)])
    np.testing.assert_array_equal(way.rows["state"][1], way.rows["state"][4])  # nothing is taken up any more
    expected = keras.ops.convert_to_numpy(dense(way.rows["state"].reshape(1, -1).astype("float32")))[0]
    np.testing.assert_allclose(list(widget.answer.values()), expected, atol=2e-6)
    before = widget.answer
    widget.held = {}
    assert widget._reply["held"] == {}
    assert max(abs(before[name] - value) for name, value in widget.answer.items()) > 1e-3


def test_a_layer_by_itself_reads_one_hot_or_a_series():
    widget = Recurrent(built(layers.LSTM(3), 2), SERIES, unit=2, step=4)
    way = unrolled(widget._source.cell, SERIES)
    np.testing.assert_allclose(widget.unrolled().rows["state"], way.rows["state"])
    assert widget.answer == {}
    assert "LSTM, unit 2 at step 4 (of 0 to 6): input" in words_of(widget)
    assert Recurrent(built(layers.GRU(3)), "fade", vocabulary=SIX).unrolled().x.argmax(1).tolist() == [5, 0, 3, 4]


def test_a_series_is_foretold():
    model = nets.recurrent((None, 2), 1, cell="rnn", units=(5,), vocabulary=None, output_activation=None)
    widget = Recurrent(model, SERIES)
    assert widget.answer[""] == pytest.approx(float(model(SERIES[None])[0, 0]), abs=1e-6)
    assert f"Answer: {widget.answer['']:.2f}".replace("-", "−") in words_of(widget)
    assert Recurrent(built(layers.GRU(2), 1), [0.1, 0.2, 0.3]).unrolled().x.shape == (3, 1)


def test_words_are_read_with_one_for_those_unknown():
    model = keras.Sequential([keras.Input((None,)), layers.Embedding(4, 3), layers.LSTM(3), layers.Dense(1, "sigmoid")])
    widget = Recurrent(model, "good  or bad", vocabulary=["", "[UNK]", "good", "bad"], classes=["positive"])
    outputs = model(np.array([[2, 1, 3]]))
    assert widget.answer == pytest.approx({"positive": float(outputs[0, 0])}, abs=1e-6)


def test_the_network_at_hand_knows_the_rules_of_its_lines_as_long_as_it_keeps_its_cell():
    texts = [line(40, np.random.default_rng(seed)) for seed in range(40)]
    rules = np.mean([bits_of_the_rules(text) for text in texts])
    assert np.mean([bits_of_the_network(text) for text in texts]) < rules + 0.01
    assert np.mean([bits_of_the_network(text, Hold("forget", 0)) for text in texts]) > rules + 0.5


def bits_of_the_network(text, *holds):
    example = Example()
    answers = example.answers(text, unrolled(example.cell, example.inputs(text), holds))
    return -np.log2(answers[np.arange(39), [CHARACTERS.index(letter) for letter in text[1:]]]).mean()


def test_another_network_is_shown_and_what_fits_stays():
    widget = Recurrent(
        built(layers.LSTM(5)), "fade", vocabulary=SIX, unit=4, held={"forget": 1, "input": {"value": 0, "unit": 4}}
    )
    widget.show_model(built(layers.LSTM(3)))
    assert (widget.text, widget.unit) == ("fade", 2)
    assert list(widget.held) == ["forget"]
    widget.show_model(built(layers.GRU(3)))
    assert widget.held == {}
    assert list(widget.unrolled().rows) == ["update", "reset", "candidate", "state"]
    series = Recurrent(built(layers.LSTM(3), 2), SERIES)
    series.show_model(built(layers.GRU(3), 2))
    np.testing.assert_allclose(series.unrolled().x, SERIES)


def test_reset_goes_back_to_the_text_and_the_gates():
    widget = Recurrent(text="a(b", held={"forget": 1}, unit=2, step=1)
    widget.text, widget.held, widget.unit, widget.step = "aaa", {}, 0, None
    widget.reset()
    assert (widget.text, widget.unit, widget.step) == ("a(b", 2, 1)
    assert widget.held == {"forget": {"value": 1, "unit": None, "step": 0}}


LAYER = lambda **settings: Recurrent(built(layers.LSTM(3, name="l")), "fade", SIX, **settings)  # noqa: E731


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Recurrent(layers.LSTM, "ab"), "`network` is the class LSTM: make one, as in LSTM"),
        (lambda: Recurrent(layers.LSTM(3, name="l"), "ab"), "The layer 'l' has no weights yet"),
        (lambda: Recurrent(built(layers.LSTM(3))), r'needs something to read: give text="…", or a series'),
        (lambda: Recurrent(vocabulary="ab"), "belong to a network of yours"),
        (lambda: LAYER(classes=["a"]), "A layer by itself has no answer to name"),
        (lambda: LAYER(hold={}), "There is no argument of Recurrent 'hold'. Did you mean 'held'"),
        (lambda: LAYER(held=1), r'`held` must be like \{"forget": 1\}'),
        (lambda: LAYER(held={"forget": {"open": 1}}), "A held gate is a value, or like"),
        (lambda: LAYER(held={"update": 1}), "There is no gate of the LSTM 'update'"),
        (lambda: LAYER(unit=3), "`unit` must be a whole number from 0 to 2, but it is 3"),
        (lambda: LAYER(step=-1), "`step` must be a whole number from 0 on, or None for the last, but it is -1"),
        (lambda: Recurrent(text="axb"), r"`text` holds 'x', which is not among the 6 characters .* knows: \(\)abcd"),
        (lambda: Recurrent(text=""), "`text` is empty"),
        (lambda: Recurrent(text="a" * 401), "`text` has 401 characters, but this shows at most 400"),
        (lambda: Recurrent(built(layers.LSTM(3)), "fade"), "The network knows 6 characters or words: give them"),
        (
            lambda: Recurrent(built(layers.LSTM(3)), "fade", "abc"),
            "`vocabulary` has 3 characters or words, but .* knows 6",
        ),
        (
            lambda: Recurrent(built(layers.LSTM(3)), "fade", "aabcde"),
            "characters or words, each once, but it is 'aabcde'",
        ),
        (lambda: Recurrent(built(layers.LSTM(3)), SERIES), r"must be steps × 6 here, but its shape is \(7, 2\)"),
        (
            lambda: Recurrent(built(layers.LSTM(3), 2), SERIES[None].repeat(2, 0)),
            r"for one of several series pass x\[0\]",
        ),
        (lambda: Recurrent(built(layers.LSTM(3), 2), SERIES * np.nan), "NaN or infinite"),
        (lambda: Recurrent(built(layers.LSTM(3), 2), object()), "must be a text, or a series of steps × 2 numbers"),
        (lambda: Recurrent(built(layers.LSTM(512)), "a", SIX), "has 1.1 million weights, and the browser takes 1"),
        (
            lambda: Recurrent(keras.Sequential([keras.Input((None, 6)), layers.Dense(3)], name="m"), "a", SIX),
            "The model 'm' has no SimpleRNN, LSTM or GRU to look into",
        ),
        (
            lambda: Recurrent(
                keras.Sequential([keras.Input((None, 6)), layers.LSTM(3, go_backwards=True, name="l")]), "a", SIX
            ),
            r"'l' reads backwards .*Recurrent\(layer, text\[::-1\]\)",
        ),
        (
            lambda: Recurrent(
                keras.Sequential([keras.Input((None, 6)), layers.Bidirectional(layers.LSTM(3), name="b")]), "a", SIX
            ),
            r"take one half of it, b\.forward_layer",
        ),
        (lambda: Recurrent(from_another_state(), "a", SIX), "begins in a state that another layer gives it"),
        (
            lambda: Recurrent(keras.Sequential([keras.Input((4, 4, 1)), layers.Flatten()]), "a", SIX),
            "has no SimpleRNN, LSTM or GRU",
        ),
        (lambda: Recurrent(masking(), "ab", SIX), r"holds 'a', which has number 0, and the network skips that"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_the_mend(make, sentence):
    with pytest.raises(CourseError, match=sentence):
        make()


def from_another_state():
    x = keras.Input((None, 6))
    state = layers.Dense(3)(layers.GlobalAveragePooling1D()(x))
    return keras.Model(x, layers.GRU(3)(x, initial_state=state))


def masking():
    return keras.Sequential([keras.Input((None,)), layers.Embedding(6, 3, mask_zero=True), layers.LSTM(3)])
