"""Binder, as far as it goes without Docker: repo2docker's own reading of the folder, and its steps replayed here.

That each lesson fits into Binder's memory is held by notebooks/stored_outputs.py, which sees all of them run.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dlcourse import lab

ROOT = Path(__file__).parents[1]


@pytest.fixture
def environment(tmp_path):
    return os.environ | lab.environment() | {"HOME": str(tmp_path), "DLCOURSE_CACHE": str(tmp_path / "cache")}


def test_repo2docker_accepts_the_folder_and_copies_the_checkout_before_it_installs():
    command = [Path(sys.executable).with_name("jupyter-repo2docker"), "--no-build", "--debug", "."]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    recipe = process.stdout + process.stderr
    steps = ["COPY --chown=", '--file "binder/environment.yml"', "./binder/postBuild", "binder/start"]
    places = [recipe.index(step) for step in steps]
    assert places == sorted(places)


def test_post_build_prepares_the_first_lesson(environment, tmp_path):
    subprocess.run([ROOT / "binder/postBuild"], env=environment, cwd=ROOT, check=True, capture_output=True)
    kept = {path.name.split("-")[0] for path in (tmp_path / "cache").rglob("*.npz")}
    assert kept == {"mnist", "signs"}


def test_start_hands_over_to_the_server(environment):
    words = [ROOT / "binder/start", sys.executable, "-c", "import os; print(os.environ['TF_CPP_MIN_LOG_LEVEL'])"]
    environment.pop("TF_CPP_MIN_LOG_LEVEL")
    assert subprocess.run(words, env=environment, capture_output=True, text=True, check=True).stdout == "2\n"


def test_the_steps_are_programs():
    for step in ("postBuild", "start"):
        assert os.access(ROOT / "binder" / step, os.X_OK)
