"""A verification on real servers: what is refused is named, and nothing is left behind."""

from __future__ import annotations

from typing import Any

import psycopg
import pymysql
import pytest

from schemaconv import verify
from schemaconv.verify import mysql as my

TABLE = "CREATE TABLE a (\n  id int\n);\nCREATE INDEX i ON a (nope);\n"


def test_postgres_outcomes(pg: Any) -> None:
    script = f"{TABLE}GRANT SELECT ON a TO schemaconv_reader;\n"
    result = pg.check([("one.sql", script), ("two.sql", "INSERT INTO a VALUES (1), ('x');")])
    assert [o.ok for o in result.outcomes] == [True, False, True, False]
    index, row = result.refused
    assert (index.file, index.line, index.object) == ("one.sql", 4, "index i")
    assert index.error == 'column "nope" does not exist [42703]'
    assert (row.file, row.line, row.object) == ("two.sql", 1, "table a")
    assert result.roles == ("schemaconv_reader",)
    assert result.engine_label.startswith("PostgreSQL ")


def test_postgres_is_left_as_it_was(pg: Any) -> None:
    def state() -> list[Any]:
        query = "SELECT datname FROM pg_database UNION ALL SELECT rolname FROM pg_roles ORDER BY 1"
        with psycopg.connect(pg._url, autocommit=True) as connection:
            return connection.execute(query).fetchall()

    before = state()
    grant = "GRANT USAGE ON SCHEMA s TO schemaconv_made, other_one;"
    pg.check([("", f"CREATE ROLE schemaconv_made; CREATE SCHEMA s; {grant}")])
    assert state() == before


def test_postgres_scripts_do_not_see_each_other(pg: Any) -> None:
    for _ in range(2):
        assert not pg.check([("", "CREATE TABLE same (id int);")]).refused


def test_postgres_connection_may_break(pg: Any) -> None:
    result = pg.check([("", "SELECT pg_terminate_backend(pg_backend_pid()); CREATE TABLE after (id int);")])
    assert [o.ok for o in result.outcomes] == [False, True]


def test_mysql_outcomes(mysql: Any) -> None:
    own = "CREATE DATABASE schemaconv_own;\nCREATE TABLE schemaconv_own.a (id int);\n"
    result = mysql.check([("", f"{own}{TABLE}GRANT SELECT ON schemaconv_own.a TO schemaconv_reader;\n")])
    assert [o.ok for o in result.outcomes] == [True, True, True, False, True]
    assert (result.refused[0].line, result.refused[0].object) == (6, "index i")
    assert result.refused[0].error.endswith("[1072]")
    assert result.roles == ("'schemaconv_reader'@'%'",)
    assert result.engine_label.startswith("MySQL ")
    with pymysql.connect(**my.connection(mysql._url)) as connection, connection.cursor() as cursor:
        cursor.execute("SHOW DATABASES LIKE 'schemaconv\\_own'")
        assert not cursor.fetchall()
        cursor.execute("SELECT user FROM mysql.user WHERE user = 'schemaconv_reader'")
        assert not cursor.fetchall()


def test_mysql_databases_of_others_are_not_touched(mysql: Any) -> None:
    for script in ("CREATE DATABASE IF NOT EXISTS mysql;", "USE mysql;", "DROP DATABASE mysql;"):
        with pytest.raises(verify.VerifyUnavailable, match="speaks of database mysql"):
            mysql.check([("", script)])


def test_mysql_scripts_may_read_the_catalog(mysql: Any) -> None:
    assert not mysql.check(
        [("", "CREATE VIEW v AS SELECT table_name FROM information_schema.tables;")]
    ).refused


def test_one_shot(pg: Any) -> None:
    """Without a URL a server is started, used and stopped again."""
    assert not verify.verify_text("CREATE TABLE a (id int);", "aurora-postgres").refused
