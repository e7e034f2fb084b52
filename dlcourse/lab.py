"""The laboratory: JupyterLab opened at the map of the course, with everything ready and nothing popping up."""

import os
import sysconfig
from pathlib import Path

from dlcourse import course


def arguments(course_root: Path, *, browser: bool, port: int) -> list[str]:
    """What JupyterLab is started with."""
    address = f"/lab/tree/{course.MAP.as_posix()}"
    options = [
        f"--ServerApp.root_dir={course_root}",
        f"--LabApp.default_url={address}",
        f"--ServerApp.port={port}",  # the next free one is taken when it is not free
    ]
    if not browser:
        options.append("--ServerApp.open_browser=False")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")  # in a container there is nobody else; the server listens on this machine only
    return options


def environment() -> dict[str, str]:
    """What the server and its kernels need on top of the environment at hand."""
    programs = sysconfig.get_path("scripts")  # nbgrader calls alembic by its bare name
    quiet = os.environ.get("TF_CPP_MIN_LOG_LEVEL", "2")  # errors yes, a page of start-up chatter no
    return {"PATH": os.pathsep.join([programs, os.environ.get("PATH", "")]), "TF_CPP_MIN_LOG_LEVEL": quiet}


def start(course_root: Path, *, browser: bool = True, port: int = 8888) -> None:
    """Run JupyterLab until it is stopped."""
    from jupyterlab.labapp import LabApp

    os.environ.update(environment())
    os.chdir(course_root)  # nbgrader looks for its configuration here
    LabApp.launch_instance(arguments(course_root, browser=browser, port=port))
