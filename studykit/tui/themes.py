"""The two themes of our own, and the few colours that mean something in every theme.

A colour never stands alone: beside it is always a word or a symbol.
"""

from __future__ import annotations

from textual.theme import Theme

DARK = "studykit-dark"
LIGHT = "studykit-light"

MEANINGS_DARK = {
    "new": "#7aa2f7",
    "learning": "#e0af68",
    "due": "#9ece6a",
    "right": "#9ece6a",
    "partly": "#e0af68",
    "wrong": "#f7768e",
    "quiet": "#848cab",
    "formula": "#c8d3f5",
    "literal": "#b4a7d6",
    "rule": "#343a52",
    "block": "#2a2f45",
    "chosen": "#3d59a1",
    "chosen-text": "#ffffff",
}
MEANINGS_LIGHT = {
    "new": "#2f5bc4",
    "learning": "#8f5e00",
    "due": "#3f6f1e",
    "right": "#3f6f1e",
    "partly": "#8f5e00",
    "wrong": "#b8233c",
    "quiet": "#5d6270",
    "formula": "#1b2a4e",
    "literal": "#5f3dc4",
    "rule": "#cfcabd",
    "block": "#e7e2d5",
    "chosen": "#2f5bc4",
    "chosen-text": "#ffffff",
}


def meanings(dark: bool) -> dict[str, str]:
    """Our colour variables for any theme, dark or light."""
    return MEANINGS_DARK if dark else MEANINGS_LIGHT


def themes() -> tuple[Theme, Theme]:
    """Dark, the default, and light."""
    dark = Theme(
        name=DARK,
        primary="#7aa2f7",
        secondary="#9aa5ce",
        accent="#7aa2f7",
        warning="#e0af68",
        error="#f7768e",
        success="#9ece6a",
        foreground="#d5d9e8",
        background="#16181f",
        surface="#1c1f2a",
        panel="#232736",
        dark=True,
        variables={
            **MEANINGS_DARK,
            "block-cursor-background": "#2e3a5f",
            "block-cursor-foreground": "#ffffff",
            "block-cursor-text-style": "bold",
            "input-selection-background": "#3d59a1 60%",
            "scrollbar": "#343a52",
            "scrollbar-background": "#16181f",
        },
    )
    light = Theme(
        name=LIGHT,
        primary="#2f5bc4",
        secondary="#5d6270",
        accent="#2f5bc4",
        warning="#8f5e00",
        error="#b8233c",
        success="#3f6f1e",
        foreground="#24262d",
        background="#faf8f2",
        surface="#f2efe6",
        panel="#e7e2d5",
        dark=False,
        variables={
            **MEANINGS_LIGHT,
            "block-cursor-background": "#d5def5",
            "block-cursor-foreground": "#10131c",
            "block-cursor-text-style": "bold",
            "input-selection-background": "#2f5bc4 30%",
            "scrollbar": "#cfcabd",
            "scrollbar-background": "#faf8f2",
        },
    )
    return dark, light
