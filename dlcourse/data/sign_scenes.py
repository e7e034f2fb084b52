"""Scenes of `signs`: a drawn face is set, with its pole, before a photograph, as the factors say.

Works on some pictures at once. `factors` is always a dictionary of arrays, one value a picture, with the names
and units of `signs.Factors`.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageFilter

from dlcourse.data.photos import photo
from dlcourse.data.sign_shapes import CLASSES, RADIUS, SIDE, face

SIZE = 48  # height and width of a picture
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


@dataclass(frozen=True)
class Draws:
    """What chance decides in n pictures besides the factors; equally likely between 0 and 1 but for the noise."""

    behind: np.ndarray  # n × 5: photograph, right, down, mirror, gain
    leaves: np.ndarray  # n × 7: side, lobes, phase, raggedness; right, down, gain of their photograph
    lamps: np.ndarray  # n × 12: right, down, size, warmth of three lamps
    noise: np.ndarray  # like the pictures, standard normal, float32


def scenes(
    y: np.ndarray, factors: dict[str, np.ndarray], draws: Draws, style: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pictures, masks and boxes of some signs."""
    to_sign = _to_sign(factors)
    sheet, opacity = _sheets(y, to_sign, style)
    masks = opacity >= 0.5
    dusk = factors["dusk"][:, None, None, None]

    scene = _crops(draws.behind)
    _stand(scene, to_sign)
    scene = scene * (1 - dusk * (1.15 - 0.15 * np.array(_NIGHT, np.float32)))
    scene += _lamps(draws.lamps, factors["dusk"])
    lit = sheet * (1 + dusk * (np.array(_HEADLIGHT, np.float32) - 1))
    scene = scene * (1 - opacity[..., None]) + lit
    cover = _cover(masks, draws.leaves, factors)
    leaves = _leaves(draws.leaves) * (1 - 0.7 * dusk)
    scene += (leaves - scene) * cover[..., None]

    scene = _blurred(scene, factors["blur"])
    mean = scene.mean(axis=(1, 2, 3), keepdims=True)
    scene = mean + (scene - mean) * factors["contrast"][:, None, None, None]
    scene = scene * factors["light"][:, None, None, None]
    scene += draws.noise * factors["noise"][:, None, None, None]
    x = np.clip(np.rint(scene), 0, 255).astype(np.uint8)
    return x, masks & (cover < 0.5), _boxes(masks)


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
    signs = np.empty((len(y), SIZE, SIZE, 4), np.float32)
    for row, (label, numbers) in enumerate(zip(y.tolist(), maps.reshape(-1, 9)[:, :8].tolist(), strict=True)):
        large = face(CLASSES[label], style).transform(
            (SIZE * _ZOOM, SIZE * _ZOOM), Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BILINEAR
        )
        signs[row] = np.asarray(large.reduce(_ZOOM))
    return signs[..., :3], signs[..., 3] / 255


@lru_cache(maxsize=1)
def _backgrounds() -> tuple[list[np.ndarray], np.ndarray]:
    """Photographs in several sizes, and the cumulated share of the pictures that each is behind."""
    pictures, shares = [], []
    for name, (often, tint) in _BEHIND.items():
        tinted = np.clip(photo(name) * np.array(tint), 0, 255).astype(np.uint8)
        photograph = Image.fromarray(tinted)
        for side in _BACKGROUND_SIDES:
            ratio = side / min(photograph.size)
            size = (round(photograph.width * ratio), round(photograph.height * ratio))
            pictures.append(np.asarray(photograph.resize(size, Image.Resampling.BOX)))
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


def _cover(masks: np.ndarray, draws: np.ndarray, factors: dict[str, np.ndarray]) -> np.ndarray:
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
    inside = np.sort(np.where(masks, reach, np.inf).reshape(len(masks), -1), axis=1)
    pixels = masks.sum(axis=(1, 2))
    covered = np.rint(factors["occlusion"] * pixels).astype(int)
    rows = np.arange(len(masks))
    # between the last pixel that is covered and the first that is not
    last, first = inside[rows, np.maximum(covered - 1, 0)], inside[rows, np.minimum(covered, SIZE * SIZE - 1)]
    edge = np.where(covered > 0, (last + np.where(np.isfinite(first), first, last + 1)) / 2, -np.inf)
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


def _boxes(masks: np.ndarray) -> np.ndarray:
    """The smallest rectangles around masks."""
    boxes = np.zeros((len(masks), 4), np.int32)
    columns, rows = np.any(masks, axis=1), np.any(masks, axis=2)
    for first, occupied in ((0, columns), (1, rows)):
        boxes[:, first] = occupied.argmax(axis=1)
        boxes[:, first + 2] = SIZE - np.flip(occupied, axis=1).argmax(axis=1)
    boxes[~masks.any(axis=(1, 2))] = 0
    return boxes
