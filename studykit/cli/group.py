"""The `studykit` command with its subcommands, each imported only when it is the one asked for.

Data goes to stdout, messages to stderr. Exit codes: 0 done, 1 the thing asked for failed or was
wrong, 2 usage or unreadable input.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from keyword import iskeyword

import click

from studykit import __version__
from studykit.study.errors import StudyError
from studykit.study.home import Home
from studykit.study.start import Start

Launch = Callable[[Start], int]
Keys = Callable[[Home], tuple[list[dict[str, object]], list[str]]]
"""Commands of the app with their keys, and what is wrong with the learner's own."""

COMMANDS = {
    "study": "Study decks: due cards first, then new ones.",
    "decks": "List decks with their counts.",
    "check": "Check decks for errors, all of them at once.",
    "families": "List the families of problems.",
    "search": "Find cards and families by words, deck, state, mistake and more.",
    "problem": "Draw a problem, show it, solve it, mark an answer.",
    "stats": "Show what your log says: retention, forecast, mistakes and more.",
    "sheet": "Make a practice set, with its key.",
    "mark": "Mark a filled sheet, or those of a class.",
    "interview": "Be interviewed, or play a rapid round.",
    "plan": "Plan for an interview on a date.",
    "break": "Take a break without a backlog after it.",
    "fit": "Fit the memory model to your own answers.",
    "import": "Take cards and history from Anki, tables and Markdown.",
    "export": "Write decks, progress or statistics for other programs.",
    "merge": "Join your progress on several machines through a folder.",
    "serve": "Open the app in a browser on this machine.",
    "backup": "Copy your progress to a file.",
    "restore": "Put a backup of your progress back.",
    "doctor": "Look everything over and mend what can be mended.",
    "config": "Show and change settings.",
    "keys": "List the keys of the app by command.",
}
"""Name → what it does. A command lives in `studykit/cli/NAME.py` as `command`; a word of Python in
`NAME_.py`."""


@dataclass(frozen=True, slots=True)
class Context:
    """What every command gets: where the learner's files lie, and what the app can do for it."""

    home: str | None
    launch: Launch
    keys: Keys
    theme: str | None = None


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        module = import_module(f"studykit.cli.{name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", message="studykit %(version)s")
@click.option("--home", metavar="FOLDER", help="Where your progress lies (or STUDYKIT_HOME).")
@click.option("--plain", is_flag=True, help="Line mode: no full screen, for readers and pipes.")
@click.option("--theme", metavar="NAME", help="A theme for this run, such as studykit-light.")
@click.pass_context
def studykit(ctx: click.Context, home: str | None, plain: bool, theme: str | None) -> None:
    """Learn the mathematics of attention in a terminal.

    Without a command, opens the app.
    """
    launch, keys = ctx.obj
    if ctx.invoked_subcommand is None:
        ctx.exit(launch(Start(home=home, plain=plain, theme=theme)))
    ctx.obj = Context(home=home, launch=launch, keys=keys, theme=theme)


def run(arguments: Sequence[str], launch: Launch, keys: Keys) -> int:
    """Run the command line; returns the exit code."""
    try:
        code = studykit.main(
            args=list(arguments), prog_name="studykit", standalone_mode=False, obj=(launch, keys)
        )
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        return 130
    except StudyError as error:
        click.echo(f"studykit: {error}", err=True)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    return code if isinstance(code, int) else 0
