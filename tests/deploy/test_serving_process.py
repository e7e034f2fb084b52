"""The service as a process: those who send slowly, wrongly or too much, and its end under load."""

import http.client
import signal
import struct
import threading
import zlib

import httpx
import psutil
import pytest
from click.testing import CliRunner
from deploy.running_service import PATIENCE, rest, running
from deploy.served import grey

from dlcourse import cli
from dlcourse.deploy.serving import Limits
from dlcourse.deploy.serving.connections import PatientServer
from dlcourse.deploy.serving.starting import serve

pytestmark = pytest.mark.slow

RAW = {"Content-Type": "application/octet-stream"}
FORM = b'--b\r\nContent-Disposition: form-data; name="picture"; filename="a"\r\n\r\n'
HEAD = b"POST /predict HTTP/1.1\r\nHost: here\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n"


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    return grey(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="module")
def service(shapes):
    with running(shapes.path, "--seconds", "1") as service:
        yield service


@pytest.fixture(autouse=True)
def still_alive(request):
    yield
    if "service" in request.fixturenames:
        address = request.getfixturevalue("service").address
        assert httpx.get(f"{address}/health", timeout=PATIENCE).json()["status"] == "ok"


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        (HEAD % 48 + bytes(20), b"HTTP/1.1 408 Request Timeout"),
        (HEAD % 10**12 + bytes(20), b"HTTP/1.1 413 "),
        (HEAD % 48 + bytes(48) + b"POST /pre", b"HTTP/1.1 200 OK"),
        (b"POST /pre", b""),
        (b"", b""),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"HTTP/1.1 400 Bad Request"),
        (b"GET / HTTP/1.1\r\nX: ".ljust(2**16 + 1, b"y"), b"HTTP/1.1 400 Bad Request"),
        (HEAD.replace(b"%d", b"-1"), b"HTTP/1.1 400 Bad Request"),
    ],
    ids=["slow body", "claims a terabyte", "then silence", "slow headers", "silence", "no HTTP", "headers", "negative"],
)
def test_who_does_not_go_on_is_answered_and_let_go(service, sent, answer):
    received = rest(service.connect(sent))  # ends only when the service has closed the connection
    assert received.startswith(answer)
    assert bool(received) == bool(answer)


def png_header(width, height):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", 10) + b"IDAT" + bytes(14)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"files": {"picture": png_header(50_000, 50_000)}}, 413),
        ({"files": {"picture": b"PK\x03\x04" + bytes(100_000)}}, 422),
        ({"content": b'{"instances": ' + b"[" * 1_000_000, "headers": {"Content-Type": "application/json"}}, 400),
        ({"content": b'{"instances": [[NaN]]}', "headers": {"Content-Type": "application/json"}}, 422),
        ({"content": bytes(9_000_000), "headers": RAW}, 413),
        ({"content": (bytes(1_000_000) for _ in range(20)), "headers": RAW}, 413),
        ({"content": FORM + b"\r" * 8_000_000, "headers": {"Content-Type": "multipart/form-data; boundary=b"}}, 422),
        ({"content": b"\x00", "headers": {"Content-Type": "application/zip"}}, 415),
    ],
    ids=["bomb", "zip", "deep JSON", "NaN", "large", "large in parts", "form of nothing", "type"],
)
def test_an_upload_that_means_harm_gets_a_status_and_takes_no_memory(service, asked, status):
    process = psutil.Process(service.process.pid)
    before = process.memory_info().rss
    reply = httpx.post(f"{service.address}/predict", timeout=PATIENCE, **asked)
    assert reply.status_code == status
    assert reply.json()["error"].endswith(".")
    assert process.memory_info().rss - before < 100e6


def answers_health(service):
    try:
        return httpx.get(f"{service.address}/health", timeout=PATIENCE).is_success
    except httpx.TransportError:
        return False


def test_what_was_accepted_is_answered_after_the_signal_to_end(shapes):
    example = shapes.examples(1).tobytes()
    with running(shapes.path, "--seconds", "60") as service:
        begun = [service.connect(HEAD % 48, example[:20]) for _ in range(20)]
        metrics = ""
        while "dlcourse_in_flight 20\n" not in metrics:
            metrics = httpx.get(f"{service.address}/metrics", timeout=PATIENCE).text
        service.process.send_signal(signal.SIGTERM)
        while answers_health(service):
            pass
        for connection in begun:
            connection.sendall(example[20:])
        answers = [rest(connection) for connection in begun]
        code, printed = service.ended()
    assert [answer.startswith(b"HTTP/1.1 200 OK") for answer in answers] == [True] * 20
    assert all(b"\r\nconnection: close\r\n" in answer for answer in answers)
    assert code == 0
    assert printed == "Stopped; every request that was accepted has its answer.\n"


def test_the_end_under_load_loses_no_request(shapes):
    """A client that keeps its connection hears which answer is the last, and a new connection is refused."""
    example = shapes.examples(1).tobytes()
    enough = threading.Semaphore(0)
    lost = []

    def client():
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE)
            try:
                connection.connect()
            except OSError:
                return  # nobody listens any more
            is_last = False
            while not is_last:
                try:
                    connection.request("POST", "/predict", example, RAW)
                    answer = connection.getresponse()
                    status, body, is_last = answer.status, answer.read(), answer.will_close
                except (OSError, http.client.HTTPException) as error:
                    lost.append(repr(error))
                    break
                if status != 200 or not body.endswith(b"}"):
                    lost.append(status)
                enough.release()

    with running(shapes.path) as service:
        clients = [threading.Thread(target=client) for _ in range(8)]
        for each in clients:
            each.start()
        for _ in range(300):
            assert enough.acquire(timeout=PATIENCE)
        code, _ = service.stop()
        for each in clients:
            each.join(PATIENCE)
    assert code == 0
    assert lost == []


def test_a_port_that_is_taken_and_a_model_that_is_none_are_told_in_a_sentence(service, shapes, tmp_path):
    taken = CliRunner().invoke(cli.main, ["serve", str(shapes.path), "--port", str(service.port)])
    assert taken.exit_code == 1
    assert f"Nobody can listen at 127.0.0.1, port {service.port}" in taken.output
    missing = CliRunner().invoke(cli.main, ["serve", str(tmp_path / "none.onnx")])
    assert missing.exit_code == 1
    assert missing.output.startswith("Error: There is no model")


def test_who_opens_it_to_others_reads_what_that_means(shapes, monkeypatch):
    monkeypatch.setattr(PatientServer, "run", lambda self, sockets: None)
    for host, notes in [("0.0.0.0", 1), ("localhost", 0)]:
        said = []
        serve(shapes.path, host=host, port=0, limits=Limits(), say=said.append)
        assert sum("every machine that reaches this one can ask" in line for line in said) == notes
