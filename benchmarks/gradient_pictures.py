"""The large pictures of lesson 5.4: a painting to take the style from, a photograph in this style, and a deep dream.

    python benchmarks/gradient_pictures.py course/05_pretrained/records

Writes 04_strokes.jpg, 04_style.jpg and 04_dream.jpg there, some two minutes on two cores. The painting is drawn by a
program, so that its licence is the course's own; the photograph comes with scikit-learn. The lesson runs the same
calculations on smaller pictures.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import keras
import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter

from dlcourse import lens
from dlcourse.data.photos import photo
from dlcourse.nets import efficientnet_lite0, pretrained

NIGHT = ((18, 38, 96), (32, 72, 148), (58, 116, 182), (112, 168, 206), (176, 206, 214), (26, 96, 110))
GOLD = ((250, 214, 92), (244, 176, 52), (252, 236, 170), (226, 138, 44))
DREAM_LAYERS = ("block4c_add", "block5b_add")
STYLE_LAYERS = ("stem_activation", "block2a_expand_activation", "block2b_add", "block3b_add", "block4c_add")
SMOOTHING = (0.8, 1.6, 3.2)  # pixels: a dream's steps are taken at three widths alike
OCTAVE = 1.4  # from one size to the next


def any_size() -> keras.Model:
    """The bundled network for pictures of any size, up to the last layer that is needed here."""
    network = efficientnet_lite0((None, None, 3))
    network.set_weights(pretrained().get_weights())
    return keras.Model(network.input, network.get_layer(DREAM_LAYERS[-1]).output)


def strokes(width: int = 512, height: int = 384, count: int = 5200, seed: int = 3) -> Image.Image:
    """A night in short strokes of a brush, which follow eddies."""
    draws, fine = np.random.default_rng(seed), 2
    canvas = Image.new("RGB", (width * fine, height * fine), (24, 44, 92))
    pen = ImageDraw.Draw(canvas)
    eddies = [
        (
            draws.uniform(0, width),
            draws.uniform(0, height),
            draws.choice([-1, 1]) * draws.uniform(0.6, 1.4),
            draws.uniform(40, 95),
        )
        for _ in range(9)
    ]
    lights = [(draws.uniform(0, width), draws.uniform(0, height * 0.9), draws.uniform(12, 30)) for _ in range(9)]
    for _ in range(count):
        x, y = draws.uniform(-10, width + 10), draws.uniform(-10, height + 10)
        colour = _colour(x, y, lights, draws)
        points = [(x, y)]
        for _ in range(int(draws.integers(4, 9))):
            along, down = _flow(x, y, eddies)
            x, y = x + 3.2 * along, y + 3.2 * down
            points.append((x, y))
        _stroke(pen, np.array(points) * fine, colour, fine * draws.uniform(2.4, 5.2), fine)
    return canvas.resize((width, height), Image.Resampling.LANCZOS)


def _colour(x: float, y: float, lights: Sequence[tuple[float, ...]], draws: np.random.Generator) -> np.ndarray:
    """Gold near a light and now and then elsewhere, else a blue that changes from place to place."""
    nearest = min(np.hypot(x - left, y - top) / size for left, top, size in lights)
    if draws.random() < np.exp(-(nearest**2) / 2.4) or draws.random() < 0.03:
        colour = GOLD[draws.integers(len(GOLD))]
    else:
        tone = 0.5 + 0.5 * np.sin(x / 60 + 2.5 * np.sin(y / 48))
        colour = NIGHT[int(np.clip(tone * 5 + draws.normal(), 0, 5))]
    return np.clip(colour + draws.normal(0, 10, 3), 0, 255)


def _flow(x: float, y: float, eddies: Sequence[tuple[float, ...]]) -> tuple[float, float]:
    along, down = 0.9, 0.25 * np.sin(x / 90)
    for left, top, turn, size in eddies:
        across, below = x - left, y - top
        strength = 3 * turn * np.exp(-(across**2 + below**2) / (2 * size**2))
        along, down = along - below / size * strength, down + across / size * strength
    length = np.hypot(along, down) + 1e-6
    return along / length, down / length


def _stroke(pen: ImageDraw.ImageDraw, points: np.ndarray, colour: np.ndarray, width: float, fine: int) -> None:
    """A line with a bright rim above and a dark one below, as thick paint has."""
    rims = ((-0.28 * width, colour * 1.18 + 12), (0.34 * width, colour * 0.78))
    for offset, rim, thickness in ((0.0, colour, int(width)), *((place, tint, fine) for place, tint in rims)):
        line = [(float(x), float(y + offset)) for x, y in points]
        pen.line(line, fill=tuple(np.clip(rim, 0, 255).astype(int).tolist()), width=thickness, joint="curve")


def resized(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Colours, or what is added to them, at another width and height."""
    planes = [Image.fromarray(plane).resize(size, Image.Resampling.BICUBIC) for plane in np.moveaxis(picture, -1, 0)]
    return np.stack([np.asarray(plane) for plane in planes], axis=-1)


def energy(output: Any) -> Any:
    """How strongly a layer answers."""
    return keras.ops.mean(output**2)


def dream(network: keras.Model, picture: np.ndarray, octaves: int = 3, steps: int = 12, rate: float = 5) -> np.ndarray:
    """A photograph in which two layers find more and more of what they look for, from a small size to its own."""
    height, width = picture.shape[:2]
    draws, added = np.random.default_rng(0), np.zeros((1, 1, 3), "float32")
    for octave in reversed(range(octaves)):
        size = round(width / OCTAVE**octave), round(height / OCTAVE**octave)
        smaller = resized(picture, size)
        dreamt = smaller + resized(added, size)
        for _ in range(steps):
            shift = draws.integers(-32, 33, 2)
            rolled = np.clip(np.roll(dreamt, shift, (0, 1)), 0, 255)[None]
            slope = sum(lens.gradient_of_input(energy, network, rolled, layer)[0] for layer in DREAM_LAYERS)
            slope = np.roll(slope, -shift, (0, 1))
            soft = [gaussian_filter(slope, (reach, reach, 0)) for reach in SMOOTHING]
            uphill = sum(part / (part.std() + 1e-8) for part in soft)
            dreamt = np.clip(dreamt + rate * uphill / uphill.std(), 0, 255).astype("float32")
        added = dreamt - smaller
    return dreamt


def in_style(
    network: keras.Model,
    picture: np.ndarray,
    painting: np.ndarray,
    steps: int = 40,
    rates: Mapping[int, float] = MappingProxyType({2: 6.0, 1: 4.2}),
) -> tuple[np.ndarray, list[float]]:
    """A photograph in the style of a painting, at half its size first; and the style's loss, before and after.

    `rates` holds the size of a step for each part of the full size.
    """
    height, width = picture.shape[:2]
    start, losses = None, []
    for part, rate in rates.items():
        size = width // part, height // part
        content, style = (np.clip(resized(image, size), 0, 255) for image in (picture, painting))
        found = lens.style_transfer(
            network,
            content,
            style,
            ["block4c_add"],
            STYLE_LAYERS,
            start=content if start is None else np.clip(resized(start, size), 0, 255),
            steps=steps,
            rate=rate,
            content_weight=1,
            style_weight=10,
            smoothness=2e-5,
            bounds=(0, 255),
        )
        start = found.picture
        losses += [float(found.style_losses[0]), float(found.style_losses[-1])]
    return start, losses


def sized(name: str, width: int) -> np.ndarray:
    """A photograph at this width, its height a multiple of 8."""
    picture = Image.fromarray(photo(name))
    height = 8 * round(width * picture.height / picture.width / 8)
    return np.asarray(picture.resize((width, height), Image.Resampling.LANCZOS), "float32")


def saved(picture: np.ndarray, path: Path) -> None:
    """As a JPEG."""
    Image.fromarray(np.clip(np.round(picture), 0, 255).astype("uint8")).save(path, quality=80)
    print(path, f"{path.stat().st_size / 1000:.0f} kB", flush=True)


def main() -> int:
    """Writes the three pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where they go")
    folder = parser.parse_args().folder
    network = any_size()
    painting = np.asarray(strokes(), "float32")
    saved(painting, folder / "04_strokes.jpg")
    saved(dream(network, sized("china", 576)), folder / "04_dream.jpg")
    saved(in_style(network, sized("china", 576), painting)[0], folder / "04_style.jpg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
