"""FORMAT phrases: ``'YYYY-MM-DDBHH:MI:SS'``, ``'9(5)'``, ``'ZZZ,ZZ9.99'``, element by element.

Source: Teradata SQL Data Types and Literals, "FORMAT Phrase and DateTime Formats", "FORMAT Phrase and NUMERIC Formats",
"Default Formats".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ..ir.types import Type
from .formats import UnknownElement

_MOMENT: Final = re.compile(
    r"YYYY|Y4|YY|MMMM|M4|MMM|M3|MM|DDD|D3|DD|EEEE|E4|EEE|E3|HH|MI|SS(?:[.D]?S\((?P<digits>\d)\))?|T|B|[^A-Za-z0-9]",
    re.I,
)
#: An element, and the element of TO_CHAR and TO_DATE that writes and reads the same.
_MEANS: Final = {
    "YYYY": "YYYY", "Y4": "YYYY", "YY": "YY", "MMMM": "FMMonthFM", "M4": "FMMonthFM", "MMM": "Mon", "M3": "Mon",
    "MM": "MM", "DDD": "DDD", "D3": "DDD", "DD": "DD", "EEEE": "FMDayFM", "E4": "FMDayFM", "EEE": "Dy", "E3": "Dy",
    "MI": "MI", "SS": "SS", "T": "AM", "B": " ",
}  # fmt: skip


def moment_model(picture: str) -> str:
    """The model of TO_CHAR and TO_DATE. Raises :class:`UnknownElement` for what only the server's settings explain."""
    made, at = "", 0
    half = re.search("T", picture, re.I) is not None
    while at < len(picture):
        match = _MOMENT.match(picture, at)
        if match is None:
            raise UnknownElement(picture[at:])
        element = match[0].upper()
        if match["digits"] is not None:
            made += "SS" if match["digits"] == "0" else f"SS.FF{match['digits']}"
        elif element == "HH":
            made += "HH12" if half else "HH24"
        else:
            made += _MEANS.get(element, match[0])
        at = match.end()
    return made


@dataclass(frozen=True, slots=True)
class Picture:
    """How a number is printed: ``op`` is the operation that does, ``model`` the pattern of a target that has some."""

    op: str
    model: str
    width: int
    decimals: int
    unsigned: bool = False


_REPEATED: Final = re.compile(r"(.)\((\d{1,2})\)")
_NUMBER: Final = re.compile(
    r"(?P<sign>[-+]+)?(?P<money>\$*)(?P<blank>[Z,]*)(?P<whole>9[9,]*)?(?P<point>\.(?P<decimals>9*))?"
)
_PICTURED: Final = re.compile(r"9+(?:[-/:]9+)+")


def number_picture(picture: str) -> Picture:
    """What prints a number by ``picture``. Raises :class:`UnknownElement`."""
    text = _REPEATED.sub(lambda m: m[1] * int(m[2]), picture.upper())
    if _PICTURED.fullmatch(text):
        model = "FM" + re.sub("[-/:]", lambda m: f'"{m[0]}"', text.replace("9", "0"))
        return Picture("number_pictured", model, len(text), 0, unsigned=True)
    floating = re.fullmatch(r"(?P<sign>-{2,}[-,]*)(?P<rest>(?:9[9,]*)?(?:\.9*)?)", text)
    if floating is not None:
        text = f"Z{re.sub('-', 'Z', floating['sign'][1:])}{floating['rest']}"
    match = _NUMBER.fullmatch(text)
    if match is None or not text:
        raise UnknownElement(picture)
    sign, money, blank, whole = match["sign"] or "", match["money"], match["blank"], match["whole"] or ""
    decimals = len(match["decimals"] or "")
    if (sign and (sign != "-" or money or blank)) or (money and (blank or len(money) == 1)) or text[0] == ",":
        raise UnknownElement(picture)
    if not whole and not decimals:
        raise UnknownElement(picture)  # a zero is all blank
    if not whole and (blank or money) and floating is None:
        raise UnknownElement(picture)
    grouped = "," in blank or "," in whole
    point = f".{'0' * decimals}" if match["point"] else ""
    if (match["point"] and not decimals) or (grouped and not _in_threes(f"{blank}{whole}")):
        raise UnknownElement(picture)
    open_ = blank.replace("Z", "9") or "9" * max(len(money) - 1, 0)
    model = f"{open_}{whole.replace('9', '0')}{point}"
    suffix = "_grouped" if grouped else ""
    if money:
        return Picture(f"number_money{suffix}", f"FM{model}", len(text), decimals, unsigned=True)
    if blank:
        op = f"number_aligned{suffix}" if whole else "number_bare_aligned"
        return Picture(op, f"FM{model}", len(text), decimals, unsigned=floating is None)
    if grouped:
        return Picture("number_filled_grouped", model if sign else f"FM{model}", len(text), decimals, unsigned=not sign)
    if sign:
        return Picture("number_filled_signed", model, len(text) - 1, decimals)
    return Picture("number_filled", f"FM{model}", len(text), decimals, unsigned=True)


def _in_threes(whole: str) -> bool:
    return all(len(part) == 3 for part in whole.split(",")[1:])


_WIDTHS: Final = {"tinyint": 4, "smallint": 6, "integer": 11, "bigint": 20}


def default_picture(type_: Type, aligned: bool) -> Picture | None:
    """How a number of ``type_`` becomes text on its own: with the blanks in front of it (``aligned``) that an implicit
    conversion and the postfix form leave there. ``None`` where its type does not say."""
    if type_.kind in _WIDTHS:
        return Picture("integer_aligned" if aligned else "to_text", "", _WIDTHS[type_.kind], 0)
    if type_.kind != "decimal" or type_.precision is None:
        return None
    scale = type_.scale or 0
    whole = max(type_.precision - scale, 0)
    width = whole + scale + 2
    suffix = "_aligned" if aligned else ""
    if not scale:
        return Picture(f"number_point{suffix}", "", width, 0)
    return Picture(f"number_bare{suffix}", f"FM{'9' * max(whole, 1)}.{'0' * scale}", width, scale)
