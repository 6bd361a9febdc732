"""``TABLE(...)`` in FROM: the rows that the elements of a collection are."""

from __future__ import annotations

from ..ir.fragment import Names, Rows
from .pieces import Refused
from .table_calls import table_calls
from .tree import Node, call_name, exp, offset, string


def elements_told(root: Node, names: Names) -> None:
    """Give each such call a second argument: the type of the one value of its rows, empty where these are records.
    Those that are not known are refused."""
    for call in table_calls(root, "TABLE ROWS"):
        if len(call.expressions) > 1:
            continue
        first = call.expressions[0]
        if isinstance(first, exp.Column):
            first = exp.Anonymous(this=".".join(p.name for p in first.parts), expressions=[])
        rows = None
        if isinstance(first, exp.Anonymous) and isinstance(names, Rows):
            rows = names.rows_of(tuple(call_name(first).upper().split(".")))
        if rows is None:
            raise Refused("SC4216", offset(call), what="TABLE")
        call.set("expressions", [first, string(rows[1])])
        call.meta["set"] = rows[0]
