"""Keys by plain loops: beam search, penalties, min-p, speculative decoding."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from typing import Any

from tests.problems.keys.tools import Givens, Key, f, weigh


def beam_search(g: Givens) -> Any:
    if g["level"] == 1:
        first = sorted(range(3), key=lambda i: g["p"][i])[1:]
        every = [g["p"][i] * g["P"][i][j] for i in first for j in range(3)]
        every.sort()
        return [every[-1], every[-2]]
    alpha = f(g["alpha"])
    totals, scores = [], []
    for tokens in (g["short"], g["long"]):
        probability = 1.0
        for p in tokens:
            probability *= f(p)
        n = len(tokens)
        totals.append(math.log(probability))
        scores.append(totals[-1] / (n if g["level"] == 2 else (5 + n) / 6) ** alpha)
    if g["level"] == 2:
        return scores
    low, high = -5.0, 5.0  # the longer one gains on the shorter as α grows
    for _ in range(200):
        middle = (low + high) / 2
        a, b = (
            t / ((5 + len(p)) / 6) ** middle
            for t, p in zip(totals, (g["short"], g["long"]), strict=True)
        )
        low, high = (middle, high) if b < a else (low, middle)
    return [*scores, low]


def repetition_penalty(g: Givens) -> Any:
    out = []
    for i, z in enumerate(g["z"]):
        if g["level"] == 3:
            x = f(z)
            for k in range(g["counts"][i]):
                x -= f(g["often"]) + (f(g["once"]) if k == 0 else 0.0)
            out.append(x / f(g["T"]))
        elif i + 1 in g["seen"]:
            out.append(min(z / g["r"], z * g["r"]))
        else:
            out.append(z)
    if g["level"] == 1:
        return out
    return weigh([f(x) for x in out])


def min_p(g: Givens) -> Any:
    """On logits: a token stays if it is at most ln(1/p_min) below the largest."""
    if g["level"] == 1:
        kept = [p if p / max(g["p"]) >= g["part"] else Fraction(0) for p in g["p"]]
        return [x / sum(kept) for x in kept]
    room = math.log(1 / f(g["part"]))
    T = f(g["T"]) if g["level"] == 3 else 1.0
    terms = [math.exp(z / T) if max(g["z"]) - z <= room else 0.0 for z in g["z"]]
    return [x / sum(terms) for x in terms]


def speculative_decoding(g: Givens) -> Any:
    if g["level"] == 1:
        # What is still missing of p once the accepted tokens are counted.
        accepted = [q * min(Fraction(1), p / q) for p, q in zip(g["p"], g["q"], strict=True)]
        left = [p - a for p, a in zip(g["p"], accepted, strict=True)]
        return [x / sum(left) for x in left]
    rate = (
        f(g["rate"])
        if g["level"] == 2
        else sum(f(q) * min(1.0, f(p) / f(q)) for p, q in zip(g["p"], g["q"], strict=True))
    )
    mean = 0.0
    for fates in product((True, False), repeat=g["drafts"]):  # accepted or not, draft by draft
        chance, tokens = 1.0, 1
        for fate in fates:
            chance *= rate if fate else 1 - rate
        for fate in fates:
            if not fate:
                break
            tokens += 1
        mean += chance * tokens
    if g["level"] == 2:
        return mean
    return [rate, mean, mean / (1 + sum(f(g["cost"]) for _ in range(g["drafts"])))]


KEYS: dict[str, Key] = {
    "beam-search": beam_search,
    "repetition-penalty": repetition_penalty,
    "min-p": min_p,
    "speculative-decoding": speculative_decoding,
}
