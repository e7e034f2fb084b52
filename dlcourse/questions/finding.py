"""Where a question stands: in the working folder's files first, then in the course's."""

from difflib import get_close_matches
from pathlib import Path

from dlcourse.errors import CourseError, unknown
from dlcourse.questions.kinds import Question
from dlcourse.questions.reading import read_questions

PATTERN = "*.quiz.yaml"
_NEAREST = 12  # of the course's hundreds of ids, those that a sentence names


def quiz_files(course_folder: Path) -> list[Path]:
    """The files of questions that lie beside the course's lessons, in the order of the lessons."""
    return sorted(course_folder.glob(f"*/{PATTERN}"))


def find(question: str, working_folder: Path, course_folder: Path | None = None) -> Question:
    """The question of that id, from a file in the working folder or beside one of the course's lessons.

    Raises:
        CourseError: There is none; the nearest ids are named.

    Example:
        >>> find("steps-in-three-epochs", Path.cwd(), Path("course")).kind
        'number'
    """
    met: list[str] = []
    files = [*sorted(working_folder.glob(PATTERN)), *(quiz_files(course_folder) if course_folder else [])]
    for path in files:
        for found in read_questions(path):
            if found.id == question:
                return found
            met.append(found.id)
    if not met:
        raise CourseError(
            f"There is no question {question!r}: no file NAME.quiz.yaml lies in {working_folder}, and there is no "
            "course around it. Open the notebook in its own folder."
        )
    raise unknown("question", question, get_close_matches(question, met, n=_NEAREST, cutoff=0))
