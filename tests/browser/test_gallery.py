"""All widgets on one page in JupyterLab: what only JupyterLab can show of each."""

import json

import pytest
from browser.gallery import CLASSES, adjust, cell_of, lives, name_of, touch
from browser.notebook import eventually

GALLERY = "course/gallery.ipynb"
# what takes the focus, and does not keep JupyterLab's shortcuts away from it
_UNGUARDED = """root => Array.from(root.querySelectorAll("button, select, input, [tabindex]"))
    .filter((part) => part.tabIndex >= 0 && !part.closest("[data-lm-suppress-shortcuts]"))
    .map((part) => part.outerHTML.slice(0, 80))"""
_ASKED = """import json
widget = next(shown for shown in Out.values() if type(shown).__name__ == "{widget}")
def settings():
    return json.dumps(widget.get_state(widget._settings), default=lambda part: bytes(part).hex())
start = settings()"""


@pytest.fixture(scope="module")
def gallery(open_notebook):
    """The gallery, all of it run and then saved."""
    notebook = open_notebook(GALLERY)
    notebook.run_all()
    eventually(lambda: _save(notebook), set(CLASSES))  # JupyterLab takes in a widget a moment after its cell has ended
    return notebook


def _save(notebook):
    """The classes whose widgets the saved notebook holds."""
    notebook.save()
    saved = json.loads((notebook.lab.folder / GALLERY).read_text(encoding="utf-8"))["metadata"].get("widgets", {})
    states = [model["state"] for part in saved.values() for model in part["state"].values()]
    return {state.get("_anywidget_id", "").rpartition(".")[2] for state in states} & set(CLASSES)


@pytest.fixture
def notebook(gallery):
    yield gallery
    assert (gallery.page.complaints, gallery.page.popups) == ([], [])


@pytest.mark.parametrize("widget", CLASSES)
def test_what_a_learner_does_reaches_python_and_back(notebook, widget):
    shown = notebook.bring(cell_of(widget), name_of(widget))
    notebook.do(_ASKED.format(widget=widget))
    began = shown.shown_as_text()
    adjust(shown.widget)
    eventually(lambda: notebook.ask("settings() != start"), True)
    notebook.do("widget.reset()")
    shown.wait_for_text(began)


@pytest.mark.parametrize("widget", CLASSES)
def test_keys_stay_in_the_widget(notebook, widget):
    """Outside, "b" makes a new cell and an arrow goes to the next one."""
    shown = notebook.bring(cell_of(widget), name_of(widget))
    touch(shown.widget)
    before = notebook.active_cell()
    for key in ("b", "ArrowDown"):
        notebook.page.keyboard.press(key)
    assert notebook.active_cell() == before
    assert shown.widget.evaluate(_UNGUARDED) == []
    shown.widget.locator(".dlc-reset").dispatch_event("click")


def test_a_dark_theme_reaches_each_widget(notebook):
    """Also those that are out of sight as it changes; that the pictures change is tried on a widget's own page."""
    notebook.command("apputils:change-theme", theme="JupyterLab Dark")
    for widget in CLASSES:
        shown = notebook.bring(cell_of(widget), name_of(widget))
        eventually(shown.theme, ("dark", "dark"))
        assert shown.contrast() > 7
    notebook.command("apputils:change-theme", theme="JupyterLab Light")


def test_a_restarted_kernel_leaves_each_widget_alive(notebook):
    notebook.restart_kernel()
    for widget in CLASSES:
        lives(notebook.bring(cell_of(widget), name_of(widget)))


def test_a_saved_notebook_opens_with_each_widget_alive(notebook):
    """Without a kernel of those days, as if the server had been restarted."""
    notebook.shut_down()
    notebook.open()
    for widget in CLASSES:
        lives(notebook.bring(cell_of(widget), name_of(widget)))
