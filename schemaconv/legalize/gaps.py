"""Statements that are put together at run time: names of ours stand in the gaps between their constants."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

#: A gap, as if it were a name; the number says which.
GAP: Final = re.compile(r"(?i)zz(\d+)q")
#: ``:1``, outside of texts: a value that the statement is bound to.
BIND: Final = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|(?<![:\w]):(\w+)")
_TOKEN: Final = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\$\d+|[\w$#]+|[^\s\w]")


def with_gaps(parts: Sequence[str]) -> tuple[str, list[str]]:
    """The statement that literals and other parts make, and the other parts, which leave gaps in it."""
    source, others = "", []
    for part in parts:
        if part[:1] == "'":
            source += part[1:-1].replace("''", "'")
        else:
            others.append(part)
            source += f"zz{len(others)}q"
    return source, others


def woven(text: str, fill: Callable[[re.Match[str]], str], literal: Callable[[str], str]) -> list[str]:
    """The statement ``text`` as literals with what ``fill`` gives for each gap between them."""
    made, at = [], 0
    for m in GAP.finditer(text):
        if m.start() > at:
            made.append(literal(text[at : m.start()]))
        made.append(fill(m))
        at = m.end()
    if at < len(text):
        made.append(literal(text[at:]))
    return made


def same_places(source: str, made: str, count: int) -> bool:
    """Whether every gap stands between the same two tokens on both sides."""
    before, after = _neighbours(source), _neighbours(made)
    return before == after and sum(len(GAP.findall(t)) for _, t, _ in before) == count


def _neighbours(text: str) -> list[tuple[str, str, str]]:
    tokens = ["", *(t.lower() if t[:1] not in "'\"" else t for t in _TOKEN.findall(text)), ""]
    return [(tokens[i - 1], t, tokens[i + 1]) for i, t in enumerate(tokens) if GAP.search(t) is not None]


def literal(text: str) -> str:
    """A text as standard SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
