"""Columns of a recursive WITH as wide in the first branch as the other one makes them.

SQL Language Reference, "subquery_factoring_clause": both branches give the types together. PostgreSQL wants the same
type with the same length in both ("WITH Queries": an error names the column), MySQL takes length and digits of the
first branch alone and cuts what is longer or refuses it ("WITH (Common Table Expressions)", limitations).
"""

from __future__ import annotations

from dataclasses import replace

from ...ir.fragment import Known
from ...ir.types import Type
from ...sql.context import Context
from ...sql.kinds import NUMBER, TEXT, TIMESTAMP, family, is_integer
from ...sql.select_list import put_value
from ...sql.tree import Node, cast_to, exp

REMOVES = "recursive_column_type"
NEEDS = (exp.With,)
TRAIT = "recursion_widens"


def rewrite(root: Node, ctx: Context) -> Node:
    for cte in list(root.find_all(exp.CTE)):
        body = cte.this
        if cte.meta.get("walk_made") or not isinstance(body, exp.Union) or not isinstance(body.this, exp.Select):
            continue
        first, later = body.this, body.expression
        own = [t for t in later.find_all(exp.Table) if t.name == cte.alias and not t.args.get("db")]
        if not own or not isinstance(later, exp.Select) or len(first.expressions) != len(later.expressions):
            continue
        titles = [c.name for c in cte.args["alias"].args.get("columns") or ()]
        for at in range(len(titles) if len(titles) == len(first.expressions) else 0):
            _widened(first, later, at, (titles[at], own[0].alias_or_name), ctx)
    return root


def _widened(first: exp.Select, later: exp.Select, at: int, own: tuple[str, str], ctx: Context) -> None:
    """Cast the column ``at`` where the later branch has another type than the first."""
    start, step = first.expressions[at].unalias(), later.expressions[at].unalias()
    starred = first.expressions[at].is_star or later.expressions[at].is_star
    if starred or start.meta.get("carried") or _is_own(step, own):
        return
    given, found = ctx.infer(start).type, ctx.infer(step).type
    if isinstance(start, exp.Column) and isinstance(step, exp.Column) and given == found:
        return
    kind = family(found) if family(given) in ("null", "unknown") else family(given)
    wide: Type | None = None
    match kind:
        case "text":
            if isinstance(start, exp.Literal) and isinstance(step, exp.Literal):
                return
            wide = TEXT
        case "number":
            wide = _number(start, step, own, ctx)
        case "timestamp" | "date" if isinstance(start, exp.Column):
            wide = TIMESTAMP
        case _:
            pass
    if wide is None:
        return
    for block, value in ((first, start), (later, step)):
        made = _as(value, wide, block is first, ctx)
        if made is not None:
            put_value(block, at, made)


def _is_own(node: Node, own: tuple[str, str]) -> bool:
    """Whether ``node`` is the column of the recursion itself, which has its type."""
    return isinstance(node, exp.Column) and node.name == own[0] and node.table in ("", own[1])


def _number(start: Node, step: Node, own: tuple[str, str], ctx: Context) -> Type | None:
    """The type that holds what the steps add up to; ``None`` where that of the first branch does."""
    grows = any(isinstance(n, (exp.Mul, exp.Div)) for n in step.walk())
    if all(_whole(n, ctx) for n in (start, step)):
        if grows:
            return replace(NUMBER, precision=38, scale=0)
        return None if isinstance(start, exp.Literal) and _counts(step, own) else Type("bigint")
    scales = [ctx.infer(c).type.scale for c in (*step.find_all(exp.Column), *start.find_all(exp.Column))
              if not _is_own(c, own)]  # fmt: skip
    if grows or None in scales or any(isinstance(n, exp.Anonymous) for n in (*step.walk(), *start.walk())):
        return NUMBER
    literals = [n.this for n in (*step.find_all(exp.Literal), *start.find_all(exp.Literal)) if not n.is_string]
    scale = max([0, *(s or 0 for s in scales), *(len(t.partition(".")[2]) for t in literals)])
    return replace(NUMBER, precision=38, scale=scale)


def _whole(node: Node, ctx: Context) -> bool:
    return is_integer(ctx.infer(node).type) and not any(isinstance(n, exp.Div) for n in node.walk())


def _counts(step: Node, own: tuple[str, str]) -> bool:
    """Whether a step adds literals to the recursion's own column: integers of one width everywhere."""
    kinds = (exp.Literal, exp.Add, exp.Sub, exp.Paren, exp.Neg, exp.Identifier)
    return all(isinstance(n, kinds) or _is_own(n, own) for n in step.walk())


def _as(node: Node, wide: Type, first: bool, ctx: Context) -> Node | None:
    """``node`` of the wider type; ``None`` where the branch needs no cast."""
    if not first and not ctx.has("recursion_cast_twice"):
        return None
    known = Known(wide, ctx.typer.not_null(node))
    if wide is TEXT:
        return ctx.op("hierarchy_text", node, known, s=node.copy())
    casts = ctx.family.casts
    if wide is TIMESTAMP:
        if ctx.family.way("recursive_moment") is None:
            return None
        return ctx.op("recursive_moment", node, known, d=node.copy())
    if wide.kind == "bigint":
        spelling = str(casts["bigint"])
    elif wide.precision is None or ctx.has("bare_number"):
        spelling = str(casts["number"])
    else:
        spelling = str(casts["decimal"]).format(precision=wide.precision, scale=wide.scale)
    made = cast_to(node.copy(), spelling)
    made.meta["done"] = True
    made.meta["known"] = known
    return made
