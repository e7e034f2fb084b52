"""Pictures that say what one sees: for those who look at them, and for those who have them read aloud."""

import base64
import io
from html import escape
from typing import TYPE_CHECKING, Any

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
    import matplotlib.pyplot as plt

    figure = getattr(figure, "figure", figure)
    if not hasattr(figure, "savefig"):
        given = type(figure).__name__
        raise CourseError(f"`figure` must be a matplotlib figure or its axes, but it is of type {given}.")
    for name, text in (("caption", caption), ("alt", alt)):
        if not isinstance(text, str) or not text.strip():
            raise CourseError(f"`{name}` must say what the picture shows, but it is {text!r}.")
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DENSITY, bbox_inches="tight", facecolor="auto")
    plt.close(figure)
    png = file.getvalue()
    width = int.from_bytes(png[16:20], "big")  # a PNG's header
    return Captioned(png, round(width * _PAGE / DENSITY), caption, alt)
