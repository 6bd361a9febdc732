"""Scripts of one long thing, for the tests of how the time grows with its length."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

#: How each source says a number type, a text type, a value for NULL, text put together and the end of a statement.
_WORDS: Final = {
    "oracle": ("NUMBER(9)", "VARCHAR2(40)", "NVL", " || ", ";\n"),
    "sqlserver": ("int", "varchar(40)", "ISNULL", " + ", "\nGO\n"),
    "teradata": ("INTEGER", "VARCHAR(40)", "COALESCE", " || ", ";\n"),
}


def _table(source: str) -> str:
    number, text, _, _, end = _WORDS[source]
    return f"CREATE TABLE t (a {number}, b {number}, s {text}, r {text}){end}"


def view(source: str, query: str) -> str:
    return f"{_table(source)}CREATE VIEW v AS {query}{_WORDS[source][4]}"


def views(source: str, n: int) -> str:
    """Each view reads a table and the view before it."""
    nvl, joined, end = _WORDS[source][2:]
    made = [f"CREATE VIEW v0 AS SELECT a, s FROM t{end}"]
    made += [
        f"CREATE VIEW v{i} AS SELECT t.a, {nvl}(t.s, 'x'){joined}p.s AS s FROM t JOIN v{i - 1} p ON p.a = t.a{end}"
        for i in range(1, n)
    ]
    return _table(source) + "".join(made)


def ctes(source: str, n: int) -> str:
    """A chain: each name of the WITH clause reads the one before it."""
    parts = ["c0 AS (SELECT a, s FROM t)"]
    parts += [f"c{i} AS (SELECT a, {_WORDS[source][2]}(s, 'x') AS s FROM c{i - 1} WHERE a > {i})" for i in range(1, n)]
    return view(source, f"WITH {', '.join(parts)} SELECT a, s FROM c{n - 1}")


def nested(source: str, n: int) -> str:
    """Derived tables, one in another."""
    query = "SELECT a, s FROM t"
    for i in range(n):
        query = f"SELECT a, {_WORDS[source][2]}(s, 'x') AS s FROM ({query}) q{i} WHERE a > {i}"
    return view(source, query)


def unions(source: str, n: int) -> str:
    nvl = _WORDS[source][2]
    return view(source, " UNION ALL ".join(f"SELECT a, {nvl}(s, 'x') AS s FROM t WHERE b = {i}" for i in range(n)))


def lists(source: str, n: int) -> str:
    """A long IN list of numbers and one of texts."""
    numbers, texts = ", ".join(map(str, range(n))), ", ".join(f"'k{i} '" for i in range(n))
    return view(source, f"SELECT a FROM t WHERE a IN ({numbers}) OR s NOT IN ({texts})")


def cases(source: str, n: int) -> str:
    """A long CASE over conditions."""
    whens = " ".join(f"WHEN a = {i} AND {_WORDS[source][2]}(b, 0) > 1 THEN 'v{i}'" for i in range(n))
    return view(source, f"SELECT CASE {whens} ELSE s END AS k FROM t")


def concatenations(source: str, n: int) -> str:
    joined = _WORDS[source][3]
    return view(source, "SELECT " + joined.join(f"'p{i}'{joined}s" for i in range(n)) + " AS k FROM t")


def sums(source: str, n: int) -> str:
    return view(source, "SELECT " + " + ".join(f"{_WORDS[source][2]}(a, {i}) * b" for i in range(n)) + " AS k FROM t")


def conditions(source: str, n: int) -> str:
    """A long chain of OR and AND, with texts."""
    return view(source, "SELECT a FROM t WHERE " + " OR ".join(f"(a = {i} AND s = 'x{i}')" for i in range(n)))


def columns(source: str, n: int) -> str:
    """A wide select list, and a view upon it."""
    number, end = _WORDS[source][0], _WORDS[source][4]
    listed = ", ".join(f"c{i} {number}" for i in range(n))
    shown = ", ".join(f"{_WORDS[source][2]}(w.c{i}, {i}) AS d{i}" for i in range(n))
    return f"CREATE TABLE w ({listed}){end}CREATE VIEW v AS SELECT {shown} FROM w{end}" + (
        f"CREATE VIEW u AS SELECT v.* FROM v WHERE d{n - 1} > 0{end}"
    )


def joins(source: str, n: int) -> str:
    return view(source, "SELECT t0.a FROM t t0" + "".join(f" JOIN t t{i} ON t{i}.a = t{i - 1}.a" for i in range(1, n)))


def parentheses(source: str, n: int) -> str:
    return view(source, f"SELECT {'(' * n}a + 1{')' * n} AS k FROM t WHERE {'(' * n}a > 1{')' * n}")


def calls(source: str, n: int) -> str:
    """Calls, one in another."""
    value = "s"
    for _ in range(n):
        value = f"{_WORDS[source][2]}(TRIM({value}), 'x')"
    return view(source, f"SELECT {value} AS k FROM t")


def comments(source: str, n: int) -> str:
    shown = "\n".join(f"  a, -- the number {i}\n  /* and */ b," for i in range(n))
    return view(source, f"SELECT\n{shown} s FROM t")


def rows(source: str, n: int) -> str:
    """Seed data, a row a statement."""
    end = _WORDS[source][4]
    return _table(source) + "".join(f"INSERT INTO t (a, b, s) VALUES ({i}, {-i}, 'it''s {i}'){end}" for i in range(n))


def changes(source: str, n: int) -> str:
    """Statements that change rows by expressions."""
    nvl, end = _WORDS[source][2], _WORDS[source][4]
    return _table(source) + "".join(
        f"UPDATE t SET s = {nvl}(s, 'x'), a = a + {i} WHERE b = {i} AND {nvl}(a, 0) > 1{end}" for i in range(n)
    )


def one_line(source: str, n: int) -> str:
    """A list of values without a line break."""
    shown = ", ".join(f"{_WORDS[source][2]}(a, {i}) AS k{i}" for i in range(n))
    return view(source, f"SELECT {shown} FROM t")


#: Each shape with a length that takes a tenth of a second or two.
SHAPES: Final[dict[str, tuple[Callable[[str, int], str], int]]] = {
    "views": (views, 80), "ctes": (ctes, 150), "nested": (nested, 120), "unions": (unions, 120),
    "lists": (lists, 2500), "cases": (cases, 200), "concatenations": (concatenations, 300), "sums": (sums, 200),
    "conditions": (conditions, 300), "columns": (columns, 200), "joins": (joins, 250),
    "parentheses": (parentheses, 120), "calls": (calls, 50), "comments": (comments, 400), "rows": (rows, 500),
    "changes": (changes, 60),
    "one_line": (one_line, 400),
}  # fmt: skip
