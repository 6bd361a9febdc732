"""Constants with a format, and texts written in code points: what they mean is known before any parser is asked.

``CAST('31/01/2024' AS DATE FORMAT 'DD/MM/YYYY')`` and ``'31/01/2024' (DATE, FORMAT 'DD/MM/YYYY')`` become
``DATE '2024-01-31'``. Source: SQL Data Types and Literals, Teradata Vantage, "Data Type Formats and Format Phrases",
"Unicode Character Literals".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from . import constants
from . import tokens as lex

if TYPE_CHECKING:
    from .pieces import Piece

#: An element of a format, and the element of :func:`constants.evaluate` that reads the same.
_ELEMENT: Final = re.compile(r"YYYY|Y4|MMMM|M4|MMM|M3|MM|DD(?!D)|HH|MI|SS|B|[^A-Za-z0-9]", re.IGNORECASE)
_MEANS: Final = {
    "Y4": "YYYY", "MMMM": "MONTH", "M4": "MONTH", "MMM": "MON", "M3": "MON", "HH": "HH24", "B": " ",
}  # fmt: skip
_KNOWN: Final = ("YYYY", "MONTH", "MON", "MM", "DD", "HH24", "MI", "SS")
_TYPES: Final = frozenset({"DATE", "TIMESTAMP"})


def typed(found: list[Piece]) -> list[Piece]:
    """``found`` with every constant that has a type and a format as a constant of that type."""
    made: list[Piece] = []
    at = 0
    while at < len(found):
        size, what, text, model = _behind(found, at) or _cast(found, at) or (0, "", "", "")
        value = _evaluated(what, text, model) if size else None
        if value is None:
            made.append(found[at])
            at += 1
            continue
        first, last = found[at], found[at + size - 1]
        made.append(first._replace(kind=lex.WORD, text=what, upper=what))
        made.append(first._replace(kind=lex.STRING, text=value, upper="", start=last.start, end=last.end))
        at += size
    return made


def shown(found: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """``x (NAMED y, TITLE 'z')`` as ``x AS y``, and the phrases that went with nothing left of them.

    A FORMAT alone may decide what text the value becomes: that stays.
    """
    made: list[Piece] = []
    gone: list[Piece] = []
    at = 0
    while at < len(found):
        end, names = _groups(found, at) if found[at].text == "(" and at else (0, [])
        words = {k.upper for k in found[at:end]}
        inner = "" if end >= len(found) else found[end].upper
        if (
            not end or inner not in _FOLLOW or len(names) > 1 or (inner == ")" and words & {"NAMED", "FORMAT"})
            or words & {"NAMED", "TITLE", "FORMAT"} == {"FORMAT"}
        ):
            made.append(found[at])
            at += 1
            continue
        for name in names:
            made += (found[at]._replace(kind=lex.WORD, text="AS", upper="AS"), name)
        gone += [found[i]._replace(end=found[i + 1].end) for i in range(at, end) if found[i].upper in _DISPLAY]
        at = end
    return made, gone


_DISPLAY: Final = frozenset({"TITLE", "FORMAT"})
#: What may stand behind the whole of a column of a query.
_FOLLOW: Final = frozenset({"", ",", "FROM", ")", "WHERE", "AS"})


def _groups(found: Sequence[Piece], at: int) -> tuple[int, list[Piece]]:
    """The index behind such phrases in a row, or 0, and the names that they give."""
    end = 0
    names: list[Piece] = []
    while at < len(found) and found[at].text == "(":
        behind, name = _phrases(found, at)
        if not behind:
            break
        names += [name] if name is not None else []
        end = at = behind
    return end, names


def _phrases(found: Sequence[Piece], at: int) -> tuple[int, Piece | None]:
    """The index behind ``( NAMED y, TITLE 'z', FORMAT 'f' )``, or 0, and the name."""
    name: Piece | None = None
    at += 1
    while at + 2 < len(found):
        value = found[at + 1]
        if found[at].upper == "NAMED" and value.kind in (lex.WORD, lex.QUOTED) and name is None:
            name = value
        elif found[at].upper not in _DISPLAY or value.kind != lex.STRING:
            break
        at += 2
        if found[at].text == ")":
            return at + 1, name
        if found[at].text != ",":
            break
        at += 1
    return 0, None


def _cast(found: Sequence[Piece], at: int) -> tuple[int, str, str, str] | None:
    """``CAST ( 'text' AS type FORMAT 'model' )``: how many pieces, and what they say."""
    if found[at].upper != "CAST" or at + 7 >= len(found) or found[at + 1].text != "(":
        return None
    if found[at + 2].kind != lex.STRING or found[at + 3].upper != "AS":
        return None
    rest = _type(found, at + 4)
    if rest is None or at + rest[0] + 6 >= len(found):
        return None
    end = at + 4 + rest[0]
    if found[end].upper != "FORMAT" or found[end + 1].kind != lex.STRING or found[end + 2].text != ")":
        return None
    return end + 3 - at, rest[1], found[at + 2].text, found[end + 1].text


def _behind(found: Sequence[Piece], at: int) -> tuple[int, str, str, str] | None:
    """``'text' ( type , FORMAT 'model' )``."""
    if found[at].kind != lex.STRING or at + 6 >= len(found) or found[at + 1].text != "(":
        return None
    rest = _type(found, at + 2)
    if rest is None or at + rest[0] + 5 >= len(found):
        return None
    end = at + 2 + rest[0]
    if found[end].text != "," or found[end + 1].upper != "FORMAT" or found[end + 2].kind != lex.STRING:
        return None
    return (end + 4 - at, rest[1], found[at].text, found[end + 2].text) if found[end + 3].text == ")" else None


def _type(found: Sequence[Piece], at: int) -> tuple[int, str] | None:
    """``DATE``, ``TIMESTAMP`` or ``TIMESTAMP(n)``: how many pieces, and which."""
    if found[at].upper not in _TYPES:
        return None
    size = 1
    if at + 3 < len(found) and found[at + 1].text == "(" and found[at + 3].text == ")":
        size = 4
    return size, found[at].upper


def _evaluated(what: str, text: str, model: str) -> str | None:
    """The value as ISO 8601 writes it; ``None`` for a format that only the server's settings explain."""
    read = ""
    at = 0
    while at < len(model):
        match = _ELEMENT.match(model, at)
        if match is None:
            return None
        read += _MEANS.get(match[0].upper(), match[0].upper())
        at = match.end()
    value = constants.evaluate(text, read, _KNOWN, dates=what == "DATE")
    if value is None:
        return None
    if what == "DATE":
        return value.value[:10]
    return value.value if value.kind == "timestamp" else f"{value.value} 00:00:00"


def decoded(body: str, escape: str) -> str | None:
    r"""The characters of ``U&'body' UESCAPE 'escape'``: ``\00e9``, ``\+01f600``, two escapes for one."""
    if len(escape) != 1 or escape in "'\"+ " or escape.isalnum():
        return None
    units = bytearray()
    at = 0
    while at < len(body):
        if body[at] != escape:
            units += body[at].encode("utf-16-be", "surrogatepass")
            at += 1
            continue
        if body.startswith(escape, at + 1):
            units += escape.encode("utf-16-be")
            at += 2
            continue
        match = _CODE.match(body, at + 1)
        if match is None:
            return None
        number = int(match[1] or match[2], 16)
        if match[1] is None and number <= 0xFFFF:
            units += number.to_bytes(2, "big")
        elif number <= 0x10FFFF:
            units += chr(number).encode("utf-16-be", "surrogatepass")
        else:
            return None
        at = match.end()
    try:
        return units.decode("utf-16-be")
    except UnicodeDecodeError:
        return None


_CODE: Final = re.compile(r"\+([0-9A-Fa-f]{6})|([0-9A-Fa-f]{4})")
