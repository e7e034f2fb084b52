"""How a drawing becomes a digit as a network knows it: the arithmetic of MNIST, as ink.js has it for the browser.

The makers of MNIST scaled each digit into a box of 20 × 20, its proportions kept, and laid it into 28 × 28 so that its
centre of mass comes to the middle (LeCun, Cortes and Burges, "The MNIST database"). `centred` does just that. `shrunk`
is what happens where nobody thinks of it.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from dlcourse.widgets.shared.resample import resampled

PIXELS = 28  # rows and columns of a digit
BOX = 20  # what the ink is scaled into
MIDDLE = 14  # the row and the column of the centre of mass, rounded
SIDE = 6 * PIXELS  # rows and columns of the canvas
_TIE = 1e-6  # what lies just between two pixels goes the same way here and in the browser
RADIUS = 7.5  # of the brush, in cells of the canvas: in the end about as thick as MNIST's pens

# a digit that stands where no digit of MNIST does: points (column, row) of a stroke each
EXAMPLE = (((66, 24), (46, 62), (88, 62)), ((80, 40), (76, 92)))


def shrunk(drawing: np.ndarray) -> np.ndarray:
    """A drawing at 28 × 28, where it stands.

    Args:
        drawing: Rows × columns, 0 for paper to 1 for ink.

    Returns:
        28 × 28, 0 to 1.

    Example:
        >>> shrunk(np.ones((168, 168))).shape
        (28, 28)
    """
    return resampled(np.asarray(drawing, float), PIXELS, PIXELS)


def centred(drawing: np.ndarray) -> np.ndarray:
    """A drawing as MNIST would hold it: scaled into 20 × 20, its centre of mass in the middle of 28 × 28.

    Args:
        drawing: Rows × columns, 0 for paper to 1 for ink.

    Returns:
        28 × 28, 0 to 1; all 0 where there is no ink.

    Example:
        >>> centred(np.pad(np.ones((40, 20)), 50)).sum()  # 20 × 10 pixels of full ink
        200.0
    """
    plane = np.asarray(drawing, float)
    digit = np.zeros((PIXELS, PIXELS))
    rows, columns = np.flatnonzero(plane.any(1)), np.flatnonzero(plane.any(0))
    if not len(rows):
        return digit
    height, width = (int(lines[-1] - lines[0]) + 1 for lines in (rows, columns))
    longest = max(height, width)
    size = [max(1, int(BOX * length / longest + 0.5)) for length in (height, width)]
    small = resampled(plane, size[0], size[1], (float(rows[0]), float(columns[0]), float(height), float(width)))
    down, right = _shift(small.sum(1)), _shift(small.sum(0))
    for (row, column), ink in np.ndenumerate(small):
        if 0 <= row + down < PIXELS and 0 <= column + right < PIXELS:
            digit[row + down, column + right] = ink
    return digit


def inked(strokes: Iterable[Sequence[tuple[float, float]]], radius: float = RADIUS, side: int = SIDE) -> np.ndarray:
    """What strokes of a soft round brush leave on an empty canvas.

    Args:
        strokes: The points of each stroke, column before row, in cells of the canvas.
        radius: Of the brush, in cells.
        side: Rows and columns of the canvas.

    Returns:
        side × side, 0 to 1, in steps of 1/255.

    Example:
        >>> inked([[(84, 40), (84, 130)]]).max()  # a one
        1.0
    """
    canvas = np.zeros((side, side))
    rows, columns = np.mgrid[:side, :side] + 0.5
    for points in strokes:
        for start, end in zip(points, [*points[1:], points[-1]], strict=True):
            vector = np.subtract(end, start)
            along = ((columns - start[0]) * vector[0] + (rows - start[1]) * vector[1]) / max(vector @ vector, 1e-9)
            share = np.clip(along, 0, 1)
            distance = np.hypot(columns - start[0] - share * vector[0], rows - start[1] - share * vector[1])
            canvas = np.maximum(canvas, np.clip(radius + 0.5 - distance, 0, 1))
    return np.floor(canvas * 255 + 0.5) / 255


def _shift(ink: np.ndarray) -> int:
    """How far the ink along one axis must move for its centre of mass to come to the middle."""
    return int(np.floor(MIDDLE - ink @ np.arange(len(ink)) / ink.sum() + 0.5 + _TIE))
