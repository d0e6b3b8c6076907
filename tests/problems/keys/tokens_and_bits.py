"""Keys by plain loops: byte pairs as text, short numbers bit by bit."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from tests.problems.keys.tools import Givens, Key


def byte_pairs(g: Givens) -> Any:
    """On strings, a token a character; a merge is a text replacement."""
    if g["level"] == 2:
        word = "".join(chr(97 + i) for i in g["word"])
        for i, (a, b) in enumerate(g["merges"], start=4):
            word = word.replace(chr(97 + a) + chr(97 + b), chr(97 + i))
        return [ord(c) - 97 for c in word]
    corpus = []
    for word, times in zip(g["words"], g["counts"], strict=True):
        corpus += ["".join(chr(97 + i) for i in word)] * times
    letters = sum(map(len, corpus))
    occurs = 0
    for name in "XY"[: 1 if g["level"] == 1 else 2]:
        alphabet = sorted({c for word in corpus for c in word})
        counted = {
            a + b: sum(word[i : i + 2] == a + b for word in corpus for i in range(len(word)))
            for a in alphabet
            for b in alphabet
        }
        pair = max(counted, key=lambda p: counted[p])
        occurs = counted[pair]
        corpus = [word.replace(pair, name) for word in corpus]
    tokens = sum(map(len, corpus))
    return [occurs, tokens] if g["level"] == 1 else [occurs, tokens, Fraction(letters, tokens)]


def number_formats(g: Givens) -> Any:
    if g["level"] == 3:
        # Walk through the exponents from 1 upwards and downwards.
        top, bias = 1.0, 2 ** (g["E"] - 1) - 1
        for _step in range(bias):
            top *= 2
        fraction = sum(2.0**-bit for bit in range(1, g["M"] + 1))
        low = 1.0
        for _step in range(bias - 1 + g["M"]):
            low /= 2
        return [math.log(top) + math.log(1 + fraction), math.log(low)]
    out = []
    for bits in (7, 10) if g["level"] == 1 else (7, 3):
        power = Fraction(1)
        while power > abs(g["x"]):
            power /= 2
        while power * 2 <= abs(g["x"]):
            power *= 2
        if g["level"] == 1:
            out.append(power / 2**bits)
            continue
        numbers = [power + power * i / 2**bits for i in range(2**bits + 1)]
        nearest = min(numbers, key=lambda y: abs(y - abs(g["x"])))
        out.append(nearest if g["x"] > 0 else -nearest)
    return out


KEYS: dict[str, Key] = {
    "byte-pairs": byte_pairs,
    "number-formats": number_formats,
}
