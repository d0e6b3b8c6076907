"""What each TeX command of our subset stands for: symbols, names, fonts, marks and small scripts.

Pure data. A command that is not here is not drawn by our own layout. Small letters are listed only
where common terminal fonts have them, and never for a capital but ᵀ: `W_V` is a matrix, `d_v` a
width, so a subscript capital keeps its size.
"""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of `text`: a set written without quotes around each member."""
    return frozenset(text.split())


# Roles decide the spaces: ord, big, bin, rel, open, close, punct, inner.
_BY_ROLE: dict[str, str] = {
    "ord": r"""alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ
        vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ
        varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ
        Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω infty ∞ partial ∂ nabla ∇ ell ℓ
        hbar ℏ Re ℜ Im ℑ aleph ℵ emptyset ∅ varnothing ∅ top ⊤ bot ⊥ forall ∀ exists ∃ nexists ∄
        neg ¬ lnot ¬ prime ′ angle ∠ degree ° square □ Box □ blacksquare ■ checkmark ✓ dagger †
        ddagger ‡ S § P ¶ flat ♭ sharp ♯ imath ı jmath ȷ complement ∁ triangle △ star ⋆ bigstar ★
        clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ backslash \ surd √""",
    "big": r"""sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁
        bigotimes ⨂ bigodot ⨀ bigvee ⋁ bigwedge ⋀""",
    "bin": r"""pm ± mp ∓ times × div ÷ cdot · ast ∗ circ ∘ bullet • cap ∩ cup ∪ uplus ⊎ sqcap ⊓
        sqcup ⊔ vee ∨ lor ∨ wedge ∧ land ∧ setminus ∖ wr ≀ oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘
        odot ⊙ amalg ⨿ diamond ⋄ bmod mod""",
    "rel": r"""le ≤ leq ≤ leqslant ≤ ge ≥ geq ≥ geqslant ≥ ne ≠ neq ≠ lt < gt > ll ≪ gg ≫ equiv ≡
        sim ∼ simeq ≃ approx ≈ cong ≅ propto ∝ in ∈ notin ∉ ni ∋ subset ⊂ supset ⊃ subseteq ⊆
        supseteq ⊇ nsubseteq ⊈ subsetneq ⊊ mid ∣ nmid ∤ parallel ∥ perp ⊥ vdash ⊢ dashv ⊣
        models ⊨ to → rightarrow → longrightarrow ⟶ gets ← leftarrow ← longleftarrow ⟵
        leftrightarrow ↔ Rightarrow ⇒ implies ⇒ Longrightarrow ⇒ Leftarrow ⇐ impliedby ⇐
        Leftrightarrow ⇔ iff ⇔ mapsto ↦ longmapsto ⟼ uparrow ↑ downarrow ↓ updownarrow ↕
        nearrow ↗ searrow ↘ hookrightarrow ↪ rightharpoonup ⇀ leadsto ⇝ prec ≺ succ ≻ preceq ⪯
        succeq ⪰ asymp ≍ doteq ≐ triangleq ≜ coloneqq ≔ lesssim ≲ gtrsim ≳ rightleftharpoons ⇌
        colon : rightsquigarrow ⇝ nearrow ↗ ncong ≇ approxeq ≊ vDash ⊨ upharpoonright ↾
        multimap ⊸ between ≬ rightleftarrows ⇄ Rrightarrow ⇛ twoheadrightarrow ↠""",
    "open": "lbrace { lbrack [ lparen ( langle ⟨ lfloor ⌊ lceil ⌈ lvert | lVert ‖",
    "close": "rbrace } rbrack ] rparen ) rangle ⟩ rfloor ⌋ rceil ⌉ rvert | rVert ‖",
    "inner": "ldots … dots … dotsc … dotsb ⋯ cdots ⋯ vdots ⋮ ddots ⋱",
    "bar": "vert | Vert ‖",
}

SYMBOLS: dict[str, tuple[str, str]] = {
    name: (sign, role)
    for role, table in _BY_ROLE.items()
    for name, sign in zip(table.split()[::2], table.split()[1::2], strict=True)
}
"""Command name → the sign and its role."""

SIGNS: dict[str, tuple[str, str]] = {
    "-": ("−", "bin"),
    "−": ("−", "bin"),
    "+": ("+", "bin"),
    "*": ("∗", "bin"),
    "·": ("·", "bin"),
    "×": ("×", "bin"),
    "=": ("=", "rel"),
    "<": ("<", "rel"),
    ">": (">", "rel"),
    ":": (":", "rel"),
    "≤": ("≤", "rel"),
    "≥": ("≥", "rel"),
    "≠": ("≠", "rel"),
    "≈": ("≈", "rel"),
    "∈": ("∈", "rel"),
    "→": ("→", "rel"),
    "(": ("(", "open"),
    "[": ("[", "open"),
    ")": (")", "close"),
    "]": ("]", "close"),
    ",": (",", "punct"),
    ";": (";", "punct"),
    "|": ("|", "bar"),
    "∑": ("∑", "big"),
}
"""Characters typed as themselves that are not ordinary letters."""

ESCAPED: dict[str, tuple[str, str]] = {
    "{": ("{", "open"),
    "}": ("}", "close"),
    "|": ("‖", "bar"),
    "%": ("%", "ord"),
    "$": ("$", "ord"),
    "&": ("&", "ord"),
    "#": ("#", "ord"),
    "_": ("_", "ord"),
}
"""A backslash and one character."""

SPACES: dict[str, int] = {
    ",": 1,
    ":": 1,
    ">": 1,
    ";": 1,
    " ": 1,
    "!": 0,
    "thinspace": 1,
    "medspace": 1,
    "thickspace": 1,
    "enspace": 1,
    "enskip": 1,
    "space": 1,
    "quad": 3,
    "qquad": 6,
}
"""Commands that are nothing but space, in columns."""

NAMES = words(
    """arccos arcsin arctan arg cos cosh cot coth csc deg dim exp gcd hom ker lg ln log max min sec
    sin sinh sup inf lim tan tanh det Pr argmax argmin
    mod"""
)
"""Functions that TeX sets upright."""

LIMIT_NAMES = frozenset({"max", "min", "sup", "inf", "lim", "det", "gcd", "Pr", "argmax", "argmin"})
INTEGRALS = frozenset("∫∬∭∮")

UPRIGHT = frozenset(
    {"mathrm", "mathsf", "mathtt", "mathit", "mathnormal", "operatorname", "operatorname*"}
)
"""Commands whose argument is one word of mathematics."""

TEXTS = frozenset({"text", "textrm", "textit", "textbf", "texttt", "textsf", "textnormal", "mbox"})
"""Commands whose argument is plain text, blanks kept."""

IGNORED = words(
    """displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber notag
    boldmath hfill noindent hline middle"""
)
SIZES = frozenset(
    f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")
)

FENCED_GRIDS: dict[str, tuple[str, str]] = {
    "matrix": ("", ""),
    "smallmatrix": ("", ""),
    "array": ("", ""),
    "pmatrix": ("(", ")"),
    "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"),
    "cases": ("{", ""),
}
ALIGNED_GRIDS = words(
    """aligned align align* alignat split gathered gather gather* eqnarray eqnarray* equation
    equation*"""
)

MARKS: dict[str, str] = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "bar": "\u0304",
    "overline": "\u0304",
    "vec": "\u20d7",
    "dot": "\u0307",
    "ddot": "\u0308",
    "check": "\u030c",
    "breve": "\u0306",
    "acute": "\u0301",
    "grave": "\u0300",
    "mathring": "\u030a",
}
"""Accents, as the combining mark set on one letter."""

RULES: dict[str, str] = {
    "overline": "over",
    "bar": "over",
    "underline": "under",
    "underbrace": "underbrace",
    "overbrace": "overbrace",
}
"""Lines and braces over or under several letters."""

_EXCEPTIONS = {
    "mathbb": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
    "mathcal": dict(zip("BEFHILMR", "ℬℰℱℋℐℒℳℛ", strict=True)),
    "mathfrak": dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True)),
}
_FONTS: dict[str, tuple[int, int, int]] = {
    # First capital, first small letter, first digit of the font's alphabet; 0 where it has none.
    "mathbb": (0x1D538, 0x1D552, 0x1D7D8),
    "mathbf": (0x1D400, 0x1D41A, 0x1D7CE),
    "mathcal": (0x1D49C, 0, 0),
    "mathfrak": (0x1D504, 0x1D51E, 0),
}
FONTS: dict[str, str] = {
    "mathbb": "mathbb",
    "Bbb": "mathbb",
    "mathds": "mathbb",
    "mathbf": "mathbf",
    "boldsymbol": "mathbf",
    "bm": "mathbf",
    "mathcal": "mathcal",
    "mathscr": "mathcal",
    "mathfrak": "mathfrak",
}


def in_font(font: str, letter: str) -> str | None:
    """`letter` in blackboard, bold, script or Fraktur, or None where that alphabet lacks it.

    A bold Greek letter is None too: few terminals have one.
    """
    special = _EXCEPTIONS.get(font, {}).get(letter)
    if special is not None:
        return special
    capital, small, digit = _FONTS[font]
    if "A" <= letter <= "Z":
        return chr(capital + ord(letter) - ord("A"))
    if "a" <= letter <= "z" and small:
        return chr(small + ord(letter) - ord("a"))
    if "0" <= letter <= "9" and digit:
        return chr(digit + ord(letter) - ord("0"))
    return None


RAISED: dict[str, str] = dict(
    zip(
        "0123456789+−=()abdeghijklmnoprstuvwxyT⊤′∗†",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᵈᵉᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᵀᵀ′*†",
        strict=True,
    )
)
"""Small raised glyphs that common fonts have. Both T and ⊤ raised are the transpose."""

LOWERED: dict[str, str] = dict(
    zip(
        "0123456789+−=()aehijklmnoprstuvx",
        "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ",
        strict=True,
    )
)
"""Small lowered glyphs that common fonts have."""

VULGAR: dict[tuple[str, str], str] = {
    ("1", "2"): "½",
    ("1", "3"): "⅓",
    ("2", "3"): "⅔",
    ("1", "4"): "¼",
    ("3", "4"): "¾",
    ("1", "8"): "⅛",
    ("3", "8"): "⅜",
    ("5", "8"): "⅝",
    ("7", "8"): "⅞",
}
"""Fractions that are one character."""
