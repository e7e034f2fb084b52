"""The page's folder: what goes into it, what is refused, and that nothing but the pinned package is taken."""

import json
import tarfile
from dataclasses import replace

import pytest
from deploy.test_manifest import DIGITS

from dlcourse.deploy import manifest, web_page
from dlcourse.deploy.web import runtime
from dlcourse.errors import CourseError


@pytest.fixture
def exported(tmp_path):
    """Writes something with a manifest that a page would take, but for what is said otherwise."""

    def exported(**changes):
        path = tmp_path / "digits.onnx"
        path.write_bytes(b"model")
        takes = replace(DIGITS.input, **{name: changes.pop(name) for name in list(changes) if name in _OF_INPUT})
        described = replace(DIGITS, sha256=manifest.digest_of(path), input=takes, **changes)
        manifest.path_of(path).write_text(described.to_json(), encoding="utf-8")
        return path

    return exported


_OF_INPUT = ("shape", "dtype", "range", "colours")


@pytest.fixture
def fake_npm(tmp_path, monkeypatch):
    """An npm that does what a line of a shell says, in the folder in which it is to put the package."""

    def fake(line):
        folder = tmp_path / "bin"
        folder.mkdir()
        (folder / "npm").write_text(f"#!/bin/sh\n{line}\n")
        (folder / "npm").chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    return fake


@pytest.fixture
def at_hand(monkeypatch):
    """The runtime is there without npm."""
    monkeypatch.setattr(runtime, "fetch", lambda folder: (folder / "runtime.wasm").write_bytes(b"wasm"))


def test_a_page_is_whole_and_made_anew_over_itself(exported, at_hand, tmp_path):
    model = exported()
    for _ in range(2):
        page = web_page(model, tmp_path / "out/page")
    names = {path.name for path in page.parent.iterdir()}
    assert names == {
        "index.html",
        "style.css",
        "page.js",
        "network.js",
        "picture.js",
        "drawing.js",
        "runtime.wasm",
        "digits.onnx",
        "digits.onnx.manifest.json",
    }
    text = page.read_text(encoding="utf-8")
    assert '<body data-model="digits.onnx"' in text
    assert "@" not in text
    assert "http://" not in text.replace("http://localhost:8000", "")
    assert "https://" not in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"format": "litert"}, "is in the format 'litert', and browsers run ONNX"),
        ({"shape": (5,), "colours": None}, "takes 5, which is none"),
        ({"shape": (None, 28, 1)}, "takes any × 28 × 1, which is none"),
        ({"shape": (3, 28, 20), "colours": "RGB"}, r"colours first, in the shape \(3, 28, 20\)"),
        ({"range": None}, "Nobody has said in which range"),
        ({"dtype": "int64"}, "takes int64, and the page gives float32 or uint8"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_a_model_that_no_page_can_show_is_refused(exported, at_hand, tmp_path, changes, sentence):
    with pytest.raises(CourseError, match=sentence):
        web_page(exported(**changes), tmp_path / "page")
    assert not (tmp_path / "page").exists()


def test_a_folder_of_other_things_stays(exported, at_hand, tmp_path):
    (tmp_path / "page").mkdir()
    (tmp_path / "page/index.html").write_text("my home page")
    with pytest.raises(CourseError, match="holds something else"):
        web_page(exported(), tmp_path / "page")
    assert (tmp_path / "page/index.html").read_text() == "my home page"


def test_without_npm_a_sentence_says_where_to_get_it(exported, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CourseError, match=r"needs npm, .* install Node.js from nodejs.org"):
        web_page(exported(), tmp_path / "page")
    assert not (tmp_path / "page").exists()


def test_what_npm_complains_of_is_told(exported, fake_npm, tmp_path):
    fake_npm("echo 'npm error code ENOTFOUND' >&2; exit 1")
    with pytest.raises(CourseError, match=rf"could not fetch onnxruntime-web@{runtime.VERSION} \(code ENOTFOUND\)"):
        web_page(exported(), tmp_path / "page")


def test_another_package_under_the_same_name_is_not_taken(exported, fake_npm, tmp_path):
    for name in runtime.FILES:
        (tmp_path / name).write_text("bad")
    with tarfile.open(tmp_path / "bad.tgz", "w:gz") as package:
        for name in runtime.FILES:
            package.add(tmp_path / name, f"package/dist/{name}")
    fake_npm(f"cp {tmp_path}/bad.tgz package.tgz")
    with pytest.raises(CourseError, match=r"not the pinned onnxruntime-web@.*npm config get registry"):
        web_page(exported(), tmp_path / "page")
    assert not (tmp_path / "page").exists()


def test_the_manifest_that_travels_is_the_models_own(exported, at_hand, tmp_path):
    page = web_page(exported(), tmp_path / "page")
    record = json.loads((page.parent / "digits.onnx.manifest.json").read_text(encoding="utf-8"))
    assert record["sha256"] == manifest.digest_of(page.parent / "digits.onnx")
