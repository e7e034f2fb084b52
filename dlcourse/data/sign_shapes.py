"""The faces of the road signs: flat drawings, one a class and style, which `signs` sets into a scene.

A face is drawn in its own units: the origin is the sign's middle, x points right, y down, and the sign fills
the square from -1 to 1 in the direction in which it is largest.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw

SIDE = 128  # pixels of a face's picture
RADIUS = 62  # pixels a unit of the face; the rest is a transparent margin
_FINE = 8  # a face is drawn this many times larger, then averaged: smooth edges

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class _Style:
    """What makes the signs of one country look alike."""

    red: Colour
    blue: Colour
    yellow: Colour
    ground: Colour  # of the speed limits and warning signs
    white: Colour
    black: Colour
    rim: Colour  # the edge of the metal sheet
    ring: float  # width of the coloured border
    stroke: float  # width of a digit's stroke; its height is 1
    narrow: float  # width of a digit; 1 is the new style's
    square: float  # exponent of the curves in letters: 2 makes ellipses, more makes them boxy
    limb: float  # width of the strokes in pictures


_STYLES = {
    "new": _Style(
        red=(196, 22, 34),
        blue=(14, 84, 168),
        yellow=(252, 203, 24),
        ground=(243, 243, 238),
        white=(243, 243, 238),
        black=(24, 24, 28),
        rim=(158, 162, 166),
        ring=0.22,
        stroke=0.155,
        narrow=1.0,
        square=2.25,
        limb=1.0,
    ),
    "old": _Style(
        red=(170, 52, 38),
        blue=(34, 58, 104),
        yellow=(226, 166, 40),
        ground=(240, 204, 92),
        white=(232, 226, 204),
        black=(44, 38, 36),
        rim=(92, 84, 76),
        ring=0.13,
        stroke=0.115,
        narrow=0.86,
        square=3.6,
        limb=0.78,
    ),
}

STYLES = tuple(_STYLES)


class _Pen:
    """Draws in a face's units on a picture that is `_FINE` times too large."""

    def __init__(self) -> None:
        self.picture = Image.new("RGBA", (SIDE * _FINE, SIDE * _FINE))
        self._draw = ImageDraw.Draw(self.picture)

    def polygon(self, points: Sequence | np.ndarray, colour: Colour) -> None:
        """A filled polygon."""
        pixels = (np.asarray(points, float) * RADIUS + SIDE / 2) * _FINE
        self._draw.polygon([(x, y) for x, y in pixels.tolist()], fill=(*colour, 255))

    def disc(self, radius: float, colour: Colour, centre: tuple[float, float] = (0.0, 0.0)) -> None:
        """A filled circle."""
        self.polygon(_bow(*centre, radius, radius, 0, 360), colour)

    def stroke(self, points: Sequence | np.ndarray, width: float, colour: Colour, ends: str = "round") -> None:
        """A line of this width along the points, its bends round, its ends `round` or `flat`."""
        path = np.asarray(points, float)
        for start, stop in pairwise(path):
            length = float(np.hypot(*(stop - start)))
            if length > 0:
                side = np.array([start[1] - stop[1], stop[0] - start[0]]) * (width / 2 / length)
                self.polygon([start + side, stop + side, stop - side, start - side], colour)
        for x, y in path if ends == "round" else path[1:-1]:
            self.disc(width / 2, colour, (float(x), float(y)))

    def regular(self, corners: int, inner: float, colour: Colour, *, low: float = 0.0, turn: float = 0.0,
                soft: float = 0.0) -> None:  # fmt: skip
        """A regular polygon with rounded corners.

        Args:
            corners: how many.
            inner: distance from its middle to its sides.
            colour: of the filling.
            low: how far its middle lies below the face's.
            turn: degrees from "a corner is at the top", clockwise.
            soft: radius of the corners.
        """
        angles = np.radians(turn - 90 + 360 / corners * np.arange(corners + 1))
        outer = (inner - soft) / math.cos(math.pi / corners)
        points = np.stack([outer * np.cos(angles), outer * np.sin(angles) + low], axis=1)
        self.polygon(points[:-1], colour)
        if soft > 0:
            self.stroke(points, 2 * soft, colour)


def _bow(x: float, y: float, rx: float, ry: float, start: float, stop: float, square: float = 2.0) -> np.ndarray:
    """Points on a (super)ellipse from one angle to another, in degrees; 0 is right and 90 is down."""
    steps = max(2, round(abs(stop - start) / 4))
    angle = np.radians(np.linspace(start, stop, steps + 1))
    cos, sin = np.cos(angle), np.sin(angle)
    power = 2 / square
    across = np.sign(cos) * np.abs(cos) ** power
    down = np.sign(sin) * np.abs(sin) ** power
    return np.stack([x + rx * across, y + ry * down], axis=1)


def _letter(char: str, style: _Style, narrow: float) -> tuple[list, float]:
    """The centre lines of a letter of height 1, and its width."""
    t, n = style.stroke, style.square
    width = {"1": 0.40, "T": 0.54}.get(char, 0.60) * style.narrow * narrow
    left, right, top, bottom = t / 2, width - t / 2, t / 2, 1 - t / 2
    middle, a = width / 2, (width - t) / 2
    up, down = 0.235 * (1 - t), 0.265 * (1 - t)  # half heights of the upper and the lower bowl
    bowl = bottom - down
    old = style.square > 3
    lines: list
    if char in "0O":
        lines = [_bow(middle, 0.5, a, 0.5 - t / 2, 0, 364, n)]
    elif char == "1":
        stem = right if not old else middle + 0.03
        lines = [[(stem, 0), (stem, 1)], [(left - 0.04, 0.27), (stem, top)]]
        if old:
            lines.append([(0, bottom), (width, bottom)])
    elif char == "2":
        curve = _bow(middle, top + 1.1 * up, a, 1.1 * up, 195, 392, n)
        lines = [[*curve, (left + 0.02, bottom - 0.02)], [(0, bottom), (width, bottom)]]
    elif char == "3" and old:
        shoulder = _bow(middle, bowl, a, down * 1.05, 270, 515, n)
        lines = [[(0, top), (right, top), (middle - 0.05, bowl - 1.05 * down), *shoulder]]
    elif char == "3":
        lines = [
            _bow(middle, top + up, a * 0.94, up, 205, 450, n),
            _bow(middle, bowl, a, down, 270, 515, n),
        ]
    elif char == "5":
        belly = _bow(middle, bottom - 0.31 * (1 - t), a, 0.31 * (1 - t), 222, 515, n)
        lines = [[(width - 0.03, top), (left + 0.02, top), tuple(belly[0]), *belly]]
    elif char == "8":
        lines = [
            _bow(middle, top + up, a * 0.92, up, 0, 364, n),
            _bow(middle, bowl, a, down, 0, 364, n),
        ]
    elif char == "S":
        lines = [[*_bow(middle, top + up, a, up, 335, 90, n), *_bow(middle, bowl, a, down, 270, 515, n)]]
    elif char == "T":
        lines = [[(0, top), (width, top)], [(middle, top), (middle, 1)]]
    elif char == "P":
        bulge = _bow(right - 1.2 * up, top + 1.15 * up, 1.2 * up, 1.15 * up, 270, 450)
        lines = [[(left, 0), (left, 1)], [(left, top), *bulge, (left, top + 2.3 * up)]]
    else:
        raise ValueError(f"no strokes for the letter {char!r}")
    return lines, width


def _write(
    pen: _Pen, text: str, style: _Style, colour: Colour, *, height: float, narrow: float = 1.0, low: float = 0.0
) -> None:
    """Letters of this height, their middle so far below the face's."""
    letters = [_letter(char, style, narrow) for char in text]
    gap = 0.11 * narrow
    total = sum(width for _, width in letters) + gap * (len(letters) - 1)
    at = -total / 2
    for lines, width in letters:
        for line in lines:
            points = (np.asarray(line, float) + np.array([at, -0.5])) * height + np.array([0, low])
            pen.stroke(points, style.stroke * height, colour, ends="flat")
        at += width + gap


def _plate(pen: _Pen, style: _Style, colour: Colour) -> None:
    """A round sheet of one colour; the old ones have a white line at the edge."""
    pen.disc(1.0, style.rim)
    if style is _STYLES["old"]:
        pen.disc(0.95, style.white)
        pen.disc(0.86, colour)
    else:
        pen.disc(0.965, style.white)
        pen.disc(0.93, colour)


def _ringed(pen: _Pen, style: _Style) -> None:
    """A round sheet with the coloured border of a prohibition."""
    pen.disc(1.0, style.rim)
    pen.disc(0.965, style.red)
    pen.disc(0.965 - style.ring, style.ground)


_TRIANGLE = 0.64  # from a triangle's middle to its sides: it is then as wide as a round sign
_SINK = 0.245  # its middle lies lower than that of the square around it


def _warning(pen: _Pen, style: _Style, *, upright: bool = True) -> None:
    """A triangle with a coloured border, standing on its side or on its tip."""
    low, turn = (_SINK, 0.0) if upright else (-_SINK, 180.0)
    pen.regular(3, _TRIANGLE, style.rim, low=low, turn=turn, soft=0.15)
    pen.regular(3, _TRIANGLE - 0.035, style.red, low=low, turn=turn, soft=0.115)
    pen.regular(3, _TRIANGLE - 0.035 - 0.78 * style.ring, style.ground, low=low, turn=turn, soft=0.03)


def _limit(text: str) -> Callable[[_Pen, _Style], None]:
    def draw(pen: _Pen, style: _Style) -> None:
        _ringed(pen, style)
        wide = len(text) > 2
        _write(pen, text, style, style.black, height=0.80 if wide else 0.92, narrow=0.80 if wide else 1.0)

    return draw


def _minimum(pen: _Pen, style: _Style) -> None:
    _plate(pen, style, style.blue)
    _write(pen, "30", style, style.white, height=0.98)


def _stop(pen: _Pen, style: _Style) -> None:
    if style is _STYLES["old"]:  # round with a triangle inside, as in much of Europe until the seventies
        _ringed(pen, style)
        pen.regular(3, 0.43, style.red, low=-0.04, turn=180, soft=0.05)
        pen.regular(3, 0.35, style.ground, low=-0.04, turn=180, soft=0.01)
        _write(pen, "STOP", style, style.black, height=0.33, narrow=0.95, low=-0.17)
        return
    pen.regular(8, 1.0, style.rim, turn=22.5, soft=0.06)
    pen.regular(8, 0.965, style.white, turn=22.5, soft=0.05)
    pen.regular(8, 0.90, style.red, turn=22.5, soft=0.04)
    _write(pen, "STOP", style, style.white, height=0.64, narrow=0.84)


def _yield(pen: _Pen, style: _Style) -> None:
    _warning(pen, style, upright=False)


def _no_entry(pen: _Pen, style: _Style) -> None:
    _plate(pen, style, style.red)
    pen.stroke([(-0.66, 0), (0.66, 0)], 0.24 if style is _STYLES["old"] else 0.34, style.white, ends="flat")


def _priority_road(pen: _Pen, style: _Style) -> None:
    pen.regular(4, 0.735, style.rim, soft=0.08)
    pen.regular(4, 0.70, style.white, soft=0.06)
    if style is _STYLES["old"]:
        pen.regular(4, 0.50, style.black, soft=0.02)
        pen.regular(4, 0.455, style.yellow)
    else:
        pen.regular(4, 0.485, style.yellow, soft=0.02)


def _priority_crossing(pen: _Pen, style: _Style) -> None:
    _warning(pen, style)
    limb = style.limb
    pen.stroke([(-0.34, 0.34), (0.34, 0.34)], 0.11 * limb, style.black, ends="flat")
    pen.stroke([(0, -0.10), (0, 0.62)], 0.17 * limb, style.black, ends="flat")
    pen.polygon([(0, -0.40), (-0.19, -0.06), (0.19, -0.06)], style.black)


def _arrow(across: tuple[float, float], along: tuple[float, float]) -> Callable[[_Pen, _Style], None]:
    """A plate with an arrow; the two axes are where the arrow's right and its tip point to."""
    axes = np.array([across, along], float)

    def draw(pen: _Pen, style: _Style) -> None:
        _plate(pen, style, style.blue)
        if style is _STYLES["old"]:  # two barbs on a thin shaft
            pen.stroke(np.array([(0, -0.62), (0, 0.58)]) @ axes, 0.15, style.white, ends="flat")
            pen.stroke(np.array([(-0.36, 0.18), (0, 0.58), (0.36, 0.18)]) @ axes, 0.15, style.white)
            return
        pen.stroke(np.array([(0, -0.66), (0, 0.2)]) @ axes, 0.27, style.white, ends="flat")
        pen.polygon(np.array([(-0.46, 0.06), (0, 0.70), (0.46, 0.06)]) @ axes, style.white)

    return draw


def _walker(pen: _Pen, limb: float, colour: Colour, low: float, size: float) -> None:
    def at(*points: tuple[float, float]) -> np.ndarray:
        return np.array(points) * size + (0, low)

    pen.disc(0.105 * size, colour, (0.05 * size, -0.47 * size + low))
    pen.stroke(at((0.03, -0.24), (-0.01, 0.05)), 0.19 * limb * size, colour)
    pen.stroke(at((-0.01, 0.06), (0.13, 0.28), (0.22, 0.55)), 0.115 * limb * size, colour)
    pen.stroke(at((-0.03, 0.06), (-0.12, 0.30), (-0.31, 0.50)), 0.115 * limb * size, colour)
    pen.stroke(at((0.06, -0.27), (0.19, -0.06), (0.33, 0.0)), 0.085 * limb * size, colour)
    pen.stroke(at((0.0, -0.27), (-0.17, -0.12), (-0.22, 0.07)), 0.085 * limb * size, colour)


def _pedestrians(pen: _Pen, style: _Style) -> None:
    old = style is _STYLES["old"]
    soft = 0.02 if old else 0.10
    pen.regular(4, 0.94, style.rim, turn=45, soft=soft)
    pen.regular(4, 0.90, style.white, turn=45, soft=soft)
    pen.regular(4, 0.80 if old else 0.85, style.blue, turn=45, soft=soft)
    if old:
        _walker(pen, style.limb, style.white, 0.0, 1.15)
        return
    pen.regular(3, 0.49, style.white, low=0.21, soft=0.02)
    _walker(pen, style.limb, style.black, 0.19, 0.76)


def _bicycles(pen: _Pen, style: _Style) -> None:
    _plate(pen, style, style.blue)
    thick = 0.10 * style.limb
    for x in (-0.42, 0.42):
        pen.stroke(_bow(x, 0.20, 0.25, 0.25, 0, 360), thick, style.white)
    pen.stroke([(-0.42, 0.2), (-0.16, -0.2), (0.24, -0.2), (-0.02, 0.2), (-0.42, 0.2)], thick, style.white)
    pen.stroke([(-0.02, 0.2), (-0.20, -0.33)], thick, style.white)
    pen.stroke([(-0.33, -0.34), (-0.09, -0.34)], thick, style.white)
    pen.stroke([(0.42, 0.2), (0.20, -0.42), (0.36, -0.46)], thick, style.white)


def _roadworks(pen: _Pen, style: _Style) -> None:
    _warning(pen, style)
    limb = style.limb
    pen.disc(0.09, style.black, (-0.03, -0.24))
    pen.stroke([(-0.07, -0.07), (-0.18, 0.20)], 0.15 * limb, style.black)
    pen.stroke([(-0.18, 0.22), (-0.07, 0.40), (-0.10, 0.61)], 0.10 * limb, style.black)
    pen.stroke([(-0.20, 0.22), (-0.28, 0.40), (-0.42, 0.60)], 0.10 * limb, style.black)
    pen.stroke([(-0.05, -0.06), (0.08, 0.12), (0.12, 0.20)], 0.08 * limb, style.black)
    pen.stroke([(-0.10, 0.06), (0.32, 0.36)], 0.06 * limb, style.black)
    pen.polygon([(0.10, 0.64), (0.20, 0.46), (0.31, 0.38), (0.41, 0.47), (0.50, 0.64)], style.black)


_FACES: dict[str, Callable[[_Pen, _Style], None]] = {
    "limit 30": _limit("30"),
    "limit 50": _limit("50"),
    "limit 80": _limit("80"),
    "limit 120": _limit("120"),
    "minimum 30": _minimum,
    "stop": _stop,
    "yield": _yield,
    "no entry": _no_entry,
    "priority road": _priority_road,
    "priority crossing": _priority_crossing,
    "turn left": _arrow(across=(0, -1), along=(-1, 0)),
    "turn right": _arrow(across=(0, 1), along=(1, 0)),
    "straight ahead": _arrow(across=(1, 0), along=(0, -1)),
    "pedestrians": _pedestrians,
    "bicycles": _bicycles,
    "roadworks": _roadworks,
}

CLASSES = tuple(_FACES)


@lru_cache(maxsize=len(_FACES) * len(_STYLES))
def face(name: str, style: str) -> Image.Image:
    """The drawing of one class in one style, `SIDE` × `SIDE` pixels, colours multiplied by their opacity (RGBa).

    The sign's middle is the picture's middle, and `RADIUS` pixels are one unit.
    """
    pen = _Pen()
    _FACES[name](pen, _STYLES[style])
    return pen.picture.convert("RGBa").reduce(_FINE)
