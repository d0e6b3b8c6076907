"""Masks written out as 0 and 1: padding of a batch, causal with a cache, both for one sequence."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import several

Lengths = tuple[int, ...]


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    one_is_open = dice.below(2)
    if level == 1:
        n, batch = dice.pick([4, 5, 6]), dice.pick([2, 3])
        lengths = tuple(dice.some(range(1, n), batch))
        return {"n": n, "lengths": lengths, "left": dice.below(2), "one_is_open": one_is_open}
    if level == 2:
        return {
            "n": dice.pick([2, 3, 4]),
            "past": dice.pick([2, 3, 4]),
            "window": dice.pick([0, 0, 2, 3]),
            "one_is_open": one_is_open,
        }
    n = dice.pick([4, 5, 5, 6])
    return {
        "n": n,
        "padding": dice.between(1, n - 2),
        "left": dice.below(2),
        "one_is_open": one_is_open,
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """At level 1 no length that padding of the same size would have."""
    return level != 1 or all(2 * length != givens["n"] for length in givens["lengths"])


def _polarity(one_is_open: int) -> str:
    if one_is_open:
        return (
            r"1 means that the key may be attended to, 0 that it is closed (like a boolean mask of "
            r"`scaled_dot_product_attention` in PyTorch)"
        )
    return (
        r"1 means that the key is closed, 0 that it may be attended to (like a boolean mask of "
        r"`nn.MultiheadAttention` in PyTorch)"
    )


def _side(left: int) -> str:
    return "left" if left else "right"


def question_padding(n: int, lengths: Lengths, left: int, one_is_open: int) -> str:
    sizes = ", ".join(map(str, lengths[:-1])) + f" and {lengths[-1]}"
    return (
        rf"A batch holds sequences of {sizes} tokens, padded on the {_side(left)} to {n}. Write "
        rf"out its padding mask, a row for each sequence: {_polarity(one_is_open)}."
    )


def question_cache(n: int, past: int, window: int, one_is_open: int) -> str:
    sliding = (
        f" and a sliding window of {window} (a query sees its own position and the "
        f"{'one' if window == 2 else window - 1} before it)"
        if window
        else ""
    )
    return (
        rf"The keys of {past} tokens are cached; {n} tokens more are read at once with a causal "
        rf"mask{sliding}. Write out the mask of this step: a row for each new query, a column for "
        rf"each of the {past + n} keys. Here {_polarity(one_is_open)}."
    )


def question_both(n: int, padding: int, left: int, one_is_open: int) -> str:
    return (
        rf"A sequence of {several(n - padding, 'token')} is padded on the {_side(left)} to {n}. "
        r"Write out the mask for causal attention in which no query sees a padding key (rows are "
        rf"queries; the rows of padding tokens are written like any other). "
        rf"Here {_polarity(one_is_open)}."
    )


def grid(n_q: int, n_k: int, open_to: Any) -> Matrix:
    """1 for open pairs (query i, key j), both counted from 0."""
    return [[int(open_to(i, j)) for j in range(n_k)] for i in range(n_q)]


def flipped(mask: Matrix) -> Matrix:
    return [[1 - m for m in row] for row in mask]


def padded(n: int, lengths: Lengths, left: int) -> Matrix:
    return grid(len(lengths), n, lambda i, j: j >= n - lengths[i] if left else j < lengths[i])


def band(n: int, past: int, window: int, ahead: int) -> Matrix:
    """Keys up to so many ahead of the query's own, as many as the window holds (0: all)."""
    width = window or past + n
    return grid(n, past + n, lambda i, j: i + past + ahead - width < j <= i + past + ahead)


def real(n: int, padding: int, left: int, j: int) -> bool:
    """Whether position j, from 0, holds a token and no padding."""
    return j >= padding if left else j < n - padding


STEPS = (
    Step(
        "may",
        "Open keys: the tokens of each sequence",
        r"\text{open}",
        r"1\ \text{for tokens},\ 0\ \text{for padding}",
        padded,
        levels=(1,),
    ),
    Step(
        "may",
        "Open keys: up to the query's own, which lies behind the cache, from the window's first",
        r"\text{open}",
        r"1\ \text{where}\ i+\text{past}-w<j\le i+\text{past},\ \text{else}\ 0",
        lambda n, past, window: band(n, past, window, 0),
        levels=(2,),
        entry=r"\text{open}_{ij}",
    ),
    Step(
        "may",
        "Open keys: not after the query, and no padding",
        r"\text{open}",
        r"1\ \text{where}\ j\le i\ \text{and}\ j\ \text{is a token, else}\ 0",
        lambda n, padding, left: grid(n, n, lambda i, j: j <= i and real(n, padding, left, j)),
        levels=(3,),
        entry=r"\text{open}_{ij}",
    ),
    Step(
        "mask",
        "In the meaning that the question gives to 1 and 0",
        "m",
        lambda one_is_open: r"\text{open}" if one_is_open else r"1-\text{open}",
        lambda may, one_is_open: may if one_is_open else flipped(may),
    ),
)

MISTAKES = (
    Mistake(
        "polarity-flipped",
        "mask",
        lambda mask: flipped(mask),
        "You exchanged 0 and 1: look what 1 means in this library.",
        cause="polarity",
    ),
    Mistake(
        "other-side",
        "may",
        lambda n, lengths, left: padded(n, lengths, 1 - left),
        "You put the padding on the other side.",
        cause="side",
    ),
    Mistake(
        "lengths-for-padding",
        "may",
        lambda n, lengths, left: padded(n, tuple(n - x for x in lengths), left),
        "You took the lengths for the numbers of padding tokens.",
        cause="count",
    ),
    Mistake(
        "one-token-too-many",
        "may",
        lambda n, lengths, left: padded(n, tuple(x + 1 for x in lengths), left),
        "You opened one padding token of each sequence.",
        cause="count",
    ),
    Mistake(
        "all-as-the-longest",
        "may",
        lambda n, lengths, left: padded(n, (max(lengths),) * len(lengths), left),
        "You opened as many keys in every row as the longest sequence has.",
        cause="count",
    ),
    Mistake(
        "aligned-top-left",
        "may",
        lambda n, past, window: band(n, past, window, -past),
        "You began the triangle at the first key; the new queries come after the cached keys.",
        cause="alignment",
    ),
    Mistake(
        "own-key-closed",
        "may",
        lambda n, past, window: band(n, past, window, -1),
        "You closed each query's own key.",
        cause="diagonal",
    ),
    Mistake(
        "cache-only",
        "may",
        lambda n, past, window: [
            [int(x and j < past) for j, x in enumerate(row)] for row in band(n, past, window, 0)
        ],
        "You opened the cache alone; the new tokens see each other causally, and themselves.",
        cause="alignment",
    ),
    Mistake(
        "one-key-ahead",
        "may",
        lambda n, past, window: band(n, past, window, 1),
        "You let every query see one key ahead of its own position.",
        cause="mask",
    ),
    Mistake(
        "window-ignored",
        "may",
        lambda n, past: band(n, past, 0, 0),
        "You left out the window: keys too far back stayed open.",
        when=lambda window: window > 0,
        cause="window",
    ),
    Mistake(
        "window-without-itself",
        "may",
        lambda n, past, window: [
            [int(x or y) for x, y in zip(r, s, strict=True)]
            for r, s in zip(band(n, past, window, 0), band(n, past, window, -1), strict=True)
        ],
        "You let a query see that many keys before it and itself; the window counts it too.",
        when=lambda window: window > 0,
        cause="window",
    ),
    Mistake(
        "new-keys-only",
        "may",
        lambda n, past, window: [row[past:] for row in band(n, past, window, 0)],
        "You left out the columns of the cached keys.",
        cause="alignment",
    ),
    Mistake(
        "wrong-triangle",
        "may",
        lambda n, past: grid(n, past + n, lambda i, j: j >= i + past),
        "You closed the past and opened the future: the triangle is the wrong one.",
        levels=(2,),
        cause="mask",
    ),
    Mistake(
        "padding-ignored",
        "may",
        lambda n, padding: grid(n, n, lambda i, j: j <= i),
        "You left the padding open.",
        cause="padding",
    ),
    Mistake(
        "causal-ignored",
        "may",
        lambda n, padding, left: grid(n, n, lambda i, j: real(n, padding, left, j)),
        "You left out the causal mask.",
        cause="mask",
    ),
    Mistake(
        "padding-on-rows",
        "may",
        lambda n, padding, left: grid(n, n, lambda i, j: j <= i and real(n, padding, left, i)),
        "You closed the rows of padding tokens; padding closes their columns, the keys.",
        when=lambda left: left,  # on the right this is the same as closing rows and columns
        cause="padding",
    ),
    Mistake(
        "padding-rows-too",
        "may",
        lambda n, padding, left: grid(
            n,
            n,
            lambda i, j: j <= i and real(n, padding, left, j) and real(n, padding, left, i),
        ),
        "You closed the rows of padding tokens; only their columns, the keys, are closed.",
        when=lambda left: not left,  # on the left these rows see nothing anyway
        cause="padding",
    ),
    Mistake(
        "padding-other-side",
        "may",
        lambda n, padding, left: grid(n, n, lambda i, j: j <= i and real(n, padding, 1 - left, j)),
        "You put the padding on the other side.",
        cause="side",
    ),
    Mistake(
        "wrong-triangle",
        "may",
        lambda n, padding, left: grid(n, n, lambda i, j: j >= i and real(n, padding, left, j)),
        "You closed the past and opened the future: the triangle is the wrong one.",
        levels=(3,),
        cause="mask",
    ),
)

FAMILIES = (
    Family(
        name="mask-matrix",
        version=1,
        title="Masks written out",
        topic="masks",
        says="Padding and causal masks as 0 and 1, in either polarity.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_padding, 2: question_cache, 3: question_both},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention={
            1: "a row for each sequence",
            2: "rows are queries, columns keys",
            3: "rows are queries, columns keys",
        },
        fine=fine,
        items=("N3.46", "N3.51"),
    ),
)
