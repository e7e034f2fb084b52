"""`dlcourse serve` in a process of its own, as people start it."""

import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

PATIENCE = 120  # seconds: a busy machine is slow, and what never comes is a failure all the same


class RunningService:
    """The process, and ways to talk to it below HTTP's good manners."""

    def __init__(self, process, port):
        self.process = process
        self.port = port
        self.address = f"http://127.0.0.1:{port}"

    def connect(self, *parts):
        """A connection on which so much has been sent."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        for part in parts:
            connection.sendall(part)
        return connection

    def stop(self):
        """SIGTERM; the exit code, and what was printed since the address."""
        self.process.send_signal(signal.SIGTERM)
        return self.ended()

    def ended(self):
        """The exit code, once there is one, and what was printed since the address."""
        printed, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, printed


def rest(connection):
    """All that still comes, until the other side closes."""
    received = b""
    while part := connection.recv(65536):
        received += part
    return received


@contextmanager
def running(path, *options):
    """A service on a free port, which has ended afterwards."""
    command = [sys.executable, "-m", "dlcourse", "serve", str(path), "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        assert found, line + process.stdout.read()
        yield RunningService(process, int(found[1]))
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
