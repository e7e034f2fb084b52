import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from dlcourse.errors import CourseError
from dlcourse.lens.mistakes import confusion

RNG = np.random.default_rng(7)
TRUE = RNG.integers(0, 4, 90)
NAMED = np.where(RNG.uniform(size=90) < 0.6, TRUE, RNG.integers(0, 4, 90))


def test_counts_recall_and_precision_are_those_of_scikit_learn():
    matrix = confusion(TRUE, NAMED, classes=["a", "b", "c", "d"])
    precision, recall, _, support = precision_recall_fscore_support(TRUE, NAMED)
    np.testing.assert_array_equal(matrix.counts, confusion_matrix(TRUE, NAMED))
    assert [row.recall for row in matrix.by_class] == pytest.approx(recall)
    assert [row.precision for row in matrix.by_class] == pytest.approx(precision)
    assert [row.examples for row in matrix.by_class] == list(support)
    assert matrix.accuracy == pytest.approx((TRUE == NAMED).mean())


def test_the_worst_pairs_come_first():
    matrix = confusion([0, 0, 0, 1, 1, 2], [1, 1, 2, 1, 0, 2], classes=["cat", "dog", "fox"])
    assert [(mistake.name, mistake.taken_for, mistake.count) for mistake in matrix.worst()] == [
        ("cat", "dog", 2),
        ("cat", "fox", 1),
        ("dog", "cat", 1),
    ]
    assert matrix.worst(1)[0].share == pytest.approx(2 / 3)


def test_scores_and_one_hot_rows_are_read():
    scores = np.eye(4)[NAMED] * 0.4 + 0.1
    np.testing.assert_array_equal(confusion(np.eye(4)[TRUE], scores).counts, confusion(TRUE, NAMED).counts)


def test_a_single_sigmoid_counts_as_one_above_a_half():
    matrix = confusion([0, 1, 1, 0], [[0.2], [0.9], [0.4], [0.51]])
    np.testing.assert_array_equal(matrix.counts, [[1, 1], [1, 1]])


def test_a_class_that_never_comes_has_no_recall():
    matrix = confusion([0, 0], [0, 1], classes=["a", "b", "c"])
    assert matrix.by_class["b"].recall is None
    assert matrix.by_class["b"].precision == 0
    assert matrix.by_class["c"].precision is None


def test_it_prints_its_findings():
    text = repr(confusion([0, 0, 1], [0, 1, 1], classes=["cat", "dog"]))
    assert text.startswith("2 of 3 right (66.7%)\n\nname  examples  recall  precision")
    assert "is   taken for  count  share" in text
    assert "taken for" not in repr(confusion([0, 1], [0, 1]))
    assert "<table>" in confusion([0, 1], [0, 1])._repr_html_()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([0, 1], [0]), r"`y_true` holds 2 answers but `y_pred` 1: predict the same examples"),
        (([], []), r"There is nothing to count"),
        (([0, 5], [0, 1], ["a", "b"]), r"classes from 0 to 5, but there are 2 classes"),
        (([0, -1], [0, 1]), r"classes from -1 to 1"),
        (([0, np.nan], [0, 1]), r"`y_true` holds values that are NaN"),
        ((["a", "b"], [0, 1]), r"`y_true` must hold class numbers"),
        (([0, 1], [1.5, 3]), r"`y_pred` must hold class numbers or probabilities, but it holds 1.5"),
        (([0, 1], np.zeros((2, 3, 4))), r"`y_pred` must hold one answer for each example.*\(2, 3, 4\)"),
        (([0, 1], [0, 1], "ab"), r"`classes` must be a list of names"),
    ],
)
def test_wrong_things_are_answered_in_a_sentence(arguments, sentence):
    with pytest.raises(CourseError, match=sentence):
        confusion(*arguments)
