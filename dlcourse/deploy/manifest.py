"""What must be known of a network in a file, in a file beside it: what it takes, what it answers, how it was tried.

`digits.onnx` has `digits.onnx.manifest.json`. Who opens the one reads the other, and finds out whether the two belong
together: the manifest holds the sha256 of the model.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dlcourse.data.download import sha256_of
from dlcourse.errors import CourseError

VERSION = 1
ENDING = ".manifest.json"

Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class Input:
    """What the model takes; the shape is that of one example, None where it may vary."""

    name: str
    shape: Shape
    dtype: str
    range: tuple[float, float] | None  # the least and the largest value; None where nobody knows
    colours: str | None  # "grey" or "RGB" for a picture


@dataclass(frozen=True)
class Output:
    """What the model answers for one example."""

    name: str
    shape: Shape
    kind: str  # "probabilities", "logits" or "numbers"


@dataclass(frozen=True)
class Verified:
    """How the file answered beside the model that it was made from."""

    examples: int
    largest_difference: float
    tolerance: float | None  # None where not differences decided but changed classes, as with integers
    changed_classes: int | None  # examples whose most probable class is another one; None where there are no classes
    accuracy: float | None  # of the file; None without labels


@dataclass(frozen=True)
class Spread:
    """How a number was spread over the examples: the inner edges of bins, and the share of each bin."""

    edges: tuple[float, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Reference:
    """What later requests are compared with, to see a drift."""

    brightness: Spread  # the mean of an example's values
    confidence: Spread | None  # its largest probability; None where there are no classes


@dataclass(frozen=True)
class Manifest:
    """All that is known of a model's file."""

    format: str
    file: str
    sha256: str
    bytes: int
    input: Input
    output: Output
    classes: tuple[str, ...] | None
    preprocessing: str
    versions: dict[str, str]
    verified: Verified
    reference: Reference

    def to_json(self) -> str:
        """The manifest as it stands in a file."""
        return json.dumps({"dlcourse": VERSION, **asdict(self)}, indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str, name: str = "the manifest") -> "Manifest":
        """What a file says.

        Args:
            text: Its content.
            name: What it is called in a sentence.

        Raises:
            CourseError: If it is no manifest, or one of another version.
        """
        try:
            record = json.loads(text)
        except ValueError as error:
            raise CourseError(f"{name} is no JSON ({error}): export the model again.") from error
        if not isinstance(record, dict) or "dlcourse" not in record:
            raise CourseError(f"{name} is not a manifest that dlcourse wrote: export the model with dlcourse.deploy.")
        if record["dlcourse"] != VERSION:
            raise CourseError(
                f"{name} is of version {record['dlcourse']!r}, and this dlcourse reads version {VERSION}: export the "
                "model again, or install the dlcourse that wrote it."
            )
        try:
            return _manifest(record)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            reason = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
            raise CourseError(f"{name} is damaged ({reason}): export the model again.") from error


def path_of(model_path: Path) -> Path:
    """Where the manifest of a model's file stands.

    Example:
        >>> path_of(Path("digits.onnx")).name
        'digits.onnx.manifest.json'
    """
    return model_path.with_name(model_path.name + ENDING)


def read(path: Path | str) -> Manifest:
    """The manifest of a model's file, after a look at whether the two belong together.

    Args:
        path: The model's file or folder.

    Returns:
        What the manifest says.

    Raises:
        CourseError: If one of the two is missing, or the model is not the one that the manifest describes.

    Example:
        >>> from dlcourse.deploy import export
        >>> exported = export(model, "digits.keras", examples=images)
        >>> read("digits.keras").input.range
        (0.0, 1.0)
    """
    model_path = Path(path)
    if model_path.name.endswith(ENDING):
        model_path = model_path.with_name(model_path.name.removesuffix(ENDING))
    if not model_path.exists():
        raise CourseError(f"There is no model {model_path}: name a file that dlcourse.deploy.export has written.")
    beside = path_of(model_path)
    if not beside.is_file():
        raise CourseError(
            f"{model_path.name} has no manifest beside it ({beside.name}), so nobody knows what it takes and what its "
            "answers mean: copy both files, or export the model again with dlcourse.deploy.export."
        )
    manifest = Manifest.from_json(beside.read_text(encoding="utf-8"), beside.name)
    found = digest_of(model_path)
    if found != manifest.sha256:
        raise CourseError(
            f"{model_path.name} is not the model that {beside.name} describes (sha256 {found[:12]}…, expected "
            f"{manifest.sha256[:12]}…): one of the two was changed or copied alone; copy both, or export it again."
        )
    return manifest


def digest_of(path: Path) -> str:
    """The sha256 of a file; of a folder, that of the names and digests of its files in their order."""
    if path.is_file():
        return sha256_of(path)
    lines = [f"{sha256_of(file)}  {file.relative_to(path).as_posix()}\n" for file in _files(path)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def bytes_of(path: Path) -> int:
    """How many bytes a file has, or all files of a folder."""
    return sum(file.stat().st_size for file in ([path] if path.is_file() else _files(path)))


def _files(folder: Path) -> list[Path]:
    return sorted((file for file in folder.rglob("*") if file.is_file()), key=lambda file: file.as_posix())


def _manifest(record: dict[str, Any]) -> Manifest:
    given, answer, verified, reference = (record[part] for part in ("input", "output", "verified", "reference"))
    return Manifest(
        format=_text(record["format"]),
        file=_text(record["file"]),
        sha256=_text(record["sha256"]),
        bytes=int(record["bytes"]),
        input=Input(
            name=_text(given["name"]),
            shape=_shape(given["shape"]),
            dtype=_text(given["dtype"]),
            range=_or_none(_pair, given["range"]),
            colours=_or_none(_text, given["colours"]),
        ),
        output=Output(name=_text(answer["name"]), shape=_shape(answer["shape"]), kind=_text(answer["kind"])),
        classes=_or_none(lambda names: tuple(map(_text, names)), record["classes"]),
        preprocessing=_text(record["preprocessing"]),
        versions={_text(name): _text(version) for name, version in record["versions"].items()},
        verified=Verified(
            examples=int(verified["examples"]),
            largest_difference=float(verified["largest_difference"]),
            tolerance=_or_none(float, verified["tolerance"]),
            changed_classes=_or_none(int, verified["changed_classes"]),
            accuracy=_or_none(float, verified["accuracy"]),
        ),
        reference=Reference(
            brightness=_spread(reference["brightness"]), confidence=_or_none(_spread, reference["confidence"])
        ),
    )


def _or_none(read_as: Callable[[Any], Any], value: Any) -> Any:
    return None if value is None else read_as(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} should be a text")
    return value


def _shape(value: Any) -> Shape:
    return tuple(_or_none(int, side) for side in value)


def _pair(value: Any) -> tuple[float, float]:
    low, high = value
    return float(low), float(high)


def _spread(value: Any) -> Spread:
    return Spread(tuple(map(float, value["edges"])), tuple(map(float, value["shares"])))
