"""From solutions/ to exercises/: what learners get, made by nbgrader's own generator and by nobody's hand."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from filecmp import dircmp
from pathlib import Path
from typing import Any

from dlcourse import lab
from dlcourse.errors import CourseError, unknown

_SOURCE, _RELEASE, _GRADEBOOK, _CONFIGURATION = "solutions", "exercises", "gradebook.db", "nbgrader_config.py"


def sets(root: Path) -> list[str]:
    """The exercise sets, by their folder's name."""
    return sorted(path.parent.name for path in (root / _SOURCE).glob("*/*.ipynb"))


def release(root: Path, names: Iterable[str] = ()) -> list[Path]:
    """Make exercises/ from solutions/, and enter the sets in the gradebook.

    A set is made beside the course first and takes the old one's place when it is whole.

    Args:
        root: The course.
        names: The sets; all without them.

    Returns:
        The folders that were made.

    Raises:
        CourseError: There is no such set, or nbgrader cannot make it.
    """
    exercises = list(names) or sets(root)
    for name in exercises:
        if name not in sets(root):
            raise unknown("exercise set", name, sets(root))
    with tempfile.TemporaryDirectory() as room:
        _generate(root, Path(room), exercises, root / _GRADEBOOK)
        folders = []
        for name in exercises:
            place = root / _RELEASE / name
            shutil.rmtree(place, ignore_errors=True)
            folders.append(Path(shutil.copytree(Path(room) / _RELEASE / name, place)))
    return folders


def differences(root: Path) -> list[str]:
    """In which files exercises/ is not what would be made from solutions/ now; nothing is changed."""
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        _generate(root, room, sets(root), room / _GRADEBOOK)
        released = {path.name for path in (root / _RELEASE).iterdir() if path.is_dir()}
        apart = {f"{name}: no such set in {_SOURCE}/" for name in released - set(sets(root))}
        for name in sets(root):
            if name not in released:
                apart.add(f"{name}: not released")
                continue
            compared = dircmp(room / _RELEASE / name, root / _RELEASE / name, ignore=[".ipynb_checkpoints"])
            apart |= {f"{name}/{file}: missing" for file in compared.left_only}
            apart |= {f"{name}/{file}: not made from {_SOURCE}/" for file in compared.right_only}
            apart |= {
                f"{name}/{file}: not what {_SOURCE}/ makes"
                for file in compared.common_files
                if (Path(compared.left) / file).read_bytes() != (Path(compared.right) / file).read_bytes()
            }
    return sorted(apart)


def _generate(root: Path, room: Path, names: Iterable[str], gradebook: Path) -> None:
    from nbgrader.apps import NbGraderAPI

    os.environ.update(lab.environment())  # nbgrader calls alembic by its bare name
    shutil.copytree(root / _SOURCE, room / _SOURCE, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copy(root / _CONFIGURATION, room)
    config = configuration(room)
    config.CourseDirectory.root = str(room)
    config.CourseDirectory.db_url = f"sqlite:///{gradebook}"
    generator = NbGraderAPI(config=config)
    for name in names:
        outcome = generator.generate_assignment(name)
        if not outcome["success"]:
            raise CourseError(f"{_SOURCE}/{name} cannot be released: {_complaint(outcome)}")


def configuration(folder: Path) -> Any:
    """What nbgrader_config.py says; it makes a folder beside it."""
    from traitlets.config import PyFileConfigLoader

    return PyFileConfigLoader(_CONFIGURATION, path=str(folder)).load_config()


def _complaint(outcome: dict) -> str:
    """What stopped nbgrader: the error that its log tells, below a traceback that nobody needs."""
    log = outcome.get("log") or outcome.get("error") or ""
    errors = re.findall(r"^ *[\w.]*(?:Error|Exception): (.+)$", log, re.MULTILINE)
    return (errors or log.strip().splitlines()[-1:] or ["nbgrader gave no reason."])[0]
