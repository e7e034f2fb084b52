"""Generated road signs: drawn faces in front of photographs, and everything about each picture is known.

A picture shows one sign. With it come its class, the pixels in which the sign is visible (mask), the rectangle
around it (box) and the eleven numbers, called factors, from which its look was made. `Factors` says
between which values they are drawn.
"""

import dataclasses
import hashlib
from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np

from dlcourse.data.cache import keep_arrays
from dlcourse.data.dataset import Parts, Split
from dlcourse.data.sign_scenes import SIZE, Draws, scenes
from dlcourse.data.sign_shapes import CLASSES, STYLES
from dlcourse.errors import CourseError, unknown

__all__ = ["CLASSES", "SIZE", "STYLES", "Factors", "SignsSplit", "generate", "small"]

Range = tuple[float, float]

_VERSION = 1  # of the pictures; raise it when they change, or old ones come from the cache
_CHUNK = 128  # pictures worked on at once: few enough to stay in the processor's cache

# What each factor may be at all: beyond, the numbers make no sense or the sign is gone.
_BOUNDS: dict[str, Range] = {
    "rotation": (-180, 180),
    "scale": (0.1, 2),
    "shift_x": (-SIZE / 2, SIZE / 2),
    "shift_y": (-SIZE / 2, SIZE / 2),
    "perspective": (-70, 70),
    "light": (0, 4),
    "contrast": (0, 4),
    "dusk": (0, 1),
    "blur": (0, 8),
    "noise": (0, 128),
    "occlusion": (0, 0.95),
}


@dataclass(frozen=True)
class Factors:
    """Between which values each factor of a picture is drawn, all equally likely: (low, high).

    Two equal values fix a factor. `dataclasses.replace(Factors(), blur=(2, 2))` changes one of them.

    Attributes:
        rotation: degrees the picture is turned, counter-clockwise.
        scale: the sign's larger side / the picture's side.
        shift_x: pixels from the picture's middle to the sign's, to the right.
        shift_y: pixels from the picture's middle to the sign's, downwards.
        perspective: degrees the sign is turned about its pole; positive moves its right edge away.
        light: every value is multiplied by this; 1 is neutral.
        contrast: distances from the picture's mean are multiplied by this; 1 is neutral.
        dusk: how much darker the scene is than the sign, from 0 (day) to 1 (only the sign is seen).
        blur: standard deviation, in pixels, of the blur of the whole picture.
        noise: standard deviation of the noise added to every value, on the scale of 0 to 255.
        occlusion: share of the sign's pixels that leaves cover.
    """

    rotation: Range = (-15, 15)
    scale: Range = (0.5, 0.85)
    shift_x: Range = (-6, 6)
    shift_y: Range = (-6, 6)
    perspective: Range = (-30, 30)
    light: Range = (0.6, 1.3)
    contrast: Range = (0.6, 1.1)
    dusk: Range = (0, 0.2)
    blur: Range = (0, 0.8)
    noise: Range = (2, 10)
    occlusion: Range = (0, 0.15)

    def __post_init__(self) -> None:
        """Refuse what is no range, with the name of the factor."""
        for name, (least, most) in _BOUNDS.items():
            object.__setattr__(self, name, _range(name, getattr(self, name), least, most))

    @classmethod
    def plain(cls) -> "Factors":
        """An upright sign in the middle, sharp, whole and well lit: every factor neutral, `scale` 0.75."""
        return cls(
            **dict.fromkeys(_BOUNDS, (0.0, 0.0)) | {"scale": (0.75, 0.75), "light": (1.0, 1.0), "contrast": (1.0, 1.0)}
        )

    @classmethod
    def night(cls) -> "Factors":
        """Signs in the headlights of a car: place and pose as by day, a dark scene, dim light, more noise."""
        return cls(dusk=(0.6, 0.92), light=(0.55, 1.0), contrast=(0.8, 1.0), blur=(0.2, 1.2), noise=(8, 20))


FACTOR_NAMES = tuple(item.name for item in dataclasses.fields(Factors))


@dataclass(frozen=True, repr=False)
class SignsSplit(Split):
    """Pictures `x` (n × 48 × 48 × 3, uint8), classes `y` (n, int64: positions in `CLASSES`), and what is in them.

    Attributes:
        mask: n × 48 × 48, bool: the pixels at least half of which is sign, without what leaves cover.
        box: n × 4, int32: x0, y0, x1, y1 of the smallest rectangle around the sign as if nothing covered it,
            cut off at the picture's edge; x1 and y1 are one past the last pixel, so `x[y0:y1, x0:x1]` cuts it
            out. All zeros where the sign is outside the picture.
        factors: name of a factor -> n, float32: the values that the pictures were made with.
    """

    mask: np.ndarray
    box: np.ndarray
    factors: dict[str, np.ndarray]


def generate(count: int, *, seed: int = 0, factors: Factors | None = None, style: str = "new") -> SignsSplit:
    """Make pictures of road signs.

    Picture number i depends on the seed, i, the factors and the style, not on the count: ten pictures are the
    first ten of a hundred. Every 16 pictures in a row, from the first on, show each class once. The same seed
    with other factors or another style gives the same classes and backgrounds, and the same values of the
    factors that did not change.

    Args:
        count: how many; classes are equally frequent, to within one picture.
        seed: another number of 0 or more gives other pictures.
        factors: the ranges of the factors; `Factors()` if None.
        style: "new", or "old": the signs of another country with its own colours, letters and arrows.

    Returns:
        The pictures with classes, masks, boxes and factors, the same on every machine except for the last bit
        of rounding and for the streams of random numbers, which NumPy keeps from release to release but does
        not promise for ever.

    Raises:
        CourseError: where an argument makes no sense.

    Example:
        >>> signs = generate(4, seed=1)
        >>> signs.x.shape, signs.mask.shape, signs.box.shape
        ((4, 48, 48, 3), (4, 48, 48), (4, 4))
    """
    factors = _checked(count, seed, factors, style)
    arrays = _arrays(int(count), int(seed), factors, style)
    return _split(arrays, slice(None))


def small(count: int = 6000, seed: int = 0, factors: Factors | None = None, style: str = "new") -> Parts:
    """The data set of the lessons: five sixths to train on and one sixth to test, from one distribution.

    No picture is in both. They are made once and kept in dlcourse's cache. The arguments are those of
    `generate`.

    Returns:
        The training pictures, the test pictures and the names of the classes.
    """
    factors = _checked(count, seed, factors, style)
    request = repr((int(count), int(seed), style, dataclasses.astuple(factors)))
    key = f"signs-v{_VERSION}-{hashlib.sha256(request.encode()).hexdigest()[:24]}"
    arrays = keep_arrays(key, lambda: _arrays(int(count), int(seed), factors, style))
    edge = int(count) * 5 // 6
    return _split(arrays, slice(None, edge)), _split(arrays, slice(edge, None)), CLASSES


def _range(name: str, value: object, least: float, most: float) -> Range:
    """The two numbers of a factor's range, checked."""
    needs = f"The factor {name!r} needs (low, high) with {least:g} <= low <= high <= {most:g}"
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise CourseError(f"{needs}, not {value!r}.")
    if not all(isinstance(v, Real) and not isinstance(v, bool) for v in value):
        raise CourseError(f"{needs}, not {value!r}.")
    low, high = float(value[0]), float(value[1])
    if not least <= low <= high <= most:  # also false for NaN
        raise CourseError(f"{needs}, not ({low:g}, {high:g}).")
    return low, high


def _checked(count: object, seed: object, factors: Factors | None, style: str) -> Factors:
    for name, value in (("count", count), ("seed", seed)):
        if not isinstance(value, Integral) or isinstance(value, bool) or value < 0:
            raise CourseError(f"The {name} of signs must be a whole number of 0 or more, not {value!r}.")
    if style not in STYLES:
        raise unknown("style of signs", style, STYLES)
    if factors is not None and not isinstance(factors, Factors):
        raise CourseError(f"The factors of signs must be a Factors(...), not {factors!r}.")
    return Factors() if factors is None else factors


def _split(arrays: dict[str, np.ndarray], rows: slice) -> SignsSplit:
    values = {name: arrays["factors"][rows, column] for column, name in enumerate(FACTOR_NAMES)}
    return SignsSplit(arrays["x"][rows], arrays["y"][rows], arrays["mask"][rows], arrays["box"][rows], values)


def _arrays(count: int, seed: int, factors: Factors, style: str) -> dict[str, np.ndarray]:
    """All pictures of one request, as arrays that the cache can keep."""
    arrays = {
        "x": np.empty((count, SIZE, SIZE, 3), np.uint8),
        "y": _classes(count, seed),
        "mask": np.empty((count, SIZE, SIZE), bool),
        "box": np.empty((count, 4), np.int32),
        "factors": np.empty((count, len(FACTOR_NAMES)), np.float32),
    }
    ranges = np.array(dataclasses.astuple(factors))
    for start in range(0, count, _CHUNK):
        rows = slice(start, min(start + _CHUNK, count))
        shares, draws = _draw(seed, range(rows.start, rows.stop))
        values = ranges[:, 0] + (ranges[:, 1] - ranges[:, 0]) * shares
        # rounding to float32 must not leave the range by half a step
        arrays["factors"][rows] = np.clip(values.astype(np.float32), *ranges.T.astype(np.float32))
        by_factor = dict(zip(FACTOR_NAMES, arrays["factors"][rows].T, strict=True))
        arrays["x"][rows], arrays["mask"][rows], arrays["box"][rows] = scenes(
            arrays["y"][rows], by_factor, draws, style
        )
    return arrays


def _classes(count: int, seed: int) -> np.ndarray:
    """Shuffled blocks of all classes, so that the first ones do not depend on how many follow."""
    blocks = range(-(-count // len(CLASSES)))
    order = [np.random.default_rng([seed, block, 1]).permutation(len(CLASSES)) for block in blocks]
    return np.concatenate([np.empty(0, np.int64), *order]).astype(np.int64)[:count]


def _draw(seed: int, numbers: range) -> tuple[np.ndarray, Draws]:
    """Where in its range each factor lies, and the rest of what chance decides.

    Each picture has a stream of its own, always consumed in the same order.
    """
    widths = (len(FACTOR_NAMES), 5, 7, 12)
    flat = np.empty((len(numbers), sum(widths)))
    noise = np.empty((len(numbers), SIZE, SIZE, 3), np.float32)
    for row, number in enumerate(numbers):
        stream = np.random.default_rng([seed, number])
        stream.random(out=flat[row])
        stream.standard_normal(out=noise[row], dtype=np.float32)
    shares, behind, leaves, lamps = np.split(flat, np.cumsum(widths[:-1]), axis=1)
    return shares, Draws(behind, leaves, lamps, noise)
