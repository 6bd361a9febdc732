"""Names of the columns of a table that is made from a query, where only the query can name them.

MySQL Reference Manual, "CREATE TABLE ... SELECT Statement": columns in front of the query are further columns, unless
the query has columns of the same names.
"""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "query_column_names"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    query = found.query
    if query is None:
        return None
    names = [k.name.text.replace('"', '""') for k in found.columns]
    listed = ", ".join(f'"{name}"' for name in names)
    text = f"WITH q ({listed}) AS ({query.text}) SELECT * FROM q"
    return replace(found, query=replace(query, text=text), names_query=True)
