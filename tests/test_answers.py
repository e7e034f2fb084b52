"""What a learner answers is there again after a restart, and a mishap with a file costs one answer at most."""

import json
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dlcourse import answers

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
QUESTION = "How many weights? (γ ≥ 1)"


def only_file():
    (path,) = answers.folder().iterdir()
    return path


def test_nothing_is_known_of_a_question_that_was_never_answered():
    assert answers.recall(QUESTION) is None


def test_an_answer_and_its_history_are_there_again_in_another_process():
    answers.remember(QUESTION, {"value": 0.1, "of": ["π", None]}, right=False, now=NOON)
    answers.remember(QUESTION, [1, 3], right=True, now=NOON + timedelta(days=1))
    program = f"from dlcourse import answers; print(ascii(answers.recall({QUESTION!r})))"
    elsewhere = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    found = answers.recall(QUESTION)
    assert elsewhere.strip() == ascii(found)
    assert (found.answer, found.right, found.at) == ([1, 3], True, NOON + timedelta(days=1))
    assert found.tries == (answers.Try(NOON, False), answers.Try(NOON + timedelta(days=1), True))


def test_a_prediction_is_neither_right_nor_wrong():
    answers.remember(QUESTION, 3.5)
    assert answers.recall(QUESTION).right is None
    assert datetime.now(UTC) - answers.recall(QUESTION).at < timedelta(minutes=5)


def test_what_is_not_judged_leaves_the_verdict_before_it():
    answers.remember(QUESTION, [1], right=False)
    answers.remember(QUESTION, [1, 2])
    found = answers.recall(QUESTION)
    assert (found.answer, found.right, len(found.tries)) == ([1, 2], False, 2)


def test_each_question_has_a_file_of_its_own():
    for number, question in enumerate(["a", "b", "a/b", "../a", "A", "a" * 5000]):
        answers.remember(question, number)
    assert [answers.recall(question).answer for question in ["a", "b", "a/b", "../a", "A", "a" * 5000]] == [*range(6)]
    assert len(list(answers.folder().iterdir())) == 6


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "[]",
        '{"question": "How many weights? (γ ≥ 1)"}',
        json.dumps({"question": QUESTION, "answer": 1, "tries": []}),
        json.dumps({"question": "another", "answer": 1, "tries": [{"at": "2026-11-28T12:00:00+00:00", "right": True}]}),
        json.dumps({"question": QUESTION, "answer": 1, "tries": [{"at": "2026-11-28T12:00:00", "right": True}]}),
        json.dumps({"question": QUESTION, "answer": 1, "tries": [{"at": 7, "right": True}]}),
        json.dumps({"question": QUESTION, "answer": 1, "tries": [{"at": "2026-11-28T12:00:00+00:00", "right": "no"}]}),
    ],
)
def test_a_broken_file_is_told_in_a_sentence_and_counts_as_no_answer(broken):
    answers.remember(QUESTION, 1)
    path = only_file()
    path.write_text(broken, encoding="utf-8")
    with pytest.warns(UserWarning, match=r"cannot be read from .*Answer again, or delete the file\.") as told:
        assert answers.recall(QUESTION) is None
    assert str(path) in str(told[0].message)
    answers.remember(QUESTION, 2)
    assert answers.recall(QUESTION).answer == 2


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("DLCOURSE_ANSWERS", str(tmp_path / "file"))
    with pytest.warns(UserWarning, match=r"cannot be kept in .*set DLCOURSE_ANSWERS"):
        answers.remember(QUESTION, 1)


def test_what_json_cannot_hold_leaves_the_answer_before_it():
    answers.remember(QUESTION, 1)
    with pytest.raises(TypeError):
        answers.remember(QUESTION, {1, 2})
    assert answers.recall(QUESTION).answer == 1
    only_file()


def test_one_who_reads_while_others_write_never_meets_half_an_answer():
    answers.remember(QUESTION, "x" * 10_000)
    writers = [
        threading.Thread(target=lambda: [answers.remember(QUESTION, "x" * 10_000) for _ in range(20)]) for _ in range(2)
    ]
    for writer in writers:
        writer.start()
    for _ in range(100):
        assert answers.recall(QUESTION).answer == "x" * 10_000
    for writer in writers:
        writer.join()
    only_file()


def test_without_the_variable_the_answers_lie_where_the_system_keeps_a_users_data(tmp_path, monkeypatch):
    monkeypatch.delenv("DLCOURSE_ANSWERS")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert "dlcourse" in answers.folder().parts
    assert answers.folder().name == "answers"
    monkeypatch.setenv("DLCOURSE_ANSWERS", "~/mine")
    assert answers.folder() == Path.home() / "mine"
