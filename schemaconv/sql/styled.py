"""Dates as text by a numbered style, in calls of the source that the rows of its functions translate.

Transact-SQL reference, "CAST and CONVERT", "Date and time styles". The styles are rows of the source's file; ``_DD``
and ``_HH12`` are filled up with a blank in front, ``FFF`` are the digits of the fraction.
"""

from __future__ import annotations

import re
from typing import Final

from ..ir.types import Type
from .context import Context
from .kinds import family
from .tree import Node, exp, number, source_function, string

#: Calls that the rows of a source's functions translate, and that nobody can write.
MOMENT: Final = "TEXT OF MOMENT"
_BLANK: Final = {"_DD": "BLANK DAY", "_HH12": "BLANK HOUR"}
_PART: Final = re.compile(r"_DD|_HH12|YYYY|YY|MM|Mon|DD|HH24|HH12|MI|SS|FFF|AM|.", re.S)
_WIDTHS: Final = {"YYYY": 4, "Mon": 3, **dict.fromkeys("_DD _HH12 YY MM DD HH24 HH12 MI SS AM".split(), 2)}
_CLOCK: Final = frozenset({"_HH12", "HH24", "HH12"})


def style_of(type_: Type, ctx: Context) -> int | None:
    """The style of a CAST of such a date: 121 of the newer types, 0 of the older; ``None`` where none is known."""
    if type_.kind == "date":
        return 121
    counted = ctx.source.is_counted(type_)
    return None if counted is None else 0 if counted else 121


def text_of(value: Node, style: int, length: int | None, ctx: Context) -> Node | None:
    """``value`` as text of that style, at most ``length`` characters; ``None`` where the style has no counterpart."""
    model = ctx.source.styles.get(str(style))
    found = ctx.infer(value).type
    if model is None or family(found) == "zoned":
        return None
    parts = _PART.findall(model)
    if found.kind == "date":
        parts = _day_only(parts)
    digits = _digits(found, ctx)
    if "FFF" in parts and digits is None and (length is None or length > _width(parts[: parts.index("FFF") - 1], 0)):
        return None
    if "FFF" in parts and parts[parts.index("FFF") - 1] == ":" and not ctx.source.is_counted(found):
        return None
    parts, cut = _shortened(parts, length, digits or 0)
    known = digits in (0, 6, 7, None) or f"FF{digits}" in ctx.family.date_out
    if "FFF" in parts[-1:] and "T" not in parts and not known:
        cut, digits = cut or _width(parts, digits or 0), 6  # the target writes microseconds only
    if not parts:
        return None
    pieces = _pieces(value, parts, digits or 0, found.unit == "minute", "T" in model)
    if pieces is None:
        return None
    made = pieces[0]
    for piece in pieces[1:]:
        made = exp.DPipe(this=made, expression=piece)
    return source_function("LEFT", made, number(cut)) if cut else made


def _digits(type_: Type, ctx: Context) -> int | None:
    """The digits of the fraction that the type's text has."""
    if type_.kind == "date" or type_.unit == "minute":
        return 3
    counted = ctx.source.is_counted(type_)
    return None if counted is None else 3 if counted else type_.precision


def _day_only(parts: list[str]) -> list[str]:
    at = next((i for i, p in enumerate(parts) if p in _CLOCK), len(parts))
    kept = parts[:at]
    while kept and kept[-1] in (" ", "T"):
        kept.pop()
    return kept


def _width(parts: list[str], digits: int) -> int:
    return sum(digits if p == "FFF" else _WIDTHS.get(p, 1) for p in parts)


def _shortened(parts: list[str], length: int | None, digits: int) -> tuple[list[str], int]:
    """The parts that ``length`` characters need, and the length to cut at where it falls into one of them."""
    while length is not None and parts and _width(parts[:-1], digits) >= length:
        parts = parts[:-1]
    return parts, length if length is not None and _width(parts, digits) > length else 0


def _pieces(value: Node, parts: list[str], digits: int, minutes: bool, hides_zero: bool) -> list[Node] | None:
    """The calls that give the text one behind the other; ``hides_zero``: a fraction of zero is left out."""
    made: list[Node] = []
    model = ""

    def flush() -> None:
        nonlocal model
        if model:
            text = re.fullmatch(r'"([^"]*)"|[^A-Za-z0-9"]+', model)
            made.append(string(text[1] or text[0]) if text else source_function(MOMENT, value.copy(), string(model)))
        model = ""

    for i, part in enumerate(parts):
        if part in _BLANK:
            flush()
            made.append(source_function(_BLANK[part], value.copy()))
        elif part == "FFF" and minutes:
            model += '"000"'
        elif part == "FFF" and hides_zero:
            if digits != 3 or i + 1 < len(parts):
                return None
            model = model.removesuffix(".")
            flush()
            made.append(source_function("SHOWN THOUSANDTHS", value.copy()))
        elif part == "FFF":
            model += f'FF{min(digits, 6)}' + ('"0"' if digits > 6 else "") if digits else ""
        elif part == "T":
            model += '"T"'
        else:
            model += part
    if not digits and model.endswith("."):
        model = model[:-1]
    flush()
    return made
