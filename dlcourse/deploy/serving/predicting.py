"""`/predict`: a request from its headers to its answer, on the event loop.

What takes the model some milliseconds or more runs beside the loop, in threads, so that `/health` is answered
meanwhile. What is answered sooner is answered at once: handing it to a thread and back costs more than a small network
does (0.37 ms of processor time beside 0.15 ms, measured on two cores), and would cost a third of the answers a second.
"""

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from urllib.parse import parse_qs

import numpy as np

from dlcourse.deploy.serving.answering import Answer, Answerer
from dlcourse.deploy.serving.bodies import Bodies, Gone, Receive
from dlcourse.deploy.serving.drift_monitor import DriftMonitor
from dlcourse.deploy.serving.examples import from_json, from_npy, from_raw, raw_types
from dlcourse.deploy.serving.limits import Limits
from dlcourse.deploy.serving.metrics import Metrics
from dlcourse.deploy.serving.refusals import Refusal
from dlcourse.deploy.serving.uploads import from_form, takes_pictures

JSON, RAW, NPY, FORM = "application/json", "application/octet-stream", "application/x-npy", "multipart/form-data"

_AT_ONCE = 0.002  # seconds for which a prediction may hold up the event loop
_SMALL = 2**16  # bytes of a body that is read on the event loop; JSON of this size takes a millisecond
_LATER = {"Retry-After": "1"}

_AS_JSON = (b"content-type", JSON.encode())

Read = Callable[[bytes], np.ndarray]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Predict:
    """The ASGI application behind `/predict`."""

    def __init__(self, answerer: Answerer, limits: Limits, metrics: Metrics, monitor: DriftMonitor):
        """Start a thread for each core."""
        self._answerer = answerer
        self._limits = limits
        self._metrics = metrics
        self._monitor = monitor
        self._bodies = Bodies(limits)
        self._waiting = 0
        self._raw_types = raw_types(answerer.manifest.input)
        self._takes_pictures = takes_pictures(answerer.manifest.input)
        self._seconds = answerer.seconds()  # for an example
        self._threads = ThreadPoolExecutor(cores(), "predict")

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer a request."""
        start = time.perf_counter()
        self._metrics.in_flight += 1
        status = 500
        headers: dict[str, str] = {}
        try:
            content = await self._content(scope, receive)
            status = 200
        except Refusal as refusal:
            status, headers = refusal.status, refusal.headers
            content = json.dumps({"error": refusal.sentence}).encode()
        except Gone:
            status = 499  # as others count it; nobody reads an answer
            return
        finally:
            self._metrics.in_flight -= 1
            self._metrics.count(status, time.perf_counter() - start)
        lines = [_AS_JSON, (b"content-length", b"%d" % len(content))]
        lines += [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": lines})
        await send({"type": "http.response.body", "body": content})

    async def _content(self, scope: MutableMapping[str, Any], receive: Receive) -> bytes:
        headers = dict(scope["headers"])
        content_type = headers.get(b"content-type", b"").decode("latin-1")
        kind = content_type.partition(";")[0].strip().lower()
        read = self._reader(kind, content_type, scope["query_string"])
        body = await self._bodies.take(headers.get(b"content-length"), receive)
        try:
            if kind == FORM or len(body) > _SMALL:
                answer = await self._in_turn(lambda: self._answerer.answer(read(body)))
            else:
                examples = read(body)
                is_quick = len(examples) * self._seconds <= _AT_ONCE
                work = partial(self._answerer.answer, examples)
                answer = work() if is_quick else await self._in_turn(work)
        finally:
            self._bodies.forget(body)
        self._monitor.observe(brightness=answer.brightness, confidence=answer.confidence)
        self._metrics.examples += len(answer.brightness)
        return answer.content

    def _reader(self, kind: str, content_type: str, query: bytes) -> Read:
        """What makes examples of a body of this type."""
        wanted, limits = self._answerer.manifest.input, self._limits
        dtype = _dtype(query, self._raw_types) if query else self._raw_types[0]
        if kind == RAW:
            return lambda body: from_raw(body, dtype, wanted, limits)
        if kind == JSON:
            return lambda body: from_json(body, wanted, limits)
        if kind == NPY:
            return lambda body: from_npy(body, wanted, limits)
        if kind == FORM and self._takes_pictures:
            return lambda body: from_form(body, content_type, wanted, limits)
        known = [JSON, RAW, NPY, *([FORM] if self._takes_pictures else [])]
        raise Refusal(415, f"A request is of the type {', '.join(known)}: say which in the header Content-Type.")

    async def _in_turn(self, answer: Callable[[], Answer]) -> Answer:
        """Answer in a thread, when the request's turn comes."""
        if self._waiting >= self._limits.queue:
            raise Refusal(503, f"{self._waiting} requests are waiting, which are the most: ask again.", _LATER)
        latest = time.monotonic() + self._limits.seconds

        def work() -> Answer:
            if time.monotonic() > latest:
                raise Refusal(503, f"The model was not free for {self._limits.seconds:g} seconds: ask again.", _LATER)
            return answer()

        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _dtype(query: bytes, known: list[str]) -> str:
    given = parse_qs(query.decode("latin-1"), keep_blank_values=True).get("dtype", known[:1])
    if len(given) != 1 or given[0] not in known:
        raise Refusal(422, f"`dtype` in the address says of what type raw numbers are: {', '.join(known)}.")
    return given[0]
