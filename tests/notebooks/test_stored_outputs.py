"""The comparison of a lesson's outputs with the stored ones can fail, and does where it should."""

import pytest
from notebooks.stored_outputs import ROOT, difference, too_much


@pytest.mark.parametrize(
    ("stored", "now"),
    [
        ("accuracy 0.941", "accuracy 0.9411"),
        ("61,706 weights", "61,706 weights"),
        ("[1.0e-08  2.]", "[ 3.0e-09 2.0 ]"),
        ("−0.50 and 3", "−0.51 and 3"),
        ("<object at 0x7f01>", "<object at 0x7f99>"),
    ],
)
def test_rounding_and_layout_may_differ(stored, now):
    assert difference(stored, now) is None


@pytest.mark.parametrize(
    ("stored", "now"),
    [
        ("accuracy 0.94", "accuracy 0.90"),
        ("61,706 weights", "61,707 weights"),
        ("(1000, 28, 28)", "(1001, 28, 28)"),
        ("accuracy 941 of 1,000", "accuracy 940 of 1,000"),
        ("61,706 weights", "61,706 parameters"),
        ("0.50", "−0.50"),
        ("a", "a\nwarning: b"),
        ("1 2", "1 2 3"),
        ("layer conv2", "layer conv3"),
    ],
)
def test_other_numbers_and_other_words_are_told(stored, now):
    assert difference(stored, now) is not None


def test_what_training_ends_at_is_compared_by_its_words():
    assert difference("test accuracy 94.1 %", "test accuracy 93.0 %", ["trained"]) is None
    assert difference("test accuracy 94.1 %", "train accuracy 94.1 %", ["trained"]) is not None


def test_what_a_network_wrote_is_not_compared():
    assert difference("The function of the", "The functions that", ["trained"]) is not None
    assert difference("The function of the", "The functions that", ["trained", "written"]) is None


def test_a_lesson_that_takes_too_much_is_told():
    lesson, exercise = ROOT / "course/01_introduction/01.ipynb", ROOT / "solutions/01_introduction/exercise_1.ipynb"
    assert too_much({lesson: [(80, 900), (1, 1400)], exercise: [(9, 400)]}) == []
    assert too_much({exercise: [(91, 900)]}) == ["exercise_1.ipynb: a cell takes 91 s, more than 2 times 45 s"]
    assert too_much({lesson: [(1, 900), (1, 1501)]}) == ["01.ipynb: needs 1501 MB, more than 1500 MB"]


def test_the_lessons_have_six_minutes_for_twelve_and_more_for_more():
    lessons = [ROOT / f"course/01_introduction/{number:02}.ipynb" for number in range(24)]
    assert too_much({lesson: [(30, 1)] * 2 for lesson in lessons[:12]}) == []
    assert too_much({lesson: [(31, 1)] * 2 for lesson in lessons[:12]}) == [
        "the lessons take 744 s, more than 2 times 360 s"
    ]
    assert too_much({lesson: [(30, 1)] * 2 for lesson in lessons}) == []
