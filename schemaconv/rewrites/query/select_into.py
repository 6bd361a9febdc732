"""SELECT ... INTO variables: a program's statement; elsewhere the same words make a table."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp

REMOVES = "select_into"
NEEDS = (exp.Into,)


def rewrite(root: Node, ctx: Context) -> Node:
    into = root.find(exp.Into)
    if into is not None:
        raise ctx.refuse("SC4225", into, what="SELECT INTO")
    return root
