"""Orbit on a page of its own: what a learner does with it, and what Python then knows."""

import numpy as np
import pytest
from playwright.sync_api import expect

SETUP = "from dlcourse.widgets import Orbit\nwidget = Orbit()\nwidget"
KNOWN = "root => root.sweep.pictures === root.sweep.of && root.sweep.shares.every((line) => !line.some(Number.isNaN))"


def picture(mounted):
    return mounted.widget.get_by_role("application")


def curves(mounted):
    """The orbit, once all of it is known."""
    handle = mounted.widget.element_handle()
    mounted.page.wait_for_function(KNOWN, arg=handle)
    sweep = mounted.widget.evaluate(
        "({ sweep }) => ({ ...sweep, shares: sweep.shares.map((line) => Array.from(line)), "
        "others: sweep.others.map((line) => Array.from(line)), rivals: sweep.rivals.map((line) => Array.from(line)) })"
    )
    return sweep


def agree(mounted):
    """What is on the screen is what Python computes."""
    mounted.settle()
    shown, sweep = mounted.shown(), curves(mounted)
    now = mounted.ask("[shares.tolist() for shares in widget.probabilities().values()]")
    np.testing.assert_allclose(shown["shares"], now, atol=1e-5)
    mounted.do("computed = widget.sweep()")
    for name in ("shares", "others", "rivals"):
        np.testing.assert_allclose(sweep[name], mounted.ask(f"computed.{name}.tolist()"), atol=1e-5)
    # of two classes that are equally probable to a crumb, one wins there and the other here
    np.testing.assert_allclose(sweep["accuracy"], mounted.ask("computed.accuracy.tolist()"), atol=0.006)


def test_the_numbers_on_the_screen_are_those_of_python(mounted):
    agree(mounted)
    mounted.do("widget.shift_x = 0.1; widget.way = 'light'; widget.light = 0.5")
    agree(mounted)


def test_a_slider_turns_the_picture_and_reaches_python(mounted):
    before, chart = mounted.pixels(0), mounted.pixels(1)
    mounted.widget.get_by_role("slider", name="turn").focus()
    for _ in range(3):
        mounted.page.keyboard.press("ArrowRight")
    mounted.settle()
    assert mounted.pixels(0) != before
    assert mounted.pixels(1) != chart
    assert mounted.ask("[widget.turn, widget.way]") == [3, "turn"]
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("Turned 3° to the left: plain says 6")
    mounted.widget.get_by_role("slider", name="light").press("ArrowLeft")
    assert mounted.ask("[widget.light, widget.way]") == [0.99, "light"]
    expect(mounted.widget.get_by_role("button", name="light")).to_have_attribute("aria-pressed", "true")


def test_the_picture_turns_under_the_hand(mounted):
    box = picture(mounted).bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mounted.page.mouse.move(middle[0] + 80, middle[1])
    mounted.page.mouse.down()
    for degrees in range(0, 211, 15):
        angle = np.radians(degrees)
        mounted.page.mouse.move(middle[0] + 80 * np.cos(angle), middle[1] - 80 * np.sin(angle))
    assert mounted.ask("widget.turn") == pytest.approx(-150, abs=2)  # once around, and on
    mounted.page.mouse.up()
    mounted.page.mouse.move(middle[0] + 80, middle[1])
    assert mounted.ask("widget.turn") == pytest.approx(-150, abs=2)


def test_a_drag_moves_the_picture_sideways(mounted):
    mounted.widget.get_by_role("button", name="shift →").click()
    box = picture(mounted).bounding_box()
    mounted.page.mouse.move(box["x"] + 20, box["y"] + 20)
    mounted.page.mouse.down()
    mounted.page.mouse.move(box["x"] + 20 + 0.25 * box["width"], box["y"] + 60)
    mounted.page.mouse.up()
    assert mounted.ask("widget.shift_x") == pytest.approx(0.25, abs=0.011)
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("Moved right by 25 %")
    mounted.widget.get_by_role("button", name="As it is").click()
    assert mounted.ask("[widget.shift_x, widget.way]") == [0, "shift_x"]


def test_keys_alone_go_along_and_to_another_way(mounted):
    picture(mounted).focus()
    for key in ("Shift+ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft"):
        mounted.page.keyboard.press(key)
    assert mounted.ask("[widget.turn, widget.way, widget.shift_x]") == [11, "shift_x", -0.01]
    expect(picture(mounted)).to_be_focused()


def test_a_place_of_the_curves_is_chosen_by_a_click(mounted):
    mounted.widget.locator("canvas").nth(1).click(position={"x": 46 + 3, "y": 80})
    assert mounted.ask("widget.turn") < -170
    turned = mounted.shown()["values"]
    np.testing.assert_allclose(turned, mounted.ask("widget.input.ravel().tolist()"), atol=1e-5)


def test_an_orbit_that_is_gone_along_stays_as_it_is(mounted):
    known = curves(mounted)
    mounted.widget.evaluate("root => { root.known = root.sweep; }")
    mounted.widget.get_by_role("slider", name="turn").press("ArrowRight")
    mounted.settle()
    assert mounted.widget.evaluate("root => root.known === root.sweep")  # nothing is computed anew
    mounted.do("widget.way = 'size'")
    curves(mounted)
    mounted.do("widget.way = 'turn'; widget.turn = 0")
    assert mounted.widget.evaluate("root => root.known === root.sweep")
    assert known["pictures"] == 200


def test_another_picture_of_the_set_comes_with_its_class(mounted):
    mounted.widget.get_by_role("button", name="Next picture").click()
    mounted.settle()
    expect(mounted.widget.locator("figcaption")).to_contain_text("picture 1 of 200: 2")
    assert mounted.ask("[widget.picture.name, widget.label]") == ["picture 0", 2]
    np.testing.assert_array_equal(
        mounted.ask("widget.picture.pixels.tolist()"), mounted.ask("widget._examples.x[0].tolist()")
    )
    mounted.widget.get_by_role("button", name="Reset").click()
    assert mounted.ask("[widget.picture.name, widget.label]") == ["a test digit", 6]


def test_two_views_show_the_same(mounted):
    mounted.do("display(widget)")
    views = mounted.page.locator(".dlc-orbit")
    expect(views).to_have_count(2)
    views.nth(1).get_by_role("slider", name="turn").press("ArrowRight")
    mounted.settle()
    first, second = views.evaluate_all("roots => roots.map(root => root.shown.shares[0][6])")
    assert first == second


def test_a_network_that_only_python_runs_is_asked_there(mounted):
    mounted.do(
        "import keras\n"
        "keras.utils.set_random_seed(3)\n"
        "model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2DTranspose(2, 3),"
        " keras.layers.Flatten(), keras.layers.Dense(10)], name='asked')\n"
        "own = Orbit(model, widget.picture, label=6, scale='0 to 1')\n"
        "display(own)"
    )
    own = mounted.page.locator(".dlc-orbit").nth(1)
    expect(own).to_contain_text("So Python is asked when an orbit begins")
    own.get_by_role("slider", name="turn").press("ArrowRight")
    own.get_by_role("button", name="light").click()
    mounted.settle()
    share = own.evaluate("root => root.shown.readings[0].share")
    assert share == pytest.approx(mounted.ask("float(own.probabilities()['asked'][6])"), abs=0.02)
    by_python = mounted.ask("own.sweep().shares.tolist()")
    np.testing.assert_allclose(own.evaluate("root => root.sweep.shares"), by_python, atol=1e-5)


def test_it_can_be_read_on_dark_and_on_a_narrow_page(mounted):
    curves(mounted)
    light = mounted.pixels(1)
    mounted.choose_theme("dark")
    assert mounted.pixels(1) != light
    assert mounted.contrast() > 7
    mounted.narrow(480)
    assert mounted.beyond_the_edge() == []
