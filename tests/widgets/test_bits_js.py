"""The pure modules of Bits in node, against dlcourse.lens, NumPy and Keras."""

import base64

import keras
import numpy as np
import pytest
from keras import layers

from dlcourse.lens import dequantise, quantise, stored_bytes
from dlcourse.widgets import Bits
from dlcourse.widgets.bits.words import bits_in_words, kilobytes, share

RNG = np.random.default_rng(8)
QUANTISE = {"bits/quantise.js": "dequantise, quantise, rint, storedBytes"}
HISTOGRAM = {"bits/histogram.js": "spreadOf", "bits/quantise.js": "quantise"}
STATE = {
    "bits/state.js": "allSet, bitsAt, oneSet, placeOf, viewer, withThis",
    "bits/classes.js": "classOf",
    "bits/words.js": "figuresOf, sentence, spreadNote, tilesTitle",
    "shared/js/browser_network.js": "forward",
}

# traits as a case in node, and a view in which all examples have been asked
VIEW = """
    const unpacked = (text) => {
      if (text === null) return null;
      const numbers = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      return new DataView(numbers.buffer);
    };
    const { _model: model, _examples: examples } = state;
    if (model.network) model.network.weights = unpacked(model.network.weights);
    for (const tensor of model.tensors) if (tensor.values) tensor.values = unpacked(tensor.values);
    examples.values = unpacked(examples.values);
    const networks = new Set();
    const examine = (network, inputs, threshold) => {
      networks.add(network);
      const outputs = inputs.map((input) => forward(network, input)[network.output]);
      const classes = outputs.map((output) => classOf(output, threshold));
      return { classes, outputs, done: classes.length, complete: true };
    };
    const viewOf = viewer(examine);
    const view = viewOf(state);
"""


def as_json(value):
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, dict):
        return {name: as_json(part) for name, part in value.items()}
    return [as_json(part) for part in value] if isinstance(value, list) else value


def traits_of(widget, **others):
    names = ["bits", "symmetric", "per_channel", "layer", "_model", "_examples", "_answers"]
    return {name: as_json(getattr(widget, name)) for name in names} | others


# --- numbers in few bits ---------------------------------------------------------------------------------------------


def weights():
    """Tables with columns for channels, hard ones among them."""
    yield RNG.normal(0.03, 0.1, (45, 7)).astype("float32")
    yield np.float32([[0.5, -1.5, 2.5], [-3.5, 0, 1], [7, -7, 3.5]])  # halves
    yield np.zeros((4, 3), "float32")
    yield np.float32([[0, 1e-40, 3], [0, -1e-39, 5]])  # a column of nothing, one too small for a scale, one above 0
    yield -RNG.uniform(1, 2, (9, 2)).astype("float32") * np.float32(1e20)


@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize("per_channel", [True, False])
def test_integers_scales_and_zero_points_are_those_of_the_lens(symmetric, per_channel, in_node):
    tables = list(weights())
    cases = [
        {"values": table.ravel().tolist(), "channels": table.shape[1], "bits": bits, "table": number}
        for number, table in enumerate(tables)
        for bits in (1, 2, 3, 4, 8, 11, 16)
    ]
    settings = f"{{ bits: state.bits, symmetric: {str(symmetric).lower()}, perChannel: {str(per_channel).lower()} }}"
    body = f"""
        const quantised = quantise(Float32Array.from(state.values), state.channels, {settings});
        return {{ ...quantised, values: dequantise(quantised) }};
    """
    for case, answer in zip(cases, in_node(QUANTISE, body, cases), strict=True):
        expected = quantise(tables[case["table"]], case["bits"], symmetric, -1 if per_channel else None)
        assert answer["integers"] == expected.integers.ravel().tolist(), case
        assert answer["zeroPoints"] == expected.zero_point.ravel().tolist()
        scales = np.float32(answer["scales"])
        if case["bits"] == 1 and symmetric:  # means, whose last bit hangs on the order of the sum
            np.testing.assert_allclose(scales, expected.scale.ravel(), rtol=2e-7)
            continue
        np.testing.assert_array_equal(scales, expected.scale.ravel())
        np.testing.assert_array_equal(np.float32(answer["values"]), dequantise(expected).ravel())


def test_halves_go_to_the_even_side(in_node):
    numbers = np.concatenate([np.arange(-6, 6, 0.5), RNG.normal(0, 50, 40)])
    np.testing.assert_array_equal(in_node(QUANTISE, "return rint(state);", numbers.tolist()), np.rint(numbers))


def test_sizes_are_those_of_the_lens(in_node):
    cases = [[count, channels, bits, symmetric, per_channel]
             for count, channels in ((17, 1), (90, 6)) for bits in (1, 3, 8, 9, 16, 32)
             for symmetric in (True, False) for per_channel in (True, False)]  # fmt: skip
    body = """
        const [count, channels, bits, symmetric, perChannel] = state;
        return storedBytes(count, channels, { bits, symmetric, perChannel });
    """
    expected = [stored_bytes(count, bits, n if own else 1, symmetric) for count, n, bits, symmetric, own in cases]
    assert in_node(QUANTISE, body, cases) == expected


# --- how weights are spread ------------------------------------------------------------------------------------------


def spread(in_node, table, bits, symmetric=True, per_channel=False):
    body = """
        const values = Float32Array.from(state.values);
        return spreadOf(values, state.bits === 32 ? null : quantise(values, state.channels, state), state);
    """
    case = {"values": table.ravel().tolist(), "channels": table.shape[1], "bits": bits}
    (answer,) = in_node(HISTOGRAM, body, [case | {"symmetric": symmetric, "perChannel": per_channel}])
    return answer


@pytest.mark.parametrize(("bits", "symmetric"), [(1, True), (2, True), (3, False), (6, True)])
def test_a_bar_is_a_level_with_the_weights_that_snapped_to_it(bits, symmetric, in_node):
    table = next(weights())
    answer = spread(in_node, table, bits, symmetric)
    places, counts = np.unique(dequantise(quantise(table, bits, symmetric)), return_counts=True)
    assert answer["single"]
    np.testing.assert_allclose([bar["value"] for bar in answer["bars"]], places, rtol=1e-6)
    assert [bar["count"] for bar in answer["bars"]] == counts.tolist()
    if bits > 1:
        assert answer["step"] == pytest.approx(np.diff(places).min(), rel=1e-6)
    else:
        assert answer["step"] == pytest.approx(np.ptp(places), rel=1e-6)


@pytest.mark.parametrize(("bits", "per_channel"), [(8, False), (4, True), (32, False)])
def test_many_levels_share_bars_and_no_weight_is_lost(bits, per_channel, in_node):
    table = np.concatenate([next(weights())] * 3)
    answer = spread(in_node, table, bits, per_channel=per_channel)
    counts, _ = np.histogram(table, len(answer["counts"]), (answer["low"], answer["high"]))
    np.testing.assert_allclose(answer["counts"], counts, atol=1)  # a weight on an edge may fall to either side
    assert sum(answer["counts"]) == table.size
    if bits == 32:
        assert answer["bars"] is None
        return
    assert sum(bar["count"] for bar in answer["bars"]) == table.size
    assert len(answer["bars"]) <= 120
    rounded = dequantise(quantise(table, bits, axis=-1 if per_channel else None))
    mean = sum(bar["value"] * bar["count"] for bar in answer["bars"]) / table.size
    assert mean == pytest.approx(rounded.mean(), abs=3e-3)


def test_weights_that_are_all_the_same_have_a_place(in_node):
    answer = spread(in_node, np.zeros((4, 2), "float32"), 4)
    assert answer["low"] < 0 < answer["high"]
    assert answer["bars"] == [{"value": 0, "count": 8}]


# --- what is seen ----------------------------------------------------------------------------------------------------


def pictures_network():
    keras.utils.set_random_seed(5)
    inputs = keras.Input((9, 8, 2))
    x = layers.SeparableConv2D(6, 3, depth_multiplier=2, activation="relu", name="separable")(inputs)
    x = layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2, name="depthwise")(x)
    shared = layers.Conv2D(12, 3, padding="same", groups=2, name="shared")
    x = layers.BatchNormalization(name="norm")(shared(shared(x)))
    x = layers.Dense(5, name="classes")(layers.GlobalAveragePooling2D()(x))
    return keras.Model(inputs, x, name="mine")


X, Y = RNG.normal(size=(40, 9, 8, 2)).astype("float32"), RNG.integers(0, 5, 40)


@pytest.mark.slow
def test_outputs_are_those_of_keras_with_the_rounded_weights(in_node):
    model = pictures_network()
    settings = {"bits": 5}, {"bits": 3, "symmetric": False}, {"bits": 2, "per_channel": True}
    widgets = [Bits(model, X, Y, **some) for some in settings]
    body = VIEW + "return { ...view, outputs: view.outputs.map((output) => Array.from(output)) };"
    other = keras.models.clone_model(model)
    for widget, answer in zip(widgets, in_node(STATE, body, [traits_of(widget) for widget in widgets]), strict=True):
        other.set_weights(widget.weights())
        np.testing.assert_allclose(answer["outputs"], other(X, training=False), atol=1e-5)
        look = widget._look()
        assert [change["number"] for change in answer["changed"]] == look.changed.tolist()
        assert [answer["right"]["before"], answer["right"]["now"]] == list(look.right)
        assert (answer["bytes"], answer["floatBytes"]) == (look.bytes, look.float_bytes)


def test_floats_are_not_asked_again_and_rounding_is_remembered(in_node):
    body = (
        VIEW
        + """
        const floats = Object.fromEntries(Object.keys(state.bits).map((name) => [name, 32]));
        const other = viewOf({ ...state, layer: "hidden2" });
        const before = viewOf({ ...state, bits: floats });
        const half = viewOf({ ...state, bits: { ...floats, digits: 3 } });
        return [networks.size, other.index, before.changed, before.quantised, before.bytes === before.floatBytes,
                half.rows.map(({ bytes }) => bytes)];
    """
    )
    (answer,) = in_node(STATE, body, [traits_of(Bits(bits=4))])
    assert answer == [2, 1, [], None, True, [4 * 784 * 32, 4 * 32 * 16, 160 * 3 / 8 + 4]]


def test_python_answers_where_the_browser_cannot_and_old_answers_are_not_shown(in_node):
    model = keras.Sequential(
        [keras.Input((9, 8, 2)), layers.Conv2DTranspose(3, 3, name="up"), layers.Flatten(), layers.Dense(5, name="out")]
    )
    widget = Bits(model, X, Y, bits=2, layer="up")
    body = (
        VIEW
        + """
        const later = viewOf({ ...state, symmetric: false });
        const spread = (view) => view.spread.bars.map(({ count }) => count);
        return { done: view.done, changed: view.changed.length, spread: spread(view),
                 later: [later.done, later.complete], words: [sentence(view), sentence(later)],
                 number: figuresOf(later).right.number };
    """
    )
    (answer,) = in_node(STATE, body, [traits_of(widget)])
    assert (answer["done"], answer["changed"]) == (40, len(widget.changed))
    assert answer["later"] == [0, False]
    assert answer["number"] == "…"
    assert "The network is asked in Python." in answer["words"][1]
    _, counts = np.unique(quantise(model.get_layer("up").kernel, 2).integers, return_counts=True)
    assert answer["spread"] == counts.tolist()


def test_one_slider_moves_one_layer_and_the_first_moves_all(in_node):
    body = VIEW + "return [allSet(view, 5), oneSet(view, 1, 2)];"
    ((everywhere, single),) = in_node(STATE, body, [traits_of(Bits(bits={"hidden1": 8, "digits": 3}))])
    assert everywhere == {"bits": {"hidden1": 5, "hidden2": 5, "digits": 5}}
    assert single == {"bits": {"hidden1": 8, "hidden2": 2, "digits": 3}, "layer": "hidden2"}


def test_a_sliders_last_place_is_floats(in_node):
    places = list(range(1, 18))
    bits = in_node(STATE, "return bitsAt(state, 16);", places)
    assert bits == [*range(1, 17), 32]
    assert in_node(STATE, "return placeOf(state, 16);", bits) == places


def test_each_size_and_score_is_remembered_once_and_none_half_asked(in_node):
    body = "return state.reduce((tries, view) => withThis(tries, view), []).length;"
    tries = [[10, 0.5, True], [10, 0.5, True], [10, 0.6, True], [20, 0.6, False], [20, 0.7, True]]
    views = [{"bytes": size, "score": score, "complete": complete} for size, score, complete in tries]
    many = [{"bytes": size, "score": 0.5, "complete": True} for size in range(300)]
    assert in_node(STATE, body, [views, many]) == [3, 200]


# --- words, code -----------------------------------------------------------------------------------------------------


def test_the_line_says_size_changes_and_accuracy(in_node):
    body = VIEW + "return [sentence(view), spreadNote(view), tilesTitle(view, 2)];"
    widget = Bits(bits=3)
    look, floats = widget._look(), Bits(bits=32)
    answers = in_node(STATE, body, [traits_of(widget), traits_of(Bits(bits=16)), traits_of(floats)])
    spoiled = sum(look.classes[n] != widget._shown.examples.labels[n] == widget._shown.before[n] for n in look.changed)
    right = [share(number, 400) for number in look.right]
    assert answers[0][0].startswith("9.9 kB instead of 103.3 kB, 10 %: ")
    assert f"{len(look.changed)} of 400 examples change their class, {spoiled} to a wrong one" in answers[0][0]
    assert answers[0][0].endswith(f"Accuracy {right[1]}, {right[0]} with floats.")
    assert answers[0][1].startswith("7 levels, 0.1")
    assert answers[0][2].endswith(f"{len(look.changed)}, the first 2")
    assert "all 400 examples keep their class" in answers[1][0]
    assert answers[2][0].startswith(f"All weights are floats of 32 bits: 103.3 kB, {right[0]} right.")


def test_sizes_and_bits_are_said_as_in_python(in_node):
    words = {"bits/words.js": "bitsInWords, grouped, share, sizeInWords, tileText"}
    sizes = [0, 40, 9904, 99_940, 1_500_000]
    assert in_node(words, "return sizeInWords(state);", sizes) == list(map(kilobytes, sizes))
    counts = [*range(0, 401, 13), 373]
    assert in_node(words, "return share(state, 400);", counts) == [share(count, 400) for count in counts]
    assert in_node(words, "return bitsInWords(state);", [1, 7, 32]) == list(map(bits_in_words, [1, 7, 32]))
    assert in_node(words, "return grouped(state);", [7, 784, 25088, 1234567]) == ["7", "784", "25,088", "1,234,567"]
    tile = 'return tileText(["cat", "dog", "aeroplane"], ...state);'
    assert in_node(words, tile, [[0, 1, "spoiled"], [2, 0, "mended"], [1, 2, "other"]]) == [
        "✗ cat→dog", "✓ aero…→cat", "dog→aero…",
    ]  # fmt: skip


@pytest.mark.slow
def test_the_code_makes_the_same_network(in_node):
    plain = keras.Sequential(
        [keras.Input((9, 8, 2)), layers.Conv2D(4, 3, name="conv"), layers.Flatten(), layers.Dense(5, name="out")]
    )
    widgets = [
        Bits(model, X, Y, bits=3, symmetric=False, per_channel=per_channel)
        for model in (pictures_network(), plain)
        for per_channel in (True, False)
    ]
    body = VIEW + "return roundedCode(view);"
    codes = in_node(STATE | {"bits/code.js": "roundedCode"}, body, [traits_of(widget) for widget in widgets])
    for widget, code in zip(widgets, codes, strict=True):
        names = {"widget": widget, "model": widget._shown._model, "x": X}
        exec(code, names)
        for made, expected in zip(names["small"].get_weights(), widget.weights(), strict=True):
            np.testing.assert_array_equal(made, expected)
    assert "quantise(" in codes[2]
    assert "quantise(" not in codes[0]  # the weights of a separable layer come from the widget


def test_the_code_of_the_network_at_hand_runs(in_node):
    imports = STATE | {"bits/code.js": "roundedCode"}
    widget = Bits(bits={"hidden1": 3})
    (code,) = in_node(imports, VIEW + "return roundedCode(view);", [traits_of(widget)])
    names = {"widget": widget}
    exec(code, names)
    np.testing.assert_array_equal(names["small"].get_weights()[0], widget.weights()[0])
    assert "# hidden1: quantise(kernel, 3, symmetric=True)" in code
