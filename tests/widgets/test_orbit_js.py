"""The pure parts of Orbit in the browser, in node, against `lens`, Keras and what Python says."""

from dataclasses import asdict

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keras import layers
from properties import examples

from dlcourse.lens import transformed
from dlcourse.widgets import Orbit
from dlcourse.widgets.orbit import words
from dlcourse.widgets.orbit.ways import WAYS

FACTS = {name: asdict(way) for name, way in WAYS.items()}
NEUTRAL = {name: way.neutral for name, way in WAYS.items()}

# the widget's traits as they travel, and its view with all that is to be computed
VIEW = """
    const view_of = (bytes) => new DataView(Uint8Array.from(bytes).buffer);
    const traits = state.traits;
    traits.picture.bytes = view_of(traits.picture.bytes);
    for (const each of traits._models.list) if (each.network) each.network.weights = view_of(each.network.weights);
    if (traits._set.bytes) traits._set.bytes = view_of(traits._set.bytes);
    const run = (number, network, input) => ({ outputs: forward(network, input), complete: true, input });
    const sweep = (sources, key, begin) => {
        const orbit = begin();
        while (!orbit.steps.next().done);
        return orbit.sweep;
    };
    const view = viewer(state.ways, { run, sweep })(traits);
"""
IMPORTS = {"orbit/state.js": "viewer, TRAITS", "shared/js/browser_network.js": "forward"}


def plain(part):
    """A trait as it travels, with bytes as numbers."""
    if isinstance(part, dict):
        return {name: plain(each) for name, each in part.items()}
    if isinstance(part, list | tuple):
        return [plain(each) for each in part]
    return list(part) if isinstance(part, bytes | memoryview) else part


def travelling(widget):
    names = ["picture", "label", *WAYS, "way", "fill", "_models", "_set", "_curves"]
    return {"ways": FACTS, "traits": plain(widget.get_state(names))}


def network(browser=True):
    kind = layers.Conv2D if browser else layers.Conv2DTranspose
    model = keras.Sequential(
        [keras.Input((10, 14, 3)), layers.Rescaling(1 / 255), kind(4, 3, activation="relu"), layers.Flatten(),
         layers.Dense(5)],
        name="small",
    )  # fmt: skip
    generator = np.random.default_rng(0)
    model.set_weights([generator.normal(0, 0.4, weight.shape) for weight in model.weights])
    return model


@pytest.fixture(scope="module")
def pictures():
    generator = np.random.default_rng(5)
    return generator.integers(0, 256, (30, 10, 14, 3), dtype=np.uint8), generator.integers(0, 5, 30)


def test_a_picture_is_changed_as_the_lens_changes_it(in_node):
    cases = []

    @examples(2.5)
    @given(
        st.sampled_from([(7, 12, 1), (16, 9, 3), (1, 5, 1)]),
        *(st.one_of(st.just(way.neutral), st.floats(way.low, way.high)) for way in WAYS.values()),
        st.sampled_from(["nearest", "reflect", "constant"]),
        st.integers(0, 99),
    )
    def collect(shape, turn, shift_x, shift_y, size, light, fill, seed):
        change = dict(zip(WAYS, (turn, shift_x, shift_y, size, light), strict=True))
        pixels = np.random.default_rng(seed).random(shape).astype("float32")
        cases.append({"shape": shape, "pixels": pixels.ravel().tolist(), "change": change, "fill": fill})

    collect()
    body = """
        const [height, width, channels] = state.shape;
        const image = { height, width, channels, values: Float32Array.from(state.pixels) };
        const values = transformed(image, state.change, state.fill).values;
        return [values, image.values.every((value, index) => value === Math.fround(state.pixels[index]))];
    """
    answers = in_node({"orbit/transform.js": "transformed"}, body, cases)
    for case, (values, is_untouched) in zip(cases, answers, strict=True):
        pixels = np.reshape(case["pixels"], case["shape"]).astype("float32")
        expected = transformed(pixels, **case["change"], fill=case["fill"])
        np.testing.assert_allclose(np.reshape(values, case["shape"]), expected, atol=1e-5)
        assert is_untouched


@pytest.mark.parametrize("name", list(WAYS))
def test_the_places_of_a_way_are_those_of_python(name, in_node):
    body = """
        const values = placesOf(state);
        return [values, values.map((value) => shareOf(state, value)), coarseFirst(state.count),
            values.map((value) => nearestPlace(state, value))];
    """
    (answer,) = in_node({"orbit/ways.js": "placesOf, shareOf, coarseFirst, nearestPlace"}, body, [FACTS[name]])
    values, shares, order, nearest = answer
    count = WAYS[name].count
    np.testing.assert_allclose(values, WAYS[name].places, atol=1e-12)
    np.testing.assert_allclose(shares, np.linspace(0, 1, count), atol=1e-12)
    assert sorted(order) == nearest == list(range(count))
    gaps = np.diff(sorted(order[: count // 3]))
    assert gaps.max() <= 2 * gaps.min() + 2  # what comes first is spread over the whole


@pytest.mark.parametrize("way", ["turn", "size", "light"])
def test_curves_and_accuracy_are_those_of_keras(way, pictures, in_node):
    x, y = pictures
    change = {"turn": 25, "shift_x": 0.1, "light": 0.9, "size": 1.2}
    other = network()
    other.layers[-1].kernel.assign(other.layers[-1].kernel[:, ::-1])
    widget = Orbit(network(), 4, models={"other": other}, x=x, y=y, way=way, fill="reflect", **change)
    body = VIEW + "return [view.sweep, view.shares, view.readings, view.label, view.image.values];"
    ((sweep, shares, readings, label, values),) = in_node(IMPORTS, body, [travelling(widget)])
    expected = widget.sweep()
    assert label == y[4]
    np.testing.assert_allclose(values, widget.input.ravel(), atol=1e-5)
    np.testing.assert_allclose(shares, list(widget.probabilities().values()), atol=1e-5)
    np.testing.assert_allclose(sweep["values"], expected.values, atol=1e-12)
    for name in ("shares", "others", "rivals"):
        np.testing.assert_allclose(sweep[name], getattr(expected, name), atol=1e-5)
    np.testing.assert_allclose(sweep["setValues"], expected.set_values, atol=1e-12)
    np.testing.assert_allclose(sweep["accuracy"], expected.accuracy, atol=1.01 / 30)  # a tie, at most
    assert sweep["pictures"] == sweep["of"] == expected.pictures == 30
    assert readings[0]["share"] == pytest.approx(shares[0][label])
    assert readings[0]["other"] == pytest.approx(np.delete(shares[0], label).max())


def test_without_a_label_the_first_network_says_it(pictures, in_node):
    widget = Orbit(network(), pictures[0][2])
    body = VIEW + "return [view.label, view.guessed];"
    assert in_node(IMPORTS, body, [travelling(widget)]) == [[widget._class(), True]]


def test_what_python_has_computed_is_shown_and_read_between_its_places(pictures, in_node):
    widget = Orbit(network(browser=False), pictures[0][1], label=3, turn=12.5)
    body = VIEW + "return [view.live, view.sweep.shares, view.readings, view.shares, view.why];"
    shown = in_node(IMPORTS, body, [travelling(widget)])[0]
    live, shares, readings, now, why = shown
    curve = widget.sweep().shares[0]
    assert (live, now) == (False, [None])
    assert "Conv2DTranspose" in why
    np.testing.assert_allclose(shares[0], curve, atol=1e-6)
    assert readings[0]["share"] == pytest.approx((curve[38] + curve[39]) / 2, abs=1e-6)
    other = travelling(widget)
    other["traits"]["light"] = 0.5  # of this orbit nothing has come yet
    live, shares, readings, *_ = in_node(IMPORTS, body, [other])[0]
    assert readings == [None]
    assert set(shares[0]) == {None}


# what keys and hands do


def test_keys_go_along_and_to_another_way(in_node):
    body = (
        "return keyMoved({ name: state.name, way: state.ways[state.name], value: state.value }, state.key, state.far);"
    )
    cases = [
        ({"name": "turn", "value": 10, "key": [0, 1]}, {"turn": 11}),
        ({"name": "turn", "value": 175, "key": [0, 1], "far": True}, {"turn": -175}),
        ({"name": "turn", "value": -180, "key": [0, -1]}, {"turn": 179}),
        ({"name": "turn", "value": 179, "key": [0, 1]}, {"turn": 180}),
        ({"name": "shift_x", "value": 0.1, "key": [0, 1], "far": True}, {"shift_x": 0.2}),
        ({"name": "shift_x", "value": 0.5, "key": [0, 1]}, {"shift_x": 0.5}),
        ({"name": "light", "value": 1, "key": [0, -1]}, {"light": 0.99}),
        ({"name": "turn", "value": 0, "key": [1, 0]}, {"way": "shift_x"}),
        ({"name": "turn", "value": 0, "key": [-1, 0]}, {"way": "light"}),
    ]
    found = in_node({"orbit/state.js": "keyMoved"}, body, [case | {"ways": FACTS} for case, _ in cases])
    assert found == [expected for _, expected in cases]


def test_a_hand_turns_the_picture_around_its_middle_and_drags_it(in_node):
    body = """
        const view = { name: state.name, way: state.ways[state.name], value: state.value, original: state.original };
        return dragged(view, state.from, state.to);
    """
    wide = {"height": 10, "width": 20}
    cases = [
        ("turn", 0, [1, 0.5], [0.5, 0], wide, 90),  # from the right edge to the top: counter-clockwise
        ("turn", 30, [0.5, 1], [0, 0.5], wide, -60),  # from the bottom to the left: clockwise
        ("turn", 170, [0, 0.45], [0, 0.55], {"height": 10, "width": 10}, 170 + 2 * np.degrees(np.arctan(0.1))),
        ("turn", 0, [0.75, 0.5], [0.75, 0], wide, 45),
        ("shift_x", 0.1, [0.2, 0.3], [0.5, 0.9], wide, 0.4),
        ("shift_y", 0.1, [0.2, 0.3], [0.5, 0.9], wide, 0.7),
        ("size", 1, [0.75, 0.5], [1, 0.5], wide, 2),
        ("size", 2, [0.5, 0.5], [0.5, 0.5], wide, 2),  # the middle itself
        ("light", 1, [0.5, 0.5], [0.5, 0.25], wide, 1.35),
    ]
    names = ("name", "value", "from", "to", "original")
    given_to_node = [dict(zip(names, case, strict=False)) | {"ways": FACTS} for case in cases]
    found = in_node({"orbit/state.js": "dragged"}, body, given_to_node)
    assert found == pytest.approx([case[-1] for case in cases])


def test_another_picture_comes_with_its_class(pictures, in_node):
    x, y = pictures
    body = """
        const set = { bytes: new DataView(Uint8Array.from(state.bytes).buffer), labels: state.labels };
        const { picture, label } = pictureTurned({ index: state.index, pictures: 30 }, set, [10, 14, 3], state.way);
        return [picture.name, picture.shape, new Uint8Array(picture.bytes.buffer), label];
    """
    case = {"bytes": x.ravel().tolist(), "labels": y.tolist()}
    ways = [(-1, 1, 0), (-1, -1, 29), (0, -1, 29), (29, 1, 0), (7, 1, 8)]
    found = in_node({"orbit/state.js": "pictureTurned"}, body, [case | {"index": i, "way": w} for i, w, _ in ways])
    for (name, shape, pixels, label), (_, _, expected) in zip(found, ways, strict=True):
        assert (name, shape, label) == (f"picture {expected}", [10, 14, 3], y[expected])
        np.testing.assert_array_equal(pixels, x[expected].ravel())


# where things are


@pytest.mark.parametrize("name", list(WAYS))
@pytest.mark.parametrize("width", [300, 440, 639, 640, 1000])
def test_everything_has_room_and_a_point_leads_back_to_its_value(name, width, in_node):
    body = """
        const original = { height: 28, width: 20 };
        const view = { way: state.way, original, names: ["a", "b"], classes: state.classes, pictures: 9 };
        const layout = layoutOf(view, state.width);
        const { chart, film } = layout;
        const values = placesOf(state.way);
        const at = film.places.map((place) => acrossOf(state.way, chart, values[place]));
        return [layout, at, at.map((x) => valueUnder(state.way, layout, x)), film.places.map((place) => values[place])];
    """
    imports = {"orbit/layout.js": "layoutOf, acrossOf, valueUnder", "orbit/ways.js": "placesOf"}
    ((layout, at, back, values),) = in_node(
        imports, body, [{"way": FACTS[name], "width": width, "classes": ["a long name"]}]
    )
    np.testing.assert_allclose(back, values, atol=1e-9)
    cell = layout["film"]["cell"]
    assert min(np.diff(at)) > cell  # no picture of the film lies on another
    assert at[0] - cell / 2 > 0
    assert at[-1] + cell / 2 < layout["curves"]["width"]
    assert layout["curves"]["width"] + (layout["picture"]["width"] if layout["beside"] else 0) <= width
    film_end = layout["film"]["y"] + layout["film"]["tall"] + 2 * layout["film"]["answer"]
    assert layout["chart"]["y"] + layout["chart"]["height"] < layout["film"]["y"] < film_end < layout["set"]["y"]
    assert layout["set"]["y"] + layout["set"]["height"] < layout["curves"]["height"]


@pytest.mark.parametrize(
    ("room", "lines"), [(59, ["probability of stop;", "dashed: of the strongest other class"]), (60, None)]
)
def test_a_title_without_room_in_one_line_has_two(room, lines, in_node):
    title = "probability of stop; dashed: of the strongest other class"
    body = """
        const pen = { measureText: (text) => ({ width: text.length + 3 }) };
        return titleLines(pen, state.title, state.room);
    """
    ((*shown,),) = in_node({"orbit/picture.js": "titleLines"}, body, [{"title": title, "room": room}])
    assert shown == (lines or [title])


# words and code


def test_amounts_are_said_as_in_python(in_node):
    amounts = [
        ("turn", -35),
        ("turn", 180),
        ("turn", 0),
        ("shift_x", -0.25),
        ("shift_y", 0.1),
        ("size", 0.5),
        ("light", 1.2),
    ]
    body = "return [amountInWords(...state), shortAmount(...state)];"
    found = in_node({"orbit/words.js": "amountInWords, shortAmount"}, body, amounts)
    assert found == [[words.amount_in_words(*each), words.short_amount(*each)] for each in amounts]


def test_the_sentence_is_that_of_python(pictures, in_node):
    x, y = pictures
    widgets = [
        Orbit(network(), 4, x=x, y=y, turn=45, shift_x=0.1),
        Orbit(network(), 2, x=x, y=y, way="light"),
        Orbit(network(), x[3], label=0, classes=list("abcde"), size=1.5, way="size"),
    ]
    body = VIEW + "return sentence(view, state.ways);"
    found = in_node(IMPORTS | {"orbit/words.js": "sentence"}, body, [travelling(widget) for widget in widgets])
    for widget, text in zip(widgets, found, strict=True):
        _, _, rest = words.orbit_words(widget._look()).partition(", ")
        changed, _, said = rest.partition(". ")
        assert text == f"{changed[0].upper()}{changed[1:]}: {said}"


def test_the_code_shown_makes_the_same_curve(pictures, in_node):
    widget = Orbit(network(), pictures[0][6], label=2, turn=30, light=0.8, way="size", fill="reflect")
    imports = IMPORTS | {"orbit/code.js": "orbitCode"}
    body = VIEW + "return orbitCode({ ...view, asked: traits._models.list });"
    (code,) = in_node(imports, body, [travelling(widget)])
    names = {"widget": widget, "model": network()}
    exec(code, names)
    np.testing.assert_allclose(names["curve"], widget.sweep().shares[0], atol=1e-5)
