"""Primary, secondary, hash and join indexes of Teradata (SQL Data Definition Language, "CREATE TABLE", "CREATE INDEX",
"CREATE HASH INDEX", "CREATE JOIN INDEX")."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..ir.catalog import Clause, Constraint, Index, IndexPart, Placement, Table, View
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..source import Span
from . import clauses, teradata_partition
from .clauses import Rows
from .cursor import Cursor
from .members import keys_once


def begins(c: Cursor) -> bool:
    """Whether an index of a table definition stands here."""
    match c.word():
        case "UNIQUE":
            return c.ahead() in ("PRIMARY", "INDEX")
        case "PRIMARY":
            return c.ahead() in ("INDEX", "AMP")
        case "NO":
            return c.ahead() == "PRIMARY"
        case "INDEX":
            return True
        case _:
            return False


def of_table(c: Cursor, found: Table, indexes: list[Index], extra: list[Clause]) -> Table:
    """One index behind the columns: the primary one becomes the table's placement, others join ``indexes``."""
    start = c.at
    if c.accept("NO", "PRIMARY"):
        c.accept("INDEX")
        return replace(found, placement=Placement(style="even", at=c.span(start)))
    unique = c.accept("UNIQUE")
    if c.word() != "PRIMARY":
        c.at = start
        indexes.append(inline(c, found.name))
        return found
    c.at += 1
    c.accept("AMP")
    c.accept("INDEX")
    name = c.name() if c.is_name() and c.word() not in _BEHIND else None
    columns = _columns(c)
    at = c.span(start)
    known = {k.name for k in found.columns}
    if known and any(n not in known for n in columns):
        extra.append(Clause("physical_column_unknown", c.raw(start), at))
        return found
    if not columns:
        return replace(found, placement=Placement((), "even", unique, at=at))
    found, made = keyed(found, name, columns, unique, at, extra)
    indexes += made
    return found


def keyed(
    found: Table, name: Name | None, columns: tuple[Name, ...], unique: bool, at: Span, extra: list[Clause]
) -> tuple[Table, list[Index]]:
    """``found`` with a primary index on ``columns``: a unique key, or an index of its own.

    A table that is made from a query has no definition that a key could stand in; its unique index is another object.
    """
    found = replace(found, placement=Placement(columns, "key", unique, at=at))
    if unique and found.query is None:
        key = Constraint("unique", name, columns, at, nulls_equal=True)
        same = any(k.kind in ("primary_key", "unique") and set(k.columns) == set(columns) for k in found.constraints)
        return found if same else replace(found, constraints=keys_once(found.constraints, (key,), extra)), []
    parts = tuple(IndexPart(n) for n in columns)
    label = QName(None, name or unnamed(found.name, columns))
    method = "" if unique else "primary"
    index = Index(label, at, table=found.name, parts=parts, unique=unique, method=method, nulls_equal=unique)
    return found, [index]


_BEHIND: Final = frozenset({"PARTITION", "INDEX", "UNIQUE", "ON", "NO", "WITH", "NOT", "ADD", "DROP", "FROM"})


def _columns(c: Cursor) -> tuple[Name, ...]:
    if c.word() != "(":
        return ()
    return c.names()


def unnamed(table: QName, columns: tuple[Name, ...], ending: str = "idx") -> Name:
    """The name of an index that has none: that of its table and its columns, the same in every run."""
    parts = [table.name, *columns]
    text = "_".join(n.text for n in parts) + f"_{ending.upper()}"
    written = "_".join(str(n) for n in parts) + f"_{ending}"
    return Name(text, True, written if written != text else "")


def inline(c: Cursor, table: QName) -> Index:
    """``[UNIQUE] INDEX [name] [ALL] (columns) [ORDER BY ...] [WITH LOAD IDENTITY]`` inside the table's definition."""
    return _of(_spec(c), table)


def _of(spec: Index, table: QName) -> Index:
    """``spec`` on ``table``; without a name of its own it is called after the table and its columns."""
    columns = tuple(p.column for p in spec.parts if p.column is not None)
    name = spec.name if spec.name.name.text else QName(None, unnamed(table, columns))
    return replace(spec, name=name, table=table)


def _spec(c: Cursor) -> Index:
    start = c.at
    unique = c.accept("UNIQUE")
    c.accept_any("INDEX", "KEY")
    own: list[Clause] = []
    name = c.name() if c.is_name() and not (c.word() == "ALL" and c.ahead() == "(") else None
    at = c.at
    if c.accept("ALL"):
        own.append(c.clause("storage_clause", at))
    columns = c.names() if c.word() != "ON" or name is None else ()  # else they stand behind the table
    at = c.at
    if c.accept("ORDER", "BY"):
        c.accept_any("VALUES", "HASH")
        if c.word() == "(":
            c.skip_group()
        own.append(c.clause("index_order", at))
    _loading(c, own)
    parts = tuple(IndexPart(n) for n in columns)
    label = QName(None, name or Name(""))
    return Index(label, c.span(start), parts=parts, unique=unique, nulls_equal=unique, clauses=tuple(own))


def _loading(c: Cursor, own: list[Clause]) -> None:
    """``WITH [NO] LOAD IDENTITY``, of tables that are loaded while they are read."""
    at = c.at
    if c.word() == "WITH" and ("LOAD" in (c.ahead(), c.ahead(2)) or "LOADING" in (c.ahead(), c.ahead(2))):
        c.at += 1
        while c.accept_any("NO", "LOAD", "LOADING", "IDENTITY"):
            pass
        own.append(c.clause("storage_clause", at))


def statement(c: Cursor) -> list[Index]:
    """``CREATE INDEX (a), UNIQUE INDEX n (b) ON [TEMPORARY] t``: the cursor stands on the first INDEX or UNIQUE.
    Scripts for clones and test beds have ``CREATE INDEX n ON t (a)``."""
    found = [_spec(c)]
    while c.accept(","):
        found.append(_spec(c))
    c.expect("ON")
    c.accept("TEMPORARY")
    table = c.qname()
    if len(found) == 1 and not found[0].parts:
        found = [replace(found[0], parts=tuple(IndexPart(n) for n in c.names()))]
    own: list[Clause] = []
    _loading(c, own)
    return [replace(made, clauses=made.clauses + tuple(own)) for made in (_of(spec, table) for spec in found)]


def hash_index(c: Cursor, rows: Rows) -> Index:
    """The cursor stands behind HASH INDEX. It is a copy of some columns under another distribution."""
    name = c.qname()
    extra: list[Clause] = []
    _options(c, rows, extra)
    columns = c.names()
    c.expect("ON")
    table = c.qname()
    start = c.at
    if c.accept("BY"):
        c.skip_group()
    if c.accept("ORDER", "BY"):
        c.accept_any("VALUES", "HASH")
        if c.word() == "(":
            c.skip_group()
    extra.insert(0, c.clause("hash_index", min(start, c.count - 1) if c.at > start else 0))
    parts = tuple(IndexPart(n) for n in columns)
    return Index(QName(None, name.name), c.span(0), table=table, parts=parts, clauses=tuple(extra))


def _options(c: Cursor, rows: Rows, extra: list[Clause]) -> None:
    while not c.done() and c.word() not in ("(", "AS"):
        if c.accept(","):
            continue
        extra.append(clauses.accept(c, rows) or clauses.unknown(c, rows))


def join_index(c: Cursor, rows: Rows, home: Name | None) -> View:
    """The cursor stands behind JOIN INDEX: a query whose rows the server keeps up to date by itself."""
    name = c.qname()
    extra: list[Clause] = []
    _options(c, rows, extra)
    c.expect("AS")
    start = c.at
    end = _end_of_query(c)
    text = c.fragment(start, end)
    extra.insert(0, Clause("join_index", c.raw(0, start), c.span(0, start)))
    c.at = end
    while not c.done():
        at = c.at
        if c.accept(","):
            continue
        if begins(c):
            dummy = Table(name, c.span(0))
            of_table(c, dummy, [], extra)
            extra.append(c.clause("mview_index", at))
        elif c.word() == "PARTITION" and c.ahead() == "BY":
            teradata_partition.partitioning(c, [])
            extra.append(c.clause("mview_index", at))
        else:
            extra.append(clauses.accept(c, rows) or clauses.unknown(c, rows))
    if name.schema is None and home is not None:
        name = name._replace(schema=home)
    return View(name, c.span(0), query=_flat(c, start, end, text), materialized=True, clauses=tuple(extra))


def _end_of_query(c: Cursor) -> int:
    at, depth = c.at, 0
    while at < c.count:
        word = c.texts[at]
        depth += (word == "(") - (word == ")")
        if depth == 0 and at > c.at:
            then = c.texts[at + 1]
            primary = word in ("PRIMARY", "NO") and then in ("INDEX", "AMP", "PRIMARY")
            if primary or (word, then) == ("PARTITION", "BY"):
                return at
            if word == "INDEX" or (word == "UNIQUE" and then in ("PRIMARY", "INDEX")):
                return at
        at += 1
    return c.count


def _flat(c: Cursor, start: int, end: int, text: Fragment) -> Fragment:
    """The query without the parentheses by which a join index keeps repeated columns once: ``SELECT (a), (b)``."""
    if start + 1 >= end or c.texts[start + 1] != "(" or c.texts[start + 2] in ("SELECT", "SEL"):
        return text
    pieces = [c.raw(start, start + 1)]
    behind = c.at
    c.at = start + 1
    while c.word() == "(":
        inside = c.at + 1
        c.skip_group()
        pieces.append(c.raw(inside, c.at - 1))
        if not c.accept(","):
            break
    columns = ", ".join(pieces[1:])
    rest = c.raw(c.at, end)
    c.at = behind
    return replace(text, text=f"{pieces[0]} {columns} {rest}")
