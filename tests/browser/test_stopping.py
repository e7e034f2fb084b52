"""A training in JupyterLab: the board follows it while its cell runs, and ends it, on both kinds of kernel."""

import contextlib
import json
import os
import sys

import pytest
from browser.shown_widget import ShownWidget
from playwright.sync_api import TimeoutError as Timeout
from playwright.sync_api import expect

BOARD = "from dlcourse.widgets import TrainingBoard\nwidget = TrainingBoard()\nwidget"
# Without autotuning: one in a hundred times or so, its thread in TensorFlow 2.21 misses that its iterator is gone, and
# the kernel hangs for ever, with or without a board
FIT = """import keras
import numpy as np
import tensorflow as tf
x, y = np.random.rand(4000, 32).astype("float32"), np.random.rand(4000, 1)
options = tf.data.Options()
options.autotune.enabled = False
parts = [tf.data.Dataset.from_tensor_slices((x[part], y[part])).batch(32).with_options(options)
         for part in (slice(3200), slice(3200, None))]
model = keras.Sequential([keras.Input((32,)), keras.layers.Dense(64, activation="relu"), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(parts[0], validation_data=parts[1], epochs=100_000, shuffle=False, callbacks=[widget], verbose=0)"""
LIVE = "shown => shown.state === 'running' && shown.epochs.length > 2"
_NOTE = """(button, board) => button.addEventListener("click", () => {
    window.clicked = button.closest(board).shown.epochs.length;
}, { capture: true, once: true })"""
SOON = 50  # epochs, of which a quiet machine makes about ten in a second; all of them would take hours


@pytest.fixture(scope="module", params=["python3", "ipykernel 7.3"])
def notebook(request, lab, open_notebook):
    """On the installed kernel, and on one of ipykernel 7.3, which routes widgets' messages another way."""
    kernel = request.param if request.param == "python3" else _older_kernel(lab)
    notebook = open_notebook(f"stop_{kernel}", BOARD, "", kernel=kernel)
    notebook.run_all()
    version = notebook.ask("__import__('ipykernel').__version__")
    assert version.startswith("7." if kernel == "python3" else "7.3.")
    return notebook


def _older_kernel(lab):
    folder = os.environ.get("DLCOURSE_IPYKERNEL_73")
    if not folder:
        pytest.skip("DLCOURSE_IPYKERNEL_73 names no folder: pip install --target FOLDER --no-deps 'ipykernel==7.3.*'")
    path = os.pathsep.join(filter(None, [folder, os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": command, "display_name": "ipykernel 7.3", "language": "python", "env": {"PYTHONPATH": path}}
    kernels = lab.folder / ".local/share/jupyter/kernels/ipykernel73"  # the lab's home is its folder
    kernels.mkdir(parents=True, exist_ok=True)
    (kernels / "kernel.json").write_text(json.dumps(spec))
    return "ipykernel73"


@pytest.fixture
def board(notebook):
    yield ShownWidget(notebook.page, "training_board")
    assert (notebook.page.complaints, notebook.page.popups) == ([], [])


def test_the_only_view_stops_a_running_fit(notebook, board):
    notebook.start(1, FIT)
    _stop(notebook, board)


def test_a_view_that_is_first_seen_while_the_cell_runs_stops_it(notebook, board):
    notebook.start(1, f"display(widget)\n{FIT}")
    expect(board.widget).to_have_count(2)
    _stop(notebook, board)


def test_an_interrupted_training_is_called_that(notebook, board):
    notebook.start(1, FIT)
    board.wait_for(LIVE)
    expect(board.widget.get_by_role("progressbar")).to_be_visible()
    _interrupt(notebook, board)
    board.wait_for("shown => shown.state === 'interrupted'")
    expect(board.widget.get_by_role("button", name="Stop")).to_be_disabled()
    expect(board.widget.locator(".dlc-told")).to_contain_text("Interrupted after epoch")
    notebook.finish()
    assert notebook.ask("widget.history[-1].state") == "interrupted"


def test_a_page_that_was_opened_again_stops_it(notebook, board):
    notebook.save()
    notebook.open()
    expect(board.widget).to_have_count(1)
    notebook.start(1, FIT)
    _stop(notebook, board)


def _interrupt(notebook, board):
    """As a person does, who presses again: now and then Python drops what a signal raises, as inside a `__del__`."""
    for _ in range(4):
        notebook.command("notebook:interrupt-kernel")
        with contextlib.suppress(Timeout):
            board.widget.locator(".dlc-told", has_text="Interrupted").wait_for(timeout=30_000)
            return


def _stop(notebook, board):
    """A click ends `fit`, not the end of all its epochs."""
    board.wait_for(LIVE)
    button = board.widget.last.get_by_role("button", name="Stop")
    button.evaluate(_NOTE, f".dlc-{board.name}")
    button.click()
    board.wait_for("shown => shown.state === 'stopped'")
    notebook.finish()
    state, epochs = notebook.ask("[widget.history[-1].state, len(widget.history[-1].epochs)]")
    assert state == "stopped"
    assert epochs - notebook.page.evaluate("clicked") < SOON
