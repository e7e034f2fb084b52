"""TrainingBoard from Python, as Keras calls it; the browser is in tests/browser/test_training_board.py."""

import base64
import io
import math
import threading
import time

import keras
import numpy as np
import pytest
from displayed import words_of
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dlcourse.errors import CourseError
from dlcourse.widgets import TrainingBoard
from dlcourse.widgets.shared.palette import PALETTE, rgb
from dlcourse.widgets.training_board.recorded_runs import recorded_runs
from dlcourse.widgets.training_board.runs import Run, higher_is_better, in_words


@pytest.fixture(scope="module")
def task():
    """A small regression, and a model that learns it."""
    generator = np.random.default_rng(3)
    x = generator.normal(size=(320, 6)).astype("float32")
    y = x @ np.arange(6, dtype="float32")[:, None]
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1)])
    model.compile("adam", "mse", metrics=["mae"])
    return model, x, y


def train(board, losses, held=None, planned=None, end=True, batches=4, **more):
    """What Keras tells a callback in a training with these losses."""
    board.set_params({"epochs": planned or len(losses), "steps": batches})
    board.on_train_begin()
    for epoch, loss in enumerate(losses):
        board.on_epoch_begin(epoch)
        for batch in range(batches):
            board.on_train_batch_begin(batch, logs=None)
            board.on_train_batch_end(batch, logs={"loss": loss})
        logs = {"loss": loss, **{name: values[epoch] for name, values in more.items()}}
        board.on_epoch_end(epoch, logs | ({"val_loss": held[epoch]} if held else {}))
    if end:
        board.on_train_end()


# as a callback


def test_what_fit_reports_is_what_the_board_has(task):
    model, x, y = task
    board = TrainingBoard("first")
    history = model.fit(x, y, epochs=3, validation_split=0.25, callbacks=[board], verbose=0)
    (run,) = board.history
    assert (run.name, run.state, run.epochs, run.planned, run.steps) == ("first", "finished", [1, 2, 3], 3, 8)
    assert set(run.numbers) == set(history.history) == {"loss", "mae", "val_loss", "val_mae"}
    for name, values in history.history.items():
        np.testing.assert_allclose(run[name], values)
    model.fit(x, y, epochs=5, initial_epoch=3, callbacks=board, verbose=0)
    assert board.history[1].epochs == [4, 5]
    assert board.history[1].name == "first (2)"
    assert "val_loss" not in board.history[1].numbers
    assert board.history[1].best() == int(np.argmin(board.history[1]["loss"]))


@pytest.mark.filterwarnings("ignore:Your input ran out of data")
def test_it_stands_in_every_place_of_a_callback(task):
    model, x, y = task
    board = TrainingBoard()
    model.evaluate(x, y, callbacks=[board], verbose=0)
    model.predict(x, callbacks=[board], verbose=0)
    assert board.history == []

    def batches():
        for _ in range(6):
            yield x[:32], y[:32]

    model.fit(batches(), callbacks=[board], shuffle=False, verbose=0)  # nobody knows how many batches come
    assert board.history[0].state == "finished"
    assert board.history[0].steps == 6
    asked = {name for name in dir(keras.callbacks.Callback) if name.startswith(("on_", "set_"))}
    assert asked <= set(dir(TrainingBoard))


@pytest.mark.parametrize("validation", [0.0, 0.5])
def test_stop_ends_fit_after_the_batch(task, validation):
    model, x, y = task
    board = TrainingBoard()

    class Click(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if (board.history[0].begun, batch) == (2, 1):
                clicking = threading.Thread(target=board._heard, args=(board, {"do": "stop"}, []))
                clicking.start()
                clicking.join()

    history = model.fit(x, y, epochs=99, validation_split=validation, callbacks=[board, Click()], verbose=0)
    (run,) = board.history
    assert run.state == "stopped"
    assert run.cut
    assert run.epochs == [1, 2]
    assert len(history.history["loss"]) == 2
    assert "Stopped after epoch 2 of 99" in in_words(run)
    assert "The last epoch was cut short" in in_words(run)
    board.stop()  # nothing runs any more
    assert run.state == "stopped"


def test_stop_does_not_wait_for_a_long_validation(task):
    model, x, y = task
    board = TrainingBoard()
    batches = []

    class StopAtTheFirst(keras.callbacks.Callback):
        def on_test_batch_end(self, batch, logs=None):
            batches.append(batch)
            board.stop()
            time.sleep(0.05)

    model.fit(
        x[:32], y[:32], validation_data=(x, y), validation_batch_size=1, callbacks=[board, StopAtTheFirst()], verbose=0
    )
    assert len(batches) < len(x) / 10
    assert board.history[0].cut


def test_an_end_that_another_callback_brings(task):
    model, x, y = task
    board = TrainingBoard()
    model.fit(x, y * np.nan, epochs=4, callbacks=[board, keras.callbacks.TerminateOnNaN()], verbose=0)
    (run,) = board.history
    assert run.state == "early"
    assert run.broken == (1, 1)
    assert math.isnan(run["loss"][0])


def test_a_run_without_an_end_was_interrupted():
    board = TrainingBoard()
    train(board, [1.0, 0.5], planned=9, end=False)
    assert board.history[0].state == "running"
    train(board, [0.4])
    assert [run.state for run in board.history] == ["interrupted", "finished"]
    assert [run.name for run in board.history] == ["run 1", "run 2"]


@pytest.mark.parametrize(
    ("error", "state"), [(KeyboardInterrupt(), "interrupted"), (ValueError(), "error"), (None, "interrupted")]
)
def test_the_notebook_tells_when_a_cell_is_over(monkeypatch, error, state):
    from types import SimpleNamespace

    import IPython

    registered = []
    events = SimpleNamespace(
        register=lambda _, call: registered.append(call), unregister=lambda _, call: registered.remove(call)
    )
    monkeypatch.setattr(IPython, "get_ipython", lambda: SimpleNamespace(events=events, kernel=None))
    board = TrainingBoard()
    train(board, [1.0, 0.5], planned=9, end=False)
    (call,) = registered
    call(SimpleNamespace(error_in_exec=error))
    assert registered == []
    assert board.history[0].state == state
    assert board.get_state("_latest")["_latest"]["state"] == state


def test_pushes_are_few_and_the_last_one_is_complete():
    board = TrainingBoard()
    pushes = []
    board.observe(lambda change: pushes.append(change["new"]), "_latest")
    begin = time.perf_counter()
    train(board, list(np.linspace(2, 1, 40)), batches=50)
    assert len(pushes) <= 3 + 10 * (time.perf_counter() - begin)
    assert np.frombuffer(pushes[-1]["values"]).tolist() == board.history[0]["loss"].tolist()
    assert pushes[-1]["state"] == "finished"
    assert len({push["number"] for push in pushes}) == len(pushes)


def test_a_long_epoch_keeps_few_points():
    run = Run("long")
    run.begin_epoch(1)
    for batch in range(1, 10_001):
        run.add_batch(batch, {"loss": float(batch)})
    line = run.to_browser("val_loss")["within"]
    assert 100 <= len(line["batches"]) <= 300
    assert np.frombuffer(line["values"]).tolist() == line["batches"]
    assert line["batches"][-1] > 9900


# what it says


def run_of(losses, held=None, **more):
    board = TrainingBoard()
    train(board, losses, held, **more)
    return board.history[0]


NAN = math.nan
OVERFITTED = [2, 1.2, 0.7, 0.75, 0.8, 0.9, 1.0]
FALLING = [2.0, 1.0, 0.5, 0.3, 0.2, 0.1, 0.05]


@pytest.mark.parametrize(
    ("losses", "held", "sentences"),
    [
        (FALLING, None, ["Finished after epoch 7 of 7: loss 0.05 on training data.", "validation_split=0.2"]),
        (FALLING, [2, 1.2, 0.7, 0.5, 0.45, 0.4, 0.39], ["The gap between the two is 0.34.", "is still falling."]),
        (
            FALLING,
            OVERFITTED,
            ["The gap between the two is 0.95.", "Overfitting since epoch 3: ", "rose from 0.7 to 1 "],
        ),
        (FALLING, [2, 1.2, 0.7, 0.5, 0.4, 0.3, 0.301], ["lowest in epoch 6; that may be chance."]),
        (
            [0.5] * 7,
            [0.6, 0.5] + [0.505] * 5,
            ["The two are close", "not fallen for 5 epochs; it was lowest in epoch 2"],
        ),
        (FALLING, [1.0, 0.5, 0.25, 0.15, 0.1, 0.05, 0.025], ["better on validation data, as dropout"]),
        ([1.0, NAN], [1.0, NAN], ["loss NaN on training data", "since batch 1 of epoch 2", "rate ten times smaller"]),
        ([1.0, math.inf], None, ["loss infinite on training data", "since batch 1 of epoch 2"]),
        ([1.0, 0.5], [NAN, NAN], ["look for NaN in the validation data"]),
    ],
)
def test_curves_are_put_into_words(losses, held, sentences):
    words = in_words(run_of(losses, held))
    for sentence in sentences:
        assert sentence in words
    assert words.endswith(".")


def test_the_best_epoch_is_that_of_the_watched_number():
    run = run_of([3.0, 2.0, 1.0, 0.5], [3.0, 1.0, 1.2, math.nan], val_accuracy=[0.1, 0.6, 0.7, 0.65])
    assert run.epochs[run.best()] == 2
    assert run.epochs[run.best("val_accuracy")] == 3  # more is better
    assert run.epochs[run.best("val_f1")] == 2  # there is none
    assert "There is no 'val_f1' to watch, only loss, val_accuracy, val_loss" in in_words(run, "val_f1")
    assert run_of([math.nan]).best() is None
    assert higher_is_better("val_sparse_categorical_accuracy")
    assert not higher_is_better("val_loss")


def test_time_left_follows_the_pace():
    run = Run("paced", planned=10, steps=4)
    assert run.left() is None
    for epoch, end in enumerate([5.0, 6.0, 7.0], 1):  # the first one compiled the model
        run.begin_epoch(epoch)
        run.batch = 4
        run.add_epoch(epoch, {"loss": 1.0}, end)
    assert run.left() == pytest.approx(7)
    run.begin_epoch(4)
    run.add_batch(2, {"loss": 1.0})
    assert run.left() == pytest.approx(6.5)
    assert run.progress() == pytest.approx(0.35)
    assert Run("endless").left() is None
    assert Run("endless").progress() is None


# state


def test_without_a_run_it_shows_a_recorded_example():
    board = TrainingBoard()
    assert board.history == []
    assert words_of(board).startswith("A recorded example, not your training. no dropout: Finished after epoch 30")
    assert [run.name for run in recorded_runs()] == ["dropout 0.5", "no dropout"]
    for run in recorded_runs():
        assert all(len(run[name]) == 30 for name in ("loss", "accuracy", "val_loss", "val_accuracy"))
    train(board, [1.0])
    assert "recorded" not in words_of(board)


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "number"), [(0.5, 0), (0.0, 1)])
def test_the_recorded_example_can_be_recorded_again(rate, number):
    from dlcourse.data import load

    data = load("mnist")
    keras.utils.set_random_seed(0)
    wide = {"units": 256, "activation": "relu"}
    layers = []
    for _ in range(2):
        layers += [keras.layers.Dense(**wide), keras.layers.Dropout(rate)]
    model = keras.Sequential([keras.Input((784,)), *layers, keras.layers.Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x = data.train.x[:400].reshape(-1, 784) / np.float32(255)
    held = data.test.x.reshape(-1, 784) / np.float32(255)
    history = model.fit(x, data.train.y[:400], epochs=3, batch_size=32, validation_data=(held, data.test.y), verbose=0)
    for name, values in history.history.items():
        np.testing.assert_allclose(values, recorded_runs()[number][name][:3], atol=0.03)


def test_names_are_given_before_during_and_after():
    board = TrainingBoard()
    board.name = "plain"
    train(board, [1.0], end=False)
    assert board.history[0].name == "plain"
    board.name = "wide"
    assert board.history[0].name == "wide"  # it runs
    board.on_train_end()
    board.name = "dropout"
    train(board, [1.0])
    board.rename(1, " wider ")
    assert [run.name for run in board.history] == ["wider", "dropout"]
    assert [sent["name"] for sent in board.get_state("_past")["_past"]] == ["wider"]
    board._heard(board, {"do": "rename", "number": 2, "name": ""}, [])
    assert board.history[1].name == "run 2"
    board._heard(board, {"do": "clear"}, [])
    assert [run.name for run in board.history] == ["run 2"]
    board.clear()
    assert board.history == []


def test_reset_keeps_the_runs():
    board = TrainingBoard(log=True)
    train(board, [1.0, 0.5])
    board.epoch, board.front, board.log = 2, 1, False
    board.reset()
    assert (board.epoch, board.front, board.log) == (0, 0, True)
    assert len(board.history) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"epoch": -1}, "`epoch` must be a whole number from 0"),
        ({"front": 1.5}, "`front` must be a whole number from 0"),
        ({"log": "yes"}, "`log` must be True or False, but it is 'yes'."),
        ({"name": 3}, "`name` must be a word or a few, in quotes, but it is 3."),
        ({"name": "x" * 61}, "`name` must be a word or a few"),
        ({"monitor": None}, "`monitor` must be a word or a few, in quotes, but it is None."),
        ({"metric": "loss"}, "There is no argument of TrainingBoard 'metric'."),
    ],
)
def test_a_mistake_is_told_in_a_sentence(arguments, sentence):
    with pytest.raises(CourseError) as error:
        TrainingBoard(**arguments)
    assert sentence in str(error.value)


def test_mistakes_in_calls_are_told_too():
    board = TrainingBoard()
    with pytest.raises(CourseError, match="There is no run yet"):
        board.rename(1, "x")
    train(board, [1.0])
    with pytest.raises(CourseError, match="`number` must be a whole number from 1 to 1, but it is 2"):
        board.rename(2, "x")
    with pytest.raises(CourseError, match=r"There is no number 'acc'\. Known: loss"):
        board.history[0]["acc"]


# still picture


@pytest.mark.parametrize(
    "board",
    [
        TrainingBoard(),
        TrainingBoard(log=True, front=1),
        pytest.param("own", id="own"),
        pytest.param("nan", id="nan"),
    ],
)
def test_a_still_picture_and_words_stand_in_for_it(board):
    if isinstance(board, str):
        kind, board = board, TrainingBoard()
        train(board, FALLING, OVERFITTED)
        if kind == "nan":
            train(board, [1.0, NAN], [1.5, NAN])
    data, metadata = board._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    png = base64.b64decode(data["image/png"])
    assert len(png) < 150_000
    with Image.open(io.BytesIO(png)) as still:
        assert still.width == 2 * metadata["image/png"]["width"]
        colours = np.asarray(still.convert("RGB")).reshape(-1, 3).astype(int)
    for colour in PALETTE["categorical"][:2]:
        assert (np.abs(colours - rgb(colour)).sum(1) < 60).sum() > 20
    assert data["text/plain"] == words_of(board)


# in the browser


@st.composite
def columns(draw):
    number = st.one_of(st.floats(-1e6, 1e6), st.sampled_from([math.nan, math.inf]))
    rows = draw(st.integers(0, 7))
    return {name: draw(st.lists(number, min_size=rows, max_size=rows)) for name in ("loss", "val_loss", "mae")}


def test_numbers_reach_the_browser_as_they_are(in_node):
    runs = []

    @given(columns())
    def collect(numbers):
        run = Run("travelling", epochs=list(range(1, 1 + len(numbers["loss"]))), numbers=numbers)
        run.begin_epoch(3)
        run.add_batch(1, {"loss": 2.5})
        runs.append(run)

    collect()

    def as_case(run):
        sent = run.to_browser("val_loss")
        return sent | {
            "values": list(sent["values"]),
            "within": sent["within"] | {"values": list(sent["within"]["values"])},
        }

    body = """
        const bytes = (values) => new DataView(Uint8Array.from([9, ...values]).buffer, 1); // not aligned, as it comes
        const within = { ...state.within, values: bytes(state.within.values) };
        const run = unpacked({ ...state, values: bytes(state.values), within });
        const told = (values) => Array.from(values, String);
        return [Object.fromEntries(Object.entries(run.numbers).map(([name, values]) => [name, told(values)])),
          told(run.within.loss), quantities(run)];
    """
    answers = in_node({"shared/js/curves.js": "unpacked, quantities"}, body, [as_case(run) for run in runs])
    for run, (numbers, within, names) in zip(runs, answers, strict=True):
        for name, values in run.numbers.items():
            np.testing.assert_array_equal([float(value.replace("Infinity", "inf")) for value in numbers[name]], values)
        assert within == ["2.5"]
        assert names == ["loss", "mae"]


def test_axes_have_round_numbers_inside(in_node):
    cases = []

    @given(st.floats(-1000, 1000), st.floats(1e-6, 1000), st.booleans())
    def collect(low, size, log):
        low = abs(low) + 1e-6 if log else low
        cases.append({"span": [low, low + size], "log": log})

    collect()
    body = "return [ticks(state.span, 5, state.log), wholeTicks(Math.ceil(state.span[1] - state.span[0]) + 1, 6)];"
    for case, (marks, whole) in zip(
        cases, in_node({"shared/js/curves.js": "ticks, wholeTicks"}, body, cases), strict=True
    ):
        low, high = case["span"]
        slack = 1e-6 * max(abs(low), abs(high))
        assert 1 <= len(marks) <= 6
        assert all(low - slack <= mark <= high + slack for mark in marks)
        assert marks == sorted(set(marks))
        assert 1 <= len(whole) <= 6
        assert all(mark == int(mark) >= 1 for mark in whole)


def test_lines_have_gaps_where_there_is_no_number(in_node):
    nan = {"shared/js/curves.js": "pieces, span, nearest, duration, lastEpoch"}
    body = """return [pieces([1, 2, 3, 4, 5], [1, NaN, 3, 4, Infinity]), span([[NaN, 3, -1], [7]], false),
        span([[NaN, 3, -1], [7]], true), span([[NaN]], false), nearest([4, 5, 9], 8), nearest([], 1),
        [3.14, 41.4, 125, 4200].map(duration)];"""
    (answer,) = in_node(nan, body, [{}])
    assert answer[0] == [[[1, 1]], [[3, 3], [4, 4]]]
    assert answer[1:4] == [[-1, 7], [3, 7], None]
    assert answer[4:6] == [2, -1]
    assert answer[6] == ["3.1 s", "41 s", "2:05 min", "1:10 h"]


def test_the_axis_goes_to_what_is_planned_unless_that_is_far(in_node):
    run = {"epochs": [1, 2, 3], "begun": 4, "state": "running"}
    cases = [[run | {"planned": planned}] for planned in (5, 20, 500)] + [
        [run | {"planned": 20, "state": "stopped", "begun": 0}],
        [],
    ]
    assert in_node({"shared/js/curves.js": "lastEpoch"}, "return lastEpoch(state);", cases) == [5, 20, 12, 3, 2]
