"""Measures of a digit, on digits whose measures can be told by looking."""

import numpy as np
import pytest

from dlcourse.data import load
from dlcourse.errors import CourseError
from dlcourse.lens import digit_shape


def drawn(*rows):
    return np.array([[255 * (sign == "#") for sign in row] for row in rows], np.uint8)


EIGHT = drawn("######", "#....#", "#....#", "######", "#....#", "#....#", "######")
SIX = drawn("#.....", "#.....", "#.....", "######", "#....#", "#....#", "######")


def test_holes_are_counted_measured_and_found():
    eight, six = digit_shape(EIGHT), digit_shape(SIX)
    assert (eight.holes, six.holes) == (2, 1)
    assert six.hole_size == 8 / 42
    assert six.hole_height == 4.5 / 7
    assert digit_shape(drawn("###", "#.#", "###")).holes == 0  # a gap of one pixel is a blot


def test_where_the_ink_lies():
    six = digit_shape(SIX)
    assert six.top_left == 3 / 19
    assert six.top_right == 0
    assert six.bottom_left == 8 / 19
    assert (six.top_bar, six.bottom_bar) == (1 / 6, 1)
    assert six.slim == 6 / 7
    assert digit_shape(EIGHT).turned == 1


def test_where_the_digit_stands_does_not_matter():
    padded = digit_shape(np.pad(SIX, ((3, 9), (5, 1))))
    for name in ("holes", "hole_size", "hole_height", "slim", "turned", "top_right", "bottom_bar"):
        assert getattr(padded, name) == getattr(digit_shape(SIX), name)


def test_a_single_dot_has_a_shape():
    assert digit_shape(drawn("#")).slim == 1


def test_paper_has_none():
    with pytest.raises(CourseError, match="There is no ink to measure"):
        digit_shape(np.full((28, 28), 90, np.uint8))


def test_a_zero_of_mnist_has_one_hole():
    digits = load("mnist").train
    zeros = digits.x[digits.y == 0][:50]
    assert np.mean([digit_shape(zero).holes == 1 for zero in zeros]) > 0.8
