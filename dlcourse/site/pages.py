"""Notebooks as pages: run, drawn, their widgets alive, everything in one file each."""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
from jinja2 import pass_context
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from traitlets.config import Config

import dlcourse
from dlcourse.course import GLOSSARY, NOBODYS
from dlcourse.errors import CourseError

_HERE = Path(__file__).parent
_LINK = re.compile(
    r'<a (?P<before>[^>]*href=")(?P<target>(?!https?:)[^"#]*)\.ipynb(?P<after>["#][^>]*>)(?P<words>.*?)</a>'
)
_STAMP = re.compile(r'<meta content="(\w+)" name="dlcourse-source"/>|<meta name="dlcourse-source" content="(\w+)" ?/>')


def build(root: Path, out: Path, notebooks: list[Path], tell: Callable[[str], None]) -> None:
    """Makes a page of every notebook, in `out` as it lies in `root`, with the notebook beside it.

    A page that is newer than its notebook and the package is kept, so that an interrupted build goes on where it was.

    Args:
        root: The folder of the course.
        out: The folder for the pages.
        notebooks: Which; inside `root`.
        tell: Is told in a line what has become of each.

    Raises:
        CourseError: If a notebook cannot be read, lies elsewhere, or a cell of it fails; before the first is run where
            what makes formulas is not installed.
    """
    _converter()
    linked = {notebook.resolve() for notebook in notebooks}
    for number, notebook in enumerate(notebooks, 1):
        if not notebook.resolve().is_relative_to(root.resolve()):
            raise CourseError(f"{notebook} does not lie in {root}; name notebooks of this course.")
        place = notebook.resolve().relative_to(root.resolve()).with_suffix(".html")
        target = out / place
        mark = _fingerprint(notebook, linked)
        if target.exists() and _fingerprint_in(target) == mark:
            tell(f"{number}/{len(notebooks)} {place}: up to date")
            continue
        text = page(notebook, mark, pages=linked)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(notebook, target.with_suffix(".ipynb"))
        unfinished = target.with_suffix(".part")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(target)
        tell(f"{number}/{len(notebooks)} {place}: {len(text) / 1e6:.1f} MB")


def _sockets(folder: Path) -> Config:
    """How the kernel is reached: by files where there are such sockets; a free port may be taken before it starts."""
    if os.name != "posix":
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": str(folder / "kernel")}})


def page(notebook: Path, fingerprint: str = "", *, pages: Collection[Path] = ()) -> str:
    """One notebook, run from a clean start, as a page that needs nothing else.

    Claims, the cells that hold what the text says, are run and left out.

    Args:
        notebook: The file.
        fingerprint: What the page depends on, so that it can be told whether it is up to date.
        pages: The notebooks, as whole paths, that become pages, too. A link to another one becomes plain words.

    Raises:
        CourseError: If it cannot be read, or a cell fails.

    Example:
        >>> Path("kernels.html").write_text(page(Path("course/03_convolutions/01_kernels.ipynb")))
    """
    try:
        contents = nbformat.read(notebook, as_version=4)
    except (OSError, ValueError, AttributeError, nbformat.ValidationError) as error:
        raise CourseError(f"{notebook} is no notebook that can be read.") from error
    contents.metadata.pop("widgets", None)
    folder = str(notebook.parent.resolve())  # whoever starts the kernel may be in another folder
    with tempfile.TemporaryDirectory() as nobodys:  # what the maker of the pages has answered is not on them
        environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "DLCOURSE_ANSWERS": nobodys, NOBODYS: "1"}
        client = NotebookClient(
            contents,
            timeout=600,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
            config=_sockets(Path(nobodys)),
        )
        complaints = Path(nobodys, "stderr.txt")
        try:
            with complaints.open("w", encoding="utf-8") as stderr:  # TensorFlow greets there, too
                client.execute(env=environment, stderr=stderr)
        except CellExecutionError as error:
            raise CourseError(f"A cell of {notebook} fails: {error.ename}: {error.evalue}") from error
        except RuntimeError as error:  # nbclient's, when the kernel has ended
            last = complaints.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
            raise CourseError(f"The kernel of {notebook} ended: {' '.join([str(error), *last])}") from error
    claims = sum(_is_claim(cell) for cell in contents.cells)
    contents.cells = [cell for cell in contents.cells if not _is_claim(cell)]
    exporter = _Exporter(template_name="template", extra_template_basedirs=[str(_HERE)])
    player, search = ((_HERE / name).read_text(encoding="utf-8") for name in ("player.js", "search.js"))
    resources = {
        "metadata": {"name": notebook.stem, "path": folder},
        "dlcourse": {
            "player": player,
            "search": search if notebook.name == GLOSSARY.name else "",
            "fingerprint": fingerprint,
            "claims": claims,
        },
    }
    text, _ = exporter.from_notebook_node(contents, resources=resources)
    return _LINK.sub(lambda link: _link(link, notebook, pages), text)


def _is_claim(cell: Any) -> bool:
    return "claim" in cell.metadata.get("tags", [])


def _link(link: re.Match[str], notebook: Path, pages: Collection[Path]) -> str:
    """A link to another notebook, as one to its page; only its words where it has none."""
    if (notebook.parent / f"{link['target']}.ipynb").resolve() not in pages:
        return link["words"]
    return f"<a {link['before']}{link['target']}.html{link['after']}{link['words']}</a>"


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


def _converter() -> tuple[ModuleType, ModuleType]:
    """What makes formulas, and what it complains of."""
    try:
        from latex2mathml import converter, exceptions
    except ImportError as error:
        raise CourseError("Formulas need latex2mathml: pip install 'dlcourse[site]'.") from error
    return converter, exceptions


def _formula(latex: str, display: str) -> str:
    converter, exceptions = _converter()
    complaints = tuple(kind for name, kind in vars(exceptions).items() if name.endswith("Error"))
    try:
        formula = converter.convert(latex, display=display)
    except complaints as error:
        raise CourseError(f"The formula ${latex}$ cannot be read.") from error
    if unknown := re.search(r"\\\w+", formula):
        raise CourseError(f"The formula ${latex}$ has a command that is not known here: {unknown[0]}.")
    return formula


def _fingerprint(notebook: Path, pages: Collection[Path]) -> str:
    """What a page depends on: the notebook, the questions beside it, the pages it can link to, and the package."""
    package = Path(dlcourse.__file__).parent
    digest = hashlib.sha256(notebook.read_bytes())
    questions = notebook.with_suffix(".quiz.yaml")
    if questions.exists():
        digest.update(questions.read_bytes())
    for other in sorted(pages):
        digest.update(os.path.relpath(other, notebook.parent).encode())
    for path in sorted(package.rglob("*")):
        if path.suffix in (".py", ".js", ".css", ".j2"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _fingerprint_in(target: Path) -> str | None:
    stamp = _STAMP.search(target.read_text(encoding="utf-8", errors="replace")[:20_000])
    return next(filter(None, stamp.groups()), None) if stamp else None
