"""One call of a source function as the target's operation, arguments and all."""

from __future__ import annotations

import re

from ..ir.fragment import Known
from . import formats, json_paths, number_models
from .assembled import Holes, assembled
from .call_parts import aggregate_in, date, stamp
from .context import Context
from .convert import alike, cut, number_text, text_or_same, to_integer, to_number, to_text
from .flags import matched
from .formats import UnknownElement
from .infer import BINARY_DIGITS, COUNTED
from .kinds import TIMESTAMP
from .rows import MODELS, Parameter, Row
from .tree import Node, exp, integer, is_null, literal_text, nodes, number, string

#: Operations to which an empty text is not the same as NULL.
NULLS_MATTER = frozenset({"coalesce", "nvl2", "length", "count", "greatest", "least", "min", "max", "nullif"})
#: Operations that take the blanks in front of a text away.
TRIMMED = frozenset({"trim", "ltrim"})
#: Operations whose arguments take the type of the first one.
ALIKE = frozenset({"coalesce", "greatest", "least"})


def say(node: Node, row: Row, arguments: list[Node], ctx: Context, more: Holes | None = None) -> Node:
    """The call as the target's operation; ``more`` are holes that no argument fills."""
    known = ctx.typer.result(row, arguments)
    if row.code:
        ctx.say(row.code, node, function=row.name, what=f"the argument of {row.name}")
    if row.op in ALIKE:
        arguments = alike(arguments, ctx, known.type)
        if row.gives == "first" and ctx.source.traits.get("ranked_types"):
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
            holes[parameter.name] = [_argument(row, parameter, a, ctx) for a in arguments[i:]]
            break
        value = _argument(row, parameter, arguments[i], ctx, row.op in TRIMMED)
        if parameter.kind == "number_out" and not value.meta.get("whole"):
            op = _shaped(value, holes, ctx)
            continue
        case = value.meta.get("case")
        holes[parameter.name] = value
        if case:
            op = f"{op}_{case}"
        if parameter.kind == "json_path":  # $.a.b[0] as the list of its steps
            steps = json_paths.steps(literal_text(value) or "") or []
            holes["steps"], holes["place"] = [string(str(s)) for s in steps], string(json_paths.keys(steps) or "{}")
            if value.meta.get("strict"):
                holes["strict_path"], op = string(f"strict {literal_text(value)}"), f"{op}_strict"
        if parameter.kind in ("negative", "minus_one"):
            holes[f"{parameter.name}_abs"] = number(abs(integer(value) or 0))
        elif parameter.kind == "delimiters":
            signs = re.sub(r"([\\\]\[^-])", r"\\\1", literal_text(value) or "")
            holes[f"{parameter.name}_run"] = string(f"[^{signs}]+")
        elif parameter.kind in ("char", "unbordered"):
            holes[f"{parameter.name}_pattern"] = string(re.escape(literal_text(value) or ""))
        elif parameter.kind.startswith("nls_"):
            ctx.consume(literal_text(value) or "")
        elif parameter.kind == "literal" and parameter.name == "set":
            _classes(value, holes, ctx)
    for name, text in row.constants:
        given = holes.get(name)
        if isinstance(given, Node):
            ctx.consume_tree(given)
        holes[name] = ctx.templates.parsed(text).copy()
    op = _special(op, row, node, holes, ctx)
    if known.type.kind == "date" and ctx.family.way(f"{op}_of_day") is not None:  # a day without a time stays one
        op = f"{op}_of_day"
    way = ctx.family.way(op)
    if way is not None and ":order" in way.sql and "order" not in holes:  # WITHIN GROUP is missing
        raise ctx.refuse("SC4204", node, function=row.name)
    made_whole = assembled(op, row, node, holes, ctx)
    if made_whole is None:
        made = ctx.op(op, node, known, **holes)
    else:
        made = made_whole
        made.meta["known"] = known
    _placed(node, row, made, ctx)
    _unused(node, holes, made, ctx)
    made.meta["was"] = row.name
    if row.empty or (row.gives == "text" and any(a.meta.get("empty") for a in arguments)):
        made.meta["empty"] = True
        ctx.empties[id(made)] = made
        for a in arguments:
            ctx.empties.pop(id(a), None)
    return made


def _placed(node: Node, row: Row, made: Node, ctx: Context) -> None:
    """Refuse what cannot stand where the call does: an expression in a window's place, an interval alone."""
    window = node.parent
    if isinstance(window, exp.Window) and window.this is node and not isinstance(made, exp.Anonymous):
        sorted_ = isinstance(made, exp.WithinGroup) and ctx.has("aggregate_order_in_window")
        if not sorted_ and (isinstance(made, exp.WithinGroup) or aggregate_in(made) is None):
            raise ctx.refuse("SC4204", node, function=f"{row.name} OVER")
    if row.gives in ("days", "months") and not ctx.has("interval_values"):
        outer = node.parent
        while isinstance(outer, exp.Paren):
            outer = outer.parent
        if not isinstance(outer, (exp.Add, exp.Sub)):
            raise ctx.refuse("SC4203", node, function=row.name)


def _argument(row: Row, parameter: Parameter, value: Node, ctx: Context, trimmed: bool = False) -> Node:
    match parameter.kind:
        case "text":
            return to_text(value, ctx, aligned=not trimmed)
        case "number" | "int" | "positive" | "count" | "zero" | "negative":
            return to_number(value, ctx)
        case "integer":
            return to_integer(value, ctx)
        case "date" | "stamp":
            if ctx.typer.family(value) == "zoned" and row.gives != "last" and ctx.source.zones:
                ctx.say("SC4319", value, function=row.name)
            value = date(value, ctx, COUNTED if row.gives == "last" else TIMESTAMP)
            return stamp(value, ctx) if parameter.kind == "stamp" else value
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
            return _json_path(row, value, ctx)
        case kind if kind in MODELS:
            return _model(kind, value, ctx)
        case _:
            return value


def _json_path(row: Row, value: Node, ctx: Context) -> Node:
    """A path into JSON as every target reads it; marked where it is ``strict``: what is not there is an error then."""
    text = literal_text(value) or ""
    strict = re.match(r"\s*strict\s+", text, re.I)
    found = json_paths.steps(text[strict.end() :] if strict else text)
    if found is None or -1 in found or (strict and ctx.family.way(f"{row.op}_strict") is None):
        raise ctx.refuse("SC4206", value, element=text or "an expression", what="JSON path")
    made = string(json_paths.written(found))
    if made.this != text:
        ctx.consume(text)
    made.meta["strict"] = bool(strict)
    return made


def _model(kind: str, value: Node, ctx: Context) -> Node:
    text = literal_text(value) or ""
    if kind == "number_out":
        return _number_model(value, text, ctx)
    if kind == "number_in" and ctx.family.number_out.get("shapes"):
        return _digits_alone(value, text, ctx)
    try:
        if kind == "date_out":
            model = formats.date_out(text, ctx.source.date_elements, ctx.family.date_out)
            for code in model.codes:
                ctx.say(code, value, what=text)
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
    if model.parts:
        made.meta["parts"] = model.parts
    return made


def _digits_alone(value: Node, text: str, ctx: Context) -> Node:
    """A model by which texts are read: signs apart, its commas say nothing that the text does not say itself."""
    try:
        model = number_models.number_model(text)
    except UnknownElement as error:
        raise ctx.refuse("SC4206", value, element=str(error), what="format model") from None
    if model.sign in ("-S", "MI", "PR") or model.power:
        raise ctx.refuse("SC4206", value, element=model.sign.strip("-") or "EEEE", what="format model")
    ctx.consume(text)
    return value


def _number_model(value: Node, text: str, ctx: Context) -> Node:
    """The target's own model; the source's where it has none."""
    if ctx.family.number_out.get("shapes"):
        return value
    try:
        made = string(formats.number_model(text, ctx.family.number_out))
    except UnknownElement:
        return value
    if made.this != text:
        ctx.consume(text)
    made.meta["whole"] = True
    return made


def _shaped(value: Node, holes: Holes, ctx: Context) -> str:
    """A number model that the target does not have: a plain shape, or put together from digits and signs."""
    text = literal_text(value) or ""
    if ctx.family.number_out.get("shapes"):
        try:
            shape = formats.number_shape(text)
        except UnknownElement:
            shape = None
        if shape is not None and (shape.grouped or shape.zeros == 1 or shape.decimals == 0):
            ctx.consume(text)
            holes["decimals"], holes["zeros"] = number(shape.decimals), number(shape.zeros)
            if shape.grouped:
                return "number_grouped"
            return "number_fixed" if shape.zeros == 1 else "number_zeros"
    holes["format"] = value
    return "number_assembled"


def _classes(value: Node, holes: Holes, ctx: Context) -> None:
    """A set of characters as patterns of a text that begins, or ends, with some of them."""
    characters = literal_text(value) or ""
    klass = "".join(c if c.isalnum() else f"\\{c}" for c in characters)
    holes["set_first"], holes["set_last"] = string(f"^[{klass}]+"), string(f"[{klass}]+\\z")
    ctx.consume(characters)


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
            if isinstance(value, Node) and ctx.infer(value).type.kind in BINARY_DIGITS:
                holes[name] = ctx.op("to_numeric", node, ctx.infer(value), n=value)
            elif op.startswith("round") and isinstance(value, Node) and any(n.meta.get("double") for n in nodes(value)):
                holes[name] = ctx.op("double_to_decimal", node, ctx.infer(value), n=value)
    elif op == "power_whole" and isinstance(base := holes["a"], Node) and ctx.infer(base).type.kind == "bigint":
        return "power_whole_large"
    elif op == "json_part" and holes["steps"] == []:
        return "json_whole"
    elif op == "nchr" and integer(holes["n"]) in range(1, 128):
        return "chr"
    elif op in ("stuff", "stuff_any"):
        new = holes["new"]
        if isinstance(new, Node) and not ctx.typer.not_null(new):  # NULL puts nothing in
            holes["new"] = ctx.op("blank_for_null", new, Known(ctx.infer(new).type, True), s=new)
    elif op == "average":
        return _average(node, holes, ctx)
    elif op == "days_apart":
        a, b = holes["a"], holes["b"]
        if isinstance(a, Node) and isinstance(b, Node) and all(ctx.infer(n).type.kind == "date" for n in (a, b)):
            holes["a"], holes["b"] = b, a
            return "bare_days_between"
    elif op == "date_as_text_and_back":  # what the session's format lacks is cut off
        text = literal_text(node.expressions[1]) or ""
        timed = any(e.name in formats.TIME for e in formats.cut(text, ctx.source.date_elements))
        return "same_date" if timed else "day_start"
    elif op == "to_text":
        value = holes["n"]
        assert isinstance(value, Node)
        if ctx.typer.family(value) != "number":
            return "to_text"
        holes["n"], op = number_text(value, ctx)
        return op
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


def _average(node: Node, holes: Holes, ctx: Context) -> str:
    """An average of decimals, cut at six digits behind the point or at more, if its argument has them.

    Transact-SQL reference, "AVG": of a decimal(p, s) it is decimal(38, max(s, 6)); "Precision, scale, and length".
    """
    value = holes["x"]
    assert isinstance(value, Node)
    found = ctx.infer(value).type
    if found.kind == "decimal" and ctx.source.traits.get("typed_arithmetic"):
        holes["digits"] = number(max(found.scale or 0, 6))
        return "average_cut"
    if found.kind not in ("double", "real"):
        ctx.say("SC4236", node, what="an average")
    return "average"


def _unused(node: Node, holes: Holes, made: Node, ctx: Context) -> None:
    """Names and values of arguments that the target's text does without."""
    for value in holes.values():
        for item in value if isinstance(value, list) else [value]:
            if item is not made and (item.parent is None or item.parent is node):
                ctx.consume_tree(item)
