"""GROUPING SETS, CUBE and ROLLUP: as a list, behind the list (WITH ROLLUP), or not at all.

Transact-SQL reference, "GROUP BY": the older forms WITH ROLLUP and WITH CUBE take the whole list; GROUP BY ALL also
gives the groups of which WHERE leaves no row.
"""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp
from . import every

REMOVES = "grouping_sets"
NEEDS = (exp.Group,)

_SETS = (exp.GroupingSets, exp.Cube, exp.Rollup)


def rewrite(root: Node, ctx: Context) -> Node:
    for group in every(root, exp.Group):
        _all(group, ctx)
        if ctx.has("grouping_sets"):
            _listed(group)
        elif not (ctx.has("with_rollup") and _behind(group)):
            for item in [*every(group, *_SETS), *(t for t in every(group, exp.Tuple) if not t.expressions)]:
                raise ctx.refuse("SC4267", item)
    return root


def _all(group: Node, ctx: Context) -> None:
    """GROUP BY ALL, which says nothing where no row is left out."""
    if not group.args.get("all"):
        return
    if not group.expressions or group.parent is None or group.parent.args.get("where") is not None:
        raise ctx.refuse("SC4200", group, reason="GROUP BY ALL, which gives groups without rows")
    group.set("all", None)


def _listed(group: Node) -> None:
    """``a, b WITH ROLLUP`` as ``ROLLUP (a, b)``."""
    for key in ("rollup", "cube"):
        found = group.args.get(key)
        if found and not found[0].expressions:
            group.set("expressions", [found[0].__class__(expressions=group.expressions)])
            group.set(key, None)


def _behind(group: Node) -> bool:
    """Make ``ROLLUP (a, b)`` to ``a, b WITH ROLLUP``; whether the whole list stands so, or stood so already."""
    items = list(group.expressions)
    if len(items) == 1 and isinstance(items[0], exp.Rollup) and not group.args.get("rollup"):
        items = list(items[0].expressions)
        if not any(isinstance(i, exp.Tuple) for i in items):
            group.set("expressions", items)
            group.set("rollup", [exp.Rollup()])
    if not group.args.get("rollup") or group.args.get("cube") or group.args.get("grouping_sets"):
        return False
    return not any(isinstance(i, (exp.Tuple, *_SETS)) for i in group.expressions)
