"""Gradients of attention as matrix formulas: one step back, through the softmax, all the way."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step, at_levels
from studykit.problems.formula import Declared, Formula, formula


def draws(dice: Dice, level: int) -> dict[str, Any]:
    n = dice.pick(["n", "N", "L"])
    sizes = {"n": n, "m": dice.pick([n, "m", "M"]), "scale": dice.pick(["root", "tau"])}
    if level != 2:
        return sizes
    return sizes | {"d_weights": written("dA", level, "", *sizes.values())}


def names(level: int, asked: str, n: str, m: str, scale: str) -> Declared:
    """What a problem may be answered with: what it gives, and nothing else."""
    value = {"V": f"{m}×d_v", "dO": f"{n}×d_v"}
    query = {"Q": f"{n}×d_k", "K": f"{m}×d_k"}
    letter = {"tau": "positive"} if scale == "tau" else {}
    if level == 1:
        outer = asked in ("d_value", "d_weights")
        return {"A": f"{n}×{m}"} | value if outer else query | {"dS": f"{n}×{m}"} | letter
    by = "tau" if scale == "tau" else "sqrt(d_k)"
    weights = {"S": f"{n}×{m} = Q K^T / {by}", "A": f"{n}×{m} = softmax(S)"}
    if level == 2:
        return query | {"dA": f"{n}×{m}"} | letter | weights
    return query | value | letter | weights | {"O": f"{n}×d_v = A V"}


GIVEN = ("level", "asked", "n", "m", "scale")
"""What every step is given: it decides the names of the problem."""


def written(text: str, *given: Any) -> Formula:
    """A formula over the names of this problem."""
    return formula(text, names(*given))


def unscaled(text: str) -> Any:
    return lambda *given: written(text, *given)


def scaled(text: str, power: int = 1) -> Any:
    """The formula divided by the scale, so many times."""
    return lambda *given: over_scale(written(text, *given), *given, power=power)


def over_scale(f: Formula, *given: Any, power: int = 1) -> Formula:
    if given[4] == "tau":
        return f / written("tau" if power == 1 else "tau^2", *given)
    return f / written("sqrt(d_k)" if power == 1 else "d_k", *given)


def shown_scale(scale: str) -> str:
    return r"\tau" if scale == "tau" else r"\sqrt{d_k}"


def question_one(asked: str, scale: str) -> str:
    if asked in ("d_value", "d_weights"):
        by = "V" if asked == "d_value" else "A"
        return (
            rf"The output of attention is $O=AV$: rows of $A$ are queries, columns "
            rf"keys. Coming back from the loss is $dO=\partial L/\partial O$. "
            rf"Give $\partial L/\partial {by}$."
        )
    by = "Q" if asked == "d_query" else "K"
    return (
        rf"The scores are $S=QK^\top/{shown_scale(scale)}$: rows are queries, columns keys. Coming "
        rf"back from the loss is $dS=\partial L/\partial S$. Give $\partial L/\partial {by}$."
    )


def question_two(asked: str, scale: str) -> str:
    by = {"d_scores": "S", "d_query": "Q", "d_key": "K"}[asked]
    return (
        rf"The scores are $S=QK^\top/{shown_scale(scale)}$ and the weights "
        rf"$A=\mathrm{{softmax}}(S)$, each row on its own. Coming back from the loss is "
        rf"$dA=\partial L/\partial A$. Give $\partial L/\partial {by}$."
    )


def question_three(asked: str, scale: str) -> str:
    by = {"d_scores": "S", "d_query": "Q", "d_key": "K"}[asked]
    return (
        rf"One head computes $S=QK^\top/{shown_scale(scale)}$, $A=\mathrm{{softmax}}(S)$ "
        rf"row by row, and $O=AV$. Coming back is $dO=\partial L/\partial O$. "
        rf"Give $\partial L/\partial {by}$."
    )


BACK = {"d_query": "dS K", "d_key": "dS^T Q"}
"""What comes back to queries and keys, but for the scale."""
NO_SCALE = "You left out the scale: the scores hold it, so their gradient passes through it."

STEPS = (
    Step(
        "d_value",
        "Gradient of the values: each value collects from all queries that read it",
        "dV",
        r"\sum_i A_{ij}\,dO_{ic}",
        unscaled("A^T dO"),
        levels=(1,),
        takes=GIVEN,
        entry=r"dV_{jc}",
    ),
    Step(
        "d_weights",
        "Gradient of the weights: what comes back, with every value",
        "dA",
        r"\sum_c dO_{ic}\,V_{jc}",
        unscaled("dO V^T"),
        levels=(1, 3),
        takes=GIVEN,
        entry=r"dA_{ij}",
    ),
    Step(
        "mean",
        "For each query the mean of its gradients under the weights, as a column",
        r"\mu",
        r"\mathrm{rowsum}(dA\odot A)",
        lambda d_weights, *given: rowsum(d_weights.hadamard(written("A", *given))),
        levels=(2, 3),
        takes=("d_weights", *GIVEN),
    ),
    Step(
        "d_scores",
        "Back through the softmax: each weight times how far its gradient lies above the mean",
        "dS",
        r"A\odot(dA-\mu)",
        lambda d_weights, mean, *given: written("A", *given).hadamard(d_weights - mean),
        levels=(2, 3),
        takes=("d_weights", "mean", *GIVEN),
    ),
    Step(
        "d_query",
        "Gradient of the queries: the keys, weighted, and the scale once more",
        "dQ",
        lambda scale: rf"\frac{{1}}{{{shown_scale(scale)}}}\sum_j dS_{{ij}}\,K_{{jc}}",
        scaled(BACK["d_query"]),
        levels=(1,),
        entry="dQ_{ic}",
        takes=GIVEN,
    ),
    Step(
        "d_key",
        "Gradient of the keys: the queries, weighted, and the scale once more",
        "dK",
        lambda scale: rf"\frac{{1}}{{{shown_scale(scale)}}}\sum_i dS_{{ij}}\,Q_{{ic}}",
        scaled(BACK["d_key"]),
        levels=(1,),
        entry="dK_{jc}",
        takes=GIVEN,
    ),
    Step(
        "d_query",
        "Gradient of the queries: the keys, weighted, and the scale once more",
        "dQ",
        lambda scale: rf"dS\,K/{shown_scale(scale)}",
        lambda d_scores, *given: over_scale(d_scores @ written("K", *given), *given),
        levels=(2, 3),
        takes=("d_scores", *GIVEN),
    ),
    Step(
        "d_key",
        "Gradient of the keys: the queries, weighted, and the scale once more",
        "dK",
        lambda scale: rf"dS^\top Q/{shown_scale(scale)}",
        lambda d_scores, *given: over_scale(d_scores.T @ written("Q", *given), *given),
        levels=(2, 3),
        takes=("d_scores", *GIVEN),
    ),
)


def rowsum(f: Formula) -> Formula:
    return f.called("rowsum")


def is_self(n: str, m: str) -> bool:
    """As many queries as keys: then the shapes do not tell a missing transpose."""
    return n == m


MISTAKES = (
    *at_levels(
        (1,),
        (
            Mistake(
                "weights-not-turned",
                "d_value",
                unscaled("A dO"),
                r"The weights are turned round: $A^\top dO$ gathers, for each key, from the "
                "queries.",
                when=is_self,
                cause="transpose",
                takes=GIVEN,
            ),
            Mistake(
                "gradient-transposed",
                "d_value",
                unscaled("dO^T A"),
                r"This is the gradient transposed; $dV$ has the shape of $V$.",
                cause="transpose",
                takes=GIVEN,
            ),
            Mistake(
                "gradient-transposed",
                "d_weights",
                unscaled("V dO^T"),
                r"This is the gradient transposed: rows are queries, columns keys.",
                cause="transpose",
                takes=GIVEN,
            ),
            *(
                Mistake("no-scale", step, unscaled(text), NO_SCALE, cause="scale", takes=GIVEN)
                for step, text in BACK.items()
            ),
            *(
                Mistake(
                    "scale-twice",
                    step,
                    scaled(text, 2),
                    "You divided by the scale twice; the gradient already arrives at the scaled "
                    "scores.",
                    cause="scale",
                    takes=GIVEN,
                )
                for step, text in BACK.items()
            ),
            Mistake(
                "scores-turned",
                "d_query",
                scaled("dS^T K"),
                r"For the queries $dS$ stays as it is; it is turned for the keys.",
                when=is_self,
                cause="transpose",
                takes=GIVEN,
            ),
            Mistake(
                "scores-not-turned",
                "d_key",
                scaled("dS Q"),
                r"For the keys $dS$ is turned round: each key collects from all queries.",
                when=is_self,
                cause="transpose",
                takes=GIVEN,
            ),
            Mistake(
                "own-side-used",
                "d_query",
                scaled("dS Q"),
                "What comes back to the queries is a mix of keys: the other side of the product.",
                when=is_self,
                cause="sides",
                takes=GIVEN,
            ),
            Mistake(
                "own-side-used",
                "d_key",
                scaled("dS^T K"),
                "What comes back to the keys is a mix of queries: the other side of the product.",
                when=is_self,
                cause="sides",
                takes=GIVEN,
            ),
        ),
    ),
    *at_levels(
        (2, 3),
        (
            Mistake(
                "mean-left-out",
                "d_scores",
                lambda d_weights, *given: written("A", *given).hadamard(d_weights),
                r"You left out the mean: $A\odot(dA-\mathrm{rowsum}(dA\odot A))$.",
                cause="softmax",
                takes=("d_weights", *GIVEN),
            ),
            Mistake(
                "diagonal-only",
                "d_scores",
                lambda d_weights, *given: (
                    written("A", *given).hadamard(written("1 - A", *given)).hadamard(d_weights)
                ),
                "You used the diagonal of the softmax Jacobian alone; raising one score also "
                "lowers all other weights of its row.",
                cause="softmax",
                takes=("d_weights", *GIVEN),
            ),
            Mistake(
                "weights-not-applied",
                "d_scores",
                lambda d_weights, mean: d_weights - mean,
                r"You forgot the weights in front: $A\odot(dA-\mu)$.",
                cause="softmax",
            ),
            Mistake(
                "mean-added",
                "d_scores",
                lambda d_weights, mean, *given: written("A", *given).hadamard(d_weights + mean),
                "You added the mean; it is subtracted.",
                cause="sign",
                takes=("d_weights", "mean", *GIVEN),
            ),
            Mistake(
                "plain-sum",
                "mean",
                lambda d_weights: rowsum(d_weights),
                r"You summed the gradients as they are; each counts with its weight: "
                r"$\mathrm{rowsum}(dA\odot A)$.",
                cause="softmax",
            ),
            Mistake(
                "mean-over-columns",
                "mean",
                lambda d_weights, *given: d_weights.hadamard(written("A", *given)).called("colsum"),
                "You summed down the columns; a softmax runs along each row, the keys of a query.",
                cause="axis",
                takes=("d_weights", *GIVEN),
            ),
            Mistake(
                "no-scale",
                "d_query",
                lambda d_scores, *given: d_scores @ written("K", *given),
                NO_SCALE,
                cause="scale",
                takes=("d_scores", *GIVEN),
            ),
            Mistake(
                "no-scale",
                "d_key",
                lambda d_scores, *given: d_scores.T @ written("Q", *given),
                NO_SCALE,
                cause="scale",
                takes=("d_scores", *GIVEN),
            ),
            Mistake(
                "scores-not-turned",
                "d_key",
                lambda d_scores, *given: over_scale(d_scores @ written("Q", *given), *given),
                r"For the keys $dS$ is turned round: each key collects from all queries.",
                when=is_self,
                cause="transpose",
                takes=("d_scores", *GIVEN),
            ),
            Mistake(
                "own-side-used",
                "d_query",
                lambda d_scores, *given: over_scale(d_scores @ written("Q", *given), *given),
                "What comes back to the queries is a mix of keys: the other side of the product.",
                when=is_self,
                cause="sides",
                takes=("d_scores", *GIVEN),
            ),
        ),
    ),
    Mistake(
        "softmax-forgotten",
        "d_scores",
        lambda d_weights: d_weights,
        r"You went past the softmax: $dS$ is not $dA$.",
        levels=(3,),
        cause="softmax",
    ),
)

FAMILIES = (
    Family(
        name="attention-gradient-formulas",
        version=1,
        title="Gradients of attention as formulas",
        topic="attention gradients",
        says="dV, dA, dS, dQ and dK with their shapes, one step back or all the way.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_one, 2: question_two, 3: question_three},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        asked={
            1: ("d_value", "d_weights", "d_query", "d_key"),
            2: ("d_scores", "d_query", "d_key"),
            3: ("d_scores", "d_query", "d_key"),
        },
        items=("N2.20", "N3.9"),
    ),
)
