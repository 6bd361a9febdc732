"""FORMAT(value, format[, culture]) of dates and numbers, in en-US. Transact-SQL reference, "FORMAT"."""

from __future__ import annotations

from ...ir.fragment import Known
from ...ir.types import Type
from ...sql.context import Context
from ...sql.formats import cut
from ...sql.kinds import family, is_integer, is_moment
from ...sql.net_formats import NumberFormat, date_model, number_format
from ...sql.styled import MOMENT
from ...sql.tree import Node, exp, is_call, literal_text, number, put, source_function, string
from . import every

REMOVES = "format_call"
TRAIT = "typed_arithmetic"
ADDS = ("null_concat",)
WORDS = frozenset({"FORMAT"})
#: Cultures whose formats are those of en-US.
CULTURES = frozenset({"", "EN-US", "EN"})
#: Digits before the point of numbers whose type does not say.
DIGITS = {"utinyint": 3, "tinyint": 3, "smallint": 5, "integer": 10, "bigint": 19}


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Anonymous):
        if not is_call(node, "FORMAT") or node.meta.get("done") or not 2 <= len(node.expressions) <= 3:
            continue
        value, text = node.expressions[0], literal_text(node.expressions[1])
        culture = literal_text(node.expressions[2]) if len(node.expressions) == 3 else ""
        if text is None or culture is None or culture.upper() not in CULTURES:
            continue
        found = ctx.infer(value).type
        made: Node | None = None
        if is_moment(found) and family(found) != "zoned":
            model = date_model(text)
            made = source_function(MOMENT, value, string(model)) if model is not None and _has(model, ctx) else None
        elif ctx.typer.family(value) == "number":
            form = number_format(text, is_integer(found))
            made = _number(value, form, found, ctx) if form is not None else None
        if made is None:
            raise ctx.refuse("SC4206", node, element=text, what="FORMAT")
        for argument in node.expressions[1:]:
            ctx.consume_tree(argument)
        made.meta["start"] = node.meta.get("start", 0)
        made.meta["known"] = Known(Type("nvarchar", length=4000), ctx.typer.not_null(value))
        root = put(node, made, root)
    return root


def _has(model: str, ctx: Context) -> bool:
    """Whether the target writes every element of the model without padding that is to be so."""
    rows = ctx.family.date_out
    bare = [e for e in cut(model, ctx.source.date_elements) if e.name and e.bare]
    return all(rows.get("bare_prefix") or f"FM {e.name}" in rows for e in bare)


def _number(value: Node, form: NumberFormat, found: Type, ctx: Context) -> Node:
    digits = DIGITS.get(found.kind) or ((found.precision or 38) - (found.scale or 0) if found.kind == "decimal" else 28)
    known = ctx.infer(value)
    if form.kind == "P":
        value, digits = exp.Mul(this=_operand(value), expression=number(100)), digits + 2
    model = form.model(max(digits + 1, form.zeros))

    def shown(part: Node) -> Node:
        rounded = source_function("ROUND", part, number(form.decimals))
        return source_function("TEXT OF NUMBER", part if is_integer(found) else rounded, string(model))

    if form.kind == "P":
        return exp.DPipe(this=shown(value), expression=string(" %"))
    if form.kind == "C":
        below = exp.LT(this=_operand(value.copy()), expression=number(0))
        less = exp.DPipe(this=string("($"), expression=shown(source_function("ABS", value.copy())))
        return exp.Case(
            ifs=[exp.If(this=below, true=exp.DPipe(this=less, expression=string(")")))],
            default=exp.DPipe(this=string("$"), expression=shown(value)),
        )
    made = shown(value)
    made.meta["known"] = known
    return made


def _operand(value: Node) -> Node:
    return exp.Paren(this=value) if isinstance(value, exp.Binary) else value
