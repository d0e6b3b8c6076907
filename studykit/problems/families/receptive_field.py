"""How far sliding windows reach through layers: tokens seen, layers needed, growing dilation."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import ceiling


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        return {
            "layers": dice.between(3, 40),
            "w": dice.pick([3, 4, 5, 8, 10, 16, 32, 64, 128, 256, 512, 1024, 4096]),
        }
    if level == 2:
        w = dice.pick([4, 5, 6, 8, 9, 10, 12, 16])
        j = dice.between(1, 40)
        return {"i": j + dice.between(2 * w * w, 4 * w * w), "j": j, "w": w}
    return {"layers": dice.between(3, 8), "w": dice.between(3, 9)}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """At level 2 a distance that no number of layers bridges exactly."""
    return level != 2 or (givens["i"] - givens["j"]) % (givens["w"] - 1) > 1


def _window(w: int) -> str:
    return rf"a sliding window of ${w}$ (a query sees its own position and the ${w - 1}$ before it)"


def question_reach(layers: int, w: int) -> str:
    return (
        rf"A decoder of ${layers}$ layers uses {_window(w)} in each. On how many tokens of the "
        r"text, its own included, can the last layer's output at a position depend at most?"
    )


def question_layers(i: int, j: int, w: int) -> str:
    return (
        rf"A decoder uses {_window(w)} in each layer. How many layers does it take at least for "
        rf"the output at position ${i}$ to depend on the token at position ${j}$?"
    )


def question_dilated(layers: int, w: int) -> str:
    return (
        rf"In layer $\ell=1,2,\dots,{layers}$ of a decoder a query sees ${w}$ keys: its own and "
        rf"${w - 1}$ before it, at steps of $2^{{\ell-1}}$ positions (dilation 1, 2, 4, …). On "
        r"how many tokens of the text, its own included, can the last layer's output at a position "
        r"depend at most?"
    )


STEPS = (
    Step(
        "back",
        "Every layer goes back by one less than its window",
        "b",
        r"L\,(w-1)",
        lambda layers, w: layers * (w - 1),
        lambda layers, w: rf"{layers}\cdot ({w}-1)",
        levels=(1,),
    ),
    Step(
        "back",
        "Every layer goes back by one less than its window, times its step",
        "b",
        r"(w-1)\left(1+2+4+\dots+2^{L-1}\right)=(w-1)\left(2^L-1\right)",
        lambda layers, w: (w - 1) * (2**layers - 1),
        lambda layers, w: rf"({w}-1)\cdot\left(2^{{{layers}}}-1\right)",
        levels=(3,),
    ),
    Step(
        "reach",
        "With its own token",
        "N",
        "b+1",
        lambda back: back + 1,
        lambda back: rf"{back}+1",
        levels=(1, 3),
    ),
    Step(
        "distance",
        "How far back the token lies",
        "d",
        "i-j",
        lambda i, j: i - j,
        lambda i, j: rf"{i}-{j}",
        levels=(2,),
    ),
    Step(
        "needed",
        "Every layer goes back by one less than its window; rounded up",
        "L",
        ceiling("d", "w-1"),
        lambda distance, w: -(-distance // (w - 1)),
        lambda distance, w: ceiling(distance, f"{w}-1"),
        levels=(2,),
    ),
)

MISTAKES = (
    Mistake(
        "whole-windows",
        "reach",
        lambda layers, w: layers * w,
        "You added up whole windows; consecutive ones share a token, so each adds one less.",
        levels=(1,),
        cause="overlap",
    ),
    Mistake(
        "own-token-left-out",
        "reach",
        lambda back: back,
        "You left out the token itself.",
        cause="count",
    ),
    Mistake(
        "one-layer",
        "reach",
        lambda w: w,
        "You counted one layer; each further layer reaches further back.",
        levels=(1,),
        cause="layers",
    ),
    Mistake(
        "both-sides",
        "back",
        lambda layers, w: 2 * layers * (w - 1),
        "You counted both sides; a decoder's window lies before the query.",
        levels=(1,),
        cause="mask",
    ),
    Mistake(
        "one-layer-too-few",
        "back",
        lambda layers, w: (layers - 1) * (w - 1),
        "You counted one layer too few: the first one reaches back too.",
        levels=(1,),
        cause="layers",
    ),
    Mistake(
        "rounded-down",
        "needed",
        lambda distance, w: distance // (w - 1),
        "You rounded down; then the last stretch is missing.",
        cause="rounding",
    ),
    Mistake(
        "whole-windows",
        "needed",
        lambda distance, w: -(-distance // w),
        "You divided by the window; a layer goes back by one less.",
        when=lambda distance, w: -(-distance // w) != -(-distance // (w - 1)),
        cause="overlap",
    ),
    Mistake(
        "one-layer-too-many",
        "needed",
        lambda distance, w: -(-distance // (w - 1)) + 1,
        "You counted one layer too many; the first layer reaches back already.",
        cause="layers",
    ),
    Mistake(
        "from-the-start",
        "distance",
        lambda i: i,
        "You went back to the start of the text.",
        when=lambda i, j, w: -(-i // (w - 1)) > -(-(i - j) // (w - 1)) + 1,
        cause="count",
    ),
    Mistake(
        "window-ignored",
        "needed",
        lambda: 1,
        "You took one layer; it sees no further than its window.",
        cause="layers",
    ),
    Mistake(
        "no-dilation",
        "back",
        lambda layers, w: layers * (w - 1),
        "You left out the dilation: later layers take larger steps.",
        levels=(3,),
        cause="dilation",
    ),
    Mistake(
        "last-layer-only",
        "back",
        lambda layers, w: (w - 1) * 2 ** (layers - 1),
        "You counted the last layer alone; those below it reach further back.",
        levels=(3,),
        cause="layers",
    ),
    Mistake(
        "power-not-lessened",
        "back",
        lambda layers, w: (w - 1) * 2**layers,
        r"You took $2^L$; the sum $1+2+\dots+2^{L-1}$ is $2^L-1$.",
        levels=(3,),
        cause="dilation",
    ),
    Mistake(
        "whole-windows",
        "back",
        lambda layers, w: w * (2**layers - 1),
        "You let every layer go back by its whole window; one of its keys is the query's own.",
        levels=(3,),
        cause="overlap",
    ),
    Mistake(
        "dilation-by-number",
        "back",
        lambda layers, w: (w - 1) * layers * (layers + 1) // 2,
        r"You took the steps as 1, 2, 3, …; they double.",
        levels=(3,),
        cause="dilation",
    ),
)

FAMILIES = (
    Family(
        name="receptive-field",
        version=1,
        title="How far windows reach through layers",
        topic="masks",
        says="Windows overlap by a token: each layer reaches back by one less than its window.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_reach, 2: question_layers, 3: question_dilated},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        fine=fine,
        items=("N1.7", "N3.27", "N3.51"),
    ),
)
