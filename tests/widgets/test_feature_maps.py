"""FeatureMaps from Python, and its arithmetic in node; the browser is in tests/browser/test_feature_maps.py."""

import base64
import io
import subprocess
import sys

import keras
import numpy as np
import pytest
from keras import layers
from PIL import Image

from dlcourse.errors import CourseError
from dlcourse.lens import activations, receptive_interval
from dlcourse.widgets import FeatureMaps, picture
from dlcourse.widgets.feature_maps import handmade
from dlcourse.widgets.shared.browser_network import describe
from dlcourse.widgets.shared.palette import PALETTE, rgb
from dlcourse.widgets.shared.still import shown

NETWORK = """
    const bytes = Uint8Array.from(atob(state.weights), (letter) => letter.charCodeAt(0));
    const network = networkOf({ ...state, weights: new DataView(bytes.buffer) });
    const outputs = forward(network, state.x);
"""


def branched():
    """Every kind of layer that a map can come from, on pictures that are not square."""
    inputs = keras.Input((17, 22, 3))
    x = layers.Rescaling(0.5, offset=0.1, name="rescaled")(inputs)
    x = layers.Conv2D(4, 3, activation="tanh", padding="same", name="conv")(x)
    x = layers.BatchNormalization(name="norm")(x)
    y = layers.Conv2D(4, (3, 2), strides=2, groups=2, activation="relu", name="grouped")(x)
    y = layers.SeparableConv2D(6, 3, padding="same", depth_multiplier=2, name="separable")(y)
    y = layers.UpSampling2D((2, 1), name="up")(y)
    y = layers.ZeroPadding2D(((0, 1), (2, 1)), name="padded")(y)
    y = layers.MaxPooling2D((2, 3), padding="same", name="pooled")(y)
    z = layers.DepthwiseConv2D(3, padding="same", name="depthwise")(y)
    z = layers.ReLU(name="relu")(layers.Add(name="added")([y, z]))
    z = layers.Concatenate(name="both")([z, layers.AveragePooling2D(2, strides=1, padding="same", name="mean")(y)])
    gate = layers.Reshape((1, 1, 12), name="gate")(layers.GlobalAveragePooling2D(name="global")(z))
    z = layers.Dropout(0.5, name="dropped")(layers.Multiply(name="gated")([z, gate]))
    z = layers.Dense(5, activation="gelu", name="hidden")(layers.Flatten(name="flat")(z))
    model = keras.Model(inputs, layers.Dense(3, activation="softmax", name="answer")(z), name="branched")
    generator = np.random.default_rng(6)
    for variable in model.weights:
        low = 0.3 if "variance" in variable.path else -0.8
        variable.assign(generator.uniform(low, 0.9, variable.shape))
    return model


@pytest.fixture(scope="module")
def model():
    return branched()


@pytest.fixture(scope="module")
def case(model):
    described = describe(model)
    x = np.random.default_rng(7).uniform(size=(17, 22, 3))
    weights = base64.b64encode(described["weights"]).decode()
    return described | {"weights": weights, "x": x.ravel().tolist()}


# how a map is made


def test_what_a_number_is_made_of_makes_it(in_node, case):
    """For every node, map and some places: the terms and the bias give the sum, the activation the value."""
    body = NETWORK + (
        "return network.nodes.map((node, index) => {"
        "  const [rows, columns, channels] = sizesOf(node); const answers = [];"
        "  for (let channel = 0; channel < channels; channel++)"
        "    for (const place of [[0, 0], [rows - 1, columns - 1], [rows >> 1, columns >> 1]]) {"
        "      const { terms, bias, sum, value, under } = makingOf(network, outputs, index, channel, place);"
        "      const shown = outputs[index][(place[0] * columns + place[1]) * channels + channel];"
        "      const after = activated(node.activation, sum);"
        "      const amounts = terms.map((term) => term.amount);"
        "      answers.push([amounts, bias, sum, value, shown, after, under.map((tap) => tap.value)]);"
        "    } return answers; });"
    )
    imports = {
        "feature_maps/making.js": "activated, makingOf",
        "shared/js/browser_network.js": "forward, networkOf, sizesOf",
    }
    (nodes,) = in_node(imports, body, [case])
    combine = {"add": np.sum, "multiply": np.prod, "max": np.max, "average": np.mean}
    kinds = set()
    for node, answers in zip(case["nodes"], nodes, strict=True):
        kinds.add(node["kind"])
        for amounts, bias, total, value, output, after, under in answers:
            assert value == output
            if node["kind"] in ("conv", "dense", "affine"):
                assert sum(amounts) + bias == pytest.approx(total, rel=1e-9, abs=1e-9)
            elif node["kind"] == "merge":
                assert combine[node["mode"]](amounts) == pytest.approx(value, rel=1e-5, abs=1e-5)
            elif node["kind"] == "pool":
                assert combine[node["mode"]](under) == pytest.approx(value, rel=1e-5, abs=1e-5)
            elif node["kind"] not in ("input", "activation", "globalPool"):
                assert amounts == [value]
            if (node.get("activation") or {}).get("name") != "softmax" and node["kind"] != "input":
                assert after == pytest.approx(value, rel=1e-5, abs=1e-5), node
    assert kinds == set(
        "input conv affine activation pool globalPool dense reshape pass place repeat merge concatenate".split()
    )


def test_the_parts_of_a_map_add_up_to_it(in_node, case):
    body = NETWORK + (
        "return network.nodes.map((node, index) => node.kind !== 'conv' ? [] : "
        "  Array.from({ length: node.shape[2] }, (_, channel) => {"
        "    const { inputs } = mainInputs(network, outputs, index, channel);"
        "    const parts = inputs.map((input) => partialMap(network, outputs, index, channel, input).values);"
        "    const sums = mapOf(network, outputs, index, channel).values.map((_, place) =>"
        "      parts.reduce((sum, part) => sum + part[place], node.weights[1][channel]));"
        "    activate(node.activation, sums, 1);"
        "    return [sums, mapOf(network, outputs, index, channel).values]; }));"
    )
    imports = {
        "feature_maps/making.js": "mainInputs, mapOf, partialMap",
        "shared/js/browser_network.js": "activate, forward, networkOf",
    }
    (nodes,) = in_node(imports, body, [case])
    checked = [pair for node in nodes for pair in node]
    assert len(checked) == 4 + 4 + 8 + 6 + 6
    for sums, outputs in checked:
        np.testing.assert_allclose(sums, outputs, atol=1e-5)


def test_the_frame_in_the_picture_is_the_receptive_field(in_node):
    inputs = keras.Input((30, 41, 1))
    x = layers.Conv2D(2, 5, strides=2, padding="same", name="a")(inputs)
    y = layers.MaxPooling2D(2, name="b")(layers.Conv2D(2, 3, name="c")(x))
    z = layers.Conv2D(2, (1, 3), strides=2, name="d")(x)
    z = layers.Cropping2D(((0, 0), (0, 1)), name="e")(layers.ZeroPadding2D(((0, 0), (1, 0)), name="f")(z))
    model = keras.Model(inputs, layers.Add(name="sum")([y, layers.Conv2D(2, (3, 1), name="g")(z)][:1] * 2))
    described = describe(model)
    case = described | {"weights": base64.b64encode(described["weights"]).decode()}
    body = """
        const bytes = Uint8Array.from(atob(state.weights), (letter) => letter.charCodeAt(0));
        const network = networkOf({ ...state, weights: new DataView(bytes.buffer) });
        return network.nodes.map(({ shape: [rows, columns] }, index) =>
          [[0, 0], [2, 3], [rows - 1, columns - 1]].map((place) => [place, receptivePatch(network, index, place)]));
    """
    imports = {"feature_maps/receptive_patch.js": "receptivePatch", "shared/js/browser_network.js": "networkOf"}
    (nodes,) = in_node(imports, body, [case])
    for node, places in list(zip(case["nodes"], nodes, strict=True))[1:]:
        for place, patch in places:
            rows, columns = receptive_interval(model, node["name"], tuple(place))
            assert (patch["top"], patch["bottom"]) == rows
            assert (patch["left"], patch["right"]) == columns


# the networks


def test_the_network_set_by_hand_is_what_its_code_says(in_node):
    widget = FeatureMaps()
    names = {}
    exec(handmade.CODE, names)
    x = widget.input
    expected = activations(names["model"], x)
    for name, values in handmade.outputs(x[0]).items():
        if name != "input":
            np.testing.assert_allclose(values, expected[name][0], atol=1e-5)
    network = handmade.description()
    assert [node["name"] for node in network["nodes"]] == [node["name"] for node in describe(names["model"])["nodes"]]
    case = network | {"weights": base64.b64encode(network["weights"]).decode(), "x": x.ravel().tolist()}
    body = NETWORK + "return Array.from(outputs[4]);"
    (pooled,) = in_node({"shared/js/browser_network.js": "forward, networkOf"}, body, [case])
    np.testing.assert_allclose(pooled, expected["parts_pooled"][0].ravel(), atol=1e-5)


def test_the_default_is_a_full_demonstration_without_keras():
    program = (
        "import sys\nfrom dlcourse.widgets import FeatureMaps\nwidget = FeatureMaps()\nwidget._repr_mimebundle_()\n"
        "print(widget.output()[widget.position][0], widget.layer, *sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert float(answer[0]) > 0.5  # the frame lies where there is something to see
    assert answer[1] == "parts"
    assert not {"tensorflow", "keras", "matplotlib"} & set(answer)


def test_corners_are_found_where_they_are():
    square = np.zeros((120, 180))
    square[40:80, 60:120] = 1
    maps = FeatureMaps(image=square, layer="parts").output()
    places = [np.unravel_index(maps[:, :, corner].argmax(), maps.shape[:2]) for corner in range(4)]
    expected = np.array([(40, 60), (40, 120), (80, 60), (80, 120)]) / 2
    np.testing.assert_allclose(places, expected, atol=3)


@pytest.mark.parametrize("layer", ["conv", "separable: depthwise", "separable", "answer", "input"])
def test_maps_are_those_of_keras(model, layer):
    widget = FeatureMaps(model, "astronaut", scale="0 to 1", layer=layer)
    assert widget.input.shape == (1, 17, 22, 3)
    output = widget.output()
    if layer == "input":
        expected = widget.input[0]
    elif layer.endswith("depthwise"):
        inner = model.get_layer("separable")
        before = activations(model, widget.input, ["grouped"])["grouped"]
        expected = keras.ops.depthwise_conv(before, inner.depthwise_kernel, padding="same")[0]
    else:
        expected = activations(model, widget.input, [layer])[layer][0]
    np.testing.assert_allclose(output, expected, atol=1e-6)


@pytest.mark.parametrize("form", [(784,), (28, 28), (28, 28, 1)])
def test_digits_go_in_as_they_are(form):
    digit = np.random.default_rng(3).integers(0, 256, (28, 28), dtype=np.uint8)
    plain = keras.Sequential([keras.Input(form), layers.Flatten(), layers.Dense(3)])
    shares = FeatureMaps(plain, digit, scale="0 to 1").input
    np.testing.assert_allclose(shares, digit.reshape(1, *form) / 255, atol=1e-6)
    bytes_ = keras.Sequential([keras.Input(form), layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(3)])
    np.testing.assert_allclose(FeatureMaps(bytes_, digit).input, digit.reshape(1, *form), atol=1e-4)
    np.testing.assert_allclose(
        FeatureMaps(plain, digit, scale=2 / 255).input, digit.reshape(1, *form) / 127.5, atol=1e-5
    )


def test_a_model_for_pictures_of_any_size_gets_one_of_them():
    anything = keras.Sequential([keras.Input((None, None, 3)), layers.Conv2D(2, 3)])
    assert FeatureMaps(anything, "cat", scale="0 to 1").input.shape == (1, 85, 128, 3)


def test_what_the_browser_cannot_run_is_computed_in_python():
    strange = keras.Sequential(
        [keras.Input((20, 30, 3)), layers.Conv2DTranspose(5, 3, name="up"), layers.LayerNormalization(name="norm")]
    )
    widget = FeatureMaps(strange, "cat", scale="0 to 1")
    assert widget.layer == "up"
    assert "'up' (Conv2DTranspose)" in widget._model["why"]
    sent = np.frombuffer(widget._maps["values"], "float32").reshape(widget._maps["shape"])
    np.testing.assert_allclose(sent, widget.output(), atol=1e-6)
    widget.layer = "norm"
    assert widget._maps["layer"] == "norm"
    before = widget._maps["values"]
    widget.image = "coffee"
    assert widget._maps["values"] != before
    assert np.frombuffer(widget._maps["values"], "float32") == pytest.approx(widget.output().ravel(), abs=1e-5)


def test_after_more_training_the_same_model_is_shown_anew(model):
    widget = FeatureMaps(model, scale="0 to 1", layer="pooled")
    before = widget._model["network"]["weights"]
    weights = model.get_weights()
    model.set_weights([weight + 0.1 for weight in weights])
    widget.show_model(model)
    model.set_weights(weights)
    assert widget._model["network"]["weights"] != before
    assert widget.layer == "pooled"
    widget.show_model()
    assert widget.layer == "edges"


# state


def test_traits_are_read_and_set_from_a_cell(model):
    widget = FeatureMaps(model, "cat", "0 to 1", layer=model.get_layer("grouped"), map=2, position=(1, 2))
    assert (widget.layer, widget.map, widget.position) == ("grouped", 2, (1, 2))
    widget.layer = -1
    assert widget.layer == "answer"
    widget.layer = 0
    assert widget.layer == "input"
    widget.image = np.linspace(0, 1, 20 * 30).reshape(20, 30)
    widget.reset()
    assert widget.image == picture("cat")
    assert (widget.layer, widget.map, widget.position) == ("grouped", 2, (1, 2))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"layer": "prats"}, "There is no layer 'prats'. Did you mean 'parts'?"),
        ({"layer": 6}, "`layer` is 6, but there are 6, counted from 0, which is the input."),
        ({"layer": 1.5}, "`layer` must be a layer's name, its number or the layer itself, but it is 1.5."),
        ({"map": -1}, "`map` must be a whole number from 0 to"),
        ({"position": (1, -1)}, "a row and a column of the map, as in (4, 6)"),
        ({"image": "cta"}, "There is no photograph 'cta'. Did you mean 'cat'?"),
        ({"image": np.full((9, 9), np.nan)}, "81 values that are NaN"),
        ({"layers": "parts"}, "There is no argument of FeatureMaps 'layers'. Did you mean 'layer'?"),
        ({"model": "cat"}, "`model` must be a Keras model, but it is of type str."),
        ({"model": lambda: keras.Sequential([layers.Dense(3)])}, "is not built"),
        ({"model": lambda: keras.Sequential([keras.Input((7,)), layers.Dense(3)])}, "which are no pictures"),
        ({"model": lambda: keras.Sequential([keras.Input((7, 9, 5)), layers.Conv2D(3, 3)])}, "which are no pictures"),
        ({"model": branched, "scale": "0-1"}, "There is no scale '0-1'. Known: -1 to 1, 0 to 1, 0 to 255."),
    ],
)
def test_a_mistake_is_told_in_a_sentence(arguments, sentence):
    if callable(arguments.get("model")):
        arguments = arguments | {"model": arguments["model"]()}
    with pytest.raises(CourseError) as error:
        FeatureMaps(**arguments)
    assert sentence in str(error.value)
    assert str(error.value).endswith(".")


# words and the still picture


@pytest.mark.parametrize("layer", ["conv", "gated", "answer", "input"])
def test_a_still_picture_and_words_stand_in_for_it(model, layer):
    widget = FeatureMaps(model, "cat", scale="0 to 1", layer=layer, map=1)
    data, metadata = widget._repr_mimebundle_()
    png = base64.b64decode(data["image/png"])
    assert len(png) < 150_000
    with Image.open(io.BytesIO(png)) as still:
        assert still.width == 2 * metadata["image/png"]["width"]
        colours = np.asarray(still.convert("RGB")).reshape(-1, 3).astype(int)
    near = np.abs(colours - rgb(PALETTE["window"])).sum(1) < 40
    assert (near.sum() > 50) == (layer != "answer")  # the chosen map has its frame
    output = widget.output()
    value = output[1] if layer == "answer" else output[(*widget.position, 1)]
    assert f"is {shown(value)}" in data["text/plain"]
    assert data["text/plain"].startswith(f"FeatureMaps: cat in branched, layer {layer}, ")


@pytest.mark.parametrize(
    ("layer", "means"),
    [
        ("input", "the picture; black is 0, white 1.00"),
        ("mixed", "all 2 maps, each with its own scale; blue is negative, orange positive, green from 0 up"),
        ("below", "all 2 maps, each with its own scale; blue is negative, orange positive"),
        ("relu", "all 2 maps, each with its own scale; dark is large"),
        ("share", "all 2 units, one scale for all; dark is large"),
        ("logits", "all 2 units, one scale for all; blue is negative, orange positive"),
    ],
)
def test_the_still_picture_says_what_its_colours_mean(layer, means):
    inputs = keras.Input((6, 8, 1))
    mixed = layers.Conv2D(2, 1, use_bias=False, name="mixed")(inputs)
    below = layers.Rescaling(-1, offset=-0.1, name="below")(layers.ReLU(name="relu")(mixed))
    logits = layers.GlobalAveragePooling2D(name="logits")(below)
    model = keras.Model(inputs, layers.Softmax(name="share")(logits))
    model.get_layer("mixed").kernel.assign(np.array([1.0, -1.0]).reshape(1, 1, 1, 2))
    widget = FeatureMaps(model, np.linspace(0.1, 1, 48).reshape(6, 8), scale="0 to 1", layer=layer)
    assert widget._legend(widget._look(), 2) == means
