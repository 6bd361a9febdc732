"""Data statements of Teradata, in the words that the standard has for them (SQL Data Manipulation Language: "INSERT",
"UPDATE", "DELETE", "MERGE")."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from ..ir.catalog import Data, Table
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..source import Span
from .base import Builder
from .cursor import Cursor
from .teradata_table import within

_VERBS: Final = {"INS": "INSERT", "UPD": "UPDATE", "DEL": "DELETE"}
_QUERY: Final = frozenset({"SELECT", "SEL", "WITH"})
_BEHIND: Final = frozenset({"", "SET", "FROM", "WHERE", "ALL", "USING", ",", "ELSE"})


def read(c: Cursor, at: Span, home: Name | None, builder: Builder) -> Data:
    """INSERT, UPDATE, DELETE or MERGE with its verb in full: ``INS t (1, 2)`` is ``INSERT INTO t VALUES (1, 2)``."""
    start = c.at
    verb = _VERBS.get(c.word(), c.word())
    c.take()
    if c.word() == "WITH":  # WITH [NO] [CONCURRENT] ISOLATED LOADING
        while c.accept_any("WITH", "NO", "CONCURRENT", "ISOLATED", "LOADING"):
            pass
    found: Data | None
    match verb:
        case "INSERT":
            found = _insert(c, at, home, builder)
        case "UPDATE":
            found = _update(c, at, home)
        case "DELETE":
            found = _delete(c, at, home)
        case "MERGE":
            found = _merge(c, at, home)
        case _:
            found = None
    if found is None:
        found = _unchanged(c, at, home, verb, start)
    c.at = c.count
    return replace(found, statement=replace(found.statement, at=c.span(start)))


def _unchanged(c: Cursor, at: Span, home: Name | None, verb: str, start: int) -> Data:
    name = QName(None, Name(verb))
    c.at = start + 1
    while c.accept_any("INTO", "FROM", "WITH", "NO", "CONCURRENT", "ISOLATED", "LOADING"):
        pass
    if c.is_name():
        name = within(c.qname(), home)
    return Data(name, at, verb=verb, statement=Fragment(f"{verb} {c.raw(start + 1, c.count)}", at))


# -- INSERT --------------------------------------------------------------------------------------------------------


def _insert(c: Cursor, at: Span, home: Name | None, builder: Builder) -> Data:
    c.accept("INTO")
    named = c.at
    name = within(c.qname(), home)
    head = f"INSERT INTO {c.raw(named)}"
    listed = ""
    if c.word() == "(" and c.ahead() not in _QUERY:
        group = c.at
        c.skip_group()
        if c.done():  # values alone
            c.at = group
        else:
            listed = f" {c.raw(group)}"
    if c.word() == "(" and c.ahead() not in _QUERY:
        rest = f"VALUES {_row(c)}"
    elif c.word() == "VALUES" and c.ahead() == "(":
        c.at += 1
        rest = f"VALUES {_row(c)}"
    else:
        rest = _full(c, c.at, c.count)
    rest += f" {c.raw(c.at, c.count)}" if not c.done() and rest.startswith("VALUES") else ""
    columns: tuple[Name, ...] = ()
    subject = builder.find(name, Table) if not listed and not rest.startswith("DEFAULT") else None
    if subject is not None:
        columns = tuple(k.name for k in builder.get(subject, Table).columns)
    text = f"{head}{listed} {rest}"
    return Data(name, at, verb="INSERT", columns=columns, list_at=len(head), statement=Fragment(text, at))


def _row(c: Cursor) -> str:
    """``(1, , 3)``, whose second value is the column's default, with the word for that."""
    start = c.at
    c.skip_group()
    texts, depth = c.texts, 0
    if "," not in texts[start : c.at]:
        return c.raw(start)
    out, last = "", c.starts[start]
    for i in range(start, c.at):
        depth += (texts[i] == "(") - (texts[i] == ")" and i > start)
        if depth == 1 and texts[i] in "(," and texts[i + 1] in (",", ")") and (texts[i] == "," or i == start):
            out += c.buffer[last : c.ends[i]] + ("DEFAULT" if texts[i] == "(" else " DEFAULT")
            last = c.ends[i]
    return out + c.buffer[last : c.ends[c.at - 1]]


def _full(c: Cursor, start: int, end: int) -> str:
    """The author's text with SELECT in full where it begins the query of an INSERT."""
    first = start + (c.texts[start] == "(")
    if c.texts[first] != "SEL":
        return c.raw(start, end)
    return c.buffer[c.starts[start] : c.starts[first]] + "SELECT" + c.buffer[c.ends[first] : c.ends[end - 1]]


# -- UPDATE and DELETE ---------------------------------------------------------------------------------------------


# -- MERGE ---------------------------------------------------------------------------------------------------------


def _merge(c: Cursor, at: Span, home: Name | None) -> Data | None:
    """MERGE with its branches in full: ``THEN INS (1, 2)`` is ``THEN INSERT VALUES (1, 2)``, and a row of values behind
    USING is a query."""
    c.accept("INTO")
    named = c.at
    name = within(c.qname(), home)
    out, last = f"MERGE INTO {c.raw(named)}", c.at
    while not c.done():
        if c.word() == "USING" and c.ahead() == "VALUES":
            source = _values_as_query(c)
            if source is None:
                return None
            out += f" {c.raw(last, source[0])} USING {source[1]}"
            last = c.at
        elif c.word() in ("INS", "INSERT", "UPD") and c.texts[c.at - 1] == "THEN":
            out += f" {c.raw(last, c.at)} {_VERBS.get(c.word(), c.word())}"
            c.at += 1
            last = c.at
            if c.word() == "(":
                c.skip_group()
                if c.word() != "VALUES":
                    out += " VALUES"
        elif c.word() == "(":
            c.skip_group()
        else:
            c.at += 1
    text = f"{out} {c.raw(last, c.count)}".rstrip()
    return Data(name, at, verb="MERGE", statement=Fragment(text, at))


def _values_as_query(c: Cursor) -> tuple[int, str] | None:
    """``USING VALUES (1, 2) AS s (a, b)``: where it begins, and ``(SELECT 1 AS a, 2 AS b) s``."""
    start = c.at
    c.at += 2
    if c.word() != "(":
        return None
    group = c.at
    c.skip_group()
    values = _parts(c, group + 1, c.at - 1)
    c.accept("AS")
    if not c.is_name():
        return None
    alias = c.raw(c.at, c.at + 1)
    c.at += 1
    if c.word() != "(":
        return None
    at = c.at
    c.skip_group()
    columns = _parts(c, at + 1, c.at - 1)
    if len(columns) != len(values):
        return None
    return start, f"(SELECT {', '.join(f'{v} AS {k}' for v, k in zip(values, columns, strict=True))}) {alias}"


def _parts(c: Cursor, start: int, end: int) -> list[str]:
    """The texts between the commas of this level."""
    found, depth, first = [], 0, start
    for i in range(start, end):
        depth += (c.texts[i] == "(") - (c.texts[i] == ")")
        if c.texts[i] == "," and depth == 0:
            found.append(c.raw(first, i))
            first = i + 1
    return [*found, c.raw(first, end)]


class _Source(NamedTuple):
    """A table, or a query, that a statement reads: its text, its name if it is a table, and what it is called there."""

    text: str
    name: QName | None
    alias: str

    def __str__(self) -> str:
        return f"{self.text} AS {self.alias}" if self.alias else self.text


def _update(c: Cursor, at: Span, home: Name | None) -> Data | None:
    """``UPDATE t [alias] [FROM ...] SET ... [WHERE ... | ALL]``; the name may be one that FROM gives to a table."""
    own = _source(c)
    if own is None or own.name is None:
        return None
    others = _sources(c, "SET") if c.accept("FROM") else []
    if others is None or c.word() != "SET":
        return None
    end = c.count
    if c.texts[end - 1] == "ALL":
        end -= 1
    own, others = _merged(own, others)
    listed = f" FROM {', '.join(str(_called(k)) for k in others)}" if others else ""
    text = f"UPDATE {own}{listed} {c.raw(c.at, end)}"
    assert own.name is not None
    return Data(within(own.name, home), at, verb="UPDATE", statement=Fragment(text, at))


def _delete(c: Cursor, at: Span, home: Name | None) -> Data | None:
    """``DELETE [FROM] t [alias] [ALL | WHERE ...]``, or ``DELETE t FROM ... [WHERE ...]``."""
    c.accept("FROM")
    own = _source(c)
    if own is None or own.name is None:
        return None
    others = _sources(c, "WHERE") if c.accept("FROM") else []
    c.accept("ALL")
    if others is None or c.word() not in ("", "WHERE"):
        return None
    own, others = _merged(own, others)
    named = f"{own.alias or own.text} " if others else ""
    text = f"DELETE {named}FROM {', '.join(map(str, (own, *others)))}"
    text += f" {c.raw(c.at, c.count)}" if not c.done() else ""
    assert own.name is not None
    return Data(within(own.name, home), at, verb="DELETE", statement=Fragment(text, at))


def _merged(own: _Source, others: list[_Source]) -> tuple[_Source, list[_Source]]:
    """The table that is changed, which the list behind FROM may name or rename, and the rest of that list."""
    assert own.name is not None
    for i, k in enumerate(others):
        if k.name is None:
            continue
        renamed = own.name.schema is None and k.alias.strip('"').upper() == own.name.name.text
        if renamed or (not k.alias and k.name == own.name):
            return k, others[:i] + others[i + 1 :]
    return own, others


def _called(found: _Source) -> _Source:
    """``found`` with a name of its own: without one, SET would be taken for it."""
    if found.alias or found.name is None:
        return found
    return found._replace(alias=f'"{found.name.name}"')


def _source(c: Cursor) -> _Source | None:
    """A table with its alias; ``None`` for what is none."""
    start = c.at
    name: QName | None = None
    if c.word() == "(":
        c.skip_group()
    elif c.is_name():
        name = c.qname()
    else:
        return None
    text = c.raw(start)
    c.accept("AS")
    alias = c.raw(c.at, c.at + 1) if c.is_name() and c.word() not in _BEHIND else ""
    c.at += bool(alias)
    return _Source(text, name, alias)


def _sources(c: Cursor, stop: str) -> list[_Source] | None:
    """The list behind FROM; ``None`` for joins in the standard's words, which are left as they are."""
    found: list[_Source] = []
    while True:
        one = _source(c)
        if one is None:
            return None
        found.append(one)
        if not c.accept(","):
            break
    return found if c.word() in (stop, "", "ALL") else None
