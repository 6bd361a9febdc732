"""A schema that uses all that the printers can print is accepted by servers, and by Redshift's grammar."""

from __future__ import annotations

from typing import Any

import emitting
import psycopg
import pymysql
import pytest
import redshift_checks
from emitting import column, printed, table

from schemaconv.emit.layout import layout
from schemaconv.ir.catalog import Object
from schemaconv.options import Options
from schemaconv.verify import mysql as my

TEXTS = (
    "plain",
    "it's",
    "back\\slash",
    "\\",
    "two\nlines\r\n",
    "'; DROP TABLE t; --",
    "percent % \\' \" `",
    "äö€",  # MySQL keeps comments in utf8mb3: no characters beyond the basic plane
)


def scripts(target: str, objects: tuple[Object, ...], how: str) -> list[tuple[str, str]]:
    options = Options(layout=how)
    files, _ = layout(
        emitting.pieces(target, *objects), options, emitting.profile(target), ("the -- end",), "head"
    )
    return [(f.path, f.text) for f in files]


@pytest.mark.parametrize("how", ["single", "split"])
@pytest.mark.parametrize("target", ["postgres", "mysql"])
def test_everything_runs(target: str, how: str, servers: Any) -> None:
    objects = getattr(emitting, target.upper())
    result = servers.get(target).check(scripts(target, objects, how))
    assert [f"{o.file} {o.line}: {o.error}\n{o.statement}" for o in result.refused] == []
    assert len(result.outcomes) >= len(objects)


def test_postgres_keeps_comments(servers: Any) -> None:
    columns = [column(f"c{i}", comment=text) for i, text in enumerate(TEXTS)]
    with servers.get("postgres").loaded([("", printed("postgres", table("t", *columns)))]) as (result, url):
        assert not result.refused
        with psycopg.connect(url) as connection:
            rows = connection.execute(
                "SELECT col_description('t'::regclass, n) FROM generate_series(1, 99) n"
            )
            assert [r[0] for r in rows][: len(TEXTS)] == list(TEXTS)


def test_mysql_keeps_comments(servers: Any) -> None:
    columns = [column(f"c{i}", comment=text) for i, text in enumerate(TEXTS)]
    with servers.get("mysql").loaded([("", printed("mysql", table("t", *columns)))]) as (result, url):
        assert not result.refused
        with pymysql.connect(**my.connection(url)) as connection, connection.cursor() as cursor:
            cursor.execute("SHOW FULL COLUMNS FROM t")
            assert [r[-1] for r in cursor.fetchall()] == list(TEXTS)


@pytest.mark.parametrize("how", ["single", "split"])
def test_redshift_parses(how: str) -> None:
    found = scripts("redshift", emitting.REDSHIFT, how)
    assert redshift_checks.problems("\n".join(text for _, text in found)) == []
    for path, text in found:
        assert redshift_checks.unparsable(text) == [], path
