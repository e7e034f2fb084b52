"""A kernel in which an exercise lies open as learners get it, and answers are tried one after the other."""

from copy import deepcopy
from typing import NamedTuple

import nbformat
import psutil
from nbclient import NotebookClient
from nbgrader.utils import determine_grade


class Verdict(NamedTuple):
    """What a test cell made of an answer: as nbgrader reads it."""

    points: float
    of: float
    printed: str
    seconds: float  # of a processor, which other work on the machine does not change


class Desk:
    """An exercise with its setup run and every task blank."""

    def __init__(self, exercise):
        self.exercise = exercise
        self._client = NotebookClient(nbformat.v4.new_notebook(), timeout=120, allow_errors=True, kernel_name="python3")
        self._client.reset_execution_trackers()
        self._kernel = self._client.setup_kernel()
        self._kernel.__enter__()
        for cell in exercise.released.cells:
            marks = cell.metadata.get("nbgrader", {})
            if cell.cell_type == "code" and not marks.get("grade"):
                self._run(cell)

    def judge(self, task, code, *, released=False):
        """The verdict on `code` as the answer to `task`; by the tests that learners see, if `released`."""
        self._run(nbformat.v4.new_code_cell(code))
        try:
            test = self.exercise.cell(f"{task}_test", released=released)
            start = self._processor_time()
            cell = self._run(test)
            seconds = self._processor_time() - start
        finally:
            self._run(self.exercise.cell(task, released=True))
        return Verdict(*determine_grade(cell), printed(cell), seconds)

    def close(self):
        """End the kernel."""
        self._kernel.__exit__(None, None, None)

    def _processor_time(self):
        times = psutil.Process(self._client.km.provisioner.pid).cpu_times()
        return times.user + times.system

    def _run(self, cell):
        cell = deepcopy(cell)
        cell.outputs = []
        self._client.nb.cells = [cell]
        return self._client.execute_cell(cell, 0)


def printed(cell):
    """What a cell's outputs say."""
    return "\n".join(
        output.get("text") or "\n".join(output.get("traceback", [])) or output.get("data", {}).get("text/plain", "")
        for output in cell.outputs
    )
