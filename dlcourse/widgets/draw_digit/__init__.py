"""`DrawDigit`: a canvas, what the network sees of it, and what it takes it for."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from traitlets import Bool, Dict, List, Unicode, observe

from dlcourse.errors import CourseError
from dlcourse.lens.activation_functions import softmax
from dlcourse.widgets.draw_digit.ink import EXAMPLE, PIXELS, RADIUS, SIDE, centred, inked, shrunk
from dlcourse.widgets.draw_digit.readers import Readers
from dlcourse.widgets.draw_digit.tiny_classifier import tiny_classifier
from dlcourse.widgets.shared.browser_network import Writer, describe
from dlcourse.widgets.shared.classifier import class_count, class_names, finish_of
from dlcourse.widgets.shared.model_input import PixelScale, pixel_scale
from dlcourse.widgets.shared.palette import grey, rgb
from dlcourse.widgets.shared.picture_input import picture
from dlcourse.widgets.shared.still import Sheet
from dlcourse.widgets.shared.traits import Checked
from dlcourse.widgets.shared.widget import Widget, browser_files
from dlcourse.widgets.shared.words import percent

_FORMS = ((PIXELS**2,), (PIXELS, PIXELS), (PIXELS, PIXELS, 1))
_SURE, _LEAD = 0.5, 0.2  # what the winner must have, and how far ahead it must be
_BLUE, _ORANGE, _TRACK = "#0072b2", "#e69f00", "#e8e8e8"


def _drawing(value: Any) -> np.ndarray:
    """What lies on the canvas: SIDE × SIDE, 0 to 1, not to be written into."""
    if value is None:
        array = np.zeros((SIDE, SIDE))
    else:
        given = np.asarray(value) if hasattr(value, "__len__") and not isinstance(value, str | dict) else value
        if getattr(given, "shape", None) == (PIXELS**2,):
            given = given.reshape(PIXELS, PIXELS)
        try:
            pixels = picture(given).pixels
        except CourseError as error:
            raise CourseError(str(error).replace("`image`", "`drawing`").replace("image[", "drawing[")) from error
        if pixels.shape not in ((PIXELS, PIXELS, 1), (SIDE, SIDE, 1)):
            raise CourseError(
                f"`drawing` must be {PIXELS} × {PIXELS}, as a digit of MNIST, or {SIDE} × {SIDE}, as the canvas, "
                f"but its shape is {np.shape(value)}."
            )
        times = SIDE // len(pixels)
        array = np.kron(pixels[:, :, 0], np.ones((times, times))) / 255
    array.setflags(write=False)
    return array


def _to_browser(drawing: np.ndarray, _: object = None) -> dict[str, Any]:
    return {"bytes": np.rint(drawing * 255).astype(np.uint8).tobytes()}


def _from_browser(sent: dict[str, Any], _: object = None) -> np.ndarray:
    return np.frombuffer(sent["bytes"], np.uint8).reshape(SIDE, SIDE)


@dataclass(frozen=True, eq=False)
class _Look:
    """A digit as the network gets it, and what it takes it for; of readers, what each says."""

    digit: np.ndarray
    probabilities: np.ndarray
    said: tuple[str, ...] = ()


class DrawDigit(Widget):
    """Draw a digit, see the 28 × 28 pixels that a network gets of it, and what it takes them for.

    Two ways of making these pixels stand side by side: as MNIST is made (the ink scaled into 20 × 20, its centre of
    mass in the middle), and the canvas only shrunk. The network runs in the browser while you draw; one that the
    browser cannot run is asked in Python after each stroke. So are several programs side by side, the `readers`. The
    arrows in the first line move the drawing by one pixel.

    Args:
        model: A built Keras model that takes 28 × 28 grey pixels in any form: (784,), (28, 28) or (28, 28, 1); its
            output are probabilities or logits. None for a tiny linear one, trained on the spot.
        drawing: What lies on the canvas: a digit of 28 × 28, as in x_test[0], or 168 × 168. A trait, to be read and set
            from the next cell, too.
        scale: What pixels the model was trained on: "0 to 1", "0 to 255", "-1 to 1", a number that bytes were
            multiplied with, a pair (mean, std) of the bytes, or a function of a batch of bytes. Only a model with a
            Rescaling or a Normalization at its front needs none.
        classes: What the outputs are called; None for 0, 1, 2, ...
        readers: In a model's place, functions by their names. Each takes a batch of digits as MNIST holds them, bytes
            of the shape (n, 28, 28), and returns n answers.

    Raises:
        CourseError: If an argument cannot be used, with the mend.

    Example:
        >>> widget = DrawDigit(model, scale="0 to 1")
        >>> widget.digit.shape, widget.probabilities.shape
        ((28, 28), (10,))
    """

    _esm, _css = browser_files(
        Path(__file__).parent, {"side": SIDE, "pixels": PIXELS, "radius": RADIUS, "sure": _SURE, "lead": _LEAD}
    )
    _settings = ("drawing",)

    drawing = Checked(_drawing, None).tag(sync=True, echo_update=False, to_json=_to_browser, from_json=_from_browser)
    # the network, and how it is asked
    _model = Dict().tag(sync=True)
    # of a network that the browser cannot run: its answers to the digit centred and shrunk
    _answers: List = List().tag(sync=True)
    # why a reader has no answer
    _failed = Unicode().tag(sync=True)
    # whether the drawing is only there to show something, and goes with the first stroke
    _example = Bool(False).tag(sync=True)

    def __init__(
        self, model: Any = None, drawing: Any = None, scale: Any = None, classes: Any = None, readers: Any = None
    ) -> None:
        """See the class."""
        self._keras: Any = None
        self._readers: Readers | None = None
        self._scale, self._given_scale = PixelScale(), None
        super().__init__(drawing=_drawing(inked(EXAMPLE) if drawing is None else drawing), _example=drawing is None)
        if readers is None:
            self.show_model(model, scale, classes)
        else:
            self._show_readers(readers, {"model": model, "scale": scale, "classes": classes})
        self._remember_start()

    def show_model(self, model: Any = None, scale: Any = None, classes: Any = None) -> None:
        """Asks another model, or the same one after more training; the drawing stays, and with the model its scale.

        Example:
            >>> widget.show_model(model)
        """
        if model is self._keras and scale is None:
            scale = self._given_scale
        described, pixels = _tiny(classes) if model is None else _described(model, scale, classes)
        self._keras, self._scale, self._given_scale, self._readers = model, pixels, scale, None
        with self.hold_sync():
            self._model = described
            self._ask()

    def _show_readers(self, readers: Any, others: Mapping[str, Any]) -> None:
        given = [f"`{name}`" for name, value in others.items() if value is not None]
        if given:
            raise CourseError(f"`readers` answer in a model's place: leave out {' and '.join(given)}, or `readers`.")
        self._readers = Readers(readers)
        with self.hold_sync():
            self._model = self._readers.described
            self._ask()

    @property
    def digit(self) -> np.ndarray:
        """What the network sees: 28 × 28, 0 to 1, scaled and centred as MNIST is."""
        return centred(self.drawing)

    @property
    def shrunk_digit(self) -> np.ndarray:
        """The canvas only shrunk to 28 × 28, 0 to 1, for comparison."""
        return shrunk(self.drawing)

    @property
    def probabilities(self) -> np.ndarray:
        """The model's probability for each class, for `digit`, computed anew."""
        return self.predict(self.digit)

    def predict(self, digit: Any) -> np.ndarray:
        """The model's probabilities for a digit of 28 × 28 with values from 0 to 1.

        Example:
            >>> widget.predict(widget.shrunk_digit).argmax()
            5
        """
        return self._answers_to(np.asarray(digit, "float32")[None])[0]

    def _answers_to(self, digits: np.ndarray) -> np.ndarray:
        """The model's probabilities for several digits at once, n × classes."""
        if self._readers:
            raise CourseError(
                "Readers answer with a digit and tell no probabilities: call them yourself, with `widget.digit`."
            )
        if self._keras is None:
            weights, biases, _ = tiny_classifier()
            return softmax(digits.reshape(len(digits), -1).astype("float32") @ weights + biases)
        import keras

        x = self._scale(digits.reshape(len(digits), *self._model["form"]))
        scores = keras.ops.convert_to_numpy(self._keras(x, training=False)).astype("float32")
        return softmax(scores) if self._model["finish"] == "scores" else scores

    @observe("drawing")
    def _drawn(self, _: Any) -> None:
        if self._model:
            self._ask()

    def _ask(self) -> None:
        """Answers in the browser's place, where it cannot."""
        if self._readers:
            looks = self._look()
            self._answers = [list(answer.said) for answer in looks]
            self._failed = self._readers.failed
            return
        runs = self._model["network"] is not None
        self._answers = [] if runs else [answer.probabilities.tolist() for answer in self._look()]

    def _look(self) -> list[_Look]:
        """The drawing centred and shrunk."""
        digits = [self.digit, self.shrunk_digit]
        if self._readers:
            nothing = np.empty(0)
            return [_Look(digit, nothing, said) for digit, said in zip(digits, self._readers.ask(digits), strict=True)]
        return [_Look(*pair) for pair in zip(digits, self._answers_to(np.stack(digits)), strict=True)]

    def _in_words(self, look: list[_Look]) -> str:
        if not self.drawing.any():
            return "DrawDigit: an empty canvas."
        if self._readers:
            names = self._readers.names
            told = [", ".join(map(" ".join, zip(names, answer.said, strict=True))) for answer in look]
            return (
                f"DrawDigit: a drawing and its readers. Centred, as MNIST is made: {told[0]}. Only shrunk: {told[1]}."
            )
        verdicts = [verdict(answer.probabilities, self._model["classes"]) for answer in look]
        name = self._model["name"] or "a tiny linear model"
        return f"DrawDigit: a drawing for {name}. Centred, as MNIST is made: {verdicts[0]}. Only shrunk: {verdicts[1]}."

    def _still(self, look: list[_Look]) -> Sheet:
        """The canvas, and for both ways the pixels and the bars."""
        readers = self._readers.names if self._readers else ()
        rows = 22 * len(readers) if readers else 15 * min(len(self._model["classes"]), 10)
        sheet = Sheet(760, max(60 + 112 + rows, 290))
        sheet.text((12, 22), "drawn")
        zoom = 1.4
        sheet.pixels((12, 34), grey(self.drawing), zoom)
        name = "your readers" if readers else "your model" if self._model["name"] else "a tiny linear model"
        sheet.note((12, 34 + SIDE * zoom + 18), f"asked: {name}")
        places = ((280, "centred, as MNIST is made"), (525, "only shrunk"))
        for (left, title), answer in zip(places, look, strict=True):
            sheet.text((left, 22), title)
            sheet.pixels((left, 34), grey(answer.digit), 4)
            for row, (reader, said) in enumerate(zip(readers, answer.said, strict=True)):
                sheet.text((left, 172 + 22 * row), reader[:20], 14)
                sheet.text((left + 150, 172 + 22 * row), said, 14)
            if readers:
                continue
            for number, line in enumerate(verdict(answer.probabilities, self._model["classes"]).split(", or ")):
                sheet.text((left + 124, 60 + 20 * number), line, 14)
            self._bars(sheet, (left, 160), answer.probabilities)
        return sheet

    def _bars(self, sheet: Sheet, at: tuple[float, float], probabilities: np.ndarray) -> None:
        most = int(probabilities.argmax())
        for row, number in enumerate(sorted(np.argsort(-probabilities, kind="stable")[:10].tolist())):
            share, y = float(probabilities[number]), at[1] + 15 * row
            sheet.text((at[0] + 14, y + 7), self._model["classes"][number][:9], 11, anchor="mm")
            for length, colour in ((140.0, _TRACK), (140 * share, _ORANGE if number == most else _BLUE)):
                solid = np.broadcast_to(rgb(colour).astype(np.uint8), (11, max(1, round(length)), 3))
                sheet.pixels((at[0] + 36, y + 1), solid, 1)
            sheet.note((at[0] + 184, y + 12), percent(share))


def verdict(probabilities: np.ndarray, classes: list[str]) -> str:
    """The winner in words, or the two that are too close.

    Example:
        >>> verdict(np.array([0.9, 0.1]), ["cat", "dog"])
        'cat (90 %)'
    """
    first, second = (int(number) for number in np.argsort(-probabilities, kind="stable")[:2])
    most, next_most = float(probabilities[first]), float(probabilities[second])
    winner = f"{classes[first]} ({percent(most)})"
    if most >= _SURE and most - next_most >= _LEAD:
        return winner
    return f"not sure, {winner}, or {classes[second]} ({percent(next_most)})"


def _tiny(classes: Any) -> tuple[dict[str, Any], PixelScale]:
    """The classifier that is at hand."""
    weights, biases, accuracy = tiny_classifier()
    writer = Writer()
    digit = writer.add("input", "input", [], (PIXELS**2,))
    settings: dict[str, Any] = {"layer": "Dense", "activation": {"name": "softmax"}}
    writer.add("dense", "linear", [digit], (10,), [weights, biases], **settings)
    description: dict[str, Any] = {
        "name": "",
        "network": writer.described(1),
        "why": "",
        "classes": class_names(classes, 10),
    }
    description |= {"form": [PIXELS**2], "finish": "probabilities", "accuracy": accuracy}
    return _with_pixels(description, PixelScale()), PixelScale()


def _described(model: Any, scale: Any, classes: Any) -> tuple[dict[str, Any], PixelScale]:
    """A learner's model, and how it is asked."""
    from dlcourse.lens.checks import single_input

    form = _form(model, tuple(single_input(model).shape[1:]))
    count = class_count(model)
    pixels = pixel_scale(model, scale, 1, "DrawDigit")
    try:
        network, why = describe(model, form, scale=pixels), ""
    except CourseError as error:
        network, why = None, str(error)
    description: dict[str, Any] = {"name": model.name, "network": network, "why": why}
    description["classes"] = class_names(classes, count)
    description |= {"form": list(form), "finish": finish_of(model), "accuracy": None}
    return _with_pixels(description, pixels), pixels


def _with_pixels(description: dict[str, Any], pixels: PixelScale) -> dict[str, Any]:
    """A description with how the network is given a digit: for the browser, in words and as Python."""
    shape = ", ".join(map(str, (1, *description["form"])))
    given = pixels.as_code(f"digit.reshape({shape})")
    return description | {"white": pixels.white, "pixels": pixels.in_words(), "given": given}


def _form(model: Any, takes: tuple[int | None, ...]) -> tuple[int, ...]:
    for form in _FORMS:
        if len(form) == len(takes) and all(want in (None, have) for want, have in zip(takes, form, strict=True)):
            return form
    raise CourseError(
        f"The model {model.name!r} takes inputs of the shape {takes}, but a digit here is (28, 28, 1), (28, 28) or "
        "(784,): build it for one of these."
    )
