"""Implicit conversions made explicit: what the source does on its own when a type does not fit."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from ..ir.fragment import Constant, Known
from ..ir.types import Type
from . import constants, date_texts
from .casts import spelling
from .context import Context
from .flags import from_flag, to_flag
from .infer import BINARY_DIGITS, source_call
from .intervals import as_text, moment
from .kinds import INTEGER, MOMENTS, NUMBER, TEXT, TIMESTAMP, family, fits_int4, is_integer
from .pictures import default_picture
from .tree import Node, cast_to, decimal_text, exp, integer, is_null, literal_text, number, string
from .wanted import NUMERIC


def to_text(node: Node, ctx: Context, aligned: bool = True) -> Node:
    """``node`` as text, with the blanks that an implicit conversion leaves in front of it if it is ``aligned``.

    Raises :class:`Refused` for a date, whose text hangs on a session setting.
    """
    node = from_flag(node, ctx)
    match ctx.typer.family(node):
        case "number":
            if ctx.source.traits.get("default_number_format"):
                return _pictured(node, ctx.infer(node), ctx, aligned)
            if isinstance(node, exp.Literal):
                return _text_of(node, ctx)
            known = ctx.infer(node)
            node, op = number_text(node, ctx)
            if not ctx.has("strict_types") and op in ("to_text", "fraction_to_text", "float_to_text"):
                if op == "fraction_to_text":
                    ctx.say("SC4230", node)
                elif op == "float_to_text":
                    ctx.say("SC4280", node)
                return node
            return ctx.op(op, node, Known(TEXT, known.not_null), n=node)
        case "date" | "timestamp" | "zoned":
            raise ctx.refuse("SC4207", node, what="a date used as text")
        case "binary":
            return ctx.op("to_hex", node, Known(TEXT, ctx.typer.not_null(node)), r=node)
        case _:
            return node


def _pictured(node: Node, known: Known, ctx: Context, aligned: bool) -> Node:
    """A number as the default format of its type prints it."""
    found = default_picture(_literal_type(node) or _whole_type(node, known.type, ctx), aligned)
    if found is None:
        ctx.say("SC4324", node, what=known.type.raw or known.type.kind)
        return ctx.op("number_as_text", node, Known(TEXT, known.not_null), n=node)
    holes = {"model": string(found.model), "width": number(found.width), "decimals": number(found.decimals)}
    return ctx.op(found.op, node, Known(TEXT, known.not_null), n=node, **holes)


def _whole_type(node: Node, found: Type, ctx: Context) -> Type:
    """The type of a sum of whole numbers, which is no decimal: that of the widest of them; unknown beside decimals."""
    if found.kind != "decimal" or found.precision != 38 or found.scale or found.raw or isinstance(node, exp.Column):
        return found
    parts = [ctx.infer(c).type for c in node.find_all(exp.Column, exp.Cast) if c is not node]
    kinds = {p.kind for p in parts if family(p) == "number"}
    if not kinds <= {"tinyint", "smallint", "integer", "bigint"}:
        return NUMBER
    return Type("bigint" if "bigint" in kinds else "integer")


def _literal_type(node: Node) -> Type | None:
    """The type of a number in the script: the smallest that holds it (Teradata, "Numeric Literals")."""
    value = integer(node)
    if value is not None:
        sizes = (("tinyint", 2**7), ("smallint", 2**15), ("integer", 2**31), ("bigint", 2**63))
        return next((Type(kind) for kind, end in sizes if -end <= value < end), None)
    if isinstance(node, exp.Literal) and re.fullmatch(r"\d*\.\d+", node.this):
        scale = len(node.this.partition(".")[2])
        return Type("decimal", precision=max(len(node.this.lstrip("0")) - 1, scale), scale=scale)
    return None


def _scaled(node: Node, ctx: Context) -> tuple[Node, str]:
    """A number with a fraction in the digits that its text has, where its type says how many, and how it gets text.

    Transact-SQL reference, "CAST and CONVERT": a decimal has as many digits behind the point as its scale says; money
    two; float has six digits at most.
    """
    found = ctx.infer(node).type
    if found.kind in BINARY_DIGITS:
        return node, "float_to_text"
    if found.precision is None or found.kind not in ("decimal", "money"):
        return node, "fraction_to_text"
    if found.kind == "decimal" and isinstance(node, (exp.Column, exp.Cast)):
        return node, "to_text"
    scale = 2 if found.kind == "money" else found.scale or 0
    spelling = str(ctx.family.casts["decimal"]).format(precision=found.precision, scale=scale)
    made = cast_to(node.copy(), spelling)
    made.meta["done"] = True
    made.meta["known"] = Known(replace(found, kind="decimal", scale=scale), ctx.typer.not_null(node))
    return made, "to_text"


def _text_of(node: exp.Literal, ctx: Context) -> Node:
    """A literal number as the text that the source makes of it."""
    text = str(node.this)
    if not ctx.source.traits.get("fraction_without_zero") or text.isdigit():
        return string(text)
    if not ctx.source.traits.get("typed_arithmetic"):
        if abs(Decimal(text).adjusted()) > 38:
            ctx.say("SC4230", node)
            return string(text)
        text = format(Decimal(text), "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
    ctx.consume(node.this)
    return string(text.lstrip("0") or "0")


def number_text(node: Node, ctx: Context) -> tuple[Node, str]:
    """A number, and the operation that makes its text: as many digits as the source writes, with a zero before the
    point where it writes one."""
    found = ctx.infer(node).type
    if is_integer(found):
        return node, "to_text"
    if found.kind in BINARY_DIGITS:
        return node, "float_to_text"
    bare = bool(ctx.source.traits.get("fraction_without_zero"))
    if ctx.source.traits.get("typed_arithmetic"):
        node, op = _scaled(node, ctx)
        return node, "fixed_to_text" if bare and op == "to_text" else op
    if not bare:
        return node, "fraction_to_text"
    if not _exact(node, ctx):
        ctx.say("SC4230", node)
    return node, "decimal_to_text"


#: Functions that give a few digits of any number, and those that give the digits of their arguments.
_ROUNDING = frozenset({"ROUND", "TRUNC", "FLOOR", "CEIL", "SIGN"})
_KEEPING = frozenset({"SUM", "MIN", "MAX", "ABS", "NVL", "NVL2", "COALESCE", "NULLIF", "GREATEST", "LEAST", "DECODE"})


def _exact(node: Node, ctx: Context) -> bool:
    """Whether ``node`` has the same digits on the target: a decimal, a sum or product of such, or one of them."""
    match node:
        case exp.Literal() | exp.Null():
            return True
        case exp.Case():
            default = node.args.get("default")
            results = [b.args["true"] for b in node.args["ifs"]] + ([default] if default is not None else [])
            return all(_exact(r, ctx) for r in results)
        case exp.Paren() | exp.Neg():
            return _exact(node.this, ctx)
        case exp.Add() | exp.Sub() | exp.Mul():
            return _exact(node.this, ctx) and _exact(node.expression, ctx)
        case exp.Anonymous():
            called = source_call(node)
            return called in _ROUNDING or (called in _KEEPING and all(_exact(a, ctx) for a in node.expressions))
        case _:
            kind = ctx.infer(node).type.kind
            return isinstance(node, (exp.Column, exp.Cast)) and kind in ("decimal", "smallint", "integer", "bigint")


def to_number(node: Node, ctx: Context) -> Node:
    """``node`` as a number; a numeric string literal becomes a number literal."""
    node = from_flag(node, ctx)
    if ctx.typer.family(node) != "text":
        return node
    text = literal_text(node)
    if text is not None and not text.strip() and ctx.source.traits.get("empty_text_is_zero"):
        return number(0)
    if text is not None and NUMERIC.fullmatch(text):
        ctx.consume(text)
        value = text.strip()
        made: Node = number(value.lstrip("+-"))
        return exp.Neg(this=made) if value.startswith("-") else made
    if not ctx.has("strict_types"):
        return node
    ctx.say("SC4235", node)
    return ctx.op("text_to_number", node, Known(NUMBER, ctx.typer.not_null(node)), s=node)


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


def alike(nodes: list[Node], ctx: Context, to: Type | None = None) -> list[Node]:
    """``nodes`` brought to the type ``to``, or to that of the first one that has one, as NVL, DECODE and their kin
    do."""
    wanted = family(ctx.typer.first_type(nodes) if to is None else to)
    if wanted == "boolean":
        return [to_flag(n, ctx) for n in nodes]
    if wanted == "text":
        return [n if ctx.typer.family(n) in ("text", "null", "unknown") else to_text(n, ctx) for n in nodes]
    if wanted == "number":
        return [to_number(n, ctx) for n in nodes]
    if wanted in MOMENTS and any(ctx.typer.family(n) == "text" for n in nodes):
        if not ctx.source.traits.get("date_text_order"):
            raise ctx.refuse("SC4207", nodes[0], what="a text used as a date")
        kind = ctx.typer.chosen_type(nodes) if to is None else to
        nodes = [as_date(n, ctx, kind) if ctx.typer.family(n) == "text" else n for n in nodes]
    if wanted in MOMENTS:
        first = ctx.typer.first_type(nodes)
        return [number_as_date(n, first, ctx) if ctx.typer.family(n) == "number" else n for n in nodes]
    return nodes


def cut(node: Node, to: Type, ctx: Context) -> Node:
    """A text cut to the length of ``to``, as ISNULL cuts what stands for NULL, a fraction cut off where ``to`` is a
    whole number; anything else as it is."""
    length, found = to.length, ctx.infer(node).type
    if to.kind != "decimal" and isinstance(node, exp.Literal) and is_integer(to) and not is_integer(found):
        if family(found) == "number":
            ctx.consume(str(node.this))
            return number(str(node.this).partition(".")[0])
    if to.kind != "decimal" and is_integer(to) and family(found) == "number" and not is_integer(found):
        whole = ctx.op("truncate", node, None, n=node)
        made = cast_to(whole, str(ctx.family.casts["integer" if to.kind != "bigint" else "bigint"]))
        made.meta["done"] = True
        made.meta["known"] = Known(to, ctx.typer.not_null(node))
        return made
    if family(to) != "text" or length is None or family(found) != "text":
        return node
    text = literal_text(node)
    if text is not None:
        if len(text) <= length:
            return node
        ctx.consume(text)
        return string(text[:length])
    if found.length is not None and found.length <= length:
        return node
    return ctx.op("left", node, Known(replace(to, kind="varchar"), ctx.typer.not_null(node)), s=node, n=number(length))


def as_date(node: Node, ctx: Context, wanted: Type | None = None, timed: bool = False) -> Node:
    """A text literal as a date of type ``wanted``, read as the session or, where nothing is known of it, as sessions
    usually read it, always with a time of day if ``timed``. Raises :class:`Refused` for any other text."""
    inner = node
    while isinstance(inner, exp.Paren):
        inner = inner.this
    text = literal_text(inner)
    if ctx.source.traits.get("date_text_order"):
        kind = wanted or TIMESTAMP
        return _read(node, kind, ctx) if text is None else _in_order(node, text, kind, ctx, timed)
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


def _read(node: Node, wanted: Type, ctx: Context) -> Node:
    """A text that is only known at run time, as the target reads it as a date."""
    spelled = spelling(wanted, ctx)
    if spelled is None or ctx.standalone:
        raise ctx.refuse("SC4207", node, what="a text used as a date")
    ctx.say("SC4393", node, order=ctx.settings.dates.shown)
    made = cast_to(node.copy(), spelled)
    made.meta["done"] = True
    made.meta["known"] = Known(wanted, ctx.typer.not_null(node))
    return made


def _in_order(node: Node, text: str, wanted: Type, ctx: Context, timed: bool) -> Node:
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
    return string(value.value) if value.kind == "time" else moment(value, ctx, not timed)


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
        return to_flag(value, ctx)
    if isinstance(value, exp.Query) and given != "boolean":
        return value
    if kind == "text" and given in ("number", "boolean", "date", "timestamp", "zoned"):
        return to_text(value, ctx)
    if kind == "text" and given in ("days", "months"):
        return as_text(value, wanted, ctx)
    if kind == "number" and given in ("text", "boolean"):
        return to_number(value, ctx)
    if kind == "number" and given == "number" and cut_off(ctx.infer(value).type, wanted, ctx):
        return ctx.op("truncate", value, Known(wanted, ctx.typer.not_null(value)), n=value)
    if kind in MOMENTS and given == "text":
        return as_date(value, ctx, wanted)
    if kind == "time" and given == "text" and literal_text(value) is not None:
        return as_date(value, ctx, wanted) if ctx.source.traits.get("date_text_order") else value
    if kind in MOMENTS and given == "number":
        return number_as_date(value, wanted, ctx)
    if kind == "binary" and given == "text":
        text = literal_text(value)
        if text is None or not re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", text):
            raise ctx.refuse("SC4204", value, function="a text used as bytes")
        return ctx.op("from_hex", value, None, s=value)
    return value


def cut_off(given: Type, wanted: Type, ctx: Context) -> bool:
    """Whether the source cuts a fraction off when it stores a number; targets round."""
    whole = is_integer(wanted) and wanted.kind != "decimal"
    fraction = given.kind in BINARY_DIGITS or (given.kind == "decimal" and (given.scale or 0) > 0)
    return bool(ctx.source.traits.get("integer_cast_cuts")) and whole and fraction


def text_or_same(node: Node, ctx: Context) -> Node:
    """``node`` itself, or NULL for a text that may be empty: where the source sees NULL and the target must too."""
    if node.meta.get("empty"):
        ctx.empties.pop(id(node), None)
        return ctx.op("null_if_empty", node, Known(ctx.infer(node).type), s=node)
    return node
