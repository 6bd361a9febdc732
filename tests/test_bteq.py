"""Teradata scripts: where statements end, what belongs to the client, and that no secret is shown."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemaconv import engines
from schemaconv.api import convert_files
from schemaconv.read.bteq import split
from schemaconv.read.bteq_client import Client, included, kind, redacted
from schemaconv.read.cursor import string_value
from schemaconv.read.piece import is_blank
from schemaconv.report.json_report import render as as_json
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
    # a statement behind a condition is one of its own; text behind OS is the system's
    (".IF ERRORCODE = 3807 THEN CREATE TABLE x (a INT);\n.OS rm a; rm b\n.SET A; .SET B;SEL 1;", ["client .IF ERRORCODE = 3807 THEN", "sql CREATE TABLE x (a INT);", "client .OS rm a; rm b", "client .SET A;", "client .SET B;", "sql SEL 1;"]),
    # a password below its logon
    (".logon h/u;\nhunter2\nSEL 1;", ["client .logon h/u;\nhunter2", "sql SEL 1;"]),
    (".LOGON h/u,-\nhunter2;\nSEL 1;", ["client .LOGON h/u,-\nhunter2;", "sql SEL 1;"]),
    (".logon h/u\nSEL 1;", ["client .logon h/u", "sql SEL 1;"]),
    # what BTEQ prints
    (" *** Help information returned.\n *** Total elapsed time was 1 second.\n\n-----------\nCREATE SET TABLE t (a INT);\n BTEQ -- Enter your SQL request:\n", ["client *** Help information returned.\n *** Total elapsed time was 1 second.\n\n-----------", "sql CREATE SET TABLE t (a INT);", "client BTEQ -- Enter your SQL request:"]),
    # no semicolon, and something new begins
    ("REPLACE VIEW v AS SEL 1 a\n-- next\nREPLACE VIEW w AS SEL 2 a;\nEXEC m\nINS t (1);", ["sql REPLACE VIEW v AS SEL 1 a", "sql REPLACE VIEW w AS SEL 2 a;", "sql EXEC m", "sql INS t (1);"]),
    ("LOCKING TABLE a FOR WRITE\nINSERT INTO a SEL 1;\nMERGE INTO a USING b ON x = y WHEN NOT MATCHED THEN\nINSERT VALUES (1);", ["sql LOCKING TABLE a FOR WRITE\nINSERT INTO a SEL 1;", "sql MERGE INTO a USING b ON x = y WHEN NOT MATCHED THEN\nINSERT VALUES (1);"]),
    ("USING (a CLOB)\nINSERT INTO t VALUES (:a);\nGRANT\nCREATE TABLE,\nDROP TABLE ON d TO u;", ["sql USING (a CLOB)\nINSERT INTO t VALUES (:a);", "sql GRANT\nCREATE TABLE,\nDROP TABLE ON d TO u;"]),
    ("CREATE PROCEDURE p() BEGIN SET a = 1; END\nREPLACE PROCEDURE q() BEGIN SET b = 1; END\n.QUIT", ["block CREATE PROCEDURE p() BEGIN SET a = 1; END", "block REPLACE PROCEDURE q() BEGIN SET b = 1; END", "client .QUIT"]),
    ("CREATE PROCEDURE p() BEGIN SET a = 1;\nREPLACE PROCEDURE q() BEGIN SET b = 1; END;", ["block CREATE PROCEDURE p() BEGIN SET a = 1;", "block REPLACE PROCEDURE q() BEGIN SET b = 1; END;"]),
    # bodies
    ("CREATE PROCEDURE p() IF a = 1 THEN IF b = 1 THEN SET c = 1; END IF; END IF;\nSEL 1;", ["block CREATE PROCEDURE p() IF a = 1 THEN IF b = 1 THEN SET c = 1; END IF; END IF;", "sql SEL 1;"]),
    ("CREATE PROCEDURE p() INSERT INTO t VALUES (1);SEL 1;", ["block CREATE PROCEDURE p() INSERT INTO t VALUES (1);", "sql SEL 1;"]),
    (
        "REPLACE PROCEDURE p() L0: BEGIN SET a = BEGIN(pd); SET b = CASE WHEN END(pd) > 1 THEN 1 END (FORMAT '9'); WHILE a = 1 DO SET x = 1; END WHILE;"
        " L1: LOOP LEAVE L1; END LOOP L1; FOR c AS SEL 1 DO SET a = 1; END FOR; REPEAT SET x = 1; UNTIL x = 1 END REPEAT;"
        " BEGIN TRANSACTION; END TRANSACTION; BEGIN REQUEST SEL 1; END REQUEST; CASE a WHEN 1 THEN SET b = 1; END CASE; END L0;SEL 1;",
        ["block REPLACE PROCEDURE p() L0: BEGIN SET a = BEGIN(pd); SET b = CASE WHEN END(pd) > 1 THEN 1 END (FORMAT '9'); WHILE a = 1 DO SET x = 1; END WHILE;"
         " L1: LOOP LEAVE L1; END LOOP L1; FOR c AS SEL 1 DO SET a = 1; END FOR; REPEAT SET x = 1; UNTIL x = 1 END REPEAT;"
         " BEGIN TRANSACTION; END TRANSACTION; BEGIN REQUEST SEL 1; END REQUEST; CASE a WHEN 1 THEN SET b = 1; END CASE; END L0;", "sql SEL 1;"],
    ),
    ("CREATE TRIGGER t AFTER INSERT ON x FOR EACH ROW (INS a (1); INS b (2););SEL 1;", ["block CREATE TRIGGER t AFTER INSERT ON x FOR EACH ROW (INS a (1); INS b (2););", "sql SEL 1;"]),
    ("CREATE TRIGGER t AFTER INSERT ON x BEGIN ATOMIC (INS a (1); INS b (2);) END;SEL 1;", ["block CREATE TRIGGER t AFTER INSERT ON x BEGIN ATOMIC (INS a (1); INS b (2);) END;", "sql SEL 1;"]),
    ("CREATE FUNCTION f(a INT) RETURNS INT RETURN CASE WHEN a = 1 THEN 2 END;SEL 1;", ["block CREATE FUNCTION f(a INT) RETURNS INT RETURN CASE WHEN a = 1 THEN 2 END;", "sql SEL 1;"]),
    ("CM m AS (SEL 1;);\nREPLACE MACRO n AS (SEL 2; SEL 3;)\nCREATE TABLE t (a INT);", ["block CM m AS (SEL 1;);", "block REPLACE MACRO n AS (SEL 2; SEL 3;)", "sql CREATE TABLE t (a INT);"]),
    ("BEGIN TRANSACTION;\nEND TRANSACTION;\nBEGIN QUERY LOGGING ON ALL;", ["sql BEGIN TRANSACTION;", "sql END TRANSACTION;", "sql BEGIN QUERY LOGGING ON ALL;"]),
    # load utilities
    ("SESSIONS 4;\nBEGIN LOADING t ERRORFILES a, b\n CHECKPOINT 9;\nDEFINE a (VARCHAR(9)),\n b (INTEGER)\nFILE=x;\nEND LOADING;", ["client SESSIONS 4;", "client BEGIN LOADING t ERRORFILES a, b\n CHECKPOINT 9;", "client DEFINE a (VARCHAR(9)),\n b (INTEGER)\nFILE=x;", "client END LOADING;"]),
    ("DEFINE JOB j (\n DEFINE SCHEMA s (a VARCHAR(1));\n APPLY ('CREATE TABLE x (a INT);') TO OPERATOR (o);\n);\nSEL 1;", ["client DEFINE JOB j (\n DEFINE SCHEMA s (a VARCHAR(1));\n APPLY ('CREATE TABLE x (a INT);') TO OPERATOR (o);\n);", "sql SEL 1;"]),
    ("${LOGON}\n=3\nSEL 1;\nQUIT", ["client ${LOGON}", "client =3", "sql SEL 1;", "client QUIT"]),
    # here-documents: one that is not for Teradata is the shell's; the delimiter may be quoted
    ("cat <<!\nUsage: x; y\n!\nbteq <<-'E F'\n\tSEL 1;\n\tE F\necho", ["client cat <<!\nUsage: x; y\n!\nbteq <<-'E F'", "sql SEL 1;", "client E F\necho"]),
    # quotes and comments without a partner
    ("CREATE TABLE a (x CHAR(3) DEFAULT 'abc);\nCREATE TABLE b (y CHAR(1) DEFAULT 'n');\nSEL 1;", ["broken CREATE TABLE a (x CHAR(3) DEFAULT 'abc);", "sql CREATE TABLE b (y CHAR(1) DEFAULT 'n');", "sql SEL 1;"]),
    ("CREATE TABLE a (x CHAR(3) DEFAULT 'abc);\nCREATE TABLE b (y CHAR(1) DEFAULT ' ');\nSEL 1;", ["broken CREATE TABLE a (x CHAR(3) DEFAULT 'abc);", "sql CREATE TABLE b (y CHAR(1) DEFAULT ' ');", "sql SEL 1;"]),
    ("COMMENT ON TABLE a IS 'don't';\nCREATE TABLE b (y CHAR(1) DEFAULT 'n');", ["broken COMMENT ON TABLE a IS 'don't';", "sql CREATE TABLE b (y CHAR(1) DEFAULT 'n');"]),
    ("/* never\nCREATE TABLE b (y INT);", ["broken /* never", "sql CREATE TABLE b (y INT);"]),
    ('CREATE TABLE "a (x INT);\nCREATE TABLE b (y INT);', ['broken CREATE TABLE "a (x INT);', "sql CREATE TABLE b (y INT);"]),
    ("CALL dbc.sysexecsql('DROP TABLE a;\nCREATE TABLE a (x INT);');", ["sql CALL dbc.sysexecsql('DROP TABLE a;\nCREATE TABLE a (x INT);');"]),
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


CORPUS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus does not lie beside the checkout")
def test_no_character_of_the_corpus_is_lost() -> None:
    files = sorted(CORPUS.glob("*/teradata/**/*.sql"))
    assert [str(f) for f in files if lost(f.read_text("utf-8", "replace"))] == []


def test_comments_of_bteq_are_comments() -> None:
    text = "* made by hand\n**** twice ****\nSEL 1;"
    assert [(p.form, [text[s:e] for s, e in p.lead]) for p in split(text)] == [("sql", ["* made by hand", "**** twice ****"])]


@pytest.mark.parametrize(
    "part",
    [
        "CREATE TABLE a (x CHAR(3) DEFAULT 'abc);\n", "CREATE TABLE a (x -- ' \n 'abc);\n", "CREATE TABLE a (x /* never\n);\n",
        "bteq <<EOF\nSEL 1;\nEOF\n", "bteq <<", "DEFINE a (;\n", "DEFINE JOB a (;\n", ".logon a/b,\n", ".LAYOUT a\n", "${a", "_",
        "CASE WHEN a THEN ", "USING (a)\nGRANT x\n", "*** x\n", "A=1 ", 'A="x', "SEL 1;",
    ],
)  # fmt: skip
def test_time_grows_with_the_text(part: str) -> None:
    """Bad input of some hundred thousand characters, much of it on one line, is cut and redacted in a moment."""
    text = "CREATE PROCEDURE p() BEGIN\n" * (part[:4] == "CASE") + part * (200_000 // len(part))
    began = time.perf_counter()
    client = Client(())
    for piece in split(text):
        client.line(text[piece.start : piece.end])
    redacted(text)
    assert time.perf_counter() - began < 10


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
    ".LOGON user,hunter2,acct;", ".LOGON host/user hunter2", '.Logon host/user, "hun;ter2 hunter2" ;', ".logon h/u,'hunter2';",
    '.LOGON "h"/"u","hunter2"', ".LOGON h/u,-\nhunter2;", ".LOGON h/u,\nhunter2", ".logon h/u;\nhunter2", ".LOGON h/u,${P}hunter2",
    "logdata joe@@hunter2", 'echo ".logon h/u,hunter2; sel 1;" | bteq', 'bteq <<< ".logon h/u,hunter2"', "LOGON\th/u\thunter2",
    "db_token='hunter2'", "SECRET = hunter2", "MY_KEY=hunter2", "TDPASS=hunter2", "set PASSWD=hunter2", "setenv PW hunter2",
    "PW=$(decode hunter2)", "PW=`echo hunter2`", 'PASS="hunter 2 hunter2', 'PW="a\\"hunter2"', 'PW=x"hunter2"', "PW='a'hunter2",
    'CONN="h/u,hunter2"', "create user u as perm=1, password=hunter2, spool=1", "MODIFY USER u AS PASSWORD = (hunter2)",
    "MODIFY USER u AS\nPASSWORD =\nhunter2 FOR USER;", "CREATE AUTHORIZATION a TRUSTED USER 'u' PASSWORD 'hunter2'",
    "jdbc:teradata://h/DATABASE=x,USER=u,PASSWORD=hunter2", "curl -u me:hunter2 http://x", "tdload --TargetUserPassword hunter2",
    "VARCHAR UserPassword = 'hunter2'", '{"ACCESS_KEY":"hunter2"}', "Authorization: Bearer hunter2", "A=1;PW=hunter2;B=2",
]  # fmt: skip
STAY = [
    ".LOGON h/u,$tdwallet(pw)", ".logon tdpid/user,\\$tdwallet(user)", ".LOGON ${H}/${U},${PW};", ".LOGTABLE db.log;", ".LOGMECH LDAP",
    "PW=${OTHER}", "PW=$1", "GRANT LOGON ON ALL TO u WITH NULL PASSWORD", "CREATE PROFILE p AS PASSWORD = (EXPIRE = 90)",
    "password VARCHAR(20)", ".SET WIDTH 100", ".RUN FILE = a/b.sql", "PRIMARY KEY (id)", "PASSWORD = NULL", "DB=prod",
]  # fmt: skip


@pytest.mark.parametrize("line", SECRETS)
def test_no_secret_is_shown(line: str) -> None:
    assert "hunter2" not in redacted(line)


@pytest.mark.parametrize("line", SECRETS)
def test_redacting_twice_changes_nothing(line: str) -> None:
    assert redacted(redacted(line)) == redacted(line)


@pytest.mark.parametrize("line", STAY)
def test_names_of_secrets_and_the_rest_stay(line: str) -> None:
    assert redacted(line) == line


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([".LOGON h/u,{}", "logon u,{};", "PASSWORD={}", "TOKEN='{}'", 'x="1" SECRET="{}"', "td://u:{}@h", "--password {}"]),
    st.text("abcXYZ019#$%*+-.!", min_size=4, max_size=20).filter(lambda s: s[0] not in "$-*" and "--" not in s),
)  # fmt: skip
def test_no_made_up_secret_is_shown(form: str, secret: str) -> None:
    assert secret not in redacted(form.format(secret)).replace("password", "")


@pytest.mark.parametrize("line", [*SECRETS[:16], ".LOGON h/u\nhunter2\n", "VARCHAR UserPassword = 'hunter2'"])
def test_no_secret_comes_out(line: str) -> None:
    """Neither in the output nor in a report nor in a message, whatever stands around it."""
    texts = [line, f"#!/bin/sh\n{line}\nbteq <<EOF\nSEL 1;\nEOF\n"]
    if "'" not in line:
        texts.append(f"{line}\nCREATE TABLE t (a CHAR(9) DEFAULT '\n{line}")
    for text in texts:
        done = convert_files((from_text(text + "\n", "s.sql"),), source="teradata", target=engines.TARGETS)
        out = [c.sql for c in done.conversions] + [f.message for c in done.conversions for f in c.findings]
        assert "hunter2" not in "".join([*out, as_json(done.model)])


KINDS = [
    (".RUN FILE=x", "include"), (".IF ERRORCODE = 0 THEN .RUN FILE=x", "include"), (".COMPILE FILE = p.spl", "include"),
    (".IF ERRORCODE <> 0 THEN .QUIT 8", "command"), (".IF ACTIVITYCOUNT = 0 THEN .GOTO x", "flow"), (".GOTO x", "flow"),
    (".LABEL x", "command"), (".IF ERRORCODE = 3807 THEN", "flow"), (".LOGON a/b,c", "logon"), ("LOGON a/b,c;", "logon"),
    (".EXPORT FILE = x", "files"), (".EXPORT RESET", "command"), (".EXPORT OUTFILE x MODE RECORD;", "load"),
    (".IMPORT VARTEXT FILE=x", "files"), (".IMPORT INFILE x;", "load"), ("BEGIN LOADING t;", "load"), (".DML LABEL x;", "load"),
    ("DEFINE JOB x ();", "load"), (".OS ls", "shell"), ("#!/bin/sh\nDB=x", "shell"), (".SET WIDTH 1", "command"),
    ("*** Help information", "command"), ("EOF\nexit 0", "shell"), ("QUIT", "command"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "wanted"), KINDS)
def test_kinds(line: str, wanted: str) -> None:
    assert kind(line) == wanted


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("A=1; export B=2\nC='x y' D=\"$A$B\"\n", {"A": "1", "B": "2", "C": "x y", "D": "12"}),
        ("A=$(date)\nB=`date`\nC=$1\nD=${2:-d}\n: ${E:=e}\nF=${NONE}x\n", {"D": "d", "E": "e"}),
        ("if x; then\n A=1\nelse\n A=2\nfi\nif y; then B=1; fi\nC=1 bteq\n", {"B": "1"}),
        ("A=1\nunset A\nB=1\nB+=2\nread C\nfor D in a b; do E=$D; done\n# F=1\nG=1#2\n", {"B": "12", "G": "1#2"}),
        ("setenv A x\nDB_PASSWORD=p\nTOKEN=p\nCONN=h/u,p\ndd if=x of=y\necho Z=1\nL=(a b)\n", {"A": "x"}),
    ],
)
def test_assignments(script: str, wanted: dict[str, str]) -> None:
    client = Client(())
    client.line(script)
    assert client.values == wanted


def test_values_of_the_load_utilities_and_of_query_tools() -> None:
    client = Client((("p", "q"),))
    client.line(".SET db TO 'stage';")
    piece = next(split("SEL * FROM &db..t, &db.u, ?p, x_$y WHERE a = ? AND b = 'R&D ?x';"))
    fresh, missing = client.expand(piece)
    assert fresh.buffer == "SEL * FROM stage.t, stage.u, q, x_$y WHERE a = ? AND b = 'R&D ?x';"
    assert missing == []


def test_a_value_with_statements_is_not_put_in() -> None:
    client = Client((("x", "1; DROP TABLE t"),))
    piece = next(split("SEL ${x};"))
    assert client.expand(piece) == (piece, [("x", 4)])


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


def test_included_behind_a_condition() -> None:
    file = from_text("", "main.btq")
    assert included(".IF ERRORCODE = 0 THEN .RUN FILE = x.sql", file, file) == ("x.sql", [Path("x.sql")])
    assert included(".SET WIDTH 80", file, file) is None


def test_words() -> None:
    wanted = ["${DB:-x y}_T", ".", "$V", ",", "?P", "**", "?", ":", "H", "^=", "1E-5", "\"x\""]
    assert [t for p in split('${DB:-x y}_T.$v,?p ** ? :h ^= 1e-5 U&"x"') for t in p.texts] == [w.upper() if w[0] == "$" else w for w in wanted[:-2]] + ["1e-5", "\"x\""]


def test_literals() -> None:
    values = [string_value(t) for p in split("SEL 'a''b', _LATIN'c', '4A'XC, '0F'XB;") for t in p.texts if t[0] == "'"]
    assert values == ["a'b", "c", "4A", "0F"]
