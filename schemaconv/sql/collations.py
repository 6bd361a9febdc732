"""What the name of a collation says."""

from __future__ import annotations

from typing import Final

#: Names that stand for whatever the database has.
DEFAULTS: Final = frozenset({"DATABASE_DEFAULT", "CATALOG_DEFAULT"})


def compares(name: str) -> str:
    """What a collation tells apart: ``bin`` (code points), ``cs_as``, ``cs_ai``, ``ci_as`` or ``ci_ai`` (case and
    accents, each sensitive or insensitive); empty for a name that says nothing of its own.

    Transact-SQL reference, "Windows collation name", "SQL Server collation name"; Oracle Globalization Support Guide,
    "Linguistic sorting".
    """
    parts = name.upper().split("_")
    if name.upper() in DEFAULTS:
        return ""
    if parts[0] == "BINARY":
        return {"CI": "ci_as", "AI": "ci_ai"}.get(parts[-1], "bin")
    if "BIN" in parts or "BIN2" in parts:
        return "bin"
    case = "cs" if "CS" in parts else "ci"
    return f"{case}_{'ai' if 'AI' in parts else 'as'}"
