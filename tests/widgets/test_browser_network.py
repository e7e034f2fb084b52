"""A Keras model in the browser: its forward pass in JavaScript against Keras itself."""

import base64

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keras import layers
from properties import examples

from dlcourse.errors import CourseError
from dlcourse.lens import activations
from dlcourse.widgets.shared.browser_network import FULL, describe

ACTIVATIONS = [None, "relu", "relu6", "tanh", "sigmoid", "leaky_relu", "elu", "selu", "silu", "gelu", "softplus"]

# the description as a case in node: the buffer as base64
RUN = """
    const bytes = Uint8Array.from(atob(state.weights), (letter) => letter.charCodeAt(0));
    const padded = new Uint8Array(bytes.length + 1);
    padded.set(bytes, 1); // as a message may bring it: not at a multiple of four
    const network = networkOf({ ...state, weights: new DataView(padded.buffer, 1) });
"""


def as_case(model, x, shape=None):
    described = describe(model, shape)
    return described | {"weights": base64.b64encode(described["weights"]).decode(), "x": np.ravel(x).tolist()}


def randomised(model, generator):
    """Weights that say something: batch normalisation begins as nothing, biases as zero."""
    for variable in model.variables:
        if "seed" in variable.path:
            continue
        positive = "variance" in variable.path
        values = generator.uniform(0.3, 2, variable.shape) if positive else generator.normal(0, 0.4, variable.shape)
        variable.assign(values.astype("float32"))
    return model


def check(in_node, models):
    """Holds every layer's output in the browser against Keras'."""
    cases = [as_case(model, x) for model, x in models]
    body = RUN + "return forward(network, state.x).map((output) => Array.from(output));"
    for (model, x), case, outputs in zip(
        models, cases, in_node({"shared/js/browser_network.js": "forward, networkOf"}, body, cases), strict=True
    ):
        expected = activations(model, x[None])
        named = dict(zip([node["name"] for node in case["nodes"]], outputs, strict=True))
        for name, values in expected.items():
            assert close(named[name], values[0]) < 1e-5, (name, model.to_json())
        assert close(outputs[case["output"]], model(x[None], training=False)[0]) < 1e-5


def close(ours, keras_own):
    """The largest difference, relative to the largest number."""
    keras_own = np.ravel(keras_own)
    assert len(ours) == keras_own.size
    return np.abs(np.array(ours) - keras_own).max() / max(np.abs(keras_own).max(), 1e-3)


def layer_of_maps(pick):
    """A layer that takes maps and gives maps, of any size."""
    few = [1, 2, 3]
    sliding = {"padding": pick(["same", "valid"]), "strides": pick([1, 2, 3])}
    spread = {"padding": pick(["same", "valid"]), "dilation_rate": 2}
    shared = {"kernel_size": (pick(few), pick(few)), "activation": pick(ACTIVATIONS), "use_bias": pick([True, False])}
    convolution = shared | pick([sliding, spread])
    makers = [
        lambda: layers.Conv2D(6, **convolution),
        lambda: layers.Conv2D(4, **convolution, groups=2),
        lambda: layers.DepthwiseConv2D(**convolution, depth_multiplier=2),
        lambda: layers.SeparableConv2D(4, **convolution, depth_multiplier=2),
        lambda: layers.MaxPooling2D((pick(few), pick(few)), **sliding),
        lambda: layers.AveragePooling2D((pick(few), pick(few)), **sliding),
        lambda: layers.BatchNormalization(scale=pick([True, False]), center=pick([True, False])),
        lambda: layers.Activation(pick(ACTIVATIONS[1:])),
        lambda: layers.ReLU(max_value=pick([None, 1.5]), negative_slope=0.1, threshold=0.2),
        layers.LeakyReLU,
        layers.Softmax,
        lambda: layers.ZeroPadding2D(((1, 2), (0, 3))),
        lambda: layers.Cropping2D(((1, 0), (2, 1))),
        lambda: layers.UpSampling2D((2, 1)),
        lambda: layers.Dropout(0.5),
        lambda: layers.Rescaling(0.5, offset=-1),
        lambda: layers.Dense(4, activation=pick(ACTIVATIONS)),
    ]
    return pick(makers)()


def network(seed):
    """A small network with a branch, and a picture for it that is not square."""
    generator = np.random.default_rng(seed)

    def pick(things):
        return things[generator.integers(len(things))]

    shape = (pick([9, 11, 12]), pick([14, 15, 17]), pick([1, 2, 3]))
    inputs = keras.Input(shape)
    x = layers.Conv2D(4, 3, padding="same", activation="relu")(inputs)
    for _ in range(3):
        if min(x.shape[1:3]) >= 7:
            x = layer_of_maps(pick)(x)
    branch = layers.Conv2D(x.shape[-1], 3, padding="same")(x)
    merge = pick("Add Subtract Multiply Average Maximum Minimum Concatenate".split())
    x = getattr(layers, merge)()([x, branch])
    if pick([True, False]):
        gate = layers.Reshape((1, 1, x.shape[-1]))(layers.GlobalAveragePooling2D()(x))
        x = layers.Multiply()([x, layers.Dense(x.shape[-1], "sigmoid")(gate)])
    end = pick([layers.Flatten, layers.GlobalAveragePooling2D, layers.GlobalMaxPooling2D])
    x = layers.Dense(5, activation=pick(ACTIVATIONS))(end()(x))
    model = keras.Model(inputs, layers.Dense(3, activation="softmax")(x))
    return randomised(model, generator), generator.normal(size=shape).astype("float32")


@pytest.mark.slow
def test_every_layer_gives_what_it_gives_in_keras(in_node):
    seeds = []

    @examples(0.6)
    @given(st.integers(0, 2**32 - 1))
    def collect(seed):
        seeds.append(seed)

    collect()
    check(in_node, [network(seed) for seed in seeds])


@pytest.mark.parametrize("shape", [(28, 28), (784,)])
def test_digits_of_any_form_go_through(in_node, shape):
    model = keras.Sequential([keras.Input(shape), layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(10)])
    generator = np.random.default_rng(1)
    check(in_node, [(randomised(model, generator), generator.uniform(0, 255, shape).astype("float32"))])


def test_models_within_models_and_layers_used_twice(in_node):
    inner = keras.Sequential([keras.Input((None, None, 3)), layers.Conv2D(3, 3, padding="same", name="conv")])
    inputs = keras.Input((6, 9, 3))
    x = inner(inner(inputs))
    norm = layers.Normalization(mean=[0.1, 0.2, 0.3], variance=[1, 2, 3])
    outputs = layers.Dense(4)(layers.Reshape((27, 6))(norm(x)))
    model = keras.Model(inputs, outputs)
    generator = np.random.default_rng(2)
    check(in_node, [(randomised(model, generator), generator.normal(size=(6, 9, 3)).astype("float32"))])
    names = [node["name"] for node in describe(model)["nodes"]]
    assert names[1:3] == [f"{inner.name}/conv", f"{inner.name}/conv#2"]


def test_a_separable_convolution_shows_its_inside():
    model = keras.Sequential([keras.Input((8, 9, 3)), layers.SeparableConv2D(5, 3, name="s", depth_multiplier=2)])
    nodes = describe(model)["nodes"]
    assert [(node["name"], node["shape"]) for node in nodes[1:]] == [("s: depthwise", [6, 7, 6]), ("s", [6, 7, 5])]


def test_a_large_network_travels_with_half_the_bytes(in_node):
    model = keras.Sequential([keras.Input((40, 50, 1)), layers.Flatten(), layers.Dense(600), layers.Dense(3)])
    generator = np.random.default_rng(3)
    x = generator.uniform(size=(40, 50, 1))
    described = describe(model)
    assert described["half"]
    assert FULL < len(described["weights"]) / 2 == model.count_params()
    body = RUN + "return Array.from(forward(network, state.x)[3]);"
    (output,) = in_node({"shared/js/browser_network.js": "forward, networkOf"}, body, [as_case(model, x)])
    assert close(output, model(x[None])[0]) < 2e-3


def test_a_long_pass_takes_breaths(in_node):
    model = keras.Sequential([keras.Input((30, 40, 16)), layers.Conv2D(64, 3, padding="same"), layers.Conv2D(9, 3)])
    x = np.random.default_rng(4).normal(size=(30, 40, 16))
    body = RUN + (
        "const outputs = []; const known = [];"
        "for (const _ of forwardInSlices(network, state.x, outputs)) known.push(outputs.length);"
        "return [known, Array.from(outputs[2])];"
    )
    ((known, output),) = in_node(
        {"shared/js/browser_network.js": "forwardInSlices, networkOf"}, body, [as_case(model, x)]
    )
    assert known == sorted(known)
    assert known.count(1) > 2  # within the first convolution
    assert close(output, model(x[None])[0]) < 1e-5


class Mine(layers.Layer):
    def call(self, x):
        return x * 2


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        (layers.Conv2DTranspose(2, 3, name="up"), "The browser cannot run the layer 'up' (Conv2DTranspose)."),
        (Mine(name="mine"), "The browser cannot run the layer 'mine' (Mine)."),
        (
            layers.UpSampling2D(2, interpolation="bilinear", name="u"),
            "'u' (UpSampling2D) with interpolation 'bilinear'",
        ),
        (layers.BatchNormalization(axis=1, name="b"), "'b' (BatchNormalization) along axis 1."),
        (layers.Conv2D(2, 3, activation=keras.ops.sin, name="c"), "'c' (Conv2D) with the activation 'sin'."),
        (layers.Dense(2_000_000, name="d"), "has 6.0 million weights, and the browser takes 4."),
    ],
)
def test_what_the_browser_cannot_run_is_named(layer, sentence):
    model = keras.Sequential([keras.Input((7, 9, 2)), layer])
    with pytest.raises(CourseError) as error:
        describe(model)
    assert sentence in str(error.value)


def test_functions_and_pictures_of_any_size_are_refused_in_a_sentence():
    inputs = keras.Input((7, 9, 2))
    with pytest.raises(CourseError, match=r"cannot run the operation Sin .*: put it into a layer of Keras"):
        describe(keras.Model(inputs, keras.ops.sin(inputs)))
    model = keras.Sequential([keras.Input((None, None, 1)), layers.Conv2D(2, 3)])
    with pytest.raises(CourseError, match="takes pictures of any size"):
        describe(model)
    assert describe(model, (7, 9, 1))["nodes"][1]["shape"] == [5, 7, 2]
