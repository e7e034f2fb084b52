"""The course as its folders tell it: modules, lessons, exercises, and how far this machine's learner has come.

The folders are the one truth: `course/01_introduction/02_input_is_numbers.ipynb` is lesson 2 of module 1, its first
cell holds title, aims and minutes, and `exercises/01_introduction/` holds the module's exercises. Whether an exercise
is done is read from the learner's own saved notebook; there is no account and nothing is sent anywhere.
"""

import json
import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat

import dlcourse
from dlcourse.errors import CourseError

MAP = Path("course", "index.ipynb")
GALLERY, GLOSSARY = Path("course", "gallery.ipynb"), Path("course", "glossary.ipynb")
NOBODYS = "DLCOURSE_NOBODYS"  # set where pages are made for everybody: the map then tells nobody's progress
_NUMBERED = "[0-9][0-9]_*"
_TITLE = re.compile(r"^#\s+(?:\d+(?:\.\d+)?\s+)?(.+)$", re.MULTILINE)
_MINUTES = re.compile(r"\*\*Time:?\*\*:?\s*(\d+)\s*minutes", re.IGNORECASE)
_AIM = re.compile(r"^[-*]\s+(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Lesson:
    """One notebook of the course, as its first cell introduces it."""

    path: Path

    @cached_property
    def _opening(self) -> str:
        cells = read_notebook(self.path).cells
        if not cells or cells[0].cell_type != "markdown":
            raise CourseError(f"{self.path} does not open with a text cell; its title, aims and minutes belong there.")
        return cells[0].source

    @property
    def number(self) -> int:
        """Its place in the module, from the file's name."""
        return int(self.path.name[:2])

    @property
    def title(self) -> str:
        """The heading, without its number."""
        match = _TITLE.search(self._opening)
        if match is None:
            raise CourseError(f"{self.path} has no title; its first cell opens with '# Title'.")
        return match[1].strip()

    @property
    def minutes(self) -> int:
        """How long it takes a learner."""
        match = _MINUTES.search(self._opening)
        if match is None:
            raise CourseError(f"{self.path} tells no time; write '**Time:** 15 minutes' in its first cell.")
        return int(match[1])

    @property
    def measured(self) -> str:
        """What the computer needs for it, as the tests measured it last; nothing if they have not."""
        table = self.path.parents[1] / "measured.json"
        measurements = json.loads(table.read_text(encoding="utf-8")) if table.is_file() else {}
        cost = measurements.get(self.path.relative_to(self.path.parents[1]).as_posix())
        return f"{cost['seconds']} s, {cost['megabytes'] / 1000:.1f} GB" if cost else ""

    @property
    def aims(self) -> list[str]:
        """What the learner will be able to do."""
        return _AIM.findall(self._opening)


@dataclass(frozen=True)
class Progress:
    """How many graded checks of a module's exercises passed when their notebooks were last run and saved."""

    passed: int
    checks: int


@dataclass(frozen=True)
class Module:
    """A folder of lessons, and of exercises of the same name."""

    root: Path
    name: str

    @property
    def number(self) -> int:
        """Its place in the course, from the folder's name."""
        return int(self.name[:2])

    @property
    def title(self) -> str:
        """The folder's name in words."""
        return self.name[3:].replace("_", " ").capitalize()

    @property
    def lessons(self) -> list[Lesson]:
        """Its lessons in order."""
        return [Lesson(path) for path in sorted((self.root / "course" / self.name).glob(f"{_NUMBERED}.ipynb"))]

    @property
    def exercises(self) -> list[Path]:
        """The learner's exercise notebooks."""
        return sorted((self.root / "exercises" / self.name).glob("*.ipynb"))

    def progress(self) -> Progress:
        """What the saved exercise notebooks say."""
        checks = [cell for path in self.exercises for cell in read_notebook(path).cells if _is_check(cell)]
        return Progress(sum(map(_has_passed, checks)), len(checks))


def root(start: Path | None = None) -> Path:
    """The folder that holds the course: the nearest one around `start` or here, else the package's own checkout.

    Raises:
        CourseError: there is none, as after `pip install` without a checkout.
    """
    begin = (start or Path.cwd()).resolve()
    checkout = Path(dlcourse.__file__).resolve().parents[1]
    for folder in (begin, *begin.parents, *([] if start else [checkout])):
        if (folder / MAP).is_file():
            return folder
    raise CourseError(f"There is no {MAP} in {begin} or above it; go to a checkout of dlcourse, or name its folder.")


def modules(course_root: Path) -> list[Module]:
    """The modules in order."""
    return [
        Module(course_root, path.name) for path in sorted((course_root / "course").glob(_NUMBERED)) if path.is_dir()
    ]


def map_markdown(course_root: Path, *, progress: bool = True) -> str:
    """The map of the course as Markdown: a table a module, with links that work from `course/index.ipynb`.

    Args:
        course_root: The folder that holds the course.
        progress: Whether it says how far this machine's learner is.
    """
    return "\n\n".join(_module_markdown(module, progress) for module in modules(course_root))


def show_map() -> None:
    """Show the map of the course in the notebook that calls, and what is due for review on this computer."""
    from IPython.display import Markdown, display

    from dlcourse.review import due_line

    folder = root()
    parts = [due_line(folder / MAP.parent), map_markdown(folder, progress=NOBODYS not in os.environ)]
    display(Markdown("\n\n".join(filter(None, parts))))


def place_of(lesson: Path) -> str:
    """A lesson as people call it, by its notebook: "1.3 Perceptron"."""
    return f"{int(lesson.parent.name[:2])}.{Lesson(lesson).number} {Lesson(lesson).title}"


def _module_markdown(module: Module, progress: bool) -> str:
    lessons = module.lessons
    lines = [f"### {module.number} {module.title}", ""]
    if not lessons:
        return "\n".join([*lines, "In preparation."])
    lines += ["| lesson | minutes | computer | afterwards you can |", "|:--|--:|--:|:--|"]
    for lesson in lessons:
        link = f"[{module.number}.{lesson.number} {lesson.title}]({module.name}/{lesson.path.name})"
        aims = "; ".join(_as_clause(aim) for aim in lesson.aims)
        lines.append(f"| {link} | {lesson.minutes} | {lesson.measured} | {aims} |")
    for path in module.exercises:
        link = f"[Exercise {module.number}](../exercises/{module.name}/{path.name})"
        standing = _standing(module.progress()) if progress else "graded tasks, in JupyterLab"
        lines.append(f"| {link} | {_minutes(path)} | | {standing} |")
    return "\n".join(lines)


def _minutes(exercise: Path) -> str:
    """How long an exercise takes; nothing where a learner has taken that out of their own notebook."""
    match = _MINUTES.search("\n".join(cell.source for cell in read_notebook(exercise).cells))
    return match[1] if match else ""


def _as_clause(aim: str) -> str:
    return aim.strip().rstrip(".;")


def _standing(progress: Progress) -> str:
    if progress.passed == 0:
        return f"not started: {progress.checks} checks wait for you"
    if progress.passed < progress.checks:
        return f"{progress.passed} of {progress.checks} checks passed when you last saved it"
    return f"✓ done: all {progress.checks} checks passed"


def _is_check(cell: Any) -> bool:
    marks = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and bool(marks.get("grade")) and not marks.get("solution")


def _has_passed(cell: Any) -> bool:
    from nbgrader.utils import determine_grade

    reached, of = determine_grade(cell)
    return cell.execution_count is not None and reached >= of


def read_notebook(path: Path) -> Any:
    """A notebook as nbformat reads it.

    Raises:
        CourseError: The file is none.
    """
    try:
        content = path.read_text(encoding="utf-8")
        nbformat.validate(json.loads(content))
        return nbformat.reads(content, as_version=4)
    except (ValueError, AttributeError, nbformat.ValidationError) as error:  # no JSON, no object, no notebook
        raise CourseError(f"{path} is no notebook that can be read; restore it with git or from a copy.") from error
