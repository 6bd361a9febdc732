"""What an INSERT gives to each column, and what a table has come to need on the target.

A default or an expression that the target cannot keep filled the column on the source; a column of a key may not have
been NOT NULL there. An INSERT that relied on it gets the value written into it, or is not converted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from ..ir.catalog import Column, Data, Table
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..sql.lexis import Lexis, lexis
from ..sql.multi_insert import split
from ..sql.pieces import Refused, pieces
from ..sql.quick_insert import insert_all
from ..sql.tokens import COMMENT, OPERATOR, QUOTED, WORD
from .context import Context
from .defaults import first

#: Kind, characters, start and end.
Token = tuple[int, str, int, int]
_ALL: Final = re.compile(r"\s*INSERT\s+(?:ALL|FIRST)\b", re.IGNORECASE)
_VERBS: Final = frozenset({"INSERT", "INS"})


@dataclass(frozen=True, slots=True)
class Value:
    """The tokens of a value and where it stands."""

    text: str
    start: int
    end: int


@dataclass(slots=True)
class Insert:
    """``columns`` and the end of their list, where there is one; the rows of VALUES; where DEFAULT VALUES stands."""

    table: QName
    columns: tuple[Name, ...] = ()
    list_end: int = 0
    rows: list[list[Value]] = field(default_factory=list)
    nothing: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """Columns by what the target asks of them and the source did not: ``given`` must be given, ``no_null`` must not
    be NULL; ``lost`` have lost their default, ``replaced`` took it for a given NULL as well."""

    given: tuple[Name, ...]
    no_null: frozenset[Name]
    lost: tuple[Column, ...]
    replaced: frozenset[Name]

    def __bool__(self) -> bool:
        return bool(self.given or self.no_null or self.lost or self.replaced)


def needs(table: Table, ctx: Context) -> Needs:
    """What the table of the script ``table`` has come to need, once its last shape is known."""
    run = ctx.run
    found = run.table(table.name)
    final = run.final.get(found[0]) if found is not None else None
    if found is None or final is None:
        return Needs((), frozenset(), (), frozenset())
    known = run.needs.get(found[0])
    if known is None:
        known = run.needs[found[0]] = _needs(table, final, ctx)
    return known


def _needs(table: Table, final: Table, ctx: Context) -> Needs:
    run = ctx.run
    table = first(table, ctx)  # what comes behind rows is a statement of its own
    own = {k.name: k for k in final.columns}
    source_key, key = _key(table), _key(final)
    given: list[Name] = []
    no_null: set[Name] = set()
    lost: list[Column] = []
    replaced: set[Name] = set()
    for k in table.columns:
        f = own.get(run.names.column(table.name, k.name))
        if f is None or f.generated is not None:
            continue
        never = f.not_null or f.name in key
        never_before = k.not_null or k.identity is not None or k.name in source_key
        filled = k.default is not None or k.identity is not None or k.generated is not None
        fills = f.default is not None or f.identity is not None
        if k.default is not None and not fills:
            lost.append(k)
        elif never and not fills and (filled or not never_before):
            given.append(k.name)
        kept = f.default_on_null or (f.identity is not None and f.identity.on_null)
        if (k.default_on_null or (k.identity is not None and k.identity.on_null)) and not kept:
            replaced.add(k.name)
        elif never and not never_before and f.identity is None:
            no_null.add(k.name)
    return Needs(tuple(given), frozenset(no_null), tuple(lost), frozenset(replaced))


def _key(table: Table) -> set[Name]:
    return {n for k in table.constraints if k.kind == "primary_key" and k.enabled for n in k.columns}


def complete_all(statement: Fragment, ctx: Context) -> tuple[Fragment, str]:
    """:func:`complete` of an INSERT ALL over one row: each of its tables on its own."""
    source = ctx.run.catalog.engine
    try:
        parts = insert_all(statement.text, pieces(statement.text, lexis(source))[0])
    except (Refused, IndexError):
        return statement, _lacking_of_query(statement, ctx)
    texts, lacking = ["INSERT ALL"], []
    for part in parts or ():
        insert = read(part, source)
        table = ctx.table(insert.table) if insert is not None else None
        if insert is not None and table is not None and (wanted := needs(table, ctx)):
            done, lost = _given(replace(statement, text=part), insert, table, wanted)
            part = done.text
            lacking += [lost] if lost else []
        texts.append(part.removeprefix("INSERT").strip())
    if not parts:
        return statement, ""
    return replace(statement, text=" ".join([*texts, "SELECT * FROM DUAL"])), ", ".join(lacking)


def _lacking_of_query(statement: Fragment, ctx: Context) -> str:
    """The columns that the tables of an INSERT ALL over a query lack."""
    source = ctx.run.catalog.engine
    try:
        parts = split(statement.text, pieces(statement.text, lexis(source))[0]).parts
    except (Refused, IndexError):
        return ""
    lacking: list[str] = []
    for part in parts:
        insert = read(part.text, source)
        table = ctx.table(insert.table) if insert is not None else None
        if insert is not None and table is not None and (wanted := needs(table, ctx)):
            lost = _given(replace(statement, text=part.text), insert, table, wanted)[1]
            lacking += [lost] if lost else []
    return ", ".join(lacking)


def complete(found: Data, statement: Fragment, table: Table | None, ctx: Context) -> tuple[Fragment, str]:
    """``statement`` with the values of defaults that the target's table has lost, and the columns that still lack one
    or are given NULL; empty where it is complete."""
    if _ALL.match(statement.text):
        return complete_all(statement, ctx)
    if table is None or not (wanted := needs(table, ctx)):
        return statement, ""
    if found.verb == "UPDATE":
        nulled = _nulled(statement.text, ctx)
        return statement, ", ".join(sorted(str(n) for n in (wanted.no_null | wanted.replaced) & nulled))
    insert = read(statement.text, ctx.run.catalog.engine) if found.verb == "INSERT" else None
    if insert is None:
        return statement, ""
    return _given(statement, insert, table, wanted)


def _given(statement: Fragment, insert: Insert, table: Table, wanted: Needs) -> tuple[Fragment, str]:
    """:func:`complete` of an INSERT into ``table``."""
    columns = insert.columns or tuple(k.name for k in table.columns)
    if insert.nothing is not None:
        columns = ()
    elif insert.rows and not insert.list_end and len(insert.rows[0]) < len(columns):
        columns = columns[: len(insert.rows[0])]
    lacking = [n for n in wanted.given if n not in columns]
    missing = [k for k in wanted.lost if k.name not in columns]
    for row in insert.rows:
        given = dict(zip(columns, (v.text.upper() for v in row), strict=False))
        lacking += [n for n, v in given.items() if v == "NULL" and n in wanted.no_null]
        lacking += [n for n in wanted.given if given.get(n) == "DEFAULT"]
    if not insert.rows and insert.nothing is None:
        lacking += [k.name for k in missing]  # of a query
    elif not lacking:
        statement = replace(statement, text=_written(statement.text, insert, columns, missing, wanted))
    return statement, ", ".join(map(str, dict.fromkeys(lacking)))


def _written(text: str, insert: Insert, columns: tuple[Name, ...], missing: list[Column], wanted: Needs) -> str:
    """The statement with lost defaults as values; ``missing`` are columns that it does not give."""
    names = ", ".join(f'"{k.name.text}"' for k in missing)
    values = ", ".join(k.default.text for k in missing if k.default is not None)
    if insert.nothing is not None:
        start, end = insert.nothing
        return f"{text[:start]}({names}) VALUES ({values}){text[end:]}" if missing else text
    by_name = {k.name: k.default.text for k in wanted.lost if k.default is not None}
    edits: list[tuple[int, int, str]] = []
    if missing:
        if not insert.list_end:  # fewer values than columns, as no source allows
            return text
        edits.append((insert.list_end, insert.list_end, f", {names}"))
    for row in insert.rows:
        for name, value in zip(columns, row, strict=False):
            word = value.text.upper()
            if word == "DEFAULT" or (word == "NULL" and name in wanted.replaced):
                edits.append((value.start, value.end, by_name.get(name, "DEFAULT")))
        if missing:
            edits.append((row[-1].end, row[-1].end, f", {values}"))
    out, at = [], 0
    for start, end, new in edits:
        out += [text[at:start], new]
        at = end
    return "".join([*out, text[at:]])


def _nulled(text: str, ctx: Context) -> set[Name]:
    """Columns that an UPDATE sets to NULL."""
    own = lexis(ctx.run.catalog.engine)
    tokens = list(_tokens(text, ctx.run.catalog.engine))
    found = set()
    for (kind, token, *_), (_, sign, *_), (_, value, *_) in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if token.upper() == "WHERE" and kind == WORD:
            break
        if sign == "=" and value.upper() == "NULL" and kind in (WORD, QUOTED):
            found.add(_name((kind, token, 0, 0), own))
    return found


def read(text: str, source: str) -> Insert | None:
    """The parts of ``INSERT [INTO] table [(columns)] {VALUES (row), ... | DEFAULT VALUES | query}``; ``None`` for other
    forms."""
    own = lexis(source)
    tokens = list(_tokens(text, source))
    if len(tokens) < 3 or tokens[0][1].upper() not in _VERBS:
        return None
    at = 2 if tokens[1][1].upper() == "INTO" else 1
    schema = None
    while at + 2 < len(tokens) and tokens[at + 1][1] == ".":
        schema = _name(tokens[at], own)
        at += 2
    found = Insert(QName(schema, _name(tokens[at], own)))
    at += 1
    if [t[1] for t in tokens[at : at + 1]] == ["("] and tokens[at + 1 :] and tokens[at + 1][1].upper() not in _QUERY:
        listed = []
        at += 1
        while at < len(tokens) and tokens[at][1] != ")":
            kind, _, _, end = tokens[at]
            if kind in (WORD, QUOTED):
                listed.append(_name(tokens[at], own))
                found.list_end = end
            at += 1
        at += 1
        found.columns = tuple(listed)
    words = [t[1].upper() for t in tokens[at : at + 2]]
    if words == ["DEFAULT", "VALUES"]:
        found.nothing = (tokens[at][2], tokens[at + 1][3])
    elif words[:1] == ["VALUES"]:
        found.rows = list(_rows(tokens[at + 1 :]))
    return found


_QUERY: Final = frozenset({"SELECT", "WITH", "("})


def _name(token: Token, own: Lexis) -> Name:
    kind, text, *_ = token
    return own.name(text if kind == QUOTED else text.upper(), text)


def _tokens(text: str, source: str) -> Iterator[Token]:
    for m in lexis(source).pattern.finditer(text):
        group = m.lastindex
        if group is not None and group != COMMENT and m.group(group).strip():
            yield group, m.group(group), m.start(group), m.end(group)


def _rows(tokens: list[Token]) -> Iterator[list[Value]]:
    """The values of each parenthesis on the outer level."""
    depth = 0
    row: list[Value] = []
    value: list[Token] = []
    for token in tokens:
        kind, text, *_ = token
        mark = text if kind == OPERATOR else ""
        depth += (mark == "(") - (mark == ")")
        if depth == 1 and mark == "(":
            row, value = [], []
        elif (depth == 1 and mark == ",") or (depth == 0 and mark == ")"):
            if value:
                row.append(Value(" ".join(t[1] for t in value), value[0][2], value[-1][3]))
            value = []
            if depth == 0:
                if row:
                    yield row
                row = []
        elif depth:
            value.append(token)
