"""The pure modules of Recurrent in node, against dlcourse.lens, which is held against Keras."""

import base64

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcourse import lens, nets
from dlcourse.lens.recurrence import GATES, ROWS, RecurrentCell
from dlcourse.widgets import Recurrent
from dlcourse.widgets.recurrent.brackets import CHARACTERS

PARTS = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}
CASES = st.tuples(
    st.sampled_from(list(PARTS)),
    st.booleans(),  # the reset gate after the multiplication
    st.sampled_from(["tanh", "relu", "elu"]),
    st.integers(1, 5),  # units
    st.integers(1, 4),  # features
    st.integers(1, 7),  # steps
    st.tuples(st.integers(0, 2), st.sampled_from([None, 0, 1, 0.5]), st.sampled_from([None, 1]), st.integers(0, 8)),
    st.integers(0, 999),
)
CELLS = {"recurrent/cells.js": "cellOf, gradientOverTime, sharesAt, unroll"}
VIEW = {
    "recurrent/state.js": "cannotRead, moved, stepAt, viewer, withHold",
    "recurrent/words.js": "equations, pointedInWords, rowTitle, sentence, size",
    "recurrent/layout.js": "chartOf, mapsOf, placeAt",
}
BYTES = """
    const bytes = (text) => new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
"""
RUN = (
    BYTES
    + """
    const cell = cellOf({ ...state.cell, weights: state.cell.weights.map(bytes) });
    const way = unroll(cell, state.x, state.holds);
    const gradient = gradientOverTime(cell, way, state.unit);
    return { rows: way.rows, sums: way.sums, gradient, shares: sharesAt(cell, way, state.steps - 1, state.unit) };
"""
)
# the traits of a widget as a case in node, and their view
SEEN = (
    BYTES
    + """
    const network = state.traits._network;
    network.weights = network.weights.map(bytes);
    if (network.head) network.head.weights = bytes(network.head.weights);
    for (const name of ["embedded", "series"]) if (network[name]) network[name] = bytes(network[name]);
    const reply = state.traits._reply;
    for (const name of ["inputs", "answers"]) if (reply[name]) reply[name] = bytes(reply[name]);
    const view = viewer()(state.traits, state.alone);
"""
)


def packed(values):
    return base64.b64encode(bytes(values)).decode()


def case(kind, after, activation, units, features, steps, hold, seed):
    generator = np.random.default_rng(seed)
    columns = PARTS[kind] * units
    shapes = [(features, columns), (units, columns), (columns,), (columns,)]
    weights = [generator.normal(size=shape).astype("float32").astype(float) for shape in shapes]
    if not (kind == "GRU" and after):
        weights[3][:] = 0
    cell = RecurrentCell(kind, *weights, activation, "sigmoid", kind == "GRU" and after)
    x = generator.normal(size=(steps, features)).astype("float32").astype(float)
    gate, value, whose, since = hold
    gates = GATES[kind]
    holds = (
        [lens.Hold(gates[gate % len(gates)], value, whose and units - 1, since)] if gates and value is not None else []
    )
    return cell, x, holds, seed % units


def sent(cell, x, holds, unit):
    weights = [
        packed(array.astype("float32").tobytes())
        for array in (cell.kernel, cell.recurrent, cell.bias, cell.recurrent_bias)
    ]
    names = ("kind", "units", "features", "activation", "recurrent_activation", "reset_after")
    described = {name: getattr(cell, name) for name in names} | {"weights": weights}
    described |= {"gates": GATES[cell.kind], "rows": ROWS[cell.kind]}
    held = {hold.gate: {"value": hold.value, "unit": hold.unit, "step": hold.step} for hold in holds}
    return {"cell": described, "x": x.ravel().tolist(), "holds": held, "unit": unit, "steps": len(x)}


def test_gates_states_and_gradients_are_those_of_the_lens(in_node):
    cases = []

    @settings(max_examples=80, database=None)
    @given(CASES)
    def collect(arguments):
        cases.append(case(*arguments))

    collect()
    for (cell, x, holds, unit), shown in zip(cases, in_node(CELLS, RUN, [sent(*made) for made in cases]), strict=True):
        way = lens.unrolled(cell, x, holds)
        for name, row in way.rows.items():
            np.testing.assert_allclose(shown["rows"][name], row.ravel(), rtol=1e-9, atol=1e-12)
        gradient = lens.gradient_over_time(cell, way, unit)
        for by in ("state", "input", *(["cell"] if cell.kind == "LSTM" else [])):
            np.testing.assert_allclose(shown["gradient"][by], gradient.sizes(by), rtol=1e-8, atol=1e-12)
        assert (shown["gradient"]["cell"] is None) == (cell.kind != "LSTM")
        for share in shown["shares"]:
            total = share["fromInput"] + share["fromState"] + share["bias"]
            assert total == pytest.approx(way.sums[share["name"]][-1, unit])
            column = list(way.sums).index(share["name"]) * cell.units + unit
            assert share["fromInput"] == pytest.approx(x[-1] @ cell.kernel[:, column])


def traits_of(widget, alone=False, **others):
    network = dict(widget._network)
    network["weights"] = [packed(weights) for weights in network["weights"]]
    for name in ("embedded", "series"):
        network[name] = network[name] and packed(network[name])
    if network["head"]:
        network["head"] = network["head"] | {"weights": packed(network["head"]["weights"])}
    reply = {name: packed(value) if isinstance(value, bytes) else value for name, value in widget._reply.items()}
    traits = {name: getattr(widget, name) for name in ("text", "held", "unit", "step")}
    return {"traits": traits | {"_network": network, "_reply": reply} | others, "alone": alone}


def test_a_view_has_the_numbers_of_python(in_node):
    widget = Recurrent(unit=3)
    cases = [("a(b(c", {}, 2), ("((d", {"forget": 0}, None), ("a", {"output": {"value": 1, "unit": 3, "step": 0}}, 7)]
    seen = []
    for text, held, step in cases:
        widget.text, widget.held, widget.step = text, held, step
        seen.append(traits_of(widget))
    body = SEEN + "return { ...view, rows: view.way.rows, text: sentence(view) };"
    for (text, held, step), shown in zip(cases, in_node(VIEW, body, seen), strict=True):
        widget.text, widget.held, widget.step = text, held, step
        for name, row in widget.unrolled().rows.items():
            np.testing.assert_allclose(shown["rows"][name], row.ravel(), atol=1e-6)
        assert shown["answer"]["names"] == list(CHARACTERS)
        np.testing.assert_allclose(shown["answer"]["values"], list(widget.answer.values()), atol=1e-6)
        np.testing.assert_allclose(shown["gradient"]["state"], widget.gradient().sizes(), rtol=1e-5)
        assert shown["tokens"] == list(text)
        assert shown["waiting"] == ""
        assert ("with the" in shown["text"]) == bool(held)


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_answers_after_each_step_are_those_of_keras(cell, in_node):
    model = nets.recurrent((None,), 6, cell=cell, units=(5,), vocabulary=6, embedding=3, every_step=True)
    generator = np.random.default_rng(2)
    model.set_weights([generator.normal(size=weight.shape) for weight in model.get_weights()])
    widget = Recurrent(model, "a(b))c", CHARACTERS)
    body = SEEN + "return view.answer.values;"
    answers = in_node(VIEW, body, [traits_of(widget, step=step) for step in range(6)])
    codes = np.array([[CHARACTERS.index(letter) for letter in widget.text]])
    np.testing.assert_allclose(answers, keras.ops.convert_to_numpy(model(codes))[0], atol=1e-5)


def test_equations_hold_with_the_numbers_they_show(in_node):
    widget = Recurrent(text="a(b", unit=2, held={"forget": 1})
    body = SEEN + "return equations(view).map(({ symbols, numbers, held }) => [symbols, numbers, held]);"
    (lines,) = in_node(VIEW, body, [traits_of(widget)])
    symbols, numbers, held = zip(*lines, strict=True)
    assert symbols == (
        "i = σ(W x + U h₋₁ + b)",
        "f = σ(W x + U h₋₁ + b)",
        "g = tanh(W x + U h₋₁ + b)",
        "o = σ(W x + U h₋₁ + b)",
        "c = f·c₋₁ + i·g",
        "h = o·tanh(c)",
    )
    assert held == (False, True, False, False, False, False)
    assert numbers[1].startswith("held at 1.00; it would be σ(")
    rows = {name: row[:, 2] for name, row in widget.unrolled().rows.items()}
    assert numbers[4].startswith("1.00·")
    assert numbers[4].endswith(f"= {rows['cell'][2]:.2f}".replace("-", "−"))
    assert numbers[5].endswith(f"= {rows['state'][2]:.2f}".replace("-", "−"))


def test_what_is_typed_is_read_or_refused_with_the_reason(in_node):
    body = """
        const letters = { tokens: ["a", "b", " "], words: false, unknown: "[UNK]", masked: true };
        const words = { tokens: ["", "[UNK]", "good", "bad"], words: true, unknown: "[UNK]", masked: false };
        return [cannotRead(letters, "b b", 9), cannotRead(letters, "bx", 9), cannotRead(letters, "", 9),
          cannotRead(letters, "bbb", 2), cannotRead(letters, "ba", 9), cannotRead(words, "good or bad", 9),
          cannotRead({ ...words, tokens: ["good", "bad"] }, "good or bad", 9)];"""
    (answers,) = in_node(VIEW, body, [{}])
    assert answers == [
        "",
        "“x” is not among the 3 characters that the network knows: ab ",
        "Type some characters.",
        "3 characters are too many: it shows at most 2.",
        "“a” has number 0, and the network skips that.",
        "",
        "“or” is not among the 2 words that the network knows: good, bad, …",
    ]


def test_keys_and_buttons_change_what_they_should(in_node):
    body = """
        const held = { forget: { value: 0, unit: null, step: 0 } };
        const view = { step: 4, steps: 6, unit: 1, cell: { units: 3 }, held };
        const all = { alone: false, here: false };
        return [moved(view, 1, 1), moved(view, -9, 9), stepAt(4, 6), stepAt(5, 6),
          withHold(view, "output", 1, { alone: true, here: true }), withHold(view, "forget", 1, all),
          withHold(view, "forget", null, all)];"""
    (answers,) = in_node(VIEW, body, [{}])
    assert answers == [
        {"step": None, "unit": 2},
        {"step": 0, "unit": 2},
        4,
        None,
        {"forget": {"value": 0, "unit": None, "step": 0}, "output": {"value": 1, "unit": 1, "step": 4}},
        {"forget": {"value": 1, "unit": None, "step": 0}},
        {},
    ]


def test_a_point_on_the_maps_is_a_number(in_node):
    body = (
        SEEN
        + """
        return [980, 440].map((width) => {
          const layout = mapsOf(view, width);
          const middle = ({ left, top }, step, unit) =>
            placeAt(layout, left + (step + 0.5) * layout.cell, top + (unit + 0.5) * layout.row);
          const ends = layout.maps.map(({ left, top }) => [left + layout.across, top + layout.tall]);
          return { found: layout.maps.map((map) => middle(map, 3, 5)), beside: placeAt(layout, 2, 3), ends,
            size: [layout.width, layout.height], charts: chartOf(width).width,
            told: pointedInWords(view, middle(layout.maps[4], 3, 5)) };
        });"""
    )
    widget = Recurrent()
    (shown,) = in_node(VIEW, body, [traits_of(widget)])
    names = ["input", "forget", "output", "candidate", "cell", "state"]
    for layout in shown:
        assert layout["found"] == [{"name": name, "step": 3, "unit": 5} for name in names]
        assert layout["beside"] is None
        assert (np.array(layout["ends"]) <= np.array(layout["size"])).all()
        assert layout["charts"] <= layout["size"][0]
        value = f"{widget.unrolled().rows['cell'][3, 5]:.4f}".replace("-", "−")
        assert layout["told"] == f"cell state c, unit 5, step 3 “b”: {value}"


def test_a_page_without_a_kernel_says_what_it_cannot_tell(in_node):
    widget = Recurrent(text="ab")
    body = (
        SEEN
        + """
        const unread = viewer()({ ...state.traits, _network: { ...network, reads_alone: false } }, state.alone);
        const unanswered = viewer()({ ...state.traits, _network: { ...network, head: null } }, state.alone);
        return [unread.waiting, sentence(unread), unanswered.waiting, sentence(unanswered), unanswered.way !== null];"""
    )
    asked, alone = in_node(VIEW, body, [traits_of(widget), traits_of(widget, alone=True)])
    assert asked[:3] == ["asked", "Python is asked …", "asked"]
    assert alone[:3] == ["alone", "What the model makes of this text only a running notebook can tell.", "alone"]
    assert "Python is asked …" in asked[3]
    assert asked[4]
