"""The service as people start it, in a process of its own, and in a thread, where a test can reach into it."""

import re
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager

import httpx
import uvicorn

from dlcourse.deploy.serving import service
from dlcourse.deploy.serving.connections import PatientServer, PunctualProtocol

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
    with connection:
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


@contextmanager
def client_of(path, limits=None):
    """A client of the service, which runs in a thread."""
    config = uvicorn.Config(service(path, limits), http=PunctualProtocol, ws="none", log_level="error")
    server = PatientServer(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=PATIENCE) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()
