"""Where the time of a run went: a line for each marker of a folder, at the end of a run of several.

Processor time counts children: those that have ended, and in the slow folders those that live on, such as kernels,
their servers and a browser. What is left of the time by the clock was spent waiting, or lost to other processes.
"""

import contextlib
import os
import time
from collections import defaultdict

import psutil
import pytest
from folders import FOLDERS, line_of


def pytest_configure(config):
    config.pluginmanager.register(TimeSpent())


class TimeSpent:
    """Measures where the tests run, adds up where they are reported: with workers these are two processes."""

    def __init__(self):
        self.clock, self.processor = time.perf_counter(), 0.0
        self.spent = defaultdict(lambda: [0, 0.0, 0.0])  # by marker: tests, seconds, processor seconds

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item):
        self.clock, self.processor = time.perf_counter(), _processor_seconds(FOLDERS[line_of(item.path)].slow)
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item, call):
        report = yield
        folder, clock = FOLDERS[line_of(item.path)], time.perf_counter()
        report.folder, report.seconds, report.processor_seconds = folder.marker, clock - self.clock, 0.0
        self.clock = clock
        if call.when == "teardown":  # once for a test: to look for processes takes some milliseconds
            report.processor_seconds = max(_processor_seconds(folder.slow) - self.processor, 0.0)
        return report

    def pytest_runtest_logreport(self, report):
        if hasattr(report, "folder"):  # a worker's crash is reported by pytest-xdist alone
            row = self.spent[report.folder]
            row[0] += report.when == "call"
            row[1] += report.seconds
            row[2] += report.processor_seconds

    def pytest_terminal_summary(self, terminalreporter):
        if len(self.spent) < 2:
            return
        terminalreporter.section("where the time went")
        total = [sum(column) for column in zip(*self.spent.values(), strict=True)]
        rows = sorted(self.spent.items(), key=lambda row: -row[1][1])
        terminalreporter.line(f"{'':12}{'tests':>8}{'seconds':>10}{'processor':>11}{'waiting':>9}")
        for marker, (tests, seconds, processor) in [*rows, ("in all", total)]:
            waiting = max(seconds - processor, 0)
            terminalreporter.line(f"{marker:12}{tests:8}{seconds:10.0f}{processor:11.0f}{waiting:9.0f}")


def _processor_seconds(with_the_living: bool) -> float:
    """What this process and its children have used so far; of a child that ended unseen it is lost."""
    times = os.times()
    spent = times.user + times.system + times.children_user + times.children_system
    for child in psutil.Process().children(recursive=True) if with_the_living else ():
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended just now
            spent += sum(child.cpu_times()[:4])
    return spent
