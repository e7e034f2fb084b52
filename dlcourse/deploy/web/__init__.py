"""A page that runs a model in the browser: a folder to put on any web server, or on this machine's own.

Nothing leaves the browser: the picture is read there, and onnxruntime's build for browsers computes there.
"""

import shutil
import tempfile
from html import escape
from pathlib import Path

from dlcourse.deploy import manifest
from dlcourse.deploy.formats import FORMATS
from dlcourse.deploy.manifest import Manifest
from dlcourse.deploy.web import runtime
from dlcourse.errors import CourseError

_PAGE = Path(__file__).with_name("page")
_MARK = '<meta name="generator" content="dlcourse export">'  # in every page of ours
_TYPES = ("float32", "uint8")


def web_page(path: Path | str, folder: Path | str) -> Path:
    """Makes a folder with a page that runs an exported model.

    Args:
        path: The model, in ONNX, with floats or integers; its manifest lies beside it.
        folder: The folder to make. One that holds such a page is made anew.

    Returns:
        The page, `index.html` in the folder.

    Raises:
        CourseError: If the model is not one that a page can show, the folder holds something else, or npm, which
            fetches onnxruntime-web, is missing or fails.
    """
    model, target = Path(path), Path(folder)
    described = manifest.read(model)
    _check(described)
    if target.exists() and not _is_ours(target):
        raise CourseError(f"{target} is there already and holds something else: name another folder.")
    parent = target.resolve().parent
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent, prefix=".page-") as unfinished:
        made = Path(unfinished, "page")
        made.mkdir()
        runtime.fetch(made)
        for file in (model, manifest.path_of(model), *_PAGE.glob("*.js"), *_PAGE.glob("*.css")):
            shutil.copyfile(file, made / file.name)
        words = {"@model@": model.name, "@title@": model.stem, "@runtime@": runtime.VERSION}
        text = Path(_PAGE, "index.html").read_text(encoding="utf-8")
        for place, word in words.items():
            text = text.replace(place, escape(word))
        Path(made, "index.html").write_text(text, encoding="utf-8")
        if target.exists():
            shutil.rmtree(target)
        made.rename(target)
    return target / "index.html"


def _check(described: Manifest) -> None:
    takes = described.input
    if FORMATS[described.format].ending != ".onnx":
        raise CourseError(
            f"{described.file} is in the format {described.format!r}, and browsers run ONNX: export it as .onnx."
        )
    if takes.colours is None or None in takes.shape:
        sides = " × ".join("any" if side is None else str(side) for side in takes.shape)
        raise CourseError(f"The page shows pictures to a model, and {described.file} takes {sides}, which is none.")
    if len(takes.shape) == 3 and takes.shape[-1] != (3 if takes.colours == "RGB" else 1):
        raise CourseError(
            f"{described.file} takes its colours first, in the shape {takes.shape}, and the page gives them last: put "
            "a keras.layers.Permute((3, 1, 2)) at the model's front."
        )
    if takes.range is None:
        raise CourseError(
            f"Nobody has said in which range {described.file} takes its pixels: export it again with range=, as in "
            "(0, 255)."
        )
    if takes.dtype not in _TYPES:
        raise CourseError(f"{described.file} takes {takes.dtype}, and the page gives {' or '.join(_TYPES)}.")


def _is_ours(folder: Path) -> bool:
    index = folder / "index.html"
    return folder.is_dir() and (not any(folder.iterdir()) or (index.is_file() and _MARK in index.read_text("utf-8")))
