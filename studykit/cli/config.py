"""`studykit config`: where the settings lie, what is in force and why, and changing one."""

from __future__ import annotations

import click

from studykit.cli.group import Context
from studykit.cli.output import print_json, print_table
from studykit.study import settings
from studykit.study.home import Home


@click.group("config")
def command() -> None:
    """Show and change settings.

    A flag beats STUDYKIT_… in the environment, which beats config.toml, which beats the default.
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
    """Print every setting with the value in force and where it comes from."""
    held = settings.held(Home.find(context.home))
    if as_json:
        values: dict[str, object] = {name: one.value for name, one in held.items()}
        sources = {name: {"level": one.level, "where": one.where} for name, one in held.items()}
        print_json(values | {"sources": sources})
        return
    rows = [
        (name, settings.shown(one.value), _from(one), settings.says(name))
        for name, one in held.items()
    ]
    print_table(("setting", "value", "from", "what it does"), rows)


# "-1" is a value, if a wrong one, and no option.
@command.command("set", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("value")
@click.pass_obj
def set_(context: Context, name: str, value: str) -> None:
    """Write one setting to config.toml, keeping its comments."""
    home = Home.find(context.home)
    read = settings.store(home, name, value)
    click.echo(f"{name} = {settings.shown(read)}  ({home.config})", err=True)
    _warn(home, name)


@command.command("unset")
@click.argument("name")
@click.pass_obj
def unset(context: Context, name: str) -> None:
    """Take one setting out of config.toml, so that its default holds."""
    home = Home.find(context.home)
    stood = settings.forget(home, name)
    held = settings.held(home)[name]
    what = "taken out of" if stood else "does not stand in"
    click.echo(f"{name} {what} {home.config}; it is {settings.shown(held.value)}.", err=True)
    _warn(home, name)


def _warn(home: Home, name: str) -> None:
    """Say what is stronger than the file."""
    held = settings.held(home)[name]
    if held.level == "environment":
        click.echo(
            f"{held.where} = {settings.shown(held.value)} is in force as long as it is set.",
            err=True,
        )


def _from(held: settings.Held) -> str:
    return "config.toml" if held.level == "file" else held.where
