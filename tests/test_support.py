"""Support functions: their files, the rows that call them, and where they go."""

from __future__ import annotations

import re

import pytest

from schemaconv import convert, engines, rulefiles
from schemaconv.legalize import support

FAMILIES = sorted({engines.FAMILY[target] for target in engines.TARGETS})
ALL = [(family, name) for family in FAMILIES for name in support.functions(family)]
SCRIPT = """CREATE TABLE files (path VARCHAR2(200), note VARCHAR2(50));
CREATE VIEW folders AS SELECT INSTR(path, '/', -2, 2) AS slash FROM files;
"""


def rows(family: str) -> dict[str, set[str]]:
    """The support functions that the rows of a family need, each with the templates that call it."""
    found: dict[str, set[str]] = {}
    for entry in rulefiles.load(f"functions/write/{family}.toml")["functions"].values():
        for row in entry if isinstance(entry, list) else [entry]:
            if isinstance(row, dict) and "needs" in row:
                found.setdefault(row["needs"], set()).add(row["sql"])
    return found


@pytest.mark.parametrize(("family", "name"), ALL, ids=[f"{f}-{n}" for f, n in ALL])
def test_file(family: str, name: str) -> None:
    one = support.functions(family)[name]
    assert re.match(rf"CREATE FUNCTION {name}\(", one.text), "a function of the file's name"
    assert not one.text.endswith(";")
    assert "\n" not in one.emulates + one.why and one.manual.startswith("https://")
    assert set(one.needs) <= set(support.functions(family))
    needed = {n for other in support.functions(family).values() for n in other.needs}
    assert name in rows(family) or name in needed, "nothing calls it"


@pytest.mark.parametrize("family", FAMILIES)
def test_rows_call_what_they_need(family: str) -> None:
    for name, templates in rows(family).items():
        assert name in support.functions(family)
        assert all(f"{name}(" in template for template in templates)


def made(script: str, target: str, **options: str) -> str:
    return convert(script, source="oracle", target=target, **options).sql


def test_only_what_is_used_comes_once() -> None:
    text = made(SCRIPT + "CREATE VIEW other AS SELECT INSTR(note, 'x', -1, 3) AS n FROM files;\n", "mysql")
    assert re.findall(r"CREATE FUNCTION (\w+)", text) == ["sc_instr"]
    assert "CREATE FUNCTION" not in made("CREATE TABLE t (a NUMBER);", "mysql")


def test_an_extension_instead() -> None:
    text = made(SCRIPT, "postgres", compat="orafce")
    assert text.startswith("CREATE EXTENSION IF NOT EXISTS orafce;\n")
    assert "plvstr.instr(path, '/', -2, 2)" in text
    assert "CREATE FUNCTION" not in text
    assert "CREATE FUNCTION sc_soundex" in made(SCRIPT.replace("INSTR(path, '/', -2, 2)", "SOUNDEX(path)"), "postgres",
                                               compat="orafce")  # fmt: skip


def test_a_version_that_cannot_take_it() -> None:
    with_them = convert(SCRIPT, source="oracle", target="postgres:14")
    without = convert(SCRIPT, source="oracle", target="postgres:13")
    assert "CREATE FUNCTION" in with_them.sql
    assert {f.code for f in without.conversions[0].findings} == {"SC4203"}


def test_files_of_their_own() -> None:
    files = convert(SCRIPT, source="oracle", target="mysql", layout="split").conversions[0].files
    names = [f.path for f in files]
    assert names == sorted(names)
    assert names[0] == "01_support.sql"
