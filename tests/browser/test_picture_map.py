"""The widget PictureMap on a page of its own: what a learner does with it, and what Python then knows."""

import pytest
from playwright.sync_api import expect

from dlcourse.errors import CourseError

SETUP = """from dlcourse.widgets import PictureMap
generator = np.random.default_rng(1)
labels = np.arange(60) % 3
features = generator.normal(size=(60, 8)) + 2 * np.eye(3)[labels] @ generator.normal(size=(3, 8))
images = generator.integers(0, 256, (60, 12, 16, 3), dtype=np.uint8)
widget = PictureMap(features, images, labels, classes=["cat", "dog", "fox"], method="pca")
widget"""
NEAR = "[[near.picture for near in widget.neighbours()], widget.agreement]"


def the_map(mounted):
    return mounted.widget.get_by_role("application")


def near(mounted):
    shown = mounted.shown()
    return [[neighbour["index"] for neighbour in shown["neighbours"]], pytest.approx(shown["agreement"])]


def centre_of(mounted, number):
    """A picture's place on the page."""
    shown, box = mounted.shown(), the_map(mounted).bounding_box()
    return box["x"] + shown["xs"][number], box["y"] + shown["ys"][number]


def test_a_picture_is_picked_by_a_press_and_its_neighbours_are_listed(mounted):
    before = mounted.pixels(0)
    left = min(range(60), key=mounted.shown()["xs"].__getitem__)
    mounted.page.mouse.click(*centre_of(mounted, left))
    mounted.settle()
    assert mounted.ask("widget.picked") == left
    assert mounted.ask(NEAR) == near(mounted)
    assert mounted.pixels(0) != before
    expect(mounted.widget.locator("li:visible")).to_have_count(5)
    second = mounted.ask("widget.neighbours()[1].picture")
    mounted.widget.locator("li button").nth(1).click()
    mounted.settle()
    assert mounted.ask("widget.picked") == second
    expect(mounted.widget.locator(".dlc-told")).to_contain_text(f"No. {second} is “")


def test_the_map_by_keys_alone(mounted):
    the_map(mounted).focus()
    mounted.page.keyboard.press("ArrowRight")
    mounted.settle()
    picked = mounted.ask("widget.picked")
    shown = mounted.shown()
    assert picked != 0
    assert shown["xs"][picked] > shown["xs"][0]
    for key in ("+", "+", "Shift+ArrowLeft"):
        mounted.page.keyboard.press(key)
    mounted.settle()
    assert mounted.shown()["camera"]["zoom"] == pytest.approx(1.25**2)
    assert mounted.ask("widget.picked") == picked
    mounted.page.keyboard.press("0")
    mounted.settle()
    assert mounted.shown()["camera"] == {"x": 0, "y": 0, "zoom": 1}


def test_the_map_is_scaled_by_the_wheel_and_pulled_by_hand(mounted):
    mounted.page.evaluate("document.activeElement.blur()")
    x, y = centre_of(mounted, 5)
    mounted.page.mouse.move(x, y)
    mounted.page.mouse.wheel(0, -400)  # the page's, until the map was pressed
    mounted.settle()
    assert mounted.shown()["camera"]["zoom"] == 1
    the_map(mounted).focus()
    mounted.page.mouse.wheel(0, -400)
    mounted.wait_for("({ camera }) => camera.zoom > 1.5")
    picked = mounted.ask("widget.picked")
    before = mounted.shown()["camera"]
    mounted.page.mouse.down()
    mounted.page.mouse.move(x + 20, y + 10, steps=3)
    mounted.page.mouse.up()
    mounted.settle()
    assert mounted.shown()["camera"]["x"] < before["x"]
    assert mounted.ask("widget.picked") == picked


def test_more_neighbours_and_what_python_sets(mounted):
    mounted.widget.get_by_role("slider", name="Neighbours").press("End")
    mounted.settle()
    assert mounted.ask("widget.k") == 20
    assert mounted.ask(NEAR) == near(mounted)
    mounted.do("widget.picked = 31\nwidget.k = 2")
    assert mounted.ask(NEAR) == near(mounted)
    expect(mounted.widget.locator("li:visible")).to_have_count(2)
    with pytest.raises(CourseError, match="0 to 59"):
        mounted.do("widget.picked = 60")
    mounted.widget.get_by_role("button", name="Reset").click()
    mounted.settle()
    assert mounted.ask("[widget.picked, widget.k]") == [0, 5]


@pytest.mark.slow
def test_the_other_map_comes_from_python_and_stays(mounted):
    options = mounted.widget.locator("select option")
    expect(options).to_have_text(["PCA"])
    mounted.do("widget.method = 'tsne'")
    expect(options).to_have_text(["t-SNE", "PCA"])
    lies = mounted.shown()["xs"]
    mounted.choose("Map", "pca")
    assert mounted.shown()["xs"] != lies
    assert mounted.ask("widget.method") == "pca"


def test_it_can_be_read_on_dark_and_on_a_narrow_page(mounted):
    light = mounted.pixels(0)
    mounted.do("widget.picked = 3")
    mounted.choose_theme("dark")
    mounted.settle()
    assert mounted.theme() == ("dark", "dark")
    assert mounted.contrast() > 7
    assert mounted.pixels(0) != light
    mounted.narrow(480)
    assert mounted.beyond_the_edge() == []
