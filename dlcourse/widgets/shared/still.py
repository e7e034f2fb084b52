"""Still pictures of widgets, for places where no widget lives: GitHub, nbviewer, a printed page."""

import base64
import importlib.util
import io
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import cycle
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from dlcourse.errors import CourseError
from dlcourse.widgets.shared.palette import WINDOW, ink_on, rgb

DENSITY = 2  # pixels of the file for one on the page, so that it is crisp there
LARGEST = 140_000  # bytes: a notebook with ten widgets can still be kept in git
_INK, _FAINT, _PAPER = "#222222", "#6b6b6b", "#ffffff"


class Sheet:
    """A white sheet to draw on; lengths are those on the page."""

    def __init__(self, width: int, height: int) -> None:
        """An empty sheet."""
        self._image = Image.new("RGB", (width * DENSITY, height * DENSITY), _PAPER)
        self._pen = ImageDraw.Draw(self._image)

    def text(
        self,
        at: tuple[float, float],
        words: str,
        size: float = 13,
        *,
        anchor: str = "ls",
        ink: str | None = None,
        face: str = "DejaVuSans",
    ) -> None:
        """A line of text; the anchor is Pillow's: l, m, r and s for the baseline, m for the middle."""
        self._pen.text((at[0] * DENSITY, at[1] * DENSITY), words, ink or _INK, _font(size * DENSITY, face), anchor)

    def note(self, at: tuple[float, float], words: str, *, anchor: str = "ls") -> None:
        """A line of smaller, fainter text."""
        self.text(at, words, 12, anchor=anchor, ink=_FAINT)

    def pixels(self, at: tuple[float, float], colours: np.ndarray, zoom: float) -> None:
        """A picture, height × width × 3 in uint8, each pixel `zoom` wide."""
        height, width = colours.shape[:2]
        size = (max(1, round(width * zoom * DENSITY)), max(1, round(height * zoom * DENSITY)))
        picture = Image.fromarray(colours).resize(size, Image.Resampling.NEAREST)
        self._image.paste(picture, (round(at[0] * DENSITY), round(at[1] * DENSITY)))

    def picture(self, at: tuple[float, float], picture: Image.Image, width: float) -> None:
        """A finished picture, as wide as that; the sheet is seen where it is transparent."""
        size = (round(width * DENSITY), max(1, round(width * DENSITY * picture.height / picture.width)))
        sized = picture.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
        self._image.paste(sized, _pixel(at), sized)

    def box(self, at: tuple[float, float], size: tuple[float, float], fill: str) -> None:
        """A filled rectangle."""
        (left, top), (right, bottom) = _pixel(at), _pixel((at[0] + size[0], at[1] + size[1]))
        self._pen.rectangle((left, top, max(left, right), max(top, bottom)), fill)

    def window(self, at: tuple[float, float], size: tuple[float, float]) -> None:
        """The frame around what is pointed at."""
        left, top = (round(value * DENSITY) for value in at)
        right, bottom = (round((value + length) * DENSITY) for value, length in zip(at, size, strict=True))
        self._pen.rectangle((left - 5, top - 5, right + 5, bottom + 5), outline=_PAPER, width=8)
        self._pen.rectangle((left - 3, top - 3, right + 3, bottom + 3), outline=WINDOW, width=4)

    def line(self, points: np.ndarray, colour: str, width: float = 2.5, dash: Sequence[float] = ()) -> None:
        """A line through points, an array of x and y; `dash`: how long strokes and gaps are, in turns."""
        for stroke in _strokes(np.asarray(points, float), dash):
            ends = [(float(x) * DENSITY, float(y) * DENSITY) for x, y in stroke]
            thick = round(width * DENSITY)
            self._pen.line(ends, colour, thick)
            reach = (thick - 1) / 2
            for x, y in ends[1:-1] if thick > 2 else ():  # Pillow's own joints go astray where a line turns by nothing
                self._pen.ellipse((x - reach, y - reach, x + reach, y + reach), colour)

    def numbers(self, at: tuple[float, float], values: np.ndarray, colours: np.ndarray, cell: float) -> None:
        """A matrix written out in coloured squares."""
        for (row, column), value in np.ndenumerate(values):
            x, y = at[0] + column * cell, at[1] + row * cell
            red, green, blue = (int(channel) for channel in colours[row, column])
            box = (x * DENSITY, y * DENSITY, (x + cell - 1) * DENSITY, (y + cell - 1) * DENSITY)
            self._pen.rectangle(box, (red, green, blue))
            middle = (x + (cell - 1) / 2, y + cell / 2)
            self.text(middle, shown(value), min(13, cell * 0.29), anchor="mm", ink=ink_on(colours[row, column]))

    def png(self) -> str:
        """The sheet as base64 of a PNG, as a mimebundle takes it; with fewer colours where it would be large."""
        for colours in (256, 96, 32, 12):
            file = io.BytesIO()
            frequent = self._image.quantize(colours - 1, Image.Quantize.MEDIANCUT).getpalette() or []
            palette = Image.new("P", (1, 1))
            palette.putpalette(
                [*frequent[: 3 * (colours - 1)], *rgb(WINDOW).astype(int)]
            )  # the frame is never too rare
            self._image.quantize(palette=palette, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
            if file.tell() < LARGEST:
                break
        return base64.b64encode(file.getvalue()).decode("ascii")

    @property
    def size(self) -> dict[str, int]:
        """Width and height on the page, as a mimebundle's metadata takes them."""
        return {"width": self._image.width // DENSITY, "height": self._image.height // DENSITY}


def wrapped(words: str, width: float, size: float = 13) -> list[str]:
    """A text in lines that are no wider than that; its own line breaks stay."""
    font, lines = _font(size * DENSITY), []
    for paragraph in words.splitlines():
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and font.getlength(longer) > width * DENSITY:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines


def _pixel(at: tuple[float, float]) -> tuple[int, int]:
    return round(at[0] * DENSITY), round(at[1] * DENSITY)


def _strokes(points: np.ndarray, dash: Sequence[float]) -> Iterator[np.ndarray]:
    """The parts of a line that are drawn: all of it, or dashes."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    points = np.concatenate([points[:1], points[1:][steps > 0]])
    if len(points) < 2:
        return
    along = np.append(0, np.cumsum(np.hypot(*np.diff(points, axis=0).T)))
    start, drawn, lengths = 0.0, True, cycle(dash or [along[-1]])
    while start < along[-1]:
        end = min(start + next(lengths), along[-1])
        if drawn:
            tips = np.transpose([np.interp([start, end], along, points[:, axis]) for axis in (0, 1)])
            yield np.concatenate([tips[:1], points[(along > start) & (along < end)], tips[1:]])
        start, drawn = end, not drawn


@cache
def _font(size: float, face: str = "DejaVuSans") -> ImageFont.FreeTypeFont:
    """The typeface that comes with matplotlib; Pillow's own knows no × and no minus."""
    spec = importlib.util.find_spec("matplotlib")  # finds the folder without importing the package
    if spec is None or spec.origin is None:
        raise CourseError(
            "Still pictures take their letters from matplotlib, which is missing; pip install dlcourse again."
        )
    return ImageFont.truetype(Path(spec.origin).parent / f"mpl-data/fonts/ttf/{face}.ttf", size)


def shown(value: float) -> str:
    """A number in a few characters, as the widgets write it."""
    text = f"{value:.{0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2}f}"
    return (text.removeprefix("-") if float(text) == 0 else text).replace("-", "−")
