"""Rows that are counted: ``CONNECT BY LEVEL <= n`` over DUAL, as a series of numbers where the target has one, and the
limits that ROWNUM sets."""

from __future__ import annotations

from .context import Context
from .hierarchy import COUNT, WORDS, Block, taken_in
from .kinds import is_integer
from .tree import Node, call, call_name, exp, identifier, integer, is_call, number, parens, source_function, unused

MIRRORED: dict[type[Node], type[Node]] = {exp.GTE: exp.LTE, exp.GT: exp.LT, exp.LTE: exp.GTE, exp.LT: exp.GT}
#: Whole numbers of so many digits are integers on every target.
DIGITS = 18


def is_single(block: Block) -> bool:
    """Whether the rows are the one of DUAL, of which nothing is asked."""
    if list(block.sources.values()) != [["DUMMY"]] or any(i.is_star for i in block.select.expressions):
        return False
    if any("own" in c.meta for part in block.parts() for c in part.find_all(exp.Column)):
        return False
    block.ctx.consume("DUAL", "SYS", *block.sources)
    return True


def numbered(select: exp.Select) -> None:
    """ROWNUM of the rows of one row: the level, where nothing leaves one out."""
    places = [select.args["connect"]]
    if select.args.get("where") is None and select.args.get("order") is None:
        places += select.expressions
    for place in places:
        for node in list(place.find_all(exp.Anonymous)):
            if is_call(node, "ROWNUM") and node.find_ancestor(exp.Select) is select:
                made: Node = source_function("LEVEL")
                if node.parent is select:
                    made = exp.Alias(this=made, alias=identifier("ROWNUM"))
                node.replace(made)


def series(select: exp.Select, condition: Node, ctx: Context) -> bool:
    """``LEVEL <= n`` over one row as a series of numbers; whether it is one."""
    if not ctx.has("series_rows") or select.args["connect"].args.get("start") is not None:
        return False
    while isinstance(condition, exp.Paren):
        condition = condition.this
    low, high, kind = condition.args.get("this"), condition.args.get("expression"), type(condition)
    if kind in (exp.GTE, exp.GT):
        low, high, kind = high, low, MIRRORED[kind]
    if kind not in (exp.LTE, exp.LT) or not is_call(low, "LEVEL") or not isinstance(high, exp.Expr):
        return False
    calls = [n for n in select.find_all(exp.Anonymous) if call_name(n) in WORDS]
    if any(call_name(n) != "LEVEL" or n.find_ancestor(exp.Select) is not select for n in calls):
        return False
    if high.find(exp.Query) or sum(is_call(n, "LEVEL") for n in condition.find_all(exp.Anonymous)) > 1:
        return False
    value = integer(high)
    if value is not None:
        last: Node = number(max(value - (kind is exp.LT), 1))
        ctx.consume(str(abs(value)))
    elif is_integer(ctx.infer(high).type) and digits(high, ctx) <= DIGITS:
        last = high.copy() if kind is exp.LTE else exp.Sub(this=parens(high.copy()), expression=number(1))
        last = call("GREATEST", last, number(1))
    else:
        return False
    taken = taken_in(select)
    name, title = identifier(unused("SERIES", taken)), identifier("LEVEL")
    table = exp.Table(this=call("generate_series", number(1), last), alias=exp.TableAlias(this=name, columns=[title]))
    select.set("from_", exp.From(this=table))
    select.set("connect", None)
    for part in [*select.expressions, *(select.args.get(k) for k in ("where", "group", "having", "order"))]:
        for node in list(part.find_all(exp.Anonymous)) if part is not None else ():
            if is_call(node, "LEVEL"):
                made = exp.Column(this=title.copy())
                made.meta["known"] = COUNT
                node.replace(made)
    return True


def digits(node: Node, ctx: Context) -> int:
    found = ctx.infer(node).type
    if found.kind in ("bit", "tinyint", "utinyint", "smallint", "integer", "bigint"):
        return DIGITS
    return found.precision if ctx.settings.integers and found.precision and is_integer(found) else DIGITS + 1


def limit_of(part: Node) -> int | None:
    """The rows that a condition on ROWNUM lets through, if it is a limit.

    The first row is number 1 until it is let through: ``ROWNUM > 1`` and ``ROWNUM = 2`` let none through.
    """
    if isinstance(part, exp.Between) and is_call(part.this, "ROWNUM"):
        low, high = integer(part.args["low"]), integer(part.args["high"])
        if low is None or high is None:
            return None
        return max(high, 0) if low <= 1 else 0
    if not isinstance(part, (exp.LTE, exp.LT, exp.EQ, exp.GTE, exp.GT)):
        return None
    left, right = part.this, part.expression
    kind: type[Node] = type(part)
    if is_call(right, "ROWNUM"):
        left, right = right, left
        kind = MIRRORED.get(kind, kind)
    value = integer(right)
    if not is_call(left, "ROWNUM") or value is None:
        return None
    if kind is exp.LTE:
        return max(value, 0)
    if kind is exp.LT:
        return max(value - 1, 0)
    if kind is exp.EQ:
        return 1 if value == 1 else 0
    return 0 if value > (1 if kind is exp.GTE else 0) else None
