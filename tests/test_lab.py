"""Starting JupyterLab: a taken port, no way to the network, a clean end."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from dlcourse import course


@pytest.fixture
def start(tmp_path):
    servers = []

    def begin(*arguments):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
        environment |= {"HOME": str(tmp_path), "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")}
        command = [sys.executable, "-m", "dlcourse", "lab", "--no-browser", *arguments]
        server = subprocess.Popen(command, env=environment, cwd=course.root(), stderr=subprocess.DEVNULL)
        servers.append(server)
        return server

    yield begin
    for server in servers:
        server.kill()
        server.wait()


def told(tmp_path, patience=60):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        for path in (tmp_path / "runtime").glob("jpserver-*.json"):
            if text := path.read_text():
                return json.loads(text)
        time.sleep(0.1)
    raise AssertionError("JupyterLab did not start")


def test_a_taken_port_is_passed_over(start, tmp_path):
    with socket.create_server(("localhost", 0)) as taken:
        port = taken.getsockname()[1]
        start("--port", str(port))
        info = told(tmp_path)
    assert info["port"] != port
    assert info["root_dir"] == str(course.root())


@pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")
def test_it_ends_cleanly_when_told_to(start, tmp_path):
    server = start()
    told(tmp_path)
    server.send_signal(signal.SIGTERM)
    assert server.wait(30) in (0, -signal.SIGTERM, 128 + signal.SIGTERM)
    assert list((tmp_path / "runtime").glob("jpserver-*.json")) == []
