"""What the service costs beside a bare one: answers a second, milliseconds, memory, and whether its end loses any.

    python benchmarks/serving.py
    python benchmarks/serving.py --seconds 10 --json course/04_augmentation_deployment/records/serving.json

One small convolutional network (28 x 28, 421,576 weights) behind Starlette and onnxruntime with nothing else (`bare`),
behind `dlcourse serve` with all its checks, and behind mosec where it is installed. Each is asked by 32 clients that
send one picture as float32 and wait for the answer; wrk sends where it is installed, else a client of asyncio does,
which takes more of the processor for itself. Memory is that of the process and its children, before and after. Then
each is ended by SIGTERM while 32 clients ask: a request is lost where it was sent on an open connection and no whole
answer came.

Ends with 1 where `dlcourse serve` answers fewer than 0.9 of the bare one's requests, or with an error, or 95 % of them
not within 50 ms, or grows by more than 10 MB, or loses a request at its end.
"""

import argparse
import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path

import httpx
import numpy as np
import psutil

CLIENTS = 32
ROUNDS = 4  # each service is asked so many times, in turn, so that a busy minute of the machine meets all of them
SHAPE = (28, 28, 1)

BARE = """
import sys

import numpy as np
import onnxruntime
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

settings = onnxruntime.SessionOptions()
settings.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.argv[1], settings)
name = session.get_inputs()[0].name


async def predict(request):
    pictures = np.frombuffer(await request.body(), np.float32).reshape(-1, 28, 28, 1)
    return JSONResponse({"predictions": session.run(None, {name: pictures})[0].tolist()})


application = Starlette(routes=[Route("/predict", predict, methods=["POST"])])
uvicorn.run(application, host="127.0.0.1", port=int(sys.argv[2]), log_level="error", access_log=False)
"""

MOSEC = """
import numpy as np
import onnxruntime
from mosec import Server, Worker


class Predict(Worker):
    def __init__(self):
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(MODEL, settings)
        self.name = self.session.get_inputs()[0].name

    def deserialize(self, data):
        return np.frombuffer(data, np.float32).reshape(28, 28, 1)

    def forward(self, pictures):
        return [{"predictions": row} for row in self.session.run(None, {self.name: np.stack(pictures)})[0].tolist()]


if __name__ == "__main__":
    server = Server()
    server.append_worker(Predict, num=1, max_batch_size=32, max_wait_time=1)
    server.run()
"""

# what wrk runs: the request, and at the end what it found
WRK = """
local file = io.open("{body}", "rb")
wrk.method, wrk.body = "POST", file:read("*a")
wrk.headers["Content-Type"] = "application/octet-stream"
file:close()
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\\nRESULT {{"answers": %d, "seconds": %f, "p50": %f, "p95": %f, "p99": %f, "errors": %d}}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3,
    latency:percentile(99) / 1e3, errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


@dataclass
class Row:
    """What one service did."""

    service: str
    rate: float  # answers a second
    p50: float  # milliseconds
    p95: float
    p99: float
    errors: int
    processor: float  # milliseconds of processor time for an answer
    megabytes_before: float
    megabytes_after: float
    lost: int = 0  # requests that its end lost
    exit_code: int | None = None


def main() -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=60, help="how long each service is asked (60)")
    options.add_argument("--model", type=Path, help="another exported ONNX file of pictures of 28 x 28")
    options.add_argument("--only", nargs="+", choices=["bare", "dlcourse serve", "mosec"], help="only these")
    options.add_argument("--json", type=Path, help="also write the table to this file")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = chosen.model or small_network(Path(folder))
        body = Path(folder, "body")
        body.write_bytes(np.random.default_rng(1).uniform(0, 1, SHAPE).astype("<f4").tobytes())
        commands = services(path, Path(folder))
        rows = measure({name: commands[name] for name in chosen.only or commands}, body, chosen.seconds)
        print_table(rows)
    if chosen.json:
        about = {
            "clients": CLIENTS,
            "seconds": chosen.seconds,
            "cores": os.cpu_count(),
            "client": "wrk" if shutil.which("wrk") else "asyncio",
        }
        chosen.json.write_text(json.dumps({**about, "rows": [asdict(row) for row in rows]}, indent=1) + "\n")
    return verdict({row.service: row for row in rows})


def small_network(folder: Path) -> Path:
    """A network of two convolutions, exported."""
    import keras
    from keras import layers

    from dlcourse.deploy import export

    keras.utils.set_random_seed(1)
    steps = [
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(250, "relu"),
        layers.Dense(10, "softmax"),
    ]
    model = keras.Sequential([keras.Input(SHAPE), *steps])
    examples = np.random.default_rng(0).uniform(0, 1, (200, *SHAPE)).astype("float32")
    export(model, folder / "small.onnx", examples=examples)
    return folder / "small.onnx"


def services(path: Path, folder: Path) -> dict[str, list[str]]:
    """How each is started; the port comes last."""
    scripts = {"bare": BARE, "mosec": MOSEC.replace("MODEL", repr(str(path)))}
    for name, program in scripts.items():
        (folder / f"{name}_service.py").write_text(program, encoding="utf-8")
    found = {
        "bare": [sys.executable, str(folder / "bare_service.py"), str(path)],
        "dlcourse serve": [sys.executable, "-m", "dlcourse", "serve", str(path), "--port"],
    }
    if find_spec("mosec"):
        options = ["--address", "127.0.0.1", "--log-level", "error", "--port"]
        found["mosec"] = [sys.executable, str(folder / "mosec_service.py"), *options]
    return found


def measure(commands: dict[str, list[str]], body: Path, seconds: float) -> list[Row]:
    """Start all, ask each in turn, several times, and end one after the other."""
    with ExitStack() as stack:
        running = {name: Running(name, *stack.enter_context(started(command))) for name, command in commands.items()}
        for each in running.values():
            await_answer(each.address, body.read_bytes())
            ask(each.address, body, 3)  # whatever is made once is made now
            each.megabytes = megabytes(each.process)
        for _ in range(ROUNDS):
            for each in running.values():
                used = processor_seconds(each.process)
                each.found.append(ask(each.address, body, seconds / ROUNDS))
                each.used += processor_seconds(each.process) - used
        return [each.row(body.read_bytes()) for each in running.values()]


@dataclass
class Running:
    """A service that runs, and what was found so far."""

    name: str
    process: subprocess.Popen
    port: int
    found: list[dict[str, float]] = field(default_factory=list)
    used: float = 0  # seconds of processor time
    megabytes: float = 0

    @property
    def path(self) -> str:
        """Where it is asked."""
        return "inference" if self.name == "mosec" else "predict"

    @property
    def address(self) -> str:
        """The same as a whole."""
        return f"http://127.0.0.1:{self.port}/{self.path}"

    def row(self, body: bytes) -> Row:
        """All that was found, and how it ends; percentiles are the mean of the rounds'."""
        answers = sum(each["answers"] for each in self.found)
        row = Row(
            service=self.name,
            rate=answers / sum(each["seconds"] for each in self.found),
            **{key: float(np.mean([each[key] for each in self.found])) for key in ("p50", "p95", "p99")},
            errors=int(sum(each["errors"] for each in self.found)),
            processor=1e3 * self.used / answers,
            megabytes_before=self.megabytes,
            megabytes_after=megabytes(self.process),
        )
        row.lost = asyncio.run(end_under_load(self.process, self.port, self.path, body))
        with suppress(subprocess.TimeoutExpired):
            row.exit_code = self.process.wait(30)
        return row


@contextmanager
def started(command: list[str]) -> Iterator[tuple[subprocess.Popen, int]]:
    """The process of a service, and its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([*command, str(port)], stdout=subprocess.DEVNULL)
    try:
        yield process, port
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def await_answer(address: str, body: bytes) -> None:
    """Ask until the first answer comes."""
    latest = time.monotonic() + 60
    while time.monotonic() < latest:
        with suppress(httpx.TransportError):
            if httpx.post(address, content=body, headers={"Content-Type": "application/octet-stream"}).is_success:
                return
        time.sleep(0.2)
    raise SystemExit(f"{address} does not answer.")


def ask(address: str, body: Path, seconds: float) -> dict[str, float]:
    """What 32 clients find who ask for so many seconds."""
    if not shutil.which("wrk"):
        return asyncio.run(ask_with_asyncio(address, body.read_bytes(), seconds))
    script = body.with_suffix(".lua")
    script.write_text(WRK.format(body=body), encoding="utf-8")
    command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{max(1, round(seconds))}s", "-s", str(script), address]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return json.loads(printed.partition("RESULT ")[2])


async def ask_with_asyncio(address: str, body: bytes, seconds: float) -> dict[str, float]:
    """The same without wrk."""
    host, _, path = address.removeprefix("http://").partition("/")
    request = http_request(path, body)
    times: list[float] = []
    errors = 0
    latest = time.perf_counter() + seconds

    async def client() -> None:
        nonlocal errors
        reader, writer = await asyncio.open_connection("127.0.0.1", int(host.partition(":")[2]))
        while (start := time.perf_counter()) < latest:
            writer.write(request)
            status, _ = await http_answer(reader)
            errors += status != 200
            times.append(1e3 * (time.perf_counter() - start))
        writer.close()

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    return {"answers": len(times), "seconds": seconds, "p50": p50, "p95": p95, "p99": p99, "errors": errors}


async def end_under_load(process: subprocess.Popen, port: int, path: str, body: bytes) -> int:
    """How many requests are lost when the service is told to end while 32 clients ask."""
    request = http_request(path, body)
    lost = 0

    async def client() -> None:
        nonlocal lost
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                return  # nobody listens any more
            is_last = False
            while not is_last:
                try:
                    writer.write(request)
                    status, is_last = await http_answer(reader)
                    lost += status != 200
                except (OSError, asyncio.IncompleteReadError):
                    lost += 1
                    break
            writer.close()

    clients = [asyncio.create_task(client()) for _ in range(CLIENTS)]
    await asyncio.sleep(2)
    process.terminate()
    await asyncio.wait_for(asyncio.gather(*clients), 60)
    return lost


def http_request(path: str, body: bytes) -> bytes:
    """A request as it goes over the wire."""
    head = f"POST /{path} HTTP/1.1\r\nHost: here\r\nContent-Type: application/octet-stream\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def http_answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """Status of an answer, and whether it is the connection's last."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1]), b"\r\nconnection: close" in head


def megabytes(process: subprocess.Popen) -> float:
    """What the process and its children hold."""
    return sum(each.memory_info().rss for each in family(process)) / 1e6


def processor_seconds(process: subprocess.Popen) -> float:
    """How long they have computed."""
    return sum(sum(each.cpu_times()[:2]) for each in family(process))


def family(process: subprocess.Popen) -> list[psutil.Process]:
    """A process and its children."""
    parent = psutil.Process(process.pid)
    return [parent, *parent.children(recursive=True)]


def print_table(rows: list[Row]) -> None:
    """The table."""
    print(
        f"{'':15} answers/s  p50 ms  p95 ms  p99 ms  errors  processor ms  MB before  MB after  "
        "lost at the end  exit code"
    )
    for row in rows:
        print(
            f"{row.service:15} {row.rate:9,.0f} {row.p50:7.1f} {row.p95:7.1f} {row.p99:7.1f} {row.errors:7} "
            f"{row.processor:13.2f} {row.megabytes_before:10.0f} {row.megabytes_after:9.0f} "
            f"{row.lost:16} {row.exit_code!s:>10}",
        )


def verdict(rows: dict[str, Row]) -> int:
    """0 where the service keeps what it promises."""
    if "dlcourse serve" not in rows:
        return 0
    ours = rows["dlcourse serve"]
    missed = [
        sentence
        for is_missed, sentence in [
            ("bare" in rows and ours.rate < 0.9 * rows["bare"].rate, "fewer than 0.9 of the bare service's answers"),
            (ours.errors > 0, "errors"),
            (ours.p95 >= 50, "95 % of the answers not within 50 ms"),
            (ours.megabytes_after - ours.megabytes_before > 10, "memory grows"),
            (ours.lost > 0 or ours.exit_code != 0, "its end loses requests"),
        ]
        if is_missed
    ]
    if "bare" in rows:
        print(f"dlcourse serve answers {ours.rate / rows['bare'].rate:.2f} of what the bare service answers")
    print(f"missed: {', '.join(missed)}" if missed else "all that is claimed holds")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
