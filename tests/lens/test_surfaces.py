import keras
import numpy as np
import pytest
from keras import layers

from dlcourse.errors import CourseError
from dlcourse.lens.surfaces import decision_surface, loss_surface

RNG = np.random.default_rng(11)
X = RNG.normal(size=(20, 2)).astype("float32")
Y = RNG.integers(0, 3, 20)


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(4)
    model = keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(5, "tanh", bias_initializer="ones"),
            layers.BatchNormalization(),
            layers.Dense(3, "softmax"),
        ],
        name="plane",
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


@pytest.mark.slow
def test_the_loss_at_every_place_is_what_evaluate_gives_there(model):
    surface = loss_surface(model, X, Y, span=0.8, steps=3)
    before = model.get_weights()
    trained = [weight.numpy().copy() for weight in model.trainable_variables]
    for row, up in enumerate(surface.up):
        for column, across in enumerate(surface.across):
            for weight, start, right, high in zip(model.trainable_variables, trained, *surface.directions, strict=True):
                weight.assign(start + across * right + up * high)
            assert surface.losses[row, column] == pytest.approx(model.evaluate(X, Y, verbose=0), rel=1e-4)
    model.set_weights(before)
    assert surface.losses[1, 1] == pytest.approx(model.evaluate(X, Y, verbose=0), rel=1e-5)


def test_directions_are_normalised_by_filter(model):
    surface = loss_surface(model, X, Y, steps=2)
    for direction in surface.directions:
        for weight, array in zip(model.trainable_variables, direction, strict=True):
            if len(weight.shape) == 2:
                np.testing.assert_allclose(np.linalg.norm(array, axis=0), np.linalg.norm(weight.numpy(), axis=0), 1e-5)
            else:
                assert not array.any()
    assert not np.allclose(surface.directions[0][0], surface.directions[1][0])


def test_the_model_is_left_as_it_is_and_the_seed_decides(model):
    before = model.get_weights()
    one, two, other = (loss_surface(model, X, Y, steps=3, seed=seed).losses for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert not np.allclose(one, other)
    for weight, was in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, was)


def test_own_directions_are_followed():
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1, use_bias=False)])
    model.set_weights([np.array([[1.0], [2.0]])])
    x, y = np.eye(2, dtype="float32"), np.zeros((2, 1))
    surface = loss_surface(model, x, y, "mse", span=2, steps=5, directions=([[[1.0], [0.0]]], [[[0.0], [1.0]]]))
    expected = ((1 + surface.across[None, :]) ** 2 + (2 + surface.up[:, None]) ** 2) / 2
    np.testing.assert_allclose(surface.losses, expected, rtol=1e-5)


def test_the_decision_surface_is_what_predict_says_there(model):
    surface = decision_surface(model, bounds=((-1, 3), (10, 12)), resolution=7, batch_size=10)
    assert surface.outputs.shape == (7, 7, 3)
    np.testing.assert_allclose((surface.x[[0, -1]], surface.y[[0, -1]]), [(-1, 3), (10, 12)])
    point = np.array([[surface.x[5], surface.y[2]]], "float32")
    np.testing.assert_allclose(surface.outputs[2, 5], model.predict(point, verbose=0)[0], rtol=1e-5)
    assert surface.classes[2, 5] == model.predict(point, verbose=0).argmax()


def test_the_rectangle_around_points_has_a_margin(model):
    surface = decision_surface(model, np.array([[0, 5], [10, 5.0]]), resolution=3)
    np.testing.assert_allclose(surface.x, [-1, 5, 11])
    np.testing.assert_allclose(surface.y, [4, 5, 6])  # all on a line: one unit around


def test_a_single_sigmoid_has_two_classes():
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1, "sigmoid")])
    model.set_weights([np.array([[1.0], [0.0]]), np.zeros(1)])
    surface = decision_surface(model, bounds=((-1, 1), (-1, 1)), resolution=4)
    np.testing.assert_array_equal(surface.classes, np.tile([0, 0, 1, 1], (4, 1)))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda m: loss_surface(m, X, Y, steps=1), r"`steps` must be a whole number from 2 on"),
        (lambda m: loss_surface(m, X, Y, span=0), r"`span` must be a number above 0"),
        (lambda m: loss_surface(m, X, Y, directions=[1]), r"`directions` must be two lists of arrays"),
        (lambda m: loss_surface(m, X, Y, directions=([1.0], [2.0])), r"an array for each of model.trainable_variables"),
        (lambda m: loss_surface(m, X, [3] * 20), r"`y` holds classes from 3 to 3"),
        (lambda m: decision_surface(m), r"Say which part of the plane"),
        (lambda m: decision_surface(m, X, resolution=1), r"`resolution` must be a whole number from 2 on"),
        (lambda m: decision_surface(m, bounds=((1, 0), (0, 1))), r"`bounds` must be \(\(least x, greatest x\)"),
        (
            lambda m: decision_surface(keras.Sequential([keras.Input((3,)), layers.Dense(1)], name="three"), X),
            r"'three' takes \(None, 3\), but a plane has points of the shape \(None, 2\)",
        ),
        (lambda m: decision_surface(keras.Sequential, X), "is the class Sequential, not a model"),
    ],
)
def test_wrong_things_are_answered_in_a_sentence(model, call, sentence):
    with pytest.raises(CourseError, match=sentence):
        call(model)


def test_frozen_models_have_nowhere_to_go(model):
    frozen = keras.models.clone_model(model)
    frozen.trainable = False
    with pytest.raises(CourseError, match="has no trainable weights"):
        loss_surface(frozen, X, Y, "sparse_categorical_crossentropy")
