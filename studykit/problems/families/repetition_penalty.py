"""Penalties on what was said already: divided or multiplied logits, and subtracted ones."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector, shrink, softmax
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step, at_levels
from studykit.problems.wording import cell, decimal, row, softmax_working


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        whole = [dice.pick([-1, 1]) * dice.between(1, 9) for _ in range(5)]
        seen = dice.some(range(1, 6), dice.pick([2, 3]))
        return {"z": whole, "seen": sorted(seen), "r": Fraction(dice.pick([5, 6, 8, 10, 12]), 4)}
    z = [dice.pick([-1, 1, 1]) * dice.between(4, 30) / 10 for _ in range(4)]
    if level == 2:
        seen = dice.some(range(1, 5), 2)
        return {"z": z, "seen": sorted(seen), "r": Fraction(dice.pick([11, 12, 13, 15]), 10)}
    counts = [dice.pick([0, 0, 1, 2, 3, 4]) for _ in range(4)]
    return {
        "z": z,
        "counts": counts,
        "often": Fraction(dice.between(1, 6), 10),
        "once": Fraction(dice.between(2, 9), 10),
        "T": Fraction(dice.pick([5, 7, 8, 15, 20]), 10),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Among the words seen one logit of each sign; with counts, words of several kinds."""
    z = givens["z"]
    if level == 3:
        counts = givens["counts"]
        return len(set(z)) == 4 and 0 in counts and max(counts) > 1 and len(set(counts)) > 2
    signs = {z[int(i) - 1] > 0 for i in givens["seen"]}
    return len(set(z)) == len(z) and len(signs) == 2


def _words(seen: Vector) -> str:
    return ", ".join(map(str, seen[:-1])) + f" and {seen[-1]}"


def question_logits(z: Vector, seen: Vector, r: Fraction) -> str:
    return (
        rf"These are the logits of five words. Words {_words(seen)} (counted from 1) are in the "
        rf"text already. A repetition penalty of $r={decimal(float(r), 2)}$ divides a positive "
        r"logit of such a word by $r$ and multiplies a negative one by $r$. Give all five logits "
        r"afterwards."
        rf"$$z={row(z)}$$"
    )


def question_probabilities(z: Vector, seen: Vector, r: Fraction) -> str:
    return (
        rf"These are the logits of four words. Words {_words(seen)} (counted from 1) are in the "
        rf"text already. A repetition penalty of $r={decimal(float(r), 1)}$ divides a positive "
        r"logit of such a word by $r$ and multiplies a negative one by $r$. Give the probabilities "
        r"of the four words afterwards."
        rf"$$z={row(z, 1)}$$"
    )


def question_counts(z: Vector, counts: Vector, often: Fraction, once: Fraction, T: Fraction) -> str:
    return (
        r"These are the logits of four words, and how often each is in the text already. A "
        rf"frequency penalty of {decimal(float(often), 1)} is subtracted for each occurrence, a "
        rf"presence penalty of {decimal(float(once), 1)} once for every word that occurs; then the "
        rf"logits are divided by the temperature $T={decimal(float(T), 1)}$. Give the "
        r"probabilities."
        rf"$$z={row(z, 1)}\qquad\text{{counts}}={row(list(map(int, counts)))}$$"
    )


def penalised(z: Vector, seen: Vector, f: Any) -> Vector:
    """f applied to the logits of the words seen (counted from 1)."""
    return [f(x) if i in seen else x for i, x in enumerate(z, start=1)]


def penalty(x: Any, r: Any) -> Any:
    return divide(x, r) if x > 0 else x * r


def lowered(z: Vector, counts: Vector, often: Any, once: Any) -> Vector:
    return [x - often * c - (once if c else 0) for x, c in zip(z, counts, strict=True)]


STEPS = (
    Step(
        "logits",
        "Words seen: smaller if positive, more negative if negative; the others stay",
        "z'",
        r"z_i/r\ \text{if}\ z_i>0,\quad z_i\,r\ \text{if}\ z_i<0",
        lambda z, seen, r: penalised(z, seen, lambda x: penalty(x, r)),
        levels=(1, 2),
        entry=r"z'_i",
    ),
    Step(
        "logits",
        "Subtracted for each occurrence, and once for those that occur",
        "z'",
        r"z_i-c_i\,\alpha_f-[c_i>0]\,\alpha_p",
        lambda z, counts, often, once: lowered(z, counts, often, once),
        lambda z, counts, often, once: (
            rf"{cell(z[0], 1)}-{int(counts[0])}\cdot {cell(float(often), 1)}"
            rf"-{cell(float(once) if counts[0] else 0, 1)}"
        ),
        levels=(3,),
        entry=r"z'_i",
    ),
    Step(
        "probabilities",
        "Softmax",
        "p",
        r"\mathrm{softmax}(z')",
        lambda logits: softmax(logits),
        lambda logits: softmax_working(logits, 3),
        levels=(2,),
    ),
    Step(
        "probabilities",
        "Softmax at this temperature",
        "p",
        r"\mathrm{softmax}(z'/T)",
        lambda logits, T: softmax(shrink(logits, T)),
        lambda logits, T: softmax_working(shrink(logits, float(T)), 3),
        levels=(3,),
    ),
)

DIVIDED = (
    Mistake(
        "always-divided",
        "logits",
        lambda z, seen, r: penalised(z, seen, lambda x: divide(x, r)),
        "You divided negative logits too; that makes those words likelier.",
        cause="sign",
    ),
    Mistake(
        "always-multiplied",
        "logits",
        lambda z, seen, r: penalised(z, seen, lambda x: x * r),
        "You multiplied positive logits; that makes those words likelier.",
        cause="sign",
    ),
    Mistake(
        "exchanged",
        "logits",
        lambda z, seen, r: penalised(z, seen, lambda x: x * r if x > 0 else divide(x, r)),
        "You exchanged the rules: positive logits are divided, negative ones multiplied.",
        cause="sign",
    ),
    Mistake(
        "subtracted",
        "logits",
        lambda z, seen, r: penalised(z, seen, lambda x: x - r),
        "You subtracted the penalty; this one divides or multiplies.",
        cause="kind",
    ),
    Mistake(
        "all-words",
        "logits",
        lambda z, r: [penalty(x, r) for x in z],
        "You penalised every word; only those in the text are.",
        cause="words",
    ),
    Mistake(
        "the-other-words",
        "logits",
        lambda z, seen, r: [x if i in seen else penalty(x, r) for i, x in enumerate(z, start=1)],
        "You penalised the words that are not in the text.",
        cause="words",
    ),
    Mistake(
        "words-from-zero",
        "logits",
        lambda z, seen, r: penalised(z, [i + 1 for i in seen], lambda x: penalty(x, r)),
        "You counted the words from 0; the first one is 1.",
        cause="words",
    ),
)

MISTAKES = (
    *at_levels((1, 2), DIVIDED),
    Mistake(
        "no-penalty",
        "logits",
        lambda z: z,
        "You left out the penalty.",
        levels=(2,),
        cause="kind",
    ),
    Mistake(
        "probabilities-penalised",
        "probabilities",
        lambda z, seen, r: (lambda p: [x / sum(p) for x in p])(
            penalised(softmax(z), seen, lambda x: x / r)
        ),
        "You divided the probabilities; the penalty acts on logits, before the softmax.",
        levels=(2,),
        cause="kind",
    ),
    Mistake(
        "once-only",
        "logits",
        lambda z, counts, often, once: lowered(z, [min(c, 1) for c in counts], often, once),
        "You counted each word once; the frequency penalty counts every occurrence.",
        levels=(3,),
        cause="count",
    ),
    Mistake(
        "presence-for-each",
        "logits",
        lambda z, counts, often, once: lowered(z, counts, often + once, 0),
        "You subtracted the presence penalty for each occurrence; it counts once.",
        levels=(3,),
        cause="count",
    ),
    Mistake(
        "presence-left-out",
        "logits",
        lambda z, counts, often: lowered(z, counts, often, 0),
        "You left out the presence penalty.",
        levels=(3,),
        cause="kind",
    ),
    Mistake(
        "frequency-left-out",
        "logits",
        lambda z, counts, once: lowered(z, counts, 0, once),
        "You left out the frequency penalty.",
        levels=(3,),
        cause="kind",
    ),
    Mistake(
        "penalties-exchanged",
        "logits",
        lambda z, counts, often, once: lowered(z, counts, once, often),
        "You exchanged the two penalties.",
        when=lambda often, once: often != once,
        levels=(3,),
        cause="count",
    ),
    Mistake(
        "added",
        "logits",
        lambda z, counts, often, once: lowered(z, counts, -often, -once),
        "You added the penalties; that rewards repetition.",
        levels=(3,),
        cause="sign",
    ),
    Mistake(
        "temperature-first",
        "probabilities",
        lambda z, counts, often, once, T: softmax(lowered(shrink(z, T), counts, often, once)),
        "You divided by the temperature before subtracting; the penalties come first here.",
        levels=(3,),
        cause="temperature",
    ),
    Mistake(
        "temperature-left-out",
        "probabilities",
        lambda logits: softmax(logits),
        "You left out the temperature.",
        levels=(3,),
        cause="temperature",
    ),
)

FAMILIES = (
    Family(
        name="repetition-penalty",
        version=1,
        title="Penalties on repetition",
        topic="streaming and decoding",
        says="Words already in the text lose logit: divided, multiplied, or subtracted from.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_logits, 2: question_probabilities, 3: question_counts},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention="in the order of the words",
        fine=fine,
        items=("N3.51", "N3.19"),
    ),
)
