"""Parentheses around every operand, as a server prints the expressions that it keeps: only those that count stay."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp, rank
from . import every

REMOVES = "stored_parens"
TRAIT = "stored_parens"
NEEDS = (exp.Paren,)
LAST = True


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Paren):
        inner = node.this
        if isinstance(inner, exp.Query):
            continue
        if node is root:
            root = inner
            inner.pop()
        elif _loose(node, inner):
            node.replace(inner)
    return root


def _loose(node: Node, inner: Node) -> bool:
    """Whether ``inner`` means the same in its place without parentheses."""
    outer = node.parent
    if isinstance(inner, (exp.Or, exp.And)):
        return inner.__class__ is outer.__class__
    if isinstance(outer, (exp.And, exp.Or, exp.If, exp.Case, exp.Anonymous, exp.Alias, exp.Tuple)):
        return True
    if isinstance(outer, exp.Not):
        return rank(inner) > rank(outer)
    if not isinstance(outer, exp.Binary) or node.arg_key not in ("this", "expression"):
        return False
    if node.arg_key == "this":
        chain = inner.__class__ is outer.__class__ and isinstance(inner, (exp.Add, exp.Mul))
        return chain or rank(inner) > rank(outer)
    return rank(inner) > rank(outer)
