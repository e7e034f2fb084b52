"""The widget Kernels on a page of its own: what a learner does with it, and what Python then knows."""

import numpy as np
import pytest
from playwright.sync_api import expect

from dlcourse.lens import named_kernel

SETUP = "from dlcourse.widgets import Kernels\nwidget = Kernels('coins')\nwidget"


def picture(mounted):
    return mounted.widget.get_by_role("application")


def shown(mounted):
    """The numbers on the screen."""
    height, width, values, rectified = mounted.widget.evaluate(
        "({ shown }) => [shown.height, shown.width, Array.from(shown.values), shown.rectified]"
    )
    return np.maximum(np.reshape(values, (height, width)), 0 if rectified else -np.inf)


def test_a_preset_repaints_and_reaches_python(mounted):
    before = mounted.pixels(1)
    mounted.choose("Kernel", "Laplace")
    mounted.settle()
    assert mounted.pixels(1) != before
    assert mounted.ask("widget.kernel") == named_kernel("Laplace").tolist()


def test_the_numbers_on_the_screen_are_those_of_keras(mounted):
    mounted.choose("Kernel", "sharpen")
    mounted.choose("Size", "5")
    mounted.choose("Padding", "same")
    mounted.choose("Stride", "2")
    mounted.widget.get_by_role("checkbox", name="ReLU").check()
    mounted.settle()
    sums = shown(mounted)
    np.testing.assert_allclose(sums, mounted.ask("widget.output().tolist()"), atol=1e-5)
    mounted.widget.get_by_role("button", name="Show as Keras").click()
    mounted.settle()
    code = mounted.widget.locator(".dlc-code code").inner_text()
    mounted.widget.get_by_role("button", name="Hide the code").click()
    mounted.do(code)
    by_keras = mounted.ask("np.asarray(output).tolist()")
    np.testing.assert_allclose(sums, by_keras, atol=1e-5)


def test_arrow_keys_move_the_window_and_python_knows(mounted):
    row, column = mounted.ask("widget.position")
    words, before = mounted.in_words(), mounted.pixels(0)
    picture(mounted).focus()
    for key in ("ArrowDown", "ArrowRight", "Shift+ArrowRight"):
        mounted.page.keyboard.press(key)
    mounted.settle()
    assert mounted.pixels(0) != before
    expect(mounted.widget.locator(".dlc-told")).to_contain_text(f"Row {row + 1}, column {column + 11}:")
    assert mounted.in_words() != words
    expect(picture(mounted)).to_be_focused()
    assert mounted.ask("widget.position") == [row + 1, column + 11]


def test_pointing_looks_and_a_click_stays(mounted):
    position = mounted.ask("widget.position")
    picture(mounted).hover(position={"x": 40, "y": 30})
    mounted.settle()
    looked_at = float(mounted.widget.get_attribute("data-value"))
    assert mounted.ask("widget.position") == position  # looking is not choosing
    picture(mounted).click(position={"x": 40, "y": 30})
    value, place = mounted.ask("[float(widget.output()[widget.position]), widget.position]")
    assert place != position
    assert value == pytest.approx(looked_at, abs=1e-5)


def test_a_weight_is_typed_and_stepped(mounted):
    weight = mounted.widget.get_by_label("Weight in row 2, column 3")
    weight.fill("1/4")
    weight.press("Enter")
    weight.press("ArrowUp")
    assert mounted.ask("widget.kernel[1]") == [-1, 0, 0.35]
    weight.fill("much")
    weight.press("Enter")
    expect(mounted.widget.get_by_role("alert")).to_have_text("“much” is no number; it stays 0.35.")
    assert mounted.ask("widget.kernel[1]") == [-1, 0, 0.35]


def test_python_sets_what_is_seen(mounted):
    before = mounted.pixels(1)
    mounted.do("widget.image = np.tile(np.eye(9), (2, 3)); widget.kernel = [[3]]; widget.position = (9, 18)")
    expect(mounted.widget).to_have_attribute("data-value", "3")
    assert mounted.pixels(1) != before
    np.testing.assert_array_equal(shown(mounted), 3 * np.tile(np.eye(9), (2, 3)))
    expect(mounted.widget.get_by_role("button", name="red")).to_be_hidden()  # a picture without colours
    mounted.do("widget.kernel = np.zeros((11, 11)); widget.dilation = 2")
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("does not fit into a picture of 18 × 27")
    mounted.choose("Padding", "same")
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("the products sum to 0.00")


def test_a_weight_that_is_taken_away_while_it_is_edited_leaves_quietly(mounted):
    mounted.widget.get_by_label("Weight in row 3, column 3").focus()
    mounted.do("widget.kernel = [[3]]")
    mounted.settle()


def test_stride_and_dilation_exclude_each_other_with_a_reason(mounted):
    mounted.choose("Stride", "2")
    mounted.choose("Dilation", "3")
    expect(mounted.widget.get_by_role("alert")).to_contain_text("not both: the stride is 1 now")
    assert mounted.ask("[widget.stride, widget.dilation]") == [1, 3]


def test_own_pictures_by_file_and_by_hand(mounted, tmp_path):
    (tmp_path / "notes.txt").write_text("no picture")
    files = mounted.widget.locator("input[type=file]")
    files.set_input_files(tmp_path / "notes.txt")
    expect(mounted.widget.get_by_role("alert")).to_contain_text("notes.txt is no picture that this browser can read")
    mounted.widget.locator("canvas").first.screenshot(path=tmp_path / "mine.png")
    files.set_input_files(tmp_path / "mine.png")
    expect(mounted.widget.locator("figcaption").first).to_contain_text("mine.png")
    assert mounted.ask("[widget.image.name, widget.image.pixels.shape[1]]") == ["mine.png", 240]

    mounted.widget.get_by_role("button", name="Draw").click()
    picture(mounted).hover(position={"x": 50, "y": 50})
    mounted.page.mouse.down()
    picture(mounted).hover(position={"x": 200, "y": 90})
    mounted.page.mouse.up()
    mounted.widget.get_by_role("button", name="Done").click()
    name, ink = mounted.ask("[widget.image.name, int((widget.image.pixels > 128).sum())]")
    assert name == "a drawing"
    assert ink > 20


def test_a_camera_that_is_not_there_is_explained(mounted):
    mounted.widget.get_by_role("button", name="Camera").click()
    expect(mounted.widget.get_by_role("alert")).to_contain_text("or upload a picture")


def test_two_views_show_the_same_and_stay_two(mounted):
    mounted.do("display(widget)")
    views = mounted.page.locator(".dlc-kernels")
    expect(views).to_have_count(2)
    views.nth(1).locator("label", has_text="Kernel").locator("select").select_option("emboss")
    mounted.settle()
    values = views.evaluate_all("roots => roots.map(root => root.dataset.value)")
    assert values[0] == values[1]
    mounted.do("pass")  # the second view is gone, and its listeners with it
    expect(views).to_have_count(1)
    mounted.choose("Kernel", "identity")
    mounted.settle()


def test_it_can_be_read_on_dark_and_on_a_narrow_page(mounted):
    light = mounted.pixels(1)
    mounted.choose_theme("dark")
    assert mounted.pixels(1) != light
    assert mounted.contrast() > 7
    mounted.narrow(480)
    assert mounted.beyond_the_edge() == []
