"""CREATE TABLE of SQL Server (Transact-SQL reference, "CREATE TABLE", "CREATE TABLE (SQL Graph)"; "CREATE TABLE (Azure
Synapse Analytics)" for DISTRIBUTION and CREATE TABLE AS SELECT)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..ir.catalog import NO_NOTES, Clause, Index, Partitioning, Placement, Table
from ..ir.names import Name
from ..source import Span
from . import sqlserver_column as column
from . import sqlserver_constraint as constraint
from . import sqlserver_index as index
from . import sqlserver_partition as partition
from .clauses import Rows
from .cursor import Cursor
from .members import keys_once, once, trailing
from .sqlserver_column import Members
from .sqlserver_data import hintless
from .sqlserver_edge import connected
from .sqlserver_options import Item, home, items, say, to_comma

#: What may stand between the name of a table and its columns, or without any.
_AS: Final = {"NODE": "node_table", "EDGE": "edge_table", "FILETABLE": "file_table"}


def read(c: Cursor, rows: Rows, at: Span) -> tuple[Table, tuple[Index, ...]]:
    """The cursor stands behind TABLE; ``at`` is the statement. The table, and the indexes that are defined inside."""
    c.accept("IF", "NOT", "EXISTS")
    name = c.qname()
    into = Members(name)
    extra = into.clauses
    found = Table(name, at)
    if name.link:
        extra.append(Clause("remote_object", name.link, at))
    found = _temporary(found, extra)
    if c.word() == "(" and c.ahead() not in ("SELECT", "WITH"):
        members(c, rows, into)
        columns = once(tuple(into.columns), extra)
        constraints = keys_once((), tuple(into.constraints), extra)
        found = replace(found, columns=columns, constraints=constraints)
    elif c.word() not in ("AS", "WITH", "ON"):
        raise c.error("( expected")
    found = _tail(c, rows, found, into)
    found = connected(found, into.edges)
    if into.schemes:
        found = replace(found, partitioning=into.schemes[-1])
    return replace(found, clauses=found.clauses + tuple(extra)), tuple(into.indexes)


def _temporary(table: Table, extra: list[Clause]) -> Table:
    """``#t`` is the session's own, ``##t`` is every session's until the one that made it ends."""
    text = table.name.name.text
    if not text.startswith("#"):
        return table
    if text.startswith("##"):
        extra.append(Clause("shared_temporary_table", str(table.name), table.at))
    return replace(table, temporary="private", on_commit="preserve definition")


def members(c: Cursor, rows: Rows, into: Members) -> None:
    """``(column, constraint, ...)``."""
    c.expect("(")
    while not c.done() and c.word() != ")":
        member(c, rows, into)
        trailing(c, into.last)
        if not c.accept(","):
            break
        trailing(c, into.last)
    trailing(c, into.last)
    if c.done():
        into.clauses.append(c.clause("unclosed_parenthesis", c.count - 1))
        return
    c.expect(")")


def member(c: Cursor, rows: Rows, into: Members) -> None:
    """One column, constraint, index or period."""
    start = c.at
    word = c.word()
    if word == "INDEX":
        into.indexes.append(index.inline(c, rows, into.table, None, into.schemes))
        into.last = None
    elif word == "PERIOD" and c.ahead() == "FOR":
        c.at += 2
        c.name()
        if c.word() == "(":
            c.skip_group()
        into.clauses.append(c.clause("period", start))
        into.last = None
    elif word == "DEFAULT" or (word == "CONSTRAINT" and c.ahead(2) == "DEFAULT"):
        default_for(c, into)
    elif word in constraint.BEGINS and (word != "CONNECTION" or c.ahead() == "("):
        notes = c.notes(start)
        found = constraint.read(c, rows, None, into.schemes)
        if found is None:
            raise c.error("a constraint expected")
        if constraint.is_edge(found):
            into.edge(found)
            into.last = None
            return
        into.constraints.append(replace(found, notes=notes) if notes is not NO_NOTES else found)
        into.last = into.constraints
    else:
        column.read(c, rows, into)


def default_for(c: Cursor, into: Members) -> None:
    """``[CONSTRAINT name] DEFAULT value FOR column [WITH VALUES]``: a default that stands apart from its column."""
    start = c.at
    extra: tuple[Clause, ...] = ()
    if c.accept("CONSTRAINT") and c.word() != "DEFAULT":
        extra = (Clause("default_name", str(c.qname().name), c.span(start)),)
    c.expect("DEFAULT")
    changes = column.default(c)
    c.expect("FOR")
    wanted = c.name()
    c.accept("WITH", "VALUES")
    place = next((i for i, k in enumerate(into.columns) if k.name == wanted), None)
    if place is None:
        into.clauses.append(c.clause("unknown_clause", start))
        return
    old = into.columns[place]
    into.defaulted.append(place)
    into.columns[place] = replace(old, **changes, clauses=old.clauses + extra)


# -- behind the columns ------------------------------------------------------------------------------------------------


def _tail(c: Cursor, rows: Rows, found: Table, into: Members) -> Table:
    extra = into.clauses
    while not c.done():
        start = c.at
        match c.word():
            case "AS" if c.ahead() in _AS:
                c.at += 2
                construct = _AS[c.texts[c.at - 1]]
                extra.append(c.clause(construct, start))
                found = replace(found, organization={"EDGE": "edge", "FILETABLE": "file"}.get(c.texts[start + 1], ""))
                if c.word() == "(":
                    members(c, rows, into)
                    found = replace(found, columns=tuple(into.columns), constraints=tuple(into.constraints))
            case "AS":
                c.at += 1
                query = c.at
                end, c.at = hintless(c), c.count
                if end < c.count:
                    extra.append(c.clause("query_hint", end))
                return replace(found, query=c.fragment(query, end))
            case "ON":
                place = home(c, extra)
                if place is not None and place.scheme is not None:
                    part = Partitioning("scheme", place.columns, reference=place.scheme, at=c.span(start))
                    into.schemes.append(part)
            case "TEXTIMAGE_ON" | "FILESTREAM_ON":
                c.at += 2
                extra.append(c.clause("tablespace", start))
            case "WITH" if c.ahead() == "(":
                c.at += 1
                found = _options(c, rows, found, into, start)
            case _:
                c.at += 1
                to_comma(c, "ON", "TEXTIMAGE_ON", "FILESTREAM_ON", "WITH", "AS")
                if c.word() in (",", ")"):
                    c.at += 1
                extra.append(c.clause("unknown_clause", start))
    return found


def _options(c: Cursor, rows: Rows, found: Table, into: Members, start: int) -> Table:
    """``WITH (option, ...)`` of a table."""
    ordinary = False
    for one in list(items(c)):
        end = c.at
        match one.word:
            case "MEMORY_OPTIMIZED" | "SYSTEM_VERSIONING" | "LEDGER" | "DURABILITY" if one.value in _ORDINARY:
                ordinary = True
            case "DURABILITY":
                into.clauses.append(_clause(c, one, "schema_only_table"))
            case "DISTRIBUTION":
                found = replace(found, placement=_distribution(c, one))
            case "PARTITION":
                c.at = one.start + 1
                part = partition.inline(c, into.columns)
                if part is None:
                    into.clauses.append(_clause(c, one, "partition_maintenance"))
                else:
                    found = replace(found, partitioning=part)
            case "CLUSTERED" if c.texts[one.start + 1] == "INDEX":
                c.at = one.start + 2
                found = _ordered(c, found, one, constraint.key_columns(c, into.clauses))
            case "CLUSTERED" if c.texts[one.start + 3] == "ORDER" and one.end > one.start + 4:
                c.at = one.start + 4
                found = _ordered(c, found, one, c.names())
                into.clauses.append(_clause(c, one, "columnstore_storage"))
            case _:
                ordinary = say(c, one, rows, into.clauses) or ordinary
        c.at = end
    if ordinary:
        into.clauses.append(c.clause("storage_clause", start))
    return found


def _ordered(c: Cursor, found: Table, one: Item, order: tuple[Name, ...]) -> Table:
    """``found`` with its rows kept in an order that a table option says."""
    placement = found.placement or Placement()
    return replace(found, placement=replace(placement, order=order, at=c.span(one.start, one.end)))


_ORDINARY: Final = frozenset({"OFF", "SCHEMA_AND_DATA"})


def _clause(c: Cursor, one: Item, construct: str) -> Clause:
    return Clause(construct, c.raw(one.start, one.end), c.span(one.start, one.end))


def _distribution(c: Cursor, one: Item) -> Placement:
    """``DISTRIBUTION = HASH (column, ...) | ROUND_ROBIN | REPLICATE`` of Synapse."""
    at = c.span(one.start, one.end)
    match one.value:
        case "HASH":
            c.at = next((i for i in range(one.start, one.end) if c.texts[i] == "("), one.end)
            return Placement(c.names(), "key", at=at)
        case "REPLICATE":
            return Placement((), "all", at=at)
        case _:
            return Placement((), "even", at=at)
