import keras
import numpy as np
import pytest
from keras import layers

from dlcourse.errors import CourseError
from dlcourse.lens.layer_outputs import activations, depthwise_outputs, feature_maps

RNG = np.random.default_rng(4)
PICTURES = RNG.uniform(0, 1, (5, 6, 8, 1)).astype("float32")


@pytest.fixture(scope="module")
def model():
    inner = keras.Sequential([keras.Input((6, 8, 1)), layers.Conv2D(3, 3, name="conv")], name="inner")
    inputs = keras.Input((6, 8, 1), name="picture")
    x = inner(inputs)
    x = layers.concatenate([layers.ReLU(name="up")(x), -x], name="both")
    x = layers.Dropout(0.9)(layers.Flatten(name="flat")(x))
    return keras.Model(inputs, layers.Dense(2, "softmax", name="out")(x), name="branched")


def test_every_layer_agrees_with_a_model_that_ends_there(model):
    outputs = activations(model, PICTURES, batch_size=2)
    conv = model.get_layer("inner")(PICTURES)
    np.testing.assert_allclose(outputs["inner/conv"], keras.ops.convert_to_numpy(conv), rtol=1e-5)
    for name in ("up", "both", "flat", "out"):
        part = keras.Model(model.input, model.get_layer(name).output)
        np.testing.assert_allclose(outputs[name], part.predict(PICTURES, verbose=0), rtol=1e-5, atol=1e-6)


def test_layers_are_chosen_by_name_position_and_themselves(model):
    chosen = activations(model, PICTURES, ["conv", -1, model.get_layer("up"), "inner"])
    assert list(chosen) == ["inner/conv", "out", "up"]  # the nested model ends in its convolution
    assert chosen["out"].shape == (5, 2)


def test_feature_maps_put_the_channels_first(model):
    maps = feature_maps(model, PICTURES[1], "conv")
    assert maps.shape == (3, 4, 6)
    np.testing.assert_allclose(maps[2], activations(model, PICTURES)["inner/conv"][1, :, :, 2], rtol=1e-6)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda m: activations(m, PICTURES, ["cnov"]), r"There is no layer 'cnov'\..*Known: .*inner/conv"),
        (lambda m: activations(m, PICTURES, "up"), r"`layers` must be a list of layers.*write \['up'\]"),
        (lambda m: activations(m, PICTURES * 255), r"`x` holds values up to 25.*divide by 255"),
        (lambda m: activations(m, PICTURES, ["picture"]), r"'picture' is the input itself.*such as 'inner/conv'"),
        (lambda m: activations(m, PICTURES, batch_size=0), r"`batch_size` must be a whole number from 1 on"),
        (lambda m: activations(keras.Model, PICTURES), r"is the class Model, not a model"),
        (lambda m: feature_maps(m, PICTURES, "conv"), r"`image` holds 5 pictures, but this shows one: pass image\[0\]"),
        (lambda m: feature_maps(m, PICTURES[0], "flat"), r"'flat' puts out 144 numbers without a place"),
    ],
)
def test_wrong_things_are_answered_in_a_sentence(model, call, sentence):
    with pytest.raises(CourseError, match=sentence):
        call(model)


@pytest.mark.parametrize("behind", [False, True])
def test_between_the_two_convolutions_of_a_separable_one_stands_what_the_first_makes(behind):
    separable = layers.SeparableConv2D(5, 3, strides=2, padding="same", depth_multiplier=2, name="separable")
    before = [layers.Conv2D(3, 2, activation="tanh", name="conv")] if behind else []
    model = keras.Sequential([keras.Input((6, 8, 1)), *before, separable, layers.Flatten(), layers.Dense(2)])
    separable.bias.assign(RNG.normal(size=5))
    between = depthwise_outputs(model, PICTURES, "separable")
    assert between.shape == (5, 3, 4, 6 if behind else 2)
    pointwise = np.asarray(separable.pointwise_kernel)[0, 0]
    expected = activations(model, PICTURES, ["separable"])["separable"]
    np.testing.assert_allclose(between @ pointwise + np.asarray(separable.bias), expected, atol=1e-5)
    with pytest.raises(CourseError, match=r"'flatten.*' is a Flatten, but only a SeparableConv2D has two convolutions"):
        depthwise_outputs(model, PICTURES, model.layers[-2])
