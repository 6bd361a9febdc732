"""Teradata scripts: where statements end, what belongs to the client, and that no secret is shown."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemaconv.read.bteq import split
from schemaconv.read.bteq_client import Client, included, redacted
from schemaconv.read.cursor import string_value
from schemaconv.read.piece import is_blank
from schemaconv.source import from_text

PIECES = [
    ("SEL 1;\nDATABASE x;", ["sql SEL 1;", "sql DATABASE x;"]),
    (".LOGON tdp/me,secret;\n.SET WIDTH 200\nBT;\nET;", ["client .LOGON tdp/me,secret;", "client .SET WIDTH 200", "sql BT;", "sql ET;"]),
    (".IF ERRORCODE <> 0 THEN .QUIT 8\nCREATE TABLE t (a INTEGER);", ["client .IF ERRORCODE <> 0 THEN .QUIT 8", "sql CREATE TABLE t (a INTEGER);"]),
    ("INSERT INTO t VALUES (1)\n;INSERT INTO t VALUES (2)\n;", ["sql INSERT INTO t VALUES (1)\n;", "sql INSERT INTO t VALUES (2)\n;"]),
    ("CREATE MACRO m AS (\nSEL 1;\nSEL 2;\n);\nSEL 3;", ["block CREATE MACRO m AS (\nSEL 1;\nSEL 2;\n);", "sql SEL 3;"]),
    (
        "REPLACE PROCEDURE p() BEGIN\nIF a = 1 THEN SET b = CASE WHEN c = 1 THEN 2 END; END IF;\nEND;\nSEL 1;",
        ["block REPLACE PROCEDURE p() BEGIN\nIF a = 1 THEN SET b = CASE WHEN c = 1 THEN 2 END; END IF;\nEND;", "sql SEL 1;"],
    ),
    ("CREATE TABLE a (x INTEGER)\nCREATE TABLE b (y INTEGER)\n.QUIT", ["sql CREATE TABLE a (x INTEGER)", "sql CREATE TABLE b (y INTEGER)", "client .QUIT"]),
    ("SELECT 'it''s; fine' AS x; SELECT \"a;b\" FROM t;", ["sql SELECT 'it''s; fine' AS x;", 'sql SELECT "a;b" FROM t;']),
    (
        "#!/bin/sh\nDB=prod\nbteq <<EOF\n.LOGON x/y,z;\nCREATE TABLE ${DB}.t (a INTEGER);\nEOF\nexit 0\n",
        ["client #!/bin/sh\nDB=prod\nbteq <<EOF", "client .LOGON x/y,z;", "sql CREATE TABLE ${DB}.t (a INTEGER);", "client EOF\nexit 0"],
    ),
    (
        ".BEGIN IMPORT MLOAD\nTABLES t\nWORKTABLES w;\n.LAYOUT l;\n.FIELD a * VARCHAR(3);\nINSERT INTO t VALUES (:a);",
        ["client .BEGIN IMPORT MLOAD\nTABLES t\nWORKTABLES w;", "client .LAYOUT l;", "client .FIELD a * VARCHAR(3);", "sql INSERT INTO t VALUES (:a);"],
    ),
    ("COMMENT ON TABLE a AS 'broken;\nCREATE TABLE b (y INTEGER);", ["broken COMMENT ON TABLE a AS 'broken;", "sql CREATE TABLE b (y INTEGER);"]),
]  # fmt: skip


@pytest.mark.parametrize(("script", "wanted"), PIECES)
def test_pieces(script: str, wanted: list[str]) -> None:
    assert [f"{p.form} {script[p.start : p.end]}" for p in split(script) if p.end > p.start] == wanted


def lost(text: str) -> str:
    """What lies between the pieces and is neither blank nor one of their comments."""
    rest, at = "", 0
    for piece in split(text):
        assert piece.start >= at
        for start, end in [*piece.lead, (piece.start, piece.end)]:
            rest += text[at:start]
            at = end
    rest += text[at:]
    return "" if is_blank(rest) else rest


TEXT = st.lists(st.sampled_from(
    ["CREATE TABLE t", "(a INTEGER)", ";", "\n", " ", "'x'", "'", '"', "/* c */", "-- c\n", "/*", ".QUIT", "\n.IF x\n", "BEGIN",
     "END", "CREATE MACRO m AS (", ")", "${DB}.t", "bteq <<EOF\n", "EOF\n", "é", "SEL 1", "'4A'XC", "_LATIN'x'"]), max_size=25).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_no_character_is_lost(text: str) -> None:
    assert lost(text) == ""


def test_every_prefix_of_a_script_is_split() -> None:
    script = "\n".join(text for text, _ in PIECES)
    for end in range(len(script)):
        assert lost(script[:end]) == ""


def test_large_and_deep_scripts_are_cut_in_linear_time() -> None:
    began = time.perf_counter()
    assert len(list(split("INSERT INTO t VALUES (1, 'x');" * 30_000))) == 30_000
    assert len(list(split("CREATE PROCEDURE p() " + "BEGIN " * 500 + "SEL 1;" + "END;" * 500 + "\nSEL 2;"))) == 2
    assert time.perf_counter() - began < 10


SECRETS = [
    ".LOGON tdpid/user,hunter2;", ".logon tdpid/user,hunter2", "LOGON tdpid/user, hunter2 ;", ".LOGDATA hunter2;",
    "TD_PASSWORD=hunter2", "export PWD_TD='hunter2'", 'MYSECRET="hunter2"', "CREATE USER u AS PASSWORD = hunter2",
    "IDENTIFIED BY hunter2", "bteq -p hunter2", "td://me:hunter2@host/db", "echo '.logon x/y,hunter2;' | bteq",
    "SET QUERY_BAND = 'token=hunter2;' FOR SESSION",
]  # fmt: skip


@pytest.mark.parametrize("line", SECRETS)
def test_no_secret_is_shown(line: str) -> None:
    assert "hunter2" not in redacted(line)


def test_variables() -> None:
    client = Client((("OTHER", "given"),))
    client.line("export DB=prod\nOTHER=script\nTD_PASSWORD=hunter2\n")
    assert "hunter2" not in client.values.values()
    piece = next(split("SEL * FROM ${DB}.a, $OTHER.b, ${NONE}.c WHERE x = '${NONE}';"))
    fresh, missing = client.expand(piece)
    assert fresh.buffer == "SEL * FROM prod.a, given.b, NONE.c WHERE x = '${NONE}';"
    assert [name for name, _ in missing] == ["NONE"]
    assert [name for name, _ in client.asked(piece)] == ["NONE"]


@pytest.mark.parametrize("line", [".RUN FILE = sub/x.sql;", ".run file sub/x.sql", ".RUN FILE='sub/x.sql'"])
def test_included(line: str) -> None:
    file = from_text("", "dir/main.btq")
    assert included(line, file, file) == ("sub/x.sql", [Path("dir/sub/x.sql")])


def test_literals() -> None:
    values = [string_value(t) for p in split("SEL 'a''b', _LATIN'c', '4A'XC, '0F'XB;") for t in p.texts if t[0] == "'"]
    assert values == ["a'b", "c", "4A", "0F"]
