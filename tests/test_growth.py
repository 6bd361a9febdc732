"""Time grows with the length of a script and not with its square, and no depth of it ends the process."""

from __future__ import annotations

import time

import pytest
import shapes

from schemaconv import convert
from schemaconv.severity import Verdict

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
