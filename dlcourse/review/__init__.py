"""Review: questions that were answered wrong, or not yet, come back after days, on this machine alone.

`schedule` says when, `due` gathers what is due in the course, and `asking` asks it in a terminal.
"""

from dlcourse.review.asking import ask_all
from dlcourse.review.due import Due, due_line, due_now, next_date

__all__ = ["Due", "ask_all", "due_line", "due_now", "next_date"]
