"""Connections: how answers are written to them, and how they end, alone or all together when the service stops."""

import asyncio
import socket
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

_LAST_REQUESTS = 2.0  # seconds in which a connection that is kept may still send one, when the service stops


class _Joined:
    """A transport that sends an answer's head together with what follows.

    uvicorn writes them one after the other; sent alone, the head wakes the other side for nothing.
    """

    def __init__(self, transport: Any, loop: asyncio.AbstractEventLoop):
        self._transport = transport
        self._loop = loop
        self._head = b""

    def write(self, part: bytes) -> None:
        if part.startswith(b"HTTP/") and not self._head:
            self._head = part
            self._loop.call_soon(self._send_head)  # where nothing follows at once
        elif part:
            head, self._head = self._head, b""
            self._transport.write(head + part)

    def close(self) -> None:
        self._send_head()
        self._transport.close()

    def _send_head(self) -> None:
        if self._head:
            self._transport.write(self._head)
            self._head = b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class PunctualProtocol(H11Protocol):
    """HTTP that waits for the next request's headers as long as for a request, and no longer.

    uvicorn's own clock stops at the first byte: whoever sends one now and then could keep a connection for ever.
    """

    def connection_made(self, transport: Any) -> None:
        """Start the clock."""
        super().connection_made(transport)
        self.transport = _Joined(transport, self.loop)  # type: ignore[assignment]
        self._quiet_since = self.loop.time()
        self._clock = self.loop.call_later(self.timeout_keep_alive, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._clock.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Set the clock back."""
        self._quiet_since = self.loop.time()
        super().on_response_complete()

    def _look(self) -> None:
        is_asking = self.cycle is not None and not self.cycle.response_complete
        left = self.timeout_keep_alive if is_asking else self._quiet_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._clock = self.loop.call_later(left, self._look)
        elif self.transport.get_write_buffer_size():  # who does not read its answer does not read that we go, either
            self.transport.abort()
        else:
            self.timeout_keep_alive_handler()


class PatientServer(uvicorn.Server):
    """A server that loses no request when it stops.

    uvicorn closes connections that are kept alive at once, while the next request may be on its way. Here each of them
    hears with its next answer that it is the last, or has two seconds without one.
    """

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let in whoever has connected, then nobody; answer; end."""
        await asyncio.sleep(0)
        for server in self.servers:
            server.close()
        self.server_state.default_headers.append((b"connection", b"close"))  # the list that every answer begins with
        loop = asyncio.get_running_loop()
        latest = loop.time() + _LAST_REQUESTS
        while self.server_state.connections and loop.time() < latest and not self.force_exit:
            await asyncio.sleep(0.02)
        await super().shutdown(sockets)
