"""ALTER TABLE of Oracle, folded into the table it changes (SQL Language Reference 23ai, "ALTER TABLE")."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.catalog import Clause, Column, Constraint, Index, Partition, Table
from ..ir.names import QName
from ..ir.types import UNKNOWN
from . import clauses, oracle_column, oracle_constraint, oracle_table
from .base import Builder, renamed_column
from .clauses import Rows
from .cursor import Cursor
from .members import keys_once, unknown_column

_CONSTRAINT: Final = frozenset({"CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK"})
_NAMES: Final = re.compile(r"""'[^']*'|"([^"]+)"|([A-Za-z][\w$#]*)""")
_PARTITION: Final = frozenset({"PARTITION", "SUBPARTITION", "PARTITIONS", "SUBPARTITIONS"})


def read(c: Cursor, table: Rows, found: Table, builder: Builder, subject: int) -> Table:
    """Apply every action of the statement to ``found``; the cursor stands behind the table's name."""
    extra: list[Clause] = []
    while not c.done():
        start = c.at
        word, second = c.word(), c.ahead()
        if found.partial and word in ("MODIFY", "DROP", "RENAME", "SET"):
            c.at = c.count
            extra.append(c.clause("alter_unknown_table", start))
            break
        match word:
            case "ADD" if second in _PARTITION:
                found = _add_partition(c, table, found, extra)
            case "ADD" if second == "SUPPLEMENTAL":
                c.at += 1
                extra.append(clauses.accept(c, table) or clauses.unknown(c, table))
            case "ADD":
                found = _add(c, table, found, extra)
            case "MODIFY":
                found = _modify(c, table, found, extra)
            case "DROP":
                found = _drop(c, found, extra, builder, subject)
            case "SET" if second == "UNUSED":
                c.at += 2
                found = _drop_columns(c, found, builder, extra, start)
            case "SET" if second == "INTERVAL":
                c.at += 2
                interval = c.group()
                part = found.partitioning
                if part:
                    found = replace(found, partitioning=replace(part, interval=interval if interval.text else None))
            case "RENAME":
                found = _rename(c, found, builder, extra)
            case "ENABLE" | "DISABLE" if second in ("CONSTRAINT", "PRIMARY", "UNIQUE", "VALIDATE", "NOVALIDATE"):
                found = oracle_table.switch(c, table, found, extra)
            case "MOVE" if second not in _PARTITION:
                c.at = c.count
                extra.append(c.clause("table_maintenance", start))
            case "MOVE" | "SPLIT" | "MERGE" | "TRUNCATE" | "EXCHANGE" | "COALESCE":
                c.at = c.count
                extra.append(c.clause("partition_maintenance", start))
            case ",":
                c.at += 1
            case _:
                clause = clauses.accept(c, table)
                extra.append(clause if clause is not None else clauses.unknown(c, table))
    return replace(found, clauses=found.clauses + tuple(extra)) if extra else found


def _add(c: Cursor, table: Rows, found: Table, extra: list[Clause]) -> Table:
    c.expect("ADD")
    if c.word() == "COLUMN" and c.ahead() not in ("", ",", ")"):
        c.at += 1
    grouped = c.accept("(")
    if not grouped and c.accept("CONSTRAINT", "("):  # ADD CONSTRAINT (CONSTRAINT x ...), as some tools write it
        grouped = True
    while not c.done():
        if c.word() in _CONSTRAINT:
            notes = c.notes(c.at)
            constraint = oracle_constraint.read(c, table)
            assert constraint is not None
            added = (replace(constraint, added=True, inline=False, notes=notes),)
            found = replace(found, constraints=keys_once(found.constraints, added, extra))
        elif c.word() == "PERIOD" and c.ahead() == "FOR":
            start = c.at
            c.at = c.count
            extra.append(c.clause("temporal_validity", start))
            break
        else:
            column, inline = oracle_column.read(c, table)
            kept = tuple(k for k in found.columns if k.name != column.name)
            if len(kept) != len(found.columns):
                extra.append(Clause("column_already_there", c.raw(0), column.at))
            found = replace(
                found, columns=(*kept, column), constraints=keys_once(found.constraints, inline, extra)
            )
        if not c.accept(","):
            break
    if grouped:
        c.expect(")")
    return found


def _modify(c: Cursor, table: Rows, found: Table, extra: list[Clause]) -> Table:
    start = c.at
    c.expect("MODIFY")
    match c.word():
        case "CONSTRAINT" | "PRIMARY" | "UNIQUE":
            kind, name = "", None
            if c.accept("CONSTRAINT"):
                name = c.name()
            elif c.accept("PRIMARY", "KEY"):
                kind = "primary_key"
            else:
                c.expect("UNIQUE")
                kind = "unique"
                c.names()
            state = oracle_constraint.State()
            state.read(c, table)
            return replace(
                found,
                constraints=tuple(
                    state.on(k) if (k.name == name if name else k.kind == kind) else k for k in found.constraints
                ),
            )
        case "PARTITION" | "SUBPARTITION" | "DEFAULT" | "LOB" | "NESTED" | "VARRAY" | "OPAQUE" if c.ahead() != "":
            c.at = c.count
            extra.append(c.clause("partition_maintenance", start))
            return found
        case _:
            pass
    if c.word() == "COLUMN" and c.ahead() not in ("", ",", ")"):
        c.at += 1
    grouped = c.accept("(")
    while not c.done():
        column, inline = oracle_column.read(c, table)
        if not any(k.name == column.name for k in found.columns):
            extra.append(c.clause("unknown_clause", start))
        first = c.starts.index(column.at.start) if column.at.start in c.starts else 0
        words = frozenset(c.texts[first : c.at])
        found = replace(
            found,
            columns=tuple(_merged(k, column, words) if k.name == column.name else k for k in found.columns),
            constraints=keys_once(found.constraints, inline, extra),
        )
        if not c.accept(","):
            break
    if grouped:
        c.expect(")")
    return found


def _merged(old: Column, new: Column, words: frozenset[str]) -> Column:
    """``MODIFY`` changes only what it names."""
    changes: dict[str, object] = {}
    if new.type is not UNKNOWN:
        changes["type"] = new.type
    if new.default is not None:
        null = new.default.text.strip().upper() == "NULL"
        changes["default"] = None if null else new.default
        changes["draws"] = new.draws
        changes["default_on_null"] = new.default_on_null
    if new.not_null:
        changes["not_null"] = True
    elif "NULL" in words and "NOT" not in words and (new.default is None or "DEFAULT" not in words):
        changes["not_null"] = False
    if new.identity is not None:
        changes["identity"] = new.identity
    if new.generated is not None:
        changes["generated"], changes["stored"] = new.generated, new.stored
    if new.invisible:
        changes["invisible"] = True
    elif "VISIBLE" in words:
        changes["invisible"] = False
    if new.collation:
        changes["collation"] = new.collation
    if new.clauses:
        changes["clauses"] = old.clauses + new.clauses
    return replace(old, **changes) if changes else old  # type: ignore[arg-type]


def _drop(c: Cursor, found: Table, extra: list[Clause], builder: Builder, subject: int) -> Table:
    start = c.at
    c.expect("DROP")
    match c.word():
        case "CONSTRAINT":
            c.at += 1
            name = c.name()
            _options(c)
            return _without(found, lambda k: k.name == name, extra, c, start)
        case "PRIMARY":
            c.at += 1
            c.expect("KEY")
            _options(c)
            return _without(found, lambda k: k.kind == "primary_key", extra, c, start)
        case "UNIQUE":
            c.at += 1
            columns = c.names()
            _options(c)
            return _without(found, lambda k: k.kind == "unique" and k.columns == columns, extra, c, start)
        case "COLUMN":
            c.at += 1
            return _drop_columns(c, found, builder, extra, start)
        case "(":
            return _drop_columns(c, found, builder, extra, start)
        case "PARTITION" | "SUBPARTITION" | "PARTITIONS":
            return _drop_partition(c, found, extra, start)
        case _:
            c.at = c.count
            extra.append(c.clause("table_maintenance", start))
            return found


def _options(c: Cursor) -> None:
    while c.accept_any("CASCADE", "CONSTRAINTS", "KEEP", "DROP", "INDEX", "ONLINE", "INVALIDATE", "CHECKPOINT"):
        if c.word() and c.word()[0].isdigit():
            c.at += 1


def _without(found: Table, gone: object, extra: list[Clause], c: Cursor, start: int) -> Table:
    kept = tuple(k for k in found.constraints if not gone(k))  # type: ignore[operator]
    if len(kept) == len(found.constraints):
        extra.append(c.clause("constraint_drop_unknown", start))
    return replace(found, constraints=kept)


def _drop_columns(c: Cursor, found: Table, builder: Builder, extra: list[Clause], start: int) -> Table:
    c.accept("COLUMN")
    names = c.names() if c.word() == "(" else (c.name(),)
    _options(c)
    known = {k.name for k in found.columns}
    if any(n not in known for n in names):
        extra.append(c.clause(unknown_column(found), start))
    gone = frozenset(names)

    texts = frozenset(n.text for n in gone)

    def touches(k: Constraint) -> bool:
        return bool(gone & set(k.columns)) or (k.check is not None and not texts.isdisjoint(_names_in(k.check.text)))

    for subject in builder.indexes_of(found.name):
        if any(p.column in gone for p in builder.get(subject, Index).parts):
            builder.drop(subject, c.span(start), c.raw(start))
    return replace(
        found,
        columns=tuple(k for k in found.columns if k.name not in gone),
        constraints=tuple(k for k in found.constraints if not touches(k)),
        former=found.former + tuple((n, c.span(start)) for n in names),
    )


def _names_in(condition: str) -> set[str]:
    """What may be a column's name in a check."""
    return {quoted or word.upper() for quoted, word in _NAMES.findall(condition)}


def _drop_partition(c: Cursor, found: Table, extra: list[Clause], start: int) -> Table:
    c.at += 1
    part = found.partitioning
    if part is None or not c.is_name() or c.word() == "FOR":
        c.at = c.count
        extra.append(c.clause("partition_maintenance", start))
        return found
    name = c.name()
    c.at = c.count
    return replace(found, partitioning=replace(part, partitions=tuple(p for p in part.partitions if p.name != name)))


def _add_partition(c: Cursor, table: Rows, found: Table, extra: list[Clause]) -> Table:
    start = c.at
    c.expect("ADD")
    part = found.partitioning
    if part is None or c.word() != "PARTITION":
        c.at = c.count
        extra.append(c.clause("partition_maintenance", start))
        return found
    added = [oracle_table.partition(c, table, extra)]
    while c.accept(","):
        added.append(oracle_table.partition(c, table, extra))
    have = part.partitions or tuple(Partition(None) for _ in range(part.count or 0))
    return replace(found, partitioning=replace(part, partitions=have + tuple(added)))


def _rename(c: Cursor, found: Table, builder: Builder, extra: list[Clause]) -> Table:
    start = c.at
    c.expect("RENAME")
    match c.word():
        case "TO":
            c.at += 1
            return replace(found, name=QName(found.name.schema, c.name()))
        case "COLUMN":
            c.at += 1
            old = c.name()
            c.expect("TO")
            new = c.name()
            if not any(k.name == old for k in found.columns):
                extra.append(c.clause("unknown_clause", start))
            elif (subject := builder.find(found.name, Table)) is not None:
                builder.rename_column(subject, old, new, c.lexis)
            return renamed_column(found, old, new, c.span(start), c.lexis)
        case "CONSTRAINT":
            c.at += 1
            old = c.name()
            c.expect("TO")
            new = c.name()
            return replace(
                found, constraints=tuple(replace(k, name=new) if k.name == old else k for k in found.constraints)
            )
        case "PARTITION" if found.partitioning is not None and c.ahead() != "FOR":
            c.at += 1
            old = c.name()
            c.expect("TO")
            new = c.name()
            part = found.partitioning
            members = tuple(replace(p, name=new) if p.name == old else p for p in part.partitions)
            return replace(found, partitioning=replace(part, partitions=members))
        case _:
            c.at = c.count
            extra.append(c.clause("partition_maintenance", start))
            return found


