"""The generated script of the benchmark: the same each time, and of the shape that it promises."""

from __future__ import annotations

import re

import bench
import bench_views
import pytest

from schemaconv import engines
from schemaconv.api import convert
from schemaconv.severity import Verdict


@pytest.mark.parametrize("source", bench.DIALECTS)
def test_script_is_always_the_same(source: str) -> None:
    assert bench.script(0.05, source) == bench.script(0.05, source)


def test_script_has_what_a_dump_has() -> None:
    text, statements = bench.script(0.2)
    assert 0.2e6 <= len(text) <= 0.21e6
    assert text.count(";\n") == statements
    for words in ("CREATE TABLE", "PRIMARY KEY", "FOREIGN KEY", "CREATE INDEX", "COMMENT ON TABLE", "COMMENT ON COLUMN",
                  "CREATE SEQUENCE", "STORAGE(", "CREATE OR REPLACE VIEW", " ADD (EXTRA"):  # fmt: skip
        assert words in text
    for body in re.findall(r"CREATE TABLE \S+\n\(\n(.*?)\n\)", text, re.S):
        assert 8 <= body.count("\n") + 1 <= 12


@pytest.mark.parametrize("source", [s for s in bench.DIALECTS if s in engines.SOURCES])
def test_script_is_converted_whole(source: str) -> None:
    simplest = convert("CREATE TABLE t (a INTEGER);", source=source, target=bench.TARGET)
    if simplest.objects[0].verdict is Verdict.MANUAL:
        pytest.skip(f"tables of {source} are not read yet")
    text, _ = bench.script(0.05, source)
    done = convert(text, source=source, target=bench.TARGET)
    assert {o.verdict for o in done.objects} <= {Verdict.CONVERTED, Verdict.REVIEW, Verdict.IGNORED}


def test_sql_server_script_has_what_management_studio_writes() -> None:
    text, _ = bench.script(0.2, "sqlserver")
    for words in ("\nGO\n", "SET QUOTED_IDENTIFIER ON", "IDENTITY(1,1)", "PRIMARY KEY CLUSTERED", "WITH CHECK ADD",
                  "SET IDENTITY_INSERT", "INSERT [dbo]", "NONCLUSTERED INDEX", "sp_addextendedproperty", "CREATE VIEW",
                  "DEFAULT (", "TEXTIMAGE_ON"):  # fmt: skip
        assert words in text


def test_teradata_script_has_what_show_table_prints() -> None:
    text, _ = bench.script(0.2, "teradata")
    for words in ("CREATE MULTISET TABLE", "CREATE SET TABLE", "NO BEFORE JOURNAL", "PRIMARY INDEX", "RANGE_N",
                  "NOT CASESPECIFIC", "COMPRESS", "COLLECT STATISTICS", "COMMENT ON", "LOCKING ROW",
                  "\n.IF "):  # fmt: skip
        assert words in text


@pytest.mark.parametrize("source", [s for s in bench.DIALECTS if s in engines.SOURCES])
def test_views_are_converted(source: str) -> None:
    text, statements = bench_views.script(0.05, 60, source)
    assert text.count("CREATE ") == statements and 0.04e6 <= len(text) <= 0.08e6
    done = convert(text, source=source, target=bench.TARGET)
    assert {o.verdict for o in done.objects} <= {Verdict.CONVERTED, Verdict.REVIEW}
