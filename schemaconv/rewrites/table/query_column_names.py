"""Names of the columns of a table that is made from a query, where only the query can name them.

MySQL Reference Manual, "CREATE TABLE ... SELECT Statement": columns in front of the query are further columns, unless
the query has columns of the same names.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "query_column_names"
ADDS = ()


_PLAIN = re.compile(r"\s*SELECT\s+([\w\s$#.,]+?)\s+FROM\b.*", re.IGNORECASE | re.DOTALL)


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    query = found.query
    if query is None:
        return None
    names = [k.name.text.replace('"', '""') for k in found.columns]
    if _selected(query.text) == names:
        return replace(found, names_query=True)
    listed = ", ".join(f'"{name}"' for name in names)
    text = f"WITH q ({listed}) AS ({query.text}) SELECT * FROM q"
    return replace(found, query=replace(query, text=text), names_query=True)


def _selected(query: str) -> list[str]:
    """The columns that a query of plain columns gives; nothing for any other query."""
    match = _PLAIN.fullmatch(query)
    items = [item.strip().rpartition(".")[2].upper() for item in match[1].split(",")] if match is not None else []
    return items if all(item and " " not in item for item in items) else []
