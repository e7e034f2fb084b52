"""What becomes of a widget when its notebook is saved and reopened, or its kernel is restarted."""

import json
import re
import urllib.request

import pytest
from playwright.sync_api import expect

SETUP = "from dlcourse.widgets import Kernels\nwidget = Kernels('coins')\nwidget"


@pytest.fixture
def notebook(open_notebook, lab):
    notebook = open_notebook("kernels", SETUP)
    yield notebook
    assert notebook.page.complaints == []
    end_kernels(lab)
    notebook.page.close()


def end_kernels(lab):
    """Ends every session, as if the server had been restarted."""
    for session in asked(lab, "sessions"):
        asked(lab, f"sessions/{session['id']}", "DELETE")


def asked(lab, what, method="GET"):
    request = urllib.request.Request(
        f"{lab.url}api/{what}", method=method, headers={"Authorization": f"token {lab.token}"}
    )
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def save(notebook):
    notebook.page.keyboard.press("Escape")
    notebook.page.keyboard.press("Control+s")
    expect(notebook.page.locator(".jp-DocumentWidget .lm-mod-current.jp-mod-dirty")).to_have_count(0)
    for _ in range(100):
        if "widgets" in json.loads(notebook.path.read_text())["metadata"]:
            return
        notebook.page.wait_for_timeout(100)
    raise AssertionError("the notebook was saved without its widgets")


def test_a_saved_notebook_opens_with_its_widget_alive(notebook, lab):
    notebook.choose("Kernel", "Laplace")
    save(notebook)
    end_kernels(lab)
    notebook.open()
    expect(notebook.widget.locator("canvas").first).to_be_visible(timeout=60_000)
    assert notebook.widget.locator("select").first.input_value() == "Laplace"
    before = notebook.pixels(1)
    notebook.choose("Kernel", "emboss")
    assert notebook.pixels(1) != before


def test_a_restarted_kernel_leaves_the_widget_alive(notebook):
    before = notebook.shown()
    notebook.page.get_by_role("menuitem", name="Kernel", exact=True).click()
    notebook.page.locator(".lm-Menu-item", has_text=re.compile("^Restart Kernel…")).click()
    notebook.page.locator(".jp-Dialog button", has_text="Restart").click()
    expect(notebook.page.locator(".jp-Notebook-ExecutionIndicator").first).to_have_attribute(
        "data-status", "idle", timeout=60_000
    )
    assert notebook.shown() == before
    picture = notebook.pixels(1)
    notebook.choose("Kernel", "emboss")
    assert notebook.pixels(1) != picture  # it needs no kernel
