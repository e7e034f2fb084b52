"""The comparison of a lesson's outputs with the stored ones can fail, and does where it should."""

import pytest
from notebooks.stored_outputs import difference


@pytest.mark.parametrize(
    ("stored", "seen"),
    [
        ("accuracy 0.941", "accuracy 0.9411"),
        ("61,706 weights", "61,706 weights"),
        ("[1.0e-08  2.]", "[ 3.0e-09 2.0 ]"),
        ("−0.50 and 3", "−0.51 and 3"),
        ("<object at 0x7f01>", "<object at 0x7f99>"),
    ],
)
def test_rounding_and_layout_may_differ(stored, seen):
    assert difference(stored, seen) is None


@pytest.mark.parametrize(
    ("stored", "seen"),
    [
        ("accuracy 0.94", "accuracy 0.90"),
        ("61,706 weights", "61,906 weights"),
        ("61,706 weights", "61,706 parameters"),
        ("0.50", "−0.50"),
        ("a", "a\nwarning: b"),
        ("1 2", "1 2 3"),
        ("layer conv2", "layer conv3"),
    ],
)
def test_other_numbers_and_other_words_are_told(stored, seen):
    assert difference(stored, seen) is not None


def test_what_training_ends_at_is_compared_by_its_words():
    assert difference("test accuracy 94.1 %", "test accuracy 93.0 %", ["trained"]) is None
    assert difference("test accuracy 94.1 %", "train accuracy 94.1 %", ["trained"]) is not None
