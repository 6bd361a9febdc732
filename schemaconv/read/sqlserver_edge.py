"""Edge tables of a graph: their pseudo-columns as columns, where a constraint says to which tables they lead.

Source: "SQL Graph Architecture", "CREATE TABLE (SQL Graph)", "Edge constraints". ``$from_id`` and ``$to_id`` hold the
``$node_id`` of a row of a node table, which stands for its primary key here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ..ir.catalog import Column, Constraint, Table
from ..ir.names import Name
from ..ir.types import UNKNOWN

#: The columns in place of ``$from_id`` and ``$to_id``.
ENDS: Final = (Name("FROM_ID", True, "from_id"), Name("TO_ID", True, "to_id"))
#: How indexes and keys spell the pseudo-columns.
PSEUDO: Final = {"$FROM_ID": ENDS[0], "$TO_ID": ENDS[1]}
#: Internal numbers of nodes and edges.
GRAPH: Final = frozenset({"$NODE_ID", "$EDGE_ID"})


def connected(table: Table, edges: Sequence[Constraint]) -> Table:
    """An edge table with the columns of its ends; a column takes its type from the key that it points to."""
    if table.organization != "edge" or len(edges) != 1 or not edges[0].ends:
        return table
    if any(k.name in ENDS for k in table.columns):
        return table
    edge = edges[0]
    columns = tuple(Column(name, UNKNOWN, edge.at, not_null=True) for name in ENDS)
    keys = tuple(
        Constraint(
            "foreign_key", None, (name,), edge.at, references=parent, on_delete=edge.on_delete, added=edge.added
        )
        for name, parent in zip(ENDS, edge.ends, strict=True)
    )
    return replace(table, columns=(*columns, *table.columns), constraints=(*table.constraints, *keys))
