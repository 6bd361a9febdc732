"""Implicit conversions made explicit: what the source does on its own when a type does not fit."""

from __future__ import annotations

import re

from ..ir.fragment import Constant, Known
from ..ir.types import Type
from . import constants, date_texts
from .context import Context
from .intervals import as_text, moment
from .kinds import BOOLEAN, INTEGER, MOMENTS, NUMBER, TEXT, TIMESTAMP, family, fits_int4, is_integer
from .tree import Node, decimal_text, exp, integer, is_null, literal_text, number, string
from .wanted import NUMERIC, truth_of


def to_text(node: Node, ctx: Context) -> Node:
    """``node`` as text. Raises :class:`Refused` for a date, whose text hangs on a session setting."""
    match ctx.typer.family(node):
        case "number":
            if isinstance(node, exp.Literal):
                return string(node.this)
            known = ctx.infer(node)
            whole = is_integer(known.type)
            if not ctx.has("strict_types"):
                if not whole:
                    ctx.say("SC4230", node)
                return node
            return ctx.op("to_text" if whole else "fraction_to_text", node, Known(TEXT, known.not_null), n=node)
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
    literal = node
    while isinstance(literal, exp.Paren):
        literal = literal.this
    if not isinstance(literal, exp.Literal):
        return node
    truth = truth_of(str(literal.this), bool(ctx.source.traits.get("nonzero_is_true")))
    if truth is None:
        raise ctx.refuse("SC4204", node, function=f"{str(literal.this).strip().upper()} as a truth value")
    ctx.consume(str(literal.this))
    made = exp.Boolean(this=truth)
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
    if wanted in MOMENTS and any(ctx.typer.family(n) == "text" for n in nodes):
        raise ctx.refuse("SC4207", nodes[0], what="a text used as a date")
    if wanted in MOMENTS:
        first = ctx.typer.first_type(nodes)
        return [number_as_date(n, first, ctx) if ctx.typer.family(n) == "number" else n for n in nodes]
    return nodes


def as_date(node: Node, ctx: Context, wanted: Type | None = None) -> Node:
    """A text literal as a date of type ``wanted``, read as the session or, where nothing is known of it, as sessions
    usually read it. Raises :class:`Refused` for any other text."""
    inner = node
    while isinstance(inner, exp.Paren):
        inner = inner.this
    text = literal_text(inner)
    if text is not None and ctx.source.traits.get("date_text_order"):
        return _in_order(node, text, wanted or TIMESTAMP, ctx)
    if ctx.source.traits.get("iso_text_is_date"):
        value = constants.iso(text or "")
        if value is not None:
            ctx.consume(text or "")
            return moment(value, ctx, True)
    for model in ctx.source.date_texts if text is not None else ():
        found = constants.evaluate(text or "", model, ctx.source.date_elements)
        if found is not None and re.search(r"\d{4}|-\d\d$", text or ""):
            ctx.consume(text or "")
            ctx.say("SC4259", node, model=model, text=text or "")
            return moment(found, ctx, True)
    raise ctx.refuse("SC4207", node, what="a text used as a date")


def _in_order(node: Node, text: str, wanted: Type, ctx: Context) -> Node:
    dates = ctx.settings.dates
    counted = ctx.source.is_counted(wanted)
    found = date_texts.read(text, dates, counted)
    value = date_texts.stored(found.value, wanted, bool(counted)) if found is not None else None
    if found is None or value is None:
        raise ctx.refuse("SC4272", node, text=text, order=dates.shown)
    if found.guessed and all(f.code != "SC4271" for f in ctx.found):
        ctx.say("SC4271", node, order=dates.shown)
    ctx.consume(text)
    if family(wanted) == "zoned" and not constants.has_zone(value.value) and _keeps_zone(ctx):
        clock = "" if value.kind == "timestamp" else " 00:00:00"
        value = Constant("timestamp", f"{value.value}{clock}+00:00")  # what no offset is given for
    return string(value.value) if value.kind == "time" else moment(value, ctx, True)


def _keeps_zone(ctx: Context) -> bool:
    return "timestamptz" in str(ctx.family.words["zoned_type"])


def number_as_date(node: Node, wanted: Type | None, ctx: Context) -> Node:
    """A number where a date of type ``wanted`` is asked for: the day to which it counts, where the source counts.

    Raises :class:`Refused` where the source takes no number, or none of this size.
    """
    text = decimal_text(node)
    day = ctx.source.day_of(text, wanted)
    if day is not None:
        ctx.consume_tree(node)
        return moment(Constant("timestamp" if " " in day else "date", day), ctx, True)
    first = ctx.source.traits.get("number_is_day_since")
    if text is None and first and ctx.source.is_counted(wanted) and not is_null(node):
        known = ctx.infer(node)
        op = "plus_days_whole" if is_integer(known.type) else "plus_days"
        start = moment(Constant("timestamp", f"{first} 00:00:00"), ctx, False)
        return ctx.op(op, node, Known(wanted or TIMESTAMP, known.not_null), d=start, n=node)
    raise ctx.refuse("SC4273", node, what=text or "a number")


def assigned(value: Node, wanted: Type, ctx: Context) -> Node:
    """``value`` as a column of type ``wanted`` takes it: what the source converts on its own when it stores."""
    kind = family(wanted)
    given = ctx.typer.family(value)
    if kind == "boolean":
        return to_boolean(value, ctx)
    if kind == "text" and given in ("number", "date", "timestamp", "zoned"):
        return to_text(value, ctx)
    if kind == "text" and given in ("days", "months"):
        return as_text(value, wanted, ctx)
    if kind == "number" and given == "text":
        return to_number(value, ctx)
    if kind in MOMENTS and given == "text":
        return as_date(value, ctx, wanted)
    if kind == "time" and given == "text" and literal_text(value) is not None:
        return as_date(value, ctx, wanted) if ctx.source.traits.get("date_text_order") else value
    if kind in MOMENTS and given == "number":
        return number_as_date(value, wanted, ctx)
    if kind == "binary" and given == "text":
        text = literal_text(value)
        if text is None or not re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", text):
            raise ctx.refuse("SC4204", value, function="a text used as RAW")
        return ctx.op("from_hex", value, None, s=value)
    return value


def text_or_same(node: Node, ctx: Context) -> Node:
    """``node`` itself, or NULL for a text that may be empty: where the source sees NULL and the target must too."""
    if node.meta.get("empty"):
        ctx.empties.pop(id(node), None)
        return ctx.op("null_if_empty", node, Known(ctx.infer(node).type), s=node)
    return node
