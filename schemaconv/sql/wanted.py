"""Constants and clocks as a column of a known type wants them: defaults, and values of an INSERT."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from ..ir.fragment import Constant, Found
from ..ir.types import Type
from . import constants, date_texts
from . import tokens as lex
from .date_texts import Reading
from .kinds import family, is_integer
from .pieces import Piece, Refused
from .rows import Family, Source

NUMERIC = re.compile(r"\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*")
TRUE = frozenset({"1", "Y", "YES", "T", "TRUE", "ON"})
FALSE = frozenset({"0", "N", "NO", "F", "FALSE", "OFF"})


def truth_of(text: str, nonzero: bool) -> bool | None:
    """The truth value that a constant stands for, ``None`` if for none. ``nonzero``: every number but 0 is true."""
    word = text.strip().upper()
    if word in TRUE or word in FALSE:
        return word in TRUE
    return float(word) != 0 if nonzero and NUMERIC.fullmatch(word) else None


@dataclass
class Writer:
    """Writes single values of one target; what must be said about them gathers in ``found``."""

    family: Family
    source: Source
    quoted: Callable[[str], str]
    bare_dates: bool
    found: list[Found]
    dates: Reading = Reading()
    volatile: bool = False
    before: list[str] = field(default_factory=list)  # statements that have to run first

    def folded(self, piece: Piece) -> tuple[str, bool]:
        """An identifier of the source in its canonical case, and whether folding gives it again."""
        return self.source.lexis.fold(piece.text, piece.kind == lex.QUOTED)

    def valued(self, text: str) -> bool:
        """Whether a text literal is a value, and not NULL."""
        return bool(text) or not self.source.lexis.empty_is_null

    def literal(self, text: str) -> str:
        if self.family.backslash:
            text = text.replace("\\", "\\\\")
        return "'" + text.replace("'", "''") + "'"

    def constant(self, value: Constant, wanted: Type | None, at: int) -> str:
        """``value`` as a column of type ``wanted`` takes it. Raises :class:`Refused`."""
        kind = family(wanted) if wanted is not None else "unknown"
        if value.kind in ("date", "timestamp") and wanted is not None and self.source.traits.get("date_text_order"):
            if kind in ("date", "timestamp", "time"):
                value = date_texts.stored(value, wanted, bool(self.source.is_counted(wanted))) or value
        value = date_texts.reachable(value, self.family.words.get("offset_years"))
        match value.kind:
            case "null" | "maxvalue" | "minvalue" | "default":
                return value.kind.upper()
            case "binary":
                return self._binary(value.value, kind, at)
            case "string" if kind == "boolean" and not value.value.strip() and self._zero:
                return str(self.family.words["false"])
            case "number" | "string" if kind == "boolean":
                truth = truth_of(value.value, bool(self.source.traits.get("nonzero_is_true")))
                if truth is not None:
                    return str(self.family.words["true" if truth else "false"])
                raise Refused("SC4204", at, function=f"{value.value} as a truth value")
            case "number" if wanted is not None and kind == "binary" and self.source.traits.get("number_is_bytes"):
                digits = constants.bytes_of(value.value, wanted)
                if digits is None:
                    raise Refused("SC4204", at, function=f"{value.value} as bytes")
                return self._binary(digits, kind, at)
            case "number" if wanted is not None and kind in ("date", "timestamp", "zoned"):
                return self.literal(self.counted(value.value, wanted, at))
            case "number" if kind == "text":
                return self.literal(self._digits(value.value))
            case "number" if wanted is not None and "." in value.value and self.cuts(wanted):
                return str(int(Decimal(value.value)))
            case "number":
                return value.value
            case "string":
                return self._string(value.value, kind, wanted, at)
            case "time" if kind in ("time", "unknown"):
                return ("" if kind == "time" else "TIME ") + self.literal(value.value)
            case "time":
                raise Refused("SC4207", at, what=f"a time of day used as {kind}")
            case "date" if kind in ("date", "timestamp", "zoned"):
                return self.literal(value.value)
            case "timestamp" if kind in ("date", "timestamp", "zoned") and not constants.has_zone(value.value):
                return self.literal(value.value)
            case "date" | "timestamp" if kind == "text":
                raise Refused("SC4207", at, what="a date used as text")
            case "date":
                return f"{self.family.words['date_literal']} {self.literal(value.value)}"
            case _:
                if constants.has_zone(value.value):
                    return f"CAST({self.literal(value.value)} AS {self.family.words['zoned_type']})"
                return f"{self.family.words['timestamp_literal']} {self.literal(value.value)}"

    def cuts(self, wanted: Type) -> bool:
        """Whether the source cuts the fraction of a number off that it stores in a column of type ``wanted``."""
        whole = is_integer(wanted) and wanted.kind != "decimal"
        return whole and bool(self.source.traits.get("integer_cast_cuts"))

    def _digits(self, number: str) -> str:
        """A number as the source writes it into a text."""
        traits = self.source.traits
        if "." not in number or not traits.get("fraction_without_zero") or traits.get("typed_arithmetic"):
            return number
        sign, digits = ("-", number[1:]) if number.startswith("-") else ("", number)
        return sign + (digits.strip("0").rstrip(".") or "0") if digits.replace(".", "", 1).isdigit() else number

    @property
    def _zero(self) -> bool:
        """Whether a text of blanks is a number."""
        return bool(self.source.traits.get("empty_text_is_zero"))

    def counted(self, number: str, wanted: Type, at: int) -> str:
        """The day that a number stands for in a column of type ``wanted``. Raises :class:`Refused`."""
        day = self.source.day_of(number, wanted)
        if day is None:
            raise Refused("SC4273", at, what=number)
        return day

    def _binary(self, digits: str, kind: str, at: int) -> str:
        """A constant of bytes, given by its hexadecimal digits."""
        if kind in ("number", "boolean"):
            number = str(int(digits or "0", 16))
            return number if kind == "number" else self.constant(Constant("number", number), Type("boolean"), at)
        if kind not in ("binary", "unknown"):
            raise Refused("SC4204", at, function="a binary constant")
        return str(self.family.words["hex_literal"]).replace("{hex}", constants.whole_bytes(digits))

    def dated(self, text: str, wanted: Type, at: int) -> Constant:
        """The date or time that a session reads ``text`` as. Raises :class:`Refused`."""
        counted = self.source.is_counted(wanted)
        found = date_texts.read(text, self.dates, counted)
        value = date_texts.stored(found.value, wanted, bool(counted)) if found is not None else None
        if found is None or value is None:
            raise Refused("SC4272", at, text=text, order=self.dates.shown)
        if found.guessed and all(f.code != "SC4271" for f in self.found):
            self.found.append(Found("SC4271", at, (("order", self.dates.shown),)))
        return value

    def _string(self, text: str, kind: str, wanted: Type | None, at: int) -> str:
        match kind:
            case "number" if NUMERIC.fullmatch(text):
                return constants.plain_number(text.strip().lstrip("+"))
            case "number" if wanted is not None and wanted.kind == "money" and constants.amount(text) is not None:
                return constants.amount(text) or ""
            case "number" if wanted is not None and wanted.kind != "decimal" and not text.strip() and self._zero:
                return "0"
            case "time" if wanted is not None and self.source.traits.get("date_text_order"):
                return self.literal(self.dated(text, wanted, at).value)
            case "date" | "timestamp" | "zoned" if self.source.traits.get("iso_text_is_date"):
                if wanted is not None and self.source.traits.get("date_text_order"):
                    found: Constant | None = self.dated(text, wanted, at)
                else:
                    found = constants.iso(text)
                if found is None:
                    raise Refused("SC4207", at, what="a text used as a date")
                if constants.has_zone(found.value) and kind != "zoned":
                    raise Refused("SC4207", at, what="a text with a time zone used as a date")
                if kind == "zoned" and "timestamptz" in str(self.family.words["zoned_type"]):
                    zone = "" if constants.has_zone(found.value) else "+00:00"
                    clock = "" if found.kind == "timestamp" else " 00:00:00"
                    return self.literal(found.value + (clock + zone if zone else ""))
                return self.literal(date_texts.reachable(found, self.family.words.get("offset_years")).value)
            case "date" | "timestamp" | "zoned":
                for model in self.source.date_texts:
                    found = constants.evaluate(text, model, self.source.date_elements)
                    if found is not None and (model[0] == "D" or re.match(r"\d{4}", text)):
                        self.found.append(Found("SC4259", at, (("model", model), ("text", text))))
                        return self.literal(found.value)
                raise Refused("SC4207", at, what="a text used as a date")
            case "binary":
                if re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", text):
                    return str(self.family.words["hex_literal"]).replace("{hex}", text)
                raise Refused("SC4204", at, function="a text used as bytes")
        return self.literal(text)

    def clock(self, name: str, digits: int | None, wanted: Type | None, at: int) -> str:
        """SYSDATE and its kin as a default or a value of a column."""
        kind = family(wanted) if wanted is not None else "unknown"
        if kind in ("text", "number", "binary", "boolean"):
            raise Refused("SC4207", at, what=f"{name} used as {kind}")
        self.volatile = True
        what = self.source.clocks[name]
        if kind == "time" or what == "time":
            if kind not in ("time", "unknown"):
                raise Refused("SC4207", at, what=f"{name} used as {kind}")
            return self.operation("default_time", name, at)
        if what == "today" and kind in ("date", "timestamp", "unknown"):
            return self.operation("default_today", name, at)
        bare = wanted is not None and (wanted.kind == "date" or (self.bare_dates and kind == "date"))
        if bare:
            return self.operation("default_today", name, at)
        utc = what == "utc" and kind != "zoned"
        if not utc and 0 in (digits, wanted.precision if wanted is not None else None):  # whole seconds
            if self.family.way("default_now_seconds") is not None:
                return self.operation("default_now_seconds", name, at)
        text = self.operation("default_now_utc" if utc else "default_now", name, at)
        if self.family.words.get("clock_digits") == "column":  # must be those of the column
            own = digits if wanted is None else 6 if wanted.precision is None else wanted.precision
            text = f"{text.removesuffix('()')}({min(own, 6)})" if own else text
        return text

    def today(self, name: str, wanted: Type | None, at: int) -> str | None:
        """The midnight of today as a column of dates takes it; ``None`` for other columns."""
        if wanted is None or family(wanted) not in ("date", "timestamp"):
            return None
        self.volatile = True
        return self.operation("default_today", name, at)

    def guid(self, name: str, wanted: Type | None, at: int) -> str:
        """SYS_GUID() and its kin as a column takes it: as a UUID, as 16 bytes, or as their hexadecimal digits."""
        self.volatile = True
        kind = family(wanted) if wanted is not None else "binary"
        if wanted is not None and wanted.kind == "uuid":
            return self.operation("guid_uuid", name, at)
        if kind == "text" and self.source.traits.get("guid_has_hyphens"):
            return self.operation("guid_hyphened", name, at)
        return self.operation("guid_text" if kind == "text" else "guid_binary", name, at)

    def operation(self, op: str, shown: str, at: int) -> str:
        """An operation as it stands in the rows; ``shown`` is the source's own word for it."""
        way = self.family.way(op)
        if way is None or not way.sql:
            code = way.code if way is not None and way.code else "SC4203"
            raise Refused(code, at, function=shown, what=shown)
        if way.code:
            self.found.append(Found(way.code, at, (("function", shown), ("what", way.note or shown))))
        self.volatile = self.volatile or way.volatile
        return way.sql
