"""Networks without some of their parts, held against networks of the same weights that were built without them."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers

from dlcourse.errors import CourseError
from dlcourse.lens import Cut, parts_of, without

GENERATOR = np.random.default_rng(3)
PICTURES = GENERATOR.normal(size=(5, 6, 8, 3)).astype("float32")


def shaken(model):
    """With weights that no initialiser gives: biases and statistics are no longer 0 and 1."""
    model.set_weights([np.abs(GENERATOR.normal(0.5, 0.4, weight.shape)) for weight in model.get_weights()])
    return model


def answers(model, x=PICTURES):
    return np.asarray(model(x, training=False))


def equal(model, cuts, expected, x=PICTURES):
    """Without the cuts the network says something else, with them it says what was expected."""
    found = answers(without(model, cuts), x)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert not np.allclose(answers(model, x), expected, atol=1e-3)


def sequential():
    return shaken(
        keras.Sequential(
            [
                keras.Input((6, 8, 3)),
                layers.Conv2D(4, 3, activation="sigmoid", name="conv"),
                layers.Conv2D(4, 3, padding="same", activation="tanh", name="same"),
                layers.BatchNormalization(name="norm"),
                layers.Flatten(name="flatten"),
                layers.Dense(3, name="classes"),
            ],
            name="small",
        )
    )


def residual(shape=(6, 8, 3)):
    """Two ways that are added, and then two that are put side by side."""
    inputs = keras.Input(shape)
    x = layers.Conv2D(4, 1, activation="sigmoid", name="stem")(inputs)
    y = layers.Conv2D(4, 3, padding="same", activation="relu", name="branch")(x)
    x = layers.Add(name="add")([x, y])
    z = layers.Conv2D(2, 1, name="side")(x)
    x = layers.Concatenate(name="both")([x, z])
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    return shaken(keras.Model(inputs, layers.Dense(3, name="classes")(x), name="residual"))


def test_a_layer_of_a_sequential_model_hands_on_what_it_is_given():
    model = sequential()
    rest = [layer for layer in model.layers if layer.name != "same"]
    equal(model, [Cut("same", "identity")], answers(keras.Sequential([keras.Input((6, 8, 3)), *rest])))


def test_a_layer_puts_out_zeros_behind_its_activation():
    model = sequential()
    tail = keras.Sequential([keras.Input((4, 6, 4)), *model.layers[1:]])
    equal(model, [Cut("conv", "zero")], answers(tail, np.zeros((5, 4, 6, 4))))


def test_units_put_out_zeros_behind_the_activation():
    model = sequential()
    between = np.array(model.get_layer("conv")(PICTURES))
    between[..., [1, 3]] = 0
    tail = keras.Sequential([keras.Input((4, 6, 4)), *model.layers[1:]])
    equal(model, [Cut("conv", "unit", 1), Cut("conv", "unit", 3)], answers(tail, between))


@pytest.mark.parametrize(("left_out", "stays"), [(0, "branch"), (1, "stem")])
def test_one_way_into_an_addition_is_left_out(left_out, stays):
    model = residual()
    layer = model.get_layer
    x = layer("stem")(PICTURES)
    if stays == "branch":
        x = layer("branch")(x)
    x = layer("both")([x, layer("side")(x)])
    expected = layer("classes")(layer("pool")(x))
    equal(model, [Cut("add", "input", left_out)], np.asarray(expected))
    assert "add" not in [part.name for part in parts_of(without(model, [Cut("add", "input", left_out)]))]


def test_of_three_ways_into_an_addition_two_stay():
    inputs = keras.Input((4,))
    ways = [layers.Dense(4, name=name)(inputs) for name in "abc"]
    model = shaken(keras.Model(inputs, layers.Dense(2, name="classes")(layers.Add(name="add")(ways))))
    x = GENERATOR.normal(size=(5, 4)).astype("float32")
    expected = model.get_layer("classes")(model.get_layer("a")(x) + model.get_layer("c")(x))
    equal(model, [Cut("add", "input", 1)], np.asarray(expected), x)


def test_an_addition_by_an_operator_with_a_wider_partner():
    inputs = keras.Input((5, 4))
    one = keras.ops.mean(layers.Dense(4, name="mean_of")(inputs), axis=1, keepdims=True)
    model = shaken(keras.Model(inputs, layers.Dense(2, name="classes")(one + inputs)))
    x = GENERATOR.normal(size=(3, 5, 4)).astype("float32")
    name = next(part.name for part in parts_of(model) if part.kind == "Add")
    classes = model.get_layer("classes")
    equal(model, [Cut(name, "input", 0)], np.asarray(classes(x)), x)
    mean = np.asarray(model.get_layer("mean_of")(x)).mean(1, keepdims=True)
    equal(model, [Cut(name, "input", 1)], np.asarray(classes(np.repeat(mean, 5, 1))), x)


@pytest.mark.parametrize("left_out", [0, 1])
def test_one_way_into_a_concatenation_is_zeros_in_its_place(left_out):
    model = residual()
    layer = model.get_layer
    stem = layer("stem")(PICTURES)
    x = stem + layer("branch")(stem)
    pair = [x, layer("side")(x)]
    pair[left_out] = pair[left_out] * 0
    equal(model, [Cut("both", "input", left_out)], np.asarray(layer("classes")(layer("pool")(layer("both")(pair)))))


def test_two_cuts_at_once():
    model = residual()
    layer = model.get_layer
    x = layer("stem")(PICTURES)
    x = layer("both")([x, layer("side")(x) * 0])
    expected = layer("classes")(layer("pool")(x))
    equal(model, [Cut("add", "input", 1), Cut("both", "input", 1)], np.asarray(expected))


def test_one_use_of_a_shared_layer_of_a_nested_model_is_cut_and_the_other_stays():
    body = keras.Sequential([keras.Input((4,)), layers.Dense(4, "sigmoid", name="dense")], name="body")
    inner = keras.Input((4,))
    other = keras.Model(inner, layers.Dense(4, "tanh", name="dense")(inner), name="other")
    inputs = keras.Input((4,))
    model = shaken(keras.Model(inputs, layers.Dense(2, name="classes")(other(body(body(inputs))))))
    x = GENERATOR.normal(size=(5, 4)).astype("float32")
    equal(model, [Cut("body/dense#2", "identity")], np.asarray(model.layers[-1](other(body(x)))), x)
    equal(model, [Cut("other/dense", "identity")], np.asarray(model.layers[-1](body(body(x)))), x)


def attending(kind=layers.MultiHeadAttention, **settings):
    inputs = keras.Input((7, 6))
    x = kind(**settings, name="attention")(inputs, inputs)
    x = layers.LayerNormalization(name="norm")(layers.Add(name="add")([x, inputs]))
    return shaken(keras.Model(inputs, layers.Dense(2, name="classes")(x)))


@pytest.mark.parametrize("bias", [True, False])
def test_a_head_of_an_attention_adds_nothing(bias):
    model = attending(num_heads=3, key_dim=2, value_dim=5, use_bias=bias)
    x = GENERATOR.normal(size=(4, 7, 6)).astype("float32")
    weights = [np.asarray(weight) for weight in model.get_layer("attention").weights]
    (query, q), (key, k), (value, v), (output, o) = (
        [(weights[2 * n], weights[2 * n + 1]) for n in range(4)] if bias else [(weight, 0) for weight in weights]
    )
    rows = [np.einsum("btf,fhd->bhtd", x, kernel) for kernel in (query, key, value)]
    rows = [row + (np.expand_dims(term, 1) if bias else 0) for row, term in zip(rows, (q, k, v), strict=True)]
    scores = rows[0] @ rows[1].swapaxes(2, 3) / np.sqrt(2)
    shares = np.exp(scores - scores.max(-1, keepdims=True))
    heads = shares / shares.sum(-1, keepdims=True) @ rows[2]
    for kept, cuts in (([0, 2], [1]), ([1], [0, 2])):
        attended = np.einsum("bhtd,hdf->btf", heads[:, kept], output[kept]) + o
        expected = model.get_layer("classes")(model.get_layer("norm")(attended + x))
        equal(model, [Cut("attention", "head", number) for number in cuts], np.asarray(expected), x)


def test_a_head_of_a_grouped_attention():
    model = attending(layers.GroupQueryAttention, num_query_heads=4, num_key_value_heads=2, head_dim=3)
    x = GENERATOR.normal(size=(4, 7, 6)).astype("float32")
    cut = without(model, [Cut("attention", "head", 1)])
    before = model.get_weights()
    attention = model.get_layer("attention")
    (kernel,) = [weight for weight in attention.weights if "attention_output/kernel" in weight.path]
    values = np.array(kernel)
    values[1] = 0
    kernel.assign(values)
    expected = answers(model, x)
    model.set_weights(before)
    np.testing.assert_allclose(answers(cut, x), expected, atol=1e-6)


def test_an_attention_whose_queries_keys_and_values_are_one_tensor_can_be_passed_over():
    model = attending(num_heads=2, key_dim=2)
    x = GENERATOR.normal(size=(4, 7, 6)).astype("float32")
    layer = model.get_layer
    equal(model, [Cut("attention", "identity")], np.asarray(layer("classes")(layer("norm")(x + x))), x)


def test_the_mask_of_padded_tokens_goes_on_through_a_cut():
    inputs = keras.Input((6,), dtype="int32")
    x = layers.Embedding(9, 4, mask_zero=True, name="embedding")(inputs)
    x = layers.Dense(4, "tanh", name="dense")(x)
    model = shaken(keras.Model(inputs, layers.Dense(2, name="classes")(layers.LSTM(3, name="lstm")(x))))
    tokens = np.array([[1, 2, 3, 0, 0, 0], [4, 5, 6, 7, 8, 0]], "int32")
    layer = model.get_layer
    between = np.array(layer("dense")(layer("embedding")(tokens)))
    between[..., 2] = 0
    expected = layer("classes")(layer("lstm")(between, mask=tokens != 0))
    equal(model, [Cut("dense", "unit", 2)], np.asarray(expected), tokens)


def test_the_model_stays_as_it_is_and_shares_its_weights():
    model = residual()
    before, uses = answers(model), [len(layer._inbound_nodes) for layer in model.layers]
    cut = without(model, [Cut("branch", "zero")])
    assert [len(layer._inbound_nodes) for layer in model.layers] == uses
    assert cut.get_layer("side").kernel is model.get_layer("side").kernel
    np.testing.assert_array_equal(answers(model), before)


def test_what_is_left_is_saved_and_loaded_without_this_package(tmp_path):
    cut = without(residual(), [Cut("branch", "unit", 2), Cut("both", "input", 1), Cut("add", "input", 0)])
    cut.save(tmp_path / "cut.keras")
    np.testing.assert_allclose(answers(keras.saving.load_model(tmp_path / "cut.keras")), answers(cut), atol=1e-6)


def test_with_nothing_cut_it_is_the_same_network():
    for model in (sequential(), residual()):
        np.testing.assert_allclose(answers(without(model, [])), answers(model), atol=1e-6)


def test_parts_say_what_can_be_cut_and_why_not():
    parts = {part.name: part for part in parts_of(residual())}
    assert list(parts) == ["stem", "branch", "add", "side", "both", "pool", "classes"]
    assert parts["stem"].kinds == ("zero", "unit")
    assert parts["stem"].no_identity == "it is given 6 × 8 × 3 and puts out 6 × 8 × 4"
    assert parts["branch"].kinds == ("identity", "zero", "unit")
    assert (parts["branch"].units, parts["branch"].shape) == (4, (6, 8, 4))
    assert (parts["add"].kinds, parts["add"].inputs) == (("zero", "input"), (0, 1))
    assert parts["stem"].inputs == (-1,)
    assert (parts["classes"].kinds, parts["classes"].why) == ((), "it puts out the answer")
    attention = parts_of(attending(num_heads=3, key_dim=2))[0]
    assert (attention.kinds, attention.heads) == (("identity", "zero", "unit", "head"), 3)


@pytest.mark.parametrize(
    ("cut", "sentence"),
    [
        (Cut("stam", "zero"), "Did you mean 'stem'"),
        (Cut("stem", "zeros"), "Did you mean 'zero'"),
        (Cut("stem", "identity"), 'it is given 6 × 8 × 3 and puts out 6 × 8 × 4. It can be cut as "zero" or "unit"'),
        (Cut("classes", "zero"), "'classes' cannot be cut as \"zero\": it puts out the answer"),
        (Cut("pool", "unit"), "a GlobalAveragePooling2D has no units that can be cut"),
        (Cut("stem", "unit", 4), "no unit 4 in 'stem': it has 4, counted from 0 to 3"),
        (Cut("add", "input", -1), "no input -1 in 'add': it has 2"),
        (Cut("stem", "head"), "a Conv2D has no heads"),
    ],
)
def test_what_cannot_be_cut_gets_a_sentence(cut, sentence):
    with pytest.raises(CourseError, match=sentence.replace("(", r"\(")):
        without(residual(), [cut])


def test_an_addition_keeps_one_of_its_inputs():
    with pytest.raises(CourseError, match=r"Without its 2 inputs nothing is left of 'add': cut it as \"zero\""):
        without(residual(), [Cut("add", "input", 0), Cut("add", "input", 1)])


def test_tensors_of_whole_numbers_and_several_outputs_are_named():
    inputs = keras.Input((4, 3))
    sequence, state = layers.GRU(3, return_sequences=True, return_state=True, name="gru")(inputs)
    position = keras.ops.argmax(sequence, axis=1)
    x = layers.Dense(2)(state + keras.ops.cast(position, "float32"))
    parts = {part.name: part for part in parts_of(keras.Model(inputs, x))}
    assert parts["gru"].why == "it puts out 2 tensors"
    assert parts["argmax"].why == "it puts out int32, not decimal numbers"


def test_a_model_with_two_outputs_is_refused():
    inputs = keras.Input((4,))
    model = keras.Model(inputs, [layers.Dense(2)(inputs), layers.Dense(3)(inputs)])
    with pytest.raises(CourseError, match="has 2 outputs"):
        parts_of(model)


@st.composite
def networks(draw):
    """A plan of dense layers, sums and concatenations over what stands before, and two cuts of it."""
    plan, widths = [], [4]
    for _ in range(draw(st.integers(2, 5))):
        kind = draw(st.sampled_from(["dense", "add", "concatenate"]))
        sources = draw(st.lists(st.integers(0, len(widths) - 1), min_size=2, max_size=3))
        if kind == "dense":
            sources = sources[:1]
        if kind == "add":
            sources = [source for source in sources if widths[source] == widths[sources[0]]]
        if len(sources) == 1:
            kind = "dense"
        plan.append((kind, sources))
        widths.append({"dense": 4, "add": widths[sources[0]]}.get(kind) or sum(widths[source] for source in sources))
    return plan, draw(st.integers(0, 10**6)), draw(st.integers(0, 2**31))


def built(plan):
    tensors = [keras.Input((4,), name="x")]
    for number, (kind, sources) in enumerate(plan):
        given_tensors = [tensors[source] for source in sources]
        name = f"{kind}{number}"
        layer = {"add": layers.Add, "concatenate": layers.Concatenate}.get(kind)
        tensors.append(
            layer(name=name)(given_tensors) if layer else layers.Dense(4, "tanh", name=name)(given_tensors[0])
        )
    everything = layers.Concatenate(name="everything")(tensors)
    return shaken(keras.Model(tensors[0], layers.Dense(2, name="classes")(everything)))


def by_hand(model, plan, cut, x):
    """The same in NumPy, with what the cut says."""
    values = [x]
    for number, (kind, sources) in enumerate([*plan, ("everything", range(len(plan) + 1))]):
        name = kind if kind == "everything" else f"{kind}{number}"
        is_cut = cut.layer == name
        given_values = [
            values[source] * (not (is_cut and cut.kind == "input" and cut.number == place))
            for place, source in enumerate(sources)
        ]
        if kind == "dense":
            kernel, bias = (np.asarray(weight) for weight in model.get_layer(name).weights)
            value = np.tanh(given_values[0] @ kernel + bias)
        else:
            value = sum(given_values) if kind == "add" else np.concatenate(given_values, 1)
        if is_cut and cut.kind in ("zero", "identity"):
            value = given_values[0] if cut.kind == "identity" else 0 * value
        if is_cut and cut.kind == "unit":
            value[:, cut.number] = 0
        values.append(value)
    kernel, bias = (np.asarray(weight) for weight in model.get_layer("classes").weights)
    return values[-1] @ kernel + bias


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(networks())
def test_networks_of_any_plan_are_those_computed_by_hand(network):
    plan, which, seed = network
    model = built(plan)
    cuts = [Cut(p.name, kind, n) for p in parts_of(model) for kind in p.kinds for n in range(p.count(kind))]
    x = np.random.default_rng(seed).normal(size=(3, 4)).astype("float32")
    for cut in (cuts[which % len(cuts)], cuts[which // 7 % len(cuts)]):
        np.testing.assert_allclose(
            answers(without(model, [cut]), x), by_hand(model, plan, cut, x), atol=1e-5, rtol=1e-5
        )
