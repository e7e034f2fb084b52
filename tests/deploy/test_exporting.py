"""What is exported answers as the model does, and what does not is refused and leaves nothing behind."""

import logging
import warnings

import keras
import numpy as np
import onnxruntime
import pytest
from deploy.small_models import MODELS, examples_for, lstm, nested, picture_cnn, picture_mlp, regression
from keras import layers

from dlcourse.deploy import export, manifest, open_model
from dlcourse.deploy.exporting import Exported
from dlcourse.errors import CourseError
from dlcourse.lens import drift


@pytest.fixture(autouse=True)
def quiet():
    """TensorFlow's own converters warn of what will be deprecated in them."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="tensorflow")
        yield


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize("name", ["m.keras", "m.onnx"])
def test_a_file_answers_as_the_model_does(make, name, tmp_path):
    _answers_alike(make(), tmp_path / name)


@pytest.mark.slow
@pytest.mark.parametrize("make", [picture_cnn, lstm], ids=lambda make: make.__name__)
@pytest.mark.parametrize("name", ["m", "m.tflite"])
def test_a_file_of_tensorflows_answers_as_the_model_does(make, name, tmp_path):
    _answers_alike(make(), tmp_path / name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["m", "m.tflite"])
def test_nothing_is_noted_below_a_lessons_cell(name, tmp_path, monkeypatch):
    """TensorFlow would tell the full path of a folder."""
    notes = []
    handler = logging.Handler()
    handler.emit = notes.append
    logger = logging.getLogger("tensorflow")
    monkeypatch.setattr(logger, "handlers", [handler])
    monkeypatch.setattr(logger, "level", logging.INFO)
    export(regression(), tmp_path / name, examples=examples_for(regression()))
    assert [note.getMessage() for note in notes] == []


def _answers_alike(model, path):
    examples = examples_for(model)
    exported = export(model, path, examples=examples)
    opened = open_model(path)
    for count in (7, 1, 3):
        assert np.allclose(opened(examples[:count]), model(examples[:count], training=False), atol=1e-5)
    assert exported.manifest == manifest.read(path)
    assert exported.manifest.verified.largest_difference <= exported.manifest.verified.tolerance


def test_onnx_has_plain_names_and_takes_any_number(tmp_path):
    """Read by onnxruntime alone, as a service in another language would."""
    model = picture_cnn()
    examples = examples_for(model).astype("float32")
    export(model, tmp_path / "m.onnx", examples=examples)
    session = onnxruntime.InferenceSession(tmp_path / "m.onnx", providers=["CPUExecutionProvider"])
    (takes,), (gives,) = session.get_inputs(), session.get_outputs()
    assert (takes.name, takes.shape) == ("input", ["batch", 20, 12, 3])
    assert (gives.name, gives.shape[1:]) == ("output", [5])
    for count in (1, 40):
        answers = session.run(["output"], {"input": examples[:count]})[0]
        assert np.allclose(answers, model(examples[:count], training=False), atol=1e-5)


def test_the_manifest_says_what_the_model_takes_and_answers(tmp_path):
    model = picture_mlp()
    examples = examples_for(model, 60)
    answers = model(examples).numpy()
    labels = answers.argmax(axis=1)
    labels[:15] = (labels[:15] + 1) % 10
    exported = export(model, tmp_path / "new/m.onnx", examples=examples, labels=labels, classes=list("abcdefghij"))
    found = exported.manifest
    assert (found.format, found.file, found.bytes) == ("onnx", "m.onnx", exported.path.stat().st_size)
    assert found.input == manifest.Input("input", (28, 28), "float32", (0, 255), "grey")
    assert found.output == manifest.Output("output", (10,), "probabilities")
    assert found.classes == tuple("abcdefghij")
    assert found.preprocessing == "inside the model: Rescaling (× 0.00392157)"
    assert found.versions.keys() >= {"python", "keras", "tensorflow", "onnx", "onnxruntime", "tf2onnx"}
    assert (found.verified.examples, found.verified.changed_classes, found.verified.accuracy) == (60, 0, 0.75)
    brightness = examples.reshape(60, -1).mean(axis=1)
    assert np.allclose(found.reference.brightness.edges, np.quantile(brightness, np.arange(1, 10) / 10))
    assert np.allclose(found.reference.confidence.edges, np.quantile(answers.max(axis=1), np.arange(1, 10) / 10))
    assert drift.population_stability(found.reference.brightness.shares, np.full(10, 0.1)) == pytest.approx(0)
    assert str(exported).startswith("m.onnx: onnx, 2")
    assert "on 60 examples its answers differ by at most" in str(exported)
    assert str(exported).endswith("0 change their class, accuracy 75.0%.")


@pytest.mark.parametrize(
    ("make", "labels", "kind", "range_", "colours"),
    [
        (picture_cnn, np.zeros(40, int), "logits", (0, 255), "RGB"),
        (picture_cnn, None, "numbers", (0, 255), "RGB"),
        (nested, None, "probabilities", None, None),
        (regression, np.ones((40, 2)), "numbers", None, None),
        (regression, np.array([[0.25, 0.5]] * 40), "numbers", None, None),
        (lstm, np.zeros(40, int), "probabilities", (0, 19), None),
    ],
    ids=["logits", "no labels", "two classes", "values", "fractions", "tokens"],
)
def test_what_answers_mean_is_read_from_the_model(make, labels, kind, range_, colours, tmp_path):
    model = make()
    found = export(model, tmp_path / "m.keras", examples=examples_for(model), labels=labels).manifest
    assert found.output.kind == kind
    assert (found.input.range, found.input.colours) == (range_, colours)
    assert (found.reference.confidence is None) == (kind == "numbers")
    assert (found.verified.accuracy is None) == (kind == "numbers" or labels is None)


def test_a_model_with_two_classes_in_one_unit_counts_them(tmp_path):
    model = nested()
    examples = examples_for(model)
    labels = model(examples).numpy() > 0.5
    found = export(model, tmp_path / "m.onnx", examples=examples, labels=labels, classes=["no", "yes"]).manifest
    assert (found.classes, found.verified.accuracy, found.verified.changed_classes) == (("no", "yes"), 1, 0)


def test_what_differs_is_refused_and_leaves_nothing_behind(tmp_path):
    class Shaking(layers.Layer):
        def call(self, x):
            return x + keras.random.uniform((1,), seed=self.seed)

        def build(self, shape):
            self.seed = keras.random.SeedGenerator(1)

    model = keras.Sequential([keras.Input((3,)), Shaking(), layers.Dense(2)], name="shaky")
    with pytest.raises(
        CourseError, match=r"'shaky' was not exported to m.onnx: its answers differ by up to .* allowed"
    ):
        export(model, tmp_path / "m.onnx", examples=np.ones((4, 3)))
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_stood_there_stays_where_the_new_one_fails(tmp_path):
    model = regression()
    before = export(model, tmp_path / "m.onnx", examples=examples_for(model))
    with pytest.raises(CourseError, match=r"tolerance="):
        export(model, tmp_path / "m.onnx", examples=examples_for(model), tolerance=-1)
    assert manifest.read(tmp_path / "m.onnx") == before.manifest


@pytest.mark.slow
def test_a_second_export_takes_the_place_of_the_first(tmp_path):
    for name in ("m.keras", "m"):
        models = [regression(), regression()]
        for model in models:
            export(model, tmp_path / name, examples=examples_for(model))
        examples = examples_for(models[1])
        assert np.allclose(open_model(tmp_path / name)(examples), models[1](examples), atol=1e-5)
    assert len(list(tmp_path.iterdir())) == 4


def two_inputs():
    inputs = [keras.Input((3,), name="left"), keras.Input((2,), name="right")]
    return keras.Model(inputs, layers.Dense(1)(layers.Concatenate()(inputs)), name="two")


def two_outputs():
    x = keras.Input((3,))
    return keras.Model(x, [layers.Dense(1)(x), layers.Dense(2)(x)], name="two")


def text_model():
    x = keras.Input((3,), dtype="int32")
    return keras.Model(x, keras.ops.cast(keras.ops.bitwise_and(x, 3), "float32"), name="bits")


def no_operation():
    x = keras.Input((4,))
    return keras.Model(x, keras.ops.erfinv(x / 9), name="odd")


def underscore():
    return keras.Sequential([keras.Input((3,)), layers.Dense(2, name="_hidden")], name="under")


def half():
    return keras.Sequential([keras.Input((3,)), layers.Dense(2, dtype="mixed_float16")], name="half")


def not_finite():
    return keras.Sequential([keras.Input((3,)), layers.Rescaling(np.inf)], name="endless")


@pytest.mark.parametrize(
    ("make", "name", "settings", "sentence"),
    [
        (two_inputs, "m.onnx", {}, r"'two' has 2 inputs \(left, right\), and what is shipped takes one: join them"),
        (two_outputs, "m.onnx", {}, r"'two' has 2 outputs, and what is shipped has one"),
        (no_operation, "m.onnx", {}, r"'odd' was not exported to m.onnx: the converter to ONNX"),
        (underscore, "m", {}, r"cannot hold layers whose names begin with an underscore \(_hidden\)"),
        (half, "m.onnx", {}, r"computes in float16 .*set_dtype_policy"),
        (not_finite, "m.keras", {}, r"'endless' itself answers NaN or infinite"),
        (regression, "m.h5", {}, r"The ending of m.h5 stands for no format: .* \.keras, \.onnx, \.tflite"),
        (regression, "m.onnx", {"format": "onyx"}, r"There is no format 'onyx'. Did you mean 'onnx'"),
        (regression, "m.keras", {"format": "int8"}, r"m.keras cannot be the name .* 'int8': end it in .onnx"),
        (regression, "m.keras", {"format": "savedmodel"}, r"name a folder, without an ending"),
        (regression, "m.onnx", {"classes": ["a"]}, r"`classes` names 1 classes, but the model tells 2 apart"),
        (regression, "m.onnx", {"range": (0, 1)}, r"`range` is 0 to 1, but the examples hold values from -"),
        (regression, "m.onnx", {"range": 3}, r"`range` must be two numbers"),
        (regression, "m.onnx", {"colours": "RGB"}, r"`colours` is 'RGB', but the model 'regression' takes .*5"),
        (regression, "m.onnx", {"colours": "BGR"}, r"There is no order of colours 'BGR'"),
        (regression, "m.onnx", {"labels": [1]}, r"`x` holds 40 examples but `y` answers for 1"),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_what_cannot_be_exported_is_refused_with_the_mend(make, name, settings, sentence, tmp_path):
    model = make()
    examples = np.ones((40, *((5,) if make is two_inputs else model.input_shape[1:])))
    if make is regression:
        examples = examples_for(model)
    with pytest.raises(CourseError, match=sentence):
        export(model, tmp_path / name, examples=examples, **settings)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_other_things_is_not_overwritten(tmp_path):
    (tmp_path / "m").mkdir()
    (tmp_path / "m/thesis.txt").write_text("years of work")
    model = regression()
    with pytest.raises(CourseError, match="is there already and is no SavedModel"):
        export(model, tmp_path / "m", examples=examples_for(model))
    assert (tmp_path / "m/thesis.txt").exists()


def test_examples_are_checked_as_everywhere(tmp_path):
    model = regression()
    with pytest.raises(CourseError, match="for a single example add the batch axis"):
        export(model, tmp_path / "m.onnx", examples=np.ones(5))


def test_exported_is_what_export_returns(tmp_path):
    model = regression()
    assert isinstance(export(model, tmp_path / "m.keras", examples=examples_for(model)), Exported)
