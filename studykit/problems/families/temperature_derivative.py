"""How weights move with the temperature, and with a score at a temperature, as formulas."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.calculus import derivative
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.formula import Declared, Formula, formula
from studykit.problems.wording import partial

PATTERN = dict.fromkeys(("u", "a", "b", "c", "tau", "beta"), "real")
LETTERS = {"ab": ("a", "b"), "xy": ("x", "y"), "s": ("s_1", "s_2"), "z": ("z_1", "z_2")}
INNER = {"tau": "{c} ({a} - {b}) / tau", "beta": "{c} beta ({a} - {b})"}
"""What stands in the sigmoid, with the problem's factor and two scores."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    how = dice.pick(["tau", "beta"])
    if level == 1:
        return {
            "how": how,
            "letters": dice.pick(list(LETTERS)),
            "c": dice.pick([1, 1, 2, 3]),
            "by": dice.pick(["first", "second", "how"]),
        }
    i = dice.between(1, 4 if level == 2 else 9)
    if level == 2:
        return {"how": how, "i": i, "j": dice.pick([i, *range(1, 5)]), "what": "p"}
    return {"how": how, "i": i, "j": i, "what": dice.pick(["p", "log", "mean"])}


# Level 1: two scores, so that the softmax is a sigmoid of their difference.


def names_two(how: str, letters: str, c: int) -> Declared:
    first, second = LETTERS[letters]
    u = INNER[how].format(a=first, b=second, c=c)
    return {first: "real", second: "real", how: "positive", "p": f"(0, 1) = sigmoid({u})"}


def pattern(how: str) -> Formula:
    return formula(INNER[how].format(a="a", b="b", c="c"), PATTERN)


def placed(f: Formula, how: str, letters: str, c: int) -> Formula:
    """A pattern in a, b and c with the problem's own two scores and its factor."""
    names = names_two(how, letters, c)
    first, second = (formula(x, names) for x in LETTERS[letters])
    return f.put(a=first, b=second, c=c).declaring(names)


def inner(how: str, letters: str, c: int) -> Formula:
    return placed(pattern(how), how, letters, c)


def shown_by(by: str, how: str, letters: str = "ab") -> str:
    """What is differentiated by, in TeX."""
    first, second = LETTERS[letters]
    return {"first": first, "second": second, "how": rf"\{how}"}[by]


def at(text: str, u: Formula) -> Formula:
    return formula(text, PATTERN).put(u=u).declaring(u.declared)


def inner_slope(how: str, letters: str, c: int, by: str) -> Formula:
    letter = {"first": "a", "second": "b", "how": how}[by]
    return placed(derivative(pattern(how), letter), how, letters, c)


def question_two(how: str, letters: str, c: int, by: str) -> str:
    u = inner(how, letters, c).tex
    wanted = shown_by(by, how, letters)
    said = "temperature" if how == "tau" else "inverse temperature"
    letter = r"\tau" if how == "tau" else r"\beta"
    return (
        rf"With two scores a softmax is a sigmoid of their difference. At the {said} ${letter}$ "
        rf"the first weight is $p=\sigma\left({u}\right)$. Give $\partial p/\partial {wanted}$."
    )


# Levels 2 and 3: any number of scores, in terms of the weights.


def names_many(level: int, how: str, _i: int, _j: int, what: str) -> Declared:
    row = f"vector {4 if level == 2 else 9}"
    inside = "s / tau" if how == "tau" else "beta s"
    weights = {"s": row, how: "positive", "p": f"{row} = softmax({inside})"}
    if level == 2:
        return weights
    square = {"r": "real = sum(p ⊙ s ⊙ s)"} if what == "mean" else {}
    return weights | {"m": "real = sum(p ⊙ s)"} | square


def written(text: str, *given: Any) -> Formula:
    _, _, i, j, _ = given
    return formula(text.replace("_a", f"_{i}").replace("_b", f"_{j}"), names_many(*given))


GIVEN = ("level", "how", "i", "j", "what")


def question_score(how: str, i: int, j: int) -> str:
    inside = r"s/\tau" if how == "tau" else r"\beta s"
    return (
        rf"The weights are $p=\mathrm{{softmax}}({inside})$ for four scores $s_1,\dots,s_4$. "
        rf"Give $\partial p_{i}/\partial s_{j}$ in terms of the names below."
    )


def question_how(how: str, i: int, what: str) -> str:
    inside, letter = (r"s/\tau", r"\tau") if how == "tau" else (r"\beta s", r"\beta")
    start = rf"The weights are $p=\mathrm{{softmax}}({inside})$ for nine scores $s_1,\dots,s_9$; "
    mean = r"$m=\sum_k p_ks_k$ is the mean score under the weights"
    if what == "mean":
        return (
            rf"{start}{mean}, and $r=\sum_k p_ks_k^2$ the mean of its square. "
            rf"Give $\partial m/\partial {letter}$."
        )
    return rf"{start}{mean}. Give the derivative of ${moving(i, what)}$ with respect to ${letter}$."


def moving(i: int, what: str) -> str:
    """What is differentiated at level 3, in TeX."""
    return {"p": f"p_{i}", "log": rf"\ln p_{i}", "mean": "m"}[what]


def inside_softmax(how: str, j: int) -> str:
    return rf"(s_{j}/\tau)" if how == "tau" else rf"(\beta s_{j})"


def entry(*given: Any) -> Formula:
    """The entry of the Jacobian."""
    _, _, i, j, _ = given
    return written("p_a (1 - p_a)" if i == j else "-p_a p_b", *given)


def at_scores(f: Formula, *given: Any) -> Formula:
    """Through the factor of the scores."""
    how = given[1]
    return f / written("tau", *given) if how == "tau" else f * written("beta", *given)


RATES = {"p": "p_a (s_a - m)", "log": "s_a - m", "mean": "r - m^2"}


def rate(*given: Any) -> Formula:
    """The derivative by the inverse temperature."""
    return written(RATES[given[4]], *given)


def by_temperature(f: Formula, *given: Any) -> Formula:
    return -f / written("tau^2", *given) if given[1] == "tau" else f


STEPS = (
    Step(
        "slope",
        "Derivative of the sigmoid, at the scaled difference",
        r"\sigma'(u)",
        r"\sigma(u)(1-\sigma(u))",
        lambda how, letters, c: at("sigmoid(u) (1 - sigmoid(u))", inner(how, letters, c)),
        levels=(1,),
    ),
    Step(
        "inner",
        "Derivative of what stands inside",
        lambda how, letters, by: partial(shown_by(by, how, letters), "u"),
        lambda how, letters, c, by: (
            rf"\frac{{\partial}}{{\partial {shown_by(by, how, letters)}}}"
            rf"\left({inner(how, letters, c).tex}\right)"
        ),
        inner_slope,
        levels=(1,),
    ),
    Step(
        "derivative",
        "Chain rule",
        lambda how, letters, by: partial(shown_by(by, how, letters), "p"),
        lambda how, letters, by: rf"\sigma'(u)\cdot{partial(shown_by(by, how, letters), 'u')}",
        lambda slope, inner: slope * inner,
        levels=(1,),
    ),
    Step(
        "entry",
        "Entry of the Jacobian: by what stands in the softmax",
        lambda how, i, j: partial(inside_softmax(how, j), f"p_{i}"),
        lambda i, j: rf"p_{i}(\delta_{{{i}{j}}}-p_{j})",
        entry,
        levels=(2,),
        takes=GIVEN,
    ),
    Step(
        "derivative",
        "Chain rule: times the factor of the scores",
        lambda i, j: partial(f"s_{j}", f"p_{i}"),
        lambda how, i, j: (
            rf"{partial(inside_softmax(how, j), f'p_{i}')}\cdot"
            + (r"\frac{1}{\tau}" if how == "tau" else r"\beta")
        ),
        lambda entry, *given: at_scores(entry, *given),
        levels=(2,),
        takes=("entry", *GIVEN),
    ),
    Step(
        "rate",
        r"By the inverse temperature $\beta$: how far the score lies above the mean",
        lambda i, what: partial(r"\beta", moving(i, what)),
        lambda i, what: {
            "p": rf"p_{i}\,\frac{{\partial\ln p_{i}}}{{\partial\beta}}",
            "log": (
                rf"\frac{{\partial}}{{\partial\beta}}"
                rf"\left(\beta s_{i}-\ln\sum_k e^{{\beta s_k}}\right)"
            ),
            "mean": r"\sum_k s_k\,\frac{\partial p_k}{\partial\beta}",
        }[what],
        rate,
        levels=(3,),
        takes=GIVEN,
    ),
    Step(
        "derivative",
        r"By what is asked: the inverse temperature is one over the temperature",
        lambda how, i, what: partial(shown_by("how", how), moving(i, what)),
        lambda how, i, what: (
            (r"-\frac{1}{\tau^2}\," if how == "tau" else "") + partial(r"\beta", moving(i, what))
        ),
        by_temperature,
        levels=(3,),
        takes=("rate", *GIVEN),
    ),
)


def _score(name: str, does: Any, says: str, when: Any, cause: str) -> Mistake:
    return Mistake(name, "derivative", does, says, when=when, levels=(2,), cause=cause, takes=GIVEN)


MISTAKES = (
    Mistake(
        "sigmoid-kept",
        "slope",
        lambda how, letters, c: at("sigmoid(u)", inner(how, letters, c)),
        r"You left the sigmoid as it is; its derivative is $\sigma(1-\sigma)$.",
        levels=(1,),
        cause="derivative",
    ),
    Mistake(
        "plus-in-the-derivative",
        "slope",
        lambda how, letters, c: at("sigmoid(u) (1 + sigmoid(u))", inner(how, letters, c)),
        r"The derivative of the sigmoid is $\sigma(1-\sigma)$, with a minus.",
        levels=(1,),
        cause="sign",
    ),
    Mistake(
        "chain-factor-forgotten",
        "derivative",
        lambda slope: slope,
        "You forgot the chain rule: multiply by the derivative of what stands inside.",
        levels=(1,),
        cause="chain",
    ),
    Mistake(
        "sign-flipped",
        "inner",
        lambda how, letters, c, by: -inner_slope(how, letters, c, by),
        "The sign of the inner derivative is wrong: look at where the letter stands.",
        levels=(1,),
        cause="sign",
    ),
    Mistake(
        "temperature-not-squared",
        "inner",
        lambda how, letters, c, by: -inner(how, letters, c),
        r"The derivative of $1/\tau$ is $-1/\tau^2$; you kept one power too few.",
        when=lambda how, by: how == "tau" and by == "how",
        levels=(1,),
        cause="power",
    ),
    Mistake(
        "temperature-left-out",
        "inner",
        lambda how, letters, c, by: formula(
            str(c if by == "first" else -c), names_two(how, letters, c)
        ),
        "You left out the temperature: it scales the scores, so it scales their derivatives.",
        when=lambda by: by != "how",
        levels=(1,),
        cause="scale",
    ),
    _score(
        "temperature-left-out",
        entry,
        "You left out the temperature: it scales the scores, so it scales their derivatives.",
        None,
        "scale",
    ),
    _score(
        "temperature-upside-down",
        lambda *given: entry(*given) * written("tau", *given),
        r"Scores are divided by $\tau$, so their derivatives are too.",
        lambda how: how == "tau",
        "scale",
    ),
    _score(
        "sign-flipped",
        lambda *given: -at_scores(entry(*given), *given),
        "The sign is the wrong way round: a weight grows with its own score and falls with others.",
        None,
        "sign",
    ),
    _score(
        "weight-alone",
        lambda *given: at_scores(written("p_a", *given), *given),
        r"On the diagonal the factor $1-p_i$ is missing.",
        lambda i, j: i == j,
        "jacobian",
    ),
    Mistake(
        "sign-flipped",
        "derivative",
        lambda derivative_of, *given: -by_temperature(derivative_of, *given),
        "The sign is wrong: a higher temperature evens the weights out.",
        levels=(3,),
        cause="sign",
        takes=("rate", *GIVEN),
    ),
    Mistake(
        "temperature-not-squared",
        "derivative",
        lambda derivative_of, *given: -derivative_of / written("tau", *given),
        r"The derivative of $1/\tau$ is $-1/\tau^2$; you kept one power too few.",
        when=lambda how: how == "tau",
        levels=(3,),
        cause="power",
        takes=("rate", *GIVEN),
    ),
    Mistake(
        "mean-left-out",
        "rate",
        lambda *given: written({"p": "p_a s_a", "log": "s_a", "mean": "r"}[given[4]], *given),
        "You left out the mean: the sum below the line moves with the temperature too.",
        levels=(3,),
        cause="jacobian",
        takes=GIVEN,
    ),
    Mistake(
        "square-left-out",
        "rate",
        lambda *given: written("r - m", *given),
        "It is the variance of the scores: the mean of the square less the square of the mean.",
        when=lambda what: what == "mean",
        levels=(3,),
        cause="jacobian",
        takes=GIVEN,
    ),
    Mistake(
        "diagonal-only",
        "rate",
        lambda *given: written({"p": "p_a (1 - p_a) s_a", "log": "s_a"}[given[4]], *given),
        "You used the diagonal of the Jacobian alone; all scores are scaled together.",
        when=lambda what: what == "p",
        levels=(3,),
        cause="jacobian",
        takes=GIVEN,
    ),
)

FAMILIES = (
    Family(
        name="temperature-derivative",
        version=1,
        title="Derivatives at a temperature",
        topic="softmax",
        says="How weights move with a score, and with the temperature itself, as formulas.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_two, 2: question_score, 3: question_how},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        items=("N3.9", "N4.9"),
    ),
)
