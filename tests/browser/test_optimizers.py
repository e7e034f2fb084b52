"""The widget Optimizers in JupyterLab."""

import pytest
from playwright.sync_api import expect

SETUP = "from dlcourse.widgets import Optimizers\nwidget = Optimizers('banana')\nwidget"


@pytest.fixture(scope="module")
def opened(open_notebook):
    return open_notebook("optimizers", SETUP)


@pytest.fixture
def notebook(opened):
    opened.begin()
    yield opened
    assert opened.page.complaints == []


def surface(notebook):
    return notebook.widget.get_by_role("application")


def test_the_start_is_dragged_and_python_knows(notebook):
    before = notebook.pixels(0)
    box = surface(notebook).bounding_box()
    notebook.page.mouse.move(box["x"] + 100, box["y"] + 100)
    notebook.page.mouse.down()
    notebook.page.mouse.move(box["x"] + 300, box["y"] + 200)
    notebook.settle()
    assert notebook.pixels(0) != before
    notebook.page.mouse.up()
    zoom = 6 / box["width"]
    assert notebook.ask("widget.start") == pytest.approx([300 * zoom - 3, 3 - 200 * zoom], abs=0.02)


def test_a_click_starts_there_and_the_paths_are_python_s(notebook):
    surface(notebook).click(position={"x": 300, "y": 200})
    notebook.settle()
    start = notebook.ask("widget.start")
    assert start == pytest.approx([1.5, 0], abs=0.05)
    for path in notebook.shown()["paths"]:
        expected = notebook.ask(f"widget.paths()['{path['name']}'].tolist()")
        assert path["xs"] == pytest.approx([x for x, _ in expected], abs=1e-5)
        assert path["ys"] == pytest.approx([y for _, y in expected], abs=1e-5)


def test_arrow_keys_move_the_start(notebook):
    before = notebook.pixels(0)
    surface(notebook).focus()
    for key in ("ArrowRight", "Shift+ArrowDown"):
        notebook.page.keyboard.press(key)
    notebook.settle()
    assert notebook.pixels(0) != before
    assert notebook.ask("widget.start") == pytest.approx([-2.45, 1.0])


def test_rates_and_racers_are_chosen(notebook):
    notebook.widget.get_by_role("button", name="RMSProp").click()
    field = notebook.widget.get_by_label("Learning rate of SGD")
    field.fill("50")
    field.press("Enter")
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("SGD flew away: the rate is too large")
    assert notebook.ask("[widget.optimizers, widget.rates['sgd']]") == [["sgd", "momentum", "rmsprop", "adam"], 50]
    field.fill("fast")
    field.press("Enter")
    expect(notebook.widget.get_by_role("alert")).to_have_text("“fast” is no number; it stays 50.")


def test_it_plays_and_tells_python_when_it_rests(notebook):
    notebook.widget.get_by_role("button", name="Play").click()
    expect(notebook.widget.get_by_role("button", name="Pause")).to_be_visible()
    expect(notebook.widget.get_by_role("button", name="Play")).to_be_visible(timeout=15_000)
    assert notebook.ask("widget.step") == 150
    notebook.widget.get_by_role("button", name="One step back").click()
    assert notebook.ask("widget.step") == 149


def test_python_sets_what_is_seen(notebook):
    before = notebook.pixels(0)
    notebook.do("widget.surface = 'bumps'; widget.step = 3; widget.noise = 1")
    notebook.settle()
    assert notebook.pixels(0) != before
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("After 3 steps")


def test_the_code_shown_runs(notebook):
    notebook.choose("Rates", "cosine")
    notebook.widget.get_by_role("button", name="Show as Keras").click()
    notebook.settle()
    code = notebook.widget.locator(".dlc-code code").inner_text()
    notebook.widget.get_by_role("button", name="Hide the code").click()
    notebook.do("model = __import__('keras').Sequential()\n" + code)
    assert notebook.ask("[type(one).__name__ for one in optimizers.values()]") == ["SGD", "SGD", "Adam"]
    rate = "float(optimizers['adam'].learning_rate), float(optimizers['momentum'].momentum)"
    assert notebook.ask(f"[{rate}]") == pytest.approx([0.1, 0.9])


def test_two_views_show_the_same(notebook):
    notebook.do("display(widget)")
    views = notebook.page.locator(".dlc-optimizers")
    expect(views).to_have_count(2)
    views.nth(1).locator("label", has_text="Surface").locator("select").select_option("saddle")
    expect(views.nth(0).locator("select").first).to_have_value("saddle")
    notebook.do("pass")
    expect(views).to_have_count(1)


def test_it_can_be_read_on_dark_and_on_a_narrow_page(notebook):
    notebook.choose_theme("JupyterLab Dark")
    assert notebook.contrast() > 7
    notebook.narrow(480)
    assert notebook.beyond_the_edge() == []
