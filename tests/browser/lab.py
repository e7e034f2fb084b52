"""JupyterLab as `dlcourse lab` starts it."""

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# What no learner sees: tests drive JupyterLab by its commands, whose promises tell when something is done, and nothing
# is saved while a test saves, or JupyterLab asks on a slow machine whether the file may be overwritten.
_SETTINGS = {
    "jupyter_lab_config.json": {"LabApp": {"expose_app_in_browser": True}},
    "lab/user-settings/@jupyterlab/docmanager-extension/plugin.jupyterlab-settings": {"autosave": False},
}


@dataclass
class Lab:
    """A running JupyterLab, on a copy of the course that a test may change."""

    url: str
    token: str
    folder: Path

    def address(self, notebook: str) -> str:
        """Where a notebook opens in a fresh workspace."""
        return f"{self.url}lab/tree/{notebook}?token={self.token}&reset"


@contextmanager
def opened(folder: Path, **environment: str):
    """Start the laboratory as a person does who has nothing but that folder: without a window and without a home."""
    runtime = folder / "runtime"
    for name, settings in _SETTINGS.items():
        path = folder / ".jupyter" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    own = {"HOME": str(folder), "JUPYTER_RUNTIME_DIR": str(runtime), "DLCOURSE_CACHE": str(folder / "cache")}
    command = [sys.executable, "-m", "dlcourse", "lab", "--no-browser", str(folder)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, env=inherited | own | environment, stdout=log, stderr=log, cwd=folder)
    try:
        yield _running(server, runtime, folder)
    finally:
        server.terminate()
        server.wait(60)


def _running(server: subprocess.Popen, runtime: Path, folder: Path, patience: float = 120) -> Lab:
    end = time.monotonic() + patience
    while time.monotonic() < end and server.poll() is None:
        for path in runtime.glob("jpserver-*.json"):
            known = json.loads(path.read_text() or "{}")
            if known:
                return Lab(known["url"], known["token"], folder)
        time.sleep(0.1)
    raise AssertionError(f"JupyterLab did not start:\n{(folder / 'log').read_text()}")
