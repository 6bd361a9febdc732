"""One call of a source function as the target's operation, arguments and all."""

from __future__ import annotations

import re

from . import formats
from .context import Context
from .convert import alike, cut, text_or_same, to_integer, to_number, to_text
from .flags import matched
from .formats import UnknownElement
from .kinds import is_integer
from .rows import MODELS, Parameter, Row
from .tree import Node, exp, integer, is_null, literal_text, number, string

#: Operations to which an empty text is not the same as NULL.
NULLS_MATTER = frozenset({"coalesce", "nvl2", "length", "count", "greatest", "least", "min", "max", "nullif"})
#: Operations that take the blanks in front of a text away.
TRIMMED = frozenset({"trim", "ltrim"})
#: Operations whose arguments take the type of the first one.
ALIKE = frozenset({"coalesce", "greatest", "least"})


Holes = dict[str, Node | list[Node]]


def say(node: Node, row: Row, arguments: list[Node], ctx: Context, more: Holes | None = None) -> Node:
    """The call as the target's operation; ``more`` are holes that no argument fills."""
    known = ctx.typer.result(row, arguments)
    if row.code:
        ctx.say(row.code, node, function=row.name, what=f"the argument of {row.name}")
    if row.op in ALIKE:
        arguments = alike(arguments, ctx, known.type)
        if row.gives == "first" and ctx.source.traits.get("typed_arithmetic"):
            arguments = [arguments[0], *(cut(a, known.type, ctx) for a in arguments[1:])]
    elif row.op == "if":
        arguments = [arguments[0], *alike(arguments[1:], ctx, known.type)]
    elif row.op == "nullif":
        arguments = matched(arguments, ctx)
        known = ctx.typer.result(row, arguments)
    if row.op == "coalesce":
        arguments = [a for a in arguments if not is_null(a)] or arguments[:1]
        if len(arguments) == 1:
            return arguments[0]
    if row.op in NULLS_MATTER:
        arguments = [text_or_same(a, ctx) for a in arguments]
    holes: Holes = dict(more or {})
    op = row.op
    for i, parameter in enumerate(row.parameters):
        if parameter.many:
            holes[parameter.name] = [_argument(parameter, a, ctx) for a in arguments[i:]]
            break
        value = _argument(parameter, arguments[i], ctx, row.op in TRIMMED)
        if parameter.kind == "number_out" and ctx.family.number_out.get("shapes"):
            op = _shaped(value, holes, ctx)
            continue
        case = value.meta.get("case")
        holes[parameter.name] = value
        if case:
            op = f"{op}_{case}"
        if parameter.kind in ("negative", "minus_one"):
            holes[f"{parameter.name}_abs"] = number(abs(integer(value) or 0))
        elif parameter.kind == "delimiters":
            signs = re.sub(r"([\\\]\[^-])", r"\\\1", literal_text(value) or "")
            holes[f"{parameter.name}_run"] = string(f"[^{signs}]+")
        elif parameter.kind in ("char", "piece"):
            holes[f"{parameter.name}_pattern"] = string(re.escape(literal_text(value) or ""))
    for name, text in row.constants:
        given = holes.get(name)
        if isinstance(given, Node):
            ctx.consume_tree(given)
        holes[name] = ctx.templates.parsed(text).copy()
    op = _special(op, row, node, holes, ctx)
    if known.type.kind == "date" and ctx.family.way(f"{op}_of_day") is not None:  # a day without a time stays one
        op = f"{op}_of_day"
    made = ctx.op(op, node, known, **holes)
    _unused(node, holes, made, ctx)
    made.meta["was"] = row.name
    if row.empty or (row.gives == "text" and any(a.meta.get("empty") for a in arguments)):
        made.meta["empty"] = True
        ctx.empties[id(made)] = made
        for a in arguments:
            ctx.empties.pop(id(a), None)
    return made


def _argument(parameter: Parameter, value: Node, ctx: Context, trimmed: bool = False) -> Node:
    match parameter.kind:
        case "text":
            return to_text(value, ctx, aligned=not trimmed)
        case "number" | "positive" | "count" | "zero" | "negative":
            return to_number(value, ctx)
        case "integer":
            return to_integer(value, ctx)
        case "date":
            if ctx.typer.family(value) == "text":
                raise ctx.refuse("SC4207", value, what="a text used as a date")
            return value
        case "binary":
            if ctx.typer.family(value) == "text":
                raise ctx.refuse("SC4204", value, function="a text used as bytes")
            return value
        case "regex":
            return _pattern(value, ctx)
        case "regex_whole":
            return _whole_pattern(value, ctx)
        case "replacement":
            return _replacement(value, ctx)
        case "flags":
            return _flags(value, ctx)
        case "json_path":
            text = literal_text(value) or ""
            if not re.fullmatch(r"\$(\.[A-Za-z_]\w*|\[\d+\])*", text):
                raise ctx.refuse("SC4206", value, element=text, what="JSON path")
            return value
        case kind if kind in MODELS:
            return _model(kind, value, ctx)
        case _:
            return value


def _model(kind: str, value: Node, ctx: Context) -> Node:
    text = literal_text(value) or ""
    if kind == "number_out" and ctx.family.number_out.get("shapes"):
        return value
    try:
        if kind == "date_out":
            model = formats.date_out(text, ctx.source.date_elements, ctx.family.date_out)
        elif kind == "date_in":
            model = formats.date_in(text, ctx.source.date_elements, ctx.family.date_in)
            if not {"MM", "MON", "MONTH", "RM", "DDD", "J"} & set(model.names) or (
                not any(n.endswith(("Y", "RR", "RRRR", "J")) for n in model.names)
            ):
                raise ctx.refuse("SC4206", value, element="no year or no month", what="date model")
            if formats.SHORT_YEARS & set(model.names) or "RR" in model.names:
                ctx.say("SC4256", value, what="years 50 to 69")
        else:
            model = formats.Model(formats.number_model(text, ctx.family.number_out))
    except UnknownElement as error:
        raise ctx.refuse("SC4206", value, element=str(error), what="format model") from None
    if {"D"} & set(model.names):
        ctx.say("SC4232", value)
    made = string(model.text)
    if model.text != text:
        ctx.consume(text)
    if model.case:
        made.meta["case"] = model.case
    return made


def _shaped(value: Node, holes: Holes, ctx: Context) -> str:
    """A number model for a target that has none: one of three plain shapes."""
    text = literal_text(value) or ""
    try:
        shape = formats.number_shape(text)
    except UnknownElement as error:
        raise ctx.refuse("SC4206", value, element=str(error), what="number model") from None
    ctx.consume(text)
    holes["decimals"], holes["zeros"] = number(shape.decimals), number(shape.zeros)
    if shape.grouped:
        return "number_grouped"
    if shape.decimals == 0 and shape.zeros > 1:
        return "number_zeros"
    if shape.zeros == 1:
        return "number_fixed"
    raise ctx.refuse("SC4206", value, element=text, what="number model")


def _pattern(value: Node, ctx: Context) -> Node:
    text = literal_text(value) or ""
    for odd in ("[.", "[="):
        if odd in text:
            raise ctx.refuse("SC4206", value, element=odd, what="regular expression")
    return value


def _whole_pattern(value: Node, ctx: Context) -> Node:
    """A pattern that must match all of the text, as one that does so by its own anchors."""
    text = literal_text(value) or ""
    if re.search(r"\\\d", text):  # the parentheses would move its groups
        raise ctx.refuse("SC4206", value, element=text, what="regular expression")
    _pattern(value, ctx)
    ctx.consume(text)
    return string(f"^({text})$")


def _replacement(value: Node, ctx: Context) -> Node:
    """``\\1`` as the target writes a group."""
    text = literal_text(value) or ""
    style = ctx.family.words["group_reference"]
    if style == "none" and re.search(r"\\\d", text):
        raise ctx.refuse("SC4206", value, element=text, what="replacement")
    if style != "dollar":
        return value
    made = re.sub(r"\\(\d)", r"$\1", text.replace("$", "\\$"))
    if made != text:
        ctx.consume(text)
    return string(made)


def _flags(value: Node, ctx: Context) -> Node:
    text = (literal_text(value) or "").lower()
    rows = ctx.family.regex_flags
    if not all(f in rows for f in text) or {"n", "m"} <= set(text):
        raise ctx.refuse("SC4206", value, element=text, what="match parameter")
    made = "".join(rows[f] for f in text)
    ctx.consume(literal_text(value) or "")
    return string(made)


def _special(op: str, row: Row, node: Node, holes: Holes, ctx: Context) -> str:
    """Operations that hang on more than the types of their arguments."""
    if op in ("round_digits", "truncate_digits", "round", "truncate", "mod", "mod_any", "log"):
        for name in ("n", "a", "b"):
            value = holes.get(name)
            if isinstance(value, Node) and ctx.infer(value).type.kind in ("double", "real"):
                holes[name] = ctx.op("to_numeric", node, ctx.infer(value), n=value)
    elif op == "date_as_text_and_back":  # what the session's format lacks is cut off
        text = literal_text(node.expressions[1]) or ""
        timed = any(e.name in formats.TIME for e in formats.cut(text, ctx.source.date_elements))
        return "same_date" if timed else "day_start"
    elif op == "to_text":
        value = holes["n"]
        assert isinstance(value, Node)
        whole = ctx.typer.family(value) != "number" or is_integer(ctx.infer(value).type)
        own = ctx.settings.in_routine and not ctx.has("strict_types")
        return "to_text" if whole else "variable_to_text" if own else "fraction_to_text"
    elif op == "plus_months":
        value = holes["d"]
        if isinstance(value, Node) and ctx.infer(value).type.kind == "date":  # a day without a time stays one
            return "plus_months_bare"
    elif op == "listagg" and "order" not in holes:
        return "listagg_unordered"
    elif op == "length":
        value = holes["s"]
        if isinstance(value, Node) and ctx.infer(value).type.kind in ("char", "nchar"):
            ctx.say("SC4257", node)
    elif op in ("stddev", "variance") and isinstance(node.parent, exp.Window):
        raise ctx.refuse("SC4204", node, function=f"{row.name} OVER")
    elif op.endswith(("_upper", "_lower")) and op.startswith("to_char_date"):
        plain, _, case = op.rpartition("_")
        inner = ctx.op(plain, node, None, **holes)
        holes.clear()
        holes["s"] = inner
        return case
    return op


def _unused(node: Node, holes: Holes, made: Node, ctx: Context) -> None:
    """Names and values of arguments that the target's text does without."""
    for value in holes.values():
        for item in value if isinstance(value, list) else [value]:
            if item is not made and (item.parent is None or item.parent is node):
                ctx.consume_tree(item)
