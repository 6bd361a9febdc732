"""What a conversion leaves behind, in plain values: every report format and the library result print from this."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ..engines import Engine
from ..severity import Severity, Verdict
from ..source import SourceFile

REPORT_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class Place:
    """Lines ``start_line`` to ``end_line`` (from 1, inclusive) of ``file``."""

    file: str
    start_line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic with its place resolved and its texts filled in. ``line`` and ``column`` count from 1."""

    code: str
    severity: Severity
    message: str
    remedy: str
    file: str
    line: int
    column: int
    object: str = ""  # "table HR.EMP", empty for the run itself


@dataclass(frozen=True, slots=True)
class ObjectReport:
    kind: str
    name: str
    target_name: str
    verdict: Verdict
    source: Place
    target: Place | None
    depends_on: tuple[str, ...]
    diagnostics: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class OutputFile:
    """``path`` is relative to the output folder; ``text`` ends in one line feed."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Renamed:
    kind: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Conversion:
    """One target's outcome. ``findings`` are all of them, those of objects included, in source order."""

    target: Engine
    objects: tuple[ObjectReport, ...]
    findings: tuple[Finding, ...]
    files: tuple[OutputFile, ...]
    name_map: tuple[Renamed, ...]
    statements: int
    characters: int
    unclaimed: int
    advice: tuple[str, ...] = ()  # same family: the migration paths that fit

    def counts(self) -> dict[str, int]:
        """Objects by verdict, every verdict listed, with their ``total`` first."""
        found = Counter(o.verdict for o in self.objects)
        return {"total": len(self.objects), **{v.value: found.get(v, 0) for v in Verdict}}

    def by_kind(self) -> dict[str, dict[str, int]]:
        """The same counts for each kind that occurs, kinds sorted by name."""
        kinds: dict[str, Counter[Verdict]] = {}
        for o in self.objects:
            kinds.setdefault(o.kind, Counter())[o.verdict] += 1
        return {
            k: {"total": sum(c.values()), **{v.value: c[v] for v in Verdict if c[v]}} for k, c in sorted(kinds.items())
        }

    @property
    def sql(self) -> str:
        """All output files, one behind the other."""
        return "\n".join(f.text for f in self.files)


@dataclass(frozen=True, slots=True)
class Report:
    """One run: the sources read once, and a conversion per target."""

    source: Engine
    files: tuple[SourceFile, ...]
    conversions: tuple[Conversion, ...]
