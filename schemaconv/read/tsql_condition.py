"""Conditions on the catalog as trees: what stands behind IF in ``IF NOT EXISTS (SELECT ... FROM sys.columns ...)``.

Source: Transact-SQL reference, "Search condition", "EXISTS", "SELECT", "FROM clause".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ..sql.lexis import unquoted
from .cursor import string_value
from .tsql_split import lex


@dataclass(frozen=True, slots=True)
class Literal:
    """A text or a whole number; ``None`` is NULL."""

    value: str | int | None


@dataclass(frozen=True, slots=True)
class Field:
    """A column, in capitals; ``of`` is the alias or the view in front of it."""

    of: str
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two values joined by a comparison or by ``+``, ``-``, ``&``."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Terms:
    """Conditions joined by AND or OR."""

    word: str
    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    term: Node


@dataclass(frozen=True, slots=True)
class IsNull:
    value: Node


@dataclass(frozen=True, slots=True)
class Like:
    value: Node
    pattern: Node


@dataclass(frozen=True, slots=True)
class Among:
    """``value IN (...)``: some values, or those of a query."""

    value: Node
    values: tuple[Node, ...] | Query


@dataclass(frozen=True, slots=True)
class Exists:
    query: Query


@dataclass(frozen=True, slots=True)
class Source:
    """A view of the catalog in FROM: its name in capitals without a schema, the schema, the database; the arguments of
    a table function."""

    view: str
    schema: str
    database: str
    alias: str
    arguments: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """``SELECT value FROM sources WHERE conditions``. ``plain`` is false where more stands in it than is kept here."""

    value: Node
    sources: tuple[Source, ...]
    conditions: tuple[Node, ...]
    plain: bool


@dataclass(frozen=True, slots=True)
class Unread:
    """What has no form that is known here."""


Node = Literal | Field | Call | Pair | Terms | Not | IsNull | Like | Among | Exists | Query | Unread

_SIGNS: Final = frozenset({"=", "<>", "!=", "<", ">", "<=", ">=", "!<", "!>"})
_TURNED: Final = {"!=": "<>", "!<": ">=", "!>": "<="}
_AFTER_WHERE: Final = frozenset({"GROUP", "HAVING", "UNION", "EXCEPT", "INTERSECT"})
_OUTER: Final = frozenset({"LEFT", "RIGHT", "FULL", "CROSS", "OUTER"})
_NO_ALIAS: Final = frozenset({
    "WHERE", "JOIN", "INNER", "ON", "ORDER", "WITH", "APPLY", "", ")", ",", *_OUTER, *_AFTER_WHERE,
})  # fmt: skip
_DEEPEST: Final = 60


class _Strange(Exception):
    """Text that is no condition, or one of a form that is not known."""


def condition(text: str) -> Node:
    """The condition behind IF in ``text``; :class:`Unread` if it cannot be read."""
    texts = lex(text, "sql").texts
    reader = _Reader(texts[1:] if texts[:1] == ["IF"] else texts)
    try:
        found = reader.condition()
        return found if not reader.word() else Unread()
    except (_Strange, ValueError):
        return Unread()


class _Reader:
    """Reads forward through tokens, words in capitals."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts
        self.at = 0
        self.depth = 0

    def word(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.texts[place] if place < len(self.texts) else ""

    def accept(self, *words: str) -> bool:
        if self.texts[self.at : self.at + len(words)] != list(words):
            return False
        self.at += len(words)
        return True

    def expect(self, word: str) -> None:
        if not self.accept(word):
            raise _Strange

    # -- conditions --------------------------------------------------------------------------------------------------

    def condition(self) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _Strange
        found = self._joined("OR")
        self.depth -= 1
        return found

    def _joined(self, word: str) -> Node:
        terms = [self._joined("AND") if word == "OR" else self._negated()]
        while self.accept(word):
            terms.append(self._joined("AND") if word == "OR" else self._negated())
        return terms[0] if len(terms) == 1 else Terms(word, tuple(terms))

    def _negated(self) -> Node:
        turned = False
        while self.accept("NOT"):
            turned = not turned
        found = self._predicate()
        return Not(found) if turned else found

    def _predicate(self) -> Node:
        if self.accept("EXISTS"):
            self.expect("(")
            query = self._query()
            self.expect(")")
            return Exists(query)
        left = self._sum()
        sign = self.word()
        if sign in _SIGNS:
            self.at += 1
            return Pair(_TURNED.get(sign, sign), left, self._sum())
        if self.accept("IS"):
            turned = self.accept("NOT")
            self.expect("NULL")
            return Not(IsNull(left)) if turned else IsNull(left)
        turned = self.accept("NOT")
        found: Node
        if self.accept("IN"):
            found = Among(left, self._values())
        elif self.accept("LIKE"):
            found = Like(left, self._sum())
            if self.accept("ESCAPE"):
                self._sum()
                found = Unread()
        elif self.accept("BETWEEN"):
            low = self._sum()
            self.expect("AND")
            found = Terms("AND", (Pair(">=", left, low), Pair("<=", left, self._sum())))
        elif turned:
            raise _Strange
        else:
            return left
        return Not(found) if turned else found

    def _values(self) -> tuple[Node, ...] | Query:
        self.expect("(")
        found = self._query() if self.word() == "SELECT" else self._list()
        self.expect(")")
        return found

    def _list(self) -> tuple[Node, ...]:
        found = [self.condition()]
        while self.accept(","):
            found.append(self.condition())
        return tuple(found)

    # -- values ------------------------------------------------------------------------------------------------------

    def _sum(self) -> Node:
        found = self._value()
        while self.word() in ("+", "-", "&"):
            sign = self.word()
            self.at += 1
            found = Pair(sign, found, self._value())
        return found

    def _value(self) -> Node:
        found = self._bare()
        while self.accept("COLLATE"):
            self.at += 1
        return found

    def _bare(self) -> Node:
        token = self.word()
        if not token:
            raise _Strange
        if token == "(":
            self.at += 1
            found = self._query() if self.word() == "SELECT" else self.condition()
            self.expect(")")
            return found
        if token == "CASE":
            return self._case()
        self.at += 1
        if token[0] == "'":
            return Literal(string_value(token))
        if token == "-":
            inner = self._bare()
            return Literal(-inner.value) if isinstance(inner, Literal) and isinstance(inner.value, int) else Unread()
        if token[0].isdigit():
            return Literal(int(token, 16) if token[:2] in ("0x", "0X") else int(token))
        if token == "NULL":
            return Literal(None)
        if not (token[0].isalpha() or token[0] in '["_#'):
            raise _Strange
        self.at -= 1
        parts = self._parts()
        if self.word() == "(":
            return self._call(parts[-1])
        return Field(parts[-2] if len(parts) > 1 else "", parts[-1])

    def _call(self, name: str) -> Node:
        self.expect("(")
        if name in ("CAST", "TRY_CAST"):
            value = self.condition()
            self.expect("AS")
            self._skip()
            self.expect(")")
            return Call("CAST", (value,))
        if self.word() in ("DISTINCT", "*"):
            self.at += 1
        arguments = () if self.word() == ")" else self._list()
        self.expect(")")
        return Call(name, arguments)

    def _case(self) -> Node:
        depth = 0
        while self.word():
            depth += (self.word() == "CASE") - (self.word() == "END")
            self.at += 1
            if depth == 0:
                return Unread()
        raise _Strange

    def _skip(self, *stops: str) -> None:
        """To the parenthesis that closes this level, or to one of ``stops`` on it."""
        depth = 0
        while (token := self.word()) and not (depth == 0 and (token == ")" or token in stops)):
            depth += (token == "(") - (token == ")")
            self.at += 1

    def _parts(self) -> list[str]:
        found = [self._name()]
        while self.accept("."):
            found.append("" if self.word() == "." else self._name())
        return found

    def _name(self) -> str:
        token = self.word()
        if not token or not (token[0].isalpha() or token[0] in '["_#$'):
            raise _Strange
        self.at += 1
        return unquoted(token).upper() if token[0] in '["' else token

    # -- queries -----------------------------------------------------------------------------------------------------

    def _query(self) -> Query:
        self.expect("SELECT")
        plain = not self.accept("DISTINCT")
        if self.accept("TOP"):
            if self.accept("("):
                self._skip()
            self.at += 1
        value: Node = Unread()
        if self.word() != "*" and self.word(1) != "=":
            here = self.at
            try:
                value = self.condition()
            except (_Strange, ValueError):
                self.at = here
        self._skip("FROM", *_AFTER_WHERE)
        sources: tuple[Source, ...] = ()
        conditions: list[Node] = []
        if self.accept("FROM"):
            sources, inner = self._from(conditions)
            plain = plain and inner
        if self.accept("WHERE"):
            conditions += conjuncts(self.condition())
        if self.accept("ORDER"):
            self._skip(*_AFTER_WHERE)
        if self.word() in _AFTER_WHERE:
            plain = False
            self._skip()
        return Query(value, sources, tuple(conditions), plain)

    def _from(self, conditions: list[Node]) -> tuple[tuple[Source, ...], bool]:
        """The views of a FROM; conditions behind ON are added to ``conditions``. Also whether all joins are inner."""
        sources = [self._source()]
        inner = True
        while True:
            if self.accept(","):
                sources.append(self._source())
                continue
            while self.word() in ("INNER", *_OUTER):
                inner = inner and self.word() in ("INNER", "CROSS")
                self.at += 1
            if self.accept("APPLY"):
                raise _Strange
            if not self.accept("JOIN"):
                return tuple(sources), inner
            sources.append(self._source())
            if self.accept("ON"):
                conditions += conjuncts(self.condition())

    def _source(self) -> Source:
        self.accept("::")
        parts = self._parts()
        arguments: tuple[Node, ...] = ()
        if self.word() == "(" and self.word(1) != "NOLOCK":
            self.at += 1
            arguments = () if self.word() == ")" else self._list()
            self.expect(")")
        alias = parts[-1]
        if self.accept("AS") or (self.word() not in _NO_ALIAS and self.word() != "("):
            alias = self._name()
        if self.accept("WITH") or self.word() == "(":
            self.expect("(")
            self._skip()
            self.expect(")")
        schema = parts[-2] if len(parts) > 1 else ""
        return Source(parts[-1], schema, parts[-3] if len(parts) > 2 else "", alias, arguments)


def conjuncts(found: Node) -> Iterator[Node]:
    """The conditions that all must hold."""
    if isinstance(found, Terms) and found.word == "AND":
        for term in found.terms:
            yield from conjuncts(term)
    else:
        yield found
