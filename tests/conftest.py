"""What every test needs: its own cache and home, and no network beyond this machine."""

import ipaddress
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path

import properties  # noqa: F401, registers the profiles before the tests are collected
import pytest

# Keras reads it when it is imported, so it must be set before the first test module is
os.environ["KERAS_HOME"] = tempfile.mkdtemp(prefix="keras-home-")


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """While test modules import TensorFlow, oneDNN is off: random networks would meet a known crash.

    `dlcourse doctor` tries it. Lessons run in kernels of their own, started later, and keep it on, as learners have it.
    """
    with pytest.MonkeyPatch.context() as patch:
        if "TF_ENABLE_ONEDNN_OPTS" not in os.environ:
            patch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup():
    """A test meets the same random weights in every run, in whatever order; fixtures of a wider scope do, too."""
    if keras := sys.modules.get("keras"):
        keras.utils.set_random_seed(1)


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    """Neither read nor write what the person who runs the tests has cached or answered."""
    monkeypatch.setenv("DLCOURSE_CACHE", str(tmp_path / "dlcourse_cache"))
    monkeypatch.setenv("DLCOURSE_ANSWERS", str(tmp_path / "dlcourse_answers"))
    monkeypatch.delenv("DLCOURSE_MIRROR", raising=False)
    yield
    shutil.rmtree(Path(os.environ["KERAS_HOME"], "datasets"), ignore_errors=True)


def pytest_sessionfinish():
    shutil.rmtree(os.environ["KERAS_HOME"], ignore_errors=True)


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch):
    """Fail a test that reaches for the network."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family != socket.AF_UNIX and not ipaddress.ip_address(address[0]).is_loopback:
            raise AssertionError(f"a test reaches for the network: {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
