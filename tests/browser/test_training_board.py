"""The widget TrainingBoard on a page of its own: runs watched and compared."""

import pytest
from playwright.sync_api import expect

SETUP = """from dlcourse.widgets import TrainingBoard
import numpy as np

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


@pytest.fixture
def mounted(mounted):
    """The board without a run of its own."""
    mounted.do("widget.clear(); widget.name = ''")
    return mounted


def chart(mounted):
    return mounted.widget.get_by_role("application").first


def test_without_a_run_a_recorded_example_says_what_to_do(mounted):
    expect(mounted.widget).to_contain_text("A recorded example. Your own training appears here")
    expect(mounted.widget.get_by_role("button", name="Stop")).to_be_disabled()
    assert mounted.shown()["runs"] == ["dropout 0.5", "no dropout"]
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("Overfitting since epoch 8")


def test_an_epoch_is_looked_at_by_pointer_and_by_keys(mounted):
    before = mounted.pixels(0)
    chart(mounted).hover(position={"x": 150, "y": 90})
    mounted.settle()
    at = mounted.shown()["at"]
    assert 1 < at < 30
    assert mounted.pixels(0) != before
    assert mounted.ask("widget.epoch") == 0  # looking is not choosing
    chart(mounted).click(position={"x": 150, "y": 90})
    assert mounted.ask("widget.epoch") == at
    chart(mounted).focus()
    mounted.page.mouse.move(5, 5)
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
        mounted.page.keyboard.press(key)
    expect(mounted.widget.locator(".dlc-told")).to_contain_text(f"no dropout, epoch {at + 1}: loss")
    expect(chart(mounted)).to_be_focused()
    assert mounted.ask("widget.epoch") == at + 1
    chart(mounted).press("End")
    assert mounted.ask("widget.epoch") == 30
    chart(mounted).press("Escape")
    assert mounted.ask("widget.epoch") == 0


def test_python_sets_what_is_seen(mounted):
    mounted.do("widget.epoch = 5")
    panels = mounted.shown()["panels"]
    assert panels["loss"] == {"training": 0.161, "validation": 0.475}
    linear = mounted.pixels(0)
    mounted.do("widget.log = True")
    assert mounted.pixels(0) != linear
    expect(mounted.widget.get_by_label("log scale")).to_be_checked()
    mounted.do("widget.front = 1")
    assert mounted.shown()["run"] == "dropout 0.5"
    mounted.widget.get_by_role("button", name="Reset").click()
    assert mounted.ask("[widget.epoch, widget.front, widget.log]") == [0, 0, False]


def test_runs_are_compared_named_and_forgotten(mounted):
    mounted.do("train('plain', [2, 1, 0.5], [2, 1.1, 1.5]); train('wide', [2, 0.5, 0.2, 0.1], [2, 0.9, 0.8, 0.85])")
    shown = mounted.shown()
    assert (shown["runs"], shown["run"], shown["best"]) == (["plain", "wide"], "wide", 3)
    assert shown["panels"] == {"loss": {"training": 0.1, "validation": 0.85}}
    rows = mounted.widget.locator("tbody tr")
    expect(rows.nth(0)).to_contain_text("1.100 in epoch 2")
    expect(rows.locator(".dlc-board-record")).to_have_text(["0.800 in epoch 3"])
    mounted.widget.get_by_role("button", name="Draw plain in front").click()
    mounted.settle()
    assert mounted.shown()["run"] == "plain"
    name = mounted.widget.get_by_label("Name of run 1")
    name.fill("no dropout")
    name.press("Enter")
    expect(mounted.widget.get_by_role("button", name="Draw no dropout in front")).to_be_visible()
    assert mounted.ask("[[run.name for run in widget.history], widget.front]") == [["no dropout", "wide"], 1]
    mounted.widget.get_by_role("button", name="Forget older runs").click()
    assert mounted.ask("[run.name for run in widget.history]") == ["wide"]


def test_a_loss_that_is_no_number_is_shown_and_explained(mounted):
    mounted.do("train('broken', [2, 1, np.nan], [2, 1, np.nan])")
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("no finite number since batch 1 of epoch 3")
    expect(mounted.widget.locator("figcaption").first).to_contain_text("training NaN")
    mounted.do("train('at once', [np.nan], [np.inf])")
    expect(mounted.widget.locator("figcaption").first).to_contain_text("validation ∞")


def test_the_code_shown_runs(mounted):
    mounted.do("train('own', [2, 1], [2, 1])")
    mounted.widget.get_by_role("button", name="Show as Keras").click()
    mounted.settle()
    code = mounted.widget.locator(".dlc-code code").inner_text()
    mounted.widget.get_by_role("button", name="Hide the code").click()
    mounted.do(
        "import keras\nkeras.utils.set_random_seed(1)\n"
        "x, y = np.random.rand(400, 32).astype('float32'), np.random.rand(400, 1)\n"
        f"model = keras.Sequential([keras.Input((32,)), keras.layers.Dense(1)])\nmodel.compile('adam', 'mse')\n{code}"
    )
    names, losses, best = mounted.ask("[list(history.history), history.history['val_loss'], int(best)]")
    assert names == ["loss", "val_loss"]
    assert len(losses) == 2
    assert losses[best] == min(losses)


def test_two_views_show_the_same(mounted):
    mounted.do("display(widget)")
    views = mounted.page.locator(".dlc-training_board")
    expect(views).to_have_count(2)
    views.nth(1).get_by_role("application").first.press("Home")
    mounted.settle()
    assert views.evaluate_all("roots => roots.map(root => root.shown.at)") == [1, 1]
    mounted.do("pass")
    expect(views).to_have_count(1)


def test_it_can_be_read_on_dark_and_on_a_narrow_page(mounted):
    light = mounted.pixels(0)
    mounted.choose_theme("dark")
    assert mounted.pixels(0) != light
    assert mounted.contrast() > 7
    mounted.narrow(480)
    assert mounted.beyond_the_edge() == []
