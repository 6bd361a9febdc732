"""What keeps a view from being written to, told from its query.

PostgreSQL manual, "CREATE VIEW", "Updatable Views": one table or updatable view in FROM; no WITH, DISTINCT, GROUP BY,
HAVING, LIMIT, OFFSET or set operation at the top; no aggregate and no window function in the select list. MySQL
Reference Manual, "Updatable and Insertable Views", names the same, and lets inner joins be.
"""

from __future__ import annotations

from .relations import JOINS
from .tree import Node, call_name, exp


def obstacles(root: Node) -> tuple[str, ...]:
    """The reasons why nothing can be written through a view of this query, in words; empty where it can be."""
    found: list[str] = []
    if root.args.get("with_") is not None:
        found.append("it has a WITH")
    if isinstance(root, exp.SetOperation):
        return (*found, "it puts queries together")
    if not isinstance(root, exp.Select):
        return (*found, "it is no plain query")
    for part, why in (
        ("distinct", "it takes rows once"),
        ("group", "it groups rows"),
        ("having", "it groups rows"),
        ("limit", "it cuts off rows"),
        ("offset", "it cuts off rows"),
    ):
        if root.args.get(part) is not None and why not in found:
            found.append(why)
    if any(_computes(item) for item in root.expressions):
        found.append("it computes over rows")
    from_ = root.args.get("from_")
    if from_ is None or not isinstance(from_.this, exp.Table) or not isinstance(from_.this.this, exp.Identifier):
        found.append("it reads no table" if from_ is None else "it reads a query")
    joins = root.args.get("joins") or []
    if joins and all(not j.args.get("side") and isinstance(j.this, exp.Table) for j in joins):
        found.append(JOINS)
    elif joins:
        found.append("it joins what may not be there")
    return tuple(found)


def _computes(item: Node) -> bool:
    """Whether an item of a select list is an aggregate or a window function."""
    for node in item.walk(prune=lambda n: isinstance(n, exp.Query)):
        if isinstance(node, (exp.AggFunc, exp.Window)):
            return True
        if isinstance(node, exp.Anonymous) and call_name(node).upper() in _AGGREGATES:
            return True
    return False


#: Aggregates that no class of the parser stands for.
_AGGREGATES = frozenset({"STRING_AGG", "GROUP_CONCAT", "LISTAGG", "COUNT", "SUM", "MIN", "MAX", "AVG", "STDDEV_SAMP"})
