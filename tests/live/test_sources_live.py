"""Expressions of SQL Server and Teradata executed on live servers, against what their manuals say they give.

A probe names the page of the Transact-SQL reference, or of Teradata Vantage's "SQL Functions, Expressions, and
Predicates" and "SQL Date and Time Functions and Expressions". A code in place of a result says that the fragment must
be refused with it on both targets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import pytest
from probe import Probe
from probes_sqlserver import SQLSERVER
from probes_teradata import TERADATA
from test_fragments_live import connect, same

from schemaconv import engines
from schemaconv.ir.fragment import Known
from schemaconv.ir.types import Type
from schemaconv.legalize.functions import Translator
from schemaconv.legalize.support import functions
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
            for one in functions(target).values():
                cursor.execute(re.sub(r"\s*COLLATE \{collation\}", "", one.text).rstrip(";"))
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
