"""Column names of a materialized view, where only its query can name them."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import View
from ..api import Context, Use

REMOVES = "mview_columns"
ADDS = ("materialized_view",)


def rewrite(found: View, ctx: Context, use: Use) -> View | None:
    query = found.query
    if query is None:
        return None
    listed = ", ".join(n.text if n.folded else f'"{n.text}"' for n in found.columns)
    return replace(
        found, columns=(), query=replace(query, text=f"WITH q ({listed}) AS ({query.text}) SELECT * FROM q")
    )
