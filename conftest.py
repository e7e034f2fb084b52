"""Lessons are tests, too: see tests/notebooks/stored_outputs.py."""

pytest_plugins = ["notebooks.stored_outputs"]
