"""Time grows with the length of a script and not with its square, and no depth of it ends the process."""

from __future__ import annotations

import time

import pytest
import shapes

from schemaconv import convert, engines
from schemaconv.diagnostics import Log
from schemaconv.options import Options
from schemaconv.read import read
from schemaconv.severity import Verdict
from schemaconv.source import from_bytes

#: How many times as long four times the text may take: 4 where all is well, 16 where something is quadratic.
GROWTH = 9.0
#: What a run takes whatever it is given, in seconds.
AT_REST = 0.1


def seconds(text: str, source: str) -> float:
    """What converting ``text`` takes of the processor."""
    started = time.process_time()
    convert(text, source=source, target="postgres")
    return time.process_time() - started


@pytest.mark.parametrize("source", ["oracle", "sqlserver", "teradata"])
@pytest.mark.parametrize("shape", shapes.SHAPES)
def test_time_grows_with_length(shape: str, source: str) -> None:
    make, length = shapes.SHAPES[shape]
    convert(make(source, 2), source=source, target="postgres")  # rules and modules are read
    short, long = make(source, length), make(source, 4 * length)
    assert seconds(long, source) < GROWTH * (seconds(short, source) + AT_REST)


@pytest.mark.parametrize("source", ["oracle", "sqlserver", "teradata"])
def test_a_megabyte_on_one_line(source: str) -> None:
    names = ", ".join(f"'{i:022}'" for i in range(40_000))
    done = convert(shapes.view(source, f"SELECT a FROM t WHERE s IN ({names})"), source=source, target="postgres")
    assert done.objects[-1].verdict in (Verdict.CONVERTED, Verdict.REVIEW)


@pytest.mark.parametrize("source", ["oracle", "sqlserver", "teradata"])
def test_five_hundred_parentheses(source: str) -> None:
    done = convert(shapes.parentheses(source, 500), source=source, target="postgres")
    assert done.objects[-1].verdict in (Verdict.CONVERTED, Verdict.REVIEW)


@pytest.mark.parametrize("source", ["oracle", "sqlserver", "teradata"])
@pytest.mark.parametrize("shape", ["parentheses", "calls", "nested"])
def test_what_is_too_deep_is_said(shape: str, source: str) -> None:
    done = convert(shapes.SHAPES[shape][0](source, 3_000), source=source, target="postgres")
    assert done.objects[-1].verdict is Verdict.MANUAL
    assert "SC4200" in {d.code for d in done.diagnostics}


def nested(source: str, levels: int) -> str:
    """A procedure whose blocks stand inside of each other."""
    if source == "oracle":
        return f"CREATE PROCEDURE p IS v NUMBER := 0;\nBEGIN\n{'BEGIN ' * levels}v := 1; {'END; ' * levels}END;\n/\n"
    return f"CREATE PROCEDURE p AS\nDECLARE @v int = 0\n{'IF @v < 1 BEGIN ' * levels}SET @v = 1 {'END ' * levels}\nGO\n"


@pytest.mark.parametrize("target", ["postgres", "mysql"])
@pytest.mark.parametrize("source", ["oracle", "sqlserver"])
@pytest.mark.parametrize(("levels", "verdict"), [(500, Verdict.CONVERTED), (5_000, Verdict.MANUAL)])
def test_blocks_inside_of_blocks(source: str, target: str, levels: int, verdict: Verdict) -> None:
    done = convert(nested(source, levels), source=source, target=target)

    assert [o.verdict for o in done.objects] == [verdict]


def test_packages_are_read_quickly() -> None:
    """On a machine with nothing else to do 0.6 to 0.75 MB a second are read; a fifth is left for a busy one."""
    routine = (
        "  PROCEDURE p{} (a NUMBER) IS v NUMBER;\n  BEGIN\n    SELECT COUNT(*) INTO v FROM emp WHERE dept = a;\n"
        "    IF v > 10 THEN UPDATE emp SET sal = sal * 1.1 WHERE dept = a; END IF;\n  END;\n"
    )
    text = "CREATE PACKAGE BODY pk AS\n" + "".join(routine.format(i) for i in range(1_000)) + "END;\n/\n"
    file = from_bytes(text.encode(), "pk.sql", None)
    engine = engines.find("oracle", "source")
    taken = []
    for _ in range(4):
        started = time.process_time()
        read((file,), engine, Options(), Log())
        taken.append(time.process_time() - started)

    assert len(text) / 1e6 / min(taken) > 0.12
