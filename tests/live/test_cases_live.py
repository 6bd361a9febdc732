"""Every expected output is executed on a server; Redshift's is read by another parser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import casefile
import psycopg
import pymysql
import pytest
import redshift_checks
from casefile import Case

from schemaconv import engines
from schemaconv.verify import mysql as my
from schemaconv.verify import split

BLOCKS = [(case, target) for case in casefile.every() for target in case.targets]


def of_family(*families: str) -> list[Any]:
    return [
        pytest.param(case, target, id=f"{case}[{target}]")
        for case, target in BLOCKS
        if engines.find(target, "target").family in families
    ]


@pytest.mark.parametrize(("case", "target"), of_family("postgres", "mysql"))
def test_runs(case: Case, target: str, servers: Any) -> None:
    server = servers.get(target)
    scripts = [(role, case.text(role, target)) for role in ("setup", "target")]
    with server.loaded(scripts) as (result, url):
        refused = [f"{o.file} line {o.line}: {o.error}\n{o.statement}" for o in result.refused]
        if any("unsupported XML feature" in text for text in refused):
            pytest.skip("a PostgreSQL that was built without XML; SCHEMACONV_TEST_PG_URL may name another")
        assert not refused, "\n".join(refused)
        if check := case.text("check", target):
            ask = _ask_postgres if url.startswith("postgres") or "host=" in url else _ask_mysql
            assert "\n".join(ask(url, check)) == case.text("rows", target)


def _ask_postgres(url: str, check: str) -> list[str]:
    rows: list[str] = []
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in split.postgres(check):
            try:
                cursor = connection.execute(statement.text.encode())
                if cursor.description:
                    rows += map(_line, cursor.fetchall())
            except psycopg.Error as error:
                rows.append(f"ERROR\t{error.sqlstate}")
    return rows


def _ask_mysql(url: str, check: str) -> list[str]:
    rows: list[str] = []
    connection = pymysql.connect(**my.connection(url))
    with connection, connection.cursor() as cursor:
        for statement in split.mysql(check):
            try:
                cursor.execute(statement.text)
                while True:  # a procedure may answer with several results
                    if cursor.description:
                        rows += map(_line, cursor.fetchall())
                    if not cursor.nextset():
                        break
            except pymysql.Error as error:
                rows.append(f"ERROR\t{error.args[0]}")
    return rows


def _line(row: Sequence[Any]) -> str:
    return "\t".join("NULL" if cell is None else str(cell) for cell in row)


@pytest.mark.parametrize(("case", "target"), of_family("redshift"))
def test_redshift_output(case: Case, target: str) -> None:
    text = case.text("target", target)
    assert redshift_checks.problems(text, case.text("setup", target)) == []
    assert redshift_checks.unparsable(text) == []
