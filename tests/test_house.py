"""The rules of the house that a machine can check."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "dlcourse"

# what each part may import of the others; errors is everybody's
MAY_IMPORT = {
    "errors": set(),
    "data": set(),
    "nets": {"data"},
    "lens": {"nets", "data"},
    "training": {"nets", "data"},
    "widgets": {"training", "lens", "nets", "data"},
    "deploy": {"training", "lens", "nets", "data"},
    "grading": {"course", "lab"},
    "course": set(),
    "figure": set(),
    "site": {"course"},
    "lab": {"course"},
    "doctor": {"course", "lab", "data"},
}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_the_way_of_the_house(path):
    part = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if part in ("cli", "__main__", "__init__"):
        return
    allowed = MAY_IMPORT[part] | {part, "errors"}
    for name in _imported(ast.parse(path.read_text(encoding="utf-8"))):
        if name.startswith("dlcourse."):
            assert name.split(".")[1] in allowed, f"{path.name} imports {name}"


def test_importing_dlcourse_is_light():
    program = "import sys, dlcourse; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"tensorflow", "keras", "numpy"} & set(loaded)
    report = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import dlcourse"], capture_output=True, text=True, check=True
    ).stderr
    cumulative = int(report.splitlines()[-1].split("|")[1])
    assert cumulative < 100_000, f"import dlcourse takes {cumulative} µs"


def test_looking_at_data_and_at_pictures_loads_no_network_library():
    program = (
        "import sys, dlcourse.data, dlcourse.cli, dlcourse.lens, dlcourse.widgets as widgets;"
        "widgets.Kernels(); print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"tensorflow", "keras"} & set(loaded)


@pytest.mark.parametrize("command", ["check", "format --check"])
def test_ruff_finds_nothing(command):
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *command.split(), "."], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_mypy_finds_nothing():
    done = subprocess.run([sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_package_that_is_imported_is_asked_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {_bare(line) for line in [*project["dependencies"], *project["optional-dependencies"]["site"]]}
    modules = {"skimage": "scikit-image", "sklearn": "scikit-learn", "PIL": "pillow", "IPython": "ipykernel"}
    come_along = {"jupyter_client": "ipykernel", "jupyter_core": "ipykernel", "traitlets": "ipywidgets"}
    come_along |= {"nbclient": "nbgrader", "nbconvert": "nbgrader", "jinja2": "nbgrader"}
    backends = {"jax": "keras", "torch": "keras"}  # imported only where somebody has chosen them for Keras
    for path in PACKAGE.rglob("*.py"):
        for name in _imported(ast.parse(path.read_text(encoding="utf-8"))):
            top = name.split(".")[0]
            if top not in sys.stdlib_module_names and top != "dlcourse":
                assert (modules | come_along | backends).get(top, top) in asked, f"{path.name} imports {top}"


def test_conda_and_binder_take_their_packages_from_pyproject():
    here = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    binder = yaml.safe_load((ROOT / "binder/environment.yml").read_text(encoding="utf-8"))
    assert here["dependencies"][-1] == {"pip": ["-e ."]}
    assert binder["dependencies"].pop() == {"pip": ["-e .."]}
    here["dependencies"].pop()
    assert binder == here
    assert here["name"] == "dlcourse"


def _imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "dlcourse":
                yield from (f"dlcourse.{alias.name}" for alias in node.names)
            else:
                yield node.module


def _bare(requirement):
    for end in "<>=;[ ":
        requirement = requirement.partition(end)[0]
    return requirement


def test_no_name_of_the_lens_is_a_module_of_it():
    """Importing such a module would put it in the function's place."""
    import dlcourse.lens

    modules = {path.stem for path in (PACKAGE / "lens").glob("*.py")}
    assert not modules & set(dlcourse.lens.__all__)
    assert all(callable(getattr(dlcourse.lens, name)) for name in dlcourse.lens.__all__)
