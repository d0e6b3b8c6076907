"""A headless Chromium driven over its DevTools protocol, and the terminal inside the page.

The terminal is drawn on a canvas, so what it shows is read from the socket's frames, as a terminal
reads them.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import pyte

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--remote-debugging-port=0", "--window-size=1100,700",
)  # fmt: skip
PATIENCE = 60.0


class Browser:
    """One page."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._news = asyncio.Event()
        self.screen = pyte.Screen(200, 100)
        self._stream = pyte.ByteStream(self.screen)
        self.requests: list[str] = []
        self._listening = asyncio.create_task(self._listen())

    async def do(self, method: str, **given: Any) -> dict[str, Any]:
        """One command of the protocol."""
        number = next(self._numbers)
        self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": given})
        return await asyncio.wait_for(self._answers[number], PATIENCE)

    async def open(self, address: str) -> None:
        """Load a page."""
        for domain in ("Page", "Network", "Runtime"):
            await self.do(f"{domain}.enable")
        await self.do("Page.navigate", url=address)

    async def press(self, key: str) -> None:
        """A key that types a letter, or Enter."""
        text = "\r" if key == "Enter" else key
        code = {"Enter": 13, " ": 32}.get(key, ord(key[0].upper()))
        common = {"key": key, "text": text, "windowsVirtualKeyCode": code}
        await self.do("Input.dispatchKeyEvent", type="keyDown", **common)
        await self.do("Input.dispatchKeyEvent", type="keyUp", key=key)

    async def run(self, script: str) -> Any:
        """The value of a piece of JavaScript; promises are waited for."""
        answer = await self.do(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        return answer["result"].get("value")

    async def shows(self, text: str) -> None:
        """Wait until the terminal shows a text."""

        async def seen() -> None:
            while text not in "\n".join(self.screen.display):
                self._news.clear()
                await self._news.wait()

        try:
            await asyncio.wait_for(seen(), PATIENCE)
        except TimeoutError:
            shown = "\n".join(row.rstrip() for row in self.screen.display if row.strip())
            raise AssertionError(f"{text!r} was not shown, but:\n{shown}") from None

    async def close(self) -> None:
        self._listening.cancel()
        with suppress(asyncio.CancelledError):
            await self._listening

    async def _listen(self) -> None:
        async for message in self._socket:
            data = message.json()
            if "id" in data:
                waiting = self._answers.pop(data["id"], None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(data.get("result", {}))
            elif data["method"] == "Network.requestWillBeSent":
                self.requests.append(data["params"]["request"]["url"])
            elif data["method"] == "Network.webSocketFrameReceived":
                frame = data["params"]["response"]
                if frame["opcode"] == 2:
                    self._stream.feed(base64.b64decode(frame["payloadData"]))
                    self._news.set()


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Browser]:
    """A Chromium with an empty profile in `folder`."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "the browser tests need Chromium: apt-get install chromium"
    process = subprocess.Popen(
        [program, *FLAGS, f"--user-data-dir={folder}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        port = await asyncio.to_thread(_port, process)
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json") as answer:
                pages = [one for one in await answer.json() if one["type"] == "page"]
            address = pages[0]["webSocketDebuggerUrl"]
            async with session.ws_connect(address, max_msg_size=0) as socket:
                page = Browser(socket)
                try:
                    yield page
                finally:
                    await page.close()
    finally:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def _port(process: subprocess.Popen[str]) -> int:
    """What Chromium says it listens on."""
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("DevTools listening on"):
            return int(line.split(":")[2].split("/")[0])
    raise AssertionError("Chromium did not start")
