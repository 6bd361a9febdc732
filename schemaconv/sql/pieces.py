"""The words, literals and operators of a source fragment, and what is refused by its words alone.

Nothing here needs a parser: the plain fragments of a script never get further.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from . import tokens as lex
from .lexis import Lexis, unquoted

#: Words that keep their grammatical meaning; every other word is a name. (Vendors reserve more words than a grammar
#: of queries needs, and leave others free that parsers for many dialects take for keywords.)
GRAMMAR: Final = frozenset(
    """
        ALL AND ANY AS ASC BETWEEN CASE CROSS CURRENT DEFAULT DELETE DESC DISTINCT ELSE END ESCAPE EXCEPT
        EXISTS FALSE FETCH FOLLOWING FOR FROM FULL HAVING IN INNER INSERT INTERSECT INTO IS JOIN LATERAL
        LEFT LIKE MERGE MINUS NATURAL NOT NULL OFFSET ON OR OUTER OVER PRECEDING RIGHT SELECT SET SOME TABLE
        THEN TRUE UNBOUNDED UNION UNIQUE UPDATE USING VALUES WHEN WHERE WITH
    """.split()
)


class Piece(NamedTuple):
    """One lexical piece of the source: a lexer group, its characters (a string's without quotes), start and end."""

    kind: int
    text: str
    upper: str
    start: int
    end: int


class Refused(Exception):
    """The fragment cannot be translated: ``code`` says why, at ``offset``."""

    def __init__(self, code: str, at: int = 0, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.offset = at
        self.params = tuple(params.items())


def pieces(text: str, words: Lexis) -> tuple[list[Piece], list[Piece]]:
    """The words, literals and operators of ``text``, and apart from them its comments."""
    found: list[Piece] = []
    comments: list[Piece] = []
    for match in words.pattern.finditer(text):
        group = match.lastindex
        if group is None:
            continue
        raw = match.group(group)
        if not raw.strip():
            continue
        start = match.start(group)
        if group == lex.STRING and raw[-1] != "'":
            found.append(_hexadecimal(raw, start, match.end(group)))
        elif group == lex.STRING:
            found.append(Piece(group, unquote(raw), "", start, match.end(group)))
        elif group == lex.QUOTED:
            found.append(Piece(group, unquoted(raw), "", start, match.end(group)))
        elif group == lex.COMMENT:
            comments.append(Piece(group, raw, "", start, match.end(group)))
        else:
            found.append(Piece(group, raw, raw.upper(), start, match.end(group)))
    return found, comments


def _hexadecimal(raw: str, start: int, end: int) -> Piece:
    """``'4A4B'XB`` as bytes, ``'4A4B'XC`` as the characters that they are."""
    digits, _, form = raw[1:].rpartition("'")
    try:
        value = bytes.fromhex(digits)
    except ValueError:
        raise Refused("SC4204", start, function=raw) from None
    if form[1:2] in "cC":
        return Piece(lex.STRING, value.decode("latin-1"), "", start, end)
    return Piece(lex.NUMBER, f"0x{digits}", f"0X{digits.upper()}", start, end)


def unquote(raw: str) -> str:
    """The characters of a text literal: ``'it''s'``, ``N'..'``, ``_LATIN'..'``, ``q'[it's]'``, ``'4A'XC``."""
    at = raw.index("'")
    if at and raw[at - 1] in "qQ":
        return raw[at + 2 : -2]
    return raw[at + 1 : raw.rindex("'")].replace("''", "'")


class Refusal(NamedTuple):
    """A row that refuses: a run of words (``A|B`` for either, ``(`` and ``@`` for themselves) and the code to say."""

    words: tuple[frozenset[str], ...]
    code: str
    what: str


def refusals(rows: Iterable[Mapping[str, str]]) -> dict[str, list[Refusal]]:
    """Rows of ``[[refuse]]`` by their first word."""
    table: dict[str, list[Refusal]] = {}
    for row in rows:
        words = tuple(frozenset(part.split("|")) for part in row["words"].split())
        for first in words[0]:
            table.setdefault(first, []).append(Refusal(words, row["code"], row["words"]))
    return table


def check_refusals(found: list[Piece], table: Mapping[str, list[Refusal]]) -> None:
    """Raise :class:`Refused` for the first construct that a row of ``table`` names."""
    for i, piece in enumerate(found):
        rows = table.get(piece.upper)
        if not rows:
            continue
        for row in rows:
            run = found[i : i + len(row.words)]
            if len(run) == len(row.words) and all(p.upper in w for p, w in zip(run, row.words, strict=True)):
                if i and found[i - 1].text == ".":
                    continue  # a column that bears the word as its name
                what = " ".join(p.text for p in run).rstrip(" (").upper()
                raise Refused(row.code, piece.start, what=what, reason=what)
