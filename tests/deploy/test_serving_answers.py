"""The service's addresses: answers are the model's, counts are what happened, and refusals are sentences."""

import io
import json
import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
from deploy.running_service import client_of
from deploy.served import MODELS, grey, plain
from PIL import Image
from prometheus_client.parser import text_string_to_metric_families

from dlcourse.deploy.manifest import Reference, Spread, path_of
from dlcourse.deploy.serving import Limits, service
from dlcourse.deploy.serving.answering import Answerer
from dlcourse.deploy.serving.drift_monitor import FEWEST, LATEST, DriftMonitor
from dlcourse.errors import CourseError
from dlcourse.lens.drift import population_stability, shares

NPY = {"Content-Type": "application/x-npy"}
RAW = {"Content-Type": "application/octet-stream"}


def saved(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


@pytest.fixture(params=MODELS)
def served(request, tmp_path):
    return MODELS[request.param](tmp_path)


@pytest.fixture
def shapes(tmp_path):
    return grey(tmp_path)


@pytest.fixture
def ask(shapes):
    with client_of(shapes.path, Limits(bytes=5000, examples=20)) as client:
        yield client


def numbers(client):
    """The metrics by name and labels."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


def test_answers_are_the_models(served):
    examples = served.examples(4)
    expected = served.outputs(examples)
    with client_of(served.path) as client:
        replies = [
            client.post("/predict", json={"instances": examples.tolist()}),
            client.post("/predict", content=saved(examples), headers=NPY),
        ]
    for reply in replies:
        assert reply.status_code == 200
        predictions = reply.json()["predictions"]
        if served.manifest.output.kind == "numbers":
            np.testing.assert_allclose([each["values"] for each in predictions], expected, rtol=1e-5, atol=1e-6)
            continue
        if expected.shape[1] == 1:
            expected = np.hstack([1 - expected, expected])
        classes = served.manifest.classes or tuple("0123")
        assert tuple(reply.json()["classes"]) == classes
        np.testing.assert_allclose([each["probabilities"] for each in predictions], expected, atol=1e-5)
        assert [each["probability"] for each in predictions] == pytest.approx(expected.max(axis=1), abs=1e-5)
        assert [each["class"] for each in predictions] == [classes[place] for place in expected.argmax(axis=1)]


def test_every_form_of_the_same_pictures_gets_the_same_answer(ask, shapes):
    examples = shapes.examples(3)
    files = []
    for example in examples:
        file = io.BytesIO()
        Image.fromarray(example[..., 0].astype(np.uint8)).save(file, "PNG")
        files.append(("picture", ("a.png", file.getvalue())))
    replies = [
        ask.post("/predict", json={"instances": examples.tolist()}),
        ask.post("/predict", content=saved(examples), headers=NPY),
        ask.post("/predict", content=examples.astype("<f4").tobytes(), headers=RAW),
        ask.post("/predict?dtype=uint8", content=examples.astype(np.uint8).tobytes(), headers=RAW),
        ask.post("/predict", files=files),
    ]
    assert [reply.status_code for reply in replies] == [200] * 5
    assert len({reply.text for reply in replies}) == 1
    assert len(replies[0].json()["predictions"]) == 3


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        (
            {"content": b"{}", "headers": {"Content-Type": "text/plain"}},
            415,
            "application/json, application/octet-stream",
        ),
        ({"content": b"{}"}, 415, "Content-Type"),
        ({"content": bytes(5001), "headers": RAW}, 413, "more than 5,000 bytes"),
        ({"content": bytes(48 * 21), "headers": RAW}, 422, "21 examples"),
        ({"content": bytes(48), "headers": RAW, "params": {"dtype": "float64"}}, 422, "`dtype`"),
        ({"json": {"instances": [[1]]}}, 422, "shape (3, 4, 1)"),
        ({"content": b"{", "headers": {"Content-Type": "application/json; charset=utf-8"}}, 400, "no JSON"),
    ],
)
def test_what_cannot_be_answered_gets_a_sentence(ask, asked, status, words):
    reply = ask.post("/predict", **asked)
    assert reply.status_code == status
    assert list(reply.json()) == ["error"]
    assert words in reply.json()["error"]


def test_a_body_without_a_length_is_counted_as_it_comes(ask):
    reply = ask.post("/predict", content=(bytes(1000) for _ in range(6)), headers=RAW)
    assert reply.status_code == 413


def test_a_model_that_answers_infinity_gets_a_sentence(tmp_path):
    prices = plain(tmp_path)
    with client_of(prices.path) as client:
        reply = client.post("/predict", json={"instances": [(3e38 * np.sign(prices.weights[:, 0])).tolist()]})
    assert reply.status_code == 422
    assert "NaN or infinite" in reply.json()["error"]


def test_addresses_that_are_not_there_get_a_sentence(ask):
    for reply, status in [(ask.get("/nowhere"), 404), (ask.get("/predict"), 405), (ask.post("/health"), 405)]:
        assert reply.status_code == status
        assert "/predict (POST)" in reply.json()["error"]
    assert ask.get("/predict").headers["Allow"] == "POST"
    assert ask.get("/predict").json()["error"].startswith("This address takes POST: ")


def test_health_names_the_model(ask, shapes):
    assert ask.get("/health").json() == {"status": "ok", "model": "shapes.onnx", "sha256": shapes.manifest.sha256}


def test_metrics_say_what_happened(ask, shapes):
    for count in (1, 3):
        ask.post("/predict", content=shapes.examples(count).tobytes(), headers=RAW)
    ask.post("/predict", content=b"x", headers=RAW)
    found = numbers(ask)
    assert found["dlcourse_model_info", "shapes.onnx", shapes.manifest.sha256] == 1
    assert found["dlcourse_requests_total", "200"] == 2
    assert found["dlcourse_requests_total", "422"] == 1
    assert found["dlcourse_examples_total",] == 4
    assert found["dlcourse_in_flight",] == 0
    assert found["dlcourse_seconds_count",] == found["dlcourse_seconds_bucket", "+Inf"] == 3
    assert ("dlcourse_drift", "brightness") not in found


def test_drift_is_calm_on_a_fresh_sample_and_fires_in_the_dark(shapes):
    def drift(examples):
        with client_of(shapes.path) as client:
            for part in np.split(examples, 10):
                assert client.post("/predict", content=part.tobytes(), headers=RAW).status_code == 200
            found = numbers(client)
        return found["dlcourse_drift", "brightness"], found["dlcourse_drift", "confidence"]

    fresh = shapes.examples(500, seed=5)
    assert max(drift(fresh)) < 0.2
    assert drift(np.float32(fresh * 0.6))[0] > 1


def test_the_monitor_counts_the_latest_as_the_lens_does():
    spread = Spread((0.2, 0.5, 0.5), (0.1, 0.4, 0.3, 0.2))
    values = np.random.default_rng(2).choice([0.1, 0.2, 0.3, 0.5, 0.9], LATEST + 70).tolist()
    monitor = DriftMonitor(Reference(spread, None))
    monitor.observe(brightness=values[: FEWEST - 1])
    assert monitor.stability() == {}
    monitor.observe(brightness=values[FEWEST - 1 :], confidence=[0.1])
    expected = population_stability(spread.shares, shares(values[-LATEST:], spread.edges))
    assert monitor.stability() == {"brightness": pytest.approx(expected)}


def test_who_comes_when_the_queue_is_full_is_asked_to_come_again(shapes, monkeypatch):
    entered, free = threading.Semaphore(0), threading.Event()
    outputs = Answerer.outputs

    def held(self, examples):
        entered.release()
        assert free.wait(60)
        return outputs(self, examples)

    monkeypatch.setattr(Answerer, "seconds", lambda self: 1.0)  # what is quick would be answered on the event loop
    monkeypatch.setattr(Answerer, "outputs", held)
    body = shapes.examples(1).tobytes()
    statuses = []
    with client_of(shapes.path, Limits(queue=1)) as client:
        waiting = threading.Thread(
            target=lambda: statuses.append(client.post("/predict", content=body, headers=RAW).status_code)
        )
        waiting.start()
        assert entered.acquire(timeout=60)
        refused = client.post("/predict", content=body, headers=RAW)
        assert client.get("/health").status_code == 200
        assert numbers(client)["dlcourse_in_flight",] == 1
        free.set()
        waiting.join()
        assert client.post("/predict", content=body, headers=RAW).status_code == 200
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "1"
    assert statuses == [200]


def test_what_is_no_pictures_model_takes_no_form(tmp_path):
    with client_of(plain(tmp_path).path) as client:
        assert client.post("/predict", files={"picture": b"x"}).status_code == 415
        assert "multipart/form-data" not in client.get("/openapi.json").text


def test_a_model_that_is_not_the_manifests_is_not_served(shapes):
    with shapes.path.open("ab") as file:
        file.write(b"\x00")
    with pytest.raises(CourseError, match="is not the model that"):
        service(shapes.path)


def test_a_model_in_another_format_is_not_served(shapes):
    text = replace(shapes.manifest, format="litert").to_json()
    path_of(shapes.path).write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=r"has the format 'litert', but the service runs ONNX.*ends in \.onnx"):
        service(shapes.path)


@pytest.mark.parametrize("name", ["bytes", "examples", "pixels", "seconds", "queue", "memory"])
def test_a_limit_that_lets_nothing_through_is_refused(name):
    with pytest.raises(CourseError, match=f"`{name}` is 0"):
        Limits(**{name: 0})


@pytest.mark.parametrize("address", ["/", "/docs"])
def test_pages_know_the_model_and_load_nothing_from_elsewhere(ask, address):
    reply = ask.get(address)
    assert reply.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    known = reply.text.partition('id="model">')[2].partition("</script>")[0]
    assert json.loads(known)["classes"] == ["circle", "square", "<star>"]
    assert "//" not in reply.text.replace("http://www.w3.org", "")


def test_serving_loads_no_network_library():
    program = "import sys, dlcourse.deploy.serving.app, dlcourse.deploy.serving.starting; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"tensorflow", "keras", "tf2onnx", "matplotlib"} & set(loaded)
