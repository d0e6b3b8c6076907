"""How large a step may be: the factor per step, the limit, then several directions at once."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import decimal, matrix


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    rate = Fraction(dice.pick([1, 2, 3, 4, 5, 6, 8, 12, 15]), 20)
    if level == 1:
        return {"a": dice.between(1, 8), "rate": rate}
    if level == 2:
        flat, steep = dice.between(1, 6), dice.between(2, 12)
        return {"flat": flat, "steep": steep, "rate": rate} if flat < steep else None
    a, b = dice.between(2, 9), dice.between(-6, 6)
    if not 0 < abs(b) < a:
        return None
    return {"H": [[a, b], [b, a]], "rate": rate}


def fine(level: int, rate: Any, curvature: Any, factors: Any) -> bool:
    """No step that lands exactly or merely turns round, no blow-up beyond fourfold."""
    numbers = [factors] if level == 1 else factors
    top = curvature if level == 1 else curvature[-1]
    return all(0.04 < abs(f) < 4 and abs(abs(f) - 1) > 0.01 for f in numbers) and rate != 2 / top


def question_one(a: int, rate: Fraction) -> str:
    square = "w^2" if a == 1 else rf"{a}w^2"
    return (
        rf"Gradient descent with rate $\eta={decimal(float(rate), 2)}$ runs on $L(w)={square}$. "
        r"Every step multiplies $w$ by the same factor. Give this factor, and the limit below "
        r"which the rate has to stay so that $w$ goes to 0."
    )


def question_two(flat: int, steep: int, rate: Fraction) -> str:
    return (
        rf"Gradient descent with rate $\eta={decimal(float(rate), 2)}$ runs on "
        rf"$L(u, v)=\frac{{1}}{{2}}({_times(flat)}u^2+{steep}v^2)$. Give the factors by which a "
        r"step multiplies $u$ and $v$, in this order, and the limit below which the rate has to "
        r"stay so that both go to 0."
    )


def question_hessian(H: Matrix, rate: Fraction) -> str:
    return (
        rf"Gradient descent with rate $\eta={decimal(float(rate), 2)}$ runs on "
        r"$L(w)=\frac{1}{2}w^\top Hw$. Give the factors by which a step multiplies the parts of "
        r"$w$ along the two eigenvectors of $H$ (the smaller eigenvalue first), and the limit "
        r"below which the rate has to stay so that $w$ goes to 0."
        rf"$$H={matrix(H)}$$"
    )


def _times(a: int) -> str:
    return "" if a == 1 else str(a)


STEPS = (
    Step(
        "curvature",
        "Curvature: the second derivative",
        r"\lambda",
        "L''(w)=2a",
        lambda a: 2 * a,
        lambda a: rf"2\cdot {a}",
        levels=(1,),
    ),
    Step(
        "curvature",
        "Curvatures in both directions; the ½ cancels the 2 of the square",
        r"\lambda",
        r"\left(\frac{\partial^2L}{\partial u^2},\ \frac{\partial^2L}{\partial v^2}\right)",
        lambda flat, steep: [flat, steep],
        levels=(2,),
    ),
    Step(
        "curvature",
        "Eigenvalues of this symmetric matrix: diagonal minus and plus the other entry",
        r"\lambda",
        r"\left(a-|b|,\ a+|b|\right)",
        lambda H: [H[0][0] - abs(H[0][1]), H[0][0] + abs(H[0][1])],
        lambda H: rf"{H[0][0]}-{abs(H[0][1])}",
        levels=(3,),
    ),
    Step(
        "factors",
        "Factor of a step",
        r"\rho",
        r"1-\eta\lambda",
        lambda rate, curvature: 1 - rate * curvature,
        lambda rate, curvature: rf"1-{rate}\cdot {curvature}",
        levels=(1,),
    ),
    Step(
        "factors",
        "Factors of a step",
        r"\rho",
        r"\left(1-\eta\lambda_1,\ 1-\eta\lambda_2\right)",
        lambda rate, curvature: [1 - rate * c for c in curvature],
        lambda rate, curvature: rf"1-{rate}\cdot {curvature[0]}",
        levels=(2, 3),
    ),
    Step(
        "limit",
        "Limit of the rate: where the factor of the largest curvature reaches −1",
        r"\eta_{max}",
        r"\frac{2}{\lambda_{max}}",
        lambda curvature: divide(2, curvature),
        lambda curvature: rf"\frac{{2}}{{{curvature}}}",
        levels=(1,),
    ),
    Step(
        "limit",
        "Limit of the rate: where the factor of the largest curvature reaches −1",
        r"\eta_{max}",
        r"\frac{2}{\lambda_{max}}",
        lambda curvature: divide(2, max(curvature)),
        lambda curvature: rf"\frac{{2}}{{{max(curvature)}}}",
        levels=(2, 3),
    ),
    Step(
        "all",
        "Together",
        r"(\rho,\ \eta_{max})",
        r"(\rho,\ \eta_{max})",
        lambda factors, limit: [factors, limit],
        levels=(1,),
    ),
    Step(
        "all",
        "Together",
        r"(\rho_1,\ \rho_2,\ \eta_{max})",
        r"(\rho_1,\ \rho_2,\ \eta_{max})",
        lambda factors, limit: [*factors, limit],
        levels=(2, 3),
    ),
)

MISTAKES = (
    Mistake(
        "factor-two-missing",
        "curvature",
        lambda a: a,
        "You left out the 2: the second derivative of a·w² is 2a.",
        cause="curvature",
    ),
    Mistake(
        "factor-two-kept",
        "curvature",
        lambda flat, steep: [2 * flat, 2 * steep],
        "You kept a factor 2; the ½ before this loss cancels it.",
        cause="curvature",
    ),
    Mistake(
        "diagonal-for-eigenvalues",
        "curvature",
        lambda H: [H[0][0], H[1][1]],
        "You read the curvatures off the diagonal; with entries beside it they are eigenvalues.",
        cause="curvature",
    ),
    Mistake(
        "entries-for-eigenvalues",
        "curvature",
        lambda H: sorted([H[0][0], H[0][1]]),
        "You took the entries of a row for the eigenvalues.",
        cause="curvature",
    ),
    Mistake(
        "uphill",
        "factors",
        lambda rate, curvature: 1 + rate * curvature,
        r"You added the step; descent subtracts it: $w-\eta\lambda w$.",
        levels=(1,),
        cause="sign",
    ),
    Mistake(
        "uphill",
        "factors",
        lambda rate, curvature: [1 + rate * c for c in curvature],
        r"You added the step; descent subtracts it: $w-\eta\lambda w$.",
        levels=(2, 3),
        cause="sign",
    ),
    Mistake(
        "step-for-factor",
        "factors",
        lambda rate, curvature: rate * curvature,
        r"You gave $\eta\lambda$, the part that is taken away; the factor is what is left.",
        levels=(1,),
        cause="factor",
    ),
    Mistake(
        "step-for-factor",
        "factors",
        lambda rate, curvature: [rate * c for c in curvature],
        r"You gave $\eta\lambda$, the part that is taken away; the factor is what is left.",
        levels=(2, 3),
        cause="factor",
    ),
    Mistake(
        "size-of-factor",
        "factors",
        lambda factors: abs(factors),
        "You dropped the sign; a negative factor means that the steps jump from side to side.",
        when=lambda factors: factors < 0,
        levels=(1,),
        cause="sign",
    ),
    Mistake(
        "size-of-factor",
        "factors",
        lambda factors: [abs(f) for f in factors],
        "You dropped the sign; a negative factor means that the steps jump from side to side.",
        when=lambda factors: min(factors) < 0,
        levels=(2, 3),
        cause="sign",
    ),
    Mistake(
        "smallest-curvature",
        "limit",
        lambda curvature: divide(2, min(curvature)),
        "You took the flattest direction; the steepest one bounds the rate.",
        levels=(2, 3),
        cause="limit",
    ),
    Mistake(
        "sum-of-curvatures",
        "limit",
        lambda curvature: divide(2, sum(curvature)),
        "You gave the rate that shrinks both alike; stability reaches up to the larger one alone.",
        levels=(2, 3),
        cause="limit",
    ),
    Mistake(
        "one-over",
        "limit",
        lambda curvature: divide(1, curvature),
        r"You gave $1/\lambda$: there the factor is 0; it is stable up to $2/\lambda$.",
        levels=(1,),
        cause="limit",
    ),
    Mistake(
        "one-over",
        "limit",
        lambda curvature: divide(1, max(curvature)),
        r"You gave $1/\lambda$: there the factor is 0; it is stable up to $2/\lambda$.",
        levels=(2, 3),
        cause="limit",
    ),
    Mistake(
        "limit-upside-down",
        "limit",
        lambda curvature: divide(curvature, 2),
        r"You turned the limit upside down: it is $2/\lambda$.",
        levels=(1,),
        cause="limit",
    ),
    Mistake(
        "directions-exchanged",
        "all",
        lambda factors, limit: [*reversed(factors), limit],
        "The two factors are exchanged.",
        levels=(2, 3),
        cause="order",
    ),
)

FAMILIES = (
    Family(
        name="step-size",
        version=1,
        title="How large a step may be",
        topic="gradient descent and optimisers",
        says="Factor per step and the limit 2/λ of the rate.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_one, 2: question_two, 3: question_hessian},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention="in this order",
        fine=fine,
        items=("N2.28", "N2.29", "N2.33"),
    ),
)
