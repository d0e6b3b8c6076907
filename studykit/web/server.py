"""textual-serve with the doors shut: this machine, this page, this token, and nothing else.

textual-serve alone takes a WebSocket from any page that the user visits, which could then press
keys in the app. Here the address holds a secret token, checked on the page and on the socket, and
the Host and Origin of each request must be our own. Nothing is loaded from elsewhere.
"""

from __future__ import annotations

import asyncio
import secrets
import shlex
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp_jinja2
from aiohttp import web
from textual_serve.server import Server

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")
USUAL_PORT = 80
"""What this machine may be called in an address."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class StudyServer(Server):
    """Serves the app to whoever knows the token, from this machine."""

    def __init__(self, home: str | None = None, port: int = 0) -> None:
        port = port or free_port()
        command = [sys.executable, "-m", "studykit", *(["--home", home] if home else [])]
        super().__init__(
            shlex.join(command),
            host=HOST,
            port=port,
            title="studykit",
            templates_path=Path(__file__).parent,
        )
        self.hosts = {f"{name}:{port}" for name in NAMES}
        """How a browser names us; it leaves the usual port out."""
        if port == USUAL_PORT:
            self.hosts.update(NAMES)
        self.token = secrets.token_urlsafe(24)
        self.nonce = secrets.token_urlsafe(16)

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return f"{self.public_url}/?token={self.token}"

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        # The page's script adds "?width=…" itself, so the token stands in the path.
        app.router.add_get("/ws/{token}", self.handle_websocket)
        app.middlewares.append(self._guard)
        app.on_response_prepare.append(self._harden)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let through what comes from our own page on this machine, and knows the token."""
        if request.headers.get("Host") not in self.hosts:
            raise web.HTTPForbidden(text="This address is not served.")
        origin = request.headers.get("Origin")
        if origin is not None and origin not in {f"http://{host}" for host in self.hosts}:
            raise web.HTTPForbidden(text="Another page may not talk to studykit.")
        path = request.path
        if path.startswith("/static/") and not path.endswith("/"):
            return await handler(request)
        socket = path.startswith("/ws/")
        if path != "/" and not socket:
            raise web.HTTPNotFound(text="There is nothing here.")
        if socket and origin is None:
            raise web.HTTPForbidden(text="Only the page itself may connect.")
        token = path.removeprefix("/ws/") if socket else request.query.get("token", "")
        if not secrets.compare_digest(token.encode(), self.token.encode()):
            raise web.HTTPForbidden(
                text="The token is missing, or is one of an earlier start: open the address that "
                "studykit serve printed."
            )
        return await handler(request)

    async def _harden(self, _: web.Request, response: web.StreamResponse) -> None:
        """Nothing from elsewhere, no frame around us, and no token in a referrer."""
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; "
            f"script-src 'self' 'nonce-{self.nonce}'; "
            "style-src 'self' 'unsafe-inline'; "
            "font-src 'self'; img-src 'self' data:; "
            f"connect-src ws://{HOST}:{self.port} ws://localhost:{self.port}; "
            "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        )
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Cache-Control"] = "no-store"

    @aiohttp_jinja2.template("page.html")
    async def handle_index(self, request: web.Request) -> dict[str, Any]:
        """The page with the terminal; its socket has the token too."""
        host = request.headers["Host"]
        size = request.query.get("fontsize", "16")
        return {
            "font_size": size if size.isdecimal() else "16",
            "app_websocket_url": f"ws://{host}/ws/{self.token}",
            "config": {"static": {"url": "/static/"}},
            "nonce": self.nonce,
        }

    async def on_startup(self, app: web.Application) -> None:
        """Nothing is said before the door is open."""

    def serve(self, debug: bool = False) -> None:
        """Serve until Ctrl+C or a signal to end."""
        self.debug = debug
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        runner = web.AppRunner(await self._make_app())
        await runner.setup()
        try:
            await web.TCPSite(runner, self.host, self.port).start()
            print("Open this address in a browser; Ctrl+C ends.", file=sys.stderr)  # noqa: T201
            # The address goes to stdout, where a script may read it.
            print(self.address, flush=True)  # noqa: T201
            ended = asyncio.Event()
            for name in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(name, ended.set)
            await ended.wait()
        finally:
            await runner.cleanup()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
