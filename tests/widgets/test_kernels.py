"""Kernels from Python, and its JavaScript arithmetic in node; the browser is in tests/browser/test_kernels.py."""

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
from dlcourse.lens.kernels import NAMES, named_kernel
from dlcourse.widgets import Kernels, picture
from dlcourse.widgets.kernels import SIZES
from dlcourse.widgets.shared.palette import PALETTE, diverging, rgb


@st.composite
def states(draw):
    """A small picture, never square, and what the widget can do with it."""
    stride = draw(st.integers(1, 4))
    dilation = draw(st.integers(1, 3)) if stride == 1 else 1
    size = draw(st.sampled_from(SIZES))
    padding = draw(st.sampled_from(["same", "valid"]))
    height, width = draw(st.tuples(st.integers(3, 30), st.integers(3, 30)))
    assume(height != width)
    assume(padding == "same" or (size - 1) * dilation < min(height, width))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    channels = draw(st.sampled_from([1, 3]))
    return {
        "image": generator.integers(0, 256, (height, width, channels), dtype=np.uint8),
        "kernel": generator.normal(size=(size, size)),
        "bias": draw(st.sampled_from([0.0, -0.25, 1.5])),
        "stride": stride,
        "dilation": dilation,
        "padding": padding,
        "relu": draw(st.booleans()),
        "channel": draw(st.sampled_from(["grey", "red", "green", "blue"])),
    }


def by_keras(widget):
    """The widget's picture through a Keras convolution."""
    plane = widget.image.plane(widget.channel)
    kernel = np.array(widget.kernel, "float32")
    sums = keras.ops.conv(
        plane[None, :, :, None],
        kernel[:, :, None, None],
        strides=widget.stride,
        padding=widget.padding,
        dilation_rate=widget.dilation,
    )
    answer = np.asarray(sums)[0, :, :, 0] + widget.bias
    return np.maximum(answer, 0) if widget.relu else answer


def as_case(widget):
    pixels = widget.image.pixels
    names = "kernel bias stride dilation padding relu channel position".split()
    return {name: getattr(widget, name) for name in names} | {
        "image": {"shape": pixels.shape, "name": widget.image.name},
        "pixels": pixels.ravel().tolist(),
    }


# numbers


@given(states())
def test_output_is_that_of_keras(state):
    widget = Kernels(**state)
    np.testing.assert_allclose(widget.output(), by_keras(widget), atol=2e-5)


def test_the_browser_computes_the_same(in_node):
    """Sums of all windows, and the products of one, for two hundred random states."""
    widgets = []

    @examples(5)
    @given(states(), st.floats(0, 1), st.floats(0, 1))
    def collect(state, down, right):
        widget = Kernels(**state)
        height, width = widget.output().shape
        widget.position = (int(down * (height - 1)), int(right * (width - 1)))
        widgets.append(widget)

    collect()
    answers = in_node(
        {"shared/js/convolution.js": "convolve, windowAt", "shared/js/pictures.js": "planeOf"},
        """
        const bytes = new DataView(Uint8Array.from(state.pixels).buffer);
        const plane = planeOf({ ...state.image, bytes }, state.image.shape[2] === 1 ? "grey" : state.channel);
        const sums = convolve(plane, state.kernel, state.bias, state);
        const taps = windowAt(plane, state.kernel, state, state.position);
        return [sums.height, sums.width, Array.from(sums.values), taps.reduce((sum, tap) => sum + tap.product, 0)];
        """,
        [as_case(widget) for widget in widgets],
    )
    for widget, (height, width, values, products) in zip(widgets, answers, strict=True):
        sums = np.reshape(values, (height, width))
        expected = widget.output()
        shown = np.maximum(sums, 0) if widget.relu else sums
        np.testing.assert_allclose(shown, expected, atol=1e-5)
        np.testing.assert_allclose(products + widget.bias, sums[widget.position], atol=1e-5)


def test_a_kernel_that_does_not_fit_has_no_output_in_the_browser(in_node):
    settings = {"stride": 1, "dilation": 4, "padding": "valid"}
    assert in_node({"shared/js/convolution.js": "outputSize"}, "return outputSize(20, 9, state);", [settings]) == [0]


def test_the_code_shown_runs_to_the_same_numbers(in_node):
    generator = np.random.default_rng(5)
    widgets = [
        Kernels("coins", "blur, Gaussian", padding="same"),
        Kernels("cat", "Sobel x", stride=2, relu=True, channel="blue"),
        Kernels(
            generator.integers(0, 256, (21, 30), dtype=np.uint8), generator.normal(size=(5, 5)), dilation=2, bias=0.3
        ),
        Kernels("cat", [[2]], bias=-1),
    ]
    cases = [as_case(widget) | {"known": widget.image.name != "your picture"} for widget in widgets]
    for widget, code in zip(
        widgets, in_node({"kernels/code.js": "kerasCode"}, "return kerasCode(state);", cases), strict=True
    ):
        names = {"image": widget.image.values}  # what the code asks for where the picture is the learner's own
        exec(code, names)
        np.testing.assert_allclose(names["output"], widget.output(), atol=2e-5)
        assert names["layer"].get_config()["padding"] == widget.padding
    gaussian = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]])
    assert (
        str(gaussian[1].tolist()) in in_node({"kernels/code.js": "kerasCode"}, "return kerasCode(state);", cases)[0]
    )  # not 0.125, 0.25, 0.125


def test_numbers_are_read_as_people_write_them(in_node):
    words = {"shared/js/words.js": "read, shown, typed"}
    texts = ["0.5", "0,5", " −1 ", "1/9", "", "one", "1/0", "1/2/3", "--1"]
    assert in_node(words, "return read(state);", texts) == [0.5, 0.5, -1, 1 / 9, None, None, None, None, None]
    values = [-0.001, -1, 0, 12.345, 1 / 3, 12345.6]
    assert in_node(words, "return shown(state);", values) == ["0.00", "−1.00", "0.00", "12.3", "0.33", "12346"]
    assert in_node(words, "return [read(typed(state))];", values) == [[value] for value in values]


@pytest.mark.parametrize("size", SIZES[1:])
@pytest.mark.parametrize("name", NAMES)
def test_presets_do_at_every_size_what_they_say(name, size):
    kernel = named_kernel(name, size)
    assert kernel.shape == (size, size)
    brightness = 1 if name in ("identity", "sharpen", "emboss") or name.startswith("blur") else 0
    assert kernel.sum() == pytest.approx(brightness, abs=1e-12)
    side = np.arange(size) - size // 2
    ramps = {"edges vertical": 0 * side[:, None] + side, "edges horizontal": side[:, None] + 0 * side}
    ramps |= {"edges rising": side[:, None] + side, "edges falling": side - side[:, None]}
    ramps |= {"Sobel x": ramps["edges vertical"], "Sobel y": ramps["edges horizontal"]}
    if name in ramps:
        assert (kernel * ramps[name]).sum() > 0  # answers to brightness that grows that way
        across = {"edges vertical": "edges horizontal", "edges rising": "edges falling", "Sobel x": "Sobel y"}
        across |= {turned: name for name, turned in across.items()}
        assert (kernel * ramps[across[name]]).sum() == pytest.approx(0)


# state


def test_the_default_is_a_full_demonstration():
    widget = Kernels()
    assert widget.image.name == "cat"
    assert max(widget.image.pixels.shape) == 240
    row, column = widget.position
    assert widget.output()[row, column] > 0.5  # the window lies on an edge


def test_traits_are_read_and_set_from_a_cell():
    widget = Kernels("coins", "Laplace", padding="same", relu=True)
    assert widget.output().shape == widget.image.pixels.shape[:2]
    assert widget.output().min() == 0
    widget.image = np.linspace(0, 1, 20 * 30).reshape(20, 30)
    widget.kernel = ((0, 0, 0), (0, 2, 0), (0, 0, 0))
    np.testing.assert_allclose(widget.output(), 2 * widget.image.values[:, :, 0], atol=1e-6)
    widget.reset()
    assert widget.image == picture("coins")
    assert widget.kernel == named_kernel("Laplace").tolist()


def test_a_picture_travels_to_the_browser_and_back():
    widget = Kernels(np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3), [[1]])
    sent = widget.get_state("image")["image"]
    assert sent["shape"] == [2, 3, 3]
    assert bytes(sent["bytes"]) == bytes(range(18))
    widget.set_state({"image": {"name": "me.png", "shape": [3, 2, 3], "bytes": memoryview(bytes(range(18)))}})
    assert widget.image.pixels.shape == (3, 2, 3)
    assert widget.image.name == "me.png"
    assert Kernels(widget.image, [[1]]).image == widget.image


def test_the_same_value_again_is_no_change():
    widget = Kernels("coins")
    changes = []
    widget.observe(changes.append)
    widget.image = "coins"
    widget.kernel = named_kernel("edges vertical")
    assert changes == []


def test_learned_kernels_of_a_layer():
    layer = keras.layers.Conv2D(4, 5, padding="same", activation="relu")
    layer.build((None, 20, 30, 3))
    widget = Kernels(layer=layer, filter=2, input_channel=1)
    np.testing.assert_array_equal(widget.kernel, layer.get_weights()[0][:, :, 1, 2])
    assert (widget.padding, widget.relu, widget.channel) == ("same", True, "green")
    widget.filter = 3
    np.testing.assert_array_equal(widget.kernel, layer.get_weights()[0][:, :, 1, 3])
    layer.set_weights([weights + 1 for weights in layer.get_weights()])
    widget.show_layer(layer)
    np.testing.assert_array_equal(widget.kernel, layer.get_weights()[0][:, :, 1, 3])
    with pytest.raises(CourseError, match=r"`filter` is 4, but the layer 'conv2d.*' shows 4, counted from 0"):
        widget.filter = 4


@pytest.mark.parametrize("kind", ["Conv2D", "DepthwiseConv2D"])
def test_a_layer_on_one_channel_gives_just_its_output(kind):
    image = np.random.default_rng(1).integers(0, 256, (17, 23), dtype=np.uint8)
    if kind == "Conv2D":
        layer = keras.layers.Conv2D(3, 3, strides=2, activation="relu", bias_initializer="random_normal")
    else:
        layer = keras.layers.DepthwiseConv2D(3, depth_multiplier=3, padding="same", bias_initializer="random_normal")
    expected = np.asarray(layer((image / 255).astype("float32")[None, :, :, None]))[0]
    for number in range(3):
        widget = Kernels(image, layer=layer, filter=number)
        np.testing.assert_allclose(widget.output(), expected[:, :, number], atol=1e-5)


def test_of_a_large_layer_the_first_kernels_travel():
    layer = keras.layers.Conv2D(100, 3)
    layer.build((None, 20, 20, 70))
    widget = Kernels(layer=layer, filter=63, input_channel=63)
    np.testing.assert_array_equal(widget.kernel, layer.get_weights()[0][:, :, 63, 63])
    assert widget.get_state("_layer")["_layer"]["of"] == [70, 100]


# mistakes


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"image": "cta"}, "There is no photograph 'cta'. Did you mean 'cat'?"),
        ({"image": np.zeros((1, 20, 20, 3))}, "a batch of one picture: take image[0]."),
        ({"image": np.zeros((20, 20, 4))}, "take image[:, :, :3]."),
        ({"image": np.zeros((20, 20, 2))}, "a picture is height × width, or height × width × 1 or 3."),
        ({"image": np.zeros(20)}, "has the shape (20,)"),
        ({"image": np.zeros((0, 20))}, "has the shape (0, 20)"),
        ({"image": [[1, 2], [3]]}, "rows differ in length"),
        ({"image": np.full((20, 20), np.nan)}, "400 values that are NaN or infinite"),
        ({"image": np.full((20, 20), 200.0)}, "divide it by 255"),
        ({"image": np.full((20, 20), -1.0)}, "scale it to that"),
        ({"image": {"a": 1}}, "a photograph's name such as 'cat', or an array of numbers"),
        ({"kernel": np.zeros((2, 2))}, "`kernel` must be square, with 1, 3, 5, 7, 9 or 11 rows"),
        ({"kernel": np.zeros((3, 5))}, "its shape is (3, 5)"),
        ({"kernel": np.zeros((13, 13))}, "its shape is (13, 13)"),
        ({"kernel": [["a"] * 3] * 3}, "must hold finite numbers only"),
        ({"kernel": [[np.inf]]}, "must hold finite numbers only"),
        ({"kernel": [[1, 2], [3]]}, "rows of different length"),
        ({"kernel": "sobel"}, "There is no kernel 'sobel'. Did you mean"),
        ({"stride": 0}, "`stride` must be a whole number from 1 to 8, but it is 0."),
        ({"stride": "2"}, "but it is '2'."),
        ({"stride": 2, "dilation": 2}, "Keras takes a stride or a dilation, not both"),
        ({"padding": "full"}, "There is no padding 'full'."),
        ({"relu": 1}, "`relu` must be True or False, but it is 1."),
        ({"bias": np.nan}, "`bias` must be a finite number"),
        ({"channel": "gray"}, "There is no channel 'gray'. Did you mean 'grey'?"),
        ({"position": (1, -1)}, "a row and a column of the output"),
        ({"position": "ab"}, "a row and a column of the output"),
        ({"filter": 1}, "without a layer there is 1, counted from 0."),
        ({"strides": 2}, "There is no argument of Kernels 'strides'. Did you mean 'stride'?"),
        ({"image": np.zeros((5, 9)), "kernel": np.zeros((7, 7))}, "A kernel of 7 does not fit"),
        ({"layer": 3}, "`layer` must be a Conv2D or a DepthwiseConv2D, but it is of type int"),
        ({"layer": keras.layers.Dense(3)}, "but it is a Dense"),
        ({"layer": keras.layers.Conv2D(3, 3, name="first")}, "The layer 'first' is not built"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(arguments, sentence):
    with pytest.raises(CourseError) as error:
        Kernels(**arguments)
    assert sentence in str(error.value)
    assert str(error.value).endswith(".")


@pytest.mark.parametrize("size", [(4, 4), (3, 5)])
def test_a_layer_without_a_centre_is_refused(size):
    layer = keras.layers.Conv2D(3, size, name="odd")
    layer.build((None, 20, 30, 3))
    with pytest.raises(CourseError, match=f"'odd' has kernels of {size[0]} × {size[1]}"):
        Kernels(layer=layer)


def test_a_refused_value_leaves_the_widget_as_it_was():
    widget = Kernels("coins", stride=2)
    before = widget.output()
    for name, value in [("kernel", [[1, 2]]), ("dilation", 2), ("image", "nobody"), ("filter", 5)]:
        with pytest.raises(CourseError):
            setattr(widget, name, value)
    np.testing.assert_array_equal(widget.output(), before)


# still picture, weight, colours


@pytest.mark.parametrize(
    "widget",
    [
        Kernels(),
        Kernels("grass", "random", padding="same"),
        Kernels("hubble", "Laplace"),
        Kernels(np.eye(9, 14), named_kernel("sharpen", 9), relu=True, padding="same", bias=1),
    ],
    ids=["default", "noise", "sky", "tiny"],
)
def test_a_still_picture_and_words_stand_in_for_it(widget):
    data, metadata = widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    png = base64.b64decode(data["image/png"])
    assert len(png) < 150_000
    with Image.open(io.BytesIO(png)) as still:
        assert still.width == 2 * metadata["image/png"]["width"]
        colours = np.asarray(still.convert("RGB")).reshape(-1, 3).astype(int)
    near = np.abs(colours - rgb(PALETTE["window"])).sum(1) < 40
    assert near.sum() > 50  # the window is there
    row, column = widget.position
    value = f"{widget.output()[row, column]:.2f}".replace("-", "−")
    assert data["text/plain"].endswith(f"At row {row}, column {column} it is {value}.")


def test_a_still_picture_of_what_does_not_fit_says_so():
    widget = Kernels(np.eye(9, 14))
    widget.kernel = np.zeros((11, 11))
    assert "does not fit" in widget._repr_mimebundle_()[0]["text/plain"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lightness_runs_one_way_on_each_side_of_zero(theme):
    values = np.linspace(-1, 1, 41)
    lightness = diverging(values, 1, theme) @ [0.2126, 0.7152, 0.0722]
    away = lightness if theme == "dark" else -lightness
    assert (np.diff(away[:21]) < 0).all()
    assert (np.diff(away[20:]) > 0).all()
    np.testing.assert_array_equal(diverging(values[20], 1, theme), rgb(PALETTE["diverging"][theme][3]))
