"""Every script of the corpus: no exception, no character unclaimed, a verdict for every object.

Each engine's own scripts are read as that engine. Other engines' scripts are wrong input, and count too. The corpus
lies beside the checkout and is not part of it. A run takes samples; ``make corpus`` takes every file.
"""

from __future__ import annotations

import os
from itertools import accumulate, zip_longest
from pathlib import Path

import pytest

from schemaconv import engines
from schemaconv.api import convert
from schemaconv.severity import Verdict
from schemaconv.source import read_file

CORPUS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus"
FILES = sorted(p for p in CORPUS.rglob("*") if p.suffix.lower() == ".sql") if CORPUS.is_dir() else []
ALL = os.environ.get("SCHEMACONV_CORPUS") == "all"
#: Bytes of an engine's own scripts and of wrong input that an ordinary run converts.
OWN, WRONG = 400_000, 150_000
GROUP = 25

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus does not lie beside the checkout")


def engine_of(path: Path) -> str:
    """The engine that a script was written for: ``<set>/<engine>/...``."""
    return path.relative_to(CORPUS).parts[1]


def original(path: Path) -> bool:
    """Whether a file is kept byte for byte, in the encoding that it came in."""
    return path.parent.name == "_orig"


def spread(files: list[Path], most: int) -> list[Path]:
    """Small files first, one of each set in turn, until they have ``most`` bytes."""
    by_set: dict[str, list[Path]] = {}
    for path in sorted(files, key=lambda p: (p.stat().st_size, p)):
        by_set.setdefault(path.relative_to(CORPUS).parts[0], []).append(path)
    turns = [path for turn in zip_longest(*by_set.values()) for path in turn if path]
    sizes = accumulate(path.stat().st_size for path in turns)
    return [path for path, size in zip(turns, sizes, strict=True) if size <= most]


def chosen(source: str) -> list[Path]:
    """The scripts that are read as ``source``."""
    mine = [p for p in FILES if engine_of(p) == source]
    others = [p for p in FILES if engine_of(p) != source and not original(p)]
    if ALL:
        return [*mine, *others]
    plain = [p for p in mine if not original(p)]
    return [*spread(plain, OWN), *spread([p for p in mine if original(p)], OWN // 8), *spread(others, WRONG)]


def groups() -> list[tuple[str, list[Path]]]:
    """Files in handfuls, so that a thousand small files do not cost a thousand tests."""
    found = []
    for source in (s for s in ("oracle", "sqlserver", "teradata") if s in engines.SOURCES):
        files = chosen(source)
        found += [(source, files[at : at + GROUP]) for at in range(0, len(files), GROUP)]
    return found


def named(value: str | list[Path]) -> str:
    """What a test is called."""
    return value if isinstance(value, str) else f"{value[0].relative_to(CORPUS)}+{len(value) - 1}"


@pytest.mark.parametrize(("source", "files"), groups(), ids=named)
def test_nothing_is_lost(source: str, files: list[Path]) -> None:
    troubles = []
    for path in files:
        try:
            troubles += [f"{path.relative_to(CORPUS)}: {t}" for t in lost(path, source)]
        except Exception as error:  # any exception is a failure, and the other files are still of interest
            troubles.append(f"{path.relative_to(CORPUS)}: {type(error).__name__}: {error}")
    assert not troubles, "\n".join(troubles)


def lost(path: Path, source: str) -> list[str]:
    """What is wrong with the conversion of one file to every target."""
    done = convert(path, source=source, target=engines.TARGETS)
    out = []
    for conversion in done.conversions:
        name = conversion.target.name
        if conversion.unclaimed:
            out.append(f"{name}: {conversion.unclaimed} characters unclaimed")
        if conversion.statements and not conversion.objects:
            out.append(f"{name}: {conversion.statements} statements, no object")
        out += (f"{name}: {f.code} at line {f.line}: {f.message}" for f in conversion.findings if internal(f.code))
        for found in conversion.objects:
            if found.verdict in (Verdict.CONVERTED, Verdict.REVIEW) and not found.name:
                out.append(f"{name}: {found.kind} without a name")
            silent = found.verdict in (Verdict.MANUAL, Verdict.REVIEW, Verdict.FAILED)
            if silent and not found.diagnostics:
                out.append(f"{name}: {found.kind} {found.name} is {found.verdict} for no reason")
            if (
                found.verdict is Verdict.CONVERTED
                and found.target is None
                and found.kind not in ("comment", "script")
            ):
                out.append(f"{name}: {found.kind} {found.name} is converted and stands nowhere")
    return out


def internal(code: str) -> bool:
    """Whether a code says that we are at fault: a bug, or a query that was printed wrong."""
    return code[2] == "9" or code == "SC4298"


@pytest.mark.parametrize("path", [p for p in FILES if original(p)][:: 1 if ALL else 8], ids=lambda p: p.name)
def test_encodings_are_recognized(path: Path) -> None:
    """A file that came in UTF-16, or in a code page of Windows, reads like its copy in UTF-8."""
    copy = path.parent.parent / path.name
    assert read_file(path).text.splitlines() == read_file(copy).text.splitlines()
