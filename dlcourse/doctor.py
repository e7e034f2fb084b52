"""What `dlcourse doctor` finds out: each finding is in order, worth a note, or to be mended, with what to do."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Literal, NamedTuple

import psutil
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from dlcourse import course, lab
from dlcourse.data.cache import cache_folder
from dlcourse.data.catalogue import CATALOGUE
from dlcourse.data.loading import is_at_hand, load, mirror_folder
from dlcourse.errors import CourseError

_NEEDED_GB = 2.0  # what Binder gives, and what every lesson keeps under
_PATIENCE = 180  # seconds for a child process on a slow machine
_PROBES = 20  # the crash strikes at random


class Finding(NamedTuple):
    """One line of the report."""

    about: str
    state: Literal["ok", "note", "mend"]
    says: str


def examine() -> Iterator[Finding]:
    """Look at everything the course needs, one finding at a time."""
    for check in _CHECKS:
        yield check()


def _python() -> Finding:
    required = SpecifierSet(metadata.metadata("dlcourse")["Requires-Python"])
    version = ".".join(map(str, sys.version_info[:3]))
    if required.contains(version):
        return Finding("Python", "ok", version)
    return Finding("Python", "mend", f"{version} runs, the course needs {required}; install one and try again with it.")


def _packages() -> Finding:
    wrong = []
    requirements = [Requirement(line) for line in metadata.requires("dlcourse") or []]
    needed = [requirement for requirement in requirements if not requirement.marker or requirement.marker.evaluate()]
    for requirement in needed:
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{requirement.name} is missing")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            wrong.append(f"{requirement.name} is {version}, {requirement.specifier} is needed")
    if wrong:
        return Finding("packages", "mend", f"{'; '.join(wrong)}. Run: {sys.executable} -m pip install -e .")
    return Finding("packages", "ok", f"all {len(needed)} in the versions that the course is tested with")


def _memory() -> Finding:
    total = psutil.virtual_memory().total
    limit = Path("/sys/fs/cgroup/memory.max")
    if limit.is_file() and (text := limit.read_text().strip()).isdigit():
        total = min(total, int(text))
    gigabytes = total / 1e9
    if gigabytes < _NEEDED_GB:
        return Finding(
            "memory", "mend", f"{gigabytes:.1f} GB; lessons need up to {_NEEDED_GB:.0f}. Run one notebook at a time."
        )
    return Finding("memory", "ok", f"{gigabytes:.1f} GB")


def _tensorflow() -> Finding:
    program = """
        import json, time
        start = time.perf_counter()
        import keras, tensorflow as tf
        gpus = [device.name for device in tf.config.list_physical_devices("GPU")]
        seconds = time.perf_counter() - start
        print(json.dumps([tf.__version__, keras.__version__, keras.backend.backend(), gpus, seconds]))
    """
    child = _child(program)
    if child.returncode != 0:
        return Finding(
            "TensorFlow",
            "mend",
            f"does not import ({_last_line(child.stderr)}). Run: {sys.executable} -m pip install --force-reinstall "
            "tensorflow",
        )
    version, keras, backend, gpus, seconds = json.loads(child.stdout.splitlines()[-1])
    device = f"GPU {', '.join(gpus)}" if gpus else "no GPU (the lessons are made for the CPU)"
    return Finding("TensorFlow", "ok", f"{version}, Keras {keras} on {backend}, imported in {seconds:.1f} s, {device}")


def _known_crash() -> Finding:
    # kernel 1x1, stride 2, even map, few channels: the backward pass may corrupt the heap
    program = f"""
        import numpy as np, tensorflow as tf
        for _ in range({_PROBES}):
            x, w = tf.ones([32, 56, 56, 4]), tf.Variable(tf.ones([1, 1, 4, 8]))
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = tf.reduce_sum(tf.nn.conv2d(x, w, 2, "SAME"))
            tape.gradient(y, [x, w])
    """
    child = _child(program)
    if child.returncode == 0:
        return Finding("known crash", "ok", f"1×1 convolution with stride 2 survived {_PROBES} backward passes")
    return Finding(
        "known crash",
        "note",
        "this TensorFlow can crash when it trains a 1×1 convolution with stride 2 on few channels; the course's "
        "networks avoid it, for one of your own set TF_ENABLE_ONEDNN_OPTS=0 before Python starts.",
    )


def _kernel() -> Finding:
    from jupyter_client.manager import start_new_kernel

    with tempfile.TemporaryFile() as silence:
        try:
            manager, client = start_new_kernel(kernel_name="python3", startup_timeout=_PATIENCE, stderr=silence)
        except (RuntimeError, OSError) as error:
            return Finding(
                "kernel",
                "mend",
                f"no notebook kernel starts ({error}). Run: {sys.executable} -m pip "
                "install --force-reinstall ipykernel",
            )
        try:
            answer = client.execute_interactive(
                "import sys; assert sys.prefix == " + repr(sys.prefix), timeout=_PATIENCE, store_history=False
            )
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    if answer["content"]["status"] != "ok":
        return Finding(
            "kernel",
            "mend",
            f"notebooks run in another Python than this one. Run: {sys.executable} -m ipykernel install --sys-prefix",
        )
    return Finding("kernel", "ok", "starts and runs in this environment")


def _browser_side() -> Finding:
    from jupyter_core.paths import jupyter_path

    needed = {"@jupyter-widgets/jupyterlab-manager": "jupyterlab_widgets", "anywidget": "anywidget"}
    places = [Path(place) for place in jupyter_path("labextensions")]
    missing = [
        package for extension, package in needed.items() if not any((place / extension).is_dir() for place in places)
    ]
    if missing:
        return Finding(
            "widgets",
            "mend",
            f"JupyterLab lacks {', '.join(missing)}. Run: {sys.executable} -m pip install "
            f"--force-reinstall {' '.join(missing)}, then reload the browser page.",
        )
    return Finding("widgets", "ok", "JupyterLab has what they need in the browser")


def _nbgrader() -> Finding:
    path = lab.environment()["PATH"]
    for program in ("nbgrader", "alembic"):
        if shutil.which(program, path=path) is None:
            return Finding(
                "nbgrader",
                "mend",
                f"its program {program} is missing. Run: {sys.executable} -m pip install "
                "--force-reinstall nbgrader alembic",
            )
    if importlib.util.find_spec("nbgrader") is None:
        return Finding("nbgrader", "mend", f"does not import. Run: {sys.executable} -m pip install nbgrader")
    return Finding("nbgrader", "ok", metadata.version("nbgrader"))


def _course() -> Finding:
    try:
        folder = course.root()
        lessons = [lesson for module in course.modules(folder) for lesson in module.lessons]
        minutes = sum(lesson.minutes for lesson in lessons)
    except CourseError as error:
        return Finding("course", "mend", str(error))
    return Finding("course", "ok", f"{len(lessons)} lessons, {minutes} minutes, in {folder}")


def _data() -> Finding:
    folder = cache_folder()
    try:
        load("mnist")
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except CourseError as error:
        return Finding("data", "mend", str(error))
    except OSError:
        writable = False
    if not writable:
        return Finding(
            "data",
            "note",
            f"{folder} cannot be written, so data is made anew each time; set DLCOURSE_CACHE to a folder.",
        )
    full = [name for name in CATALOGUE if is_at_hand(name)]
    mirror = mirror_folder()
    source = f", mirror {mirror}" if mirror else ""
    return Finding("data", "ok", f"small sets work; full at hand: {', '.join(full) or 'none (none is needed)'}{source}")


_CHECKS: tuple[Callable[[], Finding], ...] = (
    _python,
    _packages,
    _memory,
    _tensorflow,
    _known_crash,
    _kernel,
    _browser_side,
    _nbgrader,
    _course,
    _data,
)


def _child(program: str) -> subprocess.CompletedProcess[str]:
    quiet = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-c", textwrap.dedent(program)]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, env=quiet, check=False)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"no answer in {_PATIENCE} s")


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no message"])[-1]
