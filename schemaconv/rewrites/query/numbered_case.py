"""``CASE_N(a < 1, a < 5, NO CASE, UNKNOWN)`` and ``RANGE_N(a BETWEEN 1 AND 9 EACH 3, ...)`` as CASE.

Teradata SQL Functions, Expressions, and Predicates, "CASE_N", "RANGE_N": the number of the first condition that is
true, if none before it is unknown; NO CASE (NO RANGE) and UNKNOWN have the numbers behind the last one.
"""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.kinds import INTEGER, is_integer
from ...sql.tree import Node, call_name, exp, integer, is_call, literal_text, number, parens, put
from . import every

REMOVES = "numbered_case"
ADDS = ("comparison", "integer_division", "function")
WORDS = frozenset({"CASE_N", "RANGE_N"})

_NO = ("NO CASE", "NO RANGE")
_BOTH = ("NO CASE OR UNKNOWN", "NO RANGE OR UNKNOWN")


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Anonymous):
        if not isinstance(node, exp.Anonymous) or not is_call(node, "CASE_N", "RANGE_N"):
            continue
        ctx.consume(call_name(node))
        made = _cases(node, ctx) if call_name(node) == "CASE_N" else _ranges(node, ctx)
        made.meta["known"] = Known(INTEGER)
        made.meta["start"] = node.meta.get("start", 0)
        root = put(node, made, root)
    return root


def _options(node: exp.Anonymous, values: list[Node], count: int, ctx: Context) -> tuple[int | None, int | None]:
    """The numbers of "none" and of "unknown", taken off the end of ``values``."""
    names: list[str] = []
    while values and (literal_text(values[-1]) or "") in (*_NO, *_BOTH, "UNKNOWN"):
        names.insert(0, literal_text(values.pop()) or "")
    ctx.consume(*names)
    if not names:
        return None, None
    if len(names) == 1 and names[0] in _BOTH:
        return count + 1, count + 1
    if len(names) > 2 or names[0] in _BOTH or (len(names) == 2 and (names[0] not in _NO or names[1] != "UNKNOWN")):
        raise ctx.refuse("SC4204", node, function=call_name(node))
    none = count + 1 if names[0] in _NO else None
    unknown = count + len(names) if names[-1] == "UNKNOWN" else None
    return none, unknown


def _count(values: list[Node]) -> int:
    return sum((literal_text(v) or "") not in (*_NO, *_BOTH, "UNKNOWN") for v in values)


def _is_null(value: Node) -> Node:
    return exp.Is(this=parens(value.copy()), expression=exp.Null())


def _number(value: int | None) -> Node:
    return exp.Null() if value is None else number(value)


def _cases(node: exp.Anonymous, ctx: Context) -> Node:
    values = list(node.expressions)
    none, unknown = _options(node, values, _count(values), ctx)
    branches: list[exp.If] = []
    for i, condition in enumerate(values):
        branches.append(exp.If(this=condition, true=number(i + 1)))
        columns = list(condition.find_all(exp.Column))
        if unknown != none or i + 1 < len(values):
            doubtful = [c for c in columns if not ctx.typer.not_null(c)] or (not columns and [condition])
            if doubtful:
                branches.append(exp.If(this=_is_null(condition), true=_number(unknown)))
    return exp.Case(ifs=branches, default=None if none is None else number(none))


def _ranges(node: exp.Anonymous, ctx: Context) -> Node:
    """Ranges with a start, an end and a step in threes behind the value."""
    tested, *values = node.expressions
    count = _count(values)
    if count % 3 or not count:
        raise ctx.refuse("SC4204", node, function="RANGE_N")
    bounds = [values[i : i + 3] for i in range(0, count, 3)]
    sizes = [_size(part, ctx, node) for part in bounds]
    none, unknown = _options(node, values, sum(sizes), ctx)
    branches: list[exp.If] = []
    if unknown is not None and not ctx.typer.not_null(tested):
        branches.append(exp.If(this=_is_null(tested), true=_number(unknown)))
    first = 1
    for i, (start, end, step) in enumerate(bounds):
        following = bounds[i + 1][0] if i + 1 < len(bounds) else None
        test = _within(tested, start, end, following, ctx, node)
        place: Node = number(first)
        if sizes[i] > 1:
            shift = exp.Paren(this=exp.Sub(this=parens(tested.copy()), expression=start.copy()))
            place = exp.Div(this=shift, expression=step)
            place = exp.Add(this=place, expression=number(first))
        branches.append(exp.If(this=test, true=place))
        first += sizes[i]
    return exp.Case(ifs=branches, default=None if none is None else number(none))


def _within(tested: Node, start: Node, end: Node, following: Node | None, ctx: Context, node: Node) -> Node:
    parts: list[Node] = []
    if literal_text(start) == "*":
        ctx.consume("*")
    else:
        parts.append(exp.GTE(this=parens(tested.copy()), expression=start.copy()))
    word = literal_text(end)
    if word == "" and following is not None:
        parts.append(exp.LT(this=parens(tested.copy()), expression=following.copy()))
    elif word == "":
        raise ctx.refuse("SC4204", node, function="RANGE_N")
    elif word == "*":
        ctx.consume("*")
    else:
        parts.append(exp.LTE(this=parens(tested.copy()), expression=end.copy()))
    if not parts:
        return exp.Not(this=_is_null(tested))
    return parts[0] if len(parts) == 1 else exp.And(this=parts[0], expression=parts[1])


def _size(part: list[Node], ctx: Context, node: Node) -> int:
    """How many ranges a step makes of one."""
    start, end, step = part
    if literal_text(step) == "":
        return 1
    low, high, each = integer(start), integer(end), integer(step)
    if low is None or high is None or not each or each < 0 or not is_integer(ctx.infer(node.expressions[0]).type):
        raise ctx.refuse("SC4204", node, function="RANGE_N ... EACH")
    return max((high - low) // each + 1, 1)
