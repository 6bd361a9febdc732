"""The generated script of the benchmark: the same each time, and of the shape that it promises."""

from __future__ import annotations

import re

import bench

from schemaconv.api import convert
from schemaconv.severity import Verdict


def test_script_is_always_the_same() -> None:
    assert bench.script(0.05) == bench.script(0.05)


def test_script_has_what_a_dump_has() -> None:
    text, statements = bench.script(0.2)
    assert 0.2e6 <= len(text) <= 0.21e6
    assert text.count(";\n") == statements
    for words in ("CREATE TABLE", "PRIMARY KEY", "FOREIGN KEY", "CREATE INDEX", "COMMENT ON TABLE", "COMMENT ON COLUMN",
                  "CREATE SEQUENCE", "STORAGE(", "CREATE OR REPLACE VIEW", " ADD (EXTRA"):  # fmt: skip
        assert words in text
    for body in re.findall(r"CREATE TABLE \S+\n\(\n(.*?)\n\)", text, re.S):
        assert 8 <= body.count("\n") + 1 <= 12


def test_script_is_converted_whole() -> None:
    text, _ = bench.script(0.05)
    done = convert(text, source="oracle", target=bench.TARGET)
    assert {o.verdict for o in done.objects} <= {Verdict.CONVERTED, Verdict.REVIEW}
