"""The network whose picture is painted: how it is asked in Python, and all of it for the browser where it is small."""

from typing import Any

import numpy as np

from dlcourse.errors import CourseError, unknown
from dlcourse.lens.activation_functions import softmax
from dlcourse.widgets.shared.browser_network import describe
from dlcourse.widgets.shared.classifier import class_count, class_names, finish_of
from dlcourse.widgets.shared.model_input import pixel_scale
from dlcourse.widgets.shared.picture_form import picture_form, size_of

_MULTIPLICATIONS = 20e6  # of a picture: what the browser does within 50 milliseconds


class Network:
    """A built Keras model that tells classes of pictures apart, asked by one compiled call.

    Attributes:
        name: What it is called.
        size: Rows, columns and channels of its pictures.
        classes: What they are called.
        targets: Classes that always have a bar.
        described: For the browser.
    """

    def __init__(
        self, model: Any, classes: Any, scale: Any, targets: Any, layer: Any, picture_size: tuple[int, int]
    ) -> None:
        """See `PaintOut`."""
        self.model, self.layer, self.name = model, layer, model.name
        self.form = picture_form(model, picture_size)
        self.size = size_of(self.form)
        count = class_count(model)
        self.classes = class_names(classes, count)
        self.scale = pixel_scale(model, scale, self.size[2], "PaintOut")
        self._finish = finish_of(model)
        self.targets = self._numbers(targets)
        network, why = self._for_the_browser()
        self.described = {
            "name": model.name,
            "example": False,
            "network": network,
            "why": why,
            "finish": self._finish,
            "white": self.scale.white,
            "size": list(self.size),
            "classes": self.classes,
            "targets": self.targets,
            "layer": self._name_of(layer),
            "given": self.scale.as_code("pixels" if len(self.form) == 3 else f"pixels.reshape({_batch(self.form)})"),
            "grey": self.scale.as_code(f"np.full({_batch(self.form)}, 0.5)"),
        }

    def input_of(self, pixels: np.ndarray) -> np.ndarray:
        """What the model is given for pictures n × rows × columns × channels in bytes."""
        return self.scale(pixels.reshape(len(pixels), *self.form) / np.float32(255))

    def probabilities(self, pixels: np.ndarray) -> np.ndarray:
        """The probabilities of the classes, n × classes, for such pictures."""
        from dlcourse.lens.layer_outputs import outputs

        scores = outputs(self.model, self.input_of(pixels), "output").astype("float32")
        return softmax(scores) if self._finish == "scores" else scores

    def attribution(self, pixels: np.ndarray, kind: Any, target: int) -> Any:
        """One attribution of a picture in bytes, as `dlcourse.lens.attribution_map` has it."""
        from dlcourse.lens.attribution_maps import attribution_map

        return attribution_map(self.model, self.input_of(pixels[None])[0], kind, target, self.grey(), self.layer)

    def grey(self) -> np.ndarray:
        """A grey picture, as the model takes it."""
        return self.scale(np.full((1, *self.form), 0.5, "float32"))[0]

    def number_of(self, value: int | str, name: str) -> int:
        """A class by its name or its number."""
        if isinstance(value, str):
            if value not in self.classes:
                raise unknown("class", value, self.classes)
            return self.classes.index(value)
        if not 0 <= value < len(self.classes):
            raise CourseError(f"`{name}` is {value}, but there are {len(self.classes)} classes, counted from 0.")
        return int(value)

    def _numbers(self, targets: Any) -> list[int]:
        if targets is None:
            return []
        if isinstance(targets, str) or not hasattr(targets, "__iter__"):
            raise CourseError(
                f"`targets` must be a list of classes, by their names or numbers, but it is {targets!r:.60}."
            )
        return [self.number_of(target, "targets") for target in targets]

    def _name_of(self, layer: Any) -> str:
        """The name of the layer that Grad-CAM takes; "" for its own choice."""
        if layer is None:
            return ""
        from dlcourse.lens.forward import forward_of

        return forward_of(self.model, (1, *self.form)).name_of(self.model, layer)

    def _for_the_browser(self) -> tuple[dict[str, Any] | None, str]:
        multiplications = _multiplications(self.model, self.form)
        if multiplications > _MULTIPLICATIONS:
            millions = f"{multiplications / 1e6:,.0f}"
            return None, f"A picture takes {millions} million multiplications."
        try:
            return describe(self.model, self.form, scale=self.scale), ""
        except CourseError as error:
            return None, str(error)


def _batch(form: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of a batch of one."""
    return (1, *form)


def _multiplications(model: Any, form: tuple[int, ...]) -> float:
    from dlcourse.lens.costs import cost

    try:
        total = cost(model, form).total
    except CourseError:
        return 0.0  # what cannot be counted the browser does not know either
    return float((total.multiply_adds if total else None) or 0)
