"""A learner's own look: the notebook run from top to bottom as the grader runs it, and told task by task."""

import logging
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dlcourse import lab
from dlcourse.course import read_notebook
from dlcourse.errors import CourseError
from dlcourse.grading.complaints import NOT_ANSWERED

PATIENCE = 120  # seconds for a cell, as the grader has
_unheard = logging.Logger("nbclient")  # nobody listens: what it has to say is among the outputs
_unheard.addHandler(logging.NullHandler())
_HEADING = re.compile(r"^##\s+(.+)$", re.MULTILINE)
_LESSON = re.compile(r"^\*From \[([^\]]+)\]", re.MULTILINE)
_FAILED = re.compile(r"^✗ .*(?:\n    .*)*", re.MULTILINE)


@dataclass(frozen=True)
class Result:
    """What became of one task."""

    task: str
    lesson: str
    reached: float | None  # nothing where a person decides
    of: float
    answered: bool
    remarks: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """✓ all points, ✗ some missing, – not answered, ? for a person to grade."""
        if not self.answered:
            return "–"
        if self.reached is None:
            return "?"
        return "✓" if self.reached >= self.of else "✗"


def check(path: Path) -> Iterator[Result]:
    """Run a notebook of exercises in a fresh kernel, and tell each task as soon as its test has run.

    The notebook itself is not changed. Hidden tests are not here: they have the last word when it is graded.

    Raises:
        CourseError: The file is no notebook or holds no task, or its kernel dies.
    """
    from nbclient.exceptions import DeadKernelError

    notebook = read_notebook(path)
    if not any(cell.metadata.get("nbgrader", {}).get("grade") for cell in notebook.cells):
        raise CourseError(f"{path} holds no exercise: none of its cells is a test. Exercises lie in exercises/.")
    tasks = _Tasks()
    with _kernel(notebook, path.resolve().parent) as client:
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type == "code":
                cell.outputs = []
                try:
                    client.execute_cell(cell, index)
                except DeadKernelError:
                    raise CourseError(
                        f"Python itself died in this cell below {tasks.heading!r}: {_first_line(cell)}\n"
                        "Nothing after it could be checked. Out of memory? Restart the kernel and run it there."
                    ) from None
            result = tasks.after(cell)
            if result is not None:
                yield result


class _Tasks:
    """Follows a notebook's cells, and remembers what belongs to the task at hand."""

    def __init__(self) -> None:
        self.heading = "the top"
        self._lesson = ""
        self._remarks: list[str] = []

    def after(self, cell: Any) -> Result | None:
        """The result that stands when this cell has run; None where it decides nothing."""
        from nbgrader.utils import is_grade

        if is_grade(cell):
            result = self._result(cell)
            self._remarks = []
            return result
        if cell.cell_type == "code":
            self._remarks += [f"{error} in the cell that begins: {_first_line(cell)}" for error in _errors(cell)]
        else:
            if match := _HEADING.search(cell.source):
                self.heading, self._lesson = match[1].strip(), ""
            if match := _LESSON.search(cell.source):
                self._lesson = match[1]
        return None

    def _result(self, cell: Any) -> Result:
        from nbgrader.utils import compute_checksum, determine_grade, is_solution

        reached, of = determine_grade(cell)
        changed = cell.metadata.nbgrader.get("checksum") not in (None, compute_checksum(cell))
        if is_solution(cell):  # a person grades it
            return Result(self.heading, self._lesson, None, of, changed)
        printed = "\n".join(output.text for output in cell.outputs if output.output_type == "stream")
        remarks = [*self._remarks, *_FAILED.findall(printed), *_errors(cell)]
        if changed:
            reached = 0.0  # what it came to says nothing
            remarks.append("The test itself was changed; the grader brings its own.")
        return Result(self.heading, self._lesson, reached, of, NOT_ANSWERED not in printed, tuple(remarks))


def _errors(cell: Any) -> list[str]:
    return [
        f"It took more than {PATIENCE} s and was stopped"
        if output.ename == "KeyboardInterrupt"
        else f"{output.ename}: {output.evalue}"
        for output in cell.outputs
        if output.output_type == "error"
    ]


def _first_line(cell: Any) -> str:
    return cell.source.strip().partition("\n")[0]


@contextmanager
def _kernel(notebook: Any, folder: Path) -> Iterator[Any]:
    from nbclient import NotebookClient

    client = NotebookClient(
        notebook,
        timeout=PATIENCE,
        interrupt_on_timeout=True,
        allow_errors=True,
        kernel_name="python3",  # this Python, whatever the notebook's author had
        resources={"metadata": {"path": str(folder)}},
        log=_unheard,
    )
    client.reset_execution_trackers()
    greetings = subprocess.DEVNULL  # of ipykernel and TensorFlow
    with client.setup_kernel(stderr=greetings, env=os.environ | lab.environment()):
        yield client
