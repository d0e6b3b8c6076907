"""`studykit config`: where the settings lie, what is in force, and changing one."""

from __future__ import annotations

import click

from studykit.cli.group import Context
from studykit.cli.output import print_json, print_table
from studykit.study import settings
from studykit.study.home import Home


@click.group("config")
def command() -> None:
    """Show and change settings.

    A flag beats STUDYKIT_… in the environment, which beats config.toml.
    """


@command.command("path")
@click.pass_obj
def path(context: Context) -> None:
    """Print where config.toml lies."""
    click.echo(Home.find(context.home).config)


@command.command("show")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def show(context: Context, as_json: bool) -> None:
    """Print every setting with the value in force."""
    loaded = settings.load(Home.find(context.home))
    values = {name: getattr(loaded, name) for name in settings.names()}
    if as_json:
        print_json(values)
        return
    rows = [(name, shown(value), settings.says(name)) for name, value in values.items()]
    print_table(("setting", "value", "what it does"), rows)


@command.command("set")
@click.argument("name")
@click.argument("value")
@click.pass_obj
def set_(context: Context, name: str, value: str) -> None:
    """Write one setting to config.toml, keeping its comments."""
    home = Home.find(context.home)
    read = settings.store(home, name, value)
    click.echo(f"{name} = {shown(read)}  ({home.config})", err=True)


def shown(value: object) -> str:
    """A value as config.toml spells it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)
