"""The questions beside the lessons: each can be read, is explained in full, and has a name of its own."""

from collections import Counter
from pathlib import Path

import pytest

from dlcourse.questions import quiz_files, read_questions

COURSE = Path(__file__).parents[2] / "course"
FILES = quiz_files(COURSE)
QUESTIONS = [question for path in FILES for question in read_questions(path)]
SHORTEST = 60  # letters of an explanation: "No, that is wrong." explains nothing


def test_there_are_questions():
    assert len(QUESTIONS) >= 10


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_lies_beside_its_lesson(path):
    assert path.with_name(path.name.replace(".quiz.yaml", ".ipynb")).is_file()


def test_no_two_questions_of_the_course_have_one_name():
    names = Counter(question.id for question in QUESTIONS)
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
class TestEachQuestion:
    def test_everything_that_can_be_chosen_is_explained(self, question):
        for says in explanations(question):
            assert len(says) >= SHORTEST or "`" in says, f"{says!r} explains little"
        assert len(question.worked) >= SHORTEST

    def test_no_two_wrong_ways_are_explained_alike(self, question):
        said = explanations(question)
        assert len(set(said)) == len(said)

    def test_its_solution_is_right_and_its_mistakes_are_met(self, question):
        assert question.judge(question.solution).right
        for mistake in getattr(question, "mistakes", ()):
            verdict = question.judge(str(mistake.value))
            assert [remark.says for remark in verdict.remarks] == [mistake.says]

    def test_the_right_option_is_not_told_by_its_length(self, question):
        options = getattr(question, "options", ())
        longest = max((len(option.text) for option in options if not option.right), default=0)
        for option in options:
            assert not option.right or len(option.text) <= 2 * longest


def test_the_right_one_does_not_always_stand_in_the_same_place():
    places = Counter(question.solution[0] for question in QUESTIONS if question.for_browser()["kind"] == "one")
    assert max(places.values()) <= sum(places.values()) / len(places) + 2


def explanations(question):
    data = question.for_browser()
    parts = [part for name in ("options", "mistakes", "items") for part in data.get(name, ())]
    says = [part["says"] for part in parts]
    if data["kind"] == "lines":
        says = says[1:]  # the first line cannot come too early
    return [*says, *filter(None, [data.get("otherwise")])]
