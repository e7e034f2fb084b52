"""JupyterLab as `dlcourse lab` starts it, and a real Chromium to look at it."""

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser.notebook import Notebook
from playwright.sync_api import Error, sync_playwright

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


@dataclass
class Lab:
    """A running JupyterLab, on a copy of the course that a test may change."""

    url: str
    token: str
    folder: Path

    def address(self, notebook: str) -> str:
        """Where a notebook opens in a fresh workspace."""
        return f"{self.url}lab/tree/{notebook}?token={self.token}&reset"


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """The laboratory on a copy of the course."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(_ROOT / "course", folder / "course")
    with opened(folder) as running:
        yield running


@contextmanager
def opened(folder, **environment):
    """Start the laboratory as a person does who has nothing but that folder: without a window and without a home."""
    runtime = folder / "runtime"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    own = {"HOME": str(folder), "JUPYTER_RUNTIME_DIR": str(runtime), "DLCOURSE_CACHE": str(folder / "cache")}
    command = [sys.executable, "-m", "dlcourse", "lab", "--no-browser", str(folder)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, env=inherited | own | environment, stdout=log, stderr=log, cwd=folder)
    try:
        yield _running(server, runtime, folder)
    finally:
        server.terminate()
        server.wait(30)


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


@pytest.fixture
def page(chromium):
    """A page of its own, with what it complains of kept in `page.complaints`."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    context.close()


@pytest.fixture(scope="module")
def open_notebook(lab, chromium):
    """Opens a notebook with a widget, on a page that all tests of a module share: the widget's name and its cell."""
    context = chromium.new_context(viewport={"width": 1280, "height": 1000})

    def opened(name, setup, kernel="python3"):
        shutil.rmtree(lab.folder / ".jupyter/lab/user-settings", ignore_errors=True)  # another module's dark theme
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return Notebook(lab, page, name, setup, kernel)

    yield opened
    context.close()


def _running(server: subprocess.Popen, runtime: Path, folder: Path, patience: float = 90) -> Lab:
    end = time.monotonic() + patience
    while time.monotonic() < end and server.poll() is None:
        for path in runtime.glob("jpserver-*.json"):
            told = json.loads(path.read_text() or "{}")
            if told:
                return Lab(told["url"], told["token"], folder)
        time.sleep(0.1)
    raise AssertionError(f"JupyterLab did not start:\n{(folder / 'log').read_text()}")
