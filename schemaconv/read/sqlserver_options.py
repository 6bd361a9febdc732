"""What stands behind a table, a key or an index of SQL Server: WITH (...), and ON with a filegroup or a scheme.

Source: Transact-SQL reference, "CREATE TABLE" (table_option, index_option), "CREATE INDEX" (relational_index_option).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from ..ir.catalog import Clause
from ..ir.names import Name
from .clauses import Rows
from .cursor import Cursor

#: Options of an index that older scripts write without parentheses: WITH FILLFACTOR = 80, PAD_INDEX.
_BARE: Final = frozenset(
    """PAD_INDEX FILLFACTOR IGNORE_DUP_KEY DROP_EXISTING STATISTICS_NORECOMPUTE SORT_IN_TEMPDB SORTED_DATA
    SORTED_DATA_REORG ONLINE MAXDOP ALLOW_ROW_LOCKS ALLOW_PAGE_LOCKS DATA_COMPRESSION ALLOW_DUP_ROW
    IGNORE_DUP_ROW""".split()
)


class Item(NamedTuple):
    """One option: the index of its first token and of the one behind its last, and its value's first word."""

    start: int
    end: int
    word: str
    value: str


def items(c: Cursor) -> Iterator[Item]:
    """The options of a parenthesised list, the cursor standing on its parenthesis; it ends up behind it."""
    c.expect("(")
    while not c.done() and c.word() != ")":
        start = c.at
        to_comma(c)
        if c.at > start:
            yield item(c, start)
        if not c.accept(","):
            break
    c.expect(")")


def item(c: Cursor, start: int) -> Item:
    """The option that ends in front of the cursor."""
    value = start + 1
    while value < c.at and c.texts[value] not in ("=", "("):
        value += 1
    if c.texts[value] == "=":
        value += 1
    return Item(start, c.at, c.texts[start], c.texts[value] if value < c.at else "")


def to_comma(c: Cursor, *stops: str) -> None:
    """Step over everything up to a comma, a closing parenthesis or one of ``stops`` on this level."""
    c.skip_to((",", ")", *stops))


def with_options(c: Cursor, rows: Rows, extra: list[Clause]) -> None:
    """``WITH (option = value, ...)`` of an index or key, the cursor standing behind WITH.

    Options that say what holds anyway are named as one clause, others each by its own.
    """
    start = c.at - 1
    found = list(items(c)) if c.word() == "(" else list(_bare(c))
    ordinary = False
    for one in found:
        ordinary = say(c, one, rows, extra) or ordinary
    if ordinary:
        extra.append(c.clause("storage_clause", start))


def say(c: Cursor, one: Item, rows: Rows, extra: list[Clause]) -> bool:
    """Name one option by its row; whether it only says what holds anyway."""
    words = tuple(c.texts[one.start : one.end])
    row = next((r for r in rows.get(one.word, ()) if words[: len(r.head)] == r.head), None)
    if row is not None and row.default and (one.value or "ON") == row.default:
        return True
    construct = row.construct if row is not None else "unknown_clause"
    extra.append(Clause(construct, c.raw(one.start, one.end), c.span(one.start, one.end)))
    return False


def _bare(c: Cursor) -> Iterator[Item]:
    while c.word() in _BARE:
        start = c.at
        c.at += 1
        if c.accept("="):
            c.at += 1
        if c.accept("ON", "PARTITIONS") and c.word() == "(":
            c.skip_group()
        yield item(c, start)
        if not (c.word() == "," and c.ahead() in _BARE):
            break
        c.at += 1


class Home(NamedTuple):
    """Where ON puts something: the names of the scheme and of its columns, or nothing for a filegroup."""

    scheme: Name | None
    columns: tuple[Name, ...]
    start: int


def home(c: Cursor, extra: list[Clause]) -> Home | None:
    """``ON filegroup`` or ``ON scheme (column)``, the cursor standing on ON; a filegroup is a clause."""
    start = c.at
    c.at += 1
    if c.word()[:1] == "'":
        c.at += 1  # a filegroup in quotes
        extra.append(c.clause("tablespace", start))
        return None
    name = c.name()
    if c.word() == "(":
        return Home(name, c.names(), start)
    extra.append(c.clause("tablespace", start))
    return None
