"""The widget Kernels in JupyterLab: what a learner does with it, and what Python then knows."""

import json
import re

import nbformat
import numpy as np
import pytest
from playwright.sync_api import expect

from dlcourse.widgets.presets import preset

SETUP = "from dlcourse.widgets import Kernels\nwidget = Kernels('coins')\nwidget"
EXECUTED = re.compile(r"\[\d+\]")


class Notebook:
    """A notebook in JupyterLab, with a widget in its first cell and a cell for questions below."""

    def __init__(self, lab, page, name):
        self.page, self.name, self._lab = page, name, lab
        cells = [nbformat.v4.new_code_cell(SETUP), nbformat.v4.new_code_cell("")]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}  # else JupyterLab asks which
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), lab.folder / name)
        page.goto(lab.address(name))
        expect(self._cell(0)).to_be_visible(timeout=60_000)
        self._run(0)

    @property
    def widget(self):
        return self.page.locator(".dlc-kernels")

    @property
    def picture(self):
        return self.widget.get_by_role("application")

    def choose(self, label, option):
        self.widget.locator("label", has_text=label).locator("select").select_option(option)

    def told(self):
        return self.widget.locator(".dlc-told").inner_text()

    def shown(self):
        """The numbers on the screen."""
        height, width, values, rectified = self.widget.evaluate(
            "({ shown }) => [shown.height, shown.width, Array.from(shown.values), shown.rectified]"
        )
        return np.maximum(np.reshape(values, (height, width)), 0 if rectified else -np.inf)

    def colours(self, canvas=1):
        """What a canvas shows: 0 the picture, 1 the output."""
        return self.widget.locator("canvas").nth(canvas).evaluate("canvas => canvas.toDataURL()")

    def do(self, code):
        """Run code in the cell below the widget."""
        editor = self._cell(1).locator(".jp-InputArea-editor .cm-content")
        editor.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(f"import json\nimport numpy as np\n{code}")
        self._run(1)

    def ask(self, expression):
        """What an expression is in Python."""
        self.do(f"print(json.dumps({expression}))")
        return json.loads(self._cell(1).locator(".jp-OutputArea-output pre").inner_text())

    def _cell(self, index):
        return self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{index}"]')

    def _run(self, index):
        prompt = self._cell(index).locator(".jp-InputPrompt")
        before = prompt.inner_text()
        for _ in range(240):
            now = prompt.inner_text()
            if now != before and EXECUTED.search(now):
                return
            if "*" not in now:  # not sent yet, or lost: the first keys after loading often are
                self._cell(index).locator(".jp-InputArea-editor .cm-content").click()
                self.page.keyboard.press("Control+Enter")
            self.page.wait_for_timeout(400)
        raise AssertionError(f"cell {index} did not finish: {prompt.inner_text()}")


@pytest.fixture(scope="module")
def browser_page(chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    context.close()


@pytest.fixture(scope="module")
def opened(lab, browser_page):
    """One notebook for all tests here: a kernel with TensorFlow takes its time to start."""
    return Notebook(lab, browser_page, "kernels.ipynb")


@pytest.fixture
def notebook(opened):
    """The widget as it began."""
    opened.widget.get_by_role("button", name="Reset").click()
    opened.page.mouse.move(5, 5)
    settle(opened)
    yield opened
    assert opened.page.complaints == []


def settle(notebook):
    """Waits for two frames: what was asked for is drawn."""
    notebook.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_a_preset_repaints_and_reaches_python(notebook):
    before = notebook.colours()
    notebook.choose("Kernel", "Laplace")
    settle(notebook)
    assert notebook.colours() != before
    assert notebook.ask("widget.kernel") == preset("Laplace").tolist()


def test_the_numbers_on_the_screen_are_those_of_keras(notebook):
    notebook.choose("Kernel", "sharpen")
    notebook.choose("Size", "5")
    notebook.choose("Padding", "same")
    notebook.choose("Stride", "2")
    notebook.widget.get_by_role("checkbox", name="ReLU").check()
    settle(notebook)
    shown = notebook.shown()
    np.testing.assert_allclose(shown, notebook.ask("widget.output().tolist()"), atol=1e-5)
    notebook.widget.get_by_role("button", name="Show as Keras").click()
    settle(notebook)
    code = notebook.widget.locator(".dlc-code code").inner_text()
    notebook.widget.get_by_role("button", name="Hide the code").click()
    notebook.do(code)
    by_keras = notebook.ask("np.asarray(output).tolist()")
    np.testing.assert_allclose(shown, by_keras, atol=1e-5)


def test_arrow_keys_move_the_window_and_not_the_notebook(notebook):
    row, column = notebook.ask("widget.position")
    told, picture = notebook.told(), notebook.colours(0)
    notebook.picture.focus()
    for key in ("ArrowDown", "ArrowRight", "Shift+ArrowRight"):
        notebook.page.keyboard.press(key)
    settle(notebook)
    assert notebook.colours(0) != picture
    expect(notebook.widget.locator(".dlc-told")).to_contain_text(f"Row {row + 1}, column {column + 11}:")
    assert notebook.told() != told
    expect(notebook.picture).to_be_focused()
    assert notebook.ask("widget.position") == [row + 1, column + 11]


def test_pointing_looks_and_a_click_stays(notebook):
    position = notebook.ask("widget.position")
    notebook.picture.hover(position={"x": 40, "y": 30})
    settle(notebook)
    looked_at = float(notebook.widget.get_attribute("data-value"))
    assert notebook.ask("widget.position") == position  # looking is not choosing
    notebook.picture.click(position={"x": 40, "y": 30})
    value, place = notebook.ask("[float(widget.output()[widget.position]), widget.position]")
    assert place != position
    assert value == pytest.approx(looked_at, abs=1e-5)


def test_a_weight_is_typed_and_stepped(notebook):
    weight = notebook.widget.get_by_label("Weight in row 2, column 3")
    weight.fill("1/4")
    weight.press("Enter")
    weight.press("ArrowUp")
    assert notebook.ask("widget.kernel[1]") == [-1, 0, 0.35]
    weight.fill("much")
    weight.press("Enter")
    expect(notebook.widget.get_by_role("alert")).to_have_text("“much” is no number; it stays 0.35.")
    assert notebook.ask("widget.kernel[1]") == [-1, 0, 0.35]


def test_python_sets_what_is_seen(notebook):
    before = notebook.colours()
    notebook.do("widget.image = np.tile(np.eye(9), (2, 3)); widget.kernel = [[3]]; widget.position = (9, 18)")
    expect(notebook.widget).to_have_attribute("data-value", "3")
    assert notebook.colours() != before
    np.testing.assert_array_equal(notebook.shown(), 3 * np.tile(np.eye(9), (2, 3)))
    expect(notebook.widget.get_by_role("button", name="red")).to_be_hidden()  # a picture without colours
    notebook.do("widget.kernel = np.zeros((11, 11)); widget.dilation = 2")
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("does not fit into a picture of 18 × 27")
    notebook.choose("Padding", "same")
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("the products sum to 0.00")


def test_stride_and_dilation_exclude_each_other_with_a_reason(notebook):
    notebook.choose("Stride", "2")
    notebook.choose("Dilation", "3")
    expect(notebook.widget.get_by_role("alert")).to_contain_text("not both: the stride is 1 now")
    assert notebook.ask("[widget.stride, widget.dilation]") == [1, 3]


def test_own_pictures_by_file_and_by_hand(notebook, tmp_path):
    (tmp_path / "notes.txt").write_text("no picture")
    files = notebook.widget.locator("input[type=file]")
    files.set_input_files(tmp_path / "notes.txt")
    expect(notebook.widget.get_by_role("alert")).to_contain_text("notes.txt is no picture that this browser can read")
    notebook.widget.locator("canvas").first.screenshot(path=tmp_path / "mine.png")
    files.set_input_files(tmp_path / "mine.png")
    expect(notebook.widget.locator("figcaption").first).to_contain_text("mine.png")
    assert notebook.ask("[widget.image.name, widget.image.pixels.shape[1]]") == ["mine.png", 240]

    notebook.widget.get_by_role("button", name="Draw").click()
    notebook.picture.hover(position={"x": 50, "y": 50})
    notebook.page.mouse.down()
    notebook.picture.hover(position={"x": 200, "y": 90})
    notebook.page.mouse.up()
    notebook.widget.get_by_role("button", name="Done").click()
    name, ink = notebook.ask("[widget.image.name, int((widget.image.pixels > 128).sum())]")
    assert name == "a drawing"
    assert ink > 20


def test_a_camera_that_is_not_there_is_explained(notebook):
    notebook.widget.get_by_role("button", name="Camera").click()
    expect(notebook.widget.get_by_role("alert")).to_contain_text("or upload a picture")


def test_two_views_show_the_same_and_stay_two(notebook):
    notebook.do("display(widget)")
    views = notebook.page.locator(".dlc-kernels")
    expect(views).to_have_count(2)
    views.nth(1).locator("label", has_text="Kernel").locator("select").select_option("emboss")
    settle(notebook)
    values = views.evaluate_all("roots => roots.map(root => root.dataset.value)")
    assert values[0] == values[1]
    notebook.do("pass")  # the second view is gone, and its listeners with it
    expect(views).to_have_count(1)
    notebook.choose("Kernel", "identity")
    settle(notebook)


def test_it_can_be_read_on_dark_and_on_a_narrow_page(notebook):
    light = notebook.colours()
    notebook.page.get_by_role("menuitem", name="Settings", exact=True).click()
    menu = notebook.page.locator(".lm-Menu-item")
    menu.filter(has_text=re.compile("^Theme$")).click()
    menu.filter(has_text=re.compile("^JupyterLab Dark$")).click()
    expect(notebook.page.locator("body")).to_have_attribute("data-jp-theme-light", "false", timeout=20_000)
    notebook.page.wait_for_function(
        "before => document.querySelectorAll('.dlc-kernels canvas')[1].toDataURL() != before", arg=light
    )
    page_colour, ink = notebook.widget.evaluate(
        "root => [getComputedStyle(root).backgroundColor, getComputedStyle(root).color]"
    )
    assert contrast(page_colour, ink) > 7
    notebook.page.locator(".jp-SideBar.jp-mod-left .lm-TabBar-tab.lm-mod-current").click()  # the file browser away
    notebook.page.set_viewport_size({"width": 480, "height": 1000})
    notebook.page.wait_for_function("document.querySelector('.dlc-kernels').clientWidth < 440")
    settle(notebook)
    assert notebook.widget.evaluate("root => root.clientWidth") > 300
    beyond = notebook.widget.evaluate(
        """root => Array.from(root.querySelectorAll('*'))
            .filter(part => part.getBoundingClientRect().right > root.getBoundingClientRect().right + 1)
            .map(part => part.outerHTML.slice(0, 80))"""
    )
    assert beyond == []


def contrast(one, other):
    """WCAG's contrast of two colours."""

    def lightness(colour):
        shares = np.array([float(number) for number in re.findall(r"[\d.]+", colour)[:3]]) / 255
        return np.where(shares <= 0.03928, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]

    high, low = sorted([lightness(one), lightness(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)
