"""The pure parts of Kernels in the browser, in node: state, layout, weights and words, against `lens` and by hand."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dlcourse.lens.convolution import convolve, padding_amounts

PROPERTY = settings(max_examples=120, derandomize=True, deadline=None, database=None)
SIZES = (1, 3, 5, 7, 9, 11)
PRESETS = {  # two that no widget has
    "ones": {size: np.ones((size, size)).tolist() for size in SIZES[1:]},
    "corner": {size: np.pad([[1.0]], (0, size - 1)).tolist() for size in SIZES[1:]},
}

STATE = "kernels/state.js"
VIEW = """
const image = { name: "picture", shape: state.shape, bytes: new DataView(Uint8Array.from(state.pixels).buffer) };
const [traits, only] = [{ ...state.traits, image }, { image, drawing: false, pointed: state.pointed }];
const view = viewer({})(traits, only);
"""


@st.composite
def scenes(draw, fitting=True):
    """A small picture, never square, with what slides over it, as a case for node."""
    stride = draw(st.integers(1, 4))
    dilation = draw(st.integers(1, 3)) if stride == 1 else 1
    size = draw(st.sampled_from(SIZES))
    padding = draw(st.sampled_from(["same", "valid"]))
    height, width = draw(st.tuples(st.integers(3, 30), st.integers(3, 30)))
    assume(height != width)
    assume(not fitting or padding == "same" or (size - 1) * dilation < min(height, width))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    channels = draw(st.sampled_from([1, 3]))
    kernel = generator.normal(size=(size, size))
    if draw(st.booleans()):
        kernel = np.abs(kernel) / np.abs(kernel).sum()  # a mean of pixels
    place = generator.integers(0, 12, 2).tolist()
    return {
        "shape": [height, width, channels],
        "pixels": generator.integers(0, 256, height * width * channels).tolist(),
        "pointed": draw(st.sampled_from([None, place])),
        "room": draw(st.integers(280, 1100)),
        "traits": {
            "channel": draw(st.sampled_from(["grey", "red", "green", "blue"])),
            "kernel": kernel.tolist(),
            "bias": draw(st.sampled_from([0.0, -0.25, 1.5])),
            "stride": stride,
            "dilation": dilation,
            "padding": padding,
            "relu": draw(st.booleans()),
            "position": generator.integers(0, 40, 2).tolist(),
            "filter": 0,
            "input_channel": 0,
            "_layer": {},
        },
    }


def collected(strategy, examples=120):
    """Many cases of a strategy, for one run of node."""
    cases = []

    @settings(PROPERTY, max_examples=examples)
    @given(strategy)
    def collect(case):
        cases.append(case)

    collect()
    return cases


@pytest.fixture(scope="module")
def cases():
    """Scenes whose kernel fits, drawn once for all tests."""
    return collected(scenes(), 150)


def plane_of(case):
    """The numbers that are convolved, by NumPy."""
    pixels = np.reshape(case["pixels"], case["shape"]) / 255
    if case["shape"][2] == 1:
        return pixels[:, :, 0]
    if case["traits"]["channel"] == "grey":
        return pixels @ [0.299, 0.587, 0.114]
    return pixels[:, :, ["red", "green", "blue"].index(case["traits"]["channel"])]


def convolved(case):
    """The sums of all windows, and the picture with its zeros, by `lens`."""
    plane, traits = plane_of(case), case["traits"]
    how = traits["stride"], traits["padding"], traits["dilation"]
    zeros = padding_amounts(plane.shape, len(traits["kernel"]), *how)
    return convolve(plane, traits["kernel"], *how, traits["bias"]), np.pad(plane, zeros)


def patch_of(padded, case, row, column):
    """What lies under the window of an output element."""
    step, apart = case["traits"]["stride"], case["traits"]["dilation"]
    reach = (len(case["traits"]["kernel"]) - 1) * apart + 1
    top, left = row * step, column * step
    return padded[top : top + reach : apart, left : left + reach : apart]


# state


def test_a_view_holds_the_convolution_and_the_window_in_it(in_node, cases):
    views = in_node({STATE: "viewer"}, f"{VIEW} return {{ ...view, sums: view.answer.sums.values }};", cases)
    for case, view in zip(cases, views, strict=True):
        sums, padded = convolved(case)
        traits, answer = case["traits"], view["answer"]
        assert (view["size"]["height"], view["size"]["width"]) == sums.shape
        assert (view["padded"]["height"], view["padded"]["width"]) == padded.shape
        np.testing.assert_allclose(np.reshape(view["sums"], sums.shape), sums, atol=1e-5)
        row, column = np.minimum(case["pointed"] or traits["position"], np.subtract(sums.shape, 1))
        assert answer["position"] == [row, column]
        patch = patch_of(padded, case, row, column)
        np.testing.assert_allclose([tap["value"] for tap in answer["taps"]], patch.ravel(), atol=1e-6)
        products = (patch * traits["kernel"]).sum()
        assert answer["products"] == pytest.approx(products, abs=1e-5)
        assert answer["biased"] == pytest.approx(products + traits["bias"], abs=1e-5)
        assert answer["value"] == (max(answer["biased"], 0) if traits["relu"] else answer["biased"])


def test_colours_end_where_99_of_100_values_lie(in_node):
    generator = np.random.default_rng(1)
    cases = [generator.normal(size=size).tolist() for size in (1, 7, 100, 999, 5000)]
    cases += [[0.0] * 9 + [5.0], [1.0] * 200 + [-80.0], [-3.0] * 40]
    for values, limit in zip(cases, in_node({STATE: "limitOf"}, "return limitOf(state);", cases), strict=True):
        sizes = np.abs(values)
        bin_width = sizes.max() / 1000
        assert (sizes <= limit + 1e-12).mean() >= 0.99
        assert (sizes < limit - bin_width - 1e-12).mean() < 0.99  # and no further than they must
    assert in_node({STATE: "limitOf"}, "return limitOf(state);", [[0, 0, 0]]) == [1]


def test_colours_of_a_picture_are_brightness(in_node, cases):
    for case, answer in zip(cases, in_node({STATE: "viewer"}, f"{VIEW} return view.answer;", cases), strict=True):
        picture = abs(np.sum(case["traits"]["kernel"]) - 1) < 0.05
        assert answer["isPicture"] == picture
        assert answer["low"] == (0 if picture or case["traits"]["relu"] else -answer["limit"])
        assert not picture or answer["limit"] == 1


def test_a_kernel_that_does_not_fit_has_no_answer(in_node):
    cases = collected(scenes(fitting=False))
    fits = in_node({STATE: "viewer"}, f"{VIEW} return view.answer !== null;", cases)
    for case, fit in zip(cases, fits, strict=True):
        reach = (len(case["traits"]["kernel"]) - 1) * case["traits"]["dilation"] + 1
        assert fit == (case["traits"]["padding"] == "same" or reach <= min(case["shape"][:2]))
    assert {True, False} == set(fits)


def test_nothing_is_computed_anew_that_has_not_changed(in_node, cases):
    body = """
    const image = { name: "picture", shape: state.shape, bytes: new DataView(Uint8Array.from(state.pixels).buffer) };
    const [traits, only] = [{ ...state.traits, image }, { image, drawing: false, pointed: null }];
    const look = viewer({});
    return state.changes.map((changes) => {
      const [before, after] = [look(traits, only), look({ ...traits, ...changes }, only)];
      return [after.plane === before.plane, after.answer.sums === before.answer.sums];
    });
    """
    case = next(case for case in cases if case["shape"][2] == 3 and case["traits"]["channel"] != "red").copy()
    case["changes"] = [{}, {"position": [1, 1]}, {"relu": True}, {"bias": 3}, {"kernel": [[1]]}, {"channel": "red"}]
    both, plane, neither = [True, True], [True, False], [False, False]
    assert in_node({STATE: "viewer"}, body, [case]) == [[both, both, both, plane, plane, neither]]


# what a key and a choice do


def test_arrow_keys_move_the_window_and_never_out_of_the_output(in_node):
    generator = np.random.default_rng(2)
    arrows = {"ArrowUp": (-1, 0), "ArrowDown": (1, 0), "ArrowLeft": (0, -1), "ArrowRight": (0, 1)}
    cases = []
    for key in list(arrows) * 20:
        height, width = generator.integers(1, 40, 2).tolist()
        place = [int(generator.integers(height)), int(generator.integers(width))]
        cases.append({"key": key, "shift": bool(generator.integers(2)), "size": [height, width], "position": place})
    body = """
    const [height, width] = state.size;
    const view = { size: { height, width }, answer: { position: state.position } };
    return moved(view, ARROWS[state.key], state.shift);
    """
    answers = in_node({STATE: "moved", "shared/js/keys.js": "ARROWS"}, body, cases)
    for case, position in zip(cases, answers, strict=True):
        target = np.add(case["position"], np.multiply(arrows[case["key"]], 10 if case["shift"] else 1))
        assert position == np.clip(target, 0, np.subtract(case["size"], 1)).tolist()


@st.composite
def changed_scenes(draw):
    """A scene, and the same picture with another kernel, step or rim."""
    before, after = draw(scenes()), draw(scenes())
    after["shape"], after["pixels"] = before["shape"], before["pixels"]
    how = after["traits"]
    assume(how["padding"] == "same" or (len(how["kernel"]) - 1) * how["dilation"] < min(before["shape"][:2]))
    return before | {"changed": how}


def test_the_window_stays_where_it_is_in_the_picture(in_node):
    cases = collected(changed_scenes())
    body = f"""
    {VIEW}
    const after = (position) => viewer({{}})({{ ...state.changed, image, position }}, {{ ...only, pointed: null }});
    const {{ position }} = kept(view, after([0, 0]));
    const middle = (view) => middleOf(view, view.answer.position);
    return {{ position, size: after(position).size, before: middle(view), after: middle(after(position)) }};
    """
    for case, answer in zip(cases, in_node({STATE: "viewer, kept, middleOf"}, body, cases), strict=True):
        last = np.array([answer["size"]["height"], answer["size"]["width"]]) - 1
        moved = np.subtract(answer["after"], answer["before"])
        for at, end, pixels in zip(answer["position"], last, moved, strict=True):
            if at == 0:
                assert pixels >= -case["changed"]["stride"] / 2  # it cannot go further up or left
            if at == end:
                assert pixels <= case["changed"]["stride"] / 2
            if 0 < at < end:
                assert abs(pixels) <= case["changed"]["stride"] / 2


def test_without_a_window_before_or_after_none_is_moved(in_node):
    cases = [{"before": None, "after": {}}, {"before": {}, "after": None}]
    body = "return kept({ answer: state.before }, { answer: state.after });"
    assert in_node({STATE: "kept"}, body, cases) == [{}, {}]


def test_the_middle_of_a_window_is_where_its_kernel_reads(in_node, cases):
    """A kernel that takes its middle pixel gives that pixel of a picture whose numbers are their own places."""
    body = f"{VIEW} return {{ middle: middleOf(view, view.answer.position), taps: view.answer.taps }};"
    for answer in in_node({STATE: "viewer, middleOf"}, body, cases):
        tap = answer["taps"][len(answer["taps"]) // 2]
        assert answer["middle"] == [tap["row"], tap["column"]]


def test_a_stride_costs_the_dilation_and_the_other_way_round(in_node):
    cases = [
        [{"stride": 1, "dilation": 1}, "stride", 3],
        [{"stride": 1, "dilation": 4}, "stride", 3],
        [{"stride": 2, "dilation": 1}, "dilation", 5],
        [{"stride": 2, "dilation": 1}, "dilation", 1],
    ]
    assert in_node({STATE: "spaced"}, "return spaced(...state);", cases) == [
        {"lost": None, "changes": {"stride": 3}},
        {"lost": "dilation", "changes": {"stride": 3, "dilation": 1}},
        {"lost": "stride", "changes": {"dilation": 5, "stride": 1}},
        {"lost": None, "changes": {"dilation": 1}},
    ]


def test_a_kernel_chosen_by_name_keeps_its_size_but_for_one_pixel(in_node):
    cases = [["ones", [[2]], PRESETS], ["corner", np.eye(7).tolist(), PRESETS]]
    answers = in_node({STATE: "named"}, "return named(...state).kernel;", cases)
    assert answers == [PRESETS["ones"][3], PRESETS["corner"][7]]


# weights


def test_a_preset_is_known_by_its_weights(in_node):
    kernels = [PRESETS["ones"][5], PRESETS["corner"][3], np.ones((1, 1)).tolist(), (np.ones((5, 5)) * 1.01).tolist()]
    cases = [[kernel, PRESETS] for kernel in kernels]
    assert in_node({"kernels/weights.js": "presetOf"}, "return presetOf(...state);", cases) == [
        "ones",
        "corner",
        "",
        "",
    ]


def test_another_size_keeps_a_preset_and_else_the_centre(in_node):
    generator = np.random.default_rng(3)
    own = [generator.normal(size=(size, size)).round(2) for size in SIZES]
    cases = [[kernel.tolist(), size, PRESETS] for kernel in own for size in SIZES]
    for (kernel, size, _), answer in zip(
        cases, in_node({"kernels/weights.js": "resized"}, "return resized(...state);", cases), strict=True
    ):
        rim = max(size - len(kernel), 0) // 2
        cut = max(len(kernel) - size, 0) // 2
        np.testing.assert_array_equal(answer, np.pad(kernel, rim)[cut : cut + size, cut : cut + size])
    of_presets = [[PRESETS["corner"][3], 9, PRESETS], [PRESETS["corner"][3], 1, PRESETS]]
    answers = in_node({"kernels/weights.js": "resized"}, "return resized(...state);", of_presets)
    assert answers == [PRESETS["corner"][9], [[0]]]


def test_random_weights_are_normal_and_have_two_places(in_node):
    chances = (1 - np.random.default_rng(4).random(2 * 11 * 11 * 30)).tolist()
    body = """
    let drawn = 0;
    return Array.from({ length: 30 }, () => random(11, () => state[drawn++]));
    """
    weights = np.array(in_node({"kernels/weights.js": "random"}, body, [chances])[0])
    assert weights.shape == (30, 11, 11)
    np.testing.assert_allclose(weights, weights.round(2), atol=1e-9)
    assert weights.mean() == pytest.approx(0, abs=0.05)  # three standard errors of 3630 numbers
    assert weights.std() == pytest.approx(1, abs=0.04)
    assert (np.abs(weights) > 1.96).mean() == pytest.approx(0.05, abs=0.011)


def test_one_weight_is_replaced_and_the_kernel_before_stays(in_node):
    kernel = np.arange(9.0).reshape(3, 3)
    body = (
        "const before = JSON.stringify(state); return [replaced(state, [1, 2], -4), JSON.stringify(state) === before];"
    )
    (answer, untouched) = in_node({"kernels/weights.js": "replaced"}, body, [kernel.tolist()])[0]
    kernel[1, 2] = -4
    assert untouched
    np.testing.assert_array_equal(answer, kernel)


LAYER = """
const number = (values) => new DataView(Float32Array.from(values).buffer);
const layer = { ...state.layer, weights: number(state.layer.weights), biases: number(state.layer.biases) };
"""


def layer_case(generator, colours):
    size, channels, filters = int(generator.choice(SIZES)), 3, int(generator.integers(1, 6))
    weights = generator.normal(size=(size, size, channels, filters)).astype("float32")
    biases = generator.normal(size=(channels, filters)).astype("float32")
    layer = {"shape": weights.shape, "colours": colours, "weights": weights.ravel().tolist()}
    chosen = {"input_channel": int(generator.integers(channels)), "filter": int(generator.integers(filters))}
    case = {"layer": layer | {"biases": biases.ravel().tolist()}, "chosen": chosen}
    return case, weights[:, :, chosen["input_channel"], chosen["filter"]], biases[tuple(chosen.values())]


def test_learned_weights_are_those_of_the_layer(in_node):
    generator = np.random.default_rng(5)
    cases, kernels, biases = zip(*(layer_case(generator, bool(number % 2)) for number in range(20)), strict=True)
    body = f"""
    {LAYER}
    const traits = {{ _layer: layer, filter: 0, input_channel: state.chosen.input_channel }};
    return leafed(traits, {{ filter: state.chosen.filter }}, ["grey", "red", "green", "blue"]);
    """
    answers = in_node({STATE: "leafed"}, body, cases)
    for case, kernel, bias, answer in zip(cases, kernels, biases, answers, strict=True):
        np.testing.assert_array_equal(np.float32(answer["kernel"]), kernel)
        assert answer["bias"] == bias
        assert {name: answer[name] for name in case["chosen"]} == case["chosen"]
        colour = ["red", "green", "blue"][case["chosen"]["input_channel"]]
        assert answer.get("channel") == (colour if case["layer"]["colours"] else None)


# layout

LAYOUT = f"{VIEW} const layout = layoutOf(view, state.room);"


def test_a_point_finds_what_is_drawn_there(in_node, cases):
    """The middle of the window, anywhere in the window's answer: both lead back to the output element."""
    body = f"""
    {LAYOUT}
    const middle = ({{ x, y, width, height }}) => [x + width / 2, y + height / 2];
    const {{ element }} = layout;
    const corner = [element.x + 0.01 * element.width, element.y + 0.99 * element.height];
    return [
      view.answer.position,
      windowUnder(view, layout, middle(layout.window)),
      elementUnder(view, layout, middle(element)),
      elementUnder(view, layout, corner),
    ];
    """
    imports = {STATE: "viewer", "kernels/layout.js": "layoutOf, windowUnder, elementUnder"}
    for position, *viewers in in_node(imports, body, cases):
        assert viewers == [position] * 3


def test_any_point_of_the_picture_finds_the_window_nearest_to_it(in_node, cases):
    points = [case | {"share": [0.37, 0.81]} for case in cases]
    body = f"""
    {LAYOUT}
    const point = [layout.canvas.width * state.share[0], layout.canvas.height * state.share[1]];
    return {{ found: windowUnder(view, layout, point), view, scale: layout.scale, point }};
    """
    imports = {STATE: "viewer", "kernels/layout.js": "layoutOf, windowUnder"}
    for case, answer in zip(points, in_node(imports, body, points), strict=True):
        size, step = answer["view"]["size"], case["traits"]["stride"]
        for axis, count in enumerate([size["height"], size["width"]]):
            pixel = answer["point"][1 - axis] / answer["scale"]
            distances = np.abs(np.arange(count) * step + answer["view"]["reach"] / 2 - pixel)
            assert distances[answer["found"][axis]] == pytest.approx(distances.min(), abs=1e-9)


def test_pictures_have_room_on_every_page(in_node):
    cases = collected(scenes(fitting=False))
    answers = in_node({STATE: "viewer", "kernels/layout.js": "layoutOf"}, f"{LAYOUT} return [view, layout];", cases)
    for case, (view, layout) in zip(cases, answers, strict=True):
        canvas, room = layout["canvas"], case["room"]
        beside = room >= 560
        assert canvas["width"] * (2 if beside else 1) + (20 if beside else 0) <= room + 1e-6
        assert canvas["height"] <= 380 + 1e-6
        assert canvas["width"] / canvas["height"] == pytest.approx(view["padded"]["width"] / view["padded"]["height"])
        how = [case["traits"][name] for name in ("stride", "padding", "dilation")]
        (above, _), (left, _) = padding_amounts(case["shape"][:2], len(case["traits"]["kernel"]), *how)
        corner = [layout["plane"]["y"], layout["plane"]["x"]]
        assert corner == pytest.approx([above * layout["scale"], left * layout["scale"]])
        boxes = [layout["plane"], layout["output"]]
        boxes += [layout["window"], layout["element"]] if view["answer"] else []
        for box in boxes:
            assert box["x"] >= 0
            assert box["y"] >= 0
            assert box["x"] + box["width"] <= canvas["width"] + 1e-6
            assert box["y"] + box["height"] <= canvas["height"] + 1e-6
        assert (layout["window"] is None) == (view["answer"] is None)


def test_the_three_grids_have_room_or_a_line_each(in_node):
    cases = [
        {"room": room, "size": size} for room in range(280, 1101, 20) for size in SIZES
    ]  # the layout of a picture as large as the kernel
    body = """
    const sides = { height: state.size, width: state.size };
    const output = { size: { height: 1, width: 1 }, answer: null };
    const view = { padded: sides, plane: sides, zeros: [0, 0], ...output, kernel: Array(state.size), layer: null };
    return layoutOf(view, state.room);
    """
    for case, layout in zip(cases, in_node({"kernels/layout.js": "layoutOf"}, body, cases), strict=True):
        grid = layout["cell"] * case["size"]
        assert grid <= case["room"]
        assert 18 <= layout["cell"] <= 50  # a number can be read in it
        if layout["beside"]:
            assert 3 * grid + 62 + 190 <= case["room"]


def test_a_point_of_the_strip_finds_its_filter(in_node):
    generator = np.random.default_rng(6)
    cases = [
        {"tile": 34, "perRow": int(generator.integers(1, 20)), "count": int(generator.integers(1, 65))}
        for _ in range(60)
    ]
    body = """
    const numbers = Array.from({ length: state.count }, (_, index) => index);
    const boxes = numbers.map((index) => tileBox(state, index));
    const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2];
    const beyond = tileBox(state, state.count);
    return [boxes, boxes.map((box) => filterUnder(state, middle(box))), filterUnder(state, middle(beyond))];
    """
    for case, (boxes, filters, beyond) in zip(
        cases, in_node({"kernels/layout.js": "tileBox, filterUnder"}, body, cases), strict=True
    ):
        assert filters == list(range(case["count"]))
        assert beyond is None
        assert max(box["x"] + box["width"] for box in boxes) <= case["tile"] * case["perRow"]
        assert len({(box["x"], box["y"]) for box in boxes}) == case["count"]


# words


def test_the_line_below_tells_the_sum_and_what_it_means(in_node):
    answer = {"position": [4, 7], "products": 1.5, "biased": 1.5, "limit": 2, "isPicture": False, "taps": []}
    view = {"answer": answer, "kernel": [[0] * 3] * 3, "plane": {"height": 18, "width": 27}, "reach": 3}
    view |= {"settings": {"dilation": 1}, "bias": 0, "relu": False}
    picture = [{"value": value} for value in (0, 0.25, 1)]
    cases = [
        view,
        view | {"answer": answer | {"biased": -0.5}, "bias": -2, "relu": True},
        view | {"answer": answer | {"products": 0.1, "biased": 0.1}},
        view | {"answer": answer | {"isPicture": True, "taps": picture}},
        view | {"answer": None},
        view | {"answer": None, "reach": 5, "settings": {"dilation": 2}},
    ]
    no_room = 'does not fit into a picture of 18 × 27: take a smaller one, or padding "same".'
    start = "Row 4, column 7: the products sum to"
    assert in_node({"kernels/words.js": "sentence"}, "return sentence(state);", cases) == [
        f"{start} 1.50. A strong answer: bright where the kernel is orange, dark where it is blue.",
        f"{start} 1.50, with the bias it is −0.50, ReLU makes it 0. "
        "Some answer, below zero: dark where the kernel is orange, bright where it is blue.",
        f"{start} 0.10. Nearly nothing: under the window is not what this kernel looks for.",
        f"{start} 1.50. In the middle the picture has 0.25.",
        f"A kernel of 3 × 3 {no_room}",
        f"A kernel of 3 × 3, spread over 5, {no_room}",
    ]


def test_captions_and_labels(in_node):
    body = """
    const view = { image: { name: "cat" }, plane: { height: 2, width: 3 }, size: { height: 1, width: 2 }, answer: {} };
    const taps = [{ value: 0.5, product: -1 }, { value: 1, product: 2 }];
    return [
      pictureTitle({ ...view, channel: "grey" }),
      pictureTitle({ ...view, channel: "red" }),
      pictureSize({ ...view, settings: { padding: "valid" } }),
      pictureSize({ ...view, settings: { padding: "same" } }),
      outputLabel(view),
      outputLabel({ ...view, answer: null }),
      windowLabel(taps),
      productsLabel(taps),
      weightLabel([0, 2]),
      legendNote(true, true),
      legendNote(false, true),
      legendNote(false, false),
      notBoth("dilation"),
      notBoth(null),
      layerNote({ shape: [3, 3, 64, 64], of: [70, 100] }),
      layerNote({ shape: [3, 3, 3, 8], of: [3, 8] }),
    ];
    """
    labels = "outputLabel, windowLabel, productsLabel, weightLabel"
    names = f"pictureTitle, pictureSize, legendNote, notBoth, layerNote, {labels}"
    assert in_node({"kernels/words.js": names}, body, [None]) == [
        [
            "Picture: cat",
            "Picture: cat, red",
            "2 × 3",
            "2 × 3, zeros around",
            "The output, 1 × 2",
            "No output",
            "Values under the window: 0.50, 1.00",
            "Products: −1.00, 2.00",
            "Weight in row 1, column 3",
            "brightness",
            "negative became 0",
            "blue is negative",
            "Keras takes a stride or a dilation, not both: the dilation is 1 now.",
            "",
            "the first of 100 filters and 70 channels",
            "",
        ]
    ]
