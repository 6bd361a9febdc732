"""What the translation of fragments looks up: the rows of both engines, columns, and the value that a column takes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from .. import rulefiles
from ..ir.fragment import Known
from ..ir.types import Type
from ..sql.kinds import MOMENTS, family
from ..sql.lexis import lexis
from ..sql.rows import Family, Source

if TYPE_CHECKING:
    from ..sql.context import Context
    from ..sql.template import Templates
    from ..sql.tree import Node


@lru_cache(maxsize=4)
def source_rows(engine: str) -> Source:
    """The function rows of a source engine."""
    traits = rulefiles.load(f"engines/{engine}.toml")["traits"]
    return Source(rulefiles.load(f"functions/read/{engine}.toml"), lexis(engine), traits)


@lru_cache(maxsize=16)
def family_rows(name: str, version: tuple[int, ...]) -> Family:
    """The function rows of a target family, for one version."""
    return Family(rulefiles.load(f"functions/write/{name}.toml"), version)


@lru_cache(maxsize=8)
def templates(dialect: str) -> Templates:
    from ..sql.template import Templates

    return Templates(dialect)


class TableColumns(Mapping[str, Known]):
    """What is known of a table's columns, put together for those that an expression names: a table may have many."""

    __slots__ = ("not_null", "types")

    def __init__(self, types: Mapping[str, Type], not_null: Collection[str]) -> None:
        self.types = types
        self.not_null = not_null

    def __getitem__(self, name: str) -> Known:
        return Known(self.types[name], name in self.not_null)

    def __iter__(self) -> Iterator[str]:
        return iter(self.types)

    def __len__(self) -> int:
        return len(self.types)


def no_columns(schema: str, name: str) -> None:
    return None


def _can_say(op: str, family: Family) -> bool:
    way = family.way(op)
    return way is None or bool(way.sql)


@lru_cache(maxsize=16)
def function_words(source: str, family: Family) -> frozenset[str]:
    """Words that name functions of the source: they may be gone from the target's text, if it can say them at all."""
    rows = source_rows(source)
    said = {n for n, entries in rows.rows.items() if any(_can_say(r.op, family) for r in entries)}
    typed = (*rows.type_first, *rows.type_last)
    names = {"DECODE", "CONCAT", "NEXTVAL", "CURRVAL", *said, *rows.named, *rows.documents, *rows.niladic, *typed}
    return frozenset(word for name in names for word in name.split("."))


def fitted(root: Node, wanted: Type, ctx: Context) -> Node:
    """The value of a default as its column takes it, where the source would convert it."""
    from ..sql.convert import cut_off
    from ..sql.flags import from_flag, to_flag

    kind, given = family(wanted), ctx.typer.family(root)
    if kind == "boolean" and given == "number":
        return to_flag(root, ctx)
    if kind == "number" and given == "boolean":
        return from_flag(root, ctx)
    if kind == given == "number" and cut_off(ctx.infer(root).type, wanted, ctx):
        return ctx.op("truncate", root, None, n=root)
    if given == "number" and kind in MOMENTS:
        from ..sql.convert import number_as_date
        from ..sql.tree import decimal_text, string

        day = ctx.source.day_of(decimal_text(root), wanted)
        if day is None:
            return number_as_date(root, wanted, ctx)
        ctx.consume_tree(root)
        return string(day)
    if given in ("date", "timestamp", "zoned") and kind == "text":
        raise ctx.refuse("SC4207", root, what="a date used as text")
    if given == "text" and kind in MOMENTS:
        raise ctx.refuse("SC4207", root, what="a text used as a date")
    if given in ("days", "months") and kind == "text":
        from ..sql.intervals import as_text

        return as_text(root, wanted, ctx)
    return root
