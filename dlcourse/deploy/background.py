"""`dlcourse serve` beside a notebook: started from a cell, and gone when the notebook's kernel is.

>>> service = in_background("digits.onnx")  # doctest: +SKIP
>>> service  # doctest: +SKIP
digits.onnx answers at http://127.0.0.1:40617
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from html import escape
from pathlib import Path
from types import TracebackType

from dlcourse.errors import CourseError

_PATIENCE = 60  # seconds that a service may take to end


class Service:
    """A service that runs in a process of its own.

    Attributes:
        address: Where it answers, as in "http://127.0.0.1:40617".
    """

    def __init__(self, name: str, address: str, process: "subprocess.Popen[str]") -> None:
        """See `in_background`."""
        self.address = address
        self._name = name
        self._process = process

    def stop(self) -> None:
        """End it; it answers what it has accepted before it goes."""
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        self._process.wait(_PATIENCE)
        if self._process.stdout:
            self._process.stdout.close()

    def __enter__(self) -> "Service":
        """For a `with` that stops it at its end."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End it."""
        self.stop()

    def __repr__(self) -> str:
        """A line."""
        return f"{self._name} answers at {self.address}"

    def _repr_html_(self) -> str:
        link = f'<a href="{escape(self.address)}" target="_blank" rel="noopener">{escape(self.address)}</a>'
        return f"<p>{escape(self._name)} answers at {link}</p>"


def in_background(path: Path | str) -> Service:
    """Serve a model as `dlcourse serve PATH` does, at a free port of this machine, while the notebook goes on.

    The service ends with `stop()`, at the end of a `with`, or with the process that started it.

    Args:
        path: The model's file in ONNX, with its manifest beside it.

    Raises:
        CourseError: If the model cannot be served, with the reason.

    Example:
        with in_background("digits.onnx") as service:
            print(service.address)
    """
    program = [sys.executable, "-m", "dlcourse.deploy.background", str(path)]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as complaints:
        process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, text=True)
        said = process.stdout.readline() if process.stdout else ""
        found = re.search(r"answers at (http://\S+)", said)
        if found:
            return Service(Path(path).name, found[1], process)
        process.communicate()
        complaints.seek(0)
        lines = complaints.read().strip().splitlines()
    raise CourseError(lines[-1] if lines else f"The service of {Path(path).name} ended before it began.")


def _stop_with_who_started_it() -> None:
    """Wait until nobody holds the other end of the standard input, then end this process in good order."""
    while os.read(0, 1024):  # not sys.stdin: its lock, held by a thread, spoils the end of the process
        pass
    signal.raise_signal(signal.SIGTERM)


def _main() -> int:
    from dlcourse.deploy.serving import Limits
    from dlcourse.deploy.serving.starting import serve

    threading.Thread(target=_stop_with_who_started_it, daemon=True).start()
    try:
        serve(sys.argv[1], port=0, limits=Limits(), say=lambda sentence: print(sentence, flush=True))
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main())
