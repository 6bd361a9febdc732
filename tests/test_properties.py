"""What must hold for any input: nothing lost, names that stay apart, types that never narrow."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemaconv import engines
from schemaconv.api import convert
from schemaconv.diagnostics import Log
from schemaconv.ir.catalog import Catalog
from schemaconv.options import DEFAULTS
from schemaconv.read import read
from schemaconv.source import from_text
from schemaconv.verify import split

ORACLE = engines.find("oracle", "source")
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SLOW = settings(QUICK, max_examples=60)

#: Fragments that scripts are made of, the nasty ones among them.
CHUNKS = st.sampled_from(
    (
        "CREATE TABLE t (a NUMBER(9), b VARCHAR2(30 CHAR))", ";", "\n", "\n/\n", " ", "\t", "\r\n", "/",
        "--", "-- it's\n",
        "/*", "*/", "/* a ; b */", "'", "''",
        '"', "q'[", "]'", "q'!it's!'", "N'x'", "BEGIN", "END;", "END", "DECLARE",
        "CREATE OR REPLACE PROCEDURE p IS BEGIN NULL; END;", "PROMPT it's;\n", "REM don't\n",
        "SET DEFINE OFF\n", "@x.sql\n",
        "&x", "&&y.", "INSERT INTO t VALUES ('a;b')", "COMMENT ON TABLE t IS 'it''s'",
        "ALTER TABLE t ADD (c DATE)", "COMMIT",
        "CREATE VIEW v AS SELECT a FROM t", "EXEC p;\n", "\ufeff", "\x1a", "é", "表", "$", "#", "CREATE",
        "TABLE", "(", ")", ",",
        "CREATE UNIQUE INDEX i ON t (a)", "GRANT SELECT ON t TO bob", "DROP TABLE t", "<<l>>", "1..2",
        ":new.a", "\x00",
    )
)  # fmt: skip
SCRIPTS = st.one_of(st.lists(CHUNKS, max_size=25).map("".join), st.text(max_size=80))


def catalog_of(script: str) -> tuple[Catalog, Log]:
    log = Log()
    return read((from_text(script),), ORACLE, DEFAULTS, log), log


@QUICK
@given(SCRIPTS)
def test_every_character_is_claimed(script: str) -> None:
    catalog, _ = catalog_of(script)
    assert catalog.total == catalog.claimed == len(script)


@QUICK
@given(SCRIPTS)
def test_pieces_follow_one_another(script: str) -> None:
    """The splitter's pieces do not overlap, and only white space and comments stand between them."""
    from schemaconv.read.split import split as pieces

    at = 0
    for piece in pieces(script):
        assert at <= piece.start <= piece.end <= len(script)
        comments = r"(?i)--[^\n]*|/\*.*?\*/|(?:(?<=\n)|^)[\s\ufeff\x00\x1a]*REM(?:ARK)?\b[^\n]*"
        between = re.sub(comments, "", script[at : piece.start], flags=re.S)
        assert not between.strip("\ufeff\x00\x1a \t\r\n\f\v/") or not between.strip(), between
        at = piece.end


@SLOW
@given(SCRIPTS)
def test_any_text_is_converted_without_an_exception(script: str) -> None:
    done = convert_text(script)
    for conversion in done.conversions:
        assert conversion.unclaimed == 0
        assert all(o.verdict for o in conversion.objects)
        assert not [f.message for f in conversion.findings if f.code.startswith("SC9")]


@SLOW
@given(SCRIPTS)
def test_the_same_bytes_every_time(script: str) -> None:
    first, second = convert_text(script), convert_text(script)
    assert [c.files for c in first.conversions] == [c.files for c in second.conversions]
    assert [c.findings for c in first.conversions] == [c.findings for c in second.conversions]


def convert_text(script: str, **options: Any) -> Any:
    from schemaconv.api import convert_files

    return convert_files((from_text(script),), source="oracle", target=engines.TARGETS, **options)


@QUICK
@given(st.lists(st.sampled_from(("CREATE TABLE t{} (a NUMBER(9))", "COMMENT ON TABLE t0 IS 'a;b'",
"CREATE SEQUENCE s{}")),
                min_size=1, max_size=8),
       st.sampled_from((";\n", "\n/\n", ";\n/\n", "; -- a;b'\n", ";;\n")))  # fmt: skip
def test_every_statement_is_counted(statements: list[str], end: str) -> None:
    script = "".join(s.format(n) + end for n, s in enumerate(statements))
    catalog, _ = catalog_of(script)
    assert catalog.statements >= len(statements)


NAMES = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789$#", min_size=1, max_size=90).map(
    lambda s: "N" + s
)


@QUICK
@given(st.lists(NAMES, min_size=2, max_size=12, unique=True), st.sampled_from(engines.TARGETS))
def test_names_stay_apart_and_within_limits(names: list[str], target: str) -> None:
    """Different tables have different names on the target, whatever was shortened; the same each time."""
    script = "".join(f"CREATE TABLE {n} (A NUMBER(9));\n" for n in names)
    family = engines.find(target, "target").family
    made = [tables(convert(script, source="oracle", target=target).sql, family) for _ in range(2)]
    assert made[0] == made[1]
    assert len(set(made[0])) == len(names)
    limits = engines.profile(engines.find(target, "target")).limits
    unit = max((v for k, v in limits.items() if k.startswith("identifier")), default=128)
    assert all(len(n.encode()) <= unit * 4 for n in made[0])


@QUICK
@given(NAMES, st.lists(NAMES, max_size=6, unique=True))
def test_shortening_does_not_depend_on_other_names(name: str, others: list[str]) -> None:
    alone = tables(convert(f"CREATE TABLE {name} (A NUMBER(9));", source="oracle", target="postgres").sql)
    among = f"CREATE TABLE {name} (A NUMBER(9));\n" + "".join(
        f"CREATE TABLE X{n} (A NUMBER(9));\n" for n in others if f"X{n}"[:40] != name[:40]
    )
    assert alone[0] == tables(convert(among, source="oracle", target="postgres").sql)[0]


def tables(sql: str, family: str = "postgres") -> list[str]:
    """The names of the tables that a script makes, without quotes."""
    cut = split.mysql if family == "mysql" else split.postgres
    found = (re.match(r"CREATE (?:UNLOGGED )?TABLE (\S+)", s.text) for s in cut(sql))
    return [m[1].strip('"`') for m in found if m]


INTEGERS = {"tinyint": 2, "smallint": 4, "integer": 9, "int": 9, "bigint": 18}


@QUICK
@given(st.integers(1, 38), st.integers(-84, 38), st.sampled_from(engines.TARGETS))
def test_numbers_never_narrow(precision: int, scale: int, target: str) -> None:
    """All digits of NUMBER(p,s), before and behind the point, fit into the target's type, or it is said."""
    scale = min(scale, 37)
    spelling, clean = column(f"NUMBER({precision},{scale})", target)
    if not clean:
        return
    digits = precision - scale  # before the point; negative for such as NUMBER(1,2), which is below 0.1
    word, _, arguments = spelling.partition("(")
    numbers = [int(n) for n in re.findall(r"-?\d+", arguments)]
    if word in INTEGERS:
        assert scale <= 0 and digits <= INTEGERS[word], spelling
    elif word in ("decimal", "numeric") and numbers:
        p, s = numbers[0], (numbers[1] if len(numbers) > 1 else 0)
        assert s >= scale and p - s >= digits, spelling
    else:
        assert word in ("decimal", "numeric", "double precision", "double", "boolean"), spelling


@QUICK
@given(st.integers(1, 4000), st.sampled_from(("CHAR", "BYTE")), st.sampled_from(engines.TARGETS))
def test_text_never_narrows(length: int, unit: str, target: str) -> None:
    spelling, clean = column(f"VARCHAR2({length} {unit})", target)
    if clean and (found := re.search(r"\((\d+)\)", spelling)):
        assert int(found[1]) >= length, spelling


@QUICK
@given(st.integers(0, 9), st.sampled_from(engines.TARGETS))
def test_fractional_seconds_never_narrow_in_silence(digits: int, target: str) -> None:
    spelling, clean = column(f"TIMESTAMP({digits})", target)
    found = re.search(r"\((\d+)\)", spelling)
    if clean:
        assert int(found[1]) >= digits if found else digits <= 6, spelling


def column(oracle: str, target: str) -> tuple[str, bool]:
    """How a column of a type is spelled on ``target``, and whether nothing at all was said about it."""
    done = convert(f"CREATE TABLE t (a NUMBER(9), b {oracle});", source="oracle", target=target)
    found = re.search(r"^ +b +(.+?)(?: NOT NULL| DEFAULT.*)?$", done.sql, re.M)
    if not found:
        assert done.diagnostics, f"{oracle} vanished without a word on {target}"
        return "", False
    return found[1].rstrip(",").lower(), not done.diagnostics


@pytest.mark.parametrize(
    "script", ["", "\n", ";", "/", "-- only a comment", "/* never closed", "'never closed", 'x "never']
)
def test_odd_scripts(script: str) -> None:
    catalog, _ = catalog_of(script)
    assert catalog.total == catalog.claimed == len(script)
