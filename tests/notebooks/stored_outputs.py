"""What nbval leaves out: whether a lesson still says what was stored, how long it takes, how much it needs.

nbval runs the cells (`pytest course`). After each of them its texts are held against the stored ones: words and whole
numbers must be the same, other numbers nearly so. Three tags say that a cell's numbers differ from machine to machine,
so that only its words are compared, or nothing, because its own assertions hold what it says:

    trained   what a training ends at: bits, and so the last digits of an accuracy, depend on the machine
    timed     times and their ratios
    written   text that a trained network wrote: one other letter, and all that follow are others

`pytest course --measure` writes `course/measured.json`, which the map of the course shows. Its kernels import Keras
themselves, as a learner's does; those of other runs are forked (`dlcourse/grading/forked_kernel.py`).
"""

import json
import re
from pathlib import Path

import psutil
import pytest
from nbval.plugin import IPyNbCell

ROOT = Path(__file__).parents[2]
MEASURED = ROOT / "course/measured.json"
LONGEST_CELL, LONGEST_IN_ALL = 45, 360  # seconds, of a cell and of twelve lessons
MOST_MEMORY = 1500  # megabytes: Binder has 2,000, and JupyterLab itself needs the rest
BUSY = 2  # these are a quiet machine's seconds; another machine, or other work beside it, may take twice as long
NUMBERS_VARY = {"trained", "timed"}
WORDS_VARY = {"written"}
_NUMBER = re.compile(r"(?<![\w.])[-−+]?\d[\d,]*(?:\.\d*)?(?:e[-+]?\d+)?")
_ADDRESS = re.compile(r"0x[0-9a-f]+")

TAKEN = "takes (seconds, megabytes)"  # what each cell's report says
_cells = pytest.StashKey[dict]()


def pytest_addoption(parser):
    parser.addoption("--measure", action="store_true", help="write what each lesson takes to course/measured.json")


def pytest_configure(config):
    config.addinivalue_line("markers", "xdist_group(name): tests that one worker runs, in their order")
    config.stash[_cells] = {}
    config.pluginmanager.register(Reports(config))


class Reports:
    """Gathers what the cells took, also where other processes have run them."""

    def __init__(self, config):
        self._config = config

    def pytest_runtest_logreport(self, report):
        for name, taken in report.user_properties:
            if name == TAKEN and report.when == "call":
                path = self._config.rootpath / report.nodeid.partition("::")[0]
                self._config.stash[_cells].setdefault(path, []).append(taken)


@pytest.hookimpl(tryfirst=True)  # before the groups are read
def pytest_collection_modifyitems(items):
    """A notebook's cells are run by one kernel."""
    for item in items:
        if isinstance(item, IPyNbCell):
            item.add_marker(pytest.mark.xdist_group(item.path.relative_to(ROOT).as_posix()))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    result = yield
    if isinstance(item, IPyNbCell):
        complaint = difference(texts(item.cell.outputs), texts(item.test_outputs), item.cell.metadata.get("tags", []))
        assert complaint is None, f"{complaint}\nIf that is right, restart, run all and save the notebook."
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if isinstance(item, IPyNbCell) and call.when == "call" and item.parent.kernel.is_alive():
        report.user_properties.append((TAKEN, (call.duration, peak(item.parent.kernel.km.provisioner.pid))))
    return report


def pytest_terminal_summary(terminalreporter, config):
    measured = config.stash[_cells]
    for sentence in too_much(measured):
        terminalreporter.line(sentence, red=True)
    lessons = of_lessons(measured)
    if not lessons:
        return
    terminalreporter.section("what the lessons take")
    for path, cells in sorted(lessons.items()):
        seconds, slowest, memory = sum(s for s, _ in cells), max(s for s, _ in cells), max(m for _, m in cells)
        terminalreporter.line(
            f"{path.parent.name:16} {path.stem:26} {seconds:5.0f} s, slowest cell {slowest:3.0f} s, {memory:5.0f} MB"
        )
    terminalreporter.line(f"in all {sum(s for cells in lessons.values() for s, _ in cells):.0f} s")
    if config.option.measure:
        measurements = {
            path.relative_to(ROOT / "course").as_posix(): {
                "seconds": round(sum(s for s, _ in cells)),
                "megabytes": 10 * round(max(m for _, m in cells) / 10),
            }
            for path, cells in sorted(lessons.items())
        }
        MEASURED.write_text(json.dumps(measurements, indent=2) + "\n", encoding="utf-8")


def pytest_sessionfinish(session, exitstatus):
    """Fails the run, not a cell, where a lesson takes more than it may."""
    if too_much(session.config.stash[_cells]):
        session.exitstatus = max(int(exitstatus), 1)


def of_lessons(cells):
    """Those notebooks that are lessons; not the map, the gallery or an exercise."""
    return {path: measured for path, measured in cells.items() if path.parent.parent == ROOT / "course"}


def too_much(cells):
    """A sentence for each thing that takes more than it may; `cells` are notebooks' cells as (seconds, megabytes)."""
    complaints = []
    for path, measured in sorted(cells.items()):
        slowest, memory = max(s for s, _ in measured), max(m for _, m in measured)
        if slowest > BUSY * LONGEST_CELL:
            complaints.append(f"{path.name}: a cell takes {slowest:.0f} s, more than {BUSY} times {LONGEST_CELL} s")
        if memory > MOST_MEMORY:
            complaints.append(f"{path.name}: needs {memory:.0f} MB, more than {MOST_MEMORY} MB")
    lessons = of_lessons(cells).values()
    seconds, enough = sum(s for measured in lessons for s, _ in measured), LONGEST_IN_ALL / 12 * max(len(lessons), 12)
    if seconds > BUSY * enough:
        complaints.append(f"the lessons take {seconds:.0f} s, more than {BUSY} times {enough:.0f} s")
    return complaints


def texts(outputs):
    """What the outputs of a cell say, stream and results in order."""
    texts = []
    for output in outputs:
        if output["output_type"] == "stream":
            texts.append(output["text"])
        elif "data" in output:
            texts.append(output["data"].get("text/plain", ""))
    return "\n".join(texts)


def difference(stored, now, tags=()):
    """What is not as it was, in a sentence; None if nothing."""
    if WORDS_VARY & set(tags):
        return None
    (words, numbers), (other_words, other_numbers) = _parts(stored), _parts(now)
    if words != other_words:
        return f"The cell said:\n{stored}\nNow it says:\n{now}"
    if NUMBERS_VARY & set(tags):
        return None
    for number, other in zip(numbers, other_numbers, strict=True):
        if not _close(number, other):
            return f"The cell said {number}, now it says {other}, in:\n{now}"
    return None


def _parts(text):
    text = _ADDRESS.sub("", text)
    words = " ".join(_NUMBER.sub(" # ", text).split())
    return words, _NUMBER.findall(text)


def _close(stored, now):
    before, after = (float(number.replace(",", "").replace("−", "-")) for number in (stored, now))
    if not re.search("[.e]", stored + now):
        return before == after
    last_digit = 10.0 ** -len(re.split(r"\.|e", stored)[1]) if "." in stored and "e" not in stored else 0
    return abs(before - after) <= 2e-3 * abs(before) + 1.01 * last_digit + 1e-6


def peak(pid):
    """The most memory that a process has used, in megabytes; where the system does not tell, what it uses now."""
    status = Path(f"/proc/{pid}/status")
    if status.exists() and (match := re.search(r"VmHWM:\s+(\d+) kB", status.read_text())):
        return int(match[1]) / 1000
    return psutil.Process(pid).memory_info().rss / 1e6
