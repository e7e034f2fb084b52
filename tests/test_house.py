"""The rules of the house that a machine can check."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from itertools import chain
from pathlib import Path

import pytest
import yaml
from pygments.lexers import JavascriptLexer
from pygments.token import Comment, Name, Whitespace

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "dlcourse"
WIDGETS = PACKAGE / "widgets"
SCRIPTS = {path.relative_to(WIDGETS).as_posix(): path for path in sorted(WIDGETS.rglob("*.js"))}

TYPESCRIPT = "typescript@7.0.2"  # whose compiler reads the types in the comments
LONGEST = 150  # lines of a function, and of an entry

# the entries that are longer still; a name goes when its entry is parted, and none comes
LONG_ENTRIES = set(
    "activations augmenter convolution_steps draw_digit gradient_flow optimizers receptive_field training_board".split()
)

# what a module of these names is, it is without a page; so are the modules listed by name
PURE_NAMES = {"state.js", "layout.js", "words.js", "code.js"}
NUMERIC = {
    "shared/js": "activation_functions bounds browser_network bytes convolution curves engines keys markup memory "
    "model numbers picture_form pictures random resample verdict warp",
    "augmenter": "augment",
    "bits": "classes histogram quantise",
    "convolution_steps": "nested window_steps",
    "draw_digit": "ink",
    "feature_maps": "making making_layout maps receptive_patch",
    "gradient_flow": "decades deep_stack rows",
    "kernels": "weights",
    "optimizers": "descent line_fit surfaces",
    "orbit": "sweep transform ways",
    "paint_out": "asking easel layer painting",
    "playground": "network parts planes",
    "predict": "axis distance",
    "quiz": "judging",
    "receptive_field": "reach",
    "recurrent": "cells",
    "threshold": "counting",
}
OF_THE_PAGE = {"document", "window", "navigator", "requestAnimationFrame", "HTMLElement"}

# what each part may import of the others; errors is everybody's
MAY_IMPORT = {
    "errors": set(),
    "data": set(),
    "nets": {"data"},
    "lens": {"nets", "data"},
    "training": {"nets", "data"},
    "widgets": {"training", "lens", "nets", "data", "answers", "questions", "course", "figure"},
    "deploy": {"training", "lens", "nets", "data"},
    "grading": {"course", "lab"},
    "answers": set(),
    "questions": {"answers"},
    "review": {"answers", "questions"},
    "course": {"review"},
    "charts": set(),
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
    """One process for all: each import of NumPy, Pillow and ipywidgets takes a second."""
    program = """
import sys
import dlcourse.cli, dlcourse.data, dlcourse.lens, dlcourse.widgets as widgets
for name in widgets.__all__:
    getattr(widgets, name)
assert "matplotlib" not in sys.modules, "widgets draw without it"
widgets.Kernels(), widgets.Augmenter(), widgets.TrainingBoard()
print(*sys.modules)
"""
    process = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr
    assert not {"tensorflow", "keras"} & set(process.stdout.split())


@pytest.mark.parametrize("command", ["check", "format --check"])
def test_ruff_finds_nothing(command):
    process = subprocess.run(
        [sys.executable, "-m", "ruff", *command.split(), "."], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, process.stdout


def test_mypy_finds_nothing():
    process = subprocess.run([sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stdout


def test_biome_finds_nothing():
    process = subprocess.run(
        [_biome(), "check", "--error-on-warnings", "."], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, process.stdout + process.stderr


def test_the_types_in_javascript_hold():
    npx = shutil.which("npx") or _not_here("JavaScript's types are checked where npm is: it brings TypeScript.")
    process = subprocess.run(
        [npx, "--yes", "--prefer-offline", "--package", TYPESCRIPT, "tsc", "--project", "jsconfig.json"],
        cwd=ROOT,
        env=os.environ | {"npm_config_fetch_retries": "1"},  # without a network it would try for minutes
        capture_output=True,
        text=True,
        check=False,
    )
    if refusals := [line for line in process.stderr.splitlines() if line.startswith("npm error")]:
        _not_here(f"JavaScript's types are checked where npm can fetch {TYPESCRIPT}: {refusals[0]}.")
    assert process.returncode == 0, process.stdout + process.stderr


@pytest.mark.parametrize("name", SCRIPTS)
def test_javascript_imports_point_the_way_of_the_house(name):
    """A widget's folder knows itself and shared/js, shared/js knows no widget, and data comes from Python."""
    folder = name.split("/")[0]
    for statement, names, source in _javascript_imports(SCRIPTS[name]):
        if source.startswith("dlcourse:"):
            own = "palette" if folder == "shared" else folder
            assert source == f"dlcourse:{own}", f"{name} takes the data of another: {statement}"
            assert not names.startswith("{"), f"{name} takes data in parts: {statement}"
            continue
        assert names.startswith("{"), f"data is imported from Python alone, as dlcourse:NAME; {name} has {statement}"
        imported = _module(name, source)
        assert imported in SCRIPTS, f"{name} imports what is no module here: {statement}"
        assert imported.startswith((f"{folder}/", "shared/js/")), f"{name} reaches into another's folder: {statement}"


@pytest.mark.parametrize("name", sorted(name for name in SCRIPTS if name.split("/")[-1] in PURE_NAMES))
def test_a_module_named_for_what_is_pure_reaches_no_page(name):
    _reaches_no_page(name)


@pytest.mark.parametrize(
    "name", [f"{folder}/{module}.js" for folder, modules in NUMERIC.items() for module in modules.split()]
)
def test_a_numeric_module_reaches_no_page(name):
    assert name in SCRIPTS, f"NUMERIC lists {name}, which is gone"
    _reaches_no_page(name)


def test_functions_are_short_but_for_the_listed_entries(tmp_path):
    """The list can only shrink: who is not on it is short, and who is short is not on it."""
    settings = json.loads((ROOT / "biome.json").read_text(encoding="utf-8"))
    excused = {path for override in settings["overrides"] for path in override["includes"]}
    listed = {f"{name}/entry.js" for name in LONG_ENTRIES}
    assert excused == {f"dlcourse/widgets/{name}" for name in listed}
    rule = settings["linter"]["rules"]["complexity"]["noExcessiveLinesPerFunction"]
    assert rule == {"level": "error", "options": {"maxLines": LONGEST}}
    alone = {"linter": {"rules": {"recommended": False, "complexity": {"noExcessiveLinesPerFunction": rule}}}}
    (tmp_path / "biome.json").write_text(json.dumps(alone), encoding="utf-8")
    command = [_biome(), "lint", f"--config-path={tmp_path}", "--reporter=json", "--max-diagnostics=none", "dlcourse"]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    diagnostics = json.loads(process.stdout)["diagnostics"]
    assert {diagnostic["category"] for diagnostic in diagnostics} <= {"lint/complexity/noExcessiveLinesPerFunction"}, (
        process.stdout
    )
    assert {diagnostic["location"]["path"]["file"] for diagnostic in diagnostics} == excused


@pytest.mark.parametrize("name", sorted({name.split("/")[0] for name in SCRIPTS} - {"shared"} - LONG_ENTRIES))
def test_an_entry_only_wires(name):
    lines = SCRIPTS[f"{name}/entry.js"].read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST, f"{name}/entry.js has {lines} lines: what is not wiring belongs in modules of its own"


def test_every_package_that_is_imported_is_asked_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = (project["optional-dependencies"][extra] for extra in ("site", "export", "serve"))
    asked = {_bare(line) for line in chain(project["dependencies"], *extras)}
    modules = {
        "skimage": "scikit-image",
        "sklearn": "scikit-learn",
        "PIL": "pillow",
        "IPython": "ipykernel",
        "yaml": "pyyaml",
        "ai_edge_litert": "ai-edge-litert",
        "python_multipart": "python-multipart",
    }
    come_along = {
        "ipykernel_launcher": "ipykernel",
        "jupyter_client": "ipykernel",
        "jupyter_core": "ipykernel",
        "traitlets": "ipywidgets",
    }
    come_along |= {"ipykernel_launcher": "ipykernel"}
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
    assert here["dependencies"][-1] == {"pip": ["-e .[export,serve]"]}
    assert binder["dependencies"].pop() == {"pip": ["-e ..[export,serve]"]}
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


def _biome():
    biome = Path(sysconfig.get_path("scripts"), "biome")
    return biome if biome.exists() else _not_here("Biome comes for Linux on x86_64 alone: JavaScript is checked there.")


def _not_here(why):
    """What cannot be checked on this machine is checked in CI, where nothing is skipped."""
    assert os.environ.get("CI") != "true", why
    pytest.skip(why)


def _javascript_imports(path):
    """Each import of a module: the whole statement, what is taken, and from where."""
    for match in re.finditer(r'^import\s+([^"]+?)\s+from\s+"([^"]+)";', path.read_text(encoding="utf-8"), re.MULTILINE):
        yield " ".join(match[0].split()), *match.groups()


def _module(importer, source):
    return os.path.normpath(Path(importer).parent / source).replace(os.sep, "/")


def _reaches_no_page(name):
    """Follows the imports, and says by which way a module comes to the page."""
    ways = [(name,)]
    met = {name}
    while ways:
        way = ways.pop(0)
        words = _words_of_the_page(SCRIPTS[way[-1]])
        assert not words, f"{' -> '.join(way)} uses {', '.join(sorted(words))}"
        sources = [source for *_, source in _javascript_imports(SCRIPTS[way[-1]]) if source.startswith(".")]
        for imported in {_module(way[-1], source) for source in sources} - met:
            met.add(imported)
            ways.append((*way, imported))


def _words_of_the_page(path):
    """Which of the page's globals a module uses at run time: not in comments and texts, nor as a property's name."""
    tokens = [
        (kind, text)
        for kind, text in JavascriptLexer().get_tokens(path.read_text(encoding="utf-8"))
        if kind not in Whitespace and kind not in Comment and text.strip()
    ]
    texts = ["", *(text for _, text in tokens), ""]
    around = zip(tokens, texts, texts[2:], strict=False)
    return {
        text
        for (kind, text), before, after in around
        if kind in Name
        and text in OF_THE_PAGE
        and before not in (".", "?.")
        and not (before in ("{", ",") and after == ":")
    }


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
