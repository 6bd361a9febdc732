"""Values that are known at conversion time. Nothing here needs a parser.

:func:`constant` reads what a partition bound or a default may be; :func:`evaluate` is TO_DATE done here, so that the
output holds an ISO literal and not a call that hangs on settings of the session.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Final

from ..ir.fragment import Constant
from ..ir.types import Type
from . import tokens as lex
from .formats import SHORT_YEARS, UnknownElement, cut
from .lexis import Lexis
from .pieces import Piece, Refused, pieces

MONTH_NAMES: Final = (
    "JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE",
    "JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER",
)  # fmt: skip

_ANSI = re.compile(
    r"\s*(?P<day>[+-]?\d{1,4}-\d{1,2}-\d{1,2})(?:[ T](?P<time>\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?))?"
    r"(?:\s*(?P<zone>[+-]\d{1,2}(?::?\d{2})?|[A-Za-z][A-Za-z_/+-]*\d*))?\s*"
)
_CLOCK = re.compile(r"\s*\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?\s*")
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def ansi(what: str, text: str) -> Constant | None:
    """``DATE 'text'``, ``TIMESTAMP 'text'`` or, without a zone, ``TIME 'text'``."""
    match = _ANSI.fullmatch(text)
    if what == "TIME":
        clock = _clock(text.strip()) if _CLOCK.fullmatch(text) else None
        return Constant("time", clock) if clock is not None else None
    if match is None or (what == "DATE" and (match["time"] or match["zone"])):
        return None
    sign = match["day"][0] == "-"
    year, month, day = (int(p) for p in match["day"].lstrip("+-").split("-"))
    if sign or not _exists(year, month, day):
        return None
    date = f"{year:04d}-{month:02d}-{day:02d}"
    if what == "DATE":
        return Constant("date", date)
    clock = _clock(match["time"] or "00:00:00")
    if clock is None:
        return None
    zone = match["zone"] or ""
    if zone and zone[0] in "+-":
        sign_, rest = zone[0], zone[1:].replace(":", "")
        hours, minutes = (rest[:-2], rest[-2:]) if len(rest) > 2 else (rest, "00")
        zone = f"{sign_}{int(hours):02d}:{minutes}"
    elif zone:
        zone = f" {zone}"
    return Constant("timestamp", f"{date} {clock}{zone}")


def has_zone(iso: str) -> bool:
    """Whether an ISO time bears an offset or a region."""
    return re.search(r":\d\d(?:\.\d+)?\s*[+\-A-Za-z]", iso) is not None


def _exists(year: int, month: int, day: int) -> bool:
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]):
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return not (month == 2 and day == 29 and not leap)


def _clock(text: str) -> str | None:
    parts = text.split(":")
    parts += ["00"] * (3 - len(parts))
    seconds, _, fraction = parts[2].partition(".")
    hour, minute, second = int(parts[0]), int(parts[1]), int(seconds)
    if hour > 23 or minute > 59 or second > 59:
        return None
    fraction = fraction.rstrip("0")
    return f"{hour:02d}:{minute:02d}:{second:02d}" + (f".{fraction}" if fraction else "")


#: How many digits an element reads at most, and what it is.
_DIGITS: Final = {
    "YYYY": (4, "year"), "SYYYY": (4, "year"), "RRRR": (4, "year"), "RR": (2, "short"), "YY": (2, "short"),
    "MM": (2, "month"), "DD": (2, "day"), "DDD": (3, "yearday"), "HH24": (2, "hour"), "HH12": (2, "hour12"),
    "HH": (2, "hour12"), "MI": (2, "minute"), "SS": (2, "second"), "SSSSS": (5, "seconds"),
}  # fmt: skip


def evaluate(text: str, model: str, elements: tuple[str, ...], dates: bool = True) -> Constant | None:
    """``TO_DATE(text, model)``; ``None`` for what only the server can know, or what it would refuse.

    ``dates`` says that the result is a date, without fraction of a second.
    """
    try:
        items = cut(model, elements)
    except UnknownElement:
        return None
    got: dict[str, int] = {}
    fraction = zone = ""
    at = 0
    for item in items:
        rest = text[at:]
        if not item.name:
            step = _skip_text(rest, item.text)
            if step is None:
                return None
            at += step
            continue
        at += len(rest) - len(rest.lstrip())
        rest = text[at:]
        if not rest and item.name in ("HH24", "HH12", "HH", "MI", "SS"):
            continue  # the time of day may be left out at the end
        if item.name in _DIGITS:
            width, field = _DIGITS[item.name]
            match = re.match(rf"[+-]?\d{{1,{width}}}" if field == "year" else rf"\d{{1,{width}}}", rest)
            if match is None:
                return None
            digits = match.group().lstrip("+")
            if item.name == "YYYY" and len(digits) < 4 and item.name in SHORT_YEARS:
                return None
            if item.name in ("RR", "RRRR") and len(digits) <= 2:
                value = int(digits)
                got["year"] = value + (2000 if value < 50 else 1900)
            elif field == "short":
                got["year"] = int(digits) + 2000  # YY means the century in which the statement runs
            else:
                got[field] = int(digits)
        elif item.name in ("MON", "MONTH"):
            names = [m[:3] for m in MONTH_NAMES] if item.name == "MON" else list(MONTH_NAMES)
            hit = next((i for i, m in enumerate(MONTH_NAMES) if rest.upper().startswith(m)), None)
            hit = hit if hit is not None else next((i for i, m in enumerate(names) if rest.upper().startswith(m)), None)
            if hit is None:
                return None
            got["month"] = hit + 1
            full = rest.upper().startswith(MONTH_NAMES[hit])
            match = re.match(f".{{{len(MONTH_NAMES[hit]) if full else 3}}}", rest, re.S)
        elif item.name in ("AM", "PM", "A.M.", "P.M."):
            match = re.match(r"([AaPp])\.?[Mm]\.?", rest)
            if match is None:
                return None
            got["half"] = int(match[1] in "Pp")
        elif item.name.startswith("FF") and not dates:
            match = re.match(r"\d{1,9}", rest)
            if match is None:
                return None
            fraction = match.group().rstrip("0")
        elif item.name in ("TZH", "TZM") and not dates:
            match = re.match(r"[+-]?\d{1,2}", rest)
            if match is None:
                return None
            zone += f"{int(match.group()):+03d}" if item.name == "TZH" else f":{int(match.group()):02d}"
        else:
            return None
        assert match is not None
        at += match.end()
    if text[at:].strip():
        return None
    return _moment(got, fraction, zone)


def has_century(text: str, elements: tuple[str, ...]) -> bool:
    """Whether no YY stands in the model ``text``: else its year hangs on the day on which it is read."""
    try:
        return all(e.name != "YY" for e in cut(text, elements))
    except UnknownElement:
        return True


def _skip_text(rest: str, wanted: str) -> int | None:
    """Characters of ``rest`` that plain text of a model passes over; punctuation stands for any punctuation."""
    if wanted.isspace() or not wanted:
        return len(rest) - len(rest.lstrip())
    if rest.upper().startswith(wanted.upper()):
        return len(wanted)
    if len(wanted) == 1 and rest and not rest[0].isalnum():
        return 1
    if not rest:
        return 0
    return None


def _moment(got: dict[str, int], fraction: str, zone: str) -> Constant | None:
    if "year" not in got or "month" not in got:
        return None  # the current year or month fills in
    year, month, day = got["year"], got["month"], got.get("day", 1)
    if "yearday" in got or not _exists(year, month, day):
        return None
    hour = got.get("hour", 0)
    if "hour12" in got:
        if not 1 <= got["hour12"] <= 12:
            return None
        hour = got["hour12"] % 12 + 12 * got.get("half", 0)
    if "seconds" in got:
        return None
    clock = _clock(f"{hour}:{got.get('minute', 0)}:{got.get('second', 0)}")
    if clock is None:
        return None
    date = f"{year:04d}-{month:02d}-{day:02d}"
    if clock == "00:00:00" and not fraction and not zone:
        return Constant("date", date)
    return Constant("timestamp", f"{date} {clock}{'.' + fraction if fraction else ''}{zone}")


def unistr(text: str) -> str:
    r"""The characters of ``UNISTR('text')``: ``\00e9`` is a UTF-16 code unit, two backslashes are one."""
    units: list[int] = []
    at = 0
    while at < len(text):
        match = re.match(r"\\([0-9A-Fa-f]{4})", text[at:])
        if match:
            units.append(int(match[1], 16))
            at += 5
        else:
            step = 2 if text.startswith("\\\\", at) else 1
            raw = text[at : at + 1].encode("utf-16-be")
            units += [int.from_bytes(raw[i : i + 2], "big") for i in range(0, len(raw), 2)]
            at += step
    return b"".join(u.to_bytes(2, "big") for u in units).decode("utf-16-be", "replace")


_NUMBER = re.compile(r"[$\u00a3\u20ac]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?")
_WORDS: Final = {"NULL": "null", "MAXVALUE": "maxvalue", "MINVALUE": "minvalue", "DEFAULT": "default"}


@lru_cache(maxsize=4096)  # the bounds of partitions come again, in their neighbours and in other tables
def constant(text: str, elements: tuple[str, ...], words: Lexis) -> Constant | None:
    """The value of a constant expression; ``None`` when it is none, or one that only the server knows.

    Numbers, text literals, DATE and TIMESTAMP literals, TO_DATE and TO_TIMESTAMP of literals, NULL, and the words of
    partition bounds.
    """
    try:
        found, _ = pieces(text, words)
    except (IndexError, Refused):
        return None
    while len(found) > 2 and found[0].text == "(" and found[-1].text == ")" and found[0].kind == lex.OPERATOR:
        found = found[1:-1]
    if not found:
        return None
    return read_constant(found, elements, words.empty_is_null)


def read_constant(found: list[Piece], elements: tuple[str, ...], empty_is_null: bool = True) -> Constant | None:
    """The value that ``found`` is as a whole; ``empty_is_null``: an empty text literal is NULL."""
    sign = ""
    if found[0].text in ("+", "-") and found[0].kind == lex.OPERATOR and len(found) == 2:
        sign = found[0].text.replace("+", "")
        found = found[1:]
        if found[0].kind != lex.NUMBER:
            return None
    first = found[0]
    if len(found) == 1:
        if first.kind == lex.NUMBER and first.text[:2] in ("0x", "0X"):
            return Constant("binary", first.text[2:]) if not sign else None
        if first.kind == lex.NUMBER and _NUMBER.fullmatch(first.text):
            return Constant("number", sign + plain_number(first.text))
        if first.kind == lex.STRING:
            return Constant("string", first.text) if first.text or not empty_is_null else Constant("null")
        if first.kind == lex.WORD and first.upper in _WORDS:
            return Constant(_WORDS[first.upper])
        return None
    if first.kind != lex.WORD:
        return None
    if first.upper in ("DATE", "TIMESTAMP", "TIME") and len(found) == 2 and found[1].kind == lex.STRING:
        return ansi(first.upper, found[1].text)
    if first.upper in ("TO_DATE", "TO_TIMESTAMP", "TO_TIMESTAMP_TZ"):
        arguments = list(_literals(found[1:]))
        if len(arguments) in (2, 3):
            return evaluate(arguments[0], arguments[1], elements, first.upper == "TO_DATE")
    return None


def _literals(found: list[Piece]) -> Iterator[str]:
    """The string literals between parentheses, if there is nothing else."""
    if len(found) < 3 or found[0].text != "(" or found[-1].text != ")":
        return
    inner = found[1:-1]
    for i, piece in enumerate(inner):
        if (i % 2 == 0) != (piece.kind == lex.STRING) or (i % 2 and piece.text != ","):
            return
    yield from (p.text for p in inner[::2])


def plain_number(text: str) -> str:
    """A number literal that every target reads: no type suffix, a digit before the point."""
    if text.isdigit():
        return text
    text = text.lstrip("$\u00a3\u20ac").rstrip("fFdD").rstrip(".")
    return f"0{text}" if text.startswith(".") else text


#: The first year of dates that are counted.
EARLIEST: Final = 1753


_AMOUNT = re.compile(
    r"\s*(?P<a>[+-]?)\s*[$\u00a3\u20ac\u00a5]?\s*(?P<b>[+-]?)\s*(?P<digits>[\d,]*\d(?:\.\d*)?|\.\d+)\s*"
)


def amount(text: str) -> str | None:
    """The number that a text is as an amount of money: with a currency sign, and commas between its digits."""
    match = _AMOUNT.fullmatch(text)
    if match is None or (match["a"] and match["b"]):
        return None
    sign = "-" if "-" in (match["a"], match["b"]) else ""
    return sign + plain_number(match["digits"].replace(",", ""))


def whole_bytes(digits: str) -> str:
    """Hexadecimal digits of whole bytes: an odd number of them lacks a zero in front."""
    return f"0{digits}" if len(digits) % 2 else digits


def bytes_of(number: str, wanted: Type) -> str | None:
    """The hexadecimal digits of a whole number of four bytes in a column of bytes: its last ones, where there is less
    room; zeros in front where bytes are filled up. ``None`` for other numbers. Transact-SQL reference, "binary and
    varbinary"."""
    if not number.isdecimal() or int(number) >= 2**31:
        return None
    length = wanted.length or 4
    sized = length if wanted.kind == "binary" else min(length, 4)
    return f"{int(number):0{max(8, sized * 2)}X}"[-sized * 2 :]


def counted(number: str | None, first: object) -> str | None:
    """The day, as ISO 8601 writes it, to which a number of days counts from the day ``first``; its fraction is a time.

    ``None`` where there is no such day: no number, no source that counts days, or a year before 1753 or beyond 9999.
    """
    if number is None or first is None or not re.fullmatch(r"-?\d{1,9}(?:\.\d{0,12})?", number):
        return None
    try:
        days = Fraction(number)
        moment = datetime.fromisoformat(str(first)) + timedelta(days=math.floor(days))
        ticks = round((days - math.floor(days)) * 86400 * 300)  # a time is kept in steps of 1/300 of a second
        moment += timedelta(milliseconds=(ticks * 10 + 1) // 3)
    except (ValueError, OverflowError):
        return None
    if moment.year < EARLIEST:
        return None
    shown = moment.isoformat(" ", "milliseconds" if moment.microsecond else "seconds")
    return shown.removesuffix(" 00:00:00")


def digits_of_date(number: str | None) -> str | None:
    """The day that a number stands for as Teradata keeps dates: ``(year - 1900) * 10000 + month * 100 + day``."""
    if number is None or not re.fullmatch(r"-?\d{1,8}", number):
        return None
    digits = int(number) + 19000000
    year, month, day = digits // 10000, digits // 100 % 100, digits % 100
    return f"{year:04d}-{month:02d}-{day:02d}" if _exists(year, month, day) else None


_ISO = re.compile(
    r"\s*(?P<day>\d{4}-\d{1,2}-\d{1,2}|\d{8})(?:[ T](?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?"
    r"\s*(?P<zone>Z|[+-]\d{2}:\d{2})?\s*"
)


def iso(text: str) -> Constant | None:
    """The moment that ``text`` means in every session: ``2024-03-05``, ``20240305``, with a time or without."""
    match = _ISO.fullmatch(text)
    if match is None or (match["zone"] and not match["time"]):
        return None
    day = match["day"] if "-" in match["day"] else f"{match['day'][:4]}-{match['day'][4:6]}-{match['day'][6:]}"
    zone = "+00:00" if match["zone"] == "Z" else match["zone"] or ""
    if not match["time"]:
        return ansi("DATE", day)
    found = ansi("TIMESTAMP", f"{day} {match['time']}{zone}")
    if found is not None and found.value.endswith(" 00:00:00"):
        return Constant("date", found.value[:10])
    return found
