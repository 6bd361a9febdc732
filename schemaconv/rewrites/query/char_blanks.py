"""Blanks that fill up a CHAR: the targets drop them as soon as the value becomes part of a longer text.

Only where something stands or counts behind them: blanks at the very end of a result, or of an operand of a comparison,
say nothing. Transact-SQL reference, "char and varchar"; PostgreSQL, "Character Types"; MySQL, "The CHAR and VARCHAR
Types".
"""

from __future__ import annotations

from dataclasses import replace

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.tree import Node, exp, is_call, literal_text, number
from . import every

REMOVES = "char_blanks"
TRAIT = "char_keeps_blanks"

CHARS = ("char", "nchar")


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Column, exp.Cast, exp.Case, exp.Anonymous):
        found = ctx.infer(node)
        if found.type.kind not in CHARS or found.type.length is None or not _counts(node, ctx):
            continue
        known = Known(replace(found.type, kind="varchar"), found.not_null)
        made = ctx.op("padded", node, known, s=node.copy(), n=number(found.type.length))
        node.replace(made)
    return root


def _counts(node: Node, ctx: Context) -> bool:
    """Whether the blanks behind the characters of ``node`` come to stand inside a text."""
    parent = node.parent
    while parent is not None:
        match parent:
            case exp.DPipe() | exp.Add():
                if node.arg_key == "this":
                    return ctx.typer.family(parent) == "text"
            case exp.Anonymous():
                if is_call(parent, "CONCAT"):
                    if node.index != len(parent.expressions) - 1:
                        return True
                else:
                    row, _ = ctx.typer.choose(parent)
                    if row is None or row.blanks == "drop" or ctx.infer(parent).type.kind in CHARS:
                        return False
                    if row.blanks == "count" or any(" " in (literal_text(a) or "") for a in parent.expressions):
                        return True
                    if ctx.typer.family(parent) != "text":
                        return False
            case exp.If():
                if node.arg_key != "true":
                    return False
            case exp.Case() | exp.Cast():
                if ctx.infer(parent).type.kind in CHARS or ctx.typer.family(parent) != "text":
                    return False
            case exp.Paren():
                pass
            case _:
                return False
        node, parent = parent, parent.parent
    return False
