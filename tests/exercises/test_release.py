"""What learners get: made from solutions/, whole, and without a trace of what they must find out."""

import json
import re
import shutil

import nbformat
import pytest
from click.testing import CliRunner
from exercises.answers import EXERCISES, ROOT
from exercises.test_stock_nbgrader import hidden_lines

from dlcourse.cli import main
from dlcourse.course import Lesson, read_notebook
from dlcourse.errors import CourseError
from dlcourse.grading import releasing

_ROW = re.compile(r"^\| (.+?) \| \[[^\]]+\]\(\.\./\.\./(course/\S+?)\) \| ([\d, ]+) \|$", re.MULTILINE)
each = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course with the first set alone."""
    name = EXERCISES[0].name
    (tmp_path / "course").mkdir()
    (tmp_path / "course/index.ipynb").touch()
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    shutil.copytree(ROOT / "solutions" / name, tmp_path / "solutions" / name)
    shutil.copytree(ROOT / "exercises" / name, tmp_path / "exercises" / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words):
    return CliRunner().invoke(main, ["release", *words])


def test_exercises_are_what_solutions_make():
    result = run("--check")
    assert result.exit_code == 0, result.output


@each
def test_no_answer_and_no_hidden_test_is_anywhere_in_it(exercise):
    released = (ROOT / "exercises" / exercise.name / exercise.path.name).read_text(encoding="utf-8")
    assert "HIDDEN" not in released
    assert "SOLUTION" not in released
    assert all(not cell.get("outputs") for cell in exercise.released.cells)
    everything = json.dumps(json.loads(released), ensure_ascii=False)
    shown = "\n".join(cell.source for cell in exercise.released.cells)
    for line in [*hidden_lines(exercise), *answer_lines(exercise, shown)]:
        assert json.dumps(line, ensure_ascii=False)[1:-1] not in everything, line


def answer_lines(exercise, shown):
    """The lines of the worked answers that a learner does not see elsewhere."""
    for cell in exercise.solved.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            answer = cell.source.partition("### BEGIN SOLUTION")[2].partition("### END SOLUTION")[0] or cell.source
            yield from (line.strip() for line in answer.splitlines() if len(line) > 25 and line.strip() not in shown)


@each
def test_each_aim_of_the_lessons_has_its_task(exercise):
    """The table in the first cell: aim, lesson, tasks. A lesson that says that it is optional needs none."""
    rows = _ROW.findall(exercise.released.cells[0].source)
    lessons = [Lesson(path) for path in sorted((ROOT / "course" / exercise.name).glob("*.ipynb"))]
    lessons = [
        lesson for lesson in lessons if "This lesson is optional" not in read_notebook(lesson.path).cells[0].source
    ]
    aims = [(aim.rstrip(".;"), lesson.path.relative_to(ROOT).as_posix()) for lesson in lessons for aim in lesson.aims]
    assert [(aim, lesson) for aim, lesson, _ in rows] == aims
    named = {int(number) for *_, numbers in rows for number in numbers.split(",")}
    headings = [
        int(number)
        for cell in exercise.released.cells
        for number in re.findall(r"^## Task (\d+): \S", cell.source, re.MULTILINE)
    ]
    assert headings == list(range(1, len(headings) + 1))
    assert named == set(headings)


@each
def test_each_task_names_its_lesson_and_has_two_hints(exercise):
    for statement, by_hand in tasks(exercise):
        origin = re.search(r"\*From .+?\.\*", statement, re.DOTALL)
        assert origin, statement
        assert "](../../course/" in origin[0] or "all" in origin[0], origin[0]
        assert by_hand or statement.count("<summary>Hint") == 2, statement


def tasks(exercise):
    """What each task says, and whether a person reads the answer."""
    tasks_read = []
    for cell in exercise.released.cells:
        if cell.source.startswith("## Task "):
            tasks_read.append(["", False])
        if tasks_read and cell.cell_type == "markdown":
            tasks_read[-1][0] += cell.source
            tasks_read[-1][1] |= cell.metadata.get("nbgrader", {}).get("grade", False)
    return tasks_read


@each
def test_its_size_is_what_a_set_should_have(exercise):
    assert len(exercise.tests) >= 6
    assert len(exercise.by_hand) >= 1
    assert sum("trained" in cell.metadata.get("tags", []) for cell in exercise.tests.values()) >= 1
    assert exercise.path.stat().st_size < 1.5e6


@each
def test_each_test_goes_on_where_nobody_sees_it(exercise):
    for cell in exercise.tests.values():
        shown, begins, hidden = cell.source.partition("### BEGIN HIDDEN TESTS")
        assert begins, cell.source
        assert "marks.part(" in shown
        assert "marks.part(" in hidden
        assert hidden.endswith("### END HIDDEN TESTS\nmarks.total()")


def test_a_release_can_be_made_again_and_is_the_same(course):
    name = EXERCISES[0].name
    path = next((course / "exercises" / name).glob("*.ipynb"))
    before = path.read_bytes()
    for _ in range(2):
        assert run().output == f"made exercises/{name}\n"
        assert path.read_bytes() == before
    assert (course / "gradebook.db").is_file()


def test_what_was_edited_by_hand_is_found(course):
    name = EXERCISES[0].name
    path = next((course / "exercises" / name).glob("*.ipynb"))
    path.write_text(path.read_text().replace("scaled", "scald", 1))
    (course / "exercises" / name / "notes.txt").touch()
    (course / "exercises/99_gone").mkdir()
    result = run("--check")
    assert result.exit_code == 1
    for sentence in (
        "not up to date; run `dlcourse release`",
        f"{name}/{path.name}: not what solutions/ makes",
        f"{name}/notes.txt: not made from solutions/",
        "99_gone: no such set in solutions/",
    ):
        assert sentence in result.output


@pytest.mark.parametrize("exchange", ["", "elsewhere"])
def test_a_check_changes_nothing_not_even_a_folder(course, monkeypatch, exchange):
    monkeypatch.setenv("DLCOURSE_EXCHANGE", exchange and str(course / exchange))
    before = contents(course)
    assert run("--check").exit_code == 0
    assert contents(course) == before


def contents(folder):
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def test_a_missing_release_is_found(course):
    shutil.rmtree(course / "exercises" / EXERCISES[0].name)
    assert "not released" in run("--check").output


def test_an_unknown_set_is_a_sentence(course):
    result = run("01_introductoin")
    assert result.exit_code == 1
    assert "There is no exercise set '01_introductoin'. Did you mean '01_introduction'?" in result.output


def test_a_set_that_cannot_be_made_leaves_the_old_one(course):
    name = EXERCISES[0].name
    solved = next((course / "solutions" / name).glob("*.ipynb"))
    released = next((course / "exercises" / name).glob("*.ipynb"))
    before = released.read_bytes()
    broken = nbformat.read(solved, 4)
    broken.cells[0].source += "\n### BEGIN SOLUTION"
    nbformat.write(broken, solved)
    with pytest.raises(CourseError, match=f"solutions/{name} cannot be released: no end solution statement found"):
        releasing.release(course)
    assert released.read_bytes() == before
