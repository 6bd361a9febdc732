"""Passwords and keys of a script never reach an output, a report or a log."""

from __future__ import annotations

import pytest

from schemaconv import engines
from schemaconv.api import convert_files
from schemaconv.report.json_report import render as as_json
from schemaconv.source import from_text
from schemaconv.sql.secrets import redacted

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


@pytest.mark.parametrize("statement", STATEMENTS)
def test_no_secret_comes_out(statement: str) -> None:
    done = convert_files((from_text(statement + "\n", "s.sql"),), source="sqlserver", target=engines.TARGETS)
    shown = [c.sql for c in done.conversions]
    shown += [f.message + f.remedy for c in done.conversions for f in c.findings]
    shown += [as_json(done.model)]
    assert not [text for text in shown if "Tr0ub4dor" in text]


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
