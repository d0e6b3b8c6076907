"""Single derivatives of a softmax in named weights: an entry, its logarithm, a mixed value."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.formula import Declared, Formula, formula
from studykit.problems.wording import partial

GIVEN = ("level", "i", "j", "scale", "targets")


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        i = dice.between(1, 6)
        j = i if dice.below(3) == 0 else dice.between(1, 6)
        return {"i": i, "j": j, "scale": 0, "targets": []}
    if level == 2:
        targets = dice.vector(dice.pick([3, 3, 4]), 0, 4)
        j = dice.between(1, len(targets))
        if sum(targets) in (0, targets[j - 1]):
            return None
        return {"i": 0, "j": j, "scale": 0, "targets": targets}
    return {
        "i": dice.between(2, 5),
        "j": dice.between(1, 5),
        "scale": dice.pick([0, 1, 2]),
        "targets": [],
    }


def names(level: int, i: int, j: int, scale: int, targets: Any) -> Declared:
    if level == 3:
        return of_a_head(max(i, j), scale)
    row = f"vector {6 if level == 1 else len(targets)}"
    return {"s": row, "p": f"{row} = softmax(s)"}


def of_a_head(n: int, scale: int) -> Declared:
    row = f"vector {n}"
    scores: dict[str, str] = {
        0: {"s": row},
        1: {"q": "real", "k": row, "d": "positive", "s": f"{row} = q k / sqrt(d)"},
        2: {"s": row, "tau": "positive"},
    }[scale]
    weights = {"p": f"{row} = softmax({'s / tau' if scale == 2 else 's'})"}
    return {"v": row} | scores | weights | {"o": "real = sum(p ⊙ v)"}


def written(text: str, *given: Any) -> Formula:
    """A formula with a and b for the numbers of the two entries."""
    _, i, j, *_ = given
    return formula(text.replace("_a", f"_{i}").replace("_b", f"_{j}"), names(*given))


def question_entry(i: int, j: int) -> str:
    return (
        rf"A row of scores $(s_1,\dots,s_6)$ gives the weights "
        rf"$p_k=e^{{s_k}}/\sum_l e^{{s_l}}$. "
        rf"Give $\partial p_{i}/\partial s_{j}$ in terms of the weights."
    )


def question_loss(j: int, targets: list[int]) -> str:
    terms = [
        ("" if t == 1 else str(t)) + rf"\ln p_{k}" for k, t in enumerate(targets, start=1) if t
    ]
    n = len(targets)
    return (
        rf"A row of scores $(s_1,\dots,s_{n})$ gives the weights "
        rf"$p_k=e^{{s_k}}/\sum_l e^{{s_l}}$. "
        rf"Give $\partial L/\partial s_{j}$ for $$L=-{'-'.join(terms)}$$"
    )


def question_value(i: int, j: int, scale: int) -> str:
    n = max(i, j)
    scores = {
        0: "",
        1: r" The scores are $s_k=q\,k_k/\sqrt{d}$, with numbers $q$ and $k_k$.",
        2: r" The weights are taken at temperature $\tau$: $p=\mathrm{softmax}(s/\tau)$.",
    }[scale]
    by = rf"k_{j}" if scale == 1 else rf"s_{j}"
    start = "" if scale == 2 else r" with the weights $p=\mathrm{softmax}(s)$"
    return (
        rf"One coordinate of a head's output is $o=\sum_{{k=1}}^{n}p_kv_k${start}.{scores} "
        rf"Give $\partial o/\partial {by}$ in terms of the names below."
    )


def entry(*given: Any) -> Formula:
    _, i, j, *_ = given
    return written("p_a (1 - p_a)" if i == j else "-p_a p_b", *given)


def by_loss(*given: Any) -> Formula:
    j, targets = given[2], given[4]
    return written(f"{int(sum(targets))} p_b", *given) - int(targets[j - 1])


def at(text: str) -> Any:
    return lambda *given: written(text, *given)


def on_to(f: Formula, *given: Any) -> Formula:
    match given[3]:
        case 1:
            return f * written("q", *given) / written("sqrt(d)", *given)
        case 2:
            return f / written("tau", *given)
        case _:
            return f


def by_inside(j: int, scale: int) -> str:
    """∂o by what stands in the softmax."""
    return partial(rf"(s_{j}/\tau)" if scale == 2 else rf"s_{j}", "o")


STEPS = (
    Step(
        "derivative",
        "Entry of the Jacobian: the weight, times the Kronecker delta less the other weight",
        lambda i, j: partial(f"s_{j}", f"p_{i}"),
        lambda i, j: rf"p_{i}(\delta_{{{i}{j}}}-p_{j})",
        entry,
        levels=(1,),
        takes=GIVEN,
    ),
    Step(
        "derivative",
        "Sum over all terms: each logarithm gives the Kronecker delta less the weight",
        lambda j: partial(f"s_{j}"),
        lambda j, targets: (
            "-"
            + "-".join(
                rf"{'' if t == 1 else t}(\delta_{{{k}{j}}}-p_{j})"
                for k, t in enumerate(targets, start=1)
                if t
            )
        ),
        by_loss,
        levels=(2,),
        takes=GIVEN,
    ),
    Step(
        "scaled",
        "Derivative by what stands in the softmax: how far the value lies above the output",
        by_inside,
        lambda j: rf"\sum_k v_k\,p_k(\delta_{{k{j}}}-p_{j})",
        at("p_b (v_b - o)"),
        levels=(3,),
        takes=GIVEN,
    ),
    Step(
        "derivative",
        "Chain rule: on to what is asked",
        lambda j, scale: partial(rf"k_{j}" if scale == 1 else rf"s_{j}", "o"),
        lambda j, scale: {
            0: by_inside(j, scale),
            1: rf"{by_inside(j, scale)}\cdot{partial(f'k_{j}', f's_{j}')}",
            2: rf"{by_inside(j, scale)}\cdot\frac{{1}}{{\tau}}",
        }[scale],
        on_to,
        levels=(3,),
        takes=("scaled", *GIVEN),
    ),
)


def _entry(name: str, text: str, same: bool, says: str, cause: str) -> Mistake:
    return Mistake(
        name,
        "derivative",
        at(text),
        says,
        when=(lambda i, j: i == j) if same else (lambda i, j: i != j),
        levels=(1,),
        cause=cause,
        takes=GIVEN,
    )


MISTAKES = (
    _entry(
        "weight-alone",
        "p_a",
        True,
        r"On the diagonal the factor $1-p_i$ is missing.",
        "jacobian",
    ),
    _entry(
        "square-alone",
        "-p_a^2",
        True,
        r"You forgot that a weight grows with its own score: $p_i-p_i^2$.",
        "jacobian",
    ),
    _entry(
        "sign-flipped",
        "-p_a (1 - p_a)",
        True,
        "The sign is the wrong way round: a weight grows with its own score.",
        "sign",
    ),
    _entry(
        "complement-alone",
        "1 - p_a",
        True,
        r"You left out the factor $p_i$ in front of $1-p_i$.",
        "jacobian",
    ),
    _entry(
        "plus-beside-the-diagonal",
        "p_a p_b",
        False,
        "Beside the diagonal the sign is minus: one score up, all other weights down.",
        "sign",
    ),
    _entry(
        "diagonal-only",
        "0",
        False,
        "A weight depends on every score of its row, through the sum below the line.",
        "jacobian",
    ),
    _entry(
        "as-on-the-diagonal",
        "p_a (1 - p_b)",
        False,
        "The 1 belongs to the diagonal alone: here the two entries differ.",
        "jacobian",
    ),
    _entry(
        "outer-factor-missing",
        "-p_b",
        False,
        r"This is the derivative of $\ln p_i$; that of $p_i$ has the factor $p_i$ as well.",
        "jacobian",
    ),
    Mistake(
        "sign-flipped",
        "derivative",
        lambda *given: -by_loss(*given),
        "All signs are the wrong way round: the loss has a minus in front.",
        levels=(2,),
        cause="sign",
        takes=GIVEN,
    ),
    Mistake(
        "own-term-only",
        "derivative",
        lambda *given: written(f"{int(given[4][given[2] - 1])} (p_b - 1)", *given),
        "You took the term of this entry alone; the score also moves all other weights.",
        when=lambda targets, j: targets[j - 1] != 0,
        levels=(2,),
        cause="jacobian",
        takes=GIVEN,
    ),
    Mistake(
        "targets-summed-to-one",
        "derivative",
        lambda *given: written(f"p_b - {int(given[4][given[2] - 1])}", *given),
        "The targets do not sum to 1 here: the weight is taken as often as all of them together.",
        when=lambda targets: sum(targets) != 1,
        levels=(2,),
        cause="targets",
        takes=GIVEN,
    ),
    Mistake(
        "weight-in-front",
        "derivative",
        lambda *given: by_loss(*given) * written("p_b", *given),
        "You multiplied with the weight once more; the derivative of a logarithm divides it away.",
        levels=(2,),
        cause="logarithm",
        takes=GIVEN,
    ),
    Mistake(
        "mean-left-out",
        "scaled",
        at("p_b v_b"),
        "You left out the output: raising one weight lowers all others, so the mean comes off.",
        levels=(3,),
        cause="jacobian",
        takes=GIVEN,
    ),
    Mistake(
        "diagonal-only",
        "scaled",
        at("p_b (1 - p_b) v_b"),
        "You used the diagonal of the Jacobian alone; all weights move with this score.",
        levels=(3,),
        cause="jacobian",
        takes=GIVEN,
    ),
    Mistake(
        "sign-flipped",
        "scaled",
        at("p_b (o - v_b)"),
        "The sign is the wrong way round: a value above the output pulls it up.",
        levels=(3,),
        cause="sign",
        takes=GIVEN,
    ),
    Mistake(
        "weight-left-out",
        "scaled",
        at("v_b - o"),
        "You left out the weight in front: a key that is hardly read hardly counts.",
        levels=(3,),
        cause="jacobian",
        takes=GIVEN,
    ),
    Mistake(
        "scale-left-out",
        "derivative",
        lambda scaled, *given: scaled * written("q", *given) if given[3] == 1 else scaled,
        "You left out what divides the scores; it divides their derivative too.",
        when=lambda scale: scale > 0,
        levels=(3,),
        cause="scale",
        takes=("scaled", *GIVEN),
    ),
    Mistake(
        "query-left-out",
        "derivative",
        lambda scaled, *given: scaled / written("sqrt(d)", *given),
        "You left out the query: the score is the query times the key.",
        when=lambda scale: scale == 1,
        levels=(3,),
        cause="chain",
        takes=("scaled", *GIVEN),
    ),
)

FAMILIES = (
    Family(
        name="softmax-entry",
        version=1,
        title="Softmax derivatives in named weights",
        topic="softmax",
        says="An entry of the Jacobian, a loss of logarithms, and the pull of one value.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_entry, 2: question_loss, 3: question_value},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        items=("N3.9", "N4.10"),
    ),
)
