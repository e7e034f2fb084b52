"""The widget Kernels in JupyterLab: what a learner does with it, and what Python then knows."""

import numpy as np
import pytest
from playwright.sync_api import expect

from dlcourse.lens import named_kernel

SETUP = "from dlcourse.widgets import Kernels\nwidget = Kernels('coins')\nwidget"


@pytest.fixture(scope="module")
def opened(open_notebook):
    """One notebook for all tests here: a kernel with TensorFlow takes its time to start."""
    return open_notebook("kernels", SETUP)


@pytest.fixture
def notebook(opened):
    """The widget as it began."""
    opened.begin()
    yield opened
    assert opened.page.complaints == []


def picture(notebook):
    return notebook.widget.get_by_role("application")


def shown(notebook):
    """The numbers on the screen."""
    height, width, values, rectified = notebook.widget.evaluate(
        "({ shown }) => [shown.height, shown.width, Array.from(shown.values), shown.rectified]"
    )
    return np.maximum(np.reshape(values, (height, width)), 0 if rectified else -np.inf)


def test_a_preset_repaints_and_reaches_python(notebook):
    before = notebook.pixels(1)
    notebook.choose("Kernel", "Laplace")
    notebook.settle()
    assert notebook.pixels(1) != before
    assert notebook.ask("widget.kernel") == named_kernel("Laplace").tolist()


def test_the_numbers_on_the_screen_are_those_of_keras(notebook):
    notebook.choose("Kernel", "sharpen")
    notebook.choose("Size", "5")
    notebook.choose("Padding", "same")
    notebook.choose("Stride", "2")
    notebook.widget.get_by_role("checkbox", name="ReLU").check()
    notebook.settle()
    sums = shown(notebook)
    np.testing.assert_allclose(sums, notebook.ask("widget.output().tolist()"), atol=1e-5)
    notebook.widget.get_by_role("button", name="Show as Keras").click()
    notebook.settle()
    code = notebook.widget.locator(".dlc-code code").inner_text()
    notebook.widget.get_by_role("button", name="Hide the code").click()
    notebook.do(code)
    by_keras = notebook.ask("np.asarray(output).tolist()")
    np.testing.assert_allclose(sums, by_keras, atol=1e-5)


def test_arrow_keys_move_the_window_and_not_the_notebook(notebook):
    row, column = notebook.ask("widget.position")
    told, before = notebook.told(), notebook.pixels(0)
    picture(notebook).focus()
    for key in ("ArrowDown", "ArrowRight", "Shift+ArrowRight"):
        notebook.page.keyboard.press(key)
    notebook.settle()
    assert notebook.pixels(0) != before
    expect(notebook.widget.locator(".dlc-told")).to_contain_text(f"Row {row + 1}, column {column + 11}:")
    assert notebook.told() != told
    expect(picture(notebook)).to_be_focused()
    assert notebook.ask("widget.position") == [row + 1, column + 11]


def test_pointing_looks_and_a_click_stays(notebook):
    position = notebook.ask("widget.position")
    picture(notebook).hover(position={"x": 40, "y": 30})
    notebook.settle()
    looked_at = float(notebook.widget.get_attribute("data-value"))
    assert notebook.ask("widget.position") == position  # looking is not choosing
    picture(notebook).click(position={"x": 40, "y": 30})
    value, place = notebook.ask("[float(widget.output()[widget.position]), widget.position]")
    assert place != position
    assert value == pytest.approx(looked_at, abs=1e-5)


def test_a_weight_is_typed_and_stepped(notebook):
    weight = notebook.widget.get_by_label("Weight in row 2, column 3")
    weight.fill("1/4")
    weight.press("Enter")
    weight.press("ArrowUp")
    assert notebook.ask("widget.kernel[1]") == [-1, 0, 0.35]
    weight.fill("much")
    weight.press("Enter")
    expect(notebook.widget.get_by_role("alert")).to_have_text("“much” is no number; it stays 0.35.")
    assert notebook.ask("widget.kernel[1]") == [-1, 0, 0.35]


def test_python_sets_what_is_seen(notebook):
    before = notebook.pixels(1)
    notebook.do("widget.image = np.tile(np.eye(9), (2, 3)); widget.kernel = [[3]]; widget.position = (9, 18)")
    expect(notebook.widget).to_have_attribute("data-value", "3")
    assert notebook.pixels(1) != before
    np.testing.assert_array_equal(shown(notebook), 3 * np.tile(np.eye(9), (2, 3)))
    expect(notebook.widget.get_by_role("button", name="red")).to_be_hidden()  # a picture without colours
    notebook.do("widget.kernel = np.zeros((11, 11)); widget.dilation = 2")
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("does not fit into a picture of 18 × 27")
    notebook.choose("Padding", "same")
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("the products sum to 0.00")


def test_stride_and_dilation_exclude_each_other_with_a_reason(notebook):
    notebook.choose("Stride", "2")
    notebook.choose("Dilation", "3")
    expect(notebook.widget.get_by_role("alert")).to_contain_text("not both: the stride is 1 now")
    assert notebook.ask("[widget.stride, widget.dilation]") == [1, 3]


def test_own_pictures_by_file_and_by_hand(notebook, tmp_path):
    (tmp_path / "notes.txt").write_text("no picture")
    files = notebook.widget.locator("input[type=file]")
    files.set_input_files(tmp_path / "notes.txt")
    expect(notebook.widget.get_by_role("alert")).to_contain_text("notes.txt is no picture that this browser can read")
    notebook.widget.locator("canvas").first.screenshot(path=tmp_path / "mine.png")
    files.set_input_files(tmp_path / "mine.png")
    expect(notebook.widget.locator("figcaption").first).to_contain_text("mine.png")
    assert notebook.ask("[widget.image.name, widget.image.pixels.shape[1]]") == ["mine.png", 240]

    notebook.widget.get_by_role("button", name="Draw").click()
    picture(notebook).hover(position={"x": 50, "y": 50})
    notebook.page.mouse.down()
    picture(notebook).hover(position={"x": 200, "y": 90})
    notebook.page.mouse.up()
    notebook.widget.get_by_role("button", name="Done").click()
    name, ink = notebook.ask("[widget.image.name, int((widget.image.pixels > 128).sum())]")
    assert name == "a drawing"
    assert ink > 20


def test_a_camera_that_is_not_there_is_explained(notebook):
    notebook.widget.get_by_role("button", name="Camera").click()
    expect(notebook.widget.get_by_role("alert")).to_contain_text("or upload a picture")


def test_two_views_show_the_same_and_stay_two(notebook):
    notebook.do("display(widget)")
    views = notebook.page.locator(".dlc-kernels")
    expect(views).to_have_count(2)
    views.nth(1).locator("label", has_text="Kernel").locator("select").select_option("emboss")
    notebook.settle()
    values = views.evaluate_all("roots => roots.map(root => root.dataset.value)")
    assert values[0] == values[1]
    notebook.do("pass")  # the second view is gone, and its listeners with it
    expect(views).to_have_count(1)
    notebook.choose("Kernel", "identity")
    notebook.settle()


def test_it_can_be_read_on_dark_and_on_a_narrow_page(notebook):
    light = notebook.pixels(1)
    notebook.choose_theme("JupyterLab Dark")
    assert notebook.pixels(1) != light
    assert notebook.contrast() > 7
    notebook.narrow(480)
    assert notebook.beyond_the_edge() == []
