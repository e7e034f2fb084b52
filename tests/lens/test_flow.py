import keras
import numpy as np
import pytest
from keras import layers

from dlcourse.errors import CourseError
from dlcourse.lens.decades import BINS, sizes
from dlcourse.lens.flow import FlowObserver, FlowSizes, gradient_flow
from dlcourse.lens.gradients import gradients_of_weights

RNG = np.random.default_rng(2)
X = RNG.normal(size=(64, 12)).astype("float32")
Y = RNG.integers(0, 5, 64)


def deep(activation, initializer, count=10, width=64):
    keras.utils.set_random_seed(1)
    hidden = [layers.Dense(width, activation, kernel_initializer=initializer) for _ in range(count)]
    model = keras.Sequential([keras.Input((12,)), *hidden, layers.Dense(5, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def test_ten_sigmoid_layers_lose_the_gradient():
    flow = gradient_flow(deep("sigmoid", "glorot_uniform"), X, Y)
    assert flow[-1].gradient / flow[0].gradient > 1e6
    assert [row.gradient for row in flow] == sorted(row.gradient for row in flow)


def test_ten_relu_layers_with_he_keep_it():
    flow = gradient_flow(deep("relu", "he_normal"), X, Y)
    lengths = [record.gradient for record in flow]
    assert max(lengths) / min(lengths) < 10


@pytest.mark.slow
def test_thirty_sigmoid_layers_do_not_underflow_to_zero():
    flow = gradient_flow(deep("sigmoid", "glorot_uniform", count=30, width=16), X, Y)
    assert 0 < flow[0].gradient < 1e-18
    assert flow[0].back_spread > 0


def test_numbers_of_a_hand_made_layer():
    model = keras.Sequential([keras.Input((2,)), layers.Dense(3, "relu", name="dense")])
    kernel = np.array([[1, -1, 0], [0, -1, 2]], "float32")
    model.set_weights([kernel, np.zeros(3, "float32")])
    x = np.array([[1, 2], [3, 1]], "float32")
    y = np.zeros((2, 3), "float32")
    (row,) = gradient_flow(model, x, y, "mse")
    out = np.maximum(x @ kernel, 0)  # its second unit is dead
    back = 2 * out / out.size
    slopes = np.concatenate([(x.T @ back).ravel(), back.sum(axis=0)])
    assert row.dead == pytest.approx(1 / 3)
    assert (row.mean, row.spread) == pytest.approx((out.mean(), out.std()))
    assert (row.back_mean, row.back_spread) == pytest.approx((back.mean(), back.std()))
    assert row.gradient == pytest.approx(np.linalg.norm(slopes))
    assert row.update == pytest.approx(np.linalg.norm(slopes) / np.linalg.norm(kernel))


def test_the_update_is_how_far_plain_descent_moves_the_weights():
    model = deep("tanh", "glorot_uniform", count=2)
    model.compile(keras.optimizers.SGD(0.3), "sparse_categorical_crossentropy")
    flow = gradient_flow(model, X, Y)
    before = model.layers[0].get_weights()
    model.fit(X, Y, batch_size=64, verbose=0)
    after = model.layers[0].get_weights()
    moved = np.sqrt(sum(((a - b) ** 2).sum() for a, b in zip(after, before, strict=True)))
    assert flow[0].update == pytest.approx(moved / np.sqrt(sum((b**2).sum() for b in before)), rel=1e-4)


def test_the_gradient_by_an_output_is_a_finite_difference():
    inputs = keras.Input((3,))
    shift = layers.Dense(2, use_bias=True, name="shift")
    model = keras.Model(inputs, layers.Dense(1, "sigmoid")(shift(inputs)))
    x, y = X[:1, :3], np.ones((1, 1), "float32")  # for one example, moving the bias is moving the output
    model.compile("sgd", "binary_crossentropy")
    row = gradient_flow(model, x, y)["shift"]
    slopes = []
    for unit in range(2):
        losses = []
        for by in (0.01, -0.01):
            bias = np.zeros(2, "float32")
            bias[unit] = by
            shift.bias.assign(bias)
            losses.append(model.evaluate(x, y, verbose=0))
        slopes.append((losses[0] - losses[1]) / 0.02)
    shift.bias.assign(np.zeros(2))
    assert row.back_mean == pytest.approx(np.mean(slopes), abs=1e-4)
    assert row.back_spread == pytest.approx(np.std(slopes), abs=1e-4)


def test_branches_nested_models_and_activations_have_their_rows():
    inner = keras.Sequential([keras.Input((6, 8, 2)), layers.Conv2D(2, 3, padding="same", name="conv")], name="inner")
    inputs = keras.Input((6, 8, 2))
    x = layers.ReLU(name="rectified")(layers.add([inner(inputs), inputs]))
    x = layers.BatchNormalization(name="norm")(x)
    model = keras.Model(inputs, layers.Dense(1, name="out")(layers.GlobalAveragePooling2D()(x)))
    flow = gradient_flow(model, RNG.normal(size=(4, 6, 8, 2)), np.ones((4, 1)), "mse")
    assert [row.name for row in flow] == ["inner/conv", "rectified", "norm", "out"]
    assert (flow["rectified"].gradient, flow["rectified"].update) == (None, None)
    assert flow["norm"].spread == pytest.approx(1, abs=0.01)  # whitened by this batch
    assert flow["norm"].mean == pytest.approx(0, abs=1e-5)


def test_a_frozen_layer_has_no_gradient():
    model = deep("relu", "he_normal", count=2)
    model.layers[0].trainable = False
    flow = gradient_flow(model, X, Y)
    assert flow[0].gradient is None
    assert flow[1].gradient > 0


def test_lengths_are_those_of_the_gradients_of_the_weights():
    model = deep("relu", "he_normal", count=2)
    slopes = [*gradients_of_weights(model, X, Y).values()]
    assert gradient_flow(model, X, Y)[0].gradient == pytest.approx(
        np.sqrt((slopes[0] ** 2).sum() + (slopes[1] ** 2).sum()), rel=1e-5
    )


def test_it_can_be_watched_while_the_network_trains():
    model = deep("relu", "he_normal", count=2)
    flow = FlowObserver(model)
    means = []
    watch = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: means.append(flow(X, Y)[0].mean))
    model.fit(X, Y, epochs=3, verbose=0, callbacks=[watch])
    alone = [v.numpy() for v in model.trainable_variables]
    assert len(set(means)) == 3
    other = deep("relu", "he_normal", count=2)
    other.fit(X, Y, epochs=3, verbose=0)
    for watched, variable in zip(alone, other.trainable_variables, strict=True):
        np.testing.assert_allclose(watched, variable.numpy(), rtol=1e-4, atol=1e-6)


def test_recurrent_networks_over_words():
    model = keras.Sequential(
        [keras.Input((7,), dtype="int32"), layers.Embedding(9, 4, mask_zero=True), layers.LSTM(3), layers.Dense(1)]
    )
    flow = gradient_flow(model, RNG.integers(0, 9, (5, 7)), np.ones((5, 1)), "mse")
    assert [row.kind for row in flow] == ["Embedding", "LSTM", "Dense"]
    assert all(row.gradient > 0 for row in flow)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((keras.Sequential, X, Y), "is the class Sequential, not a model"),
        ((deep("relu", "he_normal", 1), np.full_like(X, np.nan), Y), "`x` holds 768 values that are NaN"),
        ((deep("relu", "he_normal", 1), X, Y[:3]), "`x` holds 64 examples but `y` answers for 3"),
    ],
)
def test_wrong_things_are_answered_in_a_sentence(arguments, sentence):
    with pytest.raises(CourseError, match=sentence):
        gradient_flow(*arguments)


# the sizes of all numbers


def test_sizes_fall_into_quarters_of_a_decade():
    histogram = sizes([0, 0, 1.1, -1.9, 0.011, 1e-20])
    assert histogram.mean == pytest.approx(3.011 / 6)
    assert histogram.zero == pytest.approx(1 / 3)
    assert histogram.top == 1  # 1.9 lies between 10 ** 0.25 and 10 ** 0.5
    expected = np.zeros(BINS)
    expected[[0, 1, 9, BINS - 1]] = 1 / 6
    np.testing.assert_allclose(histogram.shares, expected)


@pytest.mark.parametrize("values", [[0.0, 0.0], [], [1.0, np.nan], [np.inf]])
def test_sizes_of_what_has_none(values):
    with np.errstate(all="ignore"):
        histogram = sizes(values)
    assert histogram.shares.sum() == 0
    assert np.isnan(histogram.mean) == (not np.isfinite(values).all())


def layer_by_layer(model, x, y):
    """Outputs and gradients of a Sequential of dense layers with mse, by hand."""
    outputs = [x]
    for layer in model.layers:
        outputs.append(np.asarray(layer(outputs[-1])))
    back = [2 * (outputs[-1] - y) / y.size]
    slopes = []
    for layer, given, out in zip(model.layers[::-1], outputs[-2::-1], outputs[:0:-1], strict=True):
        through = back[0] * (out > 0 if layer.activation is keras.activations.relu else 1 - out**2)
        slopes.insert(0, np.concatenate([(given.T @ through).ravel(), through.sum(axis=0)]))
        back.insert(0, through @ np.asarray(layer.kernel).T)
    return outputs[1:], back[1:], slopes


def test_histograms_of_every_layer_are_those_of_its_numbers():
    keras.utils.set_random_seed(4)
    model = keras.Sequential([keras.Input((3,)), layers.Dense(17, "relu"), layers.Dense(5, "tanh")])
    x, y = X[:20, :3], np.zeros((20, 5), "float32")
    _, flow = FlowSizes(model, "mse")(x, y)
    for row, *numbers in zip(flow, *layer_by_layer(model, x, y), strict=True):
        for histogram, values in zip([row.outputs, row.back, row.weights], numbers, strict=True):
            expected = sizes(values)
            assert histogram.mean == pytest.approx(expected.mean, rel=1e-4)
            assert histogram.zero == pytest.approx(expected.zero, abs=1e-6)
            assert histogram.top == expected.top
            np.testing.assert_allclose(histogram.shares, expected.shares, atol=1.5 / values.size)
    assert flow[0].outputs.zero > 0.2


@pytest.mark.slow
def test_histograms_know_sizes_that_float32_can_hardly_hold():
    model = deep("sigmoid", "glorot_uniform", count=30, width=16)
    loss, flow = FlowSizes(model)(X, Y)
    assert loss == pytest.approx(model.evaluate(X, Y, verbose=0), rel=1e-5)
    assert 0 < flow[0].weights.mean < 1e-18
    assert flow[0].weights.shares.sum() == pytest.approx(1, abs=1e-3)


def test_dead_and_saturated_units_are_counted():
    model = keras.Sequential([keras.Input((1,)), layers.Dense(3, "tanh", name="a"), layers.Dense(2, "relu", name="b")])
    model.set_weights(
        [np.array([[9.0, 9, 0.1]]), np.zeros(3), np.array([[1, 0], [1, 0], [1, 0.0]]), np.array([0, -1.0])]
    )
    _, (a, b) = FlowSizes(model, "mse")(np.array([[1.0], [2], [-3]]), np.zeros((3, 2)))
    assert (a.saturated, a.dead) == (pytest.approx(2 / 3), 0)
    assert (b.saturated, b.dead) == (None, 0.5)


def test_histograms_of_convolutions_branches_and_layers_without_weights():
    inputs = keras.Input((32, 32, 1))
    x = layers.Conv2D(20, 3, padding="same", name="conv")(inputs)
    x = layers.ReLU(name="rectified")(layers.add([layers.Conv2D(20, 1, name="side")(inputs), x]))
    model = keras.Model(inputs, layers.Dense(1, "sigmoid", name="out")(layers.GlobalAveragePooling2D()(x)))
    _, flow = FlowSizes(model, "binary_crossentropy")(RNG.normal(size=(4, 32, 32, 1)), np.ones((4, 1)))
    assert {row.name for row in flow} == {"conv", "side", "rectified", "out"}
    rectified = next(row for row in flow if row.name == "rectified")
    assert rectified.weights is None
    assert rectified.outputs.shares.sum() + rectified.outputs.zero == pytest.approx(1, abs=0.02)  # a part of 80,000
