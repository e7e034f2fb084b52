"""Warnings of the libraries below, which no test here can mend."""

from pathlib import Path

import pytest

# TensorFlow 2.21, PyTorch 2.13 and Keras 3.15 under NumPy 2.4, when a variable or tensor becomes an array
_OUTDATED = (
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning",
    "ignore:__array_wrap__ must accept context:DeprecationWarning",
)


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for warning in _OUTDATED:
                item.add_marker(pytest.mark.filterwarnings(warning))
