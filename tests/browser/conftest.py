"""A real Chromium, a page with nothing but a widget for most tests, and JupyterLab for what only it can show."""

import os
import shutil
from pathlib import Path

import pytest
from browser.bare_page import BarePage
from browser.lab import opened
from browser.notebook import Notebook, watch, write
from playwright.sync_api import Error, expect, sync_playwright

PATIENCE = 120_000  # milliseconds: a busy machine is slow, and what never comes is a failure all the same
expect.set_options(timeout=PATIENCE)

_ROOT = Path(__file__).parents[2]
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(tryfirst=True)  # before the groups of whole folders are given
def pytest_collection_modifyitems(items):
    """Tests on both cores: those that share a page stay together, and so do those that share the laboratory."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            shared = "jupyterlab" if "lab" in item.fixturenames else item.path.stem
            item.add_marker(pytest.mark.xdist_group(shared))


@pytest.fixture(scope="session")
def chromium():
    """A browser: the system's, else Playwright's own."""
    installed = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=installed, args=_FLAGS)
        except Error as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"no Chromium here; install it, or run 'playwright install chromium' ({error.message[:60]}…)")
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def open_page(chromium):
    """Opens pages that have nothing in common; what they complain of is kept."""
    contexts = []

    def opened_page(**settings):
        contexts.append(chromium.new_context(viewport={"width": 1280, "height": 1000}, **settings))
        contexts[-1].set_default_timeout(PATIENCE)
        return watch(contexts[-1].new_page())

    yield opened_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def page(open_page):
    """A page of a module's own."""
    return open_page()


@pytest.fixture(scope="module")
def bare_page(page, request):
    """A page with the widget that the module's SETUP makes; the module is called after the widget."""
    return BarePage(page, request.path.stem.removeprefix("test_"), request.module.SETUP)


@pytest.fixture
def mounted(bare_page, caplog):
    """The module's widget as it began."""
    bare_page.begin()
    yield bare_page
    assert bare_page.page.complaints == []
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """The laboratory on a copy of the course."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(_ROOT / "course", folder / "course")
    with opened(folder) as running:
        yield running


@pytest.fixture(scope="module")
def open_notebook(lab, page):
    """Opens a notebook of the laboratory on the module's page, by its path or by name and cells."""

    def open_(name, *sources, **settings):
        return Notebook(lab, page, write(lab, name, *sources, **settings) if sources else name)

    return open_
