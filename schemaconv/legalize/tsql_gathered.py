"""``SELECT @s = @s + x FROM ...``: a variable that takes something from every row.

Source: Transact-SQL reference, "SELECT @local_variable". The expression is parted: what comes from the row stays in the
query, what comes from the variable is put in front of it row by row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

_PART: Final = re.compile(r"'(?:[^']|'')*'|\[[^\]]*\]|\"[^\"]*\"|--[^\n]*|/\*.*?\*/|[()+,]|@@?\w+|[\w$#.]+|\S", re.S)
_HEAD: Final = re.compile(r"(?is)\s*SELECT\s+(?:ALL\s+|DISTINCT\s+)?(?:TOP\s*(?:\([^)]*\)|\d+)\s*(?:PERCENT\s+)?)?")


@dataclass(frozen=True, slots=True)
class Gathered:
    """The ``query`` without the variables, and by place what stands in front of the row's part, its sign included."""

    query: str
    prefixes: dict[int, str] = field(default_factory=dict)


def split(text: str, names: list[str]) -> Gathered | None:
    """``text`` for the variables (in capitals) that it assigns; ``None`` where an expression cannot be parted."""
    head = _HEAD.match(text)
    if head is None:
        mentioned = any(m[0].upper() in names for m in _PART.finditer(text))
        return None if mentioned else Gathered(text)
    items, end = _items(text, head.end())
    if len(items) != len(names):
        mentioned = any(m[0].upper() in names for m in _PART.finditer(text[: end]))
        return None if mentioned else Gathered(text)
    if any(m[0].upper() in names for m in _PART.finditer(text[end:])):
        return None  # the rows themselves hang on what was gathered so far
    made, last = "", 0
    prefixes: dict[int, str] = {}
    for i, (start, stop, signs) in enumerate(items):
        at = max((m.end() for m in _PART.finditer(text, start, stop) if m[0].upper() in names), default=-1)
        if at < 0:
            continue
        sign = next((s for s in signs if s >= at), None)
        if sign is None:
            return None
        prefixes[i] = text[start : sign + 1].strip()
        made += text[last:start] + " "
        last = sign + 1
    return Gathered(made + text[last:], prefixes)


def _items(text: str, at: int) -> tuple[list[tuple[int, int, list[int]]], int]:
    """The select list: start and end of each item with the places of its ``+`` outside of parentheses, and its end."""
    items: list[tuple[int, int, list[int]]] = []
    depth = cases = 0
    start, signs = at, []
    for m in _PART.finditer(text, at):
        word = m[0].upper()
        depth += (word == "(") - (word == ")")
        cases += (word == "CASE") - (word == "END")
        if depth or cases:
            continue
        if word == "+":
            signs.append(m.start())
        elif word == ",":
            items.append((start, m.start(), signs))
            start, signs = m.end(), []
        elif word in ("FROM", "WHERE", "GROUP", "HAVING", "ORDER", "UNION", "OPTION", "FOR"):
            return [*items, (start, m.start(), signs)], m.start()
    return [*items, (start, len(text), signs)], len(text)
