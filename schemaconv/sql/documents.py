"""Calls about JSON and XML that have a grammar of their own, as plain calls whose words are text arguments.

``JSON_TABLE(d, '$' COLUMNS (a NUMBER PATH '$.a'))`` becomes ``JSON_TABLE(d, '$', '', JSON COLUMN(a, 'NUMBER', '$.a',
''))``, ``c.value('(/a)[1]', 'int')`` becomes ``XML VALUE(c, '(/a)[1]', 'int')``: what a parser reads as it reads any
call, and what the rewrites of ``rewrites/query`` take apart again. The names with a blank in them are :data:`WORDS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from . import tokens as lex
from .json_words import JSON_CALLS
from .pieces import GRAMMAR, Piece
from .runs import Pieces, find, is_word, joined, new_sign, new_text, new_word, split
from .xml_words import XML_CALLS

#: Names of calls that stand for a part of another call.
WORDS: Final = frozenset(
    {"JSON COLUMN", "JSON NESTED", "JSON PAIR", "JSON ALL", "XML COLUMN", "XML VALUE", "XML QUERY", "XML EXIST",
     "XML NODES", "XML EXTRACT", "XML TEXT", "LISTED ROWS"}
)  # fmt: skip
#: Methods of an XML value, and the calls that they become.
METHODS: Final = {
    "VALUE": "XML VALUE", "QUERY": "XML QUERY", "EXIST": "XML EXIST", "NODES": "XML NODES", "EXTRACT": "XML EXTRACT",
    "GETSTRINGVAL": "XML TEXT", "GETCLOBVAL": "XML TEXT",
}  # fmt: skip
_TEXT_METHODS: Final = frozenset({"GETSTRINGVAL", "GETCLOBVAL"})


def documents(found: Pieces, calls: frozenset[str]) -> Pieces:
    """``found`` with the ``calls`` and methods of a source as plain calls. Raises :class:`Refused`."""
    if not any(p.upper in calls for p in found):
        return found
    return _Reader(found, calls).run(0, len(found))


class _Reader:
    def __init__(self, found: Pieces, calls: frozenset[str]) -> None:
        self.found = found
        self.calls = calls
        self.closing = _closings(found)

    def run(self, start: int, end: int) -> Pieces:
        made: Pieces = []
        at = start
        while at < end:
            piece = self.found[at]
            opened = at + 1 < end and is_word(self.found[at + 1], "(") and self.closing[at + 1] < end
            if piece.kind != lex.WORD or not opened or piece.upper not in self.calls:
                made.append(piece)
                at += 1
                continue
            close = self.closing[at + 1]
            if made and is_word(made[-1], "."):
                at = self.method(made, piece, at, close)
                continue
            handler = _HANDLERS.get(piece.upper)
            if handler is None:
                made.append(piece)
                at += 1
                continue
            inner = self.run(at + 2, close)
            after = close + 1
            if piece.upper == "OPENJSON" and is_word(self.at(after), "WITH") and is_word(self.at(after + 1), "("):
                end_of_with = self.closing[after + 1]
                inner += [new_sign("WITH", piece), *self.found[after + 2 : end_of_with]]
                after = end_of_with + 1
            if piece.upper in ("EXTRACT", "TABLE"):
                made += _renamed(piece, inner, self.found[close])
            else:
                made += [piece, new_sign("(", piece), *handler(piece, inner), self.found[close]]
            at = after
        return made

    def at(self, at: int) -> Piece | None:
        return self.found[at] if at < len(self.found) else None

    def method(self, made: Pieces, piece: Piece, at: int, close: int) -> int:
        """``receiver.METHOD(...)`` as a call whose first argument is the receiver."""
        name = METHODS.get(piece.upper)
        inner = self.run(at + 2, close)
        texts = piece.upper in _TEXT_METHODS
        if name is None or (not inner) is not texts or (not texts and inner[0].kind != lex.STRING):
            made.append(piece)
            return at + 1
        start = _receiver(made, len(made) - 1)
        receiver = made[start:-1]
        if not receiver:
            made.append(piece)
            return at + 1
        del made[start:]
        made += [new_word(name, piece), new_sign("(", piece), *receiver]
        made += [new_sign(",", piece), *inner] if inner else []
        made.append(self.found[close])
        return close + 1


#: Collection types of the server whose constructors list values in FROM.
_LISTS: Final = frozenset(
    {"ODCIVARCHAR2LIST", "ODCINUMBERLIST", "ODCIDATELIST", "DBMS_DEBUG_VC2COLL", "KU$_VCNT"}
)


def _renamed(piece: Piece, inner: Pieces, close: Piece) -> Pieces:
    """``EXTRACT(x, '/path')`` of XML, and ``TABLE(sys.odcivarchar2list('a', 'b'))``; anything else as it was."""
    whole = [piece, new_sign("(", piece), *inner, close]
    if piece.upper == "EXTRACT":
        return [new_word("XML EXTRACT", piece), *whole[1:]] if find(inner, ",") >= 0 else whole
    call = inner[2:] if len(inner) > 2 and is_word(inner[0], "SYS") and is_word(inner[1], ".") else inner
    if len(call) < 3 or call[0].upper not in _LISTS or not is_word(call[1], "(") or not is_word(call[-1], ")"):
        return whole
    return [new_word("LISTED ROWS", piece), *call[1:]]


def _same(_: Piece, inner: Pieces) -> Pieces:
    return inner


def _receiver(made: Pieces, dot: int) -> int:
    """Where the operand in front of the dot at ``dot`` begins: names parted by dots, a call, or a parenthesis."""
    at = dot - 1
    while at >= 0:
        if is_word(made[at], ")"):
            depth = 0
            while at >= 0:
                depth += is_word(made[at], ")") - is_word(made[at], "(")
                if depth == 0:
                    break
                at -= 1
            if at > 0 and made[at - 1].kind == lex.WORD and made[at - 1].upper not in GRAMMAR:
                at -= 1
        elif made[at].kind not in (lex.WORD, lex.QUOTED):
            return at + 1
        if at > 0 and is_word(made[at - 1], "."):
            at -= 2
            continue
        return max(at, 0)
    return 0


def _closings(found: Pieces) -> dict[int, int]:
    """The place of the parenthesis that closes each one; of one that nothing closes, the end."""
    made: dict[int, int] = {}
    open_: list[int] = []
    for i, piece in enumerate(found):
        if is_word(piece, "("):
            open_.append(i)
        elif is_word(piece, ")") and open_:
            made[open_.pop()] = i
    made.update((i, len(found)) for i in open_)
    return made


def _hashed(name: Piece, inner: Pieces) -> Pieces:
    """``HASHBYTES('algorithm', value)``: a third argument says that a literal has two bytes for each character."""
    arguments = split(inner)
    if len(arguments) != 2:
        return inner
    wide = any(p.kind == lex.STRING and p.upper == "N'" for p in arguments[1])
    return joined(*arguments, [new_text("N" if wide else "", name)])


_HANDLERS: Final[dict[str, Callable[[Piece, Pieces], Pieces]]] = {
    **JSON_CALLS,
    **XML_CALLS,
    "EXTRACT": _same,
    "TABLE": _same,
    "HASHBYTES": _hashed,
}
