"""The types of SQL Server and Teradata: how they are read, how targets spell them, what servers say to that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from redshift_checks import problems, unparsable
from test_types import FAMILIES, mysql, postgres

from schemaconv import engines
from schemaconv.ir.types import Type
from schemaconv.legalize import types as legal
from schemaconv.legalize.types import NO_CONTEXT, Spelled, TypeContext
from schemaconv.options import DEFAULTS, Options, from_pairs
from schemaconv.read.typenames import names, read_type
from schemaconv.sql import tokens as lex
from schemaconv.sql.kinds import family, fits_int4, is_date, is_integer
from schemaconv.sql.lexis import lexis

__all__ = ["mysql", "postgres"]  # fixtures


def tokens(text: str, source: str) -> list[str]:
    """As the splitter hands them on: words in capitals, quoted names as written."""
    found = [(m[0].strip(), m.lastindex) for m in lexis(source).pattern.finditer(text)]
    return [token.upper() if kind == lex.WORD else token for token, kind in found if token] + ["", "", ""]


def read(text: str, source: str) -> Type:
    type_, end = read_type(texts := tokens(text, source), 0, names(source))
    assert texts[end:] == ["", "", ""], f"{text}: left {texts[end:]}"
    return replace(type_, raw=text)


def spell(
    text: str, source: str, target: str, options: Options = DEFAULTS, context: TypeContext = NO_CONTEXT
) -> Spelled:
    return legal.speller(engines.find(target), options).spell(read(text, source), context)


def shown(found: Spelled) -> str:
    return found.text + ("  " + " ".join(found.codes) if found.codes else "")


def numbers(type_: Type) -> str:
    given = (("n", type_.length), ("p", type_.precision), ("s", type_.scale), ("unit", type_.unit))
    return ", ".join(f"{key}={value!r}" for key, value in given if value not in (None, ""))


SQLSERVER: dict[str, tuple[str, str, str, str, str]] = {
    # spelling: canonical type, parameters; PostgreSQL 15, MySQL 8.0, Redshift
    "bit": ("bit", "", "boolean", "boolean", "boolean"),
    "tinyint": ("utinyint", "", "smallint", "tinyint unsigned", "smallint"),
    "smallint": ("smallint", "", "smallint", "smallint", "smallint"),
    "int": ("integer", "", "integer", "int", "integer"),
    "integer": ("integer", "", "integer", "int", "integer"),
    "bigint": ("bigint", "", "bigint", "bigint", "bigint"),
    "decimal": ("decimal", "p=18, s=0, unit='digit'", "numeric(18)", "decimal(18)", "decimal(18)"),
    "decimal(9)": ("decimal", "p=9, s=0, unit='digit'", "numeric(9)", "decimal(9)", "decimal(9)"),
    "numeric(18, 0)": ("decimal", "p=18, s=0, unit='digit'", "numeric(18)", "decimal(18)", "decimal(18)"),
    "numeric(38, 38)": (
        "decimal", "p=38, s=38, unit='digit'", "numeric(38, 38)", "decimal(30, 30)  SC2108",
        "decimal(38, 37)  SC2108",
    ),
    "dec(10, 2)": ("decimal", "p=10, s=2, unit='digit'", "numeric(10, 2)", "decimal(10, 2)", "decimal(10, 2)"),
    "money": ("money", "p=19, s=4", "numeric(19, 4)", "decimal(19, 4)", "decimal(19, 4)"),
    "smallmoney": ("money", "p=10, s=4", "numeric(10, 4)", "decimal(10, 4)", "decimal(10, 4)"),
    "float": ("double", "p=53", "double precision", "double", "double precision"),
    "float(24)": ("real", "p=24", "real", "float", "real"),
    "float(25)": ("double", "p=25", "double precision", "double", "double precision"),
    "real": ("real", "p=24", "real", "float", "real"),
    "double precision": ("double", "p=53", "double precision", "double", "double precision"),
    "date": ("date", "", "date", "date", "date"),
    "time": ("time", "p=7", "time  SC2146", "time(6)  SC2146", "time  SC2146"),
    "time(0)": ("time", "p=0", "time(0)", "time", "time"),
    "time(3)": ("time", "p=3", "time(3)", "time(3)", "time"),
    "time(7)": ("time", "p=7", "time  SC2146", "time(6)  SC2146", "time  SC2146"),
    "datetime": ("timestamp", "p=3", "timestamp(3)", "datetime(3)", "timestamp"),
    "smalldatetime": (
        "timestamp", "p=0, unit='minute'", "timestamp(0)  SC2149", "datetime  SC2149", "timestamp  SC2149",
    ),
    "datetime2": ("timestamp", "p=7", "timestamp  SC2146", "datetime(6)  SC2146", "timestamp  SC2146"),
    "datetime2(0)": ("timestamp", "p=0", "timestamp(0)", "datetime", "timestamp"),
    "datetime2(3)": ("timestamp", "p=3", "timestamp(3)", "datetime(3)", "timestamp"),
    "datetime2(7)": ("timestamp", "p=7", "timestamp  SC2146", "datetime(6)  SC2146", "timestamp  SC2146"),
    "datetimeoffset": (
        "timestamptz", "p=7", "timestamptz  SC2115 SC2146", "datetime(6)  SC2114 SC2146",
        "timestamptz  SC2115 SC2146",
    ),
    "datetimeoffset(0)": ("timestamptz", "p=0", "timestamptz(0)  SC2115", "datetime  SC2114", "timestamptz  SC2115"),
    "datetimeoffset(7)": (
        "timestamptz", "p=7", "timestamptz  SC2115 SC2146", "datetime(6)  SC2114 SC2146",
        "timestamptz  SC2115 SC2146",
    ),
    "char": ("char", "n=1, unit='codepage'", "char(1)", "char(1)", "char(1)  SC2148"),
    "char(1)": ("char", "n=1, unit='codepage'", "char(1)", "char(1)", "char(1)  SC2148"),
    "char(10)": ("char", "n=10, unit='codepage'", "char(10)", "char(10)  SC2144", "char(10)  SC2148"),
    "char(8000)": (
        "char", "n=8000, unit='codepage'", "char(8000)", "varchar(8000)  SC2132", "varchar(8000)  SC2137 SC2148",
    ),
    "varchar": ("varchar", "n=1, unit='codepage'", "varchar(1)", "varchar(1)", "varchar(1)  SC2148"),
    "varchar(1)": ("varchar", "n=1, unit='codepage'", "varchar(1)", "varchar(1)", "varchar(1)  SC2148"),
    "varchar(8000)": ("varchar", "n=8000, unit='codepage'", "varchar(8000)", "varchar(8000)", "varchar(8000)  SC2148"),
    "varchar(max)": ("text", "unit='codepage'", "text", "longtext", "varchar(65535)  SC2121"),
    "nchar": ("nchar", "n=1, unit='char'", "char(1)", "char(1)", "varchar(4)  SC2137"),
    "nchar(10)": ("nchar", "n=10, unit='char'", "char(10)", "char(10)  SC2144", "varchar(40)  SC2137"),
    "nchar(4000)": ("nchar", "n=4000, unit='char'", "char(4000)", "varchar(4000)  SC2132", "varchar(16000)  SC2137"),
    "nvarchar": ("nvarchar", "n=1, unit='char'", "varchar(1)", "varchar(1)", "varchar(4)"),
    "nvarchar(50)": ("nvarchar", "n=50, unit='char'", "varchar(50)", "varchar(50)", "varchar(200)"),
    "nvarchar(4000)": ("nvarchar", "n=4000, unit='char'", "varchar(4000)", "varchar(4000)", "varchar(16000)"),
    "nvarchar(max)": ("ntext", "unit='char'", "text", "longtext", "varchar(65535)  SC2121"),
    "sysname": ("nvarchar", "n=128, unit='char'", "varchar(128)", "varchar(128)", "varchar(512)"),
    "text": ("text", "unit='codepage'", "text", "longtext", "varchar(65535)  SC2121"),
    "ntext": ("ntext", "unit='char'", "text", "longtext", "varchar(65535)  SC2121"),
    "character(5)": ("char", "n=5, unit='codepage'", "char(5)", "char(5)  SC2144", "char(5)  SC2148"),
    "char varying(20)": ("varchar", "n=20, unit='codepage'", "varchar(20)", "varchar(20)", "varchar(20)  SC2148"),
    "character varying(max)": ("text", "unit='codepage'", "text", "longtext", "varchar(65535)  SC2121"),
    "national char(5)": ("nchar", "n=5, unit='char'", "char(5)", "char(5)  SC2144", "varchar(20)  SC2137"),
    "national character(5)": ("nchar", "n=5, unit='char'", "char(5)", "char(5)  SC2144", "varchar(20)  SC2137"),
    "national char varying(20)": ("nvarchar", "n=20, unit='char'", "varchar(20)", "varchar(20)", "varchar(80)"),
    "national character varying(20)": ("nvarchar", "n=20, unit='char'", "varchar(20)", "varchar(20)", "varchar(80)"),
    "national text": ("ntext", "unit='char'", "text", "longtext", "varchar(65535)  SC2121"),
    "binary varying(20)": ("varbinary", "n=20, unit='byte'", "bytea  SC2139", "varbinary(20)", "varbyte(20)"),
    "binary": ("binary", "n=1, unit='byte'", "bytea  SC2139 SC2147", "binary(1)", "varbyte(1)  SC2147"),
    "binary(16)": ("binary", "n=16, unit='byte'", "bytea  SC2139 SC2147", "binary(16)", "varbyte(16)  SC2147"),
    "binary(8000)": (
        "binary", "n=8000, unit='byte'", "bytea  SC2139 SC2147", "varbinary(8000)  SC2147", "varbyte(8000)  SC2147",
    ),
    "varbinary": ("varbinary", "n=1, unit='byte'", "bytea  SC2139", "varbinary(1)", "varbyte(1)"),
    "varbinary(8000)": ("varbinary", "n=8000, unit='byte'", "bytea  SC2139", "varbinary(8000)", "varbyte(8000)"),
    "varbinary(max)": ("blob", "unit='byte'", "bytea", "longblob", "varbyte(16777216)  SC2122"),
    "image": ("blob", "", "bytea", "longblob", "varbyte(16777216)  SC2122"),
    "rowversion": ("rowversion", "n=8", "bytea", "binary(8)", "varbyte(8)"),
    "timestamp": ("rowversion", "n=8", "bytea", "binary(8)", "varbyte(8)"),
    "uniqueidentifier": ("uuid", "", "uuid", "char(36) COLLATE ascii_general_ci", "varchar(36)  SC2150"),
    "xml": ("xml", "", "xml", "longtext  SC2125", "varchar(65535)  SC2125"),
    "xml(CONTENT dbo.resume)": ("xml", "", "xml  SC2153", "longtext  SC2125 SC2153", "varchar(65535)  SC2125 SC2153"),
    "[xml](DOCUMENT [hr].[resume])": (
        "xml", "", "xml  SC2153", "longtext  SC2125 SC2153", "varchar(65535)  SC2125 SC2153",
    ),
    "json": ("json", "", "jsonb", "json", "super  SC2126"),
    "vector(3)": ("vector", "n=3", "text  SC2129", "json  SC2129", "super  SC2129"),
    "vector(1998, float16)": ("vector", "n=1998", "text  SC2129", "json  SC2129", "super  SC2129"),
    "geometry": ("geometry", "", "text  SC2127", "geometry  SC2128", "geometry  SC2128"),
    "geography": ("geography", "", "text  SC2127", "geometry  SC2128", "geography  SC2128"),
    "hierarchyid": ("hierarchyid", "", "text  SC2152", "varchar(255)  SC2152", "varchar(4000)  SC2152"),
    "sql_variant": ("any", "", "jsonb  SC2102", "json  SC2102", "super  SC2102"),
    "cursor": ("cursor", "", "refcursor", "longtext  SC2101", "varchar(65535)  SC2101"),
    "table": ("unknown", "", "text  SC2101", "longtext  SC2101", "varchar(65535)  SC2101"),
    "[int]": ("integer", "", "integer", "int", "integer"),
    '"int"': ("integer", "", "integer", "int", "integer"),
    "[nvarchar](50)": ("nvarchar", "n=50, unit='char'", "varchar(50)", "varchar(50)", "varchar(200)"),
    "[nvarchar](max)": ("ntext", "unit='char'", "text", "longtext", "varchar(65535)  SC2121"),
    "[decimal](18, 4)": ("decimal", "p=18, s=4, unit='digit'", "numeric(18, 4)", "decimal(18, 4)", "decimal(18, 4)"),
    "[datetime2](7)": ("timestamp", "p=7", "timestamp  SC2146", "datetime(6)  SC2146", "timestamp  SC2146"),
    "[sys].[geography]": ("geography", "", "text  SC2127", "geometry  SC2128", "geography  SC2128"),
    "[sys].[hierarchyid]": ("hierarchyid", "", "text  SC2152", "varchar(255)  SC2152", "varchar(4000)  SC2152"),
    "[sys].[sysname]": ("nvarchar", "n=128, unit='char'", "varchar(128)", "varchar(128)", "varchar(512)"),
    "[timestamp]": ("rowversion", "n=8", "bytea", "binary(8)", "varbyte(8)"),
}  # fmt: skip

TERADATA: dict[str, tuple[str, str, str, str, str]] = {
    # spelling: canonical type, parameters; PostgreSQL 15, MySQL 8.0, Redshift
    "BYTEINT": ("tinyint", "", "smallint", "tinyint", "smallint"),
    "SMALLINT": ("smallint", "", "smallint", "smallint", "smallint"),
    "INTEGER": ("integer", "", "integer", "int", "integer"),
    "INT": ("integer", "", "integer", "int", "integer"),
    "BIGINT": ("bigint", "", "bigint", "bigint", "bigint"),
    "DECIMAL": ("decimal", "p=5, s=0, unit='digit'", "numeric(5)", "decimal(5)", "decimal(5)"),
    "DECIMAL(9)": ("decimal", "p=9, s=0, unit='digit'", "numeric(9)", "decimal(9)", "decimal(9)"),
    "DECIMAL(18, 0)": ("decimal", "p=18, s=0, unit='digit'", "numeric(18)", "decimal(18)", "decimal(18)"),
    "DECIMAL(38, 38)": (
        "decimal", "p=38, s=38, unit='digit'", "numeric(38, 38)", "decimal(30, 30)  SC2108",
        "decimal(38, 37)  SC2108",
    ),
    "NUMERIC(10, 2)": ("decimal", "p=10, s=2, unit='digit'", "numeric(10, 2)", "decimal(10, 2)", "decimal(10, 2)"),
    "DEC(5)": ("decimal", "p=5, s=0, unit='digit'", "numeric(5)", "decimal(5)", "decimal(5)"),
    "NUMBER": ("number", "unit='digit'", "numeric", "decimal(65, 30)  SC2104", "decimal(38, 18)  SC2105"),
    "NUMBER(*)": ("number", "unit='digit'", "numeric", "decimal(65, 30)  SC2104", "decimal(38, 18)  SC2105"),
    "NUMBER(*, 3)": ("decimal", "p=38, s=3, unit='digit'", "numeric(38, 3)", "decimal(38, 3)", "decimal(38, 3)"),
    "NUMBER(10)": ("decimal", "p=10, s=0, unit='digit'", "numeric(10)", "decimal(10)", "decimal(10)"),
    "NUMBER(38, 10)": ("decimal", "p=38, s=10, unit='digit'", "numeric(38, 10)", "decimal(38, 10)", "decimal(38, 10)"),
    "FLOAT": ("double", "p=53", "double precision", "double", "double precision"),
    "REAL": ("double", "p=53", "double precision", "double", "double precision"),
    "DOUBLE PRECISION": ("double", "p=53", "double precision", "double", "double precision"),
    "CHAR": ("char", "n=1, unit='codepage'", "char(1)", "char(1)", "char(1)  SC2148"),
    "CHAR(10)": ("char", "n=10, unit='codepage'", "char(10)", "char(10)  SC2144", "char(10)  SC2148"),
    "CHARACTER(300)": ("char", "n=300, unit='codepage'", "char(300)", "varchar(300)  SC2132", "char(300)  SC2148"),
    "CHAR(64000)": (
        "char", "n=64000, unit='codepage'", "char(64000)", "mediumtext  SC2133", "varchar(64000)  SC2137 SC2148",
    ),
    "VARCHAR(10)": ("varchar", "n=10, unit='codepage'", "varchar(10)", "varchar(10)", "varchar(10)  SC2148"),
    "VARCHAR(64000)": (
        "varchar", "n=64000, unit='codepage'", "varchar(64000)", "mediumtext  SC2133", "varchar(64000)  SC2148",
    ),
    "CHAR VARYING(10)": ("varchar", "n=10, unit='codepage'", "varchar(10)", "varchar(10)", "varchar(10)  SC2148"),
    "CHARACTER VARYING(10)": ("varchar", "n=10, unit='codepage'", "varchar(10)", "varchar(10)", "varchar(10)  SC2148"),
    "LONG VARCHAR": (
        "varchar", "n=64000, unit='codepage'", "varchar(64000)", "mediumtext  SC2133", "varchar(64000)  SC2148",
    ),
    "GRAPHIC": ("nchar", "n=1, unit='char'", "char(1)", "char(1)", "varchar(4)  SC2137"),
    "GRAPHIC(10)": ("nchar", "n=10, unit='char'", "char(10)", "char(10)  SC2144", "varchar(40)  SC2137"),
    "VARGRAPHIC(10)": ("nvarchar", "n=10, unit='char'", "varchar(10)", "varchar(10)", "varchar(40)"),
    "VARGRAPHIC(32000)": (
        "nvarchar", "n=32000, unit='char'", "varchar(32000)", "mediumtext  SC2133", "varchar(65535)  SC2136",
    ),
    "LONG VARGRAPHIC": (
        "nvarchar", "n=32000, unit='char'", "varchar(32000)", "mediumtext  SC2133", "varchar(65535)  SC2136",
    ),
    "CLOB": ("text", "unit='codepage'", "text", "longtext", "varchar(65535)  SC2121"),
    "CLOB(1000)": ("text", "n=1000, unit='codepage'", "text  SC2157", "longtext  SC2157", "varchar(1000)  SC2148"),
    "CLOB(64K)": ("text", "n=65536, unit='codepage'", "text  SC2157", "longtext  SC2157", "varchar(65535)  SC2121"),
    "CLOB(10M)": ("text", "n=10485760, unit='codepage'", "text  SC2157", "longtext  SC2157", "varchar(65535)  SC2121"),
    "CLOB(1G)": ("text", "n=1073741824, unit='codepage'", "text  SC2157", "longtext  SC2157", "varchar(65535)  SC2121"),
    "CHAR LARGE OBJECT": ("text", "unit='codepage'", "text", "longtext", "varchar(65535)  SC2121"),
    "CHARACTER LARGE OBJECT(100)": (
        "text", "n=100, unit='codepage'", "text  SC2157", "longtext  SC2157", "varchar(100)  SC2148",
    ),
    "BYTE": ("binary", "n=1, unit='byte'", "bytea  SC2139 SC2147", "binary(1)", "varbyte(1)  SC2147"),
    "BYTE(4)": ("binary", "n=4, unit='byte'", "bytea  SC2139 SC2147", "binary(4)", "varbyte(4)  SC2147"),
    "BYTE(64000)": (
        "binary", "n=64000, unit='byte'", "bytea  SC2139 SC2147", "varbinary(64000)  SC2147",
        "varbyte(64000)  SC2147",
    ),
    "VARBYTE(100)": ("varbinary", "n=100, unit='byte'", "bytea  SC2139", "varbinary(100)", "varbyte(100)"),
    "VARBYTE(64000)": ("varbinary", "n=64000, unit='byte'", "bytea  SC2139", "varbinary(64000)", "varbyte(64000)"),
    "BLOB": ("blob", "unit='byte'", "bytea", "longblob", "varbyte(16777216)  SC2122"),
    "BLOB(1K)": ("blob", "n=1024, unit='byte'", "bytea  SC2157", "longblob  SC2157", "varbyte(1024)"),
    "BLOB(2097088000)": (
        "blob", "n=2097088000, unit='byte'", "bytea  SC2157", "longblob  SC2157", "varbyte(16777216)  SC2122",
    ),
    "BINARY LARGE OBJECT(16M)": (
        "blob", "n=16777216, unit='byte'", "bytea  SC2157", "longblob  SC2157", "varbyte(16777216)",
    ),
    "DATE": ("date", "", "date", "date", "date"),
    "TIME": ("time", "p=6", "time", "time(6)", "time"),
    "TIME(0)": ("time", "p=0", "time(0)", "time", "time"),
    "TIME(6)": ("time", "p=6", "time", "time(6)", "time"),
    "TIME WITH TIME ZONE": ("timetz", "p=6", "timetz", "time(6)  SC2114", "timetz"),
    "TIME(0) WITH TIME ZONE": ("timetz", "p=0", "timetz(0)", "time(6)  SC2114", "timetz"),
    "TIMESTAMP": ("timestamp", "p=6", "timestamp", "datetime(6)", "timestamp"),
    "TIMESTAMP(0)": ("timestamp", "p=0", "timestamp(0)", "datetime", "timestamp"),
    "TIMESTAMP(6)": ("timestamp", "p=6", "timestamp", "datetime(6)", "timestamp"),
    "TIMESTAMP WITH TIME ZONE": (
        "timestamptz", "p=6", "timestamptz  SC2115", "datetime(6)  SC2114", "timestamptz  SC2115",
    ),
    "TIMESTAMP(3) WITH TIME ZONE": (
        "timestamptz", "p=3", "timestamptz(3)  SC2115", "datetime(3)  SC2114", "timestamptz  SC2115",
    ),
    "INTERVAL YEAR": ("interval_ym", "unit='year'", "interval year", "varchar(30)  SC2120", "interval year"),
    "INTERVAL YEAR(4) TO MONTH": (
        "interval_ym", "n=4, unit='year to month'", "interval year to month", "varchar(30)  SC2120",
        "interval year to month",
    ),
    "INTERVAL MONTH(4)": (
        "interval_ym", "n=4, unit='month'", "interval month", "varchar(30)  SC2120", "interval month",
    ),
    "INTERVAL DAY(4)": ("interval_ds", "n=4, unit='day'", "interval day", "varchar(30)  SC2120", "interval day"),
    "INTERVAL DAY TO HOUR": (
        "interval_ds", "unit='day to hour'", "interval day to hour", "varchar(30)  SC2120", "interval day to hour",
    ),
    "INTERVAL DAY TO MINUTE": (
        "interval_ds", "unit='day to minute'", "interval day to minute", "varchar(30)  SC2120",
        "interval day to minute",
    ),
    "INTERVAL DAY(4) TO SECOND(6)": (
        "interval_ds", "n=4, p=6, unit='day to second'", "interval day to second", "varchar(30)  SC2120",
        "interval day to second",
    ),
    "INTERVAL DAY TO SECOND(2)": (
        "interval_ds", "p=2, unit='day to second'", "interval day to second(2)", "varchar(30)  SC2120",
        "interval day to second(2)",
    ),
    "INTERVAL HOUR": ("interval_ds", "unit='hour'", "interval hour", "varchar(30)  SC2120", "interval hour"),
    "INTERVAL HOUR TO MINUTE": (
        "interval_ds", "unit='hour to minute'", "interval hour to minute", "varchar(30)  SC2120",
        "interval hour to minute",
    ),
    "INTERVAL HOUR TO SECOND(0)": (
        "interval_ds", "p=0, unit='hour to second'", "interval hour to second(0)", "varchar(30)  SC2120",
        "interval hour to second(0)",
    ),
    "INTERVAL MINUTE(4)": (
        "interval_ds", "n=4, unit='minute'", "interval minute", "varchar(30)  SC2120", "interval minute",
    ),
    "INTERVAL MINUTE TO SECOND": (
        "interval_ds", "p=6, unit='minute to second'", "interval minute to second", "varchar(30)  SC2120",
        "interval minute to second",
    ),
    "INTERVAL SECOND": (
        "interval_ds", "p=6, unit='second'", "interval second", "varchar(30)  SC2120", "interval second",
    ),
    "INTERVAL SECOND(4, 2)": (
        "interval_ds", "n=4, p=2, unit='second'", "interval second(2)", "varchar(30)  SC2120", "interval second(2)",
    ),
    "PERIOD(DATE)": ("period", "unit='date'", "daterange  SC2154", "varchar(80)  SC2155", "varchar(80)  SC2155"),
    "PERIOD(TIME)": ("period", "p=6, unit='time'", "varchar(80)  SC2155", "varchar(80)  SC2155", "varchar(80)  SC2155"),
    "PERIOD(TIME(0) WITH TIME ZONE)": (
        "period", "p=0, unit='timetz'", "varchar(80)  SC2155", "varchar(80)  SC2155", "varchar(80)  SC2155",
    ),
    "PERIOD(TIMESTAMP)": (
        "period", "p=6, unit='timestamp'", "tsrange  SC2154", "varchar(80)  SC2155", "varchar(80)  SC2155",
    ),
    "PERIOD(TIMESTAMP(0))": (
        "period", "p=0, unit='timestamp'", "tsrange  SC2154", "varchar(80)  SC2155", "varchar(80)  SC2155",
    ),
    "PERIOD(TIMESTAMP(6) WITH TIME ZONE)": (
        "period", "p=6, unit='timestamptz'", "tstzrange  SC2154", "varchar(80)  SC2155", "varchar(80)  SC2155",
    ),
    "JSON": ("json", "", "jsonb", "json", "super  SC2126"),
    "JSON(1000)": ("json", "n=1000", "jsonb  SC2157", "json  SC2157", "super  SC2126 SC2157"),
    "JSON(16000) INLINE LENGTH 4000": (
        "json", "n=16000", "jsonb  SC2158 SC2157", "json  SC2158 SC2157", "super  SC2126 SC2158 SC2157",
    ),
    "JSON STORAGE FORMAT BSON": ("json", "unit='bson'", "jsonb  SC2158", "json  SC2158", "super  SC2126 SC2158"),
    "XML": ("xml", "", "xml", "longtext  SC2125", "varchar(65535)  SC2125"),
    "XML(1000) INLINE LENGTH 100": (
        "xml", "n=1000", "xml  SC2158 SC2157", "longtext  SC2125 SC2158 SC2157", "varchar(65535)  SC2125 SC2158",
    ),
    "XMLTYPE": ("xml", "", "xml", "longtext  SC2125", "varchar(65535)  SC2125"),
    "SYSUDTLIB.XML": ("xml", "", "xml", "longtext  SC2125", "varchar(65535)  SC2125"),
    "DATASET(1000) STORAGE FORMAT CSV": (
        "dataset", "n=1000, unit='csv'", "text  SC2156 SC2158 SC2157", "longtext  SC2156 SC2158 SC2157",
        "varchar(65535)  SC2156 SC2158",
    ),
    "DATASET STORAGE FORMAT AVRO WITH SCHEMA sales.reading": (
        "dataset", "unit='avro'", "bytea  SC2156 SC2158", "longblob  SC2156 SC2158",
        "varbyte(16777216)  SC2156 SC2158",
    ),
    "DATASET": ("dataset", "", "text  SC2156", "longtext  SC2156", "varchar(65535)  SC2156"),
    "ST_GEOMETRY": ("geometry", "", "text  SC2127", "geometry  SC2128", "geometry  SC2128"),
    "SYSUDTLIB.ST_GEOMETRY": ("geometry", "", "text  SC2127", "geometry  SC2128", "geometry  SC2128"),
    "ST_GEOMETRY(1000) INLINE LENGTH 100": (
        "geometry", "n=1000", "text  SC2127 SC2158", "geometry  SC2128 SC2158", "geometry  SC2128 SC2158",
    ),
    "MBR": ("geometry", "", "text  SC2127", "geometry  SC2128", "geometry  SC2128"),
    "MBB": ("geometry", "", "text  SC2127", "geometry  SC2128", "geometry  SC2128"),
    "TD_ANYTYPE": ("any", "", "jsonb  SC2102", "json  SC2102", "super  SC2102"),
    "VARIANT_TYPE": ("any", "", "jsonb  SC2102", "json  SC2102", "super  SC2102"),
    # spellings of other engines
    "TIMESTAMP(3) WITHOUT TIME ZONE": ("timestamp", "p=3", "timestamp(3)", "datetime(3)", "timestamp"),
    "TIME(3) WITHOUT TIME ZONE": ("time", "p=3", "time(3)", "time(3)", "time"),
    "BYTEA": ("blob", "", "bytea", "longblob", "varbyte(16777216)  SC2122"),
    "INT8": ("bigint", "", "bigint", "bigint", "bigint"),
    "FLOAT8": ("double", "", "double precision", "double  SC2111", "double precision"),
    "TEXT": ("text", "", "text", "longtext", "varchar(65535)  SC2121"),
    "BOOLEAN": ("boolean", "", "boolean", "boolean", "boolean"),
    "BOOL": ("boolean", "", "boolean", "boolean", "boolean"),
    "NCHAR(3)": ("nchar", "n=3", "char(3)", "char(3)  SC2144", "varchar(12)  SC2137"),
    "NVARCHAR(3)": ("nvarchar", "n=3", "varchar(3)", "varchar(3)", "varchar(12)"),
    "BINARY(3)": ("binary", "n=3", "bytea  SC2139 SC2147", "binary(3)", "varbyte(3)  SC2147"),
    "VARBINARY(3)": ("varbinary", "n=3", "bytea  SC2139", "varbinary(3)", "varbyte(3)"),
}  # fmt: skip

ALL = [("sqlserver", text) for text in SQLSERVER] + [("teradata", text) for text in TERADATA]
TABLES = {"sqlserver": SQLSERVER, "teradata": TERADATA}


@pytest.mark.parametrize(("source", "text"), ALL)
def test_types_are_read_and_spelled(source: str, text: str) -> None:
    type_ = read(text, source)
    written = tuple(shown(spell(text, source, target)) for target in FAMILIES)

    assert (type_.kind, numbers(type_), *written) == TABLES[source][text]


@pytest.mark.parametrize("source", TABLES)
def test_every_row_is_read_by_a_test(source: str) -> None:
    """The words of every row stand in the table above, in capitals or not, in quotes or not."""
    known = names(source)
    seen = {
        " ".join(word.upper() for t in tokens(text, source) if (word := known.word(t))[:1].isalpha())
        for text in TABLES[source]
    }
    wanted = {" ".join(filter(str.isidentifier, map(str, row.elements))) for r in known.rows.values() for row in r}
    wanted = {words.replace(" None", "") for words in wanted}

    assert {w for w in wanted if not any(s == w or s.startswith(w + " ") for s in seen)} == set()


@pytest.mark.parametrize(
    ("text", "name", "shown_as"),
    [
        ("[dbo].[Flag]", "FLAG", "Flag"),
        ("dbo.Flag", "FLAG", "FLAG"),
        ("[HumanResources].[PhoneNumber]", "HUMANRESOURCES.PHONENUMBER", "HumanResources.PhoneNumber"),
        ("[a]]b]", "A]B", "a]b"),
        ('"Order Qty"', "ORDER QTY", "Order Qty"),
        ("[dbo].[int]", "INT", "int"),
        ("[sys].[tSysName]", "SYS.TSYSNAME", "sys.tSysName"),
    ],
)
def test_sqlserver_alias_types_are_somebodys_own(text: str, name: str, shown_as: str) -> None:
    type_ = read(text, "sqlserver")
    assert type_.kind == "user" and type_.user is not None

    parts = (type_.user.schema, type_.user.name)
    assert (".".join(p.text for p in parts if p), str(type_.user)) == (name, shown_as)


def test_the_authors_spelling_of_a_name_is_kept_where_it_is_given() -> None:
    text = ["dbo", ".", "OrderNumber"]
    type_, _ = read_type([*(t.upper() for t in text), "", "", ""], 0, names("sqlserver"), text.__getitem__)

    assert type_.user is not None and type_.user.name.text == "ORDERNUMBER"
    assert str(type_.user) == "OrderNumber"


def test_an_xml_names_its_schemas() -> None:
    for text in ("xml(CONTENT [hr].[Resume])", "[xml](DOCUMENT hr.resume)", "xml ( hr . Resume )"):
        user = read(text, "sqlserver").user
        assert user is not None and user.key == ("HR", "RESUME")
    bare = read("xml(CONTENT dbo.content)", "sqlserver").user
    assert bare is not None and bare.key == ("", "CONTENT")


def test_types_that_are_never_null_unless_said() -> None:
    known = names("sqlserver")
    for text, expected in (
        ("sysname", True), ("[sys].[sysname]", True), ("timestamp", True), ("[rowversion]", True), ("int", False),
        ("nvarchar(128)", False), ("dbo.x", False),
    ):  # fmt: skip
        texts = tokens(text, "sqlserver")
        assert known.never_null(texts, read_type(texts, 0, known)[1]) is expected, text


def test_types_of_teradata_live_in_one_place() -> None:
    assert str(read("SYSUDTLIB.euro", "teradata").user) == "EURO"
    assert str(read("sales.euro", "teradata").user) == "SALES.EURO"
    assert read('"SYSUDTLIB"."ST_GEOMETRY"', "teradata").kind == "geometry"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("VARCHAR(10) CHARACTER SET UNICODE NOT CASESPECIFIC", "CHARACTER"),
        ("DATE FORMAT 'YY/MM/DD'", "FORMAT"),
        ("TIMESTAMP(0) AS TRANSACTIONTIME", "AS"),
        ("JSON(1000) INLINE LENGTH 100 CHARACTER SET LATIN", "CHARACTER"),
        ("JSON STORAGE FORMAT UBJSON NOT NULL", "NOT"),
        ("DATASET(10) INLINE LENGTH 5 STORAGE FORMAT AVRO WITH SCHEMA db.s TITLE 'x'", "TITLE"),
        ("ST_GEOMETRY(100) INLINE LENGTH 10 NOT NULL", "NOT"),
        ("CLOB(2M) CHARACTER SET LATIN", "CHARACTER"),
        ("PERIOD(DATE) AS VALIDTIME", "AS"),
        ("PERIOD(TIMESTAMP(6) WITH TIME ZONE) NOT NULL", "NOT"),
        ("INTERVAL DAY(4) NOT NULL", "NOT"),
        ("XML INLINE", "INLINE"),
    ],
)
def test_attributes_are_left_to_the_column(text: str, rest: str) -> None:
    texts = tokens(text, "teradata")
    type_, end = read_type(texts, 0, names("teradata"))

    assert type_.kind not in ("user", "unknown") and texts[end] == rest


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("teradata", "PERIOD ("), ("teradata", "PERIOD ( TIMESTAMP ( 6 ) WITH"), ("teradata", "PERIOD ( WORLD )"),
        ("teradata", "INTERVAL"), ("teradata", "INTERVAL DAY TO"), ("teradata", "JSON INLINE LENGTH"),
        ("teradata", "DATASET STORAGE FORMAT"), ("teradata", "DATASET WITH SCHEMA a ."), ("teradata", "CLOB ( 10"),
        ("teradata", "CLOB(M)"), ("teradata", "NUMBER(,)"), ("sqlserver", "[xml] ( CONTENT"), ("sqlserver", "xml ()"),
        ("sqlserver", "xml ( CONTENT 5 )"), ("sqlserver", "[sys] ."), ("sqlserver", "[sys].[]"), ("sqlserver", "[]"),
        ("sqlserver", "varchar(max"), ("sqlserver", "decimal(max)"), ("sqlserver", "float(-3)"),
        ("sqlserver", "national"), ("sqlserver", "[nvarchar](maximum)"), ("sqlserver", "varchar(99999999999999)"),
    ],
)  # fmt: skip
def test_broken_types_do_no_harm(source: str, text: str) -> None:
    texts = tokens(text, source)
    type_, end = read_type(texts, 0, names(source))

    assert 0 <= end <= len(texts) - 3
    if type_.kind != "unknown":
        for target in FAMILIES:
            legal.speller(engines.find(target), DEFAULTS).spell(replace(type_, raw=text))


# -- options and places -------------------------------------------------------------------------------------------


def test_a_bit_is_a_boolean_or_a_number() -> None:
    integer = from_pairs(DEFAULTS, ("bit=integer",))

    assert [spell("bit", "sqlserver", t, integer).text for t in FAMILIES] == ["smallint", "tinyint", "smallint"]
    assert legal.speller(engines.find("mysql"), integer).spell(Type("boolean")).text == "boolean"


def test_decimals_stay_decimals_where_integers_were_to_be_had() -> None:
    assert shown(spell("decimal(9)", "sqlserver", "postgres")) == "numeric(9)"
    assert shown(spell("NUMBER(9)", "teradata", "redshift")) == "decimal(9)"
    flags = replace(DEFAULTS, number1="boolean")
    assert shown(spell("numeric(1)", "sqlserver", "postgres", flags)) == "boolean  SC2131"


def test_identity_columns_have_an_integer_type() -> None:
    identity = TypeContext(identity=True)

    def of(text: str, source: str = "sqlserver") -> list[str]:
        return [shown(spell(text, source, target, context=identity)) for target in FAMILIES]

    assert of("tinyint") == ["smallint", "tinyint unsigned", "integer"]
    assert of("smallint") == ["smallint", "smallint", "integer"]
    assert of("numeric(18, 0)") == ["bigint", "bigint", "bigint"]
    assert of("decimal(38, 0)") == ["bigint  SC2112", "bigint  SC2112", "bigint  SC2112"]
    assert of("BYTEINT", "teradata") == ["smallint", "tinyint", "integer"]
    assert of("DECIMAL(18, 0)", "teradata") == ["bigint", "bigint", "bigint"]


def test_room_for_letters_on_redshift() -> None:
    three = from_pairs(DEFAULTS, ("code_page_bytes=3", "bytes_per_character=2"))

    def of(text: str, source: str = "sqlserver") -> str:
        return shown(spell(text, source, "redshift", three))

    assert of("varchar(50)") == "varchar(150)"
    assert of("char(50)") == "varchar(150)  SC2137"
    assert of("nvarchar(50)") == "varchar(100)"
    assert of("VARCHAR(64000)", "teradata") == "varchar(65535)  SC2136"
    assert of("CLOB(1000)", "teradata") == "varchar(3000)"
    unicode = replace(read("VARCHAR(50)", "teradata"), unit="char")
    assert legal.speller(engines.find("redshift"), DEFAULTS).spell(unicode) == Spelled("varchar(200)")
    utf8 = replace(read("varchar(50)", "sqlserver"), unit="byte")
    assert legal.speller(engines.find("redshift"), DEFAULTS).spell(utf8) == Spelled("varchar(50)")


def test_the_users_rows_meet_quoted_names() -> None:
    own = replace(
        DEFAULTS,
        types=(
            (("source", "money"), ("spelling", "numeric(19, 2)")),
            (("source", "nvarchar(max)"), ("spelling", "citext"), ("target", "postgres")),
            (("source", "smalldatetime"), ("spelling", "date")),
            (("source", "PERIOD(DATE)"), ("spelling", "datemultirange")),
        ),
    )
    assert shown(spell("[money]", "sqlserver", "mysql", own)) == "numeric(19, 2)"
    assert shown(spell("[nvarchar](max)", "sqlserver", "postgres", own)) == "citext"
    assert shown(spell("[smalldatetime]", "sqlserver", "redshift", own)) == "date"
    assert shown(spell("PERIOD ( DATE )", "teradata", "postgres", own)) == "datemultirange"
    assert shown(spell("PERIOD(TIMESTAMP)", "teradata", "postgres", own)) == "tsrange  SC2154"


def test_each_code_of_a_type_names_it() -> None:
    found = spell("[datetimeoffset](7)", "sqlserver", "mysql")

    assert found.codes == ("SC2114", "SC2146") and found.code == "SC2114"
    assert found.params == (("source", "[datetimeoffset](7)"), ("type", "datetime(6)"))


def test_families_of_fragments() -> None:
    def of(text: str, source: str = "sqlserver") -> str:
        return family(read(text, source))

    assert [of(t) for t in ("bit", "tinyint", "money", "float", "real")] == ["number"] * 5
    assert [of(t) for t in ("smalldatetime", "datetime", "datetime2(0)")] == ["timestamp"] * 3
    assert [of(t) for t in ("[smalldatetime]", "[datetime2](0)")] == ["timestamp"] * 2
    assert [of(t) for t in ("date", "time", "rowversion", "xml", "datetimeoffset")] == [
        "date", "time", "binary", "xml", "zoned",
    ]  # fmt: skip
    assert of("TIMESTAMP(0)", "teradata") == "timestamp"
    assert of("INTERVAL HOUR TO MINUTE", "teradata") == "days"
    assert is_integer(read("tinyint", "sqlserver")) and fits_int4(read("bit", "sqlserver"))
    assert is_date(Type("timestamp", precision=0, raw='"DATE"')) and is_date(Type("timestamp", precision=0, raw="date"))


# -- what servers say ---------------------------------------------------------------------------------------------


def spellings(target: str) -> Iterator[tuple[str, str, Spelled]]:
    for source, text in ALL:
        found = spell(text, source, target)
        if found.text:
            yield source, text, found


def test_every_spelling_for_mysql_has_a_size() -> None:
    for _, text, found in spellings("mysql"):
        assert legal.storage_bytes(found.text) > 0, text


def test_mysql_takes_every_type(mysql: Any) -> None:
    for number, (_, _, found) in enumerate(spellings("mysql")):
        mysql.execute(f"create table s{number} (c {found.text})")


def test_mysql_compares_guids_in_any_case(mysql: Any) -> None:
    column = spell("uniqueidentifier", "sqlserver", "mysql").text
    mysql.execute(f"create table guids (id {column} primary key) collate utf8mb4_0900_bin")
    mysql.execute(f"create table uses (id {column}, foreign key (id) references guids (id))")
    mysql.execute("insert into guids values ('6F9619FF-8B86-D011-B42D-00C04FC964FF')")
    mysql.execute("insert into uses values ('6f9619ff-8b86-d011-b42d-00c04fc964ff')")
    mysql.execute("select count(*) from guids where id = '6f9619ff-8b86-d011-b42d-00c04fc964ff'")
    assert mysql.fetchone() == (1,)
    mysql.execute("create table fits_key (a varbinary(3036), " + f"id {column}, key (a, id))")
    with pytest.raises(Exception, match="3072"):
        mysql.execute("create table beyond (a varbinary(3037), " + f"id {column}, key (a, id))")
    assert legal.key_bytes(column) == 36


def test_postgres_takes_every_type(postgres: Any) -> None:
    for number, (_, _, found) in enumerate(spellings("postgres")):
        postgres.execute(f"create table s{number} (c {found.text})")


def test_postgres_keeps_what_the_types_keep(postgres: Any) -> None:
    def answer(query: str) -> Any:
        return postgres.execute(query).fetchone()[0]

    assert answer("select '2024-02-01'::date <@ daterange('2024-01-01', '2024-02-01', '[)')") is False
    assert answer("select cast('214748.3647' as numeric(10, 4))::text") == "214748.3647"
    assert answer("select cast('922337203685477.5807' as numeric(19, 4))::text") == "922337203685477.5807"
    assert answer("select '2024-01-01 00:00:00.997'::timestamp(3)::text") == "2024-01-01 00:00:00.997"
    assert answer("select '12:00:00.1234567'::time::text") == "12:00:00.123457"
    assert answer("select ('9999'::interval hour)::text") == "9999:00:00"
    assert answer("select ('9999'::interval month)::text") == "833 years 3 mons"


def test_redshift_has_every_type() -> None:
    columns = ",\n    ".join(f"c{n} {f.text}" for n, (_, _, f) in enumerate(spellings("redshift")))
    script = f"CREATE TABLE t (\n    {columns}\n);\n"

    assert problems(script) == []
    assert unparsable(script) == []
