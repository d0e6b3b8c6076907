"""All paths back to the tokens of self-attention: as queries, as keys, and as values."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.formula import Declared, Formula, formula

GIVEN = ("level", "n", "d", "k", "scale")

QUERY = {1: "dS X", 2: "dS X M^T", 3: "dS X W_K W_Q^T"}
KEY = {1: "dS^T X", 2: "dS^T X M", 3: "dS^T X W_Q W_K^T"}
SHOWN_QUERY = {1: r"dS\,X", 2: r"dS\,XM^\top", 3: r"dS\,(XW_K)\,W_Q^\top"}
SHOWN_KEY = {1: r"dS^\top X", 2: r"dS^\top XM", 3: r"dS^\top(XW_Q)\,W_K^\top"}
QUERY_UNTURNED = {1: "dS^T X", 2: "dS X M", 3: "dS X W_Q W_K^T"}
KEY_UNTURNED = {1: "dS X", 2: "dS^T X M^T", 3: "dS^T X W_K W_Q^T"}
"""The same with the matrix the wrong way round."""


def draws(dice: Dice, _level: int) -> dict[str, Any]:
    return {
        "n": dice.pick(["n", "N", "L", "m"]),
        "d": dice.pick(["d", "D", "p", "q"]),
        "k": dice.pick(["d_k", "k", "r"]),
        "scale": dice.pick(["root", "tau"]),
    }


def names(level: int, n: str, d: str, k: str, scale: str) -> Declared:
    tokens = {"X": f"{n}×{d}", "dS": f"{n}×{n}"}
    letter = {"tau": "positive"} if scale == "tau" else {}
    if level == 1:
        return tokens | letter
    if level == 2:
        return tokens | {"M": f"{d}×{d}"} | letter
    weights = dict.fromkeys(("W_Q", "W_K", "W_V"), f"{d}×{k}")
    back = "dO (X W_V)^T"
    head = {
        "S": f"{n}×{n} = X W_Q (X W_K)^T / {scale_of(level, d, k, scale)}",
        "A": f"{n}×{n} = softmax(S)",
        "O": f"{n}×{k} = A X W_V",
        "dS": f"{n}×{n} = A ⊙ ({back} - rowsum(A ⊙ ({back})))",
    }
    return {"X": f"{n}×{d}"} | weights | {"dO": f"{n}×{k}"} | letter | head


def written(text: str, *given: Any) -> Formula:
    return formula(text, names(*given))


def scale_of(level: int, d: str, k: str, scale: str) -> str:
    return "tau" if scale == "tau" else f"sqrt({k if level == 3 else d})"


def path(texts: dict[int, str], *, scaled: bool = True) -> Any:
    """What comes back along one path, over the scale."""

    def does(*given: Any) -> Formula:
        level, _, d, k, scale = given
        f = written(texts[level], *given)
        return f / written(scale_of(level, d, k, scale), *given) if scaled else f

    return does


VALUE = {3: "A^T dO W_V^T"}


def unscaled(*given: Any) -> Formula:
    """All paths, those through the scores without the scale."""
    texts = (QUERY, KEY, VALUE) if given[0] == 3 else (QUERY, KEY)
    total, *rest = (written(text[given[0]], *given) for text in texts)
    for one in rest:
        total = total + one
    return total


def question(level: int, d: str, k: str, scale: str) -> str:
    over = rf"/{shown_scale(level, d, k, scale)}"
    scores = {1: "XX^\\top", 2: "XMX^\\top", 3: r"XW_Q(XW_K)^\top"}[level] + over
    if level < 3:
        return (
            rf"Tokens are the rows of $X$ and are compared with each other: $S={scores}$. Coming "
            r"back from the loss is $dS=\partial L/\partial S$. Give $\partial L/\partial X$."
        )
    return (
        rf"In self-attention $S={scores}$, $A=\mathrm{{softmax}}(S)$ row by row and $O=AXW_V$; "
        r"tokens are the rows of $X$. Coming back are $dO=\partial L/\partial O$ and, through $A$ "
        r"already, $dS=\partial L/\partial S$. Give $\partial L/\partial X$ along all paths."
    )


def shown_scale(level: int, d: str, k: str, scale: str) -> str:
    return r"\tau" if scale == "tau" else rf"\sqrt{{{k if level == 3 else d}}}"


def shown_path(texts: dict[int, str], level: int, d: str, k: str, scale: str) -> str:
    return rf"{texts[level]}/{shown_scale(level, d, k, scale)}"


STEPS = (
    Step(
        "as_query",
        "The path on which a token asks",
        "dX_1",
        lambda level, d, k, scale: shown_path(SHOWN_QUERY, level, d, k, scale),
        path(QUERY),
        takes=GIVEN,
    ),
    Step(
        "as_key",
        "The path on which a token is asked: the scores turned round",
        "dX_2",
        lambda level, d, k, scale: shown_path(SHOWN_KEY, level, d, k, scale),
        path(KEY),
        takes=GIVEN,
    ),
    Step(
        "as_value",
        "The path on which a token is read: the weights turned round",
        "dX_3",
        r"A^\top\,dO\,W_V^\top",
        path(VALUE, scaled=False),
        levels=(3,),
        takes=GIVEN,
    ),
    Step(
        "input",
        "Both paths, added up",
        r"\frac{\partial L}{\partial X}",
        "dX_1+dX_2",
        lambda as_query, as_key: as_query + as_key,
        levels=(1, 2),
    ),
    Step(
        "input",
        "All three paths, added up",
        r"\frac{\partial L}{\partial X}",
        "dX_1+dX_2+dX_3",
        lambda as_query, as_key, as_value: as_query + as_key + as_value,
        levels=(3,),
    ),
)

_PATHS = ("as_query", "as_key", "as_value")


def _without(left_out: str, level: int) -> Any:
    kept = tuple(name for name in _PATHS[: 3 if level == 3 else 2] if name != left_out)
    return kept, (lambda first, *rest: sum(rest, start=first))


SAYS = {
    "as_query": "You left out the path on which the tokens ask: $X$ stands on both sides.",
    "as_key": "You left out the path on which the tokens are asked: $X$ stands on both sides.",
    "as_value": "You left out the path of the values: $X$ is also what is read.",
}


def _missing(left_out: str, level: int) -> Mistake:
    kept, does = _without(left_out, level)
    return Mistake(
        f"{left_out.removeprefix('as_')}-path-missing",
        "input",
        does,
        SAYS[left_out],
        levels=(level,),
        cause="paths",
        takes=kept,
    )


MISTAKES = (
    *(
        _missing(name, level)
        for level in (1, 2, 3)
        for name in _PATHS
        if level == 3 or name != "as_value"
    ),
    Mistake(
        "one-path-doubled",
        "input",
        lambda as_query: as_query * 2,
        "The two paths differ: twice one of them is not their sum.",
        levels=(1, 2),
        cause="paths",
    ),
    Mistake(
        "no-scale",
        "input",
        unscaled,
        "You left out the scale: it divides the scores, so it divides what comes back from them.",
        cause="scale",
        takes=GIVEN,
    ),
    *(
        Mistake(
            "matrix-not-turned",
            step,
            path(texts),
            "The matrix stands the wrong way round on one of the paths.",
            levels=(2, 3),
            cause="transpose",
            takes=GIVEN,
        )
        for step, texts in (("as_query", QUERY_UNTURNED), ("as_key", KEY_UNTURNED))
    ),
    Mistake(
        "weights-not-turned",
        "as_value",
        path({3: "A dO W_V^T"}, scaled=False),
        r"On the path of the values the weights are turned round: $A^\top$.",
        levels=(3,),
        cause="transpose",
        takes=GIVEN,
    ),
)

FAMILIES = (
    Family(
        name="input-gradient-paths",
        version=1,
        title="All paths back to the tokens",
        topic="attention gradients",
        says="In self-attention the tokens are used two or three times: their gradients add up.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question, 2: question, 3: question},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        items=("N2.20", "N1.18"),
    ),
)
