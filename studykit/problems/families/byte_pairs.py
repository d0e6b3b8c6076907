"""Byte-pair encoding: the pair to merge next, a word by given merges, and two merges in a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix, Vector
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step

LETTERS = "abcd"
Pair = tuple[Any, ...]


def spelled(dice: Dice, n: int) -> list[int]:
    """A word in which no letter follows itself: no pair overlaps another of its kind."""
    word = [dice.below(4)]
    while len(word) < n:
        word.append((word[-1] + dice.between(1, 3)) % 4)
    return word


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level != 2:
        words = [spelled(dice, 5) for _ in range(4)]
        return {"words": words, "counts": dice.some(range(1, 10), 4)}
    word = spelled(dice, dice.between(9, 12))
    tokens, merges = list(word), []
    for name in range(4, 8):
        pairs = neighbours(tokens)
        if not pairs:
            return None
        pair = dice.pick(sorted(set(pairs)))
        merges.append(list(pair))
        if dice.below(2):  # else the next pair competes with this one for its letters
            tokens = merged(tokens, pair, name)
    return {"word": word, "merges": merges} if len({tuple(m) for m in merges}) == 4 else None


def fine(level: int, givens: dict[str, Any]) -> bool:
    """One pair is the most frequent, without a tie; merges whose order matters."""
    if level == 2:
        word, merges = givens["word"], givens["merges"]
        differs = encoded(word, merges, (3, 2, 1, 0)) != givens["ids"]
        return differs and 3 <= len(givens["ids"]) <= len(word) - 4
    words, counts = givens["words"], givens["counts"]
    found = frequencies(words, counts)
    if not clear(found):
        return False
    return level == 1 or clear(frequencies(all_merged(words, most(found), 4), counts))


def _corpus(words: Matrix, counts: Vector) -> str:
    shown = ", ".join(f"{int(c)} × {text(w)}" for w, c in zip(words, counts, strict=True))
    return (
        r"Byte-pair encoding is trained on these words, each with the number of times it occurs; "
        f"at first every letter is a token, and merges stay inside a word.\n\n{shown}.\n\n"
    )


def question_merge(words: Matrix, counts: Vector) -> str:
    return (
        f"{_corpus(words, counts)}The most frequent pair of neighbouring tokens is merged. How "
        r"often does this pair occur, and how many tokens has the whole corpus after the merge?"
    )


def question_word(word: Vector, merges: Matrix) -> str:
    names = spellings(merges)
    listed = ", ".join(
        f"{i} = {names[int(a)]} + {names[int(b)]}" for i, (a, b) in enumerate(merges, start=4)
    )
    return (
        r"A byte-pair encoding has the tokens 0 = a, 1 = b, 2 = c, 3 = d and four merges, in the "
        f"order in which they were learned:\n\n{listed}.\n\n"
        r"A word is encoded by applying the merges in this order, each wherever its two tokens "
        rf"stand side by side, from left to right. Give the tokens of the word “{text(word)}”."
    )


def question_two(words: Matrix, counts: Vector) -> str:
    return (
        f"{_corpus(words, counts)}The most frequent pair of neighbouring tokens is merged, then "
        r"the most frequent pair of what stands there then. How often does the second pair occur, "
        r"how many tokens has the corpus after both merges, and how many letters does a token hold "
        r"on average?"
    )


def text(word: Vector) -> str:
    return "".join(LETTERS[int(i)] for i in word)


def spellings(merges: Matrix) -> list[str]:
    """What each token stands for: the letters, then the merges."""
    names = list(LETTERS)
    for a, b in merges:
        names.append(names[int(a)] + names[int(b)])
    return names


def neighbours(tokens: Vector) -> list[Pair]:
    return list(pairwise(tokens))


def merged(tokens: Vector, pair: Pair, name: Any) -> Vector:
    """Every occurrence of the pair replaced by one token, from left to right."""
    out: Vector = []
    for token in tokens:
        if out and (out[-1], token) == pair:
            out[-1] = name
        else:
            out.append(token)
    return out


def all_merged(words: Matrix, pair: Pair, name: Any) -> Matrix:
    return [merged(word, pair, name) for word in words]


def frequencies(words: Matrix, counts: Vector) -> Counter[Pair]:
    found: Counter[Pair] = Counter()
    for word, times in zip(words, counts, strict=True):
        for pair in neighbours(word):
            found[pair] += int(times)
    return found


def clear(found: Counter[Pair]) -> bool:
    """Whether one pair is more frequent than any other."""
    best = found.most_common(2)
    return len(best) == 2 and best[0][1] > best[1][1]


def most(found: Counter[Pair]) -> Pair:
    """The most frequent pair; of several the first in the alphabet."""
    return min(found, key=lambda pair: (-found[pair], pair))


def size(words: Matrix, counts: Vector) -> int:
    return sum(len(word) * int(times) for word, times in zip(words, counts, strict=True))


def after(words: Matrix, counts: Vector) -> list[int]:
    """How often the most frequent pair occurs, and the tokens left once it is merged."""
    found = frequencies(words, counts)
    return [found[most(found)], size(all_merged(words, most(found), 9), counts)]


def once_merged(words: Matrix, counts: Vector) -> Matrix:
    return all_merged(words, most(frequencies(words, counts)), 4)


def second_merge(words: Matrix, counts: Vector, left: Any) -> list[int]:
    """How often the second pair occurs, and what is left of so many tokens."""
    occurs = after(once_merged(words, counts), counts)[0]
    return [occurs, int(left) - occurs]


def runner_up(words: Matrix, counts: Vector) -> int:
    """How often the second most frequent pair occurs, if nothing is counted again."""
    return sorted(frequencies(words, counts).values())[-2]


def encoded(word: Vector, merges: Matrix, order: Sequence[int]) -> list[int]:
    """The merges applied in this order."""
    tokens = list(word)
    for i in order:
        tokens = merged(tokens, tuple(merges[i]), 4 + i)
    return [int(t) for t in tokens]


def longest_match(word: Vector, merges: Matrix) -> list[int]:
    """From the left, the longest token that fits."""
    names, rest, out = spellings(merges), text(word), []
    while rest:
        best = max(
            (i for i, s in enumerate(names) if rest.startswith(s)), key=lambda i: len(names[i])
        )
        out.append(best)
        rest = rest[len(names[best]) :]
    return out


def _shown(words: Matrix, counts: Vector) -> str:
    pair = most(frequencies(words, counts))
    each = (
        rf"{neighbours(w).count(pair)}\cdot {int(c)}"
        for w, c in zip(words, counts, strict=True)
        if pair in neighbours(w)
    )
    return rf"\text{{{text(list(pair))}: }}{'+'.join(each)}"


STEPS = (
    Step(
        "both",
        "Every pair counts as often as its word occurs; each merge takes one token away",
        r"(c,\ N')",
        r"\left(\max_{pairs} c,\ N-c\right)",
        lambda words, counts: after(words, counts),
        lambda words, counts: _shown(words, counts),
        levels=(1,),
    ),
    Step(
        "ids",
        "The merges in their order: all of 4, then all of 5, of 6, of 7",
        r"\text{tokens}",
        r"\text{word after merges 4, 5, 6, 7}",
        lambda word, merges: encoded(word, merges, (0, 1, 2, 3)),
        levels=(2,),
    ),
    Step(
        "first",
        "The first merge: how often its pair occurs, and the tokens left",
        r"(c_1,\ N_1)",
        r"\left(\max_{pairs} c,\ N-c_1\right)",
        lambda words, counts: after(words, counts),
        lambda words, counts: _shown(words, counts),
        levels=(3,),
    ),
    Step(
        "second",
        "All pairs counted again, with the merged token among them",
        r"(c_2,\ N_2)",
        r"\left(\max_{pairs} c,\ N_1-c_2\right)",
        lambda words, counts, first: second_merge(words, counts, first[1]),
        levels=(3,),
    ),
    Step(
        "letters",
        "With the letters for each token",
        r"\left(c_2,\ N_2,\ \frac{N}{N_2}\right)",
        r"\left(c_2,\ N_2,\ \frac{N}{N_2}\right)",
        lambda second, words, counts: [*second, divide(size(words, counts), int(second[1]))],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "occurrences-ignored",
        "both",
        lambda words: after(words, [1] * len(words)),
        "You counted every word once; it counts as often as it occurs.",
        cause="count",
    ),
    Mistake(
        "not-merged",
        "both",
        lambda both, words, counts: [both[0], size(words, counts)],
        "You gave the tokens before the merge.",
        cause="tokens",
    ),
    Mistake(
        "both-tokens-taken-away",
        "both",
        lambda both, words, counts: [both[0], size(words, counts) - 2 * both[0]],
        "You took both tokens of the pair away; one stands in their place.",
        cause="tokens",
    ),
    Mistake(
        "vocabulary-for-tokens",
        "both",
        lambda both, words: [both[0], len({x for w in words for x in w}) + 1],
        "You gave the size of the vocabulary; the tokens of the corpus were asked.",
        cause="tokens",
    ),
    Mistake(
        "one-token-less",
        "both",
        lambda both, words, counts: [both[0], size(words, counts) - 1],
        "You took one token away; every occurrence of the pair becomes one token less.",
        when=lambda both: both[0] > 1,
        cause="tokens",
    ),
    Mistake(
        "tokens-of-the-words-once",
        "both",
        lambda both, words, counts: [both[0], size(once_merged(words, counts), [1] * len(words))],
        "You counted the tokens of each word once; it counts as often as it occurs.",
        cause="count",
    ),
    Mistake(
        "latest-merge-first",
        "ids",
        lambda word, merges: encoded(word, merges, (3, 2, 1, 0)),
        "You applied the merges in the reverse order; the first one learned goes first.",
        cause="order",
    ),
    Mistake(
        "longest-token-first",
        "ids",
        lambda word, merges: longest_match(word, merges),
        "You took the longest token that fits, from the left; merges are applied in order.",
        when=lambda word, merges, ids: longest_match(word, merges) != ids,
        cause="order",
    ),
    Mistake(
        "last-merge-left-out",
        "ids",
        lambda word, merges: encoded(word, merges, (0, 1, 2)),
        "You left out the last merge.",
        when=lambda word, merges, ids: encoded(word, merges, (0, 1, 2)) != ids,
        cause="stopped",
    ),
    Mistake(
        "first-merge-only",
        "ids",
        lambda word, merges: encoded(word, merges, (0,)),
        "You applied the first merge only.",
        cause="stopped",
    ),
    Mistake(
        "letters-only",
        "ids",
        lambda word: [int(x) for x in word],
        "You gave the letters; the merges are still to be applied.",
        cause="stopped",
    ),
    Mistake(
        "numbers-from-one",
        "ids",
        lambda ids: [i + 1 for i in ids],
        "You counted tokens from 1; a is 0.",
        cause="index",
    ),
    Mistake(
        "not-counted-again",
        "second",
        lambda words, counts, first: [
            runner_up(words, counts),
            first[1] - runner_up(words, counts),
        ],
        "You took the second pair from the first count; the merge changed the counts.",
        when=lambda words, counts, second: runner_up(words, counts) != second[0],
        cause="count",
    ),
    Mistake(
        "occurrences-ignored",
        "letters",
        lambda words: (lambda second, ones: [*second, divide(size(words, ones), second[1])])(
            after(once_merged(words, [1] * len(words)), [1] * len(words)), [1] * len(words)
        ),
        "You counted every word once; it counts as often as it occurs.",
        cause="count",
    ),
    Mistake(
        "first-merge-only",
        "second",
        lambda first: first,
        "You stopped after the first merge.",
        cause="stopped",
    ),
    Mistake(
        "tokens-for-each-letter",
        "letters",
        lambda second, words, counts: [*second, divide(int(second[1]), size(words, counts))],
        "You gave the tokens for each letter.",
        cause="ratio",
    ),
    Mistake(
        "first-count",
        "letters",
        lambda letters, first: [first[0], *letters[1:]],
        "You gave how often the first pair occurs.",
        cause="count",
    ),
    Mistake(
        "both-tokens-taken-away",
        "second",
        lambda second, words, counts, first: [
            second[0],
            size(words, counts) - 2 * first[0] - 2 * second[0],
        ],
        "You took both tokens of each pair away; one stands in their place.",
        cause="tokens",
    ),
)

FAMILIES = (
    Family(
        name="byte-pairs",
        version=1,
        title="Byte-pair encoding",
        topic="embeddings and positions",
        says="How a tokenizer learns its pairs, and how it applies them.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_merge, 2: question_word, 3: question_two},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        fine=fine,
        items=("N4.4", "N4.5"),
    ),
)
