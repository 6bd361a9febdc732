"""Arguments that stand for dates, and the aggregate inside of a row's text."""

from __future__ import annotations

from ..ir.fragment import Known
from ..ir.types import Type
from .context import Context
from .convert import as_date, number_as_date
from .infer import COUNTED
from .kinds import family
from .tree import Node, cast_to, exp, literal_text

#: Calls that aggregate in the text of a row, and calls that may stand around one.
AGGREGATES = frozenset("AVG SUM COUNT MIN MAX STDDEV_SAMP STDDEV_POP VAR_SAMP VAR_POP BIT_XOR BIT_AND BIT_OR".split())
WRAPPING = frozenset("TRUNC TRUNCATE ROUND CAST COALESCE FLOOR EXP".split())


def date(value: Node, ctx: Context, wanted: Type) -> Node:
    """A text as the date of type ``wanted`` that it stands for, a number as the day to which it counts, where the
    source takes them."""
    kind = ctx.typer.family(value)
    if kind == "number":
        return number_as_date(value, COUNTED, ctx)
    if kind != "text":
        return value
    ordered = bool(ctx.source.traits.get("date_text_order"))
    if not ordered and (literal_text(value) is None or not ctx.source.traits.get("iso_text_is_date")):
        raise ctx.refuse("SC4207", value, what="a text used as a date")
    timed = wanted == COUNTED and ctx.family.words.get("day_plus_interval") == "date"
    made = as_date(value, ctx, wanted, timed)
    made.meta["known"] = Known(wanted, literal_text(value) is not None or ctx.typer.not_null(value))
    return made


def stamp(value: Node, ctx: Context) -> Node:
    """A date as a moment without a zone, where the target tells them apart."""
    found = ctx.infer(value).type
    if family(found) == "zoned":
        return ctx.op("to_utc", value, None, t=value) if ctx.family.way("to_utc") is not None else value
    if found.kind != "date" or not ctx.has("strict_types"):
        return value
    made = cast_to(value, "timestamp")
    made.meta["done"] = True
    return made


def aggregate_in(made: Node) -> exp.Anonymous | None:
    """The one aggregate that the text of an aggregate's row calls; ``None`` where there are several."""
    if isinstance(made, exp.Anonymous) and str(made.name).upper() not in WRAPPING:
        return made
    found: list[exp.Anonymous] = []
    stack = [made]
    while stack:
        part = stack.pop()
        if isinstance(part, exp.Anonymous) and str(part.name).upper() in AGGREGATES:
            found.append(part)
        else:
            stack += list(part.iter_expressions())
    return found[0] if len(found) == 1 else None
