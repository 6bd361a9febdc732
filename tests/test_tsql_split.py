"""SQL Server scripts cut into pieces: where statements end without semicolons, batches, guards, broken quotes."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemaconv.read.piece import Piece, is_blank
from schemaconv.read.sqlcmd import Client, included, is_go, repeats
from schemaconv.read.tsql_guards import existence, for_old_database, guard_code
from schemaconv.read.tsql_split import lex, split
from schemaconv.source import from_bytes, from_text, read_file

CORPUS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus"
FILES = sorted(CORPUS.rglob("*.sql")) if CORPUS.is_dir() else []
QUICK = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def cut(script: str) -> list[str]:
    """Each piece as ``form: text`` on one line; guards as ``+`` (there) or ``!`` (missing), ``e`` behind ELSE."""
    return [shown_piece(p) for p in split(script) if p.end > p.start]


def shown_piece(piece: Piece) -> str:
    guards = "".join(("!" if g.negated else "+") + ("e" if g.otherwise else "") for g in piece.guards)
    text = " ".join(piece.buffer[piece.start : piece.end].split())
    return f"{piece.form}{guards}: {text}"


def each(*statements: str) -> tuple[str, list[str]]:
    """Statements without anything between them but a blank, and what they must be cut into."""
    return " ".join(statements), [f"{'block' if s.startswith('DECLARE') else 'sql'}: {s}" for s in statements]


CUTS = {
    "ddl in a row": each(
        "CREATE TABLE [dbo].[t] ([a] int NOT NULL, CONSTRAINT pk PRIMARY KEY (a) WITH (PAD_INDEX = OFF) ON [PRIMARY]) "
        "ON [PRIMARY] TEXTIMAGE_ON [PRIMARY]",
        "CREATE INDEX i ON t (a) WHERE a IS NOT NULL WITH (FILLFACTOR = 80)",
        "DROP INDEX IF EXISTS i ON t",
        "ALTER TABLE t WITH CHECK ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u ON UPDATE CASCADE ON DELETE SET NULL",
        "ALTER TABLE t CHECK CONSTRAINT f",
        "ALTER TABLE t NOCHECK CONSTRAINT ALL",
        "SELECT 1",
    ),
    "alter table": each(
        "ALTER TABLE dbo.t ALTER COLUMN a bigint NOT NULL",
        "ALTER TABLE dbo.t ALTER COLUMN a DROP MASKED",
        "ALTER TABLE db..t DROP CONSTRAINT IF EXISTS c, COLUMN IF EXISTS d",
        "ALTER TABLE [t] DROP INDEX i",
        "ALTER TABLE t ALTER INDEX i REBUILD WITH (BUCKET_COUNT = 8)",
        "ALTER TABLE t SET (LOCK_ESCALATION = TABLE)",
        "ALTER TABLE t ENABLE TRIGGER ALL",
        "ENABLE TRIGGER r ON t",
        "DISABLE TRIGGER ALL ON t",
        "ALTER TABLE t ADD signature varbinary(8)",
        "ADD SIGNATURE TO p BY CERTIFICATE c",
        "ALTER TABLE t SWITCH PARTITION 1 TO u",
    ),
    "sources of insert": each(
        "INSERT INTO t (a) SELECT 1 UNION ALL SELECT 2",
        "INSERT t EXEC p 1, 2",
        "INSERT t WITH (TABLOCK) (a) VALUES (1), (2)",
        "SELECT 3",
        "INSERT t DEFAULT VALUES",
        "INSERT INTO t OUTPUT inserted.* INTO u VALUES (1)",
        "INSERT INTO t (SELECT 1)",
        "SELECT 4",
        "INSERT INTO t OUTPUT inserted.* SELECT 5",
        "EXEC q",
    ),
    "common table expressions": each(
        "WITH a AS (SELECT 1 x), b (y) AS (SELECT 2) UPDATE a SET x = 2",
        "WITH a AS (SELECT 1 x) INSERT INTO t SELECT x FROM a",
        "WITH XMLNAMESPACES ('u' AS n) SELECT 1",
        "SELECT a FROM t WITH (NOLOCK)",
        "WITH a AS (SELECT 1 x) DELETE FROM a",
    ),
    "merge": each(
        "MERGE INTO t WITH (HOLDLOCK) USING (SELECT 1 a) s ON t.a = s.a WHEN MATCHED AND s.a > 0 THEN UPDATE SET a = 1 "
        "WHEN NOT MATCHED THEN INSERT (a) VALUES (1) WHEN NOT MATCHED BY SOURCE THEN DELETE OUTPUT $action;",
        "SELECT 1",
    ),
    "set": each(
        "SET NOCOUNT ON",
        "SET IDENTITY_INSERT dbo.t ON",
        "UPDATE t SET a = 1 FROM t JOIN u ON t.a = u.a",
        "SET IDENTITY_INSERT dbo.t OFF",
        "UPDATE STATISTICS t",
        "SET STATISTICS IO, TIME ON",
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED",
        "ALTER DATABASE d SET ANSI_NULLS ON",
        "SET ANSI_NULLS ON",
        "ALTER DATABASE d SET SINGLE_USER WITH ROLLBACK IMMEDIATE",
        "ALTER DATABASE SCOPED CONFIGURATION SET MAXDOP = 1",
        "USE d",
    ),
    "permissions": each(
        "GRANT SELECT, INSERT, UPDATE (a), EXECUTE ON SCHEMA::s TO u WITH GRANT OPTION AS dbo",
        "GRANT CREATE TABLE, ALTER ANY SCHEMA TO u",
        "DENY EXECUTE ON p TO u CASCADE",
        "REVOKE GRANT OPTION FOR SELECT ON t FROM u",
        "ALTER ROLE r ADD MEMBER u",
        "ALTER ROLE r DROP MEMBER u",
        "CREATE LOGIN l WITH PASSWORD = N'x', DEFAULT_DATABASE = d",
        "CREATE USER u FOR LOGIN l WITH DEFAULT_SCHEMA = s",
        "ALTER AUTHORIZATION ON SCHEMA::s TO u",
    ),
    "less common": each(
        "CREATE SCHEMA s AUTHORIZATION u CREATE TABLE t (a int) CREATE VIEW v AS SELECT 1 a GRANT SELECT ON t TO x",
        "CREATE SECURITY POLICY p ADD FILTER PREDICATE s.f(a) ON t, ADD BLOCK PREDICATE s.f(a) ON t AFTER INSERT WITH "
        "(STATE = ON)",
        "ALTER SECURITY POLICY p DROP FILTER PREDICATE ON t",
        "CREATE PARTITION FUNCTION f (int) AS RANGE RIGHT FOR VALUES (1, 2)",
        "ALTER PARTITION FUNCTION f () MERGE RANGE (1)",
        "CREATE SYNONYM a FOR d.s.b",
        "CREATE STATISTICS s ON t (a) WITH FULLSCAN",
        "BULK INSERT t FROM 'f' WITH (FIELDTERMINATOR = ',')",
        "BACKUP DATABASE d TO DISK = 'f' WITH ENCRYPTION (ALGORITHM = AES_256)",
        "EXECUTE AS USER = 'u'",
        "EXEC p 'x' WITH RESULT SETS ((a int))",
        "EXECUTE sp_configure 'show advanced options', 1",
        "RECONFIGURE WITH OVERRIDE",
        "SELECT a FROM t ORDER BY a OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY",
        "SELECT a FROM t INNER MERGE JOIN u ON 1 = 1 FOR XML PATH('')",
        "ALTER FULLTEXT INDEX ON t START UPDATE POPULATION",
        "CREATE FULLTEXT INDEX ON t (a LANGUAGE 1033) KEY INDEX i ON c WITH CHANGE_TRACKING AUTO",
        "ADD SENSITIVITY CLASSIFICATION TO t.a WITH (LABEL = 'x')",
        "DROP SENSITIVITY CLASSIFICATION FROM t.a",
        "BEGIN TRAN",
        "SAVE TRAN s",
        "COMMIT",
        "DBCC CHECKIDENT ('t', RESEED, 0)",
        "ALTER LOGIN l DROP CREDENTIAL c",
        "ALTER EVENT SESSION e ON SERVER DROP EVENT x.y",
        "DROP EVENT SESSION e ON SERVER",
        "TRUNCATE TABLE t",
        "SELECT CASE WHEN 1 = 1 THEN 2 ELSE CASE a WHEN 3 THEN 4 END END AS [end] FROM t",
        "SELECT * FROM OPENROWSET('p', 's'; 'u'; 'w', t)",
        "CHECKPOINT",
    ),
    "views": each(
        "CREATE VIEW v WITH SCHEMABINDING AS WITH a AS (SELECT 1 x) SELECT x FROM a EXCEPT SELECT 2 WITH CHECK OPTION",
        "CREATE TABLE t AS SELECT 1",
        "DECLARE c CURSOR FOR WITH a AS (SELECT 1 x) SELECT x FROM a",
        "SELECT 1",
    ),
    "steering": (
        "DECLARE @x int = 1, @t TABLE (a int) SET @x += 1 PRINT 'a' + 'b' SELECT @x = 2 EXEC (N'DROP TABLE t') "
        "EXEC sp_executesql N'SELECT 1' DECLARE c CURSOR FOR SELECT a FROM t FOR UPDATE OF a OPEN c "
        "FETCH NEXT FROM c INTO @x CLOSE c RAISERROR('x', 1, 1) WITH NOWAIT",
        [
            "block: DECLARE @x int = 1, @t TABLE (a int)",
            "block: SET @x += 1",
            "block: PRINT 'a' + 'b'",
            "sql: SELECT @x = 2",
            "block: EXEC (N'DROP TABLE t')",
            "block: EXEC sp_executesql N'SELECT 1'",
            "block: DECLARE c CURSOR FOR SELECT a FROM t FOR UPDATE OF a",
            "block: OPEN c",
            "block: FETCH NEXT FROM c INTO @x",
            "block: CLOSE c",
            "block: RAISERROR('x', 1, 1) WITH NOWAIT",
        ],
    ),
    "blocks": (
        "IF @a = 1 SELECT 1; ELSE IF @a = 2 BEGIN SELECT 2 BEGIN TRAN COMMIT END ELSE SELECT 3 "
        "SELECT 4 WHILE @a < 3 SET @a = @a + 1 BEGIN TRY SELECT 5 END TRY BEGIN CATCH THROW END CATCH; "
        "BEGIN CREATE TABLE t (a int) END SELECT 6",
        [
            "block: IF @a = 1 SELECT 1; ELSE IF @a = 2 BEGIN SELECT 2 BEGIN TRAN COMMIT END ELSE SELECT 3",
            "sql: SELECT 4",
            "block: WHILE @a < 3 SET @a = @a + 1",
            "block: BEGIN TRY SELECT 5 END TRY BEGIN CATCH THROW END CATCH;",
            "block: BEGIN CREATE TABLE t (a int) END",
            "sql: SELECT 6",
        ],
    ),
    "dynamic": (
        "IF TYPE_ID('t') IS NULL EXEC [sys].[sp_executesql] @stmt = N'CREATE TYPE t FROM int' "
        "EXEC dbo.sp_executesql N'' EXEC @rc = p EXEC sp_rename 'a', 'b' "
        "IF @rc <> 0 THROW 50000, 'x', 1 IF @rc <> 0 BEGIN TRAN",
        [
            "guard: IF TYPE_ID('t') IS NULL",
            "block!: EXEC [sys].[sp_executesql] @stmt = N'CREATE TYPE t FROM int'",
            "block: EXEC dbo.sp_executesql N''",
            "block: EXEC @rc = p",
            "sql: EXEC sp_rename 'a', 'b'",
            "block: IF @rc <> 0 THROW 50000, 'x', 1",
            "block: IF @rc <> 0 BEGIN TRAN",
        ],
    ),
    "labels": (
        "SELECT 1\nagain:\nSELECT 2\nGOTO again",
        ["sql: SELECT 1", "block: again:", "sql: SELECT 2", "block: GOTO again"],
    ),
    "batches": (
        "CREATE TABLE t (a int)\nGO\n SELECT 1\n  go 5 \nSELECT 2; GO\nGO;\nGO -- why\nSELECT 'x\nGO\ny'\n/*\nGO\n*/\n"
        "SELECT 3 GO\nSELECT a AS [go]\nGO",
        [
            "sql: CREATE TABLE t (a int)",
            "client: GO",
            "sql: SELECT 1",
            "client: go 5",
            "sql: SELECT 2;",
            "client: GO",
            "client: GO;",
            "client: GO",
            "sql: SELECT 'x GO y'",
            "sql: SELECT 3 GO",
            "sql: SELECT a AS [go]",
            "client: GO",
        ],
    ),
    "modules": (
        "SET ANSI_NULLS ON\nCREATE OR ALTER PROC p AS BEGIN SELECT 1 END\nSELECT 2; EXEC q\nGO\n"
        "create trigger r on t after insert, update as if update(a) select 1\nalter table t add b int\n"
        "CREATE FUNCTION f() RETURNS int AS BEGIN RETURN 1 END\nALTER VIEW v AS SELECT 1 a\nGO",
        [
            "sql: SET ANSI_NULLS ON",
            "block: CREATE OR ALTER PROC p AS BEGIN SELECT 1 END SELECT 2; EXEC q",
            "client: GO",
            "block: create trigger r on t after insert, update as if update(a) select 1 alter table t add b int",
            "block: CREATE FUNCTION f() RETURNS int AS BEGIN RETURN 1 END",
            "sql: ALTER VIEW v AS SELECT 1 a",
            "client: GO",
        ],
    ),
    "guards": (
        "IF NOT EXISTS (SELECT 1 FROM sys.tables WHERE name = 't') BEGIN CREATE TABLE t (a int) "
        "IF OBJECT_ID('i') IS NOT NULL DROP INDEX i ON t; EXEC('CREATE SCHEMA s') END; ELSE ALTER TABLE t ADD b int "
        "IF COL_LENGTH('t', 'c') IS NULL IF @x = 1 SELECT 1 ELSE SELECT 2 SELECT 3",
        [
            "guard: IF NOT EXISTS (SELECT 1 FROM sys.tables WHERE name = 't')",
            "guard!: BEGIN",
            "sql!: CREATE TABLE t (a int)",
            "guard!: IF OBJECT_ID('i') IS NOT NULL",
            "sql!+: DROP INDEX i ON t;",
            "block!: EXEC('CREATE SCHEMA s')",
            "guard!: END;",
            "guard!e: ELSE",
            "sql!e: ALTER TABLE t ADD b int",
            "guard: IF COL_LENGTH('t', 'c') IS NULL",
            "block!: IF @x = 1 SELECT 1 ELSE SELECT 2",
            "sql: SELECT 3",
        ],
    ),
    "sqlcmd": (
        ':setvar D "x y"\n:on error exit\nUSE [$(D)]\n:r .\\a.sql\n!!dir\nSELECT 1\n:r b.sql\nQUIT\n',
        [
            'client: :setvar D "x y"',
            "client: :on error exit",
            "sql: USE [$(D)]",
            "client: :r .\\a.sql",
            "client: !!dir",
            "sql: SELECT 1",
            "client: :r b.sql",
            "client: QUIT",
        ],
    ),
    "semicolons": (
        ";;SELECT 1\n;WITH a AS (SELECT 1 x) SELECT x FROM a;\n;",
        ["sql: ;;", "sql: SELECT 1 ;", "sql: WITH a AS (SELECT 1 x) SELECT x FROM a; ;"],
    ),
    "broken": (
        "SELECT 'it's'\nGO\nCREATE TABLE t (a int)\nGO\n"
        "SELECT [a\nGO\nSELECT 1\nGO\n/* never /* closed */\nGO\nSELECT 2",
        [
            "broken: SELECT 'it's'",
            "client: GO",
            "sql: CREATE TABLE t (a int)",
            "client: GO",
            "broken: SELECT [a",
            "client: GO",
            "sql: SELECT 1",
            "client: GO",
            "broken: /* never /* closed */",
            "client: GO",
            "sql: SELECT 2",
        ],
    ),
    "broken without batches": (
        "SELECT 'it's';\nCREATE TABLE t (a int);\nSELECT 1",
        ["broken: SELECT 'it's';", "sql: CREATE TABLE t (a int);", "sql: SELECT 1"],
    ),
    "parenthesis never closed": (
        "CREATE TABLE a (b int\nCREATE TABLE c (d int)",
        ["sql: CREATE TABLE a (b int", "sql: CREATE TABLE c (d int)"],
    ),
    "template": (
        "CREATE LOGIN l WITH PASSWORD = <fill in>\nCREATE USER u",
        ["sql: CREATE LOGIN l WITH PASSWORD = <fill in>", "sql: CREATE USER u"],
    ),
    "stray words": ("END\nELSE\nGO", ["block: END", "block: ELSE", "client: GO"]),
}


@pytest.mark.parametrize(("script", "wanted"), CUTS.values(), ids=CUTS)
def test_cuts(script: str, wanted: list[str]) -> None:
    assert cut(script) == wanted


@pytest.mark.parametrize("name", [n for n in CUTS if "broken" not in n and n not in ("batches", "labels", "sqlcmd")])
def test_case_and_line_ends_make_no_difference(name: str) -> None:
    script, wanted = CUTS[name]
    assert [w.lower() for w in cut(script.lower().replace("\n", "\r\n"))] == [w.lower() for w in wanted]


CONDITIONS = {
    "NOT EXISTS (SELECT * FROM sys.objects WHERE object_id = OBJECT_ID(N'[dbo].[t]') AND type IN (N'U'))": True,
    "EXISTS (SELECT * FROM dbo.sysobjects WHERE id = object_id(N't') AND OBJECTPROPERTY(id, N'IsView') = 1)": False,
    "EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 't')": False,
    "(NOT (EXISTS (SELECT name FROM [sys].[indexes] i JOIN sys.tables AS t ON t.object_id = i.object_id)))": True,
    "NOT EXISTS (SELECT 1 FROM sys.tables t, sys.columns c WHERE a IN ('x', 'y'))": True,
    "NOT EXISTS (SELECT 1 FROM master..sysdatabases WHERE name = 'd')": True,
    "NOT EXISTS (SELECT NULL FROM ::fn_listextendedproperty('d', NULL, NULL, NULL, NULL, NULL, NULL))": True,
    "OBJECT_ID(N'dbo.t', N'U') IS NULL": True,
    "(OBJECT_ID('t') IS NOT NULL)": False,
    "SCHEMA_ID('s') IS NULL": True,
    "COL_LENGTH('t', 'a') IS NOT NULL AND COL_LENGTH('t', 'b') IS NULL": True,
    "OBJECT_ID('a') IS NOT NULL OR OBJECT_ID('b') IS NOT NULL": False,
    "INDEXPROPERTY(OBJECT_ID('t'), 'i', 'IndexID') IS NULL": True,
    "OBJECTPROPERTY(OBJECT_ID('t'), 'TableHasIdentity') = 1": False,
    "(SELECT COUNT(*) FROM sys.tables WHERE name = 't') = 0": True,
    "0 < (SELECT COUNT(*) FROM sys.tables WHERE name = 't')": False,
    "(SELECT 1 FROM sys.tables WHERE name = 't') IS NULL": True,
    "(SELECT OBJECT_ID('t')) IS NULL": True,
    "ISNULL(OBJECT_ID('t'), 0) = 0": True,
    "'t' NOT IN (SELECT name FROM sys.tables)": True,
    "N'app' IN (SELECT name FROM sys.schemas)": False,
    "EXISTS (SELECT 1 FROM dbo.t)": None,
    "EXISTS (SELECT 1 FROM sys.tables, dbo.t)": None,
    "EXISTS (SELECT 1 FROM sys.tables WHERE (SELECT COUNT(*) FROM t) > 0)": None,
    "EXISTS (SELECT 1)": None,
    "EXISTS (SELECT 1 FROM sys.tables WHERE name = @t)": None,
    "EXISTS (SELECT 1 FROM sys.dm_exec_sessions)": None,
    "EXISTS (SELECT 1 FROM sys.configurations WHERE value = 1)": None,
    "OBJECT_ID('t') IS NULL AND @x = 1": None,
    "COL_LENGTH('t', 'a') = 20": None,
    "SERVERPROPERTY('EngineEdition') = 5": None,
    "1 = 1": None,
    "": None,
    "NOT": None,
    "(": None,
    "EXISTS (": None,
    "'": None,
}  # fmt: skip


@pytest.mark.parametrize(("condition", "wanted"), CONDITIONS.items(), ids=CONDITIONS)
def test_existence(condition: str, wanted: bool | None) -> None:
    texts = lex(condition, "sql").texts
    assert existence(texts) is wanted


def test_guards_and_their_codes() -> None:
    script = "IF OBJECT_ID('t') IS NULL -- new\nCREATE TABLE t (a int) ELSE DROP TABLE t\nSELECT 1"
    create, drop, query = (p for p in split(script) if p.form == "sql")
    (guard,) = create.guards
    assert guard.text == script[guard.start : guard.end] == "IF OBJECT_ID('t') IS NULL"
    assert guard.when_missing and not drop.guards[0].when_missing
    assert not for_old_database(create.guards) and for_old_database(drop.guards)
    assert [guard_code(p.guards) for p in (create, drop, query)] == ["SC1020", "SC1021", None]


def test_comments_go_with_what_they_stand_at() -> None:
    script = (
        "-- head\nCREATE TABLE a (x int) -- beside\n-- above b\nCREATE TABLE b (y int);\n-- kept\nGO\n"
        "-- c\nCREATE TABLE c (z int)\n-- end"
    )
    a, b, go, c, tail = split(script)

    def said(piece: Piece) -> list[str]:
        return [script[s:e] for s, e in piece.lead]

    assert [script[s:e] for _, s, e in a.comments] == ["-- beside"]
    assert (said(a), said(b), said(go), said(c), said(tail)) == (
        ["-- head"], ["-- above b"], ["-- kept"], ["-- c"], ["-- end"],
    )  # fmt: skip


def test_tokens() -> None:
    text = (
        "select N'it''s', [a]]b], \"x\"\"y\", @x, @@rowcount, #t, ##t, $(Env)_t, [$(Db)], 0xAF, 0x, $12.5, \u20ac3, "
        ".5, 1e3, $action, a!<b, c::d, e||f, g+=1, $1,2 /* a /* b */ c */ -- d"
    )
    assert [t for t in lex(text, "sql").texts if t != ","] == [
        "SELECT", "'\0N'it''s'", "[a]]b]", '"x""y"', "@X", "@@ROWCOUNT", "#T", "##T", "$(ENV)_T", "[$(Db)]", "0xAF",
        "0x", "$12.5", "\u20ac3", ".5", "1e3", "$ACTION", "A", "!<", "B", "C", "::", "D", "E", "||", "F", "G", "+=",
        "1", "$1", "2",
    ]  # fmt: skip
    assert len(lex(text, "sql").comments) == 2


def test_faults_say_where() -> None:
    script = "SELECT 1\nSELECT N'abc\nGO\nSELECT 2"
    first, broken, *_ = split(script)
    assert (first.form, broken.form, script[broken.fault :][:4]) == ("sql", "broken", "'abc")


# -- sqlcmd ------------------------------------------------------------------------------------------------------------


def statement(text: str) -> Piece:
    return next(p for p in split(text) if p.form != "client")


def expanded(client: Client, text: str) -> tuple[list[str], list[str]]:
    piece, missing = client.expand(statement(text))
    return piece.texts, [name for name, _ in missing]


def test_variables() -> None:
    client = Client((("Out", "given"),))
    client.line(':setvar Db "my ""db"" x"')
    client.line(":setvar out other")
    client.line(":SETVAR Owner $(out)_o")
    assert expanded(client, "USE [$(db)]") == (["USE", '[my "db" x]'], [])
    assert expanded(client, "SELECT '$(OUT)', $(Owner).t") == (["SELECT", "'given'", ",", "GIVEN_O", ".", "T"], [])
    texts, missing = expanded(client, "SELECT [$(X)].[$(Y)_z], '$(Z)' -- $(W)")
    assert (texts, missing) == (["SELECT", "[X]", ".", "[Y_z]", ",", "'$(Z)'"], ["X", "Y"])
    client.line(":setvar Db")
    assert expanded(client, "USE $(Db);") == (["USE", "DB"], ["Db"])


def test_variables_keep_places_guards_and_form() -> None:
    client = Client((("Db", "a"),))
    script = "-- lead\nIF DB_ID('$(Db)') IS NULL CREATE DATABASE [$(Db)] COLLATE x"
    guard, create = (client.expand(p)[0] for p in split(script))
    assert (guard.form, create.form, len(create.guards)) == ("guard", "sql", 1)
    assert guard.lead == [(0, 7)]
    assert create.origin is not None and script[create.start :].startswith("CREATE")
    assert create.origin[0] == (0, create.start)
    asked = client.asked(statement("SELECT '$(this)', $(that), '$(Db)' /* $(no) */"))
    assert asked == [("this", 8)]


def test_client_lines(tmp_path: Path) -> None:
    first, inner = from_text("", str(tmp_path / "a.sql")), from_text("", str(tmp_path / "sub" / "b.sql"))
    found = included(r':r ".\sub\c d.sql"', inner, first)
    assert found == ("sub/c d.sql", [tmp_path / "sub/c d.sql", tmp_path / "sub/sub/c d.sql"])
    assert included(":r x.sql ;", first, first) == ("x.sql", [tmp_path / "x.sql"])
    assert included(":reset", first, first) is None
    assert [repeats(s) for s in ("GO", "go 12", "GO 3;", ":r x")] == [1, 12, 3, 1]
    assert is_go("GO") and not is_go("GOTO x")
    shown = Client(()).shown
    assert shown(":connect srv -U sa -P secret") == ":connect" and shown("!!echo secret") == "!!"
    assert shown(":on error exit") == ":on error exit"


# -- nothing lost ------------------------------------------------------------------------------------------------------


def lost(script: str) -> list[str]:
    """What is wrong with the pieces of ``script``: text outside of them, or overlaps."""
    out = []
    at = 0
    for piece in split(script):
        if not at <= piece.start <= piece.end <= len(script):
            out.append(f"{piece.start}-{piece.end} behind {at}")
        gap = ""
        for start, end in piece.lead:
            gap += script[at:start]
            at = end
        gap += script[at : piece.start]
        if not is_blank(gap):
            out.append(f"between: {gap[:60]!r}")
        if piece.form not in ("client", "broken"):
            tokens = list(zip(piece.starts, piece.ends, strict=True))
            if any(not piece.start <= s < e <= piece.end for s, e in tokens):
                out.append(f"a token outside of {piece.start}-{piece.end}")
            if any(not piece.start <= s < e <= piece.end for _, s, e in piece.comments):
                out.append(f"a comment outside of {piece.start}-{piece.end}")
            if not covered(piece):
                out.append(f"text without a token in {script[piece.start : piece.end][:60]!r}")
        at = piece.end
    if not is_blank(script[at:]):
        out.append(f"behind: {script[at:][:60]!r}")
    return out


def covered(piece: Piece) -> bool:
    """Whether nothing but blanks and terminators stands between the tokens and comments of the piece."""
    spans = sorted([*zip(piece.starts, piece.ends, strict=True), *((s, e) for _, s, e in piece.comments)])
    at = piece.start
    for start, end in [*spans, (piece.end, piece.end)]:
        if start < at or not is_blank(piece.buffer[at:start].replace(";", "")):
            return False
        at = end
    return True


CHUNKS = st.sampled_from(
    (
        "CREATE TABLE t (a int, b nvarchar(30))", ";", "\n", "\nGO\n", "\ngo 3\n", " ", "\t", "\r\n", "GO",
        "--", "-- it's\n", "/*", "*/", "/* a ; b */", "'", "''", '"', "[", "]", "[a]]b]", "N'x'", "BEGIN",
        "END", "ELSE", "BEGIN TRY", "END TRY", "BEGIN CATCH", "END CATCH", "IF",
        "IF NOT EXISTS (SELECT 1 FROM sys.tables)", "IF @x = 1", "WHILE 1 = 1", "(", ")", ",",
        "CREATE PROC p AS", "SELECT 1", "INSERT t", "EXEC p", "WITH a AS (SELECT 1 x)", "UNION ALL", "CASE",
        "SET @x = 1", "SET NOCOUNT ON", "UPDATE t", "\n:r x.sql\n", "\n:setvar a b\n", "!!", ":", "a:",
        "GRANT", "MERGE t", "THEN", "ALTER", "DROP", "TABLE", "IF EXISTS", "GO -- x", "\ufeff", "\x1a", "é",
        "表", "$", "#", "$(a)", "@", "0x1", "$1", "\x00", "DECLARE @t TABLE (a int)", "CREATE SCHEMA s",
        "DISABLE TRIGGER", "FETCH", "\nx:\n", "BEGIN TRAN", "RETURN", "; GO\n",
    )
)  # fmt: skip
SCRIPTS = st.one_of(
    st.lists(CHUNKS, max_size=30).map(" ".join), st.lists(CHUNKS, max_size=30).map("".join), st.text(max_size=80)
)


@QUICK
@given(SCRIPTS)
def test_nothing_is_lost(script: str) -> None:
    assert not lost(script)


@QUICK
@given(SCRIPTS)
def test_variables_never_fail(script: str) -> None:
    client = Client((("a", "'"),))
    for piece in split(script):
        if piece.end > piece.start:
            client.line(script[piece.start : piece.end])
            client.asked(piece)
            client.expand(piece)


def test_every_prefix_of_every_script() -> None:
    """Half a file is a file."""
    for script, _ in CUTS.values():
        for end in range(len(script)):
            assert not lost(script[:end]), script[:end][-60:]


LONG = {
    "values": "INSERT INTO t VALUES " + ", ".join(["(1, 'x')"] * 90_000),
    "statements": "INSERT INTO t VALUES (1, 'x') " * 34_000,
    "string": "SELECT '" + "x''" * 333_000 + "'",
    "quotes": "'" * 1_000_001,
    "brackets": "[" * 500_000,
    "open comments": "/*" * 500_000,
    "comments and batches": "/* /* */\nGO\n" * 90_000,
    "parentheses": "SELECT " + "(" * 500_000 + ")" * 500_000,
    "begin": "BEGIN " * 500 + "SELECT 1 " + "END " * 500,
    "deep begin": "BEGIN " * 80_000 + "SELECT 1 " + "END " * 80_000,
    "deep if": "IF 1 = 1 " * 90_000 + "SELECT 1",
    "guards": "IF EXISTS (SELECT 1 FROM sys.tables) BEGIN " * 500 + "DROP TABLE x " + "END " * 500,
    "case": "SELECT " + "CASE " * 80_000 + "END " * 80_000,
    "grants": "GRANT " + "SELECT " * 140_000,
    "updates": "UPDATE t " + "SET " * 240_000,
    "labels": "a:\n" * 90_000,
}


@pytest.mark.parametrize("name", LONG)
def test_long_and_deep(name: str) -> None:
    """Time grows with the length, not with its square; a second here is a minute there."""
    started = time.perf_counter()
    pieces = sum(1 for _ in split(LONG[name]))
    assert pieces and time.perf_counter() - started < 30
    if name == "begin":
        assert pieces == 1


def test_ten_megabytes() -> None:
    script = "INSERT INTO [dbo].[t] ([a], [b]) VALUES (1, N'some text of a row')\n" * 75_000 + "GO\n"
    started = time.perf_counter()
    assert sum(1 for _ in split(script * 2)) == 150_002
    assert time.perf_counter() - started < 60


# -- files -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings(encoding: str) -> None:
    file = from_bytes("CREATE TABLE é (a int)\r\nGO\r\nSELECT 'ü'\r\n".encode(encoding), "x.sql")
    assert cut(file.text) == ["sql: CREATE TABLE é (a int)", "client: GO", "sql: SELECT 'ü'"]


def test_marks_of_files_that_were_joined() -> None:
    """``copy a.sql+b.sql c.sql`` leaves the byte order mark of the second file in the middle."""
    raw = b"".join(
        t.encode("utf-8-sig") for t in ("CREATE TABLE a (x int)\nGO\n", "GO\nCREATE TABLE b (y int)", "\nGO")
    )
    assert cut(from_bytes(raw, "c.sql").text) == [
        "sql: CREATE TABLE a (x int)", "client: GO", "client: GO", "sql: CREATE TABLE b (y int)", "client: GO",
    ]  # fmt: skip


def samples() -> Iterator[Path]:
    for at, path in enumerate(FILES):
        if "sqlserver" in path.parts or at % 10 == 0:
            yield path


@pytest.mark.skipif(not FILES, reason="the corpus does not lie beside the checkout")
def test_every_script_of_the_corpus() -> None:
    troubles = []
    broken = 0
    for path in samples():
        text = read_file(path).text
        troubles += [f"{path.relative_to(CORPUS)}: {t}" for t in lost(text)]
        if "sqlserver" in path.parts:
            broken += sum(p.form == "broken" for p in split(text))
    assert not troubles, "\n".join(troubles)
    assert broken <= 3  # one script was cut out of a longer one in the middle of a text


@pytest.mark.skipif(not FILES, reason="the corpus does not lie beside the checkout")
def test_originals_in_utf_16() -> None:
    originals = [p for p in FILES if "_orig" in p.parts and p.read_bytes()[:2] in (b"\xff\xfe", b"\xfe\xff")]
    for path in originals:
        file = read_file(path)
        assert file.encoding == "utf-16" and "\x00" not in file.text and not file.text.startswith("\ufeff")
        assert not re.search("[\ufffd]", file.text)
        assert any(p.form != "client" for p in split(file.text))
