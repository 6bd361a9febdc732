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
class Entry:
    """Findings of one code that say the same of one object: ``place`` names all their lines.

    ``object``, ``message`` and ``remedy`` are empty where the text around them says it already.
    """

    place: str
    object: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Group:
    """All findings of one code, in source order. ``message`` and ``remedy`` are empty where they differ."""

    code: str
    title: str
    severity: Severity
    message: str
    remedy: str
    findings: tuple[Finding, ...]

    def entries(self) -> tuple[Entry, ...]:
        """One line for each object and message, whatever the number of places."""
        same: dict[tuple[str, str, str, str], list[int]] = {}
        for f in self.findings:
            same.setdefault((f.file, f.object, f.message, f.remedy), []).append(f.line)
        return tuple(
            Entry(
                _place(file, lines),
                "" if _names(message, name) else name,
                "" if self.message else one_line(message),
                "" if self.remedy else one_line(remedy),
            )
            for (file, name, message, remedy), lines in same.items()
        )


def groups(conversion: Conversion, *severities: Severity) -> tuple[Group, ...]:
    """The findings of the given severities by code: worst severity first, then by code."""
    by_code: dict[tuple[str, Severity], list[Finding]] = {}
    for finding in conversion.findings:
        if finding.severity in severities:
            by_code.setdefault((finding.code, finding.severity), []).append(finding)
    found = [
        Group(code, title(code), severity, _shared(same), _one(f.remedy for f in same), tuple(same))
        for (code, severity), same in by_code.items()
    ]
    return tuple(sorted(found, key=lambda g: (-g.severity.rank, g.code)))


def _shared(findings: list[Finding]) -> str:
    """The message of several findings that all say the same."""
    return one_line(_one(f.message for f in findings)) if len(findings) > 1 else ""


def _names(message: str, name: str) -> bool:
    """Whether ``message`` says which object it is about."""
    bare = name.partition(" ")[2].rpartition(".")[2]
    return bool(bare) and re.search(rf"(?<![\w$#]){re.escape(bare)}(?![\w$#])", message, re.I) is not None


def _place(file: str, lines: list[int]) -> str:
    """``schema.sql:12``, or with ranges ``schema.sql:12-14, 20``; as far as there is a place."""
    spans: list[list[int]] = []
    for line in sorted(set(lines)):
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    known = [f"{first}-{last}" if last > first else str(first) for first, last in spans if last]
    return f"{file}:{', '.join(known)}" if file and known else file


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


def waiting(conversion: Conversion) -> str:
    """``3 objects``: how many a person must write or mend; findings where no object is concerned."""
    objects = sum(1 for o in conversion.objects if o.verdict in (Verdict.MANUAL, Verdict.FAILED))
    return counted(objects, "object") if objects else total(groups(conversion, *WORK), "finding")


def total(found: tuple[Group, ...], noun: str) -> str:
    """``37 places``: the findings of ``found`` together."""
    return counted(sum(len(g.findings) for g in found), noun)


def renamed(conversion: Conversion) -> tuple[Renamed, ...]:
    """Names that a person would not guess: more than case and schema changed. The JSON report lists every one."""
    return tuple(r for r in conversion.name_map if _bare(r.source) != _bare(r.target))


def _bare(name: str) -> str:
    return name.rpartition(".")[2].casefold()


def of_run(conversion: Conversion) -> tuple[Finding, ...]:
    """Findings that belong to no object of the conversion."""
    owned = {d for o in conversion.objects for d in o.diagnostics}
    return tuple(f for f in conversion.findings if f not in owned)


def one_line(text: str) -> str:
    """``text`` with every run of white space made one blank."""
    return re.sub(r"\s+", " ", text).strip()
