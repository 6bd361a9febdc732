"""``FROM dual``: the one-row table that a query without a table does not need."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp, identifier, string
from . import selects

REMOVES = "from_dual"
WORDS = frozenset({"DUAL"})


def rewrite(root: Node, ctx: Context) -> Node:
    for select in selects(root):
        _select(select, ctx)
    if isinstance(root, exp.Merge) and _is_dual(root.args["using"]):
        table = root.args["using"]
        root.set("using", _one_row(table.alias or "DUAL"))
    return root


def _is_dual(node: object) -> bool:
    return isinstance(node, exp.Table) and node.name == "DUAL" and node.db in ("", "SYS")


def _select(select: exp.Select, ctx: Context) -> None:
    from_ = select.args.get("from_")
    if from_ is None:
        return
    joins: list[exp.Join] = select.args.get("joins") or []
    needed = _is_read(select)
    if _is_dual(from_.this):
        ctx.consume("DUAL", "SYS", from_.this.alias)
        if needed:
            from_.set("this", _one_row(from_.this.alias or "DUAL"))
        elif not joins:
            select.set("from_", None)
            return
        elif _plain(joins[0]):
            first = joins.pop(0)
            from_.set("this", first.this)
        else:
            from_.set("this", _one_row(from_.this.alias or "DUAL"))
    kept = []
    for join in joins:
        if _is_dual(join.this):
            ctx.consume("DUAL", "SYS", join.this.alias)
            if _plain(join) and not needed:
                continue
            join.set("this", _one_row(join.this.alias or "DUAL"))
        kept.append(join)
    if joins:
        select.set("joins", kept)


def _plain(join: exp.Join) -> bool:
    """A join that only multiplies: a comma, or CROSS JOIN."""
    return not any(join.args.get(k) for k in ("on", "using", "side", "method"))


def _is_read(select: exp.Select) -> bool:
    if any(isinstance(item, exp.Star) for item in select.expressions):
        return True
    return any(c.name == "DUMMY" for item in select.expressions for c in item.find_all(exp.Column))


def _one_row(alias: str) -> exp.Subquery:
    dummy = exp.Alias(this=string("X"), alias=identifier("DUMMY"))
    return exp.Subquery(this=exp.Select(expressions=[dummy]), alias=exp.TableAlias(this=identifier(alias)))
