"""A request's body, taken in with an eye on its size, on the clock, and on what all of them hold together."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from dlcourse.deploy.serving.limits import Limits
from dlcourse.deploy.serving.refusals import Refusal

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

_LOOKS = 10  # how often one looks at the clock in the time that a body has


class Gone(Exception):
    """Whoever asked is no longer there."""


class Bodies:
    """Takes in bodies, and knows how many bytes of them are held. What was taken is given back by `forget`."""

    def __init__(self, limits: Limits):
        """Begin with nothing held."""
        self._limits = limits
        self._clock = _SharedClock(limits.seconds)
        self.held = 0

    async def take(self, announced: bytes | None, receive: Receive) -> bytes:
        """The whole body of a request.

        Args:
            announced: The header Content-Length, if there is one.
            receive: Brings the next part of the body, as ASGI has it.

        Raises:
            Refusal: If it is too large, too slow, or there is no room now.
            Gone: If the connection ends before the body does.
        """
        if announced is not None and announced.isdigit():
            self._check(int(announced))
        parts: list[bytes] = []
        size = 0
        more = True
        task = self._clock.start()
        try:
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Gone
                part = message.get("body", b"")
                self._check(size + len(part))
                self._hold(len(part))
                size += len(part)
                parts.append(part)
                more = message.get("more_body", False)
        except BaseException as error:
            self.held -= size
            if self._clock.stop(task) and isinstance(error, asyncio.CancelledError):
                raise Refusal(
                    408,
                    f"The request did not arrive within {self._limits.seconds:g} seconds: send it faster, or less.",
                    {"Connection": "close"},
                ) from None
            raise
        self._clock.stop(task)
        return b"".join(parts)

    def forget(self, body: bytes) -> None:
        """Say that a body that was taken is no longer needed."""
        self.held -= len(body)

    def _check(self, size: int) -> None:
        if size > self._limits.bytes:
            raise Refusal(
                413, f"The request has more than {self._limits.bytes:,} bytes, which is the most: send fewer examples."
            )

    def _hold(self, size: int) -> None:
        if self.held + size > self._limits.memory:
            raise Refusal(503, "Too many large requests are here at a time: ask again.", {"Retry-After": "1"})
        self.held += size


class _SharedClock:
    """Cancels tasks that take too long, as `asyncio.timeout` does, but looks now and then: a clock for each costs more.

    A task has its seconds at least, and a tenth of them more at most.
    """

    def __init__(self, seconds: float):
        self._seconds = seconds
        self._latest: dict[asyncio.Task[Any], float] = {}  # the earlier first: all have as long
        self._cancelled: set[asyncio.Task[Any]] = set()
        self._next_look: asyncio.TimerHandle | None = None

    def start(self) -> asyncio.Task[Any]:
        """The task that runs now has its time from now on."""
        loop = asyncio.get_running_loop()
        task = asyncio.current_task(loop)
        assert task is not None
        self._latest[task] = loop.time() + self._seconds
        if self._next_look is None:
            self._next_look = loop.call_later(self._seconds / _LOOKS, self._look, loop)
        return task

    def stop(self, task: asyncio.Task[Any]) -> bool:
        """Whether the task was cancelled from here and from nowhere else."""
        self._latest.pop(task, None)
        if task not in self._cancelled:
            return False
        self._cancelled.remove(task)
        return task.uncancel() == 0

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        while self._latest and next(iter(self._latest.values())) <= now:
            task = next(iter(self._latest))
            del self._latest[task]
            self._cancelled.add(task)
            task.cancel()
        self._next_look = loop.call_later(self._seconds / _LOOKS, self._look, loop) if self._latest else None
