import keras
import numpy as np
import pytest
from keras import layers

from dlcourse.errors import CourseError
from dlcourse.training import Recorder, StopEarly, find_learning_rate, repeatable

RNG = np.random.default_rng(1)
X = RNG.normal(size=(60, 5)).astype("float32")
Y = (X[:, 0] + X[:, 1] * X[:, 2] > 0).astype(int)


def network(optimizer="sgd", **settings):
    model = keras.Sequential(
        [keras.Input((5,)), layers.Dense(8, "relu"), layers.Dropout(0.2), layers.Dense(2, "softmax")], name="net"
    )
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"], **settings)
    return model


@pytest.mark.slow
def test_a_seed_makes_weights_shuffling_dropout_and_random_numbers_come_again():
    def run(seed):
        repeatable(seed)
        model = network()
        model.fit(X, Y, batch_size=7, epochs=2, verbose=0)
        return model.get_weights(), np.random.uniform(size=3), keras.random.uniform((4,), seed=None)

    first, again, other = run(3), run(3), run(4)
    for one, two in zip(first[0], again[0], strict=True):
        np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(first[1], again[1])
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(first[2]), keras.ops.convert_to_numpy(again[2]))
    assert not np.array_equal(first[0][0], other[0][0])


def test_names_of_layers_are_not_given_twice():
    before = layers.Dense(1).name
    repeatable(1)
    assert layers.Dense(1).name != before


@pytest.mark.parametrize("seed", [-1, 2.5, "now", True, 2**32])
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises(CourseError, match="`seed` must be a whole number from 0 to"):
        repeatable(seed)


def test_the_recorder_agrees_with_the_history_over_two_fits():
    model, recorder = network(keras.optimizers.SGD(0.25)), Recorder()
    settings = {"batch_size": 20, "validation_split": 0.2, "verbose": 0, "callbacks": [recorder]}
    histories = [model.fit(X, Y, epochs=epochs, **settings).history for epochs in (2, 1)]
    for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
        np.testing.assert_allclose(recorder.epochs[name], histories[0][name] + histories[1][name])
    np.testing.assert_array_equal(recorder.epochs["epoch"], [1, 2, 3])
    np.testing.assert_array_equal(recorder.batches["step"], range(1, 10))
    np.testing.assert_array_equal(recorder.batches["epoch"], [1, 1, 1, 2, 2, 2, 3, 3, 3])
    np.testing.assert_allclose(recorder.batches["rate"], 0.25)
    np.testing.assert_allclose(recorder.batches["loss"][2::3], recorder.epochs["loss"])
    assert (np.diff(recorder.batches["seconds"]) > 0).all()


def test_the_recorder_follows_a_changing_learning_rate():
    model, recorder = network(keras.optimizers.SGD(1.0)), Recorder()

    def halve(epoch, logs):
        model.optimizer.learning_rate = 0.5 ** (epoch + 1)

    slower = keras.callbacks.LambdaCallback(on_epoch_begin=halve)
    model.fit(X, Y, epochs=3, verbose=0, callbacks=[slower, recorder])
    np.testing.assert_allclose(recorder.epochs["rate"], [0.5, 0.25, 0.125])


def test_the_recorder_keeps_looks():
    model = network()
    recorder = Recorder(look=lambda: model.get_weights()[0][0, 0], every=4)
    model.fit(X, Y, batch_size=10, epochs=2, verbose=0, callbacks=[recorder])
    assert [step for step, _ in recorder.looks] == [4, 8, 12]
    assert recorder.looks[-1][1] == model.get_weights()[0][0, 0]
    assert len({value for _, value in recorder.looks}) == 3


def test_a_column_that_comes_later_is_filled_up():
    model, recorder = network(), Recorder()
    model.fit(X, Y, verbose=0, callbacks=[recorder])
    model.fit(X, Y, verbose=0, callbacks=[recorder], validation_data=(X, Y))
    np.testing.assert_array_equal(np.isnan(recorder.epochs["val_loss"]), [True, False])
    with pytest.raises(CourseError, match=r"Nothing was recorded as 'val_los'. Known: step, epoch"):
        recorder.epochs["val_los"]


@pytest.mark.parametrize(("settings", "name"), [({"look": 3}, "look"), ({"every": 0}, "every")])
def test_a_recorder_that_cannot_look_is_refused(settings, name):
    with pytest.raises(CourseError, match=f"`{name}` must be"):
        Recorder(**settings)


class Scripted(keras.callbacks.Callback):
    """Reports losses as written, and marks the weights with the epoch."""

    def __init__(self, values):
        super().__init__()
        self.values = values

    def on_epoch_end(self, epoch, logs=None):
        logs["val_loss"] = self.values[epoch]
        weights = self.model.get_weights()
        weights[-1][:] = epoch + 1
        self.model.set_weights(weights)


@pytest.mark.parametrize(
    ("values", "best", "sentence"),
    [
        ([3, 2, 2.5, 2.25, 9], 2, "Stopped after epoch 4: val_loss has not improved for 2 epochs. The weights are"),
        ([3, 2, 2.5, 1, 9], 4, "Ran all 5 epochs. The weights are those of epoch 4 (val_loss 1)."),
        ([np.nan, 2, 3, 3, 3], 2, "Stopped after epoch 4: val_loss has not improved"),
        ([np.nan, np.nan, 1, 1, 1], 2, "val_loss was never a finite number, so the weights are those of epoch 2."),
    ],
)
def test_early_stopping_restores_the_best_and_says_so(values, best, sentence, capsys):
    model = network()
    model.fit(X, Y, epochs=5, verbose=0, callbacks=[Scripted(values), StopEarly(patience=2)])
    assert model.get_weights()[-1][0] == best
    printed = capsys.readouterr().out
    assert printed.startswith(sentence)
    assert printed.count("\n") == 1


def test_early_stopping_without_validation_names_the_mend():
    with pytest.raises(CourseError, match=r"There is no 'val_loss' to watch, only accuracy, loss: give fit validation"):
        network().fit(X, Y, verbose=0, callbacks=[StopEarly()])


def test_the_finder_leaves_everything_as_it_was():
    model = network("adam")
    model.fit(X, Y, verbose=0)
    state = [*model.variables, *model.optimizer.variables]
    before = [np.array(variable.numpy()) for variable in state]
    find_learning_rate(model, X, Y, steps=20)
    for variable, was in zip(state, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), was)


def test_the_finder_sees_where_descent_bursts():
    """A step multiplies the distance of w to its best by 1 - 2 * rate, as mean(x * x) = 1: it bursts from 1 on."""
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1, use_bias=False, kernel_initializer="ones")])
    model.compile("sgd", "mse")
    x = np.where(np.arange(64) % 2, 1.0, -1.0)[:, None]
    noise = RNG.normal(size=(64, 1))
    finding = find_learning_rate(model, x, 5 * x + noise, lowest=1e-3, highest=30, steps=80)
    lowest = finding.rates[finding.smooth.argmin()]
    assert 0.1 < lowest < 2
    assert finding.suggestion == pytest.approx(lowest / 10)
    assert finding.rates[-1] < 30  # it ended when the loss had burst
    assert finding.losses[0] == pytest.approx(16 + 1, abs=4)
    assert repr(finding).startswith("A learning rate of about 0.")


@pytest.mark.skipif(keras.backend.backend() == "torch", reason="Keras draws dropout from torch's own generator")
def test_the_finder_comes_again_with_its_seed():
    one, two = (find_learning_rate(model, X, Y, steps=10, seed=4).losses for model in (network(),) * 2)
    np.testing.assert_allclose(one, two, rtol=1e-6)


def test_the_finder_also_restores_when_it_fails():
    model = network()
    before = model.get_weights()
    with pytest.raises(CourseError, match="The loss was nan at once"):
        find_learning_rate(model, np.full_like(X, np.nan), Y)
    for weight, was in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, was)


@pytest.mark.parametrize(
    ("make", "settings", "sentence"),
    [
        (lambda: keras.Sequential, {}, "`model` must be a Keras model, but it is of type"),
        (lambda: keras.Sequential([keras.Input((5,)), layers.Dense(2)]), {}, "is not compiled: call model.compile"),
        (lambda: network(keras.optimizers.SGD(keras.optimizers.schedules.CosineDecay(1, 9))), {}, "is a schedule"),
        (network, {"lowest": 0}, "`lowest` must be above 0 and below `highest`"),
        (network, {"steps": 1}, "`steps` must be a whole number from 2 on"),
        (network, {"batch_size": 0.5}, "`batch_size` must be a whole number from 1 on"),
        (network, {"y": Y[:4]}, "`x` holds 60 examples but `y` 4 answers"),
    ],
)
def test_the_finder_refuses_what_it_cannot_use(make, settings, sentence):
    with pytest.raises(CourseError, match=sentence):
        find_learning_rate(make(), **{"x": X, "y": Y, **settings})
