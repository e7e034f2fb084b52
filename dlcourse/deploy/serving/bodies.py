"""A request's body, taken in with an eye on its size, on the clock, and on what all of them hold together."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from dlcourse.deploy.serving.limits import Limits
from dlcourse.deploy.serving.refusals import Refusal

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class Gone(Exception):
    """Whoever asked is no longer there."""


class Bodies:
    """Takes in bodies, and knows how many bytes of them are held. What was taken is given back by `forget`."""

    def __init__(self, limits: Limits):
        """Begin with nothing held."""
        self._limits = limits
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
        try:
            async with asyncio.timeout(self._limits.seconds):
                more = True
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
            if isinstance(error, TimeoutError):
                raise Refusal(
                    408,
                    f"The request did not arrive within {self._limits.seconds:g} seconds: send it faster, or less.",
                    {"Connection": "close"},
                ) from None
            raise
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
