"""Costs against what Keras counts and what TensorFlow's profiler counts; published ones are in full_size."""

import keras
import numpy as np
import pytest
from keras import layers
from profiler import profiled_products

from dlcourse.errors import CourseError
from dlcourse.lens.convolution import convolution_matrix
from dlcourse.lens.costs import cost
from dlcourse.lens.multiply_adds import einsum_products


def small_picture():
    inputs = keras.Input((20, 26, 3))
    x = layers.Conv2D(8, (3, 5), (2, 1), padding="same")(inputs)
    x = layers.add([x, layers.Conv2D(8, 3, padding="same")(x)])
    x = layers.DepthwiseConv2D(3, depth_multiplier=2)(x)
    return keras.Model(inputs, layers.Dense(7)(layers.GlobalAveragePooling2D()(layers.BatchNormalization()(x))))


def small_upward():
    inputs = keras.Input((5, 7, 6))
    x = layers.Conv2DTranspose(4, (3, 4), 2, padding="same")(inputs)
    x = layers.Conv2DTranspose(3, (2, 5), 3, padding="same")(layers.UpSampling2D()(x))
    return keras.Model(inputs, layers.SeparableConv2D(5, 3, depth_multiplier=2)(x))


def small_sequence():
    inputs = keras.Input((12, 5))
    x = layers.Conv1D(6, 4, padding="causal")(inputs)
    x = layers.Dense(9)(layers.SeparableConv1D(7, 3)(x))
    return keras.Model(inputs, layers.Dense(2)(layers.Flatten()(x)))


def small_nested():
    inner = keras.Sequential([keras.Input((9, 11, 4)), layers.Conv2D(4, 3, padding="same"), layers.ReLU()])
    inputs = keras.Input((9, 11, 4))
    return keras.Model(inputs, keras.ops.matmul(inner(inner(inputs)), np.ones((4, 6), "float32")))


OWN = [small_picture, small_upward, small_sequence, small_nested]


@pytest.mark.parametrize("make", OWN)
def test_multiply_adds_of_small_networks_are_what_the_profiler_counts(make):
    if keras.backend.backend() != "tensorflow":
        pytest.skip("TensorFlow's profiler counts what TensorFlow runs")
    model = make()
    assert cost(model).total.multiply_adds == profiled_products(model)


def test_a_transposed_convolution_counts_each_input_with_the_whole_kernel():
    model = keras.Sequential([keras.Input((5, 4, 1)), layers.Conv2DTranspose(1, (4, 3), (3, 1))])
    matrix = convolution_matrix(np.ones((4, 3)), model.output_shape[1:3], (3, 1))
    assert cost(model).total.multiply_adds == np.count_nonzero(matrix)


def test_dilation_changes_no_cost():
    plain, wide = (
        keras.Sequential([keras.Input((20, 26, 3)), layers.Conv2D(8, 3, dilation_rate=rate, padding="same")])
        for rate in (1, 3)
    )
    assert cost(plain).total == cost(wide).total


def test_shared_layers_and_frozen_ones_are_counted_once():
    model = small_nested()
    table = cost(model)
    conv = [record for record in table if record.kind == "Conv2D"]
    assert [record.trainable for record in conv] == [9 * 16 + 4, 0]
    assert conv[0].multiply_adds == conv[1].multiply_adds == 9 * 11 * 9 * 16
    model.trainable = False
    assert (cost(model).total.trainable, cost(model).total.non_trainable) == (0, 9 * 16 + 4)


@pytest.mark.parametrize(("kind", "gates"), [("SimpleRNN", 1), ("GRU", 3), ("LSTM", 4)])
def test_recurrent_layers_count_every_step(kind, gates):
    layer = getattr(layers, kind)(7, return_sequences=True)
    both = keras.Sequential([keras.Input((11, 5)), layer, layers.Bidirectional(getattr(layers, kind)(3))])
    table = cost(both)
    assert table[0].multiply_adds == 11 * gates * 7 * (5 + 7)
    assert table[1].multiply_adds == 2 * 11 * gates * 3 * (7 + 3)
    assert table.total.parameters == both.count_params()


def test_attention_counts_projections_and_pairs():
    inputs = keras.Input((10, 12))
    other = layers.MaxPooling1D(2)(inputs)
    model = keras.Model(inputs, layers.MultiHeadAttention(3, 4, value_dim=5, output_shape=7)(inputs, other))
    record = cost(model)[-1]
    projections = 10 * 12 * (3 * 4) + 5 * 12 * (3 * 4) + 5 * 12 * (3 * 5) + 10 * (3 * 5) * 7
    pairs = 10 * 5 * 3 * (4 + 5)
    assert record.multiply_adds == projections + pairs


def test_attention_without_projections_counts_pairs():
    inputs = keras.Input((10, 12))
    model = keras.Model(inputs, layers.Attention()([inputs, layers.MaxPooling1D(2)(inputs)]))
    assert cost(model)[-1].multiply_adds == 10 * 5 * (12 + 12)


def test_sums_over_named_indices_count_all_their_values():
    model = keras.Sequential([keras.Input((10, 6)), layers.EinsumDense("abc,cde->abde", (10, 3, 4))])
    assert cost(model).total.multiply_adds == 10 * 6 * 3 * 4
    assert einsum_products("...x,xy->...y", (1, 5, 7, 6), (6, 4)) == 5 * 7 * 6 * 4


def test_groups_divide_the_products():
    model = keras.Sequential([keras.Input((9, 8, 8)), layers.Conv2D(12, (3, 2), groups=4, padding="same")])
    assert cost(model).total.multiply_adds == 9 * 8 * (3 * 2) * (8 // 4) * 12


def test_layers_on_every_step_of_a_sequence():
    model = keras.Sequential(
        [
            keras.Input((6, 9, 8, 2)),
            layers.TimeDistributed(layers.Conv2D(3, 2)),
            layers.ConvLSTM2D(4, (3, 2), padding="same"),
        ]
    )
    each, recurrent = cost(model)
    assert each.multiply_adds == 6 * (8 * 7) * (2 * 2 * 2 * 3)
    assert recurrent.multiply_adds == 6 * (8 * 7) * (3 * 2) * (3 + 4) * 4 * 4


def test_layers_of_ones_own_are_looked_into():
    class Block(layers.Layer):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(6)

        def build(self, shape):
            self.dense.build(shape)
            self.matrix = self.add_weight(shape=(6, 3))

        def call(self, x):
            return keras.ops.matmul(keras.ops.relu(self.dense(x)), self.matrix)

    model = keras.Sequential([keras.Input((10, 4)), Block()])
    total = cost(model).total
    assert total.multiply_adds == 10 * (4 * 6 + 6 * 3)
    assert total.parameters == model.count_params() == 30 + 18


def test_what_cannot_be_counted_is_left_out_and_so_is_the_sum():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Lambda(lambda x: x, name="any")])
    table = cost(model)
    assert [record.multiply_adds for record in table] == [12, None]
    assert table.total.multiply_adds is None
    assert table.total.parameters == 15


def test_memory_of_a_chain_by_hand():
    model = keras.Sequential([keras.Input((6, 8, 1)), layers.Conv2D(2, 3), layers.ReLU(), layers.Flatten()])
    table = cost(model)  # 48 inputs, then 4 × 6 × 2 = 48 three times
    assert [record.training_bytes for record in table] == [192, 192, 192]
    assert [record.inference_bytes for record in table] == [384, 384, 384]
    assert (table.total.training_bytes, table.total.inference_bytes) == (4 * 192, 384)


def test_a_skip_keeps_its_tensor_alive_and_shared_readers_do_not_free_it_early():
    inputs = keras.Input((10, 4))  # 160 bytes
    x = layers.ReLU()(inputs)
    y = layers.Dense(8)(x)  # 320 bytes
    y = layers.Dense(4)(y)
    model = keras.Model(inputs, layers.add([x, y]))
    table = cost(model)
    assert [record.inference_bytes for record in table] == [320, 160 + 320, 160 + 320 + 160, 160 + 160 + 160]
    assert table.total.inference_bytes == 640
    assert table.total.training_bytes == 160 + 160 + 320 + 160 + 160


def test_half_precision_takes_half_the_memory():
    def total(policy):
        steps = [layers.Conv2D(8, 3, dtype=policy), layers.Dense(5, dtype=policy)]
        return cost(keras.Sequential([keras.Input((9, 8, 2), dtype=policy.split("_")[-1]), *steps])).total

    full, half = total("float32"), total("mixed_float16")
    assert half.training_bytes * 2 == full.training_bytes
    assert half.multiply_adds == full.multiply_adds


def test_an_open_input_takes_the_shape_given():
    def network(*shape):
        steps = [layers.Conv2D(6, 3, 2), layers.SeparableConv2D(4, 3), layers.GlobalAveragePooling2D(), layers.Dense(5)]
        return keras.Sequential([keras.Input(shape), *steps])

    assert cost(network(None, None, 3), (64, 80, 3)).total == cost(network(64, 80, 3)).total


def test_several_inputs_take_a_shape_each():
    a, b = keras.Input((None, 3)), keras.Input((4,))
    model = keras.Model([a, b], [layers.Dense(5)(a), layers.Dense(6)(b)])
    assert cost(model, [(7, 3), (4,)]).total.multiply_adds == 7 * 15 + 24


OPEN = keras.Sequential([keras.Input((None, None, 3)), layers.Conv2D(4, 5)], name="open")


@pytest.mark.parametrize(
    ("model", "shape", "sentence"),
    [
        (OPEN, None, r"has an open size, so it has no cost: say for what input"),
        (OPEN, (None, 9, 3), r"`input_shape` must hold whole numbers from 1 on.*\(None, 9, 3\)"),
        (OPEN, (9, 8, 1), r"`input_shape` is \(9, 8, 1\), but the model 'open' takes \(None, None, 3\)"),
        (OPEN, (9, 8), r"`input_shape` is \(9, 8\), but the model 'open' takes"),
        (OPEN, (3, 8, 3), r"cannot take the shape \(3, 8, 3\)"),
        (OPEN, [(9, 8, 3), (4,)], r"has 1 inputs, but `input_shape` has 2 shapes"),
        (keras.Sequential, None, r"is the class Sequential"),
        (keras.Sequential([layers.Dense(2)]), None, r"is not built"),
        ("VGG16", None, r"must be a Keras model"),
    ],
)
def test_what_has_no_cost_is_refused(model, shape, sentence):
    with pytest.raises(CourseError, match=sentence):
        cost(model, shape)
