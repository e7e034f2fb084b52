"""Playground's modules for the browser, in node: training, state, layout and words."""

from itertools import pairwise

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlcourse.lens import decision_surface
from dlcourse.widgets import Playground
from dlcourse.widgets.playground.network import DEEPEST, FEATURES, STANDARD, WIDEST, planes_sent

FACTS = {"planes": planes_sent(), "standard": STANDARD}
# a model like anywidget's, and a view of it as the entry makes it
MODEL = """
    const traits = state.traits;
    const told = [];
    const model = {
      get: (name) => traits[name],
      set: (name, value) => { traits[name] = value; },
      save_changes: () => told.push({ ...traits }),
    };
    const session = trainer(model, state.facts);
    const viewOf = viewer();
    const look = (local = {}) => viewOf(read(model, TRAITS), session.snapshot(), { ...UNTOUCHED, ...local });
"""
IN_MODEL = {
    "shared/js/model.js": "read",
    "playground/trainer.js": "trainer",
    "playground/state.js": "TRAITS, UNTOUCHED, viewer, shownOf, lossRows, setChosen, newlyStarted, lifted, brushed",
}
TRAITS = [*Playground._settings, "_plane", "_model"]
FRAMES = [STANDARD, {"x": [0, 90], "y": [-5, 5], "center": [40.0, -1.0], "scale": [20.0, 2.0]}]


def case_of(widget, **more):
    state = widget.get_state()
    return {"traits": {name: state[name] for name in TRAITS}, "facts": FACTS, **more}


def random_networks(count):
    """Features and hidden layers, as many kinds as there may be."""
    generator = np.random.default_rng(7)
    names = list(FEATURES)
    for index in range(count):
        kept = sorted(generator.choice(len(names), generator.integers(1, len(names) + 1), replace=False))
        widths = generator.integers(1, WIDEST + 1, index % (DEEPEST + 1)).tolist()
        yield {"features": [names[place] for place in kept], "widths": widths}


# training

SETTINGS = {"batch": 7, "seed": 5, "optimizer": "adam", "learning_rate": 0.03, "regularization": "l2", "rate": 0.01}
TRAINING = """
    const typed = ([inputs, targets]) => ({ inputs: Float64Array.from(inputs), targets: Float64Array.from(targets) });
    const sides = state.sides.map(typed);
    const training = new Training();
    training.take(state.traits);
"""


def training_case(**settings):
    widget = Playground(data="circles", layers=[3, 2], activation="tanh", features=["x1", "x2", "x1*x2"], seed=5)
    sides = [[widget.inputs(x).ravel().tolist(), y.tolist()] for x, y in widget.split()]
    return widget, case_of(widget) | {"sides": sides, "settings": SETTINGS | settings}


@pytest.mark.slow
def test_two_epochs_are_those_of_keras(in_node):
    widget, case = training_case()
    body = """
        const orders = [0, 1].map((epoch) => Array.from(shuffled(sides[0].targets.length, state.settings.seed, epoch)));
        const done = training.train(sides, state.settings, 2);
        return [orders, done, training.told(), training.left];
    """
    [(orders, done, state, left)] = in_node({"playground/training.js": "Training, shuffled"}, TRAINING + body, [case])
    widget.optimizer, widget.learning_rate, widget.regularization, widget.rate = "adam", 0.03, "l2", 0.01
    model, cross_entropy = widget.to_keras(), keras.losses.BinaryCrossentropy()
    sides = [(widget.inputs(x).astype("float32"), y.astype("float32")[:, None]) for x, y in widget.split()]
    history = []
    for epoch, order in enumerate(orders, 1):
        for start in range(0, len(order), 7):
            x, y = (values[order[start : start + 7]] for values in sides[0])
            with tf.GradientTape() as tape:
                loss = cross_entropy(y, model(x)) + tf.add_n(model.losses)
            values = [weight.value for weight in model.trainable_variables]
            model.optimizer.apply(tape.gradient(loss, values), model.trainable_variables)
        history.append([epoch, *(float(cross_entropy(y, model(x))) for x, y in sides)])
    assert (done, left, state["epoch"]) == (pytest.approx(2), 1, 2)
    for array, expected in zip(state["weights"], model.get_weights(), strict=True):
        np.testing.assert_allclose(array, expected, atol=1e-4)
    np.testing.assert_allclose(state["history"], history, atol=1e-4)


def test_training_stops_when_it_is_enough_and_goes_on_where_it_was(in_node):
    _, case = training_case()
    body = """
        let asked = 0;
        const parts = [training.train(sides, state.settings, 1, () => asked++ === 4), training.left];
        parts.push(training.epoch, training.train(sides, state.settings, training.left), training.epoch);
        const whole = new Training();
        whole.take(state.traits);
        whole.train(sides, state.settings, 1);
        return [parts, training.told(), whole.told()];
    """
    [(parts, state, whole)] = in_node({"playground/training.js": "Training"}, TRAINING + body, [case])
    count = len(case["sides"][0][1])
    assert parts == [pytest.approx(28 / count), pytest.approx(1 - 28 / count), 0, pytest.approx(1 - 28 / count), 1]
    assert state == whole


def test_what_grows_beyond_all_bounds_is_taken_back(in_node):
    _, case = training_case(learning_rate=1e300, optimizer="sgd")
    body = """
        const before = training.version;
        const done = training.train(sides, state.settings, 3);
        return [Number.isNaN(done), training.told().weights, training.version > before];
    """
    [(broken, weights, is_new)] = in_node({"playground/training.js": "Training"}, TRAINING + body, [case])
    assert broken
    assert is_new
    assert weights == case["traits"]["weights"]


def test_without_training_points_nothing_is_trained(in_node):
    _, case = training_case()
    case["sides"] = [[[], []], case["sides"][1]]
    body = "return [training.train(sides, state.settings, 3), training.told(), training.judge(sides)[0]];"
    [(done, state, judgement)] = in_node({"playground/training.js": "Training"}, TRAINING + body, [case])
    assert (done, state["epoch"], state["history"]) == (3, 0, [])
    assert state["weights"] == case["traits"]["weights"]
    assert judgement == {"loss": None, "wrong": None}


def test_what_is_set_from_outside_is_taken_over(in_node):
    _, case = training_case()
    other = Playground(layers=[2], features=["x1"], weights=[[[1, 2]], [3, 4], [[5], [6]], [7]])
    case |= {"other": {"features": other.features, "layers": other.layers}, "weights": other.weights}
    body = """
        const sizes = () => training.layers.map(({ inputs, units }) => [inputs, units]);
        const found = [sizes()];
        training.take({ ...state.traits, ...state.other }); // the weights are still on their way
        found.push(sizes(), training.widths);
        training.take({ ...state.traits, ...state.other, weights: state.weights, epoch: 9 });
        found.push(sizes(), training.widths, training.told().weights, training.epoch);
        const { version } = training;
        training.edit({ kind: "kernel", layer: 0, from: 0, to: 1 }, 20);
        training.edit({ kind: "bias", layer: 1, to: 0 }, 70);
        found.push(training.told().weights, training.version - version);
        const told = { ...state.traits, ...state.other, ...training.told() };
        training.recognise(told);
        training.take(told);
        found.push(training.version - version);
        training.forget();
        training.take(told);
        found.push(training.version - version);
        return found;
    """
    [answers] = in_node({"playground/training.js": "Training"}, TRAINING + body, [case])
    before, after = [[3, 3], [3, 2], [2, 1]], [[1, 2], [2, 1]]
    weights = [[[1, 20]], [3, 4], [[5], [6]], [70]]
    assert answers[:3] == [before, before, [3, 2]]
    assert answers[3:7] == [after, [2], other.weights, 9]
    assert answers[7:] == [weights, 2, 2, 3]


def test_the_optimiser_forgets_with_the_weights(in_node):
    _, case = training_case(optimizer="momentum")
    body = """
        const train = () => {
          training.train(sides, state.settings, 1);
          return training.told().weights;
        };
        const first = train();
        training.recognise(training.told());
        training.forget();
        training.take({ ...state.traits });
        const again = [training.told().weights, train()];
        return [first, ...again];
    """
    [(first, between, again)] = in_node({"playground/training.js": "Training"}, TRAINING + body, [case])
    assert between == case["traits"]["weights"]
    assert first != between
    assert again == first


def test_a_counter_set_back_cuts_the_history(in_node):
    _, case = training_case()
    case["traits"] |= {"epoch": 3, "history": [[epoch, 1, 1] for epoch in range(1, 9)]}
    body = "training.train(sides, state.settings, 1); return training.history.map(([epoch]) => epoch);"
    assert in_node({"playground/training.js": "Training"}, TRAINING + body, [case]) == [[1, 2, 3, 4]]


# what is shown


def test_the_answers_are_those_of_the_keras_model(in_node):
    widgets = [
        Playground(layers=[5, 2], activation="relu", seed=3),
        Playground(data="xor", layers=[], seed=1, share=0.8),
        Playground(np.random.default_rng(0).normal(size=(40, 2)), np.arange(40) % 2, activation="selu"),
    ]
    cases = [case_of(widget) for widget in widgets]
    for widget, shown in zip(widgets, in_node(IN_MODEL, MODEL + "return shownOf(look());", cases), strict=True):
        x, y = widget._frame()["x"], widget._frame()["y"]
        margins = [(high - low) / 128 for low, high in (x, y)]  # the places are in the middle of their cells
        bounds = [(low + margin, high - margin) for (low, high), margin in zip((x, y), margins, strict=True)]
        model = widget.to_keras()
        surface = decision_surface(model, bounds=bounds, resolution=64)
        np.testing.assert_allclose(shown["answers"], surface.outputs[::-1, :, 0].ravel(), atol=1e-5)
        assert shown["points"] == [len(labels) for _, labels in widget.split()]
        for side, (points, labels) in zip(("loss", "testLoss"), widget.split(), strict=True):
            answers = model.predict(points, verbose=0)[:, 0]
            assert shown[side] == pytest.approx(float(keras.losses.BinaryCrossentropy()(labels, answers)), abs=1e-5)
            wrong = np.mean((answers > 0.5) != labels)
            assert shown["wrong"][side == "testLoss"] == pytest.approx(wrong, abs=1e-9)
        assert shown["scale"] == [*x, *y]


def test_of_a_large_model_the_answers_between_the_places_are_interpolated(in_node):
    size = 12
    places = (np.arange(size) + 0.5) / size
    surface = 0.9 * places[None, :] - 0.4 * places[:, None] + 0.2  # a plane is interpolated exactly
    generator = np.random.default_rng(4)
    points = generator.uniform(-1.5, 1.5, (60, 2))
    points = points[np.abs(points).max(axis=1) < 1.7 * (1 - 1 / size)]  # beyond the outermost places it is flat
    labels = generator.integers(0, 2, len(points))
    case = case_of(Playground(points, labels, share=0.6), surface=surface.ravel().tolist(), size=size)
    body = """
        const plane = new DataView(Float32Array.from(state.surface).buffer);
        Object.assign(traits, { show: "model", _model: { name: "big", size: state.size, plane, standard: plane } });
        const view = look({ place: [0.5, -0.25], pointed: { kind: "bias", layer: 0, to: 0 } });
        return [view.answers.wrong, view.shareAtPlace, view.neuron, view.byModel, Array.from(view.answers.margins)];
    """
    [(wrong, share, neuron, by_model, margins)] = in_node(IN_MODEL, MODEL + body, [case])

    def at(x):
        return 0.9 * (x[:, 0] + 1.7) / 3.4 - 0.4 * (1.7 - x[:, 1]) / 3.4 + 0.2

    widget = Playground(points, labels, share=0.6)
    expected = [np.mean((at(x) > 0.5) != y) for x, y in widget.split()]
    np.testing.assert_allclose(wrong, expected, atol=1e-9)
    assert share == pytest.approx(at(np.array([[0.5, -0.25]]))[0], abs=1e-6)
    np.testing.assert_allclose(margins, surface.ravel() - 0.5, atol=1e-6)
    assert (neuron, by_model) == (None, True)


def test_nothing_is_computed_anew_where_nothing_changed(in_node):
    body = """
        const [first, again] = [look(), look()];
        const looked = look({ place: [0, 0], pointed: { kind: "bias", layer: 0, to: 1 } });
        const same = [again, looked].map(({ answers, sides }) => [
          answers.pass === first.answers.pass, answers.shares === first.answers.shares, sides === first.sides]);
        session.edit({ kind: "bias", layer: 0, to: 0 }, 0.3);
        const edited = look();
        const painted = [[0, 0, 1]];
        const drawing = [look({ painted }), look({ painted })];
        return [same, edited.answers.pass === first.answers.pass, edited.sides === first.sides,
          drawing[0].sides === drawing[1].sides, drawing[0].answers.pass === edited.answers.pass];
    """
    [(same, *others)] = in_node(IN_MODEL, MODEL + body, [case_of(Playground())])
    assert same == [[True] * 3] * 2
    assert others == [False, True, True, True]


def test_a_neuron_is_looked_at_while_it_is_pointed_at_or_walked_to(in_node):
    hidden, output, weight = (
        {"kind": "bias", "layer": 1, "to": 2},
        {"kind": "bias", "layer": 2, "to": 0},
        {"kind": "kernel", "layer": 1, "from": 0, "to": 2},
    )
    gone = {"kind": "bias", "layer": 1, "to": 3}
    locals_ = [
        ({}, None),
        ({"pointed": hidden}, hidden),
        ({"pointed": output}, None),
        ({"pointed": weight}, None),
        ({"chosen": hidden}, None),
        ({"chosen": hidden, "walking": True}, hidden),
        ({"chosen": hidden, "walking": True, "pointed": output}, None),
        ({"pointed": gone}, None),
        ({"chosen": gone, "walking": True}, None),
    ]
    cases = [case_of(Playground(), local=local) for local, _ in locals_]
    body = "const view = look(state.local); return [view.neuron, view.local.chosen, view.local.pointed];"
    for (local, expected), (neuron, *parts) in zip(locals_, in_node(IN_MODEL, MODEL + body, cases), strict=True):
        assert neuron == expected
        assert parts == [None if (part := local.get(name)) == gone else part for name in ("chosen", "pointed")]


def test_the_curves_end_where_training_is(in_node):
    body = "return lossRows({ history: state.history, epoch: state.epoch, judgements: state.judgements });"
    now = [{"loss": 0.5}, {"loss": None}]
    cases = [
        {"history": [], "epoch": 0, "judgements": now},
        {"history": [[1, 0.7, 0.8]], "epoch": 1, "judgements": now},
        {"history": [[1, 0.7, 0.8]], "epoch": 3, "judgements": now},
        {"history": [], "epoch": 0, "judgements": [{"loss": None}, {"loss": None}]},
    ]
    assert in_node({"playground/state.js": "lossRows"}, body, cases) == [
        [[0, 0.5, None]],
        [[1, 0.7, 0.8]],
        [[1, 0.7, 0.8], [3, 0.5, None]],
        [],
    ]


# what buttons and choices make of it


def test_layers_and_neurons_are_added_and_taken_away(in_node):
    cases = [
        {"widths": network["widths"], "layer": layer, "by": by}
        for network in random_networks(40)
        for by in (1, -1)
        for layer in range(len(network["widths"]))
    ]
    body = "return [deepened(state, state.by), widened(state, state.layer, state.by)];"
    for case, (deeper, wider) in zip(
        cases, in_node({"playground/state.js": "deepened, widened"}, body, cases), strict=True
    ):
        widths, layer, by = case["widths"], case["layer"], case["by"]
        expected = [*widths, min(widths[-1], 4)] if by > 0 else widths[:-1]
        assert deeper == {"complaint": "", "restart": {"layers": expected}}
        changed = [width + by * (place == layer) for place, width in enumerate(widths)]
        assert wider == {"complaint": "", "restart": {"layers": changed}}
    first = in_node({"playground/state.js": "deepened"}, "return deepened({ widths: [] }, 1).restart;", [{}])
    assert first == [{"layers": [4]}]


def test_features_stay_in_their_order_and_one_stays(in_node):
    cases = [{"features": network["features"], "name": name} for network in random_networks(30) for name in FEATURES]
    body = "return featureToggled(state, state.name);"
    answers = in_node({"playground/state.js": "featureToggled"}, body, cases)
    for case, change in zip(cases, answers, strict=True):
        wanted = set(case["features"]) ^ {case["name"]}
        if wanted:
            features = [name for name in FEATURES if name in wanted]
            assert change == {"complaint": "", "restart": {"features": features}}
        else:
            assert list(change) == ["complaint"]
            assert change["complaint"].endswith("leave at least one input on.")


def test_a_data_set_starts_over_and_own_points_bring_a_brush(in_node):
    chosen = {"kind": "bias", "layer": 0, "to": 0}
    cases = [
        {"name": name, "local": {"chosen": chosen, "brush": brush}}
        for name, brush in [("xor", "look"), ("xor", "0"), ("yours", "look"), ("yours", "erase")]
    ]
    body = "return setChosen({ local: state.local }, state.name);"
    assert in_node({"playground/state.js": "setChosen"}, body, cases) == [
        {"complaint": "", "restart": {"data": "xor"}, "local": {"chosen": None}},
        {"complaint": "", "restart": {"data": "xor"}, "local": {"chosen": None}},
        {"traits": {"data": "yours"}, "local": {"chosen": None, "brush": "1"}},
        {"traits": {"data": "yours"}, "local": {"chosen": None, "brush": "erase"}},
    ]


def test_a_new_start_has_the_next_seed_and_play_is_its_own_opposite(in_node):
    body = "return [newlyStarted({ traits: state }).restart.seed, played({ traits: state }).traits.playing];"
    cases = [{"seed": 0, "playing": False}, {"seed": 2**32 - 1, "playing": True}]
    assert in_node({"playground/state.js": "newlyStarted, played"}, body, cases) == [[1, True], [0, False]]


# what the hand does in the network


def parts_in_order(sizes, layer):
    inputs, units = sizes[layer : layer + 2]
    return [
        part
        for to in range(units)
        for part in (
            {"kind": "bias", "layer": layer, "to": to},
            *({"kind": "kernel", "layer": layer, "from": start, "to": to} for start in range(inputs)),
        )
    ]


def test_arrow_keys_walk_through_all_of_the_network(in_node):
    generator = np.random.default_rng(2)
    cases = []
    for network in random_networks(20):
        sizes = [len(network["features"]), *network["widths"], 1]
        keys = generator.choice(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"], 60, p=[0.1, 0.6, 0.1, 0.2])
        cases.append({"sizes": sizes, "keys": keys.tolist()})
    body = """
        const layers = dense(state.sizes, state.sizes.slice(1).map(() => "tanh"));
        let chosen = null;
        return state.keys.map((key) => {
          const { local } = walked({ layers, local: { chosen } }, key);
          chosen = local.chosen;
          return [chosen, local.walking];
        });
    """
    answers = in_node({"playground/state.js": "walked", "playground/network.js": "dense"}, body, cases)
    for case, steps in zip(cases, answers, strict=True):
        layer, place, begun = 0, 0, False
        for key, (chosen, walking) in zip(case["keys"], steps, strict=True):
            if key in ("ArrowLeft", "ArrowRight"):
                layer = min(max(layer + (1 if key == "ArrowRight" else -1), 0), len(case["sizes"]) - 2)
                place = 0
            elif begun:
                last = len(parts_in_order(case["sizes"], layer)) - 1
                place = min(max(place + (1 if key == "ArrowDown" else -1), 0), last)
            begun = True
            assert chosen == parts_in_order(case["sizes"], layer)[place]
            assert walking


def test_escape_leaves_the_network_and_other_keys_mean_nothing(in_node):
    body = """
        const view = { layers: [], local: { chosen: { kind: "bias", layer: 0, to: 0 } } };
        return [walked(view, state), moved({ local: {} }, state, false)];
    """
    assert in_node({"playground/state.js": "moved, walked"}, body, ["Escape", "Tab", "a"]) == [
        [{"local": {"chosen": None, "walking": False}}, None],
        [None, None],
        [None, None],
    ]


# what the hand does in the plane


def in_pixels(rows, frame, side):
    (left, right), (low, high) = frame["x"], frame["y"]
    rows = np.asarray(rows, float).reshape(-1, np.shape(rows)[-1])
    return side * np.stack([(rows[:, 0] - left) / (right - left), (high - rows[:, 1]) / (high - low)], axis=1)


@pytest.mark.parametrize("frame", FRAMES)
def test_a_place_is_found_again_where_it_lies(frame, in_node):
    shares = np.random.default_rng(0).uniform(-0.2, 1.2, (100, 2))
    body = "const place = placeAt(state.shares, state.frame); return [place, sharesOfFrame(place, state.frame)];"
    cases = [{"shares": pair, "frame": frame} for pair in shares.tolist()]
    answers = np.array(in_node({"playground/planes.js": "placeAt, sharesOfFrame"}, body, cases))
    within = shares.clip(0, 1)  # what lies outside is taken to the edge
    np.testing.assert_allclose(answers[:, 1], within, atol=1e-9)
    np.testing.assert_allclose(in_pixels(answers[:, 0], frame, 1), within, atol=1e-9)


@pytest.mark.parametrize("frame", FRAMES)
def test_arrow_keys_move_the_mark(frame, in_node):
    keys = {"ArrowUp": (0, -1), "ArrowDown": (0, 1), "ArrowLeft": (-1, 0), "ArrowRight": (1, 0)}
    cases = [{"key": key, "far": far, "from": start} for key in keys for far in (False, True) for start in (None, 0.97)]
    for case in cases:
        case |= {"frame": frame}
    body = """
        const place = state.from === null ? null : placeAt([state.from, state.from], state.frame);
        return moved({ frame: state.frame, local: { place } }, state.key, state.far).local.place;
    """
    answers = in_node({"playground/state.js": "moved", "playground/planes.js": "placeAt"}, body, cases)
    for case, place in zip(cases, answers, strict=True):
        start, step = 0.5 if case["from"] is None else case["from"], 0.1 if case["far"] else 0.02
        expected = np.clip(start + step * np.array(keys[case["key"]]), 0, 1)
        np.testing.assert_allclose(in_pixels([place], frame, 1)[0], expected, atol=1e-9)


def brush_cases(brush, **more):
    generator = np.random.default_rng(3)
    for index in range(40):
        frame = FRAMES[index % 2]
        places = generator.uniform(size=(31, 2)) * np.ptp([frame["x"], frame["y"]], axis=1) + [
            frame["x"][0],
            frame["y"][0],
        ]
        rows = np.column_stack([places[1:], generator.integers(0, 2, 30)])
        yield {
            "traits": {"data": "yours", "points": rows.tolist()},
            "frame": frame,
            "local": {"brush": brush, "place": places[0].tolist(), "painted": None},
            "plane": {"side": int(generator.integers(240, 400)), "most": 1000} | more,
        }


def test_the_rubber_takes_what_lies_under_it(in_node):
    cases = list(brush_cases("erase"))
    answers = in_node({"playground/state.js": "brushed"}, "return brushed(state, state.plane);", cases)
    erased = 0
    for case, change in zip(cases, answers, strict=True):
        rows, side = np.array(case["traits"]["points"]), case["plane"]["side"]
        far = np.hypot(
            *(in_pixels(rows, case["frame"], side) - in_pixels([case["local"]["place"]], case["frame"], side)).T
        )
        assert change == {"local": {"painted": rows[far >= 12].tolist()}}
        erased += (far < 12).sum()
    assert erased > 2


def test_a_brush_puts_a_point_and_leaves_a_trail(in_node):
    cases = list(brush_cases("1")) + list(brush_cases("0", trail=True))
    for index, case in enumerate(cases[40:]):  # the last point lies near or far from the mark
        frame, share = case["frame"], (index - 20) / 200
        x1, x2 = case["local"]["place"]
        case["traits"]["points"][-1][:2] = [x1 + share * (frame["x"][1] - frame["x"][0]), x2]
    answers = in_node({"playground/state.js": "brushed"}, "return brushed(state, state.plane);", cases)
    held = 0
    for case, change in zip(cases, answers, strict=True):
        rows, side = case["traits"]["points"], case["plane"]["side"]
        place = case["local"]["place"]
        gap = np.hypot(*(in_pixels(rows[-1:], case["frame"], side) - in_pixels([place], case["frame"], side))[0])
        if case["plane"].get("trail") and gap < 14:
            held += 1
            assert change == {}
            continue
        *others, point = change["local"]["painted"]
        assert others == rows
        np.testing.assert_allclose(point, [*place, int(case["local"]["brush"])], atol=6e-5)
    assert 0 < held < 40


def test_a_point_too_many_is_refused_in_words(in_node):
    cases = list(brush_cases("1", most=30))[:1] + list(brush_cases("erase", most=30))[:1]
    [refused, erased] = in_node({"playground/state.js": "brushed"}, "return brushed(state, state.plane);", cases)
    assert refused == {"complaint": "There are 30 points already: erase some first."}
    assert "complaint" not in erased


def test_points_of_a_data_set_become_the_learners(in_node):
    """In the order in which Python has them, so that each keeps its role; and where they are seen."""
    body = """
        const before = look({ place: [1, 1], brush: "1" });
        const painted = brushed(before, { side: 300, most: 1000 }).local.painted;
        const change = lifted({ ...before, local: { ...before.local, painted } }, state.facts.standard);
        Object.assign(traits, change.traits);
        return [change, lifted(before, state.facts.standard), shownOf(before), shownOf(look()),
          lifted({ traits: { data: "yours" }, local: { painted: [] } }, state.facts.standard)];
    """
    [(change, none, before, after, own)] = in_node(IN_MODEL, MODEL + body, [case_of(Playground(data="xor"))])
    assert none == {}
    assert change["local"] == {"painted": None}
    assert (change["traits"]["data"], change["traits"]["_plane"]) == ("yours", STANDARD)
    assert own == {"traits": {"points": [], "data": "yours"}, "local": {"painted": None}}
    assert sum(after["points"]) == sum(before["points"]) + 1
    widget = Playground(data="xor")
    (x, y), (x_test, y_test) = widget.split()
    widget.points = change["traits"]["points"]
    (x_own, y_own), (x_own_test, y_own_test) = widget.split()
    for kept, known in ((x_own, x), (y_own, y), (x_own_test, x_test), (y_own_test, y_test)):
        np.testing.assert_allclose(kept[: len(known)], known, atol=1e-6)


# layout

LAYOUT = {"playground/layout.js": "curveOf, edgesOf, layoutOf, partAt"}


def layout_cases():
    generator = np.random.default_rng(6)
    return [network | {"width": float(generator.uniform(300, 1500))} for network in random_networks(42)]


def test_the_network_fits_and_no_neuron_covers_another(in_node):
    cases = layout_cases()
    answers = in_node(LAYOUT, "return layoutOf(state.width, state.features, state.widths);", cases)
    for case, layout in zip(cases, answers, strict=True):
        network, sizes = layout["network"], [len(case["features"]), *case["widths"], 1]
        assert layout["narrow"] == (case["width"] < 760)
        assert layout["side"] <= case["width"]
        least = 62 + 63 * len(sizes) - 30  # a deeper network is scrolled
        room = case["width"] if layout["narrow"] else case["width"] - layout["side"] - 22
        assert network["width"] == pytest.approx(max(room, least))
        assert [len(column) for column in network["columns"]] == sizes
        assert len(network["inputs"]) == len(FEATURES)
        for column in [network["inputs"], *network["columns"][1:]]:
            for node in column:
                half = node["size"] / 2
                assert half <= node["y"] <= network["height"] - network["header"] - half
                assert network["names"]["width"] < node["x"] - half
                assert node["x"] + half <= network["width"]
            assert all(upper["y"] + upper["size"] < lower["y"] for upper, lower in pairwise(column))
        for left, right in pairwise(network["columns"]):
            assert left[0]["x"] + left[0]["size"] / 2 + 12 < right[0]["x"] - right[0]["size"] / 2
        for node, name in zip(network["columns"][0], case["features"], strict=True):
            place = network["inputs"][list(FEATURES).index(name)]
            assert (node["x"], node["y"]) == (place["x"], place["y"])
        assert network["counters"] == [column[0]["x"] for column in network["columns"][1:-1]]


def test_a_neuron_lies_under_each_of_its_points(in_node):
    cases = [case | {"shift": shift} for case in layout_cases() for shift in ([0, 0], [0.49, -0.49], [-0.49, 0.3])]
    body = """
        const { network } = layoutOf(state.width, state.features, state.widths);
        return network.columns.slice(1).flat().map(({ column, unit, x, y, size }) => [column, unit,
          partAt(network, x + state.shift[0] * size, y + network.header + state.shift[1] * size)]);
    """
    for nodes in in_node(LAYOUT, body, cases):
        for column, unit, part in nodes:
            assert part == {"kind": "bias", "layer": column - 1, "to": unit}


def bezier_heights(curve, x):
    """The heights of a curve of Bézier at some x, from many of its points."""
    t = np.linspace(0, 1, 4001)[:, None]
    points = np.reshape(curve, (4, 2))
    weights = [(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3]
    along = sum(weight * point for weight, point in zip(weights, points, strict=True))
    return np.interp(x, along[:, 0], along[:, 1], left=np.inf, right=np.inf)


def test_the_nearest_weight_lies_under_a_point_between_neurons(in_node):
    generator = np.random.default_rng(8)
    cases = [case | {"points": generator.uniform(size=(40, 2)).tolist()} for case in layout_cases()[:21]]
    body = """
        const { network } = layoutOf(state.width, state.features, state.widths);
        const points = state.points.map(([across, down]) => [across * network.width, down * network.height]);
        const curves = edgesOf(network).map((edge) => [edge, curveOf(network, edge)]);
        return [points, curves, points.map(([x, y]) => partAt(network, x, y)), network.header];
    """
    hits = {"weight": 0, "nothing": 0}
    for points, curves, parts, header in in_node(LAYOUT, body, cases):
        x, y = np.transpose(points)
        distances = np.abs([bezier_heights(curve, x) for _, curve in curves] - (y - header))
        for part, column in zip(parts, distances.T, strict=True):
            nearest, second = np.partition(column, 1)[:2] if len(column) > 1 else (column[0], np.inf)
            if part is None:
                hits["nothing"] += 1
                assert nearest > 6.9
            elif part["kind"] == "kernel":
                hits["weight"] += 1
                assert nearest < 7.1
                if second - nearest > 0.1:
                    assert part == {"kind": "kernel", **curves[int(column.argmin())][0]}
    assert min(hits.values()) > 50


def test_a_curve_leads_from_neuron_to_neuron(in_node):
    body = """
        const { network } = layoutOf(900, ["x1", "x2"], [3]);
        return [network.columns, edgesOf(network).map((edge) => [edge, curveOf(network, edge)])];
    """
    [(columns, curves)] = in_node(LAYOUT, body, [None])
    assert len(curves) == 2 * 3 + 3
    for edge, curve in curves:
        start, end = columns[edge["layer"]][edge["from"]], columns[edge["layer"] + 1][edge["to"]]
        assert curve[:2] == [start["x"] + start["size"] / 2, start["y"]]
        assert curve[-2:] == [end["x"] - end["size"] / 2, end["y"]]


# words


def test_each_part_of_the_network_has_its_name(in_node):
    parts = [
        ({"kind": "bias", "layer": 2, "to": 0}, "Bias of the output"),
        ({"kind": "bias", "layer": 0, "to": 3}, "Bias of neuron 4 of layer 1"),
        ({"kind": "kernel", "layer": 0, "from": 1, "to": 2}, "Weight from x₁x₂ to neuron 3 of layer 1"),
        ({"kind": "kernel", "layer": 2, "from": 2, "to": 0}, "Weight from neuron 3 of layer 2 to the output"),
    ]
    body = 'return nameOf(state, { features: ["x2", "x1*x2"], widths: [4, 3] });'
    cases = [part for part, _ in parts]
    assert in_node({"playground/words.js": "nameOf"}, body, cases) == [name for _, name in parts]


def test_it_is_told_what_is_wrong_and_what_might_help(in_node):
    answers = [
        ([None, None], 0, False, False, "There are no points yet: take the blue or the orange brush and click into"),
        ([0.5, None], 0, False, False, "Before any training: 50 % of the training points are on the wrong side. Press"),
        ([0.25, 0.5], 1, False, False, "After 1 epoch: 25 % of the training points and 50 % of the test points are on"),
        ([0.02, 0.2], 50, False, False, "by heart: more points or fewer neurons would help."),
        ([0.3, 0.3], 100, False, False, "cannot bend its border enough, or learns too slowly"),
        ([0.3, 0.3], 100, True, False, "After 100 epochs: 30 % of the training points and 30 % of the test points"),
        ([0.1, 0.2], 100, False, True, "Your model: about 10 % of the training points and 20 % of the test points"),
    ]
    names = ("wrong", "epoch", "playing", "byModel")
    cases = [dict(zip(names, answer, strict=False)) for answer in answers]
    sentences = in_node({"playground/words.js": "answerWords"}, "return answerWords(state);", cases)
    for (*_, expected), sentence in zip(answers, sentences, strict=True):
        assert expected in sentence
    assert "enough" not in sentences[5]  # no advice while it still learns


def test_a_view_is_told_to_eyes_and_to_screen_readers(in_node):
    body = """
        const view = look({ place: [0.5, -0.5], chosen: { kind: "bias", layer: 0, to: 1 }, walking: true });
        const bare = { ...view, local: UNTOUCHED, neuron: null };
        return [sentenceOf(view), sentenceOf({ ...view, traits: { ...traits, playing: true } }), titleOf(view),
          titleOf(bare), titleOf({ ...bare, byModel: true, traits: { _model: { name: "mine" } } }), chosenWords(view),
          chosenWords(bare), labelsOf(view)];
    """
    words = {"playground/words.js": "chosenWords, labelsOf, sentenceOf, titleOf"}
    widget = Playground(layers=[3])
    [(sentence, while_playing, *titles, labels)] = in_node(IN_MODEL | words, MODEL + body, [case_of(widget)])
    orange = float(widget.to_keras().predict(np.array([[0.5, -0.5]]), verbose=0)[0, 0])
    side = f"{round(100 * orange)} % orange" if orange > 0.5 else f"{round(100 * (1 - orange))} % blue"
    assert sentence == f"At x₁ = 0.50, x₂ = −0.50 the network says: {side}."
    assert while_playing.startswith("Before any training: ")
    assert titles[:3] == ["What neuron 2 of layer 1 says", "What the network says", "What mine says"]
    assert titles[3] == "Bias of neuron 2 of layer 1:"
    assert titles[4].startswith("Orange lines are positive weights")
    (x, y), (x_test, y_test) = widget.split()
    losses = [
        float(keras.losses.BinaryCrossentropy()(labels_, widget.to_keras()(points)[:, 0]))
        for points, labels_ in ((x, y), (x_test, y_test))
    ]
    assert labels["losses"] == "Loss over the epochs, now {:.2f} for training, {:.2f} for the test".format(*losses)
    assert labels["network"].startswith("The network, hidden layers: 3. Arrow keys walk")
    wrong = round(100 * float(np.mean((widget._answers(x) > 0.5) != y)))
    assert labels["plane"].startswith(f"The plane with its points, {wrong} % of the training points are on the wrong")
