"""The app in a browser: a card is answered there, and nobody else gets in."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from studykit.web.server import StudyServer
from tests.cli.run import studykit
from tests.web.browser import browser

DECK = """\
title: A deck for the browser
id: webdeck
order: 0
cards:
  - {id: w1, front: What is shown in the browser?, back: The very same app.}
  - {id: w2, front: And what comes second?, back: Another card.}
"""


@pytest.fixture
def served(own_home: Path) -> Iterator[str]:
    """The address of a running `studykit serve`."""
    decks = own_home / "decks"
    decks.mkdir(parents=True)
    (decks / "webdeck.yaml").write_text(DECK, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "studykit", "serve"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ
        | {
            "STUDYKIT_HOME": str(own_home),
            "STUDYKIT_NEW_PER_DAY": "5",
            "STUDYKIT_TOUR": "false",
        },
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


async def test_a_card_is_answered_in_the_browser(served: str, tmp_path: Path) -> None:
    async with browser(tmp_path / "profile") as page:
        await page.open(served)
        await page.shows("A deck for the browser")
        await page.press("g")
        await page.press("Enter")
        await page.shows("What is shown in the browser?")
        await page.press(" ")
        await page.shows("The very same app.")
        await page.press("e")
        await page.shows("editor is off")
        await page.press("3")
        await page.shows("And what comes second?")
        here = urlsplit(served).netloc
        elsewhere = [one for one in page.requests if urlsplit(one).netloc not in ("", here)]
        assert [one for one in elsewhere if not one.startswith(("data:", "blob:"))] == []


async def test_a_second_page_says_why_it_stays_empty_and_an_ended_one_that_it_has_ended(
    served: str, tmp_path: Path
) -> None:
    async with browser(tmp_path / "first") as page:
        await page.open(served)
        await page.shows("A deck for the browser")
        async with browser(tmp_path / "second") as other:
            await other.open(served)
            await other.shows("is open in another studykit")
            await other.shows("Then reload this page.")
        await page.press("q")
        on_top = "document.elementFromPoint(innerWidth / 2, innerHeight / 2)"
        ended = "new Promise(done => { const look = () => { const text = %s.textContent;"
        ended += " text.includes('session has ended') ? done(text) : setTimeout(look, 50) };"
        ended += " look() })"
        assert "reload the page" in await page.run(ended % on_top)


async def test_another_page_cannot_connect_even_with_the_token(served: str, tmp_path: Path) -> None:
    socket = served.replace("http:", "ws:").replace("/?token=", "/ws/")

    async def blank(_: web.Request) -> web.Response:
        return web.Response(text="<p>another page</p>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/", blank)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        port = runner.addresses[0][1]
        async with browser(tmp_path / "profile") as page:
            await page.open(f"http://127.0.0.1:{port}/")
            outcome = await page.run(
                "new Promise(done => { const s = new WebSocket(" + repr(socket) + ");"
                "s.onopen = () => done('connected'); s.onerror = () => done('refused'); })"
            )
            assert outcome == "refused"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("change", "headers", "status"),
    [
        (lambda address: address, {}, 200),
        (lambda address: address.partition("?")[0], {}, 403),
        (lambda address: address[:-1] + ("x" if address[-1] != "x" else "y"), {}, 403),
        (lambda address: address, {"Host": "evil.example"}, 403),
        (lambda address: address, {"Origin": "http://evil.example"}, 403),
        (lambda address: address.replace("/?token=", "/ws/"), {}, 403),
        (lambda address: address.replace("/?", "/download/key?"), {}, 404),
        (lambda address: address.replace("/?", "/static/?"), {}, 404),
    ],
    ids=["own", "no token", "wrong token", "other host", "other origin", "socket without origin",
         "download", "listing"],
)  # fmt: skip
async def test_who_is_let_in(served: str, change, headers, status) -> None:  # type: ignore[no-untyped-def]
    async with (
        aiohttp.ClientSession() as session,
        session.get(change(served), headers=headers) as answer,
    ):
        assert answer.status == status
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'") or (
            status != 200
        )


async def test_the_page_names_no_other_host(served: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(served) as answer:
        text = await answer.text()
    assert "googleapis" not in text and "https://" not in text
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_port_that_is_taken_is_told_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = studykit("serve", "--port", str(port))
    assert ran.code == 1
    assert ran.err.startswith(f"studykit: Port {port} cannot be used")
    assert "--port" in ran.err and ran.out == ""


@pytest.mark.parametrize(("host", "let_in"), [("127.0.0.1", True), ("elsewhere", False)])
async def test_at_the_usual_port_a_browser_names_none(host: str, let_in: bool) -> None:
    server = StudyServer(port=80)

    async def page(_: web.Request) -> web.StreamResponse:
        return web.Response()

    asked = make_mocked_request("GET", f"/?token={server.token}", headers={"Host": host})
    if let_in:
        assert (await server._guard(asked, page)).status == 200
    else:
        with pytest.raises(web.HTTPForbidden):
            await server._guard(asked, page)
