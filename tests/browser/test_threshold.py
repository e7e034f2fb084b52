"""Threshold on a page of its own: what a learner does with it, and what Python then knows."""

import pytest
from playwright.sync_api import expect

SETUP = "from dlcourse.widgets import Threshold\nwidget = Threshold()\nwidget"


def counts(mounted):
    return list(mounted.shown()["counts"].values())


def python_counts(mounted):
    return mounted.ask("list(widget.counts)")


def test_numbers_are_pythons(mounted):
    mounted.settle()
    shown = mounted.shown()
    assert counts(mounted) == python_counts(mounted)
    assert shown["best"]["threshold"] == mounted.ask("widget.best_threshold")
    expect(mounted.widget.locator(".dlc-threshold-table")).to_contain_text(f"{shown['counts']['misses']} missed")


def test_dragged_by_the_pointer_and_by_keys_alone(mounted):
    box = mounted.widget.locator("canvas").first.bounding_box()
    y = box["y"] + box["height"] / 2
    mounted.page.mouse.move(box["x"] + 10 + 0.5 * (box["width"] - 20), y)
    mounted.page.mouse.down()
    mounted.page.mouse.move(box["x"] + 10 + 0.2 * (box["width"] - 20), y, steps=4)
    mounted.page.mouse.up()
    mounted.settle()
    assert mounted.ask("widget.threshold") == pytest.approx(0.2, abs=0.003)
    assert counts(mounted) == python_counts(mounted)
    mounted.widget.get_by_role("slider", name="Threshold").press("End")
    mounted.settle()
    assert mounted.ask("widget.threshold") == 1
    expect(mounted.widget).to_contain_text("there is no alarm")
    mounted.widget.get_by_role("slider", name="Threshold").press("ArrowLeft")
    mounted.settle()
    assert mounted.ask("widget.threshold") == pytest.approx(0.99)


def test_costs_move_the_cheapest_threshold_and_a_button_goes_there(mounted):
    before = mounted.ask("widget.best_threshold")
    field = mounted.widget.get_by_label("What a miss costs")
    field.fill("0.2")
    field.press("Enter")
    mounted.settle()
    assert mounted.ask("widget.costs") == {"missed": 0.2, "false_alarm": 1}
    assert mounted.ask("widget.best_threshold") > before
    mounted.widget.get_by_role("button", name="Go to the cheapest").click()
    mounted.settle()
    assert mounted.ask("widget.threshold == widget.best_threshold")
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("no threshold costs less")
    field.fill("-3")
    field.press("Enter")
    expect(mounted.widget.locator(".dlc-trouble")).to_contain_text("A cost is a number from 0")
    assert mounted.ask("widget.costs['missed']") == 0.2


def test_another_class_is_looked_for(mounted):
    mounted.choose("Looked for", "3")
    mounted.settle()
    assert mounted.ask("widget.positive") == 3
    assert counts(mounted) == python_counts(mounted)
    mounted.do("widget.positive = 1")
    mounted.settle()
    assert mounted.shown()["positive"] == 1


@pytest.mark.parametrize("name", ["ROC", "Precision and recall", "Calibration", "Cost"])
def test_a_chart_is_chosen_and_follows(name, mounted):
    mounted.widget.get_by_role("button", name=name, exact=True).click()
    mounted.settle()
    before = mounted.pixels(-1)
    mounted.do("widget.threshold = 0.1")
    mounted.settle()
    assert (mounted.pixels(-1) == before) == (name == "Calibration")  # which has no threshold


def test_mistakes_are_looked_at_one_after_the_other(mounted):
    mounted.do("widget.reset()")
    mounted.widget.get_by_role("button", name="Next mistake").click()
    mounted.settle()
    first = mounted.shown()["picked"]
    row = mounted.widget.locator(".dlc-threshold-example")
    expect(row).to_contain_text(f"Example {first}: 9, “9” with probability")
    expect(row).to_contain_text("missed")
    expect(row.locator("canvas")).to_be_visible()
    mounted.widget.get_by_role("button", name="Next example").click()
    mounted.settle()
    assert mounted.shown()["picked"] != first


def test_a_dot_shows_its_example_under_the_pointer(mounted):
    mounted.settle()
    canvas = mounted.widget.locator("canvas").first
    box = canvas.bounding_box()
    canvas.hover(position={"x": 12, "y": box["height"] / 2 + 12})
    mounted.settle()
    index = mounted.shown()["picked"]
    assert mounted.ask(f"float(widget._shown.probabilities[{index}, widget.positive])") < 0.02


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_narrow_page_of_either_theme(theme, mounted):
    mounted.choose_theme(theme)
    mounted.narrow(480)
    mounted.settle()
    assert mounted.theme() == (theme, theme)
    assert mounted.contrast() > 7
    assert mounted.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
