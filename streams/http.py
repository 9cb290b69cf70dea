"""The worker's pages on loopback: /metrics, /livez and /readyz, served by a thread of their own."""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from streams.errors import MotcuaError
from streams.metrics import CONTENT_TYPE
from streams.stages.figures import Figures

STALLED_S: Final = 15.0  # the event loop has not run for so long: not alive


class PagesFailed(MotcuaError):
    """The port for the pages cannot be had."""


class Pages:
    """Serves until the process ends."""

    def __init__(self, host: str, port: int, figures: Figures, render: Callable[[], bytes]) -> None:
        handler = type("Handler", (_Handler,), {"figures": figures, "render": staticmethod(render)})
        try:
            self._server = ThreadingHTTPServer((host, port), handler)
        except OSError as error:
            raise PagesFailed(
                f"cannot listen on {host}:{port} ({error.strerror}); set MOTCUA_HTTP_PORT to a free port, or 0 for any"
            ) from error
        self._server.daemon_threads = True

    @property
    def address(self) -> str:
        """Where it listens, as a URL."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self) -> None:
        """Begin to serve."""
        threading.Thread(target=self._server.serve_forever, name="pages", daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    figures: Figures
    render: Callable[[], bytes]

    def do_GET(self) -> None:
        """Answer the three pages, anything else with 404."""
        if self.path == "/metrics":
            self._answer(200, self.render(), CONTENT_TYPE)
        elif self.path == "/livez":
            stalled = time.monotonic() - self.figures.beat
            alive = stalled < STALLED_S
            self._answer(200 if alive else 503, b"alive\n" if alive else f"stalled for {stalled:.0f} s\n".encode())
        elif self.path == "/readyz":
            ready = self.figures.ready
            self._answer(200 if ready else 503, b"ready\n" if ready else f"{self.figures.reason}\n".encode())
        else:
            self._answer(404, b"/metrics, /livez, /readyz\n")

    def _answer(self, status: int, body: bytes, content_type: str = "text/plain; charset=utf-8") -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the base class gives
        """Requests are not logged: a scrape every few seconds says nothing."""
