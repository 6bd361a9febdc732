"""A materialized view that the source keeps up to date: the target's own refresh, where it has one.

Amazon Redshift Database Developer Guide, "CREATE MATERIALIZED VIEW": AUTO REFRESH YES is refused for a query that asks
a clock or the session, and for one that reads another materialized view.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ...ir.catalog import Clause, View
from ..api import Context, Use

REMOVES = "mview_refresh"
ADDS = ("auto_refresh",)

_BY_ITSELF = re.compile(r"\bON\s+(?:COMMIT|STATEMENT)\b|\bSTART\s+WITH\b|\bNEXT\b", re.I)


def rewrite(found: View, ctx: Context, use: Use) -> View | None:
    if not isinstance(found, View) or found.query is None or not found.materialized or not ctx.legal("auto_refresh"):
        return None
    if not _BY_ITSELF.search(use.text) or ctx.views_in(found.query, materialized=True) or not ctx.steady(found.query):
        return None
    ctx.say_construct("auto_refresh", use.at, use.text)
    clauses = [k for k in found.clauses if k.construct not in (REMOVES, "auto_refresh")]
    return replace(found, clauses=(*clauses, Clause("auto_refresh", use.text, use.at)))
