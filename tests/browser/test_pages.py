"""Pages on a phone and on a desk: what is too wide can be scrolled, and the glossary can be searched."""

from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from dlcourse.course import GLOSSARY
from dlcourse.site import pages

ROOT = Path(__file__).parents[2]
_HIDDEN_PARTS = """() => Array.from(document.querySelectorAll("main *"))
    .filter((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0)
    .filter((part) => getComputedStyle(part).overflowX === "hidden")
    .map((part) => part.textContent.slice(0, 80))"""


@pytest.fixture
def made(tmp_path, page):
    """Opens the page that is made of a notebook."""

    def opened(notebook):
        file = tmp_path / "page.html"
        file.write_text(pages.page(notebook), encoding="utf-8")
        page.goto(file.as_uri())
        return page

    return opened


def test_the_glossary_shows_the_terms_that_hold_what_is_typed(made):
    page = made(ROOT / GLOSSARY)
    field = page.get_by_role("searchbox", name="Search the glossary")
    field.fill("SADDLE point")
    expect(page.get_by_role("heading", name="Saddle point")).to_be_visible()
    expect(page.get_by_role("heading", name="Gradient", exact=True)).to_be_hidden()
    count = page.get_by_role("heading", level=3, include_hidden=True).count()
    expect(page.get_by_role("status")).to_have_text(f"1 of {count} terms")
    field.fill("no such thing")
    expect(page.get_by_role("status")).to_have_text(f"0 of {count} terms")
    field.fill("")
    expect(page.get_by_role("heading", name="Gradient", exact=True)).to_be_visible()
    assert page.complaints == []


def test_on_a_phone_long_code_is_scrolled_and_nothing_is_cut_off(made, tmp_path):
    code = nbformat.v4.new_code_cell(f"text = '{'long ' * 40}'\nprint(text)")
    nbformat.write(nbformat.v4.new_notebook(cells=[code]), tmp_path / "long.ipynb")
    page = made(tmp_path / "long.ipynb")
    page.set_viewport_size({"width": 390, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(_HIDDEN_PARTS) == []
    line = page.locator(".highlight pre").first
    assert line.evaluate("part => (part.scrollLeft = 100, part.scrollLeft)") == 100
