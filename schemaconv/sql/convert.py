"""Implicit conversions made explicit: what the source does on its own when a type does not fit."""

from __future__ import annotations

from ..ir.fragment import Known
from .context import Context
from .kinds import BOOLEAN, INTEGER, NUMBER, TEXT, family, fits_int4, is_integer
from .tree import Node, exp, integer, literal_text, number, string
from .wanted import FALSE, NUMERIC, TRUE


def to_text(node: Node, ctx: Context, implicit: bool = True) -> Node:
    """``node`` as text. Raises :class:`Refused` for a date, whose text hangs on a session setting."""
    match ctx.typer.family(node):
        case "number":
            if isinstance(node, exp.Literal):
                return string(node.this)
            known = ctx.infer(node)
            op = "to_text" if is_integer(known.type) else "fraction_to_text"
            return ctx.op(op, node, Known(TEXT, known.not_null), n=node)
        case "date" | "timestamp" | "zoned":
            raise ctx.refuse("SC4207", node, what="a date used as text")
        case "binary":
            return ctx.op("to_hex", node, Known(TEXT, ctx.typer.not_null(node)), r=node)
        case _:
            return node


def to_number(node: Node, ctx: Context) -> Node:
    """``node`` as a number; a numeric string literal becomes a number literal."""
    if ctx.typer.family(node) != "text":
        return node
    text = literal_text(node)
    if text is not None and NUMERIC.fullmatch(text):
        ctx.consume(text)
        value = text.strip()
        made: Node = number(value.lstrip("+-"))
        return exp.Neg(this=made) if value.startswith("-") else made
    if not ctx.has("strict_types"):
        return node
    ctx.say("SC4235", node)
    return ctx.op("text_to_number", node, Known(NUMBER, ctx.typer.not_null(node)), s=node)


def to_boolean(node: Node, ctx: Context) -> Node:
    """A literal that stands for a truth value as one: a flag of numbers or letters became a boolean."""
    if not isinstance(node, exp.Literal):
        return node
    word = str(node.this).strip().upper()
    if word not in TRUE and word not in FALSE:
        raise ctx.refuse("SC4204", node, function=f"{word} as a truth value")
    ctx.consume(str(node.this))
    made = exp.Boolean(this=word in TRUE)
    made.meta["known"] = Known(BOOLEAN, True)
    return made


def to_integer(node: Node, ctx: Context) -> Node:
    """``node`` as a number of four bytes, which is what functions of strict targets take."""
    node = to_number(node, ctx)
    value = integer(node)
    known = ctx.infer(node)
    if not ctx.has("strict_types"):
        return node
    if value is not None and abs(value) < 2**31:
        return node
    if fits_int4(known.type) and ctx.settings.integers:
        return node
    if ctx.typer.least(node) is not None:
        return node
    whole = is_integer(known.type) or family(known.type) == "unknown"
    return ctx.op("to_integer" if whole else "fraction_to_integer", node, Known(INTEGER, known.not_null), n=node)


def alike(nodes: list[Node], ctx: Context) -> list[Node]:
    """``nodes`` brought to the type of the first one that has one, as NVL, DECODE and their kin do."""
    wanted = family(ctx.typer.first_type(nodes))
    if wanted == "text":
        return [n if ctx.typer.family(n) in ("text", "null", "unknown") else to_text(n, ctx) for n in nodes]
    if wanted == "number":
        return [to_number(n, ctx) for n in nodes]
    if wanted in ("date", "timestamp", "zoned") and any(ctx.typer.family(n) == "text" for n in nodes):
        raise ctx.refuse("SC4207", nodes[0], what="a text used as a date")
    return nodes


def text_or_same(node: Node, ctx: Context) -> Node:
    """``node`` itself, or NULL for a text that may be empty: where the source sees NULL and the target must too."""
    if node.meta.get("empty"):
        ctx.empties.pop(id(node), None)
        return ctx.op("null_if_empty", node, Known(ctx.infer(node).type), s=node)
    return node
