"""Every test has the marker of its folder, and a run of several says where its time went."""

import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from folders import FOLDERS, ROOT, line_of, workers
from time_spent import TimeSpent

PYTEST = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]


def test_no_test_of_this_run_is_without_the_marker_of_one_folder(request):
    known = {folder.marker for folder in FOLDERS.values()}
    for item in request.session.items:
        marks = {mark.name for mark in item.iter_markers()}
        assert len(marks & known) == 1, item.nodeid
        assert ("slow" in marks) >= FOLDERS[line_of(item.path)].slow, item.nodeid


def test_the_table_and_the_declared_markers_are_the_same():
    assert {line.partition(":")[0] for line in PYTEST["markers"]} == {"slow", *(f.marker for f in FOLDERS.values())}
    assert [line for line in FOLDERS if not (ROOT / line).exists()] == []


def test_a_folder_that_is_in_no_line_ends_the_run_with_a_sentence():
    with pytest.raises(pytest.UsageError, match=r"tests/new/test_it\.py belongs to no line of FOLDERS"):
        line_of(ROOT / "tests/new/test_it.py")


def test_workers_are_handed_groups(request):
    if not hasattr(request.config, "workerinput"):
        pytest.skip("this run has one process")
    assert request.config.option.loadgroup is True
    for item in request.session.items:
        assert item.get_closest_marker("xdist_group") is not None, item.nodeid


def test_a_name_in_a_report_can_be_run_as_it_is(request):
    path, _, name = request.node.nodeid.partition("::")
    assert Path(ROOT, path) == Path(__file__)
    assert name == request.node.name


@pytest.mark.parametrize(
    ("cores", "gigabytes", "expected"), [(2, 23, 2), (2, 7, 1), (1, 64, 1), (64, 256, 4), (8, 13, 3), (2, 1, 1)]
)
def test_workers_have_a_core_and_four_gigabytes_each(cores, gigabytes, expected):
    assert workers(cores, gigabytes * 1e9) == expected


def test_the_time_of_a_run_is_told_by_folder():
    spent, lines = TimeSpent(), []
    for folder, when, seconds, processor in [
        ("lens", "setup", 1.0, 0.5),
        ("lens", "call", 3.0, 2.5),
        ("browser", "call", 20.0, 4.0),
        ("lens", "call", 2.0, 4.0),
    ]:
        report = SimpleNamespace(folder=folder, when=when, seconds=seconds, processor_seconds=processor)
        spent.pytest_runtest_logreport(report)
    spent.pytest_terminal_summary(SimpleNamespace(section=lines.append, line=lines.append))
    assert [line.split() for line in lines[1:]] == [
        ["tests", "seconds", "processor", "waiting"],
        ["browser", "1", "20", "4", "16"],
        ["lens", "2", "6", "7", "0"],
        ["in", "all", "3", "26", "11", "15"],
    ]
