"""DECODE, which compares NULL with NULL as equal, as CASE. SQL Language Reference, "DECODE"."""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.convert import alike, text_or_same, to_number
from ...sql.flags import to_flag
from ...sql.tree import Node, exp, is_call, is_null, parens, string

REMOVES = "decode"

NODES = (exp.Anonymous,)


def node(node: Node, ctx: Context) -> Node:
    if not is_call(node, "DECODE") or node.meta.get("done"):
        return node
    arguments = list(node.expressions)
    if len(arguments) < 3:
        raise ctx.refuse("SC4204", node, function="DECODE")
    value = text_or_same(arguments[0], ctx)
    pairs = arguments[1:]
    default = pairs.pop() if len(pairs) % 2 else None
    tests = [_like(value, t, ctx) for t in pairs[::2]]
    results = alike([*pairs[1::2], *([default] if default is not None else [])], ctx)
    default = results.pop() if default is not None else None
    plain = all(isinstance(t, (exp.Literal, exp.Neg, exp.Boolean)) for t in tests)
    branches = []
    for test, result in zip(tests, results, strict=True):
        condition = test if plain else _equal(value, test, ctx)
        branches.append(exp.If(this=condition, true=result))
    made = exp.Case(this=value if plain else None, ifs=branches, default=default)
    both = [*results, *([default] if default is not None else [])]
    sure = default is not None and all(ctx.typer.not_null(r) for r in both)
    made.meta["known"] = Known(ctx.typer.first_type(both), sure)
    return made


def _like(value: Node, test: Node, ctx: Context) -> Node:
    """``test`` in the type of ``value``, where they differ."""
    kinds = (ctx.typer.family(value), ctx.typer.family(test))
    if kinds[0] == "boolean":
        return to_flag(test, ctx)
    if kinds == ("number", "text"):
        return to_number(test, ctx)
    if kinds == ("text", "number"):
        ctx.say("SC4235", test)
        if isinstance(test, exp.Literal):
            return string(test.this)
        raise ctx.refuse("SC4204", test, function="DECODE")
    return test


def _equal(value: Node, test: Node, ctx: Context) -> Node:
    if is_null(test):
        return exp.Is(this=parens(value.copy()), expression=exp.Null())
    if isinstance(test, (exp.Literal, exp.Neg)) or (ctx.typer.not_null(test) or ctx.typer.not_null(value)):
        return exp.EQ(this=parens(value.copy()), expression=parens(test))
    return ctx.op("not_distinct", test, None, a=value.copy(), b=test)
