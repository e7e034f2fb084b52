"""Pictures that somebody uploads, made into what the model takes.

A picture's size is read from its header before anything is unpacked: a file of some kilobytes can claim, and unpack to,
gigabytes.
"""

import io
from typing import Any

import numpy as np
from PIL import Image, ImageOps
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import FormParser, parse_options_header

from dlcourse.deploy.manifest import Input
from dlcourse.deploy.serving.examples import checked, value_range
from dlcourse.deploy.serving.limits import Limits
from dlcourse.deploy.serving.refusals import Refusal

FIELD = "picture"  # the form's field, once for each picture
_FORMATS = ("PNG", "JPEG")


def takes_pictures(wanted: Input) -> bool:
    """Whether a picture can be made into what the model takes."""
    return wanted.colours is not None and wanted.range is not None and _layout(wanted) is not None


def from_form(body: bytes, content_type: str, wanted: Input, limits: Limits) -> np.ndarray:
    """Examples of the pictures that a form (multipart/form-data) brings.

    Each is turned as its camera says, cut to the proportions that the model takes, about its centre, and resized, so
    that a pixel is the mean of the area that it covers; what is transparent becomes white.

    Args:
        body: The form.
        content_type: The header, with the form's boundary.
        wanted: What the model takes; pictures, as `takes_pictures` tells.
        limits: How many pictures and pixels are taken.

    Raises:
        Refusal: If the form has no pictures, or they cannot be read, or are too many or too large.
    """
    files = _files(body, content_type, limits)
    pixels = 0
    pictures = []
    for number, file in enumerate(files, start=1):
        try:
            picture = Image.open(io.BytesIO(file), formats=_FORMATS)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise _too_large(limits) from None
        except Exception:  # noqa: BLE001, Pillow's readers raise whatever a broken file makes them stumble over
            raise Refusal(422, f"Picture {number} is no PNG and no JPEG file, or its header is broken.") from None
        pixels += picture.width * picture.height
        if pixels > limits.pixels:
            raise _too_large(limits)
        pictures.append(picture)
    return checked(np.stack([_example(*pair, wanted) for pair in enumerate(pictures, start=1)]), wanted, limits)


def _files(body: bytes, content_type: str, limits: Limits) -> list[bytes]:
    boundary = parse_options_header(content_type)[1].get(b"boundary")
    if not boundary:
        raise Refusal(400, "The form's Content-Type names no boundary: let your program write that header itself.")
    files: list[bytes] = []
    others: list[bytes | None] = []

    def keep(name: bytes | None, content: bytes) -> None:
        if name != FIELD.encode():
            others.append(name)
        elif len(files) < limits.examples:
            files.append(content)
        else:
            raise Refusal(422, f"The form holds more than {limits.examples} pictures, which are the most at a time.")

    def keep_file(file: Any) -> None:
        keep(file.field_name, file.file_object.getvalue())

    def keep_field(field: Any) -> None:  # a part to which its sender gave no file's name
        keep(field.field_name, field.value or b"")

    memory = {"MAX_MEMORY_FILE_SIZE": limits.bytes}  # the body is in memory; nothing is written to disk
    try:
        parser = FormParser("multipart/form-data", keep_field, keep_file, boundary=boundary, config=memory)
        parser.write(body)
        parser.finalize()
    except FormParserError:
        raise Refusal(400, "The form cannot be read: let your program write it (multipart/form-data).") from None
    if others or not files:
        raise Refusal(422, f'The form must hold one or more files in the field "{FIELD}", and nothing else.')
    return files


def _example(number: int, picture: Image.Image, wanted: Input) -> np.ndarray:
    height, width, place = _layout(wanted) or (0, 0, None)
    mode = "L" if wanted.colours == "grey" else "RGB"
    try:
        picture = ImageOps.exif_transpose(picture)
        picture = _opaque(picture).convert(mode)
    except Exception:  # noqa: BLE001, as above
        raise Refusal(422, f"Picture {number} is broken: save it again, and send that.") from None
    if picture.size != (width, height):
        picture = ImageOps.fit(picture, (width, height), Image.Resampling.BOX)
    low, high = value_range(wanted)
    values = np.asarray(picture, np.float32) / 255 * (high - low) + low
    if (low, high) == (0, 255) or np.dtype(wanted.dtype).kind in "iu":
        values = np.rint(values)
    if place is None:
        return values
    return np.moveaxis(values.reshape(height, width, -1), -1, place)


def _opaque(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits a pixel; Pillow's own way to 8 cuts off what is above 255
        return Image.fromarray((np.asarray(picture).astype(np.uint32) >> 8).astype(np.uint8))
    if not picture.has_transparency_data:
        return picture
    picture = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)


def _layout(wanted: Input) -> tuple[int, int, int | None] | None:
    """Height, width, and at which axis the colours are (None: there is no such axis); None for no picture's shape."""
    shape, channels = wanted.shape, 3 if wanted.colours == "RGB" else 1
    if any(side is None for side in shape):
        return None
    sides = [side or 0 for side in shape]
    if len(sides) == 2 and channels == 1:
        return sides[0], sides[1], None
    if len(sides) == 3 and sides[2] == channels:
        return sides[0], sides[1], 2
    if len(sides) == 3 and sides[0] == channels:
        return sides[1], sides[2], 0
    return None


def _too_large(limits: Limits) -> Refusal:
    return Refusal(413, f"The pictures have more than {limits.pixels:,} pixels, which are the most: make them smaller.")
