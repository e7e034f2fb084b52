"""The widget ConvolutionSteps in JupyterLab: what a learner does with it, and what Python then knows."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

SETUP = "from dlcourse.widgets import ConvolutionSteps\nwidget = ConvolutionSteps()\nwidget"


@pytest.fixture(scope="module")
def opened(open_notebook):
    """One notebook for all tests here."""
    return open_notebook("convolution_steps", SETUP)


@pytest.fixture
def notebook(opened):
    """The widget as it began."""
    opened.begin()
    yield opened
    assert opened.page.complaints == []


def output(notebook):
    return notebook.widget.get_by_role("application")


def picture(notebook):
    return output(notebook).evaluate("canvas => canvas.toDataURL()")


def numbers(notebook):
    """The outputs on the screen."""
    seen = notebook.shown()
    return np.reshape(seen["values"], (seen["height"], seen["width"], seen["channels"]))


def selection(view, label):
    """The list with this label; "Input" is not "Input channels"."""
    return view.locator("label").filter(has_text=re.compile(f"^{label}(?! channels)")).locator("select")


def choose(notebook, label, option):
    selection(notebook.widget, label).select_option(option)
    notebook.settle()


def test_the_default_shows_its_numbers(notebook):
    np.testing.assert_allclose(numbers(notebook), notebook.ask("widget.output().tolist()"))
    words = notebook.widget.locator("dl").inner_text()
    assert "2·1 + 2·0 + 0·(−1) + 2·1 + 2·0 + 0·(−1) + 2·1 + 2·0 + 0·(−1) = 6" in words
    assert "out = (n + p + q − K) // s + 1 = (5 + 0 + 0 − 3) // 1 + 1 = 3" in words
    assert notebook.widget.evaluate("root => root.clientHeight") < 640


def test_arrow_keys_move_the_window_and_not_the_notebook(notebook):
    before = picture(notebook)
    output(notebook).focus()
    for key in ("ArrowDown", "ArrowRight", "PageDown", "ArrowLeft", "ArrowUp", "ArrowDown"):
        notebook.page.keyboard.press(key)
    notebook.settle()
    assert picture(notebook) != before
    assert notebook.shown()["position"] == [1, 0]
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("Output channel 1, row 1, column 0: ")
    expect(output(notebook)).to_be_focused()
    assert notebook.ask("[widget.position, widget.output_channel]") == [[1, 0], 1]


def test_a_click_on_an_output_jumps_there_and_pointing_only_looks(notebook):
    box = output(notebook).bounding_box()
    middle = {"x": box["width"] / 2, "y": 18 + 34 * 1.5}
    output(notebook).hover(position=middle)
    notebook.settle()
    assert notebook.shown()["position"] == [1, 1]
    assert notebook.ask("widget.position") == [0, 0]
    output(notebook).click(position=middle)
    assert notebook.ask("widget.position") == [1, 1]
    assert float(notebook.widget.get_attribute("data-value")) == notebook.ask("float(widget.output()[1, 1, 0])") == 14


def test_steps_go_on_and_back_and_by_themselves(notebook):
    for name in ("Step ▶", "Step ▶", "◀ Back", "Step ▶", "Step ▶"):
        notebook.widget.get_by_role("button", name=name).click()
    assert notebook.ask("widget.position") == [1, 0]
    notebook.do("widget.position = (2, 1); widget.output_channel = 1")
    notebook.widget.get_by_role("button", name="Play").click()
    expect(notebook.widget.get_by_role("button", name="Play")).to_be_visible(timeout=6000)  # it ends at the last one
    assert notebook.ask("[widget.position, widget.output_channel]") == [[2, 2], 1]


def test_inputs_and_weights_are_typed_and_stepped(notebook):
    before = picture(notebook)
    cell = notebook.widget.get_by_label("Input in row 1, column 2, channel 1")
    cell.fill("-1/4")
    cell.press("Enter")  # goes on to the next one
    expect(notebook.widget.get_by_label("Input in row 1, column 3, channel 1")).to_be_focused()
    notebook.page.keyboard.press("ArrowUp")
    weight = notebook.widget.get_by_label("Weight in row 2, column 0 of input channel 0")
    weight.focus()
    weight.press("ArrowDown")
    notebook.settle()
    assert picture(notebook) != before
    assert notebook.ask("[widget.input[1][2][1], widget.input[1][3][1], widget.kernel[2][0][0]]") == [-0.25, 4, [0, 1]]
    np.testing.assert_allclose(numbers(notebook), notebook.ask("widget.output().tolist()"))
    cell.fill("much")
    cell.press("Tab")
    expect(notebook.widget.get_by_role("alert")).to_have_text("“much” is no number; it stays −0.25.")
    bias = notebook.widget.get_by_label("Bias", exact=True)
    bias.fill("3")
    bias.press("Enter")
    assert notebook.ask("widget.bias") == [3, 1]


def test_every_operation_shows_the_numbers_of_keras(notebook):
    for operation in ("convolution", "transposed convolution", "max pooling", "mean pooling"):
        choose(notebook, "Operation", operation)
        choose(notebook, "Padding", "same")
        choose(notebook, "Stride", "2")
        notebook.widget.get_by_role("button", name="Show as Keras").click()
        notebook.settle()
        code = notebook.widget.locator(".dlc-code code").inner_text()
        notebook.widget.get_by_role("button", name="Hide the code").click()
        seen = numbers(notebook)
        notebook.do(code)
        np.testing.assert_allclose(seen, notebook.ask("output.tolist()"), atol=1e-5)


def test_more_channels_and_other_sizes(notebook):
    choose(notebook, "Input channels", "3")
    choose(notebook, "Output channels", "1")
    choose(notebook, "Window", "2 × 2")
    choose(notebook, "Input", "7 × 7")
    shapes = notebook.ask("[np.shape(widget.input), np.shape(widget.kernel), widget.output().shape]")
    assert shapes == [[7, 7, 3], [2, 2, 3, 1], [6, 6, 1]]
    np.testing.assert_allclose(numbers(notebook), notebook.ask("widget.output().tolist()"))


def test_settings_that_do_not_go_together_are_explained(notebook):
    choose(notebook, "Stride", "2")
    choose(notebook, "Dilation", "2")
    status = notebook.widget.get_by_role("status")
    expect(status).to_have_text("Keras takes a stride or a dilation, not both: make one of them 1.")
    assert notebook.shown() is None
    choose(notebook, "Stride", "1")
    expect(status).to_be_hidden()
    notebook.do("widget.input = [[1, 2]]")
    expect(status).to_have_text("The kernel reads 2 input channels, but the input has 1: give both as many.")
    notebook.do("widget.kernel = [[1, -1], [1, 1]]")
    expect(status).to_contain_text("A window of 2 × 2, spread by the dilation over 3 × 3, does not fit into")
    choose(notebook, "Padding", "same")
    expect(notebook.widget.locator("dl")).to_contain_text("out = ")


def test_python_sets_what_is_seen(notebook):
    before = picture(notebook)
    notebook.do("widget.input = np.eye(4, 6); widget.kernel = [[3]]; widget.position = (2, 2)")
    expect(notebook.widget).to_have_attribute("data-value", "4")
    assert picture(notebook) != before
    np.testing.assert_array_equal(numbers(notebook)[:, :, 0], 3 * np.eye(4, 6) + 1)


def test_the_matrix_follows_and_can_be_clicked(notebook):
    notebook.widget.get_by_role("button", name="As a matrix product").click()
    matrix = notebook.widget.locator(".dlc-steps-matrix canvas")
    expect(notebook.widget).to_contain_text("9 outputs × 50 inputs, channel after channel; 82 % are zero.")
    assert notebook.ask("widget.matrix") is True
    before = matrix.evaluate("canvas => canvas.toDataURL()")
    box = matrix.bounding_box()
    matrix.click(position={"x": 60, "y": box["height"] - 12})
    notebook.settle()
    assert notebook.ask("widget.position") == [2, 2]
    assert matrix.evaluate("canvas => canvas.toDataURL()") != before


def test_pointing_at_an_input_shows_who_reads_it(notebook):
    before = picture(notebook)
    notebook.widget.get_by_label("Input in row 0, column 1, channel 0").hover()
    notebook.settle()
    assert picture(notebook) != before
    expect(notebook.widget.locator(".dlc-told")).to_have_text(
        "Input row 0, column 1: 2 outputs read it in each channel."
    )


def test_a_layer_brings_its_weights(notebook):
    notebook.do(
        "import keras\nlayer = keras.layers.Conv2DTranspose(2, 3, 2, 'same', name='mine')\n"
        "layer.build((None, 6, 6, 1))\nwidget.show_layer(layer)"
    )
    expect(notebook.widget).to_contain_text("Layer mine")
    expected = notebook.ask("np.asarray(layer(np.array(widget.input, 'float32')[None]))[0].tolist()")
    np.testing.assert_allclose(numbers(notebook), expected, atol=1e-5)
    notebook.do("fresh = ConvolutionSteps(); widget._start = fresh._start; widget.reset(); widget._note = ''")


def test_two_views_show_the_same_and_stay_two(notebook):
    notebook.do("display(widget)")
    views = notebook.page.locator(".dlc-convolution_steps")
    expect(views).to_have_count(2)
    selection(views.nth(1), "Padding").select_option("full")
    notebook.settle()
    values = views.evaluate_all("roots => roots.map(root => [root.dataset.value, root.shown.height])")
    assert values[0] == values[1]
    assert values[0][1] == 7
    notebook.do("pass")
    expect(views).to_have_count(1)


def test_it_can_be_read_on_dark_and_on_a_narrow_page(notebook):
    light = picture(notebook)
    notebook.choose_theme("JupyterLab Dark")
    assert picture(notebook) != light
    assert notebook.contrast() > 7
    notebook.narrow(480)
    notebook.widget.get_by_role("button", name="As a matrix product").click()
    notebook.settle()
    assert notebook.beyond_the_edge() == []
