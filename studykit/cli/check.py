"""`studykit check`: every fault of every deck at once, each at its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from studykit.cli.group import Context
from studykit.cli.output import print_json
from studykit.study.home import Home
from studykit.study.settings import load
from studykit.study.words import counted

if TYPE_CHECKING:
    from studykit.decks import Fault


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of decks, for editors.")
@click.option("--coverage", is_flag=True, help="Print which items of the notes cards teach.")
@click.pass_context
def command(
    ctx: click.Context, paths: tuple[Path, ...], as_json: bool, schema: bool, coverage: bool
) -> None:
    """Check decks for errors: shipped and own ones, or the files and folders named.

    Without a path also your own families of problems, where the setting own_families allows them.

    Exits 0 when there is nothing to mend, 1 otherwise.
    """
    from studykit.decks import check, deck_files, deck_schema, render_faults, shipped_decks
    from studykit.problems import families
    from studykit.problems import own as own_families
    from studykit.study.kinds.formula import objections

    if schema:
        print_json(deck_schema())
        return
    if coverage:
        _coverage(ctx, paths)
    context: Context = ctx.obj
    home = Home.find(context.home)
    load(home)
    own = home.decks
    everything = (*((own,) if own.is_dir() else ()), shipped_decks())
    wanted = paths or everything
    faults = check(
        wanted,
        families={name: family.levels for name, family in families().items()},
        reads=objections,
        beside=everything,
    )
    mine = () if paths else tuple(own_families().families)
    if not paths:
        faults = [*faults, *_own_families()]
    if as_json:
        print_json(
            {
                "ok": not faults,
                "problems": [
                    {
                        "file": fault.file,
                        "line": fault.line,
                        "column": fault.column,
                        "code": fault.code,
                        "message": fault.message,
                        **({"suggestion": fault.suggestion} if fault.suggestion else {}),
                    }
                    for fault in faults
                ],
            }
        )
    elif faults:
        click.echo(render_faults(faults))
    if not as_json:
        decks = counted(len(deck_files(wanted)), "deck")
        if mine:
            decks += f" and {len(mine)} of your own families"
        said = f"{len(faults)} to mend in {decks}." if faults else f"{decks}: nothing to mend."
        click.echo(said, err=True)
    ctx.exit(1 if faults else 0)


def _own_families() -> Iterator[Fault]:
    """What is wrong with the learner's own families: with their files, and with what they draw."""
    from studykit.decks import Fault
    from studykit.problems import own
    from studykit.problems.promises import broken_promises

    mine = own()
    for fault in mine.faults:
        yield Fault(str(fault.file), fault.line, 1, "family-file", fault.message)
    for name, family in mine.families.items():
        for said in broken_promises(family):
            yield Fault(str(mine.files[name]), 1, 1, "family-promise", f"{name}: {said}")


def _coverage(ctx: click.Context, paths: tuple[Path, ...]) -> None:
    from studykit.decks import coverage, render_coverage, shipped_decks

    found = coverage(paths or (shipped_decks(),))
    click.echo(render_coverage(found))
    ctx.exit(0 if found.complete else 1)
