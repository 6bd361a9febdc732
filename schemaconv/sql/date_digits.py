"""Dates as the numbers that Teradata keeps: ``(year - 1900) * 10000 + month * 100 + day``.

SQL Data Types and Literals, "DATE Data Type"; Functions, "Arithmetic Operations on DateTime": casts to and from whole
numbers use it, and so do the operators that no date has.
"""

from __future__ import annotations

from ..ir.fragment import Constant, Known
from ..ir.types import Type
from .context import Context
from .intervals import moment
from .kinds import INTEGER, is_integer
from .tree import Node, decimal_text


def date_digits(value: Node, at: Node, ctx: Context) -> Node:
    """The number that a date is."""
    return ctx.op("date_digits", at, Known(INTEGER, ctx.typer.not_null(value)), d=value)


def digits_as_date(value: Node, wanted: Type, known: Known, at: Node, ctx: Context) -> Node:
    """The date that a number is. Raises :class:`Refused` for a constant that is none."""
    digits = decimal_text(value)
    if digits is not None:
        day = ctx.source.day_of(digits, wanted)
        if day is None:
            raise ctx.refuse("SC4273", value, what=digits)
        ctx.consume_tree(value)
        return moment(Constant("date", day), ctx, True)
    if not is_integer(ctx.infer(value).type):
        raise ctx.refuse("SC4208", at, type="DATE")
    return ctx.op("digits_as_date", at, known, n=value)
