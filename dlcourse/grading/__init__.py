"""Exercises and checks: what tests are made of, how sets are released, and what a learner is told at once."""

from dlcourse.grading.agreement import agree
from dlcourse.grading.instant import Verdict, check
from dlcourse.grading.marks import Marks

__all__ = ["Marks", "Verdict", "agree", "check"]
