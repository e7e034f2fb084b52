"""What a file of questions may hold; what it lacks is told with file, question and what to write."""

import re

import pytest
import yaml

from dlcourse.errors import CourseError
from dlcourse.questions import find, read_questions

COMMON = {"id": "a-b", "ask": "What?", "worked": "So."}
OPTIONS = [{"text": "yes, it is", "says": "Because.", "right": True}, {"text": "not", "says": "Since."}]
ONE = COMMON | {"kind": "one", "options": OPTIONS}
SEVERAL = ONE | {"kind": "several"}
NUMBER = COMMON | {
    "kind": "number",
    "answer": 0.5,
    "otherwise": "Try 1/2.",
    "tolerance": 0.1,
    "mistakes": [{"value": 2, "says": "No."}],
}
GAP = COMMON | {
    "kind": "gap",
    "code": "a = ___",
    "answers": ["b"],
    "otherwise": "Hm.",
    "mistakes": [{"value": "c", "says": "No."}],
}
LINES = COMMON | {
    "kind": "lines",
    "lines": [{"code": "a"}, {"code": "b", "says": "Early."}, {"code": "c", "says": "Early, too."}],
    "distractors": [{"code": "d", "says": "Never."}],
}
KINDS = {"one": ONE, "several": SEVERAL, "number": NUMBER, "gap": GAP, "lines": LINES}


@pytest.fixture
def write(tmp_path):
    def write_(entries, name="01_a.quiz.yaml"):
        path = tmp_path / name
        path.write_text(entries if isinstance(entries, str) else yaml.safe_dump(entries), encoding="utf-8")
        return path

    return write_


def without(entry, *way):
    """A copy of nested lists and mappings that lacks one thing."""
    first, *rest = way
    copy = entry.copy()
    if rest:
        copy[first] = without(copy[first], *rest)
    else:
        del copy[first]
    return copy


def replaced(entry, value, *way):
    first, *rest = way
    copy = entry.copy()
    copy[first] = replaced(copy[first], value, *rest) if rest else value
    return copy


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_read(kind, write):
    (question,) = read_questions(write([KINDS[kind]]))
    assert (question.id, question.ask, question.worked, question.hint) == ("a-b", "What?", "So.", "")
    assert question.for_browser()["kind"] == kind
    assert question.judge(question.solution).right
    assert question.unusable(question.solution) == ""


# what is left out, and how the sentence goes on after the file's name
MISSING = [
    ("one", ["id"], "question 1: `id` is missing; give the question a name"),
    ("one", ["kind"], "question a-b: `kind` is missing; choose one of one, several, number, gap, lines"),
    ("gap", ["ask"], "question a-b: `ask` is missing; write what is asked"),
    ("lines", ["worked"], "question a-b: `worked` is missing; write the explanation"),
    ("one", ["options"], "question a-b: `options` is missing; write what to choose from"),
    (
        "one",
        ["options", 0, "says"],
        "question a-b, option 1: `says` is missing; write what a learner reads who chooses",
    ),
    (
        "one",
        ["options", 1, "says"],
        "option 2: `says` is missing; write what a learner reads who chooses 'not', right or",
    ),
    ("several", ["options", 1, "says"], "option 2: `says` is missing; write what a learner reads who chooses 'not'"),
    ("several", ["options", 1, "text"], "option 2: `text` is missing; write what is chosen"),
    ("one", ["options", 0, "right"], "one is `right: true`, but here 0 are"),
    ("several", ["options", 0, "right"], "no option is `right: true`"),
    ("several", ["options", 1], "there is only one option; write what people mistake it for"),
    ("number", ["answer"], "`answer` is missing; write the right number"),
    (
        "number",
        ["otherwise"],
        "`otherwise` is missing; write what a learner reads whose answer is none of the mistakes",
    ),
    ("number", ["mistakes", 0, "says"], "mistake 1: `says` is missing; write what a learner reads who answers 2"),
    ("number", ["mistakes", 0, "value"], "mistake 1: `value` is missing; write the wrong number"),
    ("gap", ["code"], "`code` is missing; write the code, with ___ where the gap is"),
    ("gap", ["answers"], "`answers` is missing; write the texts that are right"),
    ("gap", ["otherwise"], "`otherwise` is missing"),
    ("gap", ["mistakes", 0, "says"], "mistake 1: `says` is missing; write what a learner reads who answers 'c'"),
    ("lines", ["lines"], "`lines` is missing; write the lines in their right order"),
    ("lines", ["lines", 2], "there are 2 lines; an order is worth asking for from three on"),
    ("lines", ["lines", 1, "says"], "line 2: `says` is missing; write what a learner reads who puts 'b' too early"),
    ("lines", ["distractors", 0, "says"], "distractor 1: `says` is missing; write what a learner reads who uses 'd'"),
]


@pytest.mark.parametrize(("kind", "way", "sentence"), MISSING, ids=lambda part: str(part)[:40])
def test_what_is_missing_is_told(kind, way, sentence, write):
    path = write([without(KINDS[kind], *way)])
    with pytest.raises(CourseError, match=re.escape(sentence)) as told:
        read_questions(path)
    assert str(told.value).startswith(f"{path}, question ")


# what is there instead
WRONG = [
    ("one", "Why?", ["id"], "`id` is 'Why?'; write it in small letters, figures and hyphens"),
    ("one", "severel", ["kind"], "There is no kind of question 'severel'. Did you mean 'several'?"),
    ("one", 3, ["ask"], "`ask` must be a text, but YAML reads 3; put it in quotation marks"),
    ("one", True, ["options", 1, "text"], "option 2: `text` must be a text, but YAML reads True"),
    ("one", "  ", ["options", 1, "says"], "option 2: `says` is empty"),
    ("one", "yes, it is", ["options", 1, "text"], "two options have the same text"),
    ("one", "yes", ["options", 1, "right"], "`right` must be true or false, but it is 'yes'"),
    ("one", True, ["options", 1, "right"], "one is `right: true`, but here 2 are"),
    ("one", "a, b", ["options"], "`options` must be a list, each entry of which begins with '- '"),
    ("one", "not", ["options", 1], "option 2: there must be names with values, as in 'id: a-name', but it is 'not'"),
    ("number", "1e-3", ["answer"], "`answer` must be a number, but it is '1e-3' (YAML takes 1.0e-3, not 1e-3)"),
    ("number", float("inf"), ["answer"], "`answer` must be a number"),
    ("number", -1, ["tolerance"], "`tolerance` is below 0"),
    ("number", 0.55, ["mistakes", 0, "value"], "the mistake 0.55 is right within the tolerance"),
    ("gap", "a = b", ["code"], "`code` must have one gap, written ___, but it has 0"),
    ("gap", "___ = ___", ["code"], "`code` must have one gap, written ___, but it has 2"),
    ("gap", [], ["answers"], "`answers` must be a list"),
    ("gap", [1], ["answers"], "`answers` must be a text, but YAML reads 1"),
    ("gap", " b", ["mistakes", 0, "value"], "' b' is among the mistakes and among the answers"),
    ("lines", "a", ["distractors", 0, "code"], "two lines are the same"),
    ("lines", "Look.", ["hnit"], "There is no entry 'hnit'. Did you mean 'hint'?"),
    ("one", "No.", ["options", 0, "say"], "option 1: There is no entry 'say'. Did you mean 'says'?"),
]


@pytest.mark.parametrize(("kind", "value", "way", "sentence"), WRONG, ids=lambda part: str(part)[:40])
def test_what_is_wrong_is_told(kind, value, way, sentence, write):
    with pytest.raises(CourseError, match=re.escape(sentence)):
        read_questions(write([replaced(KINDS[kind], value, *way)]))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "holds no list of questions; begin each with '- id: a-name'"),
        ("id: a", "holds no list of questions"),
        ("- id: [", "is no YAML: "),
        ("- text", "question 1: there must be names with values"),
    ],
)
def test_a_file_that_holds_no_questions_is_told(text, sentence, write):
    with pytest.raises(CourseError, match=re.escape(sentence)):
        read_questions(write(text))


def test_two_questions_of_one_name_are_told(write):
    with pytest.raises(CourseError, match="has two questions 'a-b'; give one of them another id"):
        read_questions(write([ONE, GAP]))


def test_a_file_that_has_changed_is_read_again(write):
    assert read_questions(write([ONE]))[0].ask == "What?"
    assert read_questions(write([ONE | {"ask": "And now?"}]))[0].ask == "And now?"


def test_a_question_is_found_in_the_working_folder_first_then_in_the_course(write, tmp_path):
    write([ONE | {"ask": "Here?"}])
    (tmp_path / "course/02_b").mkdir(parents=True)
    write([ONE | {"ask": "There?"}, GAP | {"id": "only-there"}], "course/02_b/01_a.quiz.yaml")
    assert find("a-b", tmp_path, tmp_path / "course").ask == "Here?"
    assert find("a-b", tmp_path / "course", tmp_path / "course").ask == "There?"
    assert find("only-there", tmp_path, tmp_path / "course").code == "a = ___"
    with pytest.raises(
        CourseError, match=r"There is no question 'only-ther'\. Did you mean 'only-there'\? Known: a-b,"
    ):
        find("only-ther", tmp_path, tmp_path / "course")


def test_of_many_questions_only_the_nearest_are_named(write, tmp_path):
    write([ONE | {"id": f"question-{number}"} for number in range(100)])
    with pytest.raises(CourseError) as told:
        find("question-x", tmp_path)
    assert str(told.value).count("question-") == 2 + 12


def test_where_there_are_no_files_the_sentence_says_so(tmp_path):
    with pytest.raises(CourseError, match=r"no file NAME\.quiz\.yaml lies in .*Open the notebook in its own folder"):
        find("a-b", tmp_path, tmp_path)
