"""The samples and README: what they show is what comes out."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from schemaconv import convert

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = sorted((ROOT / "samples").glob("*/oracle.sql"))
TARGETS = ("postgres", "mysql", "redshift")


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda p: p.parent.name)
def test_the_shown_output_is_what_comes_out(sample: Path, target: str, request: pytest.FixtureRequest) -> None:
    shown = sample.with_name(f"{target}.sql")
    made = convert(sample, source="oracle", target=target).sql
    if request.config.getoption("--update-cases") or os.environ.get("UPDATE_SAMPLES"):
        shown.write_text(made, "utf-8")
    assert made == shown.read_text("utf-8")


def test_readme_shows_real_output() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    block = re.search(r"```sql\n-- from:.*\n(.*?)```", readme, re.DOTALL)
    assert block is not None
    made = (ROOT / "samples" / "bookshop" / "postgres.sql").read_text("utf-8")
    assert block[1].strip() in made


def test_readme_shows_real_findings() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    found = {d.message for d in convert(SAMPLES[0], source="oracle", target="postgres").diagnostics}
    flat = " ".join(readme.split())
    shown = re.findall(r"oracle\.sql:\d+:\d+: \w+ SC\d{4}: (.*?)(?= remedy:)", flat)
    assert shown and set(shown) <= found


def test_readme_shows_the_real_summary() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    counts = convert(SAMPLES[0], source="oracle", target="postgres").conversions[0].counts()
    titles = re.search(r"^ +total( +\w+)+$", readme, re.M)
    shown = re.search(r"^ *all objects( +\d+)+$", readme, re.M)
    assert titles is not None and shown is not None
    found = dict(zip(titles[0].split(), map(int, shown[0].split()[2:]), strict=True))
    assert found == {k: counts[k] for k in found}
    assert sum(found.values()) == 2 * counts["total"]
