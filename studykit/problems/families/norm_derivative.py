"""Derivatives of RMSNorm and LayerNorm as formulas: the length, an entry, an entry of the whole."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.formula import Declared, Formula, formula
from studykit.problems.wording import partial

GIVEN = ("level", "kind", "i", "j", "gain", "size")

LENGTHS = {
    "rms": r"\sqrt{\tfrac{1}{n}\sum_k x_k^2}",
    "norm": r"\sqrt{\sum_k x_k^2}",
    "rms-eps": r"\sqrt{\epsilon+\tfrac{1}{n}\sum_k x_k^2}",
}


def draws(dice: Dice, level: int) -> dict[str, Any]:
    i = dice.between(1, 4)
    j = i if level == 1 or dice.below(3) == 0 else dice.between(1, 4)
    gain = 0 if level == 1 else dice.pick([0, 1])
    kind = "layer" if level == 3 else dice.pick(list(LENGTHS))
    return {"kind": kind, "i": i, "j": j, "gain": gain, "size": dice.pick(["n", "4", "d"])}


MU, SIGMA = r"\mu", r"\sigma"

DEFINED = {
    "rms": "sqrt(sum(x^2) / N)",
    "norm": "sqrt(sum(x^2))",
    "rms-eps": "sqrt(epsilon + sum(x^2) / N)",
}
"""The same lengths as they are typed."""


def names(level: int, kind: str, i: int, _j: int, gain: int, size: str) -> Declared:
    token = {"x": f"vector {size}"} | ({} if size == "4" else {size: "size >= 4"})
    weight = {f"g_{i}": "real"} if gain else {}
    small = {"epsilon": "positive"} if kind == "rms-eps" else {}
    if level == 3:
        computed = {
            "mu": f"real = sum(x) / {size}",
            "sigma": f"positive = sqrt(sum((x - mu)^2) / {size})",
            "z": f"vector {size} = (x - mu) / sigma",
        }
    else:
        computed = {"r": f"positive = {DEFINED[kind].replace('N', size)}"}
    return token | weight | small | computed


def written(text: str, *given: Any) -> Formula:
    """A formula with _a, _b for the two indices and N for the width."""
    _, _, i, j, _, size = given
    text = text.replace("_a", f"_{i}").replace("_b", f"_{j}").replace("N", size)
    return formula(text, names(*given))


def with_gain(f: Formula, *given: Any) -> Formula:
    return written("g_a", *given) * f if given[4] else f


def shown_length(kind: str, size: str) -> str:
    return LENGTHS[kind].replace("{n}", f"{{{size}}}")


def shown_entries(size: str) -> str:
    last = "4" if size == "4" else size
    return rf"$x=(x_1,\dots,x_{last})$"


def question_length(kind: str, j: int, size: str) -> str:
    shown = shown_length(kind, size)
    return (
        rf"A token is {shown_entries(size)} and $r={shown}$. "
        rf"Give $\partial r/\partial x_{j}$ in terms of the names below."
    )


def question_entry(kind: str, i: int, j: int, gain: int, size: str) -> str:
    front = rf"g_{i}\," if gain else ""
    said = rf" The gain $g_{i}$ is a constant." if gain else ""
    return (
        rf"A token {shown_entries(size)} is divided by $r={shown_length(kind, size)}$: its entry "
        rf"{i} becomes $y_{i}={front}x_{i}/r$.{said} Give $\partial y_{i}/\partial x_{j}$ in terms "
        r"of the names below."
    )


def question_layer(i: int, j: int, gain: int, size: str) -> str:
    front = rf"g_{i}\," if gain else ""
    said = rf" The gain $g_{i}$ is a constant." if gain else ""
    mean = rf"\frac{{1}}{{{size}}}\sum_k"
    return (
        rf"LayerNorm turns a token {shown_entries(size)} into $z_k=(x_k-\mu)/\sigma$, with the "
        rf"mean $\mu={mean} x_k$ and the variance $\sigma^2={mean}(x_k-\mu)^2$ of its entries; "
        rf"then $y_{i}={front}z_{i}$.{said} Give $\partial y_{i}/\partial x_{j}$ in terms "
        r"of the names below."
    )


def length_slope(*given: Any) -> Formula:
    """∂r/∂x_j, in which the length stands again as r."""
    return written("x_b / r" if given[1] == "norm" else "x_b / (N r)", *given)


def is_same(i: int, j: int) -> bool:
    return i == j


def layer(delta: str, mean: str, product: str, *given: Any) -> Formula:
    """(δ_ij − 1/n − z_i z_j/n)/σ with each part as it is given; "0" leaves it out."""
    same = given[2] == given[3]
    parts = [
        delta if same else "0",
        mean,
        product.replace("z_a z_b", "z_a^2" if same else "z_a z_b"),
    ]
    texts = " ".join(part if part.startswith("-") else f"+ {part}" for part in parts if part != "0")
    return written(f"({texts.removeprefix('+ ')}) / sigma", *given)


def at_layer(delta: str, mean: str, product: str) -> Any:
    return lambda *given: layer(delta, mean, product, *given)


STEPS = (
    Step(
        "length",
        "Derivative of the length: the entry over the length, and the width where a mean is taken",
        lambda j: partial(f"x_{j}", "r"),
        lambda j: rf"\frac{{1}}{{2r}}\cdot{partial(f'x_{j}', '(r^2)')}",
        length_slope,
        levels=(1, 2),
        takes=GIVEN,
    ),
    Step(
        "entry",
        "Quotient rule: the entry itself where it is the same one, and through the length always",
        lambda i, j: partial(f"x_{j}", f"(x_{i}/r)"),
        lambda i, j: (
            rf"\frac{{\delta_{{{i}{j}}}}}{{r}}-\frac{{x_{i}}}{{r^2}}\cdot{partial(f'x_{j}', 'r')}"
        ),
        lambda length, *given: quotient(length, *given),
        levels=(2,),
        takes=("length", *GIVEN),
    ),
    Step(
        "entry",
        "Three paths: the entry itself, the mean, and the standard deviation",
        lambda i, j: partial(f"x_{j}", f"z_{i}"),
        lambda i, j: (
            rf"\frac{{1}}{{\sigma}}\left(\delta_{{{i}{j}}}-{partial(f'x_{j}', MU)}"
            rf"-z_{i}\,{partial(f'x_{j}', SIGMA)}\right)"
        ),
        at_layer("1", "- 1 / N", "- z_a z_b / N"),
        levels=(3,),
        takes=GIVEN,
    ),
    Step(
        "derivative",
        "Times the gain, where there is one",
        lambda i, j: partial(f"x_{j}", f"y_{i}"),
        lambda i, j, gain, level: (
            (rf"g_{i}\," if gain else "")
            + partial(f"x_{j}", f"z_{i}" if level == 3 else f"(x_{i}/r)")
        ),
        with_gain,
        levels=(2, 3),
        takes=("entry", *GIVEN),
    ),
)


def quotient(length: Formula, *given: Any) -> Formula:
    through = written("x_a", *given) * length / written("r^2", *given)
    return written("1 / r", *given) - through if given[2] == given[3] else -through


MISTAKES = (
    Mistake(
        "width-left-out",
        "length",
        lambda *given: written("x_b / r", *given),
        "You left out the width: under the root stands a mean, not a sum.",
        when=lambda kind: kind != "norm",
        levels=(1, 2),
        cause="mean",
        takes=GIVEN,
    ),
    Mistake(
        "half-of-the-root",
        "length",
        lambda *given: length_slope(*given) / 2,
        r"The half of the root and the 2 of the square cancel.",
        levels=(1, 2),
        cause="factor",
        takes=GIVEN,
    ),
    Mistake(
        "two-of-the-square",
        "length",
        lambda *given: length_slope(*given) * 2,
        r"The half of the root and the 2 of the square cancel.",
        levels=(1, 2),
        cause="factor",
        takes=GIVEN,
    ),
    Mistake(
        "root-left-out",
        "length",
        lambda *given: length_slope(*given) * written("r", *given),
        "You left out the root: its derivative is one over twice the root.",
        levels=(1,),
        cause="root",
        takes=GIVEN,
    ),
    Mistake(
        "length-held-fixed",
        "entry",
        lambda *given: written("1 / r" if given[2] == given[3] else "0", *given),
        "You held the length fixed; it moves with every entry.",
        levels=(2,),
        cause="paths",
        takes=GIVEN,
    ),
    Mistake(
        "length-added",
        "entry",
        lambda length, *given: (
            written("1 / r" if given[2] == given[3] else "0", *given)
            + written("x_a", *given) * length / written("r^2", *given)
        ),
        "The quotient rule subtracts: a longer token makes each entry smaller.",
        levels=(2,),
        cause="sign",
        takes=("length", *GIVEN),
    ),
    Mistake(
        "length-not-squared",
        "entry",
        lambda length, *given: (
            written("1 / r" if given[2] == given[3] else "0", *given)
            - written("x_a", *given) * length / written("r", *given)
        ),
        r"The derivative of $1/r$ is $-1/r^2$; you kept one power too few.",
        levels=(2,),
        cause="power",
        takes=("length", *GIVEN),
    ),
    Mistake(
        "own-term-forgotten",
        "entry",
        lambda length, *given: -(written("x_a", *given) * length / written("r^2", *given)),
        "The entry also stands above the line: on the diagonal that gives one over the length.",
        when=is_same,
        levels=(2,),
        cause="paths",
        takes=("length", *GIVEN),
    ),
    Mistake(
        "mean-held-fixed",
        "entry",
        at_layer("1", "0", "- z_a z_b / N"),
        "You held the mean fixed; every entry moves it.",
        levels=(3,),
        cause="paths",
        takes=GIVEN,
    ),
    Mistake(
        "deviation-held-fixed",
        "entry",
        at_layer("1", "- 1 / N", "0"),
        "You held the standard deviation fixed; every entry moves it.",
        levels=(3,),
        cause="paths",
        takes=GIVEN,
    ),
    Mistake(
        "deviation-added",
        "entry",
        at_layer("1", "- 1 / N", "+ z_a z_b / N"),
        "The path through the standard deviation is subtracted.",
        levels=(3,),
        cause="sign",
        takes=GIVEN,
    ),
    Mistake(
        "width-left-out",
        "entry",
        at_layer("1", "- 1 / N", "- z_a z_b"),
        "You left out the width in the last term: the variance is a mean of squares.",
        levels=(3,),
        cause="mean",
        takes=GIVEN,
    ),
    Mistake(
        "scaled-alone",
        "entry",
        at_layer("1", "0", "0"),
        "You divided by the standard deviation and held it and the mean fixed; both move.",
        when=is_same,
        levels=(3,),
        cause="paths",
        takes=GIVEN,
    ),
    Mistake(
        "gain-left-out",
        "derivative",
        lambda entry: entry,
        "You left out the gain: it multiplies the entry, so it multiplies the derivative.",
        when=lambda gain: gain == 1,
        levels=(2, 3),
        cause="gain",
    ),
)

FAMILIES = (
    Family(
        name="norm-derivative",
        version=1,
        title="Derivatives of RMSNorm and LayerNorm",
        topic="normalisation and blocks",
        says="The slope of a length, of a normalised entry, and of LayerNorm, in named entries.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_length, 2: question_entry, 3: question_layer},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        asked={1: ("length",)},
        items=("N3.44",),
    ),
)
