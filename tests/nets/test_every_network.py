"""What holds for every network: names, saving, cloning, mixed precision, learning."""

import keras
import numpy as np
import pytest

from dlcourse import nets

SMALL = {
    "lenet5": lambda: nets.lenet5((20, 28, 2), 3),
    "alexnet of two towers": lambda: nets.alexnet((67, 83, 3), 3, groups=2, dropout=0.0),
    "googlenet": lambda: nets.googlenet((33, 47, 3), 3, dropout=0.0),
    "resnet zeros": lambda: nets.resnet(8, (13, 22, 3)),
    "resnet projection": lambda: nets.resnet(8, (12, 20, 2), 3, shortcut="projection"),
    "resnet plain": lambda: nets.resnet(8, (12, 20, 3), links=False),
    "densenet": lambda: nets.densenet(40, (8, 12, 3)),
    "mobilenet": lambda: nets.mobilenet((32, 64, 3), 3, alpha=0.25, dropout=0.0),
    "unet": lambda: nets.unet((8, 12, 3), 2, filters=4, depth=2, batch_norm=True),
    "autoencoder": lambda: nets.autoencoder((5, 3, 2), 4, hidden=(9, 8)),
    "autoencoder convolutional": lambda: nets.autoencoder((8, 12, 2), 4, hidden=(9,), filters=(3, 5)),
    "variational_autoencoder": lambda: nets.variational_autoencoder((8, 12, 2), 3, filters=(3, 5), seed=1),
    "generator": lambda: nets.gan((8, 12, 2), latent=5, widths=(4, 6)).generator,
    "discriminator": lambda: nets.gan((8, 12, 2), latent=5, widths=(4, 6)).discriminator,
    "generator of points": lambda: nets.gan((2,), latent=5, widths=(16,)).generator,
    "discriminator of points": lambda: nets.gan((2,), latent=5, widths=(16,)).discriminator,
    "rnn": lambda: nets.recurrent((None, 3), 1, "rnn", (5, 4), vocabulary=None, output_activation=None),
    "lstm": lambda: nets.recurrent((7,), 4, "lstm", (5, 4), vocabulary=9),
    "gru": lambda: nets.recurrent((None,), 9, "gru", (5,), vocabulary=9, every_step=True),
    "temporal_convolution": lambda: nets.temporal_convolution((None,), 3, 6, blocks=2, vocabulary=9),
    "transformer": lambda: nets.transformer((7,), 3, 9, width=8, heads=2),
    "transformer causal": lambda: nets.transformer(
        (None,), 9, 9, width=8, heads=2, causal=True, positions="sinusoidal"
    ),
    "vision_transformer": lambda: nets.vision_transformer((8, 12, 3), 3, width=8, heads=2, blocks=2),
    "diffusion": lambda: nets.diffusion((8, 12, 2), (4, 8), time_width=6),
    "diffusion of points": lambda: nets.diffusion((2,), (8, 8), time_width=6),
    "efficientnet_lite0": lambda: nets.efficientnet_lite0((33, 47, 3), 3, dropout=0.0),
}


# of many layers, so that it takes seconds to build one
DEEP = {"alexnet of two towers", "googlenet", "densenet", "mobilenet", "efficientnet_lite0"}


@pytest.fixture(
    scope="module", params=[pytest.param(name, marks=pytest.mark.slow if name in DEEP else ()) for name in SMALL]
)
def build(request):
    return SMALL[request.param]


@pytest.fixture(scope="module")
def network(build):
    """Built once for all tests that leave its shape alone, with other weights than the initial ones."""
    keras.utils.set_random_seed(7)
    model = build()
    rng = np.random.default_rng(5)
    model.set_weights([w + rng.uniform(0, 0.1, w.shape).astype(w.dtype) for w in model.get_weights()])
    return model


@pytest.fixture
def mixed_float16():
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    yield
    keras.config.set_dtype_policy(before)


def batch(model, size=3):
    """Seeded examples for a model's inputs; open sizes become 7."""
    rng = np.random.default_rng(3)
    arrays = []
    for tensor in model.inputs:
        shape = (size, *(7 if n is None else n for n in tensor.shape[1:]))
        if tensor.dtype == "int32":
            arrays.append(rng.integers(0, 9, shape).astype("int32"))
        else:
            arrays.append(rng.normal(size=shape).astype("float32"))
    return arrays if len(arrays) > 1 else arrays[0]


def answers(model, x):
    return keras.ops.convert_to_numpy(model(x, training=False))


def test_a_network_is_an_uncompiled_functional_model_with_the_same_names_each_time(build, network):
    again = build()
    assert type(again).__name__ == "Functional"  # Keras has no public name for it
    assert not again.compiled
    names = [layer.name for layer in again.layers]
    if "mobilenet" in again.name:  # Keras' own network; it counts its pooling up
        names = [name for name in names if not name.startswith("global_average_pooling2d")]
    else:
        assert names == [layer.name for layer in network.layers]
    assert len(names) == len(set(names))
    assert {tensor.name for tensor in again.inputs} <= {"input", "x", "t", "generator_input", "discriminator_input"}


@pytest.mark.slow
def test_a_saved_network_answers_as_before(network, tmp_path):
    x = batch(network)
    network.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(answers(loaded, x), answers(network, x), rtol=1e-5, atol=1e-6)
    assert [layer.name for layer in loaded.layers] == [layer.name for layer in network.layers]


@pytest.mark.slow
def test_small_steps_lower_the_loss_of_a_clone_and_with_the_same_weights_it_answers_the_same(network):
    clone = keras.models.clone_model(network)
    x = batch(network)
    before = answers(network, x)
    if network.name != "variational_autoencoder":  # its loss is random; see test_autoencoder.py
        y = np.random.default_rng(4).uniform(0.1, 0.9, before.shape)
        clone.compile(keras.optimizers.Adam(1e-4), loss="mse", run_eagerly=keras.backend.backend() == "tensorflow")
        losses = [float(clone.train_on_batch(x, y)) for _ in range(2)]
        assert losses[1] < losses[0]
    clone.set_weights(network.get_weights())
    np.testing.assert_allclose(answers(clone, x), before, rtol=1e-5, atol=1e-6)


@pytest.mark.slow
def test_mixed_precision_computes_in_float16_and_answers_in_float32(build, mixed_float16):
    model = build()
    assert {layer.compute_dtype for layer in model.layers} >= {"float16"}
    outputs = answers(model, batch(model))
    assert np.all(np.isfinite(outputs))
    if "mobilenet" not in model.name:  # Keras' own network ends in float16
        assert outputs.dtype == np.float32
    assert {str(w.dtype) for w in model.trainable_weights} == {"float32"}
