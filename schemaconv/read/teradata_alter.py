"""ALTER TABLE of Teradata, folded into the table it changes (SQL Data Definition Language, "ALTER TABLE")."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..ir.catalog import Clause, Column, Index, Partitioning, Table
from ..ir.names import Name
from ..ir.types import UNKNOWN
from . import clauses, teradata_column, teradata_constraint, teradata_index, teradata_partition, teradata_table
from .base import Builder, renamed_column
from .clauses import Rows
from .cursor import Cursor
from .members import keys_once, unknown_column


def read(c: Cursor, rows: Rows, found: Table, builder: Builder) -> tuple[Table, list[Index]]:
    """Apply every action of the statement to ``found``; the cursor stands behind the table's name."""
    extra: list[Clause] = []
    indexes: list[Index] = []
    while not c.done():
        start = c.at
        word, second = c.word(), c.ahead()
        if found.partial and word in ("MODIFY", "DROP", "RENAME"):
            c.at = c.count
            extra.append(c.clause("alter_unknown_table", start))
            break
        match word:
            case ",":
                c.at += 1
            case "ADD" if second in ("RANGE", "CASE"):
                found = _ranges(c, found, extra)
            case "ADD":
                found = _add(c, rows, found, extra)
            case "DROP" if second in ("RANGE", "CASE"):
                c.at = c.count
                extra.append(c.clause("partition_maintenance", start))
            case "DROP":
                found = _drop(c, found, builder, extra)
            case "RENAME":
                found = _rename(c, found, builder, extra)
            case "MODIFY":
                found = _modify(c, found, indexes, builder, extra)
            case "SET" | "REVALIDATE" | "TRANSITION" | "DISABLE" | "ENABLE" | "FROM":
                c.at = c.count
                extra.append(c.clause("table_maintenance", start))
            case _:
                extra.append(clauses.accept(c, rows) or clauses.unknown(c, rows))
    if extra:
        found = replace(found, clauses=found.clauses + tuple(extra))
    return found, indexes


def _add(c: Cursor, rows: Rows, found: Table, extra: list[Clause]) -> Table:
    """``ADD column | ADD (column, column) | ADD column, column``; of a column that is there, what is named changes."""
    c.expect("ADD")
    grouped = c.word() == "(" and c.accept("(")
    if c.word() == "COLUMN" and c.ahead() not in ("", ",", ")"):
        c.at += 1
    while not c.done():
        if c.word() == "PERIOD" and c.ahead() == "FOR":
            implied = (replace(k, added=True) for k in teradata_table.derived_period(c, extra))
            return replace(found, constraints=(*found.constraints, *implied))
        if teradata_constraint.begins(c):
            constraint = teradata_constraint.read(c, extra)
            if constraint is not None:
                key = replace(constraint, added=True, inline=False)
                if key.references is not None:
                    key = replace(key, references=teradata_table.within(key.references, found.name.schema))
                found = replace(found, constraints=keys_once(found.constraints, (key,), extra))
        else:
            column, inline = teradata_column.read(c, rows)
            there = any(k.name == column.name for k in found.columns)
            columns = (
                tuple(_merged(k, column) if k.name == column.name else k for k in found.columns)
                if there
                else (*found.columns, column)
            )
            found = replace(found, columns=columns, constraints=keys_once(found.constraints, inline, extra))
        if not c.accept(","):
            break
        if c.word() in _ACTIONS:
            break
    if grouped:
        c.expect(")")
    return found


_ACTIONS: Final = frozenset({"ADD", "DROP", "RENAME", "MODIFY"})


def _merged(old: Column, new: Column) -> Column:
    """``ADD`` of a column that is there changes what it names: the type of a longer text, a default, a title."""
    changes: dict[str, object] = {"clauses": old.clauses + new.clauses}
    if new.type is not UNKNOWN:
        changes["type"] = new.type
    if new.default is not None:
        null = new.default.text.strip().upper() == "NULL"
        changes["default"] = None if null else new.default
    if new.not_null:
        changes["not_null"] = True
    if new.compares:
        changes |= {"collation": new.collation, "compares": new.compares}
    return replace(old, **changes)  # type: ignore[arg-type]


def _drop(c: Cursor, found: Table, builder: Builder, extra: list[Clause]) -> Table:
    start = c.at
    c.expect("DROP")
    match c.word():
        case "CONSTRAINT":
            c.at += 1
            name = c.name()
            c.accept_any("CHECK", "UNIQUE")
            kept = tuple(k for k in found.constraints if k.name != name)
        case "CHECK" | "INCONSISTENT" | "FOREIGN" | "PRIMARY" | "UNIQUE":
            return _drop_key(c, found, extra, start)
        case _:
            return _drop_columns(c, found, builder, extra, start)
    if len(kept) == len(found.constraints):
        extra.append(c.clause("constraint_drop_unknown", start))
    return replace(found, constraints=kept)


def _drop_key(c: Cursor, found: Table, extra: list[Clause], start: int) -> Table:
    c.accept("INCONSISTENT")
    word = c.take()
    c.accept("KEY")
    columns = c.names() if c.word() == "(" else ()
    if c.accept("REFERENCES"):
        c.qname()
        if c.word() == "(":
            c.skip_group()
    kind = {"FOREIGN": "foreign_key", "PRIMARY": "primary_key", "UNIQUE": "unique"}.get(word, "check")
    kept = tuple(
        k for k in found.constraints
        if k.kind != kind or (columns and k.columns != columns) or (kind == "check" and k.name)
    )
    if len(kept) == len(found.constraints):
        extra.append(c.clause("constraint_drop_unknown", start))
    return replace(found, constraints=kept)


def _drop_columns(c: Cursor, found: Table, builder: Builder, extra: list[Clause], start: int) -> Table:
    c.accept("COLUMN")
    if c.word() == "(":
        names = c.names()
    else:
        names = (c.name(),)
    c.accept_any("CASCADE", "RESTRICT", "IDENTITY")
    gone = frozenset(names)
    if not gone <= {k.name for k in found.columns}:
        extra.append(c.clause(unknown_column(found), start))
    for subject in builder.indexes_of(found.name):
        if any(p.column in gone for p in builder.get(subject, Index).parts):
            builder.drop(subject, c.span(start), c.raw(start))
    return replace(
        found,
        columns=tuple(k for k in found.columns if k.name not in gone),
        constraints=tuple(k for k in found.constraints if not gone & set(k.columns)),
        former=found.former + tuple((n, c.span(start)) for n in names),
    )


def _rename(c: Cursor, found: Table, builder: Builder, extra: list[Clause]) -> Table:
    start = c.at
    c.expect("RENAME")
    c.accept("COLUMN")
    old = c.name()
    c.accept_any("AS", "TO")
    new = c.name()
    if not any(k.name == old for k in found.columns):
        extra.append(c.clause("unknown_clause", start))
        return found
    subject = builder.find(found.name, Table)
    if subject is not None:
        builder.rename_column(subject, old, new, c.lexis)
    renamed = renamed_column(found, old, new, c.span(start), c.lexis)
    if renamed.placement is None:
        return renamed
    placed = tuple(new if n == old else n for n in renamed.placement.distribution)
    return replace(renamed, placement=replace(renamed.placement, distribution=placed))


def _modify(c: Cursor, found: Table, indexes: list[Index], builder: Builder, extra: list[Clause]) -> Table:
    """``MODIFY [[NOT] UNIQUE] PRIMARY INDEX [name] [(columns)] [PARTITION BY ...]``, or of a CHECK."""
    start = c.at
    c.expect("MODIFY")
    if c.word() in ("CONSTRAINT", "CHECK"):
        return _modify_check(c, found, extra, start)
    found = _modify_primary(c, found, indexes, builder, extra, start)
    if c.word() == "PARTITION" and c.ahead() == "BY":
        return replace(found, partitioning=teradata_partition.partitioning(c, extra))
    if c.word() in ("DROP", "ADD") and c.ahead() == "RANGE":
        return _ranges(c, found, extra)
    if c.accept("NOT", "PARTITIONED"):
        return replace(found, partitioning=None)
    if c.at == start + 1:
        c.at = c.count
        extra.append(c.clause("table_maintenance", start))
    return found


def _modify_primary(
    c: Cursor, found: Table, indexes: list[Index], builder: Builder, extra: list[Clause], start: int
) -> Table:
    """``[[NOT] UNIQUE] PRIMARY INDEX [name | NOT NAMED] [(columns)]`` or ``NO PRIMARY INDEX``, if it stands here.

    Without columns the index stays on those it has, and may become unique or be so no longer.
    """
    common = c.word() == "NOT" and c.ahead() == "UNIQUE" and c.accept("NOT", "UNIQUE")
    if not teradata_index.begins(c):
        return found
    unique, none = c.word() == "UNIQUE", c.word() == "NO"
    old = found.placement
    kept = tuple(k for k in found.constraints if old is None or k.kind != "unique" or k.at != old.at)
    bare = replace(found, placement=None, constraints=kept)
    made: list[Index] = []
    changed = teradata_index.of_table(c, bare, made, extra)
    c.accept("NOT", "NAMED")
    placed = changed.placement
    if placed is None:  # of columns that the table has not got
        return found
    if not placed.distribution and not none:
        if old is None or not old.distribution:
            extra.append(c.clause("table_maintenance", start))
            return found
        if not (unique or common) or unique == old.unique:
            return found
        changed, made = teradata_index.keyed(bare, None, old.distribution, unique, c.span(start), extra)
    _drop_primary(builder, found, c, start)
    indexes += made
    return changed


def _drop_primary(builder: Builder, found: Table, c: Cursor, start: int) -> None:
    for subject in builder.indexes_of(found.name):
        if builder.get(subject, Index).method == "primary":
            builder.drop(subject, c.span(start), c.raw(start))


def _modify_check(c: Cursor, found: Table, extra: list[Clause], start: int) -> Table:
    name: Name | None = None
    if c.accept("CONSTRAINT"):
        name = c.name()
    c.expect("CHECK")
    check = c.group()
    if name is None or all(k.name != name for k in found.constraints):
        extra.append(c.clause("constraint_drop_unknown", start))
        return found
    changed = tuple(replace(k, check=check) if k.name == name else k for k in found.constraints)
    return replace(found, constraints=changed)


def _ranges(c: Cursor, found: Table, extra: list[Clause]) -> Table:
    """``[DROP RANGE ...] ADD RANGE BETWEEN a AND b EACH c``: added ranges join the rule, dropped ones are named."""
    start = c.at
    part = found.partitioning
    while c.accept("DROP", "RANGE"):
        c.skip_to(("ADD", "WITH"))
        extra.append(c.clause("partition_maintenance", start))
    if not c.accept("ADD", "RANGE") or part is None or not part.steps:
        c.at = c.count
        if not extra or extra[-1].construct != "partition_maintenance":
            extra.append(c.clause("partition_maintenance", start))
        return found
    if c.word() in ("#", "L1") or c.word()[:1] == "#":
        c.take()
    c.accept("BETWEEN")
    steps = [teradata_partition.step(c)]
    while c.accept(","):
        steps.append(teradata_partition.step(c))
    if c.accept("WITH"):
        c.at = c.count
    changed: Partitioning = replace(part, steps=part.steps + tuple(steps))
    return replace(found, partitioning=changed)
