"""Clauses that describe storage and the like, recognised by the rows of ``rules/clauses/<engine>.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from .. import rulefiles
from ..ir.catalog import Clause
from .cursor import Cursor


@dataclass(frozen=True, slots=True)
class Row:
    head: tuple[str, ...]
    construct: str
    names: int
    follow: frozenset[str]
    default: str = ""  # the value that an option has anyway


#: The rows of an engine by the first word of their head.
Rows = dict[str, tuple[Row, ...]]


@lru_cache(maxsize=4)
def rows(engine: str) -> Rows:
    """The rows of ``rules/clauses/<engine>.toml``."""
    found: dict[str, list[Row]] = {}
    for row in rulefiles.load(f"clauses/{engine}.toml")["clause"]:
        head = tuple(row["head"].split())
        follow = frozenset(row.get("follow", "").split())
        made = Row(head, row["construct"], row.get("name", 0), follow, row.get("default", ""))
        found.setdefault(head[0], []).append(made)
    return {k: tuple(sorted(v, key=lambda r: -len(r.head))) for k, v in found.items()}


def accept(cursor: Cursor, table: Rows) -> Clause | None:
    """Step over one clause if one begins here."""
    candidates = table.get(cursor.texts[cursor.at])
    if candidates is None:
        return None
    start = cursor.at
    for row in candidates:
        if not cursor.accept(*row.head):
            continue
        for _ in range(row.names):
            if cursor.is_name():
                cursor.qname()
        if row.follow:
            _follow(cursor, row.follow, table)
        return cursor.clause(row.construct, start)
    return None


#: Words that begin something else and therefore never name a segment or an archive.
_NEVER_NAMES: Final = frozenset({"PARTITION", "AS", "ON", "ENABLE", "DISABLE", "ORGANIZATION", "CLUSTER"})


def _follow(cursor: Cursor, follow: frozenset[str], table: Rows) -> None:
    named = "{name}" not in follow
    while not cursor.done():
        text = cursor.word()
        if text in follow:
            cursor.at += 1
        elif text == "(" and "()" in follow:
            cursor.skip_group()
        elif (text[0].isdigit() and "#" in follow) or (text[0] in "'\"" and text[0] in follow):
            cursor.at += 1
        elif not named and cursor.is_name() and text not in table and text not in _NEVER_NAMES:
            cursor.qname()
            named = True
        else:
            return


def unknown(cursor: Cursor, table: Rows) -> Clause:
    """Step over text that is no clause we know, up to the next that is: named, so that it is not lost."""
    start = cursor.at
    cursor.at += 1 if cursor.word() != "(" else 0
    cursor.skip_to({",", ")", *table})
    if cursor.at == start:
        cursor.at += 1
    return cursor.clause("unknown_clause", start)
