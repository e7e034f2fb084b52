"""A service beside a notebook: it answers, it ends when it should, and says why it cannot begin."""

import subprocess
import sys

import httpx
import numpy as np
import psutil
import pytest
from deploy.served import grey

from dlcourse.deploy.background import in_background
from dlcourse.errors import CourseError

PATIENCE = 60

WHO_STARTS_IT = """
import sys
from dlcourse.deploy.background import in_background

service = in_background(sys.argv[1])
print(service.address, flush=True)
sys.stdin.readline()
"""


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    return grey(tmp_path_factory.mktemp("served"))


@pytest.mark.slow
def test_it_answers_as_the_model_does_and_ends_with_the_with(shapes):
    examples = shapes.examples(3)
    with in_background(shapes.path) as service:
        answer = httpx.post(f"{service.address}/predict", json={"instances": examples.tolist()}, timeout=PATIENCE)
        assert repr(service) == f"shapes.onnx answers at {service.address}"
        assert f'href="{service.address}"' in service._repr_html_()
    found = [prediction["probabilities"] for prediction in answer.json()["predictions"]]
    np.testing.assert_allclose(found, shapes.outputs(examples), atol=1e-5)
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{service.address}/health", timeout=PATIENCE)
    service.stop()  # once more does no harm


@pytest.mark.slow
@pytest.mark.parametrize("end", ["in good order", "killed"])
def test_it_goes_with_the_process_that_started_it(shapes, end):
    command = [sys.executable, "-c", WHO_STARTS_IT, str(shapes.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as starter:
        address = starter.stdout.readline().strip()
        (service,) = psutil.Process(starter.pid).children()
        assert httpx.get(f"{address}/health", timeout=PATIENCE).status_code == 200
        if end == "killed":
            starter.kill()
        else:
            starter.stdin.write("\n")
    service.wait(PATIENCE)  # raises if it is still there


def test_why_it_cannot_begin_is_told(tmp_path):
    with pytest.raises(CourseError, match=r"There is no model .*nobody\.onnx"):
        in_background(tmp_path / "nobody.onnx")
