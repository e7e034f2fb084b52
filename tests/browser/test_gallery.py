"""All widgets on one page: each appears, in JupyterLab and on an exported page without a network or a kernel."""

import re

import nbformat
import pytest
from playwright.sync_api import expect

from dlcourse import course, widgets
from dlcourse.site import pages
from dlcourse.widgets.widget import Widget

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
    widget = exported.locator(f".dlc-{name}").first
    widget.scroll_into_view_if_needed()
    expect(widget.locator(".dlc-told").first).not_to_be_empty()
    before = _state(widget)
    picture = widget.get_by_role("application").first
    if picture.count():
        picture.focus()
        for key in ("ArrowRight", "ArrowDown", " "):
            exported.keyboard.press(key)
    _until_changed(exported, widget, before)
    assert exported.complaints == []


def test_an_exported_page_asks_for_nothing(exported):
    exported.wait_for_timeout(300)
    elsewhere = [address for address in exported.asked if not address.startswith(("file:", "data:", "blob:"))]
    assert elsewhere == []


def _state(widget):
    """All that its canvases and its live line show."""
    return widget.evaluate(
        "root => [...root.querySelectorAll('canvas')].map(canvas => canvas.width && canvas.toDataURL()).join()"
        " + root.querySelector('.dlc-told').textContent"
    )


def _until_changed(page, widget, before):
    for _ in range(40):
        if _state(widget) != before:
            return
        page.wait_for_timeout(100)
    raise AssertionError("nothing on it moves")
