"""The one exception of this room."""

from __future__ import annotations


class ExchangeError(Exception):
    """A file cannot be read or written. One sentence: what, where, what to do."""
