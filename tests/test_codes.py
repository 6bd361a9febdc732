"""The pages of the codes: complete, used, and consistent with what the program says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from schemaconv import codes, engines, rulefiles

ROOT = Path(__file__).parent.parent
HEADINGS = ("What happened", "Why it matters", "What to do", "Example")
EFFORTS = ("low", "medium", "high")
#: The first digit: 0 run, 1 reading, 2 types, 3 tables and indexes, 4 queries and functions, 5 routines,
#: 6 names and rights, 7 physical design, 8 verification, 9 our own bugs.
RANGES = "0123456789"
PAGES = list(rulefiles.code_files().items())
_CODE = re.compile(r"\bSC\d{4}\b")


def mentions() -> dict[str, set[str]]:
    """Every code in the program and in the rules (pages apart), with the files that name it."""
    found: dict[str, set[str]] = {}
    for path in [*(ROOT / "schemaconv").rglob("*.py"), *(ROOT / "rules").rglob("*.toml")]:
        for code in _CODE.findall(path.read_text("utf-8")):
            found.setdefault(code, set()).add(path.relative_to(ROOT).as_posix())
    return found


@pytest.mark.parametrize(("code", "path"), PAGES, ids=[c for c, _ in PAGES])
def test_page(code: str, path: Path) -> None:
    page = codes.page(code)
    assert page.message and "\n" not in page.message
    assert page.remedy and "\n" not in page.remedy
    assert page.effort in EFFORTS
    assert re.fullmatch(r"\d+\.\d+\.\d+", page.since)
    assert page.body.startswith("# "), "the body begins with a # title"
    assert tuple(re.findall(r"^## (.+)$", page.body, re.M)) == HEADINGS
    for part in re.split(r"^## .+$", page.body, flags=re.M)[1:]:
        assert part.strip(), "a heading without text"
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", page.slug)
    assert not re.search(r"\{[^a-z_}]", page.message + page.remedy), "a broken placeholder"
    assert path.name[2] in RANGES


def test_every_code_said_has_a_page() -> None:
    missing = {
        code: sorted(files) for code, files in mentions().items() if code not in rulefiles.code_files()
    }
    assert not missing


def test_every_page_is_said_somewhere() -> None:
    used = set(mentions()) | {str(c["code"]) for c in engines.constructs().values() if "code" in c}
    assert sorted(set(rulefiles.code_files()) - used) == []


def test_explain_prints_every_page() -> None:
    from schemaconv import explain

    for code, _ in PAGES:
        assert all(f"## {heading}" in explain(code) for heading in HEADINGS)


def test_unknown_code() -> None:
    with pytest.raises(codes.UnknownCode):
        codes.page("SC0000")
