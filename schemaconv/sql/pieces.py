"""The words, literals and operators of a source fragment, and what is refused by its words alone.

Nothing here needs a parser: the plain fragments of a script never get further.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from . import date_bytes
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
    """One lexical piece of the source: a lexer group, its characters (a string's without quotes), start and end.

    ``upper`` is a word in capitals, and ``N'`` for a text in national characters."""

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
    formats = coded = False
    for match in words.pattern.finditer(text):
        group = match.lastindex
        if group is None:
            continue
        raw = match.group(group)
        start, end = match.span(group)
        if group == lex.WORD or (group == lex.OPERATOR and not raw.isspace()):
            upper = raw.upper()
            formats = formats or upper == "FORMAT"
            found.append(Piece(group, raw, upper, start, end))
            continue
        if not raw.strip():
            continue
        if group in (lex.STRING, lex.QUOTED) and raw[0] in "uU" and raw[1] == "&":
            found.append(Piece(group, raw, "U&", start, end))
            coded = True
        elif group == lex.STRING and raw[-1] != "'":
            found.append(_hexadecimal(raw, start, end))
        elif group == lex.STRING:
            found.append(Piece(group, unquote(raw), "N'" if raw[0] in "nN" else "", start, end))
        elif group == lex.QUOTED:
            found.append(Piece(group, unquoted(raw), "", start, end))
        elif group == lex.COMMENT:
            comments.append(Piece(group, raw, "", start, end))
        else:
            if raw[-1] == "." and group == lex.NUMBER:
                raw += "0"  # "100." is a decimal and divides as one; without its point it would be a whole number
            found.append(Piece(group, raw, raw.upper(), start, end))
    if coded:
        found = _decoded(found)
    if formats and words.cast_formats:
        from .formatted import typed

        found = typed(found)
    moments = words.coded_moments and ("{" in text or "0x" in text or "0X" in text)
    return (_moments(found) if moments else found), comments


#: The words of ODBC's escapes for moments, and those of the literals that they are.
_ESCAPES: Final = {"D": "DATE", "TS": "TIMESTAMP", "T": "TIME"}


def _moments(found: list[Piece]) -> list[Piece]:
    """``{d '2024-03-05'}``, ``{ts '...'}`` and ``CAST(0x... AS DateTime)``, the same in every session, as DATE and
    TIMESTAMP literals; ``{fn ...}`` as the call in it."""
    made: list[Piece] = []
    at = calls = 0
    while at < len(found):
        piece = found[at]
        if piece.text == "{" and piece.kind == lex.OPERATOR and at + 1 < len(found) and found[at + 1].upper == "FN":
            calls += 1  # {fn UCASE(s)}
            at += 2
            continue
        if piece.text == "}" and piece.kind == lex.OPERATOR and calls:
            calls -= 1
            at += 1
            continue
        if piece.upper not in ("{", "CAST"):
            made.append(piece)
            at += 1
            continue
        run = found[at : at + 9]
        texts = [p.upper if p.kind in (lex.WORD, lex.OPERATOR) else "" for p in run]
        literal: list[Piece] | None = None
        if texts[0] == "{" and texts[3:4] == ["}"] and texts[1] in _ESCAPES and run[2].kind == lex.STRING:
            literal = [_word(_ESCAPES[texts[1]], piece, run[1]), run[2]]
            at += 4
        elif piece.upper == "CAST" and texts[1:2] == ["("] and len(run) > 5 and run[2].upper[:2] == "0X":
            literal, taken = _cast(run, texts)
            at += taken
        if literal is None:
            made.append(piece)
            at += 1
        else:
            made += literal
    return made


def _cast(run: list[Piece], texts: list[str]) -> tuple[list[Piece] | None, int]:
    """The literal that ``CAST ( 0x... AS type )`` is, and how many pieces it takes; the type may bear its digits."""
    end = 5 if texts[5] == ")" else 8 if texts[5:6] == ["("] and texts[7:9] == [")", ")"] else 0
    if texts[3] != "AS" or not end:
        return None, 0
    shown = date_bytes.moment(run[2].text[2:], run[4].text)
    if shown is None:
        return None, 0
    day = shown.removesuffix(" 00:00:00")
    text = Piece(lex.STRING, day, "", run[2].start, run[2].end)
    return [_word("DATE" if " " not in day else "TIMESTAMP", run[0], run[1]), text], end + 1


def _word(word: str, first: Piece, last: Piece) -> Piece:
    return Piece(lex.WORD, word, word, first.start, last.end)


def _decoded(found: list[Piece]) -> list[Piece]:
    """``found`` with the characters of texts and names that are written ``U&'..' [UESCAPE '!']``."""
    from .formatted import decoded

    made: list[Piece] = []
    at = 0
    while at < len(found):
        piece = found[at]
        at += 1
        if piece.upper != "U&":
            made.append(piece)
            continue
        escape, end = "\\", piece.end
        if at + 1 < len(found) and found[at].upper == "UESCAPE" and found[at + 1].kind == lex.STRING:
            escape, end = found[at + 1].text, found[at + 1].end
            at += 2
        quote = piece.text[2]
        text = decoded(piece.text[3:-1].replace(quote * 2, quote), escape)
        if text is None:
            raise Refused("SC4204", piece.start, function=piece.text)
        made.append(piece._replace(text=text, upper="", end=end))
    return made


def _hexadecimal(raw: str, start: int, end: int) -> Piece:
    """``'4A4B'XB`` as bytes, ``'4A4B'XC`` as the characters that they are."""
    head, _, form = raw.rpartition("'")
    charset, _, digits = head.partition("'")
    try:
        value = bytes.fromhex(digits)
        text = value.decode(_CODES.get(charset.strip().upper(), "latin-1")) if form[1:2] in "cC" else ""
    except ValueError:
        raise Refused("SC4204", start, function=raw) from None
    if form[1:2] in "cC":
        if "\0" in text:
            raise Refused("SC4204", start, function=raw)
        return Piece(lex.STRING, text, "", start, end)
    return Piece(lex.NUMBER, f"0x{digits}", f"0X{digits.upper()}", start, end)


#: How the characters of ``_charset '...'XC`` are coded.
_CODES: Final = {"_UNICODE": "utf-16-be", "_GRAPHIC": "utf-16-be", "_KANJISJIS": "shift_jis"}


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
    note: str = ""


def refusals(rows: Iterable[Mapping[str, str]]) -> dict[str, list[Refusal]]:
    """Rows of ``[[refuse]]`` by their first word."""
    table: dict[str, list[Refusal]] = {}
    for row in rows:
        words = tuple(frozenset(part.split("|")) for part in row["words"].split())
        for first in words[0]:
            table.setdefault(first, []).append(Refusal(words, row["code"], row["words"], row.get("note", "")))
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
                if i and found[i - 1].text == "." and piece.text[:1] != "$":
                    continue  # a column that bears the word as its name
                what = " ".join(p.text for p in run).rstrip(" (").upper()
                raise Refused(row.code, piece.start, what=row.note or what, reason=what, function=what)
