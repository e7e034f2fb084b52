"""The record of lesson 4.3 in short: what the benchmark starts answers the same requests, and how fast is not asked."""

import importlib.util
from pathlib import Path

import httpx
import keras
import numpy as np
import pytest

from dlcourse.deploy import export

BENCHMARK = Path(__file__).parents[2] / "benchmarks/serving.py"


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location("serving_benchmark", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_the_service_and_the_bare_one_answer_the_same_requests(benchmark, tmp_path):
    model = keras.Sequential(
        [keras.Input(benchmark.SHAPE), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")], name="short"
    )
    pictures = np.random.default_rng(0).uniform(0, 1, (20, *benchmark.SHAPE)).astype("float32")
    path = tmp_path / "short.onnx"
    export(model, path, examples=pictures)
    body = tmp_path / "body"
    body.write_bytes(pictures[0].tobytes())
    expected = model.predict(pictures, verbose=0)
    commands = benchmark.services(path, tmp_path)
    for name in ("bare", "dlcourse serve"):
        with benchmark.started(commands[name]) as (process, port):
            service = benchmark.Running(name, process, port)
            benchmark.await_answer(service.address, body.read_bytes())
            for picture, right in zip(pictures, expected, strict=True):
                answer = httpx.post(
                    service.address,
                    content=picture.tobytes(),
                    headers={"Content-Type": "application/octet-stream"},
                )
                prediction = answer.json()["predictions"][0]
                found = prediction["probabilities"] if isinstance(prediction, dict) else prediction
                assert np.allclose(found, right, atol=1e-5), name
            load = benchmark.ask(service.address, body, 1)
            assert load["errors"] == 0 < load["answers"], name
