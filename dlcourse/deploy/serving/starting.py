"""`dlcourse serve`: a port, a server, and an end in good order."""

import ipaddress
import signal
import socket
from collections.abc import Callable
from pathlib import Path

from dlcourse.deploy.extras import of_extra
from dlcourse.deploy.serving.limits import Limits
from dlcourse.errors import CourseError


def serve(
    path: Path | str, *, host: str = "127.0.0.1", port: int = 8800, limits: Limits, say: Callable[[str], None] = print
) -> None:
    """Answer requests with a model until the process is told to stop (SIGTERM, or Ctrl+C).

    Then everything that was accepted is answered before this returns.

    Args:
        path: The model's file, with its manifest beside it.
        host: The address to listen at.
        port: The port; 0 for a free one.
        limits: How much is taken.
        say: Gets the sentences for whoever started it.

    Raises:
        CourseError: If the model cannot be served, or the port is taken.
    """
    with of_extra("serve", "The service"):
        import uvicorn

        from dlcourse.deploy.serving.app import service
        from dlcourse.deploy.serving.connections import PatientServer, PunctualProtocol
    config = uvicorn.Config(
        service(path, limits),
        http=PunctualProtocol,
        ws="none",
        log_config=None,  # uvicorn's would close every handler there is, and TensorFlow's closes the standard error
        log_level="error",
        access_log=False,
        timeout_keep_alive=max(1, round(limits.seconds)),
        timeout_graceful_shutdown=round(3 * limits.seconds) + 1,
        server_header=False,
        proxy_headers=False,  # nothing here asks where a request came from
    )
    with _listening(host, port) as listener:
        address = f"[{host}]" if ":" in host else host
        say(f"{Path(path).name} answers at http://{address}:{listener.getsockname()[1]} (stop with Ctrl+C)")
        if not _is_local(host):
            say(f"Note: at {host} every machine that reaches this one can ask; there is no password and no encryption.")
        server = PatientServer(config)

        def stop(*_: object) -> None:
            server.should_exit = True

        # uvicorn raises a signal once more when it has obeyed it: with a handler of ours, the process ends with 0
        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            server.run(sockets=[listener])
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
    say("Stopped; every request that was accepted has its answer.")


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise CourseError(
            f"Nobody can listen at {host}, port {port} ({why}): pass another --port, or --port 0 for a free one."
        ) from error
    # asyncio does this only for sockets that it makes itself: without it the second half of each answer waits 40 ms
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
