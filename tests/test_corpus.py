"""Every script of the corpus, read as Oracle: no exception, no character unclaimed, a verdict for every
object.

Other engines' scripts are wrong input, and count too. The corpus lies beside the checkout and is not part of
it. A run takes a sample of the wrong input; ``make corpus`` takes every file.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from schemaconv import engines
from schemaconv.api import convert
from schemaconv.severity import Verdict

CORPUS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus"
FILES = sorted(CORPUS.rglob("*.sql")) if CORPUS.is_dir() else []
ORACLE = [p for p in FILES if p.parent.name == "oracle"]
OTHERS = [p for p in FILES if p.parent.name != "oracle"]
EVERY = 1 if os.environ.get("SCHEMACONV_CORPUS") == "all" else 10
GROUP = 25

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus does not lie beside the checkout")


def groups() -> list[list[Path]]:
    """Files in handfuls, so that a thousand small files do not cost a thousand tests."""
    chosen = [*ORACLE, *OTHERS[::EVERY]]
    return [chosen[at : at + GROUP] for at in range(0, len(chosen), GROUP)]


@pytest.mark.parametrize("files", groups(), ids=lambda g: f"{g[0].relative_to(CORPUS)}+{len(g) - 1}")
def test_nothing_is_lost(files: list[Path]) -> None:
    troubles = []
    for path in files:
        try:
            troubles += [f"{path.relative_to(CORPUS)}: {t}" for t in lost(path)]
        except Exception as error:  # any exception is a failure, and the other files are still of interest
            troubles.append(f"{path.relative_to(CORPUS)}: {type(error).__name__}: {error}")
    assert not troubles, "\n".join(troubles)


def lost(path: Path) -> list[str]:
    """What is wrong with the conversion of one file to every target."""
    done = convert(path, source="oracle", target=engines.TARGETS)
    out = []
    for conversion in done.conversions:
        name = conversion.target.name
        if conversion.unclaimed:
            out.append(f"{name}: {conversion.unclaimed} characters unclaimed")
        if conversion.statements and not conversion.objects:
            out.append(f"{name}: {conversion.statements} statements, no object")
        out += (f"{name}: {f.code} at line {f.line}: {f.message}" for f in conversion.findings if f.code[2] == "9")
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
