"""The table that a data statement behind WITH changes.

Source: Transact-SQL reference, "WITH common_table_expression", "UPDATE", "DELETE": a statement may change a common
table expression, and with it the one table that this reads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_SILENT: Final = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.S)
_NAME: Final = r"(?:\[[^\]]+\]|[\w@#$]+)"
_VERB: Final = re.compile(r"(?i)(INSERT|UPDATE|DELETE)\b")
_CHANGED: Final = re.compile(rf"(?is)(?:INTO\s+|FROM\s+|TOP\s*\([^)]*\)\s*)*({_NAME}(?:\s*\.\s*{_NAME})*)")
_COLUMN: Final = rf"(?:{_NAME}\s*\.\s*)*(?:{_NAME}|\*)"
_PICKS: Final = re.compile(
    rf"(?is)\s*SELECT\s+(?:TOP\s*(?:\([^)]*\)|\d+)\s*)?{_COLUMN}(?:\s*,\s*{_COLUMN})*\s+FROM\s+"
    rf"({_NAME}(?:\s*\.\s*{_NAME})*)(?=\s|$)(.*)"
)
_MORE: Final = re.compile(r"(?i)\b(?:JOIN|APPLY|UNION|EXCEPT|INTERSECT|GROUP)\b|,(?=[^()]*\bWHERE\b)")


@dataclass(frozen=True)
class Changed:
    """The verb at place ``at`` of the text, and a statement of that verb on the table that it changes in the end."""

    at: int
    verb: str
    table: str


def behind_with(text: str) -> Changed | None:
    """What the statement behind WITH changes; ``None`` where it changes a query whose columns are not those of one
    table. A text without WITH counts as a statement with none in front."""
    quiet = _SILENT.sub(lambda m: " " * len(m[0]), text)
    at = _verb(quiet)
    if at is None:
        return None
    verb = _VERB.match(quiet, at)
    assert verb is not None
    named = _CHANGED.match(quiet, _blank(quiet, verb.end()))
    if named is None:
        return None
    table = named[1]
    bare = re.escape(table.strip("[]"))
    held = re.search(rf"(?i)(?:\bWITH|,)\s*\[?{bare}\]?\s*(\([^()]*\)\s*)?AS\s*\(", quiet[:at])
    if held is None:
        return Changed(at, verb[1].upper(), table)
    picks = _PICKS.fullmatch(quiet, held.end(), _close(quiet, held.end()))
    if held[1] or picks is None or _MORE.search(picks[2]):
        return None
    return Changed(at, verb[1].upper(), picks[1])


def _verb(quiet: str) -> int | None:
    depth = 0
    for m in re.finditer(r"[()]|\b(?:INSERT|UPDATE|DELETE)\b", quiet, re.I):
        depth += {"(": 1, ")": -1}.get(m[0], 0)
        if depth == 0 and m[0] != ")":
            return m.start()
    return None


def _blank(quiet: str, at: int) -> int:
    return at + len(quiet[at:]) - len(quiet[at:].lstrip())


def _close(quiet: str, at: int) -> int:
    depth = 1
    for m in re.finditer(r"[()]", quiet[at:]):
        depth += 1 if m[0] == "(" else -1
        if depth == 0:
            return at + m.start()
    return len(quiet)
