import gc
import weakref

import keras
import numpy as np
import pytest
from keras import layers, ops

from dlcourse.errors import CourseError
from dlcourse.lens import gradients, kept

RNG = np.random.default_rng(5)
X = RNG.normal(size=(6, 5)).astype("float32")
Y = RNG.integers(0, 3, 6)


def small(loss="sparse_categorical_crossentropy", **settings):
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [
            keras.Input((5,)),
            layers.Dense(4, "tanh", name="one", **settings),
            layers.BatchNormalization(name="norm"),
            layers.Dense(3, "softmax", name="two"),
        ],
        name="small",
    )
    if loss:
        model.compile("sgd", loss)
    return model


def nudged(weight, at, by):
    array = weight.numpy().copy()
    array[at] += by
    return array


def test_value_and_gradient_keeps_the_structure_and_gives_zeros_for_what_does_not_matter():
    at = {"a": np.array([1.0, -3.0], "float32"), "b": [np.array(2.0, "float32"), np.ones((2, 3), "float32")]}
    value, rest, slope = gradients.value_and_gradient(lambda v: (ops.sum(v["a"] ** 2) * v["b"][0], v["b"][0]), at)
    assert (float(value), float(rest)) == (20, 2)
    np.testing.assert_allclose(ops.convert_to_numpy(slope["a"]), [4, -12])
    assert float(slope["b"][0]) == 10
    np.testing.assert_array_equal(ops.convert_to_numpy(slope["b"][1]), np.zeros((2, 3)))


@pytest.mark.slow
def test_gradients_of_weights_are_finite_differences_of_the_loss():
    model = small(kernel_regularizer=keras.regularizers.L2(0.1))
    slopes = gradients.gradients_of_weights(model, X, Y, training=False)
    for weight in model.trainable_weights:
        before = weight.numpy()
        for at in ((0,) * len(weight.shape), (-1,) * len(weight.shape)):
            losses = []
            for by in (0.01, -0.01):
                weight.assign(nudged(weight, at, by))
                losses.append(model.evaluate(X, Y, verbose=0))
                weight.assign(before)
            assert slopes[weight.path][at] == pytest.approx((losses[0] - losses[1]) / 0.02, abs=2e-4)


@pytest.mark.slow
@pytest.mark.parametrize("frozen_call", [None, False])
def test_gradients_in_training_are_the_step_that_fit_takes(frozen_call):
    base = keras.Sequential([keras.Input((5,)), layers.Dense(4), layers.BatchNormalization()], name="base")
    inputs = keras.Input((5,))
    inner = base(inputs) if frozen_call is None else base(inputs, training=frozen_call)
    inner = layers.BatchNormalization()(layers.Dense(4, "tanh")(inner), training=frozen_call)
    model = keras.Model(inputs, layers.Dense(3, "softmax")(inner))
    model.compile(keras.optimizers.SGD(1.0), "sparse_categorical_crossentropy")
    slopes = gradients.gradients_of_weights(model, X, Y)
    before = [weight.numpy() for weight in model.trainable_weights]
    model.fit(X, Y, batch_size=len(X), verbose=0)
    for weight, was in zip(model.trainable_weights, before, strict=True):
        np.testing.assert_allclose(slopes[weight.path], was - weight.numpy(), atol=1e-6)


def test_the_model_is_left_as_it_is():
    model = keras.Sequential([keras.Input((5,)), layers.Dense(3), layers.BatchNormalization(), layers.Dropout(0.5)])
    before = [v.numpy() for v in model.variables]
    first = gradients.gradients_of_weights(model, X, X[:, :3], "mse")
    again = gradients.gradients_of_weights(model, X, X[:, :3], "mse")
    for variable, was in zip(model.variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), was)
    if keras.backend.backend() != "torch":  # there Keras draws dropout from torch's own generator
        assert all(np.array_equal(first[path], again[path]) for path in first)


def test_gradients_follow_the_weights():
    model = small()
    before = gradients.gradients_of_weights(model, X, Y)[model.trainable_weights[-1].path]
    model.set_weights([weight * 2 for weight in model.get_weights()])
    after = gradients.gradients_of_weights(model, X, Y)[model.trainable_weights[-1].path]
    assert np.abs(before - after).max() > 1e-3


def test_gradient_of_input_is_the_weight_that_leads_there():
    model = keras.Sequential([keras.Input((5,)), layers.Dense(4, name="one"), layers.Dense(2, name="two")])
    (one, _, two, _) = model.get_weights()
    at_one = gradients.gradient_of_input(lambda output: output[1, 2], model, X, "one")
    np.testing.assert_allclose(at_one[1], one[:, 2], rtol=1e-6)
    assert not at_one[[0, 2, 3, 4, 5]].any()
    at_end = gradients.gradient_of_input(lambda output: ops.sum(output[:, 1]), model, X)
    np.testing.assert_allclose(at_end, np.tile((one @ two)[:, 1], (6, 1)), rtol=1e-5)


def test_words_have_no_gradient():
    model = keras.Sequential([keras.Input((4,), dtype="int32"), layers.Embedding(9, 3)], name="reader")
    with pytest.raises(CourseError, match=r"'reader' takes whole numbers.*keras.Model\(embedded, model.output\)"):
        gradients.gradient_of_input(ops.sum, model, np.ones((2, 4), int))


@pytest.mark.parametrize(
    ("loss", "sentence"),
    [
        (None, r"The model 'small' is not compiled, so it has no loss: call model.compile\(...\)"),
        ("cross_entropy", r"`loss` must be one loss that Keras knows.*'cross_entropy'"),
        ("categorical_crossentropy", r"does not take answers of the shape \(6,\).*sparse_categorical_crossentropy"),
    ],
)
def test_a_loss_that_will_not_do_is_refused(loss, sentence):
    with pytest.raises(CourseError, match=sentence):
        gradients.gradients_of_weights(small(None), X, Y, loss)


def test_several_outputs_are_refused():
    inputs = keras.Input((5,))
    two = keras.Model(inputs, [layers.Dense(1)(inputs), layers.Dense(2)(inputs)], name="twins")
    with pytest.raises(CourseError, match=r"'twins' has 2 outputs.*keras.Model\(model.input, model.outputs\[0\]\)"):
        gradients.gradients_of_weights(two, X, Y, "mse")


def test_plain_loss_functions_do_not_broadcast_a_flat_y():
    model = keras.Sequential([keras.Input((5,)), layers.Dense(1)])
    flat = gradients.gradients_of_weights(model, X, X[:, 0], "mse")
    tall = gradients.gradients_of_weights(model, X, X[:, :1], keras.losses.MeanSquaredError())
    for path in flat:
        np.testing.assert_allclose(flat[path], tall[path], rtol=1e-6)


def test_what_is_kept_goes_with_the_model_and_with_its_changes():
    model = small()
    gradients.gradients_of_weights(model, X, Y)
    thing = kept.kept(model, "thing", object)
    assert kept.kept(model, "thing", object) is thing
    model.layers[-1].activation = keras.activations.linear
    assert kept.kept(model, "thing", object) is not thing
    gone = weakref.ref(model)
    del model, thing
    gc.collect()
    assert gone() is None


def test_freezing_a_layer_after_a_first_look_is_seen():
    model = small()
    assert len(gradients.gradients_of_weights(model, X, Y)) == 6
    model.get_layer("one").trainable = False
    assert len(gradients.gradients_of_weights(model, X, Y)) == 4
