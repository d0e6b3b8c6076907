"""What a question declares about its letters: domain, shape, index range. Any other is unknown.

`Names` also takes runs of letters apart: in `2wxd_k` it finds w·x·d_k, keeps a declared `dk` whole,
and refuses a run that could be taken apart in two ways.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property, lru_cache

from .declarations import DOMAINS, Declared, Dim, Shape, declaration, size_names
from .errors import AnswerError
from .functions import CONSTANTS, FUNCTIONS, GREEK, SPELLINGS, WORDS
from .spellings import Atom, distance, function_named, spellings, subscripts

RUN_CAP = 120


class Names:
    """The allow-list of one question: `Names({"x": "real", "dO": "n×d_v", "p": "vector n"})`.

    A declaration is a domain (real, positive, negative, nonnegative, nonzero, integer, natural,
    probability, complex, an interval "(0, 1)", a bound "> 1"), "size", "index n", "function",
    "vector n" or a shape "n×d_k"; domain words may stand beside a shape: "positive n×m". Behind an
    = may stand the formula that the name is short for: "n×m = softmax(Q K^T)".
    Names used as dimensions are sizes and may be written in formulas. Raises AnswerError for a
    declaration that says none of these.
    """

    def __init__(self, declared: Mapping[str, str] | None = None) -> None:
        self.declared: dict[str, Declared] = {}
        self._implied: set[str] = set()
        sizes: list[str] = []
        for name, text in (declared or {}).items():
            clean = unicodedata.normalize("NFC", name.strip().lstrip("\\"))
            self.declared[clean] = declaration(clean, text)
        for one in list(self.declared.values()):
            sizes += [part for dim in one.shape if isinstance(dim, str) for part in size_names(dim)]
        for size in dict.fromkeys(sizes):
            known = self.declared.get(size)
            if known is None or (known.shape == () and known.role != "size"):
                self.declared[size] = Declared(size, "size", (), DOMAINS["size"])
                if known is None:
                    self._implied.add(size)
        self._spellings = self._all_spellings()
        self._by_first: dict[str, list[tuple[str, str]]] = {}
        for spelling, name in self._spellings.items():
            self._by_first.setdefault(spelling[0], []).append((spelling, name))

    def __contains__(self, name: object) -> bool:
        return name in self.declared

    def shape(self, name: str) -> Shape:
        return self.declared[name].shape

    def least(self, dim: Dim) -> int:
        """The least that a size may be: a size "size >= 4" has entries 1 to 4 at least."""
        if isinstance(dim, int):
            return dim
        one = self.declared.get(dim)
        return int(one.domain.low) + 1 if one is not None and one.role == "size" else 1

    @cached_property
    def constants(self) -> Mapping[str, str]:
        """π and e; also i, where a declared name is complex and none is called i."""
        complex_ones = any(one.domain.complex for one in self.declared.values())
        return CONSTANTS | {"i": "i"} if complex_ones and "i" not in self else CONSTANTS

    @property
    def has_arrays(self) -> bool:
        """Whether any declared name is a vector or a matrix."""
        return any(one.shape for one in self.declared.values())

    def raised(self, run: str, upper: str) -> tuple[str, str] | None:
        """`XW^Q` as X and another spelling of a declared `W_Q`, if `W` alone is not declared.

        The first part is what stands before the name, "" if nothing does.
        """
        for k in range(len(run)):
            head = run[k:]
            if head in self.declared:
                return None
            if f"{head}^{upper}" in self.declared:
                return run[:k], f"{head}^{upper}"
            if f"{head}_{upper}" in self.declared and upper != "T":
                return run[:k], f"{head}_{upper}"
        return None

    def _all_spellings(self) -> dict[str, str]:
        exact = {name: name for name in self.declared}
        loose: dict[str, str | None] = {}
        for name in self.declared:
            for spelling in spellings(name):
                if spelling in exact:
                    continue
                loose[spelling] = None if loose.get(spelling, name) != name else name
        return exact | {spelling: name for spelling, name in loose.items() if name is not None}

    def split(
        self, run: str, *, called: bool = False, bound: Collection[str] = ()
    ) -> tuple[Atom, ...]:
        """Take a run of letters, digits and subscripts apart into atoms.

        `called` tells that a bracket follows, `bound` holds the indices of enclosing sums.
        Raises AnswerError (offset within the run) if nothing or more than one thing fits.
        """
        if run in self.declared:
            return (Atom("name", run, 0),)
        if run in bound:
            return (Atom("index", run, 0),)
        if run in WORDS:
            return (Atom("constant", WORDS[run], 0),)
        function = function_named(run) if run not in self._spellings else None
        if function is not None and (called or len(run) > 1):
            return (function,)
        if len(run) > RUN_CAP:
            raise AnswerError("That is a very long word; put * between the names.", 0)
        self._refuse_glued(run)
        # Sizes that only the shapes mention give way to the names of the question.
        strong = self._segment(run, called, bound, weak=False)
        atoms = strong or self._segment(run, called, bound, weak=True)
        if not atoms:
            raise self._unknown(run, called)
        for one, other in itertools.pairwise(atoms):
            if one.kind == "constant" and one.name == "e":
                raise AnswerError(
                    f"Is this e·{other.name} or e^{other.name}? Write it with * or ^.", one.start
                )
            if one.kind == "name" and other.kind == "indexed" and self.shape(one.name):
                raise AnswerError(
                    f"Is this an entry of {one.name}{other.name}, or {one.name} times an entry of"
                    f" {other.name}? Use brackets.",
                    one.start,
                )
        return atoms

    def _refuse_glued(self, run: str) -> None:
        """`sinx`, `xlnx`, `sin2x`: a function glued to its argument, or a product of letters?"""
        for spelling in sorted(SPELLINGS, key=len, reverse=True):
            k = run.find(spelling)
            if len(spelling) < 2 or k < 0 or k + len(spelling) == len(run):
                continue
            rest = run[k + len(spelling) :]
            plain = spelling.isalpha() and not rest.startswith("_")
            if plain and self._letters(run[:k]) and self._letters(rest.lstrip("0123456789")):
                raise AnswerError(f"Write {spelling}({rest}) with brackets.", k)

    def _letters(self, run: str) -> bool:
        """Whether a run is empty or made of single-letter names."""
        return all(c in self._spellings or c in CONSTANTS for c in run)

    def _segment(
        self, run: str, called: bool, bound: Collection[str], *, weak: bool
    ) -> tuple[Atom, ...]:
        """The atoms of a run, () if it does not come apart."""
        size = len(run)
        ways = [0] * size + [1]
        first: list[Atom | None] = [None] * size
        after = [0] * size
        second: list[Atom | None] = [None] * size
        for k in range(size - 1, -1, -1):
            for length, found in self._at(run, k, called, bound):
                if not ways[k + length] or (not weak and found.name in self._implied):
                    continue
                if ways[k]:
                    second[k] = found
                else:
                    first[k], after[k] = found, k + length
                ways[k] += ways[k + length]
        if not ways[0]:
            return ()
        atoms = []
        k = 0
        while k < size:
            atom = first[k]
            assert atom is not None  # noqa: S101 - ways[0] > 0 means the chain is complete
            other = second[k]
            if other is not None:
                raise AnswerError(
                    f"“{run}” can be read in more than one way ({_say(atom)} or {_say(other)}"
                    " first); put * between the names.",
                    k,
                )
            atoms.append(atom)
            k = after[k]
        return tuple(atoms)

    def _at(
        self, run: str, k: int, called: bool, bound: Collection[str]
    ) -> Iterator[tuple[int, Atom]]:
        """Every atom that can start at offset k, with its length."""
        whole: set[int] = set()
        heads = self._by_first.get(run[k], ())
        for spelling, name in heads:
            if run.startswith(spelling, k):
                whole.add(len(spelling))
                yield len(spelling), Atom("name", name, k)
        for spelling, name in heads:
            if not run.startswith(spelling, k):
                continue
            one = self.declared[name]
            if one.shape:
                after = k + len(spelling)
                for length, subscript in (
                    *subscripts(run, after, len(one.shape)),
                    *self._numbered(one, run, after),
                ):
                    if len(spelling) + length not in whole:
                        yield len(spelling) + length, Atom("indexed", name, k, subscript)
        if run[k] in bound and 1 not in whole:
            yield 1, Atom("index", run[k], k)
        for spelling, constant in self.constants.items():
            if run.startswith(spelling, k) and len(spelling) not in whole:
                yield len(spelling), Atom("constant", constant, k)
        for word in ("δ", "delta"):
            if run.startswith(word, k) and len(word) not in whole:
                for length, subscript in subscripts(run, k + len(word), 2):
                    yield len(word) + length, Atom("delta", word, k, subscript)
        rest = run[k:]
        function = function_named(rest) if len(rest) > 1 or called else None
        if function is not None and len(rest) not in whole:
            yield len(rest), Atom(function.kind, function.name, k, function.subscript)

    def _numbered(self, one: Declared, run: str, k: int) -> Iterator[tuple[int, str]]:
        """The digits of `x3` as a subscript, if the vector x surely has so many entries."""
        digits = re.compile(r"[1-9]\d*").match(run, k)
        if digits and len(one.shape) == 1 and int(digits[0]) <= self.least(one.shape[0]):
            yield digits.end() - k, digits[0]

    def _unknown(self, run: str, called: bool) -> AnswerError:
        if m := re.fullmatch(r"(.*?[^\W\d_])(\d+)", run):
            head, digits = m.groups()
            if head in SPELLINGS and head not in self._spellings:
                return AnswerError(f"Write {head}({digits}) with brackets.", 0)
            if head in self._spellings or head in CONSTANTS:
                ways = f"{head}*{digits}, {head}^{digits} or {digits}{head}"
                return AnswerError(f"“{run}” is unclear: write {ways}.", 0)
        if self.has_arrays and (turned := self._turned(run)):
            return AnswerError(f"“{run}” is not a name here; for the transpose write {turned}.", 0)
        meant = self._meant(run, called)
        hint = f" Did you mean {meant}?" if meant else ""
        if not hint and self.declared:
            shown = ", ".join(list(self.declared)[:12])
            hint = f" The names are {shown}."
        return AnswerError(f"“{run}” is not a name known here.{hint}", 0)

    def _turned(self, run: str) -> str:
        """`ATdO` as A^T dO, if its T can only be the transpose sign; "" else."""
        for k in range(1, len(run)):
            head, rest = run[:k], run[k + 1 :]
            if run[k] == "T" and self._known(head) and (not rest or self._known(rest)):
                return f"{head}^T {rest}".strip()
        return ""

    def _known(self, run: str) -> bool:
        try:
            return bool(self._segment(run, False, (), weak=True))
        except AnswerError:
            return False

    def _meant(self, run: str, called: bool) -> str:
        """The one declared name, or before a bracket the one function, that a typo hides; "" else.

        Another case of the same letters, or from four letters on one letter's difference (from six
        on two) after the same first letter. Sizes that only the shapes mention are not suggested.
        """
        known = [*FUNCTIONS] if called else [n for n in self.declared if n not in self._implied]
        cased = [name for name in known if name.casefold() == run.casefold()]
        if len(cased) == 1:
            return cased[0]
        if len(run) < 4 or run in GREEK or len(run) > 20:
            return ""
        far = 1 if len(run) < 6 else 2
        near = [n for n in known if len(n) > 3 and n[0] == run[0] and distance(run, n) <= far]
        return near[0] if len(near) == 1 else ""


def _say(atom: Atom) -> str:
    return f"{atom.name}_{atom.subscript}" if atom.subscript else atom.name


@lru_cache(maxsize=256)
def _cached(items: tuple[tuple[str, str], ...]) -> Names:
    return Names(dict(items))


def names_from(declared: Names | Mapping[str, str] | None) -> Names:
    """Names from a declaration; the same declaration is taken apart once."""
    if isinstance(declared, Names):
        return declared
    return _cached(tuple((declared or {}).items()))


NO_NAMES = Names()
