"""A tree in plain, Python and LaTeX notation; each reads back to the same tree."""

from __future__ import annotations

from .functions import FUNCTIONS, GREEK
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

_SUM, _SIGN, _HADAMARD, _PRODUCT, _POWER, _ATOM = range(6)
"""How tightly written text holds together."""


def plain(tree: Node) -> str:
    """Ordinary notation with √, ·, ᵀ and Σ."""
    return _Plain().write(tree)[0]


def python(tree: Node) -> str:
    """Python's notation: `*`, `**`, `@`, `.T`."""
    return _Python().write(tree)[0]


def latex(tree: Node) -> str:
    r"""LaTeX: `\frac`, `\sqrt`, `\sum`."""
    return _Latex().write(tree)[0]


Piece = tuple[str, int]
"""Written text and how tightly it holds together."""


class _Plain:
    times = "·"
    matmul = " "
    matmul_marks: tuple[str, ...] = ("@",)
    hadamard = " ⊙ "

    def write(self, node: Node) -> Piece:
        match node:
            case Literal():
                return self.literal(node)
            case Constant():
                return self.constant(node.name), _ATOM
            case Name():
                return self.name(node.name), _ATOM
            case Negate():
                return "-" + self.at_least(node.body, _HADAMARD, strict=True), _SIGN
            case Add():
                return self.sum(node), _SUM
            case Multiply():
                return self.product(node)
            case Divide():
                return self.quotient(node)
            case Power():
                return self.power(node), _POWER
            case Factorial():
                return self.at_least(node.body, _ATOM) + "!", _POWER
            case Percent():
                return self.at_least(node.body, _ATOM) + self.percent, _POWER
            case Transpose():
                return self.transposed(node), _POWER
            case Call():
                return self.call(node)
            case Index():
                return self.index(node), _ATOM
            case Big():
                return self.big(node), _SIGN
            case Listing():
                return "[" + ", ".join(self.write(i)[0] for i in node.items) + "]", _ATOM

    percent = "%"

    def literal(self, node: Literal) -> Piece:
        if node.last is None and node.value.denominator != 1:
            return f"{node.value.numerator}/{node.value.denominator}", _PRODUCT
        return node.text, _ATOM

    def constant(self, name: str) -> str:
        return {"pi": "π", "inf": "∞"}.get(name, name)

    def name(self, name: str) -> str:
        return name

    def at_least(self, node: Node, bp: int, *, strict: bool = False) -> str:
        text, own = self.write(node)
        return self.bracket(text) if own < bp or (strict and own == _SIGN) else text

    def bracket(self, text: str) -> str:
        return f"({text})"

    def sum(self, node: Add) -> str:
        out = self.at_least(node.terms[0], _SIGN)
        for term in node.terms[1:]:
            if isinstance(term, Negate):
                out += " - " + self.at_least(term.body, _HADAMARD)
            else:
                text, own = self.write(term)
                first = isinstance(term, Multiply) and text.startswith("-")
                out += " + " + (self.bracket(text) if own <= _SUM or first else text)
        return out

    def product(self, node: Multiply) -> Piece:
        if node.mark == "⊙":
            parts = [self.factor(f, k, _PRODUCT) for k, f in enumerate(node.factors)]
            return self.hadamard.join(parts), _HADAMARD
        joint = self.matmul if node.mark in self.matmul_marks else self.times
        parts = [self.factor(f, k, _POWER) for k, f in enumerate(node.factors)]
        first = node.factors[0]
        if isinstance(first, Multiply) and first.mark != "⊙":
            parts[0] = self.write(first)[0]
        return joint.join(parts), _PRODUCT

    def factor(self, node: Node, place: int, bp: int) -> str:
        if place == 0 and isinstance(node, Divide) and bp == _POWER:
            return self.bracket(self.write(node)[0])
        if isinstance(node, Big):
            return self.bracket(self.write(node)[0])
        return self.at_least(node, bp)

    def quotient(self, node: Divide) -> Piece:
        top = self.at_least(node.top, _PRODUCT)
        if isinstance(node.top, Big):
            top = self.bracket(top)
        return f"{top}/{self.at_least(node.bottom, _POWER)}", _PRODUCT

    def power(self, node: Power) -> str:
        exponent, own = self.write(node.exponent)
        if own < _ATOM or (isinstance(node.exponent, Call) and exponent.startswith("√")):
            exponent = self.bracket(exponent)
        return self.at_least(node.base, _ATOM) + node.mark + exponent

    def transposed(self, node: Transpose) -> str:
        return self.at_least(node.body, _ATOM) + "ᵀ"

    def call(self, node: Call) -> Piece:
        arguments = [self.write(a)[0] for a in node.arguments]
        match node.name:
            case "sqrt":
                plain = isinstance(node.arguments[0], Name | Constant) or (
                    isinstance(node.arguments[0], Literal) and arguments[0].isdigit()
                )
                return ("√" + arguments[0] if plain else f"√({arguments[0]})"), _POWER
            case "abs" if not node.flat:
                return f"|{arguments[0]}|" if "|" not in arguments[0] else self.named(
                    "abs", arguments
                ), _ATOM
            case "delta" if all(isinstance(a, Name | Literal) for a in node.arguments):
                return f"δ_{{{','.join(arguments)}}}", _ATOM
            case _:
                name = _by_line(node)
                if node.axis is not None and name == node.name:
                    arguments.append(f"axis={node.axis}")
                    if not node.flat and "softmax" not in name:
                        arguments.append("keepdims=True")
                return self.named(name.lstrip("?"), arguments), _ATOM

    def named(self, name: str, arguments: list[str]) -> str:
        name = {"logb": "log"}.get(name, name)
        return f"{name}({', '.join(arguments)})"

    def index(self, node: Index) -> str:
        indices = ",".join(self.write(i)[0].replace(" ", "") for i in node.indices)
        body = self.at_least(node.body, _ATOM)
        if isinstance(node.body, Call | Transpose | Index) or not isinstance(node.body, Name):
            body = self.bracket(self.write(node.body)[0])
        return f"{body}_{indices}" if len(indices) == 1 else f"{body}_{{{indices}}}"

    def big(self, node: Big) -> str:
        body = self.at_least(node.body, _SIGN)
        return f"{node.kind}_{self.range(node)} {body}"

    def range(self, node: Big) -> str:
        if node.without is not None:
            return f"{{{node.index}≠{node.without}}}"
        if node.upper is None:
            return node.index
        lower = self.write(node.lower)[0] if node.lower is not None else "1"
        return f"{{{node.index}={lower}}}^{{{self.write(node.upper)[0]}}}"


class _Python(_Plain):
    times = "*"
    matmul = " @ "
    # A settled tree keeps the dot for two vectors, whose product Python writes with @ as well.
    matmul_marks = ("@", "·")
    hadamard = " ⊙ "

    def constant(self, name: str) -> str:
        return name

    def power(self, node: Power) -> str:
        return super().power(Power(node.base, node.exponent, "**", node.at))

    def transposed(self, node: Transpose) -> str:
        return self.at_least(node.body, _ATOM) + ".T"

    def call(self, node: Call) -> Piece:
        if node.name in {"sqrt", "abs"}:
            return self.named(node.name, [self.write(a)[0] for a in node.arguments]), _ATOM
        return super().call(node)


class _Latex(_Plain):
    times = r" \cdot "
    hadamard = r" \odot "
    percent = r"\%"

    def literal(self, node: Literal) -> Piece:
        if node.last is None and node.value.denominator != 1:
            return rf"\frac{{{node.value.numerator}}}{{{node.value.denominator}}}", _POWER
        if "e" in node.text.lower():
            digits, _, ten = node.text.lower().partition("e")
            return rf"{digits} \cdot 10^{{{int(ten)}}}", _PRODUCT
        return node.text, _ATOM

    def constant(self, name: str) -> str:
        return {"pi": r"\pi", "inf": r"\infty", "undefined": r"\text{undefined}"}.get(name, name)

    def name(self, name: str) -> str:
        return latex_name(name)

    def bracket(self, text: str) -> str:
        return rf"\left({text}\right)"

    def quotient(self, node: Divide) -> Piece:
        return rf"\frac{{{self.write(node.top)[0]}}}{{{self.write(node.bottom)[0]}}}", _POWER

    def factor(self, node: Node, place: int, bp: int) -> str:
        if isinstance(node, Divide):
            return self.write(node)[0]
        return super().factor(node, place, bp)

    def product(self, node: Multiply) -> Piece:
        if node.mark in {"⊙", "@", "·"}:
            return super().product(node)
        out = ""
        for place, factor in enumerate(node.factors):
            text = self.factor(factor, place, _POWER)
            # 2x stands side by side; 2·3 needs its dot.
            beside = not text[0].isdigit() and not text.startswith((r"\frac", "-"))
            beside = beside and not isinstance(node.factors[place - 1], Percent)
            if out:
                out += " " if beside else self.times
            out += text
        return out, _PRODUCT

    def power(self, node: Power) -> str:
        return f"{self.at_least(node.base, _ATOM)}^{{{self.write(node.exponent)[0]}}}"

    def transposed(self, node: Transpose) -> str:
        return self.at_least(node.body, _ATOM) + r"^{\top}"

    def call(self, node: Call) -> Piece:
        arguments = [self.write(a)[0] for a in node.arguments]
        match node.name:
            case "sqrt":
                return rf"\sqrt{{{arguments[0]}}}", _ATOM
            case "root":
                return rf"\sqrt[{arguments[1]}]{{{arguments[0]}}}", _ATOM
            case "abs" if not node.flat:
                return rf"\left|{arguments[0]}\right|", _ATOM
            case "norm":
                return rf"\left\|{arguments[0]}\right\|", _ATOM
            case "delta":
                return rf"\delta_{{{','.join(arguments)}}}", _ATOM
            case "logb":
                return rf"\log_{{{arguments[1]}}}\left({arguments[0]}\right)", _ATOM
            case _:
                name = _by_line(node).lstrip("?")
                if node.axis is not None and name == node.name:
                    arguments.append(f"axis={node.axis}")
                    if not node.flat and "softmax" not in name:
                        arguments.append("keepdims=True")
                shown = FUNCTIONS[name].tex if name in FUNCTIONS else latex_name(name)
                return rf"{shown}\left({', '.join(arguments)}\right)", _ATOM

    def big(self, node: Big) -> str:
        sign = {"sum": r"\sum", "prod": r"\prod"}.get(node.kind, rf"\{node.kind}")
        if node.kind == "mean":
            sign = r"\operatorname{mean}"
        return rf"{sign}_{self.range(node)} {self.at_least(node.body, _SIGN)}"

    def range(self, node: Big) -> str:
        if node.without is not None:
            return rf"{{{node.index} \ne {node.without}}}"
        return super().range(node)


def _by_line(node: Call) -> str:
    """`rowsum` for a sum along the rows that keeps its column."""
    if node.flat or node.name not in {"sum", "mean", "max"} or node.axis is None:
        return node.name
    return ("row" if node.axis == 1 else "col") + node.name


def latex_name(name: str) -> str:
    """`d_model` → `d_{\\mathrm{model}}`, `yhat` stays a word, `alpha` → `\\alpha`."""
    words = {glyph: word for word, glyph in GREEK.items()}
    if "{" in name:
        head, _, rest_of_it = name.partition("_")
        return f"{_word(head, words)}_{rest_of_it}"
    head, *rest = name.split("_")
    shown = _word(head, words)
    if rest and rest[0] in {"hat", "bar", "tilde"}:
        shown = rf"\{rest.pop(0)}{{{shown}}}"
    if not rest:
        return shown
    return f"{shown}_{{{','.join(_word(part, words) for part in rest)}}}"


def _word(part: str, words: dict[str, str]) -> str:
    if part in words or part in GREEK:
        return "\\" + words.get(part, part)
    return part if len(part) < 2 or part.isdigit() else rf"\mathrm{{{part}}}"
