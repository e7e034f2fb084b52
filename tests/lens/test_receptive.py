"""Receptive fields against the truth: which inputs have a gradient."""

from dataclasses import dataclass
from math import prod

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keras import layers
from properties import examples

from dlcourse.errors import CourseError
from dlcourse.lens.receptive import receptive_field, receptive_fields, receptive_interval

LAYERS = {
    1: {name: getattr(layers, f"{name}1D") for name in ("Conv", "SeparableConv", "DepthwiseConv", "AveragePooling")},
    2: {name: getattr(layers, f"{name}2D") for name in ("Conv", "SeparableConv", "DepthwiseConv", "AveragePooling")},
}
UP = {1: layers.UpSampling1D, 2: layers.UpSampling2D}
PAD = {1: layers.ZeroPadding1D, 2: layers.ZeroPadding2D}
CROP = {1: layers.Cropping1D, 2: layers.Cropping2D}
TRANSPOSED = {1: layers.Conv1DTranspose, 2: layers.Conv2DTranspose}
LARGEST_FIELD = {1: 500, 2: 14}  # bounds the pictures, and so the time


@dataclass
class Plan:
    """A random network, with bounds of its own for what matters to the size of the input that it needs."""

    make: list  # functions from tensor to tensor
    field: list[float]  # at least the receptive field, by axis
    jump: list[float]  # the stride, by axis
    phases: list[int]  # a multiple of the number of kinds of units, by axis


@st.composite
def plans(draw, rank):
    plan = Plan([], [1.0] * rank, [1.0] * rank, [1] * rank)
    for _ in range(draw(st.integers(1, 8))):
        draw(st.sampled_from([window, window, window, pooling, branches, shifts, transposed, upsampled]))(
            draw, rank, plan
        )
    return plan


def kernels(draw, rank, plan):
    """A kernel for each axis, as large as the bound on the field allows."""
    room = [(LARGEST_FIELD[rank] - field) / jump for field, jump in zip(plan.field, plan.jump, strict=True)]
    return tuple(draw(st.integers(1, max(1, min(7, int(r) + 1)))) for r in room)


def strides(draw, rank, plan, alike):
    """A stride for each axis, now and then more than 1."""
    allowed = [draw(st.sampled_from([1, 1, 2, 3])) if jump < 8 / rank else 1 for jump in plan.jump]
    return (min(allowed),) * rank if alike else tuple(allowed)


def widen(plan, kernel, stride, dilation):
    for axis, (k, s, d) in enumerate(zip(kernel, stride, dilation, strict=True)):
        plan.field[axis] += (k - 1) * d * plan.jump[axis]
        plan.jump[axis] *= s


def window(draw, rank, plan):
    name = draw(st.sampled_from(["Conv", "Conv", "SeparableConv", "DepthwiseConv"]))
    kernel = kernels(draw, rank, plan)
    stride = strides(draw, rank, plan, alike=name != "Conv")
    dilation = (1,) * rank
    if max(stride) == 1:  # Keras takes a stride or a dilation
        room = [LARGEST_FIELD[rank] - field for field in plan.field]
        fits = [(k - 1) * 3 * jump < r for k, jump, r in zip(kernel, plan.jump, room, strict=True)]
        dilation = (draw(st.integers(1, 3 if all(fits) else 1)),) * rank
    settings = {"padding": draw(st.sampled_from(["valid", "same"])), "strides": stride, "dilation_rate": dilation}
    filters = {} if name == "DepthwiseConv" else {"filters": 1}
    widen(plan, kernel, stride, dilation)
    plan.make.append(lambda x: LAYERS[rank][name](kernel_size=kernel, **filters, **settings)(x))


def pooling(draw, rank, plan):
    size, stride = kernels(draw, rank, plan), strides(draw, rank, plan, alike=False)
    padding = draw(st.sampled_from(["valid", "same"]))
    widen(plan, size, stride, (1,) * rank)
    plan.make.append(lambda x: LAYERS[rank]["AveragePooling"](size, stride, padding=padding)(x))


def branches(draw, rank, plan):
    """Two convolutions side by side whose fields overlap, with different starts and ends, and now and then a skip."""
    kernels_of = [kernels(draw, rank, plan) for _ in range(2)]
    stride = strides(draw, rank, plan, alike=False)
    meet = draw(st.sampled_from(["add", "multiply", "concatenate"]))
    padding = draw(st.sampled_from(["valid", "same"]))
    skips = padding == "same" and max(stride) == 1 and draw(st.booleans())
    most = [max(sizes) + draw(st.integers(0, 3)) for sizes in zip(*kernels_of, strict=True)]
    cuts = []
    for kernel in kernels_of:
        spare = [m - k for m, k in zip(most, kernel, strict=True)]
        before = [draw(st.integers(0, s)) for s in spare]
        cuts.append([(b, s - b) for b, s in zip(before, spare, strict=True)])

    def make(x):
        parts = [x] if skips else []
        for kernel, cut in zip(kernels_of, cuts, strict=True):
            part = x if padding == "same" else CROP[rank](cut if rank > 1 else cut[0])(x)
            parts.append(LAYERS[rank]["Conv"](1, kernel, stride, padding=padding)(part))
        return getattr(layers, meet)(parts)

    widen(plan, most, stride, (1,) * rank)
    plan.make.append(make)
    plan.make.append(lambda x: LAYERS[rank]["Conv"](1, 1)(x))  # back to one channel


def shifts(draw, rank, plan):
    amounts = [(draw(st.integers(0, 3)), draw(st.integers(0, 3))) for _ in range(rank)]
    layer = draw(st.sampled_from([PAD, CROP]))[rank]
    plan.make.append(lambda x: layer(amounts if rank > 1 else amounts[0])(x))


def transposed(draw, rank, plan):
    """Also with a kernel less than the stride, which leaves units that see nothing."""
    kernel = kernels(draw, rank, plan)
    stride = tuple(draw(st.sampled_from([1, 2, 3])) if phases < 6 / rank else 1 for phases in plan.phases)
    padding = draw(st.sampled_from(["valid", "same"]))
    widen(plan, kernel, (1,) * rank, (1,) * rank)
    enlarge(plan, stride)
    plan.make.append(lambda x: TRANSPOSED[rank](1, kernel, stride, padding=padding)(x))


def upsampled(draw, rank, plan):
    factor = tuple(draw(st.sampled_from([1, 2, 3])) if phases < 6 / rank else 1 for phases in plan.phases)
    how = {}
    if rank == 2 and draw(st.booleans()):
        factor = (2, 2)
        how = {"interpolation": "bilinear"}
        widen(plan, (2, 2), (1, 1), (1, 1))
    enlarge(plan, factor)
    plan.make.append(lambda x: UP[rank](factor if rank > 1 else factor[0], **how)(x))


def enlarge(plan, factor):
    for axis, times in enumerate(factor):
        plan.jump[axis] /= times
        plan.phases[axis] *= times


def built(plan, rank, slack):
    """The network, on an input so large that the units in its middle are far from all borders."""
    sides = zip(plan.field, plan.jump, plan.phases, slack, strict=True)
    size = [int(2 * field + (2 * phases + 14) * jump + 14 + more) for field, jump, phases, more in sides]
    x = inputs = keras.Input((*size, 1))
    for step in plan.make:
        x = step(x)
    model = keras.Model(inputs, x)
    generator = np.random.default_rng(5)
    for weight in model.weights:  # positive, so that nothing cancels
        weight.assign(generator.uniform(0.5, 1.5, weight.shape) / prod(weight.shape[:-1]))
    return model


def supports(model, units, trials=1):
    """For each unit and axis the first and the last input with a gradient, None without any."""
    if keras.backend.backend() != "tensorflow":
        pytest.skip("the truth is TensorFlow's gradient")
    import tensorflow as tf

    slopes = 0
    for trial in range(trials):
        generator = np.random.default_rng(trial)
        x = tf.constant(generator.uniform(0.5, 1.5, (len(units), *model.input_shape[1:])), tf.float32)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(model(x), axis=-1)
            chosen = tf.gather_nd(y, np.array([(b, *unit) for b, unit in enumerate(units)]))
        gradient = tape.gradient(chosen, x)
        slopes = slopes + np.abs(gradient.numpy()).sum(axis=-1)
    return [tuple(ends(slope, axis) for axis in range(slope.ndim)) for slope in slopes]


def ends(gradient, axis):
    others = tuple(a for a in range(gradient.ndim) if a != axis)
    reached = np.flatnonzero((gradient != 0).any(axis=others))
    return (int(reached[0]), int(reached[-1])) if len(reached) else None


def check(plan, rank, slack):
    model = built(plan, rank, slack)
    size = model.output_shape[1:-1]
    middle = [n // 2 // phases * phases for n, phases in zip(size, plan.phases, strict=True)]
    inner = [tuple(range(m, m + phases + 1)) for m, phases in zip(middle, plan.phases, strict=True)]
    probes = [tuple(row[i % len(row)] for row in inner) for i in range(max(map(len, inner)))]
    corners = [tuple(0 for _ in size), tuple(n - 1 for n in size)]
    truth = supports(model, probes + corners)

    record = receptive_field(model, model.layers[-1])
    for axis in range(rank):
        row = {probe[axis]: true[axis] for probe, true in zip(probes, truth, strict=False) if None not in true}
        if len(row) < len(inner[axis]):  # somewhere a unit sees nothing
            assert {1} != {*plan.phases}
            continue
        start, phases = middle[axis], plan.phases[axis]
        stride = (row[start + phases][0] - row[start][0]) / phases
        assert record.size[axis] == max(last - first + 1 for first, last in row.values())
        assert record.stride[axis] == stride
        assert record.offset[axis] == row[start][0] - stride * start
    for unit, true in zip(probes + corners, truth, strict=True):
        intervals = receptive_interval(model, model.layers[-1], unit)
        assert (None in intervals) == (None in true)
        if None not in true:
            assert intervals == true


@pytest.mark.slow
@examples(2)
@given(plan=plans(1), slack=st.tuples(st.integers(0, 11)))
def test_sequences_see_what_the_gradient_reaches(plan, slack):
    check(plan, 1, slack)


@pytest.mark.slow
@given(plan=plans(2), slack=st.tuples(st.integers(0, 7), st.integers(0, 7)))
def test_pictures_see_what_the_gradient_reaches(plan, slack):
    check(plan, 2, slack)


def sequence(*steps, shape=(40, 1)):
    return keras.Sequential([keras.Input(shape), *steps])


def picture(*steps, shape=(40, 44, 1)):
    return keras.Sequential([keras.Input(shape), *steps])


def test_max_pooling_sees_its_whole_window_over_many_inputs():
    model = picture(layers.Conv2D(1, (3, 2)), layers.MaxPooling2D((2, 3), padding="same"), layers.MaxPooling2D(3, 1))
    for weight in model.weights:
        weight.assign(np.abs(weight.numpy()) + 0.1)
    assert supports(model, [(5, 4)], trials=200) == [receptive_interval(model, -1, (5, 4))]


@pytest.mark.parametrize("factor", [2, 3, 4])
@pytest.mark.parametrize("how", ["nearest", "bilinear", "bicubic"])
def test_up_sampling_sees_what_it_interpolates_between(factor, how):
    model = picture(layers.UpSampling2D(factor, interpolation=how), shape=(9, 7, 1))
    units = [(i, min(i, 7 * factor - 1)) for i in range(9 * factor)]
    basis = keras.ops.convert_to_numpy(model(np.eye(9)[:, :, None, None] * np.ones((1, 1, 7, 1))))[:, :, 0, 0]
    for unit in units:
        reached = np.flatnonzero(np.abs(basis[:, unit[0]]) > 1e-6)
        assert receptive_interval(model, 0, unit)[0] == (reached[0], reached[-1])


def test_three_axes_each_have_their_own_field():
    model = picture(
        layers.Conv3D(1, (1, 2, 3), (1, 2, 1)),
        layers.AveragePooling3D((2, 1, 2), padding="same"),
        layers.Conv3DTranspose(1, 3, 2),
        shape=(13, 17, 12, 1),
    )
    for weight in model.weights:
        weight.assign(np.abs(weight.numpy()) + 0.1)
    for unit in [(0, 0, 0), (7, 6, 4), (8, 9, 5)]:
        assert [receptive_interval(model, -1, unit)] == supports(model, [unit])


def test_causal_convolution_looks_back_only():
    model = sequence(layers.Conv1D(1, 3, dilation_rate=4, padding="causal"), layers.Conv1D(1, 2, padding="causal"))
    record = receptive_field(model)
    assert (record.size, record.stride, record.offset) == ((10,), (1,), (-9,))


def test_units_of_a_transposed_convolution_with_a_small_kernel_may_see_nothing():
    model = sequence(layers.Conv1DTranspose(1, 1, 3), shape=(5, 1))
    assert [receptive_interval(model, 0, unit)[0] for unit in range(5)] == [(0, 0), None, None, (1, 1), None]


def test_the_size_after_a_transposed_convolution_is_that_of_the_units_that_see_most():
    record = receptive_field(sequence(layers.Conv1DTranspose(1, 4, 3)))
    assert (record.size, record.stride, record.offset) == ((2,), (pytest.approx(1 / 3),), (-1,))


def test_nested_and_shared_models_are_followed():
    inner = sequence(layers.Conv1D(1, 3, name="conv"), layers.ReLU(), shape=(None, 1))
    inner.name = "inner"
    inputs = keras.Input((50, 1))
    model = keras.Model(inputs, inner(inner(inputs)))
    table = receptive_fields(model)
    assert [record.name for record in table][::2] == ["inner/conv", "inner/conv#2"]
    assert table["inner/conv#2"].size == receptive_field(model, "inner").size == (5,)
    assert receptive_field(model, "inner/conv").size == (3,)


def test_layers_of_ones_own_are_looked_into():
    class Block(layers.Layer):
        def __init__(self):
            super().__init__()
            self.conv = layers.Conv1D(4, 5, padding="same")

        def build(self, shape):
            self.conv.build(shape)

        def call(self, x):
            return keras.ops.relu(self.conv(x)) + x

    assert receptive_field(sequence(Block(), Block(), shape=(30, 4))).size == (9,)


def test_functions_of_keras_ops_are_followed():
    inputs = keras.Input((20, 22, 2))
    x = keras.ops.relu(layers.Conv2D(2, 3)(inputs)) * 2
    x = keras.ops.transpose(x, (0, 2, 1, 3))
    x = layers.Conv2D(2, (5, 1))(x)  # along what was the width
    model = keras.Model(inputs, keras.ops.mean(x, axis=(1,)))
    assert receptive_field(model, model.layers[-1]).size == (3, 7)
    assert receptive_fields(model)[-1].size == (3, 22)
    assert receptive_fields(model)[-1].whole == (False, True)


@pytest.mark.parametrize(
    "behind",
    [
        [layers.GlobalAveragePooling2D()],
        [layers.GlobalMaxPooling2D(keepdims=True), layers.Conv2D(3, 1)],
        [layers.Flatten(), layers.Dense(3)],
        [layers.Reshape((-1, 4)), layers.LSTM(5)],
        [layers.GroupNormalization(2)],
    ],
    ids=["average", "maximum", "dense", "recurrent", "group normalisation"],
)
def test_what_reads_all_sees_the_whole_input(behind):
    record = receptive_fields(picture(layers.Conv2D(4, 3), *behind))[-1]
    assert (record.size, record.stride, record.offset, record.whole) == ((40, 44), (None, None), (0, 0), (True, True))


def test_the_whole_of_an_open_input_has_no_size():
    record = receptive_fields(picture(layers.Conv2D(4, 3), layers.GlobalMaxPooling2D(), shape=(None, 30, 1)))[-1]
    assert (record.size, record.whole) == ((None, 30), (True, True))


def test_squeeze_and_excitation_lets_every_unit_see_the_whole_input():
    inputs = keras.Input((20, 22, 2))
    x = layers.Conv2D(4, 3)(inputs)
    gate = layers.Dense(4, "sigmoid")(layers.GlobalAveragePooling2D(keepdims=True)(x))
    model = keras.Model(inputs, layers.Conv2D(2, 3)(x * gate))
    assert receptive_fields(model)[-1].size == (20, 22)
    assert receptive_field(model).name == model.layers[1].name


def test_a_flatten_keeps_the_size_and_takes_the_place():
    record = receptive_fields(picture(layers.Conv2D(4, (3, 5)), layers.Flatten()))[-1]
    assert (record.size, record.stride, record.offset) == ((3, 5), (None, None), (None, None))


def test_a_convolution_down_to_one_unit_sees_what_its_kernel_covers():
    record = receptive_fields(picture(layers.Conv2D(6, (5, 6)), layers.Flatten(), layers.Dense(3), shape=(5, 6, 1)))[-1]
    assert record.size == (5, 6)


def test_a_unit_picked_out_keeps_its_field():
    inputs = keras.Input((30, 2))
    model = keras.Model(inputs, layers.Dense(3)(layers.Conv1D(4, 5, padding="causal")(inputs)[:, -1]))
    record = receptive_fields(model)[-1]
    assert (record.size, record.stride) == ((5,), (None,))


def test_pictures_without_channels_have_two_spatial_axes():
    model = sequence(layers.Reshape((20, 24, 1)), layers.Conv2D(2, (3, 5)), shape=(20, 24))
    assert receptive_field(model).size == (3, 5)


def test_tokens_have_a_spatial_axis():
    model = sequence(layers.Embedding(10, 4), layers.Conv1D(2, 3), shape=(30,))
    assert receptive_field(model).size == (3,)


def test_the_centre_lies_in_the_middle_of_the_field():
    record = receptive_field(picture(layers.Conv2D(1, (5, 2), padding="same")))
    assert (record.offset, record.centre) == ((-2, 0), (0.0, 0.5))


def own_kind():
    class Strange(layers.Layer):
        def call(self, x):
            return keras.ops.flip(x, axis=1)

    return Strange(name="odd")


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ([own_kind()], r"How far 'odd.*' reads is not known.*ask for a layer before it"),
        ([layers.Lambda(lambda x: x, name="any")], r"How far 'any' reads is not known, because Lambda is no layer"),
        ([layers.UpSampling2D(2, interpolation="lanczos3", name="up")], r"'up'.*'lanczos3' is not known"),
        ([layers.Reshape((20, 88, 1), name="cut"), layers.Conv2D(1, 3, name="c")], r"'c' reads units that a reshape"),
    ],
)
def test_what_is_not_known_is_named(steps, sentence):
    with pytest.raises(CourseError, match=sentence):
        receptive_fields(picture(*steps))


def test_an_unknown_layer_troubles_only_those_behind_it():
    model = picture(layers.Conv2D(1, 3, name="conv"), layers.Lambda(lambda x: x, name="any"), layers.ReLU(name="end"))
    assert receptive_field(model, "conv").size == (3, 3)
    with pytest.raises(CourseError, match=r"How far 'any' reads"):
        receptive_field(model, "end")


def test_branches_of_unequal_strides_are_refused():
    inputs = keras.Input((24, 1))
    slow, fast = layers.Conv1D(1, 3, padding="same")(inputs), layers.Conv1D(1, 3, 2, padding="same")(inputs)
    model = keras.Model(inputs, layers.Add(name="meet")([layers.Cropping1D(6)(slow), fast]))
    with pytest.raises(CourseError, match=r"branches that meet in 'meet' step over the input by 1 and by 2"):
        receptive_fields(model)


def test_branches_side_by_side_along_a_spatial_axis_are_refused():
    inputs = keras.Input((24, 1))
    model = keras.Model(inputs, layers.Concatenate(1, name="row")([inputs, inputs]))
    with pytest.raises(CourseError, match=r"'row' puts units side by side along axis 1"):
        receptive_fields(model)


@pytest.mark.parametrize("ask", [receptive_field, receptive_fields])
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (keras.Sequential, "is the class Sequential"),
        (keras.Sequential([layers.Dense(2)]), "is not built"),
        ("VGG16", "must be a Keras model"),
        (keras.Sequential([keras.Input((4,)), layers.Dense(2)]), r"shape \(4,\) has no spatial axis"),
    ],
)
def test_unsuited_models_are_refused(ask, wrong, sentence):
    with pytest.raises(CourseError, match=sentence):
        ask(wrong)


def test_wrong_layers_and_units_are_refused():
    model = picture(layers.Conv2D(1, 3, name="conv"), layers.Flatten(name="flat"))
    for sentence, ask in {
        r"There is no layer 'cnov'. Did you mean 'conv'\?": lambda: receptive_field(model, "cnov"),
        r"There is no unit 42: 'conv' has 42, counted from 0": lambda: receptive_interval(model, "conv", (0, 42)),
        r"`unit` must have 2 numbers": lambda: receptive_interval(model, "conv", (0, 1, 2)),
        r"units of 'flat' are out of their line": lambda: receptive_interval(model, "flat", 3),
    }.items():
        with pytest.raises(CourseError, match=sentence):
            ask()


def test_alexnet_as_published():
    steps = [layers.Conv2D(1, 11, 4), layers.MaxPooling2D(3, 2), layers.Conv2D(1, 5, padding="same")]
    steps += [layers.MaxPooling2D(3, 2), *(layers.Conv2D(1, 3, padding="same") for _ in range(3))]
    record = receptive_field(picture(*steps, layers.MaxPooling2D(3, 2), shape=(227, 227, 3)))
    assert (record.size, record.stride) == ((195, 195), (32, 32))


def bottlenecks(stride_in_the_first):
    """ResNet50's chain of kernels and strides, the 1x1 and the 3x3 of each block, without its links."""
    steps = [layers.Conv1D(1, 7, 2), layers.MaxPooling1D(3, 2)]
    for stage, blocks in enumerate([3, 4, 6, 3]):
        for block in range(blocks):
            strides = (2, 1) if stage and not block else (1, 1)
            first, second = strides if stride_in_the_first else strides[::-1]
            steps += [layers.Conv1D(1, 1, first), layers.Conv1D(1, 3, second, padding="same")]
    return sequence(*steps, shape=(2000, 1))


def test_where_a_resnet_strides_changes_its_field():
    assert receptive_field(bottlenecks(stride_in_the_first=True)).size == (483,)
    assert receptive_field(bottlenecks(stride_in_the_first=False)).size == (427,)
