"""Playground from Python, and its JavaScript arithmetic in node; the browser is in tests/browser/test_playground.py."""

import base64
import io
from itertools import pairwise

import keras
import numpy as np
import pytest
import tensorflow as tf
from displayed import words_of
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from properties import examples

from dlcourse.data.planes import KINDS, plane
from dlcourse.errors import CourseError
from dlcourse.lens import decision_surface
from dlcourse.widgets import Playground
from dlcourse.widgets.playground.network import (
    ACTIVATIONS,
    FEATURES,
    STANDARD,
    features_of,
    first_weights,
    outputs_of,
    planes_sent,
    training_part,
)
from dlcourse.widgets.shared.palette import PALETTE, rgb

IN_JS = {"playground/network.js": "LOSSES, backward, dense, forward, optimizer, penalty, setWeights, weightsOf"}
MAKE = """
    const layers = dense(state.sizes, state.activations);
    setWeights(layers, state.weights);
"""


@st.composite
def networks(draw):
    """A random network of random widths and activations, with a batch and its answers."""
    sizes = draw(st.lists(st.integers(1, 7), min_size=2, max_size=5))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count = draw(st.integers(1, 9))
    loss = draw(st.sampled_from(["binary_crossentropy", "mean_squared_error"]))
    weights = []
    for before, units in pairwise(sizes):
        weights += [generator.normal(size=(before, units)), generator.normal(size=units)]
    targets = generator.normal(size=(count, sizes[-1]))
    return {
        "sizes": sizes,
        "activations": [draw(st.sampled_from(list(ACTIVATIONS))) for _ in sizes[2:]] + ["linear"],
        "weights": [array.tolist() for array in weights],
        "x": generator.normal(size=(count, sizes[0])).tolist(),
        "y": (targets > 0).astype(float).tolist() if loss == "binary_crossentropy" else targets.tolist(),
        "loss": loss,
        "l1": draw(st.sampled_from([0.0, 0.01])),
        "l2": draw(st.sampled_from([0.0, 0.05])),
        "rule": draw(st.sampled_from(["sgd", "momentum", "adam"])),
        "rate": draw(st.sampled_from([0.003, 0.1])),
        "steps": 5,
    }


def collected(strategy, times):
    cases = []

    @examples(times)
    @given(strategy)
    def collect(case):
        cases.append(case)

    collect()
    return cases


def exact(name):
    """Keras' activation in double precision; TensorFlow's gelu is approximate unless told otherwise."""
    return (lambda x: tf.nn.gelu(x, approximate=False)) if name == "gelu" else name


def in_keras(case):
    """The same network in Keras, in float64."""
    model = keras.Sequential([keras.Input((case["sizes"][0],), dtype="float64")])
    for units, activation in zip(case["sizes"][1:], case["activations"], strict=True):
        costs = keras.regularizers.L1L2(case["l1"], case["l2"])
        layer = keras.layers.Dense(units, activation=exact(activation), kernel_regularizer=costs, dtype="float64")
        model.add(layer)
    model.set_weights([np.array(array) for array in case["weights"]])
    return model


def loss_in_keras(case, model, x, y):
    answers = model(x)
    if case["loss"] == "mean_squared_error":
        error = tf.reduce_mean((answers - y) ** 2)
    else:
        error = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y, answers))
    return answers, error, error + tf.add_n(model.losses)


def close(one, other, atol=1e-7):
    np.testing.assert_allclose(np.asarray(one, float).ravel(), np.asarray(other, float).ravel(), atol=atol, rtol=1e-6)


# numbers


@pytest.mark.slow
def test_forward_and_backward_are_those_of_keras(in_node):
    cases = collected(networks(), 1.5)
    answers = in_node(
        IN_JS,
        MAKE
        + """
        const pass = forward(layers, state.x.flat(), state.x.length);
        const { loss, gradient } = LOSSES[state.loss](pass.outputs.at(-1), state.y.flat());
        const back = backward(layers, pass, gradient);
        const cost = penalty(layers, state, back.gradients);
        const weights = back.gradients.flatMap(({ kernel, bias }) => [kernel, bias]);
        return [pass.outputs.at(-1), loss, loss + cost, weights, back.inputs];
        """,
        cases,
    )
    for case, (outputs, loss, total, gradients, by_inputs) in zip(cases, answers, strict=True):
        model = in_keras(case)
        x, y = tf.constant(case["x"], tf.float64), tf.constant(case["y"], tf.float64)
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(x)
            expected, error, whole = loss_in_keras(case, model, x, y)
        close(outputs, expected)
        close(loss, error)
        close(total, whole)
        close(by_inputs, tape.gradient(error, x))
        for gradient, weight in zip(gradients, model.trainable_variables, strict=True):
            close(gradient, tape.gradient(whole, weight.value))


@pytest.mark.slow
def test_optimisers_step_as_those_of_keras(in_node):
    cases = collected(networks(), 0.6)
    answers = in_node(
        IN_JS,
        MAKE
        + """
        const rule = optimizer(state.rule, state.rate);
        for (let step = 0; step < state.steps; step++) {
          const pass = forward(layers, state.x.flat(), state.x.length);
          const { gradient } = LOSSES[state.loss](pass.outputs.at(-1), state.y.flat());
          const { gradients } = backward(layers, pass, gradient);
          penalty(layers, state, gradients);
          rule.step(layers, gradients);
        }
        return weightsOf(layers);
        """,
        cases,
    )
    rules = {
        "sgd": lambda rate: keras.optimizers.SGD(rate),
        "momentum": lambda rate: keras.optimizers.SGD(rate, momentum=0.9),
        "adam": lambda rate: keras.optimizers.Adam(rate),
    }
    for case, weights in zip(cases, answers, strict=True):
        model, rule = in_keras(case), rules[case["rule"]](case["rate"])
        x, y = tf.constant(case["x"], tf.float64), tf.constant(case["y"], tf.float64)
        for _ in range(case["steps"]):
            with tf.GradientTape() as tape:
                whole = loss_in_keras(case, model, x, y)[2]
            values = [weight.value for weight in model.trainable_variables]
            rule.apply(tape.gradient(whole, values), model.trainable_variables)
        for array, expected in zip(weights, model.get_weights(), strict=True):
            # where a gradient is next to nothing, Adam divides by it, and Keras' own constants are float32
            close(np.hstack([np.ravel(row) for row in array]), expected, atol=1e-5)


def test_python_and_the_browser_begin_alike(in_node):
    cases = [
        {"sizes": [2, 4, 3, 1], "seed": 0},
        {"sizes": [7, 8, 1], "seed": 2**32 - 1},
        {"sizes": [1, 1], "seed": 12345},
    ]
    body = """
        const layers = dense(state.sizes, state.sizes.slice(1).map(() => "tanh"));
        initialise(layers, random(state.seed));
        return weightsOf(layers);
    """
    for case, weights in zip(
        cases, in_node({"playground/network.js": "dense, initialise, random, weightsOf"}, body, cases), strict=True
    ):
        assert weights == first_weights(case["sizes"][0], case["sizes"][1:-1], case["seed"])
        limit = (6 / sum(case["sizes"][:2])) ** 0.5
        assert 0 < np.abs(weights[0]).max() < limit


def test_points_and_their_features_are_those_of_python(in_node):
    frame = {"x": [0, 90], "y": [-5, 5], "center": [40.0, -1.0], "scale": [20.0, 2.0]}
    cases = [
        {"sent": planes_sent()[kind], "noise": noise, "share": share, "frame": frame, "names": list(FEATURES)}
        for kind, noise, share in zip(KINDS, [0, 0.1, 0.15, 0.3, 0.5], [0.1, 0.3, 0.5, 0.7, 0.9], strict=True)
    ]
    answers = in_node(
        {"playground/planes.js": "inputsOf, noisy, split, unpackedPlane"},
        """
        const points = noisy(unpackedPlane(state.sent), state.noise);
        const [training, test] = split(points, state.share);
        return [points.x, points.y, training.x, test.y, inputsOf(points.x, state.names, state.frame)];
        """,
        cases,
    )
    for kind, case, (x, y, x_training, y_test, inputs) in zip(KINDS, cases, answers, strict=True):
        expected = plane(kind, 400, case["noise"])
        close(x, expected.x, 1e-6)
        close(y, expected.y)
        part = training_part(400, case["share"])
        assert abs(part.sum() - 400 * case["share"]) <= 1
        close(x_training, expected.x[part], 1e-6)
        close(y_test, expected.y[~part])
        close(inputs, features_of(expected.x, case["names"], frame), 1e-5)


def test_more_training_points_leave_the_others_in_their_roles():
    parts = [training_part(300, share) for share in np.linspace(0.1, 0.9, 9)]
    assert all((smaller <= larger).all() for smaller, larger in pairwise(parts))
    np.testing.assert_array_equal(training_part(100, 0.5), training_part(300, 0.5)[:100])


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_numpy_computes_what_keras_does(activation):
    widget = Playground(layers=[5, 3], activation=activation, features=["x1", "x2", "x1*x2"], seed=4)
    points = np.random.default_rng(1).normal(size=(40, 2))
    outputs = outputs_of(widget.weights, activation, widget.inputs(points))[-1]
    expected = widget.to_keras()(widget.inputs(points).astype("float32"))
    np.testing.assert_allclose(outputs, expected, atol=1e-5)


def test_a_border_lies_where_the_numbers_change_sign(in_node):
    size = 9
    row, column = np.indices((size, size)) - size // 2
    circle = (np.hypot(row, column) - 2.6).ravel().tolist()
    lines = np.array(in_node({"playground/planes.js": "zeroLines"}, f"return zeroLines(state, {size});", [circle])[0])
    assert len(lines) > 12
    ends = lines.reshape(-1, 2) - size // 2
    np.testing.assert_allclose(np.hypot(*ends.T), 2.6, atol=0.1)
    assert in_node({"playground/planes.js": "zeroLines"}, "return zeroLines(state, 3);", [[1.0] * 9, [0.0] * 9]) == [
        [],
        [],
    ]


def test_an_epoch_shows_every_point_once_in_another_order(in_node):
    body = "return [shuffled(40, 3, state), shuffled(40, 3, state)];"
    orders = in_node({"playground/training.js": "shuffled"}, body, [0, 1])
    assert all(once == again and sorted(once) == list(range(40)) for once, again in orders)
    assert orders[0][0] != orders[1][0]


def test_a_long_history_keeps_its_ends(in_node):
    rows = [[epoch, 1, 1] for epoch in range(1, 243)]
    kept = in_node({"playground/training.js": "thinned"}, "return thinned(state);", [rows, rows[:50]])
    assert len(kept[0]) < 130
    assert (kept[0][0], kept[0][-1]) == (rows[0], rows[-1])
    assert kept[1] == rows[:50]


def test_the_code_shown_gives_the_very_network(in_node):
    own = np.random.default_rng(0).normal(size=(30, 2)) * [30, 4] + [100, -20]
    widgets = [
        Playground(),
        Playground(data="xor", features=["x1*x2", "sin(pi*x1)"], layers=[], regularization="l2", seed=3),
        Playground(
            own, own[:, 0] > 100, layers=[8, 1, 2], activation="relu", optimizer="momentum", regularization="l1"
        ),
    ]
    names = "data noise features layers activation optimizer learning_rate regularization rate batch weights".split()
    cases = [{name: getattr(widget, name) for name in names} | {"frame": widget._frame()} for widget in widgets]
    body = "return playgroundCode(state);"
    for widget, code in zip(widgets, in_node({"playground/code.js": "playgroundCode"}, body, cases), strict=True):
        points = own if widget.data == "yours" else plane(widget.data, 400, widget.noise).x
        known = {"points": points}
        exec(code, known)
        model = known["model"]
        assert type(model) is keras.Sequential
        expected = widget.to_keras().predict(widget.inputs(points), verbose=0)
        np.testing.assert_allclose(known["probabilities"], expected, atol=1e-5)
        optimizers = [model.optimizer.get_config() | {"name": ""} for model in (model, widget.to_keras())]
        assert optimizers[0] == optimizers[1]
        assert (
            model.layers[-1].get_config()["kernel_regularizer"]
            == (widget.to_keras().layers[-1].get_config()["kernel_regularizer"])
        )


# models of the learner's


def sequential(*layers, **settings):
    return keras.Sequential([keras.Input((2,)), *layers], **settings)


def randomised(model):
    generator = np.random.default_rng(3)
    model.set_weights([generator.normal(size=array.shape) for array in model.get_weights()])
    return model


D = keras.layers.Dense
MODELS = {
    "sigmoid": (lambda: sequential(D(4, "tanh"), D(3, "tanh"), D(1, "sigmoid")), [4, 3], "tanh"),
    "softmax": (lambda: sequential(D(8, "relu"), D(2, "softmax")), [8], "relu"),
    "tanh": (lambda: sequential(D(2), keras.layers.Activation("elu"), D(1, "tanh")), [2], "elu"),
    "logit": (
        lambda: sequential(D(5, use_bias=False), keras.layers.ReLU(), keras.layers.Dropout(0.5), D(1)),
        [5],
        "relu",
    ),
    "line": (lambda: sequential(D(1, "sigmoid")), [], "tanh"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_a_small_model_becomes_the_network(name):
    make, layers, activation = MODELS[name]
    model = randomised(make())
    widget = Playground(model=model)
    assert (widget.layers, widget.activation, widget.show) == (layers, activation, "network")
    points = np.random.default_rng(0).normal(size=(50, 2))
    predictions = widget.to_keras().predict(widget.inputs(points), verbose=0)[:, 0]
    answers = model.predict(points, verbose=0)
    expected = {
        "sigmoid": lambda: answers[:, 0],
        "line": lambda: answers[:, 0],
        "softmax": lambda: answers[:, 1],
        "tanh": lambda: (answers[:, 0] + 1) / 2,
        "logit": lambda: 1 / (1 + np.exp(-answers[:, 0])),
    }[name]()
    np.testing.assert_allclose(predictions, expected, atol=1e-5)


def functional():
    inputs = keras.Input((2,))
    return keras.Model(inputs, D(1, "sigmoid")(keras.layers.Concatenate()([inputs, D(3)(inputs)])))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: sequential(D(64, "relu"), D(1, "sigmoid")), "it has hidden layers of 64 units"),
        (lambda: sequential(D(3, "relu"), D(3, "tanh"), D(1, "sigmoid")), "it mixes relu and tanh"),
        (lambda: sequential(keras.layers.BatchNormalization(), D(1, "sigmoid")), "it has a BatchNormalization"),
        (lambda: sequential(D(3, "softsign"), D(1, "sigmoid")), "its activation is softsign"),
        (functional, "it is no Sequential"),
    ],
)
def test_of_any_other_model_the_answers_are_seen(make, why):
    model = randomised(make())
    widget = Playground(model=model)
    assert widget.show == "model"
    assert widget._model["why"] == why
    surface = np.frombuffer(widget._model["standard"], "<f4").reshape(80, 80)
    edge = 1.7 - 1.7 / 80
    expected = decision_surface(model, bounds=((-edge, edge), (-edge, edge)), resolution=80).outputs[::-1, :, 0]
    np.testing.assert_allclose(surface, expected, atol=1e-5)
    (x, y), _ = widget.split()
    wrong = np.mean((model.predict(x, verbose=0)[:, 0] > 0.5) != y)
    assert f"Your model {model.name}: {round(100 * wrong)} % of the training points" in words_of(widget)
    widget.show = "network"
    assert "A network with hidden layers of 4 and 3 neurons" in words_of(widget)


def test_another_model_is_shown_in_its_place():
    widget = Playground(model=randomised(sequential(D(64, "relu"), D(1, "sigmoid"))))
    small = randomised(sequential(D(2, "tanh"), D(1, "sigmoid")))
    widget.show_model(small)
    assert (widget.show, widget.layers, widget._model) == ("network", [2], {})
    np.testing.assert_allclose(widget.weights[0], small.get_weights()[0])
    widget.layers = [5]
    widget.reset()
    np.testing.assert_allclose(widget.weights[0], small.get_weights()[0])


# state


def test_the_default_is_a_full_demonstration():
    widget = Playground()
    (x, y), (x_test, _) = widget.split()
    assert (len(x), len(x_test)) == (200, 200)
    assert 80 < y.sum() < 120
    points = plane("moons", 400, 0.15)
    np.testing.assert_allclose(sorted(map(tuple, [*x, *x_test])), sorted(map(tuple, points.x)), atol=1e-6)


def test_traits_are_read_and_set_from_a_cell():
    widget = Playground(layers=(4,), seed=2)
    begun = widget.weights
    widget.epoch, widget.weights = 7, [np.ones_like(array) for array in map(np.array, begun)]
    widget.noise = 0.3  # goes on learning
    assert widget.epoch == 7
    for name, value in [("layers", [2, 3]), ("features", ["x2", "x1^2", "x1"]), ("seed", 9), ("data", "spiral")]:
        widget.epoch = 7
        setattr(widget, name, value)
        assert widget.epoch == 0
        assert np.shape(widget.weights[0]) == (len(widget.features), widget.layers[0])
    assert widget.features == ["x1", "x2", "x1^2"]
    widget.reset()
    assert (widget.weights, widget.data, widget.layers, widget.seed) == (begun, "moons", [4], 2)
    widget.to_keras()  # fits


def test_trained_weights_come_back_from_keras():
    widget = Playground(data="gaussians", layers=[3])
    model = widget.to_keras()
    (x, y), _ = widget.split()
    model.fit(widget.inputs(x), y, epochs=3, verbose=0)
    widget.weights = model.get_weights()
    np.testing.assert_allclose(widget.weights[0], model.get_weights()[0])


def test_the_browser_says_what_it_has_trained():
    begun = [np.full(np.shape(array), 0.25).tolist() for array in first_weights(2, [4, 3], 0)]
    widget = Playground(weights=begun)  # as after another training
    fresh = first_weights(2, [3], 5)
    widget.set_state({"layers": [3], "weights": fresh, "epoch": 0, "seed": 5})
    assert (widget.weights, widget.layers) == (fresh, [3])
    trained = [np.full(np.shape(array), 0.5).tolist() for array in fresh]
    widget.set_state({"weights": trained, "epoch": 12, "history": [[12, 0.3, 0.4]]})
    widget.set_state({"points": [[0.1, 0.2, 1]], "data": "yours"})  # painted: the network stays
    assert (widget.weights, widget.epoch, widget.points) == (trained, 12, [[0.1, 0.2, 1]])
    widget.set_state(widget._start)
    assert (widget.weights, widget.data) == (begun, "moons")


def test_own_points_of_any_size_are_seen_and_learned():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(90, 2)) * [15, 0.02] + [170, 3]
    y = np.where(x[:, 0] > 170, 1, -1)
    widget = Playground(x, y)
    assert widget.data == "yours"
    (x_training, y_training), (x_test, _) = widget.split()
    assert len(x_training) + len(x_test) == 90
    assert set(y_training) == {0, 1}
    frame = widget._frame()
    assert frame["x"][0] < x[:, 0].min() < x[:, 0].max() < frame["x"][1]
    assert np.abs(widget.inputs(x)).max() < 1.7  # scaled for the network
    widget.points = [[0, 0, 0], [1, 1, 1]]
    assert widget._plane == STANDARD
    widget.data = "xor"
    np.testing.assert_allclose(widget.inputs([[0.5, 0.25]]), [[0.5, 0.25]])
    many = Playground(generator.normal(size=(5000, 2)), generator.integers(0, 2, 5000))
    assert len(many.points) == 1000
    assert len(Playground(x[:6], np.eye(2)[[0, 1, 1, 0, 0, 1]]).points) == 6


# mistakes

X, Y = np.random.default_rng(0).normal(size=(6, 2)), np.array([0, 1, 0, 1, 0, 1])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"x": X}, "`x` came without `y`: points need both, as in Playground(x, y)."),
        ({"y": Y}, "`y` came without `x`"),
        ({"x": X[:, :1], "y": Y}, "a row of two numbers each, but its shape is (6, 1)."),
        ({"x": X, "y": Y[:4]}, "a class for each of the 6 points, but its shape is (4,)."),
        ({"x": X, "y": Y + 1}, "the classes 0 and 1, or −1 and 1, but it holds 1, 2."),
        ({"x": X * np.nan, "y": Y}, "`x` holds 12 values that are NaN or infinite: leave those points out."),
        ({"x": [[1, 2], [3]], "y": [0, 1]}, "rows of different length"),
        ({"x": "moons", "y": Y}, "`x` must be an array of numbers, but it is of type str."),
        ({"data": "moon"}, "There is no data 'moon'. Did you mean 'moons'?"),
        ({"layers": [4, 9]}, "the neurons of at most 6 hidden layers, 1 to 8 each, as in [4, 2], but it is [4, 9]."),
        ({"layers": [1] * 7}, "at most 6 hidden layers"),
        ({"layers": 4}, "but it is 4."),
        ({"features": []}, "`features` must name at least one of x1, x2"),
        ({"features": ["x3"]}, "There is no feature 'x3'."),
        ({"activation": "Tanh"}, "There is no activation 'Tanh'. Did you mean 'tanh'?"),
        ({"learning_rate": 0}, "`learning_rate` must be a number from 1e-06 to 10, but it is 0."),
        ({"learning_rate": float("nan")}, "but it is nan."),
        ({"regularization": "l3"}, "There is no regularization 'l3'."),
        ({"noise": 2}, "`noise` must be a number from 0 to 0.5, but it is 2."),
        ({"share": 1}, "`share` must be a number from 0.1 to 0.9, but it is 1."),
        ({"batch": 0}, "`batch` must be a whole number from 1 to 1000, but it is 0."),
        ({"playing": 1}, "`playing` must be True or False"),
        ({"points": [[1, 2]]}, "`points` must hold [x1, x2, class] for each point, the class 0 or 1"),
        ({"points": [[1, 2, 3]]}, "the class 0 or 1"),
        ({"points": "many"}, "but it is 'many'."),
        ({"weights": [[[1, 2]], [1, 2]]}, "`weights` have the shapes [(1, 2), (2,)], but 2 features and the layers"),
        ({"weights": [[np.nan]]}, "NaN or infinite: train again with a smaller learning rate."),
        ({"weights": 3}, "as model.get_weights() gives them, but it is 3."),
        ({"show": "model"}, "pass one, as in Playground(model=model)."),
        ({"layer": [3]}, "There is no argument of Playground 'layer'. Did you mean 'layers'?"),
        ({"model": 3}, "`model` must be a Keras model, but it is of type int."),
        ({"model": keras.Sequential([D(1)], name="raw")}, "The model 'raw' is not built"),
        ({"model": keras.Sequential([keras.Input((3,)), D(1)], name="three")}, "'three' takes [(3,)]"),
        ({"model": sequential(D(10, "softmax"), name="ten")}, "'ten' puts out (10,) for a point"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(arguments, sentence):
    with pytest.raises(CourseError) as error:
        Playground(**arguments)
    assert sentence in str(error.value)
    assert str(error.value).endswith(".")


def test_a_refused_value_leaves_the_widget_as_it_was():
    widget = Playground()
    before = widget.get_state()
    for name, value in [("layers", [0]), ("weights", [[1]]), ("points", [[np.nan, 0, 1]]), ("show", "model")]:
        with pytest.raises(CourseError):
            setattr(widget, name, value)
    assert widget.get_state() == before


# still picture


@pytest.mark.parametrize("name", ["default", "spiral", "own", "model"])
def test_a_still_picture_and_words_stand_in_for_it(name):
    widget = {
        "default": lambda: Playground(),
        "spiral": lambda: Playground(data="spiral", layers=[8] * 6, features=list(FEATURES)),
        "own": lambda: Playground(X * 100, Y),
        "model": lambda: Playground(model=randomised(sequential(D(20, "relu"), D(1, "sigmoid")))),
    }[name]()
    data, metadata = widget._repr_mimebundle_()
    png = base64.b64decode(data["image/png"])
    assert len(png) < 150_000
    with Image.open(io.BytesIO(png)) as still:
        assert still.width == 2 * metadata["image/png"]["width"]
        colours = np.asarray(still.convert("RGB")).reshape(-1, 3).astype(int)
    for colour in (PALETTE["diverging"]["light"][0], PALETTE["diverging"]["light"][-1]):
        assert (np.abs(colours - rgb(colour)).sum(1) < 40).sum() > 30  # points of both classes
    assert data["text/plain"].endswith("on the wrong side.")


def test_words_count_what_is_wrong():
    widget = Playground(data="gaussians", noise=0.0, layers=[])
    widget.weights = [[[5.0], [5.0]], [0.0]]
    widget.epoch = 120
    assert words_of(widget) == (
        "Playground: gaussians, 200 points for training and 200 for the test. A network with no hidden layer. "
        "After 120 epochs: 0 % of the training points and 0 % of the test points are on the wrong side."
    )
    widget.weights = [[[-5.0], [-5.0]], [0.0]]
    assert "100 % of the training points" in words_of(widget)
    assert words_of(Playground(data="yours")).endswith("there are no points yet.")
