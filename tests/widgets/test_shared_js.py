"""The modules that all widgets share in the browser, those without a page: against NumPy, struct and hand calculation.

What has tests of its own is not here: activation functions, convolution, resampling, random numbers, bars and networks.
"""

import struct

import numpy as np
import pytest

from dlcourse.widgets.shared import palette
from dlcourse.widgets.shared.words import percent

# what a page would give: callbacks are kept until a test lets them run
CLOCK = """
    const kept = { now: [], frame: [] };
    const release = (when) => { for (const callback of kept[when].splice(0)) callback(); };
    globalThis.queueMicrotask = (callback) => kept.now.push(callback);
    globalThis.requestAnimationFrame = (callback) => kept.frame.push(callback);
    globalThis.cancelAnimationFrame = () => {};
"""

# a model that writes down what is done to it
MODEL = """
    const done = [];
    const model = {
      get: (name) => values[name],
      set: (name, value) => { done.push(["set", name]); values[name] = value; },
      save_changes: () => done.push(["save"]),
    };
"""


# --- bounds, keys ----------------------------------------------------------------------------------------------------


def test_a_number_is_kept_between_its_bounds(in_node):
    numbers = np.linspace(-3, 3, 13)
    answers = in_node({"shared/js/bounds.js": "clamp"}, "return clamp(state, -1.25, 2);", numbers.tolist())
    np.testing.assert_array_equal(answers, np.clip(numbers, -1.25, 2))


def test_whole_numbers_from_first_to_last(in_node):
    cases = [[1, 5], [-2, 2], [3, 3]]
    answers = in_node({"shared/js/bounds.js": "upTo"}, "return upTo(...state);", cases)
    assert answers == [list(range(first, last + 1)) for first, last in cases]


def test_an_arrow_key_goes_its_way_on_the_screen(in_node):
    (arrows,) = in_node({"shared/js/keys.js": "ARROWS"}, "return ARROWS;", [0])
    assert sorted(arrows) == ["ArrowDown", "ArrowLeft", "ArrowRight", "ArrowUp"]
    start = np.array([5, 5])  # row and column
    assert (start + arrows["ArrowDown"]).tolist() == [6, 5]
    assert (start + arrows["ArrowRight"]).tolist() == [5, 6]
    for one_way, back in (("ArrowUp", "ArrowDown"), ("ArrowLeft", "ArrowRight")):
        np.testing.assert_array_equal(np.add(arrows[one_way], arrows[back]), 0)


# --- bytes, pictures -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "letter"), [("bytesIn", "B"), ("halvesIn", "H"), ("float32sIn", "f"), ("float64sIn", "d")]
)
def test_numbers_are_read_from_wherever_they_lie_in_a_message(function, letter, in_node):
    numbers = [0, 1, 250, 7] if letter in "BH" else [0.1, -2.5, 1e30, 3.0]
    packed = struct.pack(f"<{len(numbers)}{letter}", *numbers)
    body = f"""
        const message = Uint8Array.from(state.message);
        return {function}(new DataView(message.buffer, state.from, state.length));
    """
    cases = [
        {"message": [*b"\xff" * start, *packed, *b"\xff" * 5], "from": start, "length": len(packed)}
        for start in (0, 1, 3, 8)
    ]
    expected = list(struct.unpack(f"<{len(numbers)}{letter}", packed))
    assert in_node({"shared/js/bytes.js": function}, body, cases) == [expected] * 4


def test_bytes_are_looked_at_and_longer_numbers_copied(in_node):
    """A drawing may be read without a copy; what was unpacked stays when the message's memory is used again."""
    body = """
        const message = new Uint8Array(9);
        const view = new DataView(message.buffer, 1);
        const [bytes, numbers] = [bytesIn(view), float32sIn(view)];
        message.fill(255);
        return [bytes[0], numbers[0]];
    """
    assert in_node({"shared/js/bytes.js": "bytesIn, float32sIn"}, body, [0]) == [[255, 0]]


@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_becomes_numbers(channels, in_node):
    picture = np.random.default_rng(0).integers(0, 256, (2, 3, channels), dtype=np.uint8)
    message = [9, 9, 9, *picture.ravel().tolist(), 9]  # it begins at an odd place, as in a message of several parts
    body = """
        const { buffer } = Uint8Array.from(state.message);
        const bytes = new DataView(buffer, 3, buffer.byteLength - 4);
        return planeOf({ shape: [2, 3, state.channels], bytes }, state.channel);
    """
    cases = [{"message": message, "channels": channels, "channel": name} for name in ("brightness", "green")]
    brightness, green = in_node({"shared/js/pictures.js": "planeOf"}, body, cases)
    scaled = picture / 255
    grey = scaled[..., 0] if channels == 1 else scaled @ [0.299, 0.587, 0.114]
    assert (brightness["height"], brightness["width"]) == (2, 3)
    np.testing.assert_allclose(brightness["values"], grey.ravel(), atol=1e-6)
    np.testing.assert_allclose(green["values"], scaled[..., min(1, channels - 1)].ravel(), atol=1e-6)


def test_a_dot_is_added_to_a_drawing_and_the_drawing_before_it_stays(in_node):
    body = """
        const empty = blank(5, 7);
        const first = dotted(empty, ...state);
        const both = dotted(first, 4, 6, 1);
        const bytes = ({ bytes }) => new Uint8Array(bytes.buffer);
        return [bytes(empty), bytes(first), bytes(both), both.shape, both.name];
    """
    ((empty, first, both, shape, name),) = in_node({"shared/js/pictures.js": "blank, dotted"}, body, [[1.5, 2, 2]])
    rows, columns = np.mgrid[:5, :7]

    def dot(row, column, radius):
        return np.floor(255 * np.clip(radius - np.hypot(rows - row, columns - column), 0, 1)).ravel()

    assert (shape, name) == ([5, 7, 1], "a drawing")
    assert not any(empty)
    np.testing.assert_array_equal(first, dot(1.5, 2, 2))
    np.testing.assert_array_equal(both, np.maximum(dot(1.5, 2, 2), dot(4, 6, 1)))


# --- what is kept: memory, model, engines ----------------------------------------------------------------------------


def test_an_answer_is_computed_again_only_for_other_arguments(in_node):
    body = """
        let computed = 0;
        const sum = remember((one, other) => { computed += 1; return one + other; });
        return state.map((given) => [sum(...given), computed]);
    """
    given = [[1, 2], [1, 2], [1, 3], [1, 2]]
    assert in_node({"shared/js/memory.js": "remember"}, body, [given]) == [[[3, 1], [3, 1], [4, 2], [3, 3]]]
    not_a_number = "let computed = 0; const f = remember(() => (computed += 1)); f(NaN); f(NaN); return computed;"
    assert in_node({"shared/js/memory.js": "remember"}, not_a_number, [0]) == [1]


def test_what_has_changed_is_known_by_name(in_node):
    body = "const changed = changes(); return state.map((asked) => changed(...asked));"
    asked = [["a", 1, 2], ["b", 1, 2], ["a", 1, 2], ["a", 1, 3], ["b", 1, 2], ["a", 1, 2]]
    assert in_node({"shared/js/memory.js": "changes"}, body, [asked]) == [[True, True, False, True, False, True]]


def test_traits_are_read_as_they_are_now_and_no_others(in_node):
    body = "const model = { get: (name) => `now ${name}` }; return read(model, state);"
    names = ["kernel", "stride"]
    assert in_node({"shared/js/model.js": "read"}, body, [names]) == [{name: f"now {name}" for name in names}]


def test_only_what_is_other_is_written_to_the_model(in_node):
    body = f"const {{ values, written }} = state; {MODEL} write(model, written); return done;"
    values = {"size": 3, "unit": [1, 2], "image": {"name": "cat", "shape": [4, 5, 3]}, "empty": None}
    cases = [
        (values, []),
        ({"size": 4, "unit": [1, 2]}, [["set", "size"], ["save"]]),
        ({"unit": [1, 2, 3]}, [["set", "unit"], ["save"]]),
        ({"image": values["image"] | {"shape": [4, 5, 1]}}, [["set", "image"], ["save"]]),
        ({"empty": {}, "size": None}, [["set", "empty"], ["set", "size"], ["save"]]),  # one message for both
        ({}, []),
    ]
    given = [{"values": values, "written": written} for written, _ in cases]
    assert in_node({"shared/js/model.js": "write"}, body, given) == [done for _, done in cases]


def test_bytes_are_written_when_they_are_another_view(in_node):
    """Comparing a picture byte by byte at each frame would cost more than sending it."""
    body = f"""
        const view = new DataView(new ArrayBuffer(4));
        const values = {{ bytes: view }};
        {MODEL}
        write(model, {{ bytes: view }});
        const unchanged = done.length;
        write(model, {{ bytes: new DataView(view.buffer) }});
        return [unchanged, done.length];
    """
    assert in_node({"shared/js/model.js": "write"}, body, [0]) == [[0, 2]]


def test_an_engine_lives_from_a_widgets_first_view_to_its_last(in_node):
    body = """
        const [made, stopped] = [[], []];
        const enter = (key) => engineOf(
          { get: (name) => (name === "_key" ? key : undefined) },
          () => { made.push(key); return { key, number: made.length }; },
          (engine) => stopped.push(engine.number),
        );
        const [first, second, other] = [enter("a"), enter("a"), enter("b")];
        const shared = first.engine === second.engine && first.engine !== other.engine;
        first.leave();
        const afterOne = [...stopped];
        second.leave();
        const afterBoth = [...stopped];
        const anew = enter("a").engine.number;
        return { shared, afterOne, afterBoth, anew, made };
    """
    (answer,) = in_node({"shared/js/engines.js": "engineOf"}, body, [0])
    assert answer == {"shared": True, "afterOne": [], "afterBoth": [1], "anew": 3, "made": ["a", "b", "a"]}


# --- frames ----------------------------------------------------------------------------------------------------------


def test_a_widget_draws_at_once_and_then_at_most_once_a_frame(in_node):
    body = f"""
        {CLOCK}
        let drawn = 0;
        const frames = oncePerFrame(() => {{ drawn += 1; }});
        const counts = [];
        const count = () => counts.push(drawn);
        frames.ask(); frames.ask(); count();     // asked twice before anything happens
        release("now"); count();                 // drawn in the same frame
        frames.ask(); frames.ask(); release("now"); count();
        release("frame"); count();               // the next frame
        release("frame"); frames.ask(); release("now"); count();
        frames.ask(); frames.end(); release("frame"); release("now"); count();
        return counts;
    """
    assert in_node({"shared/js/frames.js": "oncePerFrame"}, body, [0]) == [[0, 1, 1, 2, 3, 3]]


def test_a_large_network_runs_in_slices_and_old_numbers_stand_meanwhile(in_node):
    """Whoever looks at the clock finds five milliseconds gone, so that a frame has time for one slice."""
    body = f"""
        {CLOCK}
        let time = 0;
        globalThis.performance = {{ now: () => (time += 5) }};
        let asked = 0;
        const {{ run }} = runner(() => {{ asked += 1; }});
        const input = {{ kind: "input", inputs: [], shape: [1], weights: [], activation: null }};
        // a node hands on what it is given, and takes as long as its weights are many
        const network = (many) => ({{
          nodes: [input, {{ ...input, kind: "pass", inputs: [0], weights: [new Float32Array(many)] }}],
          output: 1,
        }});
        const [small, large] = [network(1), network(4e6)];
        const inputs = [[7], [8], [9]];
        return state.map(([step, chosen, given]) => {{
          if (step === "frame") return release("frame");
          if (step === "asked") return asked;
          const {{ outputs, complete, input: of }} = run(chosen === "small" ? small : large, inputs[given]);
          return [complete, of[0], complete ? outputs[1][0] : null];
        }});
    """
    frame, asked = ["frame"], ["asked"]
    steps = [
        (["run", "small", 0], [True, 7, 7]),
        (asked, 0),
        (["run", "large", 0], [False, 7, None]),
        (frame, None),
        (asked, 1),
        (["run", "large", 0], [True, 7, 7]),
        (["run", "large", 1], [True, 7, 7]),  # the last one's numbers are better than none
        (["run", "large", 2], [True, 7, 7]),  # and this waits until that is done
        (frame, None),
        (["run", "large", 2], [True, 8, 8]),
        (frame, None),
        (["run", "large", 2], [True, 9, 9]),
        (["run", "small", 2], [True, 9, 9]),
    ]
    (answers,) = in_node({"shared/js/network_runner.js": "runner"}, body, [[step for step, _ in steps]])
    assert answers == [answer for _, answer in steps]


# --- curves ----------------------------------------------------------------------------------------------------------


def test_a_run_is_unpacked_column_by_column(in_node):
    numbers = np.array([[0.5, 0.25, 0.125], [np.pi, -1, 0]])
    within = np.array([[9.0, 8.0]])
    body = """
        const view = (bytes) => { // as a message may bring it: not at a multiple of eight
          const padded = Uint8Array.from([0, ...bytes]);
          return new DataView(padded.buffer, 1);
        };
        const within = { columns: ["loss"], values: view(state.within), batches: [10, 20] };
        return unpacked({ name: "run", columns: ["loss", "val_loss"], values: view(state.numbers), within });
    """
    case = {"numbers": list(numbers.tobytes()), "within": list(within.tobytes())}
    (run,) = in_node({"shared/js/curves.js": "unpacked"}, body, [case])
    assert run["numbers"] == {"loss": numbers[0].tolist(), "val_loss": numbers[1].tolist()}
    assert run["within"] == {"loss": [9, 8]}
    assert (run["name"], run["batches"]) == ("run", [10, 20])


def test_a_run_without_bytes_or_epochs_is_unpacked_too(in_node):
    cases = [
        {"columns": ["loss"], "values": [[1, 2]], "within": {"columns": [], "values": []}},
        {"columns": [], "values": [], "within": {"columns": [], "values": []}},
    ]
    body = "const { numbers, within, batches } = unpacked(state); return [numbers, within, batches];"
    assert in_node({"shared/js/curves.js": "unpacked"}, body, cases) == [[{"loss": [1, 2]}, {}, []], [{}, {}, []]]


def test_quantities_begin_with_the_loss_and_come_once(in_node):
    runs = [
        {"numbers": {"accuracy": [], "val_accuracy": [], "loss": []}, "within": {"loss": [], "speed": []}},
        {"numbers": {}, "within": {}},
    ]
    answers = in_node({"shared/js/curves.js": "quantities"}, "return quantities(state);", runs)
    assert answers == [["loss", "accuracy", "speed"], []]


def test_the_span_of_curves_is_that_of_their_finite_numbers(in_node):
    columns = [[3.0, -2.0, None, 0.5], [7.0, 0.0]]  # None: not a number, as JSON has none
    body = """
        const columns = state.columns.map((column) => column.map((value) => value ?? NaN));
        columns.push([Infinity, -Infinity]);
        return span(columns, state.log);
    """
    cases = [{"columns": columns, "log": False}, {"columns": columns, "log": True}, {"columns": [], "log": False}]
    answers = in_node({"shared/js/curves.js": "span"}, body, cases)
    values = np.array([3.0, -2.0, 0.5, 7.0, 0.0])
    assert answers == [[values.min(), values.max()], [values[values > 0].min(), values.max()], None]


def test_scales_lead_from_values_to_pixels(in_node):
    values = np.array([1.0, 2.0, 10.0, 55.0, 100.0])
    body = "return state.values.map(scale(state.span, state.from, state.to, state.log));"
    case = {"values": values.tolist(), "span": [1, 100], "from": 300, "to": 20}
    linear, logarithmic, flat = in_node(
        {"shared/js/curves.js": "scale"},
        body,
        [case | {"log": False}, case | {"log": True}, case | {"span": [5, 5], "log": False}],
    )
    np.testing.assert_allclose(linear, np.interp(values, [1, 100], [300, 20]))
    np.testing.assert_allclose(logarithmic, np.interp(np.log(values), np.log([1, 100]), [300, 20]))
    assert flat == [160] * 5


def test_ticks_are_round_and_few_and_within(in_node):
    generator = np.random.default_rng(1)
    cases = [
        {"span": [low, low + reach], "most": int(most)}
        for low, reach, most in zip(
            generator.normal(0, 10, 40), np.exp(generator.normal(0, 4, 40)), generator.integers(3, 8, 40), strict=True
        )
    ]
    for case, marks in zip(
        cases,
        in_node({"shared/js/curves.js": "ticks"}, "return ticks(state.span, state.most, false);", cases),
        strict=True,
    ):
        low, high = case["span"]
        assert 1 <= len(marks) <= case["most"] + 1
        assert all(low - 1e-6 * (high - low) <= mark <= high + 1e-6 * (high - low) for mark in marks)
        if len(marks) > 1:
            step = np.diff(marks)
            np.testing.assert_allclose(step, step[0], rtol=1e-6)
            digit = step[0] / 10 ** np.floor(np.log10(step[0]) + 1e-9)
            assert min(abs(digit - round_digit) for round_digit in (1, 2, 5, 10)) < 1e-6


def test_ticks_of_a_logarithm_are_powers_of_ten(in_node):
    cases = [{"span": [0.003, 50], "most": 6}, {"span": [1e-6, 1e6], "most": 5}, {"span": [2, 2], "most": 5}]
    body = "return ticks(state.span, state.most, true);"
    few, thinned, single = in_node({"shared/js/curves.js": "ticks"}, body, cases)
    np.testing.assert_allclose(few, [0.01, 0.1, 1, 10])
    np.testing.assert_allclose(thinned, [1e-6, 1e-3, 1, 1e3, 1e6])
    assert single == [2]


def test_epochs_are_marked_by_whole_numbers(in_node):
    body = "return wholeTicks(...state);"
    answers = in_node({"shared/js/curves.js": "wholeTicks"}, body, [[4, 6], [20, 5], [100, 5]])
    assert answers == [[1, 2, 3, 4], [5, 10, 15, 20], [20, 40, 60, 80, 100]]


def test_the_nearest_epoch_is_found(in_node):
    epochs = [1, 2, 3, 5, 8]
    numbers = [-4, 1.4, 2.6, 4.2, 6.4, 6.6, 99]
    body = f"return nearest({epochs}, state);"
    answers = in_node({"shared/js/curves.js": "nearest"}, body, numbers)
    assert answers == [int(np.abs(np.array(epochs) - number).argmin()) for number in numbers]
    assert in_node({"shared/js/curves.js": "nearest"}, "return nearest([], state);", [1]) == [-1]


def test_the_axis_of_epochs_reaches_to_what_is_planned_unless_that_is_far(in_node):
    def run(done, state, planned):
        return {"epochs": list(range(1, done + 1)), "planned": planned, "begun": done, "state": state}

    cases = [
        [],
        [run(5, "done", 20)],
        [run(5, "running", 20)],
        [run(5, "running", 28)],
        [run(5, "running", 29)],
        [run(5, "running", 20), run(30, "done", 30)],
    ]
    answers = in_node({"shared/js/curves.js": "lastEpoch"}, "return lastEpoch(state);", cases)
    assert answers == [2, 5, 20, 28, 14, 30]


def test_a_line_has_gaps_where_there_is_no_number(in_node):
    body = "return pieces([1, 2, 3, 4, 5, 6], state.map((value) => value ?? NaN));"
    cases = [[1, 1, None, 2, None, None], [None] * 6, [1, 2, 3, 4, 5, 6]]
    broken, nothing, whole = in_node({"shared/js/curves.js": "pieces"}, body, cases)
    assert broken == [[[1, 1], [2, 1]], [[4, 2]]]
    assert nothing == []
    assert whole == [[[at, at] for at in range(1, 7)]]


def test_durations_are_told_as_people_do(in_node):
    seconds = [0.44, 9.96, 41.4, 60, 125, 3599.4, 3600, 4230]
    answers = in_node({"shared/js/curves.js": "duration"}, "return duration(state);", seconds)
    assert answers == ["0.4 s", "10.0 s", "41 s", "1:00 min", "2:05 min", "59:59 min", "1:00 h", "1:11 h"]


# --- canvas and palette ----------------------------------------------------------------------------------------------

# a page with canvases that write down what is drawn
PAGE = """
    globalThis.window = { devicePixelRatio: 2 };
    const pen = (drawn) => ({
      drawn, fillStyle: "", globalAlpha: 1,
      setTransform(...given) { drawn.push(["setTransform", ...given]); },
      clearRect(...given) { drawn.push(["clearRect", ...given]); },
      fillRect(...given) { drawn.push(["fillRect", this.fillStyle, ...given]); },
      fillText(...given) { drawn.push(["fillText", this.fillStyle, this.globalAlpha, ...given]); },
      createImageData: (width, height) => ({ data: new Uint8ClampedArray(width * height * 4) }),
      putImageData({ data }) { this.pixels = data; },
    });
    globalThis.document = { createElement: () => {
      const made = pen([]);
      return { style: {}, getContext: () => made };
    } };
"""


def test_a_canvas_has_the_screens_pixels(in_node):
    body = f"""
        {PAGE}
        const canvas = document.createElement("canvas");
        const {{ drawn }} = begin(canvas, 100.4, 50);
        return [canvas.width, canvas.height, canvas.style, drawn, density()];
    """
    ((width, height, style, drawn, density),) = in_node({"shared/js/canvas.js": "begin, density"}, body, [0])
    assert (width, height, density) == (201, 100, 2)
    assert style == {"width": "100.4px", "height": "50px"}
    assert drawn == [["setTransform", 2, 0, 0, 2, 0, 0], ["clearRect", 0, 0, 100.4, 50]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_plane_has_the_colours_of_its_numbers(theme, in_node):
    values = np.array([[-3.0, -0.5, 0.0], [0.25, 1.0, 9.0]])
    body = f"""
        {PAGE}
        const plane = {{ height: 2, width: 3, values: Float32Array.from(state) }};
        const scale = diverging(1, {{ dark: {str(theme == "dark").lower()} }});
        return bitmap(plane, scale).getContext("2d").pixels;
    """
    imports = {"shared/js/canvas.js": "bitmap", "shared/js/palette.js": "diverging"}
    (pixels,) = in_node(imports, body, [values.ravel().tolist()])
    expected = palette.diverging(values, 1, theme)
    painted = np.reshape(pixels, (2, 3, 4))
    assert (painted[..., 3] == 255).all()
    assert np.abs(painted[..., :3] - expected.astype(int)).max() <= 1  # 512 steps of colour here


def test_below_its_floor_a_plane_is_shown_as_that(in_node):
    body = f"""
        {PAGE}
        const scale = brightness();
        const plane = (values) => ({{ height: 1, width: 2, values }});
        const shown = (values, floor) => bitmap(plane(values), scale, floor).getContext("2d").pixels;
        return [shown([0.1, 0.8], 0.5), shown([0.5, 0.8])];
    """
    imports = {"shared/js/canvas.js": "bitmap", "shared/js/palette.js": "brightness"}
    ((floored, as_they_are),) = in_node(imports, body, [0])
    assert floored == as_they_are


def test_letters_fit_into_a_square(in_node):
    sizes = in_node({"shared/js/canvas.js": "numberSize"}, "return numberSize(state);", [10, 30, 40, 100])
    assert sizes == [2.9, 8.7, 11.6, 13]


def test_numbers_stand_in_coloured_squares(in_node):
    body = f"""
        {PAGE}
        const brush = pen([]);
        const scale = (value) => (value > 0 ? [255, 255, 255] : [0, 0, 0]);
        const faded = [false, true, false];
        numberGrid(brush, {{ values: [1, -1, 2], columns: 2, cell: 20, scale, faded, font: "x" }});
        return brush.drawn;
    """
    (drawn,) = in_node({"shared/js/canvas.js": "numberGrid"}, body, [0])
    assert drawn == [
        ["fillRect", "rgb(255 255 255)", 0, 0, 19, 19],
        ["fillText", "#000000", 1, "1.00", 9.5, 10],
        ["fillRect", "rgb(0 0 0)", 20, 0, 19, 19],
        ["fillText", "#ffffff", 0.55, "−1.00", 29.5, 10],
        ["fillRect", "rgb(255 255 255)", 0, 20, 19, 19],
        ["fillText", "#000000", 1, "2.00", 9.5, 30],
    ]


def test_a_colour_bar_goes_from_low_to_high(in_node):
    body = f"""
        {PAGE}
        const brush = pen([]);
        colourBar(brush, 5, 8, (value) => [value, 0, 0], 10, 30);
        return brush.drawn.map(([, colour, x]) => [colour, x]);
    """
    (drawn,) = in_node({"shared/js/canvas.js": "colourBar"}, body, [0])
    assert drawn == [[f"rgb({red} 0 0)", x] for x, red in enumerate([10, 15, 20, 25, 30])]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_scales_are_those_of_python(theme, in_node):
    numbers = np.linspace(-3, 3, 61)
    body = f"""
        const theme = {{ dark: {str(theme == "dark").lower()} }};
        return [diverging(2, theme)(state), sequential(-1, 2, theme)(state), brightness()((state + 3) / 6)];
    """
    answers = in_node({"shared/js/palette.js": "brightness, diverging, sequential"}, body, numbers.tolist())
    around, along, grey = (np.array(colours) for colours in zip(*answers, strict=True))
    for ours, theirs in (
        (around, palette.diverging(numbers, 2, theme)),
        (along, palette.sequential(numbers, -1, 2, theme)),
        (grey, palette.grey((numbers + 3) / 6)),
    ):
        assert np.abs(ours - theirs.astype(float)).max() <= 1.1


def test_packed_colours_are_the_same_colours(in_node):
    body = """
        const { colours, packed, low, high } = sequential(0, 5, { dark: false });
        const bytes = new Uint8Array(packed.buffer);
        const far = Math.max(...colours.flatMap((colour, at) => colour.map((c, k) => Math.abs(c - bytes[4 * at + k]))));
        return [colours.length, packed.length, low, high, far <= 0.5, bytes[3], WINDOW, CATEGORIES];
    """
    (answer,) = in_node({"shared/js/palette.js": "CATEGORIES, sequential, WINDOW"}, body, [0])
    assert answer == [512, 512, 0, 5, True, 255, palette.WINDOW, palette.CATEGORIES]


def test_ink_can_be_read_on_every_colour(in_node):
    """WCAG asks for 4.5 to 1; black or white has it on every colour, but not either of them."""
    colours = np.array([(r, g, b) for r in range(0, 256, 51) for g in range(0, 256, 51) for b in range(0, 256, 15)])
    inks = in_node({"shared/js/palette.js": "inkOn"}, "return inkOn(state);", colours.tolist())
    assert inks == [palette.ink_on(colour) for colour in colours]
    linear = np.array([[rgb_to_linear(channel / 255) for channel in colour] for colour in colours])
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    contrast = np.where(np.array(inks) == "#000000", (luminance + 0.05) / 0.05, 1.05 / (luminance + 0.05))
    assert contrast.min() > 4.5
    assert in_node({"shared/js/palette.js": "css"}, "return css(state);", [[1.4, 2.6, 3]]) == ["rgb(1 3 3)"]


def rgb_to_linear(share):
    """From the definition of sRGB, IEC 61966-2-1."""
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def test_the_pages_theme_is_read_from_the_widgets_style(in_node):
    body = """
        globalThis.getComputedStyle = (root) => root;
        return themeOf({ color: state, outlineColor: "red", fontFamily: "Sans" });
    """
    letters = ["rgba(0, 0, 0, 0.87)", "rgb(255, 255, 255)", "rgba(230, 230, 230, 0.9)"]
    themes = in_node({"shared/js/palette.js": "themeOf"}, body, letters)
    assert [theme["dark"] for theme in themes] == [False, True, True]
    assert (themes[0]["line"], themes[0]["font"]) == ("red", "Sans")


def test_a_change_of_theme_is_heard_from_the_widgets_own_background(in_node):
    body = """
        const listeners = {};
        const root = { addEventListener: (name, listener) => { listeners[name] = listener; } };
        let changed = 0;
        onThemeChange(root, () => { changed += 1; });
        for (const [name, own, propertyName] of state) listeners[name]({ target: own ? root : {}, propertyName });
        return changed;
    """
    own = "background-color"
    heard = [["transitionend", True, own], ["transitioncancel", True, own]]
    not_meant = [["transitionend", False, own], ["transitionend", True, "color"]]
    answers = in_node({"shared/js/palette.js": "onThemeChange"}, body, [heard, not_meant])
    assert answers == [2, 0]


# --- options, orders -------------------------------------------------------------------------------------------------


def test_a_thing_goes_to_another_place_and_the_others_close_up(in_node):
    cases = [[[0, 1, 2, 3], 0, 2], [[3, 1, 2, 0], 3, 0], [[2, 0, 1], 1, 1], [[0, 1, 2], 2, 9], [[0, 1, 2], 1, -4]]
    answers = in_node({"shared/js/ordering.js": "moved"}, "return moved(...state);", cases)
    assert answers == [[1, 2, 0, 3], [0, 3, 1, 2], [2, 0, 1], [0, 1, 2], [1, 0, 2]]


def test_a_dragged_thing_changes_places_once_the_pointer_has_passed_a_middle(in_node):
    middles = [20, 60, 100, 140]
    cases = [[middles, 0, 20], [middles, 0, 59], [middles, 0, 61], [middles, 0, 900], [middles, 3, 61], [middles, 2, 0]]
    answers = in_node({"shared/js/ordering.js": "placeFor"}, "return placeFor(...state);", cases)
    assert answers == [0, 0, 1, 3, 2, 0]


# --- words -----------------------------------------------------------------------------------------------------------


def test_numbers_are_written_briefly_and_in_full(in_node):
    cases = [0, -0.0, 3, -3, 12.345, -0.004, 0.125, 1 / 3]
    body = "return [brief(state), typed(state)];"
    briefly, in_full = zip(*in_node({"shared/js/words.js": "brief, typed"}, body, cases), strict=True)
    assert briefly == ("0", "0", "3", "−3", "12.3", "0.00", "0.13", "0.33")
    assert in_full == ("0", "0", "3", "−3", "12.345", "−0.004", "0.125", "0.3333333333333333")


def test_a_share_is_told_as_python_tells_it(in_node):
    shares = [0, 0.001, 0.00499, 0.005, 0.014, 0.015, 0.5, 0.995, 1]
    assert in_node({"shared/js/words.js": "percent"}, "return percent(state);", shares) == [
        percent(share) for share in shares
    ]


def test_a_sentence_is_told_when_things_have_come_to_rest(in_node):
    body = """
        const waiting = []; // all that was ever to happen
        globalThis.setTimeout = (callback, delay) => waiting.push({ callback, delay }) && waiting.at(-1);
        globalThis.clearTimeout = (timer) => { if (timer) timer.callback = null; };
        const rest = () => { for (const timer of waiting) { timer.callback?.(); timer.callback = null; } };
        const line = { textContent: "" };
        const also = [];
        const { say, end } = teller(line);
        say("first", () => also.push(1));
        rest();
        const heard = [line.textContent];
        say("second", () => also.push(2));
        say("third", () => also.push(3));
        heard.push(line.textContent);
        rest();
        heard.push(line.textContent);
        say("fourth", () => also.push(4));
        end();
        rest();
        heard.push(line.textContent);
        return [heard, also, waiting.map(({ delay }) => delay)];
    """
    ((heard, also, delays),) = in_node({"shared/js/words.js": "teller"}, body, [0])
    assert heard == ["first", "first", "third", "third"]
    assert also == [1, 3]
    assert delays == [0, 150, 150, 150]  # the first sentence at once
