"""`GradientFlow`: how a signal runs forward through a deep network and how its gradient runs back, while it trains."""

import inspect
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from traitlets import Dict, Unicode, observe

from dlcourse.errors import CourseError
from dlcourse.lens.decades import LayerSizes
from dlcourse.widgets.gradient_flow import deep_stack
from dlcourse.widgets.gradient_flow.deep_stack import ACTIVATIONS, Dense, Settings, two_spirals
from dlcourse.widgets.gradient_flow.recording import Recording, unpack
from dlcourse.widgets.gradient_flow.still import flow_sheet
from dlcourse.widgets.gradient_flow.words import digits, verdict
from dlcourse.widgets.shared.still import Sheet
from dlcourse.widgets.shared.traits import Checked, is_number, one_of, whole, yes_or_no
from dlcourse.widgets.shared.widget import Widget, browser_files

_INITIALIZATIONS = ("small", "large", "glorot", "he", "lecun")
_BATCHES = (16, 32, 64, 128)
_DEPTHS, _WIDTHS = (1, 30), (4, 64)
_LAST = 20_000  # steps of the stack's training
_LOOKED_AT = 128  # examples of the learner's own data
_PAUSE = 0.2  # seconds from one push to the next, at least
_SHARE = 50  # and so many times what the last push took, so that pushing never takes more than 2 % of the training


def _rate(value: Any) -> float:
    if not is_number(value) or not 0 <= value <= 100:
        raise CourseError(f"`learning_rate` must be a number from 0 to 100, but it is {value!r}.")
    return float(value)


def _batch(value: Any) -> int:
    if isinstance(value, bool) or value not in _BATCHES:
        sizes = ", ".join(map(str, _BATCHES[:-1]))
        raise CourseError(f"`batch` must be {sizes} or {_BATCHES[-1]} examples, but it is {value!r}.")
    return int(value)


@dataclass(frozen=True, eq=False)
class _Look:
    """What network it is and how far it is trained, its loss, and what passes through each layer."""

    title: str
    loss: float
    layers: Sequence[LayerSizes]


class GradientFlow(Widget):
    """How large the numbers are that pass through each layer of a deep network, forward and back, while it trains.

    Without a model it is a stack of dense layers that is computed and trained in the browser, on two spirals of points.
    With a Keras model and examples it shows what passes through that, and its callback records a training:

    >>> widget = GradientFlow(model, x, y)
    >>> widget  # the last line of a cell shows it

    >>> model.fit(x, y, epochs=3, callbacks=[widget.callback()])  # the next cell

    Args:
        model: A built Keras model with one input and one output, compiled or with a `loss` given here. Default: none.
        x: Examples for it, of which 128 are looked at, evenly spread over all.
        y: Their answers.
        loss: A loss as `compile` takes it. Default: the model's own.
        depth: How many layers the stack has before its output, 1 to 30.
        width: How many units each of them has, 4 to 64.
        activation: "sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "gelu" or "linear".
        initialization: What its weights are drawn from: "small" (a spread of 0.01), "large" (1), or "glorot", "he" or
            "lecun", which choose the spread by a layer's width.
        batch_norm: Whether each layer has batch normalisation before its activation.
        residual: Whether each layer but the first adds its input to its output.
        learning_rate: Of plain gradient descent.
        batch: How many examples a step sees: 16, 32, 64 or 128.
        seed: Of all random numbers.
        step: How many steps the stack has been trained.
        playing: Whether it is being trained, or a recording is being played.
        frame: Which frame of a recording is shown, counted from 1; 0 for the latest.
        gradients: Whose gradient is shown below: "weights" (what a layer learns by) or "outputs" (what is handed back).
        layer: The layer that is looked at closely, counted from 1; 0 for none.

    Raises:
        CourseError: If an argument cannot be used, with the mend.

    Example:
        >>> widget = GradientFlow(depth=20, activation="relu", initialization="he")
        >>> widget.flow()[0].weights.mean
        0.0021
    """

    _esm, _css = browser_files(
        Path(__file__).parent,
        {
            "activations": ACTIVATIONS,
            "initializations": _INITIALIZATIONS,
            "batches": _BATCHES,
            "depths": _DEPTHS,
            "widths": _WIDTHS,
            "last": _LAST,
            "spirals": inspect.getsource(two_spirals),
            "data": [array.ravel().tolist() for array in two_spirals()],
        },
    )
    _settings = (*Settings.__dataclass_fields__, "frame", "gradients", "layer")

    # the stack
    depth = Checked(whole("depth", *_DEPTHS), 12).tag(sync=True)
    width = Checked(whole("width", *_WIDTHS), 32).tag(sync=True)
    activation = Checked(one_of("activation", ACTIVATIONS), "sigmoid").tag(sync=True)
    initialization = Checked(one_of("initialization", _INITIALIZATIONS), "glorot").tag(sync=True)
    batch_norm = Checked(yes_or_no("batch_norm"), False).tag(sync=True)
    residual = Checked(yes_or_no("residual"), False).tag(sync=True)
    seed = Checked(whole("seed", 0, 10**6), 1).tag(sync=True)
    # its training
    learning_rate = Checked(_rate, 0.1).tag(sync=True)
    batch = Checked(_batch, 64).tag(sync=True)
    step = Checked(whole("step", 0, _LAST), 0).tag(sync=True)
    playing = Checked(yes_or_no("playing"), False).tag(sync=True)
    # what is looked at
    frame = Checked(whole("frame", 0, 10**6), 0).tag(sync=True)
    gradients = Checked(one_of("gradients", ("weights", "outputs")), "weights").tag(sync=True)
    layer = Checked(whole("layer", 0, 10**4), 0).tag(sync=True)
    # the weights that the browser came to, with the settings and the step they belong to
    _trained = Dict().tag(sync=True)
    # the frames of a recorded training, and whose they are
    _record = Dict().tag(sync=True)
    _key = Unicode().tag(sync=True)  # all views of a widget train one stack together

    def __init__(self, model: Any = None, x: Any = None, y: Any = None, *, loss: Any = None, **settings: Any) -> None:
        """See the class; a model is looked at once, so that there is something to see."""
        later = {name: settings.pop(name) for name in ("step", "playing") if name in settings}
        self._refuse_unknown(settings, "step", "playing", "loss")
        self._lock = threading.RLock()  # the browser is heard in another thread than fit runs in
        self._recording = Recording()
        self._not_before = 0.0
        self._observed: Any = None
        # the stack that was last computed here, with all that it was made from and the step that it has come to
        self._computed: tuple[Settings, dict[str, Any], int, list[Dense]] | None = None
        super().__init__(_key=uuid4().hex, **settings)
        if model is not None:
            self._watch(model, x, y, loss)
        elif x is not None or y is not None:
            raise CourseError("`x` and `y` are for a model, and there is none: GradientFlow(model, x, y).")
        for name, value in later.items():
            setattr(self, name, value)
        self._remember_start()

    def flow(self) -> list[LayerSizes]:
        """What is shown: for each layer the sizes of its outputs and gradients.

        Returns:
            The layers from the input to the output.

        Example:
            >>> [row.weights.mean for row in GradientFlow(depth=3).flow()]
            [0.00012, 0.00061, 0.0025, 0.13]
        """
        return list(self._look().layers)

    def reset(self) -> None:
        """Goes back to how the widget began, untrained."""
        super().reset()
        with self.hold_sync():
            self.playing, self.step = False, 0

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """The points that the stack is trained on, and which arm of the spiral each is on.

        Returns:
            256 × 2 and 256 numbers, float32.

        Example:
            >>> x, y = widget.data()
        """
        return two_spirals()

    def keras_model(self) -> Any:
        """The stack as a compiled Keras model, with the very weights that it has now.

        Returns:
            A Functional model that takes two numbers and returns a logit.

        Raises:
            CourseError: If the widget shows a Keras model already.

        Example:
            >>> widget.keras_model().evaluate(*widget.data(), verbose=0)
            0.863
        """
        if self._observed is not None:
            raise CourseError("This widget shows a Keras model of yours already: use that one.")
        from dlcourse.widgets.gradient_flow.keras_model import as_keras

        return as_keras(self._stack(), self._stack_settings(), two_spirals()[0])

    def record(self) -> None:
        """Looks at the network now, for a training loop of your own; `callback` does it during `fit`.

        Raises:
            CourseError: If there is no model.

        Example:
            >>> widget.record()
        """
        frames = self._recording.frames
        self._take(frames[-1].step + 1 if frames else 0, frames[-1].epoch if frames else 0)

    def callback(self, every: int = 20) -> Any:
        """A Keras callback that records a training: what it sees is shown at once, and can be played back after.

        Args:
            every: After how many batches it looks.

        Returns:
            What `fit` takes in its list of callbacks.

        Raises:
            CourseError: If there is no model, or `every` is no whole number from 1 on.

        Example:
            >>> model.fit(x, y, callbacks=[widget.callback(every=5)])
        """
        self._need_model()
        every = whole("every", 1, 10**6)(every)
        from dlcourse.widgets.gradient_flow.callback import FlowCallback

        return FlowCallback(self, self._model, every)

    # a model of the learner's

    def _watch(self, model: Any, x: Any, y: Any, loss: Any) -> None:
        if x is None or y is None:
            raise CourseError("A gradient needs examples and their answers, too: GradientFlow(model, x, y).")
        from dlcourse.lens.flow import FlowSizes

        observed = FlowSizes(model, loss)
        if not hasattr(x, "__len__") or not hasattr(y, "__len__") or len(x) != len(y):
            sizes = " and ".join(str(len(array)) if hasattr(array, "__len__") else "no array" for array in (x, y))
            raise CourseError(f"`x` and `y` must be arrays with as many examples as answers, but they are {sizes}.")
        if not len(x):
            raise CourseError("`x` holds no examples: give some, as in GradientFlow(model, x[:128], y[:128]).")
        rows = np.unique(np.linspace(0, len(x) - 1, _LOOKED_AT).round().astype(int))
        self._examples = np.asarray(x)[rows], np.asarray(y)[rows]
        self._model, self._observed = model, observed
        self._take(0, 0)

    def _need_model(self) -> None:
        if self._observed is None:
            raise CourseError("This GradientFlow has no model to look at: make one by GradientFlow(model, x, y).")

    def _take(self, step: int, epoch: int) -> None:
        """Looks at the model, and shows it unless something was shown a moment ago."""
        self._need_model()
        loss, rows = self._observed(*self._examples)
        with self._lock:
            frames = self._recording.frames
            if frames and frames[-1].step == step:
                return  # fit begins where the widget has looked
            self._recording.add(step, epoch, loss, rows)
        self._push()

    def _push(self, *, also_soon: bool = False) -> None:
        begin = time.perf_counter()
        if begin < self._not_before and not also_soon:
            return
        with self._lock:
            self._record = self._recording.to_browser()
        end = time.perf_counter()
        self._not_before = end + max(_PAUSE, _SHARE * (end - begin))

    # to the browser and back

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """What the browser has changed."""
        with self._lock:
            super().set_state(sync_data)

    @observe(*Settings.__dataclass_fields__)
    def _begun_anew(self, _: Any) -> None:
        self.step = 0

    # the stack

    def _stack_settings(self) -> Settings:
        return Settings(**{name: getattr(self, name) for name in Settings.__dataclass_fields__})

    def _stack(self) -> list[Dense]:
        """The layers as they are now: as the browser left them, or computed here."""
        settings, trained, step = self._stack_settings(), self._trained, self.step
        x, y = two_spirals()
        computed = self._computed
        if computed and computed[0] == settings and computed[1] is trained and computed[2] <= step:
            begin, stack = computed[2:]
        else:
            begin, stack = 0, deep_stack.new_stack(settings, x.shape[1])
            if trained and trained["of"] == list(vars(settings).values()) and trained["step"] <= step:
                begin = trained["step"]
                stack = deep_stack.from_line(np.frombuffer(trained["weights"], "float32"), stack)
        stack = deep_stack.trained(stack, x, y, settings, range(begin, step))
        self._computed = settings, trained, step, stack
        return stack

    def _pass(self) -> tuple[float, list[LayerSizes]]:
        """The loss of the batch that comes next, and what passes through each layer."""
        settings = self._stack_settings()
        x, y = two_spirals()
        rows = deep_stack.batch_of(self.step, len(x), settings)
        stack = self._stack()
        with np.errstate(all="ignore"):
            passed = deep_stack.run(stack, x[rows], y[rows], settings)
            return passed.loss, deep_stack.layer_sizes(stack, passed, settings)

    # where no widget lives

    def _look(self) -> _Look:
        if self._observed is not None:
            with self._lock:
                frames = self._recording.frames
                frame = frames[min(self.frame, len(frames)) - 1]
                layers = unpack(frame.numbers, self._recording.layers)
            return _Look(f"{self._model.name}, after {frame.step} batches", frame.loss, layers)
        parts = [f"{self.depth} layers of {self.width} units, {self.activation}, weights: {self.initialization}"]
        parts += ["batch normalisation"] * self.batch_norm + ["residual links"] * self.residual
        loss, rows = self._pass()
        return _Look(f"{', '.join(parts)}; step {self.step}", loss, rows)

    def _in_words(self, look: _Look) -> str:
        return f"GradientFlow: {look.title}. {verdict(look.layers, self.gradients)} The loss is {digits(look.loss)}."

    def _still(self, look: _Look) -> Sheet:
        text = verdict(look.layers, self.gradients)
        return flow_sheet(f"{look.title}, loss {digits(look.loss)}", look.layers, self.gradients, text)
