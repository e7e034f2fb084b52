"""A load test: clients that ask a service the same thing again and again, and how long they wait."""

import asyncio
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import numpy as np

from dlcourse.errors import CourseError

_PATIENCE = 30  # seconds for an answer that is still on its way when the time is up


@dataclass(frozen=True)
class Load:
    """What a load test found.

    Attributes:
        clients: How many asked at the same time.
        seconds: How long they did.
        waited: The seconds that each question waited for its answer.
        refused: How many answers had another status than 200.
    """

    clients: int
    seconds: float
    waited: np.ndarray = field(repr=False)
    refused: int

    @property
    def rate(self) -> float:
        """Answers a second, the throughput."""
        return len(self.waited) / self.seconds

    def milliseconds(self, percent: float) -> float:
        """The latency that this share of the questions stayed below: a percentile; 50 is the median."""
        return float(1000 * np.percentile(self.waited, percent))

    def __repr__(self) -> str:
        """A line."""
        times = ", ".join(f"p{percent} {self.milliseconds(percent):.1f}" for percent in (50, 95, 99))
        return f"{self.clients} clients: {self.rate:,.0f} answers a second, {times} ms, {self.refused} refused"


def load_test(
    address: str,
    body: bytes,
    clients: int = 8,
    seconds: float = 1.0,
    content_type: str = "application/octet-stream",
) -> Load:
    """Ask a service from several clients at once, each of which asks again as soon as it has its answer.

    Args:
        address: Where to, as in "http://127.0.0.1:8800/predict".
        body: What is sent each time.
        clients: How many there are; each keeps its connection open.
        seconds: How long they go on.
        content_type: What the body is.

    Raises:
        CourseError: If there is no service, or it closes a connection without an answer.

    Example:
        load_test("http://127.0.0.1:8800/predict", digit.tobytes(), clients=32)
    """
    if clients < 1 or seconds <= 0:
        raise CourseError(f"A load test needs one client or more and some time, not {clients} and {seconds} seconds.")
    place = urlsplit(address)
    if place.hostname is None:
        raise CourseError(f"`address` must be as http://127.0.0.1:8800/predict, but it is {address!r}.")
    path = (place.path or "/") + (f"?{place.query}" if place.query else "")
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {place.netloc}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    host, port, request = place.hostname, place.port or 80, head.encode() + body
    found: list[Load | CourseError] = []

    def run() -> None:
        try:
            found.append(asyncio.run(_all(host, port, request, clients, seconds)))
        except TimeoutError:
            found.append(CourseError(f"The service at {address} gave no answer for {_PATIENCE} seconds."))
        except (OSError, CourseError) as error:
            found.append(CourseError(f"The service at {address} does not answer: {error}"))

    thread = threading.Thread(target=run)  # a notebook's own thread has a loop already
    thread.start()
    thread.join()
    if isinstance(found[0], CourseError):
        raise found[0]
    return found[0]


async def _all(host: str, port: int, request: bytes, clients: int, seconds: float) -> Load:
    loop = asyncio.get_running_loop()
    askers = [(await loop.create_connection(lambda: _Client(request), host, port))[1] for _ in range(clients)]
    start = time.perf_counter()
    for asker in askers:
        asker.begin(start + seconds)
    try:
        async with asyncio.timeout(seconds + _PATIENCE):
            await asyncio.gather(*(asker.done for asker in askers))
    finally:
        for asker in askers:
            asker.close()
    took = time.perf_counter() - start
    waited = np.array([wait for asker in askers for wait in asker.waited])
    return Load(clients, took, waited, sum(asker.refused for asker in askers))


class _Client(asyncio.Protocol):
    """One connection that asks, waits for the whole answer, and asks again until its time is up."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._received = b""
        self._asked = self._end = 0.0
        self._waiting = False
        self._transport: asyncio.Transport
        self.waited: list[float] = []
        self.refused = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def begin(self, end: float) -> None:
        """Ask for the first time; `end` is when to stop."""
        self._end = end
        self._ask()

    def _ask(self) -> None:
        self._received, self._waiting = b"", True
        self._asked = time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, blank, body = self._received.partition(b"\r\n\r\n")
        if not blank or len(body) < _length(head):
            return
        now, self._waiting = time.perf_counter(), False
        self.waited.append(now - self._asked)
        self.refused += head.split(b" ", 2)[1] != b"200"
        if now < self._end:
            self._ask()
        else:
            self._transport.close()

    def close(self) -> None:
        """Hang up, whatever is still on its way."""
        self.done.cancel()
        self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if self.done.done():
            return
        if self._waiting:
            self.done.set_exception(CourseError(str(error or "it closed the connection.")))
        else:
            self.done.set_result(None)


def _length(head: bytes) -> int:
    """How long the body of an answer is, from its head."""
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    raise CourseError("its answer does not say how long it is.")
