"""Looks over everything that a learner has, and mends what can be mended without a choice.

What is remembered of each card is made again from the log and compared; a cache that is damaged is
thrown away. Nothing is mended before the progress file was backed up. A second run finds nothing.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from studykit.progress import ProgressError
from studykit.progress.backup import back_up
from studykit.progress.check import check, rebuild
from studykit.progress.migrate import SCHEMA_VERSION
from studykit.study.backups import backups
from studykit.study.collection import Clock, Collection, system_clock
from studykit.study.errors import StudyError
from studykit.study.home import Home
from studykit.study.settings import load
from studykit.study.words import counted

State = Literal["sound", "mended", "wrong", "unreadable"]
OLD_BACKUP_DAYS = 14


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: State
    says: str
    """What was found, and what to do where there is something to do."""


def examine(home: Home, clock: Clock = system_clock) -> list[Finding]:
    """Look at the folder, the settings, the parsed decks, the progress and its backups.

    Mends what it can. Nothing is raised: what cannot be read is a finding too.
    """
    found = [_folder(home), _settings(home), _libyaml(), _cache(home)]
    if found[1].state != "sound":
        return found
    try:
        with Collection.open(home, read_only=True, clock=clock) as collection:
            found += [*_progress(collection), _decks(collection)]
    except (StudyError, ProgressError) as error:
        found.append(Finding("progress", "unreadable", str(error)))
    return [*found, _backups(home, clock())]


def _folder(home: Home) -> Finding:
    root = home.root
    if not root.exists():
        return Finding("folder", "sound", f"{root} is made on the first run.")
    if not os.access(root, os.W_OK | os.X_OK):
        return Finding(
            "folder", "wrong", f"{root} cannot be written: make it writable, or use --home."
        )
    return Finding("folder", "sound", str(root))


def _settings(home: Home) -> Finding:
    try:
        load(home)
    except StudyError as error:
        return Finding("settings", "wrong", str(error))
    where = str(home.config) if home.config.exists() else "the defaults"
    return Finding("settings", "sound", where)


def _libyaml() -> Finding:
    from studykit.decks.events import has_libyaml

    if has_libyaml():
        return Finding("libyaml", "sound", "PyYAML reads decks with libyaml.")
    return Finding(
        "libyaml",
        "wrong",
        "PyYAML was installed without libyaml, so decks are read about 25 times slower: "
        "install a PyYAML wheel.",
    )


def _cache(home: Home) -> Finding:
    """Parsed decks. A damaged cache is removed: the next start makes it again."""
    path = home.cache
    if not path.exists():
        return Finding("cache", "sound", "Decks are parsed on the next start.")
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
            damage = file.execute("PRAGMA quick_check").fetchall() != [("ok",)]
    except sqlite3.DatabaseError as error:
        damage = not isinstance(error, sqlite3.OperationalError)
    if not damage:
        return Finding("cache", "sound", str(path))
    try:
        path.unlink()
    except OSError as error:
        return Finding("cache", "wrong", f"{path} is damaged and cannot be removed: {error}.")
    return Finding("cache", "mended", f"{path} was damaged; decks are parsed again.")


def _progress(collection: Collection) -> Iterator[Finding]:
    store = collection.store
    findings = check(store)
    if findings.damage:
        yield Finding(
            "progress",
            "unreadable",
            f"{store.path} is damaged ({findings.damage[0]}): `studykit restore latest` puts the "
            "newest backup back and keeps this file.",
        )
        return
    holds = (
        f"{counted(findings.reviews, 'answer')}, {counted(findings.cards, 'card')}, "
        f"format {SCHEMA_VERSION}"
    )
    yield Finding("progress", "sound", f"{store.path}: {holds}.")
    if findings.dangling:
        yield Finding(
            "references",
            "wrong",
            f"{findings.dangling} rows name a card or deck that is not there. Nothing is lost, but "
            "no studykit writes such rows: please keep a backup and report it.",
        )
    if not findings.stale:
        yield Finding("memory", "sound", "What is remembered of each card follows from the log.")
    elif collection.read_only:
        yield Finding(
            "memory",
            "wrong",
            f"{_cards(len(findings.stale))} remembered otherwise than the log says. Close studykit "
            "and run this again: then it is mended.",
        )
    else:
        back_up(store, collection.clock(), force=True)
        rebuild(store)
        yield Finding(
            "memory",
            "mended",
            f"{_cards(len(findings.stale))} remembered otherwise than the log says; made again "
            "from the log, after a backup.",
        )


def _cards(count: int) -> str:
    return "1 card was" if count == 1 else f"{count} cards were"


def _decks(collection: Collection) -> Finding:
    decks = collection.decks()
    broken = sum(one.broken for one in decks)
    if broken:
        return Finding("decks", "wrong", f"{broken} to mend: `studykit check` says what and where.")
    return Finding("decks", "sound", f"{counted(len(decks), 'deck')}, nothing to mend.")


def _backups(home: Home, at_ms: int) -> Finding:
    found = backups(home)
    if not found:
        return Finding("backups", "sound", "None yet; one is made when you have studied.")
    newest = found[0]
    age = (datetime.fromtimestamp(at_ms // 1000) - newest.made).days
    old = f", {age} days old: `studykit backup` makes one" if age > OLD_BACKUP_DAYS else ""
    return Finding("backups", "sound", f"{len(found)}; the newest is {newest.path}{old}.")
