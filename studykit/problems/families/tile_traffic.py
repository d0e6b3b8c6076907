"""Memory traffic of attention: with the scores written out, and tile by tile."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step


def draws(dice: Dice, level: int) -> dict[str, Any]:
    n, d = 1024 * dice.pick([1, 2, 4, 8, 16]), dice.pick([32, 64, 128, 256])
    if level == 1:
        return {"n": n, "d": d, "bytes_each": dice.pick([2, 4])}
    if level == 2:
        return {"n": n, "d": d, "block": dice.pick([32, 64, 128, 256]), "bytes_each": 2}
    return {"n": n, "d": d, "kib": 4 * dice.between(12, 60)}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """A block that is some rows, not all of them, and not by a hair."""
    return level < 3 or bool(16 <= givens["block"] < givens["n"])


def _head(n: int, d: int) -> str:
    return rf"One head without a mask: $Q$, $K$, $V$ and $O$ are ${n}\times {d}$."


NAIVE = (
    r"Without tiles three steps follow one another, each reading its inputs from memory and "
    r"writing its result: $S=QK^\top$, then $P=\mathrm{softmax}(S)$, then $O=PV$."
)


def question_naive(n: int, d: int, bytes_each: int) -> str:
    return (
        rf"{_head(n, d)} {NAIVE} A number takes {bytes_each} bytes. How many MiB are read and "
        r"written in all (1 MiB = $2^{20}$ bytes)?"
    )


def question_tiled(n: int, d: int, block: int, bytes_each: int) -> str:
    return (
        rf"{_head(n, d)} {NAIVE} With tiles, the queries are cut into blocks of ${block}$ rows: "
        r"each block of $Q$ is read once and its rows of $O$ are written once, and for each block "
        r"all of $K$ and $V$ is read once; nothing else touches memory. A number takes "
        rf"{bytes_each} bytes. Give the MiB read and written without and with tiles (1 MiB = "
        r"$2^{20}$ bytes)."
    )


def question_block(n: int, d: int, kib: int) -> str:
    return (
        rf"{_head(n, d)} {NAIVE} With tiles, the on-chip memory of ${kib}$ KiB (1 KiB = 1024 "
        r"bytes) holds blocks of $B$ rows of $Q$, $K$, $V$ and $O$, 2 bytes a number, and a "
        r"$B\times B$ block of scores, 4 bytes a number. Take the largest power of two for $B$ "
        r"that fits. Each block of $Q$ is read and of $O$ written once; for each, all of $K$ and "
        r"$V$ is read once. Give $B$, and how many times fewer numbers are read and written than "
        r"without tiles."
    )


def without_tiles(n: int, d: int) -> int:
    return 4 * n * d + 4 * n * n


def with_tiles(n: int, d: int, block: int) -> int:
    return 2 * n * d + n // block * 2 * n * d


def fitting(kib: int, row: int, square: int) -> int:
    """The largest power of two B with row·B + square·B² bytes in so many KiB."""
    B = 1
    while row * 2 * B + square * (2 * B) ** 2 <= 1024 * kib:
        B *= 2
    return B


STEPS = (
    Step(
        "naive",
        "Numbers without tiles: Q, K, V, O once, S and P written and read",
        "N",
        r"4\,n\,d+4\,n^2",
        lambda n, d: without_tiles(n, d),
        lambda n, d: rf"4\cdot {n}\cdot {d}+4\cdot {n}^2",
    ),
    Step(
        "mib",
        "In MiB",
        r"\text{MiB}",
        r"\frac{N\cdot\text{bytes}}{2^{20}}",
        lambda naive, bytes_each: divide(naive * bytes_each, 2**20),
        lambda naive, bytes_each: rf"\frac{{{naive}\cdot {bytes_each}}}{{2^{{20}}}}",
        levels=(1,),
    ),
    Step(
        "block",
        "Largest power of two that fits: 8 bytes a row and column, 4 a score",
        "B",
        r"\max\{B=2^k:\ 8\,B\,d+4\,B^2\le 1024\cdot\text{KiB}\}",
        lambda kib, d: fitting(kib, 8 * d, 4),
        lambda kib, d: rf"\max\{{B=2^k:\ {8 * d}\,B+4\,B^2\le {1024 * kib}\}}",
        levels=(3,),
    ),
    Step(
        "tiled",
        "Numbers with tiles: Q and O once, K and V once for each block",
        "T",
        r"2\,n\,d+\frac{n}{B}\cdot 2\,n\,d",
        lambda n, d, block: with_tiles(n, d, block),
        lambda n, d, block: (
            rf"2\cdot {n}\cdot {d}+\frac{{{n}}}{{{block}}}\cdot 2\cdot {n}\cdot {d}"
        ),
        levels=(2, 3),
    ),
    Step(
        "both",
        "Both in MiB",
        r"(\text{MiB}_N,\ \text{MiB}_T)",
        r"\left(\frac{N\cdot\text{bytes}}{2^{20}},\ \frac{T\cdot\text{bytes}}{2^{20}}\right)",
        lambda naive, tiled, bytes_each: [divide(x * bytes_each, 2**20) for x in (naive, tiled)],
        lambda naive, bytes_each: rf"\frac{{{naive}\cdot {bytes_each}}}{{2^{{20}}}}",
        levels=(2,),
    ),
    Step(
        "ratio",
        "How many times fewer",
        "r",
        r"\frac{N}{T}",
        lambda naive, tiled: divide(naive, tiled),
        lambda naive, tiled: rf"\frac{{{naive}}}{{{tiled}}}",
        levels=(3,),
    ),
    Step(
        "both",
        "Together",
        r"(B,\ r)",
        r"(B,\ r)",
        lambda block, ratio: [block, ratio],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "scores-moved-once",
        "naive",
        lambda n, d: 4 * n * d + 2 * n * n,
        r"You counted $S$ and $P$ once each; both are written and read again.",
        cause="count",
    ),
    Mistake(
        "one-matrix-of-pairs",
        "naive",
        lambda n, d: 4 * n * d + n * n,
        r"You counted one $n\times n$ matrix once; $S$ and $P$ are written and read.",
        cause="count",
    ),
    Mistake(
        "scores-only",
        "naive",
        lambda n: 4 * n * n,
        r"You left out $Q$, $K$, $V$ and $O$.",
        cause="count",
    ),
    Mistake(
        "result-left-out",
        "naive",
        lambda n, d: 3 * n * d + 4 * n * n,
        r"You left out the output, which is written.",
        cause="count",
    ),
    Mistake(
        "inputs-only",
        "naive",
        lambda n, d: 4 * n * d,
        r"You left out the $n\times n$ matrices; without tiles they go through memory.",
        cause="count",
    ),
    Mistake(
        "numbers-for-bytes",
        "mib",
        lambda naive: divide(naive, 2**20),
        "You counted numbers; each takes more than a byte.",
        cause="unit",
    ),
    Mistake(
        "millions-for-mib",
        "mib",
        lambda naive, bytes_each: divide(naive * bytes_each, 10**6),
        r"You divided by $10^6$; a MiB has $2^{20}$ bytes.",
        cause="unit",
    ),
    Mistake(
        "keys-once",
        "tiled",
        lambda n, d: 4 * n * d,
        r"You read $K$ and $V$ once in all; every block of queries reads them again.",
        cause="tiles",
    ),
    Mistake(
        "keys-without-values",
        "tiled",
        lambda n, d, block: 2 * n * d + n // block * n * d,
        r"You counted $K$ without $V$ for each block.",
        cause="tiles",
    ),
    Mistake(
        "keys-for-each-row",
        "tiled",
        lambda n, d: 2 * n * d + 2 * n * n * d,
        r"You read $K$ and $V$ for every row; the rows of a block share them.",
        cause="tiles",
    ),
    Mistake(
        "all-for-each-block",
        "tiled",
        lambda n, d, block: n // block * 4 * n * d,
        r"You moved $Q$ and $O$ whole for each block; each block has its own rows.",
        cause="tiles",
    ),
    Mistake(
        "queries-and-output-left-out",
        "tiled",
        lambda n, d, block: n // block * 2 * n * d,
        r"You left out $Q$ and $O$.",
        cause="tiles",
    ),
    Mistake(
        "millions-for-mib",
        "both",
        lambda naive, tiled, bytes_each: [divide(x * bytes_each, 10**6) for x in (naive, tiled)],
        r"You divided by $10^6$; a MiB has $2^{20}$ bytes.",
        levels=(2,),
        cause="unit",
    ),
    Mistake(
        "numbers-for-bytes",
        "both",
        lambda naive, tiled: [divide(x, 2**20) for x in (naive, tiled)],
        "You counted numbers; each takes 2 bytes.",
        levels=(2,),
        cause="unit",
    ),
    Mistake(
        "score-block-left-out",
        "block",
        lambda kib, d: fitting(kib, 8 * d, 0),
        r"You left out the block of scores; it has to fit as well.",
        when=lambda kib, d, block: fitting(kib, 8 * d, 0) != block,
        cause="block",
    ),
    Mistake(
        "one-block-of-rows",
        "block",
        lambda kib, d: fitting(kib, 2 * d, 4),
        r"You made room for one of $Q$, $K$, $V$, $O$; all four have a block there.",
        when=lambda kib, d, block: fitting(kib, 2 * d, 4) != block,
        cause="block",
    ),
    Mistake(
        "next-power",
        "block",
        lambda block: 2 * block,
        "This block is too large: it does not fit.",
        when=lambda kib, d, block: (
            2 * block not in (fitting(kib, 8 * d, 0), fitting(kib, 2 * d, 4))
        ),
        cause="block",
    ),
    Mistake(
        "power-before",
        "block",
        lambda block: block // 2,
        "Twice this block still fits.",
        cause="block",
    ),
    Mistake(
        "ratio-inverted",
        "ratio",
        lambda naive, tiled: divide(tiled, naive),
        "You gave the part that is left; asked is how many times fewer.",
        cause="ratio",
    ),
)

FAMILIES = (
    Family(
        name="tile-traffic",
        version=1,
        title="Memory traffic of attention",
        topic="streaming and decoding",
        says="What goes through memory with the scores written out, and tile by tile.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_naive, 2: question_tiled, 3: question_block},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        fine=fine,
        items=("N3.17", "N3.21"),
    ),
)
