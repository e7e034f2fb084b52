"""The class Predict."""

from displayed import words_of

from dlcourse.widgets import Predict


def test_it_says_its_question():
    assert words_of(Predict("How many?")).startswith("How many?")
