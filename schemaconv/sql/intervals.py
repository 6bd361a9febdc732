"""Spans and points of time: reading the source's literals, writing the target's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ..ir.fragment import Constant, Known
from ..ir.types import Type
from . import constants, date_texts
from .context import Context
from .kinds import DAYS, MONTHS
from .marks import LITERAL_CALL
from .tree import Node, call, cast_to, exp, number, string

UNITS: Final = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")
_SECONDS: Final = {"DAY": 86400, "HOUR": 3600, "MINUTE": 60, "SECOND": 1}


@dataclass(frozen=True, slots=True)
class Parts:
    """A span: whole months, or seconds (with a fraction)."""

    months: int = 0
    seconds: Fraction = Fraction(0)

    @staticmethod
    def read(text: str, units: str) -> Parts | None:
        """``'5 04:03'`` of ``DAY TO MINUTE``; ``None`` if the text does not fit."""
        words = [w for w in units.split() if w != "TO"]
        if not words or any(w not in UNITS for w in words):
            return None
        span = UNITS[UNITS.index(words[0]) : UNITS.index(words[-1]) + 1]
        body = text.strip()
        sign = -1 if body.startswith("-") else 1
        numbers = re.split(r"[-: ]", body.lstrip("+-").strip())
        if len(numbers) != len(span) or not all(re.fullmatch(r"\d+(?:\.\d+)?", n) for n in numbers):
            return None
        months, seconds = 0, Fraction(0)
        for unit, value in zip(span, numbers, strict=True):
            if unit in _SECONDS:
                seconds += Fraction(value) * _SECONDS[unit]
            elif "." in value:
                return None
            else:
                months += int(value) * (12 if unit == "YEAR" else 1)
        return Parts(sign * months, sign * seconds)

    def text(self, units: str) -> str:
        """The span as a column of ``units`` shows it: ``3 04:05:06`` of ``DAY TO SECOND``."""
        words = [w for w in units.upper().split() if w in UNITS]
        span = UNITS[UNITS.index(words[0]) : UNITS.index(words[-1]) + 1]
        if self.months:
            years, months = divmod(abs(self.months), 12)
            shown = {"YEAR": str(years), "MONTH": f"{months:02d}" if "YEAR" in span else str(abs(self.months))}
            return ("-" if self.months < 0 else "") + "-".join(shown[u] for u in span if u in shown)
        rest, made = abs(self.seconds), ""
        for unit in span:
            count, rest = (rest, Fraction(0)) if unit == "SECOND" else divmod(rest, _SECONDS.get(unit, 1))
            text = str(int(count))
            if made:
                made += (" " if unit == "HOUR" else ":") + text.zfill(2)
            else:
                made = text
            if count != int(count):
                made += f"{float(count - int(count)):.6f}"[1:].rstrip("0")
        return ("-" if self.seconds < 0 else "") + made

    def largest(self) -> tuple[Fraction, str]:
        """The span as a count of the largest unit that divides it."""
        if self.months:
            return (Fraction(self.months, 12), "YEAR") if self.months % 12 == 0 else (Fraction(self.months), "MONTH")
        for unit, size in _SECONDS.items():
            if self.seconds and (self.seconds / size).denominator == 1:
                return self.seconds / size, unit
        return self.seconds, "SECOND"


def interval(parts: Parts, ctx: Context, at: Node) -> Node:
    """The target's literal for ``parts``."""
    count, unit = parts.largest()
    if count.denominator != 1 and (count * 1_000_000).denominator != 1:
        raise ctx.refuse("SC4206", at, element="fraction of a second", what="INTERVAL")
    text = str(count.numerator) if count.denominator == 1 else f"{float(count):.6f}".rstrip("0")
    if ctx.family.words["interval_literal"] == "unit":
        if count.denominator != 1:
            text, unit = str((count * 1_000_000).numerator), "MICROSECOND"
        value: Node = number(text.lstrip("-"))
        made: Node = exp.Interval(this=exp.Neg(this=value) if text.startswith("-") else value, unit=exp.var(unit))
    else:
        plural = "" if text in ("1", "-1") else "s"
        words = f"{text} {unit.lower()}{plural}"
        if unit in ("MINUTE", "SECOND") and count.denominator == 1 and parts.seconds > 86400:
            days, rest = divmod(int(parts.seconds), 86400)  # '51:04:05' and '2 days 03:04:05' are not the same
            clock = f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
            words = f"{days} day{'s' if days > 1 else ''} {clock}"
        made = call("INTERVAL" + LITERAL_CALL, string(words))
    made.meta["known"] = Known(MONTHS if parts.months else DAYS, True)
    made.meta["parts"] = parts
    return made


def as_text(node: Node, wanted: Type, ctx: Context) -> Node:
    """A constant span as the text that a column keeps of it, where the target has no intervals. Raises
    :class:`Refused` for what is no constant."""
    parts = node.meta.get("parts")
    units = re.sub(r"\([^)]*\)", " ", wanted.raw)
    if not isinstance(parts, Parts) or not any(w in UNITS for w in units.upper().split()):
        raise ctx.refuse("SC4203", node, function="an interval used as text")
    made = string(parts.text(units))
    made.meta["known"] = Known(wanted, True)
    return made


def moment(found: Constant, ctx: Context, day_suffices: bool) -> Node:
    """A date or time as the target's literal."""
    words = ctx.family.words
    found = date_texts.reachable(found, words.get("offset_years"))
    if found.kind == "time":
        return call("TIME" + LITERAL_CALL, string(found.value))
    if found.kind == "date" and (day_suffices or ctx.settings.bare_dates):
        return call(words["date_literal"] + LITERAL_CALL, string(found.value))
    text = found.value if found.kind == "timestamp" else f"{found.value} 00:00:00"
    if constants.has_zone(text):
        return cast_to(string(text), str(words["zoned_type"]))
    return call(words["timestamp_literal"] + LITERAL_CALL, string(text))
