"""The themes of our own, and the few colours that mean something in every theme.

A colour never stands alone: beside it is always a word or a symbol.
"""

from __future__ import annotations

from textual.theme import Theme

DARK = "studykit-dark"
LIGHT = "studykit-light"
CONTRAST = ("studykit-contrast", "studykit-contrast-light")
"""High contrast, dark and light: every text stands out by 7:1 and more."""

MEANINGS_DARK = {
    "new": "#7aa2f7",
    "learning": "#e0af68",
    "due": "#9ece6a",
    "right": "#9ece6a",
    "partly": "#e0af68",
    "wrong": "#f7768e",
    "quiet": "#9098b8",
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
    "due": "#3a681b",
    "right": "#3a681b",
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


MEANINGS_CONTRAST = {
    "new": "#8ec7ff",
    "learning": "#ffd75f",
    "due": "#8aff80",
    "right": "#8aff80",
    "partly": "#ffd75f",
    "wrong": "#ff9d9d",
    "quiet": "#d0d0d0",
    "formula": "#ffffff",
    "literal": "#e0c3ff",
    "rule": "#8a8a8a",
    "block": "#303030",
    "chosen": "#ffff00",
    "chosen-text": "#000000",
}
MEANINGS_CONTRAST_LIGHT = {
    "new": "#003a9e",
    "learning": "#5c3d00",
    "due": "#0b4a00",
    "right": "#0b4a00",
    "partly": "#5c3d00",
    "wrong": "#8f0013",
    "quiet": "#303030",
    "formula": "#000000",
    "literal": "#4a0099",
    "rule": "#606060",
    "block": "#dedede",
    "chosen": "#00227a",
    "chosen-text": "#ffffff",
}
MEANINGS_ANSI = {
    "new": "ansi_blue",
    "learning": "ansi_yellow",
    "due": "ansi_green",
    "right": "ansi_green",
    "partly": "ansi_yellow",
    "wrong": "ansi_red",
    "quiet": "ansi_bright_black",
    "formula": "ansi_default",
    "literal": "ansi_magenta",
    "rule": "ansi_bright_black",
    "block": "ansi_default",
    "chosen": "ansi_blue",
    "chosen-text": "ansi_bright_white",
}
"""The terminal's own sixteen colours, for the themes ansi-dark and ansi-light."""


def meanings(*, dark: bool, ansi: bool = False) -> dict[str, str]:
    """Our colour variables for any theme."""
    if ansi:
        return MEANINGS_ANSI
    return MEANINGS_DARK if dark else MEANINGS_LIGHT


def themes() -> tuple[Theme, ...]:
    """Dark, the default, light, and both in high contrast."""
    return (_dark(), _light(), _contrast(), _contrast_light())


def _dark() -> Theme:
    return Theme(
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
            "block-cursor-background": "#242d51",
            "block-cursor-foreground": "#ffffff",
            "block-cursor-text-style": "bold",
            "input-selection-background": "#3d59a1 60%",
            "scrollbar": "#343a52",
            "scrollbar-background": "#16181f",
        },
    )


def _light() -> Theme:
    return Theme(
        name=LIGHT,
        primary="#2f5bc4",
        secondary="#5d6270",
        accent="#2f5bc4",
        warning="#8f5e00",
        error="#b8233c",
        success="#3a681b",
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


def _contrast() -> Theme:
    return Theme(
        name=CONTRAST[0],
        primary="#8ec7ff",
        secondary="#d0d0d0",
        accent="#ffff00",
        warning="#ffd75f",
        error="#ff9d9d",
        success="#8aff80",
        foreground="#ffffff",
        background="#000000",
        surface="#101010",
        panel="#202020",
        dark=True,
        variables={
            **MEANINGS_CONTRAST,
            "block-cursor-background": "#0a2f6b",
            "block-cursor-foreground": "#ffffff",
            "block-cursor-text-style": "bold",
            "input-selection-background": "#ffff00 60%",
            "scrollbar": "#d0d0d0",
            "scrollbar-background": "#000000",
        },
    )


def _contrast_light() -> Theme:
    return Theme(
        name=CONTRAST[1],
        primary="#003a9e",
        secondary="#303030",
        accent="#00227a",
        warning="#5c3d00",
        error="#8f0013",
        success="#0b4a00",
        foreground="#000000",
        background="#ffffff",
        surface="#f4f4f4",
        panel="#e6e6e6",
        dark=False,
        variables={
            **MEANINGS_CONTRAST_LIGHT,
            "block-cursor-background": "#cfe0ff",
            "block-cursor-foreground": "#000000",
            "block-cursor-text-style": "bold",
            "input-selection-background": "#00227a 30%",
            "scrollbar": "#303030",
            "scrollbar-background": "#ffffff",
        },
    )
