"""The same weights, the same lenses, three backends: the same numbers.

Where a backend is not installed its comparison is skipped; CI installs both.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

_PROGRAM = Path(__file__).with_name("backend_numbers.py")
_QUICK = {"TF_CPP_MIN_LOG_LEVEL": "3", "XLA_FLAGS": "--xla_backend_optimization_level=0"}  # JAX compiles in a third


def numbers(backend, folder):
    path = folder / f"{backend}.npz"
    environment = os.environ | _QUICK | {"KERAS_BACKEND": backend}
    subprocess.run([sys.executable, str(_PROGRAM), str(path)], env=environment, check=True)
    with np.load(path) as file:
        return {name: file[name] for name in file.files}


@pytest.fixture(scope="module")
def on_tensorflow(tmp_path_factory):
    return numbers("tensorflow", tmp_path_factory.mktemp("tensorflow"))


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_a_backend_gives_the_numbers_of_tensorflow(backend, on_tensorflow, tmp_path):
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    computed = numbers(backend, tmp_path)
    assert computed.keys() == on_tensorflow.keys()
    for name, expected in on_tensorflow.items():
        np.testing.assert_allclose(computed[name], expected, rtol=1e-4, atol=1e-4, err_msg=name)
        assert np.abs(expected).max() > 1e-3, f"{name} is nearly nothing, so equality says nothing"
