"""`studykit serve`: the app in a browser on this machine."""

from __future__ import annotations

import click

from studykit.cli.group import Context
from studykit.study.errors import StudyError


@click.command("serve")
@click.option("--port", type=click.IntRange(1, 65535), help="A free one, unless given.")
@click.pass_obj
def command(context: Context, port: int | None) -> None:
    """Serve the app to a browser on this machine (needs the extra `web`).

    Prints the address with its secret token; nothing else can connect. The editor and writing files
    are off there. Ctrl+C ends it; everything graded is saved.
    """
    try:
        from studykit.web.server import StudyServer
    except ImportError:
        raise StudyError(
            "The browser needs the package textual-serve: install studykit with its extra, "
            "`studykit[web]`."
        ) from None
    server = StudyServer(context.home, port or 0)
    try:
        server.serve()
    except OSError as error:
        raise StudyError(
            f"Port {server.port} cannot be used ({error.strerror or error}): choose another with "
            "--port."
        ) from None
