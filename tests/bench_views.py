"""Views for the benchmark: some tables and many queries, a third of them upon other views."""

from __future__ import annotations

import random
from typing import Final

#: How each source says what the queries need: a value for NULL, the present, text put together, the end of a statement.
_WORDS: Final = {
    "oracle": ("NVL", "SYSDATE", "||", "NUMBER(9)", "VARCHAR2(40)", ";\n"),
    "sqlserver": ("ISNULL", "GETDATE()", "+", "int", "varchar(40)", "\nGO"),
    "teradata": ("COALESCE", "CURRENT_TIMESTAMP", "||", "INTEGER", "VARCHAR(40)", ";"),
}
TABLES: Final = 100
COLUMNS: Final = 10


def script(megabytes: float, views: int, source: str) -> tuple[str, int]:
    """A script of about ``megabytes`` with so many views, and the number of its statements; always the same one."""
    chance = random.Random(7)
    number, text = _WORDS[source][3], _WORDS[source][4]
    parts = []
    for table in range(TABLES):
        columns = [f"  id {number} NOT NULL"]
        columns += [f"  c{i} {number}, t{i} {text}" for i in range(COLUMNS)]
        parts.append(f"CREATE TABLE base_{table} (\n" + ",\n".join(columns) + "\n)")
    each = max(1, int(megabytes * 1_000_000 / views / 620))  # an arm of a union takes about so many characters
    for view in range(views):
        arms = "\nUNION ALL\n".join(_arm(view, source, chance) for _ in range(each))
        parts.append(f"CREATE VIEW shown_{view} AS\n{arms}")
    end = _WORDS[source][5]
    return "".join(f"{p}{end}\n" for p in parts), len(parts)


def _arm(view: int, source: str, chance: random.Random) -> str:
    """One query: columns, expressions over them, a join, a subquery and conditions."""
    empty, now, joined = _WORDS[source][:3]
    a, b = chance.randrange(TABLES), chance.randrange(TABLES)
    upon = view > 50 and chance.random() < 0.33
    first = f"shown_{chance.randrange(view)}" if upon else f"base_{a}"
    number, text = ("total", "title") if upon else (f"c{chance.randrange(COLUMNS)}", f"t{chance.randrange(COLUMNS)}")
    other = chance.randrange(COLUMNS)
    return (
        f"SELECT x.id AS id, {empty}(x.{number}, 0) + {empty}(y.c{other}, {chance.randrange(9)}) AS total,\n"
        f"  x.{text} {joined} '-' {joined} y.t{other} AS title,\n"
        f"  CASE WHEN x.{number} > {chance.randrange(99)} THEN 'many' WHEN y.c{other} IS NULL THEN 'none'"
        f" ELSE y.t{other} END AS kind,\n"
        f"  (SELECT MAX(z.c{other}) FROM base_{b} z WHERE z.id = x.id AND z.c1 BETWEEN 1 AND 500) AS most,\n"
        f"  COUNT(*) OVER (PARTITION BY x.{text}) AS counted, {now} AS seen\n"
        f"FROM {first} x\n  LEFT JOIN base_{b} y ON y.id = x.id AND y.t1 LIKE 'a%'\n"
        f"WHERE x.{number} IN (1, 2, 3, {chance.randrange(99)}) AND (y.c2 <> 5 OR UPPER(x.{text}) = 'X')\n"
        f"  AND EXISTS (SELECT 1 FROM base_{a} e WHERE e.id = x.id AND e.c3 > 0)"
    )
