"""``UPDATE t SET ... WHERE ... ELSE INSERT t VALUES (...)``: a row that is changed, or made where it is not there.

SQL Data Manipulation Language, "UPDATE (Upsert Form)": both name one table, and the condition its primary index, which
SET must not change. Then the row is there after the UPDATE exactly if it was there before, and an INSERT that asks for
it may follow.
"""

from __future__ import annotations

from itertools import pairwise

from ..ir.catalog import Data
from ..ir.fragment import Fragment
from ..ir.names import Name
from ..source import Span
from .cursor import Cursor
from .teradata_table import within


def read(c: Cursor, at: Span, home: Name | None) -> tuple[Data, Data] | None:
    """The UPDATE and the INSERT; ``None`` for any other statement."""
    if c.texts[c.at] not in ("UPDATE", "UPD") or "ELSE" not in c.texts:
        return None
    start, found = c.at, _places(c)
    if found is None:
        return None
    where, else_ = found
    c.at = start + 1
    try:
        made = _read(c, at, home, where, else_)
    finally:
        if c.at != c.count:
            c.at = start
    return made


def _places(c: Cursor) -> tuple[int, int] | None:
    """Where WHERE and ELSE of the statement itself stand."""
    depth = cases = where = 0
    for i in range(c.at, c.count - 1):
        word = c.texts[i]
        depth += (word == "(") - (word == ")")
        cases += (word == "CASE") - (word == "END")
        if depth or cases:
            continue
        if word == "WHERE":
            where = i
        elif word == "ELSE":
            return (where, i) if where and c.texts[i + 1] in ("INSERT", "INS") else None
    return None


def _read(c: Cursor, at: Span, home: Name | None, where: int, else_: int) -> tuple[Data, Data] | None:
    if not c.is_name():
        return None
    first = c.at
    name = within(c.qname(), home)
    table = c.raw(first)
    if c.word() != "SET":
        return None
    changed = _changed(c, c.at + 1, where)
    tested = set(c.texts[where + 1 : else_])
    if changed & tested or "SELECT" in tested or "SEL" in tested:
        return None
    update = f"UPDATE {c.raw(first, else_)}"
    condition = c.raw(where + 1, else_)
    c.at = else_ + 2
    c.accept("INTO")
    if not c.is_name():
        return None
    if within(c.qname(), home) != name:
        return None
    listed = ""
    if c.word() == "(" and _closes_early(c):
        group = c.at
        c.skip_group()
        listed = f" {c.raw(group)}"
    c.accept("VALUES")
    if c.word() != "(":
        return None
    group = c.at
    c.skip_group()
    words = c.texts[group : c.at]
    pairs = pairwise(words)
    if not c.done() or "DEFAULT" in words or any(a in "(," and b in (",", ")") for a, b in pairs):
        return None
    values = c.raw(group + 1, c.at - 1)
    there = f"SELECT 1 AS found FROM {table} WHERE {condition}"
    insert = f"INSERT INTO {table}{listed} SELECT {values} WHERE NOT EXISTS ({there})"
    return (
        Data(name, at, verb="UPDATE", statement=Fragment(update, at)),
        Data(name, at, verb="INSERT", statement=Fragment(insert, at)),
    )


def _closes_early(c: Cursor) -> bool:
    """Whether the group at hand is a list of columns, with values behind it."""
    start = c.at
    c.skip_group()
    more = not c.done()
    c.at = start
    return more


def _changed(c: Cursor, start: int, end: int) -> set[str]:
    """The columns that SET gives a value."""
    found, depth = set(), 0
    for i in range(start, end):
        depth += (c.texts[i] == "(") - (c.texts[i] == ")")
        if not depth and c.texts[i] == "=" and i > start:
            found.add(c.texts[i - 1])
    return found
