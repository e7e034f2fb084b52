"""`Bits`: a network's weights in fewer bits, layer by layer, and what that costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from traitlets import Dict, observe, validate

from dlcourse.errors import CourseError, unknown
from dlcourse.lens.precision import FLOAT
from dlcourse.widgets.bits.network import LearnersNetwork, Network, TinyExample
from dlcourse.widgets.bits.still import sheet_of
from dlcourse.widgets.bits.words import kilobytes, share
from dlcourse.widgets.shared.still import Sheet
from dlcourse.widgets.shared.traits import Checked, is_number, yes_or_no
from dlcourse.widgets.shared.widget import Widget, browser_files

FEWEST, MOST = 1, 16  # bits; and then there are floats


def _bit_count(value: Any) -> int:
    if not is_number(value) or value != int(value) or not (FEWEST <= value <= MOST or value == FLOAT):
        raise CourseError(
            f"`bits` must be a whole number from {FEWEST} to {MOST}, or {FLOAT} for weights as they are, but it is "
            f"{value!r}."
        )
    return int(value)


def _bits(value: Any) -> dict[str, int]:
    """Bits by layer; what is given for all layers alike has no layer's name."""
    if isinstance(value, Mapping):
        return {str(getattr(layer, "name", layer)): _bit_count(bits) for layer, bits in value.items()}
    return {"": _bit_count(value)}


@dataclass(frozen=True, eq=False)
class Look:
    """What the network's weights have become, and what it says with them."""

    rounded: dict[str, np.ndarray]
    classes: np.ndarray
    changed: np.ndarray  # the numbers of the examples whose class is another
    bytes: int
    float_bytes: int
    right: tuple[int, int] | None  # before and now; None where nobody knows what is right


class Bits(Widget):
    """A network's weights in fewer bits: the levels they snap to, the bytes they take, and the pictures that change.

    Each layer's weights have bits of their own, from 16 to 1, or are 32-bit floats as they were trained. Biases and
    the numbers of a normalisation stay floats. The network runs in the browser while a slider moves; one that the
    browser cannot run is asked in Python. The learner's model itself stays as it is.

    Args:
        model: A built Keras model that tells classes apart. None for a small dense network that reads digits, trained
            on the spot.
        x: Examples as the model takes them, such as x_test; the first 500 are asked.
        y: The right classes, as numbers or one-hot rows. None: the answers are compared with those of the floats alone.
        images: A picture of each example, where x does not hold them as one sees them.
        classes: What the classes are called; None for 0, 1, 2, ...
        bits: How many bits a weight has: 1 to 16, or 32 for floats; one number for all layers, or a dictionary from
            layers' names, in which a layer that is left out keeps its floats. A trait, as all that follow; it is set
            as a whole.
        symmetric: True for levels on both sides of 0, False for levels from the smallest weight to the largest, with a
            zero point.
        per_channel: Whether each output channel has a scale of its own.
        layer: The layer whose weights are drawn, by name. Default: the largest.

    Raises:
        CourseError: If an argument cannot be used, with the mend.

    Example:
        >>> widget = Bits(bits=3)
        >>> widget.bits
        {'hidden1': 3, 'hidden2': 3, 'digits': 3}
    """

    _esm, _css = browser_files(Path(__file__).parent, {"fewest": FEWEST, "most": MOST, "float": FLOAT})
    _settings = tuple("bits symmetric per_channel layer".split())

    # how the weights are kept
    bits = Checked(_bits, {}).tag(sync=True)
    symmetric = Checked(yes_or_no("symmetric"), True).tag(sync=True)
    per_channel = Checked(yes_or_no("per_channel"), False).tag(sync=True)
    # what is looked at
    layer = Checked(lambda value: str(getattr(value, "name", value)), "").tag(sync=True)
    # the network: its tensors, and all of it where the browser can run it
    _model = Dict().tag(sync=True)
    # what it is asked, and what it says as it is
    _examples = Dict().tag(sync=True)
    # the classes that it says with fewer bits, where only Python can ask it
    _answers = Dict().tag(sync=True)

    def __init__(
        self,
        model: Any = None,
        x: Any = None,
        y: Any = None,
        images: Any = None,
        classes: Any = None,
        bits: Any = 8,
        **settings: Any,
    ) -> None:
        """See the class."""
        self._refuse_unknown(settings, "model", "x", "y", "images", "classes")
        self._network: Network | None = None
        super().__init__()
        self._given = (x, y, images, classes)
        self._show(_network_of(model, *self._given))
        self.layer = settings.pop("layer", self._largest())
        for name, value in {"bits": bits, **settings}.items():
            setattr(self, name, value)
        self._ask()
        self._remember_start()

    def show_model(self, model: Any, x: Any = None, y: Any = None, images: Any = None, classes: Any = None) -> None:
        """Shows another model, or the same one after more training; bits and levels stay.

        Args:
            model: As for the widget.
            x: Examples, with what belongs to them; None for those that it has.
            y: As for the widget.
            images: As for the widget.
            classes: As for the widget.

        Example:
            >>> widget.show_model(model, x_test, labels)
        """
        given = self._given if x is None else (x, y, images, classes)
        network = _network_of(model, *given)
        self._given = given
        names = [tensor.name for tensor in network.tensors]
        bits = {name: self.bits.get(name, FLOAT) for name in names}
        if len(set(self.bits.values())) == 1:  # the same bits for all layers are meant for all
            bits = dict.fromkeys(names, next(iter(self.bits.values())))
        with self.hold_sync():
            self._show(network)
            self._answers = {}
            self.bits = bits
            if self.layer not in names:
                self.layer = self._largest()
            self._ask()
        self._remember_start()

    def weights(self) -> list[np.ndarray]:
        """The weights as they have become, in the order of `model.get_weights()`, for `model.set_weights(...)`.

        Example:
            >>> len(Bits().weights())
            6
        """
        return self._shown.all_weights(self._rounded())

    @property
    def size(self) -> int:
        """How many bytes the weights take, biases among them."""
        return self._shown.bytes(self.bits, self.symmetric, self.per_channel)

    @property
    def changed(self) -> list[int]:
        """The numbers of the examples whose class is another than with floats, computed anew."""
        return self._look().changed.tolist()

    @property
    def accuracy(self) -> float | None:
        """The share of the examples whose class is right, computed anew; None where no `y` was given."""
        right = self._look().right
        return None if right is None else right[1] / len(self._shown.before)

    @property
    def _shown(self) -> Network:
        assert self._network is not None
        return self._network

    def _show(self, network: Network) -> None:
        self._network = network
        runs = network.description["network"] is not None
        self._model = network.description
        self._examples = network.examples.described(runs) | {"before": network.before.tolist()}

    def _largest(self) -> str:
        return max(self._shown.tensors, key=lambda tensor: int(np.prod(tensor.shape))).name

    def _rounded(self) -> dict[str, np.ndarray]:
        return self._shown.rounded(self.bits, self.symmetric, self.per_channel)

    @validate("bits")
    def _bits_of_all(self, proposal: dict[str, Any]) -> dict[str, int]:
        given: dict[str, int] = proposal["value"]
        names = [tensor.name for tensor in self._shown.tensors] if self._network else []
        if set(given) == {""}:
            return dict.fromkeys(names, given[""])
        for name in given:
            if name not in names:
                raise unknown("layer with weights", name, names)
        return {name: given.get(name, FLOAT) for name in names}

    @validate("layer")
    def _known_layer(self, proposal: dict[str, Any]) -> str:
        names = [tensor.name for tensor in self._shown.tensors] if self._network else [""]
        if proposal["value"] not in names:
            raise unknown("layer with weights", proposal["value"], names)
        return proposal["value"]

    @observe("bits", "symmetric", "per_channel")
    def _changed_bits(self, _: Any) -> None:
        if self._start:
            self._ask()

    def _ask(self) -> None:
        """Answers in the browser's place, where it cannot."""
        if self._model["network"] is not None:
            self._answers = {}
            return
        of = {"bits": self.bits, "symmetric": self.symmetric, "per_channel": self.per_channel}
        if self._answers.get("of") == of:
            return
        classes = self._shown.classes_with(self._rounded())
        self._answers = {"of": of, "classes": classes.tolist()}

    def _look(self) -> Look:
        network, rounded = self._shown, self._rounded()
        classes, labels = network.classes_with(rounded), network.examples.labels
        right = None
        if labels is not None:
            right = (int((network.before == labels).sum()), int((classes == labels).sum()))
        return Look(
            rounded=rounded,
            classes=classes,
            changed=np.flatnonzero(classes != network.before),
            bytes=self.size,
            float_bytes=network.bytes(dict.fromkeys(self.bits, FLOAT), True, False),
            right=right,
        )

    def _in_words(self, look: Look) -> str:
        count = len(look.classes)
        bits = set(self.bits.values())
        kept = f"{min(bits)} bits" if len(bits) == 1 else f"{min(bits)} to {max(bits)} bits"
        text = f"Bits: {self._model['name'] or 'a small network that reads digits'} with {kept} a weight takes "
        text += f"{kilobytes(look.bytes)} instead of {kilobytes(look.float_bytes)}; "
        text += f"{len(look.changed)} of {count} examples change their class"
        if look.right is None:
            return f"{text}."
        before, now = (share(number, count) for number in look.right)
        return f"{text}, accuracy {before} before, {now} now."

    def _still(self, look: Look) -> Sheet:
        """The layers, the chosen one's weights and levels, and some of the examples that change their class."""
        return sheet_of(self._shown, look, dict(self.bits), self.layer)


def _network_of(model: Any, x: Any, y: Any, images: Any, classes: Any) -> Network:
    if model is None:
        given = [
            name for name, value in {"x": x, "y": y, "images": images, "classes": classes}.items() if value is not None
        ]
        if given:
            raise CourseError(f"`{given[0]}` is for a model of yours: write Bits(model, x, y).")
        return TinyExample()
    if x is None:
        raise CourseError("A model is asked what it sees: pass examples as well, as in Bits(model, x_test, y_test).")
    return LearnersNetwork(model, x, y, images, classes)
