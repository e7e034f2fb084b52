"""ReceptiveField from Python, and its arithmetic in node; the browser is in tests/browser/test_receptive_field.py."""

import base64
import io

import keras
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from keras import layers
from PIL import Image
from properties import examples

from dlcourse import nets
from dlcourse.errors import CourseError
from dlcourse.lens import effective_receptive_field, receptive_fields, receptive_interval
from dlcourse.widgets.receptive_field import ReceptiveField
from dlcourse.widgets.receptive_field.nodes import model_nodes, stack_nodes, units_seen
from dlcourse.widgets.receptive_field.presets import PRESETS, convolution, pooling
from dlcourse.widgets.shared.palette import WINDOW, rgb


@st.composite
def stacks(draw):
    """A stack that fits on an input that is not square, and a unit of one of its layers."""
    size = draw(st.tuples(st.integers(6, 40), st.integers(6, 40)))
    assume(size[0] != size[1])
    stack = []
    for _ in range(draw(st.integers(1, 5))):
        kernel, padding = draw(st.integers(1, 6)), draw(st.sampled_from(["valid", "same", 1, 2]))
        stride = draw(st.integers(1, 3))
        if draw(st.booleans()):
            stack.append(pooling(kernel, stride, padding))
        else:
            stack.append(convolution(kernel, stride, padding, draw(st.integers(1, 3)) if stride == 1 else 1))
    nodes, trouble = stack_nodes(stack, size)
    assume(not trouble)
    target = draw(st.integers(1, len(stack)))
    unit = tuple(draw(st.integers(0, length - 1)) for length in nodes[target].size)
    return {"layers": stack, "size": size, "target": target, "unit": unit}


def as_keras(stack, size, equal=False):
    """The stack as a model; with `equal` weights, and pooling that averages."""
    model = keras.Sequential([keras.Input((*size, 1))])
    for number, layer in enumerate(stack):
        padding, kernel = layer["padding"], layer["kernel"]
        if not isinstance(padding, str):
            model.add(layers.ZeroPadding2D(padding, name=f"zeros{number}"))
            padding = "valid"
        window = {"strides": layer["stride"], "padding": padding, "name": f"layer{number}"}
        if layer["kind"] == "convolution" or equal:
            weights = {"kernel_initializer": "ones", "use_bias": False} if equal else {}
            model.add(layers.Conv2D(1, kernel, dilation_rate=layer["dilation"], **window, **weights))
        else:
            model.add(layers.MaxPooling2D(kernel, **window))
    return model


def collected(times):
    cases = []

    @examples(times)
    @given(stacks())
    def collect(case):
        cases.append(case)

    collect()
    return cases


def branching():
    """Branches, a nested model, a layer with holes, up-sampling, a window that is not square, dense layers."""
    inner = keras.Sequential(
        [keras.Input((24, 32, 4)), layers.Conv2D(4, 3, dilation_rate=(1, 2), name="hole"), layers.ReLU()], name="inner"
    )
    x = keras.Input((26, 36, 3))
    stem = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(4, 3, padding="valid", name="stem")(x)))
    stem = layers.Cropping2D(((0, 0), (1, 1)), name="crop")(stem)
    deep = inner(stem)
    deep = layers.ZeroPadding2D(((1, 1), (2, 2)), name="pad")(deep)
    wide = layers.Conv2D(4, (1, 5), padding="same", name="wide")(stem)
    both = layers.Add(name="both")([deep, wide])
    half = layers.MaxPooling2D(2, name="half")(both)
    far = layers.Conv2D(4, 3, dilation_rate=3, padding="same", name="far")(half)
    up = layers.UpSampling2D(2, interpolation="bilinear", name="up")(far)
    back = layers.Conv2DTranspose(4, 3, strides=2, padding="same", name="back")(far)
    join = layers.Concatenate(name="join")([up, back, both])
    last = layers.Conv2D(2, 3, name="last")(join)
    return keras.Model(x, layers.Dense(3, name="dense")(layers.Flatten()(last)), name="branching")


@pytest.fixture(scope="module")
def model():
    return branching()


def seen_first_last(nodes, target, unit):
    return tuple((at[0], at[-1]) if at else None for at in units_seen(nodes, target, unit)[0])


# numbers


@pytest.mark.slow
@given(stacks())
def test_a_stack_has_the_fields_that_the_lens_finds(case):
    nodes, _ = stack_nodes(case["layers"], case["size"])
    keras_model = as_keras(case["layers"], case["size"])
    fields = receptive_fields(keras_model)
    for number, node in enumerate(nodes[1:]):
        record = fields[f"layer{number}"]
        assert list(zip(record.size, record.stride, record.offset, strict=True)) == node.numbers
        assert keras_model.get_layer(f"layer{number}").output.shape[1:3] == node.size
    layer = f"layer{case['target'] - 1}"
    assert seen_first_last(nodes, case["target"], case["unit"]) == receptive_interval(keras_model, layer, case["unit"])


def test_the_browser_computes_the_same(in_node):
    """All numbers of all layers, and every unit that one unit sees in every layer, for two hundred random stacks."""
    cases = collected(5)
    answers = in_node(
        {"receptive_field/reach.js": "stackNodes, unitsSeen, hull"},
        """
        const nodes = stackNodes(state.layers, state.size);
        const lit = [0, 1].map((axis) => unitsSeen(nodes, state.target, axis, state.unit[axis]));
        return [nodes, lit];
        """,
        cases,
    )
    for case, (nodes, lit) in zip(cases, answers, strict=True):
        expected, _ = stack_nodes(case["layers"], case["size"])
        assert len(nodes) == len(expected)
        for node, by_python in zip(nodes, expected, strict=True):
            sent = by_python.to_browser()
            assert (node["size"], node["inputs"]) == (list(sent["size"]), list(sent["inputs"]))
            assert all(node[name] == list(sent[name]) for name in ("field", "jump", "start", "even"))
            taps = [[list(t) for t in reach["taps"]] for reach in sent["reach"]]
            assert [reach["taps"] for reach in node["reach"]] == taps
        by_python = units_seen(expected, case["target"], case["unit"])
        for axis in (0, 1):
            assert [list(np.flatnonzero(marks)) for marks in lit[axis]] == [pair[axis] for pair in by_python]


def test_a_model_with_branches_has_the_fields_that_the_lens_finds(model, in_node):
    nodes = model_nodes(model, (96, 96))
    names = "input stem crop inner/hole pad wide both half far up back join last dense"
    assert {node.name for node in nodes} == set(names.split())  # no batch normalisation, no ReLU, no Flatten
    fields = receptive_fields(model)
    cases = []
    for target, node in enumerate(nodes[1:], start=1):
        record = fields[node.name]
        for axis, (field, jump, start) in enumerate(node.numbers):
            if field is None:
                assert record.whole[axis]
            else:
                assert (field, jump, start) == (record.size[axis], record.stride[axis], record.offset[axis])
        for unit in {(0, 0), (node.size[0] - 1, node.size[1] // 2)}:
            if None not in node.lines:
                assert seen_first_last(nodes, target, unit) == receptive_interval(model, node.name, unit)
            cases.append({"nodes": [node.to_browser() for node in nodes], "target": target, "unit": unit})
    answers = in_node(
        {"receptive_field/reach.js": "unitsSeen"},
        "return [0, 1].map((axis) => unitsSeen(state.nodes, state.target, axis, state.unit[axis]));",
        cases,
    )
    for case, lit in zip(cases, answers, strict=True):
        by_python = units_seen(nodes, case["target"], case["unit"])
        for axis in (0, 1):
            assert [list(np.flatnonzero(marks)) for marks in lit[axis]] == [pair[axis] for pair in by_python]


def test_lit_pixels_are_those_that_move_the_unit():
    """The gradient's truth, holes of a dilation and all."""
    stack = [convolution(3, dilation=3), pooling(2), convolution(3, padding="valid", dilation=2)]
    nodes, _ = stack_nodes(stack, (26, 34))
    unit = (1, 11)
    slopes = effective_receptive_field(as_keras(stack, (26, 34), equal=True), "layer2", np.ones((1, 26, 34, 1)), unit)
    rows, columns = units_seen(nodes, 3, unit)[0]
    assert (sorted(set(np.nonzero(slopes)[0])), sorted(set(np.nonzero(slopes)[1]))) == (rows, columns)
    assert len(columns) < columns[-1] - columns[0] + 1


def test_the_holes_of_a_model_are_those_of_its_gradient():
    """Other distances along rows than along columns, and what one of them leaves out the next may leave out, too."""
    ones = {"kernel_initializer": "ones", "use_bias": False}
    first = layers.Conv2D(1, 3, dilation_rate=(2, 5), **ones)
    spread = keras.Sequential([keras.Input((20, 30, 1)), first, layers.Conv2D(1, (1, 2), name="end", **ones)])
    slopes = effective_receptive_field(spread, "end", np.ones((1, 20, 30, 1)), (3, 4))
    rows, columns = units_seen(model_nodes(spread, (20, 30)), 2, (3, 4))[0]
    assert (rows, columns) == ([3, 5, 7], [4, 5, 9, 10, 14, 15])
    np.testing.assert_array_equal(np.argwhere(slopes), [[row, column] for row in rows for column in columns])


def test_with_equal_weights_each_pixel_counts_as_the_gradient_says(in_node):
    cases = collected(0.6)
    answers = in_node(
        {"receptive_field/reach.js": "stackNodes, influence"},
        "const nodes = stackNodes(state.layers, state.size);"
        "return [0, 1].map((axis) => influence(nodes, state.target, axis, state.unit[axis]));",
        cases,
    )
    for case, (rows, columns) in zip(cases, answers, strict=True):
        keras_model = as_keras(case["layers"], case["size"], equal=True)
        x = np.ones((1, *case["size"], 1), "float32")
        slopes = effective_receptive_field(keras_model, f"layer{case['target'] - 1}", x, case["unit"])
        ways = np.prod([layer["kernel"] ** 2 for layer in case["layers"][: case["target"]]])
        np.testing.assert_allclose(np.outer(rows, columns), slopes / ways, atol=1e-5)


def test_the_fewest_that_hold_a_share(in_node):
    cases = [[1] * 9, [0, 0], [5, 1, 1, 1, 1, 1], [0.5, 0.25, 0.125, 0.125]]
    count = "return fewestHolding(Float64Array.from(state), 0.9);"
    assert in_node({"receptive_field/reach.js": "fewestHolding"}, count, cases) == [9, 0, 5, 4]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "network"),
    [("LeNet", nets.lenet5), ("AlexNet", nets.alexnet), ("VGG16", nets.vgg), ("ResNet50", lambda: nets.resnet(50))],
)
def test_presets_are_the_networks_of_the_course(name, network):
    real = network()
    size, stack = PRESETS[name]
    assert real.input_shape[1:3] == (size, size)
    windows = [
        node
        for node in model_nodes(real, (size, size))[1:]
        if ("Conv" in node.kind or "Pooling2D" in node.kind) and "_0_" not in node.name and "Global" not in node.kind
    ]
    nodes, trouble = stack_nodes(stack, (size, size))
    assert not trouble
    assert [(node.numbers, node.size) for node in nodes[1:]] == [(node.numbers, node.size) for node in windows]


def test_the_code_shown_runs_to_the_same_numbers(in_node):
    cases = collected(0.3)
    codes = in_node({"receptive_field/code.js": "stackCode"}, "return stackCode(state);", cases)
    for case, code in zip(cases, codes, strict=True):
        names = {}
        body, last = code.rsplit("\n", 1)
        exec(body, names)
        table = eval(last, names)
        records = [record for record in table if record.kind != "ZeroPadding2D"]
        nodes, _ = stack_nodes(case["layers"], case["size"])
        numbers = [list(zip(record.size, record.stride, record.offset, strict=True)) for record in records]
        assert numbers == [node.numbers for node in nodes[1:]]


# state


def test_the_default_is_a_full_demonstration():
    widget = ReceptiveField()
    assert (widget.preset, widget.image.name, widget.input_size) == ("small", "cat", [96, 96])
    assert widget.unit == [6, 12, 12]
    assert widget.field() == ((38, 61), (38, 61))


def test_traits_are_read_and_set_from_a_cell():
    widget = ReceptiveField(image="coins", input_size=(20, 30), layers=[{"kernel": 5}, {"kind": "pooling"}])
    assert widget.layers[1] == {"kind": "pooling", "kernel": 2, "stride": 2, "padding": "valid", "dilation": 1}
    assert (widget.preset, widget.unit) == ("", [1, 4, 6])
    assert widget.field() == ((8, 13), (12, 17))
    widget.unit = (0, 0, 25)
    assert widget.field() == ((0, 4), (25, 29))
    widget.preset = "LeNet"
    assert (widget.layers, widget.input_size) == (PRESETS["LeNet"][1], [32, 32])
    assert widget.unit == [3, 2, 2]
    widget.layers = widget.layers[:2]
    assert widget.preset == ""
    widget.layers = PRESETS["LeNet"][1]
    assert widget.preset == "LeNet"
    widget.reset()
    assert (widget.preset, widget.input_size, widget.unit, len(widget.layers)) == ("", [20, 30], [1, 4, 6], 2)


def test_a_models_layers_are_shown_and_a_stack_in_between(model):
    widget = ReceptiveField(model)
    assert widget.preset == "your model"
    names = [node["name"] for node in widget._model["nodes"]]
    assert names[widget.unit[0] + 1] == "last"
    last = widget.unit
    assert widget.field() == receptive_interval(model, "last", tuple(last[1:]))
    widget.preset = "VGG16"
    assert widget.unit == [17, 3, 3]
    assert widget.field() == ((6, 217), (6, 217))
    widget.reset()
    assert (widget.preset, widget.unit) == ("your model", last)
    widget.layers = [convolution(3)]
    assert widget.preset == ""  # what is set is shown
    widget.show_model(nets.lenet5())
    assert (widget.preset, widget._model["name"], widget.unit) == ("your model", "lenet5", [3, 2, 2])


def test_what_the_browser_sends_together_stays_together(model):
    """Reset from the browser: the layers change while the model is shown again."""
    widget = ReceptiveField(model)
    start = dict(widget._start)
    widget.preset = "AlexNet"
    widget.set_state(start)
    assert (widget.preset, widget.unit) == ("your model", list(start["unit"]))


def test_models_of_sequences_and_of_open_sizes():
    sequence = keras.Sequential([keras.Input((50, 4)), layers.Conv1D(8, 5, strides=2), layers.Conv1D(8, 3)])
    widget = ReceptiveField(sequence, unit=(1, 0, 3))
    assert widget._model["nodes"][0]["size"] == (1, 50)
    assert widget.field() == ((0, 0), (6, 14))
    open_size = keras.Sequential([keras.Input((None, None, 3)), layers.Conv2D(8, 3)])
    widget = ReceptiveField(open_size, input_size=(20, 30), unit=(0, 0, 27))
    assert widget.field() == ((0, 2), (27, 29))


def test_the_effective_field_of_a_model_is_its_gradient(model):
    widget = ReceptiveField(model, np.random.default_rng(3).random((60, 70, 3)), scale="0 to 1", effective=True)
    names = [node["name"] for node in widget._model["nodes"]]

    def told():
        return np.frombuffer(widget._slopes["values"], "float32").reshape(widget._slopes["shape"])

    first = told()
    assert first.shape == (26, 36)
    rows, columns = widget.field()
    outside = np.ones_like(first, bool)
    outside[rows[0] : rows[1] + 1, columns[0] : columns[1] + 1] = False
    assert first.max() > 0
    assert not first[outside].any()
    widget.unit = [names.index("half") - 1, 2, 3]
    assert widget._slopes["unit"] == widget.unit
    rows, columns = widget.field()
    assert told()[rows[0] : rows[1] + 1, columns[0] : columns[1] + 1].sum() == pytest.approx(told().sum())
    widget.unit = [names.index("dense") - 1, 0, 0]
    assert "units with a place in a picture" in widget._slopes["trouble"]


def test_the_gradient_is_taken_where_the_model_was_trained():
    inputs = keras.Input((8, 10, 3))
    squared = layers.Multiply()([inputs, inputs])
    model = keras.Model(inputs, layers.Conv2D(1, 3, name="conv", kernel_initializer="ones")(squared))
    picture = np.random.default_rng(5).integers(0, 256, (8, 10, 3), dtype=np.uint8)
    widget = ReceptiveField(model, picture, scale=((120, 110, 100), (50, 60, 70)), unit=(1, 3, 4), effective=True)
    gradient = np.frombuffer(widget._slopes["values"], "float32").reshape(widget._slopes["shape"])
    x = (picture - np.array([120, 110, 100])) / np.array([50, 60, 70])
    np.testing.assert_allclose(gradient[3:6, 4:7], np.abs(2 * x[3:6, 4:7]).sum(2), atol=1e-4)

    unsaid = ReceptiveField(model, picture, unit=(1, 3, 4))
    assert unsaid.field() == ((3, 5), (4, 6))  # which needs no pixels
    unsaid.effective = True
    assert 'ReceptiveField(model, scale="0 to 1")' in unsaid._slopes["trouble"]
    unsaid.show_model(model, scale="-1 to 1")
    assert "values" in unsaid._slopes
    with pytest.raises(CourseError, match="`scale` must be"):
        ReceptiveField(model, picture, scale=(1, 2, 3))


# mistakes


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"image": "cta"}, "There is no photograph 'cta'. Did you mean 'cat'?"),
        ({"image": np.full((20, 20), np.nan)}, "400 values that are NaN or infinite"),
        ({"layers": "conv"}, "`layers` must be a list of dictionaries"),
        ({"layers": [3]}, "A layer of `layers` must be a dictionary"),
        ({"layers": [{"size": 3}]}, "There is no setting of a layer 'size'."),
        ({"layers": [{"kind": "pool"}]}, "There is no kind 'pool'. Did you mean 'pooling'?"),
        ({"layers": [{"kernel": 17}]}, "`kernel` must be a whole number from 1 to 16, but it is 17."),
        ({"layers": [{"stride": 0}]}, "`stride` must be a whole number from 1 to 8, but it is 0."),
        ({"layers": [{"padding": "full"}]}, "There is no padding 'full'."),
        ({"layers": [{"padding": -1}]}, "`padding` must be a whole number from 1 to 8, but it is -1."),
        ({"layers": [{"stride": 2, "dilation": 2}]}, "Keras takes a stride or a dilation, not both"),
        ({"layers": [{"kind": "pooling", "dilation": 2}]}, "Keras' pooling takes none: make it 1."),
        ({"layers": [{}] * 201}, "`layers` holds 201 layers, but 200 are the most that can be drawn."),
        ({"input_size": 3}, "`input_size` must be a whole number from 4 to 512, but it is 3."),
        ({"input_size": (3, 4, 5)}, "must be a number of pixels or rows and columns"),
        ({"input_size": "ab"}, "must be a number of pixels or rows and columns"),
        ({"preset": "vgg"}, "There is no preset 'vgg'."),
        ({"preset": "your model"}, "There is no model to show"),
        ({"unit": (1, 2)}, "`unit` must be a layer, a row and a column"),
        ({"unit": (1, -2, 3)}, "`unit` must be a layer, a row and a column"),
        ({"effective": 1}, "`effective` must be True or False, but it is 1."),
        ({"layer": 1}, "There is no argument of ReceptiveField 'layer'. Did you mean 'layers'?"),
        ({"model": 3}, "`model` must be a Keras model, but it is of type int."),
        ({"model": layers.Dense(3, name="d")}, "`model` is the layer 'd', not a model"),
        ({"model": keras.Sequential([layers.Conv2D(3, 3)], name="raw")}, "The model 'raw' is not built"),
        ({"model": keras.Sequential([keras.Input((9,)), layers.Dense(3)])}, "has no spatial axis"),
        ({"model": keras.Sequential([keras.Input((9, 9, 9, 1)), layers.Conv3D(1, 3)])}, "has 3 axes with places"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(arguments, sentence):
    with pytest.raises(CourseError) as error:
        ReceptiveField(**arguments)
    assert sentence in str(error.value)
    assert str(error.value).endswith(".")


def test_a_refused_value_leaves_the_widget_as_it_was():
    widget = ReceptiveField()
    before = widget.get_state(widget._settings)
    for name, value in [("layers", [3]), ("unit", 3), ("preset", "vgg"), ("image", "nobody"), ("preset", "your model")]:
        with pytest.raises(CourseError):
            setattr(widget, name, value)
    assert widget.get_state(widget._settings) == before


def test_layers_that_do_not_fit_are_told_and_the_others_shown():
    widget = ReceptiveField(layers=[pooling(8), convolution(15, padding="valid")], input_size=64, unit=(1, 2, 3))
    assert widget.field() == ((16, 23), (24, 31))
    words = widget._repr_mimebundle_()[0]["text/plain"]
    assert "Layer 2: A kernel of 15 does not fit into an input of 8" in words


# still picture


@pytest.mark.parametrize("which", ["default", "deep", "holes", "model", "sequence", "nothing"])
def test_a_still_picture_and_words_stand_in_for_it(which, model):
    widget = {
        "default": lambda: ReceptiveField(),
        "deep": lambda: ReceptiveField(image="grass", preset="ResNet50"),
        "holes": lambda: ReceptiveField(layers=[convolution(3, dilation=8)] * 3, input_size=(200, 90)),
        "model": lambda: ReceptiveField(model, "coffee"),
        "sequence": lambda: ReceptiveField(keras.Sequential([keras.Input((50, 4)), layers.Conv1D(8, 5)])),
        "nothing": lambda: ReceptiveField(layers=[]),
    }[which]()
    data, metadata = widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    png = base64.b64decode(data["image/png"])
    assert len(png) < 150_000
    with Image.open(io.BytesIO(png)) as still:
        assert still.width == 2 * metadata["image/png"]["width"]
        colours = np.asarray(still.convert("RGB")).reshape(-1, 3).astype(int)
    assert (np.abs(colours - rgb(WINDOW)).sum(1) < 40).sum() > 50
    rows, columns = widget.field()
    expected = f"rows {rows[0]} to {rows[1]} and columns {columns[0]} to {columns[1]}."
    assert data["text/plain"].endswith(expected)
