"""The steps of optimisers against Keras' own."""

import keras
import numpy as np
import pytest

from dlcourse.errors import CourseError
from dlcourse.lens.descent import OPTIMIZERS, descent_path

STEPS = 40


def slope(place):
    x, y = place
    return np.array([2 * (x + 0.3 * y), 8 * y - np.cos(x)])


def keras_optimizer(name, rate, momentum, decay, schedule):
    if schedule == "exponential":
        rate = keras.optimizers.schedules.ExponentialDecay(rate, STEPS, 0.01)
    elif schedule == "cosine":
        rate = keras.optimizers.schedules.CosineDecay(rate, STEPS)
    settings = {"learning_rate": rate, "weight_decay": decay}
    match name:
        case "sgd":
            return keras.optimizers.SGD(**settings)
        case "momentum" | "nesterov":
            return keras.optimizers.SGD(momentum=momentum, nesterov=name == "nesterov", **settings)
        case "adagrad":
            return keras.optimizers.Adagrad(**settings)
        case "rmsprop":
            return keras.optimizers.RMSprop(**settings)
    return keras.optimizers.Adam(**settings)


@pytest.mark.slow
@pytest.mark.parametrize("schedule", ["constant", "exponential", "cosine"])
@pytest.mark.parametrize("decay", [0.0, 0.1])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_each_step_is_that_of_keras(name, decay, schedule):
    place = keras.Variable([1.5, -0.8], dtype="float32")
    optimizer = keras_optimizer(name, 0.07, 0.8, decay, schedule)
    optimizer.build([place])
    path = [np.array(place)]
    for _ in range(STEPS):
        optimizer.apply([keras.ops.convert_to_tensor(slope(np.array(place, float)).astype("float32"))], [place])
        path.append(np.array(place))
    computed = descent_path(slope, (1.5, -0.8), name, 0.07, STEPS, momentum=0.8, weight_decay=decay, schedule=schedule)
    np.testing.assert_allclose(computed, path, atol=2e-5)


def test_who_is_lost_stays_lost():
    path = descent_path(lambda w: 2 * w, (1.0, 1.0), learning_rate=10, steps=30)
    assert np.isnan(path[-1]).all()
    assert np.isfinite(path[3]).all()


def test_what_is_unknown_is_named():
    with pytest.raises(CourseError, match=r"optimizer 'adamm'\. Did you mean 'adam'"):
        descent_path(slope, (0, 0), "adamm")
    with pytest.raises(CourseError, match="schedule 'cos'"):
        descent_path(slope, (0, 0), schedule="cos")
    with pytest.raises(CourseError, match="`learning_rate` must be a number from 0 on"):
        descent_path(slope, (0, 0), learning_rate=-1)
