"""Range partitions written as a rule (from, to, each) as single bounds: arithmetic on dates, times and numbers."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from ..ir.catalog import Step
from ..ir.fragment import Fragment

Value = Decimal | datetime | str

#: Units of an interval from fine to coarse.
UNITS: Final = ("SECOND", "MINUTE", "HOUR", "DAY", "MONTH", "YEAR")
_COARSER: Final = {"SECOND": "DAY", "MINUTE": "DAY", "HOUR": "DAY", "DAY": "MONTH", "MONTH": "YEAR"}
_TYPED: Final = re.compile(r"(DATE|TIMESTAMP)\s*'\s*([^']+?)\s*'", re.IGNORECASE)
_TEXT: Final = re.compile(r"'((?:[^']|'')*)'")
_CAST: Final = re.compile(r"CAST\s*\(\s*('[^']*')\s+AS\s+(DATE|TIMESTAMP)\b.*\)", re.IGNORECASE | re.DOTALL)
_EACH: Final = re.compile(
    r"INTERVAL\s*'\s*(\d+)\s*'\s*(YEAR|MONTH|DAY|HOUR|MINUTE|SECOND)(?:\s*\(\s*\d+\s*(?:,\s*\d+\s*)?\))?", re.IGNORECASE
)
#: Teradata keeps a date as the number (year - 1900) * 10000 + month * 100 + day.
_DATE_NUMBER: Final = 19000000


class Unknown(Exception):
    """A bound whose value is not known before the script runs, or that is none."""

    def __init__(self, fragment: Fragment) -> None:
        super().__init__(fragment.text)
        self.fragment = fragment


@dataclass(frozen=True, slots=True)
class Width:
    """``count`` units of time, or ``count`` where ``unit`` is empty."""

    count: Decimal
    unit: str = ""

    def wider(self) -> Width | None:
        """The next width that people would choose: months for days, ten times a number."""
        if not self.unit:
            return Width(self.count * 10)
        unit = _COARSER.get(self.unit)
        if unit is not None:
            return Width(Decimal(1), unit)
        return None if self.count >= 100 else Width(self.count * 10, self.unit)


@dataclass(frozen=True, slots=True)
class Bounds:
    """One partition: from ``lower`` (``None``: no bound) up to ``upper`` without it (``None``: no bound)."""

    lower: Value | None
    upper: Value | None


def width(each: Fragment) -> Width:
    """What ``EACH`` says. Raises :class:`Unknown`."""
    match = _EACH.fullmatch(each.text.strip())
    if match is not None and int(match[1]) > 0:
        return Width(Decimal(match[1]), match[2].upper())
    try:
        count = Decimal(each.text.strip())
    except InvalidOperation:
        raise Unknown(each) from None
    if count <= 0:
        raise Unknown(each)
    return Width(count)


def value(bound: Fragment, kind: str) -> Value:
    """The value of a bound of a column whose canonical type is ``kind``. Raises :class:`Unknown`."""
    text = bound.text.strip()
    if cast := _CAST.fullmatch(text):
        text = f"{cast[2]} {cast[1]}"
    typed = _TYPED.fullmatch(text)
    plain = _TEXT.fullmatch(text)
    if typed or (plain and kind in _TIMES):
        return _moment(typed[2] if typed else plain[1] if plain else "", bound)
    if plain:
        return plain[1].replace("''", "'")
    try:
        number = Decimal(text.replace(" ", ""))
    except InvalidOperation:
        raise Unknown(bound) from None
    if kind == "date":
        return _moment(f"{int(number) + _DATE_NUMBER:08d}", bound)
    return number


_TIMES: Final = frozenset(("date", "timestamp", "timestamptz", "timestampltz"))


def _moment(text: str, bound: Fragment) -> datetime:
    text = re.sub(r"\+00:00$", "", text.strip())
    if re.fullmatch(r"\d{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    try:
        return datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise Unknown(bound) from None


def bounds(steps: tuple[Step, ...], kind: str, precision: int, coarser: int, limit: int) -> list[Bounds] | None:
    """The partitions of ``steps``, each ``coarser`` times made wider; ``None`` where they are more than ``limit``.

    ``precision`` is the number of decimal places of a number or of a second. Raises :class:`Unknown`.
    """
    found: list[Bounds] = []
    for number, step in enumerate(steps):
        lower = value(step.lower, kind) if step.lower is not None else None
        last = number + 1 == len(steps)
        following = steps[number + 1].lower if not last else None
        if step.upper is not None:
            upper: Value | None = _after(value(step.upper, kind), kind, precision, step.upper)
        else:
            upper = value(following, kind) if following is not None else None
        if step.each is None or lower is None:
            found.append(Bounds(lower, upper))
            continue
        wide: Width | None = width(step.each)
        for _ in range(coarser):
            wide = wide.wider() if wide is not None else None
        if wide is None or upper is None or isinstance(lower, str):
            raise Unknown(step.each)
        for one in _cut(lower, upper, wide, coarser > 0, step.each):
            found.append(one)
            if len(found) > limit:
                return None
    if len(found) > limit:
        return None
    return found


def of_years(years: Bounds) -> Bounds | None:
    """Bounds of whole years as the days on which they begin; ``None`` for a year that is none."""
    lower, upper = (_new_year(k) if isinstance(k, Decimal) else None for k in (years.lower, years.upper))
    if (years.lower is not None and lower is None) or (years.upper is not None and upper is None):
        return None
    return Bounds(lower, upper)


def _new_year(year: Decimal) -> datetime | None:
    whole = year == year.to_integral_value() and 1 <= year <= 9999
    return datetime(int(year), 1, 1) if whole else None


def _after(bound: Value, kind: str, precision: int, at: Fragment) -> Value:
    """The least value above ``bound``."""
    match bound:
        case Decimal():
            return bound + Decimal(1).scaleb(-precision)
        case datetime() if kind == "date":
            return _later(bound, timedelta(days=1), at)
        case datetime():
            return _later(bound, timedelta(microseconds=10 ** (6 - min(precision, 6))), at)
        case str():
            raise Unknown(at)


def _later(moment: datetime, by: timedelta, at: Fragment) -> datetime:
    try:
        return moment + by
    except OverflowError:
        raise Unknown(at) from None


def _cut(lower: Value, upper: Value, wide: Width, aligned: bool, at: Fragment) -> Iterator[Bounds]:
    here, number = lower, 0
    while _less(here, upper, at):
        number += 1
        there = _stepped(lower, wide, number, aligned, at)
        if not _less(there, upper, at):
            there = upper
        yield Bounds(here, there)
        here = there


def _less(a: Value, b: Value, at: Fragment) -> bool:
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return a < b
    if isinstance(a, datetime) and isinstance(b, datetime):
        return a < b
    raise Unknown(at)


def _stepped(start: Value, wide: Width, number: int, aligned: bool, at: Fragment) -> Value:
    """The end of partition ``number`` (from 1); ``aligned`` puts it at the beginning of a month, year or day."""
    by = int(wide.count) * number
    if isinstance(start, Decimal):
        if wide.unit:
            raise Unknown(at)
        return start + wide.count * number
    if not isinstance(start, datetime) or not wide.unit:
        if isinstance(start, datetime) and not wide.unit:  # EACH 7 of a date: days
            return _later(start, timedelta(days=by), at)
        raise Unknown(at)
    try:
        match wide.unit:
            case "YEAR":
                start = start.replace(month=1, day=1, hour=0, minute=0, second=0) if aligned else start
                return _months(start, by * 12)
            case "MONTH":
                start = start.replace(day=1, hour=0, minute=0, second=0) if aligned else start
                return _months(start, by)
            case unit:
                start = start.replace(hour=0, minute=0, second=0) if aligned else start
                return start + timedelta(**{f"{unit.lower()}s": by})
    except (OverflowError, ValueError):
        raise Unknown(at) from None


def _months(start: datetime, by: int) -> datetime:
    years, month = divmod(start.month - 1 + by, 12)
    day = min(start.day, calendar.monthrange(start.year + years, month + 1)[1])
    return start.replace(year=start.year + years, month=month + 1, day=day)


def literal(bound: Value, kind: str) -> str:
    """The bound as SQL."""
    match bound:
        case Decimal():
            return f"{bound:f}"
        case datetime() if kind == "date":
            return f"DATE '{bound:%Y-%m-%d}'" if bound.year > 999 else f"DATE '{bound.date().isoformat()}'"
        case datetime():
            return f"TIMESTAMP '{bound.isoformat(sep=' ')}'"
        case str():
            return "'" + bound.replace("'", "''") + "'"


def label(bound: Bounds, number: int) -> str:
    """A partition's name: its month, year or day, or else its number, from 1."""
    lower, upper = bound.lower, bound.upper
    if not isinstance(lower, datetime) or not isinstance(upper, datetime) or lower.time() != upper.time():
        return f"P{number}"
    if lower.time() != datetime.min.time():
        return f"P{number}"
    if lower.day == 1 and upper.day == 1:
        if lower.month == 1 and upper.month == 1:
            return f"P{lower.year:04d}"
        return f"P{lower.year:04d}{lower.month:02d}"
    return f"P{lower.year:04d}{lower.month:02d}{lower.day:02d}"


