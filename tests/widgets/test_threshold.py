"""Threshold in Python: what it takes, what it says, and what it refuses."""

import numpy as np
import pytest

from dlcourse.errors import CourseError
from dlcourse.widgets import Threshold

VALUES, LABELS = [0.9, 0.6, 0.3, 0.2], [1, 0, 1, 0]


def test_one_column_is_the_second_of_two_classes():
    for given in (VALUES, np.array(VALUES)[:, None], np.stack([1 - np.array(VALUES), VALUES], 1)):
        widget = Threshold(given, LABELS, classes=["dog", "cat"], costs={"missed": 5})
        assert widget.positive == 1
        assert widget.counts == (1, 1, 1, 1)
        assert widget.costs == {"missed": 5, "false_alarm": 1}
        assert widget.best_threshold == pytest.approx(0.25)
    widget.positive = "dog"
    assert widget.positive == 0
    assert widget.counts == (1, 1, 1, 1)


def test_of_several_classes_one_is_looked_for():
    rows = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.4, 0.5, 0.1]])
    widget = Threshold(rows, [0, 1, 0], classes=["a", "b", "c"], positive="a", threshold=0.4)
    assert widget.counts == (2, 0, 0, 1)
    widget.positive = 2
    assert widget.counts == (0, 0, 0, 3)
    widget.reset()
    assert (widget.positive, widget.threshold) == (0, 0.4)


def test_its_text_tells_the_counts_and_the_cost():
    widget = Threshold(VALUES, LABELS, classes=["dog", "cat"], costs={"missed": 5})
    text = widget._repr_mimebundle_()[0]["text/plain"]
    assert text == 'Threshold 0.50 for "cat": 1 of 2 are found, 1 of 2 alarms are right. Cost 6; least, 1, at 0.25.'


@pytest.mark.parametrize("threshold", [0, 0.03, 0.5, 0.98, 1])
def test_a_still_picture_at_every_threshold(threshold):
    assert Threshold(threshold=threshold)._repr_mimebundle_()[0]["image/png"]


def test_large_pictures_travel_small():
    pictures = np.random.default_rng(0).uniform(size=(400, 90, 60, 3))
    sent = Threshold(np.full(400, 0.5), np.arange(400) % 2, pictures)._examples["pictures"]
    assert sent["shape"] == [35, 23, 3]
    assert len(sent["bytes"]) == 400 * 35 * 23 * 3


@pytest.mark.parametrize(
    ("arguments", "settings", "sentence"),
    [
        ((VALUES,), {}, "Which answers were right"),
        (([[[0.1]]], [0]), {}, "`probabilities` must be n numbers"),
        (([2.0, -1.0], [0, 1]), {}, "logits need a sigmoid"),
        ((np.full(2001, 0.5), np.zeros(2001, int)), {}, "room for 2,000 examples"),
        ((VALUES, np.eye(2)[LABELS]), {}, r"labels\.argmax\(axis=1\)"),
        ((VALUES, [0, 1, 2, 0]), {}, "only 2 classes"),
        ((VALUES, LABELS, np.zeros((3, 5, 5))), {}, "holds 3 pictures for 4 examples"),
        ((VALUES, LABELS), {"positive": "cow", "classes": ["dog", "cat"]}, "cow"),
        ((VALUES, LABELS), {"positive": 2}, "`positive` must be a class"),
        ((VALUES, LABELS), {"threshold": 1.2}, "`threshold` must be a probability"),
        ((VALUES, LABELS), {"costs": {"wrong": 2}}, "wrong"),
        ((VALUES, LABELS), {"costs": {"missed": -2}}, "from 0 to 1,000,000"),
        ((VALUES, LABELS), {"costs": 3}, "`costs` must be like"),
        ((VALUES, LABELS), {"chart": "lift"}, "lift"),
        ((VALUES, LABELS), {"colour": 1}, "colour"),
    ],
)
def test_what_it_cannot_take_gets_a_sentence(arguments, settings, sentence):
    with pytest.raises(CourseError, match=sentence):
        Threshold(*arguments, **settings)
