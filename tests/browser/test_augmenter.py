"""Augmenter on a page of its own: what a learner does with it, and what Python then knows."""

import numpy as np
from playwright.sync_api import expect

SETUP = "from dlcourse.widgets import Augmenter\nwidget = Augmenter()\nwidget"


def gallery(mounted):
    return mounted.widget.get_by_role("application")


def test_a_slider_changes_the_copies_and_reaches_python(mounted):
    before, shown = mounted.pixels(), mounted.shown()
    rotation = mounted.widget.get_by_role("slider", name="rotation")
    rotation.focus()
    for _ in range(3):
        mounted.page.keyboard.press("ArrowRight")
    mounted.settle()
    assert mounted.pixels() != before
    assert mounted.ask("widget.rotation") == 18
    after = mounted.shown()
    angles = [[[change["angle"] for change in row] for row in numbers["changes"]] for numbers in (shown, after)]
    np.testing.assert_allclose(np.multiply(angles[0], 18 / 15), angles[1])
    box = rotation.bounding_box()
    mounted.page.mouse.click(box["x"] + box["width"] - 12, box["y"] + box["height"] / 2)
    assert mounted.ask("widget.rotation") > 150


def test_strength_zero_leaves_the_originals(mounted):
    mounted.do("widget.strength = 0; widget.flip_horizontal = False")
    six = mounted.shown()["values"][3]
    assert six == [six[0]] * len(six)
    original = mounted.ask("widget.images[3].values.ravel().tolist()")
    np.testing.assert_allclose(six[0], original, atol=1e-6)
    expect(mounted.widget.locator(".dlc-told")).to_have_text("Nothing is changed: move a slider.")


def test_dice_are_thrown_anew_and_back(mounted):
    first = mounted.shown()["changes"]
    mounted.widget.get_by_role("button", name="New dice").click()
    mounted.settle()
    assert mounted.shown()["changes"] != first
    assert mounted.ask("widget.seed") == 1
    mounted.do("widget.seed = 0")
    assert mounted.shown()["changes"] == first


def test_the_learner_judges_and_is_answered(mounted):
    mounted.do("widget.rotation = 0; widget.chosen = [0, 1]")
    rows = mounted.shown()["changes"]
    mirrored = next(column for column, change in enumerate(rows[0]) if change["mirrored"])
    mounted.do(f"widget.chosen = [0, {mirrored + 1}]")
    mounted.widget.get_by_role("button", name="Yes, it still is").click()
    expect(mounted.widget).to_contain_text("Look again: now it is “turn right”, with the wrong label on it.")
    expect(mounted.widget).to_contain_text("0 of 1 right")
    gallery(mounted).focus()
    mounted.page.keyboard.press("ArrowDown")
    mounted.page.keyboard.press("y")
    expect(mounted.widget).to_contain_text("Right: it still is “pedestrians”")
    expect(mounted.widget).to_contain_text("1 of 2 right")
    expect(gallery(mounted)).to_be_focused()
    assert mounted.ask("widget.chosen") == [1, mirrored + 1]
    gallery(mounted).click(position={"x": 140, "y": 50})
    row, column = mounted.ask("list(widget.chosen)")
    assert (row, column) == (0, 1)
    assert mounted.shown()["chosen"] == [0, 0]


def test_python_sets_what_is_seen(mounted):
    mounted.do("widget.images = [np.eye(20), np.eye(30)]; widget.labels = ['stripe', 'line']; widget.chosen = [1, 2]")
    assert len(mounted.shown()["values"]) == 2
    mounted.widget.get_by_role("button", name="No", exact=True).click()
    expect(mounted.widget).to_contain_text("No table knows “line”: you decide.")
    mounted.choose("beyond the edge", "constant")
    assert mounted.ask("widget.fill") == "constant"


def test_the_code_shown_runs(mounted):
    mounted.widget.get_by_role("button", name="Show as Keras").click()
    mounted.settle()
    code = mounted.widget.locator(".dlc-code code").inner_text()
    mounted.widget.get_by_role("button", name="Hide the code").click()
    mounted.do(code)
    shape = "augment(np.random.rand(2, 9, 12, 3).astype('float32'), training=True).shape"
    assert mounted.ask(f"tuple({shape})") == [2, 9, 12, 3]


def test_two_views_show_the_same_and_own_layers_make_copies(mounted):
    mounted.do("display(widget)")
    views = mounted.page.locator(".dlc-augmenter")
    expect(views).to_have_count(2)
    views.nth(1).get_by_role("button", name="New dice").click()
    mounted.settle()
    first, second = views.evaluate_all("roots => roots.map(root => root.shown.changes[0][0].angle)")
    assert first == second
    mounted.do("import keras\nown = Augmenter(layers=keras.layers.RandomFlip('vertical', seed=2))\ndisplay(own)")
    mine = views.nth(1)
    expect(mine).to_contain_text("Your layers: random_flip")
    expect(mine.get_by_role("slider", name="rotation")).to_be_hidden()
    before = mine.locator("canvas").evaluate("canvas => canvas.toDataURL()")
    mine.get_by_role("button", name="New dice").click()
    assert mounted.ask("own._own['throw']") == 2
    assert mine.locator("canvas").evaluate("canvas => canvas.toDataURL()") != before


def test_it_can_be_read_on_dark_and_on_a_narrow_page(mounted):
    mounted.do("pass")
    light = mounted.pixels()
    mounted.choose_theme("dark")
    assert mounted.pixels() != light
    assert mounted.contrast() > 7
    mounted.narrow(480)
    assert mounted.beyond_the_edge() == []
