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
