"""Clauses of data statements that no parser reads: they are taken out, read by themselves, and hung on the tree.

``TOP (n)`` behind UPDATE, DELETE or INSERT becomes the statement's limit, ``OUTPUT ... INTO t`` what it returns
(Transact-SQL reference, "TOP", "OUTPUT clause").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from . import tokens as lex
from .pieces import Piece, Refused
from .tree import Node, exp

_VERBS: Final = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE"})
#: Words that end the list of OUTPUT.
_ENDS: Final = frozenset({
    "INTO", "VALUES", "SELECT", "EXEC", "EXECUTE", "DEFAULT", "FROM", "WHERE", "OPTION", "WITH", ";",
})  # fmt: skip


@dataclass(frozen=True)
class Asides:
    """What was taken out: pieces of the count behind TOP, of the list of OUTPUT, and of the table behind its INTO."""

    count: tuple[Piece, ...] = ()
    percent: bool = False
    listed: tuple[Piece, ...] = ()
    into: tuple[Piece, ...] = ()
    words: frozenset[int] = frozenset()  # where TOP and OUTPUT stand
    deleted: tuple[Piece, ...] = ()  # the condition of DELETE WHERE in a MERGE

    def __bool__(self) -> bool:
        return bool(self.count or self.listed or self.deleted)

    def hang(self, root: Node, read: Callable[[list[Piece]], Node]) -> None:
        """Put the clauses on the tree of their statement; ``read`` gives the tree of a query's pieces."""
        if self.deleted:
            at = self.deleted[0]
            test = read([_select(at), _star(at), _word("WHERE", at), *self.deleted])
            whens = root.args["whens"].expressions if isinstance(root, exp.Merge) else []
            branch = next((w for w in whens if isinstance(w.args["then"], exp.Update)), None)
            if branch is None:
                raise Refused("SC4262", self.deleted[0].start, reason="DELETE WHERE without an update")
            branch.set("deleted", test.args["where"])
        if self.count:
            if self.percent:
                raise Refused("SC4246", self.count[0].start, what="TOP ... PERCENT")
            count = read([_select(self.count[0]), *self.count]).expressions[0]
            root.set("limit", exp.Limit(expression=count))
        if self.listed:
            items = read([_select(self.listed[0]), *self.listed]).expressions
            returning = exp.Returning(expressions=items)
            if self.into:
                names = [p for p in self.into if p.text != ")"]
                end = next((i for i, p in enumerate(names) if p.text == "("), len(names))
                from_ = [_select(names[0]), _star(names[0]), _word("FROM", names[0])]
                table = read([*from_, *names[:end]]).args["from_"].this
                columns = names[end + 1 :]
                if columns:
                    listed = read([_select(columns[0]), *columns]).expressions
                    table = exp.Schema(this=table, expressions=[c.this for c in listed])
                returning.set("into", table)
            root.set("returning", returning)


def _word(word: str, at: Piece) -> Piece:
    return Piece(lex.WORD, word, word, at.start, at.start)


def _select(at: Piece) -> Piece:
    return _word("SELECT", at)


def _star(at: Piece) -> Piece:
    return Piece(lex.OPERATOR, "*", "*", at.start, at.start)


def apart(found: list[Piece]) -> tuple[list[Piece], Asides]:
    """``found`` without such clauses, and these."""
    verb = _verb(found)
    if verb < 0:
        return found, Asides()
    count: tuple[Piece, ...] = ()
    percent = False
    words: set[int] = set()
    at = verb + 1
    if found[verb].upper != "MERGE" and at + 1 < len(found) and found[at].upper == "TOP":
        end = _closed(found, at + 1) if found[at + 1].text == "(" else at + 2
        count = tuple(found[at + 1 : end])
        words.add(found[at].start)
        percent = end < len(found) and found[end].upper == "PERCENT"
        found = found[:at] + found[end + percent :]
    listed: tuple[Piece, ...] = ()
    into: tuple[Piece, ...] = ()
    start = _output(found, verb)
    if start >= 0:
        end = _end(found, start + 1)
        listed = tuple(found[start + 1 : end])
        words.add(found[start].start)
        low = end
        if end < len(found) and found[end].upper == "INTO":
            end = low = end + 1
            while end < len(found) and (found[end].kind in (lex.WORD, lex.QUOTED) or found[end].text == "."):
                if found[end].upper in _ENDS and found[end].kind == lex.WORD:
                    break
                end += 1
            listing = end + 1 < len(found) and found[end].text == "("
            if listing and found[end + 1].upper not in ("SELECT", "WITH", "VALUES"):
                end = _closed(found, end)
            into = tuple(found[low:end])
        found = found[:start] + found[end:]
        if not listed or (low != end and not into) or _output(found, verb) >= 0:
            raise Refused("SC4225", listed[0].start if listed else 0, what="OUTPUT")
    return found, Asides(count, percent, listed, into, frozenset(words))


def _verb(found: list[Piece]) -> int:
    """The index of the verb of a data statement, behind its WITH; -1 for any other text."""
    depth = 0
    for i, piece in enumerate(found):
        if piece.kind == lex.OPERATOR:
            depth += (piece.text == "(") - (piece.text == ")")
        elif depth == 0 and piece.kind == lex.WORD:
            if piece.upper in _VERBS:
                return i
            if piece.upper == "SELECT" or (i == 0 and piece.upper != "WITH"):
                return -1
    return -1


def _output(found: list[Piece], verb: int) -> int:
    """The index of OUTPUT outside of parentheses; -1 without it."""
    depth = 0
    for i in range(verb, len(found)):
        piece = found[i]
        if piece.kind == lex.OPERATOR:
            depth += (piece.text == "(") - (piece.text == ")")
        elif depth == 0 and piece.kind == lex.WORD and piece.upper == "OUTPUT":
            after = found[i + 1] if i + 1 < len(found) else None
            named = found[i - 1].upper in (".", ",", "SET", "=", "INTO", "FROM", "UPDATE")
            if not named and after is not None and (after.kind != lex.OPERATOR or after.text in ("(", "-", "$")):
                return i
        elif depth == 0 and piece.kind == lex.WORD and piece.upper == "SELECT":
            return -1
    return -1


def _end(found: list[Piece], at: int) -> int:
    depth = 0
    for i in range(at, len(found)):
        piece = found[i]
        if piece.kind == lex.OPERATOR:
            depth += (piece.text == "(") - (piece.text == ")")
        if depth < 0 or (depth == 0 and piece.kind != lex.STRING and piece.upper in _ENDS):
            return i
    return len(found)


def _closed(found: list[Piece], at: int) -> int:
    """The index behind the group that opens at ``at``."""
    depth = 0
    for i in range(at, len(found)):
        if found[i].kind == lex.OPERATOR:
            depth += (found[i].text == "(") - (found[i].text == ")")
            if depth == 0:
                return i + 1
    return len(found)


def inline_views(found: list[Piece]) -> list[Piece]:
    """``UPDATE (query) SET`` with a name for the query, without which SET is taken for one."""
    if len(found) < 3 or found[0].upper != "UPDATE" or found[1].text != "(":
        return found
    end = _closed(found, 1)
    if end < len(found) and found[end].upper == "SET" and found[end].kind == lex.WORD:
        return [*found[:end], _word("INLINE_VIEW", found[end]), *found[end:]]
    return found


def deletions(found: list[Piece]) -> tuple[list[Piece], Asides]:
    """``found`` without the ``DELETE WHERE condition`` of a MERGE's update (Oracle SQL Language Reference, "MERGE")."""
    if not found or found[0].upper != "MERGE":
        return found, Asides()
    depth = 0
    for i, piece in enumerate(found[:-2]):
        if piece.kind == lex.OPERATOR:
            depth += (piece.text == "(") - (piece.text == ")")
        elif depth == 0 and piece.upper == "DELETE" and found[i + 1].upper == "WHERE":
            end = i + 2
            while end < len(found):
                if not depth and found[end].upper in ("WHEN", "LOG") and found[end].kind == lex.WORD:
                    break
                if found[end].kind == lex.OPERATOR:
                    depth += (found[end].text == "(") - (found[end].text == ")")
                elif found[end].kind == lex.WORD and found[end].upper in ("CASE", "END"):
                    depth += 1 if found[end].upper == "CASE" else -1
                end += 1
            return found[:i] + found[end:], Asides(deleted=tuple(found[i + 2 : end]))
    return found, Asides()
