"""MERGE: conditions of its branches, the rows that it reads, and targets that take less of it."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp

REMOVES = "merge"
NEEDS = (exp.Merge,)
ADDS = ("from_dual",)


def rewrite(root: Node, ctx: Context) -> Node:
    if not isinstance(root, exp.Merge):
        return root
    if not ctx.has("merge"):
        raise ctx.refuse("SC4262", root, reason="the target has no MERGE")
    if not isinstance(root.this, exp.Table):
        raise ctx.refuse("SC4261", root, what="MERGE into a query")
    whens = root.args["whens"].expressions
    if len(whens) < 2 and not ctx.has("merge_one_branch"):
        raise ctx.refuse("SC4262", root, reason="the target wants both WHEN MATCHED and WHEN NOT MATCHED")
    if not isinstance(root.args["using"], exp.Table) and not ctx.has("merge_subquery"):
        raise ctx.refuse("SC4262", root, reason="the target merges from a table only")
    own = {root.this.alias, root.this.name} - {""}
    for when in whens:
        _branch(when, own, ctx)
    return root


def _branch(when: exp.When, own: set[str], ctx: Context) -> None:
    then = when.args["then"]
    where = then.args.get("where") if isinstance(then, exp.Expr) else None
    if where is not None:
        if not ctx.has("merge_condition"):
            raise ctx.refuse("SC4262", when, reason="the target knows no condition on a branch")
        condition = where.this
        when.set("condition", exp.Paren(this=condition) if isinstance(condition, exp.Or) else condition)
        then.set("where", None)
    elif when.args.get("condition") is not None and not ctx.has("merge_condition"):
        raise ctx.refuse("SC4262", when, reason="the target knows no condition on a branch")
    if isinstance(then, exp.Update):
        targets = [part.this for part in then.expressions]
    elif isinstance(then, exp.Insert) and isinstance(then.this, exp.Tuple):
        targets = list(then.this.expressions)
        if then.args.get("expression") is None and [t.name.upper() for t in targets] == ["DEFAULT"]:
            raise ctx.refuse("SC4262", when, reason="INSERT DEFAULT VALUES")
    else:
        targets = []
    for column in targets:
        if isinstance(column, exp.Column) and column.table in own:
            ctx.consume(column.table)
            column.set("table", None)
