"""A materialized view of a query that the target does not store: a view, which is never out of date.

Amazon Redshift Database Developer Guide, "CREATE MATERIALIZED VIEW", Limitations: no standard views, no ORDER BY, no
LIMIT.
"""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import View
from ..api import Context, Use

REMOVES = "mview_query"
#: The column list and the rules of refreshing go with it.
ADDS = ("mview_columns", "mview_refresh")


def rewrite(found: View, ctx: Context, use: Use) -> View | None:
    ctx.say_construct(REMOVES, use.at, use.text)
    left = tuple(k for k in found.clauses if not k.construct.startswith("mview_"))
    return replace(found, materialized=False, clauses=left)
