"""What lesson 4.3 tells of ways to serve comes out again where two of them are asked for a moment."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers
from notebooks.scripts import benchmark

from dlcourse.deploy import export

ROOT = Path(__file__).parents[2]
RECORD = json.loads((ROOT / "course/04_augmentation_deployment/records/serving.json").read_text(encoding="utf-8"))
SECONDS = 0.3


def run(coroutine):
    """In a thread of its own: in a worker that has driven a browser, a loop is running already."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, coroutine).result()


@pytest.fixture(scope="module")
def script():
    return benchmark("serving")


def test_the_record_is_whole_and_passes_the_scripts_own_verdict(script):
    rows = {row["service"]: script.Row(**row) for row in RECORD["rows"]}
    assert set(rows) == {"bare", "dlcourse serve", "mosec"}
    assert RECORD["seconds"] >= 60
    assert script.verdict(rows) == 0


@pytest.mark.slow
def test_two_services_answer_all_and_ours_loses_none_at_its_end(script, tmp_path):
    model = keras.Sequential([keras.Input(script.SHAPE), layers.Flatten(), layers.Dense(10, "softmax")])
    examples = np.random.default_rng(0).uniform(0, 1, (100, *script.SHAPE)).astype("float32")
    path = tmp_path / "dense.onnx"
    export(model, path, examples=examples)
    body = examples[0].tobytes()
    commands = script.services(path, tmp_path)
    with script.started(commands["bare"]) as (_, bare), script.started(commands["dlcourse serve"]) as (process, ours):
        for port in (bare, ours):
            address = f"http://127.0.0.1:{port}/predict"
            script.await_answer(address, body)
            found = run(script.ask_with_asyncio(address, body, SECONDS))
            assert found["answers"] > 0
            assert found["errors"] == 0
        assert run(script.end_under_load(process, ours, "predict", body)) == 0
        assert process.wait(30) == 0
