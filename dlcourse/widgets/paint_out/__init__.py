"""`PaintOut`: parts of a picture painted away, blurred or replaced, and what a network then takes it for."""

import time
from pathlib import Path
from typing import Any

import numpy as np
from traitlets import Dict, observe, validate

from dlcourse.data.photos import photo
from dlcourse.errors import CourseError
from dlcourse.lens.painting import blur_reach, blurred, brush_mask, moved_part, painted_over
from dlcourse.widgets.paint_out.example import Example, example_picture
from dlcourse.widgets.paint_out.look import BARS, Look
from dlcourse.widgets.paint_out.network import Network
from dlcourse.widgets.paint_out.still import painted_still
from dlcourse.widgets.paint_out.words import ATTRIBUTION_NAMES, painted_words
from dlcourse.widgets.shared.picture_form import fitted
from dlcourse.widgets.shared.picture_input import Picture, from_browser, picture_bytes, to_browser
from dlcourse.widgets.shared.still import Sheet
from dlcourse.widgets.shared.traits import Checked, is_number, one_of
from dlcourse.widgets.shared.widget import Widget, browser_files

BASELINES = ("blur", "grey", "paste")
GREY = 128
_LONGEST = 512  # pixels of an uploaded picture, before it is cut for the network
_BRUSH = 6  # the shorter side of a picture over the brush that it begins with


class PaintOut(Widget):
    """Paint away a part of a picture, blur it, or paste another one over it: the network's answers follow the brush.

    A small network runs in the browser. Any other is asked in Python by one compiled call, the newest picture as soon
    as the one before is answered, so that nothing queues up. Attributions lie over the picture as layers that fade in:
    they are computed when they are first asked for, of the original or of the picture as it is painted. All from
    `image` on are traits.

    Args:
        model: A built Keras model that tells classes of pictures apart: Sequential, Functional or nested, as a head on
            a pre-trained base. None for a small one that tells digits apart.
        image: The picture: a photograph's name or an array, in bytes or from 0 to 1. Its middle is cut to the
            proportions of the model's input and scaled; `dlcourse.nets.prepare(photo)` is taken as it is.
        classes: What the outputs are called; None for 0, 1, 2, ...
        label: The class that is asked about, by name or number. None for what the model takes the picture for.
        baseline: What the brush leaves: "blur", "grey", or "paste" for a part of `other`.
        layer: The layer of Grad-CAM, by name, position or itself; None for the last one whose output has places.
        targets: Classes that always have a bar, by name or number.
        scale: What pixels the model was trained on: "0 to 1", "0 to 255", "-1 to 1", a number that bytes were
            multiplied with, a pair (mean, std) of the bytes, or a function of a batch of bytes. Only a model with a
            Rescaling or a Normalization at its front needs none.
        other: The picture that "paste" takes from; None for another place of the same picture.
        source: Which place of it, as row and column. Each stroke begins there.
        brush: How wide the brush is, in pixels of the model's input.
        attribution: Which layer lies over the picture: "none", "saliency", "integrated_gradients", "grad_cam" or
            "occlusion".
        attributed: Of which picture: "original" or "painted".
        fade: How strongly the layer is seen, 0 to 1.

    Raises:
        CourseError: If an argument cannot be used, with the mend.

    Example:
        >>> widget = PaintOut(model, x_test[0], scale="0 to 1", attribution="saliency")
        >>> widget.paint([(6, 9), (14, 20)], radius=3)
        >>> widget.painted.shape, widget.probabilities.shape
        ((28, 28, 1), (10,))
    """

    _esm, _css = browser_files(
        Path(__file__).parent,
        {"baselines": BASELINES, "attributions": ATTRIBUTION_NAMES, "grey": GREY, "longest": _LONGEST, "bars": BARS},
    )
    _settings = tuple("image label baseline other source brush attribution attributed fade".split())

    # what is painted on, and what is asked about it
    image = Checked(lambda value: _picture(value), None, allow_none=True).tag(
        sync=True, echo_update=False, to_json=to_browser, from_json=from_browser
    )
    label = Checked(lambda value: _label(value), None, allow_none=True).tag(sync=True)
    # the brush
    baseline = Checked(one_of("baseline", BASELINES), "blur").tag(sync=True)
    brush = Checked(lambda value: _width(value), 8.0).tag(sync=True)
    other = Checked(lambda value: None if value is None else _picture(value), None, allow_none=True).tag(
        sync=True,
        echo_update=False,
        to_json=lambda image, _: image and to_browser(image),
        from_json=lambda sent, _: sent and from_browser(sent),
    )
    source = Checked(lambda value: _place(value), (0, 0)).tag(sync=True)
    # the layer over the picture
    attribution = Checked(one_of("attribution", tuple(ATTRIBUTION_NAMES)), "none").tag(sync=True)
    attributed = Checked(one_of("attributed", ("original", "painted")), "original").tag(sync=True)
    fade = Checked(lambda value: _share(value), 0.7).tag(sync=True)
    # the network: how it is asked, and all of it where the browser runs it
    _model = Dict().tag(sync=True)
    # the picture as painted, under a number that grows with every change; without bytes it is the original
    _painted: Dict = Dict({"number": 0}).tag(sync=True, echo_update=False)
    # what the browser wants to know, numbered, and the answer to it: there is never more than one question open
    _asked = Dict({"number": 0, "layer": ""}).tag(sync=True, echo_update=False)
    _answer = Dict({"number": 0}).tag(sync=True)
    # the attributions so far
    _layers = Dict().tag(sync=True)

    def __init__(
        self,
        model: Any = None,
        image: Any = None,
        classes: Any = None,
        label: Any = None,
        baseline: str = "blur",
        layer: Any = None,
        targets: Any = None,
        scale: Any = None,
        **settings: Any,
    ) -> None:
        """See the class."""
        self._refuse_unknown(settings, "model", "classes", "layer", "targets", "scale")
        given = {"classes": classes, "layer": layer, "targets": targets, "scale": scale}
        if model is None:
            self._refuse_without_model(given)
            image = example_picture() if image is None else image
        if image is None:
            raise CourseError('PaintOut needs a picture: give image=x_test[0], or a photograph\'s name such as "cat".')
        shown = _picture(image)
        self._from_browser = False
        if model is None:
            self._network: Network = Example()
        else:
            self._network = Network(model, classes, scale, targets, layer, shown.pixels.shape[:2])
        self._arguments = given
        rows, columns, _ = self._network.size
        settings = {"source": (rows // 2, columns // 2), "brush": max(1.0, min(rows, columns) // _BRUSH)} | settings
        super().__init__(image=shown, label=label, baseline=baseline, **settings)
        self._model = self._network.described
        self._before: np.ndarray | None = None
        self._reply()
        self._remember_start()

    def show_model(self, model: Any, scale: Any = None) -> None:
        """Asks another model, or the same one after more training; what is painted stays.

        Example:
            >>> widget.show_model(model)
        """
        arguments = self._arguments | ({} if scale is None else {"scale": scale})
        network = Network(model, **arguments, picture_size=self.image.pixels.shape[:2])
        if (network.size, len(network.classes)) != (self._network.size, len(self._network.classes)):
            raise CourseError(
                f"The model {model.name!r} takes pictures of {network.size} and tells {len(network.classes)} classes, "
                f"but this widget has {self._network.size} and {len(self._network.classes)}: make a new PaintOut."
            )
        self._network, self._arguments = network, arguments
        with self.hold_sync():
            self._model, self._layers, self._before = network.described, {}, None
            self._reply()

    @property
    def model(self) -> Any:
        """The network as a Keras model."""
        return self._network.model

    @property
    def painted(self) -> np.ndarray:
        """The picture as it is painted: rows × columns × channels, bytes. It can be set, too."""
        if "bytes" not in self._painted:
            return self.image.pixels.copy()
        return np.frombuffer(self._painted["bytes"], np.uint8).reshape(self._network.size).copy()

    @painted.setter
    def painted(self, value: Any) -> None:
        pixels = _picture(value).pixels
        if pixels.shape != self._network.size:
            raise CourseError(
                f"`painted` must have the shape {self._network.size} of the picture, but it has {pixels.shape}."
            )
        self._painted = {"number": self._painted["number"] + 1, "bytes": pixels.tobytes()}

    @property
    def probabilities(self) -> np.ndarray:
        """What the model says of the picture as it is painted, computed anew: a probability for each class."""
        return self._network.probabilities(self.painted[None])[0]

    def paint(self, points: Any, radius: float | None = None) -> None:
        """One stroke of the brush, with what it leaves now.

        Args:
            points: Where its middle goes, rows and columns.
            radius: Of the brush; None for half of `brush`.

        Example:
            >>> widget.paint([(6, 9), (14, 20)], radius=3)
        """
        before = self.painted
        rows, columns, _ = before.shape
        mask = brush_mask(rows, columns, points, self.brush / 2 if radius is None else radius)
        content: Any = float(GREY)
        if self.baseline == "blur":
            content = blurred(self.image.pixels, blur_reach(rows, columns))
        elif self.baseline == "paste":
            start = np.asarray(points, float)[0]
            offset = tuple(int(np.floor(there - here + 0.5)) for there, here in zip(self.source, start, strict=True))
            taken_from = self.image if self.other is None else self.other
            content, inside = moved_part(taken_from.pixels, (offset[0], offset[1]), rows, columns)
            mask = mask * inside
        self.painted = painted_over(before, content, mask)

    def reset(self) -> None:
        """Goes back to how the widget began, with nothing painted.

        Example:
            >>> widget.reset()
        """
        with self.hold_sync():
            super().reset()
            self._painted = {"number": self._painted["number"] + 1}

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Takes what the browser writes, which says by `_asked` when it wants an answer."""
        self._from_browser = True
        try:
            super().set_state(sync_data)
            if "_asked" in sync_data:  # after all else that came with it
                self._reply(with_layer=bool(self._asked["layer"]))
        finally:
            self._from_browser = False

    @staticmethod
    def _refuse_without_model(given: dict[str, Any]) -> None:
        unused = [f"`{name}`" for name, value in given.items() if value is not None]
        if unused:
            raise CourseError(f"{' and '.join(unused)} belong to a model: write PaintOut(model, image, ...).")

    @validate("image", "other")
    def _fit(self, proposal: dict[str, Any]) -> Picture | None:
        image, size = proposal["value"], self._network.size
        if image is None or image.pixels.shape == size:
            return image
        return Picture(np.floor(255 * fitted(image, size) + 0.5).astype(np.uint8), image.name)

    @validate("label")
    def _known_class(self, proposal: dict[str, Any]) -> int | None:
        value = proposal["value"]
        return None if value is None else self._network.number_of(value, "label")

    @validate("source")
    def _inside(self, proposal: dict[str, Any]) -> tuple[int, int]:
        (row, column), (rows, columns, _) = proposal["value"], self._network.size
        return min(row, rows - 1), min(column, columns - 1)

    @observe("image")
    def _other_picture(self, _: Any) -> None:
        if not self._start:
            return
        self._before, self._layers = None, {}
        if not self._from_browser:
            self._painted = {"number": self._painted["number"] + 1}

    @observe("_painted", "label", "attribution", "attributed")
    def _changed(self, _: Any) -> None:
        if self._start and not self._from_browser:
            self._reply()

    def _reply(self, with_layer: bool = True) -> None:
        """Answers what is asked, and says why where that fails: a question without an answer would stay open."""
        answer: dict[str, Any] = {"number": self._asked["number"], "picture": self._painted["number"], "failed": ""}
        with self.hold_sync():
            try:
                answer |= self._probabilities()
                if with_layer:
                    self._compute_layer()
            except CourseError as error:
                if not self._start:
                    raise
                answer["failed"] = str(error)
            except Exception as error:  # whatever a learner's model can do is told in a sentence
                if not self._start:
                    raise
                answer["failed"] = f"The model fails: {type(error).__name__}: {str(error)[:200]}"
            self._answer = answer

    def _probabilities(self) -> dict[str, Any]:
        """Before and now, where the browser does not run the network itself."""
        if self._model["network"] is not None:
            return {}
        if self._before is None:
            self._before = self._network.probabilities(self.image.pixels[None])[0]
        start = time.perf_counter()
        now = self._before
        if "bytes" in self._painted:
            now = self.probabilities
        milliseconds = 1000 * (time.perf_counter() - start)
        return {"before": self._before.tolist(), "now": now.tolist(), "milliseconds": milliseconds}

    def _class(self) -> int:
        """The class that is asked about."""
        if self.label is not None:
            return self.label
        if self._before is None:
            self._before = self._network.probabilities(self.image.pixels[None])[0]
        return int(self._before.argmax())

    def _compute_layer(self) -> None:
        """The attribution that is chosen, unless it is known."""
        if self.attribution == "none" or self._layer() is not None:
            return
        pixels = self.image.pixels if self.attributed == "original" else self.painted
        found = self._network.attribution(pixels, self.attribution, self._class())
        self._layers = {
            **self._layers,
            f"{self.attribution} {self.attributed}": {
                "shape": list(found.values.shape),
                "values": np.ascontiguousarray(found.values, "float32").tobytes(),
                "region": list(found.region),
                "signed": found.signed,
                "class": self._class(),
                "picture": self._layer_picture(),
            },
        }

    def _layer_picture(self) -> int:
        """The number of the picture that the attribution is of."""
        return 0 if self.attributed == "original" else self._painted["number"]

    def _layer(self) -> dict[str, Any] | None:
        """The attribution that is chosen, if it is known and of this picture and class."""
        layer = self._layers.get(f"{self.attribution} {self.attributed}")
        if layer is None or (layer["class"], layer["picture"]) != (self._class(), self._layer_picture()):
            return None
        return layer

    def _look(self) -> Look:
        before = self._network.probabilities(self.image.pixels[None])[0]
        painted = self.painted
        now = self.probabilities if "bytes" in self._painted else before
        return Look(
            name=self.image.name,
            network=self._network.name,
            original=self.image.pixels,
            painted=painted,
            classes=self._network.classes,
            label=int(before.argmax()) if self.label is None else self.label,
            targets=self._network.targets,
            before=before,
            now=now,
            attribution=self.attribution,
            layer=self._layer() if self.attribution != "none" else None,
            fade=self.fade,
        )

    def _in_words(self, look: Look) -> str:
        return painted_words(look)

    def _still(self, look: Look) -> Sheet:
        return painted_still(look)


def _picture(value: Any) -> Picture:
    """A picture in its full size; also one whose pixels stand in a row, and bytes that came as floats."""
    if isinstance(value, Picture):
        return value
    if isinstance(value, str):
        return Picture(photo(value), value)
    array = np.asarray(value)
    side = round(array.size**0.5)
    if array.ndim == 1 and side**2 == array.size > 0:
        array = array.reshape(side, side)
    if array.dtype.kind == "f" and array.size and 1 < array.max() <= 255 and not (array % 1).any() and array.min() >= 0:
        array = array.astype(np.uint8)  # as `dlcourse.nets.prepare` and `keras.utils.load_img` give them
    return Picture(picture_bytes(array), "your picture")


def _label(value: Any) -> int | str | None:
    """A class by its number or its name."""
    if value is None or isinstance(value, str):
        return value
    if not is_number(value) or value != int(value):
        raise CourseError(f"`label` must be the number or the name of a class, but it is {value!r}.")
    return int(value)


def _width(value: Any) -> float:
    """How wide the brush is."""
    if not is_number(value) or not 1 <= value <= 4096:
        raise CourseError(f"`brush` must be a number of pixels from 1 on, but it is {value!r}.")
    return float(value)


def _share(value: Any) -> float:
    """How strongly something is seen."""
    if not is_number(value) or not 0 <= value <= 1:
        raise CourseError(f"`fade` must be a number from 0 to 1, but it is {value!r}.")
    return float(value)


def _place(value: Any) -> tuple[int, int]:
    """A row and a column."""
    if isinstance(value, str) or np.shape(value) != (2,) or not all(is_number(n) and n == int(n) >= 0 for n in value):
        raise CourseError(f"`source` must be a row and a column, as in (40, 60), but it is {value!r}.")
    return int(value[0]), int(value[1])
