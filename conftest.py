"""Lessons are tests, too (tests/notebooks/stored_outputs.py), so what holds for all tests is set up here."""

pytest_plugins = ["folders", "time_spent", "notebooks.stored_outputs"]
