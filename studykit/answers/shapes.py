"""Shapes first: does this formula multiply, add and sum as written? Said as an interviewer would.

The check also settles what a written product means (matrix product, entry by entry, scaling) and
over what each index runs, so that evaluation has nothing left to decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction

from .errors import AnswerError
from .functions import FUNCTIONS
from .names import Dim, Names, Shape
from .tree import (
    Add,
    Big,
    Call,
    Constant,
    Divide,
    Factorial,
    Index,
    Listing,
    Literal,
    Multiply,
    Name,
    Negate,
    Node,
    Percent,
    Power,
    Transpose,
)
from .writing import plain

FREE_INDICES = frozenset("ijklmnpqrstuvab")
"""Letters that may index without being declared."""

SIZE_CAP = 12
"""The largest literal size of a made matrix, as in eye(3)."""

_REDUCTIONS = {"sum", "mean", "prod", "max", "min", "var", "std", "logsumexp"}
_ROWS = {"rowsum": "sum", "rowmean": "mean", "rowmax": "max"}
_COLUMNS = {"colsum": "sum", "colmean": "mean", "colmax": "max"}

Shaped = tuple[Node, Shape]


def in_words(shape: Shape) -> str:
    """ "a number", "a vector of n", "n×d_k"."""
    match shape:
        case ():
            return "a number"
        case (n,):
            return f"a vector of {n}"
        case _:
            return "×".join(str(d) for d in shape)


@dataclass(slots=True)
class Check:
    """The shape check of one formula. `ranges` collects the size every index runs over."""

    names: Names
    ranges: dict[str, Dim] = field(default_factory=dict)
    bound: list[str] = field(default_factory=list)
    free: dict[str, None] = field(default_factory=dict)
    pairs: list[tuple[str, str]] = field(default_factory=list)

    def run(self, tree: Node) -> Shaped:
        """The settled tree and its shape. Raises AnswerError where the shapes do not fit."""
        node, shape = self.visit(tree)
        self._settle_free(tree.at)
        return node, shape

    def _settle_free(self, at: int) -> None:
        for a, b in self.pairs * 2:
            for one, other in ((a, b), (b, a)):
                if one not in self.ranges and other in self.ranges:
                    self.ranges[one] = self.ranges[other]
        for index in self.free:
            if index not in self.ranges:
                raise AnswerError(f"It is not clear over what {index} runs.", at)

    def visit(self, node: Node) -> Shaped:
        match node:
            case Literal() | Constant():
                return node, ()
            case Name():
                return self._name(node)
            case Negate() | Percent():
                body, shape = self.visit(node.body)
                return type(node)(body, node.at), shape
            case Factorial():
                body, shape = self.visit(node.body)
                if shape:
                    raise AnswerError("A factorial needs a number.", node.at)
                return Factorial(body, node.at), ()
            case Transpose(body=Transpose(body=inner)):
                return self.visit(inner)
            case Transpose():
                body, shape = self.visit(node.body)
                if not shape and isinstance(body, Name | Literal | Constant):
                    raise AnswerError(f"{plain(body)} is one number; it has no transpose.", node.at)
                return (Transpose(body, node.at), _turned(shape)) if shape else (body, ())
            case Add():
                return self._add(node)
            case Multiply():
                return self._multiply(node)
            case Divide():
                return self._divide(node)
            case Power():
                return self._power(node)
            case Call():
                return self._call(node)
            case Index():
                return self._index(node)
            case Big():
                return self._big(node)
            case Listing():
                return self._listing(node)

    def _name(self, node: Name) -> Shaped:
        if node.name in self.bound:
            return node, ()
        one = self.names.declared.get(node.name)
        if one is None:
            self._use_free(node)
            return node, ()
        if one.role == "index":
            self.free.setdefault(node.name)
            if one.shape:
                self.ranges.setdefault(node.name, one.shape[0])
            return node, ()
        return node, one.shape

    def _use_free(self, node: Name) -> None:
        if node.name not in FREE_INDICES:
            raise AnswerError(f"{node.name} is not an index here.", node.at)
        self.free.setdefault(node.name)

    # Sums and products.

    def _add(self, node: Add) -> Shaped:
        terms = [self.visit(term) for term in node.terms]
        shape: Shape = ()
        sofar: Node = terms[0][0]
        for k, (term, other) in enumerate(terms):
            joint = broadcast(shape, other) if k else other
            if joint is None:
                inner = term.body if isinstance(term, Negate) else term
                left = plain(terms[0][0]) if k == 1 else "what stands before"
                doing = "subtracted" if isinstance(term, Negate) else "added"
                raise AnswerError(
                    f"{left} is {in_words(shape)} and {_short(inner)} is {in_words(other)}, so they"
                    f" cannot be {doing}{_turn_hint_add(shape, other, inner)}.",
                    node.terms[k].at,
                )
            shape, sofar = joint, term
        del sofar
        return Add(tuple(term for term, _ in terms), node.at), shape

    def _multiply(self, node: Multiply) -> Shaped:
        value, shape = self.visit(node.factors[0])
        for factor in node.factors[1:]:
            other, other_shape = self.visit(factor)
            value, shape = self._product(node, value, shape, other, other_shape, factor.at)
        if node.doubt and not shape:
            raise AnswerError(
                "What is divided here? Write (a/b)*c or a/(b*c) with brackets.", node.at
            )
        return value, shape

    def _product(
        self, node: Multiply, left: Node, a: Shape, right: Node, b: Shape, at: int
    ) -> Shaped:
        if node.doubt and isinstance(left, Divide) and not b:
            raise AnswerError(
                "What is divided here? Write (a/b)*c or a/(b*c) with brackets.", node.at
            )
        if not a or not b:
            return _joined(left, right, "*", node.at), a or b
        entries, matrix = broadcast(a, b), product(a, b)
        if node.mark == "*" and len(a) != len(b) and entries is not None and matrix is not None:
            raise AnswerError(
                f"Is {_short(left)}*{_short(right)} a product or entry by entry? Write @ or ⊙.", at
            )
        if node.mark == "⊙" or (node.mark == "*" and entries is not None):
            if entries is None:
                raise AnswerError(
                    f"{_short(left)} is {in_words(a)} and {_short(right)} is {in_words(b)}, so they"
                    " cannot be multiplied entry by entry.",
                    at,
                )
            return _joined(left, right, "⊙", node.at), entries
        if len(a) == 1 and len(b) == 1 and a == b and node.mark == "":
            raise AnswerError(
                f"{_short(left)} and {_short(right)} are both vectors:"
                " write x^T y, x y^T or x ⊙ y.",
                at,
            )
        if matrix is None:
            raise AnswerError(_no_product(left, a, right, b), at)
        mark = "·" if len(a) == 1 and len(b) == 1 else "@"
        return _joined(left, right, mark, node.at), matrix

    def _divide(self, node: Divide) -> Shaped:
        top, a = self.visit(node.top)
        bottom, b = self.visit(node.bottom)
        if b and not a and len(b) == 2 and b[0] == b[1]:
            raise AnswerError(
                f"{_short(bottom)} is a matrix; write inv(…) for its inverse.", node.bottom.at
            )
        shape = broadcast(a, b)
        if shape is None:
            raise AnswerError(
                f"{_short(top)} is {in_words(a)} and {_short(bottom)} is {in_words(b)}, so they"
                " cannot be divided entry by entry.",
                node.at,
            )
        return Divide(top, bottom, node.at), shape

    def _power(self, node: Power) -> Shaped:
        base, a = self.visit(node.base)
        if a and isinstance(node.exponent, Name) and node.exponent.name == "T":
            return Transpose(base, node.at), _turned(a)
        exponent, b = self.visit(node.exponent)
        if not a and not b:
            return Power(base, exponent, node.mark, node.at), ()
        square = len(a) == 2 and a[0] == a[1]
        if len(a) == 2 and not square and isinstance(exponent, Negate) and node.mark == "^":
            raise AnswerError(
                f"{_short(base)} is {in_words(a)}; only a square matrix has an inverse.", node.at
            )
        if square and node.mark == "^":
            if exponent == Negate(Literal(Fraction(1), "1", 0)):
                return Call("inv", (base,), at=node.at), a
            raise AnswerError(
                f"Is this {_short(base)} times itself or entry by entry? Write @ or ⊙.", node.at
            )
        shape = broadcast(a, b)
        if shape is None:
            raise AnswerError("The exponent does not fit the shape of its base.", node.at)
        return Power(base, exponent, "**", node.at), shape

    # Functions.

    def _call(self, node: Call) -> Shaped:
        name = node.name
        if name in {"ones", "zeros", "eye"}:
            return self._made(node)
        if name == "delta":
            for argument in node.arguments:
                if self.visit(argument)[1]:
                    raise AnswerError("δ needs two indices, as in δ_ij.", node.at)
            letters = [a.name for a in node.arguments if isinstance(a, Name)]
            if len(letters) == 2:
                self.pairs.append((letters[0], letters[1]))
            return node, ()
        visited = [self.visit(argument) for argument in node.arguments]
        arguments = tuple(a for a, _ in visited)
        shapes = [s for _, s in visited]
        settled = replace(node, arguments=arguments)
        if name == "abs" and shapes[0] and not node.flat:
            raise AnswerError(
                f"Are these the lengths of the entries or of all of {_short(arguments[0])}?"
                " Write abs(…) or ‖…‖.",
                node.at,
            )
        if name == "abs":
            return replace(settled, flat=bool(shapes[0])), shapes[0]
        if name in {"root", "logb"} and shapes[1]:
            raise AnswerError(f"The second argument of {name} is a number.", node.at)
        if name.startswith("?") or not FUNCTIONS[name].whole:
            shape = shapes[0]
            for other in shapes[1:]:
                joint = broadcast(shape, other)
                if joint is None:
                    raise AnswerError(f"The arguments of {name} differ in shape.", node.at)
                shape = joint
            return settled, shape
        if name in {"max", "min"} and len(shapes) > 1:
            shape = shapes[0]
            for other in shapes[1:]:
                joint = broadcast(shape, other)
                if joint is None:
                    raise AnswerError(f"The arguments of {name} differ in shape.", node.at)
                shape = joint
            return settled, shape
        return self._whole(settled, arguments, shapes)

    def _made(self, node: Call) -> Shaped:
        dims: list[Dim] = []
        for argument in node.arguments:
            match argument:
                case Name() if argument.name in self.names:
                    dims.append(argument.name)
                case Literal() if (
                    argument.value.denominator == 1 and 0 < argument.value <= SIZE_CAP
                ):
                    dims.append(int(argument.value))
                case _:
                    raise AnswerError(f"{node.name} needs a size up to {SIZE_CAP}.", argument.at)
        if node.name == "eye":
            dims = [dims[0], dims[0]]
        return node, tuple(dims)

    def _whole(self, node: Call, arguments: tuple[Node, ...], shapes: list[Shape]) -> Shaped:
        name, shape = node.name, shapes[0]
        if name in {"dot", "outer", "matmul", "hadamard"}:
            return self._two(node, arguments, shapes)
        if not shape and name in {"norm", "norm1"}:
            return Call("abs", arguments, at=node.at), ()
        if not shape and name in {"max", "min", "tr", "transpose"}:
            return arguments[0], ()
        if not shape:
            raise AnswerError(
                f"{name} needs a vector or a matrix; {_short(arguments[0])} is one number.", node.at
            )
        if name in {"softmax", "logsoftmax"}:
            return node, shape
        if name in _REDUCTIONS:
            return self._reduced(node, shape)
        if name in _ROWS or name in _COLUMNS:
            if len(shape) != 2:
                raise AnswerError(f"{name} needs a matrix; use sum for a vector.", node.at)
            if name in _ROWS:
                return Call(_ROWS[name], arguments, 1, at=node.at), (shape[0], 1)
            return Call(_COLUMNS[name], arguments, 0, at=node.at), (1, shape[1])
        if name in {"norm", "norm1"}:
            return node, ()
        if name == "transpose":
            return Transpose(arguments[0], node.at), _turned(shape)
        if name == "diag" and (len(shape) == 1 or 1 in shape):
            n = shape[0] if len(shape) == 1 else shape[0] if shape[1] == 1 else shape[1]
            return node, (n, n)
        if len(shape) != 2 or shape[0] != shape[1]:
            raise AnswerError(
                f"{name} needs a square matrix; {_short(arguments[0])} is {in_words(shape)}.",
                node.at,
            )
        return node, {"diag": shape[:1], "inv": shape}.get(name, ())

    def _reduced(self, node: Call, shape: Shape) -> Shaped:
        if len(shape) == 1:
            return replace(node, axis=None), ()
        if node.axis is None:
            if node.name == "logsumexp":
                return replace(node, axis=1), (shape[0], 1)
            return node, ()
        left = shape[0] if node.axis == 1 else shape[1]
        if node.flat:
            return node, (left,)
        return node, (left, 1) if node.axis == 1 else (1, left)

    def _two(self, node: Call, arguments: tuple[Node, ...], shapes: list[Shape]) -> Shaped:
        a, b = shapes
        left, right = arguments
        if node.name == "outer":
            if len(a) != 1 or len(b) != 1:
                raise AnswerError("outer needs two vectors.", node.at)
            return Multiply((left, Transpose(right)), "@", at=node.at), (a[0], b[0])
        mark = {"dot": "·", "matmul": "@", "hadamard": "⊙"}[node.name]
        return self._product(Multiply((left, right), mark, at=node.at), left, a, right, b, node.at)

    # Indices.

    def _index(self, node: Index) -> Shaped:
        body, shape = self.visit(node.body)
        if not shape:
            raise AnswerError(f"{_short(body)} is one number; it has no entries.", node.at)
        dims = shape
        if len(shape) == 2 and len(node.indices) == 1 and 1 in shape:
            dims = tuple(d for d in shape if d != 1)
        if len(node.indices) > len(dims):
            raise AnswerError(f"{_short(body)} is {in_words(shape)}: too many indices.", node.at)
        for index, dim in zip(node.indices, dims, strict=False):
            self._runs(index, dim, node.at)
        return Index(body, node.indices, node.at), dims[len(node.indices) :]

    def _runs(self, index: Node, dim: Dim, at: int) -> None:
        """Note that an index runs over `dim`."""
        letter = index.terms[0] if isinstance(index, Add) else index
        if not isinstance(letter, Name):
            if isinstance(index, Negate) or (isinstance(index, Literal) and index.value < 1):
                raise AnswerError("Entries are counted from 1.", at)
            if isinstance(index, Literal) and isinstance(dim, int) and index.value > dim:
                raise AnswerError(f"There are only {dim} entries.", at)
            return
        one = self.names.declared.get(letter.name)
        if letter.name not in self.bound and one is not None and one.role != "index":
            if one.shape:
                raise AnswerError(f"{letter.name} is not an index here.", at)
            return
        if letter.name not in self.bound:
            if one is None:
                self._use_free(letter)
            self.free.setdefault(letter.name)
        known = self.ranges.setdefault(letter.name, dim)
        if known != dim:
            raise AnswerError(
                f"{letter.name} runs to {known} in one place and to {dim} in another.", at
            )

    @contextmanager
    def _binding(self, index: str) -> Iterator[None]:
        """Within a sum its index means nothing outside."""
        outer = self.ranges.pop(index, None)
        was_free = index in self.free
        self.bound.append(index)
        yield
        self.bound.pop()
        self.ranges.pop(index, None)
        if outer is not None:
            self.ranges[index] = outer
        if not was_free:
            self.free.pop(index, None)

    def _big(self, node: Big) -> Shaped:
        declared = self.names.declared.get(node.index)
        lower = self._end(node.lower)
        upper = self._end(node.upper)
        with self._binding(node.index):
            body, shape = self.visit(node.body)
            dim = self.ranges.get(node.index)
            self._pass_on(node.index)
        if shape and node.kind not in {"sum", "mean"}:
            raise AnswerError(f"{node.kind} runs over numbers, not over vectors.", node.at)
        if upper is None:
            if dim is None and declared is not None and declared.shape:
                dim = declared.shape[0]
            if dim is None:
                dim = self._partner(node)
            upper = _dim_node(dim, node.at)
        if node.without is not None and node.without not in self.bound:
            self._runs(Name(node.without), dim if dim is not None else 1, node.at)
        return replace(node, body=body, lower=lower, upper=upper), shape

    def _end(self, node: Node | None) -> Node | None:
        """One end of a sum's range."""
        if node is None:
            return None
        settled, shape = self.visit(node)
        if shape:
            raise AnswerError("A sum runs between whole numbers.", node.at)
        return settled

    def _pass_on(self, index: str) -> None:
        """In Σ_j δ_ij z_j the range of j is also that of i."""
        for a, b in self.pairs:
            if index in (a, b) and index in self.ranges:
                self.ranges.setdefault(b if a == index else a, self.ranges[index])

    def _partner(self, node: Big) -> Dim:
        for a, b in self.pairs:
            other = b if a == node.index else a if b == node.index else None
            if other is not None and other in self.ranges:
                return self.ranges[other]
        raise AnswerError(
            f"It is not clear over what {node.index} runs; write sum_{{{node.index}=1}}^{{n}}.",
            node.at,
        )

    def _listing(self, node: Listing) -> Shaped:
        visited = [self.visit(item) for item in node.items]
        shapes = {shape for _, shape in visited}
        if len(shapes) > 1 or any(len(s) > 1 for s in shapes):
            raise AnswerError("The entries of this list differ in shape.", node.at)
        inner = shapes.pop()
        return Listing(tuple(i for i, _ in visited), node.at), (len(visited), *inner)


def broadcast(a: Shape, b: Shape) -> Shape | None:
    """The shape of an entry-by-entry operation; a vector beside a matrix is one of its rows."""
    if not a or a == b:
        return b
    if not b:
        return a
    if len(a) == 1 and len(b) == 1:
        return None
    if len(a) == 1 or len(b) == 1:
        (n,), matrix = (a, b) if len(a) == 1 else (b, a)
        if matrix in {(n, 1), (1, n)}:
            return matrix
        return matrix if matrix[1] == n else None
    joint: list[Dim] = []
    for p, q in zip(a, b, strict=True):
        if p != q and 1 not in (p, q):
            return None
        joint.append(q if p == 1 else p)
    return tuple(joint)


def product(a: Shape, b: Shape) -> Shape | None:
    """The shape of a matrix product; 1×1 counts as a number."""
    shape: Shape | None = None
    match a, b:
        case (n,), (m,):
            shape = () if n == m else None
        case (n,), (m, p):
            # x y^T is an outer product, x W a row times a matrix.
            shape = (p,) if n == m else (n, p) if m == 1 else None
        case (n, m), (p,):
            shape = (n,) if m == p else None
        case (n, m), (p, q):
            shape = (n, q) if m == p else None
    if shape is not None and shape and all(d == 1 for d in shape):
        return ()
    return shape


def _turned(shape: Shape) -> Shape:
    return (1, shape[0]) if len(shape) == 1 else shape[::-1]


def _joined(left: Node, right: Node, mark: str, at: int) -> Node:
    if isinstance(left, Multiply) and left.mark == mark:
        return Multiply((*left.factors, right), mark, at=at)
    return Multiply((left, right), mark, at=at)


def _dim_node(dim: Dim, at: int) -> Node:
    if isinstance(dim, int):
        return Literal(Fraction(dim), str(dim), 0, at)
    factors = tuple(Name(part, at) for part in dim.split("*"))
    return factors[0] if len(factors) == 1 else Multiply(factors, "*", at=at)


def _short(node: Node) -> str:
    text = plain(node)
    return text if len(text) <= 28 else "the part before" if len(text) > 60 else f"“{text}”"


def _no_product(left: Node, a: Shape, right: Node, b: Shape) -> str:
    one, other = _short(left), _short(right)
    said = (
        f"{one} is {in_words(a)} and {other} is {in_words(b)}, so"
        f" {_held(left, one)}·{_held(right, other)} does not multiply"
    )
    if len(a) == 2 and product(_turned(a), b) is not None:
        return f"{said}; you need {_transposed(left, one)}."
    if len(b) == 2 and product(a, _turned(b)) is not None:
        return f"{said}; you need {_transposed(right, other)}."
    if len(a) == 2 and len(b) == 2 and product(_turned(a), _turned(b)) is not None:
        return f"{said}; the order is the other way round."
    if product(b, a) is not None:
        return f"{said}; the order is the other way round."
    if broadcast(a, b) is not None:
        return f"{said}; for entry by entry write ⊙."
    return f"{said}."


def _transposed(node: Node, text: str) -> str:
    if isinstance(node, Transpose):
        return f"{plain(node.body)} without the transpose"
    return f"{_held(node, text)}ᵀ"


def _held(node: Node, text: str) -> str:
    return text if isinstance(node, Name | Call | Transpose) else f"({text})"


def _turn_hint_add(a: Shape, b: Shape, node: Node) -> str:
    if len(b) == 2 and a == b[::-1]:
        return f"; you need {_transposed(node, plain(node))}"
    if {len(a), len(b)} == {1, 2} and min(a, b, key=len)[0] == max(a, b, key=len)[0]:
        return "; a column does: keepdims=True, or rowsum"
    return ""
