"""The pure parts of PaintOut in the browser, in node, against `lens`, Keras and what Python says."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from properties import examples

from dlcourse.lens import blurred, brush_mask, moved_part, painted_over
from dlcourse.widgets import PaintOut
from dlcourse.widgets.paint_out.look import shown_classes
from dlcourse.widgets.shared.picture_form import fitted
from dlcourse.widgets.shared.picture_input import Picture

PICTURE = """
    const pictureOf = ({ shape: [height, width, channels], bytes }) =>
        ({ height, width, channels, bytes: Uint8Array.from(bytes) });
"""


def picture_case(pixels):
    return {"shape": list(pixels.shape), "bytes": pixels.ravel().tolist()}


def drawn(rows, columns, channels, seed):
    return np.random.default_rng(seed).integers(0, 256, (rows, columns, channels), dtype=np.uint8)


def test_a_stroke_paints_the_bytes_that_the_lens_paints(in_node):
    cases, expected = [], []

    @examples(2)
    @given(
        st.tuples(st.integers(1, 20), st.integers(1, 20), st.sampled_from([1, 3])),
        st.lists(st.tuples(st.floats(-4, 24), st.floats(-4, 24)), min_size=1, max_size=4),
        st.floats(0.5, 9),
        st.sampled_from(["grey", "blur", "paste"]),
        st.tuples(st.integers(0, 19), st.integers(0, 19)),
        st.integers(0, 99),
    )
    def collect(shape, points, radius, baseline, source, seed):
        before, original = drawn(*shape, seed), drawn(*shape, seed + 1)
        mask = brush_mask(*shape[:2], points, radius)
        if baseline == "grey":
            content = 128.0
        elif baseline == "blur":
            content = blurred(original, 2)
        else:
            offset = tuple(int(np.floor(there - here + 0.5)) for there, here in zip(source, points[0], strict=True))
            content, inside = moved_part(original, offset, *shape[:2])
            mask = mask * inside
        case = {"before": picture_case(before), "original": picture_case(original), "baseline": baseline}
        cases.append({**case, "points": points, "radius": radius, "source": source})
        expected.append(painted_over(before, content, mask))

    collect()
    body = (
        PICTURE
        + """
        const [before, original] = [pictureOf(state.before), pictureOf(state.original)];
        const content = {
            grey: () => greyContent(original, 128),
            blur: () => blurredContent(original, 2),
            paste: () => movedContent(original, offsetFrom(state.source, state.points[0])),
        }[state.baseline]();
        const stroke = strokeOn(before, content);
        for (const point of state.points) leadTo(stroke, point, state.radius);
        return [stroke.bytes, paintedShare(before, stroke.bytes)];
    """
    )
    names = "blurredContent, greyContent, leadTo, movedContent, offsetFrom, paintedShare, strokeOn"
    answers = in_node({"paint_out/painting.js": names}, body, cases)
    for case, pixels, (painted, share) in zip(cases, expected, answers, strict=True):
        before = np.array(case["before"]["bytes"], np.uint8).reshape(case["before"]["shape"])
        np.testing.assert_array_equal(np.reshape(painted, pixels.shape), pixels)
        assert share == (pixels != before).any(-1).mean()


def test_bars_are_of_the_same_classes_as_in_the_still_picture(in_node):
    cases = []

    @given(
        st.integers(2, 15).flatmap(
            lambda count: st.tuples(
                *[st.lists(st.floats(0, 1), min_size=count, max_size=count, unique=True)] * 2,
                st.lists(st.integers(0, count - 1), max_size=3),
                st.integers(0, count - 1),
                st.integers(1, 8),
            )
        )
    )
    def collect(case):
        cases.append(case)

    collect()
    answers = in_node({"paint_out/state.js": "shownClasses"}, "return shownClasses(...state);", cases)
    assert answers == [shown_classes(*case) for case in cases]


def test_there_is_never_more_than_one_question_open(in_node):
    """A learner paints, Python answers when it likes: the last picture is always asked about in the end."""
    body = """
        let [asked, answer] = [{ number: 0, layer: "" }, { number: 0, picture: 0 }];
        let [number, kept, open, most, log] = [0, true, [], 0, []];
        const ask = () => {
            const easel = { number, painting: false, kept };
            const question = nextQuestion({ asked, answer, inBrowser: false, easel, wanted: null, alone: false });
            if (!question) return;
            open.push({ ...question, picture: number });
            [asked, kept] = [question, true];
            most = Math.max(most, open.length);
        };
        for (const step of state) {
            if (step === "paint") [number, kept] = [number + 1, false];
            else if (open.length) {
                const { number: answered, picture } = open.shift();
                answer = { number: answered, picture };
                log.push(picture);
            }
            ask();
        }
        while (open.length) {
            const { number: answered, picture } = open.shift();
            answer = { number: answered, picture };
            log.push(picture);
            ask();
        }
        return { most, log, number };
    """
    cases = []

    @given(st.lists(st.sampled_from(["paint", "paint", "answer"]), max_size=30))
    def collect(steps):
        cases.append(steps)

    collect()
    for steps, answer in zip(cases, in_node({"paint_out/asking.js": "nextQuestion"}, body, cases), strict=True):
        assert answer["most"] <= 1
        if "paint" in steps:
            assert answer["log"][-1] == answer["number"]
        assert answer["log"] == sorted(set(answer["log"]))


def test_a_layer_is_asked_for_at_rest_and_once_where_it_fails(in_node):
    body = "return nextQuestion(state)?.layer ?? null;"
    state = {"asked": {"number": 3, "layer": ""}, "answer": {"number": 3, "picture": 5, "failed": ""}}
    state |= {"inBrowser": False, "easel": {"number": 5, "painting": False, "kept": True}, "wanted": "saliency"}
    state |= {"alone": False}
    cases = [
        state,
        state | {"easel": {"number": 5, "painting": True, "kept": True}},
        state | {"easel": {"number": 6, "painting": False, "kept": False}},  # the picture comes first
        state | {"answer": {"number": 2, "picture": 5}},
        state | {"asked": {"number": 3, "layer": "saliency"}, "answer": {"number": 3, "picture": 5, "failed": "no"}},
        state | {"asked": {"number": 3, "layer": "occlusion"}, "answer": {"number": 3, "picture": 5, "failed": "no"}},
        state | {"alone": True},
        state | {"inBrowser": True, "easel": {"number": 6, "painting": False, "kept": False}},
        state | {"inBrowser": True, "easel": {"number": 6, "painting": True, "kept": False}},
        state | {"wanted": None},
    ]
    answers = in_node({"paint_out/asking.js": "nextQuestion"}, body, cases)
    assert answers == ["saliency", None, "", None, None, "saliency", None, "", None, None]


def test_the_easel_goes_back_stroke_by_stroke_and_follows_others(in_node):
    body = """
        const image = { name: "grey", shape: [4, 6, 1], bytes: new DataView(new Uint8Array(24).fill(10).buffer) };
        const tool = { baseline: "grey", other: null, source: [0, 0], brush: 3 };
        const work = easel(128);
        const told = [];
        const tell = () => {
            const { number, bytes, steps, kept } = work.now();
            told.push([number, bytes ? Array.from(bytes).filter((byte) => byte !== 10).length : 0, steps, kept]);
        };
        const stroke = (...places) => {
            work.begin(tool, places[0]);
            for (const place of places.slice(1)) work.lead(tool, place);
            work.end();
            tell();
        };
        work.follow(image, { number: 4 });
        tell();
        stroke([1, 1], [1, 3]);
        stroke([3, 5]);
        const kept = work.kept();
        tell();
        work.follow(image, kept);
        work.undo();
        tell();
        work.undo();
        tell();
        work.undo();
        tell();
        work.follow(image, { number: 9, bytes: new DataView(new Uint8Array(24).fill(11).buffer) });
        tell();
        work.undo();
        tell();
        work.clear();
        work.follow({ ...image }, { number: 30 });
        tell();
        return told;
    """
    (told,) = in_node({"paint_out/easel.js": "easel"}, body, [None])
    first, second = told[1][1], told[2][1]
    assert 0 < first < second
    assert told == [
        [4, 0, 0, True],
        [6, first, 1, False],
        [7, second, 2, False],
        [7, second, 2, True],
        [8, first, 1, False],
        [9, 0, 0, False],
        [9, 0, 0, False],
        [10, 24, 1, False],  # somebody else painted: older by its number, so that Python is told again
        [11, 0, 0, False],
        [30, 0, 0, True],
    ]


def test_a_picture_of_ones_own_is_cut_as_python_cuts_it(in_node):
    pixels = [drawn(30, 41, 3, 1), drawn(17, 9, 1, 2), drawn(60, 20, 3, 3)]
    sizes = [(12, 12, 3), (20, 28, 3), (9, 7, 1)]
    body = """
        const bytes = new DataView(Uint8Array.from(state.bytes).buffer);
        return new Uint8Array(fittedPicture({ name: "", shape: state.shape, bytes }, state.size).bytes.buffer);
    """
    cases = [picture_case(each) | {"size": size} for each, size in zip(pixels, sizes, strict=True)]
    answers = in_node({"shared/js/picture_form.js": "fittedPicture"}, body, cases)
    for each, size, answer in zip(pixels, sizes, answers, strict=True):
        expected = np.floor(255 * fitted(Picture(each, ""), size) + 0.5)
        np.testing.assert_allclose(np.reshape(answer, size), expected, atol=1)
        assert (np.reshape(answer, size) == expected).mean() > 0.99


def test_the_colours_of_a_layer_reach_their_full_strength_where_99_of_100_are_weaker(in_node):
    generator = np.random.default_rng(4)
    values = [generator.normal(size=(20, 30)), np.zeros((3, 4)), generator.uniform(0, 1, (7, 7))]
    body = """
        const numbers = new DataView(Float32Array.from(state.flat()).buffer);
        const sizes = [state.length, state[0].length];
        const layer = layerOf({ shape: sizes, values: numbers, region: [5, 0, 40, 60], signed: true });
        return [layer.reach, coloursOf(layer), peakOf(layer)];
    """
    answers = in_node({"paint_out/layer.js": "coloursOf, layerOf, peakOf"}, body, [each.tolist() for each in values])
    for each, (reach, colours, peak) in zip(values, answers, strict=True):
        expected = np.quantile(np.abs(each), 0.99)
        np.testing.assert_allclose(reach, expected, rtol=1e-5)
        strength = np.clip(np.abs(each) / (expected or 1), 0, 1) * 255
        np.testing.assert_allclose(np.reshape(colours, (*each.shape, 4))[..., 3], strength, atol=1)
        row, column = np.unravel_index(each.argmax(), each.shape)
        np.testing.assert_allclose(
            peak, [5 + (row + 0.5) * 40 / each.shape[0], (column + 0.5) * 60 / each.shape[1]], atol=1e-9
        )


def test_the_legend_promises_no_direction_that_a_layer_does_not_have(in_node):
    body = """
        const layer = { signed: state[1] };
        return layerLegend({ layer, attribution: state[0], asked: 1, described: { classes: ["dog", "cat"] } });
    """
    cases = [["saliency", False], ["grad_cam", False], ["occlusion", True]]
    saliency, cam, occlusion = in_node({"paint_out/words.js": "layerLegend"}, body, cases)
    assert saliency == "Orange: a small change here changes the score of cat, up or down."
    assert cam == "Orange speaks for cat."
    assert occlusion == "Orange speaks for cat; blue speaks against it."


def test_the_numbers_on_the_screen_are_those_of_python_and_the_code_computes_them(in_node):
    """The whole view in node, from the traits as they travel; the code that it shows is run."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    picture = drawn(30, 32, 3, 5)
    cases, widgets = [], []
    for finish, browser in (("softmax", True), (None, True), (None, False)):
        first = layers.Conv2D if browser else layers.Conv2DTranspose
        model = keras.Sequential(
            [keras.Input((30, 32, 3)), layers.Rescaling(1 / 255), first(3, 3, activation="relu"),
             layers.GlobalAveragePooling2D(), layers.Dense(4, activation=finish)], name="net"
        )  # fmt: skip
        kind = {"softmax": "occlusion"}.get(finish, "integrated_gradients")
        widget = PaintOut(model, picture, attribution=kind, baseline="grey", label=1)
        widget.paint([(4, 4), (8, 12)], radius=3)
        names = "image label baseline brush other source attribution attributed fade _model _painted _asked _answer"
        cases.append(plain(widget.get_state([*names.split(), "_layers"])))
        widgets.append(widget)
    body = """
        const view_of = (bytes) => new DataView(Uint8Array.from(bytes).buffer);
        state.image.bytes = view_of(state.image.bytes);
        state._painted.bytes = view_of(state._painted.bytes);
        if (state._model.network) state._model.network.weights = view_of(state._model.network.weights);
        for (const layer of Object.values(state._layers)) layer.values = view_of(layer.values);
        const work = easel(128);
        work.follow(state.image, state._painted);
        const run = (which, network, input) => ({ outputs: forward(network, input), complete: true, input });
        const own = { live: null, drawing: false, pointed: null, alone: false, easel: work.now() };
        const view = viewer(7, run)(state, own);
        const { before, now, current, share, asked, needsLayer, waiting } = view;
        const [words, code] = [sentence(view), paintedCode(view)];
        return { before, now, current, share, asked, needsLayer, waiting, words, code };
    """
    imports = {"paint_out/state.js": "viewer", "paint_out/easel.js": "easel", "paint_out/words.js": "sentence"}
    imports |= {"paint_out/code.js": "paintedCode", "shared/js/browser_network.js": "forward"}
    for widget, view in zip(widgets, in_node(imports, body, cases), strict=True):
        now = widget.probabilities
        np.testing.assert_allclose(view["now"], now, atol=1e-5)
        original = widget._network.probabilities(picture[None])[0]
        np.testing.assert_allclose(view["before"], original, atol=1e-5)
        assert (view["current"], view["asked"], view["needsLayer"], view["waiting"]) == (True, 1, False, False)
        assert view["share"] == (picture != widget.painted).any(-1).mean()
        assert (
            f"1 is {round(100 * float(now[1]))} % probable, before {round(100 * float(original[1]))} %" in view["words"]
        )
        known = {"widget": widget, "model": widget._network.model}
        exec(view["code"], known)
        np.testing.assert_allclose(np.asarray(known["probabilities"])[0], now, atol=1e-5)
        (layer,) = widget._layers.values()
        computed = np.asarray(known["layer"]).reshape(*layer["shape"], -1).sum(-1)
        np.testing.assert_allclose(computed.ravel(), np.frombuffer(layer["values"], "float32"), atol=1e-5)


def plain(part):
    """A trait as it travels, with bytes as numbers."""
    if isinstance(part, dict):
        return {name: plain(each) for name, each in part.items()}
    if isinstance(part, list | tuple):
        return [plain(each) for each in part]
    return list(part) if isinstance(part, bytes | memoryview) else part
