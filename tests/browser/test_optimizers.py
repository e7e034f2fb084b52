"""The widget Optimizers on a page of its own."""

import pytest
from playwright.sync_api import expect

SETUP = "from dlcourse.widgets import Optimizers\nwidget = Optimizers('banana')\nwidget"


def surface(mounted):
    return mounted.widget.get_by_role("application")


def test_the_start_is_dragged_and_python_knows(mounted):
    before = mounted.pixels(0)
    box = surface(mounted).bounding_box()
    mounted.page.mouse.move(box["x"] + 100, box["y"] + 100)
    mounted.page.mouse.down()
    mounted.page.mouse.move(box["x"] + 300, box["y"] + 200)
    mounted.settle()
    assert mounted.pixels(0) != before
    mounted.page.mouse.up()
    zoom = 6 / box["width"]
    assert mounted.ask("widget.start") == pytest.approx([300 * zoom - 3, 3 - 200 * zoom], abs=0.02)


def test_a_click_starts_there_and_the_paths_are_python_s(mounted):
    surface(mounted).click(position={"x": 300, "y": 200})
    mounted.settle()
    start = mounted.ask("widget.start")
    assert start == pytest.approx([1.5, 0], abs=0.05)
    for path in mounted.shown()["paths"]:
        expected = mounted.ask(f"widget.paths()['{path['name']}'].tolist()")
        assert path["xs"] == pytest.approx([x for x, _ in expected], abs=1e-5)
        assert path["ys"] == pytest.approx([y for _, y in expected], abs=1e-5)


def test_arrow_keys_move_the_start(mounted):
    before = mounted.pixels(0)
    surface(mounted).focus()
    for key in ("ArrowRight", "Shift+ArrowDown"):
        mounted.page.keyboard.press(key)
    mounted.settle()
    assert mounted.pixels(0) != before
    assert mounted.ask("widget.start") == pytest.approx([-2.45, 1.0])


def test_rates_and_racers_are_chosen(mounted):
    mounted.widget.get_by_role("button", name="RMSProp").click()
    field = mounted.widget.get_by_label("Learning rate of SGD")
    field.fill("50")
    field.press("Enter")
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("SGD flew away: the rate is too large")
    assert mounted.ask("[widget.optimizers, widget.rates['sgd']]") == [["sgd", "momentum", "rmsprop", "adam"], 50]
    field.fill("fast")
    field.press("Enter")
    expect(mounted.widget.get_by_role("alert")).to_have_text("“fast” is no number; it stays 50.")


def test_it_plays_and_tells_python_when_it_rests(mounted):
    mounted.widget.get_by_role("button", name="Play").click()
    expect(mounted.widget.get_by_role("button", name="Pause")).to_be_visible()
    expect(mounted.widget.get_by_role("button", name="Play")).to_be_visible()
    assert mounted.ask("widget.step") == 150
    mounted.widget.get_by_role("button", name="One step back").click()
    assert mounted.ask("widget.step") == 149


def test_nothing_tells_how_the_race_ends_before_it_begins(mounted):
    coloured = """canvas => {
        const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let found = 0;
        for (let at = 0; at < data.length; at += 4) {
            const inside = (at / 4) % width > 80 * devicePixelRatio;
            const channels = [data[at], data[at + 1], data[at + 2]];
            if (inside && data[at + 3] > 40 && Math.max(...channels) - Math.min(...channels) > 40) found++;
        }
        return found;
    }"""
    heights = mounted.widget.get_by_role("img").locator("visible=true")
    mounted.do("widget.step = 0")
    assert heights.evaluate(coloured) == 0
    mounted.do("widget.step = 1")
    assert heights.evaluate(coloured) > 500


def test_python_sets_what_is_seen(mounted):
    before = mounted.pixels(0)
    mounted.do("widget.surface = 'bumps'; widget.step = 3; widget.noise = 1")
    mounted.settle()
    assert mounted.pixels(0) != before
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("After 3 steps")


def test_the_code_shown_runs(mounted):
    mounted.choose("Schedule", "cosine")
    mounted.widget.get_by_role("button", name="Show as Keras").click()
    mounted.settle()
    code = mounted.widget.locator(".dlc-code code").inner_text()
    mounted.widget.get_by_role("button", name="Hide the code").click()
    mounted.do("model = __import__('keras').Sequential()\n" + code)
    assert mounted.ask("[type(optimizer).__name__ for optimizer in optimizers.values()]") == ["SGD", "SGD", "Adam"]
    rate = "float(optimizers['adam'].learning_rate), float(optimizers['momentum'].momentum)"
    assert mounted.ask(f"[{rate}]") == pytest.approx([0.1, 0.9])


def test_two_views_show_the_same(mounted):
    mounted.do("display(widget)")
    views = mounted.page.locator(".dlc-optimizers")
    expect(views).to_have_count(2)
    views.nth(1).locator("label", has_text="Surface").locator("select").select_option("saddle")
    expect(views.nth(0).locator("select").first).to_have_value("saddle")
    mounted.do("pass")
    expect(views).to_have_count(1)


def test_it_can_be_read_on_dark_and_on_a_narrow_page(mounted):
    mounted.choose_theme("dark")
    assert mounted.contrast() > 7
    mounted.narrow(480)
    assert mounted.beyond_the_edge() == []


FIT = """import numpy as np
from dlcourse.widgets import Optimizers
x = np.linspace(-2, 2, 9)
y = 2 * x - 1 + 0.5 * np.sin(7 * x)
widget = Optimizers(data=(x, y), optimizers="sgd", start=(0, 0), rates=0.1, steps=30, step=0)
"""


class TestLineFit:
    """The surface of a line fit, beside the points and the line."""

    @pytest.fixture
    def fitting(self, mounted):
        mounted.do(FIT + "display(widget)")
        return mounted.page.locator("#below .dlc-optimizers")

    def test_a_step_moves_the_point_and_the_line(self, mounted, fitting):
        line = fitting.get_by_role("img").locator("visible=true")
        expect(line).to_have_attribute("aria-label", "9 points; SGD’s line has w = 0.00, b = 0.00")
        expect(fitting.locator(".dlc-told")).to_contain_text("downhill, w grows and b shrinks.")
        before = [canvas.screenshot() for canvas in (fitting.get_by_role("application"), line)]
        fitting.get_by_role("button", name="One step on").click()
        mounted.settle()
        w, b = mounted.ask("widget.paths()['sgd'][1].tolist()")
        expect(line).to_have_attribute("aria-label", f"9 points; SGD’s line has w = {w:.2f}, b = −{-b:.2f}")
        after = [canvas.screenshot() for canvas in (fitting.get_by_role("application"), line)]
        assert all(one != other for one, other in zip(before, after, strict=True))

    def test_arrow_keys_move_the_line_with_the_start(self, mounted, fitting):
        fitting.get_by_role("application").focus()
        mounted.page.keyboard.press("Shift+ArrowUp")
        mounted.settle()
        expect(fitting.get_by_role("img").locator("visible=true")).to_have_attribute(
            "aria-label", "9 points; SGD’s line has w = 0.00, b = 0.50"
        )
        assert mounted.ask("widget.start") == [0, 0.5]

    def test_the_points_make_room_for_the_heights_of_other_surfaces(self, mounted, fitting):
        fitting.locator("label", has_text="Surface").locator("select").select_option("bowl")
        mounted.settle()
        shown = fitting.get_by_role("img").locator("visible=true")
        expect(shown).to_have_attribute(
            "aria-label", "The height that each has reached after each step, on a logarithmic scale"
        )
