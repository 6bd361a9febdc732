"""The samples that README shows: they convert without a failure, and what they become is accepted by servers.

A sample is a folder of scripts. Where a folder ``<sample>/expected/<target>/`` lies in it, it holds the output.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import redshift_checks

from schemaconv import engines
from schemaconv.api import convert
from schemaconv.severity import Verdict

SAMPLES = Path(__file__).parent.parent / "samples"
NAMES = sorted(p.name for p in SAMPLES.iterdir() if p.is_dir()) if SAMPLES.is_dir() else []


def scripts(name: str) -> list[Path]:
    folder = SAMPLES / name
    return sorted(p for p in folder.rglob("*.sql") if "expected" not in p.relative_to(folder).parts)


def converted(name: str, target: str) -> Any:
    return convert(scripts(name), source="oracle", target=target).conversions[0]


@pytest.mark.parametrize("target", engines.TARGETS)
@pytest.mark.parametrize("name", NAMES)
def test_sample(name: str, target: str) -> None:
    conversion = converted(name, target)
    assert conversion.unclaimed == 0
    assert not [o.name for o in conversion.objects if o.verdict is Verdict.FAILED]
    assert conversion.counts()["converted"] > 0
    expected = SAMPLES / name / "expected" / target
    if expected.is_dir():
        texts = {p.relative_to(expected).as_posix(): p.read_text("utf-8") for p in expected.rglob("*.sql")}
        assert {f.path: f.text for f in conversion.files} == texts


@pytest.mark.parametrize("target", [t for t in engines.TARGETS if engines.FAMILY[t] != "redshift"])
@pytest.mark.parametrize("name", NAMES)
def test_sample_runs(name: str, target: str, servers: Any) -> None:
    files = [(f.path, f.text) for f in converted(name, target).files]
    result = servers.get(target).check(files)
    assert not [f"{o.file}:{o.line}: {o.error}" for o in result.refused]


@pytest.mark.parametrize("name", NAMES)
def test_sample_on_redshift(name: str) -> None:
    text = converted(name, "redshift").sql
    assert redshift_checks.problems(text) == []
    assert redshift_checks.unparsable(text) == []
