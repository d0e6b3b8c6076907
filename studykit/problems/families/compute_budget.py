"""A budget of FLOPs shared between parameters and tokens, and the loss that scaling laws expect."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Figures, Places
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell

# Hoffmann et al. 2022, approach 3: L(N, D) = E + A/N^α + B/D^β.
E, A, B, ALPHA, BETA = 1.69, 406.4, 410.7, 0.34, 0.28


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        size, each = dice.pick([1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30]), dice.pick([10, 20, 40])
        return {"budget": divide(6 * each * size * size, 1000), "each": each}
    if level == 2:
        return {
            "mantissa": dice.between(10, 99),
            "power": dice.between(19, 24),
            "each": dice.pick([10, 15, 20, 30, 50, 100]),
        }
    billions = dice.pick([0.4, 1.0, 1.5, 3.0, 7.0, 8.0, 13.0, 34.0, 70.0])
    return {"size": billions, "tokens": round(billions * dice.between(8, 120))}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Neither sizes of one number nor budgets that are powers of ten."""
    return level != 2 or givens["mantissa"] % 10 != 0


def question_exact(budget: Fraction, each: int) -> str:
    return (
        rf"Training a model of $N$ parameters on $D$ tokens takes $6\,N\,D$ FLOPs. A budget of "
        rf"${float(budget):g}\cdot 10^{{21}}$ FLOPs is to give ${each}$ tokens for each parameter. "
        r"Give $N$ and $D$ in units of $10^9$."
    )


def question_decimal(mantissa: int, power: int, each: int) -> str:
    return (
        rf"Training a model of $N$ parameters on $D$ tokens takes $6\,N\,D$ FLOPs. A budget of "
        rf"${mantissa / 10:g}\cdot 10^{{{power}}}$ FLOPs is to give ${each}$ tokens for each "
        r"parameter. Give $N$ in units of $10^9$."
    )


def question_loss(size: float, tokens: int) -> str:
    return (
        rf"A scaling law expects the loss $L(N,D)={E}+\frac{{{A}}}{{N^{{{ALPHA}}}}}"
        rf"+\frac{{{B}}}{{D^{{{BETA}}}}}$ (nats a token) for $N$ parameters and $D$ tokens. Give "
        rf"it for $N={size:g}\cdot 10^9$ and $D={tokens}\cdot 10^9$, and the loss that this model "
        r"could reach with tokens without end."
    )


def parts(size: float, tokens: float) -> list[float]:
    """What parameters and tokens, in units of 10⁹, add to the loss."""
    return [A / (size * 1e9) ** ALPHA, B / (tokens * 1e9) ** BETA]


def whole_root(square: Any) -> Any:
    """Its root, whole where it is a square."""
    root = math.sqrt(square)
    return round(root) if round(root) ** 2 == square else root


def spread(mantissa: int, power: int, by: float) -> float:
    """√(C/by), in units of 10⁹."""
    return math.sqrt(mantissa / 10 / by * 10.0 ** (power - 18))


STEPS = (
    Step(
        "square",
        "With D = rN: the square of N, in units of 10¹⁸",
        "N^2",
        r"\frac{C}{6\,r}",
        lambda budget, each: divide(1000 * budget, 6 * each),
        lambda budget, each: rf"\frac{{{float(budget):g}\cdot 10^3}}{{6\cdot {each}}}",
        levels=(1,),
    ),
    Step(
        "size",
        "Parameters, in units of 10⁹",
        "N",
        r"\sqrt{N^2}",
        lambda square: whole_root(square),
        lambda square: rf"\sqrt{{{cell(square)}}}",
        levels=(1,),
    ),
    Step(
        "tokens",
        "Tokens, in units of 10⁹",
        "D",
        r"r\,N",
        lambda size, each: each * size,
        lambda size, each: rf"{each}\cdot {cell(size)}",
        levels=(1,),
    ),
    Step(
        "both",
        "Together",
        r"(N,\ D)",
        r"(N,\ D)",
        lambda size, tokens: [size, tokens],
        levels=(1,),
    ),
    Step(
        "size",
        "With D = rN, in units of 10⁹",
        "N",
        r"\frac{1}{10^9}\sqrt{\frac{C}{6\,r}}",
        lambda mantissa, power, each: spread(mantissa, power, 6 * each),
        lambda mantissa, power, each: (
            rf"\frac{{1}}{{10^9}}\sqrt{{\frac{{{mantissa / 10:g}\cdot 10^{{{power}}}}}"
            rf"{{6\cdot {each}}}}}"
        ),
        levels=(2,),
    ),
    Step(
        "parts",
        "What parameters and tokens add",
        r"(L_N,\ L_D)",
        r"\left(\frac{A}{N^\alpha},\ \frac{B}{D^\beta}\right)",
        lambda size, tokens: parts(size, tokens),
        lambda size: rf"\frac{{{A}}}{{({size:g}\cdot 10^9)^{{{ALPHA}}}}}",
        levels=(3,),
    ),
    Step(
        "both",
        "The loss, and without the tokens' part",
        r"(L,\ L_\infty)",
        r"(E+L_N+L_D,\ E+L_N)",
        lambda parts: [E + parts[0] + parts[1], E + parts[0]],
        lambda parts: f"{E}+{cell(parts[0])}+{cell(parts[1])}",
        levels=(3,),
    ),
)


MISTAKES = (
    Mistake(
        "root-left-out",
        "size",
        lambda square: square,
        "You did not take the root.",
        levels=(1,),
        cause="root",
    ),
    Mistake(
        "six-left-out",
        "square",
        lambda budget, each: divide(1000 * budget, each),
        "You left out the 6 FLOPs for each parameter and token.",
        cause="flops",
    ),
    Mistake(
        "forward-only",
        "square",
        lambda budget, each: divide(1000 * budget, 2 * each),
        "You counted 2 FLOPs, the forward pass alone; training takes 6.",
        cause="flops",
    ),
    Mistake(
        "ratio-left-out",
        "square",
        lambda budget: divide(1000 * budget, 6),
        "You left out the tokens for each parameter.",
        cause="ratio",
    ),
    Mistake(
        "exchanged",
        "both",
        lambda size, tokens: [tokens, size],
        "You exchanged parameters and tokens.",
        levels=(1,),
        cause="order",
    ),
    Mistake(
        "tokens-divided",
        "tokens",
        lambda size, each: divide(size, each),
        "You divided by the ratio; there are more tokens than parameters.",
        cause="ratio",
    ),
    Mistake(
        "six-left-out",
        "size",
        lambda mantissa, power, each: spread(mantissa, power, each),
        "You left out the 6 FLOPs for each parameter and token.",
        levels=(2,),
        cause="flops",
    ),
    Mistake(
        "forward-only",
        "size",
        lambda mantissa, power, each: spread(mantissa, power, 2 * each),
        "You counted 2 FLOPs, the forward pass alone; training takes 6.",
        levels=(2,),
        cause="flops",
    ),
    Mistake(
        "ratio-left-out",
        "size",
        lambda mantissa, power: spread(mantissa, power, 6),
        "You left out the tokens for each parameter.",
        levels=(2,),
        cause="ratio",
    ),
    Mistake(
        "tokens-for-parameters",
        "size",
        lambda size, each: size * each,
        "You gave the tokens.",
        levels=(2,),
        cause="order",
    ),
    Mistake(
        "root-before-the-ratio",
        "size",
        lambda mantissa, power, each: spread(mantissa, power, 6) / each,
        "You divided by the ratio after the root; it stands under it.",
        levels=(2,),
        cause="root",
    ),
    Mistake(
        "exponents-exchanged",
        "parts",
        lambda size, tokens: [A / (size * 1e9) ** BETA, B / (tokens * 1e9) ** ALPHA],
        "You exchanged the exponents.",
        cause="law",
    ),
    Mistake(
        "exponents-left-out",
        "parts",
        lambda size, tokens: [A / (size * 1e9), B / (tokens * 1e9)],
        "You left out the exponents.",
        cause="law",
    ),
    Mistake(
        "billions-left-out",
        "parts",
        lambda size, tokens: [A / size**ALPHA, B / tokens**BETA],
        r"You used billions as the unit; the law counts single parameters and tokens.",
        cause="unit",
    ),
    Mistake(
        "entropy-left-out",
        "both",
        lambda both: [x - E for x in both],
        "You left out the first term, which nothing takes away.",
        levels=(3,),
        cause="law",
    ),
    Mistake(
        "parameters-without-end",
        "both",
        lambda both, parts: [both[0], E + parts[1]],
        "You let the parameters grow without end; the tokens were asked.",
        levels=(3,),
        cause="limit",
    ),
    Mistake(
        "both-without-end",
        "both",
        lambda both: [both[0], E],
        "You let both grow without end; the model stays as it is.",
        levels=(3,),
        cause="limit",
    ),
)

FAMILIES = (
    Family(
        name="compute-budget",
        version=1,
        title="A budget of FLOPs",
        topic="parameters, FLOPs and memory",
        says="How many parameters and tokens a budget buys, and the loss to expect.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_exact, 2: question_decimal, 3: question_loss},
        precision={1: Exact(), 2: Figures(3), 3: Places(3)},
        fine=fine,
        items=("N2.18", "N2.26"),
    ),
)
