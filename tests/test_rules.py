"""The rule files: complete, in order, and readable as a whole."""

from __future__ import annotations

import ast
import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

from schemaconv import engines, rulefiles
from schemaconv.ir.catalog import Kind
from schemaconv.ir.types import CANONICAL

ROOT = Path(__file__).parent.parent / "rules"
WRITE = sorted((ROOT / "types" / "write").glob("*.toml"))
READ = sorted((ROOT / "types" / "read").glob("*.toml"))
RESERVED = sorted((ROOT / "reserved").glob("*.txt"))
GUARDS = ("when", "since", "table", "column", "source", "target")


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.toml")), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_toml_parses(path: Path) -> None:
    tomllib.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("path", WRITE, ids=lambda p: p.stem)
def test_every_canonical_type_can_be_written(path: Path) -> None:
    """Each type's last row, and only that, has no guard: no value of it can fall through."""
    rows: dict[str, list[dict[str, object]]] = {}
    for row in tomllib.loads(path.read_text("utf-8"))["type"]:
        rows.setdefault(str(row["canonical"]), []).append(row)
    assert set(rows) - CANONICAL == set(), "types that nothing reads"
    assert CANONICAL - set(rows) == set(), "types that cannot be written"
    for kind, found in rows.items():
        open_ = [not any(key in row for key in GUARDS) for row in found]
        assert open_[-1], f"{kind}: the last row is guarded"
        assert not any(open_[:-1]), f"{kind}: a row without guard stands before the last"


def test_every_target_family_is_written() -> None:
    families = {engines.FAMILY[target] for target in engines.TARGETS}
    assert {p.stem for p in WRITE} == families


@pytest.mark.parametrize("path", READ, ids=lambda p: p.stem)
def test_types_are_read_as_canonical_ones(path: Path) -> None:
    for row in tomllib.loads(path.read_text("utf-8"))["type"]:
        for key in ("canonical", "sized"):
            assert str(row.get(key, "user")).partition("(")[0] in CANONICAL, row


@pytest.mark.parametrize("target", engines.TARGETS)
def test_profile_answers_for_every_construct(target: str) -> None:
    profile = engines.profile(engines.find(target, "target"))
    answers = {construct: profile.treatment(construct) for construct in engines.constructs()}
    assert set(answers.values()) <= {"yes", "no", "ignored", "informational"}
    assert profile.limits["identifier"] > 0 if "identifier" in profile.limits else profile.limits
    assert profile.quoted("plain") == "plain"
    assert profile.quoted("two words") == f"{profile.quote}two words{profile.quote}"


@pytest.mark.parametrize("target", engines.TARGETS)
def test_every_known_version_has_a_profile(target: str) -> None:
    for version in rulefiles.load(f"engines/{target}.toml").get("versions", ()):
        engines.profile(engines.find(f"{target}:{version}", "target"))


def test_constructs_have_title_and_code() -> None:
    for construct, entry in engines.constructs().items():
        assert entry.get("title"), construct
        assert entry.get("code") in rulefiles.code_files(), f"{construct}: {entry.get('code')} has no page"


def named_constructs() -> dict[str, str]:
    """Every construct that a reader names, with the module: arguments of what makes clauses and statements, and the
    tables that say what a word means."""
    found: dict[str, str] = {}
    for path in sorted((ROOT.parent / "schemaconv" / "read").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            texts: list[ast.expr] = []
            if isinstance(node, ast.Call):
                maker = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                place = {"clause": 0, "Clause": 0, "statement_other": 0, "other": 2, "named": 2, "client_text": 0}
                if maker in place and len(node.args) > place[maker]:
                    texts = [node.args[place[maker]]]
                elif maker == "fromkeys" and len(node.args) == 2:
                    texts = [node.args[1]]
            elif isinstance(node, ast.Dict):
                texts = list(node.values)
            for text in texts:
                if isinstance(text, ast.IfExp):
                    texts += [text.body, text.orelse]
                if isinstance(text, ast.Tuple) and len(text.elts) > 1:
                    kind = text.elts[1]
                    if isinstance(kind, ast.Constant) and kind.value in get_args(Kind):
                        texts.append(text.elts[0])
                elif isinstance(text, ast.Constant) and isinstance(text.value, str):
                    called = isinstance(node, ast.Call) and re.fullmatch(r"[a-z]+(_[a-z]+)*", text.value)
                    if called or ("_" in text.value and text.value.islower()):
                        found[text.value] = path.name
    return found


#: Words of the model that stand where constructs do.
NO_CONSTRUCTS = frozenset(
    """
    primary_key foreign_key materialized_view database_link
    """.split()
)


def test_readers_name_constructs_that_are_listed() -> None:
    named = named_constructs()
    assert len(named) > 100
    assert {k: v for k, v in named.items() if k not in engines.constructs() and k not in NO_CONSTRUCTS} == {}


@pytest.mark.parametrize("path", RESERVED, ids=lambda p: p.stem)
def test_reserved_words_are_sorted(path: Path) -> None:
    words = [
        w
        for line in path.read_text("utf-8").splitlines()
        if (w := line.partition("#")[0].split(" since ")[0].strip())
    ]
    assert words
    assert all(a < b for a, b in pairwise(words)), [(a, b) for a, b in pairwise(words) if a >= b]
    assert all(w == w.lower() for w in words)


def test_known_reserved_words_are_quoted() -> None:
    for target, words in {
        "postgres": ("user", "order", "end"),
        "mysql": ("rank", "system", "key"),
        "redshift": ("tag", "user"),
    }.items():
        profile = engines.profile(engines.find(target, "target"))
        assert all(profile.quoted(w) != w for w in words)
