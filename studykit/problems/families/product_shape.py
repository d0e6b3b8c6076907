"""Shapes of products: a chain with transposes, an einsum, and a line of tensor code."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.mistakes.shapes import EXCHANGED, SQUARE, shape_of, where_asked

Shape = tuple[int, ...]

CHAINS = (
    (r"AB^\top C", "nm", "pm", "pr", "n", "p", "r"),
    (r"(AB^\top)^\top C", "nm", "pm", "nr", "p", "n", "r"),
    (r"A^\top BC^\top", "mn", "mp", "rp", "n", "p", "r"),
    (r"(AB)^\top C", "nm", "mp", "nr", "p", "n", "r"),
    (r"A(BC^\top)^\top", "nm", "rp", "mp", "n", "m", "r"),
    (r"A^\top(BC)^\top", "mn", "rp", "pm", "n", "m", "r"),
)
"""A chain, the letters of its three factors' sizes; the result's rows, what is summed, columns."""

EINSUMS = (
    ("bqc,bkc->bqk", "A score for every query and key of a sequence"),
    ("bhqk,bkhc->bqhc", "Weights times values, with the heads behind the tokens"),
    ("bnd,dhc->bhnc", "Tokens projected into all heads at once"),
    ("bhnc,hcd->bnd", "Heads through the output matrix, and summed"),
    ("bqhc,bkhc->bhqk", "Scores of all heads, with the heads behind the tokens"),
    ("bqgrc,bkgc->bgrqk", "Scores where each of g key heads serves r query heads"),
)

SIZES = (2, 3, 4, 5, 6, 7, 8, 9, 10, 12)


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        n, m, p, r = dice.some(SIZES, 4)
        return {"which": dice.below(len(CHAINS)), "n": n, "m": m, "p": p, "r": r}
    if level == 2:
        which = dice.below(len(EINSUMS))
        letters = sorted(set(EINSUMS[which][0]) - set(",->"))
        sizes = tuple(dice.some(SIZES, len(letters)))
        return {"which": which, "sizes": sizes}
    batch, n, m, h, c = dice.some(SIZES, 5)
    return {"b": batch, "n": n, "m": m, "h": h, "c": c}


def chain_sizes(n: int, m: int, p: int, r: int) -> dict[str, int]:
    return {"n": n, "m": m, "p": p, "r": r}


def factors(which: int, n: int, m: int, p: int, r: int) -> tuple[Shape, ...]:
    """The shapes of A, B and C."""
    sizes = chain_sizes(n, m, p, r)
    return tuple((sizes[two[0]], sizes[two[1]]) for two in CHAINS[which][1:4])


def chain_result(which: int, n: int, m: int, p: int, r: int) -> tuple[int, int, int]:
    """Rows, the last size summed over, columns."""
    rows, inner, columns = (chain_sizes(n, m, p, r)[x] for x in CHAINS[which][4:])
    return rows, inner, columns


def lettered(which: int, sizes: Shape) -> dict[str, int]:
    letters = sorted(set(EINSUMS[which][0]) - set(",->"))
    return dict(zip(letters, sizes, strict=True))


def einsum_parts(which: int) -> tuple[str, str, str]:
    """The letters of both inputs and of the result."""
    inputs, result = EINSUMS[which][0].split("->")
    first, second = inputs.split(",")
    return first, second, result


def sizes_of(letters: str, which: int, sizes: Shape) -> Shape:
    by_letter = lettered(which, sizes)
    return tuple(by_letter[x] for x in letters)


def in_order_of_inputs(which: int) -> str:
    """The letters of the result as they first turn up in the inputs."""
    first, second, result = einsum_parts(which)
    return "".join(x for x in dict.fromkeys(first + second) if x in result)


def text(shape: Shape) -> str:
    return "(" + ", ".join(map(str, shape)) + ")"


def question_chain(which: int, n: int, m: int, p: int, r: int) -> str:
    given = ", ".join(
        rf"${letter}$ is ${rows}\times {columns}$"
        for letter, (rows, columns) in zip("ABC", factors(which, n, m, p, r), strict=True)
    )
    return rf"{given}. What is the shape of ${CHAINS[which][0]}$?"


def question_einsum(which: int, sizes: Shape) -> str:
    first, second, _ = einsum_parts(which)
    return (
        rf"`x` has the shape {text(sizes_of(first, which, sizes))}, `y` the shape "
        rf"{text(sizes_of(second, which, sizes))}. What is the shape of "
        rf'`einsum("{EINSUMS[which][0]}", x, y)`?'
    )


TENSORS = {
    "split": "`q`",
    "scores": "`s`",
    "mixed": "`o`",
    "merged": "`y`",
}


def question_code(b: int, n: int, m: int, h: int, c: int, asked: str) -> str:
    return (
        rf"`Q` has the shape {text((b, n, h * c))}; `k` and `v` have the shape "
        rf"{text((b, h, m, c))}. What is the shape of {TENSORS[asked]} in this PyTorch code?"
        "\n\n"
        rf"- `q = Q.view({b}, {n}, {h}, {c}).transpose(1, 2)`"
        "\n- `s = q @ k.transpose(-2, -1)`"
        "\n- `o = s.softmax(-1) @ v`"
        "\n- `y = o.transpose(1, 2).flatten(2)`"
    )


STEPS = (
    Step(
        "chain",
        "The free size on the left and the free size on the right; those between must agree",
        r"\text{shape}",
        r"\text{rows of the first factor}\times\text{columns of the last, after transposing}",
        lambda which, n, m, p, r: chain_result(which, n, m, p, r)[::2],
        levels=(1,),
    ),
    Step(
        "einsum",
        "The size of each letter after the arrow; letters that are gone were summed over",
        r"\text{shape}",
        r"\text{the letters of the result}",
        lambda which, sizes: sizes_of(einsum_parts(which)[2], which, sizes),
        levels=(2,),
    ),
    Step(
        "split",
        "Queries split into heads, the head axis moved before the tokens",
        shape_of("q"),
        r"(B,\ h,\ n_q,\ d_k)",
        lambda b, n, h, c: (b, h, n, c),
        levels=(3,),
    ),
    Step(
        "scores",
        "The last two axes multiply as matrices: queries by keys",
        shape_of("s"),
        r"(B,\ h,\ n_q,\ n_k)",
        lambda split, m: (*split[:3], m),
        levels=(3,),
    ),
    Step(
        "mixed",
        "The softmax keeps the shape; the keys are summed over",
        shape_of("o"),
        r"(B,\ h,\ n_q,\ d_v)",
        lambda scores, c: (*scores[:3], c),
        levels=(3,),
    ),
    Step(
        "merged",
        "Heads moved back behind the tokens and flattened into the width",
        shape_of("y"),
        r"(B,\ n_q,\ h\,d_v)",
        lambda mixed: (mixed[0], mixed[2], mixed[1] * mixed[3]),
        levels=(3,),
    ),
)


MISTAKES = (
    Mistake(
        "result-transposed",
        "chain",
        lambda chain: chain[::-1],
        "Rows and columns are exchanged.",
        cause="axes",
    ),
    Mistake(
        "inner-size-kept",
        "chain",
        lambda which, n, m, p, r: chain_result(which, n, m, p, r)[:2],
        "Your second size is summed over in the last product; the columns of that factor are left.",
        cause="product",
    ),
    Mistake(
        "inner-rows",
        "chain",
        lambda which, n, m, p, r: chain_result(which, n, m, p, r)[1:],
        "Your first size is summed over in the last product; the rows of the first factor are "
        "left.",
        cause="product",
    ),
    Mistake(
        "all-sizes-kept",
        "chain",
        lambda which, n, m, p, r: chain_result(which, n, m, p, r),
        "A product of matrices is a matrix: the size between two factors is summed over.",
        cause="product",
    ),
    Mistake(
        "transposes-overlooked",
        "chain",
        lambda which, n, m, p, r: (
            factors(which, n, m, p, r)[0][0],
            factors(which, n, m, p, r)[2][1],
        ),
        "You took the first rows and the last columns as printed; a transpose exchanges them.",
        when=lambda which, n, m, p, r: (
            (factors(which, n, m, p, r)[0][0], factors(which, n, m, p, r)[2][1])
            not in (chain_result(which, n, m, p, r)[::2], chain_result(which, n, m, p, r)[::-2])
        ),
        cause="transpose",
    ),
    Mistake(
        "summed-letters-kept",
        "einsum",
        lambda which, sizes: sizes_of(
            "".join(dict.fromkeys("".join(einsum_parts(which)[:2]))), which, sizes
        ),
        "You kept every letter; those that do not stand after the arrow are summed over.",
        cause="product",
    ),
    Mistake(
        "first-input",
        "einsum",
        lambda which, sizes: sizes_of(einsum_parts(which)[0], which, sizes),
        "You gave the shape of the first tensor; the letters after the arrow decide.",
        cause="axes",
    ),
    Mistake(
        "order-of-inputs",
        "einsum",
        lambda which, sizes: sizes_of(in_order_of_inputs(which), which, sizes),
        "You kept the order of the inputs; the letters after the arrow set the order.",
        when=lambda which: in_order_of_inputs(which) != einsum_parts(which)[2],
        cause="axes",
    ),
    Mistake(
        "batch-left-out",
        "einsum",
        lambda einsum: einsum[1:],
        "You left out the batch: its letter stands after the arrow and stays an axis.",
        cause="axes",
    ),
    Mistake(
        "last-two-exchanged",
        "einsum",
        lambda einsum: (*einsum[:-2], einsum[-1], einsum[-2]),
        "The last two axes are exchanged; read them off after the arrow.",
        cause="axes",
    ),
)

MISTAKES_IN_CODE = (
    Mistake(
        "not-transposed",
        "split",
        lambda b, n, h, c: (b, n, h, c),
        "You left out `transpose(1, 2)`: it puts the heads before the tokens.",
        cause="axes",
    ),
    Mistake(
        "not-split",
        "split",
        lambda b, n, h, c: (b, h, n, h * c),
        "You kept the whole width in each head; `view` shares it out.",
        cause="heads",
    ),
    Mistake(
        "heads-forgotten",
        "split",
        lambda b, n, c: (b, n, c),
        "The axis of the heads is missing.",
        cause="heads",
    ),
    Mistake(
        "heads-out-of-tokens",
        "split",
        lambda b, n, h, c: (b, n, c, h),
        "You put the heads last; `view` leaves the width of a head last.",
        cause="axes",
    ),
    Mistake(
        "keys-not-transposed",
        "scores",
        lambda split, c: (*split[:3], c),
        "The last size is that of the keys: `k.transpose(-2, -1)` is multiplied from the right.",
        cause="transpose",
    ),
    Mistake(
        "axes-exchanged",
        "scores",
        lambda split, m: (*split[:2], m, split[2]),
        EXCHANGED,
        cause="axes",
    ),
    Mistake(
        "as-many-keys-as-queries",
        "scores",
        lambda split: (*split[:3], split[2]),
        SQUARE,
        cause="axes",
    ),
    Mistake(
        "heads-behind-tokens",
        "scores",
        lambda split, m: (split[0], split[2], split[1], m),
        "The heads come before the tokens: `q` was transposed.",
        cause="axes",
    ),
    Mistake(
        "stopped-at-weights",
        "mixed",
        lambda scores: scores,
        "That is the shape of the weights; they are still multiplied by `v`.",
        cause="stopped",
    ),
    Mistake(
        "row-for-each-key",
        "mixed",
        lambda b, h, m, c: (b, h, m, c),
        "You gave one row for each key; the keys are summed over.",
        cause="axes",
    ),
    Mistake(
        "heads-behind-tokens",
        "mixed",
        lambda scores, c: (scores[0], scores[2], scores[1], c),
        "The heads still come before the tokens; only the last line moves them back.",
        cause="axes",
    ),
    Mistake(
        "last-axis-summed",
        "mixed",
        lambda scores: scores[:3],
        "The softmax keeps the shape; it does not remove an axis.",
        cause="axes",
    ),
    Mistake(
        "not-moved-back",
        "merged",
        lambda mixed: (mixed[0], mixed[1], mixed[2] * mixed[3]),
        "You flattened without the transpose: tokens must stay an axis of their own.",
        cause="axes",
    ),
    Mistake(
        "not-flattened",
        "merged",
        lambda mixed: (mixed[0], mixed[2], mixed[1], mixed[3]),
        "You left out `flatten(2)`: heads and their width become one axis.",
        cause="heads",
    ),
    Mistake(
        "flattened-from-one",
        "merged",
        lambda mixed: (mixed[0], mixed[2] * mixed[1] * mixed[3]),
        "You flattened the tokens as well; `flatten(2)` begins at axis 2, counted from 0.",
        cause="axes",
    ),
    Mistake(
        "heads-averaged",
        "merged",
        lambda mixed: (mixed[0], mixed[2], mixed[3]),
        "You dropped the heads; they stand side by side in the width.",
        cause="heads",
    ),
)

FAMILIES = (
    Family(
        name="product-shape",
        version=1,
        title="Shape of a product",
        topic="dot products and linear maps",
        says="Read the shape off a chain with transposes, an einsum, or code.",
        draws=draws,
        steps=STEPS,
        mistakes=(*MISTAKES, *where_asked(MISTAKES_IN_CODE)),
        question={1: question_chain, 2: question_einsum, 3: question_code},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        asked={3: ("split", "scores", "mixed", "merged")},
        items=("N1.27", "N1.29", "N2.45", "N3.21", "N3.35"),
    ),
)
