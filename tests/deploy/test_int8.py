"""Integers of 8 bits: a quarter of the size, nearly the same answers, and the integers that one computes by hand."""

import keras
import numpy as np
import onnx
import pytest
from deploy.small_models import examples_for, lstm, picture_mlp
from keras import layers
from onnx import numpy_helper

from dlcourse.data import load
from dlcourse.deploy import export, open_model
from dlcourse.errors import CourseError
from dlcourse.lens.quantisation import quantise


@pytest.fixture(scope="module")
def trained():
    """A small convolutional network that has learned digits for a moment."""
    keras.utils.set_random_seed(5)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(16, 3, activation="relu", name="conv"),
            layers.MaxPooling2D(4),
            layers.Flatten(),
            layers.Dense(128, "relu", name="hidden"),
            layers.Dense(10, "softmax", name="classes"),
        ],
        name="digits",
    )
    digits = load("mnist")
    x = digits.train.x[..., None]
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x[:2000], digits.train.y[:2000], epochs=2, verbose=0)
    return model, digits.test.x[:300, ..., None], digits.test.y[:300]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["onnx", "litert"])
def test_int8_is_small_and_nearly_as_good(trained, name, tmp_path):
    model, x, y = trained
    ending, integers = {"onnx": (".onnx", "int8"), "litert": (".tflite", "litert-int8")}[name]
    floats = export(model, tmp_path / f"floats{ending}", name, examples=x, labels=y).manifest
    small = export(model, tmp_path / f"small{ending}", integers, examples=x, labels=y).manifest
    assert small.bytes <= 0.30 * floats.bytes
    assert small.verified.accuracy >= floats.verified.accuracy - 0.01
    assert small.verified.tolerance is None
    assert 0 < small.verified.largest_difference < 0.5
    answers = open_model(tmp_path / f"small{ending}")(x)
    assert np.allclose(answers.sum(axis=1), 1, atol=0.05)


@pytest.mark.slow
def test_the_integers_in_the_file_are_those_computed_by_hand(trained, tmp_path):
    model, x, _ = trained
    export(model, tmp_path / "small.onnx", "int8", examples=x)
    graph = onnx.load(tmp_path / "small.onnx").graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    integers = [array for array in stored.values() if array.dtype == np.uint8 and array.ndim > 1]
    conv, hidden, classes = (model.get_layer(name).kernel.numpy() for name in ("conv", "hidden", "classes"))
    expected = [conv.transpose(3, 2, 0, 1), hidden, classes]
    for kernel, axis in zip(expected, (0, 1, 1), strict=True):
        by_hand = quantise(kernel, bits=8, axis=axis).integers
        assert any(found.shape == by_hand.shape and np.array_equal(found, by_hand + 128.0) for found in integers)


def test_too_much_loss_is_refused(tmp_path):
    """One input is so large that with its scale nothing is left of the others, which decide."""
    model = keras.Sequential([keras.Input((64,)), layers.Dense(64, "relu"), layers.Dense(2)], name="coarse")
    first, second = model.layers
    first.set_weights([np.eye(64), np.zeros(64)])
    generator = np.random.default_rng(1)
    kernel = generator.normal(size=(64, 2))
    kernel[0] = 0
    second.set_weights([kernel, np.zeros(2)])
    examples = generator.normal(0, 0.1, (50, 64))
    examples[:, 0] = 1000
    with pytest.raises(CourseError, match=r"with integers of 8 bits"):
        export(model, tmp_path / "m.onnx", "int8", examples=examples, classes=["a", "b"])
    assert list(tmp_path.iterdir()) == []


def test_what_would_not_become_smaller_is_refused(tmp_path):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)], name="tiny")
    with pytest.raises(CourseError, match=r"with integers it would not be smaller .* export it as onnx"):
        export(model, tmp_path / "m.onnx", "int8", examples=np.eye(3))


def test_a_model_of_bytes_becomes_integers_too(tmp_path):
    model = picture_mlp()
    small = export(model, tmp_path / "m.onnx", "int8", examples=examples_for(model, 200)).manifest
    assert small.format == "int8"
    assert small.verified.largest_difference < 0.1


@pytest.mark.slow
def test_a_loop_is_refused_before_litert_calibrates_it(tmp_path):
    """Its calibration would end the whole process."""
    model = lstm()
    with pytest.raises(CourseError, match=r"refuses the loop of a recurrent layer: .* unroll=True"):
        export(model, tmp_path / "m.tflite", "litert-int8", examples=examples_for(model))
