"""Data statements of Transact-SQL, and SELECT ... INTO (Transact-SQL reference, "INSERT", "UPDATE", "DELETE", "MERGE",
"TRUNCATE TABLE", "INTO clause")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..ir.catalog import Clause, Data, Table
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..source import Span
from ..sql.lexis import unquoted
from .cursor import Cursor, ReadError
from .sqlserver_cursor import TsqlCursor

if TYPE_CHECKING:
    from .reader import Reader

_VERBS: Final = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "MERGE"})
#: What follows the table of an INSERT that lists no columns.
_SOURCES: Final = frozenset({"VALUES", "SELECT", "EXEC", "EXECUTE", "OUTPUT"})


def data(reader: Reader, c: Cursor, at: Span, seed: tuple[int, int, int, int] | None = None) -> None:
    """Read a data statement. ``seed`` are the token ranges of a query and an INSERT that runs if it finds nothing."""
    base = seed[2] if seed is not None else _verb(c)
    verb = c.texts[base]
    if verb == "TRUNCATE":
        _truncate(reader, c, at)
        return
    c.at = base + 1
    name, behind = _target(c, verb, reader)
    columns: tuple[Name, ...] = ()
    list_at = 0
    if verb == "INSERT":
        unlisted = c.texts[behind] in _SOURCES or (c.texts[behind] == "(" and c.texts[behind + 1] in ("SELECT", "WITH"))
        subject = reader.builder.find(name, Table)
        if unlisted and subject is not None:
            columns = _filled(reader.builder.get(subject, Table))
            list_at = c.ends[behind - 1] - c.starts[0]
        if subject is not None:
            reader.builder.gave(subject, _given(c, behind, columns))
    elif verb == "MERGE" or "DEFAULT" in c.texts:
        subject = reader.builder.find(name, Table)
        if subject is not None:
            reader.builder.gave(subject, frozenset())
    c.at = c.count
    end = hintless(c)
    hint = behind
    clauses: tuple[Clause, ...] = ()
    if seed is None:
        statement = c.fragment(0, end)
        if verb == "DELETE":
            statement = _once_from(c, base, statement)
        elif verb == "INSERT":
            hint = _hint_before(c, behind)
            statement = _blanked(c, statement, hint, behind)
        offset = 0
    else:
        statement, kept = _once(c, seed, behind)
        offset = c.starts[base] - c.starts[0]
        if not kept:
            clauses = (Clause("seed_guard", c.raw(0, seed[1] + 1), c.span(0, seed[1] + 1)),)
    if verb == "INSERT" and base == (seed[2] if seed is not None else 0) and c.texts[base + 1] not in ("INTO", "TOP"):
        statement = replace(statement, text=f"{statement.text[:6]} INTO{statement.text[6:]}")  # INTO may be left out
        offset -= 5
    list_at = list_at - offset if list_at else 0
    assert isinstance(c, TsqlCursor)
    clauses += c.remote(0, c.count)
    subject = reader.builder.add(
        Data(name, at, verb=verb, columns=columns, list_at=list_at, statement=statement, clauses=clauses)
    )
    for low, high in ((hint, behind), (end, c.count)):
        if low < high:
            reader.log.say("SC4252", c.span(low, high), subject)


def _hint_before(c: Cursor, end: int) -> int:
    """The index of ``WITH (hints)`` that ends before token ``end``; ``end`` if none does."""
    at, depth = end - 1, 0
    while at > 0:
        depth += (c.texts[at] == ")") - (c.texts[at] == "(")
        if depth <= 0:
            break
        at -= 1
    return at - 1 if depth == 0 and c.texts[at] == "(" and c.texts[at - 1] == "WITH" else end


def _blanked(c: Cursor, statement: Fragment, start: int, end: int) -> Fragment:
    """``statement`` with blanks for the tokens from ``start`` to ``end``; places stay."""
    if start >= end:
        return statement
    low, high = c.starts[start] - c.starts[0], c.ends[end - 1] - c.starts[0]
    return replace(statement, text=statement.text[:low] + " " * (high - low) + statement.text[high:])


def _once_from(c: Cursor, base: int, statement: Fragment) -> Fragment:
    """``DELETE FROM z FROM t AS z ...`` without its first FROM, which says nothing; places stay."""
    at, end = base + 1, base + 2
    if c.texts[at] != "FROM" or end >= c.count:
        return statement
    while end + 2 < c.count and c.texts[end + 1] == ".":
        end += 2
    if c.texts[end + 1 : end + 2] != ["FROM"]:
        return statement
    return _blanked(c, statement, at, at + 1)


def hintless(c: Cursor) -> int:
    """The index behind the statement without ``OPTION (...)`` at its end."""
    depth = 0
    for i in range(c.count - 1, 0, -1):
        depth += (c.texts[i] == ")") - (c.texts[i] == "(")
        if depth == 0:
            return i - 1 if c.texts[i] == "(" and c.texts[i - 1] == "OPTION" else c.count
    return c.count


def _verb(c: Cursor) -> int:
    """The index of the statement's verb, behind its common table expressions."""
    if c.texts[0] != "WITH":
        return 0
    depth = 0
    for i in range(1, c.count):
        text = c.texts[i]
        depth += (text == "(") - (text == ")")
        if depth == 0 and text in _VERBS:
            return i
    return 0


def _target(c: Cursor, verb: str, reader: Reader) -> tuple[QName, int]:
    """The table that the statement works on, and the index of the token behind its name."""
    if c.accept("TOP"):
        c.skip_group() if c.word() == "(" else c.take()
        c.accept("PERCENT")
    while c.accept_any("INTO", "FROM"):
        pass
    try:
        name = c.qname()
    except ReadError:
        return QName(None, Name(verb)), c.at
    if c.accept("WITH") and c.word() == "(":
        c.skip_group()
    behind = c.at
    if verb in ("UPDATE", "DELETE") and name.schema is None and reader.builder.find(name, Table) is None:
        return _queried(c, name) or _aliased(c, name) or name, behind
    return name, behind


def _queried(c: Cursor, alias: QName, seen: frozenset[Name] = frozenset()) -> QName | None:
    """The first table of the query that the statement knows as ``alias``: of WITH, or a derived table."""
    texts, here = c.texts, c.at
    opened: list[int] = []
    try:
        for i in range(c.count):
            if texts[i] == "(":
                opened.append(i)
                continue
            if texts[i] != ")":
                continue
            low = opened.pop() if opened else 0
            called = i + 1 if texts[i + 1 : i + 2] != ["AS"] else i + 2
            before = low - 2 if texts[low - 1 : low] == ["AS"] else low
            if low >= 2 and before != low and texts[before] == ")":  # c (a, b) AS (...)
                before = next((k for k in range(before, 0, -1) if texts[k] == "("), 1) - 1
            for at in (called, before if before != low else c.count):
                c.at = at
                if at >= c.count or not c.is_name() or c.name() != alias.name or "FROM" not in texts[low:i]:
                    continue
                c.at = low + texts[low:i].index("FROM") + 1
                if c.is_name():
                    found = c.qname()
                    seen |= {alias.name}
                    again = found.schema is None and found.name not in seen
                    return (_queried(c, found, seen) if again else None) or found
    except ReadError:
        pass
    finally:
        c.at = here
    return None


def _aliased(c: Cursor, alias: QName) -> QName | None:
    """The table behind FROM or JOIN that bears ``alias``."""
    here = c.at
    try:
        for i in range(here, c.count):
            if c.texts[i] not in ("FROM", "JOIN", ","):
                continue
            c.at = i + 1
            if not c.is_name():
                continue
            found = c.qname()
            c.accept("AS")
            if c.is_name() and c.name() == alias.name:
                return found
    except ReadError:
        pass
    finally:
        c.at = here
    return None


def _filled(table: Table) -> tuple[Name, ...]:
    """The columns that an INSERT without a column list gives values for."""
    return tuple(
        k.name for k in table.columns if k.identity is None and k.generated is None and not k.invisible
    )


def _given(c: Cursor, behind: int, columns: tuple[Name, ...]) -> frozenset[str]:
    """The columns that an INSERT gives values for; ``columns`` if it lists none. One that says DEFAULT counts for
    nothing."""
    texts = c.texts
    if "DEFAULT" in texts:
        return frozenset()
    if columns or texts[behind] != "(":
        return frozenset(k.text for k in columns)
    close = texts.index(")", behind) if ")" in texts else behind
    return frozenset(unquoted(t).upper() if t[:1] in ("[", '"') else t for t in texts[behind + 1 : close] if t != ",")


def _once(c: Cursor, seed: tuple[int, int, int, int], behind: int) -> tuple[Fragment, bool]:
    """``IF NOT EXISTS (q) INSERT t (a) VALUES (v)`` as ``INSERT t (a) SELECT v WHERE NOT EXISTS (q)``, for one row.

    Also whether the condition is kept.
    """
    low, high, base, end = seed
    texts = c.texts
    query = c.raw(low, high)
    at = next((i for i in range(behind, end) if texts[i] == "VALUES"), -1)
    if at < 0 or texts[at + 1] != "(":
        return c.fragment(base, end), False
    c.at = at + 1
    c.skip_group()
    close = c.at
    c.at = c.count
    if close != end:  # several rows
        return c.fragment(base, end), False
    head = c.raw(base, at)
    values = c.raw(at + 2, close - 1)
    text = f"{head} SELECT {values} WHERE NOT EXISTS ({query})"
    return replace(c.fragment(base, end), text=text), True


def _truncate(reader: Reader, c: Cursor, at: Span) -> None:
    c.at = 1
    c.accept("TABLE")
    name = c.qname()
    if not c.done():  # WITH (PARTITIONS (...)): not the whole table
        reader.other(c, at, "truncate_partitions", "data", str(name))
        return
    end = c.at
    assert isinstance(c, TsqlCursor)
    extra = c.remote(0, c.count)
    reader.builder.add(Data(name, at, verb="TRUNCATE", statement=c.fragment(0, end), clauses=extra))


def select(reader: Reader, c: Cursor, at: Span) -> None:
    """A query of the script, a table made from one, or a data statement behind common table expressions."""
    base = _verb(c)
    if c.texts[base] != "SELECT":
        data(reader, c, at)
        return
    depth = 0
    for i in range(base, c.count):
        text = c.texts[i]
        depth += (text == "(") - (text == ")")
        if depth == 0 and text == "INTO":
            _into(reader, c, at, i)
            return
        if depth == 0 and text == "FROM":
            break
    reader.other(c, at, "query_statement", "script")


def _into(reader: Reader, c: Cursor, at: Span, into: int) -> None:
    """SELECT ... INTO t FROM ...: the table t holds the rows of the query."""
    c.at = into + 1
    name = c.qname()
    end = c.at
    assert isinstance(c, TsqlCursor)
    extra: list[Clause] = list(c.remote(0, c.count))
    if c.accept("ON") and c.is_name():
        c.name()
        extra.append(c.clause("tablespace", end))
    low, high = c.starts[into] - c.starts[0], c.ends[c.at - 1] - c.starts[0]
    c.at = c.count
    stop = hintless(c)
    whole = c.fragment(0, stop)
    query = replace(whole, text=whole.text[:low] + " " * (high - low) + whole.text[high:])
    temporary = "private" if name.name.text.startswith("#") else ""
    subject = reader.builder.add(Table(name, at, query=query, temporary=temporary, clauses=tuple(extra)))
    if stop < c.count:
        reader.log.say("SC4252", c.span(stop, c.count), subject)
