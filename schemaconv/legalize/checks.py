"""Checks that a table gets for what its types alone said on the source."""

from __future__ import annotations

from typing import Final

from ..ir.catalog import Column, Constraint, Table
from ..ir.fragment import Fragment
from .context import Context

_TEXTS: Final = frozenset({"char", "varchar", "nchar", "nvarchar"})
#: Integers of one byte, and what they take.
_BYTES: Final = {"utinyint": (0, 255), "tinyint": (-128, 127)}


def no_empty_strings(table: Table, ctx: Context) -> list[Constraint]:
    """Oracle's NOT NULL also refuses the empty string, which is NULL there."""
    if ctx.options.empty_string != "check":
        return []
    columns = [k for k in table.columns if k.not_null and k.type.kind in _TEXTS]
    return [c for k in columns for c in _check(k, "<> ''", table, ctx)]


def ranges(table: Table, done: tuple[Column, ...], ctx: Context) -> list[Constraint]:
    """Integers of one byte where the target's smallest has two; ``done`` are the columns in the target's words.

    A child of a foreign key takes what its parent does.
    """
    if table.query is not None:
        return []
    children = {n for k in table.constraints if k.kind == "foreign_key" and k.enabled for n in k.columns}
    found: list[Constraint] = []
    for k, made in zip(table.columns, done, strict=True):
        limits = _BYTES.get(k.type.kind)
        if limits is None or made.type.spelling.startswith("tinyint") or k.name in children:
            continue
        if ctx.options.tinyint == "check":
            found += _check(k, f"BETWEEN {limits[0]} AND {limits[1]}", table, ctx)
        elif ("SC2160", "") not in ctx.run.once:
            ctx.run.once.add(("SC2160", ""))
            ctx.say(
                "SC2160", k.at, column=str(k.name), source=k.type.raw, type=made.type.spelling,
                least=limits[0], most=limits[1],
            )  # fmt: skip
    return found


def _check(column: Column, condition: str, table: Table, ctx: Context) -> list[Constraint]:
    if not ctx.legal("check_constraint"):
        ctx.say_construct("check_constraint", column.at, f"{column.name} {condition}")
        return []
    name = ctx.run.names.column(table.name, column.name)
    text = f"{ctx.profile.quoted(name.text)} {condition}"
    return [Constraint("check", None, (name,), column.at, inline=True, check=Fragment(text, column.at, text))]
