"""The widget ReceptiveField in JupyterLab: what a learner does with it, and what Python then knows."""

import numpy as np
import pytest
from playwright.sync_api import expect

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


@pytest.fixture(scope="module")
def opened(open_notebook):
    """One notebook for all tests here: a kernel with TensorFlow takes its time to start."""
    return open_notebook("receptive_field", SETUP)


@pytest.fixture
def notebook(opened):
    """The widget as it began."""
    opened.begin()
    yield opened
    assert opened.page.complaints == []


def cut(notebook):
    return notebook.widget.get_by_role("application")


def seen(notebook):
    """What is on the screen, and what Python says of the same unit."""
    shown = notebook.shown()
    field = notebook.ask("[list(widget.unit), widget.field()]")
    return [shown["unit"], shown["field"]], field


def test_it_begins_with_a_unit_in_the_middle(notebook):
    on_screen, in_python = seen(notebook)
    assert on_screen == in_python == [[6, 12, 12], [[38, 61], [38, 61]]]
    expect(notebook.widget.locator(".dlc-told")).to_have_text(
        "Layer 7 (convolution 3 × 3), row 12, column 12: it sees 24 × 24 of the 96 × 96 pixels, "
        "rows 38 to 61, columns 38 to 61."
    )


def test_arrow_keys_move_the_unit_and_go_through_the_layers(notebook):
    before, told = notebook.pixels(0), notebook.told()
    cut(notebook).focus()
    for key in ("ArrowUp", "ArrowRight", "Shift+ArrowRight"):
        notebook.page.keyboard.press(key)
    notebook.settle()
    assert notebook.pixels(0) != before
    on_screen, in_python = seen(notebook)
    assert on_screen == in_python
    assert in_python[0] == [6, 11, 23]
    expect(notebook.widget.locator(".dlc-told")).not_to_have_text(told)
    cut(notebook).focus()
    for key in ("Shift+ArrowDown", "PageDown", "PageDown"):
        notebook.page.keyboard.press(key)
    expect(cut(notebook)).to_be_focused()
    on_screen, in_python = seen(notebook)
    assert on_screen == in_python
    assert in_python[0][0] == 3
    left, right = in_python[1][1]
    assert left < 93 < right  # still there in the picture


def test_pointing_looks_and_a_click_stays(notebook):
    unit = notebook.ask("list(widget.unit)")
    box = cut(notebook).bounding_box()
    place = {"x": 0.3 * box["width"], "y": box["height"] - 60}
    cut(notebook).hover(position=place)
    notebook.settle()
    looked_at = notebook.shown()["unit"]
    assert looked_at != unit
    notebook.do("kept = list(widget.unit)")
    assert notebook.ask("kept") == unit  # looking is not choosing
    cut(notebook).click(position=place)
    assert notebook.ask("list(widget.unit)") == looked_at
    cut(notebook).click(position={"x": 0.6 * box["width"], "y": 24 + 26 * 3.5})  # the fourth strip from above: layer 4
    on_screen, in_python = seen(notebook)
    assert on_screen == in_python
    assert in_python[0][0] == 3


def test_the_stack_is_edited(notebook):
    before = notebook.pixels(0)
    notebook.widget.get_by_label("Kernel of layer 1").select_option("7")
    notebook.widget.get_by_label("Dilation of layer 5").select_option("16")
    notebook.settle()
    assert notebook.pixels(0) != before
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("sees 88 × 88 of the 96 × 96 pixels")
    layer = notebook.ask("[widget.layers[0]['kernel'], widget.layers[4]['dilation'], widget.preset]")
    assert layer == [7, 16, ""]
    notebook.widget.get_by_role("button", name="Look from layer 5").click()
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("It has holes: of 78 columns it reads 42.")
    notebook.widget.get_by_role("button", name="+ Pooling").click()
    notebook.widget.get_by_role("button", name="Move down").click()
    notebook.widget.get_by_role("button", name="Look from layer 1", exact=True).click()
    notebook.widget.get_by_role("button", name="Remove").click()
    kinds = notebook.ask("[layer['kind'][0] + str(layer['kernel']) for layer in widget.layers]")
    assert kinds == ["c3", "p2", "c3", "p2", "c3", "p2", "c3"]
    on_screen, in_python = seen(notebook)
    assert on_screen == in_python
    notebook.widget.get_by_label("Stride of layer 6").select_option("3")
    notebook.widget.get_by_label("Dilation of layer 5").select_option("1")
    notebook.widget.get_by_label("Stride of layer 5").select_option("2")
    notebook.widget.get_by_label("Dilation of layer 5").select_option("2")
    expect(notebook.widget.get_by_role("alert")).to_contain_text("not both: the stride is 1 now")


def test_presets_are_shown_and_reach_python(notebook):
    notebook.choose("Network", "AlexNet")
    on_screen, in_python = seen(notebook)
    assert on_screen == in_python
    assert notebook.ask("[widget.preset, widget.layers]") == ["AlexNet", PRESETS["AlexNet"][1]]
    assert [layer["field"] for layer in notebook.shown()["layers"]][-1] == [195, 195]
    row = notebook.widget.locator("tbody tr").first
    expect(row).to_contain_text("195")
    notebook.widget.get_by_role("button", name="Show as Keras").click()
    notebook.settle()
    code = notebook.widget.locator(".dlc-code code").inner_text()
    notebook.widget.get_by_role("button", name="Hide the code").click()
    notebook.do(code.replace("model =", "own =").replace("(model)", "(own)"))
    sizes = notebook.ask("[[list(one.size), list(one.stride)] for one in receptive_fields(own)]")
    assert sizes == [[layer["field"], layer["jump"]] for layer in notebook.shown()["layers"][1:]]
    notebook.choose("Input", "64")
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("Layer 8: a kernel of 3 × 3 does not fit into 2 × 2")
    expect(notebook.widget.locator("tbody tr").first).to_contain_text("does not fit")


def test_python_sets_what_is_seen(notebook):
    before = notebook.pixels(0)
    notebook.do("widget.layers = [{'kernel': 5}, {'kind': 'pooling'}]; widget.input_size = (30, 40)")
    notebook.do("widget.unit = (1, 0, 17); widget.image = np.tile(np.eye(9), (2, 3))")
    notebook.settle()
    assert notebook.pixels(0) != before
    on_screen, in_python = seen(notebook)
    assert on_screen == in_python == [[1, 0, 17], [[0, 5], [34, 39]]]
    expect(notebook.widget.locator("figcaption")).to_have_text("your picture, cut to 30 × 40 pixels")
    notebook.do("try:\n    widget.layers = [{'kernel': 'three'}]\nexcept Exception as error:\n    print(error)")
    expect(notebook.cell(1).locator(".jp-OutputArea-output pre")).to_contain_text("`kernel` must be a whole number")
    assert notebook.shown()["unit"] == [1, 0, 17]


def test_how_much_each_pixel_counts(notebook):
    before = notebook.pixels(0)
    notebook.widget.get_by_role("checkbox").check()
    notebook.settle()
    assert notebook.pixels(0) != before
    assert notebook.ask("widget.effective") is True
    count = notebook.shown()["counts"]
    assert 0 < count < 24 * 24 / 2
    expect(notebook.widget).to_contain_text(f"comes from {count} of the 576 pixels that it can see")


def test_the_learners_model_with_its_branches_and_its_gradient(notebook):
    notebook.choose("Network", "your model")
    on_screen, in_python = seen(notebook)
    assert on_screen == in_python
    assert in_python[0][0] == 2  # both
    lit = notebook.shown()["lit"][1]
    assert lit[2] == [in_python[0][2]] * 2  # one unit of the branch
    assert lit[1][1] - lit[1][0] + 1 == 7  # all that both branches read
    expect(notebook.widget).to_contain_text("Add, reads layer 1 (first) and layer 2 (large)")
    expect(notebook.widget.get_by_role("button", name="Remove")).to_be_hidden()
    notebook.widget.get_by_role("checkbox").check()
    expect(notebook.widget).to_contain_text("By the model's own gradient", timeout=30_000)
    slopes = "np.frombuffer(widget._slopes['values'], 'float32')"
    values = np.array(notebook.ask(f"np.sort({slopes})[::-1].tolist()"))
    fewest = int(np.searchsorted(np.cumsum(values), 0.9 * values.sum())) + 1
    assert notebook.shown()["counts"] == fewest
    notebook.widget.get_by_role("button", name="Look from layer 4").click()
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("it sees all")
    expect(notebook.widget).to_contain_text("take a layer before")


def test_two_views_show_the_same_and_stay_two(notebook):
    notebook.do("display(widget)")
    views = notebook.page.locator(".dlc-receptive_field")
    expect(views).to_have_count(2)
    views.nth(1).locator("label", has_text="Network").locator("select").select_option("LeNet")
    notebook.settle()
    units = views.evaluate_all("roots => roots.map(root => JSON.stringify(root.shown))")
    assert units[0] == units[1]
    notebook.do("pass")  # the second view is gone, and its listeners with it
    expect(views).to_have_count(1)
    notebook.begin()
    assert notebook.ask("[widget.preset, list(widget.unit)]") == ["small", [6, 12, 12]]


def test_an_own_picture_or_a_sentence(notebook, tmp_path):
    (tmp_path / "notes.txt").write_text("no picture")
    files = notebook.widget.locator("input[type=file]")
    files.set_input_files(tmp_path / "notes.txt")
    expect(notebook.widget.get_by_role("alert")).to_contain_text("notes.txt is no picture that this browser can read")
    notebook.widget.locator("canvas").first.screenshot(path=tmp_path / "mine.png")
    files.set_input_files(tmp_path / "mine.png")
    expect(notebook.widget.locator("figcaption")).to_contain_text("mine.png, cut to 96 × 96")
    assert notebook.ask("widget.image.name") == "mine.png"

    notebook.widget.get_by_role("button", name="Draw").click()
    box = cut(notebook).bounding_box()
    cut(notebook).hover(position={"x": 100, "y": box["height"] - 100})
    notebook.page.mouse.down()
    cut(notebook).hover(position={"x": 180, "y": box["height"] - 80})
    notebook.page.mouse.up()
    notebook.widget.get_by_role("button", name="Done").click()
    assert notebook.ask("[widget.image.name, bool((widget.image.pixels > 128).sum() > 20)]") == ["a drawing", True]


def test_it_can_be_read_on_dark_and_on_a_narrow_page(notebook):
    light = notebook.pixels(0)
    notebook.choose_theme("JupyterLab Dark")
    assert notebook.pixels(0) != light
    assert notebook.contrast() > 7
    notebook.narrow(480)
    assert notebook.beyond_the_edge() == []
