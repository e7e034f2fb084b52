"""A notebook in JupyterLab with one widget, as the tests of all widgets use it."""

import json
import re

import nbformat
import numpy as np
from playwright.sync_api import expect

_EXECUTED = re.compile(r"\[\d+\]")
_SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


class Notebook:
    """A notebook with a widget in its first cell and a cell for questions below.

    The setup calls the widget `widget` and ends in it; `name` is that of the widget's files.
    """

    def __init__(self, lab, page, name, setup, kernel="python3"):
        self.page, self.name, self._lab = page, name, lab
        cells = [nbformat.v4.new_code_cell(setup), nbformat.v4.new_code_cell("")]
        chosen = {"kernelspec": {"name": kernel, "display_name": kernel}}  # else JupyterLab asks which
        self.path = lab.folder / f"{name}.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=chosen), self.path)
        self.open()
        self.run(0)

    def open(self):
        """Open it in a fresh workspace, as it is on the disk."""
        self.page.goto(self._lab.address(self.path.name))
        expect(self.cell(0)).to_be_visible(timeout=60_000)

    @property
    def widget(self):
        """Its root element; two of them where the widget is shown twice."""
        return self.page.locator(f".dlc-{self.name}")

    def begin(self):
        """The widget as it began."""
        self.widget.get_by_role("button", name="Reset").click()
        self.page.mouse.move(5, 5)
        self.settle()

    def settle(self):
        """Waits for two frames: what was asked for is drawn."""
        self.page.evaluate(_SETTLED)

    def choose(self, label, option):
        """An option from one of the widget's lists."""
        self.widget.locator("label", has_text=label).locator("select").select_option(option)
        self.settle()

    def told(self):
        """The line that says in words what is seen."""
        return self.widget.locator(".dlc-told").inner_text()

    def shown(self):
        """The numbers that are on the screen, as the widget leaves them at its root."""
        return self.widget.evaluate(
            "root => JSON.parse(JSON.stringify(root.shown, (_, value) =>"
            " ArrayBuffer.isView(value) ? Array.from(value) : value))"
        )

    def pixels(self, canvas=0):
        """What one of the widget's canvases shows."""
        return self.widget.locator("canvas").nth(canvas).evaluate("canvas => canvas.toDataURL()")

    def do(self, code):
        """Run code in the cell below the widget."""
        editor = self.cell(1).locator(".jp-InputArea-editor .cm-content")
        editor.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(f"import json\nimport numpy as np\n{code}")
        self.run(1)

    def ask(self, expression):
        """What an expression is in Python."""
        self.do(f"print(json.dumps({expression}))")
        return json.loads(self.cell(1).locator(".jp-OutputArea-output pre").inner_text())

    def cell(self, index):
        """One of the two cells."""
        return self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{index}"]')

    def run(self, index, patience=240):
        """Run a cell, and wait until it is done."""
        prompt = self.cell(index).locator(".jp-InputPrompt")
        before = prompt.inner_text()
        for _ in range(patience):
            now = prompt.inner_text()
            if now != before and _EXECUTED.search(now):
                return
            if "*" not in now:  # not sent yet, or lost: the first keys after loading often are
                self.cell(index).locator(".jp-InputArea-editor .cm-content").click()
                self.page.keyboard.press("Control+Enter")
            self.page.wait_for_timeout(400)
        raise AssertionError(f"cell {index} did not finish: {prompt.inner_text()}")

    def start(self, index):
        """Run a cell, and wait until it has begun."""
        prompt = self.cell(index).locator(".jp-InputPrompt")
        for _ in range(100):
            self.cell(index).locator(".jp-InputArea-editor .cm-content").click()
            self.page.keyboard.press("Control+Enter")
            self.page.wait_for_timeout(400)
            if "*" in prompt.inner_text():
                return
        raise AssertionError(f"cell {index} did not begin")

    def choose_theme(self, name):
        """JupyterLab's theme, as a learner chooses it from the menu."""
        self.page.get_by_role("menuitem", name="Settings", exact=True).click()
        menu = self.page.locator(".lm-Menu-item")
        menu.filter(has_text=re.compile("^Theme$")).click()
        menu.filter(has_text=re.compile(f"^{name}$")).click()
        light = "false" if "Dark" in name else "true"
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-light", light, timeout=20_000)
        self.page.wait_for_timeout(300)
        self.settle()

    def contrast(self):
        """WCAG's contrast between the widget's letters and its paper."""
        colours = self.widget.evaluate("root => [getComputedStyle(root).backgroundColor, getComputedStyle(root).color]")
        low, high = sorted(map(_lightness, colours))
        return (high + 0.05) / (low + 0.05)

    def narrow(self, width):
        """A window as narrow as that, with the file browser folded away."""
        folded = self.page.locator(".jp-SideBar.jp-mod-left .lm-TabBar-tab.lm-mod-current")
        if folded.count():
            folded.click()
        self.page.set_viewport_size({"width": width, "height": 1000})
        self.page.wait_for_function(f"document.querySelector('.dlc-{self.name}').clientWidth < {width - 40}")
        self.settle()
        assert self.widget.evaluate("root => root.clientWidth") > 0.6 * width

    def beyond_the_edge(self):
        """What of the widget stands out to the right of it."""
        return self.widget.evaluate(
            """root => Array.from(root.querySelectorAll('*'))
                .filter(part => !part.closest('.dlc-code pre, .dlc-scrolls'))
                .filter(part => part.getBoundingClientRect().right > root.getBoundingClientRect().right + 1)
                .map(part => part.outerHTML.slice(0, 80))"""
        )


def _lightness(colour):
    shares = np.array([float(number) for number in re.findall(r"[\d.]+", colour)[:3]]) / 255
    return np.where(shares <= 0.03928, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]
