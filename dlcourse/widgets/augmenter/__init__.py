"""`Augmenter`: randomly changed copies of pictures, and the question whether they keep their label."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from traitlets import Dict, List

from dlcourse.errors import CourseError
from dlcourse.widgets.augmenter.augmenting import copies
from dlcourse.widgets.augmenter.labels import WAYS, ways_of
from dlcourse.widgets.shared.picture_input import Picture, from_browser, picture, to_browser
from dlcourse.widgets.shared.still import Sheet
from dlcourse.widgets.shared.traits import Checked, is_number, one_of, whole, yes_or_no
from dlcourse.widgets.shared.widget import Widget, browser_files

_MOST = 6  # pictures, a row each
_LONGEST = 72  # pixels: a gallery of them is changed anew in a few milliseconds
_COPIES = 4  # with four pictures sixteen: as many as can be made anew within a frame
_FILLS = ("constant", "nearest", "reflect")
_SHOWN = ("turn left", "pedestrians", "limit 50")  # of the signs, and after them a digit

# for each amount, the most it may be and the step of its slider
_AMOUNTS = {
    "rotation": (180, 1),
    "shift_x": (0.5, 0.01),
    "shift_y": (0.5, 0.01),
    "zoom": (0.8, 0.01),
    "shear": (0.5, 0.01),
    "brightness": (1, 0.01),
    "contrast": (1, 0.01),
    "noise": (0.5, 0.01),
    "cutout": (0.5, 0.01),
    "strength": (1, 0.01),
}


def _amount(name: str) -> Any:
    most, _ = _AMOUNTS[name]

    def check(value: Any) -> float:
        if not is_number(value) or not 0 <= value <= most:
            raise CourseError(f"`{name}` must be a number from 0 to {most:g}, but it is {value!r}.")
        return float(value)

    return Checked(check, 0.0).tag(sync=True)


def _pictures(value: Any) -> list[Picture]:
    """A few small pictures."""
    if isinstance(value, str | Picture) or getattr(value, "ndim", 0) in (2, 3):
        value = [value]
    try:
        images = list(value)
    except TypeError:
        raise CourseError(
            f"`images` must be a picture or a list of pictures, but it is of type {type(value).__name__}."
        ) from None
    if not images:
        raise CourseError("`images` is empty: give at least one picture, as in images=x[:4].")
    return [_small(picture(image)) for image in images[:_MOST]]


def _small(image: Picture) -> Picture:
    height, width, channels = image.pixels.shape
    share = _LONGEST / max(height, width)
    if share >= 1:
        return image
    size = (max(1, round(width * share)), max(1, round(height * share)))
    full = Image.fromarray(image.pixels if channels == 3 else image.pixels[:, :, 0])
    pixels = np.asarray(full.resize(size, Image.Resampling.LANCZOS)).reshape(size[1], size[0], channels)
    return Picture(pixels, image.name)


def _words(value: Any) -> list[str]:
    """The labels' names."""
    if isinstance(value, str) or not isinstance(value, Sequence | np.ndarray):
        raise CourseError(
            f'`labels` must be a list of names, one for each picture, as in ["6", "9"], not {value!r:.60}.'
        )
    return [str(name) for name in value]


@cache
def _default() -> tuple[list[Picture], list[str]]:
    """Three road signs and a digit."""
    from dlcourse.data import load
    from dlcourse.data.signs import CLASSES, Factors, generate

    signs = generate(len(CLASSES), seed=3, factors=Factors.plain())
    order = [int(np.flatnonzero(signs.y == CLASSES.index(name))[0]) for name in _SHOWN]
    digits = load("mnist").test
    six = digits.x[digits.y == 6][1]
    return [picture(image) for image in [*signs.x[order], six]], [*_SHOWN, "6"]


class Augmenter(Widget):
    """Randomly changed copies of pictures: what a network sees when its training pictures are augmented.

    Each amount is the most that a copy is changed by, as Keras' layers define it: every copy draws its own share, to
    both sides. Everything answers in the browser. All arguments but `layers` are traits.

    Args:
        images: Pictures, at most six are shown: an array n × height × width × channels, or a list (each as in
            `dlcourse.widgets.picture`). Default: three road signs and a handwritten six.
        layers: Keras layers of your own instead of the sliders: a layer, a `Sequential`, or a list of layers. Their
            copies are computed in Python, from values from 0 to 255.
        labels: A name for each picture. For the road signs' classes and for digits the board knows which changes keep
            the label.
        rotation: Degrees, to 180. RandomRotation counts in turns: 18 degrees are a factor of 0.05.
        shift_x: Share of the width, to 0.5.
        shift_y: Share of the height, to 0.5.
        zoom: To 0.8: with 0.2 things are shown between 20 % nearer and 20 % farther away.
        shear: To 0.5: how far a line leans, in pixels to the side for each one down.
        flip_horizontal: Whether every second copy is mirrored left to right.
        flip_vertical: Whether every second copy is mirrored top to bottom.
        brightness: To 1: added to or taken from every value.
        contrast: To 1: how much the distances from the mean are stretched or shrunk.
        noise: The standard deviation of noise, to 0.5; black is 0 and white is 1.
        cutout: The share of the picture that a black square covers, to 0.5.
        fill: What comes in from beyond the edge: "constant" (black), "nearest" or "reflect".
        strength: What all amounts are multiplied by, 0 to 1.
        seed: Which throw of the dice, from 0 on; the same seed gives the same copies.

    Raises:
        CourseError: If an argument cannot be used, with the mend.

    Example:
        >>> Augmenter(rotation=15, shift_x=0.1, flip_horizontal=False)
    """

    _esm, _css = browser_files(
        Path(__file__).parent,
        {"amounts": _AMOUNTS, "fills": _FILLS, "copies": _COPIES, "ways": WAYS},
    )
    _settings = (
        *"images labels rotation shift_x shift_y zoom shear flip_horizontal flip_vertical".split(),
        *"brightness contrast noise cutout fill strength seed chosen".split(),
    )

    # what is changed
    images = Checked(_pictures, None, allow_none=True).tag(
        sync=True,
        echo_update=False,
        to_json=lambda images, _: [to_browser(image) for image in images or []],
        from_json=lambda sent, _: [from_browser(image) for image in sent],
    )
    labels = Checked(_words, []).tag(sync=True)
    # how much, at most
    rotation = _amount("rotation")
    shift_x = _amount("shift_x")
    shift_y = _amount("shift_y")
    zoom = _amount("zoom")
    shear = _amount("shear")
    flip_horizontal = Checked(yes_or_no("flip_horizontal"), False).tag(sync=True)
    flip_vertical = Checked(yes_or_no("flip_vertical"), False).tag(sync=True)
    brightness = _amount("brightness")
    contrast = _amount("contrast")
    noise = _amount("noise")
    cutout = _amount("cutout")
    fill = Checked(one_of("fill", _FILLS), "reflect").tag(sync=True)
    strength = _amount("strength")
    seed = Checked(whole("seed", 0, 2**31 - 1), 0).tag(sync=True)
    # which copy is asked about: a row, and a column counted from 1; [0, 0] for none
    chosen: List = List([0, 0]).tag(sync=True)
    # for each label what it becomes in which way; and the copies that a learner's own layers made
    _ways = Dict().tag(sync=True)
    _own = Dict().tag(sync=True)

    def __init__(self, images: Any = None, layers: Any = None, labels: Any = None, **settings: Any) -> None:
        """See the class; the arguments are checked."""
        self._refuse_unknown(settings, "layers")
        if images is None:
            images, default_labels = _default()
            labels = default_labels if labels is None else labels
        defaults = {"rotation": 15, "shift_x": 0.08, "shift_y": 0.08, "zoom": 0.15, "brightness": 0.15, "contrast": 0.2}
        defaults |= {"flip_horizontal": True, "strength": 1}
        super().__init__(**(defaults | settings), images=images, labels=[] if labels is None else labels)
        if labels is not None and len(self.labels) < len(self.images):
            raise CourseError(
                f"There are {len(self.images)} pictures but {len(self.labels)} labels: give one for each picture."
            )
        self._layers = _checked_layers(layers)
        self._throws = 0
        self.on_msg(self._heard)
        self._look_up()
        self.observe(lambda _: self._look_up(), "labels")
        if self._layers:
            self.more()
            self.observe(lambda _: self.more(), "images")
        self._remember_start()

    def more(self) -> None:
        """Copies anew by the layers that were given.

        Raises:
            CourseError: If there are none, or what they make is no picture.

        Example:
            >>> Augmenter("cat", layers=keras.layers.RandomHue(0.2, value_range=(0, 255))).more()
        """
        if not self._layers:
            raise CourseError("There are no layers: the copies come from the sliders. Give Augmenter(layers=...).")
        self._throws += 1
        rows = [
            [to_browser(Picture(pixels, "a copy")) for pixels in _through(self._layers, image)] for image in self.images
        ]
        names = ", ".join(layer.name for layer in self._layers)
        self._own = {"throw": self._throws, "rows": rows, "names": names}

    def _look_up(self) -> None:
        self._ways = {name: ways for name in self.labels if (ways := ways_of(name))}

    def _heard(self, _: Any, content: dict[str, Any], __: Any) -> None:
        if content.get("do") == "more":
            self.more()

    def _look(self) -> list[list[np.ndarray]]:
        """The copies of each picture."""
        if self._layers:
            return [[from_browser(copy).pixels for copy in row] for row in self._own["rows"]]
        return [copies(image.pixels, self, row, _COPIES) for row, image in enumerate(self.images)]

    def _in_words(self, look: list[list[np.ndarray]]) -> str:
        names = ", ".join(self.labels) or ", ".join(image.name for image in self.images)
        if self._layers:
            return f"Augmenter: copies of {len(look)} pictures ({names}) by {self._own['names']}."
        amounts = [f"{name.replace('_', ' ')} {getattr(self, name):g}" for name in _AMOUNTS if getattr(self, name)]
        amounts += [name.replace("_", " ") for name in ("flip_horizontal", "flip_vertical") if getattr(self, name)]
        return (
            f"Augmenter: {_COPIES} random copies each of {len(look)} pictures ({names}); "
            f"at most: {', '.join(amounts)}; fill {self.fill}; seed {self.seed}."
        )

    def _still(self, look: list[list[np.ndarray]]) -> Sheet:
        """The pictures, each with some copies."""
        side, left = 84, 12
        sheet = Sheet(left + 24 + (side + 8) * (_COPIES + 1), 40 + (side + 26) * len(self.images))
        sheet.text((left, 22), "original")
        sheet.text((left + side + 32, 22), "copies, each changed at random")
        for row, (image, its_copies) in enumerate(zip(self.images, look, strict=True)):
            y = 36 + row * (side + 26)
            zoom = side / max(image.pixels.shape[:2])
            for column, pixels in enumerate([image.pixels, *its_copies]):
                colours = np.repeat(pixels, 3 // pixels.shape[2], axis=2)
                at = (left + column * (side + 8) + (16 if column else 0), y)
                sheet.pixels(at, colours, zoom * image.pixels.shape[0] / pixels.shape[0])
            sheet.window((left, y), (zoom * image.pixels.shape[1], zoom * image.pixels.shape[0]))
            if row < len(self.labels):
                sheet.note((left, y + side + 15), self.labels[row])
        return sheet


def _checked_layers(layers: Any) -> list[Any]:
    """Keras layers, or nothing."""
    if layers is None:
        return []
    import keras

    given = list(layers) if isinstance(layers, list | tuple) else [layers]
    for layer in given:
        if not isinstance(layer, keras.Layer):
            raise CourseError(
                "`layers` must be a Keras layer, a Sequential or a list of layers, as in "
                f"[keras.layers.RandomFlip()], but it holds something of type {type(layer).__name__}."
            )
    return given


def _through(layers: list[Any], image: Picture) -> list[np.ndarray]:
    """Copies of a picture that went through the layers, as bytes."""
    import keras

    batch: Any = np.repeat(image.pixels[None].astype("float32"), _COPIES, axis=0)
    for layer in layers:
        try:
            batch = layer(batch, training=True)
        except (TypeError, ValueError) as error:
            first = str(error).strip().split("\n")[0]
            raise CourseError(
                f"The layer {layer.name!r} does not take a picture of {image.pixels.shape}: {first:.200}"
            ) from error
    batch = np.asarray(keras.ops.convert_to_numpy(batch), float)
    if batch.ndim != 4 or len(batch) != _COPIES or batch.shape[3] not in (1, 3):
        raise CourseError(
            f"What the layers make has the shape {batch.shape}, which is no pictures: leave out layers such as Flatten."
        )
    if not np.isfinite(batch).all():
        raise CourseError("What the layers make holds values that are NaN or infinite.")
    if batch.min() >= 0 and batch.max() <= 1 and image.pixels.max() > 1:
        batch = batch * 255  # a Rescaling is among the layers
    return list(np.rint(batch).clip(0, 255).astype(np.uint8))
