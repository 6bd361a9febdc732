"""Truth values where the source has numbers that are 0 or 1, and the other way round.

A column of flags may be a boolean on the target. What its values meet must become one too, or the flag a number.
"""

from __future__ import annotations

from ..ir.fragment import Known
from .context import Context
from .kinds import BOOLEAN, INTEGER
from .tree import Node, exp, integer, number
from .wanted import FALSE, TRUE, truth_of


def from_flag(node: Node, ctx: Context) -> Node:
    """A truth value as the number 0 or 1; anything else as it is."""
    if ctx.typer.family(node) != "boolean":
        return node
    known = Known(INTEGER, ctx.typer.not_null(node))
    inner = node.this if isinstance(node, exp.Paren) else node
    if isinstance(inner, exp.Boolean):
        made: Node = number(int(bool(inner.this)))
        made.meta["known"] = known
        return made
    return ctx.op("flag_to_number", node, known, b=node)


def is_flag(node: Node, ctx: Context) -> bool:
    """Whether ``node`` is a literal that stands for a truth value, ``1`` or ``'TRUE'``."""
    word = _word(node)
    return word is not None and (word in TRUE or word in FALSE)


def to_flag(node: Node, ctx: Context) -> Node:
    """A number as a truth value; of an expression that chooses between numbers, each of them.

    Raises :class:`~schemaconv.sql.pieces.Refused` for a number that is none, unless the source takes every other one
    for true.
    """
    known = Known(BOOLEAN, ctx.typer.not_null(node))
    word = _word(node)
    if word is not None or integer(node) is not None:
        made: Node = exp.Boolean(this=_truth(node, word, ctx))
        ctx.consume_tree(node)
    elif ctx.typer.family(node) != "number":
        return node
    elif isinstance(node, exp.Paren):
        made = exp.Paren(this=to_flag(node.this, ctx))
    elif isinstance(node, exp.Case):
        made = _chosen(node, ctx)
    else:
        made = ctx.op("number_to_flag", node, known, n=node)
    made.meta["known"] = known
    return made


def _truth(node: Node, word: str | None, ctx: Context) -> bool:
    text = word if word is not None else str(integer(node))
    truth = truth_of(text, bool(ctx.source.traits.get("nonzero_is_true")))
    if truth is None:
        raise ctx.refuse("SC4204", node, function=f"{text} as a truth value")
    return truth


def _chosen(node: exp.Case, ctx: Context) -> Node:
    """A CASE with each of its results as a truth value."""
    for branch in node.args["ifs"]:
        branch.set("true", to_flag(branch.args["true"], ctx))
    if node.args.get("default") is not None:
        node.set("default", to_flag(node.args["default"], ctx))
    return node


def matched(nodes: list[Node], ctx: Context) -> list[Node]:
    """``nodes`` as they are compared with each other: literals beside a flag become truth values, flags beside any
    other number become numbers. The same list where nothing is to be done."""
    families = [ctx.typer.family(n) for n in nodes]
    if "boolean" not in families:
        return nodes
    numbers = [n for n, f in zip(nodes, families, strict=True) if f == "number" and not is_flag(n, ctx)]
    if numbers:
        return [from_flag(n, ctx) for n in nodes]
    return [to_flag(n, ctx) if _is_literal(n) else n for n in nodes]


def _is_literal(node: Node) -> bool:
    return _word(node) is not None


def _word(node: Node) -> str | None:
    while isinstance(node, exp.Paren):
        node = node.this
    return str(node.this).strip().upper() if isinstance(node, exp.Literal) else None

