"""Constraints of SQL Server (Transact-SQL reference, "CREATE TABLE": column_constraint, table_constraint)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..ir.catalog import Clause, Constraint, Partitioning
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from .clauses import Rows
from .cursor import Cursor
from .members import referential_action
from .sqlserver_options import home, with_options

#: Words that begin a constraint of a table; a column's own may also begin with REFERENCES.
BEGINS: Final = frozenset({"CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "CONNECTION"})


def read(
    c: Cursor, rows: Rows, column: Name | None = None, schemes: list[Partitioning] | None = None
) -> Constraint | None:
    """One constraint, the cursor on CONSTRAINT or on what follows its name; ``column`` is that of an inline one.

    ``None`` (nothing consumed) where none stands. NULL, NOT NULL and DEFAULT are no constraints here. A scheme that a
    clustered key is put on is appended to ``schemes``: it partitions the table.
    """
    start = c.at
    name = _name(c)
    inline = column is not None
    own = (column,) if column is not None else ()
    match c.word():
        case "PRIMARY" if c.ahead() == "KEY":
            c.at += 2
            found = _key(c, rows, Constraint("primary_key", name, own, inline=inline), schemes)
        case "UNIQUE":
            c.at += 1
            c.accept("KEY")
            unique = Constraint("unique", name, own, inline=inline, nulls_equal=True)
            found = _key(c, rows, unique, schemes)
        case "CHECK":
            c.at += 1
            extra = _not_for_replication(c)
            if c.word() != "(":
                raise c.error("( expected")
            end = _closes(c, c.at) + 1
            condition = bare(c, c.at, end)
            c.at = end
            extra += _not_for_replication(c)
            found = Constraint("check", name, own, inline=inline, check=condition, clauses=extra)
        case "REFERENCES":
            found = _references(c, name, own, inline)
        case "FOREIGN":
            c.at += 1
            c.expect("KEY")
            if c.word() == "(":
                found = _references(c, name, c.names(), False)
            else:
                found = _references(c, name, own, inline)
        case "CONNECTION":
            c.at += 1
            found = _connection(c, name, start)
        case _:
            c.at = start
            return None
    return replace(found, at=c.span(start))


def _connection(c: Cursor, name: Name | None, start: int) -> Constraint:
    """``CONNECTION (a TO b, ...) [ON DELETE {NO ACTION | CASCADE}]``; the ends are kept where there is one pair."""
    ends: tuple[QName, ...] = ()
    if c.accept("("):
        while not c.done() and c.word() != ")":
            ends += (c.qname(),)
            c.expect("TO")
            ends += (c.qname(),)
            if not c.accept(","):
                break
        c.expect(")")
    action = ""
    if c.accept("ON", "DELETE"):
        action = c.take()
        c.take() if action == "NO" else None
    return Constraint(
        "check", name, (), clauses=(c.clause("edge_constraint", start),), ends=ends if len(ends) == 2 else (),
        on_delete="CASCADE" if action == "CASCADE" else "",
    )  # fmt: skip


def is_edge(constraint: Constraint) -> bool:
    """Whether it says which nodes an edge may connect: nothing that a table of columns can say."""
    return constraint.kind == "check" and constraint.check is None


def _name(c: Cursor) -> Name | None:
    if not c.accept("CONSTRAINT"):
        return None
    if c.word() in ("PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "DEFAULT") and c.ahead() != ".":
        return None  # CONSTRAINT without a name: generated scripts have it
    return c.qname().name  # a schema in front is read and ignored


def _key(c: Cursor, rows: Rows, found: Constraint, schemes: list[Partitioning] | None) -> Constraint:
    """What follows PRIMARY KEY or UNIQUE."""
    extra: list[Clause] = []
    start = c.at
    word = c.accept_any("CLUSTERED", "NONCLUSTERED")
    if word and c.texts[c.at] != "HASH":
        primary = found.kind == "primary_key"
        clustered = "clustered_primary_key" if primary else "clustered_key"
        if word == "CLUSTERED" or primary:
            extra.append(c.clause(clustered if word == "CLUSTERED" else "nonclustered_primary_key", start))
    if c.accept("HASH"):
        extra.append(c.clause("hash_index", start))
    if c.word() == "(":
        found = replace(found, columns=key_columns(c, extra), inline=False)
    elif not found.columns:
        raise c.error("the columns of the key expected")
    if c.accept("NOT", "ENFORCED"):  # Azure Synapse and Fabric: told, not kept
        found = replace(found, validated=False)
    while not c.done():
        if c.word() == "WITH" and c.ahead() not in ("VALUES", "CHECK", "NOCHECK"):
            c.at += 1
            with_options(c, rows, extra)
        elif c.word() == "ON" and c.ahead() not in ("DELETE", "UPDATE"):
            place = home(c, extra)
            if place is not None and place.scheme is not None:
                part = Partitioning("scheme", place.columns, reference=place.scheme, at=c.span(place.start))
                if word != "NONCLUSTERED" and schemes is not None:
                    schemes.append(part)
                else:
                    extra.append(c.clause("local_index", place.start))
        elif c.word() == "FILESTREAM_ON":
            at = c.at
            c.at += 2
            extra.append(c.clause("tablespace", at))
        else:
            break
    return replace(found, clauses=tuple(extra))


def key_columns(c: Cursor, extra: list[Clause]) -> tuple[Name, ...]:
    """``(a ASC, b DESC)``: the names; a descending one is named by a clause."""
    c.expect("(")
    found = []
    while True:
        start = c.at
        found.append(c.name())
        if c.accept_any("ASC", "DESC") == "DESC":
            extra.append(c.clause("key_order", start))
        if not c.accept(","):
            break
    c.expect(")")
    return tuple(found)


def _references(c: Cursor, name: Name | None, columns: tuple[Name, ...], inline: bool) -> Constraint:
    c.expect("REFERENCES")
    table = c.qname()
    target = c.names() if c.word() == "(" else ()
    actions = {"DELETE": "", "UPDATE": ""}
    extra: tuple[Clause, ...] = ()
    validated = True
    while True:
        start = c.at
        if c.word() == "ON" and c.ahead() in actions:
            which = c.ahead()
            c.at += 2
            action = referential_action(c)
            actions[which] = "" if action == "NO ACTION" else action  # which holds anyway, here as there
        elif c.accept("NOT", "FOR", "REPLICATION"):
            extra = (*extra, c.clause("not_for_replication", start))
        elif c.accept("NOT", "ENFORCED"):
            validated = False
        else:
            break
    return Constraint(
        "foreign_key", name, columns, inline=inline, references=table, references_columns=target,
        on_delete=actions["DELETE"], on_update=actions["UPDATE"], validated=validated, clauses=extra,
    )  # fmt: skip


def _not_for_replication(c: Cursor) -> tuple[Clause, ...]:
    start = c.at
    if c.accept("NOT", "FOR", "REPLICATION"):
        return (c.clause("not_for_replication", start),)
    return ()


# -- expressions in parentheses ----------------------------------------------------------------------------------------


def bare(c: Cursor, start: int, end: int) -> Fragment:
    """Tokens ``start`` to ``end`` without the parentheses around all of them, which the server adds by itself."""
    while end - start > 2 and c.texts[start] == "(" and _closes(c, start) == end - 1:
        start, end = start + 1, end - 1
    if c.texts[start:end] == ["(", ")"]:
        c.at = start
        raise c.error("an expression expected")
    return c.fragment(start, end)


def _closes(c: Cursor, at: int) -> int:
    """The index of the parenthesis that closes the one at ``at``."""
    here, c.at = c.at, at
    try:
        c.skip_group()
        return c.at - 1
    finally:
        c.at = here
