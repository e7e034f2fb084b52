"""ConvolutionSteps from Python, and its arithmetic in node; for the browser see tests/browser."""

import base64
import io

import keras
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image
from properties import examples

from dlcourse.errors import CourseError
from dlcourse.widgets import ConvolutionSteps
from dlcourse.widgets.convolution_steps import _TROUBLE
from dlcourse.widgets.shared.palette import PALETTE, rgb

OPERATIONS = ("convolution", "transposed convolution", "max pooling", "mean pooling")
MODULES = {
    "convolution_steps/window_steps.js": (
        "axesOf, filled, matrixOf, outputOf, stepAt, readersOf, troubleOf, sizeFormula, written"
    )
}


@st.composite
def states(draw):
    """Any settings that go together, on numbers that are never square."""
    operation = draw(st.sampled_from(OPERATIONS))
    pools = operation.endswith("pooling")
    stride = draw(st.integers(1, 4))
    dilation = draw(st.integers(1, 3)) if stride == 1 and not pools else 1
    padding = draw(st.sampled_from(["valid", "same", "full"] if operation == "convolution" else ["valid", "same"]))
    rows, columns = draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    height, width = draw(st.tuples(st.integers(1, 8), st.integers(1, 8)))
    assume(height != width)
    fits = (rows - 1) * dilation < height and (columns - 1) * dilation < width
    assume(padding != "valid" or operation == "transposed convolution" or fits)
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    channels, filters = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    return {
        "input": generator.normal(size=(height, width, channels)).round(3),
        "kernel": generator.normal(size=(rows, columns, channels, filters)).round(3),
        "bias": generator.normal(size=filters).round(3),
        "operation": operation,
        "pool_size": (rows, columns),
        "stride": stride,
        "dilation": dilation,
        "padding": padding,
        "relu": draw(st.booleans()),
        "output_channel": draw(st.integers(0, (channels if pools else filters) - 1)),
    }


def by_keras(widget):
    """The widget's numbers through the layer that it stands for."""
    x = np.array(widget.input, "float32")[None]
    settings = {"strides": widget.stride, "padding": widget.padding}
    if widget.operation.endswith("pooling"):
        kinds = {"max pooling": keras.layers.MaxPooling2D, "mean pooling": keras.layers.AveragePooling2D}
        return np.asarray(kinds[widget.operation](widget.pool_size, **settings)(x))[0]
    kernel = np.array(widget.kernel, "float32")
    if widget.padding == "full":
        rows, columns = ((size - 1) * widget.dilation for size in kernel.shape[:2])
        x, settings["padding"] = np.pad(x, [(0, 0), (rows, rows), (columns, columns), (0, 0)]), "valid"
    transposed = widget.operation == "transposed convolution"
    if transposed:  # without oneDNN, TensorFlow knows no dilation here: the same with zeros between the weights
        sparse = np.zeros((*((np.array(kernel.shape[:2]) - 1) * widget.dilation + 1), *kernel.shape[2:]), "float32")
        sparse[:: widget.dilation, :: widget.dilation] = kernel
        kernel = sparse
    convolve = keras.ops.conv_transpose if transposed else keras.ops.conv
    weights = kernel.swapaxes(2, 3) if transposed else kernel
    settings["dilation_rate"] = 1 if transposed else widget.dilation
    sums = np.asarray(convolve(x, weights, **settings))[0] + widget.bias
    return np.maximum(sums, 0) if widget.relu else sums


def as_case(widget):
    return widget.get_state(widget._settings)


# numbers


@given(states())
def test_output_is_that_of_keras(state):
    widget = ConvolutionSteps(**state)
    np.testing.assert_allclose(widget.output(), by_keras(widget), atol=2e-5)


@given(states())
def test_the_matrix_times_the_flattened_input_is_the_output(state):
    widget = ConvolutionSteps(**(state | {"relu": False}))
    product = widget.as_matrix() @ np.transpose(widget.input, (2, 0, 1)).ravel()
    channel = widget.output_channel
    bias = 0 if widget.operation.endswith("pooling") else widget.bias[channel]
    np.testing.assert_allclose(product + bias, widget.output()[:, :, channel].ravel(), atol=1e-12)


@pytest.mark.slow
def test_the_browser_computes_the_same(in_node):
    """All outputs, the sums of one step and the matrix, for three hundred random states."""
    widgets = []

    @examples(7.5)
    @given(states(), st.floats(0, 1), st.floats(0, 1))
    def collect(state, down, right):
        widget = ConvolutionSteps(**state)
        rows, columns = widget.output().shape[:2]
        widget.position = (int(down * (rows - 1)), int(right * (columns - 1)))
        widgets.append(widget)

    collect()
    assert {widget.operation for widget in widgets} == set(OPERATIONS)
    answers = in_node(
        MODULES,
        """
        const all = outputOf(state);
        const step = stepAt(state, axesOf(state), state.position, state.output_channel);
        const matrix = matrixOf(state, state.output_channel);
        return { ...all, sums: step.sums, value: step.value, matrix };
        """,
        [as_case(widget) for widget in widgets],
    )
    worst = 0
    for widget, answer in zip(widgets, answers, strict=True):
        values = np.reshape(answer["values"], (answer["height"], answer["width"], answer["channels"]))
        expected = by_keras(widget)
        np.testing.assert_allclose(values, expected, atol=1e-5)
        worst = max(worst, np.abs(values - expected).max())
        channel = widget.output_channel
        assert answer["value"] == values[(*widget.position, channel)]
        if not widget.operation.endswith("pooling"):
            parts = widget._parts(widget._blocks(channel))
            np.testing.assert_allclose(answer["sums"], parts[:, *widget.position], atol=1e-12)
        matrix = answer["matrix"]
        shaped = np.reshape(matrix["values"], (matrix["rows"], matrix["columns"]))
        np.testing.assert_allclose(shaped, widget.as_matrix(), atol=1e-12)
    print(f"largest difference to Keras: {worst:.1e}")


def test_the_outputs_that_read_an_input_are_the_columns_of_the_matrix(in_node):
    widgets = [
        ConvolutionSteps(np.ones((4, 5)), np.ones((3, 2)), **settings)
        for settings in [
            {},
            {"padding": "same", "stride": 2},
            {"padding": "full", "dilation": 2},
            {"operation": "transposed convolution", "stride": 2, "padding": "same"},
            {"operation": "mean pooling", "pool_size": (2, 3), "stride": 1},
        ]
    ]
    body = "return [...readersOf(state, axesOf(state), 2, 3)].sort((a, b) => a - b);"
    for widget, readers in zip(widgets, in_node(MODULES, body, [as_case(widget) for widget in widgets]), strict=True):
        assert readers == np.flatnonzero(widget.as_matrix()[:, 2 * 5 + 3]).tolist()
        assert readers


def test_the_arithmetic_and_the_formula_are_written_out(in_node):
    plain = {"input": [[1, 2, 3], [4, 5, -6]], "kernel": [[1, -1], [0.5, 2]], "bias": 1}
    widgets = [
        ConvolutionSteps(**plain, position=(0, 1), relu=True),
        ConvolutionSteps(**plain, padding="same", position=(1, 2)),
        ConvolutionSteps(**plain, operation="max pooling", position=(0, 0)),
        ConvolutionSteps(**plain, operation="mean pooling", padding="same", position=(0, 1)),
        ConvolutionSteps(**plain, operation="transposed convolution", stride=3, position=(0, 2)),
        ConvolutionSteps(**plain, operation="transposed convolution", dilation=2, padding="same"),
    ]
    body = """
        const axes = axesOf(state);
        return [written(state, stepAt(state, axes, state.position, 0), 0), sizeFormula(axes[1], state)];
    """
    answers = in_node(MODULES, body, [as_case(widget) for widget in widgets])
    texts = [[text for _, text in written] for written, _ in answers]
    assert texts[0] == ["2·1 + 3·(−1) + 5·0.50 + (−6)·2 = −10.5", "−10.5 + 1 = −9.50, after ReLU 0"]
    assert texts[1] == ["(−6)·1 = −6", "−6 + 1 = −5"]  # what is padded is left out
    assert texts[2] == ["max(1, 2, 4, 5) = 5"]
    assert texts[3] == ["(3 − 6) / 2 = −3 / 2 = −1.50"]  # the padding does not count
    assert texts[4] == ["nothing = 0", "0 + 1 = 1"]
    formulas = [formula[0] for _, formula in answers]
    assert formulas[0] == "out = (n + p + q − K) // s + 1 = (3 + 0 + 0 − 2) // 1 + 1 = 2"
    assert formulas[3] == "out = (n + p + q − K) // s + 1 = (3 + 0 + 1 − 2) // 2 + 1 = 2"
    assert "⌈3 / 2⌉ = 2, so p = 0, q = 1" in answers[3][1][2]
    assert formulas[4] == "out = n·s = 3·3 = 9, filled up with zeros where K < s"
    assert formulas[5] == "out = (n − 1)·s + K − p − q = (3 − 1)·1 + 3 − 1 − 1 = 3"
    assert answers[5][1][1] == "K = (k − 1)·d + 1 = (2 − 1)·2 + 1 = 3"


@given(states())
def test_the_formula_gives_the_size(state):
    widget = ConvolutionSteps(**state)
    assert widget.output().shape[:2] == widget._shape()


def test_the_code_shown_runs_to_the_same_numbers(in_node):
    widgets = []

    @examples(3)
    @given(states())
    def collect(state):
        widget = ConvolutionSteps(**state)
        # without oneDNN, TensorFlow refuses to run this one
        assume(widget.operation != "transposed convolution" or widget.dilation == 1)
        widgets.append(widget)

    collect()
    widgets = widgets[::3]
    assert {widget.operation for widget in widgets} == set(OPERATIONS)
    assert {widget.padding for widget in widgets} == {"valid", "same", "full"}
    codes = in_node(
        {"convolution_steps/code.js": "stepsCode"}, "return stepsCode(state);", [as_case(widget) for widget in widgets]
    )
    for widget, code in zip(widgets, codes, strict=True):
        names = {}
        exec(code, names)
        np.testing.assert_allclose(names["output"], widget.output(), atol=2e-5)


# what cannot be

TROUBLES = {
    "steps": {"stride": 2, "dilation": 2},
    "spread": {"operation": "max pooling", "dilation": 2},
    "full pooling": {"operation": "mean pooling", "padding": "full"},
    "full transposed": {"operation": "transposed convolution", "padding": "full"},
    "channels": {"input": np.ones((4, 5, 3)), "kernel": np.ones((2, 2, 1, 1))},
    "biases": {"bias": [1, 2, 3]},
    "fit": {"input": np.ones((4, 6, 2)), "kernel": np.ones((3, 2, 2, 1)), "dilation": 2},
}


@pytest.mark.parametrize("name", TROUBLES)
def test_settings_that_do_not_go_together_are_explained(name, in_node):
    assert set(TROUBLES) == set(_TROUBLE)
    with pytest.raises(CourseError) as error:
        ConvolutionSteps(**TROUBLES[name])
    widget = ConvolutionSteps()
    for setting, value in TROUBLES[name].items():
        setattr(widget, setting, value)
    with pytest.raises(CourseError) as also:
        widget.output()
    assert str(also.value) == str(error.value)
    body = "const { name, numbers } = troubleOf(state.widget); return filled(state.sentences[name], numbers);"
    assert in_node(MODULES, body, [{"widget": as_case(widget), "sentences": _TROUBLE}]) == [str(error.value)]
    data, _ = widget._repr_mimebundle_()
    assert data["text/plain"].endswith(str(error.value))
    widget.reset()
    assert widget.output().shape == (3, 3, 2)


def test_the_sentence_of_a_window_that_does_not_fit_has_its_numbers():
    with pytest.raises(CourseError) as error:
        ConvolutionSteps(**TROUBLES["fit"])
    assert str(error.value) == (
        "A window of 3 × 2, spread by the dilation over 5 × 3, does not fit into an input of 4 × 6: "
        'take a smaller one, or padding "same".'
    )


# state


def test_the_default_is_a_full_demonstration():
    widget = ConvolutionSteps()
    assert np.shape(widget.input) == (5, 5, 2)
    assert widget.output().shape == (3, 3, 2)
    assert widget.output().max() > 10  # there is something to find


def test_traits_are_read_and_set_from_a_cell():
    widget = ConvolutionSteps([[1, 2, 3], [4, 5, 6]], [[1, -1]], bias=0)
    np.testing.assert_array_equal(widget.output()[:, :, 0], -np.ones((2, 2)))
    widget.bias = 2
    widget.kernel = ((1.0, 1.0),)
    np.testing.assert_array_equal(widget.output()[:, :, 0], [[5, 7], [11, 13]])
    widget.operation = "max pooling"
    assert widget.output().ravel().tolist() == [5, 6]
    widget.reset()
    np.testing.assert_array_equal(widget.output()[:, :, 0], -np.ones((2, 2)))


def test_a_kernel_alone_gets_an_input_that_fits_and_an_input_a_kernel():
    assert np.shape(ConvolutionSteps(kernel=np.ones((2, 2, 3, 1))).input) == (5, 5, 3)
    assert np.shape(ConvolutionSteps(np.ones((4, 6))).kernel) == (3, 3, 1, 2)
    assert ConvolutionSteps(operation="mean pooling", pool_size=3).stride == 3  # as in Keras


def test_the_same_value_again_is_no_change():
    widget = ConvolutionSteps()
    changes = []
    widget.observe(changes.append)
    widget.input = np.array(widget.input)
    widget.pool_size = 2
    assert changes == []


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("kind", [keras.layers.Conv2D, keras.layers.Conv2DTranspose])
def test_a_small_layer_gives_just_its_output(kind, padding):
    layer = kind(3, (2, 3), 2, padding, activation="relu", bias_initializer="random_normal", name="mine")
    x = np.random.default_rng(1).normal(size=(6, 7, 2)).astype("float32")
    expected = np.asarray(layer(x[None]))[0]
    widget = ConvolutionSteps(x, layer=layer)
    np.testing.assert_allclose(widget.output(), expected, atol=1e-5)
    assert widget._note == "Layer mine"
    layer.set_weights([weights + 1 for weights in layer.get_weights()])
    widget.show_layer(layer)
    np.testing.assert_allclose(widget.output(), np.asarray(layer(x[None]))[0], atol=1e-5)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("kind", [keras.layers.MaxPooling2D, keras.layers.AveragePooling2D])
def test_a_pooling_layer_gives_just_its_output(kind, padding):
    layer = kind((3, 2), strides=2, padding=padding)
    x = np.random.default_rng(1).normal(size=(6, 7, 3)).astype("float32")
    np.testing.assert_allclose(ConvolutionSteps(x, layer=layer).output(), np.asarray(layer(x[None]))[0], atol=1e-5)


def test_of_a_large_layer_the_first_channels_are_shown():
    layer = keras.layers.Conv2D(8, 3, activation="tanh", use_bias=False, name="wide")
    layer.build((None, 20, 20, 5))
    widget = ConvolutionSteps(layer=layer)
    np.testing.assert_array_equal(np.array(widget.kernel, "float32"), layer.get_weights()[0][:, :, :3, :3])
    assert widget._note == (
        "Layer wide: the first 3 of 5 input and 3 of 8 output channels, without its activation tanh"
    )
    assert widget.output().shape == (4, 4, 3)


# mistakes


def built(kind, *arguments, channels=2, **settings):
    layer = kind(*arguments, name="mine", **settings)
    layer.build((None, 20, 20, channels))
    return layer


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"input": np.ones((9, 5))}, "take a piece of it, as in x[:8, :8], or Kernels for pictures."),
        ({"input": np.ones((5, 5, 4))}, "height × width × channels (at most 3), but its shape is (5, 5, 4)."),
        ({"input": np.ones((1, 5, 5, 1))}, "but its shape is (1, 5, 5, 1)."),
        ({"input": [[1, 2], [3]]}, "`input` has rows of different length: give them all the same."),
        ({"input": [[1, np.nan]]}, "but it is or has NaN or infinite values."),
        ({"input": "cat"}, "but it is or has 'cat'."),
        ({"input": []}, "`input` must hold finite numbers"),
        ({"kernel": np.ones((6, 6))}, "at most 5 × 5 × 3 × 3, but its shape is (6, 6, 1, 1)."),
        ({"kernel": np.ones((3, 3, 2))}, "rows × columns × input channels × output channels"),
        ({"bias": [[1]]}, "`bias` must be a number, or at most 3 in a list, but its shape is (1, 1)."),
        ({"bias": np.inf}, "`bias` must hold finite numbers"),
        ({"operation": "pooling"}, "There is no operation 'pooling'. Did you mean 'max pooling'?"),
        ({"pool_size": 6}, "`pool_size` must be a whole number from 1 to 5, or two of them, but it is 6."),
        ({"pool_size": "22"}, "but it is '22'."),
        ({"stride": 5}, "`stride` must be a whole number from 1 to 4, but it is 5."),
        ({"dilation": 0}, "`dilation` must be a whole number from 1 to 3, but it is 0."),
        ({"padding": "causal"}, "There is no padding 'causal'."),
        ({"relu": 1}, "`relu` must be True or False, but it is 1."),
        ({"position": (0, -1)}, "`position` must be a row and a column of the output"),
        ({"output_channel": 3}, "`output_channel` must be a whole number from 0 to 2, but it is 3."),
        ({"strides": 2}, "There is no argument of ConvolutionSteps 'strides'. Did you mean 'stride'?"),
        ({"layer": 3}, "but it is of type int: take one, as in model.layers[0]."),
        ({"layer": keras.layers.Dense(3)}, "but it is a Dense"),
        ({"layer": keras.layers.Conv2D(3, 3, name="first")}, "The layer 'first' is not built"),
        ({"layer": built(keras.layers.DepthwiseConv2D, 3)}, "but it is a DepthwiseConv2D"),
        ({"layer": built(keras.layers.Conv2D, 4, 3, groups=2)}, "The layer 'mine' works in 2 groups"),
        ({"layer": built(keras.layers.Conv2D, 4, 7)}, "The layer 'mine' has a window of 7 × 7"),
        ({"layer": built(keras.layers.Conv2D, 4, 3, strides=(1, 2))}, "has the strides (1, 2); what can be shown is 1"),
        (
            {"layer": built(keras.layers.Conv2DTranspose, 4, 3, strides=2, output_padding=1)},
            "has an `output_padding`",
        ),
        ({"layer": keras.layers.MaxPooling2D(8)}, "has a window of 8 × 8"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(arguments, sentence):
    with pytest.raises(CourseError) as error:
        ConvolutionSteps(**arguments)
    assert sentence in str(error.value)
    assert str(error.value).endswith(".")


def test_a_refused_value_leaves_the_widget_as_it_was():
    widget = ConvolutionSteps()
    before = widget.output()
    for name, value in [("kernel", [["a"]]), ("input", [[np.nan]]), ("stride", 9), ("bias", "b")]:
        with pytest.raises(CourseError):
            setattr(widget, name, value)
    np.testing.assert_array_equal(widget.output(), before)


# still picture, weight


@pytest.mark.parametrize(
    "widget",
    [
        ConvolutionSteps(position=(1, 2)),
        ConvolutionSteps(padding="same", relu=True),
        ConvolutionSteps(operation="mean pooling", output_channel=1),
        ConvolutionSteps(operation="transposed convolution", stride=3, position=(4, 4)),
        ConvolutionSteps(np.random.default_rng(0).normal(size=(8, 7, 3)), np.ones((5, 4, 3, 1)), padding="full"),
    ],
    ids=["default", "same", "pooling", "transposed", "large"],
)
def test_a_still_picture_and_words_stand_in_for_it(widget):
    data, metadata = widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    png = base64.b64decode(data["image/png"])
    assert len(png) < 150_000
    with Image.open(io.BytesIO(png)) as still:
        assert still.width == 2 * metadata["image/png"]["width"]
        colours = np.asarray(still.convert("RGB")).reshape(-1, 3).astype(int)
    for colour in (PALETTE["window"], PALETTE["diverging"]["light"][6]):
        assert (np.abs(colours - rgb(colour)).sum(1) < 40).sum() > 50
    value = f"{widget.output()[(*widget.position, widget.output_channel)]:.2f}".replace("-", "−")
    assert data["text/plain"].endswith(f" {value}.")
