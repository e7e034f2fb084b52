"""Where the time of a run went: a line for each marker of a folder, at the end of a run of several.

Processor time counts the children that a test has waited for; of a server that runs for many tests it comes with the
last of them. What is left of the time by the clock was spent waiting, or lost to other processes.
"""

import os
import time
from collections import defaultdict

import pytest
from folders import FOLDERS, line_of


def pytest_configure(config):
    config.pluginmanager.register(TimeSpent())


class TimeSpent:
    """Measures where the tests run, adds up where they are reported: with workers these are two processes."""

    def __init__(self):
        self.until_now = _clocks()
        self.spent = defaultdict(lambda: [0, 0.0, 0.0])  # by marker: tests, seconds, processor seconds

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self):
        self.until_now = _clocks()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item):
        report = yield
        now = _clocks()
        report.folder = FOLDERS[line_of(item.path)].marker
        report.seconds, report.processor_seconds = (b - a for a, b in zip(self.until_now, now, strict=True))
        self.until_now = now
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


def _clocks():
    times = os.times()
    return time.perf_counter(), times.user + times.system + times.children_user + times.children_system
