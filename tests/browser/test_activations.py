"""The widget Activations on a page of its own."""

import pytest
from playwright.sync_api import expect

SETUP = (
    "from dlcourse.widgets import Activations\nimport numpy as np\n"
    "widget = Activations(['sigmoid', 'relu', 'yours'], own=np.sin)\nwidget"
)


def curves(mounted):
    return mounted.widget.get_by_role("application")


def test_pointing_reads_and_a_click_stays(mounted):
    before = mounted.pixels(mounted.widget.locator("canvas").count() - 2)
    curves(mounted).hover(position={"x": 100, "y": 60})
    mounted.settle()
    looked_at = mounted.shown()["x"]
    assert looked_at != 1
    assert mounted.pixels(mounted.widget.locator("canvas").count() - 2) != before
    assert mounted.ask("widget.x") == 1
    curves(mounted).click(position={"x": 100, "y": 60})
    assert mounted.ask("widget.x") == looked_at


def test_arrow_keys_move_x_and_python_knows(mounted):
    curves(mounted).focus()
    for key in ("ArrowRight", "Shift+ArrowLeft", "Shift+ArrowLeft"):
        mounted.page.keyboard.press(key)
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("At x = −0.90")
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("Here ReLU is flat")
    assert mounted.ask("widget.x") == pytest.approx(-0.9)
    read = {curve["name"]: curve for curve in mounted.shown()["read"]}
    assert read["sigmoid"]["value"] == pytest.approx(0.28905, abs=1e-5)
    assert read["yours"]["slope"] == pytest.approx(mounted.ask("float(np.cos(-0.9))"), abs=2e-3)


def test_functions_are_chosen_here_and_there(mounted):
    mounted.widget.get_by_role("button", name="GELU", exact=True).click()
    mounted.widget.get_by_role("button", name="your own").click()
    assert mounted.ask("widget.functions") == ["sigmoid", "relu", "gelu"]
    mounted.do("widget.functions = ['elu']; widget.x = -6")
    expect(mounted.widget.locator(".dlc-activations-readings")).to_have_text("ELU f = −1.00, slope = 0.00")
    mounted.do("widget.functions = []")
    expect(mounted.widget.locator(".dlc-told")).to_have_text("Choose a function above.")


def test_softmax_follows_the_keys_and_reaches_python(mounted):
    first = mounted.widget.get_by_label("Sum of class a")
    first.focus()
    for _ in range(5):
        mounted.page.keyboard.press("ArrowRight")
    mounted.widget.get_by_label("Temperature").focus()
    mounted.page.keyboard.press("ArrowRight")
    mounted.settle()
    assert mounted.ask("widget.logits") == [2.5, 1, 0, -1]
    assert mounted.ask("widget.temperature") > 1
    assert mounted.shown()["shares"] == pytest.approx(mounted.ask("widget.softmax().tolist()"), abs=1e-6)


def test_two_views_show_the_same(mounted):
    mounted.do("display(widget)")
    views = mounted.page.locator(".dlc-activations")
    expect(views).to_have_count(2)
    views.nth(1).get_by_role("button", name="tanh").click()
    expect(views.nth(0).get_by_role("button", name="tanh")).to_have_attribute("aria-pressed", "true")
    mounted.do("pass")
    expect(views).to_have_count(1)


def test_it_can_be_read_on_dark_and_on_a_narrow_page(mounted):
    mounted.choose_theme("dark")
    assert mounted.contrast() > 7
    mounted.narrow(480)
    assert mounted.beyond_the_edge() == []
