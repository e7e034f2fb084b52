"""GAN and diffusion."""

import keras
import numpy as np
import pytest

from dlcourse import nets


def run(model, inputs):
    return keras.ops.convert_to_numpy(model(inputs, training=False))


def noise(*shape):
    return np.random.default_rng(1).normal(size=shape).astype("float32")


@pytest.mark.parametrize("shape", [(8, 12, 2), (2,)])
def test_a_generator_makes_what_its_discriminator_judges(shape):
    pair = nets.gan(shape, latent=5, widths=(4, 6))
    assert isinstance(pair, nets.Gan)
    forged = run(pair.generator, noise(3, 5) * 50)
    assert forged.shape == (3, *shape)
    assert np.abs(forged).max() <= 1
    judged = run(pair.discriminator, forged)
    assert judged.shape == (3, 1)
    assert np.all((judged > 0) & (judged < 1))


def test_a_discriminator_without_activation_answers_the_logit():
    probability = nets.gan((2,), widths=(4,)).discriminator
    logit = nets.gan((2,), widths=(4,), classifier_activation=None).discriminator
    logit.set_weights(probability.get_weights())
    x = noise(6, 2)
    np.testing.assert_allclose(run(probability, x), 1 / (1 + np.exp(-run(logit, x))), rtol=1e-4)


def wakened(model):
    """With a last layer that no longer answers zero."""
    layer = model.get_layer("noise")
    kernel, bias = layer.get_weights()
    layer.set_weights([np.random.default_rng(2).normal(size=kernel.shape), bias])
    return model


DENOISERS = {
    "pictures": ((8, 12, 2), lambda: nets.diffusion((8, 12, 2), (4, 8), 6)),
    "pictures of any size": ((12, 20, 2), lambda: nets.diffusion((None, None, 2), (4, 8, 4), 6)),
    "points": ((2,), lambda: nets.diffusion((2,), (8, 8), 6)),
}


@pytest.mark.parametrize(("shape", "build"), DENOISERS.values(), ids=DENOISERS)
def test_an_untrained_denoiser_foretells_no_noise(shape, build):
    outputs = run(build(), [noise(3, *shape), np.array([0.0, 5.0, 900.0])])
    np.testing.assert_array_equal(outputs, np.zeros((3, *shape)))


@pytest.mark.parametrize(("shape", "build"), DENOISERS.values(), ids=DENOISERS)
def test_the_foretold_noise_depends_on_each_examples_own_time(shape, build):
    model = wakened(build())
    x = np.repeat(noise(1, *shape), 3, axis=0)
    outputs = run(model, [x, np.array([3.0, 700.0, 3.0])])
    # nearly, because the sums' order depends on the batch's row
    np.testing.assert_allclose(outputs[0], outputs[2], rtol=1e-4, atol=1e-4)
    assert np.abs(outputs[0] - outputs[1]).max() > 1e-2


def test_whole_steps_and_named_inputs_are_taken():
    model = wakened(nets.diffusion((2,), (8, 8), 6))
    x = noise(2, 2)
    expected = run(model, [x, np.array([3.0, 700.0], "float32")])
    np.testing.assert_array_equal(run(model, {"x": x, "t": np.array([3, 700])}), expected)


def test_float16_still_tells_neighbouring_times_apart():
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = nets.diffusion((2,), (8, 8), 16)
    finally:
        keras.config.set_dtype_policy(before)
    time = keras.Model(model.inputs, model.get_layer("time").output)
    times = run(time, [noise(2, 2), np.array([4000.0, 4001.0])])  # float16 has no 4001
    assert np.abs(times[0] - times[1]).max() > 0.1


@pytest.mark.slow
def test_points_learn_to_be_denoised():
    keras.utils.set_random_seed(1)
    model = nets.diffusion((2,), (32, 32), 8)
    rng = np.random.default_rng(1)
    added = rng.normal(size=(512, 2)).astype("float32")
    noisy = np.array([2.0, -1.0], "float32") * 0.8 + 0.6 * added  # all data lie in one point
    model.compile(keras.optimizers.Adam(0.01), "mse")
    model.fit([noisy, np.full(512, 5.0)], added, epochs=15, verbose=0)
    assert model.evaluate([noisy, np.full(512, 5.0)], added, verbose=0) < 0.05
