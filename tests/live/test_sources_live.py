"""Expressions of SQL Server and Teradata executed on live servers, against what their manuals say they give.

A probe names the page of the Transact-SQL reference, or of Teradata Vantage's "SQL Functions, Expressions, and
Predicates" and "SQL Date and Time Functions and Expressions". A code in place of a result says that the fragment must
be refused with it on both targets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from test_fragments_live import connect, same

from schemaconv import engines
from schemaconv.ir.fragment import Known
from schemaconv.ir.types import Type
from schemaconv.legalize.functions import Translator
from schemaconv.options import Options

TEXT = Type("varchar", length=40)
COLUMNS: Mapping[str, Known] = {
    "N": Known(Type("integer"), True), "M": Known(Type("integer")), "Z": Known(Type("integer")),
    "PRICE": Known(Type("decimal", precision=10, scale=2)), "S": Known(TEXT, True), "NUL": Known(TEXT),
    "PADDED": Known(TEXT), "DOC": Known(TEXT), "FLAG": Known(Type("boolean")), "D": Known(Type("date")),
    "DT": Known(Type("timestamp", precision=3, raw="datetime")),
}  # fmt: skip
TABLE = {
    "postgres": "CREATE TABLE probe (n integer NOT NULL, m integer, z integer, price numeric(10, 2), s varchar(40) NOT"
    " NULL, nul varchar(40), padded varchar(40), doc varchar(40), flag boolean, d date, dt timestamp(3))",
    "mysql": "CREATE TABLE probe (n int NOT NULL, m int, z int, price decimal(10, 2), s varchar(40) NOT NULL, nul"
    " varchar(40), padded varchar(40), doc varchar(40), flag boolean, d date, dt datetime(3))",
}
ROW = (
    "INSERT INTO probe VALUES (7, 2, NULL, 10.50, 'Contoso', NULL, ' x  ', '{\"a\": 1}', TRUE, '2024-01-31',"
    " '2024-03-05 10:11:12.500')"
)


class Probe(NamedTuple):
    page: str
    text: str
    result: Any
    mysql: Any = None  # the code, where MySQL has nothing like it


SQLSERVER = (
    Probe("/ (Division)", "n / m", 3),
    Probe("/ (Division)", "n / 2.0", Decimal("3.5")),
    Probe("% (Modulus)", "(-7) % 3", -1),
    Probe("+ (String Concatenation)", "s + '-' + 'x'", "Contoso-x"),
    Probe("+ (String Concatenation)", "s + nul", None),
    Probe("+ (Addition)", "n + m", 9),
    Probe("CONCAT", "concat(s, nul, '!')", "Contoso!"),
    Probe("CONCAT", "concat(nul, nul)", ""),
    Probe("ISNULL", "isnull(nul, 'none')", "none"),
    Probe("ISNULL", "isnull(nul, '')", ""),
    Probe("IIF", "iif(n > m, 'more', 'less')", "more"),
    Probe("LEN", "len(padded)", 2),
    Probe("LEN", "len('')", 0),
    Probe("LEFT", "left(s, 3)", "Con"),
    Probe("RIGHT", "right(s, 3)", "oso"),
    Probe("SUBSTRING", "substring(s, 2, 3)", "ont"),
    Probe("CHARINDEX", "charindex('o', s)", 2),
    Probe("CHARINDEX", "charindex('q', s)", 0),
    Probe("REPLACE", "replace(s, 'o', '0')", "C0nt0s0"),
    Probe("REPLICATE", "replicate('ab', 3)", "ababab"),
    Probe("REVERSE", "reverse(s)", "osotnoC"),
    Probe("CAST and CONVERT", "cast(2.7 as int)", 2),
    Probe("CAST and CONVERT", "cast(-2.7 as int)", -2),
    Probe("CAST and CONVERT", "convert(varchar(10), n)", "7"),
    Probe("CAST and CONVERT", "convert(bit, n)", 1),
    Probe("CAST and CONVERT", "convert(date, dt)", "2024-03-05 00:00:00"),
    Probe("CAST and CONVERT", "convert(varchar(8), dt, 112)", "SC4205"),
    Probe("LIKE", "case when s like '[A-C]%' then 1 else 0 end", 1),
    Probe("LIKE", "case when s like '[^A-C]%' then 1 else 0 end", 0),
    Probe("LIKE", "case when s like '_[o]nt%' then 1 else 0 end", 1),
    Probe("ISJSON", "case when isjson(doc) = 1 then 1 else 0 end", 1),
    Probe("YEAR", "year(dt) * 100 + month(dt)", 202403),
    Probe("DATEPART", "datepart(hour, dt)", 10),
    Probe("DATEADD", "case when dateadd(day, 1, dt) = '2024-03-06T10:11:12.500' then 1 else 0 end", 1),
    Probe("DATEADD", "case when dateadd(month, 1, d) = '2024-02-29' then 1 else 0 end", 1),
    Probe("EOMONTH", "eomonth(dt)", "2024-03-31 00:00:00"),
    Probe("ROUND", "round(price, 0)", 11),
    Probe("FLOOR", "floor(price)", 10),
    Probe("CASE", "case when flag = 1 then 'on' else 'off' end", "on"),
    Probe("NULLIF", "nullif(m, 2)", None),
    Probe("LAG", "lag(n, 1, 0) over (order by n)", 0),
    Probe("LEAD", "lead(n) over (order by n)", None),
    Probe("NTILE", "ntile(4) over (order by n)", 1),
    Probe("STDEVP", "stdevp(price)", 0),
    Probe("user-defined functions", "dbo.tax(price)", "SC4201"),
)
TERADATA = (
    Probe("Arithmetic Operators", "n / m", 3),
    Probe("Arithmetic Operators", "n MOD m", 1),
    Probe("Arithmetic Operators", "(-7) MOD 3", -1),
    Probe("Concatenation Operator", "s || '-' || 'x'", "Contoso-x"),
    Probe("Concatenation Operator", "s || nul", None),
    Probe("Comparison Operators", "CASE WHEN n GT m THEN 1 ELSE 0 END", 1),
    Probe("Comparison Operators", "CASE WHEN n EQ (m) THEN 1 ELSE 0 END", 0),
    Probe("ZEROIFNULL", "ZEROIFNULL(z)", 0),
    Probe("NULLIFZERO", "NULLIFZERO(n - 7)", None),
    Probe("CHARACTER_LENGTH", "CHARACTERS(padded)", 4),
    Probe("INDEX", "INDEX(s, 'o')", 2),
    Probe("SUBSTR", "SUBSTR(s, 2, 3)", "ont"),
    Probe("TRIM", "TRIM(BOTH FROM padded)", "x"),
    Probe("OREPLACE", "OREPLACE(s, 'o', '0')", "C0nt0s0"),
    Probe("CAST in Explicit Data Type Conversions", "CAST(2.7 AS INTEGER)", 2),
    Probe("Arithmetic Operations on DateTime", "CASE WHEN d + 1 = DATE '2024-02-01' THEN 1 ELSE 0 END", 1),
    Probe("Arithmetic Operations on DateTime", "d - DATE '2024-01-01'", 30),
    Probe("ADD_MONTHS", "CASE WHEN ADD_MONTHS(d, 1) = DATE '2024-02-29' THEN 1 ELSE 0 END", 1),
    Probe("EXTRACT", "EXTRACT(YEAR FROM d)", 2024),
    Probe("COALESCE", "COALESCE(nul, 'none')", "none"),
    Probe("Exponentiation", "n ** 2", 49),
    Probe("NVL2", "NVL2(nul, 'a', 'b')", "b"),
    Probe("GREATEST", "GREATEST(n, m)", 7),
    Probe("LEAST", "LEAST(n, m)", 2),
    Probe("INITCAP", "INITCAP('mr. scott')", "Mr. Scott", "SC4203"),
    Probe("LPAD", "LPAD('ab', 4, '*')", "**ab"),
    Probe("RPAD", "RPAD('ab', 3) || '.'", "ab ."),
    Probe("OTRANSLATE", "OTRANSLATE(s, 'on', '01')", "C01t0s0", "SC4203"),
    Probe("INSTR", "INSTR(s, 'o', 3)", 5),
    Probe("INSTR", "INSTR(s, 'o', -1)", 7),
    Probe("LTRIM", "LTRIM('xxyab', 'xy')", "ab", "SC4203"),
    Probe("RTRIM", "RTRIM('abyx', 'xy')", "ab", "SC4203"),
    Probe("LOG", "LOG(1000)", 3),
    Probe("POWER", "POWER(m, 3)", 8),
    Probe("ROUND", "ROUND(price)", 11),
    Probe("ROUND", "ROUND(-2.5)", -3),
    Probe("ROUND", "ROUND(155.5, -2)", 200),
    Probe("TRUNC", "TRUNC(-2.7)", -2),
    Probe("TRUNC", "TRUNC(2.789, 2)", Decimal("2.78")),
    Probe("ATAN2", "ROUND(ATAN2(1, 0), 4)", 0),
    Probe("WIDTH_BUCKET", "WIDTH_BUCKET(n, 0, 10, 5)", 4, "SC4203"),
    Probe("DECODE", "DECODE(nul, NULL, 'none', 'some')", "none"),
    Probe("AVG", "AVG(price)", Decimal("10.5")),
    Probe("LAG", "LAG(n, 1, 0) OVER (ORDER BY n)", 0),
    Probe("FIRST_VALUE", "FIRST_VALUE(s) OVER (ORDER BY n)", "Contoso"),
    Probe("FORMAT", "d (FORMAT 'YYYY-MM-DD')", "SC4205"),
)
PROBES = [("sqlserver", p) for p in SQLSERVER] + [("teradata", p) for p in TERADATA]


class Names:
    def table_text(self, schema: str, name: str, folded: bool) -> tuple[str, str]:
        return schema.lower(), name.lower()

    def column_text(self, name: str, folded: bool) -> str:
        return name.lower()

    def columns_of(self, schema: str, name: str) -> Mapping[str, Known] | None:
        return COLUMNS if name == "PROBE" else None


@pytest.fixture(scope="module", params=["postgres", "mysql"])
def live(request: pytest.FixtureRequest, servers: Any) -> Iterator[tuple[str, Any]]:
    target = request.param
    with servers.get(target).loaded([("", "")]) as (_, url), closing(connect(target, url)) as connection:
        with connection.cursor() as cursor:
            cursor.execute(TABLE[target])
            cursor.execute(ROW)
        connection.commit()
        yield target, connection


@pytest.mark.parametrize(("source", "probe"), PROBES, ids=lambda v: f"{v.page}: {v.text}" if isinstance(v, Probe) else v)
def test_expression(live: tuple[str, Any], source: str, probe: Probe) -> None:
    target, connection = live
    translator = Translator(engines.find(target, "target"), Options(), Names(), source)
    done = translator.query(f"SELECT {probe.text} AS r FROM probe")
    wanted = probe.mysql or probe.result if target == "mysql" else probe.result
    if isinstance(wanted, str) and wanted.startswith("SC"):
        assert done.text is None
        assert done.findings[-1].code == wanted
        return
    assert done.text is not None, done.findings
    try:
        with connection.cursor() as cursor:
            cursor.execute(done.text)
            found = cursor.fetchone()[0]
    finally:
        connection.rollback()
    assert same(found, probe.result) or (found == probe.result == ""), (found, done.text)
