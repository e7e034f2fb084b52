import keras
import numpy as np
import pytest
from keras import layers, ops

from dlcourse.errors import CourseError
from dlcourse.lens.attribution import grad_cam, integrated_gradients, saliency

RNG = np.random.default_rng(8)
PICTURES = RNG.uniform(0, 1, (3, 6, 8, 2)).astype("float32")


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(5)
    return keras.Sequential(
        [
            keras.Input((6, 8, 2)),
            layers.Conv2D(4, 3, activation="tanh", name="conv"),
            layers.Flatten(),
            layers.Dense(3, "softmax", name="out"),
        ],
        name="small",
    )


def finite_difference(function, x, at, by=1e-2):
    up, down = x.copy(), x.copy()
    up[at] += by
    down[at] -= by
    return (function(up) - function(down)) / (2 * by)


def logit(model, unit):
    """The sum of a unit's scores, from the layer before the last by hand."""
    hidden = keras.Model(model.inputs[0], model.layers[-2].output)
    kernel, bias = model.layers[-1].get_weights()
    return lambda x: (ops.convert_to_numpy(hidden(x)) @ kernel + bias)[:, unit].sum()


@pytest.mark.parametrize("at", [(0, 0, 0, 0), (1, 5, 7, 1), (2, 2, 3, 0)])
def test_saliency_is_a_finite_difference(model, at):
    score = saliency(model, PICTURES, target=2)[at]
    assert score == pytest.approx(finite_difference(logit(model, 2), PICTURES, at), abs=2e-4)
    probability = saliency(model, PICTURES, target=2, of="output")[at]
    numeric = finite_difference(lambda x: ops.convert_to_numpy(model(x))[:, 2].sum(), PICTURES, at)
    assert probability == pytest.approx(numeric, abs=1e-4)
    assert abs(score - probability) > 1e-4


def test_the_strongest_unit_is_taken_where_none_is_named(model):
    strongest = ops.convert_to_numpy(model(PICTURES)).argmax(axis=1)
    np.testing.assert_array_equal(saliency(model, PICTURES), saliency(model, PICTURES, target=strongest))


def test_batches_do_not_matter(model):
    together = saliency(model, PICTURES, target=[0, 1, 2])
    np.testing.assert_allclose(saliency(model, PICTURES, target=[0, 1, 2], batch_size=2), together, atol=1e-6)
    alone = saliency(model, PICTURES[1:2], target=1)
    np.testing.assert_allclose(alone[0], together[1], atol=1e-6)


@pytest.mark.parametrize("end", ["dense", "softmax layer", "activation layer", "operation"])
def test_every_kind_of_softmax_at_the_end_is_taken_off(end):
    inputs = keras.Input((4,))
    dense = layers.Dense(3, "softmax" if end == "dense" else None, name="dense")
    x = dense(inputs)
    if end == "softmax layer":
        x = layers.Softmax()(x)
    elif end == "activation layer":
        x = layers.Activation("softmax")(x)
    elif end == "operation":
        x = ops.softmax(x)
    model = keras.Model(inputs, x)
    slope = saliency(model, np.ones((2, 4)), target=1)
    np.testing.assert_allclose(slope, np.tile(dense.get_weights()[0][:, 1], (2, 1)), rtol=1e-6)
    assert end != "dense" or dense.activation is keras.activations.softmax


def test_over_places_it_is_the_mean():
    model = keras.Sequential([keras.Input((4, 5, 1)), layers.Conv2D(2, 1, activation="sigmoid", name="conv")])
    slope = saliency(model, RNG.uniform(0, 1, (2, 4, 5, 1)), target=1)
    np.testing.assert_allclose(slope, np.full((2, 4, 5, 1), model.get_weights()[0][0, 0, 0, 1] / 20), rtol=1e-5)


@pytest.mark.parametrize("of", ["score", "output"])
@pytest.mark.parametrize("baseline", [0.0, np.full((6, 8, 2), 0.3)])
def test_integrated_gradients_add_up_to_the_difference(model, of, baseline):
    parts = integrated_gradients(model, PICTURES, target=1, baseline=baseline, steps=100, of=of)
    begin = np.broadcast_to(np.asarray(baseline, "float32"), PICTURES.shape)
    if of == "score":
        of_one = [logit(model, 1)(PICTURES[i : i + 1]) - logit(model, 1)(begin[i : i + 1]) for i in range(3)]
    else:
        of_one = ops.convert_to_numpy(model(PICTURES))[:, 1] - ops.convert_to_numpy(model(begin))[:, 1]
    np.testing.assert_allclose(parts.sum(axis=(1, 2, 3)), of_one, atol=1e-4)


def test_integrated_gradients_of_a_linear_model_are_weight_times_input():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    x = np.array([[1, 2, 3], [4, -5, 6]], "float32")
    attributions = integrated_gradients(model, x, target=1, baseline=[1, 1, 1], steps=1)
    np.testing.assert_allclose(attributions, (x - 1) * model.get_weights()[0][:, 1], rtol=1e-6)


def hand_made():
    """Two channels: the input and its negative shifted up; the class takes 3 of the one and -1 of the other."""
    inputs = keras.Input((2, 3, 1))
    maps = layers.Conv2D(2, 1, name="maps")(inputs)
    model = keras.Model(inputs, layers.Dense(1, name="out")(layers.GlobalAveragePooling2D()(maps)))
    kernel = np.array([[[[1.0, -1.0]]]])
    model.set_weights([kernel, np.array([0.0, 0.5]), np.array([[3.0], [-1.0]]), np.array([7.0])])
    return model


def test_grad_cam_of_a_hand_made_network():
    x = np.array([[0.0, 0.1, 0.2], [0.4, 0.8, 1.0]], "float32")[None, ..., None]
    expected = np.maximum(3 / 6 * x - 1 / 6 * (0.5 - x), 0)[..., 0]
    for layer in (None, "maps", 1):
        np.testing.assert_allclose(grad_cam(hand_made(), x, target=0, layer=layer), expected, rtol=1e-5)


def test_grad_cam_weights_with_the_mean_over_all_places():
    model = keras.Sequential(
        [keras.Input((2, 3, 1)), layers.Conv2D(1, 1, name="maps"), layers.Flatten(), layers.Dense(1)]
    )
    model.set_weights([np.ones((1, 1, 1, 1)), np.zeros(1), np.array([[6.0], [0], [0], [0], [0], [12]]), np.zeros(1)])
    x = RNG.uniform(0, 1, (1, 2, 3, 1))
    np.testing.assert_allclose(grad_cam(model, x), 3 * x[..., 0], rtol=1e-5)


def test_grad_cam_finds_the_lit_corner():
    x = np.zeros((2, 6, 8, 1), "float32")
    x[0, 0:2, 6:8], x[1, 4:6, 0:2] = 1, 1
    bright = keras.Sequential(
        [keras.Input((6, 8, 1)), layers.Conv2D(1, 2, strides=2), layers.GlobalMaxPooling2D(), layers.Dense(1)]
    )
    bright.set_weights([np.ones((2, 2, 1, 1)), np.zeros(1), np.ones((1, 1)), np.zeros(1)])
    maps = grad_cam(bright, x)
    assert maps.shape == (2, 3, 4)
    assert np.unravel_index(maps[0].argmax(), (3, 4)) == (0, 3)
    assert np.unravel_index(maps[1].argmax(), (3, 4)) == (2, 0)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda m: saliency(m, PICTURES, 3), r"There is no output unit 3: the model has 3, counted from 0 to 2"),
        (lambda m: saliency(hand_made(), PICTURES[:, :2, :3, :1], 1), r"no output unit 1.* target=0 means this one"),
        (lambda m: saliency(m, PICTURES, [0, 1]), r"`target` must be the number of an output unit, or one for each"),
        (lambda m: saliency(m, PICTURES, "cat"), r"`target` must be the number of an output unit"),
        (lambda m: saliency(m, PICTURES, of="logit"), r'`of` must be "score" or "output", but it is \'logit\''),
        (lambda m: saliency(m, PICTURES[0]), r"for a single example add the batch axis, x\[None\]"),
        (lambda m: integrated_gradients(m, PICTURES, steps=0), r"`steps` must be a whole number from 1 on"),
        (lambda m: integrated_gradients(m, PICTURES, baseline=[1, 2]), r"`baseline` must be a number or .*\(6, 8, 2\)"),
        (lambda m: grad_cam(m, PICTURES, layer="out"), r"'out' puts out 3 numbers without a place"),
        (lambda m: grad_cam(m, PICTURES, layer="conv9"), r"There is no layer 'conv9'. Did you mean 'conv'"),
        (
            lambda m: grad_cam(keras.Sequential([keras.Input((4,)), layers.Dense(2)], name="flat"), np.ones((1, 4))),
            r"The model 'flat' has no layer whose output has places",
        ),
        (lambda m: grad_cam(layers.Dense, PICTURES), r"is the class Dense, not a model"),
    ],
)
def test_wrong_things_are_answered_in_a_sentence(model, call, sentence):
    with pytest.raises(CourseError, match=sentence):
        call(model)


def nested(kind):
    """A base and a head, put together as learners do it; with the parts, for a calculation by hand."""
    keras.utils.set_random_seed(4)
    inputs = keras.Input((10, 12, 3))
    x = layers.Conv2D(4, 3, strides=2, activation="relu", name="first")(inputs)
    x = layers.BatchNormalization(name="norm")(x)
    shortcut = layers.Conv2D(5, 1, name="side")(x)
    x = layers.Conv2D(5, 3, padding="same", activation="tanh", name="last")(x)
    base = keras.Model(inputs, layers.Add(name="sum")([x, shortcut]), name="base")
    head = [layers.GlobalAveragePooling2D(), layers.Dense(6, "relu"), layers.Dense(4, name="scores")]
    end = layers.Softmax()
    generator = np.random.default_rng(3)
    base.get_layer("norm").set_weights([generator.uniform(0.5, 2, 4) for _ in range(4)])
    if kind == "Sequential of base and layers":
        return keras.Sequential([base, *head, end]), base, head
    if kind == "Sequential of base and head":
        return (
            keras.Sequential([keras.Input((10, 12, 3)), base, keras.Sequential([*head, end], name="head")]),
            base,
            head,
        )
    picture = keras.Input((10, 12, 3))
    if kind == "Functional around the base":
        x = base(picture, training=False)
        for layer in [*head, end]:
            x = layer(x)
        return keras.Model(picture, x), base, head
    inside = keras.Sequential([keras.Input((10, 12, 3)), base], name="wrapped")
    return keras.Sequential([keras.Input((10, 12, 3)), inside, *head, end]), base, head


@pytest.mark.parametrize(
    "kind",
    [
        "Sequential of base and layers",
        "Sequential of base and head",
        "Functional around the base",
        "base within a model within a model",
    ],
)
@pytest.mark.parametrize("layer", [None, "last", "first"])
def test_grad_cam_of_a_base_with_a_head_is_that_of_a_tape_by_hand(kind, layer):
    tf = pytest.importorskip("tensorflow")
    if keras.backend.backend() != "tensorflow":
        pytest.skip("by hand with TensorFlow's tape")
    model, base, head = nested(kind)
    pictures = np.random.default_rng(4).uniform(0, 1, (3, 10, 12, 3)).astype("float32")
    # the base is cut in two by hand: what leads to the maps, and what becomes of them
    maps_of = keras.Model(base.input, base.get_layer(layer or "sum").output)
    maps = tf.convert_to_tensor(maps_of(pictures, training=False))
    with tf.GradientTape() as tape:
        tape.watch(maps)
        x = maps
        if layer == "first":
            x = base.get_layer("norm")(x, training=False)
            x = base.get_layer("last")(x) + base.get_layer("side")(x)
        elif layer == "last":
            x = x + base.get_layer("side")(keras.Model(base.input, base.get_layer("norm").output)(pictures))
        for each in head:
            x = each(x)
        score = tf.reduce_sum(x[:, 1])
    slopes = tape.gradient(score, maps)
    weights = tf.reduce_mean(slopes, axis=(1, 2), keepdims=True)
    by_hand = tf.nn.relu(tf.reduce_sum(weights * maps, axis=-1)).numpy()
    assert by_hand.max() > 0
    np.testing.assert_allclose(grad_cam(model, pictures, 1, layer), by_hand, atol=1e-6)
