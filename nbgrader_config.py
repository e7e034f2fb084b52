"""nbgrader on this folder: solutions/ is what instructors write, exercises/ what learners get."""

import os
from pathlib import Path

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearOutput,
    GetGrades,
    OverwriteCells,
    OverwriteKernelspec,
)

from dlcourse.grading.duplicates import WithoutDuplicates

c = get_config()  # noqa: F821 (nbgrader provides it)

c.CourseDirectory.course_id = "dlcourse"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"

# where assignments and answers are handed over: a class's own folder, made by somebody who lets all of its members
# write to it, or one here, which nbgrader wants to be there
exchange = os.environ.get("DLCOURSE_EXCHANGE")
if not exchange:
    exchange = Path(__file__).parent / "exchange"
    exchange.mkdir(exist_ok=True)
c.Exchange.root = str(exchange)

# importing TensorFlow takes a slow machine a while, and a task may train a small network
c.Execute.timeout = 120
c.Execute.startup_timeout = 120

# a test cell that a learner has deleted comes back; without it the task waits for a human for ever
c.OverwriteCells.add_missing_cells = True
c.Autograde.sanitize_preprocessors = [
    ClearOutput,
    WithoutDuplicates,
    OverwriteKernelspec,
    OverwriteCells,
    CheckCellMetadata,
]

# learners see what a hidden test found, not the test
c.GenerateFeedback.preprocessors = [GetGrades, ClearHiddenTests, CSSHTMLHeaderPreprocessor]

# what stands where the answer goes
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError  # your code goes here"}
c.ClearSolutions.text_stub = "*Your answer goes here.*"
