"""Dates as their bytes, the form in which tools script rows: ``CAST(0x0000901A00000000 AS DateTime)``.

Transact-SQL reference, "CAST and CONVERT", "Binary styles"; the layout is that of storage ("datetime", "smalldatetime",
"date", "datetime2").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

_FIRST: Final = datetime(1900, 1, 1)
_YEAR_ONE: Final = datetime(1, 1, 1)


def _datetime(data: bytes) -> datetime | None:
    """Days since 1900 and three-hundredths of a second, each in four bytes."""
    if len(data) != 8:
        return None
    days, ticks = int.from_bytes(data[:4], signed=True), int.from_bytes(data[4:])
    return _FIRST + timedelta(days=days, milliseconds=(ticks * 10 + 1) // 3)


def _smalldatetime(data: bytes) -> datetime | None:
    """Days since 1900 and minutes, each in two bytes."""
    if len(data) != 4:
        return None
    return _FIRST + timedelta(days=int.from_bytes(data[:2]), minutes=int.from_bytes(data[2:]))


def _date(data: bytes) -> datetime | None:
    """Days since the year 1 in three bytes, the last one first; tools write a zero behind them."""
    if len(data) not in (3, 4) or data[3:].strip(b"\0"):
        return None
    return _YEAR_ONE + timedelta(days=int.from_bytes(data[:3], "little"))


def _datetime2(data: bytes) -> datetime | None:
    """The digits of a second, the time in such steps, and the days since the year 1, the last byte first."""
    digits = data[0] if data else 8
    if digits > 7 or len(data) != 4 + (3 if digits < 3 else 4 if digits < 5 else 5):
        return None
    steps = int.from_bytes(data[1:-3], "little")
    moment = _YEAR_ONE + timedelta(days=int.from_bytes(data[-3:], "little"))
    return moment + timedelta(microseconds=steps * 10 ** (7 - digits) // 10)


_FORMS: Final[Mapping[str, Callable[[bytes], datetime | None]]] = {
    "DATETIME": _datetime, "SMALLDATETIME": _smalldatetime, "DATE": _date, "DATETIME2": _datetime2,
}  # fmt: skip


def moment(digits: str, kind: str) -> str | None:
    """The moment whose bytes in a column of type ``kind`` these hexadecimal digits are, as ISO 8601 writes it.

    ``None`` where they are no such bytes.
    """
    form = _FORMS.get(kind.upper())
    if form is None:
        return None
    try:
        found = form(bytes.fromhex(digits))
    except (ValueError, OverflowError):
        return None
    if found is None:
        return None
    shown = found.isoformat(" ")
    return shown.rstrip("0") if found.microsecond else shown
