"""Every lesson as a stranger opens it: its frame, its size, its links, and outputs that nobody need be ashamed of.

nbval runs the cells themselves (`pytest course`); this looks at what is stored.
"""

import ast
import base64
import functools
import io
import re
import tomllib
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image

from dlcourse.course import Lesson

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "course").glob("[0-9]*/*.ipynb"))  # not what JupyterLab keeps in .ipynb_checkpoints
NOTEBOOKS = [ROOT / "course/index.ipynb", *LESSONS, *sorted((ROOT / "solutions").glob("*/*.ipynb"))]
_ENTRY = re.compile(r"  title = \{([^\n]+)\},\n.*?year = \{(\d{4})\}", re.DOTALL)
REFERENCES = {
    (match[1], match[2])
    for entry in (ROOT / "course/references.bib").read_text(encoding="utf-8").split("\n@")
    if (match := _ENTRY.search(entry))
}
COVERAGE = tomllib.loads((ROOT / "tests/notebooks/coverage.toml").read_text(encoding="utf-8"))
LOOK = '\nplt.style.use("dlcourse.lesson")\n'
_LINK = re.compile(r"(?<!\!)\[[^\]]+\]\(([^)#\s]+)(?:#[^)]*)?\)")


@functools.cache
def notebook(path):
    """Read once: validating a notebook takes longer than all that is asked of it here."""
    return nbformat.read(path, 4)


def cells(path, kind):
    return [cell for cell in notebook(path).cells if cell.cell_type == kind]


def code_of(path):
    return "\n".join(cell.source for cell in cells(path, "code"))


def windows(members, size):
    """All runs of neighbours of that size."""
    return [members[at : at + size] for at in range(len(members) - size + 1)]


def figures(cell):
    """The figures under captions as arrays of red, green, blue and opacity; a widget's picture is none."""
    pages = [output.get("data", {}).get("text/html", "") for output in cell.outputs]
    stored = [data for page in pages for data in re.findall(r"<figure[^>]*><img [^>]*base64,([^\"]+)", page)]
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA")) for data in stored]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestEveryNotebook:
    def test_it_is_small(self, path):
        assert path.stat().st_size < 1.5e6

    def test_its_outputs_are_stored_and_in_order(self, path):
        counts = [cell.execution_count for cell in cells(path, "code")]
        assert counts == list(range(1, len(counts) + 1)), "restart, run all, save"

    def test_no_output_is_an_error_or_a_warning(self, path):
        for cell in cells(path, "code"):
            for output in cell.outputs:
                assert output.output_type != "error", cell.source
                assert output.get("name") != "stderr", output.text

    def test_it_holds_nothing_of_the_machine_that_ran_it(self, path):
        assert set(notebook(path).metadata) <= {"kernelspec", "language_info"}, (
            "store no widget state and no editor's notes"
        )
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/(home|root|tmp|Users)/", text)

    def test_each_picture_has_a_caption_and_an_alternative_text(self, path):
        for cell in cells(path, "code"):
            for output in cell.outputs:
                if "image/png" in output.get("data", {}):  # a widget's still picture, or one without a text
                    assert output.metadata.get("image/png", {}).get("alt"), f"end in captioned(...):\n{cell.source}"
                for image in re.findall(r"<img [^>]*>", output.get("data", {}).get("text/html", "")):
                    assert re.search(r'alt="[^"]{20,}"', image), cell.source

    def test_its_figures_have_the_one_look_and_the_pages_own_ground(self, path):
        code = "\n".join(cell.source for cell in cells(path, "code"))
        if LOOK not in code:
            pytest.skip("has its own")
        assert code.count(LOOK) == 1
        first = next(cell.source for cell in cells(path, "code") if "import matplotlib.pyplot" in cell.source)
        assert LOOK in first
        for cell in cells(path, "code"):
            for picture in figures(cell):
                assert (picture[[0, 0, -1, -1], [0, -1, 0, -1], 3] == 0).all(), cell.source

    def test_its_links_lead_somewhere(self, path):
        for cell in cells(path, "markdown"):
            for target in _LINK.findall(cell.source):
                if not target.startswith("https://"):
                    assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
class TestEveryLesson:
    def test_it_opens_with_its_frame(self, path):
        lesson = Lesson(path)
        assert lesson.title
        assert 10 <= lesson.minutes <= 45
        assert len(lesson.aims) == 3
        assert f"# {int(path.parent.name[:2])}.{lesson.number} " in cells(path, "markdown")[0].source

    def test_it_ends_with_what_to_take_away(self, path):
        prose = "\n".join(cell.source for cell in cells(path, "markdown"))
        places = [prose.index(f"## {heading}") for heading in ("Take away", "Where this comes from")]
        assert places == sorted(places)
        assert "(../index.ipynb)" in prose[places[-1] :]

    def test_it_asks_questions(self, path):
        prose = "\n".join(cell.source for cell in cells(path, "markdown"))
        folded = prose.count("<details><summary>Answer</summary>")
        if quizzes := re.findall(r"^Quiz\(", code_of(path), re.MULTILINE):
            assert len(quizzes) >= 5, "one where each of its ideas has been explained"
            assert folded == 0
        else:
            assert folded == 2
            assert prose.index("## Take away") < prose.index("## Check yourself")

    def test_it_asks_to_predict_and_asserts_what_it_claims(self, path):
        """With guesses that are committed; lessons that have none yet, in words."""
        prose = "\n".join(cell.source for cell in cells(path, "markdown"))
        code = code_of(path)
        if names := re.findall(r"^(\w+) = Predict\(", code, re.MULTILINE):
            assert len(names) >= 3
            assert "**Predict" not in prose, "a prediction is committed, or it is none"
            assert [name for name in names if code.count(f"{name}.reveal(") != 1] == []
        else:
            assert prose.count("**Predict") >= 3
        assert code.count("assert ") >= 4

    def test_what_a_learner_writes_is_checked_at_once_and_tried(self, path):
        asked = 0
        for cell, check, proof in windows(cells(path, "code"), 3):
            if "# your turn" in cell.source:
                asked += 1
                assert "check(" in check.source, cell.source
                assert ".passed" in proof.source, cell.source
                assert "claim" in proof.metadata.get("tags", []), cell.source
        assert asked >= 3 or "Predict(" not in code_of(path), "a lesson with Predict has three such places"

    def test_its_assertions_stand_in_cells_that_a_learner_does_not_get(self, path):
        for cell in cells(path, "code"):
            statements = [type(node) for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.stmt)]
            assert (ast.Assert in statements) == ("claim" in cell.metadata.get("tags", [])), cell.source

    def test_it_apologises_for_no_assertion(self, path):
        for cell in cells(path, "markdown"):
            assert "assert" not in cell.source, cell.source

    def test_what_it_refers_to_is_in_the_one_list(self, path):
        prose = "\n".join(cell.source for cell in cells(path, "markdown"))
        section = prose[prose.index("## Where this comes from") :]
        cited = re.findall(r"\*([^*]+)\*, (\d{4})", section)
        assert cited
        assert set(cited) <= REFERENCES

    def test_nine_cells_in_ten_have_at_most_15_lines(self, path):
        lines = [cell.source.count("\n") + 1 for cell in cells(path, "code")]
        assert sum(count > 15 for count in lines) <= len(lines) / 10

    def test_it_holds_what_the_curriculum_asks_for(self, path):
        asked = COVERAGE[f"{int(path.parent.name[:2])}.{Lesson(path).number}"]
        assert len(asked) >= 3
        tags = {tag for cell in notebook(path).cells for tag in cell.metadata.get("tags", [])}
        assert set(asked.values()) <= tags, "each line of the curriculum has its cell"


def test_the_curriculum_has_a_lesson_for_each_of_its_lines():
    lessons = {f"{int(path.parent.name[:2])}.{Lesson(path).number}" for path in LESSONS}
    assert set(COVERAGE) == lessons


def test_no_reference_is_listed_twice_or_in_vain():
    prose = "\n".join(cell.source for path in LESSONS for cell in cells(path, "markdown"))
    titles = re.findall(
        r"^  title = \{(.+)\},", (ROOT / "course/references.bib").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(titles) == len(set(titles))
    assert [title for title in titles if f"*{title}*" not in prose] == []
