"""All widgets on one exported page, without a network and without a kernel."""

import pytest
from browser.gallery import CLASSES, PATH, cell_of, lives, name_of
from browser.shown_widget import ShownWidget
from playwright.sync_api import expect

from dlcourse.site import pages


def test_the_gallery_has_each_widget():
    assert len({cell_of(widget) for widget in CLASSES}) == len(CLASSES)


@pytest.fixture(scope="module")
def page(tmp_path_factory, open_page):
    """The gallery as a file, opened by a browser that has no network."""
    file = tmp_path_factory.mktemp("pages") / "gallery.html"
    file.write_text(pages.page(PATH), encoding="utf-8")
    page = open_page(offline=True)
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(file.as_uri())
    return page


@pytest.mark.parametrize("widget", CLASSES)
def test_an_exported_widget_lives(page, widget):
    shown = ShownWidget(page, name_of(widget))
    expect(shown.widget.locator(".dlc-told")).not_to_be_empty()
    lives(shown)
    assert page.complaints == []


def test_an_exported_page_asks_for_nothing(page):
    page.wait_for_load_state("networkidle")
    elsewhere = [address for address in page.asked if not address.startswith(("file:", "data:", "blob:"))]
    assert elsewhere == []
