"""A learner's network: its plan for the browser, and how good it is with parts of it cut."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from dlcourse.errors import CourseError
from dlcourse.lens.activation_functions import softmax
from dlcourse.lens.cuts import Cut, Part
from dlcourse.widgets.shared.classifier import class_names, finish_of
from dlcourse.widgets.shared.picture_batch import as_bytes, small

_SHOWN, _NUMBERS = 24, 2400  # examples whose answers are shown, at most; and numbers of all their answers
_MASKS, _MASK_SIDE = 8, 64  # the same of masks, and their longest side
_MOST_CLASSES = 20  # that a table of confusions has room for
_MOST_PARTS = 200  # of a plan in which one still finds something
_AHEAD, _AHEAD_PARTS = 1e10, 600  # multiply-adds that may be spent before anybody asks, and parts that may be built
_BATCH = 256


class Network:
    """A built Keras model and examples with their answers.

    Attributes:
        model: It.
        parts: What it is made of, in the order in which that runs.
        classes: What the outputs are called; none for values.
        measure: "accuracy", "iou" or "loss".
        described: For the browser.
    """

    def __init__(self, model: Any, x: Any, y: Any, classes: Any = None, loss: Any = None) -> None:
        """See `Ablation`."""
        from dlcourse.lens.checks import batch, labels, layer_paths
        from dlcourse.lens.cutting import parts_of
        from dlcourse.lens.scoring import Judge

        self.model = model
        self.parts: list[Part] = parts_of(model)
        if len(self.parts) > _MOST_PARTS:
            raise CourseError(
                f"The model {model.name!r} has {len(self.parts)} parts, but {_MOST_PARTS} are the most that one finds "
                "one's way through: take a part of it, as in keras.Model(model.layers[50].output, model.output)."
            )
        self._x = batch(model, x)
        self._y = labels(model, y, len(self._x))
        self._judge = Judge(model, self._y, loss)
        self._finish = finish_of(model)
        self.measure = self._judge.measure
        self.classes = class_names(classes, self._judge.classes) if self._judge.classes else []
        self._steps = any(_goes_step_by_step(layer) for layer in layer_paths(model).values())
        self._kind = self._kind_of_answer()
        self.shown = self._count_of_shown()
        self.described = self._described()

    @property
    def examples(self) -> int:
        """How many it is measured on."""
        return len(self._x)

    def measured(self, cuts: Sequence[Cut]) -> dict[str, Any]:
        """How good it is with these cuts, and what it says of the examples that are shown.

        Raises:
            CourseError: If a cut is not possible.
        """
        outputs = self.outputs(cuts)
        score = self._judge(outputs)
        counts = score.counts if score.counts is not None and len(score.counts) <= _MOST_CLASSES else None
        return {
            "value": score.value,
            "loss": score.loss if np.isfinite(score.loss) else None,
            "counts": None if counts is None else counts.ravel().tolist(),
            "answers": self._answers(outputs[: self.shown]),
        }

    def outputs(self, cuts: Sequence[Cut]) -> np.ndarray:
        """What it puts out for all examples with these cuts."""
        from keras import ops

        from dlcourse.lens.ablation import without
        from dlcourse.lens.gradients import compiled

        model = without(self.model, cuts) if cuts else self.model

        def run(x: Any) -> Any:
            return model(x, training=False)

        # a compilation takes as long as the examples do, but for a layer that goes through them step by step
        run = compiled(run) if self._steps else run
        starts = range(0, len(self._x), _BATCH)
        parts = [run(self._x[start : start + _BATCH]) for start in starts]
        return np.concatenate([ops.convert_to_numpy(part).astype("float32") for part in parts])

    def ahead(self) -> list[Cut]:
        """The cuts of whole layers and of links, if measuring them all takes no more than a moment; else none.

        A page without a kernel can then show them.
        """
        from dlcourse.lens.costs import cost

        cuts = [
            Cut(part.name, kind, number)
            for part in self.parts
            for kind in part.kinds
            if kind in ("identity", "zero", "input")
            for number in range(part.count(kind))
        ]
        if len(cuts) * len(self.parts) > _AHEAD_PARTS:
            return []
        try:
            total = cost(self.model, self._x.shape[1:]).total
        except CourseError:
            return []  # nobody knows how long it takes
        each = (total.multiply_adds if total else None) or np.inf
        return cuts if each * len(self._x) * len(cuts) <= _AHEAD else []

    def _described(self) -> dict[str, Any]:
        return {
            "name": self.model.name,
            "parts": [_described(part) for part in self.parts],
            "measure": self.measure,
            "classes": self.classes,
            "table": 0 < len(self.classes) <= _MOST_CLASSES,
            "examples": self.examples,
            "shown": self.shown,
            "answer": self._kind,
            "pictures": self._pictures(),
            "truths": self._truths(),
        }

    def _kind_of_answer(self) -> str:
        """How the answer to one example is shown."""
        places = len(self.model.outputs[0].shape) - 2
        if self.measure == "iou":
            return "mask"
        if self.measure == "accuracy" and places == 0:
            return "bars"
        return "number" if self.measure == "loss" and self._y[0].size == 1 and places <= 0 else "none"

    def _count_of_shown(self) -> int:
        if self._kind == "none":
            return 0
        most = _MASKS if self._kind == "mask" else _SHOWN
        if self._kind == "bars":
            most = min(most, max(1, _NUMBERS // len(self.classes)))
        return min(most, self.examples)

    def _pictures(self) -> dict[str, Any] | None:
        """The examples that are shown, if they are pictures."""
        x = self._x[: self.shown]
        if not self.shown or x.ndim not in (3, 4) or (x.ndim == 4 and x.shape[3] not in (1, 3)):
            return None
        if x.ndim == 3 and min(x.shape[1:]) < 8:
            return None  # a series
        pictures = small(as_bytes(x.reshape(*x.shape[:3], -1)), _MASK_SIDE)
        return {"shape": list(pictures.shape[1:]), "bytes": pictures.tobytes()}

    def _truths(self) -> Any:
        """The right answers to the examples that are shown."""
        truths = self._judge.truths
        if truths is not None and self._kind == "bars":
            return truths[: self.shown].tolist()
        if truths is not None and self._kind == "mask":
            return _packed(truths[: self.shown])
        return self._y[: self.shown].ravel().tolist() if self._kind == "number" else []

    def _answers(self, outputs: np.ndarray) -> Any:
        if self._kind == "mask":
            return _packed(self._judge.answers(outputs))
        if self._kind == "number":
            return np.nan_to_num(outputs.ravel()).round(6).tolist()
        return self._shares(outputs).round(4).tolist() if self._kind == "bars" else []

    def _shares(self, outputs: np.ndarray) -> np.ndarray:
        """A probability for each class."""
        if outputs.shape[1] == 1:
            yes = 1 / (1 + np.exp(-outputs)) if self._judge.from_logits else np.clip(outputs, 0, 1)
            return np.concatenate([1 - yes, yes], axis=1)
        return np.nan_to_num(softmax(outputs) if self._finish == "scores" else outputs)


def _described(part: Part) -> dict[str, Any]:
    return {
        "name": part.name,
        "kind": part.kind,
        "inputs": list(part.inputs),
        "shape": list(part.shape),
        "kinds": list(part.kinds),
        "units": part.units,
        "heads": part.heads,
        "why": part.why,
        "noIdentity": part.no_identity,
    }


def _goes_step_by_step(layer: Any) -> bool:
    import keras

    return isinstance(layer, keras.layers.RNN | keras.layers.Bidirectional)


def _packed(maps: np.ndarray) -> dict[str, Any]:
    """Maps of classes as bytes, thinned out where they are large."""
    step = max(1, -(-max(maps.shape[1:]) // _MASK_SIDE))
    thin = np.ascontiguousarray(maps[:, ::step, ::step], np.uint8)
    return {"shape": list(thin.shape[1:]), "bytes": thin.tobytes()}
