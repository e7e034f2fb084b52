"""What FeatureMaps computes in the browser, without the browser: its state, its layout and its words, in node."""

import base64

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcourse.widgets import FeatureMaps, picture
from dlcourse.widgets.feature_maps import handmade
from dlcourse.widgets.shared.resample import central, resampled
from dlcourse.widgets.shared.still import shown

PROPERTY = settings(max_examples=150, derandomize=True, deadline=None, database=None)
LAYERS = ["input", "edges", "edges_pooled", "parts", "parts_pooled", "strongest"]

# `view` is what a widget's state looks like in its first frame, `traits` what Python has sent
VIEW = """
    const bytes = (text) => new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
    const { _model: described, _maps: maps, image, ...chosen } = state.sent;
    if (described.network) described.network.weights = bytes(described.network.weights);
    if (maps.values) maps.values = bytes(maps.values);
    const traits = { ...chosen, described, maps };
    const own = { image: { ...image, bytes: bytes(image.bytes) }, drawing: false, brush: null, pointed: state.pointed };
    let outputs;
    const viewOf = viewer((network, input) => ({ outputs: (outputs ??= forward(network, input)) }));
    const view = viewOf(traits, own);
"""
OF_VIEW = {"feature_maps/state.js": "viewer", "shared/js/browser_network.js": "forward"}


def sent(widget):
    """A widget's state as it travels, its bytes as text."""

    def as_text(value):
        if isinstance(value, dict):
            return {name: as_text(part) for name, part in value.items()}
        return base64.b64encode(value).decode() if isinstance(value, bytes | memoryview) else value

    names = "image layer map position _model _maps".split()
    return as_text(widget.get_state(names))


def drawn(strategy, count=150):
    """So many random cases, for one run of node."""
    cases = []

    @settings(PROPERTY, max_examples=count)
    @given(strategy)
    def collect(case):
        cases.append(case)

    collect()
    return cases


# state


def test_a_view_holds_the_numbers_of_the_layer_and_of_the_place(in_node):
    """For each layer of the network set by hand, against the same in NumPy."""
    widgets = [FeatureMaps(layer=name, map=map_) for name, map_ in zip(LAYERS, (0, 5, 6, 4, 0, 3), strict=True)]
    body = VIEW + (
        "const { numbers, sizes, units, value, range, silent, map, spot, making } = view;"
        "return { numbers, sizes, units, value, range, silent, map, spot, made: making && [making.sum, making.value] };"
    )
    for widget, view in zip(
        widgets, in_node(OF_VIEW, body, [{"sent": sent(widget)} for widget in widgets]), strict=True
    ):
        output = widget.output()
        maps = output.reshape(1, 1, -1) if output.ndim == 1 else output
        np.testing.assert_allclose(view["numbers"], output.ravel(), atol=1e-5)
        assert tuple(view["sizes"]) == maps.shape
        assert view["units"] == (widget.layer == "strongest")
        assert view["spot"] == {"number": widget.map, "position": list(widget.position)}
        assert view["value"] == pytest.approx(maps[(*widget.position, widget.map)], abs=1e-5)
        assert view["silent"] == (0 if view["units"] else (maps == 0).all((0, 1)).sum())
        highest = {"input": 1, "strongest": maps.max()}.get(widget.layer, maps[:, :, widget.map].max())
        assert view["range"] == pytest.approx({"low": 0, "high": highest}, abs=1e-5)  # after a ReLU nothing is below
        if widget.layer == "input":
            assert view["made"] is None
        else:
            assert view["made"][1] == view["value"]


def test_a_layer_that_python_computes_is_read_from_what_it_has_sent(in_node):
    values = np.random.default_rng(4).normal(size=(5, 7, 3)).astype("float32")
    state = sent(FeatureMaps(layer="parts", map=2, position=(4, 1)))
    state["_model"] |= {"network": None}
    state["_maps"] = {"layer": "parts", "shape": [5, 7, 3], "values": base64.b64encode(values).decode()}
    others = [state | {"layer": "input"}, state | {"layer": "edges"}]
    body = VIEW + "return [view.numbers, view.sizes, view.value, view.range, view.patch, view.making];"
    own, first, awaited = in_node(OF_VIEW, body, [{"sent": case} for case in [state, *others]])
    np.testing.assert_array_equal(own[0], values.ravel())
    assert own[1:3] == [[5, 7, 3], values[4, 1, 2]]
    most = np.abs(values[:, :, 2]).max()
    assert own[3:] == [{"low": -most, "high": most}, None, None]
    assert first[1] == list(handmade.SHAPE)
    np.testing.assert_allclose(first[0], FeatureMaps().input.ravel(), atol=1e-6)
    assert awaited[:3] == [None, [118, 178, 8], None]


def test_nothing_is_computed_twice(in_node):
    """A second frame of the same state holds the very same objects, and another place the same numbers."""
    body = VIEW + (
        "const again = viewOf({ ...traits }, { ...own });"
        "const moved = viewOf({ ...traits, position: [1, 1] }, own);"
        "const fresh = (next) => ['input', 'network', 'sizes', 'range', 'patch', 'making']"
        "  .filter((name) => next[name] !== view[name]);"
        "return [fresh(again), fresh(moved)];"
    )
    (answer,) = in_node(OF_VIEW, body, [{"sent": sent(FeatureMaps())}])
    assert answer == [[], ["patch", "making"]]


@pytest.mark.parametrize(
    ("chosen", "pointed", "spot"),
    [
        ({"map": 2, "position": (3, 4)}, {"number": 4, "position": [7, 9]}, (4, [7, 9])),
        ({"map": 2, "position": (3, 4)}, {"number": 6, "position": [7, 9]}, (2, [3, 4])),  # there are but six maps
        ({"map": 99, "position": (500, 500)}, None, (5, [56, 86])),
    ],
)
def test_one_looks_where_the_pointer_is_or_at_what_is_chosen(in_node, chosen, pointed, spot):
    state = {"sent": sent(FeatureMaps(layer="parts", **chosen)), "pointed": pointed}
    (view,) = in_node(OF_VIEW, VIEW + "return { ...view.spot, map: view.map };", [state])
    assert (view["number"], view["position"]) == spot
    assert view["map"] == min(chosen["map"], 5)


SIZES = st.tuples(st.integers(1, 60), st.integers(1, 60))


@st.composite
def layer_choices(draw):
    (height, width), (rows, columns) = draw(SIZES), draw(SIZES)
    position = [draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))]
    return {
        "sizes": [height, width, 8],
        "kept": {"map": draw(st.integers(0, 20)), "position": position},
        "described": {
            "size": [height, width, 3],
            "layers": [{"name": "input", "shape": [height, width, 3]}, {"name": "next", "shape": [rows, columns, 6]}],
        },
    }


def test_another_layer_is_looked_at_in_the_same_place_of_the_picture(in_node):
    cases = drawn(layer_choices())
    body = "return [0, 1, 7].map((number) => layerChosen(state, number));"
    for case, (same, other, beyond) in zip(
        cases, in_node({"feature_maps/state.js": "layerChosen"}, body, cases), strict=True
    ):
        kept = case["kept"]
        assert same == {"layer": "input", "map": min(kept["map"], 2), "position": kept["position"]}
        assert (other["layer"], other["map"]) == ("next", min(kept["map"], 5))
        lengths = case["described"]["layers"][1]["shape"][:2]
        for before, of_before, after, of_after in zip(
            kept["position"], case["sizes"][:2], other["position"], lengths, strict=True
        ):
            centre = (before + 0.5) / of_before
            assert after / of_after - 1e-9 <= centre <= (after + 1) / of_after + 1e-9
        assert beyond == other


def test_pages_hold_every_map_once(in_node):
    """From the first page on to the last and back; each page has all maps that none other has."""
    cases = [{"count": count, "units": units} for count in (1, 63, 64, 65, 200, 401) for units in (False, True)]
    body = """
        const shape = state.units ? [state.count] : [2, 3, state.count];
        const layers = [{ name: "input", shape: [2, 3, 1] }, { name: "layer", shape }];
        const described = { size: [2, 3, 1], white: 1, network: null, layers };
        const image = { shape: [2, 3, 1], bytes: new DataView(new ArrayBuffer(6)) };
        const viewOf = viewer(() => null);
        const at = (map) => viewOf({ layer: "layer", map, position: [0, 0], described, maps: {} }, { image });
        const pages = [at(0)];
        while (pages.at(-1).last < state.count) pages.push(at(pageTurned(pages.at(-1), 1).map));
        const stays = [pageTurned(pages[0], -1).map, at(pageTurned(pages.at(-1), 1).map).first === pages.at(-1).first];
        return { pages: pages.map(({ first, last, pageSize }) => [first, last, pageSize]), stays };
    """
    imports = {"feature_maps/state.js": "pageTurned, viewer"}
    for case, answer in zip(cases, in_node(imports, body, cases), strict=True):
        most = 400 if case["units"] else 64
        expected = [[first, min(first + most, case["count"]), most] for first in range(0, case["count"], most)]
        assert answer == {"pages": expected, "stays": [0, True]}


def test_arrows_move_the_map_in_the_grid_and_the_place_in_the_map(in_node):
    ways = [[-1, 0], [1, 0], [0, -1], [0, 1]]
    cases = [
        {"map": map_, "sizes": [4, 6, 10], "spot": {"position": [row, column]}, "way": way}
        for way in ways
        for map_, row, column in [(0, 0, 0), (3, 1, 5), (4, 3, 2), (9, 3, 5)]
    ]
    body = "return [mapMoved(state, state.way, 4), placeMoved(state, state.way)];"
    imports = {"feature_maps/state.js": "mapMoved, placeMoved"}
    for case, (map_, place) in zip(cases, in_node(imports, body, cases), strict=True):
        down, right = case["way"]
        next_ = case["map"] + right + 4 * down  # four tiles stand in a row
        assert map_ == ({"map": next_} if next_ in range(10) else {})
        expected = np.clip(np.add(case["spot"]["position"], case["way"]), 0, [3, 5])
        assert place == {"position": expected.tolist()}


def test_the_keyboards_brush_begins_in_the_middle_and_stays_in_the_picture(in_node):
    body = """
        const way = { up: [-1, 0], right: [0, 1] }[state.way];
        const places = [brushStart(state)];
        for (let step = 0; step < 50; step++) places.push(brushMoved(places.at(-1), way, state));
        return [places[0], places[1], places.at(-1), brushRadius(state)];
    """
    cases = [{"shape": [60, 80, 1], "way": way} for way in ("up", "right")]
    imports = {"feature_maps/state.js": "brushMoved, brushRadius, brushStart"}
    assert in_node(imports, body, cases) == [
        [[30, 40], [28, 40], [0, 40], 4],
        [[30, 40], [30, 42], [30, 79], 4],
    ]


# layout


@st.composite
def places(draw):
    """A page of a layer's maps on a page of some width, and one place of one of them."""
    height, width = draw(SIZES)
    count = draw(st.integers(1, 300))
    first = draw(st.sampled_from([0, 64, 400]))
    return {
        "across": draw(st.integers(200, 1500)),
        "view": {
            "sizes": [height, width, first + count],
            "first": first,
            "last": first + min(count, 400 if height * width == 1 else 64),
            "described": {"size": [*draw(SIZES), 3]},
        },
        "spot": [draw(st.floats(0, 1, exclude_max=True)) for _ in range(3)],
    }


def test_what_lies_under_a_point_is_what_was_laid_there(in_node):
    cases = drawn(places(), 300)
    body = """
        const { first, last, sizes: [height, width] } = state.view;
        const { tiles } = layoutOf(state.view, state.across);
        const [number, row, column] = [last - first, height, width].map((n, at) => Math.floor(state.spot[at] * n));
        const [x, y] = cornerOf(tiles, number);
        const at = (down, right) => spotAt(tiles, state.view, [x + right, y + down]);
        const middle = at(((row + 0.5) / height) * tiles.tall, ((column + 0.5) / width) * tiles.wide);
        const end = at(tiles.tall - 0.01, tiles.wide - 0.01).position;
        const beside = [at(1, tiles.wide + 0.5), at(tiles.tall + 0.5, 1), at(-0.5 - y, 1), at(1, -0.5 - x)];
        return { expected: { number: first + number, position: [row, column] }, middle, end, beside };
    """
    imports = {"feature_maps/layout.js": "cornerOf, layoutOf, spotAt"}
    for case, answer in zip(cases, in_node(imports, body, cases), strict=True):
        height, width, _ = case["view"]["sizes"]
        assert answer["middle"] == answer["expected"]
        assert answer["end"] == [height - 1, width - 1]
        assert answer["beside"] == [None] * 4


def test_everything_has_room(in_node):
    """The picture keeps its proportions, and picture and maps side by side are not wider than the widget."""
    cases = drawn(places(), 300)
    body = "const layout = layoutOf(state.view, state.across); return [layout, tilesWidth(layout.tiles)];"
    for case, (layout, tiles) in zip(
        cases, in_node({"feature_maps/layout.js": "layoutOf, tilesWidth"}, body, cases), strict=True
    ):
        rows, columns, _ = case["view"]["described"]["size"]
        picture = layout["picture"]
        assert picture["width"] / picture["height"] == pytest.approx(columns / rows)
        assert picture["height"] <= 210.001
        beside = case["across"] >= 620
        assert tiles <= case["across"] - (210 + 24 if beside else 0)
        assert picture["width"] <= (210 if beside else min(300, case["across"]))


def test_the_columns_of_a_making_fit_into_it(in_node):
    """A making is as wide as the widget, and has as many columns as fit in between its edge and its result."""
    cases = [
        {"node": {"kind": kind}, "before": {"height": height, "width": width}, "across": across}
        for kind in ("conv", "pool", "merge")
        for height, width in ((28, 28), (7, 90), (90, 7), (1, 1))
        for across in (300, 440, 700, 1100)
    ]
    body = """
        const { width } = makingSize(state.node.kind, state.across);
        return [width, columnsFor(state.node, state.before, width), tailWidth(state.node)];
    """
    imports = {"feature_maps/making_layout.js": "columnsFor, makingSize, tailWidth"}
    for case, (width, columns, tail) in zip(cases, in_node(imports, body, cases), strict=True):
        assert width == max(case["across"], 440)
        sign, besides = 16, 2 + 66 + tail + 150
        taken = [many * (columns["column"] + sign) + besides for many in (columns["most"], columns["most"] + 1)]
        assert taken[0] <= width or columns["most"] == 1
        assert taken[1] > width


# the picture that goes in


@pytest.mark.parametrize(("size", "white"), [((9, 14, 3), 1.0), ((14, 9, 1), 255.0), ((120, 180, 1), 0.5)])
def test_the_input_is_the_picture_as_python_resamples_it(in_node, size, white):
    pixels = np.random.default_rng(5).integers(0, 256, (31, 44, 3), dtype=np.uint8)
    images = [pixels, pixels[:, :, :1]]
    cases = [
        {"image": sent(FeatureMaps(image=image))["image"], "described": {"size": size, "white": white}}
        for image in images
    ]
    body = """
        const bytes = Uint8Array.from(atob(state.image.bytes), (letter) => letter.charCodeAt(0));
        return inputOf({ ...state.image, bytes: new DataView(bytes.buffer) }, state.described);
    """
    for image, values in zip(images, in_node({"shared/js/picture_form.js": "inputOf"}, body, cases), strict=True):
        rows, columns, channels = size
        planes = (
            [picture(image).plane()] if channels == 1 else [image[:, :, at % image.shape[2]] / 255 for at in range(3)]
        )
        region = central(31, 44, (rows, columns))
        expected = white * np.stack([resampled(plane, rows, columns, region) for plane in planes], -1)
        np.testing.assert_allclose(values, expected.ravel(), atol=1e-6 * max(white, 1))


def test_a_point_of_the_input_is_found_in_the_picture(in_node):
    """A picture of 60 × 100 for an input of 20 × 30: its middle 90 columns, from the fifth on."""
    body = "return [pixelAt({ shape: [60, 100, 3] }, [20, 30], state), blankSize([50, 100])];"
    cases = [[0, 0], [0.5, 0.5], [1, 1], [0.1, 0.9]]
    answers = in_node({"shared/js/picture_form.js": "blankSize, pixelAt"}, body, cases)
    np.testing.assert_allclose([pixel for pixel, _ in answers], [[0, 5], [30, 50], [60, 95], [6, 86]])
    assert answers[0][1] == [70, 140]


def test_ranges_and_silent_maps_are_those_of_numpy(in_node):
    generator = np.random.default_rng(8)
    stacks = [generator.normal(size=(5, 4, 6)).round(2), np.abs(generator.normal(size=(3, 7, 4))), np.zeros((2, 3, 2))]
    stacks[0][:, :, [1, 4]] = 0
    cases = [{"numbers": stack.ravel().tolist(), "sizes": stack.shape} for stack in stacks]
    body = """
        const maps = Array.from({ length: state.sizes[2] }, (_, map) => [
          rangeOf(state.numbers, { from: map, step: state.sizes[2] }), channelOf(state.numbers, state.sizes, map)]);
        return { all: rangeOf(state.numbers), maps, silent: silentMaps(state.numbers, state.sizes[2]) };
    """
    imports = {"feature_maps/maps.js": "channelOf, rangeOf, silentMaps"}

    def expected(values):
        most = np.abs(values).max() or 1
        return pytest.approx({"low": -most if values.min() < 0 else 0, "high": most})

    for stack, answer in zip(stacks, in_node(imports, body, cases), strict=True):
        assert answer["all"] == expected(stack)
        assert answer["silent"] == (stack == 0).all((0, 1)).sum()
        for map_, (range_, plane) in enumerate(answer["maps"]):
            assert range_ == expected(stack[:, :, map_])
            assert (plane["height"], plane["width"]) == stack.shape[:2]
            np.testing.assert_allclose(plane["values"], stack[:, :, map_].ravel(), atol=1e-6)


# words


def test_the_line_below_says_what_is_looked_at(in_node):
    """Against the numbers of the same layer in NumPy, and what the window covers by hand."""
    places_ = {"edges": (7, (20, 30)), "edges_pooled": (1, (10, 12)), "parts": (0, (40, 50)), "strongest": (2, (0, 0))}
    widgets = {name: FeatureMaps(layer=name, map=map_, position=at) for name, (map_, at) in places_.items()}
    states = [{"sent": sent(widget)} for widget in widgets.values()]
    states.append(states[2] | {"pointed": {"number": 1, "position": [0, 0]}})
    imports = OF_VIEW | {"feature_maps/words.js": "sentence"}
    edges, pooled, parts, strongest, pointed = in_node(imports, VIEW + "return sentence(view);", states)

    value = {
        name: shown(float(widget.output()[..., widget.map][widget.position if name != "strongest" else ()]))
        for name, widget in widgets.items()
    }
    assert edges.startswith(f"edges, outline at row 20, column 30: {value['edges']}; 1 map brings ")
    assert edges.endswith("It sees rows 20–22, columns 30–32 of the picture.")
    assert pooled == (
        f"edges_pooled, right border at row 10, column 12: {value['edges_pooled']}. "
        "It sees rows 20–23, columns 24–27 of the picture."
    )
    assert parts.startswith(f"parts, upper left corner at row 40, column 50: {value['parts']}; 8 maps bring ")
    assert "the bias −0.25" in parts
    assert parts.endswith("It sees rows 80–87, columns 100–107 of the picture.")
    assert strongest == f"strongest, lower left corner: {value['strongest']}."
    other = shown(float(widgets["parts"].output()[0, 0, 1]))
    assert pointed == (
        f"parts, upper right corner at row 0, column 0: {other}. It sees rows 0–7, columns 0–7 of the picture."
    )


def test_what_a_number_comes_to_is_said_as_it_is(in_node):
    """2 units bring 2, with the bias −3 that makes −1: each activation says what it makes of that."""
    node = {"kind": "dense", "activation": None}
    making = {"terms": [{"amount": 0.5}, {"amount": 1.5}], "bias": -3, "sum": -1, "value": 0.25, "under": []}
    plain = "dense, unit 0: 0.25. 2 units bring 2.00, the bias −3.00"
    cases = {
        None: f"{plain}.",
        "linear": f"{plain}.",
        "rectify": f"{plain}; relu makes 0.00 of it.",
        "leaky_relu": f"{plain}; leaky relu makes −0.20 of it.",
        "softmax": f"{plain}; the softmax of all units makes 0.25 of it.",
    }
    body = """
        const described = { layers: [{ name: "input", shape: [2] }, { name: "dense", shape: [3] }], names: {} };
        const layer = { index: 1, layer: described.layers[1], sizes: [1, 1, 3], units: true, numbers: [0.25, 1, 2] };
        const looked = { map: 0, spot: { number: 0, position: [0, 0] }, value: 0.25, silent: 0 };
        return sentence({ described, ...layer, ...looked, ...state });
    """
    relu = {"most": None, "from": 0, "slope": 0}
    states = [
        {"network": {"nodes": [{}, node | {"activation": name and {"name": name} | relu}]}, "making": making}
        for name in cases
    ]
    elsewhere = states[1] | {"spot": {"number": 2, "position": [0, 0]}, "value": 2}
    sentences = in_node({"feature_maps/words.js": "sentence"}, body, [*states, elsewhere])
    assert sentences == [*cases.values(), "dense, unit 2: 2.00."]


@pytest.mark.parametrize(
    ("node", "lines"),
    [
        ({"kind": "conv", "activation": {"name": "rectify"}}, ["+ bias 0.50", "= 2.00", "relu →"]),
        ({"kind": "affine", "activation": None}, ["× 3.00", "+ bias 0.50", "= 2.00 →"]),
        ({"kind": "pool", "mode": "average", "activation": None}, ["their mean →"]),
        ({"kind": "merge", "mode": "add", "activation": None}, []),
        ({"kind": "repeat", "activation": None}, ["as it is →"]),
        ({"kind": "activation", "activation": {"name": "hard_silu"}}, ["hard silu →"]),
    ],
)
def test_a_drawing_says_what_becomes_of_its_parts(in_node, node, lines):
    making = {"terms": [{"factor": 3}], "bias": 0.5, "sum": 2}
    body = "return tailLines(state.node, state.making);"
    assert in_node({"feature_maps/words.js": "tailLines"}, body, [{"node": node, "making": making}]) == [lines]


def test_maps_have_the_names_that_are_given_them(in_node):
    described = {
        "layers": [
            {"name": "input", "shape": [4, 4, 3]},
            {"name": "edges", "shape": [3, 3, 2]},
            {"name": "deep", "shape": [2, 2, 2]},
            {"name": "answer", "shape": [10]},
        ],
        "names": {"edges": ["left", "right"]},
        "size": [4, 4, 3],
    }
    body = "return [nameOf(state.described, ...state.of), fullNameOf(state.described, ...state.of)];"
    expected = {
        (0, 1): ["green", "green"],
        (1, 1): ["right", "right"],
        (2, 1): ["map 1", "deep, map 1"],
        (3, 7): ["unit 7", "answer, unit 7"],
    }
    cases = [{"described": described, "of": of} for of in expected]
    assert in_node({"feature_maps/words.js": "fullNameOf, nameOf"}, body, cases) == list(expected.values())


# the code to take home


@pytest.mark.parametrize(("layer", "map_"), [("input", 0), ("parts", 4), ("strongest", 5)])
def test_the_code_shown_makes_the_map(in_node, layer, map_):
    widget = FeatureMaps(layer=layer, map=map_)
    (code,) = in_node(
        OF_VIEW | {"feature_maps/code.js": "mapCode"}, VIEW + "return mapCode(view);", [{"sent": sent(widget)}]
    )
    names = {"widget": widget}
    exec(code, names)
    np.testing.assert_allclose(names["one"], widget.output()[..., map_], atol=1e-5)
