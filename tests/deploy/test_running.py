"""An opened model refuses what it does not take, and says what to do."""

import numpy as np
import pytest
from deploy.small_models import examples_for, picture_mlp

from dlcourse.deploy import export, open_model
from dlcourse.errors import CourseError


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    model = picture_mlp()
    path = tmp_path_factory.mktemp("model") / "m.keras"
    return open_model(export(model, path, examples=examples_for(model)).path)


def test_it_tells_what_it_is(opened):
    assert repr(opened) == "<m.keras: keras, [28, 28] to [10] probabilities>"


def test_any_type_of_number_will_do(opened):
    bytes_ = examples_for(picture_mlp(), 3)
    assert np.array_equal(opened(bytes_), opened(bytes_.astype(float)))
    assert np.array_equal(opened(bytes_), opened(bytes_.tolist()))


@pytest.mark.parametrize(
    ("examples", "sentence"),
    [
        (np.zeros((28, 28)), r"shape \(28, 28\), but m.keras takes any number of 28 × 28: for a single .* x\[None\]"),
        (np.zeros((2, 28, 27)), r"shape \(2, 28, 27\), but m.keras takes any number of 28 × 28\."),
        (np.zeros((0, 28, 28)), r"shape \(0, 28, 28\)"),
        (np.full((1, 28, 28), np.nan), r"NaN or infinite"),
        (np.full((1, 28, 28), -3.0), r"values from -3 to -3, but m.keras takes 0 to 255: bring them"),
        (np.full((1, 28, 28), 0.5), r"from 0.5 to 0.5, but m.keras takes 0 to 255: these were divided by 255 already"),
        (np.full((1, 28, 28), "a"), r"must be numbers"),
    ],
)
def test_what_it_does_not_take_is_refused(opened, examples, sentence):
    with pytest.raises(CourseError, match=sentence):
        opened(examples)


def test_a_black_picture_is_a_picture(opened):
    assert opened(np.zeros((1, 28, 28))).shape == (1, 10)
    assert opened(np.ones((1, 28, 28), np.uint8)).shape == (1, 10)
