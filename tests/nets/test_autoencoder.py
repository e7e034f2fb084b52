"""Autoencoder and variational autoencoder."""

import keras
import numpy as np
import pytest

from dlcourse import nets


def run(model, *inputs, **options):
    outputs = model(*inputs, **options)
    if isinstance(outputs, list | tuple):
        return [keras.ops.convert_to_numpy(f) for f in outputs]
    return keras.ops.convert_to_numpy(outputs)


def examples(*shape):
    return np.random.default_rng(1).uniform(size=shape).astype("float32")


@pytest.mark.parametrize("options", [{"hidden": (9, 8)}, {"hidden": (9,), "filters": (3, 5)}, {"hidden": ()}])
def test_an_autoencoder_is_its_encoder_and_then_its_decoder(options):
    model = nets.autoencoder((8, 12, 2), 4, **options)
    x = examples(3, 8, 12, 2)
    code = run(model.get_layer("encoder"), x)
    assert code.shape == (3, 4)
    assert run(model, x).shape == x.shape
    np.testing.assert_allclose(run(model.get_layer("decoder"), code), run(model, x), rtol=1e-5, atol=1e-6)


def test_an_autoencoder_takes_any_shape():
    assert nets.autoencoder((7,), 2, (5,)).output_shape == (None, 7)


@pytest.mark.parametrize(("mean", "variance"), [(0.0, 1.0), (1.5, 1.0), (0.0, 0.2), (-0.7, 3.0)])
def test_the_divergence_is_the_integral_that_defines_it(mean, variance):
    x = np.linspace(-30, 30, 200_001)
    p = np.exp(-((x - mean) ** 2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)
    log_q = -(x**2) / 2 - np.log(2 * np.pi) / 2
    log_p = -((x - mean) ** 2) / (2 * variance) - np.log(2 * np.pi * variance) / 2
    by_integral = np.trapezoid(p * (log_p - log_q), x)
    divergence = nets.kl_divergence(np.array([[mean, 0.0]], "float32"), np.log(np.array([[variance, 1.0]], "float32")))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(divergence), [by_integral], rtol=1e-4, atol=1e-6)


def test_the_standard_normal_diverges_from_itself_by_nothing():
    zero = np.zeros((3, 2), "float32")
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(nets.kl_divergence(zero, zero)), np.zeros(3))


def test_the_divergence_is_added_to_the_loss_per_value():
    model = nets.variational_autoencoder((8, 12, 2), 3, (9,), kl_weight=0.5)
    x = examples(5, 8, 12, 2)
    mean, log_variance = run(model.get_layer("encoder"), x)
    by_hand = 0.5 * ((mean**2 + np.exp(log_variance) - 1 - log_variance) / 2).sum(1).mean() / (8 * 12 * 2)
    run(model, x)
    (loss,) = model.losses
    assert float(keras.ops.convert_to_numpy(loss)) == pytest.approx(by_hand, rel=1e-4)
    assert by_hand > 0


def test_a_code_is_drawn_in_training_and_the_mean_otherwise():
    from dlcourse.nets.autoencoder import Sample

    layer = Sample(seed=3)
    mean = np.full((20_000, 2), [1.0, -2.0], "float32")
    log_variance = np.log(np.full((20_000, 2), [0.25, 4.0], "float32"))
    drawn = run(layer, [mean, log_variance], training=True)
    np.testing.assert_allclose(drawn.mean(0), [1, -2], atol=0.06)  # four standard errors of the wider one
    np.testing.assert_allclose(drawn.std(0), [0.5, 2], rtol=0.03)
    assert not np.array_equal(drawn, run(layer, [mean, log_variance], training=True))
    np.testing.assert_array_equal(run(layer, [mean, log_variance]), mean)


def test_a_seed_repeats_the_clouds():
    mean = np.zeros((4, 2), "float32")
    from dlcourse.nets.autoencoder import Sample

    first, second = (run(Sample(seed=3), [mean, mean], training=True) for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.slow
def test_plain_compile_and_fit_train_a_variational_autoencoder():
    keras.utils.set_random_seed(1)
    model = nets.variational_autoencoder((4, 6, 1), 2, (32,), seed=1)
    bright = np.random.default_rng(1).uniform(0.05, 0.95, (64, 1, 1, 1))
    x = np.broadcast_to(bright, (64, 4, 6, 1)).astype("float32")  # one hidden fact: the brightness
    model.compile(keras.optimizers.Adam(0.01), loss="binary_crossentropy")
    before = model.evaluate(x, x, verbose=0)
    model.fit(x, x, epochs=60, verbose=0)
    assert model.evaluate(x, x, verbose=0) < before - 0.05
    rebuilt = run(model, x)[:, 0, 0, 0]
    assert np.corrcoef(rebuilt, x[:, 0, 0, 0])[0, 1] > 0.9
