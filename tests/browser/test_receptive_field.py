"""The widget ReceptiveField on a page of its own: what a learner does with it, and what Python then knows."""

import numpy as np
import pytest
from playwright.sync_api import expect

from dlcourse.errors import CourseError
from dlcourse.widgets.receptive_field.presets import PRESETS

SETUP = """import keras
from dlcourse.widgets import ReceptiveField
x = keras.Input((48, 64, 3))
a = keras.layers.Conv2D(4, 3, strides=2, padding="same", name="first")(x)
b = keras.layers.Conv2D(4, 7, padding="same", name="large")(a)
both = keras.layers.Add(name="both")([a, b])
model = keras.Model(x, keras.layers.Dense(2, name="dense")(keras.layers.Flatten()(both)), name="mine")
widget = ReceptiveField(model, "astronaut", "0 to 1", preset="small")
widget"""


def cut(mounted):
    return mounted.widget.get_by_role("application")


def unit_and_field(mounted):
    """What is on the screen, and what Python says of the same unit."""
    shown = mounted.shown()
    field = mounted.ask("[list(widget.unit), widget.field()]")
    return [shown["unit"], shown["field"]], field


def test_it_begins_with_a_unit_in_the_middle(mounted):
    on_screen, in_python = unit_and_field(mounted)
    assert on_screen == in_python == [[6, 12, 12], [[38, 61], [38, 61]]]
    expect(mounted.widget.locator(".dlc-told")).to_have_text(
        "Layer 7 (convolution 3 × 3), row 12, column 12: it sees 24 × 24 of the 96 × 96 pixels, "
        "rows 38 to 61, columns 38 to 61."
    )


def test_arrow_keys_move_the_unit_and_go_through_the_layers(mounted):
    before, words = mounted.pixels(0), mounted.in_words()
    cut(mounted).focus()
    for key in ("ArrowUp", "ArrowRight", "Shift+ArrowRight"):
        mounted.page.keyboard.press(key)
    mounted.settle()
    assert mounted.pixels(0) != before
    on_screen, in_python = unit_and_field(mounted)
    assert on_screen == in_python
    assert in_python[0] == [6, 11, 23]
    expect(mounted.widget.locator(".dlc-told")).not_to_have_text(words)
    cut(mounted).focus()
    for key in ("Shift+ArrowDown", "PageDown", "PageDown"):
        mounted.page.keyboard.press(key)
    expect(cut(mounted)).to_be_focused()
    on_screen, in_python = unit_and_field(mounted)
    assert on_screen == in_python
    assert in_python[0][0] == 3
    left, right = in_python[1][1]
    assert left < 93 < right  # still there in the picture


def test_pointing_looks_and_a_click_stays(mounted):
    unit = mounted.ask("list(widget.unit)")
    box = cut(mounted).bounding_box()
    place = {"x": 0.3 * box["width"], "y": box["height"] - 60}
    cut(mounted).hover(position=place)
    mounted.settle()
    looked_at = mounted.shown()["unit"]
    assert looked_at != unit
    mounted.do("kept = list(widget.unit)")
    assert mounted.ask("kept") == unit  # looking is not choosing
    cut(mounted).click(position=place)
    assert mounted.ask("list(widget.unit)") == looked_at
    cut(mounted).click(position={"x": 0.6 * box["width"], "y": 24 + 26 * 3.5})  # the fourth strip from above: layer 4
    on_screen, in_python = unit_and_field(mounted)
    assert on_screen == in_python
    assert in_python[0][0] == 3


def test_the_stack_is_edited(mounted):
    before = mounted.pixels(0)
    mounted.widget.get_by_label("Kernel of layer 1").select_option("7")
    mounted.widget.get_by_label("Dilation of layer 5").select_option("16")
    mounted.settle()
    assert mounted.pixels(0) != before
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("sees 88 × 88 of the 96 × 96 pixels")
    layer = mounted.ask("[widget.layers[0]['kernel'], widget.layers[4]['dilation'], widget.preset]")
    assert layer == [7, 16, ""]
    mounted.widget.get_by_role("button", name="Look from layer 5").click()
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("It has holes: of 78 columns it reads 42.")
    mounted.widget.get_by_role("button", name="+ Pooling").click()
    mounted.widget.get_by_role("button", name="Move down").click()
    mounted.widget.get_by_role("button", name="Look from layer 1", exact=True).click()
    mounted.widget.get_by_role("button", name="Remove").click()
    kinds = mounted.ask("[layer['kind'][0] + str(layer['kernel']) for layer in widget.layers]")
    assert kinds == ["c3", "p2", "c3", "p2", "c3", "p2", "c3"]
    on_screen, in_python = unit_and_field(mounted)
    assert on_screen == in_python
    mounted.widget.get_by_label("Stride of layer 6").select_option("3")
    mounted.widget.get_by_label("Dilation of layer 5").select_option("1")
    mounted.widget.get_by_label("Stride of layer 5").select_option("2")
    mounted.widget.get_by_label("Dilation of layer 5").select_option("2")
    expect(mounted.widget.get_by_role("alert")).to_contain_text("not both: the stride is 1 now")


def test_presets_are_shown_and_reach_python(mounted):
    mounted.choose("Network", "AlexNet")
    on_screen, in_python = unit_and_field(mounted)
    assert on_screen == in_python
    assert mounted.ask("[widget.preset, widget.layers]") == ["AlexNet", PRESETS["AlexNet"][1]]
    assert [layer["field"] for layer in mounted.shown()["layers"]][-1] == [195, 195]
    row = mounted.widget.locator("tbody tr").first
    expect(row).to_contain_text("195")
    mounted.widget.get_by_role("button", name="Show as Keras").click()
    mounted.settle()
    code = mounted.widget.locator(".dlc-code code").inner_text()
    mounted.widget.get_by_role("button", name="Hide the code").click()
    mounted.do(code.replace("model =", "own =").replace("(model)", "(own)"))
    sizes = mounted.ask("[[list(field.size), list(field.stride)] for field in receptive_fields(own)]")
    assert sizes == [[layer["field"], layer["jump"]] for layer in mounted.shown()["layers"][1:]]
    mounted.choose("Input", "64")
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("Layer 8: a kernel of 3 × 3 does not fit into 2 × 2")
    expect(mounted.widget.locator("tbody tr").first).to_contain_text("does not fit")


def test_python_sets_what_is_seen(mounted):
    before = mounted.pixels(0)
    mounted.do("widget.layers = [{'kernel': 5}, {'kind': 'pooling'}]; widget.input_size = (30, 40)")
    mounted.do("widget.unit = (1, 0, 17); widget.image = np.tile(np.eye(9), (2, 3))")
    mounted.settle()
    assert mounted.pixels(0) != before
    on_screen, in_python = unit_and_field(mounted)
    assert on_screen == in_python == [[1, 0, 17], [[0, 5], [34, 39]]]
    expect(mounted.widget.locator("figcaption")).to_have_text("your picture, cut to 30 × 40 pixels")
    with pytest.raises(CourseError, match="`kernel` must be a whole number"):
        mounted.do("widget.layers = [{'kernel': 'three'}]")
    assert mounted.shown()["unit"] == [1, 0, 17]


def test_how_much_each_pixel_counts(mounted):
    before = mounted.pixels(0)
    mounted.widget.get_by_role("checkbox").check()
    mounted.settle()
    assert mounted.pixels(0) != before
    assert mounted.ask("widget.effective") is True
    count = mounted.shown()["counts"]
    assert 0 < count < 24 * 24 / 2
    expect(mounted.widget).to_contain_text(f"comes from {count} of the 576 pixels that it can see")


def test_the_learners_model_with_its_branches_and_its_gradient(mounted):
    mounted.choose("Network", "your model")
    on_screen, in_python = unit_and_field(mounted)
    assert on_screen == in_python
    assert in_python[0][0] == 2  # both
    lit = mounted.shown()["lit"][1]
    assert lit[2] == [in_python[0][2]] * 2  # one unit of the branch
    assert lit[1][1] - lit[1][0] + 1 == 7  # all that both branches read
    expect(mounted.widget).to_contain_text("Add, reads layer 1 (first) and layer 2 (large)")
    expect(mounted.widget.get_by_role("button", name="Remove")).to_be_hidden()
    mounted.widget.get_by_role("checkbox").check()
    expect(mounted.widget).to_contain_text("By the model's own gradient")
    slopes = "np.frombuffer(widget._slopes['values'], 'float32')"
    values = np.array(mounted.ask(f"np.sort({slopes})[::-1].tolist()"))
    fewest = int(np.searchsorted(np.cumsum(values), 0.9 * values.sum())) + 1
    assert mounted.shown()["counts"] == fewest
    mounted.widget.get_by_role("button", name="Look from layer 4").click()
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("it sees all")
    expect(mounted.widget).to_contain_text("take a layer before")


def test_two_views_show_the_same_and_stay_two(mounted):
    mounted.do("display(widget)")
    views = mounted.page.locator(".dlc-receptive_field")
    expect(views).to_have_count(2)
    views.nth(1).locator("label", has_text="Network").locator("select").select_option("LeNet")
    mounted.settle()
    units = views.evaluate_all("roots => roots.map(root => JSON.stringify(root.shown))")
    assert units[0] == units[1]
    mounted.do("pass")  # the second view is gone, and its listeners with it
    expect(views).to_have_count(1)
    mounted.begin()
    assert mounted.ask("[widget.preset, list(widget.unit)]") == ["small", [6, 12, 12]]


def test_an_own_picture_or_a_sentence(mounted, tmp_path):
    (tmp_path / "notes.txt").write_text("no picture")
    files = mounted.widget.locator("input[type=file]")
    files.set_input_files(tmp_path / "notes.txt")
    expect(mounted.widget.get_by_role("alert")).to_contain_text("notes.txt is no picture that this browser can read")
    mounted.widget.locator("canvas").first.screenshot(path=tmp_path / "mine.png")
    files.set_input_files(tmp_path / "mine.png")
    expect(mounted.widget.locator("figcaption")).to_contain_text("mine.png, cut to 96 × 96")
    assert mounted.ask("widget.image.name") == "mine.png"

    mounted.widget.get_by_role("button", name="Draw").click()
    box = cut(mounted).bounding_box()
    cut(mounted).hover(position={"x": 100, "y": box["height"] - 100})
    mounted.page.mouse.down()
    cut(mounted).hover(position={"x": 180, "y": box["height"] - 80})
    mounted.page.mouse.up()
    mounted.widget.get_by_role("button", name="Done").click()
    assert mounted.ask("[widget.image.name, bool((widget.image.pixels > 128).sum() > 20)]") == ["a drawing", True]


def test_it_can_be_read_on_dark_and_on_a_narrow_page(mounted):
    light = mounted.pixels(0)
    mounted.choose_theme("dark")
    assert mounted.pixels(0) != light
    assert mounted.contrast() > 7
    mounted.narrow(480)
    assert mounted.beyond_the_edge() == []
