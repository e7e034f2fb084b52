"""What a learner meets after README's first command."""

import urllib.request

import pytest
from browser.notebook import wait_until_open
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def learner(lab, page):
    """Somebody who has named no notebook: the map is the default."""
    page.goto(f"{lab.url}?token={lab.token}")
    wait_until_open(page, "course/index.ipynb")
    return page


def title(learner):
    """Of the notebook in front."""
    return learner.locator(".jp-NotebookPanel:not(.lm-mod-hidden) h1").first


def test_the_default_address_is_the_map(lab):
    with urllib.request.urlopen(f"{lab.url}?token={lab.token}") as answer:
        assert "/lab/tree/course/index.ipynb" in answer.url


def test_the_lab_opens_the_map_and_its_cell_draws_it_anew(learner):
    expect(title(learner)).to_contain_text("Deep learning, from the inside")
    modules = learner.locator(".jp-OutputArea h3")
    learner.evaluate("jupyterapp.commands.execute('notebook:clear-all-cell-outputs').then(() => null)")
    expect(modules).to_have_count(0)
    learner.get_by_role("menuitem", name="Run", exact=True).click()
    learner.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    expect(modules.first).to_contain_text("1 Introduction")


def test_the_maps_links_lead_to_lessons_and_nothing_pops_up(learner):
    learner.locator(".jp-Notebook .jp-OutputArea a", has_text="Hello, digits").click()
    expect(title(learner)).to_contain_text("Hello, digits")
    assert learner.complaints == []
    assert learner.popups == []
