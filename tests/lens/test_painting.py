from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter
from properties import examples

from dlcourse.errors import CourseError
from dlcourse.lens.painting import blur_reach, blurred, brush_mask, moved_part, painted_over

RNG = np.random.default_rng(3)


def test_a_dot_is_a_disc_with_a_soft_rim():
    mask = brush_mask(41, 51, [(20, 25)], radius=9)
    assert mask.shape == (41, 51)
    assert mask.sum() == pytest.approx(np.pi * 9**2, rel=0.01)
    assert (mask[20, [15, 16, 17, 33, 34, 35]] == [0, 0.5, 1, 1, 0.5, 0]).all()


@given(
    st.lists(st.tuples(st.floats(-5, 35), st.floats(-5, 45)), min_size=1, max_size=5),
    st.floats(0.5, 12),
)
def test_a_stroke_covers_what_its_dots_cover(points, radius):
    """A path is the union of very many dots along it."""
    mask = brush_mask(30, 40, points, radius)
    path = np.array(points)
    if len(path) > 1:
        steps = [np.linspace(start, end, 200) for start, end in pairwise(path)]
        path = np.concatenate(steps)
    rows, columns = np.mgrid[:30, :40]
    distance = np.hypot(rows[..., None] - path[:, 0], columns[..., None] - path[:, 1]).min(-1)
    np.testing.assert_allclose(mask, np.clip(radius + 0.5 - distance, 0, 1), atol=0.15)


def test_only_what_is_covered_changes_and_by_as_much():
    picture = RNG.integers(0, 256, (7, 9, 3), dtype=np.uint8)
    mask = np.zeros((7, 9))
    mask[2, 3], mask[5, 8] = 1, 0.25
    painted = painted_over(picture, 128.0, mask)
    assert (painted[2, 3] == 128).all()
    np.testing.assert_allclose(painted[5, 8], picture[5, 8] * 0.75 + 32, atol=0.5)
    untouched = mask == 0
    assert (painted[untouched] == picture[untouched]).all()


@examples(0.5)
@given(st.integers(1, 25), st.integers(1, 25), st.integers(0, 6))
def test_a_blur_is_three_box_means(rows, columns, reach):
    picture = RNG.uniform(0, 255, (rows, columns, 2))
    soft = picture
    for _ in range(3):
        soft = np.array(
            [
                [
                    soft[max(0, i - reach) : i + reach + 1, max(0, j - reach) : j + reach + 1].mean((0, 1))
                    for j in range(columns)
                ]
                for i in range(rows)
            ]
        )
    np.testing.assert_allclose(blurred(picture, reach), soft, atol=1e-9)


def test_a_blur_is_about_that_of_pillow():
    picture = RNG.integers(0, 256, (60, 80), dtype=np.uint8)
    other = np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(float(np.sqrt((7**2 - 1) / 4)))))
    np.testing.assert_allclose(blurred(picture[..., None], 3)[10:-10, 10:-10, 0], other[10:-10, 10:-10], atol=4)
    assert blur_reach(224, 100) == 19
    assert blur_reach(3, 2) == 1


def test_another_place_comes_over_and_nothing_from_beyond_the_edge():
    source = np.arange(20.0).reshape(4, 5, 1)
    content, inside = moved_part(source, (1, -2), 4, 5)
    for i in range(4):
        for j in range(5):
            there = 0 <= i + 1 < 4 and 0 <= j - 2 < 5
            assert inside[i, j] == there
            if there:
                assert content[i, j, 0] == source[i + 1, j - 2, 0]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: brush_mask(4, 4, [], 2), "`points` must be rows and columns"),
        (lambda: brush_mask(4, 4, [(1, 2, 3)], 2), "`points` must be rows and columns"),
        (lambda: brush_mask(4, 4, [(1, 2)], 0), "`radius` must be a number of pixels above 0"),
        (lambda: blurred(np.zeros((2, 2, 1)), 1.5), "`reach` must be a whole number"),
    ],
)
def test_wrong_things_are_answered_in_a_sentence(call, sentence):
    with pytest.raises(CourseError, match=sentence):
        call()
