"""The record of lesson 4.3 in short: what its benchmark starts answers the same requests; how fast is not asked."""

import importlib.util
from pathlib import Path

import httpx
import numpy as np
import pytest
from deploy.served import write

from dlcourse.deploy.manifest import Input

BENCHMARK = Path(__file__).parents[2] / "benchmarks/serving.py"


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location("serving_benchmark", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def probabilities(response):
    """What each of the two says of the one example that it was sent."""
    assert response.status_code == 200, response.text
    prediction = response.json()["predictions"][0]
    return prediction["probabilities"] if isinstance(prediction, dict) else prediction


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bare", "dlcourse serve"])
def test_a_shortened_part_of_the_record_comes_without_errors(benchmark, tmp_path, name):
    wanted = Input("input", benchmark.SHAPE, "float32", (0.0, 1.0), "grey")
    model = write(tmp_path, "digits.onnx", wanted, 10, "probabilities")
    pictures = model.examples(5)
    body = tmp_path / "body"
    body.write_bytes(pictures[0].tobytes())
    with benchmark.started(benchmark.services(model.path, tmp_path)[name]) as (process, port):
        service = benchmark.Running(name, process, port)
        benchmark.await_answer(service.address, body.read_bytes())
        for picture, right in zip(pictures, model.outputs(pictures), strict=True):
            headers = {"Content-Type": "application/octet-stream"}
            response = httpx.post(service.address, content=picture.tobytes(), headers=headers, timeout=60)
            assert np.allclose(probabilities(response), right, atol=1e-5)
        load = benchmark.ask(service.address, body, 1)
    assert load["errors"] == 0 < load["answers"]
