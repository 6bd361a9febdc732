"""Partition bounds and partition names in the target's words.

PostgreSQL's partitions are tables with names in the schema and bounds on both sides (CREATE TABLE, "PARTITION OF");
MySQL's are names of one table with upper bounds ("RANGE COLUMNS").
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Final

from ..ir.catalog import Partition, Partitioning, Table
from ..ir.fragment import Fragment
from ..ir.names import Name
from ..ir.types import Type
from . import collation
from .constructs import takes_null
from .context import Context

#: Types whose constants a target writes in a way of its own.
_SPELLED: Final = frozenset({"bit", "boolean", "binary", "varbinary"})
_WORDS: Final = frozenset({"maxvalue", "minvalue", "null", "default"})


class Unbounded(Exception):
    """A bound that no target text can be found for."""

    def __init__(self, fragment: Fragment) -> None:
        super().__init__(fragment.text)
        self.fragment = fragment


def finish(table: Table, ctx: Context) -> Partitioning | None:
    """The table's partitioning for the printer; ``None``, said by code, where a bound cannot be kept."""
    part = table.partitioning
    if part is None:
        return None
    if part.method == "list" and not part.partitions and not ctx.legal("default_list_partition"):
        ctx.say_construct("default_list_partition", part.at)
        return None
    if part.method in ("range", "list") and not part.partitions and not part.default:
        part = replace(part, default=True)
    if part.method == "range" and len(part.columns) == 1 and (why := _unsorted(part, table, ctx)):
        key = next(k for k in table.columns if k.name == part.columns[0])
        ctx.say("SC3423", part.at, clause=why, type=key.type.raw)
        return None
    try:
        return _level(part, table, ctx, part.partitions)
    except Unbounded as error:
        ctx.say_construct("partition_expression", error.fragment.at, error.fragment.text)
        return None


def _unsorted(part: Partitioning, table: Table, ctx: Context) -> str:
    """Bounds of a text that may not ascend on the target; empty where they do, by whatever collation it has."""
    column = next((k for k in table.columns if k.name == part.columns[0]), None)
    if column is None or column.type.kind not in collation.TEXTS:
        return ""
    found = [ctx.run.translator.constant(p.values[0].text) for p in part.partitions if p.values]
    texts = [c.value for c in found if c is not None and c.kind == "string"]
    if collation.by_code(column, ctx):
        sure = all(low < high for low, high in pairwise(texts))
    else:
        plain = (texts, [t.lower() for t in texts], [re.sub(r"[^a-z0-9]", "", t.lower()) for t in texts])
        sure = all(t.isascii() for t in texts) and all(low < high for given in plain for low, high in pairwise(given))
    return "" if sure else ", ".join(f"'{t}'" for t in texts)


def _level(part: Partitioning, table: Table, ctx: Context, members: tuple[Partition, ...]) -> Partitioning:
    names = ctx.run.names
    columns = tuple(names.column(table.name, n) for n in part.columns)
    if part.method == "hash":
        members = members or tuple(Partition(None) for _ in range(part.count or 1))
    sub = part.sub
    if sub is not None:
        members = tuple(
            replace(
                p,
                subpartitions=p.subpartitions
                or sub.partitions
                or tuple(Partition(None) for _ in range(sub.count or 1)),
            )
            for p in members
        )
    stem = names.relation(table.name).name.text
    if sub is not None and sub.method == "hash" and ctx.trait("hash_by_key"):
        return _keyed(part, sub, members, table, ctx, columns)
    finished = _members(part, members, table, ctx, stem, sub)
    placed = part.method == "range" and not part.nulls_apart and ctx.trait("range_refuses_nulls")
    if placed and finished and _open(finished[-1]):
        nullable = {k.name for k in table.columns if not k.not_null} - _in_key(table)
        if nullable & set(part.columns):  # the source puts NULLs into the last partition, or into the first
            odd = finished[0] if part.nulls_first else finished[-1]
            finished = tuple(replace(p, default=True, values=(), lower=()) if p is odd else p for p in finished)
    method = part.method
    if method == "hash" and ctx.trait("hash_by_key"):
        method = "key"  # HASH takes one integer expression there, KEY any columns
        if not any(p.name for p in part.partitions):
            return replace(part, method=method, columns=columns, count=len(members), partitions=(), sub=None)
    last = finished[-1] if finished else None
    default = part.default and not (last is not None and _open(last))
    return replace(
        part, method=method, columns=columns, partitions=finished, default=default,
        sub=replace(sub, columns=tuple(names.column(table.name, n) for n in sub.columns)) if sub is not None else None,
    )  # fmt: skip


def _in_key(table: Table) -> set[Name]:
    return {n for k in table.constraints if k.kind == "primary_key" and k.enabled for n in k.columns}


def _keyed(
    part: Partitioning,
    sub: Partitioning,
    members: tuple[Partition, ...],
    table: Table,
    ctx: Context,
    columns: tuple[Name, ...],
) -> Partitioning:
    """Subpartitions by KEY: every partition has the same number, so a number says it all."""
    count = max((len(p.subpartitions) for p in members), default=1) or sub.count or 1
    plain = tuple(replace(p, subpartitions=()) for p in members)
    finished = _members(part, plain, table, ctx, "", None)
    names = tuple(ctx.run.names.column(table.name, n) for n in sub.columns)
    last = finished[-1] if finished else None
    return replace(
        part, columns=columns, partitions=finished, default=part.default and not (last is not None and _open(last)),
        sub=replace(sub, method="key", columns=names, count=count, partitions=()),
    )  # fmt: skip


def _open(p: Partition) -> bool:
    """Whether nothing can lie beyond the partition."""
    return p.default or all(v.output.upper() == "MAXVALUE" for v in p.values)


def _members(
    part: Partitioning,
    members: tuple[Partition, ...],
    table: Table,
    ctx: Context,
    stem: str,
    sub: Partitioning | None,
    above: Name | None = None,
) -> tuple[Partition, ...]:
    lower: tuple[Fragment, ...] = ()
    found = []
    for number, p in enumerate(members):
        name = _name(p, number, table, ctx, stem, above)
        values = _values(p.values, part, table, ctx)
        lower = _values(p.lower, part, table, ctx) or lower  # a source may leave a gap between two ranges
        children: tuple[Partition, ...] = ()
        if sub is not None:
            children = _members(sub, p.subpartitions, table, ctx, name.text, None, p.name)
        found.append(
            replace(
                p,
                name=name,
                values=() if p.default else values,
                check=_check(part, table, ctx) if p.default and part.nulls_apart else None,
                lower=lower or tuple(replace(v, target="MINVALUE") for v in values),
                subpartitions=children,
            )
        )
        if part.method == "range":
            lower = values
    return tuple(found)


def _check(part: Partitioning, table: Table, ctx: Context) -> Fragment | None:
    """Which rows a default partition takes: those with a value in no range, those without one, or both."""
    column = part.columns[0]
    if part.rest and (part.unknown or not takes_null(table, (column,))):
        return None
    name = ctx.profile.quoted(ctx.run.names.column(table.name, column).text)
    text = f"{name} IS {'NOT ' if part.rest else ''}NULL"
    return Fragment(text, part.at, text)


def _name(p: Partition, number: int, table: Table, ctx: Context, stem: str, above: Name | None) -> Name:
    names = ctx.run.names
    own = names.plain(p.name) if p.name is not None else f"p{number + 1}"
    if above is not None and own.startswith(f"{names.plain(above)}_"):  # it bears its partition's name already
        stem = names.relation(table.name).name.text
    if ctx.trait("partition_name_scope") != "schema":
        return Name(
            own if p.name is not None or not stem or stem == names.relation(table.name).name.text else f"{stem}_{own}"
        )
    return Name(names.partition(table.name, own if own.startswith(f"{stem}_") else f"{stem}_{own}"))


def _values(values: tuple[Fragment, ...], part: Partitioning, table: Table, ctx: Context) -> tuple[Fragment, ...]:
    """Bounds in the target's words, each as the type of its column wants it."""
    types = {k.name: ctx.run.meaning(table, k) for k in table.columns}
    keys = [types.get(n) for n in part.columns]
    if len(keys) != len(values):  # members of a list are all of one column
        keys = keys[:1] * len(values) if len(keys) == 1 else [None] * len(values)
    return tuple(_value(v, key, ctx) for v, key in zip(values, keys, strict=True))


def _value(value: Fragment, key: Type | None, ctx: Context) -> Fragment:
    found = ctx.run.translator.constant(value.text)
    if found is None:
        raise Unbounded(value)
    match found.kind:
        case kind if key is not None and key.kind in _SPELLED and kind not in _WORDS:
            done, _ = ctx.expression(value, None, key)
            if done is None:
                raise Unbounded(value)
            text = done.output
        case "number":
            text = found.value
        case "maxvalue" | "minvalue" | "null" | "default":
            text = found.kind.upper()
        case _:
            text = "'" + found.value.removesuffix(" 00:00:00").replace("'", "''") + "'"
    return replace(value, target=text)
