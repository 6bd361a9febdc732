"""Constructs that only show when other objects are looked at as well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..ir.catalog import Column, Constraint, Index, Object, Routine, Table, View
from .constructs import METHODS, Use, keys, shown, takes_null
from .stored import not_stored
from .types import TypeContext, speller

if TYPE_CHECKING:
    from .context import Context


def around(found: Object, context: Context) -> Iterator[Use]:
    """Constructs that only show when other objects are looked at as well."""
    if isinstance(found, Table):
        yield from _fed(found, context)
    match found:
        case Table() if found.partitioning is not None:
            own = any(k.kind == "foreign_key" and k.enabled for k in found.constraints)
            if own or context.run.children.get(context.subject):
                yield Use("foreign_key_on_partitioned", found.at)
            if context.options.partition_key == "unpartition":
                for index in context.run.uniques.get(context.subject, ()):
                    if not keys(found.partitioning) <= {p.column for p in index.parts}:
                        yield Use("unique_partitioned_index", index.at, str(index.name))
                        break
            kinds = context.trait("partition_types")
            if kinds and found.partitioning.method in ("range", "list"):
                by_name = {k.name: k for k in found.columns}
                for name in found.partitioning.columns:
                    if name in by_name and not _partitionable(by_name[name], context, str(kinds)):
                        yield Use("partition_key_type", found.partitioning.at, f"{name} {by_name[name].type.raw}")
                        break
        case View() if found.materialized and found.query is not None and not context.legal("mview_query"):
            if why := not_stored(found.query, context):
                yield Use("mview_query", found.query.at, why)
        case Index() if found.method not in ("domain", "cluster", "join") and context.legal("index"):
            table = context.table(found.table)
            if table is None:
                view = context.find(found.table)
                if isinstance(view, View) and not view.materialized:
                    yield Use("indexed_view", found.at, str(found.table))
                return
            columns = tuple(p.column for p in found.parts)
            for k in table.constraints if not (found.include or found.where or found.method in METHODS) else ():
                if k.kind in ("primary_key", "unique") and k.enabled and k.columns == columns:
                    yield Use("duplicate_index", found.at, shown(k))
                    return
            first = context.run.catalog.objects[context.subject]  # before it grew by partition columns
            several = isinstance(first, Index) and len(first.parts) > 1
            if found.unique and takes_null(table, columns):
                if found.nulls_equal:
                    yield Use("unique_one_null", found.at, ", ".join(str(c) for c in columns if c))
                elif several and context.run.trait_of_source("unique_partly_null"):
                    yield Use("unique_null_rows", found.at, ", ".join(c.text for c in columns if c))
            part = context.run.partitioned(table)
            if found.unique and part is not None:
                if not keys(part) <= set(columns):
                    yield Use("unique_partitioned_index", found.at)
        case Routine() if found.package is not None and context.legal(f"stored_{found.what}"):
            yield Use("package_member", found.at)
        case _:
            return


def _fed(table: Table, context: Context) -> Iterator[Use]:
    """Checks and computed columns over columns that the server itself changes: a counter, the child of a key."""
    counters = {k.name.text for k in table.columns if k.identity is not None}
    children = [k for k in table.constraints if k.kind == "foreign_key" and k.enabled]
    changed = {n.text for k in children if _sets(k) for n in k.columns}
    cascaded = {n.text for k in children if _acts(k) for n in k.columns}
    if counters or changed:
        for k in table.constraints:
            if k.check is None or not k.enabled:
                continue
            words = context.run.words(k.check.text)
            if words & counters:
                yield Use("check_on_counter", k.at, k.check.text)
            elif words & changed:
                yield Use("check_on_changed_key", k.at, k.check.text)
    if counters or cascaded:
        for column in table.columns:
            words = context.run.words(column.generated.text) if column.generated is not None else set()
            if words & counters:
                yield Use("generated_on_counter", column.at, str(column.name))
            elif column.stored and words & cascaded:
                yield Use("stored_on_changed_key", column.at, str(column.name))


def _sets(k: Constraint) -> bool:
    """Whether a foreign key changes the values of its own columns."""
    return k.on_delete in ("SET NULL", "SET DEFAULT") or k.on_update in ("CASCADE", "SET NULL", "SET DEFAULT")


def _acts(k: Constraint) -> bool:
    return k.on_delete == "CASCADE" or _sets(k)


def _partitionable(column: Column, context: Context, pattern: str) -> bool:
    """Whether the target partitions by the type that the column gets."""
    place = TypeContext(table="", column=column.name.text)
    text = speller(context.profile.engine, context.options).spell(column.type, place).text
    return re.match(pattern, text) is not None
