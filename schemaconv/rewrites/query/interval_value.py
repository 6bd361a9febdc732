"""An interval as a value of a query, where a target has intervals only beside a date.

MySQL Reference Manual, "Temporal Intervals": INTERVAL stands in additions and in arguments of a few functions.
"""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp
from . import every

REMOVES = "interval_value"
NEEDS = (exp.Interval,)
LAST = True

_PLACES = (exp.Alias, exp.Select, exp.If, exp.Case, exp.Tuple, exp.Ordered)


def rewrite(root: Node, ctx: Context) -> Node:
    if not ctx.has("interval_values"):
        for node in every(root, exp.Interval):
            place = node.parent
            while isinstance(place, exp.Paren):
                place = place.parent
            if isinstance(place, _PLACES):
                raise ctx.refuse("SC4203", node, function="INTERVAL as a value", what="INTERVAL as a value")
    return root
