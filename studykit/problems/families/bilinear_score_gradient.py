"""A score is a bilinear form: its gradient by the matrices and by the tokens, as formulas."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step, at_levels
from studykit.problems.formula import Declared, Formula, formula
from studykit.problems.wording import partial

GIVEN = ("level", "tokens", "d", "k", "c")

ONE = {"rows": r"$s={c}\,xMy^\top$ for two tokens, the rows $x$ and $y$",
       "columns": r"$s={c}\,x^\top My$ for two tokens, the columns $x$ and $y$"}  # fmt: skip

MATRIX = {"rows": "x^T y", "columns": "x y^T"}
MATRIX_TURNED = {"rows": "y^T x", "columns": "y x^T"}
FIRST = {"rows": "y M^T", "columns": "M y"}
FIRST_OTHER = {"rows": "y M", "columns": "M^T y"}
SECOND = {"rows": "x M", "columns": "M^T x"}
SECOND_OTHER = {"rows": "x M^T", "columns": "M x"}

WAYS = {
    "query_weight": ("x^T y W_K", "X^T dS Y W_K"),
    "key_weight": ("y^T x W_Q", "Y^T dS^T X W_Q"),
    "first": ("y W_K W_Q^T", "dS Y W_K W_Q^T"),
    "second": ("x W_Q W_K^T", "dS^T X W_Q W_K^T"),
}
"""Each gradient before the scale: for one pair of tokens, and for all of them."""

OTHER_SIDE = {
    "query_weight": ("x^T x W_K", "X^T dS X W_K"),
    "key_weight": ("y^T y W_Q", "Y^T dS^T Y W_Q"),
}
"""The same token on both sides; with all of them it needs as many queries as keys."""

NOT_TURNED = {
    "first": ("y W_Q W_K^T", "dS Y W_Q W_K^T"),
    "second": ("x W_K W_Q^T", "dS^T X W_K W_Q^T"),
}

BY = {
    "matrix": "M",
    "first": "x",
    "second": "y",
    "query_weight": "W_Q",
    "key_weight": "W_K",
}


def draws(dice: Dice, level: int) -> dict[str, Any]:
    tokens = dice.pick(["rows", "columns"]) if level == 1 else "rows"
    return {
        "tokens": tokens,
        "d": dice.pick(["d", "p", "D"]),
        "k": dice.pick(["d_k", "k", "r"]),
        "c": dice.pick([2, 3, 4, 5]) if level == 1 else dice.pick(["root", "tau"]),
    }


def names(level: int, tokens: str, d: str, k: str, c: Any) -> Declared:
    if level == 1:
        shape = f"1×{d}" if tokens == "rows" else f"{d}×1"
        return {"x": shape, "y": shape, "M": f"{d}×{d}"}
    letter = {"tau": "positive"} if c == "tau" else {}
    weights = {"W_Q": f"{d}×{k}", "W_K": f"{d}×{k}"}
    if level == 2:
        return {"x": f"1×{d}", "y": f"1×{d}"} | weights | letter
    return {"X": f"n×{d}", "Y": f"m×{d}", "dS": "n×m"} | weights | letter


def written(text: str, *given: Any) -> Formula:
    return formula(text, names(*given))


def one(texts: dict[str, str], times: int | None = None) -> Any:
    """A gradient of level 1: of the drawn layout, times the constant in front."""

    def does(*given: Any) -> Formula:
        _, tokens, _, _, c = given
        return written(texts[tokens], *given) * (c if times is None else times)

    return does


def way(name: str, ways: dict[str, tuple[str, str]] = WAYS, power: int = 1) -> Any:
    """A gradient of level 2 or 3, divided by the scale so many times."""

    def does(*given: Any) -> Formula:
        level, _, _, k, c = given
        text = ways[name][level - 2]
        if not power:
            return written(text, *given)
        letter = "tau" if c == "tau" else k if power == 2 else f"sqrt({k})"
        if c == "tau" and power == 2:
            letter = "tau^2"
        return written(text, *given) / written(letter, *given)

    return does


def question_one(tokens: str, c: int, asked: str) -> str:
    return (
        rf"A score is {ONE[tokens].replace('{c}', str(c))}. "
        rf"Give $\partial s/\partial {BY[asked]}$, in the shape of ${BY[asked]}$."
    )


def scale_of(c: str, k: str) -> str:
    return r"\tau" if c == "tau" else rf"\sqrt{{{k}}}"


def question_two(asked: str, c: str, k: str) -> str:
    return (
        rf"For two tokens, the rows $x$ and $y$, the score is "
        rf"$s=xW_QW_K^\top y^\top/{scale_of(c, k)}$. "
        rf"Give $\partial s/\partial {BY[asked]}$, in the shape of ${BY[asked]}$."
    )


def question_three(asked: str, c: str, k: str) -> str:
    by = BY[asked].upper()
    return (
        r"The rows of $X$ ask the rows of $Y$ (cross-attention): "
        rf"$S=XW_Q(YW_K)^\top/{scale_of(c, k)}$. Coming back from the loss is "
        rf"$dS=\partial L/\partial S$. Give $\partial L/\partial {by}$."
    )


def by_level(pair: str, all_tokens: str) -> Any:
    """A formula for one pair of tokens, or for all of them."""
    return lambda *given: written(pair if given[0] == 2 else all_tokens, *given)


def over_scale(f: Formula, *given: Any) -> Formula:
    _, _, _, k, c = given
    return f / written("tau" if c == "tau" else f"sqrt({k})", *given)


def over(pair: str, all_tokens: str) -> Any:
    """The same in TeX, over the scale."""
    return lambda level, c, k: f"{pair if level == 2 else all_tokens}/{scale_of(c, k)}"


def shown_by(level: int, by: str) -> str:
    return partial(by, "s") if level == 2 else partial(by.upper(), "L")


STEPS = (
    Step(
        "matrix",
        "Gradient of the matrix: the two tokens, as an outer product",
        r"\frac{\partial s}{\partial M}",
        lambda c: rf"{c}\,x_i\,y_j",
        one(MATRIX),
        entry=partial("M_{ij}", "s"),
        levels=(1,),
        takes=GIVEN,
    ),
    Step(
        "first",
        "Gradient of the first token: the matrix at the second",
        r"\frac{\partial s}{\partial x}",
        lambda c: rf"{c}\sum_j M_{{ij}}\,y_j",
        one(FIRST),
        entry=partial("x_i", "s"),
        levels=(1,),
        takes=GIVEN,
    ),
    Step(
        "second",
        "Gradient of the second token: the matrix, turned, at the first",
        r"\frac{\partial s}{\partial y}",
        lambda c: rf"{c}\sum_i x_i\,M_{{ij}}",
        one(SECOND),
        entry=partial("y_j", "s"),
        levels=(1,),
        takes=GIVEN,
    ),
    Step(
        "query",
        "The query of the asking tokens",
        lambda level: "q" if level == 2 else "Q",
        lambda level: "xW_Q" if level == 2 else "XW_Q",
        by_level("x W_Q", "X W_Q"),
        levels=(2, 3),
        takes=GIVEN,
    ),
    Step(
        "key",
        "The key of the asked tokens",
        lambda level: r"\kappa" if level == 2 else "K",
        lambda level: "yW_K" if level == 2 else "YW_K",
        by_level("y W_K", "Y W_K"),
        levels=(2, 3),
        takes=GIVEN,
    ),
    Step(
        "query_weight",
        "Gradient of the query weight: outer product of the query's token with the key",
        lambda level: shown_by(level, "W_Q"),
        over(r"x^\top\kappa", r"X^\top\,dS\,K"),
        lambda key, *given: over_scale(by_level("x^T", "X^T dS")(*given) @ key, *given),
        levels=(2, 3),
        takes=("key", *GIVEN),
    ),
    Step(
        "key_weight",
        "Gradient of the key weight: outer product of the key's token with the query",
        lambda level: shown_by(level, "W_K"),
        over(r"y^\top q", r"Y^\top\,dS^\top Q"),
        lambda query, *given: over_scale(by_level("y^T", "Y^T dS^T")(*given) @ query, *given),
        levels=(2, 3),
        takes=("query", *GIVEN),
    ),
    Step(
        "first",
        "Gradient of the asking token: the key, back through the query weight",
        lambda level: shown_by(level, "x"),
        over(r"\kappa\,W_Q^\top", r"dS\,K\,W_Q^\top"),
        lambda key, *given: over_scale(
            (key if given[0] == 2 else written("dS", *given) @ key) @ written("W_Q^T", *given),
            *given,
        ),
        levels=(2, 3),
        takes=("key", *GIVEN),
    ),
    Step(
        "second",
        "Gradient of the asked token: the query, back through the key weight",
        lambda level: shown_by(level, "y"),
        over(r"q\,W_K^\top", r"dS^\top Q\,W_K^\top"),
        lambda query, *given: over_scale(
            (query if given[0] == 2 else written("dS^T", *given) @ query)
            @ written("W_K^T", *given),
            *given,
        ),
        levels=(2, 3),
        takes=("query", *GIVEN),
    ),
)


def _one(name: str, step: str, does: Any, says: str, cause: str) -> Mistake:
    return Mistake(name, step, does, says, levels=(1,), cause=cause, takes=GIVEN)


def _scale(step: str) -> tuple[Mistake, ...]:
    return at_levels(
        (2, 3),
        (
            Mistake(
                "no-scale",
                step,
                way(step, power=0),
                "You left out the scale: it divides the score, so it divides every gradient.",
                cause="scale",
                takes=GIVEN,
            ),
            Mistake(
                "scale-twice",
                step,
                way(step, power=2),
                "You divided by the square of the scale; it divides the score once.",
                cause="scale",
                takes=GIVEN,
            ),
        ),
    )


MISTAKES = (
    *(
        _one(
            "factor-left-out",
            step,
            one(texts, 1),
            "The constant in front of the score belongs into its gradient too.",
            "factor",
        )
        for step, texts in (("matrix", MATRIX), ("first", FIRST), ("second", SECOND))
    ),
    _one(
        "outer-product-turned",
        "matrix",
        one(MATRIX_TURNED),
        "You exchanged the two tokens: the first one gives the row of the matrix, the second its "
        "column.",
        "transpose",
    ),
    _one(
        "matrix-not-turned",
        "first",
        one(FIRST_OTHER),
        "The matrix stands the wrong way round: for one token it is turned, for the other not.",
        "transpose",
    ),
    _one(
        "matrix-not-turned",
        "second",
        one(SECOND_OTHER),
        "The matrix stands the wrong way round: for one token it is turned, for the other not.",
        "transpose",
    ),
    *(m for step in WAYS for m in _scale(step)),
    *(
        Mistake(
            "other-token-forgotten",
            step,
            way(step, OTHER_SIDE),
            "You used one token on both sides; the score joins two different ones.",
            levels=(2,),
            cause="sides",
            takes=GIVEN,
        )
        for step in OTHER_SIDE
    ),
    *(
        Mistake(
            "weights-exchanged",
            step,
            way(step, NOT_TURNED),
            "You exchanged the query weight and the key weight: each token has its own.",
            levels=(2, 3),
            cause="sides",
            takes=GIVEN,
        )
        for step in NOT_TURNED
    ),
)

FAMILIES = (
    Family(
        name="bilinear-score-gradient",
        version=1,
        title="Gradients of a score",
        topic="QK bilinear form",
        says="How a score moves with its two weights and its two tokens, as formulas.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_one, 2: question_two, 3: question_three},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        asked={1: ("matrix", "first", "second"), 2: tuple(WAYS), 3: tuple(WAYS)},
        items=("N2.7", "N4.14"),
    ),
)
