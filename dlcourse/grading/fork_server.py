"""A process that has imported Keras and run nothing, and forks a kernel whenever it is asked to.

To import Keras and TensorFlow takes four seconds of a processor, to fork twenty milliseconds. This file is run as a
program of its own by `forked_kernel.py`, which it hears through a socket that it inherits: one without a name, so that
nobody else can reach it. Where the other end is closed, as it is when its owner dies of whatever cause, all kernels
end, and so does this.

An order is a kernel's arguments, environment and folder, and with it four descriptors: stdin, stdout, stderr, and a
socket for this kernel alone. On that goes its process number, and when it has ended its exit code. Where the owner
closes it, the kernel ends.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import logging
import os
import selectors
import signal
import socket
import sys
import threading
import time
from typing import NamedTuple

# what a kernel imports when it starts, and what takes longest of what a notebook imports
_SHARED = ("ipykernel.kernelapp", "ipykernel.debugger", "IPython.core.completerlib", "keras")
_LONGEST_ORDER = 2**20  # bytes; more than a socket lets through in one piece
_PR_SET_PDEATHSIG = 1  # of linux/prctl.h


class Order(NamedTuple):
    """What a kernel shall be."""

    arguments: list[str]
    environment: dict[str, str]
    folder: str
    streams: list[int]


class Kernel(NamedTuple):
    """A kernel, as its server knows it."""

    pid: int
    process: int  # a descriptor that can be read from when the process has ended
    owner: socket.socket

    def kill(self) -> None:
        """End it and what it has started."""
        os.kill(self.pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):  # it has not come to lead its group yet
            os.killpg(self.pid, signal.SIGKILL)

    def tell(self, number: int) -> None:
        """Send a number to the owner."""
        with contextlib.suppress(ConnectionError):  # there is none any more; this kernel's end is the next event
            self.owner.send(b"%d" % number)

    def let_go(self) -> None:
        """Close what leads to it."""
        os.close(self.process)
        self.owner.close()


class ForkServer:
    """Takes orders from a socket, forks, and tells what becomes of the forks."""

    def __init__(self, control: socket.socket) -> None:
        """`control` is where orders come from."""
        self._control = control
        self._kernels: list[Kernel] = []
        self._events = selectors.PollSelector()  # nothing that a fork would share, as it would an epoll
        self._events.register(control, selectors.EVENT_READ)

    def serve(self) -> Order:
        """Fork for each order. Returns in the forks only; here it ends the process."""
        while True:
            key, _ = self._events.select()[0]  # one at a time: what it does may settle the next
            kernel: Kernel = key.data
            if key.fileobj is self._control:
                order = self._take_order()
                if order:
                    return order
            elif key.fileobj is kernel.owner:
                self._events.unregister(kernel.owner)
                kernel.kill()
            else:
                self._bury(kernel)

    def _take_order(self) -> Order | None:
        message, descriptors, _, _ = socket.recv_fds(self._control, _LONGEST_ORDER, 4)
        if not message:
            for kernel in self._kernels:
                kernel.kill()
            sys.exit()
        *streams, number = descriptors
        owner = socket.socket(fileno=number)
        pid = os.fork()
        if pid == 0:
            for kernel in self._kernels:
                kernel.let_go()
            owner.close()
            self._control.close()
            return Order(**json.loads(message), streams=streams)
        for stream in streams:
            os.close(stream)
        kernel = Kernel(pid, os.pidfd_open(pid), owner)
        self._kernels.append(kernel)
        for descriptor in (kernel.process, kernel.owner):
            self._events.register(descriptor, selectors.EVENT_READ, kernel)
        kernel.tell(pid)
        return None

    def _bury(self, kernel: Kernel) -> None:
        _, status = os.waitpid(kernel.pid, 0)
        kernel.tell(os.waitstatus_to_exitcode(status))
        self._kernels.remove(kernel)
        for descriptor in (kernel.process, kernel.owner):
            if descriptor in self._events.get_map():
                self._events.unregister(descriptor)
        kernel.let_go()


def become(order: Order, server: int) -> None:
    """Make of a fork of `server` the process that was asked for."""
    import numpy as np

    os.setsid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:  # it ended before that could take hold
        sys.exit()
    for place, stream in enumerate(order.streams):
        os.dup2(stream, place)
        os.close(stream)
    os.environ.clear()
    os.environ.update(order.environment)
    time.tzset()
    os.chdir(order.folder)
    np.random.seed()  # Python's own generator takes a new seed in every fork, Keras' and TensorFlow's have none yet


def run_kernel(arguments: list[str]) -> None:
    """Be what `python -m ipykernel_launcher` is."""
    import ipykernel_launcher
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = [ipykernel_launcher.__file__, *arguments]
    streams = [sys.stdout, sys.stderr]
    early = [
        (handler, streams.index(handler.stream))
        for handler in (reference() for reference in logging._handlerList)  # type: ignore[attr-defined]
        if isinstance(handler, logging.StreamHandler) and handler.stream in streams
    ]
    app = IPKernelApp.instance()
    # the class has read its parent's number where it was imported
    app.initialize([*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])
    if "matplotlib" in sys.modules:  # Keras imports it; in a kernel of its own it reads this when a notebook does
        sys.modules["matplotlib"].rcParams["backend"] = os.environ["MPLBACKEND"]  # set by the line above
    for handler, which in early:  # of the libraries; in a kernel of its own they would have met the notebook's streams
        handler.setStream((sys.stdout, sys.stderr)[which])
    app.start()


def main() -> None:
    """Import, then serve on the socket whose number is the only argument."""
    if not sys.flags.safe_path:
        del sys.path[0]  # this file's folder
    control = socket.socket(fileno=int(sys.argv[1]))
    server = os.getpid()
    sys.ps1 = "In : "  # as in a kernel: TensorFlow's log is for stdout then
    environment = dict(os.environ)
    for module in _SHARED:
        importlib.import_module(module)
    set_by_imports = {name: value for name, value in os.environ.items() if environment.get(name) != value}
    if sys.modules["keras"].backend.backend() != "tensorflow" or threading.active_count() > 1:
        sys.exit()  # tried with TensorFlow alone; NumPy's threads know how to be forked, Python's do not
    gc.collect()
    gc.freeze()  # what is never collected is never written to, and stays shared
    order = ForkServer(control).serve()
    order.environment.update(set_by_imports, JPY_PARENT_PID=str(server))
    become(order, server)
    run_kernel(order.arguments)


if __name__ == "__main__":
    main()
