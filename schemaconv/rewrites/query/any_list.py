"""``= ANY (1, 2)`` and its kin over a list of values."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp, is_call, put
from . import every

REMOVES = "comparison_any_list"
NEEDS = (exp.Any, exp.All)
WORDS = frozenset({"ALL", "SOME", "ANY"})

_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)


def rewrite(root: Node, ctx: Context) -> Node:
    for call in every(root, exp.Anonymous):  # a list behind ALL is read as a call
        if is_call(call, "ALL", "all") and call.parent is not None:
            call.replace(exp.All(this=exp.Tuple(expressions=call.expressions)))
        elif is_call(call, "SOME", "some", "ANY", "any") and isinstance(call.parent, _COMPARISONS):
            call.replace(exp.Any(this=exp.Tuple(expressions=call.expressions)))
    for node in every(root, exp.Any, exp.All):
        values = node.this
        comparison = node.parent
        escape = comparison.parent if comparison is not None and isinstance(comparison.parent, exp.Escape) else None
        if isinstance(values, exp.Paren):
            values = exp.Tuple(expressions=[values.this]) if not isinstance(values.this, exp.Query) else values
        if not isinstance(values, exp.Tuple) or comparison is None or node is not comparison.expression:
            continue
        if not values.expressions:
            raise ctx.refuse("SC4200", node, reason="a list without values")
        left = comparison.this
        if isinstance(comparison, exp.EQ) and isinstance(node, exp.Any):
            made: Node = exp.In(this=left, expressions=values.expressions)
        elif isinstance(comparison, exp.NEQ) and isinstance(node, exp.All):
            made = exp.Not(this=exp.In(this=left, expressions=values.expressions))
        else:
            join = exp.Or if isinstance(node, exp.Any) else exp.And
            parts = [_part(comparison, left, v, escape) for v in values.expressions]
            made = parts[0]
            for part in parts[1:]:
                made = join(this=made, expression=part)
            made = exp.Paren(this=made)
        place = escape or comparison
        root = put(place, made, root)
    return root


def _part(comparison: Node, left: Node, value: Node, escape: Node | None) -> Node:
    """The comparison with one value of the list, its NOT and its ESCAPE."""
    made: Node = type(comparison)(this=left.copy(), expression=value)
    if escape is not None:
        made = exp.Escape(this=made, expression=escape.expression.copy())
    return exp.Not(this=made) if comparison.args.get("negate") else made
