"""The answers that the exercises' tests are tried on: other right ones, and wrong ones with the points they deserve.

Those of a task stand in `answers/SET/TASK.py`, each below a heading:

    # %% right: in a loop
    # %% wrong, 1 point: mixes up the axes
    # says: what the learner must read in the test's words

TASK is the `grade_id` of the cell that an answer takes the place of.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]
_HEADING = re.compile(r"^# %% (right|wrong, ([\d.]+) points?): (.+)\n", re.MULTILINE)
_SAYS = re.compile(r"\A# says: (.+)\n")


@dataclass(frozen=True)
class Answer:
    """What somebody might write for a task."""

    exercise: str
    task: str
    about: str
    code: str
    deserves: float | None = None  # all points where there is no number
    says: str = ""

    def __str__(self):
        return f"{self.exercise[:2]}-{self.task}-{self.about}"


@dataclass(frozen=True)
class Exercise:
    """A set in solutions/, and the same as learners get it."""

    name: str

    @property
    def path(self):
        return next((ROOT / "solutions" / self.name).glob("*.ipynb"))

    @cached_property
    def solved(self):
        return nbformat.read(self.path, 4)

    @cached_property
    def released(self):
        return nbformat.read(ROOT / "exercises" / self.name / self.path.name, 4)

    @cached_property
    def tests(self):
        """The test cells with their hidden tests, by the task they judge."""
        return {
            marks.grade_id.removesuffix("_test"): cell
            for cell in self.solved.cells
            if (marks := cell.metadata.get("nbgrader")) and marks.grade and not marks.solution
        }

    @property
    def by_hand(self):
        """The cells that a person grades."""
        return [cell for cell in self.solved.cells if (m := cell.metadata.get("nbgrader")) and m.grade and m.solution]

    def cell(self, name, *, released=False):
        """The cell with that `grade_id`."""
        cells = (self.released if released else self.solved).cells
        return next(cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)

    def answers(self, task):
        """What is tried on a task."""
        path = Path(__file__).parent / "answers" / self.name / f"{task}.py"
        if not path.is_file():
            return
        before, *parts = _HEADING.split(path.read_text(encoding="utf-8"))
        assert not before.strip(), f"{path}: something stands above the first heading"
        for kind, points, about, code in zip(*(parts[start::4] for start in range(4)), strict=True):
            match = _SAYS.match(code)
            deserves = None if kind == "right" else float(points)
            yield Answer(self.name, task, about, code, deserves, match[1] if match else "")


EXERCISES = [Exercise(path.parent.name) for path in sorted((ROOT / "solutions").glob("*/*.ipynb"))]
TASKS = [(exercise, task) for exercise in EXERCISES for task in exercise.tests]
ANSWERS = [answer for exercise, task in TASKS for answer in exercise.answers(task)]
