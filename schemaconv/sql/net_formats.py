"""Formats of .NET, as FORMAT takes them, brought to models of dates and numbers that the rows of targets translate.

.NET, "Standard and custom date and time format strings", "Standard and custom numeric format strings"; culture en-US.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

#: Elements of custom formats of dates; those without padding stand between FM and FM.
_DATES: Final = {
    "yyyy": "YYYY", "yy": "YY", "MMMM": "FMMonthFM", "MMM": "Mon", "MM": "MM", "M": "FMMMFM", "dddd": "FMDayFM",
    "ddd": "Dy", "dd": "DD", "d": "FMDDFM", "HH": "HH24", "H": "FMHH24FM", "hh": "HH12", "h": "FMHH12FM", "mm": "MI",
    "m": "FMMIFM", "ss": "SS", "s": "FMSSFM", "tt": "AM", "f": "FF1", "ff": "FF2", "fff": "FF3", "ffff": "FF4",
    "fffff": "FF5", "ffffff": "FF6",
}  # fmt: skip
#: Standard formats of dates in en-US.
_STANDARD: Final = {
    "d": "M/d/yyyy", "D": "dddd, MMMM d, yyyy", "t": "h:mm tt", "T": "h:mm:ss tt", "g": "M/d/yyyy h:mm tt",
    "G": "M/d/yyyy h:mm:ss tt", "f": "dddd, MMMM d, yyyy h:mm tt", "F": "dddd, MMMM d, yyyy h:mm:ss tt",
    "M": "MMMM d", "m": "MMMM d", "Y": "MMMM yyyy", "y": "MMMM yyyy", "s": "yyyy-MM-ddTHH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ssZ",
}  # fmt: skip
_PART: Final = re.compile(r"'([^']*)'|\"([^\"]*)\"|\\(.)|([A-Za-z])\4*|[^A-Za-z'\"\\%]", re.S)


def date_model(text: str) -> str | None:
    """The model of a format of dates; ``None`` for one with an element that has no counterpart."""
    format_ = _STANDARD.get(text) if len(text) == 1 else text
    if not format_:
        return None
    made, at = "", 0
    for found in _PART.finditer(format_):
        if found.start() != at:
            return None
        at = found.end()
        if found[4]:
            element = _DATES.get(found[0])
            if element is None and found[0] not in ("T", "Z"):
                return None
            made += element or f'"{found[0]}"'
        else:
            plain = next((g for g in found.groups()[:3] if g is not None), found[0])
            if '"' in plain:
                return None
            made += f'"{plain}"' if re.search(r"\w", plain) else plain
    return made.replace("FMFM", "").replace('""', "") if at == len(format_) else None


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """``zeros`` digits at least, ``decimals`` of them behind the point, in groups of three or not; ``kind`` is one of
    ``N`` (plain), ``P`` (of a hundred) and ``C`` (currency); ``optional`` decimals may be left out."""

    zeros: int
    decimals: int
    grouped: bool
    kind: str = "N"

    def model(self, digits: int) -> str:
        """The model for numbers of at most ``digits`` digits before the point."""
        zeros = max(self.zeros, 1)
        whole = "9" * max(digits - zeros, 0) + "0" * zeros
        if self.grouped:
            whole = ",".join(reversed([whole[max(i - 3, 0) : i] for i in range(len(whole), 0, -3)]))
        return f"FM{whole}" + ("." + "0" * self.decimals if self.decimals else "")


_CUSTOM: Final = re.compile(r"(?P<groups>#,(?:##)?)?(?P<hashes>#*)(?P<zeros>0+)(?:\.(?P<decimals>0+))?")


def number_format(text: str, whole: bool) -> NumberFormat | None:
    """What a format of numbers means for a number, ``whole`` or not; ``None`` for one that has no counterpart."""
    standard = re.fullmatch(r"([A-Za-z])(\d{0,2})", text)
    if standard is not None:
        digits = int(standard[2]) if standard[2] else None
        match standard[1].upper():
            case "N" | "P" | "C" as kind:
                return NumberFormat(1, 2 if digits is None else digits, True, kind)
            case "F":
                return NumberFormat(1, 2 if digits is None else digits, False)
            case "D" if whole:
                return NumberFormat(digits or 1, 0, False)
        return None
    custom = _CUSTOM.fullmatch(text)
    if custom is None or (custom["groups"] and len(custom["zeros"]) > 1):
        return None
    return NumberFormat(len(custom["zeros"]), len(custom["decimals"] or ""), bool(custom["groups"]))
