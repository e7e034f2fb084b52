"""Augmenter in JupyterLab: what a learner does with it, and what Python then knows."""

import numpy as np
import pytest
from playwright.sync_api import expect

SETUP = "from dlcourse.widgets import Augmenter\nwidget = Augmenter()\nwidget"


@pytest.fixture(scope="module")
def opened(open_notebook):
    return open_notebook("augmenter", SETUP)


@pytest.fixture
def notebook(opened):
    """The widget as it began."""
    opened.begin()
    yield opened
    assert opened.page.complaints == []


def gallery(notebook):
    return notebook.widget.get_by_role("application")


def test_a_slider_changes_the_copies_and_reaches_python(notebook):
    before, shown = notebook.pixels(), notebook.shown()
    rotation = notebook.widget.get_by_role("slider", name="rotation")
    rotation.focus()
    for _ in range(3):
        notebook.page.keyboard.press("ArrowRight")
    notebook.settle()
    assert notebook.pixels() != before
    assert notebook.ask("widget.rotation") == 18
    after = notebook.shown()
    angles = [[[change["angle"] for change in row] for row in one["changes"]] for one in (shown, after)]
    np.testing.assert_allclose(np.multiply(angles[0], 18 / 15), angles[1])
    box = rotation.bounding_box()
    notebook.page.mouse.click(box["x"] + box["width"] - 12, box["y"] + box["height"] / 2)
    assert notebook.ask("widget.rotation") > 150


def test_strength_zero_leaves_the_originals(notebook):
    notebook.do("widget.strength = 0; widget.flip_horizontal = False")
    six = notebook.shown()["values"][3]
    assert six == [six[0]] * len(six)
    original = notebook.ask("widget.images[3].values.ravel().tolist()")
    np.testing.assert_allclose(six[0], original, atol=1e-6)
    expect(notebook.widget.locator(".dlc-told")).to_have_text("Nothing is changed: move a slider.")


def test_dice_are_thrown_anew_and_back(notebook):
    first = notebook.shown()["changes"]
    notebook.widget.get_by_role("button", name="New dice").click()
    notebook.settle()
    assert notebook.shown()["changes"] != first
    assert notebook.ask("widget.seed") == 1
    notebook.do("widget.seed = 0")
    assert notebook.shown()["changes"] == first


def test_the_learner_judges_and_is_answered(notebook):
    notebook.do("widget.rotation = 0; widget.chosen = [0, 1]")
    rows = notebook.shown()["changes"]
    mirrored = next(column for column, change in enumerate(rows[0]) if change["mirrored"])
    notebook.do(f"widget.chosen = [0, {mirrored + 1}]")
    notebook.widget.get_by_role("button", name="Yes, it still is").click()
    expect(notebook.widget).to_contain_text("Look again: now it is “turn right”, with the wrong label on it.")
    expect(notebook.widget).to_contain_text("0 of 1 right")
    gallery(notebook).focus()
    notebook.page.keyboard.press("ArrowDown")
    notebook.page.keyboard.press("y")
    expect(notebook.widget).to_contain_text("Right: it still is “pedestrians”")
    expect(notebook.widget).to_contain_text("1 of 2 right")
    expect(gallery(notebook)).to_be_focused()
    assert notebook.ask("widget.chosen") == [1, mirrored + 1]
    gallery(notebook).click(position={"x": 140, "y": 50})
    row, column = notebook.ask("list(widget.chosen)")
    assert (row, column) == (0, 1)
    assert notebook.shown()["chosen"] == [0, 0]


def test_python_sets_what_is_seen(notebook):
    notebook.do("widget.images = [np.eye(20), np.eye(30)]; widget.labels = ['stripe', 'line']; widget.chosen = [1, 2]")
    assert len(notebook.shown()["values"]) == 2
    notebook.widget.get_by_role("button", name="No", exact=True).click()
    expect(notebook.widget).to_contain_text("No table knows “line”: you decide.")
    notebook.choose("beyond the edge", "constant")
    assert notebook.ask("widget.fill") == "constant"


def test_the_code_shown_runs(notebook):
    notebook.widget.get_by_role("button", name="Show as Keras").click()
    notebook.settle()
    code = notebook.widget.locator(".dlc-code code").inner_text()
    notebook.widget.get_by_role("button", name="Hide the code").click()
    notebook.do(code)
    made = "augment(np.random.rand(2, 9, 12, 3).astype('float32'), training=True).shape"
    assert notebook.ask(f"tuple({made})") == [2, 9, 12, 3]


def test_two_views_show_the_same_and_own_layers_make_copies(notebook):
    notebook.do("display(widget)")
    views = notebook.page.locator(".dlc-augmenter")
    expect(views).to_have_count(2)
    views.nth(1).get_by_role("button", name="New dice").click()
    notebook.settle()
    first, second = views.evaluate_all("roots => roots.map(root => root.shown.changes[0][0].angle)")
    assert first == second
    notebook.do("import keras\nown = Augmenter(layers=keras.layers.RandomFlip('vertical', seed=2))\ndisplay(own)")
    mine = views.nth(1)
    expect(mine).to_contain_text("Your layers: random_flip")
    expect(mine.get_by_role("slider", name="rotation")).to_be_hidden()
    before = mine.locator("canvas").evaluate("canvas => canvas.toDataURL()")
    mine.get_by_role("button", name="New dice").click()
    notebook.page.wait_for_function(
        "before => document.querySelectorAll('.dlc-augmenter canvas')[1].toDataURL() !== before", arg=before
    )
    assert notebook.ask("own._own['throw']") == 2


def test_it_can_be_read_on_dark_and_on_a_narrow_page(notebook):
    notebook.do("pass")
    light = notebook.pixels()
    notebook.choose_theme("JupyterLab Dark")
    drawn = "light => document.querySelector('.dlc-augmenter canvas').toDataURL() !== light"
    notebook.page.wait_for_function(drawn, arg=light, timeout=10_000)
    assert notebook.contrast() > 7
    notebook.narrow(480)
    assert notebook.beyond_the_edge() == []
