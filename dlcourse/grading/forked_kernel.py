"""Kernels that need no time to start: forked from a process that has imported Keras already.

A provisioner of `jupyter_client`, by the name `dlcourse-forked`. Whatever starts kernels takes it, unpatched, where
`JUPYTER_DEFAULT_PROVISIONER_NAME` says so. Where a kernel cannot be forked (another system than Linux, another
language, a backend that has started threads) it is started as usual.
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO, cast

from jupyter_client.provisioning import LocalProvisioner

NAME = "dlcourse-forked"  # in pyproject.toml
# What Python, Keras and TensorFlow read when they are imported: each setting has a server of its own
_READ_AT_IMPORT = ("CUDA_", "KERAS_", "LD_", "MKL_", "OMP_", "OPENBLAS_", "PYDEVD_", "PYTHON", "TF", "XLA_")
_UNDERSTOOD = {"cwd", "env", "extra_arguments", "independent", "kernel_id", "stderr", "stdin", "stdout"}
_PROGRAM = str(Path(__file__).with_name("fork_server.py"))
_LAUNCHER = ["-m", "ipykernel_launcher"]


class ForkedKernel(LocalProvisioner):
    """A kernel of this Python, forked if that is possible."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork it, or start it as usual."""
        process = _forked(cmd, kwargs)
        if process is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = cast(Any, process)  # in the shape of a Popen
        self.pid = self.pgid = process.pid
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info


class ForkedProcess:
    """A process that a server has forked, in the shape of a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, news: socket.socket) -> None:
        """`news` will tell the exit code; while it is open the process may live."""
        self.pid = pid
        self.returncode: int | None = None
        self._news = news

    def poll(self) -> int | None:
        """The exit code, if it has ended."""
        return self._ended(socket.MSG_DONTWAIT)

    def wait(self) -> int | None:
        """The exit code, when it has ended."""
        return self._ended(0)

    def send_signal(self, signum: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, signum)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, flags: int) -> int | None:
        if self.returncode is None:
            try:
                code = self._news.recv(16, flags)
            except BlockingIOError:
                return None
            self._news.close()
            self.returncode = int(code) if code else -signal.SIGKILL  # its server has died, and it with its server
        return self.returncode


class _Server:
    """The other end of a fork server."""

    def __init__(self, interpreter: list[str], environment: dict[str, str]) -> None:
        self._control, inherited = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._has_served = False
        with inherited:
            self._process = subprocess.Popen(
                [*interpreter, _PROGRAM, str(inherited.fileno())],
                env=environment,
                pass_fds=[inherited.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Control+C is for kernels
            )

    @property
    def has_died(self) -> bool:
        """Whether it has, after it had served: one that never could would not the next time."""
        if not self._has_served:
            return False
        try:
            return self._control.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except ConnectionResetError:  # an order was on its way
            return True

    def fork(self, order: dict[str, Any], streams: list[int]) -> ForkedProcess | None:
        """The process that was ordered; None where the server cannot."""
        own_end, server_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with server_end:
            try:
                socket.send_fds(self._control, [json.dumps(order).encode()], [*streams, server_end.fileno()])
            except OSError:  # it is no more, or the order is too long for it
                own_end.close()
                return None
        pid = own_end.recv(16)  # waits until it has imported what it must
        if not pid:
            own_end.close()
            return None
        self._has_served = True
        return ForkedProcess(int(pid), own_end)

    def close(self) -> None:
        """End it and all its kernels."""
        self._control.close()
        self._process.wait()


_servers: dict[tuple[str, ...], _Server] = {}
_starting = threading.Lock()


def _forked(command: list[str], settings: dict[str, Any]) -> ForkedProcess | None:
    """A fork that does what `command` would, with what `Popen` would be given; None where that is not to be had."""
    if sys.platform != "linux" or settings.get("independent") or not settings.keys() <= _UNDERSTOOD:
        return None
    at = next((at for at in range(1, len(command)) if command[at : at + 2] == _LAUNCHER), None)
    if at is None or command[0] != sys.executable:
        return None
    environment = settings.get("env") or dict(os.environ)
    folder = str(settings.get("cwd") or Path.cwd())
    order = {"arguments": command[at + 2 :], "environment": environment, "folder": folder}
    with Path(os.devnull).open("r+b") as nothing:
        streams = [
            _descriptor(settings.get(name), usual, nothing)
            for name, usual in (("stdin", nothing), ("stdout", 1), ("stderr", 2))
        ]
        if min(streams) < 0:  # a pipe that `Popen` would make
            return None
        return _server(command[:at], environment).fork(order, streams)


def _descriptor(stream: Any, usual: Any, nothing: BinaryIO) -> int:
    """The number of what `Popen` would be given; negative where only `Popen` knows what to do."""
    chosen = usual if stream is None else nothing if stream == subprocess.DEVNULL else stream
    return chosen if isinstance(chosen, int) else chosen.fileno()


def _server(interpreter: list[str], environment: dict[str, str]) -> _Server:
    """The server for kernels of this interpreter in this environment, started at the first call."""
    setting = (
        *interpreter,
        *sorted(f"{name}={value}" for name, value in environment.items() if name.startswith(_READ_AT_IMPORT)),
    )
    with _starting:
        if setting in _servers and _servers[setting].has_died:
            _servers.pop(setting).close()
        if setting not in _servers:
            _servers[setting] = _Server(interpreter, environment)
        return _servers[setting]


@atexit.register
def end_servers() -> None:
    """End all servers and their kernels."""
    while _servers:
        _servers.popitem()[1].close()
