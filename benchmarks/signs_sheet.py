"""Writes a picture of the data set `signs`: every class, masks and boxes, night, the old style.

python benchmarks/signs_sheet.py sheet.png
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from dlcourse.data.signs import CLASSES, SIZE, Factors, SignsSplit, generate

ZOOM = 4
GAP = 4


def row(split: SignsSplit, paint: bool = False) -> Image.Image:
    """One picture of each class side by side; with `paint`, the mask in green and the box in red."""
    strip = Image.new("RGB", (len(CLASSES) * (SIZE * ZOOM + GAP), SIZE * ZOOM + GAP))
    for at, number in enumerate(np.argsort(split.y)):
        picture = split.x[number].copy()
        if paint:
            picture[~split.mask[number]] //= 3
        large = Image.fromarray(picture).resize((SIZE * ZOOM, SIZE * ZOOM), Image.Resampling.NEAREST)
        if paint:
            x0, y0, x1, y1 = (int(edge) * ZOOM for edge in split.box[number])
            ImageDraw.Draw(large).rectangle((x0, y0, x1 - 1, y1 - 1), outline=(255, 60, 60), width=2)
        strip.paste(large, (at * (SIZE * ZOOM + GAP), 0))
    return strip


def sheet(rows: int, seed: int) -> Image.Image:
    """Plain signs, `rows` samples of each class, masks and boxes, and two rows each of night and old style."""
    block = len(CLASSES)

    def part(split: SignsSplit, first: int) -> SignsSplit:
        rows = slice(first * block, (first + 1) * block)
        return SignsSplit(split.x[rows], split.y[rows], split.mask[rows], split.box[rows], {})

    day = generate(rows * block, seed=seed)
    night = generate(2 * block, seed=seed, factors=Factors.night())
    old = generate(2 * block, seed=seed, style="old")
    strips = [
        row(generate(block, seed=seed, factors=Factors.plain())),
        *(row(part(day, first)) for first in range(rows)),
        row(part(day, 0), paint=True),
        *(row(part(night, first)) for first in range(2)),
        row(generate(block, seed=seed, factors=Factors.plain(), style="old")),
        *(row(part(old, first)) for first in range(2)),
    ]
    whole = Image.new("RGB", (strips[0].width, sum(strip.height for strip in strips)))
    top = 0
    for strip in strips:
        whole.paste(strip, (0, top))
        top += strip.height
    return whole


def main() -> None:
    """Reads the command line and writes the sheet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path, help="where the PNG goes")
    parser.add_argument("--rows", type=int, default=4, help="samples of each class")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    sheet(arguments.rows, arguments.seed).save(arguments.path)
    print(f"{arguments.path}: columns are {', '.join(CLASSES)}")


if __name__ == "__main__":
    main()
