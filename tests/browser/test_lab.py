"""What a learner meets after README's first command."""

import re
import urllib.request

from playwright.sync_api import expect


def test_the_lab_opens_the_map_and_its_links_lead_to_lessons(lab, page):
    page.goto(f"{lab.url}?token={lab.token}")  # no notebook named: the map is the default
    expect(page).to_have_title(re.compile("index"), timeout=60_000)
    expect(page.locator(".jp-Notebook h1").first).to_contain_text("Deep learning, from the inside", timeout=60_000)
    page.locator(".jp-Notebook .jp-OutputArea a", has_text="Hello, digits").click()
    lesson = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) h1").first
    expect(lesson).to_contain_text("Hello, digits", timeout=60_000)
    assert page.complaints == []


def test_nothing_pops_up(lab, page):
    page.goto(lab.address("course/index.ipynb"))
    expect(page.locator(".jp-Notebook h1").first).to_be_visible(timeout=60_000)
    page.wait_for_timeout(3000)
    assert page.locator(".jp-Dialog").count() == 0
    assert page.locator(".Toastify__toast").count() == 0


def test_the_default_address_is_the_map(lab):
    with urllib.request.urlopen(f"{lab.url}?token={lab.token}") as answer:
        assert "/lab/tree/course/index.ipynb" in answer.url


def test_a_cell_runs_and_the_map_is_drawn_anew(lab, page):
    page.goto(lab.address("course/index.ipynb"))
    expect(page.locator(".jp-Notebook h1").first).to_be_visible(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    prompt = page.locator(".jp-CodeCell .jp-InputPrompt").first
    expect(prompt).to_have_text(re.compile(r"\[\d+\]"), timeout=90_000)
    expect(page.locator(".jp-OutputArea h3").first).to_contain_text("1 Introduction")
