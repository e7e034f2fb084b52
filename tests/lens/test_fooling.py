import keras
import numpy as np
import pytest
from keras import layers

from dlcourse.errors import CourseError
from dlcourse.lens.fooling import adversarial

RNG = np.random.default_rng(9)
X = RNG.uniform(0.2, 0.8, (7, 6)).astype("float32")


def linear(units, activation):
    model = keras.Sequential([keras.Input((6,)), layers.Dense(units, activation)], name="linear")
    model.set_weights([np.random.default_rng(1).normal(size=(6, units)) * 40, np.zeros(units)])  # very sure
    return model


def test_one_step_goes_against_the_sign_of_the_gradient():
    """For scores x @ w the cross-entropy's gradient is w @ (p - onehot); saturated p must not silence it."""
    model = linear(3, "softmax")
    y = model.predict(X, verbose=0).argmax(axis=1)
    wrong = (y + 1) % 3
    kernel = model.get_weights()[0].astype(float)
    attack = adversarial(model, X, wrong, epsilon=0.1, batch_size=3)
    scores = X.astype(float) @ kernel
    p = np.exp(scores - scores.max(1, keepdims=True))
    slope = (p / p.sum(1, keepdims=True) - np.eye(3)[wrong]) @ kernel.T
    np.testing.assert_allclose(attack.change, 0.1 * np.sign(slope), atol=1e-6)


@pytest.mark.parametrize("steps", [1, 5])
def test_it_leaves_the_true_class_or_goes_to_another(steps):
    model = linear(3, "softmax")
    y = model.predict(X, verbose=0).argmax(axis=1)
    left = adversarial(model, X, y, epsilon=0.5, steps=steps)
    assert (left.before.argmax(axis=1) == y).all()
    assert (left.after.argmax(axis=1) == y).mean() < 0.5
    np.testing.assert_allclose(left.after, model.predict(left.changed, verbose=0), rtol=1e-5, atol=1e-6)
    to = (y + 1) % 3
    gone = adversarial(model, X, to, epsilon=0.5, steps=steps, targeted=True)
    assert (gone.after.argmax(axis=1) == to).mean() > 0.5


def test_no_value_goes_further_than_epsilon_or_out_of_bounds():
    attack = adversarial(linear(3, "softmax"), X, 0, epsilon=0.3, steps=4, bounds=(0.1, 0.8))
    assert np.abs(attack.change).max() <= 0.3 + 1e-6
    assert attack.changed.min() >= np.float32(0.1)
    assert attack.changed.max() <= np.float32(0.8)


def test_a_single_sigmoid_is_a_classifier_too():
    model = linear(1, "sigmoid")
    y = (model.predict(X, verbose=0)[:, 0] > 0.5).astype(int)
    attack = adversarial(model, X, y, epsilon=0.1)
    kernel = model.get_weights()[0][:, 0]
    np.testing.assert_allclose(attack.change, np.where(y == 1, -0.1, 0.1)[:, None] * np.sign(kernel), atol=1e-6)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"epsilon": 0}, r"`epsilon` must be a number above 0"),
        ({"steps": 0}, r"`steps` must be a whole number from 1 on"),
        ({"bounds": (0, 0.5)}, r"`x` goes from .* but bounds are 0 and 0.5: pass bounds="),
        ({"y": 3}, r"`y` holds classes from 3 to 3, but the model knows 3"),
        ({"y": [1, 2]}, r"`y` must name a class for each of the 7 examples, but its shape is \(2,\)"),
        ({"x": np.full((2, 6), np.inf)}, r"`x` holds 12 values that are NaN or infinite"),
    ],
)
def test_wrong_settings_are_refused(settings, sentence):
    with pytest.raises(CourseError, match=sentence):
        adversarial(linear(3, "softmax"), **{"x": X, "y": 0, **settings})


def test_only_classifiers_can_be_fooled():
    model = keras.Sequential([keras.Input((4, 5, 1)), layers.Conv2D(2, 3)])
    with pytest.raises(CourseError, match=r"This works on classifiers, but the model's output has the shape"):
        adversarial(model, np.ones((1, 4, 5, 1)), 0)
