"""What the readable formats share: the counts as a table, and findings grouped by code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .. import codes
from ..severity import Severity, Verdict
from .model import Conversion, Finding, Renamed, Report

#: Findings that leave work to a person, worst first.
WORK = (Severity.ERROR, Severity.MANUAL)


@dataclass(frozen=True, slots=True)
class Group:
    """All findings of one code, in source order. ``message`` and ``remedy`` are empty where they differ."""

    code: str
    title: str
    severity: Severity
    message: str
    remedy: str
    findings: tuple[Finding, ...]


def groups(conversion: Conversion, *severities: Severity) -> tuple[Group, ...]:
    """The findings of the given severities by code: worst severity first, then by code."""
    by_code: dict[tuple[str, Severity], list[Finding]] = {}
    for finding in conversion.findings:
        if finding.severity in severities:
            by_code.setdefault((finding.code, finding.severity), []).append(finding)
    found = [
        Group(
            code,
            title(code),
            severity,
            _one(f.message for f in same),
            _one(f.remedy for f in same),
            tuple(same),
        )
        for (code, severity), same in by_code.items()
    ]
    return tuple(sorted(found, key=lambda g: (-g.severity.rank, g.code)))


def _one(texts: Iterable[str]) -> str:
    different = set(texts)
    return different.pop() if len(different) == 1 else ""


def title(code: str) -> str:
    """The title of a code's page; empty for a code without one."""
    try:
        return codes.page(code).title
    except codes.UnknownCode:
        return ""


def table(conversion: Conversion) -> list[list[str]]:
    """Objects by kind and verdict: a head row, a row for each kind, and a row for all of them.

    Verdicts that do not occur have no column.
    """
    counts = conversion.counts()
    columns = ["total", *(v.value for v in Verdict if counts[v.value])]
    rows = [[kind.replace("_", " "), *_cells(found, columns)] for kind, found in conversion.by_kind().items()]
    if len(rows) != 1:
        rows.append(["all objects", *_cells(counts, columns)])
    return [["", *columns], *rows]


def _cells(found: dict[str, int], columns: list[str]) -> list[str]:
    return [f"{found[c]:,}" if found.get(c) else "-" for c in columns]


def pair(model: Report, conversion: Conversion) -> str:
    """``oracle to postgres 15``."""
    return f"{model.source.name} to {label(conversion)}"


def label(conversion: Conversion) -> str:
    """The target with its version: ``postgres 15``."""
    return f"{conversion.target.name} {conversion.target.label}".strip()


def extent(model: Report, conversion: Conversion) -> str:
    """One sentence about the input, and whether every character of it is accounted for."""
    lines = sum(f.lines for f in model.files)
    parts = ((len(model.files), "file"), (lines, "line"), (conversion.statements, "statement"))
    what = ", ".join(counted(number, noun) for number, noun in parts)
    if conversion.unclaimed:
        lost = counted(conversion.unclaimed, "character")
        return f"{what}. {lost} of {conversion.characters:,} not accounted for: please report this as a bug."
    return f"{what}; every character is accounted for."


def counted(number: int, noun: str) -> str:
    """``1 file``, ``1,204 lines``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def place(finding: Finding) -> str:
    """``schema.sql:12``, as far as the finding has a place."""
    return f"{finding.file}:{finding.line}" if finding.file and finding.line else finding.file


def waiting(conversion: Conversion) -> str:
    """``3 objects``: how many a person must write or mend; findings where no object is concerned."""
    objects = sum(1 for o in conversion.objects if o.verdict in (Verdict.MANUAL, Verdict.FAILED))
    return counted(objects, "object") if objects else total(groups(conversion, *WORK), "finding")


def total(found: tuple[Group, ...], noun: str) -> str:
    """``37 places``: the findings of ``found`` together."""
    return counted(sum(len(g.findings) for g in found), noun)


def renamed(conversion: Conversion) -> tuple[Renamed, ...]:
    """Names of which more than the case changed; the JSON report lists every one."""
    return tuple(r for r in conversion.name_map if r.source.casefold() != r.target.casefold())


def of_run(conversion: Conversion) -> tuple[Finding, ...]:
    """Findings that belong to no object of the conversion."""
    owned = {d for o in conversion.objects for d in o.diagnostics}
    return tuple(f for f in conversion.findings if f not in owned)


def one_line(text: str) -> str:
    """``text`` with every run of white space made one blank."""
    return re.sub(r"\s+", " ", text).strip()
