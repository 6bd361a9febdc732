"""What the tests of the command say often. The fixtures stand in ``cli_fixtures``."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

TABLE = "CREATE TABLE emp;\n"
ORACLE = ("--from", "oracle")
TO_PG = (*ORACLE, "--to", "postgres")
needs_pipeline = pytest.mark.skipif(
    importlib.util.find_spec("schemaconv.pipeline") is None, reason="schemaconv.pipeline is missing"
)


class Done(NamedTuple):
    code: int
    out: str
    err: str


Command = Callable[..., Done]


def script(text: str = TABLE, name: str = "schema.sql") -> str:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text)
    return name


def tree(folder: str = ".") -> dict[str, str]:
    files = (p for p in sorted(Path(folder).rglob("*")) if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_text() for p in files}


def one_line(done: Done) -> str:
    """The complaint of a run that stopped: exit code 2, and nothing else was said."""
    assert done.code == 2, done
    assert done.out == ""
    assert done.err.count("\n") == 1, done.err
    assert done.err.startswith("schemaconv: ")
    return done.err
