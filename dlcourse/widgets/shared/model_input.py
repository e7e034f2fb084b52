"""How a picture must be given to a learner's model: the scale of its pixels is said, here or by the model itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.errors import CourseError, unknown
from dlcourse.widgets.shared.resting import rests
from dlcourse.widgets.shared.traits import is_number

# for each way to say it in words: what white is, and what is then taken from every pixel and what it is divided by
_WORDS = {"0 to 1": (1.0, 0.0, 1.0), "0 to 255": (255.0, 0.0, 1.0), "-1 to 1": (255.0, 127.5, 127.5)}
_WAYS = (
    '"0 to 1" if its pixels were divided by 255 for training, "0 to 255" if they were not, "-1 to 1", '
    "a pair (mean, std) of the bytes that were standardised, or a function of a batch of bytes"
)
# what leaves each pixel its value, so that a layer behind it still stands at the front
_KEEPING = frozenset(
    """Reshape Flatten Permute ZeroPadding2D Cropping2D Resizing CenterCrop RandomCrop RandomFlip RandomRotation
    RandomTranslation RandomZoom RandomShear RandomPerspective RandomBrightness RandomContrast RandomErasing Dropout
    GaussianNoise Identity""".split()
)


@dataclass(frozen=True, eq=False)
class PixelScale:
    """What a model was trained on, made of a picture's pixels.

    A pixel from 0 to 1 is multiplied with `white`; then `mean` is taken from it and it is divided by `std`, or
    `function` makes of a batch what it will.

    >>> PixelScale(white=255.0, mean=np.array([127.5]), std=np.array([127.5]))(np.array([[0.0, 1.0]]))
    array([[-1.,  1.]], dtype=float32)
    """

    white: float = 1.0
    mean: np.ndarray | None = None  # one number, or one for each channel
    std: np.ndarray | None = None
    function: Callable[[np.ndarray], Any] | None = None

    def __call__(self, pixels: np.ndarray) -> np.ndarray:
        """What the model is given for a batch of pixels from 0 to 1, float32.

        Raises:
            CourseError: If the learner's function fails or returns something else than such a batch.
        """
        scaled = pixels * self.white
        if self.mean is not None and self.std is not None:
            scaled = (scaled - self.mean) / self.std
        if self.function is not None:
            scaled = _through(self.function, scaled.astype("float32"))
        return scaled.astype("float32")

    @property
    def affine(self) -> tuple[np.ndarray, np.ndarray] | None:
        """What the browser multiplies with and adds after `white`; None for nothing."""
        return None if self.mean is None or self.std is None else (1 / self.std, -self.mean / self.std)

    def in_words(self) -> str:
        """What the model is given, as a part of a sentence."""
        if self.function is not None:
            return "pixels as your function makes them"
        if self.mean is not None and self.std is not None:
            pairs = [", ".join(f"{number:.4g}" for number in numbers) for numbers in (self.mean, self.std)]
            return f"pixels from 0 to 255, less {pairs[0]} and divided by {pairs[1]}"
        return f"pixels from 0 to {self.white:.4g}"

    def as_code(self, pixels: str) -> str:
        """The same as Python, from an array of pixels from 0 to 1."""
        if self.function is not None:
            return f"scale({pixels} * 255)"
        if self.mean is not None and self.std is not None:
            mean, std = (numbers[0] if len(numbers) == 1 else numbers.tolist() for numbers in (self.mean, self.std))
            return f"({pixels} * 255 - {mean}) / {std}"
        return pixels if self.white == 1 else f"{pixels} * {self.white:g}"


def pixel_scale(model: Any, given: Any, channels: int, widget: str) -> PixelScale:
    """How a model wants its pixels: as the learner says, or as a layer at its front says.

    Args:
        model: A built Keras model with one input.
        given: "0 to 1", "0 to 255" or "-1 to 1"; a number that bytes were multiplied with for training, as in 1/255; a
            pair (mean, std) of bytes, each a number or one for each channel; or a function that takes a batch of bytes,
            float32, such as keras.applications.resnet_v2.preprocess_input. None for what the model itself says: a
            Rescaling or a Normalization that stands before everything else that acts in use, and fits one usual range
            alone.
        channels: How many the picture has.
        widget: Whose argument it is, for the sentence that asks for it.

    Raises:
        CourseError: If `given` cannot be used, or nobody says how.

    Example:
        >>> model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Rescaling(1 / 255)])
        >>> pixel_scale(model, None, 1, "DrawDigit").white
        255.0
    """
    if given is None:
        white = _white_by(model)
        if white is None:
            raise CourseError(
                f"What pixels was the model {model.name!r} trained on? It has no Rescaling at its front that says so: "
                f'write {widget}(model, scale="0 to 1"); or instead of that {_WAYS}.'
            )
        return PixelScale(white)
    if isinstance(given, str):
        if given not in _WORDS:
            raise unknown("scale", given, _WORDS)
        white, mean, std = _WORDS[given]
        return PixelScale(white) if std == 1 else PixelScale(white, np.array([mean]), np.array([std]))
    if is_number(given) and given > 0:
        return PixelScale(255 * float(given))
    if callable(given):
        return PixelScale(255.0, function=given)
    return PixelScale(255.0, *_mean_and_std(given, channels))


def _mean_and_std(given: Any, channels: int) -> tuple[np.ndarray, np.ndarray]:
    numbers = []
    for number in given if isinstance(given, tuple | list) and len(given) == 2 else ():
        array = np.ravel(np.asarray(number))
        if array.dtype.kind in "iuf" and array.size in (1, channels) and np.isfinite(array).all():
            numbers.append(array.astype(float))
    if len(numbers) != 2 or not (numbers[1] > 0).all():
        each = f", each a number or one for each of the {channels} channels" if channels > 1 else ""
        raise CourseError(f"`scale` must be {_WAYS}{each}; but it is {given!r:.80}.")
    mean, std = numbers
    if std.max() < 1:  # no picture is so flat in bytes
        raise CourseError(
            "`scale` must be the mean and the standard deviation of bytes, from 0 to 255, but these are of pixels from "
            f"0 to 1: write scale=({_times_255(mean)}, {_times_255(std)})."
        )
    return mean, std


def _times_255(numbers: np.ndarray) -> str:
    rounded = [float(f"{255 * number:.6g}") for number in numbers]
    return str(rounded[0] if len(rounded) == 1 else rounded)


def _through(function: Callable[[np.ndarray], Any], batch: np.ndarray) -> np.ndarray:
    shape = batch.shape
    try:
        scaled = np.asarray(function(batch), float)
    except Exception as error:
        raise CourseError(
            f"The function that you gave as `scale` fails on a batch of the shape {shape}: "
            f"{type(error).__name__}: {str(error).strip()[:200]}."
        ) from error
    if scaled.shape != shape or not np.isfinite(scaled).all():
        what = f"the shape {scaled.shape}" if scaled.shape != shape else "values that are NaN or infinite"
        raise CourseError(f"The function that you gave as `scale` makes {what} of a batch of the shape {shape}.")
    return scaled


def _white_by(model: Any) -> float | None:
    """What white is for a model that begins with a layer which says so."""
    from dlcourse.lens.graph import graph_of

    graph = graph_of(model)
    front = {id(graph.inputs[0])}
    for step in graph.steps:
        if not any(id(tensor) in front for tensor in step.inputs):
            continue
        if step.kind == "Rescaling":
            return _white_for(np.ravel(step.operation.scale), np.ravel(step.operation.offset))
        if step.kind == "Normalization" and getattr(step.operation, "mean", None) is not None:
            mean, variance = (
                np.asarray(numbers, float).ravel() for numbers in (step.operation.mean, step.operation.variance)
            )
            widest = variance.argmax()  # of pixels by themselves some never change
            std = np.sqrt(variance[widest])
            return _white_for(1 / std, -mean[widest] / std) if std > 0 and not step.operation.invert else None
        if step.kind in _KEEPING or rests(step):
            front |= {id(tensor) for tensor in step.outputs}
    return None


def _white_for(factor: Any, offset: Any) -> float | None:
    """255 or 1: for which of them a layer that computes factor · x + offset gives numbers that networks learn from.

    Bytes must come out within a span of 10 at most. Of pixels from 0 to 1 a layer has reason to make only more, around
    zero: their standard deviation is a half at most, so that to standardise them stretches them by 2 or more.
    """
    least, most = np.min(np.abs(factor)), np.max(np.abs(factor))
    if 255 * least >= 0.5 and 255 * most <= 10:
        return 255.0
    ends = np.broadcast_arrays(offset, offset + factor)
    around_zero = (np.minimum(*ends) <= 0).all() and (np.maximum(*ends) >= 0).all()
    return 1.0 if least >= 2 and most <= 10 and around_zero else None
