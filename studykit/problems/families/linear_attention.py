"""Linear attention: weights by a feature map, the running state that gives the same, and decay."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import (
    Matrix,
    Vector,
    add,
    dot,
    matmul,
    outer,
    softmax,
    to_one,
    transpose,
)
from studykit.problems.attention_steps import telling_values
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, matrix, products, row


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        return {"q": dice.vector(3, -2, 3), "K": dice.matrix(3, 3, -3, 3)}
    if level == 2:
        return {
            "S": dice.matrix(2, 2, -6, 8),
            "z": dice.vector(2, 2, 6),
            "q": dice.vector(2, 1, 3),
            "k": dice.vector(2, 1, 3),
            "v": dice.vector(2, -5, 6),
        }
    return {
        "q": dice.vector(2, -3, 3),
        "K": dice.matrix(3, 2, -3, 3),
        "V": dice.matrix(3, 2, -4, 5),
        "g": dice.pick([Fraction(1, 2), Fraction(1, 2), Fraction(1, 4), Fraction(3, 4)]),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Features that are not all 0; weights, values and products told apart."""
    q = givens["q"]
    if level == 1:
        weights = givens["weights"]
        clipped = any(x < 0 for x in q) and any(x < 0 for k in givens["K"] for x in k)
        return clipped and all(weights) and len(set(weights)) > 1 and sum(map(bool, q)) == 3
    if level == 2:
        return not some_zero_row(givens["S"]) and all(givens["v"]) and q != givens["k"]
    return all(q) and all(givens["products"]) and telling_values(givens["V"])


def question_weights(q: Vector, K: Matrix) -> str:
    return (
        r"Linear attention replaces $e^{q\cdot k}$ by $\varphi(q)\cdot\varphi(k)$. With "
        r"$\varphi(x)=\max(x,0)$ for every component, give the weights of the keys (rows of $K$), "
        r"$p_j=\varphi(q)\cdot\varphi(k_j)\,/\sum_i\varphi(q)\cdot\varphi(k_i)$."
        rf"$$q={row(q)}\qquad K={matrix(K)}$$"
    )


def question_state(S: Matrix, z: Vector, q: Vector, k: Vector, v: Vector) -> str:
    return (
        r"Causal linear attention keeps $S=\sum_j k_j^\top v_j$ and $z=\sum_j k_j$ (vectors are "
        r"rows; the feature map has been applied). A new token adds its part to both, then its "
        r"output is $o=qS/(q\cdot z)$. Give $o$ for the new token."
        rf"$$S={matrix(S)}\qquad z={row(z)}$$"
        rf"$$q={row(q)}\qquad k={row(k)}\qquad v={row(v)}$$"
    )


def question_decay(q: Vector, K: Matrix, V: Matrix, g: Fraction) -> str:
    return (
        r"Linear attention with decay keeps a state, $S_t=\gamma S_{t-1}+k_t^\top v_t$ with "
        rf"$S_0=0$ and $\gamma={cell(g)}$, and reads $o_t=q_tS_t$; there is no normalisation. The "
        r"rows of $K$ and $V$ are keys and values of tokens 1 to 3. Give $o_3$; $q$ is $q_3$."
        rf"$$q={row(q)}\qquad K={matrix(K)}\qquad V={matrix(V)}$$"
    )


def phi(v: Vector) -> Vector:
    return [max(x, 0) for x in v]


def read(q: Vector, S: Matrix, z: Vector) -> Vector:
    return [divide(x, dot(q, z)) for x in matmul([q], S)[0]]


def weighed(terms: Vector, decays: Vector, V: Matrix) -> Vector:
    return matmul([[t * d for t, d in zip(terms, decays, strict=True)]], V)[0]


STEPS = (
    Step(
        "features",
        "Features of the query",
        r"\varphi(q)",
        r"\max(q,0)",
        lambda q: phi(q),
        levels=(1,),
    ),
    Step(
        "terms",
        "Products with the features of the keys",
        "t",
        r"\varphi(q)\cdot\varphi(k_j)",
        lambda features, K: [dot(features, phi(k)) for k in K],
        lambda features, K: products(features, phi(K[0])),
        levels=(1,),
        entry=r"t_j",
    ),
    Step(
        "weights",
        "Divided by their sum",
        "p",
        r"\frac{t}{\sum_i t_i}",
        lambda terms: to_one(terms),
        lambda terms: rf"\frac{{{cell(terms[0])}}}{{{'+'.join(map(cell, terms))}}}",
        levels=(1,),
    ),
    Step(
        "state",
        "The state with the new token",
        "S'",
        r"S+k^\top v",
        lambda S, k, v: add(S, outer(k, v)),
        lambda S, k, v: rf"{cell(S[0][0])}+{factor(k[0])}\cdot {factor(v[0])}",
        levels=(2,),
    ),
    Step(
        "keys",
        "The sum of keys with the new one",
        "z'",
        "z+k",
        lambda z, k: [a + b for a, b in zip(z, k, strict=True)],
        lambda z, k: rf"{cell(z[0])}+{factor(k[0])}",
        levels=(2,),
    ),
    Step(
        "output",
        "The query reads both",
        "o",
        r"\frac{qS'}{q\cdot z'}",
        lambda q, state, keys: read(q, state, keys),
        lambda q, state, keys: (
            rf"\frac{{{products(q, [r[0] for r in state])}}}{{{products(q, keys)}}}"
        ),
        levels=(2,),
    ),
    Step(
        "products",
        "Products of the query with the keys",
        "s",
        r"q\cdot k_j",
        lambda q, K: [dot(q, k) for k in K],
        lambda q, K: products(q, K[0]),
        levels=(3,),
        entry=r"s_j",
    ),
    Step(
        "decays",
        "How far each token has decayed: the newest not at all",
        "d",
        r"\left(\gamma^2,\ \gamma,\ 1\right)",
        lambda g: [g * g, g, 1],
        lambda g: rf"\left({cell(g)}\right)^2",
        levels=(3,),
    ),
    Step(
        "output",
        "Values, weighed with both",
        "o_3",
        r"\sum_j\gamma^{3-j}\,(q\cdot k_j)\,v_j",
        lambda products, decays, V: weighed(products, decays, V),
        lambda products, decays, V: " + ".join(
            rf"{factor(s)}\cdot {cell(d)}\cdot {factor(v[0])}"
            for s, d, v in zip(products, decays, V, strict=True)
        ),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "no-feature-map",
        "terms",
        lambda q, K: [dot(q, k) for k in K],
        r"You left out the feature map $\varphi$.",
        cause="features",
    ),
    Mistake(
        "features-of-the-product",
        "terms",
        lambda q, K: phi([dot(q, k) for k in K]),
        r"You took $\varphi$ of the products; it is taken of each component, before.",
        cause="features",
    ),
    Mistake(
        "query-without-features",
        "features",
        lambda q: q,
        r"You took $\varphi$ of the keys alone; the query has it too.",
        cause="features",
    ),
    Mistake(
        "softmax",
        "weights",
        lambda terms: softmax(terms),
        "You took the softmax; linear attention divides by the sum, without exponentials.",
        cause="normalisation",
    ),
    Mistake(
        "not-normalised",
        "weights",
        lambda terms: terms,
        "You did not divide by the sum.",
        cause="normalisation",
    ),
    Mistake(
        "own-token-left-out",
        "output",
        lambda q, S, z: read(q, S, z),
        "You read before the new token was added; causal attention sees its own key.",
        levels=(2,),
        cause="state",
    ),
    Mistake(
        "sum-not-updated",
        "keys",
        lambda z: z,
        r"You did not add the new key to $z$; then the weights no longer sum to 1.",
        cause="state",
    ),
    Mistake(
        "state-not-updated",
        "state",
        lambda S: S,
        r"You did not add the new token to $S$.",
        cause="state",
    ),
    Mistake(
        "not-divided",
        "output",
        lambda q, state: matmul([q], state)[0],
        r"You did not divide by $q\cdot z$.",
        cause="normalisation",
    ),
    Mistake(
        "divided-by-sum-of-keys",
        "output",
        lambda q, state, keys: [divide(x, sum(keys)) for x in matmul([q], state)[0]],
        r"You divided by the sum of $z$; divide by $q\cdot z$.",
        cause="normalisation",
    ),
    Mistake(
        "key-and-value-exchanged",
        "state",
        lambda S, k, v: add(S, outer(v, k)),
        r"You added $v^\top k$; the key stands on the left, $k^\top v$.",
        cause="order",
    ),
    Mistake(
        "state-transposed",
        "output",
        lambda q, state, keys: read(q, transpose(state), keys),
        r"You computed $qS^\top$; the rows of $S$ belong to the key's width.",
        cause="order",
    ),
    Mistake(
        "no-decay",
        "decays",
        lambda: [1, 1, 1],
        "You left out the decay.",
        cause="decay",
    ),
    Mistake(
        "newest-decayed",
        "decays",
        lambda g: [g * g * g, g * g, g],
        "You let the newest token decay as well; it is added after the decay.",
        cause="decay",
    ),
    Mistake(
        "decay-turned-round",
        "decays",
        lambda g: [1, g, g * g],
        "You let the newest tokens decay most; the oldest ones do.",
        cause="decay",
    ),
    Mistake(
        "decay-once",
        "decays",
        lambda g: [g, g, 1],
        "You let the first token decay once; it decays at every step.",
        cause="decay",
    ),
    Mistake(
        "decay-added-up",
        "decays",
        lambda g: [2 * g, g, 1],
        r"You took $2\gamma$ for two steps; the decay is a power, $\gamma^2$.",
        cause="decay",
    ),
    Mistake(
        "own-token-left-out",
        "decays",
        lambda g: [g * g, g, 0],
        "You left out token 3 itself; it is in the state when it reads.",
        cause="state",
    ),
    Mistake(
        "normalised-from-habit",
        "output",
        lambda products, decays, V: weighed(to_one(products), decays, V),
        "You divided by the sum of the products; here there is no normalisation.",
        levels=(3,),
        cause="normalisation",
    ),
)

FAMILIES = (
    Family(
        name="linear-attention",
        version=1,
        title="Linear attention",
        topic="attention forward",
        says="A product of features for the exponential, and a running state for the keys.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_weights, 2: question_state, 3: question_decay},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention={1: "in the order of the keys", 2: "", 3: ""},
        fine=fine,
        items=("N1.34", "N2.9", "N2.13", "N3.17"),
    ),
)
