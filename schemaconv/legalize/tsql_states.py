"""States of Transact-SQL in expressions: @@ROWCOUNT, @@FETCH_STATUS, ERROR_MESSAGE() and the like."""

from __future__ import annotations

import re
from typing import Final

_IDENTITY: Final = re.compile(r"@@IDENTITY\b|\bSCOPE_IDENTITY\s*\(", re.I)
_SILENT: Final = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
_FETCHED: Final = re.compile(
    r"(@@FETCH_STATUS)\s*(=|<>|!=|>=|>|<)\s*(-?\s*\d)|(-?\d)\s*(=|<>|!=)\s*(@@FETCH_STATUS)", re.I
)


def asks_identity(text: str) -> bool:
    return _IDENTITY.search(_SILENT.sub(" ", text)) is not None


def fetched(text: str) -> str:
    """``text`` with comparisons of @@FETCH_STATUS as conditions: 0 is a row, -1 is none, -2 never comes."""

    def said(m: re.Match[str]) -> str:
        sign, number = (m[2], m[3]) if m[1] else (m[5], m[4])
        match sign, number.replace(" ", ""):
            case ("=" | ">=", "0") | ("<>" | "!=" | ">", "-1"):
                return '("%FOUND" = 1)'
            case ("<>" | "!=" | "<", "0") | ("=", "-1"):
                return '("%FOUND" = 0)'
            case ("<>" | "!=", "-2"):
                return "(1 = 1)"
            case ("=", "-2"):
                return "(1 = 0)"
            case _:
                return m[0]

    return _FETCHED.sub(said, text)
