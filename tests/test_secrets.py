"""Passwords and keys of a script never reach an output, a report or a log."""

from __future__ import annotations

import pytest

from schemaconv import engines
from schemaconv.api import convert_files
from schemaconv.report.json_report import render as as_json
from schemaconv.source import from_text
from schemaconv.sql.secrets import in_comment, redacted

#: Statements that hold the word in an exposed place.
STATEMENTS = (
    "CREATE LOGIN bob WITH PASSWORD = 'Tr0ub4dor', CHECK_POLICY = OFF",
    "CREATE LOGIN bob WITH PASSWORD = 0x0200Tr0ub4dor HASHED",
    "ALTER LOGIN bob WITH PASSWORD = N'Tr0ub4dor' OLD_PASSWORD = N'Tr0ub4dor'",
    "CREATE USER bob WITH PASSWORD = 'Tr0ub4dor'",
    "ALTER USER bob WITH PASSWORD = 'Tr0ub4dor'",
    "CREATE APPLICATION ROLE r WITH PASSWORD = 'Tr0ub4dor', DEFAULT_SCHEMA = dbo",
    "ALTER APPLICATION ROLE r WITH PASSWORD = 'Tr0ub4dor'",
    "EXEC sp_addlogin 'bob', 'Tr0ub4dor', 'master'",
    "EXEC sp_addlogin @loginame = 'bob', @passwd = 'Tr0ub4dor'",
    "EXEC sp_password NULL, 'Tr0ub4dor', 'bob'",
    "EXEC sp_addlinkedsrvlogin 'far', 'false', NULL, 'bob', 'Tr0ub4dor'",
    "EXEC master.dbo.sp_addlinkedserver @server = N'far', @provstr = N'DRIVER=x;UID=sa;PWD=Tr0ub4dor;'",
    "EXEC sp_setapprole 'r', 'Tr0ub4dor'",
    "CREATE MASTER KEY ENCRYPTION BY PASSWORD = 'Tr0ub4dor'",
    "CREATE CERTIFICATE c ENCRYPTION BY PASSWORD = 'Tr0ub4dor' WITH SUBJECT = 'x'",
    "CREATE SYMMETRIC KEY k WITH KEY_SOURCE = 'Tr0ub4dor', ALGORITHM = AES_256 ENCRYPTION BY PASSWORD = 'Tr0ub4dor'",
    "OPEN SYMMETRIC KEY k DECRYPTION BY PASSWORD = 'Tr0ub4dor'",
    "OPEN MASTER KEY DECRYPTION BY PASSWORD = 'Tr0ub4dor'",
    "CREATE CREDENTIAL c WITH IDENTITY = 'SHARED ACCESS SIGNATURE', SECRET = 'Tr0ub4dor'",
    "CREATE DATABASE SCOPED CREDENTIAL c WITH IDENTITY = 'x', SECRET = 'Tr0ub4dor'",
    "BACKUP CERTIFICATE c TO FILE = 'c' WITH PRIVATE KEY (FILE = 'k', ENCRYPTION BY PASSWORD = 'Tr0ub4dor')",
    "BACKUP DATABASE d TO DISK = 'x' WITH PASSWORD = 'Tr0ub4dor'",
    "ADD SIGNATURE TO dbo.p BY CERTIFICATE c WITH PASSWORD = 'Tr0ub4dor'",
    "CREATE PROCEDURE p AS EXEC sp_addlogin 'bob', 'Tr0ub4dor'",
    "CREATE PROCEDURE p AS SELECT * FROM OPENROWSET('SQLNCLI', 'far';'sa';'Tr0ub4dor', 'SELECT 1')",
    "CREATE VIEW v AS SELECT * FROM OPENDATASOURCE('SQLNCLI', 'Data Source=far;User ID=sa;Password=Tr0ub4dor').d.dbo.t",
    "DECLARE @x varbinary(99) = ENCRYPTBYPASSPHRASE('Tr0ub4dor', 'x') INSERT t VALUES (@x)",
    "EXEC('CREATE LOGIN bob WITH PASSWORD = ''Tr0ub4dor''')",
    "EXEC sp_executesql N'CREATE USER bob WITH PASSWORD = ''Tr0ub4dor'''",
    "IF NOT EXISTS (SELECT * FROM sys.syslogins WHERE name = 'bob') CREATE LOGIN bob WITH PASSWORD = 'Tr0ub4dor'",
    "IF @a = 1 CREATE LOGIN bob WITH PASSWORD = 'Tr0ub4dor'",
    "CREATE LOGIN WITH PASSWORD = 'Tr0ub4dor'",
    "CREATE LOGIN bob PASSWORD 'Tr0ub4dor",
    "CREATE COLUMN ENCRYPTION KEY k WITH VALUES (COLUMN_MASTER_KEY = m, ENCRYPTED_VALUE = 0x0Tr0ub4dor)",
    "EXEC msdb.dbo.sp_add_jobstep @job_name = 'j', @command = N'osql -U sa; PWD=Tr0ub4dor;'",
    "ALTER DATABASE d SET ENCRYPTION ON\nGRANT EXECUTE ON p TO bob IDENTIFIED BY 'Tr0ub4dor'",
    ":connect far -U sa -P Tr0ub4dor",
    "!!sqlcmd -P Tr0ub4dor",
)


#: Scripts for Teradata that hold it: comments, lines of the client, object stores, variables that a logon uses.
TERADATA = (
    "-- .LOGON tdp/u,Tr0ub4dor\nCREATE TABLE t (a INT);",
    "/* .LOGON tdp/u,Tr0ub4dor; */\nCREATE TABLE t (a INT);",
    "* .LOGON tdp/u,Tr0ub4dor\nCREATE TABLE t (a INT);",
    "--CREATE USER u AS PASSWORD=Tr0ub4dor, PERM=0;\nCREATE TABLE t (a INT);",
    "CREATE USER u AS /* old: PASSWORD=Tr0ub4dor */ PASSWORD=abc, PERM=0;",
    ".RUN FILE logon.txt; -- h/u,Tr0ub4dor\nCREATE TABLE t (a INT);",
    "REPLACE PROCEDURE p() BEGIN /* .logon h/u,Tr0ub4dor */ END;",
    "bteq <<EOF\n-- .LOGON tdp/u,Tr0ub4dor\nCREATE TABLE t (a INT);\nEOF",
    "CREATE TABLE t (a INT -- password: Tr0ub4dor\n, b INT /* pw=Tr0ub4dor */);",
    "CREATE TABLE t (a INT); -- CONNECT scott/Tr0ub4dor",
    "CREATE FOREIGN TABLE f USING (LOCATION('/s3/x') ACCESS_ID('id') ACCESS_KEY('Tr0ub4dor'));",
    "CREATE FOREIGN TABLE f, EXTERNAL SECURITY a USING (LOCATION('/az/x?sig=Tr0ub4dor'));",
    "CREATE VIEW v AS SELECT * FROM READ_NOS (USING LOCATION('/s3/x') ACCESS_ID('i') ACCESS_KEY('Tr0ub4dor')) AS d;",
    "CREATE TABLE c AS (SELECT * FROM READ_NOS (USING LOCATION('/s3/x') ACCESS_KEY('Tr0ub4dor')) AS d) WITH DATA;",
    "INSERT INTO t SELECT * FROM READ_NOS (USING LOCATION('/s3/x') ACCESS_KEY('Tr0ub4dor')) AS d;",
    'INSERT INTO t SELECT * FROM READ_NOS (USING LOCATION(\'/s3/x\') AU'
    'THORIZATION(\'{"Access_ID":"x","Access_Key":"Tr0ub4dor"}\')) AS d;',
    ".SET PW TO 'Tr0ub4dor'",
    ".SET PW TO Tr0ub4dor",
    "CREATE TABLE t (a INT)\nLOGON tdp/u,Tr0ub4dor;",
    "CREATE TABLE t (a INT) .logon h/u,Tr0ub4dor;",
    "CREATE TABLE t (a INT\nLOGON tdp/u,Tr0ub4dor;",
    "CREATE TABLE t (a INT) LOGON h/u,Tr0ub4dor;",
    "MYP=Tr0ub4dor\nbteq <<EOF\n.LOGON h/u,${MYP}\nCREATE VIEW v AS SELECT '${MYP}' x;\nEOF",
    "MYP=Tr0ub4dor\nbteq <<EOF\nCREATE VIEW v AS SELECT '${MYP}' x;\n.LOGON h/u,${MYP}\nEOF",
    "MYP=Tr0ub4dor\nbteq <<EOF\n.LOGON h/u,$MYP\nCREATE TABLE t (a VARCHAR(20) DEFAULT '${MYP}');\nEOF",
    "MYP=Tr0ub4dor\nbteq <<EOF\nCREATE USER u AS PASSWORD=${MYP}, "
    "PERM=0;\nCREATE TABLE t (a VARCHAR(20) DEFAULT '${MYP}');\nEOF",
    'LS="tdp/u,Tr0ub4dor"\nbteq <<EOF\n.LOGON ${LS}\nCREATE TABLE t (a VARCHAR(20) DEFAULT \'${LS}\');\nEOF',
    "GRANT SELECT ON db TO u IDENTIFIED BY Tr0ub4dor;",
    "GRANT CONNECT THROUGH x TO u WITH IDENTIFIED BY 'Tr0ub4dor';",
    "SET SESSION ACCOUNT='Tr0ub4dor' FOR SESSION;",
    "COMMENT ON USER u IS 'initial password: Tr0ub4dor';",
    "COMMENT ON USER u 'initial password is Tr0ub4dor';",
    "CREATE TABLE t (a INT);\nCOMMENT ON TABLE t IS 'initial password: Tr0ub4dor';",
    ".REMARK 'password is Tr0ub4dor'",
    ".RUN FILE=/home/u:Tr0ub4dor@host/l.txt",
    "CREATE AUTHORIZATION a USER 'x' PASSWORD 'Tr0ub4dor';",
    "CREATE AUTHORIZATION a AS DEFINER TRUSTED USER 'x' PASSWORD 'Tr0ub4dor';",
    "ALTER AUTHORIZATION a USER 'x' PASSWORD 'Tr0ub4dor';",
    "MODIFY USER u AS PASSWORD = Tr0ub4dor;",
    'MODIFY USER u AS PASSWORD = "Tr0ub4dor" FOR USER;',
    "CREATE USER u AS PERM=0 PASSWORD Tr0ub4dor;",
    ".OS sqlcmd -P Tr0ub4dor",
    ".LOGDATA u@@Tr0ub4dor",
    "LOGON tdp/u,\nTr0ub4dor;",
    ".LOGON tdp/u\nTr0ub4dor\nCREATE TABLE t (a INT);",
    "CALL p('user','PASSWORD=Tr0ub4dor');",
    "SELECT * FROM READ_NOS (USING ACCESS_KEY('Tr0ub4dor')) d;",
    "HELP SESSION PASSWORD 'Tr0ub4dor';",
    "EXEC m ('pw=Tr0ub4dor');",
)  # fmt: skip

#: The same for Oracle.
ORACLE = (
    "-- CONNECT scott/Tr0ub4dor\nCREATE TABLE t (a INT);",
    "REM CONNECT scott/Tr0ub4dor\nCREATE TABLE t (a INT);",
    "CREATE TABLE t (a INT /* IDENTIFIED BY Tr0ub4dor */);",
    "CONNECT scott/Tr0ub4dor@db",
    "CONN scott/Tr0ub4dor",
    "HOST sqlplus scott/Tr0ub4dor@db @x.sql",
    "! sqlplus scott/Tr0ub4dor",
    "PROMPT password is Tr0ub4dor",
    "DEFINE pw = Tr0ub4dor",
    "DEFINE app_password = 'Tr0ub4dor'\nCREATE VIEW v AS SELECT '&app_password' x FROM dual;",
    "COPY FROM scott/Tr0ub4dor@db TO x/y@z CREATE t USING SELECT 1 FROM dual",
    "CREATE USER scott IDENTIFIED BY Tr0ub4dor;",
    "ALTER USER scott IDENTIFIED BY Tr0ub4dor REPLACE Tr0ub4dor;",
    "ALTER USER scott IDENTIFIED BY VALUES 'S:Tr0ub4dor';",
    "CREATE ROLE r IDENTIFIED BY Tr0ub4dor;",
    "SET ROLE r IDENTIFIED BY Tr0ub4dor;",
    "GRANT CONNECT TO scott IDENTIFIED BY Tr0ub4dor;",
    "CREATE DATABASE LINK l CONNECT TO u IDENTIFIED BY Tr0ub4dor USING 'x';",
    'CREATE DATABASE LINK l CONNECT TO u IDENTIFIED BY "Tr0ub4dor" USING \'x\';',
    "BEGIN EXECUTE IMMEDIATE 'CREATE USER x IDENTIFIED BY Tr0ub4dor'; END;\n/",
    "BEGIN DBMS_NETWORK_ACL_ADMIN.x('PASSWORD=Tr0ub4dor'); END;\n/",
    "CREATE OR REPLACE PROCEDURE p AS BEGIN /* password: Tr0ub4dor */ NULL; END;\n/",
    "CREATE OR REPLACE PROCEDURE p AS BEGIN UTL_HTTP.SET_WALLET('file:x', password => 'Tr0ub4dor'); END;\n/",
    "BEGIN UTL_HTTP.SET_WALLET('file:x', password => 'Tr0ub4dor'); END;\n/",
    "EXEC dbms_scheduler.create_credential('c', username => 'x', password => 'Tr0ub4dor')",
    "CREATE TABLE t (a INT ENCRYPT IDENTIFIED BY Tr0ub4dor);",
    'CREATE TABLE t (a INT ENCRYPT USING \'AES\' IDENTIFIED BY "Tr0ub4dor");',
    "COMMENT ON TABLE t IS 'password: Tr0ub4dor';",
    "ADMINISTER KEY MANAGEMENT SET KEY IDENTIFIED BY Tr0ub4dor WITH BACKUP;",
    "ALTER SYSTEM SET ENCRYPTION KEY IDENTIFIED BY Tr0ub4dor;",
    "@/home/u:Tr0ub4dor@host/x.sql",
    "PASSWORD Tr0ub4dor",
    "CREATE TABLE t (a INT) x IDENTIFIED BY Tr0ub4dor;",
    "ALTER SESSION SET x = y IDENTIFIED BY Tr0ub4dor;",
    "START x.sql -- scott/Tr0ub4dor@db",
)  # fmt: skip

#: And for SQL Server.
SQLSERVER = (
    "-- sqlcmd -U sa -P Tr0ub4dor\nCREATE TABLE t (a INT);",
    "/* PASSWORD = 'Tr0ub4dor' */\nCREATE TABLE t (a INT);",
    "CREATE TABLE t (a INT /* PASSWORD = 'Tr0ub4dor' */, b INT -- pwd=Tr0ub4dor\n);",
    ':setvar Password "Tr0ub4dor"\nGO\nCREATE TABLE t (a varchar(30) DEFAULT \'$(Password)\');',
    ":setvar SaPwd Tr0ub4dor\nCREATE VIEW v AS SELECT '$(SaPwd)' AS x;",
    "GO\n-- EXEC sp_addlogin 'bob', 'Tr0ub4dor'",
    "IF 1=1 -- pwd: Tr0ub4dor\nCREATE TABLE t (a INT)",
    "EXEC sp_addextendedproperty 'MS_Description', 'password: Tr0ub4dor', 'SCHEMA', 'dbo', 'TABLE', 't'",
    "CREATE TABLE t (a INT);\nEXEC sp_addextendedproperty 'MS_Desc"
    "ription', 'password: Tr0ub4dor', 'SCHEMA', 'dbo', 'TABLE', 't'",
    ":r \\\\\\\\u:Tr0ub4dor@host\\\\x.sql",
    "PRINT 'password is Tr0ub4dor'",
    "CREATE EXTERNAL DATA SOURCE x WITH (LOCATION='https://u:Tr0ub4dor@host')",
    "CREATE LOGIN bob WITH PASSWORD = 'Tr0ub4dor' -- x",
    "CREATE PROCEDURE p AS /* password = 'Tr0ub4dor' */ SELECT 1",
)  # fmt: skip

#: Comments with a password in them.
COMMENTS = (
    "-- CONNECT scott/Tr0ub4dor",
    "--connect scott/Tr0ub4dor@orcl",
    "-- conn sys/Tr0ub4dor as sysdba",
    "-- SQL> connect system/Tr0ub4dor",
    "-- please CONNECT scott/Tr0ub4dor before running",
    "-- sqlplus -s scott/Tr0ub4dor@db @x.sql",
    "-- sqlplus scott/Tr0ub4dor",
    "-- exp system/Tr0ub4dor full=y",
    "-- expdp system/Tr0ub4dor",
    "-- sqlldr userid=scott/Tr0ub4dor control=x",
    "-- rman target sys/Tr0ub4dor",
    "-- sqlcmd -U sa -P Tr0ub4dor",
    "-- sqlcmd -S . -U sa -PTr0ub4dor -d x",
    "-- osql -Usa -PTr0ub4dor",
    '-- bcp db.dbo.t out f -U sa -P "Tr0ub4dor" -c',
    "/* PASSWORD = 'Tr0ub4dor' */",
    "-- password: Tr0ub4dor",
    "-- Password = Tr0ub4dor",
    "-- password is Tr0ub4dor",
    "-- the password is 'Tr0ub4dor', do not tell",
    "-- user: sa, pw: Tr0ub4dor",
    "-- pwd=Tr0ub4dor;",
    "-- Server=x;User Id=sa;Password=Tr0ub4dor;Encrypt=no",
    "-- .LOGON tdp/u,Tr0ub4dor",
    "/* .LOGON tdp/u,Tr0ub4dor; */",
    "* .LOGON tdp/u,Tr0ub4dor",
    "-- .logon u,Tr0ub4dor",
    "-- LOGON tdp/u,Tr0ub4dor;",
    "--CREATE USER u AS PASSWORD=Tr0ub4dor, PERM=0;",
    "/* old: PASSWORD=Tr0ub4dor */",
    "-- h/u,Tr0ub4dor",
    "/* .logon h/u,Tr0ub4dor */",
    "-- IDENTIFIED BY Tr0ub4dor",
    "-- CREATE USER scott IDENTIFIED BY Tr0ub4dor;",
    "-- GRANT CONNECT TO scott IDENTIFIED BY Tr0ub4dor",
    '-- alter user x identified by "Tr0ub4dor"',
    "-- create database link l connect to u identified by Tr0ub4dor using 'x'",
    "-- https://u:Tr0ub4dor@host/x",
    "-- /home/u:Tr0ub4dor@host/l.txt",
    "-- jdbc:oracle:thin:scott/Tr0ub4dor@//h:1521/x",
    "-- EXEC sp_addlogin 'bob', 'Tr0ub4dor'",
    "-- CREATE LOGIN bob WITH PASSWORD = N'Tr0ub4dor'",
    "-- ACCESS_KEY('Tr0ub4dor')",
    "-- LOCATION('/az/x?sig=Tr0ub4dor')",
    "-- AccountKey=Tr0ub4dor==",
    '-- "Access_Key":"Tr0ub4dor"',
    "-- export PGPASSWORD=Tr0ub4dor",
    "-- Authorization: Bearer Tr0ub4dor",
    "-- mysql -u root -pTr0ub4dor db",
    "-- password hunter2Tr0ub4dor",
    "-- initial password: Tr0ub4dor",
    "-- .LOGDATA u@@Tr0ub4dor",
    "-- MY_DB_PASS=Tr0ub4dor",
    '-- :setvar Password "Tr0ub4dor"',
    "-- :connect far -U sa -P Tr0ub4dor",
    "-- default password is Tr0ub4dor for all users",
    "-- TOKEN = abc123Tr0ub4dordef45678",
    "-- ENCRYPTBYPASSPHRASE('Tr0ub4dor', x)",
    "-- ALTER USER sa WITH PASSWORD 'Tr0ub4dor'",
    "-- define pw = Tr0ub4dor",
    "-- Das Passwort: Tr0ub4dor1",
)  # fmt: skip

#: Comments that only speak of passwords, or of something else.
PROSE = (
    "-- the password is stored as a hash",
    "-- Password: must be encrypted",
    "-- password: hashed with bcrypt",
    "-- password policy: at least 8 characters",
    "-- PASSWORD_LIFE_TIME = 180",
    "-- Primary Key: customer_id",
    "-- sort key = order_no",
    "-- token: text of the message",
    "-- rows are identified by order_no",
    "-- connect by prior",
    "-- Connect order/customer tables",
    "-- connect client/server applications",
    "-- yes/no, or maybe",
    "-- insert/update: see below",
    "-- WHERE u.password = @password AND s.password = u.password",
    "-- LOGON trigger for audit",
    "-- .LOGON is executed by the wrapper",
    "-- user name and password of the account",
    "-- first pass: load rows",
    "-- Secret santa list",
    "-- the secretary: Smith",
    "-- mail to joe@example.com",
    "-- time 10:30",
    "-- key: value pairs",
    "-- foreign key = a(b)",
    "-- password is required",
    "-- password is unique across tenants",
    "-- password varchar(20)",
    "-- password: see the wiki",
    "-- reset the password to the default",
    "-- ${TD_PASSWORD}",
    "-- .LOGON tdp/u,$tdwallet(x)",
    "-- CREATE USER u IDENTIFIED BY &pw",
    "-- PASSWORD=${PW}",
    "-- password = <your password>",
    "-- Signature: f(x)",
    "-- auth: Joe",
    "-- export all rows / import all",
    "-- see http://example.com/a:b",
    "-- exp date/time",
    "-- Author: Joe",
    "-- passed: 3",
    "-- a/b,c are divided",
    "-- @param password: the new password",
    "-- SELECT password FROM users",
    "-- expire = 3",
    "-- sqlcmd -S server -i file.sql",
    "DEFINE pwd_oe = &2",
    "-- use sqlplus / as sysdba",
    "-- $Id: x $",
)  # fmt: skip

SCRIPTS = [
    *(("sqlserver", s) for s in STATEMENTS + SQLSERVER),
    *(("teradata", s) for s in TERADATA),
    *(("oracle", s) for s in ORACLE),
]


@pytest.mark.parametrize(("source", "statement"), SCRIPTS)
def test_no_secret_comes_out(source: str, statement: str) -> None:
    done = convert_files((from_text(statement + "\n", "s.sql"),), source=source, target=engines.TARGETS)
    shown = [c.sql for c in done.conversions]
    shown += [f.message + f.remedy + f.object for c in done.conversions for f in c.findings]
    shown += [as_json(done.model)]
    assert not [text for text in shown if "Tr0ub4dor" in text]


@pytest.mark.parametrize("comment", COMMENTS)
def test_comments_lose_their_passwords(comment: str) -> None:
    safe = in_comment(comment)
    assert "Tr0ub4dor" not in safe
    assert in_comment(safe) == safe


def test_a_user_whose_name_is_his_password() -> None:
    assert in_comment("-- the user scott/scott may read") == "-- the user scott/*** may read"


@pytest.mark.parametrize("comment", PROSE)
def test_comments_that_speak_of_passwords_stay(comment: str) -> None:
    assert in_comment(comment) == comment


@pytest.mark.parametrize("source", ["oracle", "sqlserver", "teradata"])
def test_what_was_taken_out_is_said(source: str) -> None:
    text = "-- password: Tr0ub4dor\nCREATE TABLE t (\n    a INTEGER -- pwd=Tr0ub4dor\n);\n-- pw = Tr0ub4dor\n"
    done = convert_files((from_text(text, "s.sql"),), source=source, target="postgres")
    assert [f.line for f in done.conversions[0].findings if f.code == "SC1043"] == [1, 3, 5]
    assert done.conversions[0].sql.count("***") == 3


@pytest.mark.parametrize(
    "text",
    [
        "CREATE PROCEDURE p @Password varchar(20) AS SELECT 1 FROM u WHERE Password = @Password AND k = 'x'",
        "EXEC sp_addrole 'sales'",
        "SELECT 'key', N'the secret' FROM login",
    ],
)
def test_the_rest_stays(text: str) -> None:
    assert redacted(text) == text
