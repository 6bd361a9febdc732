"""MERGE: conditions of its branches, the rows that it reads, and targets that take less of it."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.merging import typed_rows
from ...sql.tree import Node, conjunction, exp, number
from . import apply

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
    ctx.consume("TARGET")  # of BY TARGET, which is meant where nothing is said
    typed_rows(root, ctx)
    if not ctx.has("merge_by_source"):
        root = _by_source(root, ctx)
        if not isinstance(root, exp.Merge):
            return root
    whens = root.args["whens"].expressions
    if len(whens) < 2 and not ctx.has("merge_one_branch"):
        raise ctx.refuse("SC4262", root, reason="the target wants both WHEN MATCHED and WHEN NOT MATCHED")
    if not isinstance(root.args["using"], exp.Table) and not ctx.has("merge_subquery"):
        raise ctx.refuse("SC4262", root, reason="the target merges from a table only")
    own = {root.this.alias, root.this.name} - {""}
    for when in whens:
        _branch(when, own, ctx)
    return root


def _by_source(root: exp.Merge, ctx: Context) -> Node:
    """WHEN NOT MATCHED BY SOURCE as statements of their own, which come first; the last one where nothing is left.

    Rows that the source lacks are none that the other branches touch, so that the order means nothing.
    """
    whens = root.args["whens"].expressions
    apart = [w for w in whens if w.args.get("source")]
    if not apart:
        return root
    ctx.consume("SOURCE")
    read = {c.name for c in root.args["on"].find_all(exp.Column)}
    alone = len(apart) == len(whens)
    if len(apart) > 1:
        raise ctx.refuse("SC4262", apart[1], reason="two branches WHEN NOT MATCHED BY SOURCE")
    when = apart[0]
    then = when.args["then"]
    lacks = exp.Select(
        expressions=[number(1)],
        from_=exp.From(this=root.args["using"].copy()),
        where=exp.Where(this=root.args["on"].copy()),
    )
    tests: list[Node] = [exp.Not(this=exp.Exists(this=lacks))]
    if when.args.get("condition") is not None:
        tests.append(when.args["condition"])
    where = exp.Where(this=conjunction(tests))
    if isinstance(then, exp.Update):
        if any(part.this.name in read for part in then.expressions):
            raise ctx.refuse("SC4262", when, reason="WHEN NOT MATCHED BY SOURCE changes what ON compares")
        made: Node = exp.Update(this=root.this.copy(), expressions=then.expressions, where=where)
    else:
        made = exp.Delete(this=root.this.copy(), where=where)
    if alone:
        return made
    when.pop()
    ctx.before.append(apply(made, ctx))
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
    else:
        targets = []
    for column in targets:
        if isinstance(column, exp.Column) and column.table in own:
            ctx.consume(column.table)
            column.set("table", None)
