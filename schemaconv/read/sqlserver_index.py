"""Indexes of SQL Server, inside of a table and on their own.

Source: Transact-SQL reference, "CREATE INDEX", "CREATE COLUMNSTORE INDEX", "CREATE XML INDEX", "CREATE SELECTIVE XML
INDEX", "CREATE SPATIAL INDEX", "CREATE FULLTEXT INDEX", "CREATE VECTOR INDEX", "CREATE JSON INDEX", "ALTER INDEX".
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..ir.catalog import Clause, Index, IndexPart, Partitioning, Table
from ..ir.names import Name, QName
from ..source import Span
from .base import Builder
from .clauses import Rows
from .cursor import Cursor
from .sqlserver_constraint import bare
from .sqlserver_edge import GRAPH, PSEUDO
from .sqlserver_options import home, to_comma, with_options
from .sqlserver_partition import Partitions

_FLAGS: Final = frozenset(
    ("UNIQUE", "CLUSTERED", "NONCLUSTERED", "COLUMNSTORE", "PRIMARY", "XML", "SPATIAL", "FULLTEXT", "SELECTIVE", "HASH",
     "JSON", "VECTOR")
)  # fmt: skip
#: Words that end the condition of a filtered index.
_BEHIND_WHERE: Final = ("WITH", "ON", "FILESTREAM_ON")


def read(c: Cursor, rows: Rows, at: Span, partitions: Partitions) -> tuple[Index, ...]:
    """CREATE ... INDEX, the cursor standing behind CREATE. The scheme that a clustered one is put on partitions its
    table: that goes to ``partitions``."""
    words = set()
    while c.word() in _FLAGS:
        words.add(c.take())
    c.expect("INDEX")
    extra: list[Clause] = []
    if "FULLTEXT" in words:
        return (_fulltext(c, at),)
    c.accept("IF", "NOT", "EXISTS")
    name = c.name()
    c.expect("ON")
    table = c.qname()
    found = _made(c, rows, Index(QName(table.schema, name), at, table=table), words, extra, partitions)
    return (replace(found, clauses=tuple(extra), at=at),)


def inline(
    c: Cursor, rows: Rows, table: QName, column: Name | None = None, schemes: list[Partitioning] | None = None
) -> Index:
    """``INDEX name [UNIQUE] [CLUSTERED | NONCLUSTERED] ...`` in CREATE TABLE or ALTER TABLE; ``column`` is the one that
    it stands behind."""
    start = c.at
    c.expect("INDEX")
    name = c.name()
    words = set()
    while c.word() in _FLAGS:
        words.add(c.take())
    extra: list[Clause] = []
    parts = (IndexPart(column),) if column is not None and c.word() != "(" else ()
    found = Index(QName(table.schema, name), c.span(start), table=table, parts=parts)
    found = _made(c, rows, found, words, extra, None, schemes)
    return replace(found, clauses=tuple(extra), at=c.span(start))


def _made(
    c: Cursor, rows: Rows, found: Index, words: set[str], extra: list[Clause],
    partitions: Partitions | None, schemes: list[Partitioning] | None = None,
) -> Index:  # fmt: skip
    """What follows the name of an index and its table; ``words`` stood in front of INDEX or behind the name."""
    start = c.at
    method = next((m for m in ("columnstore", "xml", "spatial", "vector", "json") if m.upper() in words), "")
    unique = "UNIQUE" in words
    found = replace(found, unique=unique, nulls_equal=unique, method=method)
    if c.word() == "(":
        found = replace(found, parts=_parts(c))
    elif not found.parts and method != "columnstore":
        raise c.error("the columns of the index expected")
    if found.parts and all(p.column is not None and p.column.text in GRAPH for p in found.parts):
        extra.append(Clause("graph_index", ", ".join(str(p.column) for p in found.parts), found.at))
    if "CLUSTERED" in words and method != "columnstore":
        extra.append(Clause("clustered_index", "CLUSTERED", found.at))
    if "HASH" in words:
        extra.append(Clause("hash_index", "HASH", found.at))
    if "SELECTIVE" in words:
        _selective(c)
    clustered = "CLUSTERED" in words
    while not c.done() and c.word() not in (",", ")"):
        start = c.at
        if c.accept("INCLUDE"):
            found = replace(found, include=c.names())
        elif c.accept("WHERE"):
            at = c.at
            to_comma(c, *_BEHIND_WHERE)
            found = replace(found, where=bare(c, at, c.at))
        elif c.accept("ORDER"):
            order = c.names()
            if clustered and partitions is not None:
                partitions.sorted(found.table, order, c.span(start))
        elif c.word() == "WITH" and (c.ahead() == "(" or c.ahead() in rows):
            c.at += 1
            with_options(c, rows, extra)
        elif c.word() == "ON":
            place = home(c, extra)
            if place is None or place.scheme is None:
                continue
            part = Partitioning("scheme", place.columns, reference=place.scheme, at=c.span(start))
            if clustered and partitions is not None:
                partitions.moved(found.table, part)
            elif clustered and schemes is not None:
                schemes.append(part)
            else:
                extra.append(c.clause("local_index", start))
        elif c.word() == "FILESTREAM_ON":
            c.at += 2
            extra.append(c.clause("tablespace", start))
        elif method and c.accept_any("USING", "FOR"):  # grids of a spatial index, kinds and paths of the others
            c.skip_to(("WITH", "ON"))
        else:
            c.at += 1
            to_comma(c, "INCLUDE", *_BEHIND_WHERE)
            extra.append(c.clause("unknown_clause", start))
    return found


def _parts(c: Cursor) -> tuple[IndexPart, ...]:
    """``(a ASC, b DESC)``."""
    c.expect("(")
    found = []
    while True:
        column = c.name()
        column = PSEUDO.get(column.text, column)
        if c.accept("."):  # a path of a memory-optimised or a JSON column
            raise c.error("a column expected")
        found.append(IndexPart(column, descending=c.accept_any("ASC", "DESC") == "DESC"))
        if not c.accept(","):
            break
    c.expect(")")
    return tuple(found)


def _selective(c: Cursor) -> None:
    """``[WITH XMLNAMESPACES (...)] FOR (path, ...)``."""
    if c.accept("WITH", "XMLNAMESPACES") and c.word() == "(":
        c.skip_group()
    if c.accept("FOR") and c.word() == "(":
        c.skip_group()


def _fulltext(c: Cursor, at: Span) -> Index:
    """``ON table (column [TYPE COLUMN c] [LANGUAGE l] ...) KEY INDEX i [ON catalog] [WITH ...]``: it has no name."""
    c.expect("ON")
    table = c.qname()
    parts: list[IndexPart] = []
    extra: list[Clause] = []
    if c.word() == "(":
        parts = _fulltext_parts(c, extra)
    start = c.at
    c.at = c.count
    if c.at > start:
        extra.append(c.clause("fulltext_setting", start))
    name = QName(table.schema, Name(f"{table.name.text}_FULLTEXT", True, f"{table.name}_fulltext"))
    return Index(name, at, table=table, parts=tuple(parts), method="fulltext", clauses=tuple(extra))


def _fulltext_parts(c: Cursor, extra: list[Clause]) -> list[IndexPart]:
    """``(column [TYPE COLUMN c] [LANGUAGE l] [STATISTICAL_SEMANTICS], ...)``."""
    parts = []
    c.expect("(")
    while not c.done() and c.word() != ")":
        parts.append(IndexPart(c.name()))
        start = c.at
        to_comma(c)
        if c.at > start:
            extra.append(c.clause("fulltext_setting", start))
        if not c.accept(","):
            break
    c.expect(")")
    return parts


def alter_fulltext(c: Cursor, builder: Builder, at: Span) -> str:
    """ALTER FULLTEXT INDEX, the cursor standing behind INDEX: columns come and go, anything else is a setting. The name
    of the table if the script has not made the index, else nothing."""
    c.expect("ON")
    table = c.qname()
    home = builder.find(table, Table)
    name = Name(f"{table.name.text}_FULLTEXT")
    subject = builder.index_on(builder.objects[home].name if home is not None else table, QName(table.schema, name))
    if subject is None:
        return str(table)
    found = builder.get(subject, Index)
    start = c.at
    extra: list[Clause] = []
    if c.word() == "ADD" and c.ahead() == "(":
        c.at += 1
        new = [p for p in _fulltext_parts(c, extra) if p.column not in {o.column for o in found.parts}]
        found = replace(found, parts=(*found.parts, *new))
    elif c.word() == "DROP" and c.ahead() == "(":
        c.at += 1
        gone = {p.column for p in _fulltext_parts(c, extra)}
        found = replace(found, parts=tuple(p for p in found.parts if p.column not in gone))
    else:
        c.at = c.count
        extra.append(c.clause("fulltext_setting", start))
    if not c.done():  # WITH NO POPULATION
        start, c.at = c.at, c.count
        extra.append(c.clause("fulltext_setting", start))
    builder.change(subject, replace(found, clauses=(*found.clauses, *extra)), at)
    return ""


def without_columns(builder: Builder) -> None:
    """A full-text index may be made without columns, and lose all that it had: then there is nothing to print."""
    for subject, found in enumerate(builder.objects):
        if isinstance(found, Index) and found.method == "fulltext" and not found.parts and builder.is_there(subject):
            clause = Clause("fulltext_without_columns", str(found.table), found.at)
            builder.objects[subject] = replace(found, clauses=(clause, *found.clauses))


# -- ALTER INDEX -------------------------------------------------------------------------------------------------------


def alter(c: Cursor, builder: Builder, at: Span) -> bool:
    """ALTER INDEX, the cursor standing behind INDEX: only DISABLE and REBUILD change what the script has made.

    Whether anything did; the caller names the statement otherwise.
    """
    name = None if c.word() == "ALL" else c.name()
    c.at += 1 if name is None else 0
    c.expect("ON")
    table = c.qname()
    verb = c.word()
    if verb not in ("DISABLE", "REBUILD"):
        return False
    disabled = verb == "DISABLE"
    done = False
    for subject, found in enumerate(builder.objects):
        if not isinstance(found, Index) or not builder.is_there(subject) or found.table != table:
            continue
        if name is not None and found.name.name != name:
            continue
        kept = tuple(k for k in found.clauses if k.construct != "disabled_index")
        if disabled:
            kept = (*kept, Clause("disabled_index", c.raw(0, c.count), at))
        if disabled or len(kept) < len(found.clauses):
            builder.change(subject, replace(found, clauses=kept), at)
            done = True
    if name is not None and not done:
        done = _key(builder, table, name, disabled, at)
    return done


def _key(builder: Builder, table: QName, name: Name, disabled: bool, at: Span) -> bool:
    """The index behind a key: the key is not enforced while it is disabled."""
    subject = builder.find(table, Table)
    if subject is None:
        return False
    found = builder.get(subject, Table)
    keys = [k for k in found.constraints if k.name == name and k.kind in ("primary_key", "unique")]
    if not any(k.enabled == disabled for k in keys):
        return False
    changed = tuple(replace(k, enabled=not disabled) if k.name == name else k for k in found.constraints)
    builder.change(subject, replace(found, constraints=changed), at)
    return True
