"""Which values a parameter of the target takes without a cast.

PostgreSQL, "Function Type Resolution": an argument is only cast where an implicit cast leads to the parameter's type.
"""

from __future__ import annotations

from typing import Final

#: Whole numbers of the target, the narrower first: each is taken for those that follow.
WHOLE: Final = ("smallint", "integer", "bigint")
_FLOATING: Final = ("double precision", "real")


def takes_it(spelled: str, kind: str, wanted: str, cuts: bool = False) -> str:
    """Whether a parameter of the target's type ``wanted`` takes a value of the type ``spelled`` (or of the family
    ``kind``, where that is all that is known): yes, no, or with a cast that changes nothing but the type
    (or does what the source does by itself: one that ``cuts`` leaves the time of day out where a day is wanted)."""
    if not spelled and kind in ("", "unknown"):
        return "cast" if wanted in WHOLE else "yes"
    given, other = _kind(spelled) or {"timestamp": "date"}.get(kind, kind), _kind(wanted)
    if wanted in WHOLE and given == "number":
        return "yes" if spelled in WHOLE and WHOLE.index(spelled) <= WHOLE.index(wanted) else "cast"
    if spelled == "timestamp" and wanted == "date":
        return "cast" if cuts else "no"
    if given in _FLOATING and other == "number":
        return "cast"
    return "yes" if given == other or (given == "number" and other in _FLOATING) else "no"


def _kind(spelled: str) -> str:
    """What types of the target are taken for each other, as far as a call goes."""
    match spelled:
        case "smallint" | "integer" | "bigint" | "numeric":
            return "number"
        case "varchar" | "text" | "char" | "citext":
            return "text"
        case "timestamp" | "date":
            return "date"
        case _:
            return spelled
