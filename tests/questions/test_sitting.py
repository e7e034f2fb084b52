"""One go at a question: when it is over, what is kept of it, and when it counts."""

from dataclasses import replace

import pytest

from dlcourse import answers
from dlcourse.questions import Choice, Sitting, recall_sitting
from dlcourse.questions.kinds import Option

QUESTION = Choice("a", "What?", "So.", options=(Option("a", "A!", right=True), Option("b", "B?"), Option("c", "C?")))
RIGHT, WRONG, OTHER = [0], [1], [2]


@pytest.mark.parametrize(
    ("tries", "shown", "over", "right"),
    [
        ((), False, False, False),
        ((WRONG,), False, False, False),
        ((RIGHT,), False, True, True),
        ((WRONG, RIGHT), False, True, False),
        ((WRONG, OTHER), False, True, False),
        ((), True, True, False),
        ((WRONG,), True, True, False),
    ],
)
def test_it_is_over_when_right_tried_twice_or_shown_and_the_first_try_counts(tries, shown, over, right):
    sitting = Sitting(QUESTION, tries, shown)
    assert (sitting.over, sitting.right) == (over, right)
    assert sitting.begun == (bool(tries) or shown)


def test_it_is_there_again_and_counts_once():
    for tries, shown in [((WRONG,), False), ((WRONG, RIGHT), False)]:
        Sitting(QUESTION, tries, shown).keep()
    assert recall_sitting(QUESTION) == Sitting(QUESTION, (WRONG, RIGHT))
    assert [each.right for each in answers.recall("a").tries] == [False, None]


def test_what_was_shown_after_a_wrong_try_counts_once():
    Sitting(QUESTION, (WRONG,)).keep()
    Sitting(QUESTION, (WRONG,), shown=True).keep()
    assert [each.right for each in answers.recall("a").tries] == [False, None]


def test_what_was_shown_at_once_counts_as_not_known():
    Sitting(QUESTION, shown=True).keep()
    assert [each.right for each in answers.recall("a").tries] == [False]
    assert recall_sitting(QUESTION).shown


def test_an_answer_to_what_the_question_was_before_is_not_shown_but_counts():
    Sitting(QUESTION, (RIGHT,)).keep()
    changed = replace(QUESTION, options=QUESTION.options[::-1])
    assert not recall_sitting(changed).begun
    assert answers.recall("a").right


def test_nothing_kept_is_nothing_begun():
    answers.remember("a", "a guess")
    assert recall_sitting(QUESTION) == Sitting(QUESTION)
