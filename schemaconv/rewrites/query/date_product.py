"""``d / 100`` and ``d MOD 100``: arithmetic on the digits of a date."""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.date_digits import date_digits
from ...sql.kinds import INTEGER
from ...sql.tree import Node, exp
from . import every

REMOVES = "date_product"
ADDS = ("integer_division",)
TRAIT = "number_is_date_digits"
NEEDS = (exp.Div, exp.Mod, exp.Mul)


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Div, exp.Mod, exp.Mul):
        for side in ("this", "expression"):
            value = node.args[side]
            if ctx.infer(value).type.kind == "date" and not ctx.infer(value).type.unit:
                node.set(side, None)
                node.set(side, date_digits(value, node, ctx))
                node.meta["known"] = Known(INTEGER, ctx.typer.not_null(node.args[side]))
    return root
