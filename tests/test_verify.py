"""Cutting target scripts into statements, and what a verification needs of them; no server."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemaconv import engines, verify
from schemaconv.verify import mysql, postgres, split


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("select 1; select 2", [(1, "select 1"), (1, "select 2")]),
        ("-- a;b\nselect 1\n;\n\n", [(2, "select 1")]),
        ("/* a /* ; */ ; */ select ';''' ; select 2;", [(1, "select ';'''"), (1, "select 2")]),
        ("select e'\\';', 'a\\'; select 2", [(1, "select e'\\';', 'a\\'"), (1, "select 2")]),
        ("do $$ begin; end $$; select $1;", [(1, "do $$ begin; end $$"), (1, "select $1")]),
        ("do $x$ a; $$ b; $x$;\nselect 2", [(1, "do $x$ a; $$ b; $x$"), (2, "select 2")]),
        ("create rule r as on insert to t do (select 1; select 2);", [(1,
        "create rule r as on insert to t do (select 1; select 2)")]),
        (
            "create function f() returns int begin atomic select case when true then 1 end; end; select 2;",
            [(1, "create function f() returns int begin atomic select case when true then 1 end; end"), (1,
            "select 2")],
        ),
        ('create table "a;b" (c int)', [(1, 'create table "a;b" (c int)')]),
        ("\\connect other\nselect 1;", [(1, "\\connect other"), (2, "select 1")]),
        ("begin; commit;", [(1, "begin"), (1, "commit")]),
        ("select 'never closed; ", [(1, "select 'never closed;")]),
    ],
)  # fmt: skip
def test_postgres_statements(script: str, expected: list[tuple[int, str]]) -> None:
    assert [tuple(s) for s in split.postgres(script)] == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("select 1; # a; b\nselect 2", [(1, "select 1"), (2, "select 2")]),
        ("select 1--2; select 3", [(1, "select 1--2"), (1, "select 3")]),
        ("-- a;\nselect 'a\\';b' ; select \"x;\"", [(2, "select 'a\\';b'"), (2, 'select "x;"')]),
        ("select `a;b`; /* c; */ select 2", [(1, "select `a;b`"), (1, "select 2")]),
        ("/*!50000 create table t (a int) */;", [(1, "/*!50000 create table t (a int) */")]),
        (
            "DELIMITER $$\ncreate procedure p() begin select 1; end$$\nDELIMITER ;\ncall p();",
            [(2, "create procedure p() begin select 1; end"), (4, "call p()")],
        ),
        ("delimiter //\nselect 1//\nselect 2 //", [(2, "select 1"), (3, "select 2")]),
    ],
)
def test_mysql_statements(script: str, expected: list[tuple[int, str]]) -> None:
    assert [tuple(s) for s in split.mysql(script)] == expected


@given(st.text(alphabet="ab;'\"`$-#/*\\\n ()E", max_size=60))
def test_splitting_never_fails_nor_invents(script: str) -> None:
    for statements in (split.postgres(script), split.mysql(script)):
        for line, text in statements:
            assert text and text in script
            assert 1 <= line <= script.count("\n") + 1


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ('CREATE TABLE IF NOT EXISTS hr."Emp" (a int)', "table hr.Emp"),
        ("create unique index concurrently i on t (a)", "index i"),
        ("create index on t (a)", ""),
        ("CREATE OR REPLACE VIEW v AS SELECT 1", "view v"),
        ("CREATE MATERIALIZED  VIEW v AS SELECT 1", "materialized view v"),
        ("COMMENT ON COLUMN hr . emp . a IS 'x'", "column hr.emp.a"),
        ("INSERT INTO `t` VALUES (1)", "table t"),
        ("GRANT SELECT (a), UPDATE ON hr.emp TO bob", "grant on hr.emp"),
        ("SELECT 1", ""),
    ],
)
def test_subject(statement: str, expected: str) -> None:
    assert split.subject(statement) == expected


def test_postgres_roles() -> None:
    script = """
        CREATE ROLE made NOLOGIN;
        DO $$ BEGIN CREATE ROLE "Also made" LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
        GRANT SELECT ON t TO public, bob, "Two Words" WITH GRANT OPTION;
        GRANT reader, made TO Carl;
        REVOKE ALL ON t FROM GROUP dora CASCADE;
        ALTER TABLE t OWNER TO emil;
        CREATE SCHEMA s AUTHORIZATION frida;
        COMMENT ON TABLE t IS 'GRANT a TO nobody';
    """
    named, made = postgres.roles(split.postgres(script))
    assert set(named) == {"bob", "Two Words", "reader", "carl", "dora", "emil", "frida"}
    assert made == ("made", "Also made")


def test_mysql_accounts_and_databases() -> None:
    script = """
        CREATE DATABASE IF NOT EXISTS `h r`;
        CREATE ROLE 'made'@'%';
        GRANT SELECT ON t.* TO 'bob'@'localhost', carl WITH GRANT OPTION;
        GRANT made, reader TO carl;
    """
    statements = split.mysql(script)
    named, made = mysql.accounts(statements)
    assert set(named) == {"'bob'@'localhost'", "'carl'@'%'", "'reader'@'%'"}
    assert made == ("'made'@'%'",)
    assert mysql.databases(statements) == ("h r",)


@pytest.mark.parametrize(
    ("engine", "url", "cure"),
    [
        ("redshift", None, "limits"),
        ("postgres", "mysql://host/", "write postgresql://"),
        ("mysql", "postgresql://host/", "write mysql://"),
        ("postgres", "postgresql://host.invalid/", "check the --url"),
        ("mysql", "mysql://127.0.0.1:1/", "check the --url"),
        ("mysql", "mysql://host:port/", "is no number"),
    ],
)
def test_unavailable_is_one_line_with_a_cure(engine: str, url: str | None, cure: str) -> None:
    pytest.importorskip("psycopg")
    pytest.importorskip("pymysql")
    with pytest.raises(verify.VerifyUnavailable, match=cure) as told:
        verify.verify_text("select 1", engine, url)
    assert "\n" not in str(told.value)


def test_unknown_engine() -> None:
    with pytest.raises(engines.UnknownEngine):
        verify.verify_text("select 1", "postgress")
