"""Direct logit attribution: what each part of the residual stream adds to a logit."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, column, dot, matmul
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, sqrt
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, matrix, products, row


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        return {
            "parts": dice.matrix(3, 3, -4, 5),
            "W_U": dice.matrix(3, 4, -3, 4),
            "token": dice.between(1, 3),
        }
    if level == 2:
        return {
            "z": dice.vector(2, -4, 5),
            "W_O": dice.matrix(2, 3, -3, 3),
            "u_1": dice.vector(3, -3, 4),
            "u_2": dice.vector(3, -3, 4),
        }
    return {
        "parts": dice.matrix(3, 4, -4, 5),
        "gain": [dice.pick([1, 2, 3]) for _ in range(4)],
        "u": dice.vector(4, -3, 4),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Parts that all say something, and not the same."""
    if level == 2:
        vectors = givens["z"], givens["u_1"], givens["u_2"]
        return all(map(all, vectors)) and not some_zero_row(givens["W_O"])
    if some_zero_row(givens["parts"]):
        return False
    if level == 3 and (len(set(givens["gain"])) == 1 or givens["rms"] < 2):
        return False
    shares = givens["shares"]
    return all(shares) and len(set(shares)) == 3


def question_parts(parts: Matrix, W_U: Matrix, token: int) -> str:
    return (
        r"The residual stream at the last token is the sum of three parts, the rows below: "
        r"embedding, attention, network. Without a final norm the logits are $xW_U$, one column "
        rf"of $W_U$ for each word. How much does each part add to the logit of word {token} "
        r"(counted from 1)?"
        rf"$$\text{{parts}}={matrix(parts)}\qquad W_U={matrix(W_U)}$$"
    )


def question_head(z: Vector, W_O: Matrix, u_1: Vector, u_2: Vector) -> str:
    return (
        r"A head's output at the last token is $z$; its rows of the output matrix are $W_O^h$. "
        r"Words 1 and 2 have the unembedding vectors $u_1$ and $u_2$; there is no final norm. How "
        r"much does the head add to the logit of word 1, and how much to the difference of logits "
        r"of word 1 minus word 2?"
        rf"$$z={row(z)}\qquad W_O^h={matrix(W_O)}$$$$u_1={row(u_1)}\qquad u_2={row(u_2)}$$"
    )


def question_norm(parts: Matrix, gain: Vector, u: Vector) -> str:
    return (
        r"The residual stream $x$ at the last token is the sum of three parts, the rows below. "
        r"The final norm is $\mathrm{RMSNorm}(x)=g\circ x/\mathrm{rms}(x)$, with "
        r"$\mathrm{rms}(x)=\sqrt{\frac{1}{4}\sum_i x_i^2}$ and no $\varepsilon$; then a word's "
        r"logit is the dot product with $u$. How much does each part add to the logit, with the "
        r"rms of the whole stream?"
        rf"$$\text{{parts}}={matrix(parts)}$$$$g={row(gain)}\qquad u={row(u)}$$"
    )


def rms(x: Vector) -> Any:
    return sqrt(divide(dot(x, x), len(x)))


def gained(gain: Vector, u: Vector) -> Vector:
    return [a * b for a, b in zip(gain, u, strict=True)]


STEPS = (
    Step(
        "shares",
        "Every part with the word's column of the unembedding",
        "a_i",
        r"c_i\cdot (W_U)_{:,t}",
        lambda parts, W_U, token: [dot(c, column(W_U, token - 1)) for c in parts],
        lambda parts, W_U, token: products(parts[0], column(W_U, token - 1)),
        levels=(1,),
    ),
    Step(
        "written",
        "What the head writes into the stream",
        "c",
        r"z\,W_O^h",
        lambda z, W_O: matmul([z], W_O)[0],
        lambda z, W_O: products(z, column(W_O)),
        levels=(2,),
    ),
    Step(
        "logits",
        "With both unembedding vectors",
        r"(c\cdot u_1,\ c\cdot u_2)",
        r"(c\cdot u_1,\ c\cdot u_2)",
        lambda written, u_1, u_2: [dot(written, u_1), dot(written, u_2)],
        lambda written, u_1: products(written, u_1),
        levels=(2,),
    ),
    Step(
        "both",
        "Logit, and difference of logits",
        r"(c\cdot u_1,\ c\cdot (u_1-u_2))",
        r"(c\cdot u_1,\ c\cdot u_1-c\cdot u_2)",
        lambda logits: [logits[0], logits[0] - logits[1]],
        levels=(2,),
    ),
    Step(
        "stream",
        "The whole stream",
        "x",
        r"c_1+c_2+c_3",
        lambda parts: [sum(c) for c in zip(*parts, strict=True)],
        levels=(3,),
    ),
    Step(
        "rms",
        "Its root mean square",
        r"\mathrm{rms}(x)",
        r"\sqrt{\frac{1}{4}\sum_i x_i^2}",
        lambda stream: rms(stream),
        lambda stream: rf"\sqrt{{\frac{{1}}{{4}}\cdot {cell(dot(stream, stream))}}}",
        levels=(3,),
    ),
    Step(
        "shares",
        "Every part with gain and unembedding, over the same rms",
        "a_i",
        r"\frac{c_i\cdot (g\circ u)}{\mathrm{rms}(x)}",
        lambda parts, gain, u, rms: [divide(dot(c, gained(gain, u)), rms) for c in parts],
        lambda parts, gain, u, rms: (
            rf"\frac{{{products(parts[0], gained(gain, u))}}}{{{cell(rms)}}}"
        ),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "row-for-column",
        "shares",
        lambda parts, W_U, token: [dot(c, W_U[token - 1][:3]) for c in parts],
        r"You took a row of $W_U$; a word is a column.",
        levels=(1,),
        cause="axis",
    ),
    Mistake(
        "words-from-zero",
        "shares",
        lambda parts, W_U, token: [dot(c, column(W_U, token)) for c in parts],
        "This is the next word; the first one is 1.",
        levels=(1,),
        cause="index",
    ),
    Mistake(
        "running-sum",
        "shares",
        lambda shares: [sum(shares[: i + 1]) for i in range(3)],
        "You added the parts up as you went, as the logit lens does; each one's own was asked.",
        levels=(1,),
        cause="sum",
    ),
    Mistake(
        "one-component",
        "shares",
        lambda parts, token: [c[token - 1] for c in parts],
        "You gave one component of the stream; a logit is a dot product with the word's column.",
        levels=(1,),
        cause="stopped",
    ),
    Mistake(
        "parts-exchanged-with-components",
        "shares",
        lambda parts, W_U, token: [
            dot(c, column(W_U, token - 1)) for c in zip(*parts, strict=True)
        ],
        "You took the columns of the parts; each row is one part.",
        levels=(1,),
        cause="axis",
    ),
    Mistake(
        "output-matrix-left-out",
        "written",
        lambda z: [*z, 0],
        r"You left out $W_O^h$: the head writes $zW_O^h$ into the stream.",
        cause="stopped",
    ),
    Mistake(
        "other-word",
        "both",
        lambda logits: [logits[1], logits[1] - logits[0]],
        "You exchanged the words.",
        cause="index",
    ),
    Mistake(
        "difference-reversed",
        "both",
        lambda logits: [logits[0], logits[1] - logits[0]],
        "You subtracted word 1 from word 2.",
        cause="index",
    ),
    Mistake(
        "second-for-difference",
        "both",
        lambda logits: logits,
        "You gave the logit of word 2; the difference was asked.",
        cause="difference",
    ),
    Mistake(
        "logits-added",
        "both",
        lambda logits: [logits[0], logits[0] + logits[1]],
        "You added the logits; the difference was asked.",
        cause="difference",
    ),
    Mistake(
        "own-rms",
        "shares",
        lambda parts, gain, u: [divide(dot(c, gained(gain, u)), rms(c)) for c in parts],
        "You divided each part by its own rms; the norm divides by that of the whole stream.",
        levels=(3,),
        cause="norm",
    ),
    Mistake(
        "norm-left-out",
        "shares",
        lambda parts, gain, u: [dot(c, gained(gain, u)) for c in parts],
        "You left out the division by the rms.",
        levels=(3,),
        cause="norm",
    ),
    Mistake(
        "gain-left-out",
        "shares",
        lambda parts, u, rms: [divide(dot(c, u), rms) for c in parts],
        "You left out the gain of the norm.",
        levels=(3,),
        cause="norm",
    ),
    Mistake(
        "sum-for-mean",
        "rms",
        lambda stream: sqrt(dot(stream, stream)),
        "You divided by the length; the rms takes the mean of the squares.",
        cause="norm",
    ),
    Mistake(
        "mean-square",
        "rms",
        lambda stream: divide(dot(stream, stream), 4),
        "You did not take the root.",
        cause="norm",
    ),
    Mistake(
        "centred",
        "rms",
        lambda stream: rms([x - divide(sum(stream), 4) for x in stream]),
        "You took the standard deviation; RMSNorm does not subtract the mean.",
        when=lambda stream: sum(stream) != 0,
        cause="norm",
    ),
    Mistake(
        "running-sum",
        "shares",
        lambda shares: [sum(shares[: i + 1]) for i in range(3)],
        "You added the parts up as you went; each one's own was asked.",
        levels=(3,),
        cause="sum",
    ),
)

FAMILIES = (
    Family(
        name="direct-logits",
        version=1,
        title="What adds to a logit",
        topic="V functions",
        says="The stream is a sum, so every part has its share in every logit.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_parts, 2: question_head, 3: question_norm},
        precision={1: Exact(), 2: Exact(), 3: Places(3)},
        convention={1: "in the order of the parts", 3: "in the order of the parts"},
        fine=fine,
        items=("N0.1", "N0.2", "N3.39", "N3.31"),
    ),
)
