"""The widget Activations in JupyterLab."""

import pytest
from playwright.sync_api import expect

SETUP = (
    "from dlcourse.widgets import Activations\nimport numpy as np\n"
    "widget = Activations(['sigmoid', 'relu', 'yours'], own=np.sin)\nwidget"
)


@pytest.fixture(scope="module")
def opened(open_notebook):
    return open_notebook("activations", SETUP)


@pytest.fixture
def notebook(opened):
    opened.begin()
    yield opened
    assert opened.page.complaints == []


def curves(notebook):
    return notebook.widget.get_by_role("application")


def test_pointing_reads_and_a_click_stays(notebook):
    before = notebook.pixels(notebook.widget.locator("canvas").count() - 2)
    curves(notebook).hover(position={"x": 100, "y": 60})
    notebook.settle()
    looked_at = notebook.shown()["x"]
    assert looked_at != 1
    assert notebook.pixels(notebook.widget.locator("canvas").count() - 2) != before
    assert notebook.ask("widget.x") == 1
    curves(notebook).click(position={"x": 100, "y": 60})
    assert notebook.ask("widget.x") == looked_at


def test_arrow_keys_move_x_and_python_knows(notebook):
    curves(notebook).focus()
    for key in ("ArrowRight", "Shift+ArrowLeft", "Shift+ArrowLeft"):
        notebook.page.keyboard.press(key)
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("At x = −0.90")
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("Here ReLU is flat")
    assert notebook.ask("widget.x") == pytest.approx(-0.9)
    read = {one["name"]: one for one in notebook.shown()["read"]}
    assert read["sigmoid"]["value"] == pytest.approx(0.28905, abs=1e-5)
    assert read["yours"]["slope"] == pytest.approx(notebook.ask("float(np.cos(-0.9))"), abs=2e-3)


def test_functions_are_chosen_here_and_there(notebook):
    notebook.widget.get_by_role("button", name="GELU", exact=True).click()
    notebook.widget.get_by_role("button", name="your own").click()
    assert notebook.ask("widget.functions") == ["sigmoid", "relu", "gelu"]
    notebook.do("widget.functions = ['elu']; widget.x = -6")
    expect(notebook.widget.locator(".dlc-activations-readings")).to_have_text("ELU f = −1.00, slope = 0.00")
    notebook.do("widget.functions = []")
    expect(notebook.widget.locator(".dlc-told")).to_have_text("Choose a function above.")


def test_softmax_follows_the_keys_and_reaches_python(notebook):
    first = notebook.widget.get_by_label("Sum of class a")
    first.focus()
    for _ in range(5):
        notebook.page.keyboard.press("ArrowRight")
    notebook.widget.get_by_label("Temperature").focus()
    notebook.page.keyboard.press("ArrowRight")
    notebook.settle()
    assert notebook.ask("widget.logits") == [2.5, 1, 0, -1]
    assert notebook.ask("widget.temperature") > 1
    assert notebook.shown()["shares"] == pytest.approx(notebook.ask("widget.softmax().tolist()"), abs=1e-6)


def test_two_views_show_the_same(notebook):
    notebook.do("display(widget)")
    views = notebook.page.locator(".dlc-activations")
    expect(views).to_have_count(2)
    views.nth(1).get_by_role("button", name="tanh").click()
    expect(views.nth(0).get_by_role("button", name="tanh")).to_have_attribute("aria-pressed", "true")
    notebook.do("pass")
    expect(views).to_have_count(1)


def test_it_can_be_read_on_dark_and_on_a_narrow_page(notebook):
    notebook.choose_theme("JupyterLab Dark")
    assert notebook.contrast() > 7
    notebook.narrow(480)
    assert notebook.beyond_the_edge() == []
