"""A column's title for reports becomes its comment, if it has none."""

from __future__ import annotations

import re
from dataclasses import replace

from ...ir.catalog import Column, Table
from ..api import Context, Use

REMOVES = "column_title"
ADDS = ()
_TEXT = re.compile(r"'((?:[^']|'')*)'")


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    if ctx.options.titles != "comment":
        ctx.say_construct(REMOVES, use.at, use.text)
    return replace(found, columns=tuple(_titled(k, use, ctx) for k in found.columns))


def _titled(column: Column, use: Use, ctx: Context) -> Column:
    own = [c for c in column.clauses if c.construct == REMOVES and c.at == use.at]
    if not own:
        return column
    text = _TEXT.search(own[0].text)
    kept = tuple(c for c in column.clauses if c is not own[0])
    if ctx.options.titles != "comment" or column.comment is not None or text is None:
        return replace(column, clauses=kept)
    title = text[1].replace("''", "'").replace("//", " ").strip()
    return replace(column, clauses=kept, comment=title or None)
