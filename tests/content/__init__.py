"""Tests of what the shipped decks say: formulas, numbers, structure, wording."""
