"""The widget ConvolutionSteps on a page of its own: what a learner does with it, and what Python then knows."""

import re

import numpy as np
from playwright.sync_api import expect

SETUP = "from dlcourse.widgets import ConvolutionSteps\nwidget = ConvolutionSteps()\nwidget"


def output(mounted):
    return mounted.widget.get_by_role("application")


def picture(mounted):
    return output(mounted).evaluate("canvas => canvas.toDataURL()")


def numbers(mounted):
    """The outputs on the screen."""
    shown = mounted.shown()
    return np.reshape(shown["values"], (shown["height"], shown["width"], shown["channels"]))


def selection(view, label):
    """The list with this label; "Input" is not "Input channels"."""
    return view.locator("label").filter(has_text=re.compile(f"^{label}(?! channels)")).locator("select")


def choose(mounted, label, option):
    selection(mounted.widget, label).select_option(option)
    mounted.settle()


def test_the_default_shows_its_numbers(mounted):
    np.testing.assert_allclose(numbers(mounted), mounted.ask("widget.output().tolist()"))
    words = mounted.widget.locator("dl").inner_text()
    assert "2·1 + 2·0 + 0·(−1) + 2·1 + 2·0 + 0·(−1) + 2·1 + 2·0 + 0·(−1) = 6" in words
    assert "out = (n + p + q − K) // s + 1 = (5 + 0 + 0 − 3) // 1 + 1 = 3" in words
    assert mounted.widget.evaluate("root => root.clientHeight") < 640


def test_arrow_keys_move_the_window_and_python_knows(mounted):
    before = picture(mounted)
    output(mounted).focus()
    for key in ("ArrowDown", "ArrowRight", "PageDown", "ArrowLeft", "ArrowUp", "ArrowDown"):
        mounted.page.keyboard.press(key)
    mounted.settle()
    assert picture(mounted) != before
    assert mounted.shown()["position"] == [1, 0]
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("Output channel 1, row 1, column 0: ")
    expect(output(mounted)).to_be_focused()
    assert mounted.ask("[widget.position, widget.output_channel]") == [[1, 0], 1]


def test_a_click_on_an_output_jumps_there_and_pointing_only_looks(mounted):
    box = output(mounted).bounding_box()
    middle = {"x": box["width"] / 2, "y": 18 + 34 * 1.5}
    output(mounted).hover(position=middle)
    mounted.settle()
    assert mounted.shown()["position"] == [1, 1]
    assert mounted.ask("widget.position") == [0, 0]
    output(mounted).click(position=middle)
    assert mounted.ask("widget.position") == [1, 1]
    assert float(mounted.widget.get_attribute("data-value")) == mounted.ask("float(widget.output()[1, 1, 0])") == 14


def test_steps_go_on_and_back_and_by_themselves(mounted):
    for name in ("Step ▶", "Step ▶", "◀ Back", "Step ▶", "Step ▶"):
        mounted.widget.get_by_role("button", name=name).click()
    assert mounted.ask("widget.position") == [1, 0]
    mounted.do("widget.position = (2, 1); widget.output_channel = 1")
    mounted.widget.get_by_role("button", name="Play").click()
    expect(mounted.widget.get_by_role("button", name="Play")).to_be_visible()  # it ends at the last one
    assert mounted.ask("[widget.position, widget.output_channel]") == [[2, 2], 1]


def test_inputs_and_weights_are_typed_and_stepped(mounted):
    before = picture(mounted)
    cell = mounted.widget.get_by_label("Input in row 1, column 2, channel 1")
    cell.fill("-1/4")
    cell.press("Enter")  # goes on to the next one
    expect(mounted.widget.get_by_label("Input in row 1, column 3, channel 1")).to_be_focused()
    mounted.page.keyboard.press("ArrowUp")
    weight = mounted.widget.get_by_label("Weight in row 2, column 0 of input channel 0")
    weight.focus()
    weight.press("ArrowDown")
    mounted.settle()
    assert picture(mounted) != before
    assert mounted.ask("[widget.input[1][2][1], widget.input[1][3][1], widget.kernel[2][0][0]]") == [-0.25, 4, [0, 1]]
    np.testing.assert_allclose(numbers(mounted), mounted.ask("widget.output().tolist()"))
    cell.fill("much")
    cell.press("Tab")
    expect(mounted.widget.get_by_role("alert")).to_have_text("“much” is no number; it stays −0.25.")
    bias = mounted.widget.get_by_label("Bias", exact=True)
    bias.fill("3")
    bias.press("Enter")
    assert mounted.ask("widget.bias") == [3, 1]


def test_every_operation_shows_the_numbers_of_keras(mounted):
    for operation in ("convolution", "transposed convolution", "max pooling", "mean pooling"):
        choose(mounted, "Operation", operation)
        choose(mounted, "Padding", "same")
        choose(mounted, "Stride", "2")
        mounted.widget.get_by_role("button", name="Show as Keras").click()
        mounted.settle()
        code = mounted.widget.locator(".dlc-code code").inner_text()
        mounted.widget.get_by_role("button", name="Hide the code").click()
        on_screen = numbers(mounted)
        mounted.do(code)
        np.testing.assert_allclose(on_screen, mounted.ask("output.tolist()"), atol=1e-5)


def test_more_channels_and_other_sizes(mounted):
    choose(mounted, "Input channels", "3")
    choose(mounted, "Output channels", "1")
    choose(mounted, "Window", "2 × 2")
    choose(mounted, "Input", "7 × 7")
    shapes = mounted.ask("[np.shape(widget.input), np.shape(widget.kernel), widget.output().shape]")
    assert shapes == [[7, 7, 3], [2, 2, 3, 1], [6, 6, 1]]
    np.testing.assert_allclose(numbers(mounted), mounted.ask("widget.output().tolist()"))


def test_settings_that_do_not_go_together_are_explained(mounted):
    choose(mounted, "Stride", "2")
    choose(mounted, "Dilation", "2")
    status = mounted.widget.get_by_role("status")
    expect(status).to_have_text("Keras takes a stride or a dilation, not both: make one of them 1.")
    assert mounted.shown() is None
    choose(mounted, "Stride", "1")
    expect(status).to_be_hidden()
    mounted.do("widget.input = [[1, 2]]")
    expect(status).to_have_text("The kernel reads 2 input channels, but the input has 1: give both as many.")
    mounted.do("widget.kernel = [[1, -1], [1, 1]]")
    expect(status).to_contain_text("A window of 2 × 2, spread by the dilation over 3 × 3, does not fit into")
    choose(mounted, "Padding", "same")
    expect(mounted.widget.locator("dl")).to_contain_text("out = ")


def test_python_sets_what_is_seen(mounted):
    before = picture(mounted)
    mounted.do("widget.input = np.eye(4, 6); widget.kernel = [[3]]; widget.position = (2, 2)")
    expect(mounted.widget).to_have_attribute("data-value", "4")
    assert picture(mounted) != before
    np.testing.assert_array_equal(numbers(mounted)[:, :, 0], 3 * np.eye(4, 6) + 1)


def test_the_matrix_follows_and_can_be_clicked(mounted):
    mounted.widget.get_by_role("button", name="As a matrix product").click()
    matrix = mounted.widget.locator(".dlc-steps-matrix canvas")
    expect(mounted.widget).to_contain_text("9 outputs × 50 inputs, channel after channel; 82 % are zero.")
    assert mounted.ask("widget.matrix") is True
    before = matrix.evaluate("canvas => canvas.toDataURL()")
    box = matrix.bounding_box()
    matrix.click(position={"x": 60, "y": box["height"] - 12})
    mounted.settle()
    assert mounted.ask("widget.position") == [2, 2]
    assert matrix.evaluate("canvas => canvas.toDataURL()") != before


def test_pointing_at_an_input_shows_who_reads_it(mounted):
    before = picture(mounted)
    mounted.widget.get_by_label("Input in row 0, column 1, channel 0").hover()
    mounted.settle()
    assert picture(mounted) != before
    expect(mounted.widget.locator(".dlc-told")).to_have_text(
        "Input row 0, column 1: 2 outputs read it in each channel."
    )


def test_a_layer_brings_its_weights(mounted):
    mounted.do(
        "import keras\nlayer = keras.layers.Conv2DTranspose(2, 3, 2, 'same', name='mine')\n"
        "layer.build((None, 6, 6, 1))\nwidget.show_layer(layer)"
    )
    expect(mounted.widget).to_contain_text("Layer mine")
    expected = mounted.ask("np.asarray(layer(np.array(widget.input, 'float32')[None]))[0].tolist()")
    np.testing.assert_allclose(numbers(mounted), expected, atol=1e-5)
    mounted.do("fresh = ConvolutionSteps(); widget._start = fresh._start; widget.reset(); widget._note = ''")


def test_two_views_show_the_same_and_stay_two(mounted):
    mounted.do("display(widget)")
    views = mounted.page.locator(".dlc-convolution_steps")
    expect(views).to_have_count(2)
    selection(views.nth(1), "Padding").select_option("full")
    mounted.settle()
    values = views.evaluate_all("roots => roots.map(root => [root.dataset.value, root.shown.height])")
    assert values[0] == values[1]
    assert values[0][1] == 7
    mounted.do("pass")
    expect(views).to_have_count(1)


def test_it_can_be_read_on_dark_and_on_a_narrow_page(mounted):
    light = picture(mounted)
    mounted.choose_theme("dark")
    assert picture(mounted) != light
    assert mounted.contrast() > 7
    mounted.narrow(480)
    mounted.widget.get_by_role("button", name="As a matrix product").click()
    mounted.settle()
    assert mounted.beyond_the_edge() == []
