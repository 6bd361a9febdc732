"""Patterns of LIKE as regular expressions (Transact-SQL reference, "LIKE")."""

from __future__ import annotations

import re
from typing import Final

_PART: Final = re.compile(r"\[(\^?)(\]?[^\]]*)\]|.", re.DOTALL)
_SPECIAL: Final = frozenset(".^$*+?()[]{}|\\")


def regex(pattern: str) -> str:
    """The expression that matches what the pattern matches; without what a search does without at the end."""
    made = "".join(_part(m) for m in _PART.finditer(pattern))
    whole = f"^{made}$"
    return whole.removesuffix(".*$") if whole.endswith(".*$") else whole


def _part(match: re.Match[str]) -> str:
    text = match[0]
    if len(text) > 1:
        inner = match[2].replace("\\", "\\\\").replace("[", "\\[")
        return f"[{match[1]}{inner}]"
    if text == "%":
        return ".*"
    if text == "_":
        return "."
    return f"\\{text}" if text in _SPECIAL else text
