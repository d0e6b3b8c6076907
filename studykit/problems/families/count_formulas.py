"""Parameters, operations and cache of a transformer, counted as formulas in its sizes."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.formula import Declared, Formula, formula

GIVEN = ("level", "heads", "ffn", "ratio", "extra", "tied")

ATTENTION = {
    "full": ("4 d^2", "multi-head attention with $h$ heads of width $d/h$"),
    "grouped": (
        "2 d^2 + 2 g d^2 / h",
        "grouped-query attention with $h$ query heads and $g$ key-value heads of width $d/h$",
    ),
    "single": (
        "2 d^2 + 2 d^2 / h",
        "multi-query attention with $h$ query heads of width $d/h$ and one key-value head",
    ),
}
SHOWN_KEYS = {"full": "d", "grouped": r"\frac{g\,d}{h}", "single": r"\frac{d}{h}"}
KEYS = {"full": "d", "grouped": "g d / h", "single": "d / h"}
"""The width of all keys of a token, which is also that of its values."""

UNITS = {"plain": (2, "two matrices"), "gated": (3, "three matrices (a gated unit)")}

SIZES = {"full": ("h",), "grouped": ("g", "h"), "single": ("h",)}
"""What the heads are counted by; h drops out where every head has its own keys and values."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    return {
        "heads": dice.pick(list(ATTENTION)),
        "ffn": dice.pick(list(UNITS)),
        "ratio": dice.pick([2, 3, 4, 6, 8]),
        "extra": dice.pick(["none", "biases", "norms"]) if level == 1 else "none",
        "tied": level == 2 and dice.below(2) == 0,
    }


def names(level: int, heads: str, *_others: Any) -> Declared:
    sizes = ["d", *SIZES[heads]]
    if level == 2:
        sizes += ["L", "V"]
    if level == 3:
        sizes += ["L", "n"]
    return dict.fromkeys(sizes, "positive")


def written(text: str, *given: Any) -> Formula:
    return formula(text, names(*given))


def attention(*given: Any) -> Formula:
    return written(ATTENTION[given[1]][0], *given)


def feed_forward(*given: Any) -> Formula:
    return written("d^2", *given) * (UNITS[given[2]][0] * int(given[3]))


def extras(*given: Any) -> Formula:
    """Vectors beside the matrices: biases of all of them, or two norms with gain and shift."""
    if given[4] == "norms":
        return written("4 d", *given)
    inner = UNITS[given[2]][0] - 1
    keys = written(KEYS[given[1]], *given) * 2
    return keys + written("3 d", *given) + written("d", *given) * (inner * int(given[3]))


def question(level: int, heads: str, ffn: str, ratio: int, extra: str, tied: bool) -> str:
    block = (
        rf"A block of width $d$ has {ATTENTION[heads][1]} (queries, keys, values and output "
        rf"projection), and a feed-forward layer of inner width ${ratio}d$ with {UNITS[ffn][1]}."
    )
    match level:
        case 1:
            beside = {
                "none": " There are no biases, and norms are not counted.",
                "biases": " Every matrix has a bias; norms are not counted.",
                "norms": " There are no biases; two LayerNorms have a gain and a shift each.",
            }[extra]
            return f"{block}{beside} How many parameters has the block?"
        case 2:
            shared = "shares" if tied else "does not share"
            return (
                rf"{block} A model has $L$ such blocks and an embedding of $V$ tokens; the output "
                rf"layer {shared} its matrix. Without biases, norms and positions: how many "
                "parameters has the model?"
            )
        case _:
            return (
                rf"{block} A model has $L$ such blocks. How many floating-point operations does "
                r"the forward pass over $n$ tokens take in all matrix products of the blocks? A "
                "multiply-add counts as two, scores are computed for all pairs, embeddings and "
                "output layer are not counted."
            )


def model(blocks: Formula, copies: int, *given: Any) -> Formula:
    return blocks + written("V d", *given) * copies


STEPS = (
    Step(
        "attention",
        "Attention: query and output projection, and those of keys and values",
        "P_A",
        lambda heads: rf"2d^2+2d\cdot {SHOWN_KEYS[heads]}",
        attention,
        takes=GIVEN,
    ),
    Step(
        "feed_forward",
        "Feed-forward layer: every matrix is the width times the inner width",
        "P_F",
        lambda ffn, ratio: rf"{UNITS[ffn][0]}\cdot d\cdot {ratio}d",
        feed_forward,
        takes=GIVEN,
    ),
    Step(
        "block",
        "The block: both, and the vectors that are counted",
        "P",
        lambda extra: "P_A+P_F" + ("" if extra == "none" else rf"+\text{{{extra}}}"),
        lambda attention, feed_forward, *given: (
            attention + feed_forward + extras(*given)
            if given[4] != "none"
            else attention + feed_forward
        ),
        takes=("attention", "feed_forward", *GIVEN),
    ),
    Step(
        "model",
        "The model: all blocks, and the embedding once or twice",
        r"P_{\mathrm{model}}",
        lambda tied: r"L\,P+V\,d" if tied else r"L\,P+2\,V\,d",
        lambda block, *given: model(written("L", *given) * block, 1 if given[5] else 2, *given),
        levels=(2,),
        takes=("block", *GIVEN),
    ),
    Step(
        "pairs",
        "Operations that grow with the pairs: scores and mixing, each a product of width d",
        r"F_{\mathrm{pairs}}",
        r"2\cdot 2\,n^2 d",
        lambda *given: written("4 n^2 d", *given),
        levels=(3,),
        takes=GIVEN,
    ),
    Step(
        "operations",
        "All blocks: two operations a parameter and token, and those of the pairs",
        r"F",
        r"L\,(2nP+F_{\mathrm{pairs}})",
        lambda block, pairs, *given: (
            written("L", *given) * (written("n", *given) * block * 2 + pairs)
        ),
        levels=(3,),
        takes=("block", "pairs", *GIVEN),
    ),
)

MISTAKES = (
    Mistake(
        "output-projection-forgotten",
        "attention",
        lambda *given: attention(*given) - written("d^2", *given),
        "You left out the output projection, a matrix of its own.",
        cause="matrices",
        takes=GIVEN,
    ),
    Mistake(
        "times-heads",
        "attention",
        lambda *given: written("4 d^2 h", *given),
        "You took full matrices for every head; the heads share the width.",
        cause="heads",
        takes=GIVEN,
    ),
    Mistake(
        "grouping-ignored",
        "attention",
        lambda *given: written("4 d^2", *given),
        "Keys and values have fewer heads than the queries, so their matrices are narrower.",
        when=lambda heads: heads != "full",
        cause="heads",
        takes=GIVEN,
    ),
    Mistake(
        "matrix-forgotten",
        "feed_forward",
        lambda *given: written("d^2", *given) * ((UNITS[given[2]][0] - 1) * int(given[3])),
        "You counted one matrix too few in the feed-forward layer.",
        cause="matrices",
        takes=GIVEN,
    ),
    Mistake(
        "inner-width-alone",
        "feed_forward",
        lambda *given: written("d^2", *given) * UNITS[given[2]][0],
        "The inner width is a multiple of the width; you took the width itself.",
        cause="sizes",
        takes=GIVEN,
    ),
    Mistake(
        "vectors-forgotten",
        "block",
        lambda attention, feed_forward: attention + feed_forward,
        "You left out the vectors: they are counted here.",
        when=lambda extra: extra != "none",
        levels=(1,),
        cause="vectors",
    ),
    Mistake(
        "embedding-counted-once",
        "model",
        lambda block, *given: model(written("L", *given) * block, 1, *given),
        "The output layer has a matrix of its own here: the embedding counts twice.",
        when=lambda tied: not tied,
        levels=(2,),
        cause="embedding",
        takes=("block", *GIVEN),
    ),
    Mistake(
        "embedding-counted-twice",
        "model",
        lambda block, *given: model(written("L", *given) * block, 2, *given),
        "The output layer shares the embedding's matrix: it counts once.",
        when=lambda tied: tied,
        levels=(2,),
        cause="embedding",
        takes=("block", *GIVEN),
    ),
    Mistake(
        "embedding-forgotten",
        "model",
        lambda block, *given: written("L", *given) * block,
        "You left out the embedding.",
        levels=(2,),
        cause="embedding",
        takes=("block", *GIVEN),
    ),
    Mistake(
        "one-layer-only",
        "model",
        lambda block, *given: model(block, 1 if given[5] else 2, *given),
        "You counted one block; the model has L of them.",
        levels=(2,),
        cause="layers",
        takes=("block", *GIVEN),
    ),
    Mistake(
        "macs-for-flops",
        "operations",
        lambda block, pairs, *given: (
            written("L", *given) * (written("n", *given) * block + pairs / 2)
        ),
        "You counted multiply-adds; each of them is two operations here.",
        levels=(3,),
        cause="operations",
        takes=("block", "pairs", *GIVEN),
    ),
    Mistake(
        "pairs-forgotten",
        "operations",
        lambda block, *given: written("L", *given) * (written("n", *given) * block * 2),
        "You left out the scores and the mixing: they have no parameters, but they cost.",
        levels=(3,),
        cause="operations",
        takes=("block", *GIVEN),
    ),
    Mistake(
        "scores-alone",
        "pairs",
        lambda *given: written("2 n^2 d", *given),
        "You counted the scores alone; mixing the values costs the same again.",
        levels=(3,),
        cause="operations",
        takes=GIVEN,
    ),
    Mistake(
        "pairs-counted-once-a-token",
        "pairs",
        lambda *given: written("4 n d", *given),
        "Every token meets every token: the scores grow with the square of the length.",
        levels=(3,),
        cause="operations",
        takes=GIVEN,
    ),
)

FAMILIES = (
    Family(
        name="count-formulas",
        version=1,
        title="Counting a transformer in its sizes",
        topic="parameters, FLOPs and memory",
        says="Parameters of a block and a model, and operations of a forward pass, as formulas.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question, 2: question, 3: question},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        items=("N3.29", "N3.31", "N3.42"),
    ),
)
