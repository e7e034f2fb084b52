"""A local HTTP server that misbehaves on demand, for the tests of the download path."""

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class FileServer:
    """Serves `content` at every path; the attributes say how badly."""

    content: bytes
    status: int = 200
    cut_after: int | None = None  # bytes sent before the connection breaks
    cuts: int = 10**9  # how many answers are cut before it behaves
    ranges: bool = True
    stall: float = 0.0  # seconds before the first byte of the body
    requests: list[str] = field(default_factory=list)  # the Range header of each, "" without
    url: str = ""


@contextmanager
def serving(server: FileServer):
    """Run the server on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            wanted = self.headers.get("Range", "")
            server.requests.append(wanted)
            if server.status != 200:
                self.send_error(server.status)
                return
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and server.ranges else 0
            if start >= len(server.content):
                self.send_error(416)
                return
            body = server.content[start:]
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            time.sleep(server.stall)
            if server.cut_after is not None and server.cuts > 0:
                server.cuts -= 1
                body = body[: server.cut_after]
            self.wfile.write(body)
            self.close_connection = True

        def log_message(self, *_):
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.handle_error = lambda *_: None  # a client that goes away is part of the tests
    server.url = f"http://127.0.0.1:{http.server_port}/numbers.bin"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
