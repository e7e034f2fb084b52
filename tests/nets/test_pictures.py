"""The convolutional networks: sizes, links, blocks."""

import keras
import numpy as np
import pytest

from dlcourse import nets


def run(model, x):
    return keras.ops.convert_to_numpy(model(x, training=False))


def pictures(*shape):
    return np.random.default_rng(1).normal(size=shape).astype("float32")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("build", "layer", "shape"),
    [  # sizes by hand: (n + 2 padding - kernel) // stride + 1
        (lambda: nets.lenet5((32, 40, 1)), "pool2", (5, 7, 16)),
        (lambda: nets.alexnet((227, 163, 3), 5), "conv1", (55, 39, 96)),
        (lambda: nets.alexnet((227, 163, 3), 5), "pool5", (6, 4, 256)),
        (lambda: nets.vgg(16, (64, 96, 3), 5), "block5_pool", (2, 3, 512)),
        (lambda: nets.googlenet((224, 96, 3), 5), "inception_5b_concat", (7, 3, 1024)),
        (lambda: nets.resnet(20, (32, 48, 3)), "conv4_block3_out", (8, 12, 64)),
        (lambda: nets.resnet(18, (224, 96, 3)), "conv5_block2_out", (7, 3, 512)),
        (lambda: nets.densenet(40, (32, 48, 3)), "relu", (8, 12, 16 + 3 * 12 * 12)),
        (lambda: nets.mobilenet((64, 96, 3), 5), "conv_pw_13_relu", (2, 3, 1024)),
        (lambda: nets.unet((48, 80, 3)), "bottom_relu2", (3, 5, 1024)),
        (lambda: nets.efficientnet_lite0((224, 96, 3)), "top_activation", (7, 3, 1280)),
        (lambda: nets.vision_transformer((32, 48, 3)), "positions", (1 + 8 * 12, 64)),
    ],
)
def test_maps_have_the_size_that_the_architecture_gives(build, layer, shape):
    assert build().get_layer(layer).output.shape[1:] == shape


@pytest.mark.slow
@pytest.mark.parametrize(
    "model",
    [
        lambda: nets.googlenet((None, None, 2), 3),
        lambda: nets.resnet(8, (None, None, 2), 3),
        lambda: nets.resnet(18, (None, None, 2), 3),
        lambda: nets.densenet(40, (None, None, 2), 3),
        lambda: nets.efficientnet_lite0((None, None, 2), 3),
    ],
)
def test_networks_without_flatten_take_any_size(model):
    model = model()
    for height, width in ((36, 20), (17, 33)):
        outputs = run(model, pictures(2, height, width, 2))
        assert outputs.shape == (2, 3)
        np.testing.assert_allclose(outputs.sum(1), 1, rtol=1e-5)


def test_unet_answers_in_the_size_of_the_picture():
    model = nets.unet((None, None, 2), 3, filters=4, depth=2)
    for height, width in ((16, 24), (4, 20)):
        outputs = run(model, pictures(2, height, width, 2))
        assert outputs.shape == (2, height, width, 3)
        np.testing.assert_allclose(outputs.sum(-1), 1, rtol=1e-5)


def test_unets_skips_carry_what_the_bottom_does_not():
    def far(skips):
        model = nets.unet((8, 12, 2), 2, filters=4, depth=2, skips=skips)
        for name in ("up2_upsample", "up1_upsample"):  # nothing comes from below
            layer = model.get_layer(name)
            layer.set_weights([np.zeros_like(w) for w in layer.get_weights()])
        return run(model, pictures(2, 8, 12, 2))

    assert np.ptp(far(skips=True)) > 1e-3
    assert np.ptp(far(skips=False)[..., 0]) < 1e-6


def silence(model, block):
    """Let both convolutions of a block answer nothing: what is left is its link."""
    norm = model.get_layer(f"{block}_2_bn")
    norm.set_weights([np.zeros_like(w) if i < 2 else w for i, w in enumerate(norm.get_weights())])
    return keras.Model(
        model.inputs[0],
        [model.get_layer(f"{block[:-1]}{int(block[-1]) - 1}_out").output, model.get_layer(f"{block}_out").output],
    )


def test_a_link_hands_on_what_came_in():
    model = nets.resnet(14, (13, 22, 3))
    before, after = silence(model, "conv3_block2")(pictures(2, 13, 22, 3))
    assert np.ptp(keras.ops.convert_to_numpy(before)) > 0.1
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(before), keras.ops.convert_to_numpy(after))


def test_a_plain_network_hands_on_nothing():
    model = nets.resnet(14, (13, 22, 3), links=False)
    _, after = silence(model, "conv3_block2")(pictures(2, 13, 22, 3))
    assert np.ptp(keras.ops.convert_to_numpy(after)) == 0


@pytest.mark.parametrize("shortcut", ["zeros", "projection"])
def test_a_shortcut_takes_every_second_pixel(shortcut):
    model = nets.resnet(8, (13, 22, 3), shortcut=shortcut)
    norm = model.get_layer("conv3_block1_2_bn")
    norm.set_weights([np.zeros_like(w) if i < 2 else w for i, w in enumerate(norm.get_weights())])
    watch = keras.Model(
        model.inputs[0], [model.get_layer("conv2_block1_out").output, model.get_layer("conv3_block1_out").output]
    )
    before, after = (keras.ops.convert_to_numpy(v) for v in watch(pictures(2, 13, 22, 3)))
    kept = before[:, ::2, ::2]
    assert after.shape == (2, 7, 11, 32)
    if shortcut == "zeros":
        np.testing.assert_array_equal(after, np.concatenate([kept, np.zeros_like(kept)], -1))
    else:
        kernel = model.get_layer("conv3_block1_0_conv").get_weights()[0][0, 0]
        norm = 1 / np.sqrt(1 + model.get_layer("conv3_block1_0_bn").epsilon)
        np.testing.assert_allclose(after, np.maximum(kept @ kernel * norm, 0), rtol=1e-4, atol=1e-5)


def test_a_plain_twin_has_the_layers_of_the_residual_network_but_its_links():
    names = [layer.name for layer in nets.resnet(20).layers]
    plain = [layer.name for layer in nets.resnet(20, links=False).layers]
    assert set(plain) < set(names)
    assert all(name.endswith(("_add", "_0_pool", "_0_zeros", "_0_concat")) for name in set(names) - set(plain))
    assert plain[:5] == ["input", "conv1_conv", "conv1_bn", "conv1_relu", "conv2_block1_1_conv"]


@pytest.mark.slow
def test_no_layer_has_the_convolution_that_crashes_tensorflow():
    for model in (nets.resnet(8), nets.resnet(18), nets.densenet(40), nets.unet(filters=4), nets.efficientnet_lite0()):
        for layer in model.layers:
            if isinstance(layer, keras.layers.Conv2D) and layer.kernel_size == (1, 1):
                assert layer.strides == (1, 1), layer.name


def test_an_inception_block_stacks_its_branches():
    x = keras.Input((7, 5, 3))
    y = nets.inception_block(x, 2, 4, 6, 1, 8, 10, name="mine")
    assert y.shape == (None, 7, 5, 2 + 6 + 8 + 10)
    model = keras.Model(x, y)
    picture = pictures(2, 7, 5, 3)
    kernel, bias = model.get_layer("mine_1x1").get_weights()
    np.testing.assert_allclose(
        run(model, picture)[..., :2], np.maximum(picture @ kernel[0, 0] + bias, 0), rtol=1e-4, atol=1e-5
    )


def test_a_dense_block_keeps_what_came_in_and_adds_its_growth():
    x = keras.Input((7, 5, 3))
    model = keras.Model(x, nets.dense_block(x, convolutions=4, growth=2, bottleneck=True, name="mine"))
    picture = pictures(2, 7, 5, 3)
    output = run(model, picture)
    assert output.shape == (2, 7, 5, 3 + 4 * 2)
    np.testing.assert_array_equal(output[..., :3], picture)


def test_lenet_pools_by_average_as_the_paper_or_by_maximum():
    average, maximum = nets.lenet5((20, 28, 1)), nets.lenet5((20, 28, 1), pooling="max")
    maximum.set_weights(average.get_weights())
    x = pictures(2, 20, 28, 1)
    for model, reduce in ((average, np.mean), (maximum, np.max)):
        watch = keras.Model(model.inputs[0], [model.get_layer("conv1").output, model.get_layer("pool1").output])
        before, after = (keras.ops.convert_to_numpy(v) for v in watch(x))
        by_hand = reduce(before.reshape(2, 8, 2, 12, 2, 6), axis=(2, 4))
        np.testing.assert_allclose(after, by_hand, rtol=1e-5, atol=1e-6)


def test_a_vision_transformer_sees_where_a_patch_is():
    model = nets.vision_transformer((8, 12, 3), 3, width=8, heads=2, blocks=2)
    token = model.get_layer("class_token")
    token.set_weights([np.ones_like(w) for w in token.get_weights()])
    x = pictures(2, 8, 12, 3)
    swapped = np.concatenate([x[:, :, 4:8], x[:, :, :4], x[:, :, 8:]], axis=2)
    assert np.abs(run(model, x) - run(model, swapped)).max() > 1e-5
    places = model.get_layer("positions")
    places.set_weights([np.zeros_like(w) for w in places.get_weights()])
    np.testing.assert_allclose(run(model, x), run(model, swapped), rtol=1e-4, atol=1e-6)
