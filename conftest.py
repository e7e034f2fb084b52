"""What all tests share: lessons are tests, too (tests/notebooks/stored_outputs.py), and their kernels are forked."""

import os
import tempfile

from jupyter_client.provisioning import KernelProvisionerFactory

from dlcourse.grading import forked_kernel

pytest_plugins = ["folders", "time_spent", "notebooks.stored_outputs", "exercises.tried"]

_ANSWERS = tempfile.TemporaryDirectory(prefix="dlcourse-answers-")
os.environ["DLCOURSE_ANSWERS"] = _ANSWERS.name  # a lesson under test knows nothing of what this machine's learner said

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # as in the kernels of `dlcourse lab`, and for all kernels the same


def pytest_configure(config):
    """Fork kernels, but where the map learns what a lesson takes: there a kernel imports Keras itself."""
    if not config.option.measure:
        KernelProvisionerFactory.instance().default_provisioner_name = forked_kernel.NAME
