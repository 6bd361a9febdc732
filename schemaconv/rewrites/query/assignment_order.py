"""``SET a = b, b = a``: the standard's UPDATE reads every column as it was before.

MySQL reference, "UPDATE": assignments are evaluated from left to right, and a column that was assigned has its new
value; in a statement on several tables no order is promised."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp

REMOVES = "assignment_at_once"
NEEDS = (exp.Update,)


def rewrite(root: Node, ctx: Context) -> Node:
    if not isinstance(root, exp.Update) or ctx.has("assignment_at_once"):
        return root
    parts = list(root.expressions)
    ordered = _ordered(parts)
    joined = isinstance(root.this, exp.Table) and bool(root.this.args.get("joins"))
    if ordered is None or (joined and ordered != parts):
        raise ctx.refuse("SC4261", root, what="SET with columns that read one another")
    if ordered != parts:
        root.set("expressions", ordered)
    return root


def _ordered(parts: list[Node]) -> list[Node] | None:
    """``parts`` so that a column is read before it is assigned; ``None`` if no order does."""
    left, made = list(parts), []
    while left:
        for part in left:
            if not any(_reads(p.expression, part.this) for p in left if p is not part):
                break
        else:
            return None
        made.append(part)
        left.remove(part)
    return made


def _reads(value: Node, target: Node) -> bool:
    """Whether ``value`` reads a column of ``target``, as far as the names tell."""
    own = list(target.find_all(exp.Column))
    return any(
        c.name == o.name and (c.table == o.table or not c.table or not o.table)
        for c in value.find_all(exp.Column) for o in own
    )  # fmt: skip
