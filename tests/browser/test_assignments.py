"""A teacher and a learner, each in a JupyterLab of their own: an exercise goes out, comes back and is graded."""

import re
import shutil

import nbformat
import pytest
from browser.lab import opened
from browser.notebook import wait_until_open
from exercises.answers import EXERCISES, ROOT
from nbgrader.api import Gradebook
from playwright.sync_api import expect

EXERCISE = EXERCISES[0]
TASK = next(iter(EXERCISE.tests))  # the one that the learner solves
_DONE = re.compile(r"\[\d+\]")


class Person:
    """Somebody before a JupyterLab of their own."""

    def __init__(self, lab, page):
        self.lab, self.page = lab, page
        page.goto(lab.address("course/index.ipynb"))
        wait_until_open(page, "course/index.ipynb")

    def choose(self, command):
        """A line of nbgrader's menu."""
        self.page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
        self.page.locator(f'.lm-Menu-item[data-command="nbgrader:{command}"]').click()


class Teacher(Person):
    """Works in formgrader, on the row of the exercise."""

    def __init__(self, lab, page):
        super().__init__(lab, page)
        self.choose("open-formgrader")
        self.forms = page.frame_locator("iframe[src*=formgrader]")

    def click(self, column, patience=60_000):
        """A symbol in the exercise's row, and OK when formgrader says that it is done."""
        self.forms.locator("tr", has_text=EXERCISE.name).locator(f"td.{column} a").click()
        dialog = self.forms.locator(".modal.in")
        expect(dialog.locator(".modal-title")).to_have_text("Success", timeout=patience)
        dialog.get_by_role("button", name="OK").click()
        expect(dialog).to_have_count(0)

    def autograde(self):
        """On the page of the submissions, where the learner has a row."""
        self.forms.locator("tr", has_text=EXERCISE.name).locator("td.num-submissions a").click()
        self.forms.locator("td.autograde a").click()
        dialog = self.forms.locator(".modal.in")
        expect(dialog.locator(".modal-title")).to_have_text("Success", timeout=180_000)
        dialog.get_by_role("button", name="OK").click()
        self.forms.get_by_role("link", name="Manage Assignments").click()


class Learner(Person):
    """Works in the assignment list and in the notebook."""

    def __init__(self, lab, page):
        super().__init__(lab, page)
        self.choose("open-assignment-list")

    def fetch(self):
        self.page.locator("#released_assignments_list").get_by_role("button", name="Fetch").click()
        self.page.locator("#fetched_assignments_list .assignment-notebooks-link").click()
        self.page.locator("#fetched_assignments_list .nested_list_item a").click()
        wait_until_open(self.page, f"{EXERCISE.name}/{EXERCISE.path.name}")

    def cell(self, name):
        index = EXERCISE.released.cells.index(EXERCISE.cell(name, released=True))
        return self.page.locator(f'.jp-Notebook:visible .jp-Cell[data-windowed-list-index="{index}"]')

    def run(self, name, answer=None):
        """Run a cell with Shift+Enter, after writing `answer` into it; the next one is chosen then."""
        cell = self.cell(name)
        cell.locator(".jp-InputArea-editor .cm-content").click()
        if answer:
            self.page.keyboard.press("Control+a")
            self.page.keyboard.insert_text(answer)
        self.page.keyboard.press("Shift+Enter")
        expect(cell.locator(".jp-InputPrompt").first).to_have_text(_DONE)

    def submit(self):
        self.page.keyboard.press("Control+s")
        self.page.locator(".lm-TabBar-tab", has_text="Assignments").click()
        self.page.locator("#fetched_assignments_list").get_by_role("button", name="Submit").click()
        expect(self.page.locator("#submitted_assignments_list")).to_contain_text(EXERCISE.name)

    def fetch_feedback(self):
        self.page.locator("#refresh_assignments_list").click()
        self.page.locator("#submitted_assignments_list").get_by_role("button", name="Fetch Feedback").click()
        expect(self.page.locator("#submitted_assignments_list")).to_contain_text("view feedback")
        return next((self.lab.folder / EXERCISE.name / "feedback").rglob("*.html"))


@pytest.fixture
def people(tmp_path, open_page):
    """The teacher has solutions/, the learner the lessons alone; both know where things are handed over."""
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    for who in ("teacher", "learner"):
        (tmp_path / who / "course").mkdir(parents=True)
        shutil.copy(ROOT / "course/index.ipynb", tmp_path / who / "course")
        shutil.copy(ROOT / "nbgrader_config.py", tmp_path / who)
    shutil.copytree(ROOT / "solutions" / EXERCISE.name, tmp_path / "teacher/solutions" / EXERCISE.name)
    place = {"DLCOURSE_EXCHANGE": str(exchange)}
    with opened(tmp_path / "teacher", **place) as teachers, opened(tmp_path / "learner", **place) as learners:
        yield Teacher(teachers, open_page()), open_page(), learners


@pytest.mark.timeout(600)
def test_an_exercise_goes_out_comes_back_and_is_graded(people):
    teacher, page, learners = people
    teacher.click("assign")
    teacher.click("release")

    learner = Learner(learners, page)
    learner.fetch()
    learner.run("setup")
    learner.run(TASK, EXERCISE.cell(TASK).source)
    page.keyboard.press("Shift+Enter")  # the test below, which is folded
    points = EXERCISE.tests[TASK].metadata.nbgrader.points
    expect(learner.cell(f"{TASK}_test")).to_contain_text(f"{points} of {points} points")
    learner.submit()

    teacher.click("collect")
    teacher.autograde()
    teacher.click("generate-feedback")
    teacher.click("release-feedback")

    feedback = learner.fetch_feedback()
    page.goto(feedback.as_uri())
    expect(page.locator("body")).to_contain_text(f"{TASK}_test")
    assert "HIDDEN TESTS" not in page.content()
    with Gradebook(f"sqlite:///{teacher.lab.folder}/gradebook.db") as gradebook:
        (submission,) = gradebook.assignment_submissions(EXERCISE.name)
        grades = {grade.name: grade.score for grade in submission.notebooks[0].grades}
    assert grades.pop(f"{TASK}_test") == points
    assert set(grades.values()) == {0}
    saved = nbformat.read(learners.folder / EXERCISE.name / EXERCISE.path.name, 4)
    assert EXERCISE.cell(TASK).source in [cell.source for cell in saved.cells]
