"""Mean and variance of a score under stated means and variances: why it is divided by √d."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from studykit.answers import Exact
from studykit.problems.calculus import expanded
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.formula import Declared, Formula, formula

GIVEN = ("sigma", "means", "scale", "factor")

SIGMAS = {
    "letters": ("sigma_q^2", "sigma_k^2", r"\sigma_q^2", r"\sigma_k^2"),
    "one": ("sigma^2", "sigma^2", r"\sigma^2", r"\sigma^2"),
    "query": ("sigma^2", "1", r"\sigma^2", "1"),
}
"""The two variances, as formulas and in TeX."""

MEANS = {"none": ("0", "0"), "query": ("mu", "0"), "both": ("mu", "nu"), "same": ("mu", "mu")}

SCALES = {"none": ("1", ""), "root": ("sqrt(d)", r"/\sqrt{d}"), "d": ("d", "/d")}


def draws(dice: Dice, level: int) -> dict[str, Any]:
    means = {1: ["none"], 2: ["query", "both"], 3: ["query", "both", "same"]}[level]
    return {
        "sigma": dice.pick(list(SIGMAS)),
        "means": dice.pick(means),
        "scale": dice.pick(list(SCALES)),
        "factor": dice.pick([1, 1, 2, 3, 4, 5, 6]),
    }


def names(sigma: str, means: str, *_others: Any) -> Declared:
    letters = ["sigma_q", "sigma_k"] if sigma == "letters" else ["sigma"]
    centres = {x: "real" for x in MEANS[means] if x != "0"}
    return dict.fromkeys(letters, "positive") | centres | {"d": "positive"}


def written(text: str, *given: Any) -> Formula:
    return formula(text, names(*given))


@lru_cache(maxsize=1024)
def moments(*given: Any) -> tuple[Formula, Formula, Formula, Formula]:
    """Variance and mean of a query entry and of a key entry."""
    a, b, *_ = SIGMAS[given[0]]
    mu, nu = MEANS[given[1]]
    return (
        written(a, *given),
        written(mu, *given),
        written(b, *given),
        written(nu, *given),
    )


PATTERN = dict.fromkeys(("a", "b", "m", "n"), "real")

SQUARE = "(a + m^2) (b + n^2)"
"""E[q²k²] of one pair of entries: independent, so the product of both mean squares."""

VARIANCE = "(a + m^2) (b + n^2) - m^2 n^2"


@lru_cache(maxsize=1024)
def multiplied_out(text: str, *given: Any) -> Formula:
    """A pattern in variances a, b and means m, n, expanded by SymPy, with the problem's own."""
    a, m, b, n = moments(*given)
    kept = {name: 0 for name, text in zip("mn", MEANS[given[1]], strict=True) if text == "0"}
    pattern = expanded(formula(text, PATTERN).put(**kept))
    return pattern.put(a=a, m=m, b=b, n=n).declaring(names(*given))


def width(*given: Any) -> Formula:
    return written("d", *given)


def scaled(f: Formula, *given: Any) -> Formula:
    """A variance, through the constant and the scale: both squared."""
    f = f * (int(given[3]) ** 2)
    if given[2] == "none":
        return f
    return f / width(*given) if given[2] == "root" else f / (width(*given) * width(*given))


def shown_means(means: str) -> tuple[str, str]:
    """Both means in TeX."""
    mu, nu = (m if m == "0" else rf"\{m}" for m in MEANS[means])
    return mu, nu


def question(sigma: str, means: str, scale: str, factor: int) -> str:
    _, _, a, b = SIGMAS[sigma]
    mu, nu = shown_means(means)
    front = "" if factor == 1 else str(factor)
    over = SCALES[scale][1]
    return (
        rf"The $d$ entries of a query are independent with mean ${mu}$ and variance ${a}$, those "
        rf"of a key with mean ${nu}$ and variance ${b}$, and independent of the query. "
        rf"The score is $s={front}\,q\cdot k{over}$. Give its variance."
    )


def question_second(sigma: str, means: str, scale: str, factor: int, asked: str) -> str:
    text = question(sigma, means, scale, factor)
    wanted = {"square": r"the mean of its square, $E[s^2]$", "scaled": "its variance"}[asked]
    return text.replace("Give its variance.", f"Give {wanted}.")


def mean(*given: Any) -> Formula:
    """The score's mean: each of the pairs adds the product of the means."""
    _, mu, _, nu = moments(*given)
    f = width(*given) * mu * nu * int(given[3])
    if given[2] == "none":
        return f
    by = written("sqrt(d)", *given) if given[2] == "root" else width(*given)
    return f / by


def less_square(second: Formula, *given: Any) -> Formula:
    """The variance from the mean square; a learner's own mean square is not multiplied out."""
    if second.tree == multiplied_out(SQUARE, *given).tree:
        return multiplied_out(VARIANCE, *given)
    _, mu, _, nu = moments(*given)
    return second - mu * mu * nu * nu


def squared(factor: int, over: str) -> str:
    return rf"({factor}{over})^2" if over else f"{factor}^2"


STEPS = (
    Step(
        "second",
        "Mean square of one product: independent, so the two mean squares multiply",
        r"E[q_c^2k_c^2]",
        lambda sigma, means: r"\cdot ".join(
            variance if mean == "0" else rf"\left({variance}+{mean}^2\right)"
            for variance, mean in zip(SIGMAS[sigma][2:], shown_means(means), strict=True)
        ),
        lambda *given: multiplied_out(SQUARE, *given),
        takes=GIVEN,
    ),
    Step(
        "term",
        "Variance of one product: that less the square of its mean",
        r"\mathrm{Var}(q_ck_c)",
        r"E[q_c^2k_c^2]-\left(E[q_c]\,E[k_c]\right)^2",
        lambda second, *given: less_square(second, *given),
        takes=("second", *GIVEN),
    ),
    Step(
        "sum",
        "Independent products: their variances add up",
        r"\mathrm{Var}(q\cdot k)",
        r"d\cdot\mathrm{Var}(q_ck_c)",
        lambda term, *given: width(*given) * term,
        takes=("term", *GIVEN),
    ),
    Step(
        "scaled",
        "A constant factor comes out of a variance squared",
        r"\mathrm{Var}(s)",
        lambda scale, factor: (
            ("" if (scale, factor) == ("none", 1) else squared(factor, SCALES[scale][1]) + r"\,")
            + r"\mathrm{Var}(q\cdot k)"
        ),
        scaled,
        takes=("sum", *GIVEN),
    ),
    Step(
        "square",
        "Mean square: the variance and the square of the mean",
        r"E[s^2]",
        r"\mathrm{Var}(s)+E[s]^2",
        lambda scaled, *given: scaled + mean(*given) * mean(*given),
        levels=(3,),
        takes=("scaled", *GIVEN),
    ),
)


def _is(*names_: str) -> Any:
    return lambda means: means in names_


MISTAKES = (
    Mistake(
        "width-squared",
        "sum",
        lambda term, *given: width(*given) * width(*given) * term,
        "There are as many products as the width, each with this variance: it comes in once.",
        cause="width",
        takes=("term", *GIVEN),
    ),
    Mistake(
        "width-left-out",
        "sum",
        lambda term: term,
        "You gave the variance of one product; the score adds as many as the width.",
        cause="width",
    ),
    Mistake(
        "scale-not-squared",
        "scaled",
        lambda sum_, *given: (
            sum_ * int(given[3])
            if given[2] == "none"
            else sum_
            * int(given[3])
            / (written("sqrt(d)", *given) if given[2] == "root" else width(*given))
        ),
        "A constant factor comes out of a variance squared; you took it once.",
        when=lambda scale, factor: scale != "none" or factor != 1,
        cause="scale",
        takes=("sum", *GIVEN),
    ),
    Mistake(
        "scale-left-out",
        "scaled",
        lambda sum_, *given: sum_ * (int(given[3]) ** 2),
        "You left out what divides the score.",
        when=lambda scale: scale != "none",
        cause="scale",
        takes=("sum", *GIVEN),
    ),
    Mistake(
        "variances-added",
        "term",
        lambda *given: moments(*given)[0] + moments(*given)[2],
        "You added the two variances, as for a sum; here the entries are multiplied.",
        cause="product",
        takes=GIVEN,
    ),
    Mistake(
        "means-left-out",
        "term",
        lambda *given: moments(*given)[0] * moments(*given)[2],
        "You took the means as 0; a mean that is not 0 adds to the variance of the product.",
        when=_is("query", "both", "same"),
        levels=(2, 3),
        cause="means",
        takes=GIVEN,
    ),
    Mistake(
        "mean-not-subtracted",
        "term",
        lambda second: second,
        "This is the mean square of a product; its variance is less by the square of the mean.",
        when=_is("both", "same"),
        levels=(2, 3),
        cause="means",
    ),
    Mistake(
        "mean-not-squared",
        "square",
        lambda scaled, *given: scaled + mean(*given),
        "You added the mean; it is the square of the mean that is missing.",
        when=_is("both", "same"),
        levels=(3,),
        cause="means",
        takes=("scaled", *GIVEN),
    ),
    Mistake(
        "variance-for-square",
        "square",
        lambda scaled: scaled,
        "You gave the variance; the mean square has the square of the mean as well.",
        when=_is("both", "same"),
        levels=(3,),
        cause="means",
    ),
)

FAMILIES = (
    Family(
        name="score-moments",
        version=1,
        title="Variance of a score, as a formula",
        topic="scaling",
        says="Expand the variance of q·k under stated means, variances and scales.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question, 2: question, 3: question_second},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        asked={1: ("scaled",), 2: ("scaled",), 3: ("scaled", "square")},
        items=("N1.32", "N2.12", "N4.8"),
    ),
)
