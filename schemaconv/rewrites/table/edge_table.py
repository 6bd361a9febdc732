"""An edge table of a graph as an ordinary table with a foreign key for each of its ends.

That is the same where one constraint says to which tables the edges lead, and both have a primary key of one column.
"""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "edge_table"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    pairs = [k for k in found.clauses if k.construct == "edge_constraint"]
    keys = [k for k in found.constraints if k.kind == "foreign_key" and k.at == found.columns[0].at] if pairs else []
    if len(pairs) != 1 or len(keys) != 2 or any(k.type.kind == "unknown" for k in found.columns[:2]):
        return None
    parents = []
    for key in keys:
        parent = ctx.table(key.references) if key.references is not None else None
        primary = [k for k in parent.constraints if k.kind == "primary_key"] if parent is not None else []
        if len(primary) != 1 or len(primary[0].columns) != 1:
            return None
        parents.append(str(key.references))
    columns = [str(k.name) for k in found.columns[:2]]
    ctx.say("SC3184", use.at, name=str(found.name), columns=" and ".join(columns), parents=" and ".join(parents))
    gone = ("edge_table", "edge_constraint")
    return replace(found, organization="", clauses=tuple(k for k in found.clauses if k.construct not in gone))
