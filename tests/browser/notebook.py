"""A notebook in JupyterLab, driven by JupyterLab's own commands: their promises tell when something is done."""

import ast
import json
import re
import time

import nbformat
from browser.shown_widget import ShownWidget
from playwright.sync_api import expect

_OPEN = """path => {
    const panel = window.jupyterapp?.shell.currentWidget;
    return panel?.context?.path === path && panel.sessionContext;
}"""
# whether the notebook and its kernel are ready; a question to a kernel whose channels are still opening may be lost
_READY = """async (patience) => {
    const { context, revealed, sessionContext } = jupyterapp.shell.currentWidget;
    const wait = (time) => new Promise((done) => setTimeout(() => done(false), time));
    const opened = Promise.all([jupyterapp.restored, context.ready, revealed, sessionContext.ready]).then(() => true);
    const end = performance.now() + patience;
    let ready = await Promise.race([opened, wait(patience)]);
    if (!ready) return false;
    const { kernel } = sessionContext.session;
    const heard = kernel.info.then(() => true);
    for (ready = false; !ready && performance.now() < end; ) {
        const asked = kernel.requestKernelInfo().then(() => true, () => wait(500));
        ready = await Promise.race([heard, asked, wait(3000)]);
    }
    return ready;
}"""
_COMMAND = "([name, settings]) => jupyterapp.commands.execute(name, settings).then(() => null)"
_WRITE = """([index, source]) => {
    const { content } = jupyterapp.shell.currentWidget;
    content.widgets[index].model.sharedModel.setSource(source);
    content.activeCellIndex = index;
}"""
_EVALUATE = """async ([code, expression]) => {
    const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
    const question = { code, silent: true, store_history: false, user_expressions: { answer: expression } };
    const { content } = await kernel.requestExecute(question).done;
    return content.user_expressions?.answer ?? content;
}"""
_BRING = """async ([index, widget, patience]) => {
    const { content } = jupyterapp.shell.currentWidget;
    const end = performance.now() + patience;
    while (!document.querySelector(widget)?.clientWidth) { // what stands above may still grow
        if (performance.now() > end) return false;
        await content.scrollToItem(index, "center");
        await new Promise((done) => requestAnimationFrame(done));
    }
    return true;
}"""
_POPUPS = """new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
        for (const node of addedNodes)
            if (node.matches?.(".jp-Dialog, .Toastify__toast")) popsUp(node.innerText);
}).observe(document, { childList: true, subtree: true })"""


def watch(page):
    """Keeps in `page.complaints` what a page complains of, and in `page.popups` what JupyterLab puts over it."""
    page.complaints, page.popups = [], []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.expose_binding("popsUp", lambda _, text: page.popups.append(text))
    page.add_init_script(_POPUPS)
    return page


def write(lab, name, *sources, kernel="python3"):
    """A notebook with these cells in the laboratory's folder; its path there."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    chosen = {"kernelspec": {"name": kernel, "display_name": kernel}}  # else JupyterLab asks which
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=chosen), lab.folder / f"{name}.ipynb")
    return f"{name}.ipynb"


def wait_until_open(page, path, patience=60):
    """Waits until a notebook is in front, and its kernel there: before that, JupyterLab loses keys, or asks things.

    A page that does not come to that is loaded again, as a person would; the third time it is a failure.
    """
    for _ in range(3):
        page.wait_for_function(_OPEN, arg=path)
        if page.evaluate(_READY, 1000 * patience):
            return
        page.reload()
    raise AssertionError(f"{path} did not open with its kernel")


def eventually(question, answer, patience=60):
    """Waits for the kernel to hear what the page has told it: that travels on another way than a question does."""
    end = time.monotonic() + patience
    while (heard := question()) != answer:
        assert time.monotonic() < end, f"it stays {heard!r} instead of {answer!r}"
        time.sleep(0.05)


class Notebook:
    """A notebook, open in a JupyterLab of its own page."""

    def __init__(self, lab, page, path):
        self.lab, self.page, self.path = lab, page, path
        self.open()

    def open(self):
        """Open it in a fresh workspace, as it is on the disk, and wait for its kernel."""
        self.page.goto(self.lab.address(self.path))
        wait_until_open(self.page, self.path)

    def command(self, name, **settings):
        """One of JupyterLab's commands, to its end."""
        self.page.evaluate(_COMMAND, [name, settings])

    def run_all(self):
        """All cells, to their end."""
        self.command("notebook:run-all-cells")

    def run(self, index, source):
        """A cell with that source, to its end."""
        self.page.evaluate(_WRITE, [index, source])
        self.command("notebook:run-cell")

    def start(self, index, source):
        """A cell with that source, until it has begun."""
        self.page.evaluate(_WRITE, [index, source])
        self.page.evaluate("window.running = jupyterapp.commands.execute('notebook:run-cell'), null")
        expect(self.cell(index).locator(".jp-InputPrompt")).to_have_text("[*]:")

    def finish(self):
        """The end of the cell that was started."""
        self.page.evaluate("window.running.then(() => null)")

    def save(self):
        """As Control+s does."""
        self.command("docmanager:save")

    def do(self, code):
        """Run code in the kernel, without a cell."""
        self._evaluate(code, "None")

    def ask(self, expression):
        """What an expression is in the kernel, as JSON holds it."""
        return json.loads(ast.literal_eval(self._evaluate("import json", f"json.dumps({expression})")))

    def restart_kernel(self):
        """As the menu does, without its question."""
        self.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.restartKernel().then(() => null)")

    def shut_down(self):
        """All kernels of the laboratory, as if the server had been started anew."""
        self.page.evaluate("jupyterapp.serviceManager.sessions.shutdownAll()")

    def active_cell(self):
        """The number of the chosen cell, and how many there are."""
        return self.page.evaluate(
            "(({ content }) => [content.activeCellIndex, content.widgets.length])(jupyterapp.shell.currentWidget)"
        )

    def cell(self, index):
        return self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{index}"]')

    def bring(self, index, name, patience=60):
        """A cell's widget onto the screen; JupyterLab draws only the cells that are near it.

        Where it does not come, the saved notebook is opened again, as a person would; then it is a failure.
        """
        place = [index, f".dlc-{name}", 1000 * patience]
        if not self.page.evaluate(_BRING, place):
            self.open()
            assert self.page.evaluate(_BRING, place), f"{name} does not appear"
        view = ShownWidget(self.page, name)
        view.widget.first.scroll_into_view_if_needed()
        expect(view.widget.locator(".dlc-told").first).not_to_be_empty()
        return view

    def _evaluate(self, code, expression):
        answer = self.page.evaluate(_EVALUATE, [code, expression])
        assert answer["status"] == "ok", re.sub(r"\x1b\[[\d;]*m", "", "\n".join(answer["traceback"]))
        return answer["data"]["text/plain"]
