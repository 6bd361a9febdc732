"""Texts that a session reads as dates: in which order, in which language (Transact-SQL reference, "SET DATEFORMAT",
"SET LANGUAGE", and the pages of the types "datetime", "date", "time" and "datetimeoffset")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

from .. import rulefiles
from ..ir.fragment import Constant, Session
from ..ir.types import Type
from . import constants
from .kinds import family

#: Every order in which a session may read the three numbers of a date.
ORDERS: Final = ("mdy", "dmy", "ymd", "ydm", "myd", "dym")
#: No form of a date is longer.
LONGEST: Final = 80
#: What an empty text is, and the day of a text that gives a time alone.
FIRST_DAY: Final = "1900-01-01"
#: Two digits of a year below this are of this century ("two digit year cutoff": 2049).
CUTOFF: Final = 50

_CLOCK: Final = r"\d{1,2}(?::\d{1,2}){1,2}(?:[.:]\d{1,9})?(?:\s*[ap]m)?|\d{1,2}\s*[ap]m"
_TIMED: Final = re.compile(
    rf"(?P<day>.*?)(?:(?:^|\s+|(?<=\d)T(?=\d))(?P<clock>{_CLOCK})\s*(?P<zone>[+-]\d{{2}}:\d{{2}}|Z)?)?", re.I | re.S
)
_NUMBERS: Final = re.compile(r"(\d{1,4})\s*([-/.])\s*(\d{1,4})\s*\2\s*(\d{1,4})")
_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}T", re.I)
_WORDS: Final = re.compile(r"\d+|[^\W\d]+|[\s,/.-]+|.", re.S)
_TIME: Final = re.compile(r"(\d{1,2})(?::(\d{1,2}))?(?::(\d{1,2}))?(?:([.:])(\d{1,9}))?\s*([ap])?m?", re.I)


@dataclass(frozen=True, slots=True)
class Reading:
    """How texts are read: ``order`` of day, month and year (empty: set while the script runs), whether anybody has
    ``said`` so, and the ``months`` by name."""

    order: str = "mdy"
    said: bool = True
    months: Mapping[str, int] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """The order as a message gives it."""
        names = {"d": "day", "m": "month", "y": "year"}
        return "/".join(names[letter] for letter in self.order) or "that the run sets"


@dataclass(frozen=True, slots=True)
class DateText:
    """A date that was read, and whether another order would give another one."""

    value: Constant
    guessed: bool = False


@lru_cache(maxsize=1)
def languages() -> Mapping[str, Mapping[str, object]]:
    """Rows of ``rules/languages.toml`` by every name of a language, in capitals."""
    rows = rulefiles.load("languages.toml")["language"]
    return {str(name).upper(): row for row in rows for name in row["names"]}


def order_of(language: str) -> str:
    """The order in which sessions in ``language`` read dates; empty for one that nobody knows."""
    row = languages().get(language.upper())
    return str(row["order"]) if row is not None else ""


@lru_cache(maxsize=16)
def _months(language: str) -> Mapping[str, int]:
    row = languages().get(language.upper(), {})
    lists = (str(row.get(key, "")).upper().split() for key in ("months", "short"))
    return {word: i + 1 for words in lists for i, word in enumerate(words)}


@lru_cache(maxsize=64)
def reading(session: Session | None, given: str, default: str, stored: bool = False) -> Reading:
    """How a text under ``session`` is read; ``given`` is what a person says of scripts that do not, ``default`` what
    the engine does by itself. What is ``stored`` runs in other sessions: those follow no ``SET`` of the script."""
    said = session.date_order if session is not None else ""
    language = session.language if session is not None else ""
    if said == UNKNOWN:
        order = ""
    else:
        order = said or given or default
    months = {} if language == UNKNOWN else _months(language or "us_english")
    return Reading(order, bool(given or (said and not stored)), months)


#: A setting that is only known at run time.
UNKNOWN: Final = "?"


def read(text: str, how: Reading, by_order: bool | None) -> DateText | None:
    """The date or time that ``text`` means, or ``None`` if it means none.

    ``by_order`` says that the older types read it, which put numbers behind a leading year in the session's order, too;
    ``None`` that this is not known.
    """
    body = text.strip()
    if len(body) > LONGEST:
        return None
    if not body:
        return DateText(Constant("date", FIRST_DAY))
    if _ISO.match(body):
        value = constants.iso(body.replace("t", "T").replace("z", "Z"))
        return DateText(value) if value is not None else None
    found = _TIMED.fullmatch(body)
    if found is None:
        return None
    clock = time_of(found["clock"]) if found["clock"] else ""
    day_text = found["day"].strip()
    if clock is None:
        return None
    zone = {"Z": "+00:00", "z": "+00:00"}.get(found["zone"] or "", found["zone"] or "")
    if not day_text:
        return DateText(Constant("timestamp", f"{FIRST_DAY} {clock}{zone}"))
    day = _day(day_text, how, by_order)
    if day is None:
        return None
    shown, guessed = day
    if not clock or (clock == "00:00:00" and not zone):
        return DateText(Constant("date", shown), guessed)
    return DateText(Constant("timestamp", f"{shown} {clock}{zone}"), guessed)


def _day(text: str, how: Reading, by_order: bool | None) -> tuple[str, bool] | None:
    if text.isdecimal():  # never by an order
        if len(text) not in (4, 6, 8):
            return None
        text = f"{text}0101" if len(text) == 4 else text
        year = int(text[:4]) if len(text) == 8 else _century(int(text[:2]))
        shown = _iso(year, int(text[-4:-2]), int(text[-2:]))
        return (shown, False) if shown else None
    numbers = _NUMBERS.fullmatch(text)
    if numbers is None:
        shown = _named(text, how.months)
        return (shown, False) if shown else None
    parts = (numbers[1], numbers[3], numbers[4])
    leading = len(parts[0]) == 4
    if not leading and not by_order and how.order == "ydm":
        return None  # which the newer types do not know
    if leading and by_order is None:
        return _agreed(parts, how, numbers[2])
    if leading and not by_order:
        return _year_first(parts, how, numbers[2])
    shown = _ordered(parts, how.order) if how.order else ""
    if not how.order:  # the same in every order, or not known
        found = {_ordered(parts, order) for order in ORDERS}
        shown = found.pop() if len(found) == 1 else ""
    if not shown:
        return None
    return shown, not how.said and not leading and len({_ordered(parts, o) for o in ORDERS} - {""}) > 1


def _agreed(parts: tuple[str, str, str], how: Reading, sign: str) -> tuple[str, bool] | None:
    """A text whose type is not known: what the older and the newer types both make of it."""
    newer = _year_first(parts, how, sign)
    older = _ordered(parts, how.order) if how.order else ""
    return newer if newer is not None and newer[0] == older else None


def _year_first(parts: tuple[str, str, str], how: Reading, sign: str) -> tuple[str, bool] | None:
    """The newer types: ``yyyy-mm-dd`` is ISO 8601 in every session."""
    plain = _ordered(parts, "ymd")
    other = _ordered(parts, "ydm")
    if sign != "-" and how.order not in ("mdy", "ymd", "myd") and other and other != plain:
        return None
    return (plain, False) if plain else None


def _ordered(parts: tuple[str, str, str], order: str) -> str:
    """The day that three numbers give in ``order``; empty if none. A year of four digits may also come first or last:
    the order then says which of the others is the month."""
    lengths = [len(p) for p in parts]
    if 3 in lengths or lengths.count(4) > 1:
        return ""
    at = order.index("y")
    if 4 in lengths:
        place = lengths.index(4)
        if place == 1 and at != 1:
            return ""
        order = order.replace("y", "")
        order = f"{order[:place]}y{order[place:]}"
        at = place
    elif lengths[at] != 2:
        return ""
    year = int(parts[at]) if 4 in lengths else _century(int(parts[at]))
    return _iso(year, int(parts[order.index("m")]), int(parts[order.index("d")]))


def _named(text: str, months: Mapping[str, int]) -> str:
    """``Jan 5, 1999``, ``5-JAN-99``, ``1999 January``: with a month by name no order counts."""
    month = 0
    numbers: list[str] = []
    for word in _WORDS.findall(text):
        if word[0].isdecimal():
            numbers.append(word)
        elif word[0].isalpha():
            if month or word.upper() not in months:
                return ""
            month = months[word.upper()]
        elif not re.fullmatch(r"[\s,/.-]+", word):
            return ""
    years = [n for n in numbers if len(n) == 4]
    others = [n for n in numbers if len(n) < 3]
    if not month or len(years) > 1 or len(years) + len(others) != len(numbers):
        return ""
    if years and len(others) <= 1:
        return _iso(int(years[0]), month, int(others[0]) if others else 1)
    if not years and len(others) == 2 and len(others[1]) == 2:
        return _iso(_century(int(others[1])), month, int(others[0]))
    return ""


def _century(year: int) -> int:
    return year + (2000 if year < CUTOFF else 1900)


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def time_of(text: str) -> str | None:
    """``10:30:20:500PM`` as ``22:30:20.5``; behind a colon thousandths are counted, behind a point it is a fraction."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute, second = (int(found[i] or 0) for i in (1, 2, 3))
    half = (found[6] or "").upper()
    if found[2] is None and not half:
        return None
    fraction = found[5] or ""
    if fraction and found[3] is None:  # hh:mm:fff is no time
        return None
    if found[4] == ":":
        if len(fraction) > 3:
            return None
        fraction = fraction.zfill(3)
    if (half == "A" and hour > 12) or (half == "P" and hour == 0):
        return None
    if half and hour == 12:
        hour = 0
    if half == "P" and hour < 12:
        hour += 12
    if hour > 23 or minute > 59 or second > 59:
        return None
    fraction = fraction.rstrip("0")
    return f"{hour:02d}:{minute:02d}:{second:02d}" + (f".{fraction}" if fraction else "")


_LONG = re.compile(r"(\.\d{6})\d+")


def stored(value: Constant, wanted: Type, older: bool) -> Constant | None:
    """``value`` as a column of type ``wanted`` keeps it: a day, a time, or steps of 1/300 of a second or of a minute.

    ``None`` for a time with an offset where the type takes none. No target counts more than microseconds: a seventh
    digit is cut off, as rounding would lead from the last moment of a day to the next day, and beyond the year 9999.
    """
    if wanted.precision is not None and wanted.precision > 6:
        value = Constant(value.kind, _LONG.sub(r"\1", value.value))
    text = value.value
    zone = ""
    if constants.has_zone(text):
        text, zone = text[:-6], text[-6:]
    kind = family(wanted)
    if wanted.kind == "date":
        return Constant("date", text[:10])
    if kind == "time":
        return Constant("time", text[11:] or "00:00:00")
    if kind == "zoned":
        return value
    if zone and older and zone != "+00:00":
        return None
    if value.kind == "date":
        return value
    try:
        return _stepped(text, wanted.unit == "minute") if older else Constant("timestamp", text)
    except (ValueError, OverflowError):  # beyond the year 9999
        return None


def reachable(value: Constant, years: str | None) -> Constant:
    """A moment with an offset as the target can take it: at UTC and without it, unless it lies within ``years``.

    MySQL, "Date and Time Literals": an offset brings a value into the session's zone by way of TIMESTAMP, which ends in
    2038; outside of its range a constant is refused, or is stored as 0000-00-00 without a word.
    """
    if value.kind != "timestamp" or not years or not re.search(r"[+-]\d\d:\d\d$", value.value):
        return value
    try:
        moment = datetime.fromisoformat(value.value).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):  # beyond the year 9999, which the source refuses too
        return value
    first, last = (int(year) for year in years.split(" to "))
    if first < moment.year < last:
        return value
    return Constant("timestamp", moment.isoformat(" ", "microseconds").rstrip("0").rstrip("."))


def _stepped(text: str, minutes: bool) -> Constant:
    """``datetime`` counts 1/300 of a second, ``smalldatetime`` minutes."""
    day, _, clock = text.partition(" ")
    whole, _, fraction = clock.partition(".")
    if minutes:
        moment = datetime.fromisoformat(f"{day} {whole}")
        up = moment.second + float(f"0.{fraction or 0}") >= 29.999
        moment += timedelta(seconds=60 * up - moment.second)
    elif not fraction:
        return Constant("timestamp", text)
    else:
        ticks = (int(fraction[:9].ljust(9, "0")) * 300 + 500_000_000) // 1_000_000_000
        thousandths = (ticks * 10 + 1) // 3
        moment = datetime.fromisoformat(f"{day} {whole}") + timedelta(milliseconds=thousandths)
    shown = moment.isoformat(" ", "milliseconds").rstrip("0").rstrip(".")
    shown = shown if moment.microsecond else moment.isoformat(" ")
    return Constant("date", shown[:10]) if shown.endswith(" 00:00:00") else Constant("timestamp", shown)
