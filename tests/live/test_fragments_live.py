"""Fragments executed on live servers, against the results that Oracle's manual documents.

Each probe names its section of the Oracle Database SQL Language Reference (19c, 23ai), the expression, and Oracle's
result. A probe may say that a target refuses it: then the code is checked instead of a value. A value that is right by
chance would not be enough, so texts are compared to the character, and NULL is not the empty string.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import probes_oracle
import psycopg
import pymysql
import pytest
from probe import Probe as Simple

from schemaconv import engines
from schemaconv.ir.fragment import Known, Translated
from schemaconv.ir.types import Type
from schemaconv.legalize.functions import Translator
from schemaconv.legalize.support import functions
from schemaconv.options import Options

DATE = Type("timestamp", precision=0, raw="DATE")
WHOLE = Type("decimal", precision=9, scale=0)
TEXT = Type("varchar", length=100)
MONEY = Type("decimal", precision=8, scale=2)

#: Columns of the tables that the probes read: (source type, never NULL).
TABLES: Mapping[str, Mapping[str, Known]] = {
    "PROBE": {
        "ID": Known(WHOLE, True), "N": Known(WHOLE), "M": Known(WHOLE), "Z": Known(WHOLE), "PRICE": Known(MONEY),
        "S": Known(TEXT), "NUL": Known(TEXT), "PADDED": Known(TEXT), "DIGITS": Known(TEXT), "DT": Known(DATE),
        "LEAP": Known(DATE), "JAN": Known(DATE), "NODATE": Known(DATE),
        "TS": Known(Type("timestamp", precision=6, raw="TIMESTAMP(6)")), "CODE": Known(Type("varbinary", length=16)),
    },
    "EMP": {
        "ID": Known(WHOLE, True), "NAME": Known(TEXT, True), "DEPT": Known(WHOLE), "SAL": Known(MONEY), "BOSS": Known(WHOLE),
        "HIRED": Known(DATE), "NICK": Known(TEXT),
    },
    "DEPT": {"ID": Known(WHOLE, True), "TITLE": Known(TEXT), "CITY": Known(TEXT)},
}  # fmt: skip

SETUP = {
    "postgres": """
        CREATE TABLE probe (id integer NOT NULL, n integer, m integer, z integer, price numeric(8, 2), s varchar(100),
            nul varchar(100), padded varchar(100), digits varchar(100), dt timestamp(0), leap timestamp(0), jan timestamp(0),
            nodate timestamp(0), ts timestamp(6), code bytea);
        CREATE TABLE emp (id integer NOT NULL, name varchar(100) NOT NULL, dept integer, sal numeric(8, 2), boss integer,
            hired timestamp(0), nick varchar(100));
        CREATE TABLE dept (id integer NOT NULL, title varchar(100), city varchar(100));
        CREATE SEQUENCE seq START 100;""",
    "mysql": """
        CREATE TABLE probe (id int NOT NULL, n int, m int, z int, price decimal(8, 2), s varchar(100),
            nul varchar(100), padded varchar(100), digits varchar(100), dt datetime, leap datetime, jan datetime,
            nodate datetime, ts datetime(6), code varbinary(16));
        CREATE TABLE emp (id int NOT NULL, name varchar(100) NOT NULL, dept int, sal decimal(8, 2), boss int, hired datetime,
            nick varchar(100));
        CREATE TABLE dept (id int NOT NULL, title varchar(100), city varchar(100))""",
}
#: The rows come through the translator too.
ROWS = (
    "INSERT INTO probe VALUES (7, 5, 2, NULL, 10.50, 'Oracle', '', '  x  ', '42', TO_DATE('2024-03-05 10:11:12',"
    " 'YYYY-MM-DD HH24:MI:SS'), DATE '2024-02-29', TIMESTAMP '2024-01-31 08:00:00', NULL,"
    " TIMESTAMP '2024-03-05 10:11:12.345678', '0A0BFF')",
    "INSERT INTO emp VALUES (1, 'King', 10, 5000, NULL, TO_DATE('17-NOV-1981', 'DD-MON-YYYY'), NULL)",
    "INSERT INTO emp VALUES (2, 'Blake', 30, 2850, 1, TO_DATE('01-MAY-81', 'DD-MON-RR'), 'Bee')",
    "INSERT INTO emp VALUES (3, 'Clark', 10, 2450, 1, DATE '1981-06-09', NULL)",
    "INSERT INTO emp VALUES (4, 'Allen', 30, 1600, 2, DATE '1981-02-20', 'Al')",
    "INSERT INTO emp VALUES (5, 'Ward', 30, 1600, 2, DATE '1981-02-22', NULL)",
    "INSERT INTO emp VALUES (6, 'Adams', NULL, 1100, 3, DATE '1983-01-12', 'Ad')",
    "INSERT ALL INTO dept VALUES (10, 'Accounting', 'New York') INTO dept VALUES (20, 'Research', 'Dallas')"
    " INTO dept VALUES (30, 'Sales', NULL) SELECT * FROM dual",
)


class Names:
    def table_text(self, schema: str, name: str, folded: bool) -> tuple[str, str]:
        return "", name.lower()

    def column_text(self, name: str, folded: bool) -> str:
        return name.lower() if folded else name

    def columns_of(self, schema: str, name: str) -> Mapping[str, Known] | None:
        return TABLES.get(name)


class Probe(NamedTuple):
    """``mysql`` is a code where MySQL refuses, ``pg`` where PostgreSQL does."""

    section: str
    text: str
    result: Any
    mysql: str = ""
    pg: str = ""


NO = "SC4203"
GONE = "-"  # what 8.0 has and the newest server has not
EXPRESSIONS: tuple[Probe, ...] = (
    # Nulls
    Probe("NVL", "NVL(nul, 'none')", "none"),
    Probe("NVL", "NVL(z, 0)", 0),
    Probe("NVL", "NVL(s, 'none')", "Oracle"),
    Probe("NVL2", "NVL2(nul, 'yes', 'no')", "no"),
    Probe("NVL2", "NVL2(s, 'yes', 'no')", "yes"),
    Probe("COALESCE", "COALESCE(nul, NULL, s)", "Oracle"),
    Probe("NULLIF", "NULLIF(n, 5)", None),
    Probe("NULLIF", "NULLIF(n, 6)", 5),
    Probe("Nulls", "NVL(TRIM('   '), 'empty')", "empty"),
    Probe("Nulls", "NVL(SUBSTR(s, 99), 'empty')", "empty"),
    Probe("Nulls", "NVL(REPLACE(s, s, ''), 'empty')", "empty"),
    Probe("Nulls", "NVL(nul || NULL, 'empty')", "empty"),
    Probe("Nulls", "CASE WHEN TRIM(' ') IS NULL THEN 1 ELSE 0 END", 1),
    Probe("Nulls", "LENGTH(TRIM(' '))", None),
    Probe("Nulls", "CASE WHEN s = '' THEN 1 ELSE 0 END", 0),
    Probe("Nulls", "CASE WHEN '' IS NULL THEN 1 ELSE 0 END", 1),
    Probe("LNNVL", "CASE WHEN LNNVL(z > 1) THEN 1 ELSE 0 END", 1),
    Probe("LNNVL", "CASE WHEN LNNVL(n > 1) THEN 1 ELSE 0 END", 0),
    Probe("GREATEST", "GREATEST('HARRY', 'HARRIOT', 'HAROLD')", "HARRY"),
    Probe("GREATEST", "GREATEST(n, z)", None),
    Probe("LEAST", "LEAST(n, m)", 2),
    Probe("LEAST", "LEAST(n, m, z)", None),
    Probe("DECODE", "DECODE(n, 1, 'one', 5, 'five', 'other')", "five"),
    Probe("DECODE", "DECODE(n, 1, 'one')", None),
    Probe("DECODE", "DECODE(nul, NULL, 'null', 'other')", "null"),
    Probe("DECODE", "DECODE(z, nul, 'same', 'other')", "same"),
    Probe("DECODE", "DECODE(n, '5', 'text', 'other')", "text"),
    # Concatenation
    Probe("Concatenation Operator", "s || nul || '!'", "Oracle!"),
    Probe("Concatenation Operator", "'a' || NULL || 'b'", "ab"),
    Probe("Concatenation Operator", "s || n", "Oracle5"),
    Probe("Concatenation Operator", "id || '-' || m", "7-2"),
    Probe("Concatenation Operator", "'back\\slash' || ''", "back\\slash"),
    Probe("CONCAT", "CONCAT(CONCAT(s, '''s id is '), id)", "Oracle's id is 7"),
    # Text
    Probe("UPPER", "UPPER(s)", "ORACLE"),
    Probe("LOWER", "LOWER('MR. SCOTT MCMILLAN')", "mr. scott mcmillan"),
    Probe("INITCAP", "INITCAP('the soap')", "The Soap"),
    Probe("LENGTH", "LENGTH('CANDIDE')", 7),
    Probe("LENGTH", "LENGTH(nul)", None),
    Probe("SUBSTR", "SUBSTR('ABCDEFG', 3, 4)", "CDEF"),
    Probe("SUBSTR", "SUBSTR('ABCDEFG', -5, 4)", "CDEF"),
    Probe("SUBSTR", "SUBSTR('ABCDEFG', 0, 2)", "AB"),
    Probe("SUBSTR", "SUBSTR('ABCDEFG', -3)", "EFG"),
    Probe("SUBSTR", "SUBSTR('AB', -3)", None),
    Probe("SUBSTR", "SUBSTR(s, INSTR(s, 'c'))", "cle"),
    Probe("SUBSTR", "SUBSTR(s, n - 7)", "le"),
    Probe("SUBSTR", "SUBSTR(s, n - 5, 3)", "Ora"),
    Probe("SUBSTR", "SUBSTR(s, 2, n - 2)", "rac"),
    Probe("INSTR", "INSTR('CORPORATE FLOOR', 'OR')", 2),
    Probe("INSTR", "INSTR('CORPORATE FLOOR', 'OR', 3)", 5),
    Probe("INSTR", "INSTR('CORPORATE FLOOR', 'O', 1, 3)", 13),
    Probe("INSTR", "INSTR('CORPORATE FLOOR', 'O', 1, 9)", 0),
    Probe("INSTR", "INSTR('CORPORATE FLOOR', 'OR', -1)", 14),
    Probe("INSTR", "INSTR('CORPORATE FLOOR', 'ZZ', -1)", 0),
    Probe("INSTR", "INSTR('CORPORATE FLOOR', 'ZZ', 4)", 0),
    Probe("INSTR", "INSTR('CORPORATE FLOOR', 'OR', 3, 2)", 14),
    Probe("LPAD", "LPAD('Page 1', 15, '*.')", "*.*.*.*.*Page 1"),
    Probe("LPAD", "LPAD(id, 4, '0')", "0007"),
    Probe("LPAD", "LPAD('abc', 5)", "  abc"),
    Probe("RPAD", "RPAD('MORRISON', 12, 'ab')", "MORRISONabab"),
    Probe("TRIM", "TRIM(padded)", "x"),
    Probe("TRIM", "TRIM(LEADING '0' FROM '00123400')", "123400"),
    Probe("TRIM", "TRIM(TRAILING 'l' FROM 'hall')", "ha"),
    Probe("TRIM", "TRIM(BOTH '-' FROM '--x--')", "x"),
    Probe("LTRIM", "LTRIM('<=====>BROWNING<=====>', '<>=')", "BROWNING<=====>"),
    Probe("LTRIM", "LTRIM(padded)", "x  "),
    Probe("RTRIM", "RTRIM('<=====>BROWNING<=====>', '<>=')", "<=====>BROWNING"),
    Probe("RTRIM", "RTRIM('12.500', '0')", "12.5"),
    Probe("REPLACE", "REPLACE('JACK and JUE', 'J', 'BL')", "BLACK and BLUE"),
    Probe("REPLACE", "REPLACE('JACK and JUE', 'J')", "ACK and UE"),
    Probe("REPLACE", "REPLACE('JACK and JUE', 'J', nul)", "ACK and UE"),
    Probe("REPLACE", "REPLACE('JACK', nul, 'x')", "JACK"),
    Probe("TRANSLATE", "TRANSLATE('SQL*Plus User''s Guide', ' */''', '___')", "SQL_Plus_Users_Guide"),
    Probe("TRANSLATE", "TRANSLATE('a-b', '-', '_')", "a_b"),
    Probe("ASCII", "ASCII('A')", 65),
    Probe("CHR", "CHR(67) || CHR(65) || CHR(84)", "CAT"),
    Probe("UNISTR", "UNISTR('abc\\00e5\\00f1\\00f6')", "abcåñö"),
    Probe("Text Literals", "q'[it's]' || N'!'", "it's!"),
    # Regular expressions
    Probe("REGEXP_LIKE", "CASE WHEN REGEXP_LIKE('Steven', '^Ste(v|ph)en$') THEN 1 ELSE 0 END", 1),
    Probe("REGEXP_LIKE", "CASE WHEN REGEXP_LIKE(s, 'ORA') THEN 1 ELSE 0 END", 0),
    Probe("REGEXP_LIKE", "CASE WHEN REGEXP_LIKE(s, 'ORA', 'i') THEN 1 ELSE 0 END", 1),
    Probe("REGEXP_LIKE", "CASE WHEN REGEXP_LIKE(digits, '^\\d+$') THEN 1 ELSE 0 END", 1),
    Probe(
        "REGEXP_REPLACE",
        "REGEXP_REPLACE('500   Oracle     Parkway,    Redwood  Shores, CA', '( ){2,}', ' ')",
        "500 Oracle Parkway, Redwood Shores, CA",
    ),
    Probe(
        "REGEXP_REPLACE",
        "REGEXP_REPLACE('515.123.4567', '([[:digit:]]{3})\\.([[:digit:]]{3})\\.([[:digit:]]{4})', '(\\1) \\2-\\3')",
        "(515) 123-4567",
    ),
    Probe("REGEXP_REPLACE", "REGEXP_REPLACE('a1b2c3', '[0-9]')", "abc"),
    Probe("REGEXP_REPLACE", "REGEXP_REPLACE('a1b2c3', '[0-9]', '#', 1, 2)", "a1b#c3"),
    Probe("REGEXP_SUBSTR", "REGEXP_SUBSTR('500 Oracle Parkway, Redwood Shores, CA', ',[^,]+,')", ", Redwood Shores,"),
    Probe("REGEXP_SUBSTR", "REGEXP_SUBSTR('a,b,c', '[^,]+', 1, 2)", "b"),
    Probe("REGEXP_SUBSTR", "REGEXP_SUBSTR('a,b,c', '[0-9]')", None),
    Probe("REGEXP_INSTR", "REGEXP_INSTR('500 Oracle Parkway, Redwood Shores, CA', '[^ ]+', 1, 6)", 37),
    Probe("REGEXP_COUNT", "REGEXP_COUNT('123123123123123', '(12)3', 1)", 5),
    # Numbers
    Probe("Arithmetic Operators", "n / m", Decimal("2.5")),
    Probe("Arithmetic Operators", "5 / 2", Decimal("2.5")),
    Probe("Arithmetic Operators", "(n + 1) / (m + 2)", Decimal("1.5")),
    Probe("Arithmetic Operators", "price / 4", Decimal("2.625")),
    Probe("Arithmetic Operators", "digits + 1", 43),
    Probe("Arithmetic Operators", "-n * (m - 4)", 10),
    Probe("ABS", "ABS(-15)", 15),
    Probe("CEIL", "CEIL(15.7)", 16),
    Probe("FLOOR", "FLOOR(15.7)", 15),
    Probe("MOD", "MOD(11, 4)", 3),
    Probe("MOD", "MOD(-11, 4)", -3),
    Probe("MOD", "MOD(11, -4)", 3),
    Probe("MOD", "MOD(n, n - 5)", 5),
    Probe("ROUND (number)", "ROUND(15.193, 1)", Decimal("15.2")),
    Probe("ROUND (number)", "ROUND(15.193, -1)", 20),
    Probe("ROUND (number)", "ROUND(2.5)", 3),
    Probe("TRUNC (number)", "TRUNC(15.79, 1)", Decimal("15.7")),
    Probe("TRUNC (number)", "TRUNC(15.79, -1)", 10),
    Probe("TRUNC (number)", "TRUNC(price)", 10),
    Probe("POWER", "POWER(3, 2)", 9),
    Probe("SQRT", "ROUND(SQRT(26), 8)", Decimal("5.09901951")),
    Probe("SIGN", "SIGN(-15)", -1),
    Probe("EXP", "ROUND(EXP(4), 5)", Decimal("54.59815")),
    Probe("LN", "ROUND(LN(95), 8)", Decimal("4.55387689")),
    Probe("LOG", "LOG(10, 100)", 2),
    Probe("BITAND", "BITAND(6, 3)", 2),
    Probe("WIDTH_BUCKET", "WIDTH_BUCKET(35, 0, 100, 10)", 4),
    Probe("TO_NUMBER", "TO_NUMBER('100.00')", 100),
    Probe("TO_NUMBER", "TO_NUMBER('1,234.50', '9G999D99')", Decimal("1234.5")),
    Probe("TO_NUMBER", "TO_NUMBER(digits) + 1", 43),
    # Conversions of numbers to text
    Probe("TO_CHAR (number)", "TO_CHAR(id)", "7"),
    Probe("TO_CHAR (number)", "TO_CHAR(-1234567890, '9999999999S')", "1234567890-"),
    Probe("Number Format Models", "TO_CHAR(0, '90.99')", "  0.00"),
    Probe("Number Format Models", "TO_CHAR(-0.2, '99.90')", "  -.20"),
    Probe("Number Format Models", "TO_CHAR(123.456, '999.999')", " 123.456"),
    Probe("Number Format Models", "TO_CHAR(123.456, 'FM999.009')", "123.456", "SC4206"),
    Probe("Number Format Models", "TO_CHAR(price, 'FM990.00')", "10.50"),
    Probe("Number Format Models", "TO_CHAR(1234567.891, 'FM9,999,990.00')", "1,234,567.89"),
    Probe("Number Format Models", "TO_CHAR(7, 'FM000')", "007"),
    Probe("Number Format Models", "TO_CHAR(price, '$990.00')", "  $10.50"),
    # Dates
    Probe("Datetime/Interval Arithmetic", "dt + 1", "2024-03-06 10:11:12"),
    Probe("Datetime/Interval Arithmetic", "dt - 1/24", "2024-03-05 09:11:12"),
    Probe("Datetime/Interval Arithmetic", "dt + 30/1440", "2024-03-05 10:41:12"),
    Probe("Datetime/Interval Arithmetic", "dt + n", "2024-03-10 10:11:12"),
    Probe("Datetime/Interval Arithmetic", "n + dt", "2024-03-10 10:11:12"),
    Probe("Datetime/Interval Arithmetic", "dt + n / m", "2024-03-07 22:11:12"),
    Probe("Datetime/Interval Arithmetic", "TRUNC(dt) - leap", 5),
    Probe("Datetime/Interval Arithmetic", "(dt - TRUNC(dt)) * 86400", 36672),
    Probe("Datetime/Interval Arithmetic", "leap - DATE '2023-03-01'", 365),
    Probe("Datetime/Interval Arithmetic", "dt + INTERVAL '5' DAY", "2024-03-10 10:11:12"),
    Probe("Datetime/Interval Arithmetic", "dt + INTERVAL '1 02:03' DAY TO MINUTE", "2024-03-06 12:14:12"),
    Probe("Datetime/Interval Arithmetic", "leap - INTERVAL '1' MONTH", "2024-01-29 00:00:00"),
    Probe("NUMTODSINTERVAL", "dt + NUMTODSINTERVAL(n, 'HOUR')", "2024-03-05 15:11:12"),
    Probe("NUMTODSINTERVAL", "dt - NUMTODSINTERVAL(1.5, 'MINUTE')", "2024-03-05 10:09:42"),
    Probe("NUMTOYMINTERVAL", "jan + NUMTOYMINTERVAL(1, 'YEAR')", "2025-01-31 08:00:00"),
    Probe("ADD_MONTHS", "ADD_MONTHS(jan, 1)", "2024-02-29 08:00:00"),
    Probe("ADD_MONTHS", "ADD_MONTHS(leap, 1)", "2024-03-31 00:00:00"),
    Probe("ADD_MONTHS", "ADD_MONTHS(leap, 12)", "2025-02-28 00:00:00"),
    Probe("ADD_MONTHS", "ADD_MONTHS(dt, -m)", "2024-01-05 10:11:12"),
    Probe(
        "MONTHS_BETWEEN",
        "ROUND(MONTHS_BETWEEN(TO_DATE('02-02-1995', 'MM-DD-YYYY'), TO_DATE('01-01-1995', 'MM-DD-YYYY')), 8)",
        Decimal("1.03225806"),
    ),
    Probe("MONTHS_BETWEEN", "MONTHS_BETWEEN(leap, DATE '2024-01-31')", 1),
    Probe("MONTHS_BETWEEN", "MONTHS_BETWEEN(dt, DATE '2023-03-05')", 12),
    Probe("LAST_DAY", "LAST_DAY(dt)", "2024-03-31 10:11:12"),
    Probe("LAST_DAY", "LAST_DAY(DATE '2024-02-10')", "2024-02-29 00:00:00"),
    Probe("NEXT_DAY", "NEXT_DAY(DATE '2009-10-15', 'TUESDAY')", "2009-10-20 00:00:00"),
    Probe("NEXT_DAY", "NEXT_DAY(dt, 'TUE')", "2024-03-12 10:11:12"),
    Probe("NEXT_DAY", "NEXT_DAY(dt, 'SUNDAY')", "2024-03-10 10:11:12"),
    Probe("TRUNC (date)", "TRUNC(TO_DATE('27-OCT-92', 'DD-MON-YY'), 'YEAR')", "2092-01-01 00:00:00"),
    Probe("TRUNC (date)", "TRUNC(dt)", "2024-03-05 00:00:00"),
    Probe("TRUNC (date)", "TRUNC(dt, 'MM')", "2024-03-01 00:00:00"),
    Probe("TRUNC (date)", "TRUNC(dt, 'Q')", "2024-01-01 00:00:00"),
    Probe("TRUNC (date)", "TRUNC(dt, 'IW')", "2024-03-04 00:00:00"),
    Probe("TRUNC (date)", "TRUNC(dt, 'HH24')", "2024-03-05 10:00:00"),
    Probe("TRUNC (date)", "TRUNC(dt, 'MI')", "2024-03-05 10:11:00"),
    Probe("TRUNC (date)", "TRUNC(dt, 'DAY')", "2024-03-03 00:00:00"),
    Probe("ROUND (date)", "ROUND(TO_DATE('27-OCT-2000', 'DD-MON-YYYY'), 'YEAR')", "2001-01-01 00:00:00"),
    Probe("ROUND (date)", "ROUND(DATE '2024-03-16', 'MONTH')", "2024-04-01 00:00:00"),
    Probe("ROUND (date)", "ROUND(DATE '2024-03-15', 'MONTH')", "2024-03-01 00:00:00"),
    Probe("ROUND (date)", "ROUND(TO_DATE('2024-03-05 12:00', 'YYYY-MM-DD HH24:MI'))", "2024-03-06 00:00:00"),
    Probe("ROUND (date)", "ROUND(dt)", "2024-03-05 00:00:00"),
    Probe("EXTRACT (datetime)", "EXTRACT(YEAR FROM DATE '1998-03-07')", 1998),
    Probe("EXTRACT (datetime)", "EXTRACT(MONTH FROM dt)", 3),
    Probe("EXTRACT (datetime)", "EXTRACT(SECOND FROM ts)", Decimal("12.345678")),
    Probe("TO_DATE", "TO_DATE('January 15, 1989, 11:00 A.M.', 'Month dd, YYYY, HH:MI A.M.')", "1989-01-15 11:00:00"),
    Probe("TO_DATE", "TO_DATE('2024-03-05 10:11:12', 'YYYY-MM-DD HH24:MI:SS')", "2024-03-05 10:11:12"),
    Probe("TO_DATE", "TO_DATE('98', 'RR')", None, "SC4206", "SC4206"),
    Probe("TO_DATE", "TO_DATE(SUBSTR('20240305x', 1, 8), 'YYYYMMDD')", "2024-03-05 00:00:00"),
    Probe(
        "TO_TIMESTAMP",
        "TO_TIMESTAMP('10-Sep-02 14:10:10.123000', 'DD-Mon-RR HH24:MI:SS.FF')",
        "2002-09-10 14:10:10.123000",
    ),
    Probe("TO_CHAR (datetime)", "TO_CHAR(dt, 'YYYY-MM-DD HH24:MI:SS')", "2024-03-05 10:11:12"),
    Probe("TO_CHAR (datetime)", "TO_CHAR(dt, 'DD-MON-RR')", "05-MAR-24"),
    Probe("TO_CHAR (datetime)", "TO_CHAR(dt, 'FMMonth DD, YYYY')", "March 5, 2024"),
    Probe("TO_CHAR (datetime)", "TO_CHAR(dt, 'Month')", "March    "),
    Probe("TO_CHAR (datetime)", "TO_CHAR(dt, 'HH12:MI AM')", "10:11 AM"),
    Probe("TO_CHAR (datetime)", "TO_CHAR(dt, 'IYYY-\"W\"IW')", "2024-W10"),
    Probe("TO_CHAR (datetime)", "TO_CHAR(dt, 'DDD')", "065"),
    Probe("TO_CHAR (datetime)", "TO_CHAR(dt, 'YYYY\"T\"HH24')", "2024T10"),
    Probe("TO_CHAR (datetime)", "TO_CHAR(ts, 'SS.FF3')", "12.345"),
    Probe("TO_CHAR (datetime)", "TO_CHAR(dt, 'Q')", "1"),
    Probe("TO_CHAR (datetime)", "TO_CHAR(dt, 'YEAR')", None, "SC4206", "SC4206"),
    Probe("TO_CHAR (datetime)", "TO_CHAR(dt)", None, "SC4207", "SC4207"),
    Probe("SYSDATE", "CASE WHEN SYSDATE - TRUNC(SYSDATE) BETWEEN 0 AND 1 THEN 1 ELSE 0 END", 1),
    Probe("SYSDATE", "CASE WHEN SYSDATE > dt + 365 AND SYSTIMESTAMP > ts THEN 1 ELSE 0 END", 1),
    Probe("Data Type Comparison Rules", "CASE WHEN dt > '01-JAN-2024' THEN 1 ELSE 0 END", 1),
    Probe("Data Type Comparison Rules", "CASE WHEN dt > '01/02/03' THEN 1 ELSE 0 END", None, "SC4207", "SC4207"),
    Probe("Data Type Comparison Rules", "CASE WHEN digits = 42 THEN 1 ELSE 0 END", 1),
    Probe("Data Type Comparison Rules", "CASE WHEN n = '5' THEN 1 ELSE 0 END", 1),
    # Other conversions
    Probe("CAST", "CAST('22' AS NUMBER(5))", 22),
    Probe("CAST", "CAST(price AS NUMBER(5))", 11),
    Probe("CAST", "CAST(s AS VARCHAR2(3))", "Ora"),
    Probe("CAST", "CAST(id AS VARCHAR2(10))", "7"),
    Probe("CAST", "CAST(ts AS DATE)", "2024-03-05 10:11:12"),
    Probe("CAST", "CAST('01-JAN-2024' AS DATE)", None, "SC4207", "SC4207"),
    Probe("RAWTOHEX", "RAWTOHEX(code)", "0A0BFF"),
    Probe("HEXTORAW", "RAWTOHEX(HEXTORAW('7D'))", "7D"),
    Probe("STANDARD_HASH", "RAWTOHEX(STANDARD_HASH('abc', 'MD5'))", "900150983CD24FB0D6963F7D28E17F72", GONE),
    Probe(
        "STANDARD_HASH",
        "RAWTOHEX(STANDARD_HASH('abc', 'SHA256'))",
        "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
    ),
    Probe("SYS_GUID", "LENGTH(RAWTOHEX(SYS_GUID()))", 32),
    Probe("USER", "CASE WHEN USER = UPPER(USER) THEN 1 ELSE 0 END", 1),
    Probe("JSON_VALUE", "JSON_VALUE('{\"a\": {\"b\": [1, 2]}}', '$.a.b[1]')", "2"),
    Probe("JSON_VALUE", "JSON_VALUE('{\"a\": \"x\"}', '$.b')", None),
    Probe("DBMS_LOB", "DBMS_LOB.GETLENGTH(s)", 6),
    # Conditions
    Probe("BETWEEN Condition", "CASE WHEN n NOT BETWEEN 1 AND 4 THEN 1 ELSE 0 END", 1),
    Probe("LIKE Condition", "CASE WHEN 'a_b' LIKE 'a\\_b' ESCAPE '\\' THEN 1 ELSE 0 END", 1),
    Probe("LIKE Condition", "CASE WHEN 'axb' LIKE 'a\\_b' ESCAPE '\\' THEN 1 ELSE 0 END", 0),
    Probe("Comparison Conditions", "CASE WHEN n = ANY (1, 5) THEN 1 ELSE 0 END", 1),
    Probe("Comparison Conditions", "CASE WHEN n > ALL (1, 4) THEN 1 ELSE 0 END", 1),
    Probe("Comparison Conditions", "CASE WHEN n ^= 5 THEN 1 ELSE 0 END", 0),
    Probe("IN Condition", "CASE WHEN (n, m) IN ((1, 2), (5, 2)) THEN 1 ELSE 0 END", 1),
)

QUERIES: tuple[Probe, ...] = (
    Probe(
        "Joins, Outer Joins",
        "SELECT e.name, d.title FROM emp e, dept d WHERE e.dept = d.id(+) AND e.sal < 2000 ORDER BY e.id",
        [("Allen", "Sales"), ("Ward", "Sales"), ("Adams", None)],
    ),
    Probe(
        "Joins, Outer Joins",
        "SELECT d.title, e.name FROM emp e, dept d WHERE d.id = e.dept(+) AND e.sal(+) > 2600 ORDER BY d.id",
        [("Accounting", "King"), ("Research", None), ("Sales", "Blake")],
    ),
    Probe(
        "Joins, Outer Joins",
        "SELECT e.id, b.name, d.title FROM emp e, emp b, dept d WHERE e.boss = b.id(+) AND b.dept = d.id(+) AND e.id <= 2"
        " ORDER BY e.id",
        [(1, None, None), (2, "King", "Accounting")],
    ),
    Probe(
        "ROWNUM Pseudocolumn",
        "SELECT name FROM (SELECT name FROM emp ORDER BY sal DESC) WHERE ROWNUM <= 2",
        [("King",), ("Blake",)],
    ),
    Probe("ROWNUM Pseudocolumn", "SELECT COUNT(*) AS c FROM emp WHERE ROWNUM < 4", [(3,)]),
    Probe(
        "ROWNUM Pseudocolumn",
        "SELECT name FROM (SELECT a.*, ROWNUM rn FROM (SELECT * FROM emp ORDER BY id) a WHERE ROWNUM <= 4) WHERE rn > 2",
        [("Clark",), ("Allen",)],
    ),
    Probe("ROWNUM Pseudocolumn", "SELECT name FROM emp WHERE ROWNUM > 1", []),
    Probe(
        "SELECT, row_limiting_clause",
        "SELECT id FROM emp ORDER BY id OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY",
        [(2,), (3,)],
    ),
    Probe(
        "SELECT, row_limiting_clause",
        "SELECT id FROM emp ORDER BY sal FETCH FIRST 2 ROWS WITH TIES",
        [(6,), (4,), (5,)],
    ),
    Probe("The UNION [ALL], INTERSECT, MINUS Operators", "SELECT id FROM dept MINUS SELECT dept FROM emp", [(20,)]),
    Probe(
        "The UNION [ALL], INTERSECT, MINUS Operators",
        "SELECT id FROM dept UNION SELECT 40 FROM dual MINUS SELECT dept FROM emp",
        [(20,), (40,)],
    ),
    Probe("Selecting from the DUAL Table", "SELECT 1 + 1 AS two, 'x' AS x FROM dual", [(2, "x")]),
    Probe("Selecting from the DUAL Table", "SELECT * FROM dual", [("X",)]),
    Probe(
        "Sorting Query Results",
        "SELECT name, nick FROM emp ORDER BY nick, id",
        [("Adams", "Ad"), ("Allen", "Al"), ("Blake", "Bee"), ("King", None), ("Clark", None), ("Ward", None)],
    ),
    Probe("Sorting Query Results", "SELECT id FROM emp WHERE id > 3 ORDER BY nick DESC NULLS LAST", [(4,), (6,), (5,)]),
    Probe(
        "LISTAGG",
        "SELECT dept, LISTAGG(name, '; ') WITHIN GROUP (ORDER BY hired) AS names FROM emp WHERE dept IS NOT NULL"
        " GROUP BY dept ORDER BY dept",
        [(10, "Clark; King"), (30, "Allen; Ward; Blake")],
    ),
    Probe("AVG", "SELECT dept, AVG(sal) AS a FROM emp WHERE dept = 10 GROUP BY dept", [(10, 3725)]),
    Probe("COUNT", "SELECT COUNT(*) AS a, COUNT(nick) AS b, COUNT(DISTINCT dept) AS c FROM emp", [(6, 3, 2)]),
    Probe("STDDEV", "SELECT STDDEV(sal) AS s FROM emp WHERE id = 1", [(0,)]),
    Probe("MEDIAN", "SELECT MEDIAN(sal) AS m FROM emp", [(2025,)]),
    Probe(
        "ROW_NUMBER",
        "SELECT id, ROW_NUMBER() OVER (PARTITION BY dept ORDER BY sal DESC, id) AS r FROM emp WHERE dept = 30"
        " ORDER BY id",
        [(2, 1), (4, 2), (5, 3)],
    ),
    Probe(
        "RANK",
        "SELECT id, RANK() OVER (ORDER BY sal) AS r, DENSE_RANK() OVER (ORDER BY sal) AS d FROM emp ORDER BY id",
        [(1, 6, 5), (2, 5, 4), (3, 4, 3), (4, 2, 2), (5, 2, 2), (6, 1, 1)],
    ),
    Probe(
        "LAG",
        "SELECT id, LAG(sal, 1, 0) OVER (ORDER BY id) AS p FROM emp WHERE id < 3 ORDER BY id",
        [(1, 0), (2, 5000)],
    ),
    Probe(
        "SUM",
        "SELECT id, SUM(sal) OVER (ORDER BY id) AS s FROM emp WHERE dept = 10 ORDER BY id",
        [(1, 5000), (3, 7450)],
    ),
    Probe(
        "RATIO_TO_REPORT",
        "SELECT id, RATIO_TO_REPORT(id) OVER () AS r FROM emp WHERE id IN (1, 3) ORDER BY id",
        [(1, Decimal("0.25")), (3, Decimal("0.75"))],
    ),
    Probe("FIRST_VALUE", "SELECT DISTINCT FIRST_VALUE(name) OVER (ORDER BY hired) AS f FROM emp", [("Allen",)]),
    Probe(
        "NULLS in windows",
        "SELECT name, ROW_NUMBER() OVER (ORDER BY nick, id) AS r FROM emp WHERE id < 4 ORDER BY r",
        [("Blake", 1), ("King", 2), ("Clark", 3)],
    ),
    Probe(
        "subquery_factoring_clause",
        "WITH a (x) AS (SELECT sal FROM emp WHERE dept = 10), b AS (SELECT MAX(x) AS top FROM a) SELECT top FROM b",
        [(5000,)],
    ),
    Probe(
        "Recursive Subquery Factoring",
        "WITH tree (id, name, lvl) AS (SELECT id, name, 1 FROM emp WHERE boss IS NULL UNION ALL SELECT e.id, e.name, t.lvl + 1"
        " FROM emp e, tree t WHERE e.boss = t.id) SELECT name, lvl FROM tree WHERE lvl = 2 ORDER BY id",
        [("Blake", 2), ("Clark", 2)],
    ),
    Probe(
        "ROLLUP",
        "SELECT dept, COUNT(*) AS c FROM emp WHERE dept IS NOT NULL GROUP BY ROLLUP (dept) ORDER BY c",
        [(10, 2), (30, 3), (None, 5)],
    ),
    Probe(
        "EXISTS Condition",
        "SELECT title FROM dept d WHERE NOT EXISTS (SELECT 1 FROM emp e WHERE e.dept = d.id)",
        [("Research",)],
    ),
    Probe(
        "Scalar Subquery Expressions",
        "SELECT d.id, (SELECT COUNT(*) FROM emp e WHERE e.dept = d.id) AS n FROM dept d ORDER BY 1",
        [(10, 2), (20, 0), (30, 3)],
    ),
    Probe("SELECT, UNIQUE", "SELECT UNIQUE dept FROM emp WHERE dept > 10", [(30,)]),
    Probe(
        "SELECT, join_clause",
        "SELECT e.id, d.title FROM emp e FULL OUTER JOIN dept d ON e.dept = d.id WHERE e.id IS NULL OR"
        " d.id IS NULL ORDER BY e.id",
        [(6, None), (None, "Research")],
    ),
    Probe("Table aliases", 'SELECT e.id AS "Order", e.name "Select" FROM emp e WHERE e.id = 1', [(1, "King")]),
    Probe(
        "Date functions by type", "SELECT name FROM emp WHERE TRUNC(hired, 'YYYY') = DATE '1983-01-01'", [("Adams",)]
    ),
    Probe("Date functions by type", "SELECT MAX(hired) - MIN(hired) AS days FROM emp", [(691,)]),
    Probe(
        "Hierarchical Queries",
        "SELECT id FROM emp START WITH boss IS NULL CONNECT BY PRIOR id = boss",
        [(1,), (2,), (3,), (4,), (5,), (6,)],
    ),
    Probe("Hints", "SELECT /*+ FULL(e) */ id FROM emp e WHERE id = 1", [(1,)]),
)



def with_codes(simple: Simple) -> Probe:
    """A probe of the other file, whose codes stand in place of the result."""
    code = simple.result if isinstance(simple.result, str) and re.fullmatch(r"SC\d{4}", simple.result) else ""
    return Probe(simple.page, simple.text, None if code else simple.result, simple.mysql or code, code)


EXPRESSIONS += tuple(map(with_codes, probes_oracle.EXPRESSIONS))
QUERIES += tuple(map(with_codes, probes_oracle.QUERIES))

#: Statements, and the query that shows what they did.
STATEMENTS: tuple[Probe, ...] = (
    Probe("UPDATE", "UPDATE emp e SET e.sal = e.sal + 100, name = UPPER(name) WHERE e.id = 1 => SELECT name, sal FROM emp WHERE id = 1",
          [("KING", 5100)]),
    Probe("UPDATE", "UPDATE emp SET (nick, sal) = (SELECT title, id FROM dept WHERE id = 20) WHERE id = 5 => SELECT nick, sal FROM emp"
          " WHERE id = 5", [("Research", 20)]),
    Probe("DELETE", "DELETE emp WHERE dept = 30 => SELECT COUNT(*) FROM emp", [(3,)]),
    Probe("DELETE", "DELETE FROM emp e WHERE NOT EXISTS (SELECT 1 FROM dept d WHERE d.id = e.dept) => SELECT COUNT(*) FROM emp", [(5,)]),
    Probe("INSERT", "INSERT INTO dept (id, title) SELECT id + 100, name || '!' FROM emp WHERE id = 3 => SELECT id, title FROM dept"
          " WHERE id > 100", [(103, "Clark!")]),
    Probe("INSERT", "INSERT INTO dept VALUES (seq.NEXTVAL, 'C:\\dir', '') => SELECT id, title, city FROM dept WHERE id >= 100",
          [(100, "C:\\dir", None)], "SC4238"),
    Probe("INSERT", "INSERT INTO emp (id, name, hired) VALUES (9, 'x', SYSDATE) => SELECT COUNT(*) FROM emp WHERE id = 9 AND hired >"
          " DATE '2024-01-01'", [(1,)]),
    Probe("MERGE", "MERGE INTO dept d USING (SELECT 10 AS id, 'Books' AS title FROM dual UNION ALL SELECT 50, 'New' FROM dual) s ON"
          " (d.id = s.id) WHEN MATCHED THEN UPDATE SET d.title = s.title WHERE d.city IS NOT NULL WHEN NOT MATCHED THEN INSERT"
          " (d.id, d.title) VALUES (s.id, s.title) => SELECT id, title FROM dept WHERE id IN (10, 50) ORDER BY id",
          [(10, "Books"), (50, "New")]),
)  # fmt: skip


class Live:
    """A server with the tables, and the translator for it."""

    def __init__(self, target: str, connection: Any) -> None:
        self.target = target
        self.connection = connection
        self.translator = Translator(engines.find(target, "target"), Options(), Names(), "oracle")

    def run(self, text: str) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(text)
            return list(cursor.fetchall()) if cursor.description else []

    def load(self) -> None:
        for statement in filter(str.strip, SETUP[self.target].split(";")):
            self.run(statement)
        for one in functions(self.target).values():
            self.run(re.sub(r"\s*COLLATE \{collation\}", "", one.text).rstrip(";"))
        for row in ROWS:
            done = self.translator.statement(row)
            assert done.text is not None, done.findings
            for statement in done.text.split(";\n"):
                self.run(statement)
        self.connection.commit()


@pytest.fixture(scope="module", params=["postgres", "mysql"])
def live(request: pytest.FixtureRequest, servers: Any) -> Iterator[Live]:
    target = request.param
    with servers.get(target).loaded([("", "")]) as (_, url), closing(connect(target, url)) as connection:
        found = Live(target, connection)
        found.load()
        yield found


def connect(target: str, url: str) -> Any:
    if target == "postgres":
        return psycopg.connect(url)
    parts = urlsplit(url)
    return pymysql.connect(
        host=parts.hostname or "127.0.0.1", port=parts.port or 3306, user=parts.username or "root",
        password=parts.password or "", database=parts.path.strip("/") or None,
    )  # fmt: skip


def value(found: Any) -> Any:
    """A server's value in one form for all drivers."""
    match found:
        case datetime.datetime():
            text = found.replace(tzinfo=None).isoformat(" ")
            return text
        case datetime.date():
            return f"{found.isoformat()} 00:00:00"
        case bytes() | bytearray():
            return bytes(found).hex().upper()
        case bool():
            return int(found)
        case float() | Decimal():
            return Decimal(str(found))
        case _:
            return found


def same(found: Any, wanted: Any) -> bool:
    found = value(found)
    if isinstance(wanted, (int, Decimal)) and isinstance(found, (int, Decimal)):
        return abs(Decimal(found) - Decimal(wanted)) < Decimal("0.000000001")
    return bool(found == wanted) and isinstance(found, type(wanted))


def refusal(live: Live, probe: Probe, done: Translated) -> bool:
    """Whether the probe is one that the target refuses; checks the code."""
    code = probe.mysql if live.target == "mysql" else probe.pg
    if code == GONE:
        pytest.skip("the server is too new for this")
    if code:
        assert done.text is None, done.text
        assert done.findings[-1].code == code
        return True
    assert done.text is not None, done.findings
    return False


def label(probe: Probe) -> str:
    return f"{probe.section}: {probe.text[:60]}"


@pytest.mark.parametrize("probe", EXPRESSIONS, ids=label)
def test_expression(live: Live, probe: Probe) -> None:
    done = live.translator.query(f"SELECT {probe.text} AS r FROM probe")
    if refusal(live, probe, done):
        return
    try:
        rows = live.run(done.text or "")
    finally:
        live.connection.rollback()
    assert same(rows[0][0], probe.result), (rows, done.text)


@pytest.mark.parametrize("probe", QUERIES, ids=label)
def test_query(live: Live, probe: Probe) -> None:
    done = live.translator.query(probe.text)
    if refusal(live, probe, done):
        return
    try:
        rows = live.run(done.text or "")
    finally:
        live.connection.rollback()
    if "ORDER BY" not in probe.text:
        rows = sorted(rows, key=repr)
    assert len(rows) == len(probe.result), (rows, done.text)
    for row, wanted in zip(rows, probe.result, strict=True):
        assert all(same(a, b) for a, b in zip(row, wanted, strict=True)), (rows, done.text)


@pytest.mark.parametrize("probe", STATEMENTS, ids=label)
def test_statement(live: Live, probe: Probe) -> None:
    statement, _, query = probe.text.partition(" => ")
    done = live.translator.statement(statement)
    if refusal(live, probe, done):
        return
    try:
        for part in (done.text or "").split(";\n"):
            live.run(part)
        shown = live.translator.query(query).text
        rows = live.run(shown or "")
    finally:
        live.connection.rollback()
    assert [tuple(map(value, r)) for r in rows] == probe.result, done.text


def test_view_bodies_make_views(live: Live) -> None:
    """What a query gives is accepted as the body of a view."""
    for number, probe in enumerate(QUERIES):
        done = live.translator.query(probe.text)
        if done.text is None:
            continue
        live.run(f"CREATE VIEW v{number} AS\n{done.text}")
        live.run(f"DROP VIEW v{number}")
    live.connection.rollback()
