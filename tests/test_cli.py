"""The command: help that teaches, sentences instead of tracebacks, exit codes."""

import json
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from dlcourse import cli, doctor, lab
from dlcourse.data import CATALOGUE
from dlcourse.doctor import Finding

ROOT = Path(__file__).parents[1]


def run(*arguments):
    return CliRunner().invoke(cli.main, arguments)


def commands(group=cli.main, path=()):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_every_command_has_help_with_an_example(command):
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert re.search(rf"Example:\n +dlcourse {' '.join(command)}", result.output)


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_every_command_is_in_the_docs(command):
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    assert any(f"dlcourse {' '.join(command)}" in page.read_text(encoding="utf-8") for page in pages)


def test_data_list_names_every_set():
    result = run("data", "list")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.output.splitlines()] == list(CATALOGUE)


@pytest.mark.parametrize("command", [("data", "get", "mnits"), ("data", "mirror", "folder", "mnits")])
def test_an_unknown_set_is_one_sentence_and_exit_code_1(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(*command)
    assert result.exit_code == 1
    assert result.output.startswith("Error: There is no data set 'mnits'. Did you mean 'mnist'?")
    assert list(tmp_path.iterdir()) == []


def test_what_comes_with_the_course_needs_no_fetching():
    assert run("data", "get", "signs").output == "signs: comes with the course, nothing to fetch\n"


def test_a_misspelt_command_is_corrected():
    result = run("dta")
    assert result.exit_code == 2
    assert "Did you mean 'data'?" in result.output


def test_a_bug_keeps_its_traceback(monkeypatch):
    monkeypatch.setattr(doctor, "examine", lambda: 1 / 0)
    assert isinstance(run("doctor").exception, ZeroDivisionError)


@pytest.mark.parametrize(("state", "code"), [("ok", 0), ("note", 0), ("mend", 1)])
def test_the_doctors_exit_code_says_whether_to_mend(monkeypatch, state, code):
    monkeypatch.setattr(doctor, "examine", lambda: iter([Finding("Python", "ok", "3"), Finding("air", state, "says")]))
    assert run("doctor").exit_code == code
    assert run("doctor").output.splitlines()[1].split() == [state, "air:", "says"]
    findings = json.loads(run("doctor", "--json").output)
    assert findings[1] == {"about": "air", "state": state, "says": "says"}


def test_a_folder_without_a_course_is_a_sentence(tmp_path):
    result = run("lab", str(tmp_path))
    assert result.exit_code == 1
    assert "There is no course/index.ipynb in" in result.output


def test_lab_starts_at_the_map_of_the_folder(monkeypatch, tmp_path):
    (tmp_path / "course").mkdir()
    (tmp_path / "course/index.ipynb").write_text("{}")
    started = []
    monkeypatch.setattr(lab, "start", lambda folder, **options: started.append((folder, options)))
    assert run("lab", "--no-browser", "--port", "9000", str(tmp_path)).exit_code == 0
    assert started == [(tmp_path.resolve(), {"browser": False, "port": 9000})]
