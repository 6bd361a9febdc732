"""Parentheses around what needs none, left over where an operator became a call."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import TIGHT, Node, exp, rank
from . import every

REMOVES = "bare_parens"
NEEDS = (exp.Paren,)
LAST = True

SIMPLE = (exp.Anonymous, exp.Cast, exp.Column, exp.Literal)
#: What wants its operand in parentheses all the same.
NEEDY = (exp.Interval, exp.In, exp.Bracket)


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Paren):
        inner = node.this
        if isinstance(inner, SIMPLE) and rank(inner) == TIGHT and not isinstance(node.parent, NEEDY):
            if node is root:
                root = inner
                inner.pop()
            else:
                node.replace(inner)
    return root
