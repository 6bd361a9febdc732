"""``INSERT ALL`` and ``INSERT FIRST`` over a query, as one INSERT per table.

SQL Language Reference, "INSERT", multi_table_insert: ALL asks every condition of every row, FIRST stops at the first
one that is true; ELSE takes the rows of which none is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import tokens as lex
from .pieces import Piece, Refused

CODE = "SC4263"


@dataclass(frozen=True, slots=True)
class Part:
    """One INSERT of the statement, and where its INTO stands."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Split:
    """The query and where it starts, and the INSERTs over it."""

    query: str
    start: int
    parts: tuple[Part, ...]


@dataclass(slots=True)
class _Into:
    """The pieces of an INTO, and the condition under which it takes a row."""

    pieces: list[Piece]
    condition: str


class _Reader:
    def __init__(self, text: str, found: Sequence[Piece]) -> None:
        self.text, self.found = text, found
        self.first = found[1].upper == "FIRST"
        self.asked: list[str] = []  # the conditions so far
        self.condition = ""
        self.into: list[_Into] = []
        self.tail = len(found)

    def run(self) -> Split:
        at, depth, when = 2, 0, -1
        while at < len(self.found):
            piece = self.found[at]
            word = piece.upper if piece.kind in (lex.WORD, lex.OPERATOR) else ""
            if word in ("(", "CASE"):
                depth += 1
            elif word == ")" or (word == "END" and depth):
                depth -= 1
            elif depth == 0 and word in ("SELECT", "WITH"):
                self.tail = at
                break
            elif depth == 0 and word == "WHEN":
                when = at + 1
            elif depth == 0 and word == "THEN" and when > 0:
                self._when(self.found[when:at])
                when = -1
            elif depth == 0 and word == "ELSE":
                self.condition = self._case(self.asked, 0)
            elif depth == 0 and word == "INTO":
                self.into.append(_Into([], self.condition))
            if self.into and when < 0 and not (depth == 0 and word in ("WHEN", "THEN", "ELSE")):
                self.into[-1].pieces.append(piece)
            at += 1
        if self.tail == len(self.found) or not self.into:
            raise Refused(CODE, self.found[0].start, reason="its query is not found")
        return self._split()

    def _when(self, pieces: Sequence[Piece]) -> None:
        if not pieces:
            raise Refused(CODE, self.found[0].start, reason="WHEN without a condition")
        condition = self.text[pieces[0].start : pieces[-1].end]
        self.condition = self._case([*self.asked, condition], 1) if self.first and self.asked else condition
        self.asked.append(condition)

    @staticmethod
    def _case(conditions: list[str], last: int) -> str:
        """Whether the last of ``conditions`` is the first true one (1), or none is (0); never unknown."""
        values = ["0"] * (len(conditions) - last) + ["1"] * last
        branches = " ".join(f"WHEN {c} THEN {v}" for c, v in zip(conditions, values, strict=True))
        return f"CASE {branches} ELSE {1 - last} END = 1"

    def _split(self) -> Split:
        tail = self.found[self.tail :]
        if tail[-1].text == ";":
            tail = tail[:-1]
        query = self.text[tail[0].start : tail[-1].end]
        words = {p.upper for p in tail if p.kind in (lex.WORD, lex.QUOTED)} | {p.text for p in tail}
        if words & {"NEXTVAL", "CURRVAL"}:
            raise Refused(CODE, tail[0].start, reason="its query draws from a sequence")
        drawn = [i for i in self.into if any(p.upper == "NEXTVAL" for p in i.pieces)]
        if len(drawn) > 1 or any(p.upper == "CURRVAL" for i in self.into for p in i.pieces):
            raise Refused(CODE, self.found[0].start, reason="several of its tables take the same number of a sequence")
        return Split(query, tail[0].start, tuple(self._part(i, query, words) for i in self.into))

    def _part(self, into: _Into, query: str, read: set[str]) -> Part:
        start = into.pieces[0].start
        at = 2
        while at + 1 < len(into.pieces) and into.pieces[at].text == ".":
            at += 2
        table = into.pieces[at - 1] if at - 1 < len(into.pieces) else None
        if table is None or table.upper in read or table.text in read:
            raise Refused(CODE, start, reason=f"its query reads {table.text if table else 'nothing'}, which it fills")
        if any(p.upper in ("DEFAULT", "LOG") and p.kind == lex.WORD for p in into.pieces):
            raise Refused(CODE, start, reason="DEFAULT or LOG ERRORS in it")
        values = next((i for i, p in enumerate(into.pieces) if p.upper == "VALUES" and p.kind == lex.WORD), None)
        head = into.pieces[: values if values is not None else len(into.pieces)]
        made = f"INSERT {self.text[start : head[-1].end]} "
        if values is None and not into.condition:
            return Part(made + query, start)
        listed = "*"
        if values is not None:
            given = into.pieces[values + 1 :]
            if len(given) < 3 or given[0].text != "(" or given[-1].text != ")":
                raise Refused(CODE, start, reason="its VALUES are not read")
            listed = self.text[given[1].start : given[-2].end]
        where = f" WHERE {into.condition}" if into.condition else ""
        return Part(f"{made}SELECT {listed} FROM ({query}){where}", start)


def split(text: str, found: Sequence[Piece]) -> Split:
    """The INSERTs of a multi-table INSERT. Raises :class:`Refused` for one that several statements cannot say."""
    return _Reader(text, found).run()
