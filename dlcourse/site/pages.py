"""Notebooks as pages: run, drawn, their widgets alive, everything in one file each."""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import nbformat
from jinja2 import pass_context
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

import dlcourse
from dlcourse.errors import CourseError

_HERE = Path(__file__).parent
_LINK = re.compile(r'(<a [^>]*href="(?!https?:)[^"#]*)\.ipynb(?=["#])')
_STAMP = re.compile(r'<meta content="(\w+)" name="dlcourse-source"/>|<meta name="dlcourse-source" content="(\w+)" ?/>')


def build(root: Path, out: Path, notebooks: list[Path], tell: Callable[[str], None]) -> None:
    """Makes a page of every notebook, in `out` as it lies in `root`.

    A page that is newer than its notebook and the package is kept, so that an interrupted build goes on where it was.

    Args:
        root: The folder of the course.
        out: The folder for the pages.
        notebooks: Which; inside `root`.
        tell: Is told in a line what has become of each.

    Raises:
        CourseError: If a notebook cannot be read, lies elsewhere, or a cell of it fails.
    """
    for number, notebook in enumerate(notebooks, 1):
        if not notebook.resolve().is_relative_to(root.resolve()):
            raise CourseError(f"{notebook} does not lie in {root}; name notebooks of this course.")
        place = notebook.resolve().relative_to(root.resolve()).with_suffix(".html")
        target = out / place
        mark = _fingerprint(notebook)
        if target.exists() and _fingerprint_in(target) == mark:
            tell(f"{number}/{len(notebooks)} {place}: up to date")
            continue
        text = page(notebook, mark)
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_suffix(".part")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(target)
        tell(f"{number}/{len(notebooks)} {place}: {len(text) / 1e6:.1f} MB")


def page(notebook: Path, fingerprint: str = "") -> str:
    """One notebook, run from a clean start, as a page that needs nothing else.

    Raises:
        CourseError: If it cannot be read, or a cell fails.

    Example:
        >>> Path("kernels.html").write_text(page(Path("course/03_convolutions/01_kernels.ipynb")))
    """
    try:
        read = nbformat.read(notebook, as_version=4)
    except (OSError, ValueError, AttributeError, nbformat.ValidationError) as error:
        raise CourseError(f"{notebook} is no notebook that can be read.") from error
    read.metadata.pop("widgets", None)
    folder = str(notebook.parent)
    client = NotebookClient(read, timeout=600, kernel_name="python3", resources={"metadata": {"path": folder}})
    with tempfile.TemporaryDirectory() as nobodys:  # what the maker of the pages has answered is not on them
        environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "DLCOURSE_ANSWERS": nobodys}
        try:
            client.execute(env=environment, stderr=DEVNULL)  # TensorFlow greets there
        except CellExecutionError as error:
            raise CourseError(f"A cell of {notebook} fails: {error.ename}: {error.evalue}") from error
    exporter = _Exporter(template_name="template", extra_template_basedirs=[str(_HERE)])
    player = (_HERE / "player.js").read_text(encoding="utf-8")
    resources = {
        "metadata": {"name": notebook.stem, "path": folder},
        "dlcourse": {"player": player, "fingerprint": fingerprint},
    }
    text, _ = exporter.from_notebook_node(read, resources=resources)
    return _LINK.sub(r"\1.html", text)


class _Exporter(HTMLExporter):
    """nbconvert's pages, with our template and with formulas that browsers draw themselves."""

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """As nbconvert does it, but for formulas."""
        path = context["resources"]["metadata"]["path"]
        renderer = _Renderer(escape=False, attachments=context["cell"].get("attachments", {}), path=path)
        return MarkdownWithMath(renderer=renderer).render(source)


class _Renderer(IPythonRenderer):
    """Formulas as MathML, which needs no script and no fonts from elsewhere."""

    def inline_math(self, body: str) -> str:
        return _formula(body, "inline")

    def block_math(self, body: str) -> str:
        return _formula(body, "block")


def _formula(latex: str, display: str) -> str:
    try:
        from latex2mathml import converter, exceptions
    except ImportError as error:
        raise CourseError("Formulas need latex2mathml: pip install 'dlcourse[site]'.") from error
    complaints = tuple(kind for name, kind in vars(exceptions).items() if name.endswith("Error"))
    try:
        made = converter.convert(latex, display=display)
    except complaints as error:
        raise CourseError(f"The formula ${latex}$ cannot be read.") from error
    if unknown := re.search(r"\\\w+", made):
        raise CourseError(f"The formula ${latex}$ has a command that is not known here: {unknown[0]}.")
    return made


def _fingerprint(notebook: Path) -> str:
    """What a page depends on: the notebook, the questions beside it, and the package that it runs with."""
    package = Path(dlcourse.__file__).parent
    digest = hashlib.sha256(notebook.read_bytes())
    questions = notebook.with_suffix(".quiz.yaml")
    if questions.exists():
        digest.update(questions.read_bytes())
    for path in sorted(package.rglob("*")):
        if path.suffix in (".py", ".js", ".css", ".j2"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _fingerprint_in(target: Path) -> str | None:
    found = _STAMP.search(target.read_text(encoding="utf-8", errors="replace")[:20_000])
    return next(filter(None, found.groups()), None) if found else None
