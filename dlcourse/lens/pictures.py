"""The picture of each lens' result. Nothing is computed here but colours; every function returns a figure.

The figures are their own: they do not stand in pyplot's list, so a notebook shows one once, as the value of its cell.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable

from dlcourse.errors import CourseError
from dlcourse.lens.canvas import COLOURS, Picture, bar, drawn, grid_of, pictures_of, rgb, scale_of, show
from dlcourse.lens.flow import LayerFlow
from dlcourse.lens.fooling import Adversarial
from dlcourse.lens.mistakes import Confusion
from dlcourse.lens.surfaces import DecisionSurface, LossSurface
from dlcourse.lens.table import Table


@drawn
def draw_flow(flow: Table[LayerFlow]) -> Picture:
    """Spread of the signal on its way forward, of the gradient on its way back, and dead units, layer by layer."""
    names, places = [row.name for row in flow], np.arange(len(flow))
    figure = Picture(max(6.0, 0.35 * len(flow) + 2.5), 6.5)
    forward, back, dead = figure.subplots(3, 1, sharex=True, height_ratios=(3, 3, 1.5))
    _logarithmic(forward, places, [row.spread for row in flow], "output →", COLOURS[0], "o-")
    _logarithmic(back, places, [row.back_spread for row in flow], "gradient by the output ←", COLOURS[5], "s-")
    _logarithmic(back, places, [row.gradient for row in flow], "gradient by the weights", COLOURS[2], "^--")
    forward.set_ylabel("spread")
    back.set_ylabel("spread, length")
    dead.bar(places, [100 * row.dead for row in flow], color=COLOURS[6], width=0.6)
    dead.set_ylabel("dead units (%)")
    dead.set_ylim(0, 100)
    for axes in (forward, back):
        axes.legend(fontsize=8)
    dead.set_xticks(places, names, rotation=60 if len(flow) > 6 else 0, ha="right" if len(flow) > 6 else "center")
    return figure


@drawn
def draw_maps(maps: Any, titles: Sequence[str] | None = None, signed: bool | None = None, most: int = 32) -> Picture:
    """Maps (count, rows, columns) side by side in one scale: feature maps, Grad-CAM, occlusion.

    Maps with both signs get a scale around zero, unless `signed` decides. No more than `most` are drawn.
    """
    array = np.asarray(maps, float)
    if array.ndim != 3 or not len(array):
        raise CourseError(f"Maps must have the shape (count, rows, columns), but theirs is {array.shape}.")
    maps_drawn = array[:most]
    figure, grid = grid_of(len(maps_drawn), maps_drawn.shape[1] / maps_drawn.shape[2])
    scale = scale_of(maps_drawn, signed)
    for number, (axes, values) in enumerate(zip(grid, maps_drawn, strict=True)):
        axes.imshow(values, **scale)
        axes.set_title(str(number) if titles is None else titles[number], fontsize=8)
    if len(array) > len(maps_drawn):
        figure.suptitle(f"the first {len(maps_drawn)} of {len(array)}", fontsize=9)
    bar(figure, scale, grid)
    return figure


@drawn
def draw_pictures(pictures: Any, titles: Sequence[str] | None = None, bounds: tuple[float, float] = (0, 1)) -> Picture:
    """Pictures (count, rows, columns, channels) side by side in their own colours: dreams, transfers, examples."""
    array = pictures_of(pictures)
    figure, grid = grid_of(len(array), array.shape[1] / array.shape[2])
    for number, (axes, picture) in enumerate(zip(grid, array, strict=True)):
        show(axes, picture, bounds)
        if titles is not None:
            axes.set_title(titles[number], fontsize=8)
    return figure


@drawn
def draw_over(pictures: Any, maps: Any, titles: Sequence[str] | None = None, strength: float = 0.6) -> Picture:
    """Pictures and, under each, the same in grey with its map spread over it: saliency, Grad-CAM, occlusion.

    Maps are (count, rows, columns) of any size, or gradients in the pictures' shape, of which the largest absolute
    value among the channels is shown. Each map has its own scale, that of the legend being from least to most.
    """
    array, values = pictures_of(pictures), np.asarray(maps, float)
    if values.shape == array.shape:
        values = np.abs(values).max(axis=-1)
    if values.ndim != 3 or len(values) != len(array):
        raise CourseError(f"There are {len(array)} pictures, but the maps' shape is {values.shape}: give one for each.")
    height, width = array.shape[1:3]
    count = len(array)
    figure = Picture(max(3.5, 1.8 * count + 0.8), 0.4 + 2 * min(1.8 * height / width, 4))
    grid = figure.subplots(2, count, squeeze=False)
    for column, (picture, overlay) in enumerate(zip(array, values, strict=True)):
        above, below = grid[:, column]
        show(above, picture, (0, 1))
        below.imshow(picture.mean(axis=-1), cmap="gray", vmin=0, vmax=1, extent=(0, width, height, 0))
        scale = scale_of(overlay, None)
        smooth = "nearest" if overlay.shape == (height, width) else "bilinear"
        below.imshow(overlay, alpha=strength, extent=(0, width, height, 0), interpolation=smooth, **scale)
        for axes in (above, below):
            axes.set_axis_off()
        if titles is not None:
            above.set_title(titles[column], fontsize=8)
        norm = scale["norm"]
        colour_bar = figure.colorbar(ScalarMappable(norm, scale["cmap"]), ax=below, location="bottom", shrink=0.8)
        colour_bar.set_ticks([norm.vmin, norm.vmax], labels=[f"{norm.vmin:.2g}", f"{norm.vmax:.2g}"])
        colour_bar.ax.tick_params(labelsize=7)
    return figure


@drawn
def draw_adversarial(found: Adversarial, classes: Sequence[str] | None = None, most: int = 5) -> Picture:
    """Examples, what was added (its scale has grey at zero), and what came out, with the model's answers."""
    before, change, after = (pictures_of(images[:most]) for images in (found.examples, found.change, found.changed))
    figure = Picture(1.7 * len(before) + 0.6, 5.6)
    grid = figure.subplots(3, len(before), squeeze=False)
    largest = np.abs(change).max() or 1.0
    for column in range(len(before)):
        for axes, images in zip(grid[:, column], (before, 0.5 + change / (2 * largest), after), strict=True):
            show(axes, images[column], (0, 1))
        grid[0, column].set_title(_answer(found.before[column], classes), fontsize=8)
        grid[1, column].set_title(f"± {largest:.2g}", fontsize=8)
        grid[2, column].set_title(_answer(found.after[column], classes), fontsize=8)
    return figure


@drawn
def draw_loss_surface(surface: LossSurface) -> Picture:
    """The losses as lines of equal height, logarithmic where they span more than a factor of 20."""
    values = surface.losses
    finite = values[np.isfinite(values)]
    wide = len(finite) and finite.min() > 0 and finite.max() > 20 * finite.min()
    heights = np.ma.masked_invalid(np.log10(values) if wide else values)
    figure = Picture(5.2, 4.2)
    axes = figure.subplots()
    if len(finite) and finite.max() > finite.min():
        filled: Any = axes.contourf(surface.across, surface.up, heights, levels=24, cmap="cividis")
        axes.contour(surface.across, surface.up, heights, levels=12, colors="white", linewidths=0.4, linestyles="solid")
    else:
        filled = axes.pcolormesh(surface.across, surface.up, heights, cmap="cividis", shading="nearest")
    figure.colorbar(filled, ax=axes, label="log₁₀ of the loss" if wide else "loss")
    axes.plot(0, 0, "o", color=COLOURS[5], markeredgecolor="white")
    axes.annotate("the network", (0, 0), (6, 6), textcoords="offset points", color="white", fontsize=8)
    axes.set_xlabel("first direction")
    axes.set_ylabel("second direction")
    axes.set_aspect("equal")
    return figure


@drawn
def draw_decision(
    surface: DecisionSurface, x: Any = None, y: Any = None, classes: Sequence[str] | None = None
) -> Picture:
    """The class of every point in its colour, stronger where the network is surer, with examples where given."""
    outputs = surface.outputs
    two = np.concatenate([1 - outputs, outputs], axis=-1) if outputs.shape[-1] == 1 else outputs
    colours = np.array([rgb(COLOURS[unit % len(COLOURS)]) for unit in range(two.shape[-1])])
    sure = np.nan_to_num(np.clip(two.max(axis=-1), 0, 1))[..., None]
    paint = np.concatenate([colours[surface.classes], 0.15 + 0.5 * sure], axis=-1)  # the page shows through
    figure = Picture(5, 4.4)
    axes = figure.subplots()
    edges = (surface.x[0], surface.x[-1], surface.y[0], surface.y[-1])
    axes.imshow(paint, extent=edges, origin="lower", aspect="auto", interpolation="bilinear")
    if x is not None:
        points = np.asarray(x, float)
        labels: np.ndarray = np.zeros(len(points), int) if y is None else np.asarray(y).reshape(len(points), -1)
        if labels.ndim == 2:
            labels = labels.argmax(axis=1) if labels.shape[1:] != (1,) else labels[:, 0]
        for label, marker in zip(np.unique(labels), "osD^vP*X" * 9, strict=False):
            members = points[labels == label]
            name = f"class {label:g}" if classes is None else classes[int(label)]
            colour = COLOURS[6] if y is None else COLOURS[int(label) % len(COLOURS)]
            axes.scatter(
                members[:, 0],
                members[:, 1],
                s=22,
                color=colour,
                marker=marker,
                edgecolors="white",
                linewidths=0.6,
                label=name,
            )
        if y is not None:
            figure.legend(loc="outside right upper", fontsize=8)
    axes.set_xlim(edges[:2])
    axes.set_ylim(edges[2:])
    axes.set_xlabel("first input")
    axes.set_ylabel("second input")
    return figure


@drawn
def draw_confusion(found: Confusion) -> Picture:
    """The counts, each row in shares of its class, so that rare classes are seen too."""
    counts = found.counts
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = max(3.5, 0.45 * len(counts) + 1.6)
    figure = Picture(side + 0.8, side)
    axes = figure.subplots()
    image = axes.imshow(shares, cmap="cividis", vmin=0, vmax=1)
    if len(counts) <= 25:
        for (row, column), count in np.ndenumerate(counts):
            if count:
                dark = shares[row, column] < 0.5
                axes.text(column, row, count, ha="center", va="center", fontsize=8, color="white" if dark else "black")
    places = range(len(counts))
    turned = max(map(len, found.classes)) > 2
    axes.set_xticks(places, found.classes, rotation=60 if turned else 0, ha="right" if turned else "center")
    axes.set_yticks(places, found.classes)
    axes.set_xlabel("predicted")
    axes.set_ylabel("true")
    axes.set_title(f"{found.accuracy:.1%} right", fontsize=10)
    figure.colorbar(image, ax=axes, label="share of the true class")
    return figure


def _logarithmic(axes: Axes, places: np.ndarray, values: Sequence, label: str, colour: str, style: str) -> None:
    """A line on a logarithmic axis; zeros, NaN and what is missing leave gaps."""
    numbers = np.array([np.nan if value is None else value for value in values], float)
    numbers[~(numbers > 0)] = np.nan
    if np.isfinite(numbers).any():
        axes.plot(places, numbers, style, color=colour, label=label, markersize=4)
        axes.set_yscale("log")
        low, high = axes.get_ylim()
        if high < 10 * low:  # a change within one power of ten shall not look like a drama
            middle = np.sqrt(low * high)
            axes.set_ylim(middle / np.sqrt(10), middle * np.sqrt(10))
    else:
        axes.plot(places, np.zeros(len(places)), style, color=colour, label=f"{label} (nothing)", markersize=4)
    axes.grid(axis="y")


def _answer(output: np.ndarray, classes: Sequence[str] | None) -> str:
    share = output if output.size > 1 else np.array([1 - output.item(), output.item()])
    unit = int(share.argmax())
    return f"{unit if classes is None else classes[unit]} ({share[unit]:.2f})"
