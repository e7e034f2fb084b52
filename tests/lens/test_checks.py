import keras
import numpy as np
import pytest
from keras import layers

from dlcourse.errors import CourseError
from dlcourse.lens import checks


def picture_model(*front, shape=(6, 8, 1)):
    return keras.Sequential(
        [keras.Input(shape), *front, layers.Conv2D(3, 2, name="conv"), layers.Flatten(), layers.Dense(4, name="out")],
        name="small",
    )


@pytest.fixture(scope="module")
def model():
    return picture_model()


@pytest.fixture(scope="module")
def nested():
    one = keras.Sequential([keras.Input((6, 8, 1)), layers.Conv2D(3, 2, name="conv")], name="one")
    two = keras.Sequential([keras.Input((5, 7, 3)), layers.Conv2D(3, 2, name="conv")], name="two")
    inputs = keras.Input((6, 8, 1))
    return keras.Model(inputs, layers.ReLU(name="end")(two(one(inputs))), name="pair")


PICTURES = np.random.default_rng(1).uniform(0, 1, (5, 6, 8, 1))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (keras.Sequential, r"`model` is the class Sequential, not a model: make one"),
        (layers.Dense(3, name="out"), r"`model` is the layer 'out', not a model: put it into one"),
        ([1, 2], r"`model` must be a Keras model, but it is of type list"),
        (keras.Sequential([layers.Dense(3)], name="raw"), r"The model 'raw' is not built.*call model.build\("),
    ],
)
def test_what_is_no_built_model_is_refused_with_the_mend(wrong, sentence):
    with pytest.raises(CourseError, match=sentence):
        checks.built_model(wrong)


def test_a_built_model_passes(model):
    assert checks.built_model(model) is model


def test_several_inputs_are_named():
    a, b = keras.Input((3,), name="text"), keras.Input((3,), name="image")
    two = keras.Model([a, b], layers.add([a, b]), name="both")
    with pytest.raises(CourseError, match=r"The model 'both' has 2 inputs \(text, image\), but this works with one"):
        checks.single_input(two)


def test_a_model_that_is_a_class_of_its_own_tells_how_to_open_it():
    class Own(keras.Model):
        def __init__(self):
            super().__init__(name="own")
            self.dense = layers.Dense(2)

        def call(self, x):
            return self.dense(x)

    own = Own()
    own(np.zeros((1, 3)))
    with pytest.raises(CourseError, match=r"'own' does not tell what it takes.*keras.Model\(x, model.call\(x\)\)"):
        checks.single_input(own)


def test_the_mend_for_a_class_of_its_own_works():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(2)

        def call(self, x):
            return self.dense(x)

    own = Own()
    x = keras.Input((3,))
    assert checks.single_input(keras.Model(x, own.call(x))).shape == (None, 3)


def test_a_layer_is_found_by_name_position_and_itself(model):
    conv = model.layers[0]
    assert checks.layer_of(model, "conv") is conv
    assert checks.layer_of(model, 0) is conv
    assert checks.layer_of(model, -1) is model.layers[-1]
    assert checks.layer_of(model, conv) is conv


def test_a_nested_layer_is_found_by_its_path_and_by_a_name_that_is_alone(nested):
    assert checks.layer_of(nested, "two/conv") is nested.get_layer("two").layers[0]
    assert checks.layer_of(nested, "one") is nested.get_layer("one")
    assert checks.layer_of(nested, "end") is nested.layers[-1]


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        ("cnov", r"There is no layer 'cnov'. Did you mean 'conv'\? Known: conv, flatten.*, out\."),
        (3, r"There is no layer 3: the model 'small' has 3, counted from 0 to 2\."),
        (1.5, r"`layer` must be a name, a position or a layer, but it is of type float\."),
        (layers.ReLU(name="stray"), r"The layer 'stray' is not part of the model 'small'"),
    ],
)
def test_a_layer_that_the_model_has_not_is_refused(model, layer, sentence):
    with pytest.raises(CourseError, match=sentence):
        checks.layer_of(model, layer)


def test_a_name_that_two_nested_models_have_asks_for_the_path(nested):
    with pytest.raises(CourseError, match=r"several layers 'conv': say which one, one/conv or two/conv"):
        checks.layer_of(nested, "conv")


@pytest.mark.parametrize("x", [PICTURES, PICTURES.tolist(), keras.ops.convert_to_tensor(PICTURES)])
def test_a_batch_comes_back_as_float32(model, x):
    result = checks.batch(model, x)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, PICTURES, rtol=1e-6)


def test_a_model_that_counts_keeps_whole_numbers():
    inputs = keras.Input((None,), dtype="int32")
    tokens = keras.Model(inputs, layers.Embedding(50, 4)(inputs))
    assert checks.batch(tokens, [[3, 49, 7]]).dtype == np.int32


@pytest.mark.parametrize(
    ("x", "sentence"),
    [
        (PICTURES[0], r"has the shape \(6, 8, 1\), but the model takes \(None, 6, 8, 1\).*batch axis, x\[None\]\."),
        (PICTURES[..., 0], r"shape \(5, 6, 8\), but .* add the channel axis, x\[\.\.\., None\]\."),
        (PICTURES[0, ..., 0], r"add the batch axis and the channel axis, x\[None, \.\.\., None\]\."),
        (PICTURES.transpose(0, 2, 1, 3), r"the shape \(5, 8, 6, 1\), but the model takes \(None, 6, 8, 1\)\."),
        (PICTURES[:0], r"holds no example: pass at least one"),
        (np.where(PICTURES > 0.9, np.nan, PICTURES), r"`x` holds \d+ values that are NaN or infinite, the first at \("),
        (PICTURES + np.inf, r"values that are NaN or infinite"),
        (np.uint8(PICTURES * 255), r"`x` holds values up to 2\d\d, as bytes do.*divide by 255"),
        (PICTURES * 255, r"divide by 255, or put a keras.layers.Rescaling at the model's front"),
        ([["a", "b"]], r"`x` must hold numbers, but its values are of type <U1"),
        ([[1, 2], [3]], r"`x` is no array, because its rows differ in shape"),
        (PICTURES * 1j, r"`x` holds complex numbers"),
    ],
)
def test_a_batch_that_does_not_fit_is_refused_with_the_mend(model, x, sentence):
    with pytest.raises(CourseError, match=sentence):
        checks.batch(model, x)


@pytest.mark.parametrize("front", [layers.Rescaling(1 / 255), layers.BatchNormalization(), layers.Lambda(lambda x: x)])
def test_bytes_are_welcome_where_the_model_scales_them(front):
    assert checks.batch(picture_model(front), np.uint8(PICTURES * 255)).max() > 200


def test_bytes_are_welcome_where_an_operation_of_the_model_scales_them():
    inputs = keras.Input((6, 8, 1))
    model = keras.Model(inputs, layers.Conv2D(2, 3)(inputs / 255))
    assert checks.batch(model, PICTURES * 255).max() > 200


def test_scaling_behind_the_first_weights_does_not_help():
    late = keras.Sequential([keras.Input((6, 8, 1)), layers.Conv2D(2, 3), layers.BatchNormalization()])
    with pytest.raises(CourseError, match="divide by 255"):
        checks.batch(late, PICTURES * 255)


@pytest.mark.parametrize(
    "x",
    [PICTURES * 255 - 120, PICTURES * 20, np.uint8(PICTURES > 0.5), PICTURES * 1000],
    ids=["mean subtracted", "standardised", "a mask", "not bytes"],
)
def test_values_that_are_not_plainly_bytes_pass(model, x):
    assert checks.batch(model, x).shape == (5, 6, 8, 1)


def test_tables_and_sequences_may_hold_large_numbers():
    table = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    assert checks.batch(table, [[100, 200, 30]]).max() == 200


def test_labels_keep_whole_numbers_and_turn_others_to_float32(model):
    assert checks.labels(model, [3, 0], 2).dtype.kind == "i"
    assert checks.labels(model, [[0.0, 1, 0, 0]], 1).dtype == np.float32


@pytest.mark.parametrize(
    ("y", "sentence"),
    [
        ([1, 2, 3], r"`x` holds 2 examples but `y` answers for 3: pass one answer for each example"),
        (3, r"`x` holds 2 examples but `y` answers for a single one"),
        ([0, 4], r"classes from 0 to 4, but the model 'small' has 4 outputs: number the classes from 0 to 3"),
        ([[-1], [2]], r"classes from -1 to 2"),
        ([0.5, np.nan], r"`y` holds 1 values that are NaN or infinite, the first at \(1,\)"),
        (["cat", "dog"], r"`y` must hold numbers"),
    ],
)
def test_labels_that_do_not_fit_are_refused(model, y, sentence):
    with pytest.raises(CourseError, match=sentence):
        checks.labels(model, y, 2)
