"""Whether a guarded statement runs: ``IF NOT EXISTS (...) CREATE`` on a database that holds what the script has made.

The target starts empty, so a test for something that is missing holds, unless the script itself has made the thing
before; and a test for something that is there fails, unless the script has. Tests are worked out as SQL Server would
do it, with rows for what the script has made; what hangs on anything else is not decided.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Final, assert_never

from ..source import Span
from . import sqlserver_catalog as catalog
from . import sqlserver_metadata as metadata
from .base import Builder
from .piece import Guard
from .sqlserver_cursor import SYSTEM, Databases
from .sqlserver_dictionary import NULL, PERHAPS, UNSURE, Dictionary, Ref, Row, TooMuch, Value
from .tsql_condition import (
    Among,
    Call,
    Exists,
    Field,
    IsNull,
    Like,
    Literal,
    Node,
    Not,
    Pair,
    Query,
    Source,
    Terms,
    Unread,
    condition,
)  # fmt: skip


class Truth(Enum):
    """What a condition comes to. ``NULL`` is the third value of SQL; ``UNSURE`` is any of the others."""

    YES = "yes"
    NO = "no"
    NULL = "null"
    UNSURE = "unsure"


#: The rows that names of views and aliases stand for, of one query after another, the outermost first.
_Scopes = tuple[dict[str, Row], ...]


class Judge:
    """Judges tests, each once: it is made before the first of the statements that it guards runs. ``expand`` puts the
    values of the client's variables into a text."""

    def __init__(self, builder: Builder, databases: Databases, expand: Callable[[str], str]) -> None:
        self.dictionary = Dictionary(builder, databases)
        self.expand = expand
        self.answers: dict[tuple[int, int, Span | None], Truth] = {}

    def barring(self, guards: tuple[Guard, ...], file: int, outer: Span | None) -> tuple[Guard | None, Guard | None]:
        """The first test that keeps its statement from running, if one does, and the first that cannot be decided."""
        undecided = None
        for guard in guards:
            key = (file, guard.start, outer)
            answer = self.answers.get(key)
            if answer is None:
                answer = self.answers[key] = self.decide(guard.text)
            if answer is Truth.UNSURE:
                undecided = undecided or guard
            elif (answer is Truth.YES) == guard.otherwise:
                return guard, None
        return None, undecided

    def decide(self, test: str) -> Truth:
        """What ``IF condition`` comes to by now."""
        try:
            return _Work(self.dictionary).truth(condition(self.expand(test)), ())
        except (TooMuch, RecursionError):
            return Truth.UNSURE


_SWAPPED: Final = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_TURNED: Final = {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.NULL: Truth.NULL, Truth.UNSURE: Truth.UNSURE}


class _Work:
    """One condition being worked out."""

    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary

    # -- conditions --------------------------------------------------------------------------------------------------

    def truth(self, node: Node, scopes: _Scopes) -> Truth:
        match node:
            case Terms("AND", terms):
                return _all(self.truth(t, scopes) for t in terms)
            case Terms(_, terms):
                return _TURNED[_all(_TURNED[self.truth(t, scopes)] for t in terms)]
            case Not(term):
                return _TURNED[self.truth(term, scopes)]
            case IsNull(value):
                found = self.value(value, scopes)
                return Truth.UNSURE if found is UNSURE else _told(found is NULL)
            case Pair(sign, left, right):
                return compared(self.value(left, scopes), sign, self.value(right, scopes))
            case Like(value, pattern):
                return _like(self.value(value, scopes), self.value(pattern, scopes))
            case Among(value, values):
                found = self.value(value, scopes)
                if isinstance(values, Query):
                    others = self._selected(values, scopes)
                else:
                    others = (self.value(v, scopes) for v in values)
                return _TURNED[_all(_TURNED[compared(found, "=", v)] for v in others)]
            case Exists(query):
                return self._exists(query, scopes)
            case Literal() | Field() | Call() | Query() | Unread():
                return Truth.UNSURE
            case _:
                assert_never(node)

    def _exists(self, query: Query, scopes: _Scopes) -> Truth:
        answer = Truth.NO
        for holds, _ in self._found(query, scopes):
            if holds is Truth.YES:
                return Truth.YES
            answer = Truth.UNSURE
        return answer

    # -- values ------------------------------------------------------------------------------------------------------

    def value(self, node: Node, scopes: _Scopes) -> Value:
        match node:
            case Literal(value):
                return NULL if value is None else value
            case Field(of, name):
                return _field(of, name, scopes)
            case Call(name, arguments):
                return metadata.call(name, [self.value(a, scopes) for a in arguments], self.dictionary)
            case Pair(sign, left, right):
                return _computed(self.value(left, scopes), sign, self.value(right, scopes))
            case Query():
                return self._single(node, scopes)
            case Terms() | Not() | IsNull() | Like() | Among() | Exists() | Unread():
                return UNSURE
            case _:
                assert_never(node)

    def _single(self, query: Query, scopes: _Scopes) -> Value:
        """The value of a query in parentheses: NULL if it finds nothing; or how many rows it finds."""
        if isinstance(query.value, Call) and query.value.name in ("COUNT", "COUNT_BIG"):
            answers = [holds for holds, _ in self._found(query, scopes)]
            return UNSURE if Truth.UNSURE in answers else len(answers)
        values = list(self._selected(query, scopes))
        return values[0] if len(values) == 1 else NULL if not values else UNSURE

    def _selected(self, query: Query, scopes: _Scopes) -> Iterator[Value]:
        for holds, rows in self._found(query, scopes):
            found = self.value(query.value, (*scopes, rows))
            yield found if holds is Truth.YES else UNSURE

    # -- queries -----------------------------------------------------------------------------------------------------

    def _found(self, query: Query, scopes: _Scopes) -> Iterator[tuple[Truth, dict[str, Row]]]:
        """Combinations of rows that a query finds, or may find."""
        if not query.plain or len({s.alias for s in query.sources}) < len(query.sources):
            yield Truth.UNSURE, {}
            return
        yield from self._combined(query, query.sources, {}, scopes)

    def _combined(
        self, query: Query, left: tuple[Source, ...], rows: dict[str, Row], scopes: _Scopes
    ) -> Iterator[tuple[Truth, dict[str, Row]]]:
        if not left:
            answers = (self.truth(c, (*scopes, rows)) for c in query.conditions)
            holds = _all(Truth.NO if a is Truth.NULL else a for a in answers)  # either way the row is not found
            if holds is Truth.YES and PERHAPS in rows.values():
                holds = Truth.UNSURE
            if holds in (Truth.YES, Truth.UNSURE):
                yield holds, rows
            return
        hints = {s.alias: self._hints(query, s, rows, scopes) for s in left}
        source = min(left, key=lambda s: _width(s, hints[s.alias]))
        rest = tuple(s for s in left if s is not source)
        for row in self._rows(source, hints[source.alias], scopes):
            yield from self._combined(query, rest, {**rows, source.alias: row}, scopes)

    def _hints(self, query: Query, source: Source, rows: dict[str, Row], scopes: _Scopes) -> Row:
        """Values that columns of the view must have."""
        found: Row = {}
        alone = len(query.sources) == 1
        for c in query.conditions:
            if not isinstance(c, Pair) or c.sign != "=":
                continue
            for own, other in ((c.left, c.right), (c.right, c.left)):
                if isinstance(own, Field) and (own.of == source.alias or (alone and not own.of)):
                    value = self.value(other, (*scopes, rows))
                    if isinstance(value, (str, int, Ref)):
                        found.setdefault(own.name, value)
        return found

    def _rows(self, source: Source, hints: Row, scopes: _Scopes) -> Iterator[Row]:
        own = not source.database or source.database in SYSTEM or self.dictionary.databases.owns(source.database)
        if not own:
            yield PERHAPS
        elif source.view == "FN_LISTEXTENDEDPROPERTY":
            yield from catalog.properties(self.dictionary, [self.value(a, scopes) for a in source.arguments])
        elif (view := catalog.view(source)) is not None:
            yield from view(self.dictionary, hints)
        else:
            yield PERHAPS


_OWN_NAMES: Final = frozenset({"NAME", "TABLE_NAME", "CONSTRAINT_NAME", "ROUTINE_NAME", "SCHEMA_NAME"})
_PARTS: Final = frozenset({"COLUMNS", "ALL_COLUMNS", "SYSCOLUMNS", "INDEXES", "SYSINDEXES"})


def _width(source: Source, hints: Row) -> int:
    """How many rows a view may have, as a rank: it is best to begin with the fewest."""
    if any(isinstance(v, Ref) and v.kind == "object" for v in hints.values()):
        return 0
    named = bool(_OWN_NAMES & hints.keys())
    return (1 if source.view not in _PARTS else 2) if named else 3


def _field(of: str, name: str, scopes: _Scopes) -> Value:
    for rows in reversed(scopes):
        if of:
            if of in rows:
                return rows[of].get(name, UNSURE)
            continue
        found = [row[name] for row in rows.values() if name in row]
        if found:
            return found[0] if len(found) == 1 else UNSURE
        if any("*" in row for row in rows.values()):
            return UNSURE
    return UNSURE


def _told(holds: bool) -> Truth:
    return Truth.YES if holds else Truth.NO


def _all(answers: Iterator[Truth]) -> Truth:
    """Conditions joined by AND."""
    found = Truth.YES
    for answer in answers:
        if answer is Truth.NO:
            return answer
        if answer is Truth.UNSURE or (answer is Truth.NULL and found is Truth.YES):
            found = answer
    return found


def compared(left: Value, sign: str, right: Value) -> Truth:
    """``left sign right``; texts are compared without their case, as in most databases, and without blanks behind."""
    if left is NULL or right is NULL:
        return Truth.NULL
    if left is UNSURE or right is UNSURE or sign not in _SWAPPED:
        return Truth.UNSURE
    if isinstance(right, Ref) and not isinstance(left, Ref):
        return compared(right, _SWAPPED[sign], left)
    if isinstance(left, Ref):
        return _referred(left, sign, right)
    assert not isinstance(right, Ref)
    if isinstance(left, str) and isinstance(right, str):
        return _ordered(left.rstrip(" ").upper(), sign, right.rstrip(" ").upper())
    try:
        return _ordered(int(left), sign, int(right))
    except ValueError:
        return Truth.UNSURE


def _ordered(left: str | int, sign: str, right: str | int) -> Truth:
    if sign in ("=", "<>"):
        return _told((left == right) == (sign == "="))
    if isinstance(left, str) or isinstance(right, str):
        return Truth.UNSURE  # the order hangs on the collation
    return _told({"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[sign])


#: The least id of an index that is no clustered one, and a number above those of ordinary indexes.
_LEAST_INDEX, _MOST_INDEXES = 2, 250


def _referred(left: Ref, sign: str, right: Value) -> Truth:
    """An id is a number above 0; which one nobody knows."""
    if isinstance(right, Ref):
        if "some" in (left.kind, right.kind) or sign not in ("=", "<>") or "" in (left.key, right.key):
            return Truth.YES if left == right and left.kind == "database" and sign == "=" else Truth.UNSURE
        return _told((left == right) == (sign == "="))
    if not isinstance(right, int):
        return Truth.UNSURE
    least = _LEAST_INDEX if left.kind == "index" else 1
    if right < least:
        return _told(sign in (">", ">=", "<>"))
    if sign == ">=" and right == least:
        return Truth.YES
    if left.kind == "index" and right >= _MOST_INDEXES:
        return _told(sign in ("<", "<=", "<>"))
    return Truth.UNSURE


def _computed(left: Value, sign: str, right: Value) -> Value:
    if left is NULL or right is NULL:
        return NULL
    if sign == "+" and isinstance(left, str) and isinstance(right, str):
        return left + right
    if isinstance(left, int) and isinstance(right, int):
        match sign:
            case "+":
                return left + right
            case "-":
                return left - right
            case "&":
                return left & right
    return UNSURE


_WILD: Final = re.compile(r"%|_|\[[^\]]*\]|.", re.DOTALL)


def _like(value: Value, pattern: Value) -> Truth:
    if value is NULL or pattern is NULL:
        return Truth.NULL
    if not isinstance(value, str) or not isinstance(pattern, str):
        return Truth.UNSURE
    parts = []
    for found in _WILD.findall(pattern):
        if found == "%":
            parts.append(".*")
        elif found == "_":
            parts.append(".")
        elif found[0] == "[" and len(found) > 2:
            inner = found[1:-1].replace("\\", r"\\")
            parts.append(f"[{inner}]" if inner != "^" else r"\^")
        else:
            parts.append(re.escape(found))
    try:
        return _told(re.fullmatch("".join(parts), value, re.IGNORECASE | re.DOTALL) is not None)
    except re.error:
        return Truth.UNSURE
