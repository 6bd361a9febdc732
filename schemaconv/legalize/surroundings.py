"""Constructs that only show when other objects are looked at as well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..ir.catalog import Column, Index, Object, Table, View
from .constructs import METHODS, Use, keys, nullable, shown
from .stored import not_stored
from .types import TypeContext, speller

if TYPE_CHECKING:
    from .context import Context


def around(found: Object, context: Context) -> Iterator[Use]:
    """Constructs that only show when other objects are looked at as well."""
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
            if found.unique and not nullable(table).isdisjoint(columns):
                if found.nulls_equal:
                    yield Use("unique_one_null", found.at, ", ".join(str(c) for c in columns if c))
                elif several and context.run.trait_of_source("unique_partly_null"):
                    yield Use("unique_null_rows", found.at, ", ".join(c.text for c in columns if c))
            part = context.run.partitioned(table)
            if found.unique and part is not None:
                if not keys(part) <= set(columns):
                    yield Use("unique_partitioned_index", found.at)
        case _:
            return


def _partitionable(column: Column, context: Context, pattern: str) -> bool:
    """Whether the target partitions by the type that the column gets."""
    place = TypeContext(table="", column=column.name.text)
    text = speller(context.profile.engine, context.options).spell(column.type, place).text
    return re.match(pattern, text) is not None
