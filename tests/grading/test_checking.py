"""`dlcourse check`: a learner's notebook, run from top to bottom and told task by task."""

from copy import deepcopy

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from dlcourse.cli import main
from dlcourse.errors import CourseError
from dlcourse.grading import checking

FROM = "*From [1.1 Rules](../course/x.ipynb).*"


def marked(source, name, **marks):
    cell = new_markdown_cell(source) if marks.pop("text", False) else new_code_cell(source)
    marks = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3} | marks
    cell.metadata["nbgrader"] = {"grade_id": name, **marks}
    return cell


def doubling(answer):
    return [
        new_markdown_cell(f"## Task 1: Double\n\nDouble it.\n\n{FROM}"),
        marked(answer, "double", solution=True),
        marked(
            "from dlcourse.grading import Marks, agree\nmarks = Marks()\nwith marks.part('doubles', 2):\n"
            "    agree(double(3), 6)\nwith marks.part('of nothing too', 1):\n    agree(double(0), 0)\nmarks.total()",
            "double_test",
            grade=True,
            locked=True,
            points=3,
        ),
    ]


def checked(tmp_path, *cells):
    path = tmp_path / "exercise.ipynb"
    nbformat.write(new_notebook(cells=list(cells)), path)
    before = path.read_bytes()
    results = list(checking.check(path))
    assert path.read_bytes() == before, "the learner's notebook stays as it is"
    return results


@pytest.mark.slow
def test_a_right_answer_reaches_all_points(tmp_path):
    (result,) = checked(tmp_path, *doubling("def double(x):\n    return 2 * x"))
    assert (result.task, result.reached, result.of, result.mark) == ("Task 1: Double", 3, 3, "✓")


def test_a_wrong_one_is_told_what_to_look_at(tmp_path):
    (result,) = checked(tmp_path, *doubling("def double(x):\n    return x"))
    assert (result.reached, result.mark, result.lesson) == (1, "✗", "1.1 Rules")
    assert result.remarks == ("✗ doubles\n    It is 3, and should be 6.",)


def test_a_cell_that_fails_is_named(tmp_path):
    (result,) = checked(tmp_path, *doubling("def double(x)\n    return x"))
    assert result.reached == 0
    assert result.remarks[0].startswith("SyntaxError: expected ':'")
    assert result.remarks[0].endswith("in the cell that begins: def double(x)")


def test_a_failing_answer_is_shown_at_its_own_line(tmp_path):
    (result,) = checked(
        tmp_path, *doubling("def halve(x):\n    return x / 0\n\ndef double(x):\n    return 4 * halve(x)")
    )
    sentence = "Your code stopped with ZeroDivisionError: division by zero\n    in `halve`: return x / 0"
    assert sentence in result.remarks[0]


def test_a_missing_answer_is_not_taken_for_a_mistake_of_the_test(tmp_path):
    answer, test = doubling("pass")[1:]
    test.source = f"def ask():\n    return double(3)\n{test.source.replace('double(3)', 'ask()')}"
    (result,) = checked(tmp_path, new_markdown_cell("## Task"), answer, test)
    assert "There is no `double` yet" in result.remarks[0]


def test_a_blank_task_is_not_a_wrong_one(tmp_path):
    (result,) = checked(tmp_path, *doubling("def double(x):\n    raise NotImplementedError"))
    assert (result.mark, result.reached) == ("–", 0)


def test_a_written_answer_is_left_to_a_person(tmp_path):
    blank = marked("Here.", "why", grade=True, solution=True, points=4, text=True)
    blank.metadata.nbgrader["checksum"] = checksum(blank)
    written = deepcopy(blank)
    written.source, written.id = "Because.", "written"
    heading = new_markdown_cell("## Task 2: Why")
    first, second = checked(tmp_path, heading, blank, written)
    assert (first.mark, first.reached, second.mark, second.reached) == ("–", None, "?", None)


def test_a_changed_test_is_noticed(tmp_path):
    cells = doubling("def double(x):\n    return x")
    cells[-1].metadata.nbgrader["checksum"] = checksum(cells[-1])
    cells[-1].source = "3.0"
    (result,) = checked(tmp_path, *cells)
    assert result.remarks == ("The test itself was changed; the grader brings its own.",)
    assert (result.reached, result.mark) == (0, "✗")


@pytest.mark.slow
def test_an_endless_loop_is_stopped_and_the_rest_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(checking, "PATIENCE", 2)
    endless = doubling("def double(x):\n    while True:\n        pass")
    again = doubling("def double(x):\n    return 2 * x")
    for cell in again[1:]:
        cell.metadata.nbgrader.grade_id += "_again"
    first, second = checked(tmp_path, *endless, *again)
    assert first.remarks == ("It took more than 2 s and was stopped",)
    assert (first.reached, second.reached) == (0, 3)


def test_a_dead_kernel_is_a_sentence_with_its_place(tmp_path):
    with pytest.raises(CourseError, match=r"Python itself died in this cell below 'Task 1: Double': import os"):
        checked(tmp_path, *doubling("import os\nos._exit(1)"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("{", "is no notebook that can be read"), (nbformat.writes(new_notebook()), "holds no exercise")],
)
def test_what_is_no_exercise_is_a_sentence(tmp_path, text, sentence):
    path = tmp_path / "x.ipynb"
    path.write_text(text)
    result = CliRunner().invoke(main, ["check", str(path)])
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert sentence in result.output


def test_the_command_lists_the_tasks_and_sums_up(tmp_path):
    path = tmp_path / "x.ipynb"
    nbformat.write(new_notebook(cells=doubling("def double(x):\n    return x")), path)
    result = CliRunner().invoke(main, ["check", str(path)])
    assert result.exit_code == 1
    assert "✗ Task 1: Double" in result.output
    assert "        It is 3, and should be 6.\n    Look at 1.1 Rules again.\n1 of 3 points" in result.output


def checksum(cell):
    from nbgrader.utils import compute_checksum

    return compute_checksum(cell)
