"""Pictures that say what one sees: for those who look at them, and for those who have them read aloud."""

import base64
import io
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.errors import CourseError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DENSITY = 144  # pixels for an inch: crisp on most screens, and small enough for a notebook with twenty pictures
_PAGE = 96  # what browsers take for an inch


class Captioned:
    """A picture as a lesson shows it, with its caption; the last line of a cell."""

    def __init__(self, png: bytes, width: int, caption: str, alt: str) -> None:
        """`width` is in CSS pixels."""
        self.png, self.width, self.caption, self.alt = png, width, caption, alt

    def __repr__(self) -> str:
        """For places that show text only."""
        return f"{self.caption} [Picture: {self.alt}]"

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.png).decode("ascii")
        return (
            f'<figure style="margin: 0"><img width="{self.width}" alt="{escape(self.alt)}" '
            f'src="data:image/png;base64,{data}"><figcaption>{escape(self.caption)}</figcaption></figure>'
        )


def captioned(figure: "Figure | Any", caption: str, *, alt: str) -> Captioned:
    """A matplotlib figure with a caption below it and a text for those who cannot see it.

    It keeps its ground: white in matplotlib's own style, none after `plt.style.use("dlcourse.lesson")`, so that the
    page shows through. The figure is closed, so that a notebook does not show it a second time.

    Args:
        figure: The figure, or axes of it.
        caption: What one sees in it, one or two sentences.
        alt: What the picture shows, for a screen reader: the kind of picture, the axes, the course of the lines.

    Raises:
        CourseError: If a text is missing, or `figure` is none.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> figure, axis = plt.subplots()
        >>> captioned(figure, "Nothing yet.", alt="An empty pair of axes.")
        Nothing yet. [Picture: An empty pair of axes.]
    """
    _check_texts(caption, alt)
    return Captioned(*drawn(figure), caption, alt)


def drawn(figure: "Figure | Any") -> tuple[bytes, int]:
    """A matplotlib figure, or the one of given axes, as a PNG, and its width in CSS pixels; the figure is closed.

    Raises:
        CourseError: If `figure` is none.
    """
    import matplotlib.pyplot as plt

    figure = getattr(figure, "figure", figure)
    if not hasattr(figure, "savefig"):
        kind = type(figure).__name__
        raise CourseError(f"`figure` must be a matplotlib figure or its axes, but it is of type {kind}.")
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DENSITY, bbox_inches="tight", facecolor="auto")
    plt.close(figure)
    png = file.getvalue()
    width = int.from_bytes(png[16:20], "big")  # a PNG's header
    return png, round(width * _PAGE / DENSITY)


def picture_row(pictures: Sequence[Any], caption: str, *, alt: str, titles: Sequence[str] = ()) -> Captioned:
    """Small pictures side by side, with a caption below them.

    Args:
        pictures: Each rows × columns: bytes from 0 for paper to 255 for ink, or a difference of two such as floats,
            where what is gained and what is lost get two colours. Or colours, as matplotlib takes them.
        caption: As `captioned` takes it.
        alt: As `captioned` takes it.
        titles: One above each picture.

    Raises:
        CourseError: If there is no picture, or not a title for each.

    Example:
        >>> from dlcourse.data import load
        >>> digits = load("mnist")
        >>> picture_row(digits.train.x[:2], "Two digits.", alt="A hand-written 5, a hand-written 0.")
        Two digits. [Picture: A hand-written 5, a hand-written 0.]
    """
    import matplotlib.pyplot as plt

    if not len(pictures) or len(titles) not in (0, len(pictures)):
        raise CourseError(f"There must be a title for each picture, but here are {len(pictures)} and {len(titles)}.")
    figure, axes = plt.subplots(1, len(pictures), figsize=(9, 2.2 if len(titles) else 1), squeeze=False)
    for number, (axis, picture) in enumerate(zip(axes[0], map(np.asarray, pictures), strict=True)):
        colours, least = ("PuOr_r", -255) if picture.dtype.kind == "f" else ("gray_r", 0)
        axis.imshow(picture, cmap=colours, vmin=least, vmax=255)
        axis.set(xticks=[], yticks=[])
        axis.set_title(titles[number] if len(titles) else "", fontsize=9)
    return captioned(figure, caption, alt=alt)


def photographs(pictures: Sequence[Any], caption: str, *, alt: str, width: int = 680, colours: int = 64) -> Captioned:
    """Colour pictures side by side, one of their pixels for each that is stored, with a caption below them.

    A page draws them larger. In few colours, noise takes a fourth of the room that `captioned` needs for it, and hardly
    looks different.

    Args:
        pictures: Each rows × columns × 3 with values from 0 to 255, all of them equally high.
        caption: As `captioned` takes it; it says which picture is which.
        alt: As `captioned` takes it.
        width: Of all pictures together, in CSS pixels.
        colours: How many are stored, at most 255.

    Raises:
        CourseError: If there is no picture, or one has another height or no three colours, or a text is missing.

    Example:
        >>> night, day = np.zeros((20, 30, 3)), np.full((20, 30, 3), 255)
        >>> photographs([night, day], "Left: night. Right: day.", alt="A black and a white picture.")
        Left: night. Right: day. [Picture: A black and a white picture.]
    """
    from PIL import Image

    _check_texts(caption, alt)
    arrays = [np.asarray(picture) for picture in pictures]
    shapes = [array.shape for array in arrays]
    if not shapes or any(len(shape) != 3 or shape[2] != 3 or shape[0] != shapes[0][0] for shape in shapes):
        raise CourseError(f"Pictures must be rows × columns × 3 and equally high, but their shapes are {shapes}.")
    frame = [np.pad(array.astype(float), ((2, 2), (2, 2), (0, 0)), mode="edge") for array in arrays]
    row = Image.fromarray(np.clip(np.round(np.concatenate(frame, axis=1)), 0, 255).astype(np.uint8))
    inside = np.concatenate([np.pad(np.ones(shape[:2], bool), 2) for shape in shapes], axis=1)
    few = row.quantize(colours, dither=Image.Dither.NONE)
    palette = few.getpalette() or []
    page = Image.fromarray(np.where(inside, np.asarray(few), colours).astype(np.uint8))
    page.putpalette([*palette, *[0] * (768 - len(palette))])
    file = io.BytesIO()
    page.save(file, format="png", optimize=True, transparency=colours)
    return Captioned(file.getvalue(), width, caption, alt)


def _check_texts(caption: Any, alt: Any) -> None:
    """Refuses a picture that says nothing to those who cannot see it."""
    for name, text in (("caption", caption), ("alt", alt)):
        if not isinstance(text, str) or not text.strip():
            raise CourseError(f"`{name}` must say what the picture shows, but it is {text!r}.")
