"""A real program in a real pseudo-terminal: type keys, read the screen, time the first frame.

Output is time-stamped by a reader thread as it arrives, so emulating the terminal never counts.
Waiting is always for something on the screen, with a limit, never for a time.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from types import TracebackType

import pyte

ANSWERS = {
    b"\x1b[c": b"\x1b[?62;22c",
    b"\x1b[6n": b"\x1b[1;1R",
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",
}
"""What programs ask a terminal, and what ours answers."""

USUAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "STUDYKIT_TOUR": "false"}
"""What a program finds in its environment, unless told otherwise. Newcomers have a tour."""

PRIVATE = re.compile(rb"\x1b\[[<>=?][0-9;]*[u$]|\x1b\[\?[0-9;]*\$[py]|\x1b\[[<>=][0-9;]*[a-zA-Z]")
"""Sequences pyte does not know; taken out so that it does not print their letters."""


class Terminal:
    """A child process on the other side of a pseudo-terminal."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        columns: int = 80,
        rows: int = 24,
        cwd: str | None = None,
    ) -> None:
        controller, child = pty.openpty()
        self._resize(controller, rows, columns)
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            list(command),
            stdin=child,
            stdout=child,
            stderr=child,
            env={**USUAL, **(env or {})},
            cwd=cwd,
            start_new_session=True,
            close_fds=True,
        )
        os.close(child)
        self.controller = controller
        self.chunks: list[tuple[float, bytes]] = []
        self._news = threading.Condition()
        self._closed = False
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._fed = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @staticmethod
    def _resize(descriptor: int, rows: int, columns: int) -> None:
        fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self._reader.join(5)
        os.close(self.controller)

    def _read(self) -> None:
        while True:
            ready, _, _ = select.select([self.controller], [], [], 0.5)
            if not ready:
                if self.process.poll() is not None:
                    break
                continue
            try:
                data = os.read(self.controller, 65536)
            except OSError:
                break
            if not data:
                break
            stamp = time.perf_counter()
            with self._news:
                self.chunks.append((stamp, data))
                self._news.notify_all()
            for asked, answer in ANSWERS.items():
                if asked in data:
                    os.write(self.controller, answer)
        with self._news:
            self._closed = True
            self._news.notify_all()

    def send(self, keys: str) -> float:
        """Type; returns when it was typed."""
        stamp = time.perf_counter()
        os.write(self.controller, keys.encode())
        return stamp

    def resize(self, columns: int, rows: int) -> None:
        self._feed()
        self._screen.resize(rows, columns)
        self._resize(self.controller, rows, columns)
        os.killpg(self.process.pid, signal.SIGWINCH)

    @property
    def output(self) -> bytes:
        """Everything written so far, as it came."""
        with self._news:
            return b"".join(data for _, data in self.chunks)

    def _feed(self) -> None:
        data = self.output
        fresh, self._fed = data[self._fed :], len(data)
        self._stream.feed(PRIVATE.sub(b"", fresh))

    def text(self) -> str:
        """What stands on the screen."""
        self._feed()
        return "\n".join(line.rstrip() for line in self._screen.display)

    def wait_for(self, wanted: str, limit: float = 30.0, *, gone: bool = False) -> str:
        """The screen, once `wanted` stands on it (or, with `gone`, no longer does).

        Raises AssertionError with the screen after `limit` seconds or when the program ended.
        """
        end = time.perf_counter() + limit
        seen = -1
        while True:
            with self._news:
                while len(self.chunks) == seen and not self._closed:
                    left = end - time.perf_counter()
                    if left <= 0 or not self._news.wait(left):
                        break
                seen, closed = len(self.chunks), self._closed
            screen = self.text()
            if (wanted in screen) != gone:
                return screen
            if closed or time.perf_counter() >= end:
                why = "the program ended" if closed else f"{limit} s passed"
                raise AssertionError(f"{why} before {wanted!r} was shown; the screen:\n{screen}")

    def wait_chunk(self, after: int, limit: float = 10.0) -> float:
        """When the first chunk after the first `after` ones arrived."""
        end = time.perf_counter() + limit
        with self._news:
            while len(self.chunks) <= after:
                left = end - time.perf_counter()
                if left <= 0 or self._closed or not self._news.wait(left):
                    raise AssertionError("nothing was written")
            return self.chunks[after][0]

    def settle(self, quiet: float = 0.05) -> None:
        """Return once nothing was written for `quiet` seconds."""
        with self._news:
            while True:
                seen = len(self.chunks)
                self._news.wait(quiet)
                if len(self.chunks) == seen:
                    return

    def first_seen(self, wanted: str) -> float:
        """Seconds from the start of the program to the chunk that brought `wanted`."""
        gathered = b""
        for stamp, data in self.chunks:
            gathered += data
            if wanted.encode() in gathered:
                return stamp - self.started
        raise AssertionError(f"{wanted!r} was never written")

    def wait(self, limit: float = 30.0) -> int:
        """The exit code."""
        return self.process.wait(limit)
