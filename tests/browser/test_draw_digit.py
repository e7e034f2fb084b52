"""The widget DrawDigit on a page of its own: what a learner does with it, and what Python then knows."""

import numpy as np
import pytest
from browser.bare_page import BarePage
from playwright.sync_api import expect

from dlcourse.errors import CourseError

SETUP = "from dlcourse.widgets import DrawDigit\nwidget = DrawDigit()\nwidget"
WITH_READERS = """from dlcourse.data import load
from dlcourse.widgets import DrawDigit


def by_column(pictures):
    return (pictures > 100).any(axis=1).argmax(axis=1)


def by_ink(pictures):
    return (pictures > 100).sum(axis=(1, 2))


widget = DrawDigit(drawing=load("mnist").test.x[5], readers={"column": by_column, "ink": by_ink})
widget"""
EIGHT = [(210, 90), (150, 90), (150, 150), (210, 190), (210, 250), (150, 250), (150, 190), (210, 150), (210, 90)]


def canvas(mounted):
    return mounted.widget.get_by_role("application")


def button(mounted, name):
    return mounted.widget.get_by_role("button", name=name)


def stroke(mounted, points):
    box = canvas(mounted).bounding_box()
    places = [(box["x"] + x, box["y"] + y) for x, y in points]
    mounted.page.mouse.move(*places[0])
    mounted.page.mouse.down()
    for place in places[1:]:
        mounted.page.mouse.move(*place, steps=4)
    mounted.page.mouse.up()
    mounted.settle()


def test_a_digit_is_shown_that_the_two_ways_take_for_different_ones(mounted):
    shown = mounted.shown()
    assert np.argmax(shown["centred"]) == 4
    assert np.argmax(shown["shrunk"]) != 4
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("The same ink, another answer")
    expect(mounted.widget).to_contain_text("a tiny linear model, trained just now on 4,000 digits")
    assert mounted.ask("widget.drawing.any().item()")


def test_a_drawing_by_mouse_is_seen_at_once_and_reaches_python(mounted):
    before = mounted.pixels(1)
    stroke(mounted, EIGHT)
    assert mounted.pixels(1) != before
    shown, in_python = mounted.shown(), mounted.ask("[widget.digit.tolist(), widget.probabilities.tolist()]")
    np.testing.assert_allclose(np.reshape(shown["digits"][0], (28, 28)), in_python[0], atol=1e-9)
    np.testing.assert_allclose(shown["centred"], in_python[1], atol=1e-5)
    np.testing.assert_allclose(shown["shrunk"], mounted.ask("widget.predict(widget.shrunk_digit).tolist()"), atol=1e-5)
    assert np.argmax(shown["centred"]) == 8  # the example has gone with the first stroke, and this is an eight


def test_undo_and_clear(mounted):
    example = mounted.ask("widget.drawing.sum().item()")
    expect(button(mounted, "Undo")).to_be_disabled()
    stroke(mounted, EIGHT)
    first = mounted.ask("widget.drawing.sum().item()")
    stroke(mounted, [(60, 60), (60, 200)])
    assert mounted.ask("widget.drawing.sum().item()") > first
    button(mounted, "Undo").click()
    assert mounted.ask("widget.drawing.sum().item()") == first
    button(mounted, "Clear").click()
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("A network cannot say that it sees nothing")
    expect(button(mounted, "Clear")).to_be_disabled()
    for _ in range(2):
        button(mounted, "Undo").click()
    assert mounted.ask("widget.drawing.sum().item()") == example


def test_the_keyboard_draws_a_one(mounted):
    button(mounted, "Clear").click()
    canvas(mounted).focus()
    mounted.page.keyboard.press("ArrowDown")
    assert mounted.ask("widget.drawing.sum().item()") == 0  # the brush is up
    canvas(mounted).focus()
    mounted.page.keyboard.press("Space")
    for _ in range(5):
        mounted.page.keyboard.press("Shift+ArrowDown")
    mounted.page.keyboard.press("Space")
    mounted.settle()
    expect(canvas(mounted)).to_be_focused()
    assert mounted.widget.get_attribute("data-answer") == "1"
    assert mounted.ask("int(widget.probabilities.argmax())") == 1
    expect(button(mounted, "Undo")).to_be_enabled()


def test_python_sets_what_is_seen(mounted):
    before = mounted.pixels(0)
    mounted.do("from dlcourse.data import load\ndigits = load('mnist').test\nwidget.drawing = digits.x[2]")
    mounted.settle()
    assert mounted.pixels(0) != before
    digit = mounted.ask("(digits.x[2] / 255).tolist()")
    np.testing.assert_allclose(np.reshape(mounted.shown()["digits"][0], (28, 28)), digit, atol=1e-9)
    with pytest.raises(CourseError, match="holds values from 3 to 3"):
        mounted.do("widget.drawing = 3 * np.ones((28, 28))")
    np.testing.assert_allclose(np.reshape(mounted.shown()["digits"][0], (28, 28)), digit, atol=1e-9)


def test_a_model_of_ones_own_and_one_that_only_python_can_run(mounted):
    mounted.do(
        "import keras\nfrom keras import layers\nkeras.utils.set_random_seed(1)\n"
        "model = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(8, 3, activation='relu'),"
        " layers.MaxPooling2D(), layers.Flatten(), layers.Dense(10)], name='mine')\n"
        "widget.show_model(model, scale='0 to 1')"
    )
    expect(mounted.widget).to_contain_text("Asked: mine, with pixels from 0 to 1. It puts out scores (logits)")
    stroke(mounted, EIGHT)
    by_keras = "keras.ops.softmax(model(widget.digit[None, :, :, None]))[0]"
    np.testing.assert_allclose(mounted.shown()["centred"], mounted.ask(f"np.asarray({by_keras}).tolist()"), atol=1e-5)
    button(mounted, "Show as Keras").click()
    code = mounted.widget.locator(".dlc-code code").inner_text()
    button(mounted, "Hide the code").click()
    mounted.do(code)
    np.testing.assert_allclose(mounted.shown()["centred"], mounted.ask("np.asarray(probabilities).tolist()"), atol=1e-5)

    mounted.do(
        "model = keras.Sequential([keras.Input((28, 28)), layers.LayerNormalization(name='norm'), layers.Flatten(),"
        " layers.Dense(10, activation='softmax')], name='strange')\nwidget.show_model(model, scale='0 to 1')"
    )
    expect(mounted.widget).to_contain_text("cannot run the layer 'norm' (LayerNormalization). So it is asked in Python")
    stroke(mounted, [(60, 60), (60, 200)])
    probabilities = mounted.ask("widget.probabilities.tolist()")
    np.testing.assert_allclose(mounted.shown()["centred"], probabilities, atol=1e-5)
    mounted.do("widget.show_model()")
    expect(mounted.widget).to_contain_text("a tiny linear model")


def test_readers_answer_side_by_side_and_the_drawing_moves_by_a_pixel(open_page):
    mounted = BarePage(open_page(), "draw_digit", WITH_READERS)
    centred, shrunk = mounted.shown()["said"]
    assert centred == shrunk
    mounted.widget.get_by_role("button", name="Move the drawing left by one pixel").click()
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("The same ink, another answer from: column.")
    mounted.settle()
    assert mounted.shown()["said"] == [centred, [str(int(shrunk[0]) - 1), shrunk[1]]]
    expect(mounted.widget.get_by_role("row", name=f"column {int(shrunk[0]) - 1}")).to_have_count(1)
    button(mounted, "Undo").click()
    expect(mounted.widget.locator(".dlc-told")).not_to_contain_text("another answer")
    mounted.do("widget.drawing = None")
    for arrow in ("left", "up", "down", "right"):
        expect(mounted.widget.get_by_role("button", name=f"drawing {arrow} by")).to_be_disabled()


def test_two_views_show_the_same_and_stay_two(mounted):
    mounted.do("display(widget)")
    views = mounted.page.locator(".dlc-draw_digit")
    expect(views).to_have_count(2)
    views.nth(1).get_by_role("button", name="Clear").click()
    mounted.settle()
    digits = views.evaluate_all("roots => roots.map(root => Math.max(...root.shown.digits[0]))")
    assert digits == [0, 0]
    mounted.do("pass")
    expect(views).to_have_count(1)


def test_it_can_be_read_on_dark_and_on_a_narrow_page(mounted):
    light = mounted.pixels(2)
    mounted.choose_theme("dark")
    assert mounted.pixels(2) != light
    assert mounted.contrast() > 7
    mounted.narrow(480)
    assert mounted.beyond_the_edge() == []
