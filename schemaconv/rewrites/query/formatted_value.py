"""Values with a FORMAT phrase: it says what text they become, and how a text is read as a date.

``CAST(d AS FORMAT 'YYYYMMDD')`` and ``d (FORMAT 'YYYYMMDD')`` reach us as ``FORMATTED(d, 'YYYYMMDD')``, and
``CAST(s AS DATE FORMAT 'YYYYMMDD')`` as ``PARSED(s, 'DATE', 'YYYYMMDD')``. Teradata SQL Data Types and Literals,
"FORMAT": a format changes the text of a value, never the value; where no text is made it is about display.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.formats import UnknownElement
from ...sql.kinds import TEXT, family, is_moment, read_type
from ...sql.pictures import moment_model, number_picture
from ...sql.tree import Node, call_name, cast_to, exp, is_call, literal_text, put, source_function, string, type_of_cast
from ...sql.tree import number as literal
from . import every

REMOVES = "formatted_value"
ADDS = ("function", "cast_type", "postfix_cast")
WORDS = frozenset({"FORMATTED", "PARSED"})

T = TypeVar("T")


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Anonymous):
        assert isinstance(node, exp.Anonymous)
        if is_call(node, "PARSED"):
            made = _read(node, ctx)
        elif is_call(node, "FORMATTED"):
            made = _written(node, ctx)
        else:
            continue
        made.meta["start"] = node.meta.get("start", 0)
        outer = node.parent
        while isinstance(outer, exp.Paren):  # what was known of the value is not true of its text
            outer.meta.pop("known", None)
            outer = outer.parent
        root = put(node, made, root)
    return root


def _read(node: exp.Anonymous, ctx: Context) -> Node:
    """A text, or another date, as a date or a timestamp."""
    value, type_, picture = node.expressions
    spelled = literal_text(type_) or ""
    wanted = read_type(spelled, ctx.source.types)
    given = ctx.typer.family(value)
    if wanted is None or wanted.kind not in ("date", "timestamp") or given not in ("text", "date", "timestamp"):
        raise ctx.refuse("SC4205", node, what=f"CAST AS {spelled} with a format", function="CAST")
    ctx.consume(spelled)
    if given != "text":
        ctx.say("SC3174", node, clause=f"FORMAT '{literal_text(picture)}'")
        ctx.consume_tree(picture)
        return cast_to(value, spelled)
    model = _model(node, picture, ctx)
    if re.search(r"(?<!Y)YY(?!Y)", model):
        raise ctx.refuse("SC4206", node, element="YY: the century is a setting of the server", what="FORMAT")
    made = source_function("TO_DATE" if wanted.kind == "date" else "TO_TIMESTAMP", value, string(model))
    return made if wanted.kind == "date" else cast_to(made, spelled)


def _model(node: Node, picture: Node, ctx: Context) -> str:
    return _understood(moment_model, node, picture, ctx)


def _understood(read: Callable[[str], T], node: Node, picture: Node, ctx: Context) -> T:
    text = literal_text(picture) or ""
    try:
        found = read(text)
    except UnknownElement as error:
        raise ctx.refuse("SC4206", node, element=str(error), what=f"FORMAT '{text}'") from None
    ctx.consume(text)
    return found


def _written(node: exp.Anonymous, ctx: Context) -> Node:
    value: Node = node.expressions[0]
    picture: Node = node.expressions[1]
    if not _becomes_text(node, ctx):
        ctx.say("SC3174", node, clause=f"FORMAT '{literal_text(picture)}'")
        ctx.consume_tree(picture)
        return value
    known = ctx.infer(value)
    if is_moment(known.type):
        return source_function("TO_CHAR", value, string(_model(node, picture, ctx)))
    if family(known.type) != "number":
        what = f"FORMAT {picture.sql()} of what is no date and no number"
        raise ctx.refuse("SC4205", node, what=what, function="CAST")
    text = literal_text(picture) or ""
    found = _understood(number_picture, node, picture, ctx)
    way = ctx.family.way(found.op)
    if way is None or not way.sql:
        raise ctx.refuse("SC4206", node, element=text, what=f"FORMAT '{text}'")
    if found.unsigned:
        ctx.say("SC4323", node, what=f"FORMAT '{text}'")
    holes = {"model": string(found.model), "width": literal(found.width), "decimals": literal(found.decimals)}
    return ctx.op(found.op, node, Known(TEXT, known.not_null), n=value, **holes)


def _becomes_text(node: Node, ctx: Context) -> bool:
    """Whether a text is made of the value where it stands. Raises :class:`Refused` where that is open."""
    place, parent = node, node.parent
    while isinstance(parent, exp.Paren):
        place, parent = parent, parent.parent
    match parent:
        case exp.DPipe() | exp.Like():
            return True
        case exp.If() | exp.Case():
            case = parent if isinstance(parent, exp.Case) else parent.parent
            results = [b.args["true"] for b in case.args["ifs"]] if isinstance(case, exp.Case) else []
            default = case.args.get("default") if isinstance(case, exp.Case) else None
            others = [n for n in (*results, default) if n is not None and n is not place]
            return place.arg_key in ("true", "default") and any(ctx.typer.family(n) == "text" for n in others)
        case exp.Cast():
            wanted = read_type(type_of_cast(parent), ctx.source.types)
            return wanted is not None and family(wanted) == "text"
        case exp.Anonymous():
            if is_call(parent, "TDCAST"):
                return True
            at = next(i for i, a in enumerate(parent.expressions) if a is place)
            rows = ctx.source.rows.get(call_name(parent).upper(), ())
            kinds = {r.parameters[min(at, len(r.parameters) - 1)].kind for r in rows if r.parameters}
            return "text" in kinds
        case exp.EQ() | exp.NEQ() | exp.GT() | exp.LT() | exp.GTE() | exp.LTE() | exp.In() | exp.Between():
            others = [n for n in parent.iter_expressions() if n is not place]
            if any(ctx.typer.family(n) == "text" for n in others):
                raise ctx.refuse("SC4205", node, what="a comparison of a text with a formatted value", function="CAST")
    return False
