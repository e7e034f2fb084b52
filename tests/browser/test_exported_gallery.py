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


def test_an_exported_answer_is_covered_and_a_guess_is_kept_in_the_browser(page):
    answer = page.locator(".dlc-answer")
    question = page.locator(".dlc-predict")
    expect(answer.get_by_text("Covered until")).to_be_visible()
    assert "millionth" not in answer.aria_snapshot()
    for index in (cell_of("Predict"), cell_of("Predict") + 1):  # no still picture stands beside a living widget
        assert page.locator(".jp-Cell").nth(index).locator("img").count() == 0
    question.get_by_label("Your guess").fill("0.01")
    question.get_by_role("button", name="Commit").click()
    expect(answer).to_contain_text("You said 0.01, it is 9.5e-7: 10,000 times too large.")
    page.reload()
    expect(answer).to_contain_text("You said 0.01, it is 9.5e-7")
    expect(question.get_by_label("Your guess")).to_have_value("0.01")
    question.get_by_role("button", name="Guess again").click()
    expect(answer.get_by_text("Covered until")).to_be_visible()
    page.reload()
    expect(answer.get_by_text("Covered until")).to_be_visible()
    assert page.complaints == []


def test_an_exported_page_asks_for_nothing(page):
    page.wait_for_load_state("networkidle")
    elsewhere = [address for address in page.asked if not address.startswith(("file:", "data:", "blob:"))]
    assert elsewhere == []
