"""What a lesson's check says of right answers, of wrong ones and of none."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcourse.errors import CourseError
from dlcourse.grading import check

AT = [0.0, 1.0, -2.0]
EXPECTED = 1 - np.tanh(AT) ** 2
MISTAKES = {"That is tanh itself.": np.tanh(AT)}


def checked(answer):
    return check(answer, at=AT, expected=EXPECTED, mistakes=MISTAKES)


def test_a_right_function_passes_however_it_is_written():
    for answer in (lambda z: 1 - np.tanh(z) ** 2, lambda z: keras.ops.cosh(z) ** -2.0):
        assert checked(answer).passed is True


def slope(z):
    return np.tanh(z)


def test_a_known_mistake_is_called_by_its_name_and_another_by_its_place():
    assert repr(checked(slope)) == "✗ That is tanh itself."
    assert checked(lambda z: np.ones(3)).says.startswith("At [1] it is 1, and should be 0.41")


def unwritten(z): ...  # your turn


def open_end(z):
    raise NotImplementedError


@pytest.mark.parametrize("answer", [unwritten, open_end])
def test_what_is_not_written_yet_is_neither_right_nor_wrong(answer):
    verdict = checked(answer)
    assert verdict.passed is None
    assert f"`{answer.__name__}`" in verdict.says
    assert "then run both cells" in repr(verdict)


def test_a_value_that_is_still_dots_is_asked_for():
    assert check(..., expected=3).passed is None
    assert check(3.0, expected=3).passed is True


def test_an_error_in_the_learners_code_is_a_sentence_and_stops_nothing():
    verdict = checked(lambda z: z / "two")
    assert verdict.passed is False
    assert "Your code stopped with" in verdict.says
    assert "UFuncTypeError" in verdict.says or "TypeError" in verdict.says


@given(st.floats(-100, 100), st.floats(-100, 100))
def test_a_tuple_is_several_arguments_and_a_list_is_one_array(a, b):
    assert check(lambda x, y: x - y, at=(a, b), expected=a - b).passed
    assert check(lambda both: both[0] - both[1], at=[a, b], expected=a - b).passed


def test_it_is_shown_in_html_without_markup_from_the_sentence():
    html = check(1, expected=2, mistakes={"a < b": 1})._repr_html_()
    assert "a &lt; b" in html
    assert 'role="status"' in html
    html = check(1, expected=2, mistakes={"Use `<` once, not `a` and `b`.": 1})._repr_html_()
    assert "Use <code>&lt;</code> once, not <code>a</code> and <code>b</code>." in html


def test_a_function_without_a_place_is_the_authors_mistake():
    with pytest.raises(CourseError, match=r"`slope` is a function: say where it is checked, with at="):
        check(slope, expected=1)
