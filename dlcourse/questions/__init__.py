"""The questions of the course: what stands in the `.quiz.yaml` files beside the lessons, and how an answer is judged.

`reading` says what such a file holds and refuses what a learner would stumble over, `kinds` has the five kinds of
questions and judges answers (as the widget `Quiz` does in the browser), `finding` looks a question up, and `sitting` is
what is kept of one go at a question.
"""

from dlcourse.questions.finding import find, quiz_files
from dlcourse.questions.kinds import Choice, Gap, Lines, Number, Question, Remark, Verdict
from dlcourse.questions.reading import read_questions
from dlcourse.questions.sitting import MOST_TRIES, Sitting, fingerprint, recall_sitting

__all__ = [
    "MOST_TRIES",
    "Choice",
    "Gap",
    "Lines",
    "Number",
    "Question",
    "Remark",
    "Sitting",
    "Verdict",
    "find",
    "fingerprint",
    "quiz_files",
    "read_questions",
    "recall_sitting",
]
