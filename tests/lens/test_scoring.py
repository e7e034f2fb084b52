"""Answers held against what is right: accuracy and IoU counted by hand, losses by Keras' own evaluate."""

import keras
import numpy as np
import pytest
from keras import layers

from dlcourse.errors import CourseError
from dlcourse.lens.scoring import Judge

GENERATOR = np.random.default_rng(5)


def model_of(shape, finish, loss):
    inputs = keras.Input(shape)
    model = keras.Model(inputs, finish(inputs))
    model.compile(loss=loss, metrics=[])
    return model


def test_classes_by_number_or_one_hot():
    x, y = GENERATOR.normal(size=(40, 4)).astype("float32"), GENERATOR.integers(0, 3, 40)
    for loss, truths in (
        ("sparse_categorical_crossentropy", y),
        ("sparse_categorical_crossentropy", y[:, None]),
        ("categorical_crossentropy", np.eye(3, dtype="float32")[y]),
    ):
        model = model_of((4,), layers.Dense(3, "softmax"), loss)
        outputs = model.predict(x, verbose=0)
        score = Judge(model, truths)(outputs)
        assert score.measure == "accuracy"
        assert score.value == np.mean(outputs.argmax(1) == y)
        assert score.loss == pytest.approx(model.evaluate(x, truths, verbose=0), abs=1e-5)
        assert score.counts[0, 2] == np.sum((y == 0) & (outputs.argmax(1) == 2))
        assert score.counts.sum() == 40


@pytest.mark.parametrize("logits", [True, False])
def test_two_classes_by_one_output(logits):
    x, y = GENERATOR.normal(size=(50, 4)).astype("float32"), GENERATOR.integers(0, 2, 50)
    loss = keras.losses.BinaryCrossentropy(from_logits=logits)
    model = model_of((4,), layers.Dense(1, None if logits else "sigmoid"), loss)
    outputs = model.predict(x, verbose=0)
    score = Judge(model, y)(outputs)
    yes = outputs[:, 0] > (0 if logits else 0.5)
    assert 0 < yes.mean() < 1
    assert score.value == np.mean(yes == y)
    assert score.counts.tolist() == [[np.sum((yes == said) & (y == is_)) for said in (0, 1)] for is_ in (0, 1)]


def test_masks_by_their_overlap():
    x, y = GENERATOR.normal(size=(6, 5, 7, 2)).astype("float32"), GENERATOR.integers(0, 2, (6, 5, 7))
    model = model_of((5, 7, 2), layers.Conv2D(1, 1, activation="sigmoid"), "binary_crossentropy")
    outputs = model.predict(x, verbose=0)
    yes = outputs[..., 0] > 0.5
    for truths in (y, y[..., None].astype("float32")):
        score = Judge(model, truths)(outputs)
        assert score.measure == "iou"
        assert score.value == pytest.approx(np.sum(yes & (y == 1)) / np.sum(yes | (y == 1)))
        assert score.loss == pytest.approx(model.evaluate(x, y[..., None], verbose=0), abs=1e-5)


def test_masks_of_several_classes_on_average_over_those_that_occur():
    x, y = GENERATOR.normal(size=(6, 5, 7, 2)).astype("float32"), GENERATOR.integers(0, 2, (6, 5, 7))
    model = model_of((5, 7, 2), layers.Conv2D(4, 1, activation="softmax"), "sparse_categorical_crossentropy")
    outputs = model.predict(x, verbose=0)
    said = outputs.argmax(-1)
    expected = [np.sum((said == c) & (y == c)) / max(1, np.sum((said == c) | (y == c))) for c in range(4)]
    occurring = [np.any((said == c) | (y == c)) for c in range(4)]
    assert Judge(model, y)(outputs).value == pytest.approx(np.mean(np.array(expected)[occurring]))


def test_values_have_a_loss_alone():
    x, y = GENERATOR.normal(size=(9, 4)).astype("float32"), GENERATOR.normal(size=9).astype("float32")
    model = model_of((4,), layers.Dense(1), "mse")
    outputs = model.predict(x, verbose=0)
    score = Judge(model, y)(outputs)
    assert (score.measure, score.counts) == ("loss", None)
    assert score.value == score.loss == pytest.approx(np.mean((outputs[:, 0] - y) ** 2))


def test_a_class_for_each_token():
    x, y = GENERATOR.normal(size=(8, 5, 4)).astype("float32"), GENERATOR.integers(0, 3, (8, 5))
    model = model_of((5, 4), layers.Dense(3, "softmax"), "sparse_categorical_crossentropy")
    outputs = model.predict(x, verbose=0)
    score = Judge(model, y)(outputs)
    assert (score.measure, score.counts.sum()) == ("accuracy", 40)
    assert score.value == pytest.approx(np.mean(outputs.argmax(-1) == y))


def test_a_model_without_a_loss_gets_a_sentence():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
    with pytest.raises(CourseError, match="is not compiled"):
        Judge(model, np.zeros(3, int))
    assert Judge(model, np.zeros(3, int), "sparse_categorical_crossentropy").measure == "accuracy"
