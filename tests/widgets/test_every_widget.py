"""What each widget owes, wherever it lies: derived from the folders, so that a new one is missed where it is not."""

import re
from pathlib import Path

import nbformat
import pytest

from dlcourse import widgets
from dlcourse.widgets.shared.widget import Widget

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(entry.parent.name for entry in ROOT.glob("dlcourse/widgets/*/entry.js"))


def class_of(folder):
    """The class that a widget's folder is named after."""
    return getattr(widgets, folder.title().replace("_", ""))


def test_there_are_as_many_as_readme_says():
    number = {15: "Fifteen", 16: "Sixteen", 17: "Seventeen", 18: "Eighteen", 19: "Nineteen", 20: "Twenty"}[len(FOLDERS)]
    assert f"{number} widgets" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", FOLDERS)
class TestEveryWidget:
    def test_its_folder_holds_its_class(self, folder):
        assert issubclass(class_of(folder), Widget)
        assert class_of(folder).__module__ == f"dlcourse.widgets.{folder}"

    def test_the_gallery_shows_it(self, folder):
        cells = nbformat.read(ROOT / "course/gallery.ipynb", 4).cells
        assert any(f"widgets.{class_of(folder).__name__}(" in cell.source for cell in cells)

    def test_its_frame_time_is_measured(self, folder):
        titles = re.findall(r'"(\w+): ', (ROOT / "benchmarks/widget_frame_time.py").read_text(encoding="utf-8"))
        assert class_of(folder).__name__ in titles

    def test_what_a_learner_does_with_it_is_tried_in_a_browser(self, folder):
        assert (ROOT / f"tests/browser/test_{folder}.py").is_file()


def test_a_widget_that_is_not_there_is_an_attribute_error():
    assert not hasattr(widgets, "Shared")
