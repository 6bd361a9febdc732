"""Quotients of exact numbers in sources that give them a scale of their own, fewer digits than the targets give.

Teradata rounds to the larger scale of the two operands (SQL Functions, "DECIMAL Result Data Type"): 2.00 / 3 is 0.67.
SQL Server cuts off at the scale that "Precision, scale, and length" tells, and money at four digits.
"""

from __future__ import annotations

from typing import Final

from ..ir.fragment import Known
from ..ir.types import Type
from .context import Context
from .tree import Node, cast_to, number

#: A quotient that is cut behind more digits than these may keep those that the target adds.
_SEEN: Final = 6
#: Digits that a target without ``quotient_digits`` gives behind those of the dividend (MySQL, div_precision_increment).
_ADDED: Final = 4
_MOST: Final = 65


def scaled(node: Node, left: Node, right: Node, known: Known, ctx: Context) -> Node | None:
    """``left / right`` with the digits that the source gives; ``None`` where the target's own do, or none is known."""
    how = ctx.source.traits.get("quotient_scale")
    scale = 4 if known.type.kind == "money" else known.type.scale
    if how is None or known.type.kind not in ("decimal", "money") or scale is None:
        return None
    if not ctx.has("quotient_digits"):
        made = _widened(left, scale, ctx)
        if made is None:
            return None
        left = made
    elif how == "cut" and scale > _SEEN:
        return None
    return ctx.op(f"divide_{how}", node, known, a=left, b=right, scale=number(scale))


def _widened(node: Node, scale: int, ctx: Context) -> Node | None:
    """The dividend with room for as many digits behind the point; ``None`` where the target has no such decimal."""
    found = ctx.infer(node).type
    own = _scale(found)
    if own is None:
        return None
    if scale < own + _ADDED or (scale == own + _ADDED and ctx.source.traits.get("quotient_scale") == "rounded"):
        return node
    whole = (found.precision or 20) - own if found.kind == "decimal" else 20
    if whole + scale > _MOST or scale + _ADDED > 30:
        return None
    spelling = str(ctx.family.casts["decimal"]).format(precision=whole + scale, scale=scale)
    made = cast_to(node, spelling)
    made.meta["done"] = True
    made.meta["known"] = Known(Type("decimal", precision=whole + scale, scale=scale), ctx.typer.not_null(node))
    return made


def _scale(type_: Type) -> int | None:
    """Digits behind the point of an exact number."""
    if type_.kind == "money":
        return 4
    if type_.kind == "decimal":
        return type_.scale or 0
    return 0 if type_.kind in ("bit", "tinyint", "utinyint", "smallint", "integer", "bigint") else None
