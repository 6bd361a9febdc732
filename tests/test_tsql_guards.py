"""Tests of the catalog in front of statements, worked out over what a script has made: what SQL Server would answer."""

from __future__ import annotations

import pytest

from schemaconv.diagnostics import Log
from schemaconv.options import DEFAULTS
from schemaconv.read.sqlserver import SourceReader
from schemaconv.read.sqlserver_guards import Truth
from schemaconv.source import from_text

SCRIPT = """
CREATE DATABASE Shop;
GO
USE Shop;
GO
CREATE SCHEMA app;
GO
CREATE TYPE dbo.Code FROM varchar(8) NOT NULL;
CREATE TYPE app.Ids AS TABLE (Id int);
CREATE SEQUENCE app.Numbers AS int;
CREATE SYNONYM dbo.Orders2 FOR app.[Order];
CREATE ROLE clerks;
CREATE USER anna FOR LOGIN anna;
CREATE LOGIN anna WITH PASSWORD = 'x';
CREATE PARTITION FUNCTION pf (int) AS RANGE RIGHT FOR VALUES (1);
GO
CREATE TABLE dbo.Users (
    Id int IDENTITY NOT NULL CONSTRAINT PK_Users PRIMARY KEY,
    IsActive bit NOT NULL CONSTRAINT DF_Users_IsActive DEFAULT (1),
    [Type] int NULL,
    No varchar(10) NULL,
    Long nvarchar(max) NULL,
    Twice AS (Id * 2)
);
CREATE TABLE app.[Order] (
    Id int NOT NULL,
    UserId int NOT NULL CONSTRAINT FK_Order_User REFERENCES dbo.Users (Id) ON DELETE CASCADE,
    Total money NOT NULL CONSTRAINT CK_Total CHECK (Total >= 0),
    Nr int NULL CONSTRAINT UQ_Nr UNIQUE,
    Unnamed int DEFAULT 0
);
CREATE INDEX ix ON dbo.Users ([Type]) WHERE [Type] > 0;
CREATE UNIQUE INDEX IX ON app.[Order] (Id, UserId);
CREATE TABLE #work (a int);
CREATE TABLE dbo.Gone (a int);
DROP TABLE dbo.Gone;
GO
CREATE VIEW dbo.Active AS SELECT Id FROM dbo.Users;
GO
CREATE PROCEDURE dbo.Do AS SELECT 1;
GO
CREATE FUNCTION dbo.Twofold (@a int) RETURNS int AS BEGIN RETURN 2 * @a END
GO
CREATE FUNCTION dbo.AllUsers () RETURNS TABLE AS RETURN SELECT Id FROM dbo.Users
GO
CREATE TRIGGER dbo.Watch ON dbo.Users AFTER INSERT AS RETURN
GO
EXEC sp_addextendedproperty N'MS_Description', N'those who log in', N'SCHEMA', N'dbo', N'TABLE', N'Users';
GO
"""

YES = """
OBJECT_ID('dbo.Users') IS NOT NULL
OBJECT_ID(N'[dbo].[Users]', N'U') IS NOT NULL
OBJECT_ID('Users') > 0
OBJECT_ID('Shop.dbo.Users') IS NOT NULL
OBJECT_ID('Shop..Users') IS NOT NULL
OBJECT_ID('"dbo"."users"') <> 0
ISNULL(OBJECT_ID('dbo.Users'), 0) <> 0
OBJECT_ID('dbo.Users', 'V') IS NULL
OBJECT_ID('dbo.Active', 'V') IS NOT NULL
OBJECT_ID('dbo.Do', 'P') IS NOT NULL
OBJECT_ID('dbo.Twofold', 'FN') IS NOT NULL
OBJECT_ID('dbo.AllUsers', 'IF') IS NOT NULL
OBJECT_ID('dbo.AllUsers', 'FN') IS NULL
OBJECT_ID('dbo.Watch', 'TR') IS NOT NULL
OBJECT_ID('app.Numbers', 'SO') IS NOT NULL
OBJECT_ID('dbo.Orders2', 'SN') IS NOT NULL
OBJECT_ID('PK_Users', 'PK') IS NOT NULL
OBJECT_ID('dbo.DF_Users_IsActive', 'D') IS NOT NULL
OBJECT_ID('app.CK_Total') IS NOT NULL
OBJECT_ID('dbo.CK_Total') IS NULL
OBJECT_ID('[Order]') IS NULL
OBJECT_ID('dbo.Gone') IS NULL
OBJECT_ID('tempdb..#work') IS NOT NULL
OBJECT_ID('tempdb.dbo.#work') IS NOT NULL
OBJECT_ID('tempdb..#other') IS NULL
(OBJECT_ID('dbo.Nothing')) IS NULL
NOT (OBJECT_ID('dbo.Nothing') IS NOT NULL)
COL_LENGTH('dbo.Users', 'IsActive') IS NOT NULL
COL_LENGTH('dbo.Users', 'IsNever') IS NULL
COL_LENGTH('dbo.Users', 'No') = 10
COL_LENGTH('Users', 'Long') = -1
COL_LENGTH('dbo.Users', 'Id') > 0
COL_LENGTH('dbo.Nothing', 'Id') IS NULL
COLUMNPROPERTY(OBJECT_ID('dbo.Users'), 'Id', 'IsIdentity') = 1
COLUMNPROPERTY(OBJECT_ID('dbo.Users'), 'Type', 'IsIdentity') = 0
COLUMNPROPERTY(OBJECT_ID('dbo.Users'), 'Type', 'AllowsNull') = 1
COLUMNPROPERTY(OBJECT_ID('dbo.Users'), 'Nothing', 'ColumnId') IS NULL
COLUMNPROPERTY(OBJECT_ID('dbo.Users'), 'Twice', 'IsComputed') = 1
INDEXPROPERTY(OBJECT_ID('dbo.Users'), 'ix', 'IndexID') IS NOT NULL
INDEXPROPERTY(OBJECT_ID('dbo.Users'), 'ix', 'IsUnique') = 0
INDEXPROPERTY(OBJECT_ID('app.Order'), 'IX', 'IsUnique') = 1
INDEXPROPERTY(OBJECT_ID('dbo.Users'), 'iy', 'IndexID') IS NULL
INDEXPROPERTY(OBJECT_ID('dbo.Users'), 'PK_Users', 'IsClustered') = 1
OBJECTPROPERTY(OBJECT_ID('dbo.Users'), 'IsUserTable') = 1
OBJECTPROPERTY(OBJECT_ID('dbo.Users'), 'TableHasPrimaryKey') = 1
OBJECTPROPERTY(OBJECT_ID('app.Order'), 'TableHasPrimaryKey') = 0
SCHEMA_ID('app') IS NOT NULL
SCHEMA_ID('dbo') IS NOT NULL
SCHEMA_ID('sales') IS NULL
TYPE_ID('dbo.Code') IS NOT NULL
TYPE_ID('Nothing') IS NULL
TYPE_ID('int') IS NOT NULL
DB_ID('Shop') IS NOT NULL
DB_ID(N'Elsewhere') IS NULL
DATABASE_PRINCIPAL_ID('clerks') IS NOT NULL
USER_ID('public') IS NOT NULL
SUSER_ID('anna') IS NOT NULL
SUSER_ID('berta') IS NULL
OBJECT_NAME(OBJECT_ID('dbo.Users')) = 'users'
EXISTS (SELECT * FROM sys.columns WHERE object_id = OBJECT_ID(N'dbo.Users') AND name = 'Type')
EXISTS (SELECT 1 FROM sys.columns WHERE [name] = N'No' AND [object_id] = OBJECT_ID(N'[dbo].[Users]'))
NOT EXISTS (SELECT * FROM sys.columns WHERE object_id = OBJECT_ID(N'app.[Order]') AND name = 'Type')
NOT EXISTS (SELECT * FROM sys.columns WHERE Name = N'Id' AND Object_ID = Object_ID(N'dbo.Nothing'))
EXISTS (SELECT * FROM sys.columns c JOIN sys.tables t ON t.object_id = c.object_id
        WHERE t.name = 'Users' AND c.name = 'IsActive')
NOT EXISTS (SELECT * FROM sys.columns AS c INNER JOIN sys.tables AS t ON t.object_id = c.object_id
        JOIN sys.schemas s ON s.schema_id = t.schema_id WHERE s.name = 'app' AND t.name = 'Users' AND c.name = 'Id')
EXISTS (SELECT * FROM sys.columns c JOIN sys.types t ON t.user_type_id = c.user_type_id
        WHERE c.object_id = OBJECT_ID('dbo.Users') AND c.name = 'No' AND t.name = 'varchar')
EXISTS (SELECT * FROM sys.columns WHERE object_id = OBJECT_ID('dbo.Users') AND name = 'Long' AND max_length = -1)
EXISTS (SELECT * FROM sys.columns WHERE object_id = OBJECT_ID('dbo.Users') AND name = 'Type' AND is_nullable = 1)
EXISTS (SELECT * FROM syscolumns WHERE id = OBJECT_ID('Users') AND name = 'Type')
EXISTS (SELECT * FROM dbo.syscolumns c, dbo.sysobjects o WHERE c.id = o.id AND o.name = 'Users' AND c.name = 'No')
EXISTS (SELECT 1 FROM sys.identity_columns WHERE object_id = OBJECT_ID('dbo.Users'))
NOT EXISTS (SELECT 1 FROM sys.identity_columns WHERE object_id = OBJECT_ID('app.Order'))
EXISTS (SELECT * FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.Users') AND name = N'ix')
NOT EXISTS (SELECT * FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.Users') AND name = N'iy')
EXISTS (SELECT * FROM sys.indexes WHERE name = 'PK_Users' AND object_id = OBJECT_ID('dbo.Users') AND is_primary_key = 1)
NOT EXISTS (SELECT * FROM sys.indexes WHERE object_id = OBJECT_ID('app.Order') AND name = 'PK_Users')
EXISTS (SELECT * FROM dbo.sysindexes WHERE name = N'ix' AND id = OBJECT_ID(N'[dbo].[Users]') AND indid > 0
        AND indid < 255)
EXISTS (SELECT * FROM sys.indexes WHERE object_id = OBJECT_ID('app.Order') AND name = 'IX' AND is_unique = 1)
EXISTS (SELECT 1 FROM sys.indexes i JOIN sys.objects o ON o.object_id = i.object_id WHERE i.name = 'ix'
        AND o.name = 'Users')
EXISTS (SELECT * FROM sys.key_constraints WHERE name = 'PK_Users' AND type = 'PK')
EXISTS (SELECT * FROM sys.key_constraints WHERE parent_object_id = OBJECT_ID('app.Order') AND type = 'UQ')
NOT EXISTS (SELECT * FROM sys.key_constraints WHERE parent_object_id = OBJECT_ID('app.Order') AND [type] = 'PK')
EXISTS (SELECT * FROM sys.foreign_keys WHERE object_id = OBJECT_ID(N'[app].[FK_Order_User]')
        AND parent_object_id = OBJECT_ID(N'[app].[Order]'))
EXISTS (SELECT 1 FROM sys.foreign_keys WHERE name = 'FK_Order_User' AND referenced_object_id = OBJECT_ID('dbo.Users'))
NOT EXISTS (SELECT * FROM sys.foreign_keys WHERE name = 'FK_Other')
NOT EXISTS (SELECT * FROM sys.foreign_keys WHERE parent_object_id = OBJECT_ID('dbo.Users'))
EXISTS (SELECT * FROM sys.check_constraints WHERE object_id = OBJECT_ID('app.CK_Total'))
EXISTS (SELECT * FROM sys.default_constraints WHERE name = 'DF_Users_IsActive')
EXISTS (SELECT * FROM sys.default_constraints WHERE object_id = OBJECT_ID(N'DF_Users_IsActive')
        AND parent_object_id = OBJECT_ID(N'dbo.Users'))
EXISTS (SELECT * FROM sys.default_constraints d JOIN sys.columns c ON c.default_object_id = d.object_id
        WHERE d.parent_object_id = OBJECT_ID('app.Order') AND c.name = 'Unnamed')
NOT EXISTS (SELECT * FROM sys.default_constraints WHERE parent_object_id = OBJECT_ID('dbo.Users')
        AND parent_column_id = COLUMNPROPERTY(OBJECT_ID('dbo.Users'), 'Type', 'ColumnId'))
EXISTS (SELECT * FROM dbo.sysobjects WHERE id = OBJECT_ID(N'[DF_Users_IsActive]') AND type = 'D')
EXISTS (SELECT * FROM sysobjects WHERE name = 'PK_Users' AND xtype = 'PK' AND type = 'K')
EXISTS (SELECT * FROM sysobjects WHERE id = OBJECT_ID('dbo.Users') AND sysstat & 0xf = 3)
NOT EXISTS (SELECT * FROM sysobjects WHERE id = OBJECT_ID('dbo.Users') AND sysstat & 0xf = 2)
EXISTS (SELECT * FROM dbo.sysobjects WHERE id = OBJECT_ID(N'[dbo].[Users]') AND OBJECTPROPERTY(id, N'IsUserTable') = 1)
EXISTS (SELECT * FROM sys.objects WHERE object_id = OBJECT_ID(N'[dbo].[Users]') AND type in (N'U'))
EXISTS (SELECT * FROM sys.objects WHERE object_id = OBJECT_ID(N'dbo.Twofold') AND type IN (N'FN', N'IF', N'TF', N'FS'))
NOT EXISTS (SELECT * FROM sys.objects WHERE object_id = OBJECT_ID(N'dbo.Active') AND type = N'U')
EXISTS (SELECT * FROM sys.objects WHERE name = 'Users' AND type_desc = 'USER_TABLE' AND is_ms_shipped = 0)
EXISTS (SELECT 1 FROM sys.objects WHERE name = 'Order' AND schema_id = SCHEMA_ID('app'))
NOT EXISTS (SELECT 1 FROM sys.tables WHERE name = 'Order' AND schema_id = SCHEMA_ID('dbo'))
EXISTS (SELECT 1 FROM sys.tables WHERE name LIKE 'Us%' AND SCHEMA_NAME(schema_id) = 'dbo')
NOT EXISTS (SELECT 1 FROM sys.tables WHERE name LIKE 'Us_')
EXISTS (SELECT * FROM sys.views WHERE name = 'Active')
EXISTS (SELECT * FROM sys.procedures WHERE name = 'Do')
EXISTS (SELECT * FROM sys.sequences WHERE object_id = OBJECT_ID('app.Numbers') AND type = 'SO')
EXISTS (SELECT * FROM sys.synonyms WHERE name = 'Orders2')
EXISTS (SELECT * FROM sys.triggers WHERE name = 'Watch' AND parent_id = OBJECT_ID('dbo.Users'))
NOT EXISTS (SELECT * FROM sys.triggers WHERE object_id = OBJECT_ID('dbo.Nothing'))
EXISTS (SELECT * FROM sys.schemas WHERE name = N'app')
NOT EXISTS (SELECT schema_name FROM information_schema.schemata WHERE schema_name = 'sales')
EXISTS (SELECT * FROM sys.types WHERE name = 'Code' AND is_user_defined = 1)
EXISTS (SELECT * FROM sys.types st JOIN sys.schemas ss ON st.schema_id = ss.schema_id
        WHERE st.name = N'Code' AND ss.name = N'dbo')
EXISTS (SELECT * FROM sys.table_types WHERE name = 'Ids' AND schema_id = SCHEMA_ID('app'))
EXISTS (SELECT * FROM systypes WHERE name = 'Code')
NOT EXISTS (SELECT * FROM sys.types WHERE is_table_type = 1 AND name = 'Code')
EXISTS (SELECT * FROM sys.database_principals WHERE name = N'clerks' AND type = 'R')
EXISTS (SELECT * FROM sysusers WHERE name = 'anna')
NOT EXISTS (SELECT * FROM sys.database_principals WHERE name = 'berta')
EXISTS (SELECT * FROM sys.server_principals WHERE name = 'anna')
EXISTS (SELECT name FROM master.dbo.sysdatabases WHERE name = N'Shop')
NOT EXISTS (SELECT * FROM sys.databases WHERE name = 'Elsewhere')
EXISTS (SELECT * FROM sys.partition_functions WHERE name = N'pf')
NOT EXISTS (SELECT * FROM sys.partition_schemes WHERE name = N'ps')
EXISTS (SELECT * FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'Users')
EXISTS (SELECT * FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'dbo' AND TABLE_NAME = 'Users'
        AND TABLE_TYPE = 'BASE TABLE' AND TABLE_CATALOG = 'Shop')
NOT EXISTS (SELECT * FROM Shop.INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = N'app' AND TABLE_NAME = N'Users')
EXISTS (SELECT * FROM INFORMATION_SCHEMA.VIEWS WHERE TABLE_NAME = 'Active')
EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'Users' AND COLUMN_NAME = 'IsActive')
NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'Order' AND COLUMN_NAME = 'IsActive')
EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'Users' AND COLUMN_NAME = 'No'
        AND DATA_TYPE = 'varchar' AND CHARACTER_MAXIMUM_LENGTH = 10 AND IS_NULLABLE = 'YES')
EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'Users' AND COLUMN_NAME = 'Id'
        AND IS_NULLABLE = 'NO')
EXISTS (SELECT * FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS WHERE CONSTRAINT_TYPE = 'PRIMARY KEY'
        AND TABLE_NAME = 'Users')
NOT EXISTS (SELECT * FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS WHERE CONSTRAINT_TYPE = 'PRIMARY KEY'
        AND TABLE_NAME = 'Order' AND TABLE_SCHEMA = 'app')
EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_NAME = 'FK_Order_User')
EXISTS (SELECT * FROM INFORMATION_SCHEMA.KEY_COLUMN_USAGE WHERE TABLE_NAME = 'Order' AND COLUMN_NAME = 'UserId')
EXISTS (SELECT * FROM INFORMATION_SCHEMA.CONSTRAINT_COLUMN_USAGE WHERE CONSTRAINT_NAME = 'PK_Users')
EXISTS (SELECT * FROM INFORMATION_SCHEMA.ROUTINES WHERE ROUTINE_NAME = 'Do' AND ROUTINE_TYPE = 'PROCEDURE')
NOT EXISTS (SELECT * FROM INFORMATION_SCHEMA.ROUTINES WHERE ROUTINE_NAME = 'Twofold' AND ROUTINE_TYPE = 'PROCEDURE')
EXISTS (SELECT * FROM sys.fn_listextendedproperty(N'MS_Description', N'SCHEMA', N'dbo', N'TABLE', N'Users', NULL, NULL))
NOT EXISTS (SELECT * FROM ::fn_listextendedproperty(N'MS_Description', N'SCHEMA', N'dbo', N'TABLE', N'Users',
        N'COLUMN', N'Id'))
'Users' IN (SELECT name FROM sys.tables)
'Nothing' NOT IN (SELECT name FROM sys.tables)
(SELECT COUNT(*) FROM sys.tables WHERE name = 'Users') = 1
(SELECT COUNT(*) FROM sys.tables WHERE name = 'Nothing') = 0
(SELECT OBJECT_ID('dbo.Users')) IS NOT NULL
(SELECT object_id FROM sys.tables WHERE name = 'Nothing') IS NULL
EXISTS (SELECT * FROM sys.tables t WHERE t.name = 'Users' AND EXISTS (SELECT * FROM sys.columns c
        WHERE c.object_id = t.object_id AND c.name = 'No'))
EXISTS (SELECT * FROM sys.columns WHERE name = 'No'
        AND object_id = (SELECT object_id FROM sys.tables WHERE name = 'Users'))
OBJECT_ID('dbo.Users') IS NULL OR COL_LENGTH('dbo.Users', 'Id') IS NOT NULL
OBJECT_ID('dbo.Users') IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sys.tables WHERE name = 'Nothing')
"""

UNSURE = """
EXISTS (SELECT * FROM Elsewhere.sys.tables WHERE name = 'Users')
OBJECT_ID('Elsewhere.dbo.Users') IS NULL
EXISTS (SELECT * FROM sys.columns WHERE object_id = OBJECT_ID('dbo.Active') AND name = 'Id')
EXISTS (SELECT * FROM sys.tables WHERE name = 'Users' AND modify_date > '20200101')
EXISTS (SELECT * FROM sys.objects WHERE name LIKE 'DF__Order%')
EXISTS (SELECT * FROM sys.indexes WHERE object_id = OBJECT_ID('dbo.Users') AND index_id = 3)
EXISTS (SELECT * FROM sys.columns WHERE object_id = OBJECT_ID('dbo.Users') AND name = 'No' AND collation_name = 'x')
EXISTS (SELECT 1 FROM sys.tables t LEFT JOIN sys.columns c ON c.object_id = t.object_id WHERE t.name = 'Users')
EXISTS (SELECT 1 FROM sys.tables WHERE name = 'Users' GROUP BY name HAVING COUNT(*) > 1)
OBJECT_ID('sys.tables') IS NULL
DB_NAME(7) = 'Shop'
EXISTS (SELECT * FROM sys.something_new WHERE name = 'x')
"""


def conditions(text: str) -> list[str]:
    """The conditions of a list: what is indented goes on with the line before."""
    return text.strip().replace("\n        ", " ").splitlines()


@pytest.fixture(scope="module")
def reader() -> SourceReader:
    made = SourceReader((from_text(SCRIPT, "made.sql"),), DEFAULTS, Log())
    made.script(0)
    return made


@pytest.mark.parametrize("test", conditions(YES))
def test_holds(reader: SourceReader, test: str) -> None:
    assert reader.judge.decide(f"IF {test}") is Truth.YES
    assert reader.judge.decide(f"IF NOT ({test})") is Truth.NO


@pytest.mark.parametrize("test", conditions(UNSURE))
def test_is_not_decided(reader: SourceReader, test: str) -> None:
    assert reader.judge.decide(f"IF {test}") is Truth.UNSURE


@pytest.mark.parametrize(
    "test", ["", "IF", "IF (", "IF EXISTS (SELECT", "IF EXISTS (SELECT * FROM)", "IF 'a'", "IF " + "(" * 500, "IF NOT",
             "IF OBJECT_ID('a' IS NULL", "IF EXISTS (SELECT * FROM sys.tables WHERE)", "IF OBJECT_ID(''''",
             "IF COL_LENGTH(NULL, NULL) = 1e5", "IF OBJECT_ID() IS NULL AND"]
)  # fmt: skip
def test_half_a_condition(reader: SourceReader, test: str) -> None:
    assert reader.judge.decide(test) is Truth.UNSURE
