"""What is shown with an answer and would give it away: a figure, a table, a few lines of text."""

import io
from base64 import b64decode, b64encode
from typing import Any

from PIL import Image

from dlcourse.errors import CourseError
from dlcourse.figure import Captioned, drawn


class Exhibit:
    """A figure, a table or a text, as it travels to the browser and as other places show it."""

    def __init__(
        self, *, html: str = "", png: bytes = b"", width: int = 0, alt: str = "", caption: str = "", text: str = ""
    ) -> None:
        """`html` or `png`, or neither; `text` stands for it where neither can be shown."""
        self.html, self._png, self._width, self._alt, self._caption, self.text = html, png, width, alt, caption, text

    @property
    def sent(self) -> dict[str, Any]:
        """For the browser."""
        picture = b64encode(self._png).decode("ascii")
        sent = {"html": self.html, "picture": picture, "width": self._width, "alt": self._alt, "text": self.text}
        return sent | {"caption": self._caption}

    @property
    def picture(self) -> tuple[Image.Image, int] | None:
        """The picture and its width on the page, if it is one."""
        return (Image.open(io.BytesIO(self._png)), self._width) if self._png else None


def exhibit_of(given: Any, alt: str | None) -> Exhibit:
    """What `reveal` was told to show.

    Args:
        given: A matplotlib figure or axes of one, what `dlcourse.figure.captioned` returns, anything that knows itself
            as HTML or as a PNG, or a text.
        alt: What a picture shows, for those who cannot see it.

    Raises:
        CourseError: If it is none of these, or `alt` is missing.
    """
    if given is None:
        if alt:
            raise CourseError("`alt` tells what `show` shows, but there is no `show`: give both.")
        return Exhibit()
    if isinstance(given, str):
        return Exhibit(text=given)
    if isinstance(given, Captioned):
        return Exhibit(png=given.png, width=given.width, alt=given.alt, caption=given.caption, text=repr(given))
    if hasattr(getattr(given, "figure", given), "savefig"):
        words = _needed(alt)
        png, width = drawn(given)
        return Exhibit(png=png, width=width, alt=words, text=f"[Picture: {words}]")
    if hasattr(given, "_repr_html_") and (html := given._repr_html_()):
        return Exhibit(html=html, text=repr(given))
    if hasattr(given, "_repr_png_") and (data := given._repr_png_()):
        words = _needed(alt)
        png = data if isinstance(data, bytes) else b64decode(data[0] if isinstance(data, tuple) else data)
        return Exhibit(png=png, width=Image.open(io.BytesIO(png)).width, alt=words, text=f"[Picture: {words}]")
    raise CourseError(
        "`show` must be a figure, a table or a text, but it is of type "
        f"{type(given).__name__}: give str(...) of it, or a picture."
    )


def _needed(alt: str | None) -> str:
    if not isinstance(alt, str) or not alt.strip():
        raise CourseError(f"`alt` must say what the picture shows, for those who cannot see it, but it is {alt!r}.")
    return alt
