"""Ablation's modules in node: the plan held against Python's, what a choice makes of the cuts, words, and the code."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers

from dlcourse.lens import Cut, parts_of, without
from dlcourse.widgets.ablation import key_of
from dlcourse.widgets.ablation.look import lanes
from dlcourse.widgets.ablation.network import _described
from dlcourse.widgets.ablation.words import cut_in_words, in_figures
from dlcourse.widgets.shared.numbers import figure

GENERATOR = np.random.default_rng(9)


def network():
    """With all that can be cut in it, in one model."""
    inputs = keras.Input((6, 4))
    x = layers.MultiHeadAttention(3, 2, name="attention")(inputs, inputs)
    x = layers.Add(name="triple")([inputs, x, inputs])
    y = layers.Dense(4, "sigmoid", name="dense")(x)
    z = layers.Dense(4, "relu", name="other")(y)
    x = layers.Add(name="sum")([y, z, x])
    x = layers.Concatenate(name="both")([x, y + x])
    x = layers.Flatten(name="flatten")(x)
    model = keras.Model(inputs, layers.Dense(3, "softmax", name="classes")(x))
    model.compile(loss="sparse_categorical_crossentropy")
    model.set_weights([GENERATOR.normal(size=weight.shape) for weight in model.get_weights()])
    return model


MODEL = network()
PARTS = parts_of(MODEL)
SENT = [_described(part) for part in PARTS]
ALL_CUTS = [Cut(part.name, kind, n) for part in PARTS for kind in part.kinds for n in range(part.count(kind))]


def as_sent(cuts):
    return [{"layer": cut.layer, "kind": cut.kind, "number": cut.number} for cut in cuts]


def view_of(cuts, measure="accuracy"):
    return {"network": {"parts": SENT, "measure": measure}, "cuts": as_sent(cuts)}


@st.composite
def plans(draw):
    """For each part one to three parts before it."""
    count = draw(st.integers(1, 14))
    return [draw(st.lists(st.integers(-1, place - 1), min_size=1, max_size=3)) for place in range(count)]


def test_links_run_where_python_has_them(in_node):
    collected = []

    @settings(max_examples=40, deadline=None)
    @given(plans())
    def collect(inputs):
        collected.append(inputs)

    collect()
    found = in_node({"ablation/layout.js": "lanesOf"}, "return lanesOf(state);", collected)
    for inputs, links in zip(collected, found, strict=True):
        assert {(link["from"], link["to"]): link["lane"] for link in links} == lanes(inputs)
        for link in links:  # no two in one lane lie on each other
            others = [o for o in links if o is not link and o["lane"] == link["lane"] > 0]
            assert not any(o["from"] < link["to"] and link["from"] < o["to"] for o in others)


def test_cuts_are_called_as_python_calls_them(in_node):
    found = in_node(
        {"ablation/words.js": "cutInWords"}, "return cutInWords(...state);", [[c, SENT] for c in as_sent(ALL_CUTS)]
    )
    assert found == [cut_in_words(cut, PARTS) for cut in ALL_CUTS]
    assert "triple without the input (no. 2)" in found


def test_keys_are_those_of_python(in_node):
    cases = [GENERATOR.permutation(len(ALL_CUTS))[:size] for size in (0, 1, 2, 5)]
    cases = [[ALL_CUTS[number] for number in numbers] for numbers in cases]
    found = in_node({"ablation/state.js": "keyOf"}, "return keyOf(state);", [as_sent(cuts) for cuts in cases])
    assert found == [key_of(cuts) for cuts in cases]


def test_values_are_written_as_python_writes_them(in_node):
    values = [0, 0.1049, 0.5, 0.9455, 1]
    body = 'return inFigures(inUnits(state, "accuracy"), {axis: {unit: "%"}});'
    imports = {"ablation/state.js": "inUnits", "ablation/words.js": "inFigures"}
    assert in_node(imports, body, values) == [in_figures(value, "accuracy") for value in values]
    assert in_figures(0.19, "loss") == figure(0.19)


def toggled(in_node, cuts, cut, is_cut=False):
    part = next(part for part in SENT if part["name"] == cut.layer)
    state = {"cuts": as_sent(cuts), "part": part, "kind": cut.kind, "number": cut.number, "isCut": is_cut}
    (found,) = in_node({"ablation/state.js": "toggled"}, "return toggled(state).cuts;", [state])
    return [Cut(**sent) for sent in found]


@pytest.mark.parametrize(
    ("before", "cut", "after"),
    [
        ([], Cut("dense", "zero"), [Cut("dense", "zero")]),
        ([Cut("dense", "zero")], Cut("dense", "identity"), [Cut("dense", "identity")]),
        ([Cut("dense", "unit", 1)], Cut("dense", "zero"), [Cut("dense", "zero")]),
        ([Cut("dense", "zero")], Cut("dense", "unit", 2), [Cut("dense", "unit", 2)]),
        ([Cut("dense", "unit", 1)], Cut("dense", "unit", 2), [Cut("dense", "unit", 1), Cut("dense", "unit", 2)]),
        ([Cut("other", "zero")], Cut("dense", "zero"), [Cut("other", "zero"), Cut("dense", "zero")]),
        ([Cut("both", "input", 0)], Cut("both", "input", 1), [Cut("both", "input", 1)]),  # one of the two stays
        ([Cut("sum", "input", 0)], Cut("sum", "input", 2), [Cut("sum", "input", 0), Cut("sum", "input", 2)]),
    ],
)
def test_what_is_cut_together(in_node, before, cut, after):
    assert toggled(in_node, before, cut) == after
    without(MODEL, after)  # and Python takes it
    assert cut not in toggled(in_node, after, cut, is_cut=True)


def test_a_number_is_covered_until_there_is_a_guess(in_node):
    cut = as_sent([Cut("dense", "zero")])
    result = {"value": 0.25, "loss": 2.0, "counts": None, "answers": []}
    described = {"parts": SENT, "measure": "accuracy", "examples": 20, "classes": []}
    traits = {"cuts": cut, "example": 0, "tried": [], "_failed": "", "_network": described}
    traits["_results"] = {"": result | {"value": 0.945}, key_of([Cut("dense", "zero")]): result}
    own = {"chosen": -1, "kind": None, "number": 0, "guess": None, "alone": False}
    states = [
        [traits, own],
        [traits, own | {"guess": 60}],
        [traits | {"tried": [{"cuts": cut, "guess": 60}]}, own],
        [traits | {"tried": [{"cuts": cut, "guess": None}]}, own],
        [traits | {"cuts": []}, own],
        [traits | {"tried": [{"cuts": cut, "guess": 1}], "_results": {"": result}}, own | {"alone": True}],
    ]
    imports = {"ablation/state.js": "viewer, inUnits", "ablation/words.js": "sentence"}
    body = """const view = viewer()(...state);
    return [view.covered, view.now?.value ?? null, sentence(view, (value) => inUnits(value, "accuracy")), view.rows];"""
    asked, guessed, told, given_up, nothing, alone = in_node(imports, body, states)
    assert asked[:2] == guessed[:2] == [True, None]
    assert "Whole, the accuracy is 94.5 %: how much is left?" in asked[2]
    assert "Your guess: 60 %" in guessed[2]
    assert told[:2] == [False, 0.25]
    verdict = "You said 60 %, it is 25 %: 35 percentage points too high."
    assert told[2] == f"Cut: dense puts out zeros. Accuracy 25 %, whole 94.5 %. {verdict}"
    row = {"guess": 60, "value": 25, "change": -69.5, "loss": 2, "isNow": True, "words": "dense puts out zeros"}
    assert told[3] == [row | {"cuts": cut}]
    assert given_up[2] == "Cut: dense puts out zeros. Accuracy 25 %, whole 94.5 %."
    assert nothing[2].startswith("Nothing is cut: accuracy 94.5 % on 20 examples.")
    assert "no Python stands behind this page" in alone[2]


def test_what_is_chosen_at_first(in_node):
    described = {"parts": SENT, "measure": "accuracy", "examples": 20, "classes": []}
    traits = {"example": 0, "tried": [], "_failed": "", "_network": described, "_results": {"": {"value": 1}}}
    own = {"chosen": -1, "kind": None, "number": 0, "guess": None, "alone": False}
    body = "const view = viewer()(...state); return [view.part.name, view.kind, view.number, view.isCut];"
    cases = [[traits | {"cuts": as_sent(cuts)}, own] for cuts in ([], [Cut("dense", "unit", 2)])]
    cases.append([traits | {"cuts": []}, own | {"chosen": 0, "kind": "head", "number": 9}])
    found = in_node({"ablation/state.js": "viewer"}, body, cases)
    assert found == [["triple", "input", 0, False], ["dense", "unit", 2, True], ["attention", "head", 2, False]]


def code_of(in_node, cases):
    return in_node({"ablation/code.js": "ablatedCode"}, "return ablatedCode(state);", [view_of(cuts) for cuts in cases])


def test_the_code_gives_the_same_network(in_node):
    """Keras alone, run as it stands."""
    cases = [[cut] for cut in ALL_CUTS if cut.number in (0, 2)]
    cases += [[Cut("sum", "input", 0), Cut("sum", "input", 1)], [Cut("dense", "unit", 1), Cut("dense", "unit", 3)]]
    cases += [[Cut("attention", "head", 1), Cut("attention", "unit", 2), Cut("both", "input", 1)]]
    x = GENERATOR.normal(size=(5, 6, 4)).astype("float32")
    for cuts, code in zip(cases, code_of(in_node, cases), strict=True):
        assert "dlcourse" not in code
        lines = [line for line in code.splitlines() if not line.startswith("cut.")]
        names = {"model": MODEL}
        exec("\n".join(lines), names)
        expected = np.asarray(without(MODEL, cuts)(x))
        np.testing.assert_allclose(np.asarray(names["cut"](x)), expected, atol=1e-5, err_msg=str(cuts))


def test_what_is_nested_or_used_twice_is_cut_by_the_lens(in_node):
    cut = {"layer": "body/dense#2", "kind": "unit", "number": 1}
    parts = [SENT[0] | {"name": "body/dense#2"}]
    body = {"ablation/code.js": "ablatedCode"}, "return ablatedCode(state);"
    (code,) = in_node(*body, [{"network": {"parts": parts, "measure": "iou"}, "cuts": [cut]}])
    assert 'cut = without(model, [\n    Cut("body/dense#2", "unit", 1),\n])' in code
    (nothing,) = code_of(in_node, [[]])
    assert nothing.startswith("# Nothing is cut yet")


def test_keys_walk_through_the_plan(in_node):
    view = {"chosen": 3, "network": {"parts": SENT}}
    keys = ["ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown", "x"]
    body = "return partAfter(state.view, state.key);"
    found = in_node({"ablation/state.js": "partAfter"}, body, [{"view": view, "key": key} for key in keys])
    last = len(SENT) - 1
    assert found == [2, 4, 0, last, 0, last, -1]
