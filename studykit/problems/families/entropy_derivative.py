"""The derivative of an entropy or a divergence: by a probability, a logit, a score of many."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.calculus import derivative
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.formula import Declared, Formula, formula
from studykit.problems.wording import partial

PATTERN = {"p": "(0, 1)", "a": "(0, 1)", "c": "positive", "z": "real"}

KINDS = {
    "entropy": "-p ln(p) - (1 - p) ln(1 - p)",
    "crossed": "-a ln(p) - (1 - a) ln(1 - p)",
    "divergence": "p ln(p / a) + (1 - p) ln((1 - p) / (1 - a))",
    "turned": "a ln(a / p) + (1 - a) ln((1 - a) / (1 - p))",
}

MANY = {
    "entropy": ("-p (ln(p) + h)", r"H=-\sum_k p_k\ln p_k", "H"),
    "divergence": ("p (ln(p / q) - h)", r"D=\sum_k p_k\ln\frac{p_k}{q_k}", "D"),
}


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 3:
        return {
            "kind": dice.pick(list(MANY)),
            "letter": str(dice.between(1, 6)),
            "c": dice.pick([1, 2, 3]),
            "how": dice.pick(["none", "tau"]),
        }
    return {
        "kind": dice.pick(list(KINDS)),
        "letter": "p" if level == 1 else "z",
        "c": dice.between(1, 9),
        "how": "none",
    }


GIVEN = ("level", "kind", "letter", "how")


def names(level: int, kind: str, letter: str, how: str) -> Declared:
    if level == 3:
        scale = {"tau": "positive"} if how == "tau" else {}
        other = {"q": "stochastic vector 6"} if kind == "divergence" else {}
        weights = {"p": f"vector 6 = softmax({'s / tau' if scale else 's'})"}
        whole = "sum(p ⊙ ln(p / q))" if other else "-sum(p ⊙ ln(p))"
        return {"s": "vector 6"} | other | scale | weights | {MANY[kind][2]: f"real = {whole}"}
    target = {} if kind == "entropy" else {"a": "(0, 1)"}
    if level == 1:
        return {letter: "(0, 1)"} | target
    return {letter: "real"} | target | {"p": f"(0, 1) = sigmoid({letter})"}


def probability(*given: Any) -> Formula:
    """What stands in the place of p."""
    level, _, letter, _ = given
    return formula(letter if level == 1 else f"sigmoid({letter})", names(*given))


def at(text: str, *given: Any) -> Formula:
    """A pattern at the problem's own probability."""
    return formula(text, PATTERN).put(p=probability(*given)).declaring(names(*given))


def many(text: str, *given: Any) -> Formula:
    """A pattern in p, q and h, with the problem's own index and letter."""
    _, kind, letter, _ = given
    pattern = formula(text, {"p": "probability", "q": "probability", "h": "positive"})
    declared = names(*given)
    put = {"p": formula(f"p_{letter}", declared), "h": formula(MANY[kind][2], declared)}
    if kind == "divergence":
        put["q"] = formula(f"q_{letter}", declared)
    return pattern.put(**put).declaring(declared)


def question_probability(level: int, kind: str, letter: str, how: str, c: int) -> str:
    f = at(KINDS[kind], level, kind, letter, how)
    front = "" if c == 1 else str(c)
    shown = f.tex if c == 1 else rf"{front}\left({f.tex}\right)"
    return rf"Differentiate with respect to ${letter}$.$$f={shown}$$"


def question_logit(kind: str, letter: str, c: int) -> str:
    inner = formula(KINDS[kind], PATTERN).tex
    shown = inner if c == 1 else rf"{c}\left({inner}\right)"
    return (
        rf"A probability is $p=\sigma({letter})$, with the sigmoid $\sigma$. Differentiate with "
        rf"respect to ${letter}$.$$f={shown}$$"
    )


def question_many(kind: str, letter: str, c: int, how: str) -> str:
    inside = "s" if how == "none" else r"s/\tau"
    front = "" if c == 1 else str(c)
    said = " The $q_k$ are fixed and sum to 1." if kind == "divergence" else ""
    return (
        rf"A row of six scores $s$ gives the weights $p=\mathrm{{softmax}}({inside})$.{said} "
        rf"Give $\partial f/\partial s_{letter}$ for $f={front}{MANY[kind][2]}$ in terms of the "
        rf"names below.$${MANY[kind][1]}$$"
    )


def by_probability(*given: Any) -> Formula:
    """∂f/∂p by SymPy, at the problem's probability."""
    slope = derivative(formula(KINDS[given[1]], PATTERN), "p")
    return slope.put(p=probability(*given)).declaring(names(*given))


def bare(c: int) -> str:
    """The function without its factor."""
    return "f" if c == 1 else rf"(f/{c})"


def times(c: int) -> str:
    """The factor in front, where there is one."""
    return "" if c == 1 else rf"{c}\cdot "


def by_inside(kind: str, letter: str, how: str) -> str:
    """The derivative by what stands in the softmax."""
    return partial(rf"(s_{letter}/\tau)" if how == "tau" else f"s_{letter}", MANY[kind][2])


STEPS = (
    Step(
        "slope",
        "Derivative by the probability: the logarithm itself, and what its own slope leaves",
        lambda c: partial("p", bare(c)),
        lambda kind: (
            rf"\frac{{\partial}}{{\partial p}}\left({formula(KINDS[kind], PATTERN).tex}\right)"
        ),
        by_probability,
        levels=(1, 2),
        takes=GIVEN,
    ),
    Step(
        "derivative",
        "Times the factor in front",
        partial("p", "f"),
        lambda c: times(c) + partial("p", bare(c)),
        lambda slope, c: slope * int(c),
        levels=(1,),
    ),
    Step(
        "derivative",
        "Chain rule: times the derivative of the sigmoid, and the factor in front",
        r"\frac{\partial f}{\partial z}",
        lambda c: rf"{times(c)}{partial('p', bare(c))}\cdot{partial('z', 'p')}",
        lambda slope, c, *given: slope * at("p (1 - p)", *given) * int(c),
        levels=(2,),
        takes=("slope", "c", *GIVEN),
    ),
    Step(
        "score",
        "By a score: the weight, times how far its own term lies from the mean of all",
        by_inside,
        lambda kind, letter: (
            rf"\sum_k{partial('p_k', MANY[kind][2])}\,p_k(\delta_{{k{letter}}}-p_{letter})"
        ),
        lambda *given: many(MANY[given[1]][0], *given),
        levels=(3,),
        takes=GIVEN,
    ),
    Step(
        "derivative",
        "Times the factor in front, and over the temperature where there is one",
        lambda letter: partial(f"s_{letter}", "f"),
        lambda kind, letter, how, c: (
            (rf"\frac{{{c}}}{{\tau}}\cdot " if how == "tau" else times(c))
            + by_inside(kind, letter, how)
        ),
        lambda score, c, *given: tempered(score * int(c), *given),
        levels=(3,),
        takes=("score", "c", *GIVEN),
    ),
)


def tempered(f: Formula, *given: Any) -> Formula:
    return f / formula("tau", names(*given)) if given[3] == "tau" else f


def _among(kinds: dict[str, str]) -> Any:
    return lambda kind: kind in kinds


def _slope(name: str, texts: dict[str, str], says: str, cause: str) -> Mistake:
    return Mistake(
        name,
        "slope",
        lambda *given: at(texts[given[1]], *given),
        says,
        when=_among(texts),
        levels=(1, 2),
        cause=cause,
        takes=GIVEN,
    )


def _score(name: str, texts: dict[str, str], says: str, cause: str) -> Mistake:
    return Mistake(
        name,
        "score",
        lambda *given: many(texts[given[1]], *given),
        says,
        levels=(3,),
        cause=cause,
        takes=GIVEN,
    )


MISTAKES = (
    _slope(
        "sign-flipped",
        {
            "entropy": "ln(p / (1 - p))",
            "crossed": "a / p - (1 - a) / (1 - p)",
            "divergence": "ln(a (1 - p) / (p (1 - a)))",
            "turned": "a / p - (1 - a) / (1 - p)",
        },
        "The sign is the wrong way round: check where the function falls.",
        "sign",
    ),
    _slope(
        "inner-minus-forgotten",
        {
            "entropy": "-ln(p) - ln(1 - p) - 2",
            "crossed": "-a / p - (1 - a) / (1 - p)",
            "divergence": "ln(p / a) + ln((1 - p) / (1 - a)) + 2",
            "turned": "-a / p - (1 - a) / (1 - p)",
        },
        r"The derivative of $1-p$ is $-1$: the second term turns its sign.",
        "chain",
    ),
    _slope(
        "one-term-only",
        {
            "entropy": "-ln(p) - 1",
            "crossed": "-a / p",
            "divergence": "ln(p / a) + 1",
            "turned": "-a / p",
        },
        r"You differentiated the first term alone; $1-p$ moves as well.",
        "terms",
    ),
    Mistake(
        "factor-in-front-left-out",
        "derivative",
        lambda slope: slope,
        "You left out the factor in front.",
        when=lambda c: c != 1,
        levels=(1,),
        cause="factor",
    ),
    Mistake(
        "factor-in-front-left-out",
        "derivative",
        lambda slope, *given: slope * at("p (1 - p)", *given),
        "You left out the factor in front.",
        when=lambda c: c != 1,
        levels=(2,),
        cause="factor",
        takes=("slope", *GIVEN),
    ),
    Mistake(
        "chain-factor-forgotten",
        "derivative",
        lambda slope, c: slope * int(c),
        r"You stopped at the probability; on to the logit it goes with $\sigma(1-\sigma)$.",
        levels=(2,),
        cause="chain",
    ),
    Mistake(
        "sigmoid-for-slope",
        "derivative",
        lambda slope, c, *given: slope * at("p", *given) * int(c),
        r"The derivative of the sigmoid is $\sigma(1-\sigma)$, not $\sigma$.",
        levels=(2,),
        cause="chain",
        takes=("slope", "c", *GIVEN),
    ),
    _score(
        "mean-left-out",
        {"entropy": "-p ln(p)", "divergence": "p ln(p / q)"},
        "You left out the mean: raising one score lowers all other weights.",
        "jacobian",
    ),
    _score(
        "sign-of-the-mean",
        {"entropy": "-p (ln(p) - h)", "divergence": "p (ln(p / q) + h)"},
        r"The sign of the mean is wrong: $H=-\sum p\ln p$, and $D$ is a plain sum.",
        "sign",
    ),
    _score(
        "weight-left-out",
        {"entropy": "-(ln(p) + h)", "divergence": "ln(p / q) - h"},
        "You left out the weight in front.",
        "jacobian",
    ),
    _score(
        "softmax-left-out",
        {"entropy": "-ln(p) - 1", "divergence": "ln(p / q) + 1"},
        "This is the derivative by the weight; on to a score it goes through the softmax.",
        "chain",
    ),
    Mistake(
        "temperature-left-out",
        "derivative",
        lambda score, c: score * int(c),
        "You left out the temperature: it divides the scores, so it divides the derivative.",
        when=lambda how: how == "tau",
        levels=(3,),
        cause="scale",
    ),
    Mistake(
        "factor-in-front-left-out",
        "derivative",
        lambda score, *given: tempered(score, *given),
        "You left out the factor in front.",
        when=lambda c: c != 1,
        levels=(3,),
        cause="factor",
        takes=("score", *GIVEN),
    ),
)

FAMILIES = (
    Family(
        name="entropy-derivative",
        version=1,
        title="Derivative of an entropy",
        topic="softmax",
        says="Entropies, cross-entropies and divergences by a probability, a logit or a score.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_probability, 2: question_logit, 3: question_many},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        items=("N3.9", "N4.10"),
    ),
)
