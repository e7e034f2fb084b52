"""Generated road signs: drawn faces in front of photographs, and everything about each picture is known.

A picture shows one sign. With it come its class, the pixels in which the sign is visible (mask), the rectangle
around it (box) and the ten and more numbers, called factors, from which its look was made. `Factors` says
between which values they are drawn.
"""

import dataclasses
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from numbers import Integral, Real

import numpy as np
from PIL import Image, ImageFilter

from dlcourse.data.cache import keep_arrays
from dlcourse.data.dataset import Parts, Split
from dlcourse.data.photos import photo
from dlcourse.data.sign_shapes import CLASSES, RADIUS, SIDE, STYLES, face
from dlcourse.errors import CourseError, unknown

__all__ = ["CLASSES", "SIZE", "STYLES", "Factors", "SignsSplit", "generate", "small"]

SIZE = 48  # height and width of a picture
Range = tuple[float, float]

_VERSION = 1  # of the pictures; raise it when they change, or old ones come from the cache
_CHUNK = 128  # pictures worked on at once: few enough to stay in the processor's cache
_ZOOM = 2  # a sign is put into its place at this many times the size, then averaged: smooth edges
_CAMERA = 4.0  # distance of the camera from the sign, in radii of the sign

# What is behind the signs: photograph -> (how often, tint). Grey photographs get the colour of their subject.
_BEHIND = {
    "astronaut": (1, (1.0, 1.0, 1.0)),
    "brick": (2, (1.25, 0.92, 0.8)),
    "camera": (1, (0.95, 1.0, 1.08)),
    "cat": (1, (1.0, 1.0, 1.0)),
    "china": (4, (1.0, 1.0, 1.0)),
    "coffee": (1, (1.0, 1.0, 1.0)),
    "flower": (3, (1.0, 1.0, 1.0)),
    "grass": (2, (0.8, 1.08, 0.55)),
    "gravel": (2, (1.04, 0.99, 0.92)),
    "motorcycle": (2, (1.0, 1.0, 1.0)),
    "rocket": (2, (1.0, 1.0, 1.0)),
}
_BACKGROUND_SIDES = (72, 128, 224)  # shorter side of the photographs that crops are cut from
_LEAVES = (0.62, 0.86, 0.34)  # what covers a sign: the photograph of grass in this colour
_NIGHT = (0.62, 0.75, 1.1)  # colour of what the headlights do not reach
_HEADLIGHT = (1.06, 1.0, 0.86)  # colour of what they reach


# What each factor may be at all, and what a picture can still show.
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
    asked = repr((int(count), int(seed), style, dataclasses.astuple(factors)))
    key = f"signs-v{_VERSION}-{hashlib.sha256(asked.encode()).hexdigest()[:24]}"
    arrays = keep_arrays(key, lambda: _arrays(int(count), int(seed), factors, style))
    edge = int(count) * 5 // 6
    return _split(arrays, slice(None, edge)), _split(arrays, slice(edge, None)), CLASSES


def _range(name: str, value: object, least: float, most: float) -> Range:
    """The two numbers of a factor's range, checked."""
    wanted = f"The factor {name!r} needs (low, high) with {least:g} <= low <= high <= {most:g}"
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise CourseError(f"{wanted}, not {value!r}.")
    if not all(isinstance(v, Real) and not isinstance(v, bool) for v in value):
        raise CourseError(f"{wanted}, not {value!r}.")
    low, high = float(value[0]), float(value[1])
    if not least <= low <= high <= most:  # also false for NaN
        raise CourseError(f"{wanted}, not ({low:g}, {high:g}).")
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
    made = {
        "x": np.empty((count, SIZE, SIZE, 3), np.uint8),
        "y": _classes(count, seed),
        "mask": np.empty((count, SIZE, SIZE), bool),
        "box": np.empty((count, 4), np.int32),
        "factors": np.empty((count, len(FACTOR_NAMES)), np.float32),
    }
    ranges = np.array(dataclasses.astuple(factors))
    for start in range(0, count, _CHUNK):
        rows = slice(start, min(start + _CHUNK, count))
        draws = _draw(seed, range(rows.start, rows.stop))
        values = ranges[:, 0] + (ranges[:, 1] - ranges[:, 0]) * draws.factors
        # rounding to float32 must not leave the range by half a step
        made["factors"][rows] = np.clip(values.astype(np.float32), *ranges.T.astype(np.float32))
        named = dict(zip(FACTOR_NAMES, made["factors"][rows].T, strict=True))
        made["x"][rows], made["mask"][rows], made["box"][rows] = _scenes(made["y"][rows], named, draws, style)
    return made


def _classes(count: int, seed: int) -> np.ndarray:
    """Shuffled blocks of all classes, so that the first ones do not depend on how many follow."""
    blocks = range(-(-count // len(CLASSES)))
    order = [np.random.default_rng([seed, block, 1]).permutation(len(CLASSES)) for block in blocks]
    return np.concatenate([np.empty(0, np.int64), *order]).astype(np.int64)[:count]


@dataclass(frozen=True)
class _Draws:
    """What chance decides in some pictures. Numbers are between 0 and 1 except the noise (normal)."""

    factors: np.ndarray
    behind: np.ndarray
    leaves: np.ndarray
    lamps: np.ndarray
    noise: np.ndarray


def _draw(seed: int, numbers: range) -> _Draws:
    """A stream of its own for each picture, always consumed in the same order."""
    flat = np.empty((len(numbers), len(FACTOR_NAMES) + 5 + 7 + 12))
    noise = np.empty((len(numbers), SIZE, SIZE, 3), np.float32)
    for row, number in enumerate(numbers):
        stream = np.random.default_rng([seed, number])
        stream.random(out=flat[row])
        stream.standard_normal(out=noise[row], dtype=np.float32)
    edges = np.cumsum([len(FACTOR_NAMES), 5, 7])
    values, behind, leaves, lamps = np.split(flat, edges, axis=1)
    return _Draws(values, behind, leaves, lamps, noise)


def _scenes(
    y: np.ndarray, factors: dict[str, np.ndarray], draws: _Draws, style: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pictures, masks and boxes of some signs."""
    to_sign = _to_sign(factors)
    sheet, opacity = _sheets(y, to_sign, style)
    whole = opacity >= 0.5
    dusk = factors["dusk"][:, None, None, None]

    scene = _crops(draws.behind)
    _stand(scene, to_sign)
    scene = scene * (1 - dusk * (1.15 - 0.15 * np.array(_NIGHT, np.float32)))
    scene += _lamps(draws.lamps, factors["dusk"])
    lit = sheet * (1 + dusk * (np.array(_HEADLIGHT, np.float32) - 1))
    scene = scene * (1 - opacity[..., None]) + lit
    cover = _cover(whole, draws.leaves, factors)
    leaves = _leaves(draws.leaves) * (1 - 0.7 * dusk)
    scene += (leaves - scene) * cover[..., None]

    scene = _blurred(scene, factors["blur"])
    mean = scene.mean(axis=(1, 2, 3), keepdims=True)
    scene = mean + (scene - mean) * factors["contrast"][:, None, None, None]
    scene = scene * factors["light"][:, None, None, None]
    scene += draws.noise * factors["noise"][:, None, None, None]
    x = np.clip(np.rint(scene), 0, 255).astype(np.uint8)
    return x, whole & (cover < 0.5), _boxes(whole)


def _to_sign(factors: dict[str, np.ndarray]) -> np.ndarray:
    """n × 3 × 3: the map of a picture's points (pixels) to the sign's (see `sign_shapes`), homogeneous."""
    turn, yaw = (np.radians(factors[name].astype(float)) for name in ("rotation", "perspective"))
    radius = factors["scale"].astype(float) * SIZE / 2
    x = SIZE / 2 + factors["shift_x"].astype(float)
    y = SIZE / 2 + factors["shift_y"].astype(float)
    cos, sin, away = np.cos(turn), np.sin(turn), np.sin(yaw) / _CAMERA
    to_picture = np.empty((len(turn), 3, 3))
    to_picture[:, 0] = np.stack([radius * cos * np.cos(yaw) + x * away, radius * sin, x], axis=1)
    to_picture[:, 1] = np.stack([-radius * sin * np.cos(yaw) + y * away, radius * cos, y], axis=1)
    to_picture[:, 2] = np.stack([away, np.zeros_like(away), np.ones_like(away)], axis=1)
    return np.linalg.inv(to_picture)


def _sheets(y: np.ndarray, to_sign: np.ndarray, style: str) -> tuple[np.ndarray, np.ndarray]:
    """The signs in their places: colours multiplied by opacity (0 to 255), and the opacity (0 to 1)."""
    to_pixels = np.array([[RADIUS, 0, SIDE / 2], [0, RADIUS, SIDE / 2], [0, 0, 1]])
    maps = to_pixels @ to_sign @ np.diag([1 / _ZOOM, 1 / _ZOOM, 1])
    maps /= maps[:, 2:, 2:]
    placed = np.empty((len(y), SIZE, SIZE, 4), np.float32)
    for row, (label, numbers) in enumerate(zip(y.tolist(), maps.reshape(-1, 9)[:, :8].tolist(), strict=True)):
        large = face(CLASSES[label], style).transform(
            (SIZE * _ZOOM, SIZE * _ZOOM), Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BILINEAR
        )
        placed[row] = np.asarray(large.reduce(_ZOOM))
    return placed[..., :3], placed[..., 3] / 255


@lru_cache(maxsize=1)
def _backgrounds() -> tuple[list[np.ndarray], np.ndarray]:
    """Photographs in several sizes, and the cumulated share of the pictures that each is behind."""
    pictures, shares = [], []
    for name, (often, tint) in _BEHIND.items():
        tinted = np.clip(photo(name) * np.array(tint), 0, 255).astype(np.uint8)
        whole = Image.fromarray(tinted)
        for side in _BACKGROUND_SIDES:
            ratio = side / min(whole.size)
            size = (round(whole.width * ratio), round(whole.height * ratio))
            pictures.append(np.asarray(whole.resize(size, Image.Resampling.BOX)))
            shares.append(often)
    return pictures, np.cumsum(shares) / np.sum(shares)


def _crops(draws: np.ndarray) -> np.ndarray:
    """A piece of a photograph for each picture, possibly mirrored, a little lighter or darker."""
    pictures, shares = _backgrounds()
    crops = np.empty((len(draws), SIZE, SIZE, 3), np.float32)
    for row, (which, right, down, mirror, gain) in enumerate(draws.tolist()):
        picture = pictures[int(np.searchsorted(shares, which, side="right"))]
        top = int(down * (picture.shape[0] - SIZE + 1))
        left = int(right * (picture.shape[1] - SIZE + 1))
        crop = picture[top : top + SIZE, left : left + SIZE]
        crops[row] = (crop[:, ::-1] if mirror < 0.5 else crop) * (0.75 + 0.5 * gain)
    return np.minimum(crops, 255)


def _grid() -> tuple[np.ndarray, np.ndarray]:
    """The middles of a picture's pixels: x as a row, y as a column."""
    middles = np.arange(SIZE, dtype=np.float32) + 0.5
    return middles[None, None, :], middles[None, :, None]


def _stand(scene: np.ndarray, to_sign: np.ndarray) -> None:
    """Draw the pole that each sign stands on: a grey cylinder from its middle downwards."""
    x, y = _grid()
    a = to_sign.astype(np.float32)[:, :, :, None, None]
    depth = a[:, 2, 0] * x + a[:, 2, 1] * y + a[:, 2, 2]
    across = (a[:, 0, 0] * x + a[:, 0, 1] * y + a[:, 0, 2]) / depth
    down = (a[:, 1, 0] * x + a[:, 1, 1] * y + a[:, 1, 2]) / depth
    pixel = np.hypot(a[:, 0, 0], a[:, 0, 1])  # about how much of a radius one pixel is
    half = np.float32(0.085)
    opacity = np.clip((half - np.abs(across)) / pixel + 0.5, 0, 1) * (down > 0)
    shine = 150 - 45 * np.clip(across / half, -1, 1) - 25 * np.clip(across / half, -1, 1) ** 2
    scene += (shine[..., None] - scene) * opacity[..., None]


def _lamps(draws: np.ndarray, dusk: np.ndarray) -> np.ndarray:
    """Three distant lamps, seen when it is dark."""
    glow = np.zeros((len(draws), SIZE, SIZE, 3), np.float32)
    dark = np.clip(dusk * 2 - 1, 0, 1)
    if not dark.any():
        return glow
    x, y = _grid()
    for lamp in draws.astype(np.float32).reshape(-1, 3, 4).transpose(1, 2, 0)[..., None, None]:
        right, down, size, warm = lamp
        distance = (x - right * SIZE) ** 2 + (y - down * SIZE) ** 2
        spot = dark[:, None, None] * np.exp(-distance / (2 * (0.6 + 1.6 * size**2) ** 2))
        glow += spot[..., None] * np.stack([230 + 0 * warm, 190 - 70 * warm, 150 - 130 * warm], axis=-1)
    return glow


def _cover(whole: np.ndarray, draws: np.ndarray, factors: dict[str, np.ndarray]) -> np.ndarray:
    """Opacity of the leaves: a ragged disc from outside that reaches as far as the wanted share needs."""
    x, y = _grid()
    side, lobes, phase, ragged = (draws[:, k, None, None].astype(np.float32) for k in range(4))
    radius = factors["scale"][:, None, None] * SIZE / 2
    right = x - SIZE / 2 - factors["shift_x"][:, None, None] - 1.15 * radius * np.cos(2 * np.pi * side)
    down = y - SIZE / 2 - factors["shift_y"][:, None, None] - 1.15 * radius * np.sin(2 * np.pi * side)
    angle = np.arctan2(down, right)
    wave = np.sin(angle * (5 + np.floor(4 * lobes)) + 2 * np.pi * phase)
    fine = np.sin(angle * (13 + np.floor(6 * lobes)) + 9 * phase)
    reach = np.hypot(right, down) * (1 + (0.08 + 0.08 * ragged) * wave + 0.05 * fine)
    inside = np.sort(np.where(whole, reach, np.inf).reshape(len(whole), -1), axis=1)
    pixels = whole.sum(axis=(1, 2))
    wanted = np.rint(factors["occlusion"] * pixels).astype(int)
    rows = np.arange(len(whole))
    # between the last pixel that is covered and the first that is not
    last, first = inside[rows, np.maximum(wanted - 1, 0)], inside[rows, np.minimum(wanted, SIZE * SIZE - 1)]
    edge = np.where(wanted > 0, (last + np.where(np.isfinite(first), first, last + 1)) / 2, -np.inf)
    return np.clip(edge[:, None, None] - reach + 0.5, 0, 1)


def _leaves(draws: np.ndarray) -> np.ndarray:
    """Foliage for each picture: pieces of the photograph of grass, green, lighter or darker."""
    grass = _grass()
    pieces = np.empty((len(draws), SIZE, SIZE), np.float32)
    for row, (right, down, gain) in enumerate(draws[:, 4:].tolist()):
        top, left = (int(share * (len(grass) - SIZE + 1)) for share in (down, right))
        pieces[row] = grass[top : top + SIZE, left : left + SIZE] * (0.6 + 0.5 * gain)
    return pieces[..., None] * np.array(_LEAVES, np.float32)


@lru_cache(maxsize=1)
def _grass() -> np.ndarray:
    return np.asarray(Image.fromarray(photo("grass")).convert("L").reduce(2))


def _blurred(scene: np.ndarray, sigma: np.ndarray) -> np.ndarray:
    """Every picture blurred by its own Gaussian, its edge pixels repeated outwards."""
    rounded = np.clip(np.rint(scene), 0, 255).astype(np.uint8)
    result = np.empty_like(scene)
    for row, (picture, width) in enumerate(zip(rounded, sigma.tolist(), strict=True)):
        result[row] = Image.fromarray(picture).filter(ImageFilter.GaussianBlur(width))
    return result


def _boxes(whole: np.ndarray) -> np.ndarray:
    """The smallest rectangles around masks."""
    boxes = np.zeros((len(whole), 4), np.int32)
    columns, rows = np.any(whole, axis=1), np.any(whole, axis=2)
    for first, seen in ((0, columns), (1, rows)):
        boxes[:, first] = seen.argmax(axis=1)
        boxes[:, first + 2] = SIZE - np.flip(seen, axis=1).argmax(axis=1)
    boxes[~whole.any(axis=(1, 2))] = 0
    return boxes
