"""The formats that a network is shipped in, by name and by the ending of a file."""

from dataclasses import dataclass
from pathlib import Path

from dlcourse.errors import CourseError, unknown


@dataclass(frozen=True)
class Format:
    """One format: where its files end, and what runs them."""

    name: str
    ending: str  # of the file's name; "" for a folder
    engine: str  # what runs it
    packages: tuple[str, ...] = ()  # what writes and runs it, beside Keras
    integers: bool = False  # whether its weights are integers of 8 bits, so that its answers differ a little

    @property
    def needs_tensorflow(self) -> bool:
        """Whether it can be written on Keras' TensorFlow backend alone."""
        return self.name != "keras"


_ONNX = ("tensorflow", "tf2onnx", "onnx", "onnxruntime")
_LITERT = ("tensorflow", "ai-edge-litert")

# the first of those with the same ending is what the ending stands for
FORMATS = {
    each.name: each
    for each in (
        Format("keras", ".keras", "Keras"),
        Format("savedmodel", "", "TensorFlow", ("tensorflow",)),
        Format("onnx", ".onnx", "onnxruntime", _ONNX),
        Format("litert", ".tflite", "LiteRT", _LITERT),
        Format("int8", ".onnx", "onnxruntime", _ONNX, integers=True),
        Format("litert-int8", ".tflite", "LiteRT", _LITERT, integers=True),
    )
}


def format_for(path: Path, name: str | None) -> Format:
    """The format that a file is to have.

    Args:
        path: The file, or the folder.
        name: The format's name; None for what the ending stands for.

    Raises:
        CourseError: If there is no such format, or the ending belongs to another.

    Example:
        >>> format_for(Path("digits.tflite"), None).name
        'litert'
    """
    if name is None:
        for each in FORMATS.values():
            if each.ending == path.suffix:
                return each
        endings = ", ".join(sorted({each.ending for each in FORMATS.values()} - {""}))
        raise CourseError(
            f"The ending of {path.name} stands for no format: end it in one of {endings}, or in none for a folder with "
            "a SavedModel; or say format=."
        )
    if name not in FORMATS:
        raise unknown("format", name, FORMATS)
    chosen = FORMATS[name]
    if path.suffix != chosen.ending:
        mend = f"end it in {chosen.ending}" if chosen.ending else "name a folder, without an ending"
        raise CourseError(f"{path.name} cannot be the name of a model in the format {name!r}: {mend}.")
    return chosen
