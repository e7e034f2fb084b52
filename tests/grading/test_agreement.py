"""What `agree` lets pass, and what it says about the rest."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from dlcourse.grading import agree

ARRAYS = arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=st.floats(-1e6, 1e6, width=32))


def complaint(found, expected, **options):
    with pytest.raises(AssertionError) as raised:
        agree(found, expected, **options)
    return str(raised.value)


@given(ARRAYS)
def test_the_same_numbers_agree_in_any_container(numbers):
    agree(numbers, numbers)
    agree(numbers.tolist(), numbers)
    agree(numbers.astype(np.float32), numbers)
    agree(keras.ops.convert_to_tensor(numbers), numbers)


@given(ARRAYS, st.data())
def test_one_number_that_is_off_is_found_and_named(numbers, data):
    place = tuple(data.draw(st.integers(0, side - 1)) for side in numbers.shape)
    other = numbers.copy()
    other[place] += 1 + np.abs(numbers).max() / 100
    sentence = complaint(other, numbers)
    assert sentence.startswith(f"At [{', '.join(map(str, place))}] it is")


@given(ARRAYS, st.floats(0, 0.9))
def test_differences_within_the_tolerance_pass(numbers, share):
    scale = np.abs(numbers).max() or 1
    agree(numbers + share * 0.01 * scale, numbers, tolerance=0.01)
    complaint(numbers + 1.1 * 0.01 * scale, numbers, tolerance=0.01)


def test_small_numbers_beside_a_large_one_are_held_to_its_scale():
    agree([1000, 0.05], [1000, 0.0])
    complaint([1000, 0.2], [1000, 0.0])


def test_a_known_mistake_is_called_by_its_name_whatever_its_shape():
    mistakes = {"You summed over the rows.": [4, 6], "You summed everything.": 10}
    assert complaint([4.0, 6.0], [3, 7], mistakes=mistakes) == "You summed over the rows."
    assert complaint(10, [3, 7], mistakes=mistakes) == "You summed everything."
    agree([3, 7], [3, 7], mistakes={"Never said, since it is right.": [3, 7]})


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (None, "does your function end in `return ...`?"),
        (np.zeros(3), "Its shape is (3,), and should be (2,)."),
        ([1, np.nan], "It holds nan or infinity"),
        ([[1], [1, 2]], "It is a list that is no block of numbers"),
        ("1 2", "It is a str, and should be an array of shape (2,)"),
        (np.sum, "call it first"),
        ([1, 3], "At [1] it is 3, and should be 2. (1 of 2 numbers differ.)"),
        ({1: 2}, "It is a dict"),
    ],
)
def test_what_is_wrong_is_said(found, sentence):
    assert sentence in complaint(found, [1, 2])


def test_a_number_alone_has_no_place():
    assert complaint(2.5, 2) == "It is 2.5, and should be 2."
    assert complaint([2, 2], 2) == "Its shape is (2,), and should be (), a single number."


def test_infinity_and_nan_may_be_what_is_asked_for():
    agree([np.inf, np.nan, 1], [np.inf, np.nan, 1])
    assert "At [0]" in complaint([-np.inf, np.nan, 1], [np.inf, np.nan, 1])
