"""The widget DrawDigit in JupyterLab: what a learner does with it, and what Python then knows."""

import numpy as np
import pytest
from playwright.sync_api import expect

SETUP = "from dlcourse.widgets import DrawDigit\nwidget = DrawDigit()\nwidget"
EIGHT = [(210, 90), (150, 90), (150, 150), (210, 190), (210, 250), (150, 250), (150, 190), (210, 150), (210, 90)]


@pytest.fixture(scope="module")
def opened(open_notebook):
    return open_notebook("draw_digit", SETUP)


@pytest.fixture
def notebook(opened):
    """The widget as it began."""
    opened.begin()
    yield opened
    assert opened.page.complaints == []


def canvas(notebook):
    return notebook.widget.get_by_role("application")


def button(notebook, name):
    return notebook.widget.get_by_role("button", name=name)


def stroke(notebook, points):
    box = canvas(notebook).bounding_box()
    places = [(box["x"] + x, box["y"] + y) for x, y in points]
    notebook.page.mouse.move(*places[0])
    notebook.page.mouse.down()
    for place in places[1:]:
        notebook.page.mouse.move(*place, steps=4)
    notebook.page.mouse.up()
    notebook.settle()


def test_a_digit_is_shown_that_the_two_ways_take_for_different_ones(notebook):
    shown = notebook.shown()
    assert np.argmax(shown["centred"]) == 4
    assert np.argmax(shown["shrunk"]) != 4
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("The same ink, another answer")
    expect(notebook.widget).to_contain_text("a tiny linear model, trained just now on 4,000 digits")
    assert notebook.ask("widget.drawing.any().item()")


def test_a_drawing_by_mouse_is_seen_at_once_and_reaches_python(notebook):
    before = notebook.pixels(1)
    stroke(notebook, EIGHT)
    assert notebook.pixels(1) != before
    seen, told = notebook.shown(), notebook.ask("[widget.digit.tolist(), widget.probabilities.tolist()]")
    np.testing.assert_allclose(np.reshape(seen["digits"][0], (28, 28)), told[0], atol=1e-9)
    np.testing.assert_allclose(seen["centred"], told[1], atol=1e-5)
    np.testing.assert_allclose(seen["shrunk"], notebook.ask("widget.predict(widget.shrunk_digit).tolist()"), atol=1e-5)
    assert np.argmax(seen["centred"]) == 8  # the example has gone with the first stroke, and this is an eight


def test_undo_and_clear(notebook):
    example = notebook.ask("widget.drawing.sum().item()")
    expect(button(notebook, "Undo")).to_be_disabled()
    stroke(notebook, EIGHT)
    first = notebook.ask("widget.drawing.sum().item()")
    stroke(notebook, [(60, 60), (60, 200)])
    assert notebook.ask("widget.drawing.sum().item()") > first
    button(notebook, "Undo").click()
    assert notebook.ask("widget.drawing.sum().item()") == first
    button(notebook, "Clear").click()
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("A network cannot say that it sees nothing")
    expect(button(notebook, "Clear")).to_be_disabled()
    for _ in range(2):
        button(notebook, "Undo").click()
    assert notebook.ask("widget.drawing.sum().item()") == example


def test_the_keyboard_draws_a_one(notebook):
    button(notebook, "Clear").click()
    canvas(notebook).focus()
    notebook.page.keyboard.press("ArrowDown")
    assert notebook.ask("widget.drawing.sum().item()") == 0  # the brush is up
    canvas(notebook).focus()
    notebook.page.keyboard.press("Space")
    for _ in range(5):
        notebook.page.keyboard.press("Shift+ArrowDown")
    notebook.page.keyboard.press("Space")
    notebook.settle()
    expect(canvas(notebook)).to_be_focused()
    assert notebook.widget.get_attribute("data-answer") == "1"
    assert notebook.ask("int(widget.probabilities.argmax())") == 1
    expect(button(notebook, "Undo")).to_be_enabled()


def test_python_sets_what_is_seen(notebook):
    before = notebook.pixels(0)
    notebook.do("from dlcourse.data import load\ndigits = load('mnist').test\nwidget.drawing = digits.x[2]")
    notebook.settle()
    assert notebook.pixels(0) != before
    digit = notebook.ask("(digits.x[2] / 255).tolist()")
    np.testing.assert_allclose(np.reshape(notebook.shown()["digits"][0], (28, 28)), digit, atol=1e-9)
    notebook.do("widget.drawing = 3 * np.ones((28, 28))")  # a sentence, and nothing changes
    assert "holds values from 3 to 3" in notebook.cell(1).inner_text()
    np.testing.assert_allclose(np.reshape(notebook.shown()["digits"][0], (28, 28)), digit, atol=1e-9)


def test_a_model_of_ones_own_and_one_that_only_python_can_run(notebook):
    notebook.do(
        "import keras\nfrom keras import layers\nkeras.utils.set_random_seed(1)\n"
        "model = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(8, 3, activation='relu'),"
        " layers.MaxPooling2D(), layers.Flatten(), layers.Dense(10)], name='mine')\n"
        "widget.show_model(model, scale='0 to 1')"
    )
    expect(notebook.widget).to_contain_text("Asked: mine, with pixels from 0 to 1. It puts out scores (logits)")
    stroke(notebook, EIGHT)
    by_keras = "keras.ops.softmax(model(widget.digit[None, :, :, None]))[0]"
    np.testing.assert_allclose(notebook.shown()["centred"], notebook.ask(f"np.asarray({by_keras}).tolist()"), atol=1e-5)
    button(notebook, "Show as Keras").click()
    code = notebook.widget.locator(".dlc-code code").inner_text()
    button(notebook, "Hide the code").click()
    notebook.do(code)
    np.testing.assert_allclose(
        notebook.shown()["centred"], notebook.ask("np.asarray(probabilities).tolist()"), atol=1e-5
    )

    notebook.do(
        "model = keras.Sequential([keras.Input((28, 28)), layers.LayerNormalization(name='norm'), layers.Flatten(),"
        " layers.Dense(10, activation='softmax')], name='strange')\nwidget.show_model(model, scale='0 to 1')"
    )
    expect(notebook.widget).to_contain_text(
        "cannot run the layer 'norm' (LayerNormalization). So it is asked in Python"
    )
    stroke(notebook, [(60, 60), (60, 200)])
    probabilities = notebook.ask("widget.probabilities.tolist()")
    np.testing.assert_allclose(notebook.shown()["centred"], probabilities, atol=1e-5)
    notebook.do("widget.show_model()")
    expect(notebook.widget).to_contain_text("a tiny linear model")


def test_two_views_show_the_same_and_stay_two(notebook):
    notebook.do("display(widget)")
    views = notebook.page.locator(".dlc-draw_digit")
    expect(views).to_have_count(2)
    views.nth(1).get_by_role("button", name="Clear").click()
    notebook.settle()
    digits = views.evaluate_all("roots => roots.map(root => Math.max(...root.shown.digits[0]))")
    assert digits == [0, 0]
    notebook.do("pass")
    expect(views).to_have_count(1)


def test_it_can_be_read_on_dark_and_on_a_narrow_page(notebook):
    notebook.choose_theme("JupyterLab Light")  # JupyterLab remembers what another module's tests chose
    light = notebook.pixels(2)
    notebook.choose_theme("JupyterLab Dark")
    for _ in range(50):  # a busy machine takes its time to lay out the page anew
        if notebook.pixels(2) != light:
            break
        notebook.page.wait_for_timeout(100)
    assert notebook.pixels(2) != light
    assert notebook.contrast() > 7
    notebook.narrow(480)
    assert notebook.beyond_the_edge() == []
