"""What a display needs is computed once, and what was computed is never shown when it is no longer true."""

import keras
import numpy as np
import pytest
from displayed import words_of
from keras import layers

import dlcourse.lens.layer_outputs
import dlcourse.lens.precision
from dlcourse import widgets
from dlcourse.widgets import (
    ablation,
    activations,
    augmenter,
    convolution_steps,
    kernels,
    optimizers,
    orbit,
    picture_map,
    predict,
    quiz,
    receptive_field,
    recurrent,
    threshold,
)
from dlcourse.widgets import gradient_flow as flow
from dlcourse.widgets import training_board as board
from dlcourse.widgets.bits import network as bits_network
from dlcourse.widgets.gradient_flow import deep_stack


@pytest.fixture
def calls(monkeypatch):
    """Counts the calls of a function that something else calls by its name in a module or a class."""

    def count(owner, name):
        function, recorded = getattr(owner, name), []

        def counted(*arguments, **settings):
            recorded.append(arguments)
            return function(*arguments, **settings)

        monkeypatch.setattr(owner, name, counted)
        return recorded

    return count


class Counting(keras.Sequential):
    """A network that counts how often it is asked."""

    asked = 0

    def __call__(self, *arguments, **settings):
        Counting.asked += 1
        return super().__call__(*arguments, **settings)


def points_network():
    return keras.Sequential([keras.Input((2,)), layers.Dense(20, "relu"), layers.Dense(1, "sigmoid")])


def pictures_network(browser=True):
    """With layers that the browser can run, or with one that only Python can."""
    kind = layers.Conv2D if browser else layers.Conv2DTranspose
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            kind(3, 3, name="first"),
            layers.SeparableConv2D(4, 3, name="separable"),
            layers.Flatten(),
            layers.Dense(10, "softmax"),
        ]
    )


# for each widget: how it is made, what computes what it shows, and how often that is called for one display
DISPLAYS = {
    "Ablation": (
        lambda: widgets.Ablation(
            pictures_network(), np.ones((3, 28, 28, 1)), [0, 1, 2], loss="sparse_categorical_crossentropy"
        ),
        ablation.Network,
        "outputs",
        0,
    ),
    "Activations": (lambda: widgets.Activations(["relu", "tanh"]), activations.Activations, "_curve", 2),
    "Augmenter": (lambda: widgets.Augmenter(), augmenter, "copies", 4),
    "Bits": (lambda: widgets.Bits(), bits_network.TinyExample, "outputs_with", 1),
    "Bits in Python": (
        lambda: widgets.Bits(pictures_network(browser=False), np.ones((3, 28, 28, 1))),
        dlcourse.lens.precision,
        "outputs_with",
        1,
    ),
    "ConvolutionSteps": (lambda: widgets.ConvolutionSteps(), convolution_steps, "convolution_matrix", 4),
    "FeatureMaps": (
        lambda: widgets.FeatureMaps(pictures_network(), "cat", scale="0 to 1"),
        dlcourse.lens.layer_outputs,
        "activations",
        1,
    ),
    "FeatureMaps in Python": (
        lambda: widgets.FeatureMaps(pictures_network(browser=False), "cat", scale="0 to 1"),
        dlcourse.lens.layer_outputs,
        "activations",
        1,
    ),
    "GradientFlow": (lambda: widgets.GradientFlow(step=20), deep_stack, "run", 21),
    "GradientFlow of a model": (
        lambda: widgets.GradientFlow(points_network(), np.ones((9, 2)), np.ones((9, 1)), loss="mse"),
        flow,
        "unpack",
        1,
    ),
    "Kernels": (lambda: widgets.Kernels(), kernels, "convolve", 1),
    "Optimizers": (lambda: widgets.Optimizers(), optimizers, "descent_path", 3),
    "Orbit": (lambda: widgets.Orbit(), orbit, "sweep", 1),
    "PaintOut": (
        lambda: widgets.PaintOut(pictures_network(), "cat", scale="0 to 1"),
        dlcourse.lens.layer_outputs,
        "outputs",
        1,
    ),
    "PictureMap": (
        lambda: widgets.PictureMap(np.eye(4), np.zeros((4, 8, 8)), [0, 0, 1, 1], method="pca"),
        picture_map,
        "agreement",
        1,
    ),
    "Playground": (
        lambda: widgets.Playground(model=points_network()),
        dlcourse.lens.layer_outputs,
        "outputs",
        1,
    ),
    "Predict": (lambda: widgets.Predict("How many?", low=0, high=9), predict, "question_still", 1),
    "Quiz": (lambda: widgets.Quiz("split-and-check"), quiz, "asked_lines", 1),
    "ReceptiveField": (lambda: widgets.ReceptiveField(), receptive_field, "units_seen", 1),
    "Recurrent": (lambda: widgets.Recurrent(), recurrent, "unrolled", 1),
    "Threshold": (lambda: widgets.Threshold(), threshold, "best_threshold", 1),
    "TrainingBoard": (lambda: widgets.TrainingBoard(), board, "recorded_runs", 1),
}


@pytest.mark.parametrize("name", DISPLAYS)
def test_a_display_computes_once(name, calls):
    make, owner, function, expected = DISPLAYS[name]
    widget = make()
    recorded = calls(owner, function)
    widget._repr_mimebundle_()
    assert len(recorded) == expected


def test_a_display_of_a_digit_asks_the_network_once():
    model = Counting([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10)])
    widget = widgets.DrawDigit(model, scale="0 to 1")
    Counting.asked = 0
    widget._repr_mimebundle_()
    assert Counting.asked == 1


def test_every_widget_is_held_to_it():
    held = {name.partition(" ")[0] for name in DISPLAYS} | {"DrawDigit"}
    assert held == {name for name in widgets.__all__ if name[0].isupper()} - {"Picture"}


@pytest.mark.parametrize("layer", ["first", "separable: depthwise"])
def test_maps_that_only_python_can_compute_are_computed_once(layer, calls):
    recorded = calls(dlcourse.lens.layer_outputs, "activations")
    widget = widgets.FeatureMaps(pictures_network(browser=False), "cat", scale="0 to 1", layer="first")
    assert len(recorded) == 1
    widget.image = "coffee"
    assert len(recorded) == 2
    widget.show_model(widget._keras)
    assert len(recorded) == 3
    widget.image, widget.layer = "cat", "separable"
    assert len(recorded) == 5
    widget.reset()  # both go back, and the maps are computed for both together
    assert len(recorded) == 6
    assert widget._maps["layer"] == "first"
    np.testing.assert_allclose(np.frombuffer(widget._maps["values"], "float32"), widget.output().ravel(), atol=1e-6)


def test_a_model_that_has_learned_on_is_not_shown_as_it_was():
    model = pictures_network()
    widget = widgets.FeatureMaps(model, "cat", scale="0 to 1", layer="first", position=(3, 3))
    before, still = words_of(widget), widget._still(widget._look()).png()
    model.layers[0].kernel.assign(model.layers[0].kernel + 1)
    assert words_of(widget) != before
    assert widget._still(widget._look()).png() != still


def test_a_stack_is_trained_on_and_not_from_the_start(calls):
    widget = widgets.GradientFlow(depth=3, width=8, step=30)
    trained = calls(deep_stack, "run")
    widget.flow()
    assert len(trained) == 31  # thirty steps, and a look
    widget.flow()
    assert len(trained) == 32
    widget.step = 33
    flow = widget.flow()
    assert len(trained) == 36
    expected = widgets.GradientFlow(depth=3, width=8, step=33).flow()
    assert [row.weights.mean for row in flow] == [row.weights.mean for row in expected]


@pytest.mark.parametrize("change", [{"learning_rate": 0.7}, {"seed": 5}, {"activation": "tanh"}, {"step": 4}])
def test_a_stack_that_has_changed_is_computed_anew(change):
    widget = widgets.GradientFlow(depth=2, width=8, step=9)
    before = widget.flow()
    for name, value in ({"step": 9} | change).items():
        setattr(widget, name, value)
    if "step" not in change:
        widget.step = 9  # which every other change has set back
    expected = widgets.GradientFlow(depth=2, width=8, **({"step": 9} | change)).flow()
    assert [row.weights.mean for row in widget.flow()] == [row.weights.mean for row in expected]
    assert [row.weights.mean for row in widget.flow()] != [row.weights.mean for row in before]


def test_what_the_browser_has_trained_takes_the_place_of_what_was_computed_here():
    widget = widgets.GradientFlow(depth=2, width=4, step=12)
    widget.flow()
    other = deep_stack.new_stack(deep_stack.Settings(**vars(widget._stack_settings()) | {"seed": 9}), 2)
    weights = np.concatenate([array.ravel() for array in deep_stack.weights_in_line(other)]).astype("float32")
    of = list(vars(widget._stack_settings()).values())
    widget._trained = {"of": of, "step": 12, "weights": memoryview(weights.tobytes())}
    shown = np.concatenate([array.ravel() for array in deep_stack.weights_in_line(widget._stack())])
    assert shown == pytest.approx(weights)


def test_pictures_of_ones_own_layers_follow_the_pictures():
    widget = widgets.Augmenter(np.zeros((2, 8, 8, 3), np.uint8), layers=layers.RandomBrightness(0.0))
    widget.images = np.full((3, 8, 8, 3), 200, np.uint8)
    rows = widget._look()
    assert len(rows) == 3
    assert rows[2][0].max() == 200
