"""The first rows of a query by their ranks, where a target has no limit that says so."""

from __future__ import annotations

from ..ir.fragment import Known
from .context import Context
from .kinds import INTEGER
from .tree import Node, call, exp, integer, number, parens, source_function


def ranked(query: Node, count: Node, percent: bool, ties: bool, ctx: Context, word: str) -> None:
    """Keep the rows up to a rank: with the ties of the last, or a share of all rows, rounded up.

    Raises :class:`Refused` where the query gives no order to rank by, and names ``word``.
    """
    order = _order(query, percent, ctx, word)
    rank = _window("RANK" if ties else "ROW_NUMBER", order)
    if percent:
        rows = exp.Window(this=source_function("COUNT", exp.Star()), over="OVER")
        count = call("CEILING", exp.Div(this=exp.Mul(this=rows, expression=count), expression=number("100.0")))
    query.set("qualify", exp.Qualify(this=exp.LTE(this=rank, expression=count)))


def between(query: Node, count: Node, percent: bool, ties: bool, ctx: Context, skipped: Node | None) -> None:
    """:func:`ranked` behind the first ``skipped`` rows; a share is told without dividing: a whole number is at most the
    share rounded up where the one below it is less than the share."""
    order = _order(query, percent, ctx, "FETCH")
    rank: Node = _window("RANK" if ties else "ROW_NUMBER", order)
    condition: Node
    if percent:
        less: Node = number(100)  # added on the other side: MySQL's ranks have no sign
        if integer(skipped) is not None:
            less = number(100 * ((integer(skipped) or 0) + 1))
        elif skipped is not None:
            more = exp.Add(this=parens(skipped.copy()), expression=number(1))
            less = exp.Mul(this=exp.Paren(this=more), expression=number(100))
        rows = exp.Window(this=source_function("COUNT", exp.Star()), over="OVER")
        rows.meta["known"] = Known(INTEGER, True)
        share = exp.Add(this=exp.Mul(this=rows, expression=parens(count)), expression=less)
        condition = exp.LT(this=exp.Mul(this=rank, expression=number(100)), expression=share)
        if integer(skipped) is not None:
            ctx.consume(str(integer(skipped)))
    elif skipped is not None:
        last = exp.Add(this=parens(count), expression=parens(skipped.copy()))
        condition = exp.LTE(this=rank, expression=last)
    else:
        condition = exp.LTE(this=rank, expression=count)
    if skipped is not None:
        place = exp.GT(this=_window("ROW_NUMBER", order), expression=parens(skipped))
        condition = exp.And(this=condition, expression=place)
    query.set("qualify", exp.Qualify(this=condition))


def _order(query: Node, percent: bool, ctx: Context, word: str) -> Node:
    order = query.args.get("order")
    late = query.args.get("distinct") or query.args.get("qualify")
    if order is None or late or not isinstance(query, exp.Select):
        raise ctx.refuse("SC4246", query, what=f"{word} ... PERCENT" if percent else f"{word} ... WITH TIES")
    made: Node = order
    return made


def _window(function: str, order: Node) -> exp.Window:
    made = exp.Window(this=source_function(function), order=order.copy(), over="OVER")
    made.meta["known"] = Known(INTEGER, True)
    return made
