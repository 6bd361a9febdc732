"""Every case page against the converter: exact text, exact findings. ``--update-cases`` rewrites them."""

from __future__ import annotations

from pathlib import Path

import casefile
import pytest
from casefile import Case

CASES = casefile.every()
BLOCKS = [pytest.param(case, target, id=f"{case}[{target}]") for case in CASES for target in case.targets]


@pytest.mark.parametrize(("case", "target"), BLOCKS)
def test_case(case: Case, target: str) -> None:
    conversion = casefile.converted(case)[target]
    assert casefile.output(conversion) == case.text("target", target)
    assert casefile.report(conversion) == case.text("report", target)
    assert conversion.unclaimed == 0


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case_has_targets(case: Case) -> None:
    assert case.targets, "no target block; run pytest --update-cases"


def test_broken_pages_are_named(tmp_path: Path) -> None:
    page = tmp_path / "broken.md"
    for text, problem in (
        ("## a\n```sql target=postgres\n```\n", "exactly one source"),
        ("## a\n```sql source=oracle\n", "not closed"),
        ("```sql source=oracle\n```\n", "before the first"),
        ("## a\n```sql elsewhere=oracle\n```\n", "roles are"),
        ("## a\n```sql source=oracle\n```\n## a\n```sql source=oracle\n```\n", "twice"),
        ("## a\n```sql source=oracle\n```\n```text report=mysql\n```\n", "without a target"),
    ):
        page.write_text(text)
        with pytest.raises(casefile.CaseError, match=problem):
            casefile.read_page(page)


def test_update_writes_and_clears_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """New cases get a block for each family of targets; old blocks get the present text; nothing else changes."""
    monkeypatch.setattr(casefile, "ROOT", tmp_path)
    page = tmp_path / "tables.md"
    page.write_text(
        "# Tables\n\nProse.\n\n## New\n\n```sql source=oracle\nCREATE TABLE t (a NUMBER(9));\n```\n\n"
        "## Old\n\nMore prose.\n\n```sql source=oracle\nCREATE TABLE u (b DATE);\n```\n\n"
        "```sql target=postgres\nwrong\n```\n\n```text report=postgres\n9:9 SC9999 note wrong\n```\n\n"
        "```sql check=postgres\nSELECT count(*) FROM u;\n```\n\n```text rows=postgres\n0\n```\n\n## Last\n\n"
        "```sql source=oracle\n-- nothing\n```\n"
    )
    assert casefile.update() == ["tables.md"]
    assert casefile.update() == []
    new, old, last = casefile.read_page(page)
    assert new.targets == last.targets == casefile.NEW_CASE_TARGETS
    assert new.text("target", "postgres") == "CREATE TABLE t (\n    a integer\n);"
    assert old.text("target", "postgres") == "CREATE TABLE u (\n    b timestamp(0)\n);"
    assert old.targets == ("postgres",)
    assert old.block("report", "postgres") is None
    assert old.text("rows", "postgres") == "0"
    assert page.read_text().startswith("# Tables\n\nProse.\n\n## New\n\n```sql source=oracle\n")
    assert "\n\n\n" not in page.read_text()
