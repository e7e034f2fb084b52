"""Recurrent on a page of its own: what a learner does with it, and what Python then knows."""

import numpy as np
import pytest
from playwright.sync_api import expect

SETUP = "from dlcourse.widgets import Recurrent\nwidget = Recurrent()\nwidget"


def rows(mounted):
    return {name: np.array(row) for name, row in mounted.shown()["rows"].items()}


def python_rows(mounted):
    return {
        name: np.array(row)
        for name, row in mounted.ask(
            "{name: row.ravel().tolist() for name, row in widget.unrolled().rows.items()}"
        ).items()
    }


def same_as_python(mounted):
    mounted.settle()
    shown, expected = rows(mounted), python_rows(mounted)
    for name, row in expected.items():
        np.testing.assert_allclose(shown[name], row, atol=1e-6)
    gradient = mounted.ask("widget.gradient().sizes().tolist()")
    np.testing.assert_allclose(mounted.shown()["gradient"]["state"], gradient, rtol=1e-5)
    answer = mounted.ask("list(widget.answer.values())")
    np.testing.assert_allclose(mounted.shown()["answer"]["values"], answer, atol=1e-6)


def test_a_text_is_typed_and_followed(mounted):
    same_as_python(mounted)
    field = mounted.widget.get_by_label("Text")
    field.fill("a(b(c(")
    same_as_python(mounted)
    assert mounted.ask("widget.text") == "a(b(c("
    assert mounted.shown()["step"] == 5
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("“d”")
    field.press_sequentially("d")
    mounted.settle()
    assert mounted.ask("widget.text") == "a(b(c(d"
    assert mounted.shown()["step"] == 6
    field.press_sequentially("x")
    expect(mounted.widget.locator(".dlc-trouble")).to_have_text(
        "“x” is not among the 6 characters that the network knows: ()abcd"
    )
    assert mounted.ask("widget.text") == "a(b(c(d"
    field.blur()
    expect(field).to_have_value("a(b(c(d")
    expect(mounted.widget.locator(".dlc-trouble")).to_be_hidden()


def test_a_gate_is_held_and_let_go(mounted):
    group = mounted.widget.get_by_role("group", name="forget gate f")
    group.get_by_role("button", name="shut").click()
    same_as_python(mounted)
    assert mounted.ask("widget.held") == {"forget": {"value": 0, "unit": None, "step": 0}}
    assert not rows(mounted)["forget"].any()
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("forget gate held shut (0) in all units")
    expect(mounted.widget.locator(".dlc-recurrent-sums")).to_contain_text("held at 0.00; it would be σ(")
    mounted.do("widget.unit, widget.step = 2, 4")
    mounted.settle()
    mounted.choose("in", "one")
    mounted.choose("from", "here")
    group.get_by_role("button", name="open").click()
    same_as_python(mounted)
    assert mounted.ask("widget.held") == {"forget": {"value": 1, "unit": 2, "step": 4}}
    group.get_by_role("button", name="free").click()
    same_as_python(mounted)
    assert mounted.ask("widget.held") == {}


def test_steps_and_units_by_keys_alone(mounted):
    maps = mounted.widget.get_by_role("application")
    maps.press("ArrowLeft")
    maps.press("ArrowDown")
    maps.press("ArrowDown")
    mounted.settle()
    assert mounted.ask("(widget.step, widget.unit)") == [15, 2]
    maps.press("Home")
    mounted.settle()
    assert mounted.ask("widget.step") == 0
    expect(maps).to_have_attribute(
        "aria-label", "Gates and states of 8 units over 17 steps. Unit 2 at step 0 “a” (of 0 to 16). Arrow keys move."
    )
    maps.press("End")
    mounted.settle()
    assert mounted.ask("widget.step") is None
    mounted.widget.get_by_role("slider", name="Step").press("ArrowLeft")
    mounted.settle()
    assert mounted.shown()["step"] == 15
    mounted.widget.get_by_role("button", name="Next step").click()
    mounted.settle()
    assert mounted.shown()["step"] == 16
    same_as_python(mounted)


def test_a_number_is_pointed_at_and_chosen(mounted):
    mounted.settle()
    maps = mounted.widget.get_by_role("application")
    box = maps.bounding_box()
    at = {"x": box["width"] - 40, "y": 50}
    maps.hover(position=at)
    mounted.settle()
    place = mounted.shown()["pointed"]
    assert place["name"] == "candidate"
    value = mounted.ask(f"float(widget.unrolled().rows['candidate'][{place['step']}, {place['unit']}])")
    expect(mounted.widget).to_contain_text(f"candidate g, unit {place['unit']}, step {place['step']}")
    expect(mounted.widget).to_contain_text(f": {value:.4f}".replace("-", "−"))
    maps.click(position=at)
    mounted.settle()
    assert mounted.ask("widget.unit") == place["unit"]
    assert mounted.shown()["step"] == place["step"]


def test_python_is_asked_for_what_stands_behind(mounted):
    mounted.do(
        "from dlcourse import nets\n"
        "model = nets.recurrent((None,), 6, units=(5, 4), vocabulary=6, embedding=3, every_step=True)\n"
        "widget._arguments['vocabulary'] = '()abcd'\n"
        "widget.show_model(model)"
    )
    mounted.widget.get_by_label("Text").fill("ab(")
    mounted.wait_for("shown => shown.text === 'ab(' && shown.waiting === ''")
    same_as_python(mounted)
    mounted.widget.get_by_role("group", name="forget gate f").get_by_role("button", name="open").click()
    mounted.wait_for("shown => shown.held.forget && shown.waiting === ''")
    same_as_python(mounted)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_narrow_page_of_either_theme(theme, mounted):
    mounted.choose_theme(theme)
    mounted.narrow(480)
    mounted.settle()
    assert mounted.theme() == (theme, theme)
    assert mounted.contrast() > 7
    assert mounted.beyond_the_edge() == []
