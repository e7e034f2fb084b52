"""A classroom of its own with stock nbgrader: exercises are released, notebooks handed in, graded and sent back."""

import ast
import shutil
import warnings
from copy import deepcopy

import nbformat
from exercises.answers import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI

from dlcourse.grading import releasing


class Classroom:
    """A folder with a set of solutions/ and nbgrader's configuration as they are here, released."""

    def __init__(self, folder, exercise):
        self.folder, self.exercise = folder, exercise
        shutil.copy(ROOT / "nbgrader_config.py", folder)
        shutil.copytree(ROOT / "solutions" / exercise.name, folder / "solutions" / exercise.name)
        releasing.release(folder)
        configuration = releasing.configuration(folder)
        configuration.CourseDirectory.root = str(folder)
        self._nbgrader = NbGraderAPI(config=configuration)

    def autograde(self):
        """What `nbgrader autograde` does in a terminal, and the Formgrader in JupyterLab, with all that lies there."""
        self._run(self._nbgrader.autograde, "*")

    def generate_feedback(self):
        """The pages that all get back."""
        self._run(self._nbgrader.generate_feedback)

    def _run(self, step, *students):
        with warnings.catch_warnings(action="ignore"):  # of nbgrader itself; a test takes them for errors
            outcome = step(self.exercise.name, *students)
        assert outcome["success"], outcome["log"]

    def hand_in(self, student, notebook):
        """A learner's notebook, as it lies in submitted/ after it was collected."""
        place = self.folder / "submitted" / student / self.exercise.name
        place.mkdir(parents=True)
        nbformat.write(notebook, place / self.exercise.path.name)

    def scores(self, student):
        """Points by `grade_id`; None where a person has to decide."""
        with Gradebook(f"sqlite:///{self.folder}/gradebook.db") as gradebook:
            notebook = gradebook.find_submission_notebook(self.exercise.path.stem, self.exercise.name, student)
            return {grade.name: None if grade.needs_manual_grade else grade.score for grade in notebook.grades}

    def grade_by_hand(self, student, name, points):
        """What formgrader writes down when a person has read an answer."""
        with Gradebook(f"sqlite:///{self.folder}/gradebook.db") as gradebook:
            grade = gradebook.find_grade(name, self.exercise.path.stem, self.exercise.name, student)
            grade.manual_score, grade.needs_manual_grade = points, False
            gradebook.db.commit()

    def feedback(self, student):
        """The page that a learner gets back."""
        return self.folder / "feedback" / student / self.exercise.name / f"{self.exercise.path.stem}.html"


def answered(exercise):
    """What learners get, with the worked answers filled in."""
    notebook = deepcopy(exercise.released)
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("solution"):
            cell.source = exercise.cell(marks["grade_id"]).source
    return notebook


def untidy(exercise):
    """The same answers after a bad day: nothing of it makes them wrong."""
    notebook = answered(exercise)
    cells = [new_code_cell("import os, sys, warnings  # earlier than anybody asked for"), new_markdown_cell("My notes")]
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and marks.get("solution"):
            cells += [*_split(cell), new_code_cell(_noisy(cell.source)), new_code_cell("1 / 0  # tried something")]
        elif marks.get("grade") and not marks.get("solution"):
            cell.source = "print('I tried to understand this test and broke it')"
            cells.append(cell)
        else:
            cells.append(cell)
    tests = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "code"]
    cells.remove(tests[1])  # and deleted another one
    notebook.cells = [*cells, new_code_cell("import numpy as np  # later than anybody needs it")]
    return notebook


def _split(cell):
    """An answer cut in two below an import of its own, as JupyterLab does it: both halves keep the metadata."""
    above, below = deepcopy(cell), deepcopy(cell)
    above.source, above.id = "import math", f"{cell.id}-above"
    return [above, below]


def _noisy(source):
    """Code after which each function of an answer warns, logs and prints to stderr whenever it is called."""
    names = [part.name for part in ast.parse(source).body if isinstance(part, ast.FunctionDef)]
    return "\n".join(
        [
            "import functools, logging, sys, warnings",
            "def noisy(function):",
            "    @functools.wraps(function)",
            "    def called(*values, **named):",
            "        warnings.warn('overflow encountered')",
            "        logging.getLogger('tensorflow').warning('traced again')",
            "        print('debugging', file=sys.stderr)",
            "        return function(*values, **named)",
            "    return called",
            *(f"{name} = noisy({name})" for name in names),
        ]
    )
