"""What the pictures are drawn on: a figure that shows itself, colours for all eyes, scales that bear flat and NaN."""

import functools
import io
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, ParamSpec

import numpy as np
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from dlcourse.errors import CourseError

# The colours of the lessons' figures (dlcourse/lesson.mplstyle), blue and amber first: the two classes of most data
COLOURS = ("#0072B2", "#B97C00", "#009E73", "#CC79A7", "#3A93C4", "#D55E00", "#777777")

_Given = ParamSpec("_Given")


def look() -> AbstractContextManager[None]:
    """The look of the lessons' figures, whatever style the notebook has; no grid, as most of these hold pictures."""
    return style.context(["dlcourse.lesson", {"axes.grid": False}])


class Picture(Figure):
    """A figure that shows itself in a notebook, on the page's own ground: light or dark."""

    def __init__(self, width: float, height: float) -> None:
        """An empty figure of a size in inches."""
        super().__init__(figsize=(width, height), layout="constrained", facecolor="none")
        FigureCanvasAgg(self)

    def savefig(self, *args: Any, **kwargs: Any) -> None:
        """As matplotlib's, of which older releases make ticks only now, in the look of now."""
        with look():
            super().savefig(*args, **kwargs)

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=100)
        return buffer.getvalue()


def drawn(draw: Callable[_Given, Picture]) -> Callable[_Given, Picture]:
    """Gives what a function draws the look of the lessons' figures."""

    @functools.wraps(draw)
    def in_the_look(*args: _Given.args, **kwargs: _Given.kwargs) -> Picture:
        with look():
            return draw(*args, **kwargs)

    return in_the_look


def scale_of(values: np.ndarray, signed: bool | None) -> dict[str, Any]:
    """Colours for these values: around zero where both signs occur, and of some width also where all are equal.

    Orange is above zero, as in the widgets and in the lessons' own figures.
    """
    finite = values[np.isfinite(values)]
    low, high = (finite.min(), finite.max()) if len(finite) else (0.0, 0.0)
    if low < 0 < high if signed is None else signed:
        most = max(-low, high) or 1.0
        return {"cmap": "PuOr_r", "norm": Normalize(-most, most)}
    return {"cmap": "cividis", "norm": Normalize(low, high if high > low else low + 1)}


def bar(figure: Picture, scale: dict[str, Any], axes: Sequence[Axes]) -> None:
    """The bar that explains a scale, beside the axes that share it."""
    figure.colorbar(ScalarMappable(scale["norm"], scale["cmap"]), ax=list(axes), shrink=0.8)


def grid_of(count: int, slope: float) -> tuple[Picture, list[Axes]]:
    """Axes without ticks for so many pictures, whose height is `slope` times their width."""
    columns = min(count, 8)
    rows = -(-count // columns)
    figure = Picture(1.25 * columns + 1.2, rows * (1.25 * min(slope, 3) + 0.3) + 0.3)
    grid = list(figure.subplots(rows, columns, squeeze=False).ravel())
    for axes in grid:
        axes.set_axis_off()
    return figure, grid[:count]


def pictures_of(pictures: Any) -> np.ndarray:
    """Pictures as an array (count, rows, columns, 1 or 3).

    Raises:
        CourseError: If they are something else.
    """
    array = np.asarray(pictures, float)
    if array.ndim != 4 or not len(array) or array.shape[-1] not in (1, 3):
        raise CourseError(
            f"Pictures must have the shape (count, rows, columns, 1 or 3), but theirs is {array.shape}: "
            "for a single one add the first axis, picture[None]."
        )
    return array


def show(axes: Axes, picture: np.ndarray, bounds: tuple[float, float]) -> None:
    """Draw a picture in its own colours; what is NaN is black."""
    low, high = bounds
    scaled = np.nan_to_num(np.clip((picture - low) / (high - low), 0, 1))
    axes.imshow(np.repeat(scaled, 3, axis=-1) if scaled.shape[-1] == 1 else scaled)
    axes.set_axis_off()


def rgb(colour: str) -> tuple[float, ...]:
    """Red, green and blue, 0 to 1, of a colour such as "#0072B2"."""
    return tuple(int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
