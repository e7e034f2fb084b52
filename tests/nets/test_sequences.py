"""Recurrent networks, temporal convolution, transformers: what may be seen when."""

import keras
import numpy as np
import pytest

from dlcourse import nets

NEXT_TOKEN = {
    "rnn": lambda: nets.recurrent((9,), 11, "rnn", (6,), 11, every_step=True),
    "lstm": lambda: nets.recurrent((9,), 11, "lstm", (6, 5), 11, every_step=True),
    "gru": lambda: nets.recurrent((9,), 11, "gru", (6,), 11, every_step=True),
    "temporal_convolution": lambda: nets.temporal_convolution((9,), 11, 6, 2, vocabulary=11, every_step=True),
    "transformer learned": lambda: nets.transformer((9,), 11, 11, 8, 2, causal=True),
    "transformer sinusoidal": lambda: nets.transformer((9,), 11, 11, 8, 2, causal=True, positions="sinusoidal"),
}


def run(model, x):
    return keras.ops.convert_to_numpy(model(x, training=False))


def tokens(*shape):
    return np.random.default_rng(2).integers(0, 10, shape).astype("int32")


@pytest.mark.parametrize("build", NEXT_TOKEN.values(), ids=NEXT_TOKEN)
def test_a_later_token_changes_no_earlier_answer(build):
    keras.utils.set_random_seed(1)
    model = build()
    model.set_weights([w * 3 for w in model.get_weights()])  # so that what is seen is seen clearly
    x = tokens(2, 9)
    changed = x.copy()
    changed[:, 5] = 10
    before, after = run(model, x), run(model, changed)
    assert before.shape == (2, 9, 11)
    np.testing.assert_allclose(before[:, :5], after[:, :5], atol=1e-6)
    assert np.abs(before[:, 5] - after[:, 5]).max() > 1e-5


def test_an_encoder_looks_ahead():
    model = nets.transformer((9,), 11, 11, 8, 2, every_step=True)
    x = tokens(2, 9)
    changed = x.copy()
    changed[:, 5] = 10
    assert np.abs(run(model, x) - run(model, changed))[:, :5].max() > 1e-6


@pytest.mark.parametrize(
    ("build", "same"),
    [
        (lambda positions: nets.transformer((9,), 3, 11, 8, 2, positions=positions), True),
        (lambda positions: nets.transformer((9, 2), 3, None, 8, 2, positions=positions), True),
    ],
)
def test_without_positions_the_order_of_steps_does_not_matter(build, same):
    for positions in (None, "learned", "sinusoidal"):
        keras.utils.set_random_seed(1)
        model = build(positions)
        x = tokens(2, 9, 2).astype("float32") if len(model.input_shape) == 3 else tokens(2, 9)
        if positions == "learned":
            places = model.get_layer("positions")
            places.set_weights([w * 20 for w in places.get_weights()])
        difference = np.abs(run(model, x) - run(model, x[:, ::-1].copy())).max()
        assert (difference < 1e-5) == (positions is None), positions


@pytest.mark.parametrize(
    ("once", "always"),
    [
        (lambda every: nets.recurrent((9, 2), 3, "lstm", (5, 4), None, every_step=every), None),
        (lambda every: nets.recurrent((9, 2), 3, "gru", (5,), None, every_step=every), None),
        (lambda every: nets.temporal_convolution((9, 2), 3, 5, 2, vocabulary=None, every_step=every), None),
    ],
)
def test_the_one_answer_is_the_answer_at_the_last_step(once, always):
    one, all_of_them = once(False), once(True)
    all_of_them.set_weights(one.get_weights())
    x = tokens(4, 9, 2).astype("float32")
    assert run(one, x).shape == (4, 3)
    np.testing.assert_allclose(run(one, x), run(all_of_them, x)[:, -1], rtol=1e-5, atol=1e-6)


def test_a_transformers_one_answer_is_from_the_average_over_steps():
    one, each = (nets.transformer((9, 2), 3, None, 8, 2, every_step=e, output_activation=None) for e in (False, True))
    each.set_weights(one.get_weights())
    x = tokens(4, 9, 2).astype("float32")  # the last layer is linear: average before it = average behind it
    np.testing.assert_allclose(run(one, x), run(each, x).mean(1), rtol=1e-4, atol=1e-5)


def test_temporal_convolution_looks_back_as_far_as_it_says():
    model = nets.temporal_convolution((40, 2), 1, 3, blocks=3, kernel_size=3, vocabulary=None, output_activation=None)
    model.set_weights([np.abs(w) for w in model.get_weights()])  # no ReLU ever closes
    reach = 1 + 2 * (3 - 1) * (2**3 - 1)
    x = np.ones((1, 40, 2), "float32")
    before = run(model, x)
    for back, is_seen in ((reach - 1, True), (reach, False)):
        changed = x.copy()
        changed[:, -1 - back] += 1
        assert (np.abs(run(model, changed) - before).max() > 1e-6) == is_seen, back


@pytest.mark.parametrize(
    "build",
    [
        lambda: nets.recurrent((None,), 4, vocabulary=11, units=(5,)),
        lambda: nets.temporal_convolution((None,), 4, vocabulary=11),
        lambda: nets.transformer((None,), 4, 11, positions="sinusoidal"),
        lambda: nets.transformer((None,), 4, 11, positions=None),
    ],
)
def test_open_lengths_take_any_number_of_steps(build):
    model = build()
    for steps in (1, 6, 13):
        assert run(model, tokens(2, steps)).shape == (2, 4)


def test_sinusoids_are_those_of_the_paper():
    waves = keras.ops.convert_to_numpy(nets.sinusoids(np.array([[0.0, 1.0, 2.5], [7.0, 100.0, 999.0]]), 6))
    assert waves.shape == (2, 3, 6)
    for i in range(3):  # wave lengths 2 pi 10,000 ** (i / 3)
        angle = np.array([[0.0, 1.0, 2.5], [7.0, 100.0, 999.0]]) / 10_000 ** (i / 3)
        np.testing.assert_allclose(waves[..., i], np.sin(angle), atol=1e-4)
        np.testing.assert_allclose(waves[..., 3 + i], np.cos(angle), atol=1e-4)


def test_a_transformer_block_adds_to_what_comes_in():
    x = keras.Input((5, 8))
    model = keras.Model(x, nets.transformer_block(x, 2, 16, causal=False, dropout=0.0, name="mine"))
    for part in ("mine_1_attention", "mine_2_dense2"):
        layer = model.get_layer(part)
        layer.set_weights([np.zeros_like(w) for w in layer.get_weights()])
    sequence = np.random.default_rng(3).normal(size=(2, 5, 8)).astype("float32")
    np.testing.assert_array_equal(run(model, sequence), sequence)


@pytest.mark.slow
def test_a_causal_language_model_learns_a_cycle():
    keras.utils.set_random_seed(1)
    x = (np.arange(12)[None] + np.arange(5)[:, None]).astype("int32") % 5
    model = nets.transformer((11,), 5, 5, width=8, heads=2, blocks=1, causal=True)
    model.compile(keras.optimizers.Adam(0.03), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x[:, :-1], x[:, 1:], epochs=40, batch_size=5, verbose=0)
    assert model.evaluate(x[:, :-1], x[:, 1:], verbose=0)[1] == 1.0
