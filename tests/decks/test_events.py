"""YAML's traps, each as it must behave: nothing is typed by spelling, nothing is silently lost."""

from __future__ import annotations

import json
import string
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.decks import events
from studykit.decks.events import MAX_DEPTH, MAX_TEXT, Parser, Tree, Value, read_tree, start_of
from studykit.decks.faults import DeckError
from studykit.decks.source import Source, decode, read_bytes
from studykit.typeset import clean


def read(text: str | bytes) -> Tree:
    data = text.encode() if isinstance(text, str) else text
    source, faults = decode("deck.yaml", data)
    tree = read_tree(source)
    tree.faults = [*faults, *tree.faults]
    return tree


def value(text: str) -> Value | None:
    tree = read(text)
    assert not tree.faults, [str(fault) for fault in tree.faults]
    return tree.value


def told(text: str | bytes) -> list[tuple[int, int, str]]:
    return [(fault.line, fault.column, fault.code) for fault in read(text).faults]


@pytest.mark.parametrize(
    "written",
    [
        "no",
        "NO",
        "on",
        "off",
        "yes",
        "y",
        "n",
        "true",
        "~",
        "null",
        "1e3",
        "1.0e+3",
        "12e03",
        "1:30",
        "1:30:00",
        "010",
        "0o10",
        "0x1F",
        "1_000",
        "0.10",
        ".nan",
        ".inf",
        "2024-01-02",
        "=",
        "-0",
        "+1",
        "1e999",
    ],
)
def test_a_plain_value_stays_the_text_that_was_written(written: str) -> None:
    assert value(f"a: {written}\n") == {"a": written}


def test_a_number_of_five_thousand_digits_stays_text() -> None:
    assert value(f"a: {'9' * 5000}\n") == {"a": "9" * 5000}


def test_an_empty_value_is_an_empty_text() -> None:
    assert value("a:\nb: ''\n") == {"a": "", "b": ""}


def test_keys_that_other_readers_make_equal_stay_apart() -> None:
    assert value("1: a\ntrue: b\n01: c\n") == {"1": "a", "true": "b", "01": "c"}


def test_a_duplicate_key_is_refused_and_both_lines_are_named() -> None:
    tree = read("a: 1\nb: 2\na: 3\n")
    (fault,) = tree.faults
    assert (fault.line, fault.column, fault.code) == (3, 1, "duplicate-key")
    assert "line 1" in fault.message
    assert tree.value == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("a: &x b\n", "anchor", 4),
        ("a: &x [b]\n", "anchor", 4),
        ("a: *x\n", "alias", 4),
        ("a: !!int 3\n", "tag", 4),
        ("a: !mine {b: c}\n", "tag", 4),
        ("a: ! b\n", "tag", 4),
        ("<<: b\n", "merge-key", 1),
        ("? [a]\n: b\n", "complex-key", 3),
        ("{a: b}: c\n", "complex-key", 1),
        ("*x : b\n", "alias", 1),
        ("a: {{x}}\n", "complex-key", 4),
    ],
)
def test_what_makes_readers_disagree_is_refused_at_its_place(
    text: str, code: str, column: int
) -> None:
    assert (1, column, code) in told(text)


def test_a_quoted_merge_sign_is_a_key_like_any_other() -> None:
    assert value("'<<': b\n") == {"<<": "b"}


@pytest.mark.parametrize("title", ["[", "[a, b c: d", "{a: b"])
def test_a_bracket_left_open_is_one_fault_where_it_was_opened(title: str) -> None:
    text = (
        f"id: x\ntitle: {title}\nlanguage: en\ncards:\n  - front: [a\n    back: b\n  - front: c\n"
    )
    assert told(text) == [(2, 8, "yaml"), (5, 12, "yaml")]
    assert read(text).value == {"id": "x", "language": "en", "cards": [{"front": "c"}]}


def test_a_second_document_is_refused() -> None:
    assert told("a: b\n---\nc: d\n") == [(2, 1, "second-document")]


def test_one_explicit_document_is_fine() -> None:
    assert value("%YAML 1.1\n---\na: b\n...\n") == {"a": "b"}


def test_an_empty_file_reads_as_nothing() -> None:
    assert value("# only a comment\n") == ""


def test_twenty_five_thousand_brackets_are_refused_without_a_crash() -> None:
    (fault,) = read("a: " + "[" * 25_000).faults
    assert fault.code == "too-deep"
    assert str(MAX_DEPTH) in fault.message


def test_an_alias_bomb_is_refused_alias_by_alias() -> None:
    lines = ["a: &a [x, x]"]
    lines += [f"{b}: &{b} [*{a}, *{a}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    tree = read("\n".join(lines))
    assert {fault.code for fault in tree.faults} == {"anchor", "alias"}
    assert len(json.dumps(tree.value)) < 1000


def test_a_self_containing_list_is_refused() -> None:
    assert {code for _, _, code in told("a: &x [*x]\n")} == {"anchor", "alias"}


def test_more_values_than_a_deck_may_hold_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studykit.decks.events.MAX_NODES", 100)
    assert told("a: [" + "x, " * 200 + "]")[0][2] == "too-large"
    assert told("\n".join(f"k{i}: v" for i in range(200)))[0][2] == "too-large"
    assert told("a:\n" + "- [x]\n" * 200)[0][2] == "too-large"


def test_a_text_longer_than_any_card_needs_is_refused() -> None:
    assert told(f"a: {'x' * (MAX_TEXT + 1)}") == [(1, 4, "too-long")]


@pytest.mark.parametrize(
    "written",
    [
        r"\nabla L",
        r"\beta",
        r"a \frac12",
        r"\theta",
        r"x \top",
        r"\rho",
        r"\vec x",
        r"\ell",
        r"\eta",
        r"\alpha",
        r"\Phi",
        r"\Lambda",
        r"\neq",
        r"\times",
        r"\sigma",
        r"\partial",
        r"\lambda",
        r"\xi",
        r"\upsilon",
    ],
)
def test_tex_in_double_quotes_is_told_at_the_backslash(written: str) -> None:
    (fault,) = read(f'a: "see {written}"\nb: c\n').faults
    assert fault.code == "tex-in-double-quotes"
    assert (fault.line, fault.column) == (1, 9 + written.index("\\"))
    assert f"a: |\n  see {written}" in fault.suggestion


@pytest.mark.parametrize("written", [r"one\ntwo", r"tab\there", r"a \"b\" \\frac", r"é\\"])
def test_meant_escapes_in_double_quotes_are_left_alone(written: str) -> None:
    assert told(f'a: "{written}"\n') == []


@pytest.mark.parametrize("quoted", ["'\\frac{a}{b}'", "\\frac{a}{b}", "|\n  \\frac{a}{b}\n"])
def test_tex_is_safe_in_single_quotes_plain_text_and_blocks(quoted: str) -> None:
    assert value(f"a: {quoted}\n") == {"a": "\\frac{a}{b}"}


def test_an_escape_sequence_in_double_quotes_is_taken_out_and_told() -> None:
    tree = read('a: "x\\x1b]52;c;AAAA\\x07y"\n')
    assert tree.value == {"a": "x]52;c;AAAAy"}
    assert [(f.line, f.column, f.code) for f in tree.faults] == [(1, 6, "unsafe-character")]
    assert "U+001B" in tree.faults[0].message


def test_raw_control_and_bidi_characters_are_taken_out_and_told_at_their_place() -> None:
    tree = read("a: b\x1b[2Jc\nd: x\u202ey\u200bz\n")
    assert tree.value == {"a": "b[2Jc", "d": "xyz"}
    assert [(f.line, f.column) for f in tree.faults] == [(1, 5), (2, 5), (2, 7)]


def test_a_hash_that_cuts_a_plain_text_short_is_told() -> None:
    assert told("a: x #hi\nb: y\n") == [(1, 6, "text-after-hash")]


def test_a_comment_is_no_fault() -> None:
    assert told("a: x # meant as a comment\nb: 'q' #hi\n") == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: $x: y$\n", (1, 6)),
        ("a: @x\n", (1, 4)),
        ("a: `x`\n", (1, 4)),
        ("a: %x\n", (1, 4)),
        ("a: **x** y\n", (1, 5)),
        ("a: [x] y\n", (1, 8)),
        ("a: 'x\nb: y\n", (1, 4)),
        ("a: b\n\tc: d\n", (2, 1)),
        ("a: b\n c: d\n", (2, 3)),
    ],
)
def test_what_is_no_yaml_is_told_where_an_author_looks(text: str, place: tuple[int, int]) -> None:
    faults = read(text).faults
    assert (faults[0].line, faults[0].column, faults[0].code) == (*place, "yaml")
    assert "token" not in faults[0].message


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_an_editor_counts_them(end: str) -> None:
    assert told(f"a: b{end}{end}c: *d{end}") == [(3, 4, "alias")]


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
def test_a_unicode_line_separator_is_a_space_and_moves_no_line(separator: str) -> None:
    tree = read(f"a: b{separator}c\nd: *e\n")
    assert isinstance(tree.value, dict)
    assert tree.value["a"] == "b c"
    assert [(f.line, f.column, f.code) for f in tree.faults] == [
        (1, 5, "line-separator"),
        (2, 4, "alias"),
    ]


def test_a_byte_order_mark_is_skipped() -> None:
    assert read(b"\xef\xbb\xbfa: b\n").value == {"a": "b"}


def test_bytes_that_are_no_utf_8_are_told_with_their_place() -> None:
    with pytest.raises(DeckError) as caught:
        decode("deck.yaml", "a: b\nc: é".encode("latin-1"))
    (fault,) = caught.value.faults
    assert (fault.line, fault.column, fault.code) == (2, 4, "not-utf-8")


def test_utf_16_is_named() -> None:
    with pytest.raises(DeckError, match="UTF-16"):
        decode("deck.yaml", "a: b".encode("utf-16"))


def test_a_file_too_large_and_a_missing_one_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studykit.decks.source.MAX_BYTES", 10)
    (tmp_path / "a.yaml").write_text("a: " + "b" * 20)
    with pytest.raises(DeckError, match="larger"):
        read_bytes(tmp_path / "a.yaml")
    with pytest.raises(DeckError, match="no such file"):
        read_bytes(tmp_path / "b.yaml")
    with pytest.raises(DeckError, match="folder"):
        read_bytes(tmp_path)


def test_the_line_break_that_ends_a_block_is_no_part_of_the_text() -> None:
    assert value("a: |\n  x\n\n  y\n\nb: |\n\nc: >\n  u\n  v\n") == {
        "a": "x\n\ny",
        "b": "",
        "c": "u v",
    }


def test_every_value_knows_its_place() -> None:
    text = "a: b\nc:\n- d\n- {e: 'f'}\n"
    tree = read(text)
    assert isinstance(tree.spot, list)
    assert text[start_of(tree.spot[1]) :].startswith("a:")
    assert text[start_of(tree.spot[2]) :].startswith("b\n")
    inner = tree.spot[4]
    assert isinstance(inner, list)
    assert text[start_of(inner[1]) :].startswith("d\n")
    assert text[start_of(inner[2]) :].startswith("{e:")


def pure(text: str) -> Parser:
    return yaml.SafeLoader(text)


@pytest.mark.parametrize(
    "text",
    [
        "a: [b, {c: 'd'}]\ne: |\n  f\n",
        "a: b\na: c\n",
        "a: *x\nb: &y c\nd: !e f\n",
        'a: "\\nabla"\nb: "\\sigma"\n',
        "a: $x: y$\n",
        "a: b\n---\nc: d\n",
        "a: " + "[" * 3000,
    ],
)
def test_without_libyaml_the_same_is_read_and_the_same_refused(text: str) -> None:
    fast, slow = read(text), read_tree(Source("deck.yaml", text), pure)
    assert slow.value == fast.value
    assert [(f.line, f.code) for f in slow.faults] == [(f.line, f.code) for f in fast.faults]


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp")), max_size=30
)
KEYS = st.text(string.ascii_lowercase + string.digits + "é_", min_size=1, max_size=6)
VALUES = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_what_a_yaml_writer_wrote_is_read_back(data: dict[str, Value]) -> None:
    text = json.dumps(data, ensure_ascii=False)
    for written in (text, yaml.safe_dump(data, default_style="'", allow_unicode=True)):
        tree = read(written)
        assert tree.value == stripped(data)


def stripped(data: Value) -> Value:
    """As the reader hands texts on: cleaned, and without blank space at the end of quoted ones."""
    if isinstance(data, dict):
        return {clean(key).rstrip(): stripped(item) for key, item in data.items()}
    if isinstance(data, list):
        return [stripped(item) for item in data]
    return clean(data.rstrip())


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.text(st.sampled_from("ab: -[]{}\"'|>&*!#%@`\n\t\\,?$<"), max_size=60))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    tree = read(text)
    if tree.value is None:
        assert tree.faults


@settings(derandomize=True, deadline=None, max_examples=400)
@given(
    st.lists(
        st.sampled_from(
            [
                *("a", "b: ", "- ", "? ", "\n", "\n  ", "\n- ", " ", ", ", "[", "]", "{", "}", '"'),
                *(
                    "'",
                    "&x",
                    "&x ",
                    "& ",
                    "*x",
                    "!",
                    "!t ",
                    "!!str ",
                    " #c",
                    " # c",
                    "#",
                    "|\n",
                    ":",
                ),
            ]
        ),
        max_size=14,
    ).map("".join)
)
def test_a_file_read_without_care_is_read_as_with_it(text: str) -> None:
    plain = read_tree(Source("f", text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "wants_care", lambda _: True)
        careful = read_tree(Source("f", text))
    assert (plain.value, plain.spot, plain.faults) == (careful.value, careful.spot, careful.faults)
