"""GradientFlow from Python, and its JavaScript arithmetic in node; the browser is in tests/browser."""

import base64
import inspect
import io
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from displayed import words_of
from hypothesis import given
from hypothesis import strategies as st
from keras import layers
from PIL import Image
from properties import examples

from dlcourse.errors import CourseError
from dlcourse.lens.decades import BINS, LayerSizes, Sizes, sizes
from dlcourse.lens.flow import FlowSizes, gradient_flow
from dlcourse.widgets import GradientFlow
from dlcourse.widgets.gradient_flow import deep_stack
from dlcourse.widgets.gradient_flow.deep_stack import ACTIVATIONS, Settings
from dlcourse.widgets.gradient_flow.keras_model import as_keras
from dlcourse.widgets.gradient_flow.recording import PER_LAYER, Recording, pack, unpack
from dlcourse.widgets.gradient_flow.still import named, reach
from dlcourse.widgets.gradient_flow.words import digits, times, verdict
from dlcourse.widgets.shared import random_numbers
from dlcourse.widgets.shared.palette import PALETTE, rgb

RNG = np.random.default_rng(3)
X, Y = deep_stack.two_spirals()


@st.composite
def stacks(draw):
    """A stack and how it is trained; nothing in it is square by chance alone."""
    return Settings(
        depth=draw(st.integers(1, 6)),
        width=draw(st.integers(4, 11)),
        activation=draw(st.sampled_from(ACTIVATIONS)),
        initialization=draw(st.sampled_from(["large", "glorot", "he", "lecun", "small"])),
        batch_norm=draw(st.booleans()),
        residual=draw(st.booleans()),
        learning_rate=0.05,
        batch=draw(st.sampled_from([16, 32])),
        seed=draw(st.integers(0, 10**6)),
    )


def collected(times):
    all_settings = []

    @examples(times)
    @given(stacks())
    def collect(settings):
        all_settings.append(settings)

    collect()
    return all_settings


IN_BROWSER = """
const data = { x: Float64Array.from(state.x), y: Float64Array.from(state.y), features: 2, count: state.y.length };
const stack = newStack(state, 2);
const room = roomFor(stack, state.batch);
for (let step = 0; step < state.steps; step++) {
  runBatch(stack, room, state, data, batchOf(step, data.count, state));
  descend(stack, room, state.learning_rate);
}
runBatch(stack, room, state, data, batchOf(state.steps, data.count, state));
return {
  loss: room.loss,
  layers: room.layers.map(({ outputs, back, slopes }, index) => ({
    outputs, back, kernel: slopes.kernel, bias: slopes.bias, gain: slopes.gain, shift: slopes.shift,
    dead: deadUnits(outputs, slopes.units),
    saturated: saturatedUnits(outputs, slopes.units, state.activation),
  })),
};
"""
NEEDED = {"gradient_flow/deep_stack.js": "batchOf, deadUnits, descend, newStack, roomFor, runBatch, saturatedUnits"}


def in_browser(in_node, all_settings, steps=0):
    cases = [vars(settings) | {"x": X.ravel().tolist(), "y": Y.tolist(), "steps": steps} for settings in all_settings]
    return in_node(NEEDED, IN_BROWSER, cases)


def by_tensorflow(settings, x, y):
    """Outputs, and the gradients by them and by the weights, by Keras layers in float64 and TensorFlow's tape."""
    stack = deep_stack.new_stack(settings, 2)
    outputs, variables = [], []
    with tf.GradientTape() as tape:
        at = tf.constant(x, tf.float64)
        for number, layer in enumerate(stack):
            last = number == settings.depth
            dense = layers.Dense(layer.kernel.shape[1], use_bias=not layer.gain.size, dtype="float64")
            dense.build(at.shape)
            dense.set_weights([layer.kernel] if layer.gain.size else [layer.kernel, layer.bias])
            out, own = dense(at), [*dense.trainable_variables]
            if layer.gain.size:
                norm = layers.BatchNormalization(dtype="float64")
                out = norm(out, training=True)
                own += norm.trainable_variables
            if not last:
                out = layers.Activation(settings.activation, dtype="float64")(out)
            tape.watch(out)
            outputs.append(out)
            variables.append([variable.value for variable in own])
            at = at + out if settings.residual and number and not last else out
        loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(tf.constant(y[:, None], tf.float64), at))
    back, slopes = tape.gradient(loss, [outputs, variables])
    return loss, outputs, back, slopes


def close(mine, theirs, terms=0):
    """1e-5 of the largest number, however small that is; of sums whose `terms` cancel, what rounding leaves."""
    theirs = np.asarray(theirs, float)
    slack = max(1e-5 * np.abs(theirs).max(), 1e-12 * np.abs(terms).max())
    np.testing.assert_allclose(np.reshape(mine, theirs.shape), theirs, rtol=1e-5, atol=slack)


# numbers


def test_forward_and_back_are_those_of_tensorflow_in_the_browser_and_here(in_node):
    cases = collected(1)
    for settings, in_js in zip(cases, in_browser(in_node, cases), strict=True):
        rows = deep_stack.batch_of(0, len(X), settings)
        loss, outputs, back, slopes = by_tensorflow(settings, X[rows], Y[rows])
        here = deep_stack.run(deep_stack.new_stack(settings, 2), X[rows], Y[rows], settings)
        assert in_js["loss"] == pytest.approx(float(loss), rel=1e-5)
        assert here.loss == pytest.approx(float(loss), rel=1e-5)
        for layer, *mine, out, slope, own in zip(
            in_js["layers"], here.outputs, here.back, here.slopes, outputs, back, slopes, strict=True
        ):
            close(layer["outputs"], out)
            close(mine[0], out)
            close(layer["back"], slope)
            close(mine[1], slope)
            names = ["kernel", "gain", "shift"] if mine[2].gain.size else ["kernel", "bias"]
            for name, expected in zip(names, own, strict=True):
                close(layer[name], expected, slope)
                close(getattr(mine[2], name), expected, slope)


def test_training_in_the_browser_goes_the_same_way_as_here(in_node):
    cases = [settings for settings in collected(0.8) if settings.initialization != "large"]
    steps = 20  # more than an epoch of 8 or 16 batches
    for settings, in_js in zip(cases, in_browser(in_node, cases, steps), strict=True):
        stack = deep_stack.trained(deep_stack.new_stack(settings, 2), X, Y, settings, range(steps))
        rows = deep_stack.batch_of(steps, len(X), settings)
        here = deep_stack.run(stack, X[rows], Y[rows], settings)
        assert in_js["loss"] == pytest.approx(here.loss, rel=1e-5)
        close(in_js["layers"][0]["kernel"], here.slopes[0].kernel.ravel())


def test_dead_and_saturated_units_are_counted_alike(in_node):
    cases = [
        Settings(4, 20, "tanh", "large", False, False, 0.1, 32, 5),
        Settings(4, 20, "sigmoid", "large", False, False, 0.1, 32, 5),
        Settings(4, 20, "relu", "he", False, False, 0.1, 16, 5),
    ]
    for settings, in_js in zip(cases, in_browser(in_node, cases), strict=True):
        rows = deep_stack.batch_of(0, len(X), settings)
        here = deep_stack.run(deep_stack.new_stack(settings, 2), X[rows], Y[rows], settings)
        shares = [(layer["dead"], layer["saturated"]) for layer in in_js["layers"][:-1]]
        for (dead, saturated), outputs in zip(shares, here.outputs, strict=False):
            assert dead == round(20 * deep_stack.dead_units(outputs))
            expected = deep_stack.saturated_units(outputs, settings.activation)
            assert (saturated is None) == np.isnan(expected)
            assert saturated is None or saturated == round(20 * expected)
        assert sum(saturated or 0 for _, saturated in shares) > 4 or settings.activation == "relu"


def test_random_numbers_are_spread_as_they_should_be():
    drawn = random_numbers.normals(4, 40_001)
    assert abs(drawn.mean()) < 0.02
    assert drawn.std() == pytest.approx(1, abs=0.02)
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 0.02
    order = deep_stack.batch_of(0, 256, Settings(1, 4, "relu", "he", False, False, 0, 128, 0))
    rest = deep_stack.batch_of(1, 256, Settings(1, 4, "relu", "he", False, False, 0, 128, 0))
    assert sorted([*order, *rest]) == list(range(256))


def test_histograms_in_the_browser_are_those_of_the_lens(in_node):
    cases = [
        (RNG.normal(size=300) * 10.0 ** RNG.integers(-30, 10)).tolist() + [0.0] * int(RNG.integers(0, 9))
        for _ in range(40)
    ]
    cases += [[0.0, 0.0], [1.0], [1e-40, 3.0]]
    body = "return sizesOf([Float64Array.from(state.slice(0, 7)), Float64Array.from(state.slice(7))]);"
    for case, in_js in zip(cases, in_node({"gradient_flow/decades.js": "sizesOf"}, body, cases), strict=True):
        expected = sizes(case)
        assert (in_js["top"], len(in_js["shares"])) == (expected.top, BINS)
        assert [in_js["mean"], in_js["zero"]] == pytest.approx([expected.mean, expected.zero])
        np.testing.assert_allclose(in_js["shares"], expected.shares, atol=1e-9)


# the same in Keras


@pytest.mark.slow
@pytest.mark.parametrize(
    "given", [{"activation": "relu", "initialization": "he"}, {"batch_norm": True}, {"residual": True, "depth": 5}]
)
def test_its_keras_model_shows_the_same_flow(given):
    widget = GradientFlow(**given, step=3)
    model = widget.keras_model()
    rows = deep_stack.batch_of(3, len(X), widget._stack_settings())
    loss, flow = FlowSizes(model)(X[rows], Y[rows, None])
    assert loss == pytest.approx(widget._pass()[0], rel=1e-4)
    by_name = {row.name: row for row in flow}
    for number, row in enumerate(widget.flow()):
        last = number == widget.depth
        dense = by_name["output" if last else f"layer{number + 1}"]
        after = dense if last else by_name[f"activation{number + 1}"]
        assert dense.weights.mean == pytest.approx(row.weights.mean, rel=2e-3)
        assert after.outputs.mean == pytest.approx(row.outputs.mean, rel=1e-4)
        assert after.back.mean == pytest.approx(row.back.mean, rel=2e-3)
        assert after.dead == pytest.approx(row.dead, abs=1e-6)


def test_batch_normalisation_knows_its_statistics_when_it_predicts():
    widget = GradientFlow(batch_norm=True, activation="relu", initialization="he", depth=4, step=60)
    model = widget.keras_model()
    by_batch = np.asarray(model(X, training=True))
    np.testing.assert_allclose(model.predict(X, verbose=0), by_batch, atol=2e-3)


def keras_code(in_node, given):
    return in_node(
        {"gradient_flow/code.js": "flowCode"},
        "return flowCode(state.settings, state.spirals);",
        [{"settings": vars(settings), "spirals": inspect.getsource(deep_stack.two_spirals)} for settings in given],
    )


def profile(model):
    """How the gradient changes along the hidden layers, in decades."""
    flow = [row.gradient for row in gradient_flow(model, X, Y[:, None]) if row.kind == "Dense"][:-1]
    return np.log10(flow) - np.log10(flow).mean()


@pytest.mark.slow
def test_the_code_shown_builds_such_a_network(in_node):
    cases = [
        Settings(8, 32, "sigmoid", "glorot", False, False, 0.1, 64, 1),
        Settings(6, 24, "relu", "he", True, True, 0.1, 32, 2),
        Settings(5, 16, "tanh", "small", False, False, 0.01, 128, 3),
        Settings(3, 48, "gelu", "lecun", False, True, 0.3, 16, 4),
    ]
    for settings, code in zip(cases, keras_code(in_node, cases), strict=True):
        names = {}
        exec(code.replace("epochs=20", "epochs=1"), names)
        np.testing.assert_array_equal(names["x"], X)
        keras.utils.set_random_seed(settings.seed)
        untrained = as_keras(deep_stack.new_stack(settings, 2), settings, X)
        model = names["model"]
        assert [w.shape for w in model.weights] == [w.shape for w in untrained.weights]
        fresh = {}
        exec(code.split("from dlcourse.lens")[0], fresh)
        theirs, ours = profile(fresh["model"]), profile(untrained)
        assert theirs == pytest.approx(ours, abs=1)
        kernels = [weight.numpy() for weight in fresh["model"].weights if "kernel" in weight.path]
        assert kernels[1].std() == pytest.approx(
            deep_stack.spread_of(settings.initialization, settings.width, settings.width), rel=0.1
        )
        assert not np.array_equal(kernels[1], kernels[2]) or settings.depth < 3
        assert str(settings.learning_rate) in code


# words


def test_sentences_are_the_same_in_the_browser(in_node):
    flows = []
    for ratio in [1e-9, 2e-4, 0.05, 1, 3, 40, 999, 1.2e4, 3e6, 3.1e9, 7e13, 1e22]:
        rows = [row(0.1 / ratio), row(0.05), row(0.1)]
        flows.append(rows)
    flows += [
        [row(1e-9), row(1e-10)],
        [row(0), row(1)],
        [row(np.nan), row(1)],
        [row(500), row(600)],
        [row(0.1, dead=0.5), row(0.1, saturated=0.25), row(0.1)],
        [row(None), row(None)],
    ]
    cases = [
        [
            {
                "outputs": {"mean": 1},
                "gradient": None
                if layer.weights is None
                else {"mean": None if np.isnan(layer.weights.mean) else layer.weights.mean},
                "dead": layer.dead,
                "saturated": layer.saturated,
            }
            for layer in rows
        ]
        for rows in flows
    ]
    body = """
    for (const row of state) {
      if (row.gradient && row.gradient.mean === null) row.gradient.mean = NaN;
      row.saturated ??= NaN;
    }
    return verdict(state);
    """
    verdicts = in_node({"gradient_flow/words.js": "verdict"}, body, cases)
    assert verdicts == [verdict(rows, "weights") for rows in flows]
    assert "3.1 billion times smaller than at the last: the first layers do not learn" in "".join(verdicts)
    assert "50 % of the hidden units" not in verdicts[0]


def row(gradient, dead=0.0, saturated=None):
    def of(mean):
        return Sizes(mean, 0.0, 0, np.zeros(BINS))

    weights = None if gradient is None else of(gradient)
    return LayerSizes(
        name="a", kind="Dense", outputs=of(1.0), back=of(1.0), weights=weights, dead=dead, saturated=saturated
    )


def test_numbers_in_words(in_node):
    ratios = [1, 2.34, 9.6, 25.2, 130, 999, 9999, 12_345, 999_999, 1.3e8, 3.1e9, 9.99e11, 4e14, 3e20]
    assert in_node({"gradient_flow/decades.js": "times"}, "return times(state);", ratios) == [
        times(ratio) for ratio in ratios
    ]
    assert [times(130e6), times(3e9), times(12_345), times(1e20)] == ["130 million", "3 billion", "12,000", "10²⁰"]
    numbers = [0, 1, 0.2149, 1234.5, 9999.9, 31000, 3.04e-9, 9.96e-7, 1e-300]
    assert in_node({"gradient_flow/decades.js": "sizeInDigits"}, "return sizeInDigits(state);", numbers) == [
        digits(number) for number in numbers
    ]
    assert digits(3.04e-9) == "3.0 · 10⁻⁹"


def test_it_tells_what_it_shows():
    words = words_of(GradientFlow())
    assert "12 layers of 32 units, sigmoid" in words
    assert "million times smaller than at the last: the first layers do not learn." in words
    assert "of the hidden units are dead" in words_of(GradientFlow(activation="relu", initialization="he"))
    assert "saturated" in words_of(GradientFlow(activation="tanh", initialization="large"))
    assert "batch normalisation, residual links" in words_of(GradientFlow(batch_norm=True, residual=True))


def test_the_decades_shown_are_the_same_in_the_still_picture(in_node):
    cases = [
        [[mean, top] for mean, top in zip(means, tops, strict=True)]
        for means, tops in [
            ([0.5, 0.1], [1, -3]),
            ([1e-20, 3.0], [-70, 2]),
            ([0.0, 1e9], [0, 40]),
            ([1e-13, 1e-14], [-50, -55]),
        ]
    ]
    body = """
    const found = state.map(([mean, top]) => ({ mean, top }));
    return [reach(found, "forward"), reach(found, "back")];
    """
    for case, reaches in zip(cases, in_node({"gradient_flow/picture.js": "reach"}, body, cases), strict=True):
        layers = [Sizes(mean, 0.0, top, np.zeros(BINS)) for mean, top in case]
        assert [tuple(decades) for decades in reaches] == [reach(layers, (-6, 1)), reach(layers, (-12, 0))]


# traits


def test_what_it_starts_with_and_goes_back_to():
    widget = GradientFlow(depth=5)
    assert (widget.depth, widget.width, widget.activation, widget.initialization) == (5, 32, "sigmoid", "glorot")
    widget.depth, widget.batch_norm = 9, True
    widget.step = 40
    widget.reset()
    assert (widget.depth, widget.batch_norm, widget.step, widget.playing) == (5, False, 0, False)


def test_another_stack_begins_untrained():
    widget = GradientFlow(step=30)
    assert widget.step == 30
    widget.learning_rate = 0.5
    assert widget.step == 0


def test_weights_from_the_browser_are_taken_over():
    widget = GradientFlow(depth=2, width=4)
    other = deep_stack.new_stack(Settings(**vars(widget._stack_settings()) | {"seed": 9}), 2)
    line = np.concatenate([array.ravel() for array in deep_stack.weights_in_line(other)]).astype("float32")
    of = list(vars(widget._stack_settings()).values())
    widget._trained = {"of": of, "step": 7, "weights": line.tobytes(), "losses": []}
    widget.step = 7
    np.testing.assert_allclose(widget._stack()[1].kernel, other[1].kernel, rtol=1e-6)
    widget.step = 6  # before them
    assert not np.allclose(widget._stack()[1].kernel, other[1].kernel)
    widget.activation = "relu"  # of another stack
    widget.step = 7
    assert not np.allclose(widget._stack()[1].kernel, other[1].kernel)


def small():
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((2,)), layers.Dense(7, "relu", name="one"), layers.Dense(1, "sigmoid", name="two")], name="small"
    )
    model.compile("sgd", "binary_crossentropy")
    return model


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"depth": 31}, "`depth` must be a whole number from 1 to 30, but it is 31"),
        ({"width": 3}, "`width` must be a whole number from 4 to 64"),
        ({"activation": "sigmiod"}, "There is no activation 'sigmiod'. Did you mean 'sigmoid'?"),
        ({"initialization": "glorott"}, "Did you mean 'glorot'?"),
        ({"batch_norm": 1}, "`batch_norm` must be True or False"),
        ({"learning_rate": -1}, "`learning_rate` must be a number from 0 to 100, but it is -1"),
        ({"learning_rate": np.nan}, "`learning_rate` must be a number from 0 to 100"),
        ({"batch": 50}, "`batch` must be 16, 32, 64 or 128 examples, but it is 50"),
        ({"steps": 3}, "There is no argument of GradientFlow 'steps'. Did you mean 'step'?"),
        ({"x": X}, "`x` and `y` are for a model, and there is none"),
        ({"model": small}, "`model` must be a Keras model"),
        ({"model": "small"}, "needs examples and their answers"),
    ],
)
def test_what_it_cannot_take_is_said_in_a_sentence(arguments, sentence):
    if arguments.get("model") is small:
        arguments = {"model": 3, "x": X, "y": Y}
    with pytest.raises(CourseError) as error:
        GradientFlow(**arguments)
    assert sentence in str(error.value)


def test_a_models_data_that_do_not_fit_are_explained():
    model = small()
    for x, y, sentence in [
        (X, Y[:5], "as many examples as answers, but they are 256 and 5"),
        (X[:0], Y[:0], "`x` holds no examples"),
        (np.full_like(X, np.nan), Y, "NaN"),
        (np.ones((9, 3)), np.ones(9), "shape"),
        (3, 4, "no array and no array"),
    ]:
        with pytest.raises(CourseError, match=sentence):
            GradientFlow(model, x, y)
    with pytest.raises(CourseError, match="is not built"):
        GradientFlow(keras.Sequential([layers.Dense(1)]), X, Y, loss="mse")
    with pytest.raises(CourseError, match="loss"):
        GradientFlow(keras.Sequential([keras.Input((2,)), layers.Dense(1)]), X, Y)
    with pytest.raises(CourseError, match="has no model to look at"):
        GradientFlow().callback()
    with pytest.raises(CourseError, match="shows a Keras model of yours already"):
        GradientFlow(model, X, Y).keras_model()


# a model of the learner's


def test_a_training_is_recorded_frame_by_frame():
    model = small()
    widget = GradientFlow(model, X, Y)
    before = model.get_weights()
    assert [layer["name"] for layer in widget._record["layers"]] == ["one", "two"]
    np.testing.assert_array_equal(model.get_weights()[0], before[0])
    model.fit(X, Y, batch_size=32, epochs=3, verbose=0, callbacks=[widget.callback(every=5)])
    assert widget._record["steps"] == [0, 5, 10, 15, 20, 24]
    assert widget._record["epochs"] == [0, 1, 2, 2, 3, 3]
    numbers = np.frombuffer(widget._record["numbers"], "float32").reshape(6, 2, PER_LAYER)
    rows = np.unique(np.linspace(0, 255, 128).round().astype(int))
    _, now = FlowSizes(model)(X[rows], Y[rows])
    np.testing.assert_allclose(numbers[-1], pack(now), rtol=1e-4, atol=1e-6)
    assert widget.flow()[0].weights.mean == pytest.approx(now[0].weights.mean, rel=1e-4)
    widget.frame = 1
    assert widget.flow()[0].weights.mean != pytest.approx(now[0].weights.mean, rel=1e-4)
    assert "small, after 0 batches" in words_of(widget)
    widget.record()
    assert widget._recording.frames[-1].step == 25


def test_a_callback_of_another_model_says_so():
    widget = GradientFlow(small(), X, Y)
    other = small()
    with pytest.raises(CourseError, match="watches the model 'small', but fit trains 'small'"):
        other.fit(X, Y, verbose=0, callbacks=[widget.callback()])


@pytest.mark.slow
def test_branches_and_convolutions_have_their_frames():
    inputs = keras.Input((12, 12, 1))
    branch = layers.Conv2D(4, 3, activation="relu", padding="same", name="conv")(inputs)
    two = layers.BatchNormalization(name="norm")(layers.add([branch, layers.Conv2D(4, 1, name="side")(inputs)]))
    model = keras.Model(inputs, layers.Dense(3, "softmax", name="out")(layers.Flatten()(layers.ReLU(name="relu")(two))))
    model.compile("adam", "sparse_categorical_crossentropy")
    x, y = RNG.normal(size=(40, 12, 12, 1)), RNG.integers(0, 3, 40)
    widget = GradientFlow(model, x, y)
    model.fit(x, y, batch_size=8, epochs=2, verbose=0, callbacks=[widget.callback(every=2)])
    flow = {row.name: row for row in widget.flow()}
    assert set(flow) == {"conv", "norm", "side", "relu", "out"}
    assert flow["relu"].weights is None
    assert flow["conv"].weights.mean > 0
    assert len(widget._record["steps"]) == 6


def test_too_many_frames_are_thinned_out():
    recording = Recording()
    rows = GradientFlow(depth=1, width=4).flow()
    for number in range(1001):
        recording.add(number, 0, 0.5, rows)
    steps = [frame.step for frame in recording.frames]
    assert len(steps) <= 101
    assert (steps[0], steps[-1]) == (0, 1000)
    assert len(set(np.diff(steps[:-1]))) == 1
    back = unpack(recording.frames[-1].numbers, recording.layers)
    np.testing.assert_allclose(back[0].weights.shares, rows[0].weights.shares, rtol=1e-6)


# where no widget lives


@pytest.mark.parametrize(
    ("given", "finite"),
    [({}, True), ({"activation": "relu", "initialization": "large", "step": 4}, False), ({"depth": 1}, True)],
)
def test_the_still_picture_shows_forward_and_back_but_nothing_of_numbers_that_have_exploded(given, finite):
    widget = GradientFlow(**given)
    sheet = widget._still(widget._look())
    png = base64.b64decode(sheet.png())
    assert len(png) < 150_000
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    for colour in (PALETTE["categorical"][0], PALETTE["categorical"][5]):
        near = np.abs(pixels - rgb(colour)).sum(axis=2) < 60
        assert near.sum() > 2000 if finite else near.sum() == 0


def test_where_names_have_no_room_the_still_picture_keeps_those_with_weights_and_the_last():
    none = sizes([0.0])
    kinds = [("hidden", none), ("norm", none), ("sigmoid", None)] * 9
    rows = [
        LayerSizes(name=f"{name}_{number}", kind="", outputs=none, back=none, weights=weights, dead=0.0, saturated=None)
        for number, (name, weights) in enumerate([*kinds, ("rescaled", None), ("end", None)])
    ]
    assert [rows[number].name for number in named(rows)] == [*(f"hidden_{n}" for n in range(0, 25, 3)), "end_28"]
    assert named(rows[:10]) == list(range(10))
    assert named(rows[:1]) == [0]


def test_the_mimebundle_has_picture_and_words():
    data, metadata = GradientFlow(small(), X, Y)._repr_mimebundle_()
    assert data["text/plain"].startswith("GradientFlow: small, after 0 batches.")
    assert metadata["image/png"]["alt"] == data["text/plain"]


def test_importing_it_loads_no_keras():
    code = "import sys, dlcourse.widgets.gradient_flow; assert not {'keras', 'tensorflow'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
