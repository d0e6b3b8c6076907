"""The version of the card schema, apart from it so that opening the cache need not load it."""

SCHEMA_VERSION = 4
"""Raised when a change of the schema, or of how a text is read, makes cached decks unreadable."""
