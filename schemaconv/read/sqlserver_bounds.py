"""Bounds of SQL Server's partition functions, as those that a partition ends in front of.

With RANGE RIGHT a bound belongs to the partition above it, as on the targets. With RANGE LEFT it belongs below, and the
partition ends in front of the next value that the type has ("CREATE PARTITION FUNCTION").
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Final

from ..ir.fragment import Fragment
from ..ir.types import Type
from ..sql import date_texts


class Inexact(Exception):
    """A bound that cannot be kept, and the code that says why."""

    def __init__(self, text: str, code: str = "SC3422") -> None:
        super().__init__(text)
        self.text = text
        self.code = code


#: How a constant begins, be it in a CAST or a CONVERT.
_CONSTANT: Final = re.compile(r"[nN]?'|[-+$.(\d]|CAST\b|CONVERT\b", re.IGNORECASE)
_TEXT: Final = re.compile(r"[nN]?'((?:[^']|'')*)'")
_CAST: Final = re.compile(r"CAST\s*\(\s*([nN]?'[^']*')\s+AS\s+[\w\[\]]+(?:\s*\(\d+\))?\s*\)", re.IGNORECASE)
_CONVERT: Final = re.compile(r"CONVERT\s*\(\s*[\w\[\]]+(?:\s*\(\d+\))?\s*,\s*([nN]?'[^']*')\s*\)", re.IGNORECASE)
_HEX: Final = re.compile(r"0[xX]([0-9a-fA-F]*)")
#: The greatest value of each type of whole numbers.
_WHOLE: Final = {
    "bit": 1, "tinyint": 127, "utinyint": 255, "smallint": (1 << 15) - 1, "integer": (1 << 31) - 1,
    "bigint": (1 << 63) - 1,
}  # fmt: skip
#: More digits than any number of the source has, on either side of the point.
_DIGITS: Final = 400

#: What a bound is sorted by, and its text on the target; ``None`` where every row lies below it.
Upper = tuple[object, str] | None


def uppers(type_: Type, left: bool, bounds: Sequence[Fragment]) -> list[Fragment]:
    """The bounds in ascending order, whatever their order in the script. Raises :class:`Inexact`."""
    upper = _READ.get(type_.kind)
    found: list[tuple[object, Fragment]] = []
    for bound in bounds:
        if bound.text.strip().upper() == "NULL":  # below every value: nothing lies beneath it
            continue
        if upper is None:
            raise Inexact(bound.text, "SC3423")
        if _CONSTANT.match(bound.text.strip()) is None:
            raise Inexact(bound.text, "SC3425")
        if (made := upper(bound, type_, left)) is not None:
            found.append((made[0], replace(bound, text=made[1])))
    try:
        found.sort(key=lambda pair: pair[0])  # type: ignore[arg-type, return-value]
    except TypeError:  # one with an offset, one without
        raise Inexact(found[0][1].text) from None
    for (low, _), (high, fragment) in pairwise(found):
        if low == high:
            raise Inexact(fragment.text)
    if upper is _text and not _sorted_everywhere([_plain(f.text)[1:-1] for _, f in found]):
        raise Inexact(", ".join(f.text for _, f in found), "SC3423")
    return [fragment for _, fragment in found]


def same(a: Fragment, b: Fragment) -> bool:
    """Whether two bounds are one, as far as their texts tell."""
    return _plain(a.text) == _plain(b.text)


def _plain(text: str) -> str:
    text = text.strip()
    for pattern in (_CAST, _CONVERT):
        if found := pattern.fullmatch(text):
            text = found[1]
    return text[1:] if text[:1] in "nN" and text[1:2] == "'" else text


# -- numbers -----------------------------------------------------------------------------------------------------------


def _number(bound: Fragment) -> Decimal:
    text = _plain(bound.text).strip("'").lstrip("$").replace(" ", "")
    while text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Inexact(bound.text, "SC3425") from None
    if not number.is_finite() or abs(number.adjusted()) > _DIGITS:
        raise Inexact(bound.text)
    return number


def _whole(bound: Fragment, type_: Type, left: bool) -> Upper:
    number = _number(bound) + left
    return None if number > _WHOLE[type_.kind] else (number, f"{number:f}")


def _decimal(bound: Fragment, type_: Type, left: bool) -> Upper:
    places = 4 if type_.kind == "money" else type_.scale or 0
    number = _number(bound) + left * Decimal(1).scaleb(-places)
    return number, f"{number:f}"


def _float(bound: Fragment, type_: Type, left: bool) -> Upper:
    """Between two neighbouring numbers of a floating type nothing lies, so the next one is exact."""
    number = float(_number(bound))
    if not math.isfinite(number):
        raise Inexact(bound.text)
    if type_.kind != "real":
        number = math.nextafter(number, math.inf) if left else number
        return (number, repr(number)) if math.isfinite(number) else None
    try:
        number = struct.unpack("f", struct.pack("f", number))[0]
    except OverflowError:
        raise Inexact(bound.text) from None
    if left:
        number = _next_real(number)
    return (number, f"{number:.9g}") if math.isfinite(number) else None


def _next_real(number: float) -> float:
    """The least number of four bytes above ``number``."""
    if number == 0:
        return float(struct.unpack("f", struct.pack("I", 1))[0])
    (bits,) = struct.unpack("I", struct.pack("f", number))
    return float(struct.unpack("f", struct.pack("I", bits + (1 if number > 0 else -1)))[0])


# -- bytes and texts ---------------------------------------------------------------------------------------------------


def _bytes(bound: Fragment, type_: Type, left: bool) -> Upper:
    """A constant of a BINARY is filled with zero bytes as its values are."""
    match = _HEX.fullmatch(bound.text.strip())
    if match is None or (left and type_.kind != "binary"):
        raise Inexact(bound.text)
    digits = match[1] if len(match[1]) % 2 == 0 else "0" + match[1]
    value = bytes.fromhex(digits)
    if type_.kind == "binary" and (size := type_.length or 1):
        number = int.from_bytes(value[:size].ljust(size, b"\0")) + left
        if number >= 1 << 8 * size:
            return None
        value = number.to_bytes(size)
    return value, f"0x{value.hex().upper()}"


def _text(bound: Fragment, type_: Type, left: bool) -> Upper:
    text = _plain(bound.text)
    if left or _TEXT.fullmatch(text) is None:
        raise Inexact(bound.text)
    return text[1:-1].lower().rstrip(), text


def _sorted_everywhere(texts: list[str]) -> bool:
    """Whether texts ascend by every collation: by code points, without regard to case, and by letters and digits
    alone, as dictionaries do. Letters beyond ASCII have another place in every language."""
    plain = (texts, [t.lower() for t in texts], [re.sub(r"[^a-z0-9]", "", t.lower()) for t in texts])
    return all(t.isascii() for t in texts) and all(
        low < high for given in plain for low, high in pairwise(given)
    )


# -- times -------------------------------------------------------------------------------------------------------------


def _moment(bound: Fragment) -> tuple[datetime, str]:
    """The time that a literal names, and its offset: where its order is said, or no other one could read it."""
    match = _TEXT.fullmatch(_plain(bound.text))
    if match is None:
        raise Inexact(bound.text, "SC3425")
    how = date_texts.reading(bound.session, "", "mdy")
    found = date_texts.read(match[1].replace("''", "'"), how, None)
    if found is None or found.guessed:
        raise Inexact(bound.text, "SC3425")
    text = re.sub(r"(\.\d{6})\d+", r"\1", found.value.value)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Inexact(bound.text, "SC3425") from None
    rest = moment.isoformat()[len(moment.replace(tzinfo=None).isoformat()) :]
    return moment, rest


def _time(bound: Fragment, type_: Type, left: bool) -> Upper:
    moment, rest = _moment(bound)
    try:
        moment = moment + _step(type_) if left else moment
    except OverflowError:  # no row lies above the end of the calendar
        return None
    return moment, _spelled(moment, type_, rest)


def _step(type_: Type) -> timedelta:
    """From one time to the next that a column of the type can hold on a target: six places at most."""
    if type_.kind == "date":
        return timedelta(days=1)
    places = 6 if type_.precision is None else min(type_.precision, 6)
    return timedelta(microseconds=10 ** (6 - places))


def _time_of_day(bound: Fragment, type_: Type, left: bool) -> Upper:
    match = _TEXT.fullmatch(_plain(bound.text))
    if match is None:
        raise Inexact(bound.text)
    first = datetime(2000, 1, 1)
    try:
        moment = datetime.fromisoformat("2000-01-01T" + re.sub(r"(\.\d{6})\d", r"\1", match[1].strip()))
    except ValueError:
        raise Inexact(bound.text) from None
    if moment.tzinfo is not None:
        raise Inexact(bound.text)
    moment = moment + _step(type_) if left else moment
    return None if (moment - first).days else (moment, f"'{moment.time().isoformat()}'")


def _spelled(moment: datetime, type_: Type, rest: str) -> str:
    naive = moment.replace(tzinfo=None)
    if type_.kind == "date":
        return f"'{naive:%Y-%m-%d}'" if naive.year > 999 else f"'{naive.date().isoformat()}'"
    return f"'{naive.isoformat(sep=' ')}{rest}'"


#: How the bounds of a type are read; of other types the targets do not sort the values as the source does.
_READ: Final[dict[str, Callable[[Fragment, Type, bool], Upper]]] = {
    **dict.fromkeys(_WHOLE, _whole),
    **dict.fromkeys(("decimal", "number", "money"), _decimal),
    **dict.fromkeys(("double", "real", "float"), _float),
    **dict.fromkeys(("date", "timestamp", "timestamptz"), _time),
    **dict.fromkeys(("binary", "varbinary"), _bytes),
    **dict.fromkeys(("char", "varchar", "nchar", "nvarchar"), _text),
    "time": _time_of_day,
}
