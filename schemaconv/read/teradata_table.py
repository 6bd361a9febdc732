"""CREATE TABLE of Teradata (SQL Data Definition Language, "CREATE TABLE", "CREATE TABLE AS")."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from ..ir.catalog import NO_NOTES, Clause, Column, Constraint, Index, IndexPart, Partitioning, Placement, Table
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..source import Span
from . import clauses, teradata_column, teradata_constraint, teradata_index, teradata_partition
from .clauses import Rows
from .cursor import Cursor
from .members import keys_once, once, trailing

#: Words in front of TABLE.
KINDS: Final = frozenset("SET MULTISET VOLATILE GLOBAL TEMPORARY TRACE FOREIGN ERROR TEMP".split())


@dataclass(frozen=True, slots=True)
class Read:
    """A table, its indexes, and for ``CREATE TABLE x AS y`` the table that it copies, with or without its rows."""

    table: Table
    indexes: tuple[Index, ...] = ()
    copied: QName | None = None
    with_rows: bool = False


def read(c: Cursor, rows: Rows, kinds: frozenset[str], home: Name | None, multiset: bool) -> Read:
    """The cursor stands behind TABLE; ``kinds`` are the words in front of it, ``home`` the database of bare names.

    ``multiset``: a table of neither kind accepts duplicate rows, as in ANSI session mode.
    """
    extra: list[Clause] = []
    kind_at = c.span(0)
    c.accept("IF", "NOT", "EXISTS")
    name = within(c.qname(), home)
    found = Table(name, c.span(0), temporary=_temporary(kinds))
    if found.temporary:
        found = replace(found, on_commit="delete")  # unless ON COMMIT PRESERVE ROWS is said
    if "TRACE" in kinds:
        extra.append(Clause("trace_table", "TRACE", kind_at))
    options(c, rows, extra)
    indexes: list[Index] = []
    if c.word() == "(" and c.ahead() != "LIKE" and not _query_follows(c):
        found = _members(c, rows, found, indexes, extra)
    like = _like(c, home)
    made = _tail(c, rows, found, indexes, extra)
    if like is not None:
        made = replace(made, copied=like, with_rows=False)
    found = made.table
    if not found.columns and found.query is None and made.copied is None:
        raise c.error("columns or a query expected")
    indexes = _unique_alone(indexes)
    if not (kinds & {"MULTISET", "TRACE"}) and not ("SET" not in kinds and multiset):
        if not any(k.unique for k in indexes):
            found = _set(found, "SET" in kinds, extra, c)
    found = _checked(found, extra)
    if found.placement is None and found.partitioning is None and "TRACE" not in kinds:
        found = found if any(k.construct == "physical_column_unknown" for k in extra) else placed(found, c.span(0))
    found = replace(found, clauses=found.clauses + tuple(extra), at=c.span(0))
    return replace(made, table=found, indexes=tuple(indexes))


def _like(c: Cursor, home: Name | None) -> QName | None:
    """``LIKE t`` or ``(LIKE t)``: a copy without rows. Not Teradata's, which says AS t WITH NO DATA, but it stands in
    scripts."""
    grouped = c.word() == "(" and c.ahead() == "LIKE"
    if not grouped and c.word() != "LIKE":
        return None
    c.at += 1 + grouped
    name = within(c.qname(), home)
    if grouped:
        c.expect(")")
    return name


def _unique_alone(indexes: list[Index]) -> list[Index]:
    """Without a primary index whose columns a unique one has as well, which then serves for both."""
    unique = [k.parts for k in indexes if k.unique]
    return [k for k in indexes if not (k.method == "primary" and k.parts in unique)]


def within(name: QName, home: Name | None) -> QName:
    """``name`` in the database that a bare name means."""
    return name._replace(schema=home) if name.schema is None and home is not None else name


def _temporary(kinds: frozenset[str]) -> str:
    if "VOLATILE" in kinds:
        return "private"
    return "global" if kinds & {"TEMPORARY", "TEMP", "TRACE"} else ""


def _query_follows(c: Cursor) -> bool:
    return c.ahead() in ("SELECT", "SEL", "WITH")


# -- options in front of the columns -------------------------------------------------------------------------------


def options(c: Cursor, rows: Rows, extra: list[Clause]) -> None:
    """``, FALLBACK, NO BEFORE JOURNAL, ...``. What says only that a default holds is one clause for them all."""
    quiet: list[Clause] = []
    while not c.done():
        start = c.at
        if c.accept(","):
            if c.word() in ("(", "AS") or c.done():
                extra.append(Clause("unknown_clause", ",", c.span(start)))
            continue
        clause = clauses.accept(c, rows)
        if clause is None:
            if c.word() in _BEHIND_OPTIONS or (c.word() == "WITH" and c.ahead() in ("DATA", "NO")):
                break
            clause = _unknown(c, rows)
        (quiet if _quiet(clause.text) else extra).append(clause)
    if quiet:
        extra.append(Clause("storage_clause", ", ".join(k.text for k in quiet), quiet[0].at))


_BEHIND_OPTIONS: Final = frozenset("( AS LIKE PRIMARY UNIQUE NO INDEX PARTITION ON".split())


def _quiet(text: str) -> bool:
    """Whether an option only says that the default holds."""
    words = text.upper().replace("=", " ").split()
    return words[0] in ("NO", "DEFAULT") or words[-1] == "DEFAULT" or words[:2] == ["WITH", "NO"]


def _unknown(c: Cursor, rows: Rows) -> Clause:
    start = c.at
    c.at += 1
    while not c.done() and c.word() not in rows and c.word() not in (",", "(", "AS"):
        c.at += 1
    return c.clause("unknown_clause", start)


# -- columns and constraints ---------------------------------------------------------------------------------------


def _members(c: Cursor, rows: Rows, found: Table, indexes: list[Index], extra: list[Clause]) -> Table:
    c.expect("(")
    columns: list[Column] = []
    constraints: list[Constraint] = []
    implied: list[Constraint] = []
    last: list[Column] | list[Constraint] | None = None
    while True:
        start = c.at
        if c.word() == "PERIOD" and c.ahead() == "FOR":
            implied += derived_period(c, extra)
            last = None
        elif teradata_constraint.begins(c):
            notes = c.notes(start)
            constraint = teradata_constraint.read(c, extra)
            if constraint is not None:
                constraint = _home_of_key(constraint, found.name.schema)
                constraints.append(replace(constraint, notes=notes) if notes is not NO_NOTES else constraint)
            last = constraints if constraint is not None else None
        elif c.word() in ("INDEX", "KEY") and (c.ahead() == "(" or c.ahead(2) == "("):
            indexes.append(teradata_index.inline(c, found.name))  # not Teradata's place for it
            last = None
        else:
            column, inline = teradata_column.read(c, rows)
            columns.append(column)
            constraints += [_home_of_key(k, found.name.schema) for k in inline]
            last = columns
        trailing(c, last)
        if c.accept(","):
            trailing(c, last)
            if c.word() == ")":
                extra.append(Clause("unknown_clause", ",", c.span(c.at - 1)))
                break
            continue
        break
    trailing(c, last)
    c.expect(")")
    known = tuple(columns)
    said = {_bare(k) for k in constraints}
    constraints += [k for k in implied if _bare(k) not in said]
    return replace(found, columns=once(known, extra), constraints=keys_once((), tuple(constraints), extra))


def _bare(constraint: Constraint) -> str:
    """The text of a check without its blanks."""
    return "".join(constraint.check.text.upper().split()) if constraint.check is not None else ""


def _home_of_key(constraint: Constraint, home: Name | None) -> Constraint:
    if constraint.references is None:
        return constraint
    return replace(constraint, references=within(constraint.references, home))


def derived_period(c: Cursor, extra: list[Clause]) -> list[Constraint]:
    """``PERIOD FOR p (a, b) [AS VALIDTIME | TRANSACTIONTIME]``: no column, but a name for a pair of them, of which the
    first is the earlier one."""
    start = c.at
    c.at += 2
    system = c.name().text == "SYSTEM_TIME"
    pair: tuple[Name, ...] = ()
    check = Fragment("", c.span(start))
    if c.word() == "(":
        at = c.at
        pair = c.names()
        check = Fragment(f"{c.raw(at + 1, at + 2)} < {c.raw(c.at - 2, c.at - 1)}", c.span(at))
    if c.accept("AS"):
        c.accept_any("VALIDTIME", "TRANSACTIONTIME")
        extra.append(c.clause("temporal_table", start))
    else:
        extra.append(c.clause("period" if system else "temporal_validity", start))
    return [Constraint("check", None, pair, check.at, check=check)] if len(pair) == 2 else []


# -- behind the columns --------------------------------------------------------------------------------------------


def _tail(c: Cursor, rows: Rows, found: Table, indexes: list[Index], extra: list[Clause]) -> Read:
    copied: QName | None = None
    with_rows = True
    while not c.done():
        start = c.at
        match c.word():
            case ",":
                c.at += 1
            case "AS" if found.query is None and copied is None:
                c.at += 1
                if c.word() in ("(", "SELECT", "SEL", "WITH", "LOCKING", "LOCK"):
                    found = replace(found, query=_query(c))
                else:
                    copied = within(c.qname(), found.name.schema)
            case "WITH" if c.ahead() == "DATA" or (c.ahead() == "NO" and c.ahead(2) == "DATA"):
                with_rows = c.ahead() == "DATA"
                c.at += 2 if with_rows else 3
            case "WITH" if c.ahead() == "SYSTEM" and c.ahead(2) == "VERSIONING":
                c.at += 3
                extra.append(c.clause("system_versioning", start))
            case "AND" if c.ahead() in _STATISTICS or (c.ahead() == "NO" and c.ahead(2) in _STATISTICS):
                copies = c.ahead() != "NO"
                c.at += 2 if copies else 3
                if copies:
                    extra.append(c.clause("copied_statistics", start))
            case "ON" if c.ahead() == "COMMIT" and c.ahead(2) in ("DELETE", "PRESERVE"):
                c.at += 2
                found = replace(found, on_commit=c.take().lower())
                c.accept("ROWS")
            case "UNIQUE" | "PRIMARY" | "NO" | "INDEX" if teradata_index.begins(c):
                found = teradata_index.of_table(c, found, indexes, extra)
            case "PARTITION" if c.ahead() == "BY":
                found = replace(found, partitioning=teradata_partition.partitioning(c, extra))
            case _:
                extra.append(clauses.accept(c, rows) or _unknown(c, rows))
    if found.query is not None and not with_rows:
        found = replace(found, query=_empty(found.query))
    return Read(found, copied=copied, with_rows=with_rows)


_STATISTICS: Final = frozenset({"STATISTICS", "STATS", "STAT"})


def _query(c: Cursor) -> Fragment:
    """The query of ``AS``: in parentheses as the manual wants it, else up to the end of the statement."""
    if c.word() != "(" or not _only_group(c):
        start = c.at
        end = c.count
        for at in range(start, c.count):
            if c.texts[at] == "WITH" and c.texts[at + 1] in ("DATA", "NO") and at > start:
                end = at
                break
        c.at = end
        return c.fragment(start)
    return c.group()


def _only_group(c: Cursor) -> bool:
    """Whether the group at the cursor is the whole query, and no part of a union."""
    here = c.at
    c.skip_group()
    behind = c.word()
    c.at = here
    return behind not in ("UNION", "EXCEPT", "MINUS", "INTERSECT")


def _empty(query: Fragment) -> Fragment:
    """``query`` without its rows, for WITH NO DATA: no target has the clause for all its tables."""
    return replace(query, text=f"SELECT * FROM ({query.text}) empty_source WHERE 1 = 0")


def keys_apart(found: Table) -> tuple[Table, list[Index]]:
    """A table that is made from a query, without the keys of its own columns, which nobody knows yet; they follow as
    unique indexes."""
    if found.query is None or found.columns:
        return found, []
    indexes = [
        Index(
            QName(None, k.name or teradata_index.unnamed(found.name, k.columns)), k.at, table=found.name,
            parts=tuple(IndexPart(n) for n in k.columns), unique=True,
        )
        for k in found.constraints if k.kind in ("primary_key", "unique")
    ]  # fmt: skip
    others = tuple(k for k in found.constraints if k.kind not in ("primary_key", "unique"))
    return replace(found, constraints=others), indexes


# -- what the whole says -------------------------------------------------------------------------------------------


def _set(found: Table, said: bool, extra: list[Clause], c: Cursor) -> Table:
    """A SET table refuses a row that is there already; a unique key says as much, and more."""
    if any(k.kind in ("primary_key", "unique") for k in found.constraints) or found.temporary:
        return found
    word = "SET" if said else "no SET or MULTISET"
    at = next((i for i in range(min(c.count, 8)) if c.texts[i] in ("SET", "TABLE")), 0)
    extra.append(Clause("set_table", word, c.span(at, at + 1)))
    return found


def _checked(found: Table, extra: list[Clause]) -> Table:
    """Without partitions by columns that the table has not got: the statement is refused by the source too."""
    part = found.partitioning
    if part is None or not found.columns:
        return found
    known = {k.name for k in found.columns}
    levels = [level for level in (part, part.sub) if isinstance(level, Partitioning)]
    lacking = [str(n) for level in levels for n in level.columns if n not in known]
    if not lacking:
        return found
    extra.append(Clause("physical_column_unknown", f"PARTITION BY {', '.join(lacking)}", part.at))
    return replace(found, partitioning=None)


#: Types that no primary index takes.
_LARGE: Final = frozenset({"blob", "text", "ntext", "xml", "json"})


def placed(found: Table, at: Span) -> Table:
    """A table without a word about its primary index: the primary key is it, else the first unique key, else the first
    column (SQL Fundamentals, "Primary Index Assignment")."""
    if not found.columns:
        return found
    keys = [k for kind in ("primary_key", "unique") for k in found.constraints if k.kind == kind]
    if not keys and found.columns[0].type.kind in _LARGE:
        return found
    columns = keys[0].columns if keys else (found.columns[0].name,)
    return replace(found, placement=Placement(columns, "key", bool(keys), at=at, implied=True))


def copy_of(found: Table, source: Table, own: bool) -> Table:
    """``found`` with the columns of the table that it copies, and with its keys but for foreign ones.

    SQL Data Definition Language, "CREATE TABLE AS": column attributes and indexes are copied, references are not; a
    table with an index of its ``own`` takes over none.
    """
    keys = tuple(k for k in source.constraints if k.kind != "foreign_key")
    if own:
        keys = tuple(k for k in keys if k.at != (source.placement.at if source.placement else None))
    keys = keys_once(tuple(replace(k, name=None) for k in keys), found.constraints, [])
    unique = any(k.kind in ("primary_key", "unique") for k in keys)
    found = replace(
        found,
        clauses=tuple(k for k in found.clauses if not (unique and k.construct == "set_table")),
        columns=tuple(_copied(k, found.at) for k in source.columns),
        constraints=keys,
        partitioning=found.partitioning or (None if own else source.partitioning),
        placement=found.placement if own else source.placement,
    )
    return placed(found, found.at) if found.placement is None and found.partitioning is None else found


def _copied(column: Column, at: Span) -> Column:
    """A column whose findings stand at the statement that copies it."""
    return replace(column, at=at, clauses=tuple(replace(k, at=at) for k in column.clauses), notes=NO_NOTES)
