"""Exercises: what their tests are made of, how they are released, and how a learner tries their own answers."""

from dlcourse.grading.agreement import agree
from dlcourse.grading.marks import Marks

__all__ = ["Marks", "agree"]
