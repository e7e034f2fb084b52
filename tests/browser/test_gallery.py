"""All widgets on one page: each appears, in JupyterLab and on an exported page without a network or a kernel."""

import json
import re
import urllib.request

import nbformat
import pytest
from playwright.sync_api import expect

from dlcourse import course, widgets
from dlcourse.site import pages
from dlcourse.widgets.shared.widget import Widget

GALLERY = course.root() / "course/gallery.ipynb"
NAMES = sorted(
    re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
    for name in widgets.__all__
    if isinstance(getattr(widgets, name), type) and issubclass(getattr(widgets, name), Widget)
)


def test_the_gallery_has_each_widget_and_its_still_picture():
    shown = " ".join(cell.source for cell in nbformat.read(GALLERY, 4).cells if cell.cell_type == "code")
    for name in widgets.__all__:
        if isinstance(getattr(widgets, name), type) and issubclass(getattr(widgets, name), Widget):
            assert f"widgets.{name}(" in shown


@pytest.fixture(scope="module")
def exported(tmp_path_factory, chromium):
    """The gallery as a file, opened by a browser that has no network."""
    file = tmp_path_factory.mktemp("pages") / "gallery.html"
    file.write_text(pages.page(GALLERY), encoding="utf-8")
    context = chromium.new_context(viewport={"width": 1200, "height": 1000}, offline=True)
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(file.as_uri())
    yield page
    context.close()


@pytest.mark.parametrize("name", NAMES)
def test_an_exported_widget_lives(exported, name):
    _lives(exported, name)
    assert exported.complaints == []


def test_an_exported_page_asks_for_nothing(exported):
    exported.wait_for_timeout(300)
    elsewhere = [address for address in exported.asked if not address.startswith(("file:", "data:", "blob:"))]
    assert elsewhere == []


@pytest.fixture(scope="module")
def opened(lab, chromium):
    """The gallery in JupyterLab, all of it run and then saved."""
    page = chromium.new_context(viewport={"width": 1280, "height": 1000}).new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(lab.address("course/gallery.ipynb"))
    expect(page.locator(".jp-Notebook h1").first).to_be_visible(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    for name in NAMES:
        _scroll_to(page, name)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+s")
    file = lab.folder / "course/gallery.ipynb"
    for _ in range(300):
        if _widgets_in(file) >= len(NAMES):
            break
        page.wait_for_timeout(100)
    else:
        raise AssertionError("the notebook was saved without its widgets")
    yield page
    page.context.close()


def test_a_restarted_kernel_leaves_each_widget_alive(opened):
    opened.get_by_role("menuitem", name="Kernel", exact=True).click()
    opened.locator(".lm-Menu-item", has_text=re.compile("^Restart Kernel…")).click()
    opened.locator(".jp-Dialog button", has_text="Restart").click()
    expect(opened.locator(".jp-Notebook-ExecutionIndicator").first).to_have_attribute(
        "data-status", "idle", timeout=60_000
    )
    for name in NAMES:
        _scroll_to(opened, name)
        _lives(opened, name)
    assert opened.complaints == []


def test_a_saved_notebook_opens_with_each_widget_alive(opened, lab):
    """Without a kernel of those days, as if the server had been restarted."""
    for session in _ask(lab, "sessions"):
        _ask(lab, f"sessions/{session['id']}", "DELETE")
    opened.goto(lab.address("course/gallery.ipynb"))
    expect(opened.locator(".jp-Notebook h1").first).to_be_visible(timeout=60_000)
    for name in NAMES:
        _scroll_to(opened, name)
        _lives(opened, name)
    assert opened.complaints == []


def _widgets_in(file):
    """How many widgets a notebook holds; none while it is being written."""
    try:
        saved = json.loads(file.read_text(encoding="utf-8"))["metadata"].get("widgets", {})
    except json.JSONDecodeError:
        return 0
    return sum("_esm" in model["state"] for part in saved.values() for model in part["state"].values())


def _ask(lab, what, method="GET"):
    request = urllib.request.Request(
        f"{lab.url}api/{what}", method=method, headers={"Authorization": f"token {lab.token}"}
    )
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def _scroll_to(page, name, patience=600):
    """Brings a widget onto the screen; JupyterLab draws only the cells that are near it."""
    panel = page.locator(".jp-WindowedPanel-outer").first
    widget = page.locator(f".dlc-{name}").first
    panel.evaluate("panel => panel.scrollTop = 0")
    for _ in range(patience):
        if widget.count() and widget.is_visible():
            widget.scroll_into_view_if_needed()
            expect(widget.locator(".dlc-told").first).not_to_be_empty()
            return
        if panel.evaluate("panel => (panel.scrollTop += 500) + panel.clientHeight >= panel.scrollHeight - 2"):
            panel.evaluate("panel => panel.scrollTop = 0")
        page.wait_for_timeout(100)
    raise AssertionError(f"{name} does not appear")


def _lives(page, name):
    """Something moves when a learner does something."""
    widget = page.locator(f".dlc-{name}").first
    widget.scroll_into_view_if_needed()
    expect(widget.locator(".dlc-told").first).not_to_be_empty()
    before = _state(widget)
    _touch(page, widget)
    for _ in range(50):
        if _state(widget) != before:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"nothing on {name} moves")


def _touch(page, widget):
    """The main picture's keys, where it has some; else the first slider or box."""
    picture = widget.get_by_role("application").first
    if picture.count():
        picture.focus()
        for key in ("ArrowRight", "ArrowDown", " "):
            page.keyboard.press(key)
        return
    control = widget.locator("input[type=range], input[type=checkbox]").first
    control.focus()
    page.keyboard.press("ArrowRight" if control.get_attribute("type") == "range" else " ")


def _state(widget):
    """All that its canvases and its live line show."""
    return widget.evaluate(
        "root => [...root.querySelectorAll('canvas')].map(canvas => canvas.width && canvas.toDataURL()).join()"
        " + root.querySelector('.dlc-told').textContent"
    )
