"""When a materialized view is refreshed: by the target itself where it can, else by a plan that is said.

Amazon Redshift Database Developer Guide, "CREATE MATERIALIZED VIEW": AUTO REFRESH YES is refused for a query that asks
a clock or the session, and for one that reads another materialized view.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ...ir.catalog import Clause, Object, Table, View
from ..api import Context, Use

REMOVES = "mview_refresh"
ADDS = ("auto_refresh", "refresh_plan")

_BY_ITSELF = re.compile(r"\bON\s+(?:COMMIT|STATEMENT)\b|\bSTART\s+WITH\b|\bNEXT\b", re.I)


def rewrite(found: View, ctx: Context, use: Use) -> Object | None:
    if not isinstance(found, (View, Table)):
        return None  # a call that refreshes one
    left = [k for k in found.clauses if k.construct not in (REMOVES, "auto_refresh", "refresh_plan")]
    if isinstance(found, View) and found.materialized and _by_target(found, ctx, use):
        ctx.say_construct("auto_refresh", use.at, use.text)
        return replace(found, clauses=(*left, Clause("auto_refresh", use.text, use.at)))
    return replace(found, clauses=(*left, Clause("refresh_plan", use.text, use.at)))


def _by_target(found: View, ctx: Context, use: Use) -> bool:
    """Whether the target keeps the view up to date, as the source does."""
    if found.query is None or not ctx.legal("auto_refresh") or not _BY_ITSELF.search(use.text):
        return False
    return not ctx.views_in(found.query, materialized=True) and ctx.steady(found.query)
