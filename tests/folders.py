"""Each folder of tests has a marker, and with several workers its place: what stays together, and what begins first.

One table says all of it. A run takes every core (`workers` says how many processes); `pytest -n 0` takes one, and so
does a run of single files. Where there are several, TensorFlow has one thread in each: two threads of two processes on
two cores only wait for one another. Kernels and other children inherit that; `pytest course --measure`, which tells
learners how long a lesson takes, runs in one process with all threads.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[1]
MEMORY = 4e9  # bytes for a worker: TensorFlow in it, in a kernel or two, and in a browser's server
MOST_WORKERS = 4  # more would wait for the longest of the folders that stay together
ONE_THREAD = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")


@dataclass(frozen=True)
class Folder:
    """What is true of all tests in a folder, or in a file that stands alone."""

    marker: str
    slow: bool = False
    together: bool = False  # one server, or networks of many megabytes: not in two processes


# In the order in which they begin: what takes long does not come last, when another worker has nothing left to do
FOLDERS = {
    "tests/browser": Folder("browser", slow=True, together=True),
    "tests/exercises": Folder("exercises", slow=True, together=True),
    "solutions": Folder("exercises", slow=True),
    "course": Folder("lessons", slow=True),
    "tests/full_size": Folder("full_size", slow=True, together=True),
    "tests/test_backends.py": Folder("backends", slow=True),
    "tests/test_doctor.py": Folder("package", slow=True),
    "tests/test_binder.py": Folder("package", slow=True),
    "tests/test_lab.py": Folder("package", slow=True),
    "tests/grading/test_forked_kernel.py": Folder("grading", slow=True),
    "tests/test_house.py": Folder("house"),
    "tests/nets": Folder("nets"),
    "tests/lens": Folder("lens"),
    "tests/deploy": Folder("deploy"),
    "tests/widgets": Folder("widgets"),
    "tests/site": Folder("site"),
    "tests/grading": Folder("grading"),
    "tests/data": Folder("data"),
    "tests/questions": Folder("questions"),
    "tests/review": Folder("questions"),
    "tests/notebooks": Folder("notebooks"),
    "tests/test_readme.py": Folder("house"),
    "tests/test_folders.py": Folder("house"),
    "tests/test_docstrings.py": Folder("docstrings"),
    "tests/test_answers.py": Folder("package"),
    "tests/test_cli.py": Folder("package"),
    "tests/test_course.py": Folder("package"),
    "tests/test_figure.py": Folder("package"),
    "tests/test_charts.py": Folder("package"),
    "tests/test_training.py": Folder("package"),
}
_ORDER = list(FOLDERS)


def line_of(path: Path) -> str:
    """The line of the table that a file belongs to; pytest ends with a sentence where there is none."""
    inside = path.relative_to(ROOT)
    for candidate in (inside, *inside.parents):
        if candidate.as_posix() in FOLDERS:
            return candidate.as_posix()
    raise pytest.UsageError(f"{inside} belongs to no line of FOLDERS in tests/folders.py: write one, with its marker.")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Give each test its markers; for workers also what it stays together with, and its place."""
    for item in items:
        line = line_of(item.path)
        folder = FOLDERS[line]
        item.add_marker(folder.marker)
        if folder.slow:
            item.add_marker("slow")
        if config.pluginmanager.hasplugin("xdist") and item.get_closest_marker("xdist_group") is None:
            # a file stays together, then: its fixtures are made once, and a notebook's cells run in order
            item.add_marker(pytest.mark.xdist_group(line if folder.together else item.nodeid.partition("::")[0]))
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _ORDER.index(line_of(item.path)))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session):
    """Take xdist's `@group` off the names again, now that it knows them: a name in a report can be run as it is."""
    for item in session.items:
        group = item.get_closest_marker("xdist_group")
        if group is not None:
            item._nodeid = item.nodeid.removesuffix(f"@{group.args[0]}")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """Share the tests out among workers unless the command says how; here and not in addopts, for -p no:xdist."""
    if not config.pluginmanager.hasplugin("xdist"):
        return
    if hasattr(config, "workerinput"):  # a worker reads the command line alone, not what was decided here
        config.option.loadgroup = config.workerinput["loadgroup"]
        return
    if config.option.numprocesses is None and config.option.dist == "no" and not config.option.tx:
        config.option.numprocesses = "auto"
    if config.option.dist == "no" and config.option.numprocesses:
        config.option.dist = "loadgroup"
        config.option.loadscopereorder = False


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Tell a worker that its tests are handed out in groups."""
    node.workerinput["loadgroup"] = node.config.option.dist == "loadgroup"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """As many as there are cores, if there is memory; none for single files or for measuring."""
    files = all(Path(argument.partition("::")[0]).is_file() for argument in config.args)
    if files or config.getoption("measure", default=False):
        return 0
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    count = workers(cores, psutil.virtual_memory().available)
    return count if count > 1 else 0


def workers(cores: int, memory: float) -> int:
    """How many processes a machine with so many cores and free bytes has room for."""
    return max(1, min(cores, int(memory // MEMORY), MOST_WORKERS))


def pytest_configure(config):
    """Workers inherit it; TensorFlow reads it when it runs its first operation."""
    if config.getoption("numprocesses", default=None):
        for name in ONE_THREAD:
            os.environ.setdefault(name, "1")
