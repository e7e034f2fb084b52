"""The map of the course is what the folders and notebooks say."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from dlcourse import course
from dlcourse.errors import CourseError

OPENING = "# 2.3 Gradient flow\n\nWhy.\n\n* see it\n* mend it;\n- say why.\n\n**Time:** 15 minutes, all told."


@pytest.fixture
def root(tmp_path):
    for folder in ("course/01_introduction", "course/02_how_it_trains", "exercises/02_how_it_trains"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "course/index.ipynb").touch()
    write(tmp_path / "course/02_how_it_trains/03_gradient_flow.ipynb", new_markdown_cell(OPENING))
    return tmp_path


def write(path, *cells):
    nbformat.write(new_notebook(cells=list(cells)), path)


def check(*, run=True, fails=False, reached="2.0"):
    outputs = [new_output("execute_result", data={"text/plain": reached})]
    if fails:
        outputs = [new_output("error", ename="AssertionError", evalue="", traceback=[])]
    marks = {"nbgrader": {"grade": True, "solution": False, "grade_id": "a", "points": 2}}
    return new_code_cell("assert f(1) == 2", metadata=marks, execution_count=3 if run else None, outputs=outputs)


def exercise(root, *cells):
    answer = new_code_cell("f = 1", metadata={"nbgrader": {"grade": False, "solution": True}})
    write(root / "exercises/02_how_it_trains/exercise.ipynb", answer, *cells)
    return course.map_markdown(root)


def test_a_lesson_is_what_its_first_cell_says(root):
    (lesson,) = course.modules(root)[1].lessons
    assert (lesson.number, lesson.title, lesson.minutes) == (3, "Gradient flow", 15)
    assert lesson.aims == ["see it", "mend it;", "say why."]


def test_the_map_links_and_counts(root):
    markdown = course.map_markdown(root)
    assert "### 1 Introduction\n\nIn preparation." in markdown
    assert "### 2 How it trains" in markdown
    link = "[2.3 Gradient flow](02_how_it_trains/03_gradient_flow.ipynb)"
    assert f"| {link} | 15 |  | see it; mend it; say why |" in markdown


def test_the_map_tells_what_the_tests_measured(root):
    measured = {"02_how_it_trains/03_gradient_flow.ipynb": {"seconds": 12, "megabytes": 850}}
    (root / "course/measured.json").write_text(json.dumps(measured))
    assert "| 15 | 12 s, 0.8 GB | see it" in course.map_markdown(root)


def test_the_map_tells_how_long_an_exercise_takes(root):
    opening = new_markdown_cell("# Exercise 2\n\n**Time:** 90 minutes, in two goes.")
    assert "/exercise.ipynb) | 90 | | not started: 1 checks" in exercise(root, opening, check(run=False))


@pytest.mark.parametrize(
    ("cells", "standing"),
    [
        ([check(run=False), check(run=False)], "not started: 2 checks wait for you"),
        ([check(), check(fails=True)], "1 of 2 checks passed when you last saved it"),
        ([check(), check(reached="1.5")], "1 of 2 checks passed when you last saved it"),
        ([check(), check(run=False)], "1 of 2 checks passed when you last saved it"),
        ([check(), check()], "✓ done: all 2 checks passed"),
    ],
)
def test_an_exercise_stands_where_the_saved_notebook_says(root, cells, standing):
    assert f"(../exercises/02_how_it_trains/exercise.ipynb) |  | | {standing} |" in exercise(root, *cells)


@pytest.mark.parametrize(
    ("opening", "sentence"),
    [
        ("No heading. **Time:** 3 minutes", "has no title"),
        ("# Title", "tells no time; write"),
    ],
)
def test_a_lesson_without_its_frame_is_told(root, opening, sentence):
    write(root / "course/01_introduction/01_a.ipynb", new_markdown_cell(opening))
    with pytest.raises(CourseError, match=sentence):
        course.map_markdown(root)


def test_a_lesson_that_opens_with_code_is_told(root):
    write(root / "course/01_introduction/01_a.ipynb", new_code_cell("1"))
    with pytest.raises(CourseError, match="does not open with a text cell"):
        course.map_markdown(root)


@pytest.mark.parametrize("content", ["", "{}", "[]", "\x00", '{"nbformat": 4, "cells": 3}'])
def test_a_damaged_notebook_is_named(root, content):
    path = root / "course/01_introduction/01_a.ipynb"
    path.write_text(content)
    with pytest.raises(CourseError, match=r"01_a\.ipynb is no notebook that can be read"):
        course.map_markdown(root)


def test_the_root_is_found_from_within(root):
    assert course.root(root / "course/01_introduction") == root


def test_the_checkout_is_the_root_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert (course.root() / "pyproject.toml").is_file()


def test_the_stored_map_is_up_to_date():
    folder = course.root()
    stored = nbformat.read(folder / course.MAP, 4)
    (output,) = (output for cell in stored.cells if cell.cell_type == "code" for output in cell.outputs)
    assert output.data["text/markdown"] == course.map_markdown(folder), "run course/index.ipynb again"
