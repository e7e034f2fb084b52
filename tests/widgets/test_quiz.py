"""Quiz from Python: found, checked, kept, shown; and its JavaScript in node, held against Python's judging."""

import json
import random
import warnings
from itertools import permutations

import pytest
from displayed import words_of

from dlcourse import answers, course
from dlcourse.errors import CourseError
from dlcourse.questions import quiz_files, read_questions
from dlcourse.questions.kinds import Choice, Gap, Line, Lines, Mistake, Number, Option
from dlcourse.widgets import Quiz

COMMON = {"id": "a", "ask": "What?", "worked": "So."}
OPTIONS = tuple(Option(f"option {place}", f"It says {place}.", right=place in (1, 3)) for place in range(5))
ONE = Choice(**COMMON, options=OPTIONS[:3])
SEVERAL = Choice(**COMMON, options=OPTIONS, several=True)
NUMBER = Number(
    **COMMON, answer=0.25, tolerance=0.01, unit="m / s", otherwise="Hm.", mistakes=(Mistake(4, "Upside down."),)
)
PERCENT = Number(**COMMON, answer=50, unit="%", otherwise="Hm.")
GAP = Gap(**COMMON, code="a = ___", answers=("x['k']", "- y"), otherwise="Hm.", mistakes=(Mistake("+ y", "The sign."),))
LINES = Lines(
    **COMMON,
    lines=tuple(Line(code, f"{code}, early") for code in "abc"),
    distractors=(Line("d", "no d"), Line("e", "no e")),
)
ALL_BELONG = Lines(**COMMON, lines=LINES.lines)
IN_COURSE = [question for path in quiz_files(course.root() / "course") for question in read_questions(path)]


def quiz(name="loss-grows-faster"):
    return Quiz(name)


# --- Python ----------------------------------------------------------------------------------------------------------


def test_a_question_is_found_and_an_unknown_one_told():
    assert quiz().question.several is False
    with pytest.raises(CourseError, match=r"no question 'loss-grow-faster'\. Did you mean 'loss-grows-faster'\?"):
        Quiz("loss-grow-faster")


def test_a_question_beside_the_notebook_comes_first(tmp_path, monkeypatch):
    lines = ["- id: loss-grows-faster", "  kind: gap", "  ask: Mine?", "  worked: Yes.", "  code: a ___"]
    (tmp_path / "my.quiz.yaml").write_text("\n".join([*lines, "  answers: [b]", "  otherwise: No."]))
    monkeypatch.chdir(tmp_path)
    assert quiz().question.ask == "Mine?"


def test_an_answer_is_there_again_after_a_restart():
    first = quiz()
    first.answer = [1]
    first.tries = [[1]]
    assert (quiz().tries, quiz().answer, quiz().shown) == ([[1]], [1], False)
    first.tries = [[1], [2]]
    again = quiz()
    assert (again.tries, again.answer) == ([[1], [2]], [2])
    assert [each.right for each in answers.recall("loss-grows-faster").tries] == [False, None]
    again.reset()
    assert (again.tries, again.answer, again.shown) == ([], [], False)


def test_looking_at_a_question_again_is_no_answer():
    first = quiz()
    first.tries = [[2]]
    quiz(), quiz()
    assert len(answers.recall("loss-grows-faster").tries) == 1
    first.reset()
    assert len(answers.recall("loss-grows-faster").tries) == 1
    first.tries = [[2]]  # a go of another day
    assert [each.right for each in answers.recall("loss-grows-faster").tries] == [True, True]


def test_to_be_shown_the_answer_is_kept_too():
    first = quiz("how-many-digits")
    first.shown = True
    assert quiz("how-many-digits").shown
    assert answers.recall("how-many-digits").right is False


def test_what_is_only_chosen_is_not_kept():
    first = quiz()
    first.answer = [1]
    assert answers.recall("loss-grows-faster") is None


def test_a_broken_file_of_answers_leaves_the_question_unanswered():
    quiz().tries = [[2]]
    (path,) = answers.folder().iterdir()
    path.write_text("{")
    with pytest.warns(UserWarning, match="cannot be read"):
        assert quiz().tries == []


@pytest.mark.parametrize(
    ("name", "answer", "sentence"),
    [
        ("loss-grows-faster", [4], "is a list of options, counted from 0 to 3, but it is [4]"),
        ("loss-grows-faster", "a", "is a list of options"),
        ("loss-grows-faster", [True], "is a list of options"),
        ("loss-grows-faster", [0, 1], "has one answer, but there are 2"),
        ("how-many-digits", 1600, "is what one types, a text, but it is 1600"),
        ("one-step-of-descent", None, "is what one types"),
        ("split-and-check", [0, 1, 2], "is an order of all its lines, as in [3, 5, 1, 2, 6, 0, 4, 7]"),
    ],
)
def test_what_is_no_answer_is_told(name, answer, sentence):
    widget = quiz(name)
    with pytest.raises(CourseError) as told:
        widget.answer = answer
    assert sentence in str(told.value)
    with pytest.raises(CourseError) as told:
        widget.tries = [answer]
    assert sentence in str(told.value)
    assert widget.tries == []


def test_what_cannot_be_judged_cannot_be_tried():
    with pytest.raises(CourseError, match="'many' cannot be tried: “many” is no number"):
        quiz("how-many-digits").tries = ["many"]
    with pytest.raises(CourseError, match="has 2 tries, but here are 3"):
        quiz().tries = [[0], [1], [3]]


@pytest.mark.parametrize("question", IN_COURSE, ids=lambda question: question.id)
def test_what_is_stored_shows_the_question_and_tells_no_answer(question):
    blank = Quiz(question.id)
    before = words_of(blank), blank._still(blank._look()).png()
    assert question.ask.split("`")[0][:40].replace("*", "") in before[0]
    blank.tries, blank.shown = [question.solution], True
    answered = Quiz(question.id)
    assert (words_of(answered), answered._still(answered._look()).png()) == before
    for says in [question.worked, *(option.says for option in getattr(question, "options", ()))]:
        assert says[:30] not in before[0]


def test_the_still_shows_no_marks_of_code():
    asked = quiz("against-the-gradient")
    lines = asked._look()
    assert "`w`" in lines[0]
    assert asked._still(lines).png() == asked._still([line.replace("`", "") for line in lines]).png()


def test_each_form_is_written_in_plain_text():
    assert words_of(quiz()).endswith("○ Make the learning rate larger, so that it gets down sooner.")
    assert "□ its accuracy on" in words_of(quiz("what-tells-about-new-pictures"))
    assert words_of(quiz("how-many-digits")).endswith("\n______ digits")
    assert words_of(quiz("one-step-of-descent")).endswith("\n    w = w ______ derivative")
    assert words_of(quiz("split-and-check")).count("↕ ") == 7


# --- JavaScript ------------------------------------------------------------------------------------------------------

JUDGING = "quiz/judging.js"
JUDGE = "const why = unusable(...state); return why ? { why } : judge(...state);"


def held_against_python(in_node, cases):
    sent = [[json.loads(json.dumps(question.for_browser())), answer] for question, answer in cases]
    found = in_node({JUDGING: "judge, unusable"}, JUDGE, sent)
    for (question, answer), verdict in zip(cases, found, strict=True):
        if why := question.unusable(answer):
            assert verdict == {"why": why}, answer
            continue
        expected = question.judge(answer)
        remarks = [{"says": remark.says, "about": remark.about} for remark in expected.remarks]
        assert verdict == {"right": expected.right, "remarks": remarks}, answer


def subsets(count):
    return [[place for place in range(count) if bits >> place & 1] for bits in range(2**count)]


def test_choices_are_judged_as_in_python(in_node):
    cases = [(SEVERAL, answer) for answer in subsets(5)] + [(ONE, answer) for answer in ([], [0], [1], [2])]
    held_against_python(in_node, cases)


TYPED = (
    "0.25;0,25;.25;1/4;1 / 4 m/s;25 %;25%;4;−4;+4;1,600;1,600,000.5;1 600;0,125;12,34;3m/s;5.;x;1/0;1/2/3;1,2,3;inf;"
    "nan;0x10;1_0;1e;--1;1e999;m/s;/; ;;2.5e-1;2.5E-1;50;50 %;5e1;0.5;NaN;Infinity;0b1;1e5;٣;½"
).split(";")


def test_numbers_are_read_and_judged_as_in_python(in_node):
    held_against_python(in_node, [(question, text) for question in (NUMBER, PERCENT) for text in TYPED])


def test_whatever_is_typed_is_read_as_in_python(in_node):
    draw = random.Random(1)
    texts = ["".join(draw.choices("0123456789.,-+−/%e ms", k=draw.randint(1, 8))) for _ in range(3000)]
    readable = sum(NUMBER.read(text) is not None for text in texts)
    assert readable > 300
    held_against_python(in_node, [(NUMBER, text) for text in texts])


def test_gaps_are_judged_as_in_python(in_node):
    texts = ['x["k"]', " x [ 'k' ]", "-y", "+  y", "z", "", "  ", "\t-\u00a0y", "x['K']"]
    held_against_python(in_node, [(GAP, text) for text in texts])


def test_orders_are_judged_as_in_python(in_node):
    orders = [list(order) for order in permutations(range(6))]
    held_against_python(in_node, [(LINES, order) for order in orders])
    held_against_python(in_node, [(ALL_BELONG, list(order)) for order in permutations(range(3))])


def test_the_courses_own_questions_are_judged_as_in_python(in_node):
    cases = [(question, question.solution) for question in IN_COURSE]
    cases += [(question, [place]) for question in IN_COURSE for place in range(len(getattr(question, "options", ())))]
    for question in IN_COURSE:
        cases += [(question, str(mistake.value)) for mistake in getattr(question, "mistakes", ())]
    held_against_python(in_node, cases)


MARKUP = "return partsOf(state).map(({ kind, text }) => [kind, text]);"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("plain", [["text", "plain"]]),
        ("", []),
        ("a `b` c", [["text", "a "], ["code", "b"], ["text", " c"]]),
        ("*a* b", [["em", "a"], ["text", " b"]]),
        ("3 * 4 * 5", [["text", "3 * 4 * 5"]]),
        ("`a * b * c`", [["code", "a * b * c"]]),
        ("<b>&amp;", [["text", "<b>&amp;"]]),
        ("$x^2$", [["text", "$x^2$"]]),
        ("a ` b", [["text", "a ` b"]]),
        ("90 % of 3 × 4", [["text", "90\u00a0% of 3\u00a0×\u00a04"]]),
    ],
)
def test_the_little_markup_is_read(text, parts, in_node):
    assert in_node({"shared/js/markup.js": "partsOf"}, MARKUP, [text]) == [parts]


STATE = """
const view = viewOf(state, 2);
return { over: view.over, right: view.right, pending: view.pending, tried: view.tried, says: view.says,
  refusal: refusal(view), checked: checked(view).tries, standing: standing(view), headline: headline(view),
  answer: answerLine(view) };
"""


def view(in_node, question, answer, tries=(), shown=False):
    sent = json.loads(json.dumps(question.for_browser()))
    traits = {"_question": sent, "answer": answer, "tries": list(tries), "shown": shown}
    imports = {"quiz/state.js": "viewOf, refusal, checked", "quiz/words.js": "answerLine, headline, standing"}
    return in_node(imports, STATE, [traits])[0]


def test_before_the_first_try_nothing_is_said(in_node):
    found = view(in_node, ONE, [])
    assert (found["over"], found["headline"], found["says"], found["tried"]) == (False, "", [], [])
    assert found["refusal"] == "Choose one."
    assert found["standing"] == "Choose one, then press “Check”."
    assert view(in_node, ONE, [2])["standing"] == "Option 3 is chosen."
    assert view(in_node, ONE, [2])["checked"] == [[2]]


def test_after_a_wrong_try_there_is_a_second_but_not_the_same(in_node):
    found = view(in_node, ONE, [2], [[2]])
    assert (found["over"], found["headline"], found["tried"], found["says"]) == (False, "Not yet.", [2], [])
    assert found["refusal"].startswith("That is what you have tried already")
    assert found["standing"].startswith("You have a second try.")
    assert view(in_node, ONE, [0], [[2]])["refusal"] == ""
    assert view(in_node, ONE, [0], [[2]])["checked"] == [[2], [0]]


@pytest.mark.parametrize(
    ("tries", "shown", "headline", "says"),
    [
        ([[1]], False, "Right.", ["It says 0.", "", "It says 2."]),
        ([[2], [1]], False, "Right, at the second try.", ["It says 0.", "", "It says 2."]),
        ([[2], [0]], False, "Not that either.", ["", "It says 1.", "It says 2."]),
        ([[2]], True, "What you tried:", ["It says 0.", "It says 1.", ""]),
        ([], True, "", ["It says 0.", "It says 1.", "It says 2."]),
    ],
)
def test_at_the_end_every_option_is_explained(tries, shown, headline, says, in_node):
    found = view(in_node, ONE, tries[-1] if tries else [], tries, shown)
    assert (found["over"], found["headline"], found["says"], found["tried"]) == (True, headline, says, [])
    assert found["right"] == (tries[-1:] == [[1]])
    assert found["answer"] == ("" if found["right"] else "The right one is marked.")


@pytest.mark.parametrize(
    ("question", "line"),
    [
        (SEVERAL, "The right ones are marked."),
        (NUMBER, "The answer is 0.25 m / s."),
        (PERCENT, "The answer is 50 %."),
        (GAP, "In the gap: `x['k']`"),
        (LINES, "The lines stand in their right order now."),
    ],
)
def test_at_the_end_the_answer_is_told(question, line, in_node):
    assert view(in_node, question, question.blank, [], shown=True)["answer"] == line


def test_a_widget_that_begins_is_silent():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        quiz("split-and-check")
