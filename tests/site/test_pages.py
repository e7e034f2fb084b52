"""Pages made of notebooks: whole, alive, and with nothing that comes from elsewhere."""

import re
import sys

import nbformat
import pytest
from click.testing import CliRunner

from dlcourse import answers
from dlcourse.cli import main
from dlcourse.course import GALLERY, GLOSSARY
from dlcourse.errors import CourseError
from dlcourse.site import pages

MARKDOWN = nbformat.v4.new_markdown_cell
CODE = nbformat.v4.new_code_cell


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course with a map and one lesson; the current folder."""
    lesson = [
        MARKDOWN("# 1.1 Hello\n\n**Time:** 1 minutes\n\n$e^{i\\pi} = -1$, and [the map](../index.ipynb#end)."),
        CODE("print(6 * 7)"),
        CODE("assert 6 * 7 == 42", metadata={"tags": ["claim"]}),
    ]
    links = "[a lesson](01_begin/01_hello.ipynb), [x](https://x.org/a.ipynb), [Set 1](../exercises/a.ipynb)"
    write(tmp_path / "course/index.ipynb", [MARKDOWN(links)])
    for path in (GALLERY, GLOSSARY):
        write(tmp_path / path, [])
    write(tmp_path / "course/01_begin/01_hello.ipynb", lesson)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path, cells):
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


def run(*arguments):
    return CliRunner().invoke(main, ["site", *map(str, arguments)])


@pytest.mark.slow
def test_the_whole_course_becomes_pages_that_link_to_each_other(course):
    result = run("--out", "pages")
    assert result.exit_code == 0, result.output
    assert "4/4 course/01_begin/01_hello.html" in result.output
    index = (course / "pages/course/index.html").read_text()
    assert 'href="01_begin/01_hello.html"' in index
    assert 'href="https://x.org/a.ipynb"' in index
    assert "Set 1" in index
    assert "exercises/a" not in index, "an exercise has no page"
    lesson = (course / "pages/course/01_begin/01_hello.html").read_text()
    assert 'href="../index.html#end"' in lesson
    assert "42" in lesson


def test_a_claim_is_run_and_left_out_and_the_page_says_where_it_stands(course):
    run("--out", "pages")
    lesson = (course / "pages/course/01_begin/01_hello.html").read_text()
    assert "assert 6" not in lesson
    assert "asserted, and tested before it is published: by 1\ncells" in lesson
    stored = nbformat.read(course / "pages/course/01_begin/01_hello.ipynb", 4)  # what the footer leads to
    assert stored.cells[2].source == "assert 6 * 7 == 42"
    assert "asserted" not in (course / "pages/course/index.html").read_text()
    write(course / "course/01_begin/01_hello.ipynb", [CODE("assert False", metadata={"tags": ["claim"]})])
    assert "fails: AssertionError" in run("--out", "pages").output


def test_the_map_on_a_page_tells_nobodys_progress(course):
    (course / "exercises/01_begin").mkdir(parents=True)
    write(course / "exercises/01_begin/exercise_1.ipynb", [MARKDOWN("**Time:** 10 minutes")])
    write(course / "course/index.ipynb", [CODE("from dlcourse.course import show_map\n\nshow_map()")])
    opening = "# 1.1 Hello\n\n* see it\n\n**Time:** 1 minutes"
    write(course / "course/01_begin/01_hello.ipynb", [MARKDOWN(opening)])
    text = pages.page(course / "course/index.ipynb")
    assert "graded tasks, in JupyterLab" in text
    assert "not started" not in text


def test_what_a_page_needs_is_asked_for_before_anything_runs(course, monkeypatch):
    monkeypatch.setitem(sys.modules, "latex2mathml", None)
    result = run("--out", "pages")
    assert result.exit_code == 1
    assert "pip install 'dlcourse[site]'" in result.output
    assert not (course / "pages").exists()


def test_a_page_loads_nothing_and_draws_its_formulas_itself(course):
    lesson = pages.page(course / "course/01_begin/01_hello.ipynb")
    assert not re.search(r'(src|href)="(https?:)?//', lesson)
    assert "<math" in lesson
    assert "<mi>π</mi>" in lesson or "<mi>&#x003C0;</mi>" in lesson


@pytest.mark.slow
def test_what_the_maker_of_the_pages_has_answered_is_not_on_them(course, tmp_path, monkeypatch):
    monkeypatch.setenv("DLCOURSE_ANSWERS", str(tmp_path / "mine"))
    answers.remember("How many?", 4)
    asked = CODE("from dlcourse import answers\nprint('kept', '=', answers.recall('How many?'))")
    write(course / "course/asked.ipynb", [asked])
    assert "kept = None" in pages.page(course / "course/asked.ipynb")


@pytest.mark.slow
def test_what_is_up_to_date_is_kept_and_what_has_changed_is_made_anew(course):
    run("--out", "pages")
    result = run("--out", "pages")
    assert result.output.count("up to date") == 4
    write(course / "course/index.ipynb", [CODE("'new'")])
    result = run("--out", "pages")
    assert result.output.count("up to date") == 3
    assert "new" in (course / "pages/course/index.html").read_text()


@pytest.mark.slow
def test_questions_that_have_changed_are_shown_anew(course):
    run("--out", "pages")
    (course / "course/01_begin/01_hello.quiz.yaml").write_text("- id: a")
    assert run("--out", "pages").output.count("up to date") == 3


def test_a_page_does_not_tell_what_its_maker_has_answered(course):
    answers.remember("a-question", "mine")
    ask = "from dlcourse import answers\nprint('kept:', answers.recall('a-question'))"
    write(course / "course/index.ipynb", [CODE(ask)])
    assert "kept: None" in pages.page(course / "course/index.ipynb")


@pytest.mark.slow
def test_a_cell_that_fails_is_named_and_leaves_the_old_page(course):
    run("--out", "pages")
    before = (course / "pages/course/index.html").read_text()
    write(course / "course/index.ipynb", [CODE("1 / 0")])
    result = run("--out", "pages")
    assert result.exit_code == 1
    assert re.search(r"A cell of .*index\.ipynb fails: ZeroDivisionError: division by zero", result.output)
    assert (course / "pages/course/index.html").read_text() == before
    assert not list((course / "pages").rglob("*.part"))


@pytest.mark.slow
def test_a_kernel_that_ends_is_a_sentence_with_its_last_words(course):
    write(course / "course/index.ipynb", [CODE("import os\nos.write(2, b'no more memory')\nos._exit(1)")])
    result = run("--out", "pages")
    assert result.exit_code == 1
    assert re.search(r"The kernel of .*index\.ipynb ended: .*no more memory", result.output)


def test_bad_notebooks_and_bad_formulas_are_a_sentence(course):
    (course / "course/index.ipynb").write_text("no notebook")
    with pytest.raises(CourseError, match=r"index\.ipynb is no notebook that can be read"):
        pages.page(course / "course/index.ipynb")
    write(course / "course/index.ipynb", [MARKDOWN("$x_$")])
    with pytest.raises(CourseError, match=r"The formula \$x_\$ cannot be read"):
        pages.page(course / "course/index.ipynb")
    write(course / "course/index.ipynb", [MARKDOWN("$\\nothing x$")])
    with pytest.raises(CourseError, match=r"command that is not known here: \\nothing"):
        pages.page(course / "course/index.ipynb")
    write(course.parent / "elsewhere.ipynb", [])
    assert "does not lie in" in run(course.parent / "elsewhere.ipynb").output
