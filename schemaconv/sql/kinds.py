"""Families of canonical types, as far as the meaning of an expression hangs on them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ..ir.types import UNKNOWN, Type

NULL: Final = Type("unknown", raw="NULL")
TEXT: Final = Type("varchar")
NUMBER: Final = Type("number")
INTEGER: Final = Type("integer")
DATE: Final = Type("timestamp", precision=0, raw="DATE")
DAY: Final = Type("date", raw="DATE")  # without a time of day
TIMESTAMP: Final = Type("timestamp", precision=6, raw="TIMESTAMP")
TIME: Final = Type("time", precision=6, raw="TIME")
ZONED: Final = Type("timestamptz", precision=6)
DAYS: Final = Type("interval_ds")
MONTHS: Final = Type("interval_ym")
BINARY: Final = Type("varbinary")
BOOLEAN: Final = Type("boolean")
JSON: Final = Type("json")

#: Families of points of time.
MOMENTS: Final = ("date", "timestamp", "zoned")

#: What the ``gives`` of a function row may say.
GIVEN: Final[Mapping[str, Type]] = {
    "text": TEXT, "number": NUMBER, "integer": INTEGER, "date": DATE, "day": DAY,
    "timestamp": TIMESTAMP, "timestamptz": ZONED, "time": TIME,
    "days": DAYS, "months": MONTHS, "binary": BINARY, "boolean": BOOLEAN, "json": JSON, "unknown": UNKNOWN,
    "uuid": Type("uuid"), "bigint": Type("bigint"),
    "datetime": Type("timestamp", precision=3, raw="datetime"),
    "datetime2": Type("timestamp", precision=7, raw="datetime2"),
    "double": Type("double"), "null": NULL, "lob": Type("text"),
}  # fmt: skip

_FAMILY: Final[Mapping[str, str]] = {
    **dict.fromkeys("""
        bit tinyint utinyint smallint integer bigint decimal number real double float money
    """.split(), "number"),
    **dict.fromkeys(["char", "varchar", "nchar", "nvarchar", "text", "ntext", "enum"], "text"),
    **dict.fromkeys(["binary", "varbinary", "blob", "rowversion"], "binary"),
    "timestamptz": "zoned", "timestampltz": "zoned", "timetz": "time", "time": "time", "interval_ds": "days",
    "interval_ym": "months", "boolean": "boolean", "json": "json", "xml": "xml", "date": "date",
}  # fmt: skip


def family(type_: Type) -> str:
    """``number``, ``text``, ``binary``, ``date`` (day and time without fraction), ``timestamp``, ``zoned``, ``days``,
    ``months``, ``boolean``, ``json``, ``xml``, ``time``, ``null``, or ``unknown``."""
    if type_.kind == "timestamp":
        return "date" if is_date(type_) else "timestamp"
    if type_.raw == "NULL" and type_.kind == "unknown":
        return "null"
    return _FAMILY.get(type_.kind, "unknown")


def is_date(type_: Type) -> bool:
    """A date with a time of day whose difference counts days: a bare day, or seconds without fraction."""
    if type_.kind == "date":
        return True
    if type_.kind != "timestamp" or type_.precision != 0 or type_.unit:
        return False
    return not type_.raw.lstrip('"[').upper().startswith(("TIMESTAMP", "DATETIME"))


def is_moment(type_: Type) -> bool:
    return family(type_) in ("date", "timestamp", "zoned")


def is_integer(type_: Type) -> bool:
    """Whether only whole numbers are in it."""
    if type_.kind in ("bit", "tinyint", "utinyint", "smallint", "integer", "bigint"):
        return True
    return type_.kind == "decimal" and (type_.scale is None or type_.scale <= 0)


def fits_int4(type_: Type) -> bool:
    """Whether every value fits into four bytes, so that the target's column is at most an ``integer``."""
    if type_.kind in ("bit", "tinyint", "utinyint", "smallint", "integer"):
        return True
    return is_integer(type_) and type_.kind == "decimal" and (type_.precision or 99) <= 9 and (type_.scale or 0) == 0


_SPELLED = re.compile(
    r"(?P<words>[A-Z][A-Z0-9_]*(?: [A-Z][A-Z0-9_]*)*?)\s*(?:\((?P<arguments>[^()]*)\))?(?P<rest>(?: [A-Z0-9() ]+)?)",
    re.IGNORECASE,
)


def read_type(text: str, rows: Mapping[str, str]) -> Type | None:
    """The type that a CAST names, by ``rows`` (spelling without sizes -> canonical kind, and its precision where
    none is written); ``None`` if none knows it."""
    match = _SPELLED.fullmatch(" ".join(text.split()))
    if match is None:
        return None
    words = " ".join(f"{match['words']}{match['rest'] or ''}".upper().split())
    words = re.sub(r"\s*\([^)]*\)", "", words)
    kind, _, precision = rows.get(words, "").partition(" ")
    if not kind:
        return None
    parts = [p.strip() for p in (match["arguments"] or "").split(",") if p.strip()]
    numbers = [re.match(r"-?\d+", p) for p in parts]
    sizes = [int(m.group()) if m else None for m in numbers]
    first = sizes[0] if sizes else None
    second = sizes[1] if len(sizes) > 1 else None
    if kind in ("varchar", "nvarchar") and parts[:1] and parts[0].upper() == "MAX":
        return Type("text" if kind == "varchar" else "ntext", raw=text)
    if kind in ("char", "varchar", "nchar", "nvarchar", "varbinary"):
        return Type(kind, length=first, raw=text)
    if kind == "number" and parts:
        return Type("decimal", precision=first or 38, scale=second or 0, raw=text)
    if kind == "decimal":
        return Type("decimal", precision=first or int(precision or 38), scale=second or 0, raw=text)
    if kind == "money":
        return Type("money", precision=int(precision), scale=4, raw=text)
    if kind == "datetime":
        return Type("timestamp", precision=3, raw=text)
    if kind == "day":
        return Type("date", raw=text)
    if kind == "date":
        return DATE
    if kind in ("timestamp", "timestamptz", "timestampltz"):
        return Type(kind, precision=int(precision or 6) if first is None else first, raw=text)
    return Type(kind, raw=text)
