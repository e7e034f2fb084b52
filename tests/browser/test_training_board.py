"""TrainingBoard in JupyterLab: a training watched, compared, and stopped in time on both kinds of kernel."""

import json
import os
import sys

import pytest
from playwright.sync_api import expect

SETUP = """from dlcourse.widgets import TrainingBoard
import numpy as np, time

widget = TrainingBoard()

def train(name, losses, held):
    widget.name = name
    widget.set_params({"epochs": len(losses), "steps": 1})
    widget.on_train_begin()
    for epoch, (loss, other) in enumerate(zip(losses, held)):
        widget.on_epoch_begin(epoch)
        widget.on_train_batch_end(0, {"loss": loss})
        widget.on_epoch_end(epoch, {"loss": loss, "val_loss": other})
    widget.on_train_end()

widget"""
FIT = """import keras
x, y = np.random.rand(4000, 32).astype("float32"), np.random.rand(4000, 1)
model = keras.Sequential([keras.Input((32,)), keras.layers.Dense(64, activation="relu"), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(x, y, epochs=100_000, validation_split=0.2, callbacks=[widget], verbose=0)
ended = time.time()"""
RUNNING = "name => [...document.querySelectorAll('.dlc-training_board')].at(-1).shown.epochs.length > 2"
STATE = "state => document.querySelector('.dlc-training_board').shown.state === state"


@pytest.fixture(scope="module")
def opened(open_notebook):
    return open_notebook("training_board", SETUP)


@pytest.fixture
def notebook(opened):
    """The board without a run of its own."""
    opened.do("widget.clear(); widget.name = ''; widget.epoch = widget.front = 0; widget.log = False")
    opened.page.mouse.move(5, 5)
    opened.settle()
    yield opened
    assert opened.page.complaints == []


def chart(notebook):
    return notebook.widget.get_by_role("application").first


def test_without_a_run_a_recorded_example_says_what_to_do(notebook):
    expect(notebook.widget).to_contain_text("A recorded example. Your own training appears here")
    expect(notebook.widget.get_by_role("button", name="Stop")).to_be_disabled()
    assert notebook.shown()["runs"] == ["dropout 0.5", "no dropout"]
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("Overfitting since epoch 8")


def test_an_epoch_is_looked_at_by_pointer_and_by_keys(notebook):
    before = notebook.pixels(0)
    chart(notebook).hover(position={"x": 150, "y": 90})
    notebook.settle()
    at = notebook.shown()["at"]
    assert 1 < at < 30
    assert notebook.pixels(0) != before
    assert notebook.ask("widget.epoch") == 0  # looking is not choosing
    chart(notebook).click(position={"x": 150, "y": 90})
    assert notebook.ask("widget.epoch") == at
    chart(notebook).focus()
    notebook.page.mouse.move(5, 5)
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
        notebook.page.keyboard.press(key)
    expect(notebook.widget.locator(".dlc-told")).to_contain_text(f"no dropout, epoch {at + 1}: loss")
    expect(chart(notebook)).to_be_focused()
    assert notebook.ask("widget.epoch") == at + 1
    chart(notebook).press("End")
    assert notebook.ask("widget.epoch") == 30
    chart(notebook).press("Escape")
    assert notebook.ask("widget.epoch") == 0


def test_python_sets_what_is_seen(notebook):
    notebook.do("widget.epoch = 5")
    panels = notebook.shown()["panels"]
    assert panels["loss"] == {"training": 0.161, "validation": 0.475}
    linear = notebook.pixels(0)
    notebook.do("widget.log = True")
    assert notebook.pixels(0) != linear
    expect(notebook.widget.get_by_label("log scale")).to_be_checked()
    notebook.do("widget.front = 1")
    assert notebook.shown()["run"] == "dropout 0.5"
    notebook.widget.get_by_role("button", name="Reset").click()
    assert notebook.ask("[widget.epoch, widget.front, widget.log]") == [0, 0, False]


def test_runs_are_compared_named_and_forgotten(notebook):
    notebook.do("train('plain', [2, 1, 0.5], [2, 1.1, 1.5]); train('wide', [2, 0.5, 0.2, 0.1], [2, 0.9, 0.8, 0.85])")
    seen = notebook.shown()
    assert (seen["runs"], seen["run"], seen["best"]) == (["plain", "wide"], "wide", 3)
    assert seen["panels"] == {"loss": {"training": 0.1, "validation": 0.85}}
    rows = notebook.widget.locator("tbody tr")
    expect(rows.nth(0)).to_contain_text("1.100 in epoch 2")
    expect(rows.locator(".dlc-board-record")).to_have_text(["0.800 in epoch 3"])
    notebook.widget.get_by_role("button", name="Draw plain in front").click()
    notebook.settle()
    assert notebook.shown()["run"] == "plain"
    name = notebook.widget.get_by_label("Name of run 1")
    name.fill("no dropout")
    name.press("Enter")
    expect(notebook.widget.get_by_role("button", name="Draw no dropout in front")).to_be_visible()
    assert notebook.ask("[[run.name for run in widget.history], widget.front]") == [["no dropout", "wide"], 1]
    notebook.widget.get_by_role("button", name="Forget older runs").click()
    notebook.page.wait_for_function("document.querySelector('.dlc-training_board').shown.runs.length === 1")
    assert notebook.ask("[run.name for run in widget.history]") == ["wide"]


def test_a_loss_that_is_no_number_is_shown_and_explained(notebook):
    notebook.do("train('broken', [2, 1, np.nan], [2, 1, np.nan])")
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("no finite number since batch 1 of epoch 3")
    expect(notebook.widget.locator("figcaption").first).to_contain_text("training NaN")
    notebook.do("train('at once', [np.nan], [np.inf])")
    expect(notebook.widget.locator("figcaption").first).to_contain_text("validation ∞")


def test_an_interrupted_training_is_called_that(notebook):
    notebook.do("pass")
    notebook.cell(1).locator(".jp-InputArea-editor .cm-content").click()
    notebook.page.keyboard.press("Control+a")
    notebook.page.keyboard.insert_text(f"import numpy as np\n{FIT}")
    notebook.start(1)
    notebook.page.wait_for_function(STATE, arg="running", timeout=60_000)
    notebook.page.wait_for_function(RUNNING, timeout=60_000)
    expect(notebook.widget.get_by_role("progressbar")).to_be_visible()
    notebook.page.get_by_role("menuitem", name="Kernel", exact=True).click()
    notebook.page.get_by_role("menuitem", name="Interrupt Kernel").click()
    notebook.page.wait_for_function(STATE, arg="interrupted", timeout=20_000)
    expect(notebook.widget.get_by_role("button", name="Stop")).to_be_disabled()
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("Interrupted after epoch")
    assert notebook.ask("[run.state for run in widget.history]") == ["interrupted"]


def test_the_code_shown_runs(notebook):
    notebook.do("train('own', [2, 1], [2, 1])")
    notebook.widget.get_by_role("button", name="Show as Keras").click()
    notebook.settle()
    code = notebook.widget.locator(".dlc-code code").inner_text()
    notebook.widget.get_by_role("button", name="Hide the code").click()
    notebook.do(f"{FIT.partition('model.fit')[0]}\n{code}")
    assert notebook.ask("[list(history.history), best + 1]") == [["loss", "val_loss"], 2]


def test_two_views_show_the_same(notebook):
    notebook.do("display(widget)")
    views = notebook.page.locator(".dlc-training_board")
    expect(views).to_have_count(2)
    views.nth(1).get_by_role("application").first.press("Home")
    notebook.settle()
    assert views.evaluate_all("roots => roots.map(root => root.shown.at)") == [1, 1]
    notebook.do("pass")
    expect(views).to_have_count(1)


def test_it_can_be_read_on_dark_and_on_a_narrow_page(notebook):
    light = notebook.pixels(0)
    notebook.choose_theme("JupyterLab Dark")
    drawn = "light => document.querySelector('.dlc-training_board canvas').toDataURL() !== light"
    notebook.page.wait_for_function(drawn, arg=light, timeout=10_000)
    assert notebook.contrast() > 7
    notebook.narrow(480)
    assert notebook.beyond_the_edge() == []


@pytest.fixture(params=["python3", "ipykernel 7.3"])
def kernel(request, lab):
    """A kernel's name: the installed one's, and one on ipykernel 7.3, which routes widgets' messages another way."""
    if request.param == "python3":
        return "python3"
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


def test_stop_ends_a_running_fit_within_a_second(kernel, open_notebook):
    """In the first view, in a second one, and after the page was opened again."""
    notebook = open_notebook(f"stop_{kernel}", SETUP, kernel)
    notebook.name = "training_board"
    version = notebook.ask("__import__('ipykernel').__version__")
    assert version.startswith("7.3." if kernel == "ipykernel73" else "7.")
    for view in ("only", "second", "reopened"):
        if view == "second":
            notebook.do("display(widget)")
        if view == "reopened":
            notebook.page.keyboard.press("Control+s")
            expect(notebook.page.locator(".jp-mod-dirty")).to_have_count(0)
            notebook.open()
            expect(notebook.widget).to_have_count(1, timeout=30_000)
        took = _stop(notebook, second=view == "second")
        assert took < 1, f"{view} view: {took:.2f} s"
    assert notebook.page.complaints == []
    notebook.page.close()


def _stop(notebook, second):
    """Seconds from the click to the line after `fit`."""
    notebook.cell(1).locator(".jp-InputArea-editor .cm-content").click()
    notebook.page.keyboard.press("Control+a")
    shown = "display(widget)\n" if second else ""  # a view that is first seen while the cell runs
    notebook.page.keyboard.insert_text(f"import numpy as np\n{shown}{FIT}")
    notebook.start(1)
    view = notebook.widget.last
    expect(notebook.widget).to_have_count(2 if second else 1, timeout=20_000)
    notebook.page.wait_for_function(STATE, arg="running", timeout=60_000)
    notebook.page.wait_for_function(RUNNING, timeout=60_000)
    notebook.page.evaluate(
        "addEventListener('click', event => { window.clicked = Date.now() / 1000; }, { capture: true })"
    )
    view.get_by_role("button", name="Stop").click()
    notebook.page.wait_for_function(STATE, arg="stopped", timeout=20_000)
    clicked = notebook.page.evaluate("window.clicked")
    expect(notebook.cell(1).locator(".jp-InputPrompt")).not_to_contain_text("*", timeout=20_000)
    ended, state = notebook.ask("[ended, widget.history[-1].state]")
    assert state == "stopped"
    return ended - clicked
