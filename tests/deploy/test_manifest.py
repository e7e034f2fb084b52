"""The manifest: what is written is read again, and whatever does not fit is told in a sentence."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcourse.deploy import manifest
from dlcourse.deploy.manifest import Input, Manifest, Output, Reference, Spread, Verified
from dlcourse.errors import CourseError

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
SHAPES = st.lists(st.none() | st.integers(1, 2000), max_size=4).map(tuple)
COUNTS = st.integers(0, 10**6)
SPREADS = st.builds(Spread, st.tuples(NUMBERS, NUMBERS), st.tuples(NUMBERS, NUMBERS, NUMBERS))
MANIFESTS = st.builds(
    Manifest,
    format=TEXTS,
    file=TEXTS,
    sha256=TEXTS,
    bytes=st.integers(0, 10**12),
    input=st.builds(Input, TEXTS, SHAPES, TEXTS, st.none() | st.tuples(NUMBERS, NUMBERS), st.none() | TEXTS),
    output=st.builds(Output, TEXTS, SHAPES, TEXTS),
    classes=st.none() | st.lists(TEXTS, max_size=4).map(tuple),
    preprocessing=TEXTS,
    versions=st.dictionaries(TEXTS, TEXTS, max_size=3),
    verified=st.builds(Verified, COUNTS, NUMBERS, st.none() | NUMBERS, st.none() | COUNTS, st.none() | NUMBERS),
    reference=st.builds(Reference, SPREADS, st.none() | SPREADS),
)

DIGITS = Manifest(
    format="onnx",
    file="digits.onnx",
    sha256="",
    bytes=5,
    input=Input("input", (28, 28, 1), "float32", (0.0, 255.0), "grey"),
    output=Output("output", (10,), "probabilities"),
    classes=tuple("0123456789"),
    preprocessing="inside the model: Rescaling (× 0.00392157)",
    versions={"keras": "3.15.1"},
    verified=Verified(200, 2e-7, 1e-4, 0, 0.97),
    reference=Reference(Spread((1.0, 2.0), (0.3, 0.3, 0.4)), Spread((0.5, 0.9), (0.1, 0.2, 0.7))),
)


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "digits.onnx"
    path.write_bytes(b"model")
    described = replace(DIGITS, sha256=manifest.digest_of(path))
    manifest.path_of(path).write_text(described.to_json(), encoding="utf-8")
    return path


@given(MANIFESTS)
def test_what_is_written_is_read_again(described):
    assert Manifest.from_json(described.to_json()) == described


def test_the_file_has_the_form_that_others_rely_on():
    record = json.loads(DIGITS.to_json())
    assert record["dlcourse"] == 1
    assert record["input"] == {
        "name": "input",
        "shape": [28, 28, 1],
        "dtype": "float32",
        "range": [0, 255],
        "colours": "grey",
    }
    assert record["output"] == {"name": "output", "shape": [10], "kind": "probabilities"}
    assert record["verified"] == {
        "examples": 200,
        "largest_difference": 2e-7,
        "tolerance": 1e-4,
        "changed_classes": 0,
        "accuracy": 0.97,
    }
    assert record["reference"]["confidence"] == {"edges": [0.5, 0.9], "shares": [0.1, 0.2, 0.7]}


def test_it_is_read_from_beside_the_model_by_either_name(model):
    assert manifest.read(model).classes == DIGITS.classes
    assert manifest.read(str(manifest.path_of(model))) == manifest.read(model)


def test_a_model_that_was_changed_is_not_the_one_described(model):
    model.write_bytes(b"Model")
    with pytest.raises(CourseError, match=r"digits.onnx is not the model that .* describes \(sha256 .*copy both"):
        manifest.read(model)


def test_a_folder_is_another_one_when_a_file_of_it_has_another_name(tmp_path):
    folder = tmp_path / "saved"
    (folder / "variables").mkdir(parents=True)
    (folder / "variables/a").write_bytes(b"12")
    (folder / "b").write_bytes(b"345")
    before = manifest.digest_of(folder)
    assert manifest.bytes_of(folder) == 5
    (folder / "b").rename(folder / "c")
    assert manifest.digest_of(folder) != before


@pytest.mark.parametrize(
    ("mishap", "sentence"),
    [
        (lambda path: path.unlink(), "There is no model .*digits.onnx"),
        (lambda path: manifest.path_of(path).unlink(), "has no manifest beside it .*copy both files"),
        (lambda path: manifest.path_of(path).write_text("{"), "is no JSON"),
        (lambda path: manifest.path_of(path).write_text("[1]"), "not a manifest that dlcourse wrote"),
        (lambda path: manifest.path_of(path).write_text('{"dlcourse": 2}'), "is of version 2, .* reads version 1"),
        (lambda path: manifest.path_of(path).write_text('{"dlcourse": 1}'), "damaged .'input' is missing"),
    ],
    ids=["no model", "no manifest", "no json", "a list", "version", "no input"],
)
def test_what_is_missing_or_damaged_is_told(model, mishap, sentence):
    mishap(model)
    with pytest.raises(CourseError, match=sentence):
        manifest.read(model)


@pytest.mark.parametrize(
    ("part", "value"),
    [("input", []), ("classes", [3]), ("versions", None), ("bytes", "many"), ("reference", {"brightness": 3})],
)
def test_a_field_of_another_kind_is_damage(part, value):
    record = json.loads(DIGITS.to_json()) | {part: value}
    with pytest.raises(CourseError, match="the manifest is damaged"):
        Manifest.from_json(json.dumps(record))
