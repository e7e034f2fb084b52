"""Style transfer: a picture with the content of one and the style of another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from keras import ops

from dlcourse.errors import CourseError
from dlcourse.lens.dreaming import checked_range, checked_steps, first_picture
from dlcourse.lens.forward import Forward, channel_axis, forward_of, positions
from dlcourse.lens.gradients import compiled, value_and_gradient
from dlcourse.lens.kept import kept
from dlcourse.lens.smoothness import total_variation


@dataclass(frozen=True, eq=False)
class StyleTransfer:
    """The picture, and how its losses went: before each step, and after the last."""

    picture: np.ndarray
    content_losses: np.ndarray  # mean square of what the content layers say differently, as a part of what they say
    style_losses: np.ndarray  # the same of the Gram matrices, in the mean over the style layers


def style_transfer(
    model: Any,
    content: Any,
    style: Any,
    content_layers: Sequence[Any],
    style_layers: Sequence[Any],
    start: Any = None,
    steps: int = 100,
    rate: float = 0.02,
    content_weight: float = 1.0,
    style_weight: float = 10.0,
    smoothness: float = 1.0,
    bounds: tuple[float, float] = (0.0, 1.0),
    progress: Callable[[int, np.ndarray], None] | None = None,
) -> StyleTransfer:
    """Change a picture until a network sees the content of one picture and the style of another in it.

    Content is what a deep layer puts out. Style is which channels of a layer answer together, wherever: their products,
    averaged over the places (Gram matrix). Both losses are relative to the content's and the style's own values, so the
    weights mean the same for every network. Steps are Adam's. Gatys, Ecker and Bethge, CVPR 2016.

    Args:
        model: A built Keras model with one picture as input, whose layers say something about pictures.
        content: One picture, without or with a batch axis of 1.
        style: Another one of the same size.
        content_layers: Layers, deep ones, by name, position or themselves.
        style_layers: Layers from shallow to deep.
        start: A picture to begin with; None for the content.
        steps: Steps to take.
        rate: The size of a step, in the picture's units.
        content_weight: Weight of the content's loss.
        style_weight: Weight of the style's loss.
        smoothness: Weight of the mean square from pixel to pixel.
        bounds: The least and the greatest value of a pixel.
        progress: Called after each step with its number, from 1 on, and the picture.

    Returns:
        The picture, without a batch axis, and both losses.

    Raises:
        CourseError: If an argument does not fit; the sentence names the mend.

    Example:
        >>> style_transfer(model, china, canvas, ["block4"], ["block1", "block2", "block3"]).style_losses[[0, -1]]
        array([1.92, 0.21])
    """
    low, high = checked_range(bounds)
    checked_steps(steps, rate)
    draws = np.random.default_rng(0)  # nothing is drawn where pictures are given
    contents, styles = (
        _given(model, image, name, (low, high)) for image, name in ((content, "content"), (style, "style"))
    )
    picture = contents if start is None else first_picture(model, start, (low, high), draws)
    for name, image in (("style", styles), ("start", picture)):
        if image.shape != contents.shape:
            raise CourseError(
                f"`content` has the shape {contents.shape[1:]} but `{name}` {image.shape[1:]}: give both the same size."
            )
    forward = forward_of(model, contents.shape, "score")
    names = _names(forward, model, "content_layers", content_layers)
    textures = _names(forward, model, "style_layers", style_layers)
    weights = np.array([content_weight, style_weight, smoothness], "float32")
    if not (np.isfinite(weights).all() and weights.min() >= 0):
        raise CourseError(f"Weights must be finite and not below 0, but they are {weights.tolist()}.")
    goals, look = _descent(model, forward, names, textures)
    aims = goals(forward.state(), contents, styles)
    first, second = np.zeros_like(picture), np.zeros_like(picture)
    losses = []
    for step in range(1, steps + 1):
        *step_losses, slope = (ops.convert_to_numpy(tensor) for tensor in look(forward.state(), picture, aims, weights))
        losses.append(step_losses)
        first = 0.9 * first + 0.1 * slope
        second = 0.999 * second + 0.001 * slope**2
        direction = (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        picture = np.clip(picture - rate * direction, low, high).astype("float32")
        if progress is not None:
            progress(step, picture[0])
    losses.append([ops.convert_to_numpy(tensor) for tensor in look(forward.state(), picture, aims, weights)[:2]])
    contents_lost, styles_lost = np.array(losses, float).T
    return StyleTransfer(picture[0], contents_lost, styles_lost)


def gram(output: Any) -> Any:
    """Which channels answer together: the mean over the places of their products, for each example.

    Args:
        output: A layer's output with places.

    Returns:
        An array (examples, channels, channels).

    Example:
        >>> np.asarray(gram(np.array([[[1.0, 2.0], [3.0, 0.0]]])))
        array([[[5., 1.],
                [1., 2.]]])
    """
    axis = channel_axis(output.shape)
    flat = ops.reshape(ops.moveaxis(output, axis, -1), (output.shape[0], -1, output.shape[axis]))
    return ops.matmul(ops.transpose(flat, (0, 2, 1)), flat) / flat.shape[1]


def _descent(model: Any, forward: Forward, names: tuple[str, ...], textures: tuple[str, ...]) -> tuple:
    def make() -> tuple[Callable, Callable]:
        @compiled
        def goals(state: list, content: Any, style: Any) -> tuple[list, list]:
            at_content, at_style = forward(state, content).layers, forward(state, style).layers
            return [at_content[name] for name in names], [gram(at_style[name]) for name in textures]

        @compiled
        def look(state: list, picture: Any, aims: tuple[list, list], weights: Any) -> Any:
            def of(x: Any) -> tuple[Any, Any]:
                layers = forward(state, x).layers
                contents = _mean([_apart(layers[name], aim) for name, aim in zip(names, aims[0], strict=True)])
                styles = _mean([_apart(gram(layers[name]), aim) for name, aim in zip(textures, aims[1], strict=True)])
                rough = total_variation(x)
                return weights[0] * contents + weights[1] * styles + weights[2] * rough, (contents, styles)

            _, (contents, styles), slope = value_and_gradient(of, picture)
            return contents, styles, slope

        return goals, look

    return kept(model, ("style", forward.input_shape, names, textures), make)


def _apart(values: Any, aim: Any) -> Any:
    """The mean square of the difference as a part of the aim's; as it is where the aim is zero."""
    values, aim = ops.cast(values, "float32"), ops.cast(aim, "float32")
    size = ops.mean(aim**2)
    return ops.mean((values - aim) ** 2) / ops.where(size > 0, size, ops.ones_like(size))


def _mean(losses: list) -> Any:
    return sum(losses[1:], losses[0]) / len(losses)


def _given(model: Any, picture: Any, name: str, bounds: tuple[float, float]) -> np.ndarray:
    if picture is None:
        raise CourseError(f"`{name}` must be a picture, but it is None.")
    return first_picture(model, picture, bounds, np.random.default_rng(0))


def _names(forward: Forward, model: Any, argument: str, layers: Any) -> tuple[str, ...]:
    if isinstance(layers, str) or not isinstance(layers, Sequence) or not layers:
        raise CourseError(f"`{argument}` must be a list of at least one layer, but it is {layers!r}.")
    names = tuple(forward.name_of(model, layer) for layer in layers)
    for name in names:
        if positions(forward.steps[name].outputs[0].shape) == 1:
            raise CourseError(f"The layer {name!r} has no places: take a convolution or a pooling before it.")
    return names
